"""Files that an editor has never saved, and folders in which there is no site."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contentlint import cli
from contentlint.tree import WorkTree
from contentlint.tree.unsaved import Unsaved


def lay(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


class Stdin:
    def __init__(self, text: str) -> None:
        self.buffer = io.BytesIO(text.encode())


@pytest.mark.parametrize("name", ["new.md", "deep/down/new.md", "_posts/2020-01-01-new.md"])
def test_a_page_that_was_never_saved_is_linted(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lay(tmp_path, {"_config.yml": "", "index.md": "---\n---\n"})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", Stdin("---\n---\n[home](/) [gone](/gone/)\n"))
    assert cli.execute(["check", "--output-format", "json", "--stdin-filename", name, "-"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [(each["path"], each["line"], each["value"]) for each in told["diagnostics"]] == [(name, 3, "/gone/")]
    assert told["summary"]["pages"] == 2
    assert not (tmp_path / name).exists()


def test_stdin_of_a_file_outside_is_still_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lay(tmp_path, {"site/_config.yml": "", "site/index.md": "---\n---\n"})
    monkeypatch.chdir(tmp_path / "site")
    monkeypatch.setattr(sys, "stdin", Stdin("---\n---\n"))
    assert cli.execute(["check", "--stdin-filename", "../new.md", "-"]) == 2
    assert "lies outside the project" in capsys.readouterr().err


NAMES = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map("/".join)


@given(files=st.sets(NAMES, max_size=4), new=NAMES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_tree_is_what_it_will_be_once_the_file_is_saved(
    tmp_path_factory: pytest.TempPathFactory, files: set[str], new: str
) -> None:
    root = tmp_path_factory.mktemp("tree")
    for each in files:
        try:
            lay(root, {each: "old"})
        except OSError:
            continue  # one lies in the way of another
    unsaved = Unsaved(WorkTree(root), new, b"new text")
    try:
        seen = {path: unsaved.folder(path) for path in ("", "a", "b", "c", "a/a", "a/b", "b/a", "b/c", "c/c")}
        there = {
            path: (unsaved.is_file(path), unsaved.is_folder(path), unsaved.exists_exact(path))
            for path in {*files, new, "a"}
        }
        lay(root, {new: "new text"})
    except OSError:
        return  # it could not be saved
    saved = WorkTree(root)
    assert seen == {path: saved.folder(path) for path in seen}
    for path, answers in there.items():
        assert answers == (saved.is_file(path), saved.is_folder(path), saved.exists_exact(path))
        if answers[0]:
            assert unsaved.read(path) == saved.read(path)
            assert unsaved.read(path, 3) == saved.read(path, 3)
            assert unsaved.signature(path).size == saved.signature(path).size


@pytest.mark.parametrize("files", [{}, {"notes.md": "Notes.\n", "deep/index.md": "---\n---\n"}, {"a.bin": "\0"}])
def test_a_folder_without_a_site_is_not_searched(
    files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lay(tmp_path, files)
    monkeypatch.chdir(tmp_path)
    asked = []
    listed = WorkTree.folder
    monkeypatch.setattr(WorkTree, "folder", lambda self, path="": asked.append(path) or listed(self, path))
    assert cli.execute(["check", "--no-cache"]) == 2
    assert "no page is here, nor a _config.yml: nothing was linted" in capsys.readouterr().err
    assert set(asked) == {""}


@pytest.mark.parametrize(
    "files",
    [
        {"index.md": "---\n---\n"},
        {"index.html": "---\n---\n"},
        {"_posts/2020-01-01-a.md": "---\n---\n"},
        {"_config.yml": "", "deep/a.md": "---\n---\n"},
        {"contentlint.yml": "", "deep/a.md": "---\n---\n"},
        {"Gemfile": "gem 'jekyll'\n", "deep/a.md": "---\n---\n"},
    ],
)
def test_a_site_needs_no_config(files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, files)
    monkeypatch.chdir(tmp_path)
    assert cli.execute(["check", "--no-cache"]) == 0


def test_what_cannot_be_read_is_no_sign_of_a_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lay(tmp_path, {"index.md": "---\n---\n"})
    monkeypatch.chdir(tmp_path)

    def refuse(*_: object) -> bytes:
        raise PermissionError

    monkeypatch.setattr(WorkTree, "read", refuse)
    assert cli.execute(["check", "--no-cache"]) == 2
    assert "no page is here" in capsys.readouterr().err
