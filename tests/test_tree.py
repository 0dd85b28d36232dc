"""Folders as they stand on disk: exact names, links and where they lead, nothing outside."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from contentlint.tree import ElsewhereError, Leads, WorkTree, submodule_above


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text("secret", encoding="utf-8")
    site = tmp_path / "site"
    (site / "b" / "c").mkdir(parents=True)
    (site / "b" / "x.md").write_text("x", encoding="utf-8")
    (site / "Z.md").write_text("zed", encoding="utf-8")
    (site / "a.md").write_text("a", encoding="utf-8")
    for name, target in {
        "in.md": "b/x.md",
        "in": "b",
        "out.txt": "../outside/secret.txt",
        "out": "../outside",
        "nowhere": "no/such",
        "itself": "itself",
        "b/c/up": "../..",
        "b/c/here": ".",
    }.items():
        (site / name).symlink_to(target)
    os.mkfifo(site / "pipe")
    (site / "to-pipe").symlink_to("pipe")
    return site


def test_folder_has_entries_by_kind_in_order_of_names(root: Path) -> None:
    folder = WorkTree(root).folder()
    assert list(folder.files) == ["Z.md", "a.md", "in.md", "out.txt"]
    assert folder.files == {"Z.md": None, "a.md": None, "in.md": Leads.INSIDE, "out.txt": Leads.OUTSIDE}
    assert folder.folders == {"b": None, "in": Leads.INSIDE, "out": Leads.OUTSIDE}
    assert folder.broken == {"itself": Leads.NOWHERE, "nowhere": Leads.NOWHERE}


def test_link_to_a_folder_it_lies_in_is_told(root: Path) -> None:
    assert WorkTree(root).folder("b/c").folders == {"here": Leads.ABOVE, "up": Leads.ABOVE}


def test_nothing_outside_is_listed_or_read(root: Path) -> None:
    tree = WorkTree(root)
    assert tree.exists_exact("out.txt")
    assert tree.is_folder("out")
    assert tree.folder("out") == ({}, {}, {})
    for path in ("out.txt", "out/secret.txt", "../outside/secret.txt", "b/../../outside/secret.txt"):
        with pytest.raises(OSError, match=r"out|No such"):
            tree.read(path)
    with pytest.raises(PermissionError):
        tree.signature("out.txt")


def test_reads_whole_or_in_part(root: Path) -> None:
    tree = WorkTree(root)
    assert tree.read("Z.md") == b"zed"
    assert tree.read("Z.md", 2) == b"ze"
    assert tree.read("in/x.md") == tree.read("in.md") == b"x"
    with pytest.raises(FileNotFoundError):
        tree.read("none")
    with pytest.raises(FileNotFoundError):
        tree.read("b")
    with pytest.raises(FileNotFoundError):
        tree.read("pipe")


def test_names_are_exact(root: Path) -> None:
    tree = WorkTree(root)
    assert tree.exists_exact("")
    assert tree.exists_exact("b/c")
    assert tree.is_file("b/x.md")
    assert not tree.exists_exact("B/x.md")
    assert not tree.exists_exact("b/X.md")
    assert not tree.is_file("b")
    assert not tree.is_folder("a.md")
    assert tree.folder("a.md") == ({}, {}, {})


def test_signature_changes_with_the_file(root: Path) -> None:
    tree = WorkTree(root)
    before = tree.signature("a.md")
    assert before == tree.signature("a.md")
    (root / "a.md").write_text("longer", encoding="utf-8")
    after = tree.signature("a.md")
    assert (before.size, after.size) == (1, 6)
    assert before.inode == after.inode


def test_a_folder_is_listed_once(root: Path) -> None:
    tree = WorkTree(root)
    assert not tree.is_file("new.md")
    (root / "new.md").write_text("", encoding="utf-8")
    assert not tree.is_file("new.md")


def test_what_cannot_be_listed_is_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: str) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "scandir", refuse)
    assert WorkTree(tmp_path).folder() == ({}, {}, {})


def test_the_root_may_be_a_link(root: Path) -> None:
    link = root.parent / "link"
    link.symlink_to("site")
    assert WorkTree(link).folder().files["in.md"] is Leads.INSIDE


def test_a_submodule_that_is_not_checked_out_leads_elsewhere(root: Path) -> None:
    for name in ("sub", "b/sub", "full", "other"):
        (root / name).mkdir()
    (root / "full" / "x.md").write_text("x", encoding="utf-8")
    text = '[submodule "a"]\n\tpath = sub\n[submodule "b"]\n  path = "b/sub"\n[submodule "c"]\npath=full\n'
    (root / ".gitmodules").write_text(text, encoding="utf-8")
    tree = WorkTree(root)
    assert {name: leads for name, leads in tree.folder().folders.items() if name in ("sub", "full", "other")} == {
        "full": None,
        "other": None,
        "sub": Leads.ELSEWHERE,
    }
    assert tree.folder("b").folders["sub"] is Leads.ELSEWHERE
    assert tree.folder("sub") == ({}, {}, {})
    assert submodule_above(tree, "sub/x.md") == "sub"
    assert submodule_above(tree, "full/x.md") == ""


def test_a_link_into_a_submodule_that_is_not_checked_out_leads_elsewhere(root: Path) -> None:
    for name in ("sub", "full"):
        (root / name).mkdir()
    (root / "full" / "x.md").write_text("x", encoding="utf-8")
    (root / ".gitmodules").write_text("path = sub\npath = full\n", encoding="utf-8")
    for name, target in (
        ("page.md", "sub/docs/x.md"),
        ("all", "sub"),
        ("there.md", "full/x.md"),
        ("not.md", "full/y.md"),
    ):
        (root / name).symlink_to(target)
    tree = WorkTree(root)
    files, folders, broken = tree.folder()
    assert (files["page.md"], folders["all"]) == (Leads.ELSEWHERE, Leads.ELSEWHERE)
    assert (files["there.md"], broken["not.md"]) == (Leads.INSIDE, Leads.NOWHERE)
    assert tree.folder("all") == ({}, {}, {})
    with pytest.raises(ElsewhereError):
        tree.read("page.md")


def test_what_cannot_be_looked_into_is_no_submodule(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "sub").mkdir()
    (root / ".gitmodules").write_text("path = sub\n", encoding="utf-8")
    listed = os.scandir

    def refuse(path: str) -> Any:
        if path.endswith("/sub"):
            raise PermissionError
        return listed(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuse)
        assert WorkTree(root).folder().folders["sub"] is None

    def fail(*_: object, **__: object) -> bytes:
        raise PermissionError

    monkeypatch.setattr("contentlint.tree.worktree.contents", fail)
    assert WorkTree(root).folder().folders["sub"] is None
