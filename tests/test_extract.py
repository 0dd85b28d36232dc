"""What the bytes of a file say: encodings, front matter, which bodies have Liquid, and kramdown's options of the config."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from contentlint import kramdown
from contentlint.generators.jekyll.extract import Dialect, decode, extract, options

Lay = Callable[[Mapping[str, Any]], Any]

FRONT = "---\n---\n"
HTML = Dialect(markdown=True, html=True)


@pytest.mark.parametrize(
    ("raw", "encoding", "text", "bad_at"),
    [
        (b"\xef\xbb\xbfab", "utf-8", "ab", -1),
        (b"\xc3\xa9", "utf-8", "é", -1),
        (b"\xc3\xa9\xff.", "utf-8", "é\ufffd.", 1),
        (b"\xef\xbb\xbf\xff", "utf-8", "\ufffd", 0),
        (b"\xe9", "latin-1", "é", -1),
        (b"\xef\xbb\xbfa", "latin-1", "ï»¿a", -1),
    ],
)
def test_bytes_are_text_in_the_sites_encoding(raw: bytes, encoding: str, text: str, bad_at: int) -> None:
    assert decode(raw, encoding) == (text, bad_at)


@pytest.mark.parametrize(
    ("config", "raw", "rules"),
    [
        ("encoding: latin-1\n", b"---\n---\nCaf\xe9 [a](/caf\xe9/)\n", ["broken-link"]),
        ("encoding: ''\n", "---\n---\n[é](/é/)\n".encode(), ["broken-link"]),
        ("encoding: none-such\n", "---\n---\n[é](/é/)\n".encode(), ["broken-link"]),
        ("", b"---\n---\nCaf\xe9 [a](/x/)\n", ["invalid-front-matter", "broken-link"]),
    ],
)
def test_a_page_is_read_in_the_configs_encoding(site: Lay, config: str, raw: bytes, rules: list[str]) -> None:
    assert [each[2] for each in site({"_config.yml": config, "index.md": raw}).said()] == rules


@pytest.mark.parametrize("path", ["_posts/2020-01-02-plot.png", "_drafts/plot.png"])
def test_a_picture_among_the_posts_is_no_lost_post(site: Lay, path: str) -> None:
    """Jekyll drops it without a word; it is told only where it would have to be seen."""
    assert site({"index.md": FRONT, path: b"\x89PNG\xff"}).said() == []
    shown = site({"index.md": FRONT + "![](plot.png)\n", path: b"\x89PNG\xff"})
    assert [each[2] for each in shown.said()] == ["missing-image"]


@pytest.mark.parametrize("path", ["_posts/2020-01-02-plot.data", "_drafts/plot.data"])
def test_bytes_among_the_posts_have_no_template(site: Lay, path: str) -> None:
    """Jekyll drops them, and never runs what looks like Liquid in them."""
    run = site({"index.md": FRONT, path: b"\x89PNG\xff {{ x \xfe {% nope %}"})
    assert [each[2] for each in run.said()] == ["invalid-front-matter"]
    (mistake,) = run.site.sources[path].mistakes
    assert mistake.message.startswith("Jekyll drops this file: its bytes are no text")
    assert mistake.help == "save the file as UTF-8, or move it elsewhere when it is no text"


@pytest.mark.parametrize(
    ("text", "liquid"),
    [
        (FRONT + "a {{ b }}", True),
        (FRONT + "a {% b %}", True),
        (FRONT + "a { b }", False),
        ("---\nt: '{{ b }}'\n---\na", False),
        ("---\nt: '{{ b }}'\n---\na {{ b }}", True),
        ("---\nt: 'x\n---\n{{ b }}", True),
    ],
)
def test_a_body_may_have_liquid(text: str, liquid: bool) -> None:
    assert extract(text.encode(), HTML).liquid is liquid


def test_what_is_no_page_is_not_read_further() -> None:
    facts = extract(b"# Text", HTML)
    assert (facts.marked, facts.document, facts.own) == (False, None, None)
    assert extract(b"# {{ x }}", HTML._replace(dated=True)).liquid


def test_a_document_may_be_data_as_a_whole() -> None:
    facts = extract(b"title: Hip\nto: /x/\n", HTML, whole=True)
    assert facts.own == {"title": "Hip", "to": "/x/"}


def test_the_head_of_a_file_is_what_its_address_may_depend_on() -> None:
    assert extract(b"---\ntitle: x\n---\n", HTML).head.data == {"title": "x"}
    assert extract(b"---\ndate: 2020-01-01 10:00:00\nl: [2020-01-01]\n---\n", HTML).head.stamps == {"date"}
    assert extract(b"---\ntitle: 'x\n---\n", HTML).head.error
    assert extract(b"---\ntitle: 'x\n---\n", HTML).own is None
    assert not extract(b"---\n---\n\xff", HTML).head.decodable
    assert extract(b"text", HTML).head.marked is False
    assert extract(b"---\n- a\n---\n", HTML).head.stamps == frozenset()


def test_a_whole_site_has_a_dialect_for_each_ending(site: Lay) -> None:
    files = {
        "_config.yml": "markdown_ext: txt\n",
        "a.txt": FRONT + "[a](/x/)\n",
        "b.md": FRONT + "[a](/x/)\n",
        "c.html": FRONT + "[a](/x/) <a href='/y/'>y</a>\n",
        "d.xml": FRONT + "<a href='/x/'>x</a>\n",
        "e.css": FRONT + "[a](/x/) {{ page.url }}\n",
        "F.TXT": FRONT + "[a](/x/)\n",
    }
    assert [row[:2] for row in site(files).rows()] == [("F.TXT", "/x/"), ("a.txt", "/x/"), ("c.html", "/y/")]


def test_headings_of_another_engine_have_other_ids(site: Lay) -> None:
    files = {
        "_config.yml": "markdown: CommonMark\n",
        "a.md": FRONT + "# Hip\n",
        "index.html": FRONT + "<a href='/a.html#x'>x</a>",
    }
    assert [row.became for row in site(files).rows()] == ["unknown"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {}),
        ({"input": "kramdown"}, {"gfm": False}),
        ({"input": "gfm"}, {}),
        ({"input": None}, {}),
        ({"auto_ids": False, "auto_id_prefix": "x-"}, {"auto_ids": False, "auto_id_prefix": "x-"}),
        ({"auto_ids": "no", "auto_id_prefix": 3, "none": 1}, {}),
        ({"toc_levels": "2..3"}, {"toc_levels": (2, 3)}),
        ({"toc_levels": "2,4, 5,x"}, {"toc_levels": (2, 4, 5)}),
        ({"toc_levels": "2..x"}, {"toc_levels": (2,)}),
        ({"toc_levels": [2, 3, "x"]}, {"toc_levels": (2, 3)}),
        ({"toc_levels": 3}, {}),
        (
            {"link_defs": {"a": ["/x/", "T"], "b": "/y/", "c": []}},
            {"link_defs": (("a", "/x/"), ("b", "/y/"), ("c", "[]"))},
        ),
        ({"link_defs": "x"}, {}),
        ({"gfm_quirks": ["no_auto_typographic"]}, {"gfm_quirks": ("no_auto_typographic",)}),
        ({"gfm_quirks": []}, {"gfm_quirks": ()}),
        ({"gfm_quirks": "paragraph_end"}, {}),
    ],
)
def test_options_of_kramdown(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert options(given) == kramdown.Options(**expected)


def test_options_of_the_config_decide_ids_and_links(site: Lay) -> None:
    config = "kramdown: {auto_id_prefix: p-, link_defs: {home: [/x/, Home]}}\n"
    tiny = site({"_config.yml": config, "index.md": FRONT + "# Hip\n\n[home], [other]\n"})
    assert tiny.anchors("/")[0] == {"p-hip"}
    assert [row.became for row in tiny.rows()] == ["missing nothing"]
