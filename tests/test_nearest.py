from __future__ import annotations

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


PATHS = st.text(st.sampled_from("ab/.1"), max_size=24)


@given(PATHS, st.lists(PATHS, max_size=12))
def test_among_names_in_order_the_same_is_found_as_among_all(name: str, names: list[str]) -> None:
    ordered = Names.of(dict.fromkeys(names))
    assert set(ordered.like(name)) <= set(names)
    assert offered(name, ordered.like(name)) == offered(name, names)


@given(PATHS.filter(bool), st.lists(PATHS, max_size=6), st.integers(min_value=0))
def test_a_slip_is_found_among_names_in_order(name: str, names: list[str], at: int) -> None:
    at %= len(name)
    slip = name[:at] + name[at + 1 :]
    among = [*names, name]
    assert nearest(slip, Names.of(dict.fromkeys(among)).like(slip)) == nearest(slip, among)


def test_among_many_names_few_are_looked_at() -> None:
    names = [f"/muscle/region-{number % 40}/muscle-{number}-longissimus/" for number in range(10_000)]
    near = Names.of(names).like("/muscle/region-3/muscle-43-longisimus/")
    assert len({*near}) < 400
