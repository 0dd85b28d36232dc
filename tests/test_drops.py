"""What templates see of a site: the names and values of Jekyll's drops, printed by tiny sites."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

Lay = Callable[[Mapping[str, Any]], Any]

FRONT = "---\n---\n"
FILES = {
    "_config.yml": "title: Atlas\nbaseurl: /b\nurl: https://atlas.example\n"
    "defaults: [{scope: {path: '', type: pages}, values: {mood: calm}}, {scope: {path: ''}, values: {tint: blue}}, {scope: {path: img}, values: {shelf: top}}]\n"
    "collections: {docs: {output: true, heading: All docs}}\n",
    "_data/d.yml": "name: data\n",
    "_docs/b.md": "---\ntitle: B\n---\n",
    "_docs/a.md": FRONT,
    "_docs/pic.png": "",
    "_posts/2020-01-01-one.md": "---\ntags: [x, y]\ncategories: k\n---\n",
    "_posts/2020-01-02-two-parts.md": "---\ntags: x\ntitle: Two\n---\n",
    "a/page.md": "---\ntitle: Page\npermalink: /p/\n---\n",
    "feed.xml": FRONT,
    "img/x.png": "",
    "raw.html": "<p></p>",
    "z.html": FRONT,
}


def printed(site: Lay, expression: str, files: Mapping[str, Any] = FILES) -> str:
    """What the home page prints of an expression, read back from the address of a link."""
    tiny = site({**files, "index.html": '---\nmood: glad\n---\n<a href="/=' + expression + '=">x</a>'})
    found = (reference for source in tiny.site.sources.values() for reference in source.references)
    (reference,) = [reference for reference in found if reference.url.startswith("/=")]
    assert not reference.unknown, reference
    return re.sub(r"\s+", " ", reference.url[2:-1])


def each(collection: str, key: str) -> str:
    return "{% for i in " + collection + " %}{{ i." + key + " }};{% endfor %}"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("{{ page.url }}", "/"),
        ("{{ page.path }}", "index.html"),
        ("{{ page.name }}", "index.html"),
        ("{{ page.dir }}", "/"),
        ("{{ page.mood }}", "glad"),
        ("{{ page.tint }}", "blue"),
        ("{{ page.none }}", ""),
        ("{{ page.id }}{{ page.collection }}{{ page.date }}{{ page.next }}{{ page.excerpt }}", ""),
        ("{% for pair in page %}{{ pair }};{% endfor %}", None),
        ("{{ site.title }}", "Atlas"),
        ("{{ site.baseurl }}{{ site.url }}", "/bhttps://atlas.example"),
        ("{{ site.none }}{{ site.timezone }}", ""),
        ("{{ site.permalink }}{{ site.excerpt_separator | size }}", "date2"),
        ("{{ site.data.d.name }}", "data"),
        (each("site.pages", "url"), "/feed.xml;/;/p/;/z.html;"),
        (each("site.html_pages", "url"), "/;/p/;/z.html;"),
        (each("site.pages", "dir"), "/;/;/p/;/;"),
        (each("site.pages", "name"), "feed.xml;index.html;page.md;z.html;"),
        (each("site.pages", "mood"), "calm;glad;calm;calm;"),
        (each("site.static_files", "path"), "/img/x.png;/raw.html;_docs/pic.png;"),
        (each("site.static_files", "name"), "x.png;raw.html;pic.png;"),
        (each("site.static_files", "basename"), "x;raw;pic;"),
        (each("site.static_files", "extname"), ".png;.html;.png;"),
        (each("site.static_files", "collection"), ";;docs;"),
        (each("site.static_files", "none"), ";;;"),
        (each("site.static_files", "shelf"), "top;;;"),
        ("{{ site.html_files }}", ""),
        (each("site.docs", "url"), "/docs/a.html;/docs/b.html;"),
        (each("site.docs", "title"), "A;B;"),
        (each("site.docs", "id"), "/docs/a;/docs/b;"),
        (each("site.docs", "path"), "_docs/a.md;_docs/b.md;"),
        (each("site.docs", "relative_path"), "_docs/a.md;_docs/b.md;"),
        (each("site.docs", "collection"), "docs;docs;"),
        (each("site.docs", "name"), "a.md;b.md;"),
        (each("site.docs", "mood"), ";;"),
        (each("site.docs", "tint"), "blue;blue;"),
        (each("site.docs", "next.title"), "B;;"),
        (each("site.docs", "previous.title"), ";A;"),
        (each("site.documents", "title"), "One;Two;A;B;;"),
        (each("site.posts", "title"), "Two;One;"),
        (each("site.posts", "date | date: '%d'"), "02;01;"),
        (each("site.posts", "slug"), "two-parts;one;"),
        (each("site.posts", "next.title"), ";Two;"),
        (each("site.tags.x", "title"), "Two;One;"),
        (each("site.tags.y", "title"), "One;"),
        (each("site.categories.k", "title"), "One;"),
        (each("site.collections", "label"), "docs;posts;"),
        (each("site.collections", "heading"), "All docs;;"),
        (each("site.collections", "docs.size"), "2;2;"),
        (each("site.collections", "relative_directory"), "_docs;_posts;"),
        (each("site.collections", "files[0].name"), "pic.png;;"),
        ("{% for i in site.collections %}{{ i.output }};{% endfor %}", "true;true;"),
    ],
)
def test_a_name_has_jekylls_value(site: Lay, expression: str, value: str | None) -> None:
    if value is None:
        tiny = site({**FILES, "index.html": FRONT + expression})
        assert tiny.said() == []
    else:
        assert printed(site, expression) == value


@pytest.mark.parametrize(
    "expression",
    [
        "{{ site.time }}",
        "{{ site.static_files | first | inspect }}",
        "{{ jekyll.environment }}",
        "{{ jekyll.version }}",
        "{{ site.static_files[0].modified_time }}",
        "{{ site.docs[0].date }}",
        "{{ site.docs[0].content }}",
    ],
)
def test_what_only_a_build_can_tell_is_unknown(site: Lay, expression: str) -> None:
    tiny = site({**FILES, "index.html": FRONT + f'<a href="/{expression}/">x</a>'})
    assert [row.became for row in tiny.rows("index.html")] == ["unknown"]


def test_a_plugin_of_the_site_may_give_it_more(site: Lay) -> None:
    files = {
        "_plugins/x.rb": "",
        "index.html": FRONT + '<a href="/{{ site.extra }}/">x</a><a href="{{ site.baseurl }}#x">y</a>',
    }
    rows = site({"_config.yml": "title: T\n", **files}).rows("index.html")
    assert [row.became for row in rows] == ["unknown", "unknown"]


def test_documents_below_a_common_folder_are_named_without_it(site: Lay) -> None:
    files = {
        "_config.yml": "collections_dir: all\ncollections: {docs: {output: true}}\n",
        "all/_docs/a.md": FRONT,
        "index.html": FRONT + '<a href="/{{ site.docs[0].path }}">x</a><a href="{% link _docs/a.md %}">y</a>',
    }
    assert [row.became for row in site(files).rows("index.html")] == ["missing nothing", "found /docs/a.html"]


def test_a_value_keeps_its_place_through_a_drop(site: Lay) -> None:
    files = {
        "_docs/a.md": "---\ntitle: x\nto: {deep: ['/gone/']}\n---\n",
        "_config.yml": "collections: {docs: {output: true, home: /none/}}\n",
        "index.html": FRONT
        + '{% for d in site.docs %}<a href="{{ d.to.deep[0] }}">x</a>{% endfor %}'
        + '{% for c in site.collections %}{% if c.home %}<a href="{{ c.home }}">x</a>{% endif %}{% endfor %}',
    }
    rows = site(files).rows()
    assert rows == [
        ("_config.yml", "/none/", "missing nothing"),
        ("_docs/a.md", "/gone/", "missing nothing"),
    ]


def test_what_the_generator_makes_of_a_document_is_blamed_on_the_template(site: Lay) -> None:
    files = {
        "_config.yml": "collections: {docs: {output: true}}\n",
        "_docs/a.md": FRONT,
        "index.html": FRONT
        + '{% for d in site.docs %}<a href="/{{ d.title }}/">x</a><a href="{{ d.slug }}">y</a>{% endfor %}',
    }
    assert [row[:2] for row in site(files).rows()] == [
        ("index.html", "/{{ d.title }}/"),
        ("index.html", "{{ d.slug }}"),
    ]


def test_a_document_is_a_url_where_one_is_wanted(site: Lay) -> None:
    files = {**FILES, "index.html": FRONT + '<a href="{{ site.docs[0] | relative_url }}">x</a>'}
    assert [row.became for row in site(files).rows("index.html")] == ["found /docs/a.html"]


@pytest.mark.parametrize("front", ["mood: ~\n", "title: ~\n"])
def test_a_key_without_a_value_hides_its_default(site: Lay, front: str) -> None:
    config = "defaults: [{scope: {path: ''}, values: {mood: x, title: x}}]\n"
    body = "{% if page." + front.partition(":")[0] + " %}[a](/x/){% else %}[a](/){% endif %}\n"
    files = {"_config.yml": config, "index.md": f"---\n{front}---\n{body}"}
    assert [row.became for row in site(files).rows()] == ["found /"]


def test_a_draft_has_no_neighbours(site: Lay) -> None:
    draft = FRONT + "{% if page.next %}[n](/next/){% endif %}{% if page.previous %}[p](/previous/){% endif %}[a](/x/)\n"
    files = {"_posts/2020-01-01-one.md": FRONT, "_drafts/soon.md": draft}
    assert site(files).rows() == [("_drafts/soon.md", "/x/", "missing nothing")]


@pytest.mark.parametrize(
    ("files", "became"),
    [
        ({"_config.yml": "github: {repo: /a/}\n"}, ["found /a/", "unknown"]),
        ({"_config.yml": "title: T\n"}, ["unknown", "unknown"]),
        ({"_config.yml": "github: {repo: /a/}\n", "Gemfile": "gem 'jekyll'\n"}, ["found /a/", "found /"]),
    ],
)
def test_github_tells_more_than_the_config_where_it_may_build(
    site: Lay, files: dict[str, str], became: list[str]
) -> None:
    page = FRONT + '<a href="{{ site.github.repo }}">x</a> <a href="/{{ site.github.zip }}">y</a>\n'
    tiny = site({"a/index.md": FRONT, "index.html": page, **files})
    assert [row.became for row in (*tiny.rows("_config.yml"), *tiny.rows("index.html"))] == became


def test_a_sites_lists_may_be_selected_from_again_and_again(site: Lay) -> None:
    chosen = '{% assign p = site.docs | where: "kind", "x" %}<a href="{{ p[0].url }}">{{ p.size }}</a>\n'
    files = {
        "_config.yml": "collections: {docs: {output: true}}\n",
        "_docs/a.md": "---\nkind: x\n---\n",
        "_docs/b.md": "---\nkind: y\n---\n",
        "index.html": FRONT + chosen + chosen + '{% assign q = site.data.none | where: "kind", "x" %}{{ q.size }}',
    }
    assert [row.became for row in site(files).rows("index.html")] == ["found /docs/a.html"] * 2
