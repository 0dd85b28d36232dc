"""The site as git has it: the same entries and bytes as a checkout of it, and what only git knows."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contentlint.tree import Leads, WorkTree
from contentlint.tree.git import GitTree, committed, staged

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
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
