"""The site as git has it: the same entries and bytes as a checkout of it, and what only git knows."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from contentlint.tree import ElsewhereError, Leads, TooLargeError, WorkTree, index, repository, submodule_above
from contentlint.tree.git import GitTree, committed, fork_point, staged
from contentlint.tree.repository import GitError, Repository

pytestmark = pytest.mark.usefixtures("alone")


def run_git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    return done.stdout.decode("utf-8", "surrogateescape").strip()


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A new repository."""
    folder = tmp_path / "top"
    folder.mkdir()
    run_git(folder, "init")
    return folder


def lay_out(top: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text, encoding="utf-8")


def commit(top: Path, files: Mapping[str, str], message: str = "Change") -> str:
    lay_out(top, files)
    run_git(top, "add", "--all")
    run_git(top, "commit", "--allow-empty", "--message", message)
    return run_git(top, "rev-parse", "HEAD")


def whole(tree: WorkTree | GitTree) -> dict[str, object]:
    """Everything that a tree shows of folders that git knows, and the bytes of every file."""
    shown: dict[str, object] = {}

    def look(path: str, depth: int) -> None:
        folder = tree.folder(path)
        shown[path] = tuple(list(each.items()) for each in folder)
        prefix = path + "/" if path else ""
        for name in folder.files:
            try:
                shown[prefix + name] = tree.read(prefix + name)
            except OSError as error:
                shown[prefix + name] = type(error)
        for name, leads in folder.folders.items():
            assert tree.is_folder(prefix + name)
            if leads is not Leads.ABOVE and depth < 5:
                look(prefix + name, depth + 1)

    look("", 0)
    return shown


NAMES = ("a", "b", "é", "e\u0301", "A.md", "x y", 'q"\t', "new\nline", "\udcff")
TARGETS = ("a", "b", "../a", "./b/../a", "../..", ".", "a/b", "/nowhere", "../site", "../../out", "../beside", "b/a/..")


@given(
    files=st.dictionaries(
        st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map("/".join),
        st.sampled_from(["", "x", "y\n"]),
        max_size=8,
    ),
    links=st.dictionaries(
        st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map("/".join), st.sampled_from(TARGETS), max_size=5
    ),
    version=st.sampled_from([2, 3, 4]),
)
@example(files={}, links={"a": "b/a/..", "b/a": "/nowhere"}, version=2)
@settings(
    max_examples=settings.default.max_examples // 6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_checkout_shows_the_same(tmp_path: Path, files: dict[str, str], links: dict[str, str], version: int) -> None:
    top = tmp_path / "top"
    shutil.rmtree(top, ignore_errors=True)
    (top / "site").mkdir(parents=True)
    run_git(top, "init", "--quiet")
    (top / "beside").write_text("not the project's", encoding="utf-8")
    (tmp_path / "out").mkdir(exist_ok=True)
    for path, made in [*files.items(), *links.items()]:
        full = f"{top}/site/{path}"
        try:
            os.makedirs(os.path.dirname(full), exist_ok=True)
            if path in links and path not in files:
                os.symlink(made, full)
            else:
                with open(full, "x", encoding="utf-8") as file:
                    file.write(made)
        except OSError:
            continue  # one lies in the way of another
    _remove_empty(top / "site")
    run_git(top, "add", "--all")
    run_git(top, "update-index", "--index-version", str(version))
    run_git(top, "commit", "--quiet", "--allow-empty", "--message", "all")
    (top / "site").mkdir(exist_ok=True)
    expected = whole(WorkTree(top / "site"))
    with closing(staged(str(top / "site")).tree) as tree:
        assert whole(tree) == expected
    with closing(committed(str(top / "site"), "HEAD")) as tree:
        assert whole(tree) == expected
        shutil.rmtree(top / "site")
        (top / "site").mkdir()
        assert {path: each for path, each in whole(tree).items() if isinstance(each, bytes)} == {
            path: each for path, each in expected.items() if isinstance(each, bytes)
        }


def _remove_empty(folder: Path) -> None:
    """Git keeps no empty folders."""
    for path, _, _ in os.walk(folder, topdown=False):
        if path != str(folder) and not os.listdir(path):
            os.rmdir(path)


# -- the index file -----------------------------------------------------------------------------------------------------


def listed(top: Path) -> dict[str, tuple[int, str]]:
    """What git itself says is staged."""
    found = {}
    for row in run_git(top, "ls-files", "--stage", "-z").split("\0")[:-1]:
        about, _, name = row.partition("\t")
        mode, id_, _ = about.split(" ")
        found[name] = int(mode, 8), id_
    return found


@pytest.mark.parametrize("version", [2, 3, 4])
@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_every_version_of_the_index_is_read_without_git(
    tmp_path: Path, version: int, algorithm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = tmp_path / "top"
    top.mkdir()
    run_git(top, "init", f"--object-format={algorithm}")
    run_git(top, "config", "index.version", str(version))
    long = "/".join(["a" * 200] * 21)
    lay_out(top, {"a.md": "a", "ab.md": "", "abc/d.md": "d", "new\nline": "n", "z": "z"})
    run_git(top, "add", "--all")
    run_git(top, "update-index", "--add", "--cacheinfo", f"100644,{run_git(top, 'rev-parse', ':z')},{long}")
    run_git(top, "update-index", "--index-version", str(version))
    if version == 3:
        run_git(top, "update-index", "--skip-worktree", "ab.md")
    expected = listed(top)
    monkeypatch.setattr(index, "_told", None)
    found = index.read(repository.find(str(top)))
    assert found.entries == expected
    assert found.conflicts == []
    run_git(top, "commit", "--message", "All")
    with closing(committed(str(top), "HEAD")) as tree:
        assert tree.entries == expected
        (top / "a.md").write_text("other", encoding="utf-8")
        assert tree.read("a.md") == b"a"
        assert tree.read("new\nline", 2) == b"n"


@pytest.mark.parametrize(
    "change", [("--split-index",), ("--force-write-index",), ("--fsmonitor",), ("--untracked-cache",)]
)
def test_extensions_of_the_index_change_nothing(top: Path, change: tuple[str, ...]) -> None:
    commit(top, {"a.md": "a", "b.md": "b"})
    expected = listed(top)
    run_git(top, "update-index", *change)
    assert index.read(repository.find(str(top))).entries == expected


def test_an_index_without_checksum_is_told_by_git(top: Path) -> None:
    commit(top, {"a.md": "a"})
    expected = listed(top)
    path = top / ".git/index"
    path.write_bytes(path.read_bytes()[:-20] + bytes(20))  # as `index.skipHash` leaves it
    assert index.read(repository.find(str(top))).entries == expected


def test_what_is_no_index_is_none() -> None:
    for data in (b"", b"DIRC", b"DIRC\0\0\0\x09\0\0\0\0", b"NONE\0\0\0\x02\0\0\0\0"):
        assert index._parsed(data + hashlib.sha1(data, usedforsecurity=False).digest()) is None
        assert index._parsed(data) is None


def test_a_new_repository_has_nothing_staged(top: Path) -> None:
    assert index.read(repository.find(str(top))).entries == {}


def test_identities_change_with_what_is_staged(top: Path) -> None:
    commit(top, {"a.md": "a", "b.md": "b"})
    tree = staged(str(top)).tree
    content, blob = tree.content, tree.blob("a.md")
    (top / "a.md").write_text("a", encoding="utf-8")
    os.utime(top / "a.md", (1, 1))
    run_git(top, "update-index", "--refresh")
    assert staged(str(top)).tree.content == content
    lay_out(top, {"a.md": "other"})
    run_git(top, "add", "a.md")
    later = staged(str(top)).tree
    assert later.content != content
    assert later.blob("a.md") != blob
    assert later.blob("b.md") == tree.blob("b.md")
    (top / "b.md").chmod(0o755)
    run_git(top, "add", "b.md")
    assert staged(str(top)).tree.blob("b.md").mode == 0o100755


# -- when a file was changed --------------------------------------------------------------------------------------------


def test_dates_are_those_of_the_disk_or_of_the_commit(top: Path) -> None:
    commit(top, {"a.md": "a", "b.md": "b"})
    os.utime(top / "a.md", (1_000, 1_000))
    (top / "b.md").unlink()
    tree = staged(str(top)).tree
    assert tree.signature("a.md").modified == 1_000 * 10**9
    assert abs(tree.signature("b.md").modified - time.time_ns()) < 60 * 10**9
    with pytest.raises(FileNotFoundError):
        tree.signature("none.md")
    when = int(run_git(top, "show", "--no-patch", "--format=%ct", "HEAD"))
    with closing(committed(str(top), "HEAD")) as old:
        assert old.signature("a.md").modified == when * 10**9


# -- repositories -------------------------------------------------------------------------------------------------------


def test_the_usual_repository_is_found_without_git(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (top / "deep").mkdir()
    monkeypatch.setattr(repository, "_done", None)
    assert repository.find(str(top / "deep")) == Repository(str(top.resolve()), f"{top.resolve()}/.git/index")


@pytest.mark.parametrize("setting", [("core.worktree", ".."), ("include.path", "other")])
def test_an_unusual_repository_is_found_by_git(top: Path, setting: tuple[str, str]) -> None:
    run_git(top, "config", *setting)
    assert not repository._is_usual(str(top / ".git"))
    assert repository.find(str(top)).top == str(top.resolve())


def test_a_folder_beside_the_repository_is_refused(top: Path, tmp_path: Path) -> None:
    found = repository.find(str(top))
    with pytest.raises(GitError, match="lies outside the git work tree"):
        found.path_of(str(tmp_path))
    with pytest.raises(GitError, match="lies outside the git work tree"):
        found.path_of(str(tmp_path / "topple"))


def test_inside_the_store_there_is_no_work_tree(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", "/")
    with pytest.raises(GitError, match="not in the work tree"):
        repository.find(str(top / ".git"))


def test_gits_own_words_are_passed_on(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> subprocess.CompletedProcess[bytes]:
        said = b"fatal: detected dubious ownership in repository at '/x'\nTo add an exception:\n\n\tgit config --global --add safe.directory /x\n"
        return subprocess.CompletedProcess([], 128, b"", said)

    monkeypatch.setattr(repository, "_done", refuse)
    with pytest.raises(GitError, match="git says: detected dubious ownership") as caught:
        repository.output(str(top), "status")
    assert caught.value.help == "git config --global --add safe.directory /x"
    monkeypatch.setattr(repository, "_done", lambda *_: subprocess.CompletedProcess([], 3, b"", b""))
    with pytest.raises(GitError, match="git leaves with 3"):
        repository.output(str(top), "status")


def test_nothing_of_the_repository_is_run(top: Path, tmp_path: Path) -> None:
    commit(top, {"a.md": "a"})
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/caught\n", encoding="utf-8")
    trap.chmod(0o755)
    for name in (
        "core.fsmonitor",
        "diff.external",
        "core.pager",
        "core.sshCommand",
        "filter.x.smudge",
        "filter.x.clean",
    ):
        run_git(top, "config", name, str(trap))
    (top / ".gitattributes").write_text("* filter=x\n", encoding="utf-8")
    (top / "a.md").write_text("changed", encoding="utf-8")
    run_git(top, "-c", "core.fsmonitor=false", "update-index", "--split-index")
    (tmp_path / "caught").unlink(missing_ok=True)
    with closing(staged(str(top)).tree) as tree:
        assert tree.read("a.md") == b"a"
    with closing(committed(str(top), fork_point(str(top), "main"))) as tree:
        assert tree.read("a.md") == b"a"
    assert not (tmp_path / "caught").exists()


# -- what is kept elsewhere ---------------------------------------------------------------------------------------------


def test_a_submodule_is_a_folder_that_leads_elsewhere(top: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    run_git(other, "init")
    commit(other, {"x.md": "x"})
    run_git(top, "submodule", "add", str(other), "sub")
    commit(top, {"a.md": "a"})
    (top / "in").symlink_to("sub/x.md")
    (top / "sub-in").symlink_to("sub")
    run_git(top, "add", "--all")
    with closing(staged(str(top)).tree) as tree:
        assert tree.folder().folders == {"sub": Leads.ELSEWHERE, "sub-in": Leads.ELSEWHERE}
        assert tree.folder().files["in"] is Leads.ELSEWHERE
        with pytest.raises(ElsewhereError):
            tree.read("in")
        assert tree.folder("sub") == ({}, {}, {})
        assert set(tree.paths) == {".gitmodules", "a.md", "in", "sub-in"}
        assert submodule_above(tree, "sub/deep/x.md") == "sub"
        assert submodule_above(tree, "subs/x.md") == ""


def test_what_is_not_in_the_clone_is_never_fetched(top: Path, tmp_path: Path) -> None:
    run_git(top, "config", "uploadpack.allowFilter", "true")
    commit(top, {"a.md": "a", "deep/b.md": "b"})
    clone = tmp_path / "clone"
    run_git(tmp_path, "clone", "--filter=blob:none", "--sparse", f"file://{top}", str(clone))
    with closing(staged(str(clone)).tree) as tree:
        assert tree.read("a.md") == b"a"
        for _ in range(2):
            with pytest.raises(ElsewhereError):
                tree.read("deep/b.md")
        assert tree.absent == ["deep/b.md", "deep/b.md"]
        assert tree.is_file("deep/b.md")


def test_an_object_that_is_gone_is_not_there(top: Path) -> None:
    commit(top, {"a.md": "a"})
    id_ = run_git(top, "rev-parse", ":a.md")
    (top / "a.md").unlink()
    (top / ".git/objects" / id_[:2] / id_[2:]).unlink()
    with closing(staged(str(top)).tree) as tree, pytest.raises(ElsewhereError):
        tree.read("a.md")


def test_a_repository_without_packs_is_whole(top: Path) -> None:
    commit(top, {"a.md": "a"})
    (top / "a.md").unlink()
    shutil.rmtree(top / ".git/objects/pack")
    with closing(staged(str(top)).tree) as tree:
        assert tree.read("a.md") == b"a"


def test_git_that_stops_is_told(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(top, {"a.md": "a"})
    (top / "a.md").unlink()
    monkeypatch.setattr("contentlint.tree.objects._local", lambda _: None)
    monkeypatch.setattr(repository, "command", lambda *_: ["cat"])
    with closing(staged(str(top)).tree) as tree, pytest.raises(GitError, match="git has stopped"):
        tree.read("a.md")
    monkeypatch.setattr(repository, "command", lambda *_: ["true"])
    with closing(staged(str(top)).tree) as tree:
        for _ in range(2):
            with pytest.raises(GitError, match="git has stopped"):
                tree.read("a.md")
            time.sleep(0.1)
    monkeypatch.setattr(repository, "command", lambda *_: ["/no/such/git"])
    with closing(staged(str(top)).tree) as tree, pytest.raises(GitError, match="git cannot be started"):
        tree.read("a.md")


def test_links_may_be_absolute(top: Path) -> None:
    commit(top, {"site/a.md": "a", "beside.md": "b"})
    for name, target in {
        "in.md": top / "site/a.md",
        "here": top / "site",
        "beside.md": top / "beside.md",
        "top": top,
        "none.md": top / "none.md",
        "out": Path("/"),
        "nowhere": Path("/no/such"),
    }.items():
        (top / "site" / name).symlink_to(target)
    (top / "site/new").mkdir()
    (top / "site/new/link").symlink_to("/" + "x" * 300)
    run_git(top, "add", "--all")
    with closing(staged(str(top / "site")).tree) as tree:
        assert whole(tree) == whole(WorkTree(top / "site"))
        assert tree.is_folder("")


def test_links_may_lead_above_the_repository(top: Path) -> None:
    (top.parent / "beyond.md").write_text("b")
    commit(top, {"site/a.md": "a"})
    for name, target in {"out.md": "../../beyond.md", "again": "../../top", "none.md": "../../none.md"}.items():
        (top / "site" / name).symlink_to(target)
    run_git(top, "add", "--all")
    with closing(staged(str(top / "site")).tree) as tree:
        assert whole(tree) == whole(WorkTree(top / "site"))


def test_no_pipe_and_no_link_on_disk_stands_for_what_is_staged(top: Path, tmp_path: Path) -> None:
    commit(top, {"a.md": "a", "b.md": "b", "deep/c.md": "c"})
    for name in ("a.md", "b.md"):
        (top / name).unlink()
    shutil.rmtree(top / "deep")
    os.mkfifo(top / "a.md")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/c.md").write_text("c", encoding="utf-8")
    (top / "b.md").symlink_to(tmp_path / "other/c.md")
    (top / "deep").symlink_to(tmp_path / "other")
    with closing(staged(str(top)).tree) as tree:
        assert [tree.read(path) for path in ("a.md", "b.md", "deep/c.md", "deep/c.md")] == [b"a", b"b", b"c", b"c"]


def test_what_is_too_large_is_not_read_whole(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(top, {"a.md": "0123456789" * 100, "b.md": "b"})
    (top / "a.md").unlink()
    (top / "b.md").unlink()
    monkeypatch.setattr("contentlint.tree.objects.LARGEST", 64)
    with closing(staged(str(top)).tree) as tree:
        with pytest.raises(TooLargeError):
            tree.read("a.md")
        assert tree.read("a.md", 12) == b"012345678901"
        assert tree.read("b.md") == b"b"
        assert tree.absent == []
