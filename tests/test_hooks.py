"""The hook as its users run it: real pre-commit in real repositories, installing the tool as it installs any other."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).parent.parent
MANIFEST = PROJECT / ".pre-commit-hooks.yaml"
SITE = {
    "_config.yml": "title: Atlas\n",
    "index.md": "---\n---\n![Hip](/img/hip.png) and [more](/about.html)\n",
    "about.md": "---\n---\nOf the hip.\n",
    "img/hip.png": "",
}


def pre_commit(*arguments: str | Path, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


def git(*arguments: str, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = ["git", "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


def committed(folder: Path, env: dict[str, str]) -> str:
    """Make a repository of a folder; the result is its first commit."""
    for arguments in (["init"], ["add", "--all"], ["commit", "--message", "Begin"]):
        git(*arguments, cwd=folder, env=env).check_returncode()
    return git("rev-parse", "HEAD", cwd=folder, env=env).stdout.strip()


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory, outside: dict[str, str]) -> tuple[Path, str]:
    """A repository of the tool as it stands here, and its commit."""
    folder = tmp_path_factory.mktemp("tool")
    for name in ("lint", "schemas"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", MANIFEST.name):
        shutil.copy(PROJECT / name, folder)
    return folder, committed(folder, outside)


@pytest.fixture
def site(tmp_path: Path, outside: dict[str, str]) -> Path:
    """A clean site in a repository of its own."""
    folder = tmp_path / "site"
    for name, text in SITE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    committed(folder, outside)
    return folder


def test_pre_commit_accepts_the_manifest(outside: dict[str, str]) -> None:
    said = pre_commit("validate-manifest", MANIFEST, cwd=PROJECT, env=outside)
    assert said.returncode == 0, said.stdout


def test_pre_commit_accepts_our_own_config(outside: dict[str, str]) -> None:
    said = pre_commit("validate-config", PROJECT / ".pre-commit-config.yaml", cwd=PROJECT, env=outside)
    assert said.returncode == 0, said.stdout


def test_the_whole_site_is_linted_whatever_a_commit_touches() -> None:
    for hook in yaml.safe_load(MANIFEST.read_text(encoding="utf-8")):
        assert hook["always_run"] is True
        assert hook["pass_filenames"] is False
        assert "files" not in hook
        assert "types" not in hook


@pytest.mark.slow
def test_commits_that_break_the_site_are_refused(tool: tuple[Path, str], site: Path, outside: dict[str, str]) -> None:
    folder, revision = tool
    config = f"repos:\n  - repo: {folder}\n    rev: {revision}\n    hooks: [{{id: contentlint}}]\n"
    (site / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    assert pre_commit("install", cwd=site, env=outside).returncode == 0

    def commit(*change: str) -> str:
        """Stage a change and commit it; what was said when it was refused, else an empty text."""
        git(*change, cwd=site, env=outside).check_returncode()
        done = git("commit", "--message", "Change", cwd=site, env=outside)
        return "" if done.returncode == 0 else done.stdout + done.stderr

    assert commit("add", ".pre-commit-config.yaml") == ""

    assert "index.md:3:8: error missing-image" in commit("rm", "img/hip.png")
    git("reset", "--hard", cwd=site, env=outside).check_returncode()

    assert "index.md:3:33: error broken-link" in commit("mv", "about.md", "more.md")
    git("reset", "--hard", cwd=site, env=outside).check_returncode()

    (site / "about.md").write_text("---\n---\n[back](/indx.html)\n", encoding="utf-8")
    assert "about.md:3:8: error broken-link" in commit("add", "about.md")

    (site / "about.md").write_text("---\n---\n[back](/index.html)\n", encoding="utf-8")
    assert commit("add", "about.md") == ""


@pytest.mark.slow
def test_it_can_be_tried_without_a_config(tool: tuple[Path, str], site: Path, outside: dict[str, str]) -> None:
    folder, _ = tool
    git("rm", "img/hip.png", cwd=site, env=outside).check_returncode()
    tried = pre_commit("try-repo", folder, "contentlint", "--verbose", cwd=site, env=outside)
    assert tried.returncode == 1
    assert "index.md:3:8: error missing-image: image not found: /img/hip.png" in tried.stdout
