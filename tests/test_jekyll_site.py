"""Whole sites: what the recorded cases cannot hold, like 3.10's behaviour, hidden items, uncertain dates and collisions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contentlint.assembly.files import Files
from contentlint.generators.jekyll import build as jekyll
from contentlint.generators.jekyll import reading
from contentlint.generators.jekyll.collisions import Clash, collisions
from contentlint.generators.jekyll.extract import Dialect, extract
from contentlint.generators.jekyll.items import Head, Hidden, Item, Kind, front_matter, relative_path
from contentlint.generators.jekyll.problems import Fault
from contentlint.generators.jekyll.settings import Settings, load
from contentlint.tree import WorkTree

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
PAGE = "---\n---\n"


def page(front: str) -> str:
    return f"---\n{front}\n---\n"


def build(
    root: Path,
    files: dict[str, str | bytes],
    version: int = 4,
    modified: Callable[[str], datetime] | None = None,
) -> jekyll.Built:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    tree = WorkTree(root)
    return made(tree, load(tree, version=version, now=NOW), modified)


def made(tree: WorkTree, settings: Settings, modified: Callable[[str], datetime] | None = None) -> jekyll.Built:
    inventory = reading.inventory(tree, settings)
    files = Files(tree, settings, {})
    files.extract(inventory, lambda _stage, _done, _total: None)
    return jekyll.assemble(tree, settings, inventory, files.head, files.document, modified=modified)


def items(built: jekyll.Built) -> list[Item]:
    return [*built.items, *built.pictures]


def urls(built: jekyll.Built) -> dict[str, str]:
    return {item.source or item.url: item.url for item in items(built)}


def outputs(built: jekyll.Built) -> dict[str, str]:
    return {item.source or item.url: item.output for item in items(built)}


def test_hidden_items_are_there_and_say_why(tmp_path: Path) -> None:
    config = "collections: {c: {output: true}, d: {}}\nlimit_posts: 1"
    built = build(
        tmp_path,
        {
            "_config.yml": config,
            "a.md": page("published: false"),
            "_drafts/b.md": PAGE,
            "_posts/2020-01-01-old.md": PAGE,
            "_posts/2020-01-02-new.md": PAGE,
            "_posts/2099-01-01-future.md": PAGE,
            "_posts/2020-01-03-bytes.md": b"\xff",
            "_c/future.md": page("date: 2099-01-01"),
            "_c/no.md": page("published: false"),
            "_c/null.md": page("published: ~"),
            "_d/x.md": PAGE,
        },
    )
    assert {item.source: (item.hidden, item.known) for item in items(built) if not item.published} == {
        "a.md": (Hidden.UNPUBLISHED, False),
        "_drafts/b.md": (Hidden.DRAFT, False),
        "_posts/2020-01-01-old.md": (Hidden.LIMIT, False),
        "_posts/2099-01-01-future.md": (Hidden.FUTURE, False),
        "_posts/2020-01-03-bytes.md": (Hidden.UNREADABLE, False),
        "_c/future.md": (Hidden.FUTURE, True),
        "_c/no.md": (Hidden.UNPUBLISHED, False),
        "_c/null.md": (Hidden.UNPUBLISHED, True),
        "_d/x.md": (Hidden.UNWRITTEN, True),
    }


def test_urls_that_depend_on_the_day_have_a_pattern(tmp_path: Path) -> None:
    built = build(
        tmp_path,
        {
            "_config.yml": "collections: {c: {output: true, permalink: '/:collection/:year/:month_:title/'}}",
            "_drafts/b.md": PAGE,
            "_posts/2020-01-01-zoned.md": page("date: 2020-01-01 23:00:00 +0100"),
            "_posts/2020-01-01-plain.md": page("date: 2020-01-01 23:00"),
            "_posts/2020-01-01-titled.md": page("permalink: /x/:title/"),
            "_posts/2020-01-01-vague.md": page("date: Jan 5"),
            "_c/x.md": PAGE,
        },
    )
    patterns = {item.source: item.pattern for item in items(built)}
    assert patterns == {
        "_drafts/b.md": r"/[^/]+/[^/]+/[^/]+/b\.html",
        "_posts/2020-01-01-zoned.md": r"/[^/]+/[^/]+/[^/]+/zoned\.html",
        "_posts/2020-01-01-plain.md": "",
        "_posts/2020-01-01-titled.md": "",
        "_posts/2020-01-01-vague.md": r"/[^/]+/[^/]+/[^/]+/vague\.html",
        "_c/x.md": "/c/[^/]+/[^/]+_x/",
    }
    assert urls(built)["_c/x.md"] == "/c/2026/06_x/"
    assert built.may_have("/c/2024/02_x/")
    assert not built.may_have("/c/2024/02_y/")
    fixed = build(tmp_path, {"_config.yml": "time: 2026-01-01\ntimezone: UTC\ncollections: [c]"})
    assert [item.source for item in fixed.items if item.pattern] == ["_drafts/b.md", "_posts/2020-01-01-vague.md"]


def test_a_draft_has_the_date_of_its_file(tmp_path: Path) -> None:
    built = build(tmp_path, {"_drafts/b.md": PAGE}, modified=lambda _: datetime(2024, 2, 3, tzinfo=UTC))
    assert urls(built) == {"_drafts/b.md": "/2024/02/03/b.html"}


def test_a_plugin_may_bring_a_placeholder(tmp_path: Path) -> None:
    files = {
        "_config.yml": "plugins: [other]",
        "_posts/2020-01-01-x.md": page("permalink: /n:number/:title"),
        "_posts/2020-01-01-y.md": page("permalink: /n:number_:title"),
    }
    built = build(tmp_path, files)
    assert not built.problems
    assert urls(built) == {"_posts/2020-01-01-x.md": "/n/x", "_posts/2020-01-01-y.md": "/n_y"}
    assert [item.pattern for item in items(built)] == ["/n.*/x", "/n.*_y"]
    assert built.may_have("/n5/x") == "the plugin other may add pages"


def test_every_ruby_object_answers_to_some_placeholders(tmp_path: Path) -> None:
    built = build(tmp_path, {"_posts/2020-01-01-x.md": page("permalink: /:class/:title")})
    assert urls(built) == {"_posts/2020-01-01-x.md": "/x"}


def test_reads_what_lies_in_a_source_folder(tmp_path: Path) -> None:
    files = {"_config.yml": "source: s", "s/a.md": page("x: 1"), "s/_data/d.yml": "y: 2", "s/_layouts/l.html": "- x"}
    built = build(tmp_path, files)
    assert urls(built) == {"a.md": "/a.html"}
    assert built.data.values == {"d": {"y": 2}}
    assert built.data.files == {("d",): "_data/d.yml"}
    assert not built.problems


def test_data_nests_and_later_kinds_win(tmp_path: Path) -> None:
    built = build(
        tmp_path,
        {
            "_data/a.yml": "1",
            "_data/a.json": "[2]",
            "_data/a.csv": "x,y\n1,2\n",
            "_data/b.yml": "gone",
            "_data/b/c d.tsv": "x\ty\n1\t2\n",
            "_data/b/e.yml": b"\xff",
        },
    )
    assert built.data.values == {"a": [{"x": "1", "y": "2"}], "b": {"c_d": [{"x": "1", "y": "2"}], "e": None}}
    assert built.data.files == {("a",): "_data/a.csv", ("b", "c_d"): "_data/b/c d.tsv", ("b", "e"): "_data/b/e.yml"}
    assert [(each.path, each.fault, each.fatal) for each in built.problems] == [("_data/b/e.yml", Fault.DATA, True)]


def test_what_vanishes_between_listing_and_reading(tmp_path: Path) -> None:
    (tmp_path / "_data").mkdir()
    for path in ("a.md", "_data/d.yml"):
        (tmp_path / path).write_text(PAGE, encoding="utf-8")
    tree = WorkTree(tmp_path)
    tree.folder()
    tree.folder("_data")
    for path in ("a.md", "_data/d.yml"):
        (tmp_path / path).unlink()
    built = made(tree, load(tree, now=NOW))
    assert [(item.source, item.kind) for item in items(built)] == [("a.md", Kind.STATIC)]
    assert built.data.values == {"d": None}


def head(raw: bytes, encoding: str = "utf-8", *, whole: bool = False) -> Head:
    return extract(raw, Dialect(encoding), whole=whole).head


def test_head() -> None:
    assert head(b"---\ndate: 2020-01-01\nq: {r: 2020-01-01}\n---\n").stamps == {"date"}
    assert head(b"---\na: [\n---\n").error
    assert head("---\na: é\n---\n".encode("latin-1"), "iso-8859-1").data == {"a": "é"}
    assert not head(b"---\n\xff\n---\n").decodable
    assert head(b"a: 1\n", whole=True).data == {"a": 1}


def test_a_picture_that_something_else_is_written_to_is_one_of_the_items(tmp_path: Path) -> None:
    files = {"a.md": page("permalink: /i/x.png"), "i/x.png": "", "i/y.png": "", "i/w.txt": ""}
    built = build(tmp_path, files)
    assert [item.source for item in built.items] == ["a.md", "i/w.txt", "i/x.png"]
    assert [item.url for item in built.pictures] == ["/i/y.png"]
    assert len(built.pictures) == 1
    assert built.pictures.get("i/y.png") == Item("i/y.png", Kind.STATIC, "/i/y.png", "i/y.png")
    assert built.pictures.get("i/x.png") is None
    assert clashes(built) == [(Clash.SAME, "i/x.png", ["a.md", "i/x.png"])]


@pytest.mark.parametrize(
    ("config", "version", "items"),
    [
        ("defaults: [{scope: {path: i}, values: {published: false}}]", 4, ["i/x.png"]),
        ("defaults: [{scope: {path: i}, values: {published: false}}]", 3, []),
        ("markdown_ext: png\nplugins: [jekyll-optional-front-matter]", 4, ["i/x.png", "i/x.png"]),
    ],
)
def test_pictures_that_settings_make_more_of(config: str, version: int, items: list[str], tmp_path: Path) -> None:
    built = build(tmp_path, {"_config.yml": config, "i/x.png": ""}, version)
    assert [item.source for item in built.items] == items
    assert len(built.pictures) == (not items)


def test_an_included_picture_is_read_once(tmp_path: Path) -> None:
    built = build(tmp_path, {"_config.yml": "include: [i/x.png]", "i/x.png": ""})
    assert [item.source for item in items(built)] == ["i/x.png"]


def test_front_matter_with_defaults(tmp_path: Path) -> None:
    config = "collections_dir: k\ncollections: {c: {output: true}}\ndefaults: [{scope: {path: '_c', type: c}, values: {a: 1}}, {scope: {path: '', type: pages}, values: {b: 2}}]"
    built = build(tmp_path, {"_config.yml": config, "k/_c/x.md": PAGE, "y.md": PAGE, "z.txt": ""})
    merged = {item.source: front_matter(built.settings, item, {"own": 1}) for item in items(built)}
    assert merged == {"k/_c/x.md": {"a": 1, "own": 1}, "y.md": {"b": 2, "own": 1}, "z.txt": {"own": 1}}
    assert {item.source: relative_path(built.settings, item) for item in items(built)}["k/_c/x.md"] == "_c/x.md"


def test_version_3(tmp_path: Path) -> None:
    built = build(
        tmp_path,
        {
            "_config.yml": "permalink: weekdate\ncollections: {c: {permalink: /:collection/:path/}}\n"
            "defaults: [{scope: {path: d}, values: {permalink: /p/:basename/}}, {scope: {path: 'e*'}, values: {permalink: /q/}}]",
            "s..md": PAGE,
            "j...png": "",
            "x%20y.txt": "",
            "d/a.md": PAGE,
            "dx.md": PAGE,
            "e/a.md": PAGE,
            "ex.md": PAGE,
            "_c/a b/i.m.png": "",
            "_c/n..md": PAGE,
            "_posts/2020-01-01-x.md": PAGE,
            "_posts/2020-01-02-y.md": page("permalink: /:short_day/"),
            "a.scss": PAGE,
        },
        version=3,
    )
    assert urls(built) == {
        "s..md": "/s.",
        "j...png": "/j...png",
        "x%20y.txt": "/x%20y.txt",
        "d/a.md": "/p/a/",
        "dx.md": "/dx",
        "e/a.md": "/q/",
        "ex.md": "/q/",
        "_c/a b/i.m.png": "/c/a%20b/i.m.png",
        "_c/n..md": "/c/n",
        "_posts/2020-01-01-x.md": "/weekdate",
        "_posts/2020-01-02-y.md": "/_posts/2020-01-02-y.md",
        "a.scss": "/a.css",
    }
    assert outputs(built)["x%20y.txt"] == "x%20y.txt"
    assert outputs(built)["_c/a b/i.m.png"] == "c/a%20b/i.m.png"
    assert [item.published for item in items(built) if item.source == "_c/a b/i.m.png"] == [True]
    assert [problem.path for problem in built.problems if problem.fatal] == ["_posts/2020-01-02-y.md"]


def test_version_3_hides_files_of_collections_only(tmp_path: Path) -> None:
    config = "collections: [c]\ndefaults: [{values: {published: false}}]"
    built = build(tmp_path, {"_config.yml": config, "_c/x.png": "", "y.png": "", "%7A.txt": ""}, version=3)
    assert {item.source: item.hidden for item in items(built)} == {
        "_c/x.png": Hidden.UNPUBLISHED,
        "y.png": Hidden.NO,
        "%7A.txt": Hidden.NO,
    }
    assert outputs(built)["%7A.txt"] == "%7A.txt"


def test_version_3_keeps_plugins_from_files_of_collections(tmp_path: Path) -> None:
    config = "collections: [c]\nplugins: [jekyll-optional-front-matter, jekyll-readme-index]"
    files = {"_config.yml": config, "_c/x.md": "", "_c/README.md": "", "y.md": ""}
    assert sorted(item.url for item in build(tmp_path, files, version=3).items) == [
        "/c/README.md",
        "/c/x.md",
        "/y.html",
        "/y.md",
    ]


@pytest.mark.parametrize(
    ("front", "says"),
    [
        ("permalink: 5", "text"),
        ("permalink: ''", "empty"),
        ("permalink: /%00", "null byte"),
        ("- a", "mapping"),
        ("permalink: [a]", "text"),
    ],
)
def test_a_page_that_fails_still_has_a_place(tmp_path: Path, front: str, says: str) -> None:
    built = build(tmp_path, {"p.md": page(front)})
    assert urls(built)["p.md"].startswith("/p")
    (problem,) = built.problems
    assert problem.fatal
    assert says in problem.message
    assert problem.key == (() if front == "- a" else ("permalink",))


def test_what_the_config_breaks_is_said_once_and_there(tmp_path: Path) -> None:
    config = "collections: {c: {output: true, permalink: ~}}\n"
    built = build(tmp_path, {"_config.yml": config, "d/%00.txt": "", "_c/x.png": "", "_c/y.txt": "", "_c/z.md": PAGE})
    assert [(problem.path, problem.key, config[problem.start : problem.end]) for problem in built.problems] == [
        ("d/%00.txt", (), ""),
        ("_config.yml", ("collections", "c", "permalink"), "~"),
    ]
    config = "permalink: /:nonsense/:title\ndefaults: [{scope: {path: d}, values: {permalink: '/x#y'}}]"
    files = {
        "_config.yml": config,
        "_posts/2020-01-01-a.md": PAGE,
        "_posts/2020-01-02-a.md": PAGE,
        "d/a.md": PAGE,
        "d/b.md": PAGE,
    }
    built = build(tmp_path / "other", files)
    assert [(problem.path, config[problem.start : problem.end], problem.fatal) for problem in built.problems] == [
        ("_config.yml", "/:nonsense/:title", True),
        ("_config.yml", "/x#y", False),
    ]


@pytest.mark.parametrize(
    ("path", "front", "says"),
    [
        ("_posts/2020-01-01-a.md", "permalink: ''", "root of the site"),
        ("a.md", "permalink: pretty", "the URL is /pretty"),
        ("a.md", "permalink: https://example.org/a/", "folders"),
        ("a.md", "permalink: /a#b", "with # in it"),
        ("_posts/2020-01-01-a.md", "permalink: /a?b", "with ? in it"),
        ("a.md", "permalink: /:year_:basename/", ":year as it is"),
        ("a.md", "permalink: /:basename/:path", ""),
        ("a.md", "permalink: /Help:contents", ""),
        ("_posts/2020-01-01-a.md", "permalink: /:year_:title/", ""),
    ],
)
def test_permalinks_that_go_wrong_without_a_word(tmp_path: Path, path: str, front: str, says: str) -> None:
    problems = build(tmp_path, {path: page(front)}).problems
    assert [problem.key for problem in problems] == [("permalink",)] * bool(says)
    assert not says or says in problems[0].message
    assert not any(problem.fatal for problem in problems)


def test_a_name_that_no_url_can_have(tmp_path: Path) -> None:
    built = build(tmp_path, {"1:2.md": PAGE})
    assert urls(built) == {"1:2.md": "/1:2.md"}
    assert [(problem.key, problem.fatal) for problem in built.problems] == [((), True)]


def test_an_unpublished_page_fails_no_build(tmp_path: Path) -> None:
    built = build(
        tmp_path, {"a.md": page("permalink: 5\npublished: false"), "b.md": page("permalink: ''\npublished: false")}
    )
    assert [(problem.path, problem.fatal) for problem in built.problems] == [("a.md", False), ("b.md", True)]


def test_layouts_are_read_like_pages(tmp_path: Path) -> None:
    built = build(
        tmp_path,
        {
            "_layouts/a.html": page("- a"),
            "_layouts/b.html": page("permalink: ''"),
            "_layouts/c.html": b"\xff",
            "_layouts/d.html": page("a: b: c"),
            "_layouts/e.html": page("layout: x"),
        },
    )
    assert [problem.path for problem in built.problems] == ["_layouts/a.html", "_layouts/b.html", "_layouts/c.html"]


def clashes(built: jekyll.Built) -> list[tuple[Clash, str, list[str]]]:
    found = collisions(built.items)
    return [(each.clash, each.output, [item.source or item.url for item in each.items]) for each in found]


def test_same_file(tmp_path: Path) -> None:
    files = {
        "a.md": PAGE,
        "a.html": "",
        "b.md": page("permalink: /a.html"),
        "c.md": page("published: false\npermalink: /a.html"),
    }
    assert clashes(build(tmp_path, files)) == [(Clash.SAME, "a.html", ["a.md", "b.md", "a.html"])]


def test_generated_files_collide_with_files_only(tmp_path: Path) -> None:
    config = "plugins: [jekyll-archives]\njekyll-archives: {enabled: [tags]}"
    files = {"_config.yml": config, "_posts/2020-01-01-a.md": page("tags: [c, C++]")}
    assert clashes(build(tmp_path, files)) == []
    files["t.md"] = page("permalink: /tag/c/")
    assert [(clash, output) for clash, output, _ in clashes(build(tmp_path, files))] == [
        (Clash.SAME, "tag/c/index.html")
    ]


def test_case(tmp_path: Path) -> None:
    files = {"a.md": page("permalink: /X/"), "b.md": page("permalink: /x/"), "s.txt": "", "S.txt": ""}
    assert clashes(build(tmp_path, files)) == [(Clash.CASE, "X/index.html", ["a.md", "b.md"])]


def test_redirects_in_several_spellings_are_meant(tmp_path: Path) -> None:
    files = {
        "_config.yml": "plugins: [jekyll-redirect-from]",
        "a.md": page("redirect_from: [/Old, /old]"),
        "b.md": PAGE,
    }
    assert clashes(build(tmp_path, files)) == []
    files["b.md"] = page("redirect_from: /OLD")
    assert [clash for clash, _, _ in clashes(build(tmp_path, files))] == [Clash.CASE]


def test_file_and_folder(tmp_path: Path) -> None:
    files = {"a": "", "b.md": page("permalink: /a/"), "c/d/e.txt": "", "c.md": page("permalink: /c/d")}
    assert clashes(build(tmp_path, files)) == [(Clash.FOLDER, "a", ["a", "b.md"])]


def test_redirects(tmp_path: Path) -> None:
    files = {
        "_config.yml": "plugins: [jekyll-redirect-from]",
        "a.md": page("redirect_from: [/b.html, /one/, /one/]"),
        "b.md": PAGE,
        "c.md": page("redirect_from: /two"),
        "d.md": page("redirect_from: /two"),
        "e.md": page("redirect_to: /f"),
        "f.md": page("redirect_to: /e.html?x#y"),
        "g.md": page("redirect_to: /b.html"),
        "h.md": page("redirect_to: https://example.org/"),
        "i.md": page("redirect_from: /i.html"),
        "j.md": page("redirect_to: [a]"),
        "k.md": page("redirect_to: /k/"),
        "k/index.md": page("redirect_to: /e"),
    }
    built = build(tmp_path, files)
    assert clashes(built) == [
        (Clash.REDIRECT, "b.html", ["b.md", "/b.html"]),
        (Clash.REDIRECT, "i.html", ["i.md", "/i.html"]),
        (Clash.REDIRECT, "two.html", ["/two", "/two"]),
        (Clash.LOOP, "e.html", ["e.md", "f.md"]),
        (Clash.LOOP, "i.html", ["/i.html"]),
    ]
    redirect = next(item for item in items(built) if item.url == "/one/")
    assert (redirect.kind, redirect.source, redirect.origin, redirect.key, redirect.target) == (
        Kind.REDIRECT,
        None,
        "a.md",
        ("redirect_from", 1),
        "/a.html",
    )


def test_redirects_that_fail(tmp_path: Path) -> None:
    files = {
        "_config.yml": "plugins: [jekyll-redirect-from]",
        "a.md": page("redirect_from: [{a: b}, 5]"),
        "b.md": page("redirect_to: 5"),
        "c.md": page("redirect_from: /%00"),
        "_posts/2020-01-01-p.md": page("redirect_to: {a: b}"),
    }
    built = build(tmp_path, files)
    assert sorted((problem.path, problem.key) for problem in built.problems) == [
        ("_posts/2020-01-01-p.md", ("redirect_to",)),
        ("a.md", ("redirect_from",)),
        ("a.md", ("redirect_from",)),
        ("b.md", ("redirect_to",)),
        ("c.md", ("redirect_from",)),
    ]


def test_items_are_written_in_jekylls_order(tmp_path: Path) -> None:
    files = {
        "_config.yml": "collections: {c: {output: true}, posts: {}}",
        "z/a.md": PAGE,
        "b.md": PAGE,
        "y.txt": "",
        "x/z.txt": "",
        "_posts/2020-01-02-b.md": PAGE,
        "_posts/2020-01-01-c.md": PAGE,
        "_c/x.md": PAGE,
    }
    assert [item.source for item in build(tmp_path, files).items] == [
        "z/a.md", "b.md", "x/z.txt", "y.txt", "_posts/2020-01-01-c.md", "_posts/2020-01-02-b.md", "_c/x.md",
    ]  # fmt: skip


def test_github_pages_may_build_what_does_not_say_so(tmp_path: Path) -> None:
    files = {"README.md": "# R", "docs/guide.md": "# G", "docs/index.md": "# I", "x.md": PAGE}
    built = build(tmp_path, files)
    assert sorted(url for url, _ in built.surprises) == ["/", "/docs/", "/docs/guide.html"]
    assert built.may_have("/docs/guide.html") == "GitHub Pages would make a page of it"
    assert "/docs/guide.html" not in urls(built).values()
    with_gemfile = {**files, "Gemfile": 'gem "jekyll"'}
    assert build(tmp_path, with_gemfile).surprises == ()
    workflow = {".github/workflows/x.yml": "uses: actions/jekyll-build-pages@v1", ".github/workflows/y.txt": ""}
    assert len(build(tmp_path, workflow).surprises) == 3
    plugins = {"_config.yml": "plugins: [jekyll-optional-front-matter]"}
    assert [url for url, _ in build(tmp_path, plugins).surprises] == ["/"]
    assert build(tmp_path, {"_plugins/tag.rb": "Liquid::Tag"}).surprises == ()


MALFORMED: dict[str, tuple[dict[str, str | bytes], str]] = {
    "a name": ({"_config.yml": "plugins: [jekyll-optional-front-matter]", "1:2.md": ""}, "1:2.md"),
    "a feed": ({"_config.yml": "plugins: [jekyll-feed]\nfeed: {path: '1:2.xml'}"}, "_config.yml"),
    "a zero byte in a feed": ({"_config.yml": 'plugins: [jekyll-feed]\nfeed: {path: "a\\0.xml"}'}, "_config.yml"),
    "an archive": (
        {
            "_config.yml": 'plugins: [jekyll-archives]\njekyll-archives: {enabled: [tags], permalinks: {tag: "/a\\0/:name/"}}',
            "_posts/2024-01-01-a.md": page("tags: [a]"),
        },
        "_config.yml",
    ),
    "the other pages of an index": (
        {
            "_config.yml": 'plugins: [jekyll-paginate]\npaginate: 1\npaginate_path: "/p:num\\0"',
            "index.html": PAGE,
            "_posts/2024-01-01-a.md": PAGE,
            "_posts/2024-01-02-b.md": PAGE,
        },
        "_config.yml",
    ),
    "a sitemap": (
        {
            "_config.yml": 'plugins: [jekyll-sitemap]\ndefaults: [{scope: {path: sitemap.xml}, values: {permalink: "/\\0"}}]'
        },
        "_config.yml",
    ),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_what_plugins_cannot_make_an_address_of_fails_the_build(tmp_path: Path, case: str) -> None:
    files, blamed = MALFORMED[case]
    (problem,) = build(tmp_path, files).problems
    assert (problem.path, problem.fatal) == (blamed, True)
    assert problem.message.startswith("the build fails: ")


def test_what_only_plugins_cannot_make_an_address_of_is_no_problem_without_them(tmp_path: Path) -> None:
    assert build(tmp_path, {"1:2.md": "", "1:2/README.md": ""}).problems == []


def test_an_item_needs_only_what_it_is() -> None:
    assert Item(None, Kind.STATIC, "/a", "a").published
