"""What several test files stand on: the project's own files, and this environment's packages for programs without a network."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent


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
