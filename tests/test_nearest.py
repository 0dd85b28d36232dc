from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlint.nearest import LIKE_ENOUGH, Names, nearest, offered

NAMES = ["/hip/psoas/", "/hip/iliacus/", "/thigh/gracilis/", "gallery", "page-image", "page"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("/hip/psaos/", "/hip/psoas/"),
        ("/hip/psoas", "/hip/psoas/"),
        ("/hip/ilacus/", "/hip/iliacus/"),
        ("galery", "gallery"),
        ("paeg", "page"),
        ("page-imag", "page-image"),
        ("sartorius", ""),
        ("", ""),
    ],
)
def test_the_likeliest_name_is_found(name: str, found: str) -> None:
    assert nearest(name, NAMES) == found


def test_the_name_itself_is_never_offered() -> None:
    assert nearest("page", ["page"]) == ""


def test_of_equals_the_first_by_name_is_offered() -> None:
    assert nearest("image-3.png", ["image-2.png", "image-1.png"]) == "image-1.png"


def test_of_very_many_those_that_share_most_are_compared() -> None:
    names = [f"muscle-{number:04}-of-the-hip" for number in range(3000)]
    assert nearest("muscle-1234x-of-the-hip", names) == "muscle-1234-of-the-hip"


@given(st.text(), st.lists(st.text()))
def test_what_is_found_is_one_of_the_names_and_like_enough(name: str, names: list[str]) -> None:
    from difflib import SequenceMatcher

    found = nearest(name, names)
    assert found == "" or (found in names and found != name)
    if found:
        matcher = SequenceMatcher(None, found, name, autojunk=False)
        assert matcher.ratio() >= LIKE_ENOUGH


@pytest.mark.parametrize(
    ("name", "names", "best"),
    [
        ("galery", ["gallery", "page"], "gallery"),
        ("gallllery", ["gallery", "gala"], "gallery"),
        ("hpi", ["hip", "rib"], "hip"),
        ("/img/Psoas-mjaor-1.png", ["/img/Psoas-major-1.png", "/img/Psoas-major-2.png"], "/img/Psoas-major-1.png"),
        ("/abbout/", ["/about/", "/atlas/"], "/about/"),
        ("/muscle/hippp/", ["/muscle/hip/", "/muscle/"], "/muscle/hip/"),
        ("flexorlongis", ["flexorlongus", "flexorbrevis"], "flexorlongus"),
    ],
)
def test_a_slip_of_the_hand_leads_to_one_name(name: str, names: list[str], best: str) -> None:
    assert offered(name, names) == (best, True)


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("psoas-17.png", ["psoas-1.png", "psoas-16.png"]),  # another number is another picture
        ("psoas-2.png", ["psoas-1.png"]),
        ("abdduct", ["abduct", "adduct"]),  # one slip from either
        ("/hip/psaos/", ["/thigh/psoas/"]),  # two parts differ
        ("/hip/psaos", ["/hip/psoas/x"]),
        ("medialis", ["lateralis"]),
        ("ab", ["ac"]),
        ("sartorius", []),
        ("page.htm", ["page.pdf"]),
        ("rbuild", ["mbuild"]),  # another first letter
        ("ReservoirSampling.html", ["ReservoirSamplingJava.html"]),  # another word
    ],
)
def test_what_may_be_another_thing_is_not_sure(name: str, names: list[str]) -> None:
    assert not offered(name, names)[1]


@given(st.text("abc1/."), st.lists(st.text("abc1/.")))
def test_only_one_of_the_names_is_ever_sure(name: str, names: list[str]) -> None:
    found, sure = offered(name, names)
    assert found in {"", *names}
    assert found or not sure
    assert found == nearest(name, names) or (sure and not nearest(name, names))


def distance(one: str, other: str) -> int:
    """Levenshtein's, as its definition has it."""
    if not one or not other:
        return len(one) + len(other)
    changed = distance(one[1:], other[1:]) + (one[0] != other[0])
    return min(changed, distance(one[1:], other) + 1, distance(one, other[1:]) + 1)


@given(st.text("ab", max_size=6), st.text("ab", max_size=6))
def test_two_slips_are_two_letters(one: str, other: str) -> None:
    name, near = f"psoasmajor-of-the-hip-{one}-end", f"psoasmajor-of-the-hip-{other}-end"
    runs = [re.sub(r"(.)\1+", r"\1", each) for each in (name, near)]
    swapped = any(one[:at] + one[at : at + 2][::-1] + one[at + 2 :] == other for at in range(len(one)))
    assert offered(name, [near])[1] is (name != near and (distance(one, other) <= 2 or runs[0] == runs[1] or swapped))


PATHS = st.text(st.sampled_from("ab/.1"), max_size=24)


def parted(name: str) -> tuple[str, str]:
    folder, slash, _ = name.rstrip("/").rpartition("/")
    return folder + slash, name.removeprefix(folder + slash)


def comparable(name: str, names: list[str]) -> list[str]:
    """The names in its folder, those that are called the same elsewhere, those in a folder that is called like the file."""
    (folder, last), (stem, dot, _) = parted(name), name.rpartition(".")
    places = [(each, *parted(each)) for each in names]
    return [
        each
        for each, its_folder, its_last in places
        if its_folder == folder or its_last == last or (dot and its_folder == stem + "/")
    ]


@given(PATHS, st.lists(PATHS, max_size=12))
def test_among_names_in_order_the_same_is_found_as_among_all_that_are_comparable(name: str, names: list[str]) -> None:
    ordered = Names.of(dict.fromkeys(names))
    assert set(ordered.like(name)) <= set(names)
    assert offered(name, ordered.like(name)) == offered(name, comparable(name, names))


@given(PATHS.filter(bool), st.lists(PATHS, max_size=6), st.integers(min_value=0))
def test_a_slip_is_found_among_names_in_order(name: str, names: list[str], at: int) -> None:
    at %= len(name)
    slip = name[:at] + name[at + 1 :]
    among = [*names, name]
    assert nearest(slip, Names.of(dict.fromkeys(among)).like(slip)) == nearest(slip, comparable(slip, among))


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("/hip/pssoas/", "/hip/psoas/"),
        ("/hipp/psoas/", "/hip/psoas/"),
        ("/img/hip/psoas-1.png", "/img/thigh/psoas-1.png"),
        ("hip/psoas.md", "hip/psoas/index.md"),
        ("/hip//", ""),
        ("/hip/", ""),
    ],
)
def test_what_stands_elsewhere_is_found_by_its_name(name: str, meant: str) -> None:
    names = ["/hip/psoas/", "/hip/psoas/origin/", "/img/thigh/psoas-1.png", "hip/psoas/index.md", "/hip/apt/"]
    assert nearest(name, Names.of(names).like(name)) == meant


@pytest.mark.parametrize("length", [1, 2, 3, 5, 6, 8, 9, 14])
def test_in_a_large_folder_names_are_found_by_their_ends(length: int) -> None:
    names = [f"/img/{letter}{number:03}{'x' * length}" for letter in "ab" for number in range(200)]
    slip = f"/img/c{'y' * (length - 1)}003{'x' * length}"
    asked = Names.of(names)
    assert offered(slip, asked.beside(slip)) == offered(slip, names)
    assert set(asked.like(slip)) <= set(names)


def test_among_many_names_few_are_looked_at() -> None:
    names = [f"/muscle/region-{number % 40}/muscle-{number}-longissimus/" for number in range(10_000)]
    near = Names.of(names).like("/muscle/region-3/muscle-43-longisimus/")
    assert len({*near}) < 400
