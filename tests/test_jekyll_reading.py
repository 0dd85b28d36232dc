"""Which files are read and as what: patterns, links, media. The recorded cases hold the rest."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contentlint.generators.jekyll import reading
from contentlint.generators.jekyll.patterns import EntryFilter, PathPatterns, fnmatch, glob
from contentlint.generators.jekyll.reading import Role, is_media
from contentlint.generators.jekyll.settings import load
from contentlint.tree import WorkTree


def read(
    root: Path, files: list[str], config: str = "", links: dict[str, str] | None = None, version: int = 4
) -> reading.Inventory:
    (root / "_config.yml").write_text(config, encoding="utf-8")
    for path in files:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("", encoding="utf-8")
    for path, target in (links or {}).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).symlink_to(target)
    tree = WorkTree(root)
    return reading.inventory(tree, load(tree, version=version))


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("*.log", "a/.b.log", "a.logs"),
        ("a?c", "a/c", "ac"),
        ("[ab]x", "bx", "cx"),
        ("[!ab]x", "cx", "ax"),
        ("[^a-c]x", "dx", "bx"),
        ("[a-]x", "-x", "bx"),
        ("[\\]]x", "]x", "\\x"),
        ("[a-\\c]x", "bx", "dx"),
        ("[!]x", "qx", "x"),
        ("a\\*", "a*", "ab"),
        ("{a,b}", "{a,b}", "a"),
        ("**/x", "a/b/x", "x"),
    ],
)
def test_fnmatch(pattern: str, matching: str, other: str) -> None:
    expression = fnmatch(pattern)
    assert expression is not None
    assert re.fullmatch(expression, matching, re.DOTALL)
    assert not re.fullmatch(expression, other, re.DOTALL)


@pytest.mark.parametrize("pattern", ["[a", "[", "[a-"])
def test_a_bracket_that_never_closes_matches_nothing(pattern: str) -> None:
    assert fnmatch(pattern) is None
    assert PathPatterns([pattern]).match(pattern)
    assert not PathPatterns([pattern]).match("a")


@pytest.mark.parametrize("pattern", ["[]]x", "[z-a]x"])
def test_an_empty_class_matches_nothing(pattern: str) -> None:
    assert not re.fullmatch(fnmatch(pattern) or "", "]x")


def test_glob(tmp_path: Path) -> None:
    for path in ("a/x.md", "a/.h/x.md", "a/b/x.md", "a/.y", "c/x.md", "c/z.txt"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("", encoding="utf-8")
    (tmp_path / "a" / "l").symlink_to("../c")
    (tmp_path / "a" / "gone").symlink_to("nowhere")
    tree = WorkTree(tmp_path)
    assert sorted(glob(tree, "", "**/x.md")) == ["a/b/x.md", "a/x.md", "c/x.md"]
    assert sorted(glob(tree, "", "a/*")) == ["a/b", "a/gone", "a/l", "a/x.md"]
    assert sorted(glob(tree, "", "a/*/x.md")) == ["a/b/x.md", "a/l/x.md"]
    assert sorted(glob(tree, "", "a/.*")) == ["a/.h", "a/.y"]
    assert sorted(glob(tree, "a", "./b/**")) == ["b/x.md"]
    assert sorted(glob(tree, "", "{a/b,c}/*.{md,txt}")) == ["a/b/x.md", "c/x.md", "c/z.txt"]
    assert list(glob(tree, "", "[a")) == []


@pytest.mark.parametrize("exclude", ["z/*", "q/", "f/x", "f/", "", "f/a*", "f*"])
def test_where_nothing_is_excluded_ordinary_names_pass(exclude: str) -> None:
    for dotted in (True, False):
        chosen = EntryFilter([".inc"], [exclude], dotted=dotted)
        for base in ("", "f"):
            if not chosen.excludes_in(f"{base}/" if base else ""):
                assert all(chosen.passes(name, base) for name in ("a.md", "x.png", "x"))


def test_ordinary_pictures_are_kept_by_folder(tmp_path: Path) -> None:
    files = [
        "i/a.png",
        "i/B.JPG",
        "i/c.md",
        "i/_d.png",
        "i/e f.png",
        "i/g.h.png",
        "j/k.png",
        "j.l/m.png",
        "n/o.png",
        "n/p.png",
    ]
    found = read(tmp_path, files, "exclude: [n/p*]", {"j/q.png": "k.png"})
    assert {folder: list(names) for folder, names in found.pictures.items()} == {
        "i/": ["B.JPG", "a.png"],
        "n/": ["o.png"],
    }
    static = sorted(source.path for source in found.sources if source.role is Role.STATIC)
    assert static == ["i/e f.png", "i/g.h.png", "j.l/m.png", "j/k.png", "j/q.png"]
    assert sorted(found.paths()) == sorted(["i/a.png", "i/B.JPG", "i/c.md", "n/o.png", *static])


def test_media_are_never_opened(tmp_path: Path) -> None:
    assert [name for name in ("a.PNG", ".png", "a/.png", "png", "a.svg", "a.md") if is_media(name)] == ["a.PNG"]
    found = read(tmp_path, ["a.png", "b.svg", "_c/x.jpg", "_c/y.md", "_posts/2020-01-01-z.png"], "collections: [c]")
    assert [(source.path, source.role) for source in found.sources] == [
        ("_posts/2020-01-01-z.png", Role.POST),
        ("b.svg", Role.CANDIDATE),
        ("_c/x.jpg", Role.DOCUMENT_STATIC),
        ("_c/y.md", Role.DOCUMENT),
    ]


def test_parts(tmp_path: Path) -> None:
    files = [
        "_layouts/a.html",
        "_layouts/noext",
        "_layouts/_x.html",
        "_includes/.h/b",
        "_data/n/c.yml",
        "_data/d.txt",
        "_data/.e.yml",
    ]
    found = read(tmp_path, files, links={"_data/l": "n", "_includes/out": "/etc"})
    assert [(source.path, source.role) for source in found.sources] == [
        ("_layouts/a.html", Role.LAYOUT),
        ("_includes/.h/b", Role.INCLUDE),
        ("_data/l/c.yml", Role.DATA),
        ("_data/n/c.yml", Role.DATA),
    ]


def test_dropped_posts_are_told(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        [
            "_posts/plain.md",
            "_posts/_hidden.md",
            "_posts/2020-01-01-a.md",
            "_drafts/noext",
            "_posts/.h/x.md",
            "_posts/.keep",
            "_data/.h/y.yml",
        ],
    )
    assert [(each.path, each.message, each.fatal) for each in found.problems] == [
        ("_posts/plain.md", "Jekyll drops this file: its name is not YYYY-MM-DD-title.ext", False),
        ("_drafts/noext", "Jekyll drops this file: its name is not title.ext", False),
    ]


def test_links_out_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "2020-01-01-x.md").write_text("", encoding="utf-8")
    links = {
        "d": "../out",
        "f.md": "../out/2020-01-01-x.md",
        "g.png": "../out/2020-01-01-x.md",
        "e/_posts": "../../out",
        ".h.md": "../out/2020-01-01-x.md",
    }
    site = tmp_path / "site"
    site.mkdir()
    found = read(site, [], "include: [.h.md]", links)
    assert [source.path for source in found.sources] == [".h.md", "f.md", "g.png"]
    assert sorted(pattern for pattern, _ in found.surprises) == ["/**", "/.h**", "/d/**", "/f**"]
    (site / "_config.yml").write_text("safe: true\ninclude: [.h.md]", encoding="utf-8")
    tree = WorkTree(site)
    found = reading.inventory(tree, load(tree))
    assert found.sources == []
    assert found.surprises == []


def test_version_3_keeps_names_that_end_with_a_dot(tmp_path: Path) -> None:
    files = ["x.md.", "dir./y.md", "_posts/2020-01-01-a/b.md"]
    config = "include: [.z/q.md]\n"
    assert [source.path for source in read(tmp_path, [*files, ".z/q.md"], config).sources] == [".z/q.md"]
    found = read(tmp_path, [], config, version=3)
    assert [source.path for source in found.sources] == ["_posts/2020-01-01-a/b.md", "dir./y.md", "x.md."]


def test_an_included_file_is_read_once(tmp_path: Path) -> None:
    found = read(tmp_path, ["a.md", "_b.md", "_d/c.md", "_e.png"], "include: [a.md, _b.md, _d/c.md, _d, none, _e.png]")
    assert [source.path for source in found.sources] == ["_d/c.md", "_b.md", "_e.png", "a.md"]
