"""Where a reference is said to stand: what its author has to mend, whatever templates made of it on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

Lay = Callable[[Mapping[str, Any]], Any]

FRONT = "---\n---\n"
GONE = "missing nothing"


# -- in the page's own text --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "written"),
    [
        ("[a](/x/)", "/x/"),
        ('<a href="/x/">a</a>', "/x/"),
        ("\r\n😀 [a](/x/)\r\n", "/x/"),
        ("[a]({{ '/x/' | relative_url }})", "/x/"),
        ("[a]({{ '/x/' | prepend: site.baseurl }})", "{{ '/x/' | prepend: site.baseurl }}"),
        ("[a]({{ site.baseurl }}/x/)", "{{ site.baseurl }}/x/"),
        ("é😀\r\n\r\n[a]({{ site.baseurl }}/x/)", "{{ site.baseurl }}/x/"),
        ("[a](/x/{{ site.none }})", "/x/"),
        ("{% assign to = '/x/' %}[a]({{ to }})", "/x/"),
        ("{% capture to %}/x/{% endcapture %}[a]({{ to }})", "/x/"),
        ("{{ '[a](/x/)' }}", "[a](/x/)"),
        ("{% if true %}[a](/x/){% endif %}", "/x/"),
        ('[a][r]\n\n[r]: /x/ "t"', "/x/"),
        ("[a]({{ nothing }}/x/)", "/x/"),
        ("[a](/x{% if true %}/y{% endif %}/)", "/x{% if true %}/y{% endif %}/"),
    ],
)
@pytest.mark.parametrize("front", ["---\n---\n", "---\r\ntitle: é😀\r\n---\r\n"])
def test_what_the_page_itself_has_is_told_as_written(site: Lay, front: str, body: str, written: str) -> None:
    tiny = site({"_config.yml": "baseurl: /base\n", "index.md": front + body + "\n"})
    assert tiny.rows() == [("index.md", written, GONE)]


def test_what_the_page_has_only_perhaps_is_told_as_written(site: Lay) -> None:
    tiny = site({"index.md": FRONT + "[a](/x{% if site.time %}/y{% endif %}/)\n"})
    (row,) = tiny.rows()
    assert (row.path, row.written) == ("index.md", "/x{% if site.time %}/y{% endif %}/")
    assert row.became.startswith("unknown")


@pytest.mark.parametrize(
    ("body", "written"),
    [
        ("[a]({% link _posts/2020-01-01-x.md %})", "_posts/2020-01-01-x.md"),
        ("[a]({% post_url 2020-01-01-x %}#y)", "{% post_url 2020-01-01-x %}#y"),
        ("[a]({{ site.baseurl }}{% link x.png %})", "x.png"),
    ],
)
def test_a_link_tag_is_told_by_what_it_names(site: Lay, body: str, written: str) -> None:
    files = {"_posts/2020-01-01-x.md": FRONT + "{: #y}\nText\n", "x.png": "", "index.md": FRONT + body + "\n"}
    (row,) = site(files).rows("index.md")
    assert row.written == written
    assert row.became.startswith("found /")


# -- values ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "path", "written"),
    [
        pytest.param({"index.md": "---\nto: /x/\n---\n[a]({{ page.to }})\n"}, "index.md", "/x/", id="front matter"),
        pytest.param(
            {"index.md": "---\nto: '/x/'\n---\n[a]({{ page.to | relative_url }})\n"}, "index.md", "/x/", id="quoted"
        ),
        pytest.param({"index.md": "---\nto: x\n---\n[a](/{{ page.to }}/)\n"}, "index.md", "x", id="slashes around"),
        pytest.param(
            {"index.md": "---\nto: x\n---\n[a](/y/{{ page.to }}/)\n"},
            "index.md",
            "/y/{{ page.to }}/",
            id="letters around",
        ),
        pytest.param(
            {
                "index.md": "---\nl:\n  - {u: /y/}\n  - {u: /x/}\n---\n{% for i in page.l offset:1 %}[a]({{ i.u }}){% endfor %}\n"
            },
            "index.md",
            "/x/",
            id="nested in a list",
        ),
        pytest.param(
            {
                "_config.yml": "defaults:\n  - scope: {path: ''}\n    values: {to: /x/}\n",
                "index.md": FRONT + "[a]({{ page.to }})\n",
            },
            "_config.yml",
            "/x/",
            id="default",
        ),
        pytest.param(
            {"_config.yml": "to: [{u: /x/}]\n", "index.md": FRONT + "[a]({{ site.to[0].u }})\n"},
            "_config.yml",
            "/x/",
            id="config",
        ),
        pytest.param(
            {
                "_data/a/b/nav.yml": "- title: A\n  url: /x/\n",
                "index.md": FRONT + "{% for i in site.data.a.b.nav %}[{{ i.title }}]({{ i.url }}){% endfor %}\n",
            },
            "_data/a/b/nav.yml",
            "/x/",
            id="nested data",
        ),
        pytest.param(
            {
                "_data/nav.csv": "title,url\nA,/x/\n",
                "index.md": FRONT + "{% for i in site.data.nav %}[{{ i.title }}]({{ i.url }}){% endfor %}\n",
            },
            "_data/nav.csv",
            "/x/",
            id="CSV",
        ),
        pytest.param(
            {
                "_includes/a": "{{ page.text }}",
                "index.md": "---\ntext: 'see <a href=\"/x/\">x</a>'\n---\n{% include a %}\n",
            },
            "index.md",
            "/x/",
            id="a link within a value, by an include",
        ),
        pytest.param(
            {
                "_layouts/l.html": "{{ page.text }}{{ content }}",
                "index.md": "---\nlayout: l\ntext: 'see <a href=\"/x/\">x</a>'\n---\n",
            },
            "index.md",
            "/x/",
            id="a link within a value, by a layout",
        ),
        pytest.param(
            {
                "_layouts/l.html": '<img src="{{ page.image }}" alt="">{{ content }}',
                "index.md": "---\nlayout: l\nimage: /x.png\n---\n",
            },
            "index.md",
            "/x.png",
            id="a value in a layout",
        ),
        pytest.param(
            {
                "_layouts/l.html": '<img src="{{ page.image }}" alt="">{{ content }}',
                "_config.yml": "defaults:\n  - scope: {path: ''}\n    values: {image: /x.png, layout: l}\n",
                "index.md": FRONT,
            },
            "_config.yml",
            "/x.png",
            id="a default in a layout",
        ),
        pytest.param(
            {
                "_layouts/l.html": '---\nicon: /x.png\n---\n<img src="{{ layout.icon }}" alt="">{{ content }}',
                "index.md": "---\nlayout: l\n---\n",
            },
            "_layouts/l.html",
            "/x.png",
            id="a layout's own value",
        ),
    ],
)
def test_a_value_is_told_where_it_is_written(site: Lay, files: dict[str, str], path: str, written: str) -> None:
    assert site(files).rows() == [(path, written, GONE)]


@pytest.mark.parametrize(
    ("include", "tag", "path", "written"),
    [
        ("[a]({{ include.u }})", '{% include a u="/x/" %}', "index.md", "/x/"),
        ("[a](/{{ include.u }}/)", "{% include a u='x' %}", "index.md", "x"),
        ("[a]({{ site.baseurl }}/{{ include.u }}/)", "{% include a u='x' %}", "index.md", "x"),
        ("[a]({{ include.u }})", "{% assign t = '/x/' %}{% include a u=t %}", "index.md", "/x/"),
        ("[a]({{ include.u }})", "{% include a u=page.to %}", "index.md", "/page/"),
        ("[a](/x/)", "{% include a %}", "_includes/a", "/x/"),
        ("[a]({{ '/x/' | relative_url }})", "{% include a %}", "_includes/a", "/x/"),
        ("{% include b %}", "{% include a %}", "_includes/b", "/b/"),
        ("{% include c u='/x/' %}", "{% include a %}", "_includes/a", "/x/"),
        ("{% include c u=include.u %}", "{% include a u='/x/' %}", "index.md", "/x/"),
        ("[a]({{ page.url }}x/)", "{% include a %}", "index.md", "{% include a %}"),
        ("[a]({{ page.url | append: 'x/' }})", "{% include a %}", "index.md", "{% include a %}"),
        ("[a]({{ site.data.d.u }})", "{% include a %}", "_data/d.yml", "/data/"),
    ],
)
def test_of_an_include_that_is_told_which_is_to_blame(
    site: Lay, include: str, tag: str, path: str, written: str
) -> None:
    files = {
        "_includes/a": include,
        "_includes/b": "[a](/b/)",
        "_includes/c": "[a]({{ include.u }})",
        "_data/d.yml": "u: /data/\n",
        "index.md": f"---\nto: /page/\n---\nText.\n\n{tag}\n",
    }
    tiny = site(files)
    assert tiny.rows() == [(path, written, GONE)]


@pytest.mark.parametrize(
    ("tag", "config"),
    [
        ("include a.md", ""),
        ("include_relative a.md", ""),
        ("include_cached a.md", "plugins: [jekyll-include-cache]\n"),
    ],
)
def test_a_templates_own_text_is_told_once_in_the_template(site: Lay, tag: str, config: str) -> None:
    folder = "" if "relative" in tag else "_includes/"
    page = FRONT + f"{{% {tag} %}}\n{{% {tag} %}}\n"
    tiny = site({"_config.yml": config, f"{folder}a.md": "![a](/x.png)\n", "index.md": page, "b.md": page})
    assert tiny.rows() == [(f"{folder}a.md", "/x.png", GONE)]
    assert tiny.said() == [(f"{folder}a.md", 1, "missing-image", "/x.png")]


def test_a_value_shown_as_a_link_and_as_an_image_is_one_image(site: Lay) -> None:
    shown = '{% for i in page.l %}<a href="/img/{{ i }}"><img src="/img/{{ i }}" alt=""></a>{% endfor %}\n'
    tiny = site({"_includes/a": shown, "index.md": "---\nl: [x.png]\n---\n{% include a %}\n"})
    assert tiny.rows() == [("index.md", "x.png", GONE)]
    assert tiny.said() == [("index.md", 2, "missing-image", "x.png")]


# -- includes that select from a page's own list, or show it ------------------------------------------------------------

WHERE = '{% assign shown = page.images | where: "id", include.id %}{% for i in shown %}<img src="/{{ i.file }}" alt="">{% endfor %}'
IF = '{% for i in page.images %}{% if i.id == include.id %}<img src="/{{ i.file }}" alt="">{% endif %}{% endfor %}'
FIND = '{% assign i = page.images | find: "id", include.id %}{% if i %}<img src="/{{ i.file }}" alt="">{% endif %}'
GALLERY = '<div>{% for i in page.images %}<img src="/{{ i.file }}" alt="">{% endfor %}</div>'
IDS = ("unknown-include-id", "unused-image", "duplicate-image-id", "missing-include-data")


def images(*ids: str, key: str = "images") -> str:
    return f"---\n{key}:\n" + "".join(f"  - {{id: {each}, file: x.png}}\n" for each in ids) + "---\n"


def inferred(site: Lay, include: str, text: str, more: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    """(rule, value) of what is said of the includes of a page."""
    tiny = site({"x.png": "", "_includes/a": include, "index.md": text, **(more or {})})
    return [(rule, value) for _, _, rule, value in tiny.said(*IDS)]


@pytest.mark.parametrize("include", [WHERE, IF, FIND])
@pytest.mark.parametrize(
    ("ids", "tags", "said"),
    [
        (["a", "b"], ["a", "b"], []),
        (["a"], ["b"], [("unknown-include-id", "b")]),
        (["a", "b"], ["a", "c"], [("unknown-include-id", "c")]),
        (["a", "b"], ["a"], [("unused-image", "b")]),
        (["a", "a"], ["a"], [("duplicate-image-id", "a")]),
        (["a", "a", "b", "b"], ["a", "b"], []),
        ([], ["a"], [("missing-include-data", "images")]),
    ],
)
def test_what_an_include_selects_by_a_parameter(
    site: Lay, include: str, ids: list[str], tags: list[str], said: list[tuple[str, str]]
) -> None:
    body = "\n".join(f'{{% include a id="{tag}" %}}' for tag in tags)
    front = images(*ids) if ids else FRONT
    if include is FIND and len(set(ids)) < len(ids):
        return
    assert inferred(site, include, front + body + "\n") == said


def test_a_list_that_an_include_shows_whole(site: Lay) -> None:
    assert inferred(site, GALLERY, FRONT + "{% include a %}\n") == [("missing-include-data", "images")]
    assert inferred(site, GALLERY, images("a") + "{% include a %}\n") == []
    assert inferred(site, GALLERY, "---\nimages: []\n---\n{% include a %}\n") == []


A_GROUP = WHERE.replace('"id"', '"group"')


@pytest.mark.parametrize(
    ("include", "text"),
    [
        pytest.param(
            WHERE + "{% if shown.size == 0 %}Nothing{% endif %}", '{% include a id="c" %}', id="a text instead"
        ),
        pytest.param(
            WHERE + '{% if shown.size == 0 %}<img src="/x.png">{% endif %}',
            '{% include a id="c" %}',
            id="a picture instead",
        ),
        pytest.param(
            WHERE + "{% unless shown[0] %}<svg></svg>{% endunless %}", '{% include a id="c" %}', id="a drawing"
        ),
        pytest.param(
            WHERE + '{% assign v = page.videos | where: "id", include.id %}', '{% include a id="c" %}', id="two lists"
        ),
        pytest.param(
            WHERE + '{% assign v = page.images | where: "name", include.id %}',
            '{% include a id="c" %}',
            id="two properties",
        ),
        pytest.param(WHERE, "{% include a id=page.other %}", id="selected by a value"),
        pytest.param(WHERE, '{% include a id="a" %}{% include a id=page.other %}', id="some selected by a value"),
        pytest.param(WHERE, '{% include a id="a" %}{% if site.time %}{% include a id="c" %}{% endif %}', id="perhaps"),
        pytest.param(WHERE, '{% include a id="a" %}{% include a id=site.time %}', id="by what no one knows"),
        pytest.param(WHERE.replace("<img", "<b").replace("src", "class"), '{% include a id="c" %}', id="no reference"),
        pytest.param("{% include b id=include.id %}", '{% include a id="c" %}', id="nested"),
        pytest.param(
            WHERE,
            '{% include a id="a" %}{% for i in page.images %}<img src="/{{ i.file }}" alt="">{% endfor %}',
            id="shown besides",
        ),
        pytest.param(WHERE, '{% include a id="a" %}{% include all %}', id="shown by another include"),
    ],
)
def test_what_is_not_beyond_doubt_is_not_said(site: Lay, include: str, text: str) -> None:
    front = images("a", "b").replace("---\nimages", "---\nother: b\nimages")
    assert inferred(site, include, front + text + "\n", {"_includes/b": WHERE, "_includes/all": GALLERY}) == []


@pytest.mark.parametrize(
    ("include", "text"),
    [
        pytest.param("{% if page.images %}" + GALLERY + "{% endif %}", "{% include a %}", id="foreseen"),
        pytest.param(GALLERY.replace("<div>", "Pictures: "), "{% include a %}", id="text around"),
        pytest.param(GALLERY + GALLERY.replace("images", "videos"), "{% include a %}", id="two loops"),
        pytest.param(GALLERY.replace("<img src", "<b class"), "{% include a %}", id="no reference"),
        pytest.param(GALLERY.replace("page.images", "page.tags"), "{% include a %}", id="a key of Jekyll's"),
        pytest.param(GALLERY.replace("page.images", "page.a.b"), "{% include a %}", id="a key within"),
        pytest.param(GALLERY.replace("page.images", "site.images"), "{% include a %}", id="not the page's"),
        pytest.param("{% include b %}", "{% include a %}", id="nested"),
        pytest.param(GALLERY, "{% if site.time %}{% include a %}{% endif %}", id="perhaps"),
        pytest.param(GALLERY, "{% for i in page.images %}{{ i }}{% endfor %}", id="the page's own loop"),
        pytest.param(GALLERY + "<a href='/x.png'>x</a>", "{% include a %}", id="another reference"),
    ],
)
def test_data_may_well_be_missing(site: Lay, include: str, text: str) -> None:
    assert inferred(site, include, FRONT + text + "\n", {"_includes/b": GALLERY}) == []


def test_an_include_in_a_layout_asks_nothing_of_a_page(site: Lay) -> None:
    files = {"_layouts/l.html": "{% include a %}{% include b id='c' %}{{ content }}", "_includes/b": WHERE}
    assert inferred(site, GALLERY, "---\nlayout: l\n---\n", files) == []


def test_what_a_layout_shows_is_used(site: Lay) -> None:
    layout = {"_layouts/l.html": '<img src="/{{ page.images[1].file }}" alt="">{{ content }}'}
    page = images("a", "b").replace("---\nimages", "---\nlayout: l\nimages") + '{% include a id="a" %}\n'
    assert inferred(site, WHERE, page, layout) == []


def test_a_property_that_groups_entries_on_one_page_is_an_id_nowhere(site: Lay) -> None:
    body = '{% include a id="g" %}\n'
    more = {"b.md": images("g", "g", "g") + body}
    assert inferred(site, WHERE, images("g", "g") + body, more) == []
    said = {"contentlint.yml": "includes: {a: {params: {id: 'images[].id'}}}\n"}
    assert inferred(site, WHERE, images("g", "g") + body, {**more, **said}) == [("duplicate-image-id", "g")] * 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{% include a id="a" %}', []),
        ('{% include a id="c" %}', [("unknown-include-id", "c")]),
        ("{% include a id=page.other %}", [("unknown-include-id", "q")]),
        ("{% include a id=site.time %}", []),
        ("{% if site.time %}{% include a id='c' %}{% endif %}", []),
        ("{% include a %}", []),
        ("{% include a id=page.none %}", []),
    ],
)
def test_the_config_may_say_what_an_include_selects_and_needs(
    site: Lay, text: str, said: list[tuple[str, str]]
) -> None:
    config = "includes: {a: {params: {id: 'deep.images[].id'}, needs: [other]}}\n"
    front = "---\nother: q\ndeep: {images: [{id: a, file: x.png}]}\n---\n"
    tiny = {"contentlint.yml": config}
    assert [(rule, value) for rule, value in inferred(site, "any", front + text + "\n", tiny)] == said
    without = front.replace("other: q\n", "")
    if "if " not in text and "page" not in text:
        assert ("missing-include-data", "other") in inferred(site, "any", without + text + "\n", tiny)


def test_entries_without_an_id_are_not_selected_from(site: Lay) -> None:
    page = images("a").replace("  - {id: a", "  - {file: x.png}\n  - {id: [a], file: x.png}\n  - {id: a")
    assert inferred(site, WHERE, page + '{% include a id="a" %}\n') == []


def test_a_list_of_the_site_is_not_the_pages(site: Lay) -> None:
    include = WHERE.replace("page.images", "site.data.images")
    data = {"_data/images.yml": "[{id: a, file: x.png}]\n"}
    assert inferred(site, include, FRONT + '{% include a id="c" %}\n', data) == []


def test_a_value_that_stands_nowhere_is_told_where_it_is_shown(site: Lay) -> None:
    include = '<a href="/{{ page.categories[0] }}/">x</a>'
    post = {"cats/_posts/2020-01-01-x.md": FRONT + "{% include a %}\n", "_includes/a": include}
    assert [row[1:] for row in site(post).rows()] == [("{% include a %}", GONE)]


def test_labels_that_nothing_defines_are_told_where_the_page_itself_has_them(site: Lay) -> None:
    body = "{{ page.none }}\n\n[a][gone] {% include a %}\n\n[b][{{ site.time }}]\n"
    tiny = site({"_includes/a": "[c][lost]", "index.md": FRONT + body})
    assert tiny.said("undefined-reference") == [("index.md", 5, "undefined-reference", "gone")]


def test_a_value_that_stands_nowhere_is_told_in_the_page_that_prints_it(site: Lay) -> None:
    post = {"cats/_posts/2020-01-01-x.md": FRONT + "[a](/{{ page.categories[0] }}/)\n"}
    assert [row[1:] for row in site(post).rows()] == [("/{{ page.categories[0] }}/", GONE)]
