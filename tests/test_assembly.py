"""From files to a site: what rules are given, whatever can go wrong on the way, on whole tiny sites."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contentlint.assembly import Assembly, files, pages
from contentlint.config import load
from contentlint.diagnostic import UnusableError
from contentlint.resolving import Target
from contentlint.rule import load as load_rules
from contentlint.tree import WorkTree

Lay = Callable[[Mapping[str, Any]], Any]

FRONT = "---\n---\n"
GONE = "missing nothing"


# -- redirects and pages that no file stands behind ----------------------------------------------------------------------

MOVED = {"_config.yml": "plugins: [jekyll-redirect-from]\nbaseurl: /atlas\n"}


@pytest.mark.parametrize(
    ("url", "became"),
    [
        ("/atlas/old/", "found /new/"),
        ("/atlas/older", "found /new/"),
        ("/atlas/old/#hip", "found /new/"),
        ("/atlas/old/#none", "missing anchor"),
        ("/atlas/away/", "external"),
        ("/atlas/chain/", "found /new/"),
        ("/atlas/astray/", "found /astray/"),
        ("/old/", "missing baseurl"),
    ],
)
def test_a_link_follows_redirects(site: Lay, url: str, became: str) -> None:
    files = {
        **MOVED,
        "new.md": "---\npermalink: /new/\nredirect_from: [/old/, /older]\n---\n## Hip\n",
        "away.md": "---\npermalink: /away/\nredirect_to: https://example.org/\n---\n",
        "chain.md": "---\npermalink: /chain/\nredirect_to: /old/\n---\n",
        "astray.md": "---\npermalink: /astray/\nredirect_to: [/none/]\n---\n",
        "index.md": FRONT + f"[a]({url})\n",
    }
    assert [row.became for row in site(files).rows("index.md")] == [became]


def test_redirects_know_who_asks_for_them(site: Lay) -> None:
    files = {
        **MOVED,
        "a.md": "---\nredirect_from: [/x/, /y/]\n---\n",
        "b.md": "---\nredirect_to: /a.html\n---\n",
        "index.md": FRONT,
    }
    found = {each.target.url: (each.source.path, each.key) for each in site(files).site.redirects}
    assert found == {
        "/x/": ("a.md", ("redirect_from", 0)),
        "/y/": ("a.md", ("redirect_from", 1)),
        "/b.html": ("b.md", ("redirect_to",)),
    }


def test_where_a_page_redirects_to_is_a_reference_of_it(site: Lay) -> None:
    files = {
        **MOVED,
        "a.md": "---\nredirect_to: /index.html\n---\n[content is replaced](/gone/)\n",
        "b.md": "---\nredirect_to: [none, /index.html]\n---\n",
        "c.md": "---\nredirect_to: https://example.org/\n---\n",
        "index.md": FRONT,
    }
    became = {path: [row.became for row in site(files).rows(path)] for path in ("a.md", "b.md", "c.md")}
    assert became == {"a.md": ["found /"], "b.md": ["missing nothing"], "c.md": ["external"]}


def test_a_layout_of_the_sites_own_may_redirect_elsewhere(site: Lay) -> None:
    files = {
        **MOVED,
        "_layouts/redirect.html": '<a href="https://example.org/{{ page.redirect_to }}">x</a>',
        "a.md": "---\nredirect_to: none\n---\n",
    }
    assert [row.became for row in site(files).rows("a.md")] == []


@pytest.mark.parametrize(
    ("plugin", "files", "url", "became"),
    [
        ("jekyll-optional-front-matter", {"a.md": "# Hip\n\n[x](/x/)\n"}, "/a.html#hip", "found /a.html"),
        ("jekyll-optional-front-matter", {"a.md": "# Hip\n"}, "/a.html#knee", "missing anchor"),
        ("jekyll-readme-index", {"d/README.md": "# Hip\n"}, "/d/#hip", "found /d/"),
        ("jekyll-readme-index", {"d/README.md": "# Hip\n", "d/index.md": FRONT}, "/d/#hip", "missing anchor"),
        ("jekyll-seo-tag", {"a.md": "# Hip\n"}, "/a.html", GONE),
        ("jekyll-seo-tag", {"a.md": "# Hip\n"}, "/a.md", "found /a.md"),
        ("jekyll-seo-tag", {"a.md": "# Hip\n"}, "/a.md#hip", "unknown"),
    ],
)
def test_plugins_make_pages_of_files(site: Lay, plugin: str, files: dict[str, str], url: str, became: str) -> None:
    tiny = site(
        {
            "_config.yml": f"plugins: [{plugin}]\n",
            "Gemfile": "gem 'jekyll'\n",
            **files,
            "index.html": FRONT + f"<a href='{url}'>x</a>",
        }
    )
    assert [row.became for row in tiny.rows("index.html")] == [became]


def test_later_pages_of_a_list_are_there_with_anchors_that_no_one_knows(site: Lay) -> None:
    files = {
        "_config.yml": "plugins: [jekyll-paginate]\npaginate: 1\n",
        "_posts/2020-01-01-a.md": FRONT,
        "_posts/2020-01-02-b.md": FRONT,
        "index.html": FRONT + "<a href='/page2/'>2</a><a href='/page2/#x'>x</a><a href='/page3/'>3</a>",
    }
    assert [row.became for row in site(files).rows("index.html")] == ["found /page2/", "unknown", GONE]


def test_what_no_file_tells_has_anchors_that_no_one_knows(site: Lay) -> None:
    files = {
        "_config.yml": "plugins: [jekyll-sitemap, jekyll-feed]\n",
        "index.md": FRONT + "[a](/sitemap.xml) [b](/feed.xml#x)\n",
    }
    assert [row.became for row in site(files).rows()] == ["found /sitemap.xml", "unknown"]


def test_of_what_no_file_stands_behind_no_anchor_is_known(site: Lay) -> None:
    anchors = site({"index.md": FRONT}).assembled.anchors(Target(None, "x.html", "/x.html", "generated"))
    assert anchors.incomplete


def test_comments_of_pages_and_templates_speak_to_the_linter(site: Lay) -> None:
    ignore = "contentlint: ignore[broken-link] known"
    link = "<a href='/x/'>x</a>\n"
    files = {
        "_config.yml": "to: /x/  # " + ignore + "\n",
        "_includes/a": f"<!-- {ignore} -->\n" + link,
        "_layouts/l.html": f"{{% comment %}} {ignore} {{% endcomment %}}\n" + link + "{{ content }}",
        "index.md": f"---\nlayout: l\nto: /x/  # {ignore}\nt: '#'  # contentlint: nothing at all\n---\n<!-- {ignore} -->\n[a](/x/)\n\n"
        "<!-- a remark -->\n\n{% include a %} [b]({{ page.to }}) [c]({{ site.to }})\n",
    }
    assert site(files).said() == []


# -- references of schemas -----------------------------------------------------------------------------------------------

ROLE = {"type": "string", "x-reference": {"role": "image", "paths": ["{urlimg}{value}", "{urlimg}{stem}-thumb{ext}"]}}
SCHEMA = {"properties": {"hero": ROLE, "page": {"x-reference": {"role": "page", "paths": ["{value}"]}}}}
SAID = {
    "_config.yml": "urlimg: /img/\n",
    "contentlint.yml": "pages: [{match: '*.md', schema: s.json}]\ndata: [{match: '_data/*.yml', schema: s.json}]\n",
    "s.json": json.dumps(SCHEMA),
    "img/a/x.png": "",
    "img/a/x-thumb.png": "",
}


@pytest.mark.parametrize(
    ("front", "became"),
    [
        ("hero: a/x.png", ["found /img/a/x.png", "found /img/a/x-thumb.png"]),
        ("hero: a/y.png", [GONE, GONE]),
        ("hero: a/x", [GONE, GONE]),
        ("hero: 'a/{{ x }}.png'", ["unknown"]),
        ("hero: https://example.org/x.png", ["external"]),
        ("hero: //example.org/x.png", ["external"]),
        ("hero: ~", []),
        ("hero: ''", [GONE, GONE]),
        ("page: a.md", [GONE]),
        ("page: a.html", ["found /a.html"]),
        ("page: /a", ["found /a.html"]),
    ],
)
def test_values_that_a_schema_calls_references(site: Lay, front: str, became: list[str]) -> None:
    rows = site({**SAID, "a.md": f"---\n{front}\n---\n"}).rows()
    assert sorted({row.became for row in rows}) == sorted(set(became))
    assert {row.path for row in rows} <= {"a.md"}


def test_data_files_have_references_from_the_root(site: Lay) -> None:
    tiny = site({**SAID, "_data/nav.yml": "page: about/\nhero: x.png\n", "_data/b.csv": "page\nx/\n", "a.md": FRONT})
    assert tiny.rows() == [
        ("_data/nav.yml", "about/", GONE),
        ("_data/nav.yml", "x.png", GONE),
        ("_data/nav.yml", "x.png", GONE),
    ]


def test_a_value_that_a_schema_and_a_template_show_is_one_reference(site: Lay) -> None:
    include = "<a href='{{ site.urlimg }}{{ page.hero }}'>x</a>"
    files = {**SAID, "_includes/a": include, "a.md": "---\nhero: none.png\n---\n{% include a %}\n"}
    tiny = site(files)
    assert tiny.rows() == [("a.md", "none.png", GONE)] * 2
    assert {(reference.url, reference.role) for reference in tiny.site.sources["a.md"].references} == {
        ("/img/none.png", "image"),
        ("/img/none-thumb.png", "image"),
    }


# -- what cannot be read -------------------------------------------------------------------------------------------------


def test_a_page_that_cannot_be_opened_is_a_problem_and_the_rest_is_linted(
    site: Lay, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = WorkTree.read

    def read(self: WorkTree, path: str, limit: int = -1) -> bytes:
        if path in ("a.md", "_data/d.yml"):
            raise PermissionError(13, "Permission denied", path)
        return known(self, path, limit)

    monkeypatch.setattr(WorkTree, "read", read)
    tiny = site({"a.md": FRONT, "_data/d.yml": "a: b", "index.md": FRONT + "[a](/x/) [b](/a.html) [c](/a.html#x)\n"})
    assert [each[:3] for each in tiny.said()] == [
        ("_data/d.yml", 1, "invalid-data"),
        ("a.md", 1, "invalid-front-matter"),
        ("index.md", 3, "broken-link"),
    ]


def test_a_link_to_outside_is_a_problem_of_its_file(site: Lay, tmp_path: Path, tmp_path_factory: Any) -> None:
    outside = tmp_path_factory.mktemp("outside") / "a.md"
    outside.write_text(FRONT + "[a](/secret/)\n")
    (tmp_path / "a.md").symlink_to(outside)
    tiny = site({"index.md": FRONT})
    assert tiny.rows() == []
    assert [each[:2] for each in tiny.said()] in ([], [("a.md", 1)])


@pytest.mark.parametrize(
    ("front", "path", "url"),
    [
        ("permalink: /lost/\ntitle: 'x\n", "a.md", "/lost/"),
        ("permalink: '/lost/'\ntitle: 'x\n", "a.md", "/lost"),
        ("redirect_from: /lost/\ntitle: 'x\n", "a.md", "/lost/"),
        ("title: 'x\n", "_posts/2020-01-01-lost.md", "/2020/01/01/lost.html"),
        ("title: 'x\n", "_posts/2020-01-01-lost.md", "/cats/lost/"),
    ],
)
def test_a_page_that_cannot_be_read_may_be_where_its_text_says(site: Lay, front: str, path: str, url: str) -> None:
    tiny = site({path: f"---\n{front}---\n", "index.html": FRONT + f"<a href='{url}'>x</a><a href='/none/'>x</a>"})
    assert [row.became for row in tiny.rows("index.html")] in (["unknown", GONE], [f"found {url}", GONE])


@pytest.mark.parametrize(
    ("files", "said"),
    [
        pytest.param({"_config.yml": "title: [x\n"}, "_config.yml", id="config"),
        pytest.param({"_config.yml": "defaults: [{scope: 3, values: {}}]\n"}, "_config.yml", id="defaults"),
        pytest.param(
            {
                "contentlint.yml": "pages: [{match: '*.md', schema: s.json}]\n",
                "s.json": json.dumps(
                    {"properties": {"a": {"x-reference": {"role": "image", "paths": ["{nope}{value}"]}}}}
                ),
            },
            "s.json",
            id="placeholder",
        ),
    ],
)
def test_what_the_generator_cannot_use_is_unusable(site: Lay, files: dict[str, str], said: str) -> None:
    with pytest.raises(UnusableError) as raised:
        site({"index.md": FRONT, **files})
    assert raised.value.faults[0].path == said


def test_a_hole_may_be_told_of_by_the_config(site: Lay) -> None:
    config = "urls: ['/tags/**']\nelsewhere: ['/javadoc/**']\n"
    tiny = site({"contentlint.yml": config, "index.md": FRONT + "[a](/tags/x/) [b](/javadoc/) [c](/none/)\n"})
    assert [row.became for row in tiny.rows()] == ["unknown", "unknown", GONE]


def test_why_a_page_is_not_published(site: Lay) -> None:
    files = {"_drafts/a.md": FRONT, "b.md": "---\npublished: false\n---\n", "index.md": FRONT}
    tiny = site(files).site
    why = {target.source: tiny.why_unpublished(target) for target in tiny.targets}
    assert why == {
        "_drafts/a.md": "it is a draft",
        "b.md": "it is unpublished",
        "index.md": "it is not published",
    }


def test_all_templates_are_known_by_name(site: Lay) -> None:
    files = {"_includes/nav.html": "", "_includes/sub/nav.html": "", "_layouts/page.html": "", "index.md": FRONT}
    assembled = site(files).assembled
    assert assembled.templates("include") == ["nav.html", "sub/nav.html"]
    assert assembled.templates("layout") == ["page"]


# -- the overlay, progress, the collector --------------------------------------------------------------------------------


def test_an_editors_content_stands_for_a_files_own(site: Lay, tmp_path: Path) -> None:
    site({"index.md": FRONT, "a.md": FRONT})
    config = load(str(tmp_path), None, load_rules())
    assembled = Assembly(WorkTree(tmp_path), config, overlay={"a.md": b"---\n---\n[a](/x/)\n"}).assemble()
    (reference,) = assembled.site.sources["a.md"].references
    assert assembled.site.written(reference.place) == "/x/"
    assert assembled.site.written(reference.place._replace(path="none.md")) == ""
    assert assembled.text("none.md") == ""


@pytest.mark.parametrize("collects", [True, False])
def test_the_collector_is_left_as_it_was(site: Lay, collects: bool) -> None:
    assert gc.isenabled()
    if not collects:
        gc.disable()
    try:
        site({"index.md": FRONT})
        assert gc.isenabled() is collects
    finally:
        gc.enable()


def test_progress_is_told_stage_by_stage(site: Lay, tmp_path: Path) -> None:
    site({"index.md": FRONT})
    told: list[tuple[str, int, int]] = []
    config = load(str(tmp_path), None, load_rules())
    Assembly(WorkTree(tmp_path), config, lambda *each: told.append(each)).assemble()
    assert [stage for stage, _, _ in told] == ["reading", "rendering", "resolving"]
    assert all(done == 0 for _, done, _ in told)


def test_two_runs_say_the_same(site: Lay) -> None:
    files = {
        **SAID,
        "a.md": "---\nhero: x.png\n---\n[a](/x/) {% include none %}\n",
        "_layouts/l.html": "{{ content }}",
    }
    first, second = site(files), site(files)
    assert first.said() == second.said()
    assert first.rows() == second.rows()
    assert first.said()


# -- what a build may do besides -----------------------------------------------------------------------------------------


def test_a_yaml_file_that_begins_a_document_is_no_page_left_open(site: Lay) -> None:
    tiny = site({"index.md": FRONT, "api.yaml": "---\nopenapi: 3\n", "a.md": "---\ntitle: x\n"})
    assert [each.path for each in tiny.site.sources.values() if each.mistakes] == ["a.md"]


@pytest.mark.parametrize(("kept", "times"), [(1000, 1), (0, 2)])
def test_a_page_is_read_once_where_there_is_room_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int, times: int
) -> None:
    read = []

    class Counting(WorkTree):
        def read(self, path: str, limit: int = -1) -> bytes:
            read.append(path)
            return super().read(path, limit)

    monkeypatch.setattr(files, "_KEPT", kept)
    (tmp_path / "index.md").write_bytes(b"---\n---\n[a](/x/)\n")
    assembled = Assembly(Counting(str(tmp_path)), load(str(tmp_path), None, load_rules())).assemble()
    assert [each.url for each in assembled.site.sources["index.md"].references] == ["/x/"]
    assert read.count("index.md") == times


@pytest.mark.parametrize(
    ("files", "wrong"),
    [
        ({"Gemfile": "gem 'jekyll'\n"}, ["index.md"]),
        ({"Gemfile": "gemspec\n"}, []),
        ({"_config.yml": "gems: [jekyll-avatar]\n"}, []),
        ({"_config.yml": "plugins: [jekyll-avatar]\n"}, []),
        ({"_config.yml": "plugins: [jekyll-sitemap]\n"}, ["index.md"]),
        ({"_config.yml": "plugins: [never-heard-of]\n"}, []),
        ({"_plugins/tags.rb": "Liquid::Template.register_tag('avatar', Avatar)\n"}, []),
    ],
)
def test_a_tag_is_unknown_where_a_plugin_may_define_it(site: Lay, files: dict[str, str], wrong: list[str]) -> None:
    tiny = site({"index.md": FRONT + "{% avatar hip %}\n", **files})
    assert [each.path for each in tiny.site.sources.values() if each.mistakes] == wrong


@pytest.mark.parametrize("config", ["", "plugins_dir: mine\n", "plugins_dir: [mine, more]\n"])
def test_plugins_lie_where_the_config_says(site: Lay, config: str) -> None:
    folder = "more" if "more" in config else "mine" if config else "_plugins"
    files = {
        "_config.yml": config,
        f"{folder}/pages.rb": "site.pages << Jekyll::Page.new(site, site.source, dir, name)\n",
        "index.md": FRONT + "[a](/made/)\n",
    }
    assert [row.became for row in site(files).rows("index.md")] == ["unknown"]


def test_a_document_without_a_page_leads_on_from_where_it_is_shown(site: Lay) -> None:
    files = {
        "_config.yml": "collections: {parts: {output: false}}\n",
        "_parts/a.md": FRONT + "[r](gone.html) [a](/gone.html) [e](https://example.org/) [s](#top)\n",
        "index.md": FRONT,
    }
    rows = site(files).rows("_parts/a.md")
    assert [row.became for row in rows] == ["unknown", "missing nothing", "external", "unknown"]


def test_an_include_that_the_config_speaks_of_and_no_one_wrote_is_told(site: Lay) -> None:
    config = {"contentlint.yml": "includes: {gallery: {needs: [gallery]}}\n", "index.md": FRONT}
    assert [each.text for each in site(config).site.unmatched] == ["gallery"]
    assert not site({**config, "_config.yml": "theme: minima\n"}).site.unmatched


# -- whatever people write -----------------------------------------------------------------------------------------------

FRONTS = (
    "",
    "---\n---\n",
    "---\nlayout: l\nto: /x/\n---\n",
    "---\nt: 'a [b](/c/) \"d\"'\nl: [{u: /y/, id: a}]\n---\n",
    "---\nt: 'x\n---\n",
)
SNIPPETS = (
    "[a](/x/)", "![a]({{ page.to }})", "{% include a u='/z/' %}", "{% include b id=page.t %}", "{% include none %}", "## Hip 😀",
    "{{ page.t | markdownify }}", "{{ page.content }}", "{% for p in site.pages %}{{ p.content }}[u]({{ p.url }}){% endfor %}",
    "{% if site.time %}", "{% endif %}", "{% for i in page.l %}", "{% endfor %}", "{{ page.l[0].u | relative_url }}", "{% link a.md %}",
    "[r]: {{ site.data.d.u }} 'T'", "[r]", "<base href='{{ page.to }}'>", "<a href='", "'>", "{% capture c %}", "{% endcapture %}{{ c }}",
    "{% raw %}", "{% endraw %}", "<!--", "-->", "`", "\r\n", "\n\n", "    ", "{{", "%}", "{% include_relative b.md %}", "é\u0301",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(SNIPPETS), max_size=7).map("".join)


@settings(
    max_examples=settings.default.max_examples // 2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.tuples(st.sampled_from(FRONTS), TEXTS), st.tuples(st.sampled_from(FRONTS), TEXTS), TEXTS, TEXTS, TEXTS)
def test_any_site_is_assembled_and_every_place_lies_in_its_file(
    tmp_path_factory: Any, first: tuple[str, str], second: tuple[str, str], one: str, other: str, layout: str
) -> None:
    root = tmp_path_factory.mktemp("site")
    files = {
        "_config.yml": "plugins: [jekyll-relative-links]\nbaseurl: /b\n",
        "_data/d.yml": "u: /data/\n",
        "_includes/a": one,
        "_includes/b": other,
        "_layouts/l.html": layout + "{{ content }}",
        "a.md": "".join(first),
        "b.md": "".join(second),
    }
    for path, content in files.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(content.encode())
    runs = []
    for _ in range(2):
        assembled = Assembly(WorkTree(root), load(str(root), None, load_rules())).assemble()
        found = []
        for source in assembled.site.sources.values():
            assert not [each for each in source.mistakes if each.rule == "internal-error"]
            length = len(source.text())
            for reference in source.references:
                assert reference.place.path == source.path
                assert 0 <= reference.place.start <= reference.place.end <= length
                found.append(reference)
            for mistake in source.mistakes:
                assert 0 <= mistake.start <= mistake.end <= length, mistake
            for anchor in source.anchors:
                assert 0 <= anchor.place.start <= anchor.place.end <= len(assembled.text(anchor.place.path))
        runs.append(found)
    assert runs[0] == runs[1]


def test_a_default_that_no_page_can_use_is_told_in_the_config(site: Lay) -> None:
    config = "defaults:\n  - scope: {path: ''}\n    values: {permalink: '/:nothing/'}\n"
    tiny = site({"_config.yml": config, "_posts/2020-01-01-a.md": FRONT, "index.html": "---\npermalink: /\n---\n"})
    assert [each[:3] for each in tiny.said()] == [("_config.yml", 3, "malformed-permalink")]


@pytest.mark.parametrize(
    "default",
    ["{type: posts}\n    values: {permalink: '/:nope/'}\n", "{path: ''}\n    values: {permalink: 'http://x/#'}\n"],
)
def test_a_fault_in_a_default_is_told_in_the_config(site: Lay, default: str) -> None:
    files = {
        "_config.yml": f"defaults:\n  - scope: {default}",
        "_posts/2026-01-02-a.md": FRONT,
        "index.md": FRONT,
    }
    wrong = [(path, each.rule) for path, source in site(files).site.sources.items() for each in source.mistakes]
    assert wrong == [("_config.yml", "malformed-permalink")]


def test_what_no_file_stands_behind_keeps_its_anchors_to_itself(site: Lay) -> None:
    files = {
        "_config.yml": "plugins: [jekyll-archives]\njekyll-archives: {enabled: [year]}\n",
        "_posts/2026-01-02-a.md": FRONT,
        "index.md": FRONT + "[a](/2026/#top-story)\n",
    }
    assert [row.became for row in site(files).rows("index.md")] == ["unknown"]


def test_anchors_of_very_many_pages_are_not_all_remembered(site: Lay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_FEW", 0)
    names = "abc"
    links = "".join(f"[x](/{name}.html#here) [y](/{name}.html#gone)\n" for name in names)
    made = site({"index.md": f"---\n---\n{links}"} | {f"{name}.md": "---\n---\n# Here\n" for name in names})
    assert [value for *_, value in made.said("broken-anchor")] == [f"/{name}.html#gone" for name in names]


# -- files are read once -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("room", "times"), [(1 << 20, 1), (0, 2)])
def test_a_page_is_read_once_as_long_as_there_is_room_for_its_body(
    site: Lay, monkeypatch: pytest.MonkeyPatch, room: int, times: int
) -> None:
    read: list[str] = []
    of_tree = WorkTree.read

    def counted(tree: WorkTree, path: str, limit: int = -1) -> bytes:
        read.append(path)
        return of_tree(tree, path, limit)

    monkeypatch.setattr(WorkTree, "read", counted)
    monkeypatch.setattr(files, "_KEPT", room)
    bodies = {
        "liquid.md": "<!-- no word to us -->\n\n[a]({{ '/none/' }}) 🦴 ś",
        "plain.md": "\r\n[a](/none/) 🦴",
        "page.html": "<a href='/none/'>é</a>",
    }
    found = site({name: "---\ntitle: é\n---\n" + body for name, body in bodies.items()})
    assert {path: read.count(path) for path in bodies} == dict.fromkeys(bodies, times)
    assert {path: [row.became for row in found.rows(path)] for path in bodies} == {path: [GONE] for path in bodies}
