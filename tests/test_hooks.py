"""The hook as its users run it: real pre-commit in real repositories, installing the tool as it installs any other."""

from __future__ import annotations

import re
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


class Committing:
    """A site whose commits pass through the hook."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder = folder
        self.env = env

    def git(self, *arguments: str) -> None:
        git(*arguments, cwd=self.folder, env=self.env).check_returncode()

    def lay(self, name: str, text: str) -> None:
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text, encoding="utf-8")

    def commit(self, *more: str) -> str:
        """Commit what is staged; what was said when it was refused, else an empty text."""
        done = git("commit", "--message", "Change", *more, cwd=self.folder, env=self.env)
        return "" if done.returncode == 0 else done.stdout + done.stderr

    def back(self) -> None:
        """Forget what was not committed."""
        self.git("reset", "--quiet", "--hard")
        self.git("clean", "--quiet", "-fd")


def through(hook: str, tool: tuple[Path, str], site: Path, env: dict[str, str]) -> Committing:
    folder, revision = tool
    config = f"repos:\n  - repo: {folder}\n    rev: {revision}\n    hooks: [{{id: {hook}}}]\n"
    (site / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    kinds = ("--hook-type", "pre-commit", "--hook-type", "pre-merge-commit")
    installed = pre_commit("install", "--install-hooks", *kinds, cwd=site, env=env)
    if installed.returncode:  # pragma: no cover
        pytest.skip(f"pre-commit cannot install the tool here: {installed.stdout[-300:]}")
    made = Committing(site, env)
    made.git("add", ".pre-commit-config.yaml")
    assert made.commit() == ""
    return made


@pytest.mark.slow
def test_commits_that_break_the_site_are_refused(tool: tuple[Path, str], site: Path, outside: dict[str, str]) -> None:
    here = through("contentlint", tool, site, outside)

    here.git("rm", "img/hip.png")
    assert "index.md:3:8: error missing-image" in here.commit()
    here.back()

    here.git("mv", "about.md", "more.md")
    assert "index.md:3:33: error broken-link" in here.commit()
    here.back()

    here.lay("about.md", "---\n---\n[back](/indx.html)\n")
    here.git("add", "about.md")
    assert "about.md:3:8: error broken-link" in here.commit()
    here.lay("about.md", "---\n---\n[back](/index.html)\n")
    here.git("add", "about.md")
    assert here.commit() == ""

    # a new page whose picture was never added
    here.lay("new.md", "---\n---\n![Knee](/img/knee.png)\n")
    here.lay("img/knee.png", "")
    here.git("add", "new.md")
    assert "new.md:3:9: error missing-image" in here.commit()
    here.git("add", "img/knee.png")
    assert here.commit() == ""

    # what is staged is bad, what lies on disk is good; and the other way round
    here.lay("about.md", "---\n---\n[bad](/bad/)\n")
    here.git("add", "about.md")
    here.lay("about.md", "---\n---\nGood.\n")
    assert "about.md:3:7: error broken-link" in here.commit()
    here.git("add", "about.md")
    here.lay("about.md", "---\n---\n[bad](/bad/)\n")
    assert here.commit() == ""
    assert (site / "about.md").read_text(encoding="utf-8").endswith("[bad](/bad/)\n")
    here.back()

    # a commit of one file alone has an index of its own
    here.lay("other.md", "---\n---\nOther.\n")
    here.lay("index.md", SITE["index.md"] + "[other](/other.html)\n")
    here.git("add", "other.md")
    assert "index.md:4:9: error broken-link" in here.commit("--only", "index.md")
    here.git("add", "index.md")
    assert here.commit() == ""


@pytest.mark.slow
def test_merges_that_break_the_site_are_refused(tool: tuple[Path, str], site: Path, outside: dict[str, str]) -> None:
    here = through("contentlint", tool, site, outside)
    here.git("checkout", "--quiet", "-b", "topic")
    here.lay("new.md", "---\n---\n[about](/about.html)\n")
    here.git("add", "new.md")
    assert here.commit() == ""
    here.git("checkout", "--quiet", "main")
    here.lay("index.md", "---\n---\n![Hip](/img/hip.png)\n")
    here.git("rm", "--quiet", "about.md")
    here.git("add", "index.md")
    assert here.commit() == ""

    # each branch is clean, the two together are not
    merged = git("merge", "--no-edit", "topic", cwd=site, env=outside)
    assert merged.returncode == 1
    assert "new.md:3:9: error broken-link" in merged.stdout + merged.stderr
    git("merge", "--abort", cwd=site, env=outside).check_returncode()

    # a conflict: pre-commit itself refuses until it is resolved, and so does git
    here.git("checkout", "--quiet", "topic")
    here.lay("index.md", "---\n---\n![Hip](/img/hip.png) [about](/about.html)\n")
    here.git("add", "index.md")
    assert here.commit() == ""
    here.git("checkout", "--quiet", "main")
    assert git("merge", "topic", cwd=site, env=outside).returncode == 1
    assert "nmerged" in pre_commit("run", cwd=site, env=outside).stdout
    here.lay("index.md", "---\n---\n![Hip](/img/hip.png)\n")
    here.git("rm", "--quiet", "--force", "new.md")
    here.git("add", "index.md")
    assert here.commit() == ""


@pytest.mark.slow
def test_what_can_be_mended_is_mended(tool: tuple[Path, str], site: Path, outside: dict[str, str]) -> None:
    here = through("contentlint-fix", tool, site, outside)
    here.lay("index.md", SITE["index.md"].replace("hip.png", "Hip.png"))
    here.git("add", "index.md")
    refused = here.commit()
    assert "files were modified by this hook" in refused
    assert (site / "index.md").read_text(encoding="utf-8") == SITE["index.md"]
    here.git("add", "index.md")
    here.lay("about.md", "---\n---\n![Hip](/img/HIP.png)\n")
    here.git("add", "about.md")
    assert "files were modified by this hook" in here.commit()
    here.git("add", "about.md")
    assert here.commit() == ""


@pytest.mark.slow
def test_they_can_be_tried_without_a_config(tool: tuple[Path, str], site: Path, outside: dict[str, str]) -> None:
    folder, _ = tool
    git("rm", "img/hip.png", cwd=site, env=outside).check_returncode()
    tried = pre_commit("try-repo", folder, "--verbose", cwd=site, env=outside)
    assert tried.returncode == 1
    for hook in ("contentlint", "contentlint-fix"):
        (said,) = re.findall(rf"- hook id: {hook}\n(.*?)(?=\n- hook id:|\Z)", tried.stdout, re.DOTALL)
        assert "index.md:3:8: error missing-image: image not found: /img/hip.png" in said
