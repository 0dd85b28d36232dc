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
    ],
)
@pytest.mark.parametrize("front", ["---\n---\n", "---\r\ntitle: é😀\r\n---\r\n"])
def test_what_the_page_itself_has_is_told_as_written(site: Lay, front: str, body: str, written: str) -> None:
    tiny = site({"_config.yml": "baseurl: /base\n", "index.md": front + body + "\n"})
    assert tiny.rows() == [("index.md", written, GONE)]


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
