"""Layouts, includes, link tags and filters, as Jekyll finds and evaluates them, on whole tiny sites."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

Lay = Callable[[Mapping[str, Any]], Any]

FRONT = "---\n---\n"
GONE = "missing nothing"
SURE = ""


def page(layout: str, body: str = "", more: str = "") -> str:
    return f"---\nlayout: {layout}\n{more}---\n{body}\n"


# -- Markdown and quotes made by filters -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("see [x](/x/)", ("index.md", "/x/", GONE)),
        ("![x](/x.png)", ("index.md", "/x.png", GONE)),
        ("**see** [x](/img/x.png)", ("index.md", "/img/x.png", "found /img/x.png")),
        ("<a href='/x/'>x</a>", ("index.md", "/x/", GONE)),
    ],
)
def test_links_of_a_text_that_a_filter_makes_html_of_are_the_texts(
    site: Lay, text: str, row: tuple[str, str, str]
) -> None:
    for shown in ("{{ page.teaser | markdownify }}", "{% include a %}"):
        files = {
            "_includes/a": "<div>{{ page.teaser | markdownify }}</div>",
            "index.md": f'---\nteaser: "{text}"\n---\n{shown}\n',
            "img/x.png": "",
        }
        assert site(files).rows() == [row]


def test_links_of_a_literal_that_a_filter_makes_html_of_are_the_pages(site: Lay) -> None:
    tiny = site({"index.md": FRONT + "{{ 'see [x](/x/)' | markdownify }}\n"})
    assert tiny.rows() == [("index.md", "see [x](/x/)", GONE)]


def test_a_layout_may_make_html_of_a_pages_markdown(site: Lay) -> None:
    layout = "<main>{{ page.teaser | markdownify }}{{ content }}</main>"
    tiny = site({"_layouts/l.html": layout, "index.md": page("l", "", "teaser: see [x](/x/)\n"), "b.md": page("l")})
    assert tiny.rows() == [("index.md", "/x/", GONE)]
    assert tiny.anchors("/") == (set(), SURE)


@pytest.mark.parametrize(
    ("shown", "names", "incomplete"),
    [
        ("{{ page.t | markdownify }}", {"hip", "note"}, False),
        ("{% capture c %}{{ page.t | markdownify }}{% endcapture %}{{ c }}", {"hip", "note"}, False),
        ("{{ page.t | markdownify | remove: '<p>' }}", set(), True),
        ("{{ page.teaser | markdownify | remove: '<p>' }}", set(), False),
        ("{{ 'A plain one.' | markdownify | remove: '<p>' }}", set(), False),
    ],
)
def test_anchors_of_a_text_that_a_filter_makes_html_of(
    site: Lay, shown: str, names: set[str], incomplete: bool
) -> None:
    front = "---\nt: |\n  ## Hip\n\n  <a name='note'></a>\nteaser: Well, *so*\n---\n"
    found, reason = site({"index.html": front + shown}).anchors("/")
    assert {name for name in found if "\ue0ff" not in name} == names
    assert bool(reason) is (incomplete or shown.count("teaser") > 0)


@pytest.mark.parametrize(
    ("text", "filters", "became"),
    [
        ("The hip, 3.5 cm (left)", "markdownify", "<p>The hip, 3.5 cm (left)</p>\n"),
        ("The hip", "markdownify | strip_html | strip", "The hip"),
        ("Wait... what", "markdownify", None),
        ("1. one", "markdownify", None),
        ("The hip; 3.5 cm", "smartify", "The hip; 3.5 cm"),
        ("The 'hip'", "smartify", None),
        ("a <b>b</b>", "smartify", None),
        ("a -- b", "smartify", None),
        ("", "smartify", ""),
    ],
)
def test_what_a_converter_makes_of_a_plain_text_is_known(
    site: Lay, text: str, filters: str, became: str | None
) -> None:
    condition = (
        f"{{% assign x = page.t | {filters} %}}{{% if x == page.wanted %}}[y](/yes/){{% else %}}[n](/no/){{% endif %}}"
    )
    wanted = f'wanted: "{"another" if became is None else became}"\n'.replace('\n"', '\\n"')
    rows = site(
        {
            "index.html": f'---\nt: "{text}"\n{wanted}---\n'
            + condition.replace("[y](/yes/)", '<a href="/yes/">').replace("[n](/no/)", '<a href="/no/">')
        }
    ).rows()
    assert [row.became for row in rows] == ([GONE] if became is not None else ["unknown", "unknown"])
    assert [row.written for row in rows] == (["/yes/"] if became is not None else ["/yes/", "/no/"])


def test_an_engine_that_is_not_kramdown_is_not_second_guessed(site: Lay) -> None:
    front = "---\nt: 'see [x](/x/)'\n---\n{{ page.t | markdownify }}\n"
    tiny = site({"_config.yml": "markdown: CommonMark\n", "index.html": front})
    assert tiny.rows() == []
    assert "CommonMark" in tiny.anchors("/")[1]


# -- base --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "url", "became"),
    [
        ("/docs/", "x.html", "found /docs/x.html"),
        ("/docs/y", "x.html", "found /docs/x.html"),
        ("/docs/", "./x.html#hip", "found /docs/x.html"),
        ("/docs/", "/x.html", GONE),
        ("/", "docs/x.html", "found /docs/x.html"),
        ("../docs/", "x.html", "found /docs/x.html"),
        ("/", "#hip", "missing anchor"),
        ("/", "a/b.html", "found /a/b.html"),
        ("https://example.org/", "x.html", "external"),
        ("https://example.org/", "/docs/x.html", "external"),
        ("https://atlas.example/docs/", "x.html", "found /docs/x.html"),
        ("/docs/", "https://example.org/", "external"),
        ("/docs/", "mailto:a@b.c", "external"),
        ("{{ site.time }}/", "x.html", "unknown"),
        ("{{ site.time }}/", "/x.html", "unknown"),
        ("/{{ site.time }}/", "x.html", "unknown"),
        ("/{{ site.time }}/", "/docs/x.html", "found /docs/x.html"),
        ("https://[", "x.html", GONE),
    ],
)
@pytest.mark.parametrize("where", ["body", "plain body", "layout", "outer layout"])
def test_relative_references_start_from_the_base(site: Lay, where: str, base: str, url: str, became: str) -> None:
    tag = f'<base href="{base}">'
    if where == "plain body" and "{" in base:
        return
    files = {
        "_config.yml": "url: https://atlas.example\n",
        "_layouts/outer.html": f"<head>{tag if where == 'outer layout' else ''}</head>{{{{ content }}}}",
        "_layouts/inner.html": f"---\nlayout: outer\n---\n{tag if where == 'layout' else ''}{{{{ content }}}}",
        "a/b.html": page("inner" if "layout" in where else "none")
        + ("{{ page.x }}" if where == "body" else "")
        + (tag if "body" in where else "")
        + f'<a href="{url}">x</a>\n',
        "docs/x.html": FRONT + '<h1 id="hip">Hip</h1>',
        "index.html": FRONT,
    }
    assert [row.became for row in site(files).rows("a/b.html")] == [became]


def test_a_base_counts_below_the_baseurl_and_for_what_a_layout_makes_of_values(site: Lay) -> None:
    files = {
        "_config.yml": "baseurl: /atlas/\n",
        "_layouts/l.html": '<base href="{{ site.baseurl }}"><img src="{{ page.image }}" alt=""><a href="docs/">d</a>{{ content }}',
        "a/b.md": page("l", "[a](docs/) [b](none/)", "image: x.png\n"),
        "a/c.md": page("l", "[a](#x)", "image: y.png\n"),
        "docs/index.md": FRONT,
        "index.md": FRONT,
        "x.png": "",
    }
    rows = site(files).rows()
    assert [(row.path, row.written, row.became) for row in rows] == [
        ("_layouts/l.html", "docs/", "found /docs/"),
        ("a/b.md", "x.png", "found /x.png"),
        ("a/b.md", "docs/", "found /docs/"),
        ("a/b.md", "none/", GONE),
        ("a/c.md", "y.png", GONE),
        ("a/c.md", "#x", "missing anchor"),
    ]


def test_a_base_that_may_not_be_there_is_none_to_trust(site: Lay) -> None:
    body = '{% if jekyll.environment == "production" %}<base href="/docs/">{% endif %}<a href="x.html">x</a><a href="/no/">n</a>'
    assert [row.became for row in site({"index.html": FRONT + body}).rows()] == ["unknown", GONE]


def test_the_first_base_counts(site: Lay) -> None:
    body = '<base href="/a/"><base href="/b/"><a href="x.html">x</a>'
    files = {"index.html": FRONT + body, "c.html": FRONT + "{{ page.none }}" + body, "a/x.html": ""}
    assert [row.became for row in site(files).rows()] == ["found /a/x.html"] * 2


# -- layouts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["none", "nil", "null", "false", "''", "~"])
def test_no_layout_is_asked_for(site: Lay, value: str) -> None:
    config = "defaults:\n  - scope: {path: ''}\n    values: {layout: gone}\n"
    tiny = site({"_config.yml": config, "index.md": page(value)})
    assert [row for row in tiny.said() if row[2] == "missing-layout"] == []


def test_a_layouts_own_references_are_told_once(site: Lay) -> None:
    files = {
        "_layouts/outer.html": '<a href="/outer/">x</a>{{ content }}',
        "_layouts/l.html": '---\nlayout: outer\n---\n<a href="/inner/">x</a>{{ content }}<img src="{{ page.image }}" alt="">',
        "a.md": page("l", "", "image: /a.png\n"),
        "b.md": page("l", "", "image: /b.png\n"),
        "c.md": page("outer"),
        "d.md": page("l"),
    }
    assert site(files).rows() == [
        ("_layouts/l.html", "/inner/", GONE),
        ("_layouts/outer.html", "/outer/", GONE),
        ("a.md", "/a.png", GONE),
        ("b.md", "/b.png", GONE),
    ]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        pytest.param({"a.md": page("gone")}, [("a.md", 2, "missing-layout", "gone")], id="missing"),
        pytest.param(
            {"_layouts/l.html": "---\nlayout: gone\n---\n{{ content }}", "a.md": page("l"), "b.md": page("l")},
            [("_layouts/l.html", 2, "missing-layout", "gone")],
            id="inner",
        ),
        pytest.param(
            {"_layouts/l.html": "---\nlayout: l\n---\n<a href='/x/'>x</a>{{ content }}", "a.md": page("l")},
            [("_layouts/l.html", 4, "broken-link", "/x/")],
            id="its own parent",
        ),
        pytest.param(
            {
                "_layouts/l.html": "---\nlayout: m\n---\n<a href='/x/'>x</a>{{ content }}",
                "_layouts/m.html": "---\nlayout: l\n---\n{{ content }}",
                "a.md": page("l"),
            },
            [("_layouts/l.html", 4, "broken-link", "/x/")],
            id="loop",
        ),
        pytest.param(
            {"_layouts/l.html": "---\ntitle: 'x\n---\n{{ content }}", "a.md": page("l"), "b.md": page("l")},
            [("_layouts/l.html", 2, "invalid-front-matter", "'")],
            id="broken front matter",
        ),
        pytest.param(
            {"_layouts/l.html": "{% if %}{{ content }}", "a.md": page("l"), "b.md": page("l")},
            [("_layouts/l.html", 1, "invalid-template", "{% if %}")],
            id="broken Liquid",
        ),
        pytest.param(
            {"_layouts/l.html": "{% include gone %}{{ content }}", "a.md": page("l"), "b.md": page("l")},
            [("_layouts/l.html", 1, "missing-include", "gone")],
            id="missing include",
        ),
    ],
)
def test_what_is_wrong_with_a_layout_is_told_once(site: Lay, files: dict[str, str], said: list[Any]) -> None:
    assert site(files).said() == said


def test_a_theme_may_bring_layouts_and_includes(site: Lay) -> None:
    files = {
        "_config.yml": "theme: minima\n",
        "index.md": page("home", "[a](#x) {% include head.html %}"),
        "b.md": FRONT + "{% include_relative gone.md %}\n",
    }
    tiny = site(files)
    assert tiny.said() == [("b.md", 3, "missing-include", "gone.md")]
    assert [row.became for row in tiny.rows()] == ["unknown"]


def test_anchors_of_layouts_are_the_pages(site: Lay) -> None:
    files = {
        "_layouts/outer.html": '<i id="outer"></i>{{ content }}',
        "_layouts/l.html": '---\nlayout: outer\n---\n<i id="{{ page.slug }}-l"></i>{{ content }}',
        "a.md": page("l", "# Hip", "slug: psoas\n"),
    }
    assert site(files).anchors("/a.html") == ({"outer", "psoas-l", "hip"}, SURE)


@pytest.mark.parametrize(
    "layout",
    [
        "{% capture c %}{{ content }}{% endcapture %}<i id='l'></i>{{ c | replace: '  ', ' ' | strip }}",
        "<i id='l'></i>{{ content | split: '<hr>' | first }}",
        "<i id='l'></i>{% assign words = content | strip_html | split: ' ' %}{% for w in words %}{{ w }}{% endfor %}",
        "<i id='l'></i>{{ content | markdownify }}",
    ],
)
def test_a_layout_that_works_on_the_content_leaves_no_doubt_of_anchors(site: Lay, layout: str) -> None:
    assert site({"_layouts/l.html": layout, "a.md": page("l", "# Hip")}).anchors("/a.html") == ({"l", "hip"}, SURE)


def test_a_layout_that_shows_what_only_a_build_can_tell_leaves_a_doubt(site: Lay) -> None:
    files = {
        "_layouts/l.html": "{{ jekyll.environment }}{{ content }}",
        "a.md": page("l"),
        "index.md": FRONT + "[a](a.html#x)",
    }
    tiny = site(files)
    assert tiny.anchors("/a.html")[1]
    assert [row.became for row in tiny.rows()] == ["unknown"]


# -- pages that print pages --------------------------------------------------------------------------------------------

POSTS = {
    "_posts/2020-01-01-hip.md": FRONT + "## Hip\n\n<a name='named'></a>\n\n{% include deep %}\n\nText\n\n## Knee\n",
    "_includes/deep": "{% comment %}" + "x" * 400 + "{% endcomment %}<i id='deep'></i>",
    "_config.yml": "excerpt_separator: Text\n",
}


@pytest.mark.parametrize(
    ("printed", "names", "sure"),
    [
        ("{{ post.content }}", {"hip", "named", "deep", "knee"}, True),
        ("{{ post.excerpt }}", {"hip", "named", "deep"}, True),
        ("{{ post.output }}", {"hip", "named", "deep", "knee"}, True),
        ("{{ post.content | replace: 'a', 'b' }}", set(), False),
        ("{{ post.title }}", set(), True),
    ],
)
def test_a_list_has_the_anchors_of_what_it_shows(site: Lay, printed: str, names: set[str], sure: bool) -> None:
    files = {**POSTS, "index.html": FRONT + "{% for post in site.posts %}" + printed + "{% endfor %}"}
    found, incomplete = site(files).anchors("/")
    assert (found, not incomplete) == (names, sure)


@pytest.mark.parametrize(
    ("front", "names"),
    [
        ("excerpt_separator: <!--more-->\n", {"a", "b"}),
        ("excerpt_separator: ''\n", set()),
        ("excerpt: <i id='mine'></i>\n", {"mine"}),
    ],
)
def test_a_post_may_say_what_its_excerpt_is(site: Lay, front: str, names: set[str]) -> None:
    post = f"---\n{front}---\n## A\n\nx\n\n## B\n\n<!--more-->\n\n## C\n"
    index = FRONT + "{% for post in site.posts %}{{ post.excerpt }}{% endfor %}"
    assert site({"_posts/2020-01-01-x.md": post, "index.html": index}).anchors("/") == (names, SURE)


@pytest.mark.parametrize(("config", "names"), [("", set()), ("page_excerpts: true\n", {"a"})])
def test_pages_have_excerpts_when_the_config_says_so(site: Lay, config: str, names: set[str]) -> None:
    index = FRONT + "{% for p in site.pages %}{% if p.name == 'a.md' %}{{ p.excerpt }}{% endif %}{% endfor %}"
    files = {"_config.yml": config, "a.md": FRONT + "## A\n\n## B\n", "index.html": index}
    assert site(files).anchors("/") == (names, SURE)


def test_pages_that_print_each_other_come_to_an_end(site: Lay) -> None:
    every = "{% for p in site.pages %}{{ p.content }}{% endfor %}\n"
    files = {
        "a.md": FRONT + "## A\n\n" + every,
        "b.md": FRONT + "## B\n\n" + every,
        "index.md": FRONT + "{{ page.content }}",
    }
    tiny = site(files)
    assert "a" in tiny.anchors("/a.html")[0]
    assert tiny.anchors("/a.html")[1]
    assert tiny.anchors("/")[1]


# -- includes ----------------------------------------------------------------------------------------------------------


def test_nothing_outside_the_project_is_read(
    site: Lay, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.html").write_text('---\n---\n<a href="/secret/">s</a>')
    (tmp_path / "_includes").mkdir()
    (tmp_path / "_layouts").mkdir()
    (tmp_path / "_includes/link.html").symlink_to(outside / "secret.html")
    (tmp_path / "_layouts/link.html").symlink_to(outside / "secret.html")
    (tmp_path / "_includes/folder").symlink_to(outside)
    climbing = f"../../{outside.name}/secret.html"
    names = (climbing, "link.html", "folder/secret.html", f"/{climbing}")
    files = {f"{number}.md": FRONT + f"{{% include {name} %}}\n" for number, name in enumerate(names)}
    relative = f"{{% include_relative {climbing} %}}\n{{% include_relative _includes/link.html %}}\n"
    tiny = site({**files, "r.md": FRONT + relative, "l.md": page("link")})
    assert tiny.rows() == []
    assert {each[2] for each in tiny.said()} <= {"invalid-template", "missing-include", "invalid-front-matter"}


def test_a_template_that_cannot_be_opened_is_unknown(site: Lay, monkeypatch: pytest.MonkeyPatch) -> None:
    from contentlint.tree import WorkTree

    known = WorkTree.read

    def read(self: WorkTree, path: str, limit: int = -1) -> bytes:
        if path in ("_includes/a", "_layouts/l.html"):
            raise PermissionError(13, "Permission denied", path)
        return known(self, path, limit)

    monkeypatch.setattr(WorkTree, "read", read)
    files = {"_includes/a": "x", "_layouts/l.html": "x", "index.md": page("l", "[a](#x){% include a %}")}
    tiny = site(files)
    assert [row.became for row in tiny.rows()] == ["unknown"]


@pytest.mark.parametrize("config", ["includes_dir: parts", "includes_dir: /parts/", "includes_dir: ./parts"])
def test_includes_lie_where_the_config_says(site: Lay, config: str) -> None:
    files = {
        "_config.yml": config + "\n",
        "parts/sub/a.html": "[a](/x/)",
        "index.md": FRONT + "{% include sub/a.html %}",
    }
    assert site(files).rows() == [("parts/sub/a.html", "/x/", GONE)]


def test_include_relative_starts_beside_the_page_also_within_an_include(site: Lay) -> None:
    files = {
        "_includes/a": "{% include_relative part.md %}",
        "docs/part.md": "[a](/x/)",
        "docs/index.md": FRONT + "{% include a %}",
    }
    assert site(files).rows() == [("docs/part.md", "/x/", GONE)]


def test_include_relative_in_a_layout_starts_beside_the_page(site: Lay) -> None:
    layout = "{% include_relative part.md %}{{ content }}"
    files = {"_layouts/l.html": layout, "docs/part.md": "<a href='/x/'>x</a>", "docs/index.md": page("l")}
    assert site(files).rows() == [("docs/part.md", "/x/", GONE)]


def test_a_plugins_tag_may_show_anything_but_known_ones_show_no_anchors(site: Lay) -> None:
    files = {
        "_config.yml": "plugins: [jekyll-seo-tag, jekyll-toc]\n",
        "a.md": FRONT + "{% seo %}\n",
        "b.md": FRONT + "{% toc %}\n",
        "index.md": FRONT + "[a](a.html#x) [b](b.html#x)\n",
    }
    assert [row.became for row in site(files).rows("index.md")] == ["missing anchor", "unknown"]


def test_plugins_of_the_sites_own_may_add_tags_and_filters(site: Lay) -> None:
    files = {
        "_plugins/x.rb": "",
        "index.md": FRONT + "{% gallery %} [a]({{ '/x/' | shout }}) [b](#c) [d](/d/{% figure %})\n",
    }
    assert {row.became for row in site(files).rows()} == {"unknown"}


# -- link tags ---------------------------------------------------------------------------------------------------------

LINKED = {
    "_config.yml": "collections: {docs: {output: true}}\nbaseurl: /b\n",
    "_posts/2020-01-02-x.md": FRONT,
    "deep/_posts/2020-01-03-y.md": "---\ncategories: [k]\nslug: why\n---\n",
    "_posts/sub/2020-01-04-z.md": "---\nslug: other\n---\n",
    "_docs/d.md": FRONT,
    "hidden.md": "---\npublished: false\n---\n",
    "x.png": "",
    "about.md": FRONT,
}


@pytest.mark.parametrize(
    ("tag", "became"),
    [
        ("link about.md", "found /about.html"),
        ("link /x.png", "found /x.png"),
        ("link x.png", "found /x.png"),
        ("link /about.md", None),
        ("link _docs/d.md", "found /docs/d.html"),
        ("link _posts/2020-01-02-x.md", "found /2020/01/02/x.html"),
        ("link hidden.md", None),
        ("link gone.md", None),
        ("link {{ page.to }}", "found /about.html"),
        ("post_url 2020-01-02-x", "found /2020/01/02/x.html"),
        ("post_url /2020-01-02-x", "found /2020/01/02/x.html"),
        ("post_url deep/2020-01-03-y", "found /deep/k/2020/01/03/why.html"),
        ("post_url 2020-01-03-why", "found /deep/k/2020/01/03/why.html"),
        ("post_url sub/2020-01-04-z", "found /2020/01/04/other.html"),
        ("post_url sub/2020-01-04-other", "found /2020/01/04/other.html"),
        ("post_url 2020-01-05-why", None),
        ("post_url x\n2020-01-02-x", None),
        ("post_url 2020-01-02-gone", None),
    ],
)
def test_link_tags_name_files_and_posts(site: Lay, tag: str, became: str | None) -> None:
    tiny = site({**LINKED, "index.md": f"---\nto: about.md\n---\n[a]({{% {tag} %}})\n"})
    (row,) = tiny.rows("index.md")
    if became is None:
        assert [each[:3] for each in tiny.said()] == [("index.md", 4, "broken-link-tag")]
        assert row.became == "unknown"
    else:
        assert (row.became, tiny.said()) == (became, [])


def test_a_link_to_what_is_dated_when_the_site_is_built_is_unknown(site: Lay) -> None:
    files = {"_config.yml": "collections: {docs: {output: true, permalink: '/:year/:title/'}}\n", "_docs/a.md": FRONT}
    tiny = site({**files, "index.md": FRONT + "[a]({% link _docs/a.md %})\n"})
    assert [row.became for row in tiny.rows()] == ["unknown"]


# -- the paginator -----------------------------------------------------------------------------------------------------

LIST = "{% for post in paginator.posts %}<a href='{{ post.url }}x'>p</a>{% endfor %}<a href='{{ paginator.next_page_path }}'>n</a>"


@pytest.mark.parametrize(
    ("config", "path", "became"),
    [
        ("plugins: [jekyll-paginate]\npaginate: 1\n", "index.html", [GONE, "found /page2/"]),
        (
            "plugins: [jekyll-paginate]\npaginate: 1\npaginate_path: /blog/:num/\n",
            "blog/index.html",
            [GONE, "found /blog/2/"],
        ),
        ("plugins: [jekyll-paginate]\npaginate: 2\n", "index.html", [GONE, GONE, "found /"]),
        ("plugins: [jekyll-paginate]\npaginate: 1\n", "other.html", ["found /other.html"]),
        ("plugins: [jekyll-paginate]\npaginate: 1\n", "deep/index.html", ["found /deep/"]),
        ("plugins: [jekyll-paginate]\n", "index.html", ["found /"]),
        ("paginate: 1\n", "index.html", ["found /"]),
        ("plugins: [jekyll-paginate-v2]\n", "index.html", ["unknown", "unknown"]),
    ],
)
def test_the_first_page_of_a_list_shows_the_newest_posts(site: Lay, config: str, path: str, became: list[str]) -> None:
    posts = {f"_posts/2020-01-0{day}-p.md": FRONT for day in (1, 2)}
    tiny = site({"_config.yml": config, **posts, path: FRONT + LIST})
    assert [row.became for row in tiny.rows(path)] == became
