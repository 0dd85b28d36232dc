"""jekyll-relative-links: which links to source files lead to pages, through the whole pipeline (facts 3.4)."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contentlint.generators.jekyll import relative_links

Lay = Callable[[Mapping[str, Any]], Any]

FRONT = "---\n---\n"
GONE = "missing nothing"
FILES = {
    "_config.yml": "plugins: [jekyll-relative-links]\ncollections: {docs: {output: true}}\nbaseurl: /atlas\n",
    "index.md": FRONT,
    "about.md": "---\npermalink: /us/\n---\n# Who\n",
    "docs/page.md": FRONT + "# Hip\n",
    "docs/a b.md": FRONT,
    "docs/pic.png": "",
    "docs/plain.txt": "",
    "_docs/doc.md": FRONT,
    "_posts/2020-01-01-x.md": FRONT,
    "_drafts/soon.md": FRONT,
}
HERE = "docs/me.md"


@pytest.mark.parametrize(
    ("body", "became"),
    [
        ("[t](page.md)", "found /docs/page.html"),
        ("[t](./page.md)", "found /docs/page.html"),
        ("[t](../about.md)", "found /us/"),
        ("[t](/about.md)", "found /us/"),
        ("[t](../docs/../about.md#who)", "found /us/"),
        ("[t](page.md#hip)", "found /docs/page.html"),
        ("[t](page.md#knee)", "missing anchor"),
        ('[t](page.md "Title")', "found /docs/page.html"),
        ("[t](a%20b.md)", "found /docs/a%20b.html"),
        ("![t](pic.png)", "found /docs/pic.png"),
        ("![t](/docs/pic.png)", "found /docs/pic.png"),
        ("[t](plain.txt)", "found /docs/plain.txt"),
        ("[t](../_docs/doc.md)", "found /docs/doc.html"),
        ("[t](../_posts/2020-01-01-x.md)", "found /2020/01/01/x.html"),
        ("[t](../_drafts/soon.md)", GONE),
        ("[one]\n\n[one]: page.md", "found /docs/page.html"),
        ('[one]\n\n[one]: page.md "Title"', "found /docs/page.html"),
        ("{{ page.none }}[t](page.md)", "found /docs/page.html"),
        ("{% if true %}[t](page.md){% endif %}", "found /docs/page.html"),
        ("[t](page)", "found /docs/page.html"),
        ("[t](page.md?x)", GONE),
        ("[t](PAGE.md)", GONE),
        ("[t](gone.md)", GONE),
        ("[t](../../about.md)", GONE),
        ("[t](<page.md>)", GONE),
        ("[t](page.md 'Title')", GONE),
        ('<a href="page.md">t</a>', GONE),
        ("[t]({{ page.none }}page.md)", GONE),
        ("{% include a %}", GONE),
        ("[t](https://example.org/page.md)", "external"),
        ("[t](mailto:page.md)", "external"),
        ("[t](#none)", "missing anchor"),
        ("[t](http://page.md)", "external"),
    ],
)
def test_links_to_source_files_lead_to_what_they_become(site: Lay, body: str, became: str) -> None:
    tiny = site({**FILES, "_includes/a": "[t](page.md)", HERE: FRONT + body + "\n"})
    rows = tiny.rows(HERE, "_includes/a")
    assert [row.became for row in rows] == [became]


def test_the_place_is_the_link_as_written(site: Lay) -> None:
    body = "😀 [t](gone.md) [t](../about.md#no) ![p](nothing.png)\n"
    assert site({**FILES, HERE: FRONT + body}).rows(HERE) == [
        (HERE, "gone.md", GONE),
        (HERE, "../about.md#no", "missing anchor"),
        (HERE, "nothing.png", GONE),
    ]


@pytest.mark.parametrize(
    ("config", "path", "rewritten"),
    [
        ("", "a.md", True),
        ("", "a.markdown", True),
        ("", "_docs/a.md", False),
        ("", "_posts/2020-01-02-a.md", False),
        ("relative_links: {collections: true}\n", "_docs/a.md", True),
        ("relative_links: {collections: true}\n", "_posts/2020-01-02-a.md", True),
        ("relative_links: {collections: yes please}\n", "_docs/a.md", False),
        ("relative_links: {enabled: false}\n", "a.md", False),
        ("relative_links: true\n", "a.md", True),
        ("relative_links: {exclude: [docs]}\n", "docs/a.md", False),
        ("relative_links: {exclude: [docs]}\n", "a.md", True),
        ("relative_links: {exclude: docs}\n", "docs/a.md", True),
        ("plugins: []\n", "a.md", False),
    ],
)
def test_which_files_are_rewritten(site: Lay, config: str, path: str, rewritten: bool) -> None:
    settings = FILES["_config.yml"]
    settings = settings.partition("\n")[2] + config if "plugins" in config else settings + config
    files = {**FILES, "Gemfile": "gem 'jekyll'\n", "_config.yml": settings, path: FRONT + "[t](/about.md)\n"}
    (row,) = site(files).rows(path)
    assert row.became == ("found /us/" if rewritten else GONE)


def test_github_pages_may_rewrite_where_no_gemfile_says_who_builds(site: Lay) -> None:
    settings = FILES["_config.yml"].partition("\n")[2] + "plugins: []\n"
    files = {**FILES, "_config.yml": settings, "a.md": FRONT + "[t](/about.md) [u](/gone.md)\n"}
    assert [row.became for row in site(files).rows("a.md")] == ["unknown", GONE.replace("about", "gone")]


@given(
    st.lists(
        st.sampled_from(
            [
                "](",
                "]: ",
                "[t",
                ")",
                "a.md",
                "b/",
                "y/",
                "](x/)",
                "]: y/x/\n",
                "../",
                "/",
                "#",
                "x",
                " ",
                "\n",
                '"',
                "'",
                "%20",
                " [",
                "é",
                "{{ a }}",
            ]
        )
    ).map("".join),
)
@settings(max_examples=400)
def test_whoever_asks_for_one_link_gets_it(body: str) -> None:
    site = SimpleNamespace(container="")
    item = SimpleNamespace(source="docs/me.md", collection="")
    known = {
        path: SimpleNamespace(published=True) for path in ("docs/a.md", "a.md", "docs/b/a.md", "docs/x", "docs/a.md ")
    }

    def rewritten(urls: Iterable[int]) -> list[tuple[int, str]]:
        found = [*relative_links.rewritten(site, item, body, urls, known.get)]  # type: ignore[arg-type]  # all it asks for
        assert found == [*relative_links.rewritten(site, item, body, urls, known.get, {"x"})]  # type: ignore[arg-type]
        return [(at, fragment) for at, _, fragment in found]

    everything = rewritten(range(len(body)))
    for at, fragment in _as_the_plugin_finds(body, known):
        assert (at, fragment) in everything
        assert (at, fragment) in rewritten([at])


def _as_the_plugin_finds(body: str, known: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Each link that leads somewhere, by the expression alone."""
    for link in relative_links._LINK.finditer(body):
        group = 1 if link[1] is not None else 3
        path = posixpath.normpath(
            posixpath.join("docs", link[group]) if link[group][0] != "/" else link[group].lstrip("/")
        )
        if link[group][0] != "#" and unquote_plus(path) in known:
            yield link.start(group), link[group + 1] or ""
