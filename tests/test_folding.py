"""Rows that are read by their first: the same must come of a page as when all of it is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contentlint import folding, kramdown
from contentlint.folding import Folding
from contentlint.liquid import Context, Text, parse
from contentlint.liquid.values import Listed
from contentlint.page import KeyPath, Place
from contentlint.record import replace
from contentlint.rendering import Datum, File, Listing, Reader, Shown

GALLERY = '{% for item in page.list %}<a href="{{ site.root }}{{ item.a }}"><img\n src="{{ item.a }}" alt="{{ item.b }}"></a>{% endfor %}'
ITEMS = [{"a": f"p/{number}.png", "b": f"No. {number}"} for number in range(4)]


class Page:
    """A page whose list knows where it was written."""

    def __init__(self, items: list[Any]) -> None:
        self._items = items

    def get(self, key: str) -> object:
        if key == "pick":
            return Text("p/0.png", Datum("page.md", ("list", 0, "a")))
        return self._items if key == "list" else None

    def listed(self, key: str) -> Listed | None:
        return Listed(self._items, Listing("page.md", ("list",))) if key == "list" else None


class Everywhere:
    """Each value has a place of its own, but those that look like Nowhere."""

    def locate(self, datum: Datum, url: str) -> Place | None:
        return None if "no" in url else Place(datum.path, hash(datum.key) % 10_000, 10_000 + len(url))

    def locate_each(
        self, path: str, keys: Sequence[KeyPath], urls: Sequence[str]
    ) -> tuple[list[int], list[int]] | None:
        places = [self.locate(Datum(path, key), url) for key, url in zip(keys, urls, strict=True)]
        found = [place for place in places if place is not None]
        return ([each.start for each in found], [each.end for each in found]) if len(found) == len(places) else None


def settled(shown: Shown) -> Shown:
    """What a page shows, each reference once, and those of other files in the order of their places, as a site has them."""
    references = [*shown.references.own(), *sorted(shown.references.others, key=lambda each: each.place)]
    return replace(shown, references=references, anchors=[*shown.anchors])  # type: ignore[arg-type]  # to be compared


def shown(
    body: str,
    include: str,
    items: list[Any],
    scan: Callable[[str], kramdown.Scan],
    *,
    fold: bool,
    page: File | None = None,
) -> tuple[Shown, int, int]:
    """What a page shows that includes a template, how many times it was scanned, and how many loops were folded.

    `page` is another file that it is shown around.
    """
    file, brought = File("page.md", body, 7), File("_includes/i", include)
    output = parse(body).render(
        Context(
            variables={
                "page": Page(items),
                "site": {"root": Text("/r/", Datum("_config.yml", ("root",))), "plain": "/q/"},
            },
            include=lambda _name, _kind: (parse(include), brought),
        ),
        file,
    )
    scans = 0

    def read(text: str) -> kramdown.Scan:
        nonlocal scans
        scans += 1
        return scan(text)

    found, folds = Folding().scan(output, read) if fold else (read(output.text), [])
    return (
        settled(Reader(output, found, page or file, "/page/", Everywhere(), {}, {"list": items}, (), folds).read()),
        scans,
        len(folds),
    )


@pytest.mark.parametrize("scan", [kramdown.scan, kramdown.scan_html])
@pytest.mark.parametrize(
    "body",
    [
        "{% include i %}\n",
        "One\n\n{% include i %}\n\n## Two\n\nthree [four](/five) [six][seven]\n\n[seven]: eight\n\n<!-- nine -->\n",
        "* a list\n* {% include i %} and text\n",
        "<div>\n{% include i %}\n</div>\n\n{% include i %}\n",
        "> {% include i %}\n",
        "[one](two) and\n\n{% include i %}\n\n[three](four)\n",
        "[one][two]\n\n{% include i %}\n\n[two]: three\n",
    ],
)
@pytest.mark.parametrize(
    "include",
    [
        GALLERY,
        '{% for item in page.list %}<a class="x" href="/x/{{ item.a }}">{{ item.b }}</a>{% endfor %}',
        '{% for item in page.list %}<img src="{{ site.plain }}{{ item.a }}" alt="said {{ item.b }}">{% endfor %}',
        '{% for item in page.list %}<img src="{{ item.a }}"><img src="{{ item.b }}" alt="x" />{% endfor %}',
        '{% for item in page.list %}<img src="{{ item.a }}{{ page.pick }}"><img src="{{ page.pick }}{{ item.a }}">{% endfor %}',
        '{% for item in page.list %}<img src="{{ item.a }}{{ item.b }}" alt="a"><img src="{{ item.b }}{{ item.b }}">{% endfor %}',
        '{% for item in page.list %}<a href="{{ item.a }}"><img src="{{ item.a }}" alt="{{ item.b }}"></a>{% endfor %}',
        '{% for item in page.list %}<a href="{{ item.a }}"><img src="{{ item.a }}" alt="of {{ item.b }}"></a>{% endfor %}',
        '{% for item in page.list %}<img src="{{ site.root }}"><img src="no/{{ item.b }}">{% endfor %}',
        '{% for item in page.list %}<a href="{{ item.a }}{{ site.root }}"><img src="{{ item.b }}"> x</a>{% endfor %}',
    ],
)
def test_one_row_tells_what_all_show(body: str, include: str, scan: Callable[[str], kramdown.Scan]) -> None:
    directly, _, _ = shown(body, include, ITEMS, scan, fold=False)
    folded, scans, folds = shown(body, include, ITEMS, scan, fold=True)
    assert folded == directly
    assert len(folded.references) >= len(ITEMS)
    assert (scans, folds) == (1, body.count("include"))


PICTURES = '{% for item in page.list %}<img src="{{ item.a }}" alt="{{ item.b }}">{% endfor %}'


@pytest.mark.parametrize("start", ["", "* toc\n{:toc}\n\n", "* toc\n{:toc}\n\n[a](b)\n\n"])
def test_the_rows_of_a_heading_are_all_read(start: str) -> None:
    body = start + "## {% include i %} x\n"
    directly, _, _ = shown(body, PICTURES, ITEMS, kramdown.scan, fold=False)
    folded, scans, folds = shown(body, PICTURES, ITEMS, kramdown.scan, fold=True)
    assert (folded, scans, folds) == (directly, 2, 0)


def test_pictures_of_which_some_have_no_alternative_text() -> None:
    items = [*ITEMS, {"a": "q.png", "b": ""}]
    directly, _, _ = shown("{% include i %}\n", PICTURES, items, kramdown.scan, fold=False)
    folded, _, folds = shown("{% include i %}\n", PICTURES, items, kramdown.scan, fold=True)
    assert (folded, folds) == (directly, 1)
    assert {each.alt for each in folded.references} == {True, False}


def test_values_that_stand_nowhere() -> None:
    items = [*ITEMS, {"a": "no", "b": "place"}]
    directly, _, _ = shown("{% include i %}\n", PICTURES, items, kramdown.scan, fold=False)
    folded, _, folds = shown("{% include i %}\n", PICTURES, items, kramdown.scan, fold=True)
    assert (folded, folds) == (directly, 1)


@pytest.mark.parametrize("include", [GALLERY, PICTURES])
def test_rows_around_another_page(include: str) -> None:
    around = "{% include i %}\n"
    directly, _, _ = shown(around, include, ITEMS, kramdown.scan_html, fold=False, page=File("page.md", ""))
    folded, _, folds = shown(around, include, ITEMS, kramdown.scan_html, fold=True, page=File("page.md", ""))
    assert (folded, folds) == (directly, 1)


def test_only_so_many_shapes_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "_MANY", 1)
    known = Folding()
    pictures, gallery = parse(PICTURES), parse(GALLERY)
    for template in (pictures, pictures, gallery, pictures):
        page = Context(variables={"page": Page(ITEMS), "site": {"root": Text("/r/", Datum("_config.yml", ("root",)))}})
        found, folds = known.scan(template.render(page, File("page.md", "")), kramdown.scan)
        assert (found.links, len(folds)) == ([], 1)


def test_rows_of_the_page_itself() -> None:
    directly, _, _ = shown(GALLERY, "", ITEMS, kramdown.scan, fold=False)
    folded, _, folds = shown(GALLERY, "", ITEMS, kramdown.scan, fold=True)
    assert (folded, folds) == (directly, 1)


@pytest.mark.parametrize(
    ("body", "include"),
    [
        ("{% include i %}{: #x}\n", GALLERY),
        ("| {% include i %} |\n", GALLERY),
        ("![{% include i %}](x.png)\n", GALLERY),
        ("{% include i %}\n", GALLERY.replace('alt="', '{{ item.b }} alt="')),
        ("{% include i %}\n", GALLERY.replace('alt="', '{{ item.b }}="')),
        ("{% include i %}\n", GALLERY.replace("</a>", "")),
        ("{% include i %}\n", GALLERY.replace("</a>", "</a>\n")),
        ("{% include i %}\n", GALLERY.replace("<a ", '<a id="i" ')),
        ("{% include i %}\n", GALLERY.replace("<img\n", "<img\n\n")),
        ("{% include i %}\n", "{% for item in page.list %}{{ item.a }}{% endfor %}"),
    ],
)
def test_what_is_not_for_certain_alike_is_read_row_by_row(body: str, include: str) -> None:
    directly, _, _ = shown(body, include, ITEMS, kramdown.scan, fold=False)
    folded, scans, folds = shown(body, include, ITEMS, kramdown.scan, fold=True)
    assert (folded, scans, folds) == (directly, 1, 0)


@pytest.mark.parametrize(
    "body",
    [
        "`{% include i %}`\n",
        "## {% include i %} x\n",
        "<!-- {% include i %} -->\n",
        "$$\n{% include i %}\n$$\n",
        "    {% include i %}\n",
        "<textarea>{% include i %}</textarea>\n",
        "* toc\n{:toc}\n\n## {% include i %}\n",
    ],
)
def test_what_turns_out_to_be_no_rows_is_read_again(body: str) -> None:
    directly, _, _ = shown(body, GALLERY, ITEMS, kramdown.scan, fold=False)
    folded, scans, folds = shown(body, GALLERY, ITEMS, kramdown.scan, fold=True)
    assert (folded, scans, folds) == (directly, 2, 0)


@pytest.mark.parametrize(
    "value", ['"', "a\nb", "<b>", "&amp;", "a|b", "`a`", "[a]", "\\", "{a", "$$", "~~", "*a*", "", "\ue0ff"]
)
def test_a_value_that_may_mean_something_is_read(value: str) -> None:
    items = [*ITEMS, {"a": value, "b": "c"}]
    directly, _, _ = shown("{% include i %}\n", GALLERY, items, kramdown.scan, fold=False)
    folded, _, folds = shown("{% include i %}\n", GALLERY, items, kramdown.scan, fold=True)
    assert (folded, folds) == (directly, 0)


VALUES = st.text(st.sampled_from("abZ09 ./-_:;!?'()#%=+,é\"<>&[]{}|`*~$\\\n\ue0ff"), max_size=8) | st.sampled_from(
    ["x.png", "a b/c_d.jpg", "no", "", "it's", "</a>", '"><a href="z">']
)
ROW = st.lists(
    st.sampled_from(
        [
            '<a href="{{ item.a }}">',
            '<a href="{{ site.root }}{{ item.a }}" class="{{ item.b }}">',
            '<a title="x" href="{{ site.plain }}{{ item.b }}">',
            '<a\n  href="{{ item.a }}{{ item.b }}">',
            '<img src="{{ item.a }}" alt="{{ item.b }}">',
            '<img src="/i/{{ item.a }}" alt="of {{ item.b }}"/>',
            '<img\n src="{{ item.b }}{{ item.b }}" {{ item.a }}="x">',
            "</a>",
            "{{ item.b }}",
            "{{ site.plain }}",
            "text",
            " ",
            "\n",
            "[x]({{ item.a }})",
            "* ",
            "&",
        ]
    ),
    min_size=1,
    max_size=5,
).map("".join)
WHOLE = st.sampled_from(
    ['<a href="{{ item.a }}"><img\n src="{{ item.a }}" alt="{{ item.b }}"></a>', '<img src="{{ item.b }}">']
)
AROUND = st.lists(
    st.sampled_from(
        ["{% include i %}"] * 6
        + [
            "text ",
            "\n",
            "\n\n",
            "## ",
            "* ",
            "> ",
            "`",
            "```\n",
            "<div>",
            "</div>\n",
            "<!--",
            "-->",
            "[",
            "](u)",
            "!",
            "|",
            "{: #i}",
        ]
        + [
            "<a href='q'>",
            '"',
            "$$",
            "[^1]",
            "\n[^1]: ",
            "---\n",
            "    ",
            "\n===\n",
            "[r]\n\n[r]: v\n",
            "<pre>",
            "<h2 id='q'>",
            "{:toc}\n",
        ]
    ),
    min_size=1,
    max_size=9,
).map("".join)


@settings(max_examples=2 * settings.default.max_examples)
@given(
    AROUND,
    WHOLE | ROW,
    st.lists(st.fixed_dictionaries({"a": VALUES, "b": VALUES}), min_size=2, max_size=5),
    st.sampled_from([kramdown.scan, kramdown.scan_html]),
)
@example("{% include i %}", '<img src="/i/{{ item.a }}">' * 2, [{"a": "", "b": ""}] * 3, kramdown.scan)
def test_folding_makes_no_difference(
    body: str, row: str, items: list[dict[str, str]], scan: Callable[[str], kramdown.Scan]
) -> None:
    include = "{% for item in page.list %}" + row + "{% endfor %}"
    directly, _, _ = shown(body, include, items, scan, fold=False)
    folded, _, _ = shown(body, include, items, scan, fold=True)
    assert folded == directly
