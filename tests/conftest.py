"""What several test files stand on: the project's own files, and this environment's packages for programs without a network."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import subprocess
import sysconfig
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import settings

from contentlint import cli
from contentlint.assembly import Assembly
from contentlint.config import chosen, load
from contentlint.judge import Judge
from contentlint.resolving import Found, Missing, Resolution, Unknown
from contentlint.rule import load as load_rules
from contentlint.tree import WorkTree

PROJECT = Path(__file__).parent.parent

os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="contentlint-cache-")
atexit.register(shutil.rmtree, os.environ["XDG_CACHE_HOME"], ignore_errors=True)
"""No test leaves anything in the cache of whoever runs it."""
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
"""Hundreds of programs are started; they need not compile the package each time."""
settings.register_profile("long", max_examples=10 * settings.default.max_examples)
"""What `--hypothesis-profile=long` tries: ten times as much as every run does."""


@pytest.fixture(scope="session")
def lent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every package of this environment but contentlint itself, to be put on another one's path."""
    folder = tmp_path_factory.mktemp("lent")
    for place in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        for entry in Path(place).iterdir():
            mine = "contentlint" in entry.name or entry.suffix == ".pth"
            if not mine and entry.name.partition("-")[0] not in {"pip", "setuptools", "__pycache__"}:
                (folder / entry.name).symlink_to(entry)
    return folder


@pytest.fixture(scope="session")
def outside(lent: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a program that a user starts: nothing of ours or of a git hook around us is in it.

    pip builds with the packages lent and asks no index for anything.
    """
    ours = ("GIT_", "PYTHON", "PIP_", "PRE_COMMIT", "VIRTUAL_ENV", "COV_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {
        "PYTHONPATH": str(lent),
        "PYTHONDONTWRITEBYTECODE": "1",  # the packages lent stay as they are
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads the value of a "no" the other way round
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit")),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        **{f"GIT_{who}_NAME": "Someone" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "someone@example.org" for who in ("AUTHOR", "COMMITTER")},
        "NO_COLOR": "1",
    }


class Row(NamedTuple):
    """A reference: the file it stands in, what its place covers, and what became of it."""

    path: str
    written: str
    became: str


class TinySite:
    """A site of a few files, read, rendered and resolved."""

    def __init__(self, root: Path) -> None:
        self._rules = load_rules()
        self.config = load(str(root), None, self._rules)
        self.assembly = Assembly(WorkTree(root), self.config)
        self.assembled = self.assembly.assemble()
        self.site = self.assembled.site

    def rows(self, *paths: str) -> list[Row]:
        """The references of these files, or of all."""
        return [
            Row(source.path, source.written(reference.place), became(resolution))
            for source in self.site.sources.values()
            if not paths or source.path in paths
            for reference, resolution in zip(source.references, source.resolved, strict=True)
        ]

    def anchors(self, url: str) -> tuple[set[str], str]:
        """The anchors of the page at a URL, and why there may be more."""
        target = self.site.outputs.lookup(url)
        assert target is not None, url
        anchors = self.assembled.anchors(target)
        return anchors.names, anchors.incomplete

    def said(self, *rules: str) -> list[tuple[str, int, str, str]]:
        """(path, line, rule, value) of each problem, of these rules or of those that run by default."""
        report = Judge(self.assembled, self._rules, chosen(self.config, self._rules, rules), None).report()
        return [(each.path, each.span.line, each.rule, each.value) for each in report.diagnostics]


def became(resolution: Resolution) -> str:
    """What became of a reference, in short: `found /url/`, `missing nothing`, `unknown` or `external`."""
    match resolution:
        case Found(target):
            return f"found {target.url}"
        case Missing(kind):
            return f"missing {kind}"
        case Unknown():
            return "unknown"
    return "external"


@pytest.fixture
def site(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], TinySite]:
    """Lays out a site of these files and assembles it."""

    def lay_out(files: Mapping[str, str | bytes]) -> TinySite:
        for path, content in files.items():
            full = tmp_path / path
            full.parent.mkdir(parents=True, exist_ok=True)
            full.write_bytes(content.encode() if isinstance(content, str) else content)
        return TinySite(tmp_path)

    return lay_out


class Checked(NamedTuple):
    """What a run of `check` came to: its exit code, its JSON report, and what it said on stderr."""

    code: int
    report: dict[str, Any]
    said: str

    @property
    def problems(self) -> list[str]:
        """`path:line rule value` of each problem."""
        return [f"{each['path']}:{each['line']} {each['rule']} {each['value']}" for each in self.report["diagnostics"]]

    def related(self) -> list[str]:
        """`path: message` of the related places of all problems."""
        return [f"{each['path']}: {each['message']}" for one in self.report["diagnostics"] for each in one["related"]]


class GitSite:
    """A site in a git repository of its own, and the working directory of the test."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def git(self, *arguments: str, check: bool = True) -> str:
        """What git prints."""
        command = ["git", "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, check=check)
        return os.fsdecode(done.stdout).strip()

    def lay(self, files: Mapping[str, str | bytes | None]) -> None:
        """Write files; those with None are removed."""
        for path, content in files.items():
            full = self.folder / path
            if content is None:
                full.unlink()
                continue
            full.parent.mkdir(parents=True, exist_ok=True)
            full.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, files: Mapping[str, str | bytes | None] | None = None) -> str:
        """Write files and commit all there is; the commit."""
        self.lay(files or {})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "Change")
        return self.git("rev-parse", "HEAD")

    def check(self, *flags: str) -> Checked:
        """Run `check` in the working directory."""
        self._capsys.readouterr()
        code = cli.execute(["check", "--no-cache", "--output-format", "json", *flags])
        out, err = self._capsys.readouterr()
        return Checked(code, json.loads(out) if out else {}, err)


@pytest.fixture(autouse=True, scope="session")
def _heeded() -> Iterator[None]:
    """Who runs the tests may ignore what ends a process, as nohup does, and what they start would, too."""
    ending = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    ignored = [each for each in ending if signal.getsignal(each) is signal.SIG_IGN]
    for each in ignored:
        signal.signal(each, signal.SIG_DFL)
    yield
    for each in ignored:
        signal.signal(each, signal.SIG_IGN)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No git around the test, and nobody's settings."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Someone")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "someone@example.org")


@pytest.fixture
def repository(
    tmp_path: Path,
    alone: None,  # noqa: ARG001 - it clears the environment first
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> GitSite:
    """A new repository, to be filled with a site."""
    folder = tmp_path / "repository"
    folder.mkdir()
    monkeypatch.chdir(folder)
    made = GitSite(folder, capsys)
    made.git("init", "--quiet")
    return made
