"""What several test files stand on: the project's own files, and this environment's packages for programs without a network."""

from __future__ import annotations

import atexit
import os
import shutil
import sysconfig
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from contentlint.assembly import Assembly
from contentlint.config import chosen, load
from contentlint.resolving import Found, Missing, Resolution, Unknown
from contentlint.rule import load as load_rules
from contentlint.run import Judge
from contentlint.tree import WorkTree

PROJECT = Path(__file__).parent.parent

os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="contentlint-cache-")
atexit.register(shutil.rmtree, os.environ["XDG_CACHE_HOME"], ignore_errors=True)
"""No test leaves anything in the cache of whoever runs it."""


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
