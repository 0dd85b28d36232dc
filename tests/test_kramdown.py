from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contentlint.kramdown import Link, Options, Scan, Undefined, scan

DATA = Path(__file__).parent / "data" / "kramdown"
CASES = json.loads((DATA / "cases.json").read_text(encoding="utf-8"))
CONSTRUCTS = json.loads((DATA / "constructs.json").read_text(encoding="utf-8"))
"""Every construct at its edges, and what kramdown 2.4 made of it."""
SOUP = json.loads((DATA / "soup.json").read_text(encoding="utf-8"))
"""Random markup, and what kramdown 2.4 made of it."""
MARKER = "\ue0ff"


def options(settings: dict[str, Any]) -> Options:
    """Options of what a site's config has under `kramdown:`."""
    settings = dict(settings)
    gfm = settings.pop("input", None) in (None, "GFM")
    if isinstance(levels := settings.get("toc_levels"), str):
        first, last = levels.split("..")
        settings["toc_levels"] = tuple(range(int(first), int(last) + 1))
    if "link_defs" in settings:
        settings["link_defs"] = tuple((label, entry[0]) for label, entry in settings["link_defs"].items())
    if isinstance(quirks := settings.get("gfm_quirks"), str):
        settings["gfm_quirks"] = tuple(quirks.split(","))
    return Options(gfm=gfm, **{key: value for key, value in settings.items() if key in Options._fields})


def links(found: Scan) -> list[list[str]]:
    """Links as the recorded runs list them: of an element that has both its `href`, not its `src`."""
    shown: list[list[str]] = []
    before: Link | None = None
    for link in found.links:
        if link.attribute not in {"href", "src"}:
            continue
        same = before and (before.use, before.tag) == (link.use, link.tag) and before.attribute != link.attribute
        if same and link.attribute == "href":
            shown.pop()
        if not same or link.attribute == "href":
            shown.append([link.tag, link.url])
        before = link
    return shown


def ids(found: Scan) -> list[str]:
    return [anchor.name for anchor in found.anchors if anchor.kind != "name"]


def urls(text: str, **settings: Any) -> list[str]:
    return [link.url for link in scan(text, Options(**settings)).links if not link.generated]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_agrees_with_recorded_builds(case: dict[str, Any]) -> None:
    for name, (text, wanted_ids, wanted_links, *wanted_names) in case["pages"].items():
        found = scan(text, options(case["kramdown"]))
        names = [anchor.name for anchor in found.anchors if anchor.kind == "name"]
        assert (ids(found), links(found), [names] if names else []) == (wanted_ids, wanted_links, wanted_names), name


@pytest.mark.parametrize("soup", SOUP, ids=[json.dumps(soup["kramdown"]) for soup in SOUP])
def test_agrees_on_random_markup(soup: dict[str, Any]) -> None:
    for text, wanted_ids, wanted_links in soup["pages"]:
        found = scan(text, options(soup["kramdown"]))
        assert (ids(found), links(found)) == (wanted_ids, wanted_links), text


@pytest.mark.parametrize("group", CONSTRUCTS, ids=[json.dumps(group["kramdown"]) for group in CONSTRUCTS])
def test_agrees_on_constructs(group: dict[str, Any]) -> None:
    for text, wanted_ids, wanted_links in group["pages"]:
        found = scan(text, options(group["kramdown"]))
        assert (ids(found), links(found)) == (wanted_ids, wanted_links), text


TEXTS = [page[0] for page in CONSTRUCTS[0]["pages"]]
TEXTS += [page[0] for case in CASES for page in case["pages"].values()] + [page[0] for page in SOUP[0]["pages"]]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_place_shows_the_url_as_written(line_end: str) -> None:
    checked = 0
    for text in TEXTS:
        written = "😀é\u0301 " * 3 + "\n\n" + text.replace("\r\n", "\n").replace("\r", "\n")
        plain = scan(written)
        written = written.replace("\n", line_end)
        found = scan(written)
        assert links(found) == links(plain)
        assert [anchor.name for anchor in found.anchors] == [anchor.name for anchor in plain.anchors]
        for link in found.links:
            if not link.generated and not set("&\r\n@") & set(written[link.start : link.end]):
                assert written[link.start : link.end] == link.url
                checked += 1
        for anchor in found.anchors:
            if anchor.kind in {"id", "name"}:
                assert written[anchor.start : anchor.end] == anchor.name
        for start, end in found.comments:
            assert written[start:end].startswith("<!--")
            assert written[start:end].endswith("-->")
    assert checked > 300


@pytest.mark.parametrize(
    "text",
    [
        "x [a](b.md) y",
        "> * q [a](b.md)",
        "1. x\n\n   > y\n   > [a](b.md)",
        "*\tx\n\t[a](b.md)",
        "|a|b|\n|-|-|\n|c \\| d [a](b.md)|e|",
        "x[^1]\n\n[^1]: y\n\n    > [a](b.md)",
        "t\n: d\n\n    [a](b.md)",
        '<div markdown="1">\n[a](b.md)\n</div>',
        "# h [a](b.md)",
        "[![i](i.png)](b.md)",
        "[a]( b.md )",
        "[a](<b.md>)",
        "[a](b.md 'title')",
        "[*a*]: b.md\n\n[*a*]",
        "[a]: <b.md> 'title'\n\n[a]",
        '[a]: b.md "title"\n\n[a]',
        "[a]: b.md\n  'title'\n\n[a]",
    ],
)
def test_places_within_containers(text: str) -> None:
    link = next(link for link in scan(text).links if link.url == "b.md")
    assert text[link.start : link.end] == "b.md"
    assert text[link.use] == "["


def test_use_is_where_the_construct_begins() -> None:
    text = 'x ![a](b.png) <img src="c.png"> [r]\n\n[r]: d\n'
    assert [text[link.use :][:2] for link in scan(text).links] == ["![", "<i", "[r"]


def test_alt_text() -> None:
    text = '![a \\* b](b.png) ![](c.png) <img src="d"> <img src="e" alt="x &amp; y"> [f](g)\n'
    assert [link.alt for link in scan(text).links] == ["a * b", "", None, "x & y", None]


def test_references_in_urls_are_resolved() -> None:
    text = "[a](b?x=1&amp;y=2&copy=3&#x41;&nonsense;)"
    assert urls(text) == ["b?x=1&y=2&copy=3A&nonsense;"]


def test_srcset_has_a_link_for_each_candidate() -> None:
    text = '<picture>\n<source srcset="a.png, b.png 2x,c.png 3x (x,y), d.png,"><video poster="p.jpg" data="x"></video></picture>\n'
    found = [(link.attribute, link.url, text[link.start : link.end]) for link in scan(text).links]
    assert found == [
        ("srcset", "a.png", "a.png"),
        ("srcset", "b.png", "b.png"),
        ("srcset", "c.png", "c.png"),
        ("srcset", "d.png", "d.png"),
        ("poster", "p.jpg", "p.jpg"),
    ]


def test_data_is_a_link_of_objects_alone() -> None:
    assert urls('<object data="a.svg"></object>\n') == ["a.svg"]


def test_references_without_a_definition() -> None:
    text = "[a][gone] [b] [none] ![c][no\nne] [*d*][lost] [ok][ok] [x][]\n\n[ok]: y\n"
    found = scan(text).undefined
    assert [entry.label for entry in found] == ["gone", "no\nne", "lost"]
    assert found[0] == Undefined("gone", 4, 8)
    assert all(text[entry.start : entry.end] == entry.label for entry in found)


def test_predefined_links_have_no_place_of_their_own() -> None:
    [link] = scan("see [A b]", Options(link_defs=(("a  B", "x.md"),))).links
    assert (link.url, link.start, link.end) == ("x.md", 4, 4)


def test_comments_are_those_of_the_built_page() -> None:
    text = "<!-- a -->\n\nx <!-- b --> `<!-- c -->`\n\n    <!-- d -->\n\n<div><!-- e --></div>\n\n# h <!-- f -->\n* TOC\n{:toc}\n"
    assert [text[start:end] for start, end in scan(text).comments] == [f"<!-- {name} -->" for name in "abef"]


def test_generated_links_lead_to_headings_and_footnotes() -> None:
    text = "* TOC\n{:toc}\n\n# A [b](c)[^1]\n\nx[^1]\n\n[^1]: y\n"
    found = scan(text)
    assert [link.url for link in found.links if link.generated] == ["#a-b", "#fn:1", "#fn:1", "#fnref:1", "#fnref:1:1"]
    assert [(anchor.kind, anchor.name) for anchor in found.anchors] == [
        ("toc", "markdown-toc"),
        ("toc", "markdown-toc-a-b"),
        ("heading", "a-b"),
        ("footnote", "fnref:1"),
        ("footnote", "fnref:1:1"),
        ("footnote", "fn:1"),
    ]


def test_an_unknown_value_stays_in_links_and_ids() -> None:
    text = f"# The {MARKER} page\n\n[a]({MARKER}/b.md)\n\n## x {{#{MARKER}y}}\n\nz\n{{: #{MARKER}}}\n\n<p id={MARKER}></p>\n"
    assert ids(scan(text)) == [f"the-{MARKER}-page", f"{MARKER}y", MARKER, MARKER]
    assert ids(scan(f"# 1 {MARKER} x\n", Options(gfm=False))) == [f"{MARKER}-x"]
    assert urls(text) == [f"{MARKER}/b.md"]


def test_transliteration_is_unknown() -> None:
    settings = Options(gfm=False, transliterated_header_ids=True)
    assert ids(scan("# aé日b\n", settings)) == [f"a{MARKER}{MARKER}b"]


def test_ids_of_html_headings_made_native_are_unknown() -> None:
    text = '<div>\n<h2>A</h2><h3 id="b">B</h3>\n<pre><a href="c">c</a></pre></div>\n\n<h1>D</h1>\n'
    found = scan(text, Options(html_to_native=True))
    assert ids(found) == [MARKER, "b", MARKER]
    assert not found.links


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('# a\n{::options auto_ids="false" /}\n', []),
        ('# a\n\nx {::options auto_ids="no" /}\n', ["a"]),
        ('# a\n\nx {::options auto_ids="FALSE" /}\n', []),
        ('{::options auto_id_prefix="p-" unknown="x" /}\n\n# a\n', ["p-a"]),
        ('{::options toc_levels="2, 3" /}\n\n* x\n{:toc}\n\n# a\n', ["markdown-toc", "markdown-toc-a", "a"]),
        ('{::options toc_levels="2,3" /}\n\n* x\n{:toc}\n\n# a\n', ["a"]),
        ('{::options toc_levels="2..9" /}\n\n* x\n{:toc}\n\n# a\n', ["markdown-toc", "markdown-toc-a", "a"]),
        ('{::options toc_levels="2..6" /}\n\n* x\n{:toc}\n\n# a\n', ["a"]),
    ],
)
def test_options_within_a_page(text: str, wanted: list[str]) -> None:
    assert ids(scan(text)) == wanted


def test_named_lists_may_refer_to_each_other() -> None:
    assert ids(scan("{:a: b #x}\n{:b: a #y}\n\n# h\n{:a}\n")) == ["x"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a [b\n\nc](d) [e](f)\n\n", ["f"]),
        ('<a href="a">b\n\nc</a> [d](e)\n\n', ["a", "e"]),
        ('x [y](z "t\n\nu") [v](w)\n\n', ["w"]),
        ("[a](b)\n\n[c](d) <a\n\nhref='e'>f</a> ![g](h)\n\n[i](j)\n", ["b", "d", "h", "j"]),
        ("# [a\n\nb](c)\n\n", []),
    ],
)
def test_a_link_ends_with_its_paragraph(text: str, wanted: list[str]) -> None:
    assert urls(text) == wanted


def test_code_hides_links_and_escapes_hide_code() -> None:
    text = "`[a](b)` \\[c](d) \\`[e](f)` ``[g](h)`` ` [i](j) `k\n`[l](m)` `[n](o)`{:.p} [q](r)\n\n"
    assert urls(text) == ["f", "j", "m", "o", "r"]
