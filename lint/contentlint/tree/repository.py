"""A git repository around a folder: where its parts lie, and git itself, which is only ever asked to read.

Git runs without fetching anything, without hooks and monitors, and takes no locks.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable

from contentlint.record import NamedTuple
from contentlint.tree.protocol import below

MEANT_FOR_GIT = ("GIT_DIR", "GIT_WORK_TREE", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM")
"""Variables that tell git where a repository is: then only git can say."""


class GitError(Exception):
    """What git cannot give, in a sentence, and the way out."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class Repository(NamedTuple):
    """A repository with a work tree; absolute paths."""

    top: str
    """The folder that holds the work tree, without symbolic links."""
    index_file: str
    """The file that is the index."""

    def path_of(self, folder: str) -> str:
        """An absolute folder relative to the top, POSIX. Raises GitError when it lies outside."""
        path = below(os.path.realpath(folder), self.top)
        if path is None:
            raise GitError(
                f"{folder} lies outside the git work tree {self.top}", "name a project inside it with --root"
            )
        return path


def find(start: str) -> Repository:
    """The repository whose work tree a folder (absolute) lies in. Raises GitError when there is none.

    The usual one is seen without git, which costs more than all the rest of a run on which nothing has changed.
    """
    if not any(name in os.environ for name in MEANT_FOR_GIT):
        here = os.path.realpath(start)
        while not os.path.lexists(os.path.join(here, ".git")):
            above = os.path.dirname(here)
            if above == here:
                break
            here = above
        if _is_usual(os.path.join(here, ".git")):
            return Repository(here, os.path.join(here, os.environ.get("GIT_INDEX_FILE") or ".git/index"))
    return _asked(start)


def _is_usual(folder: str) -> bool:
    """Whether this is a repository that has its work tree around it, as its config says nothing else."""
    try:
        with open(os.path.join(folder, "config"), "rb") as file:
            config = file.read().lower()
    except OSError:
        return False
    surprising = (b"worktree", b"bare = true", b"include", b"objectformat")
    return os.path.isfile(os.path.join(folder, "HEAD")) and not any(word in config for word in surprising)


def _asked(start: str) -> Repository:
    inside, *rest = lines(start, "rev-parse", "--is-inside-work-tree", "--is-bare-repository")
    if inside != "true":
        bare = rest[0] == "true"
        what = "this is a bare repository: no site is checked out" if bare else "this is not in the work tree of git"
        raise GitError(what, "run in a clone that has the files: git clone, or git worktree add")
    top, index = lines(start, "rev-parse", "--show-toplevel", "--git-path", "index")
    return Repository(os.path.realpath(top), os.path.join(os.path.realpath(start), index))


def environment() -> dict[str, str]:
    """What git runs in: the environment we were started in, with which it reads alone and speaks English."""
    given = dict(os.environ)
    for name in ("GIT_DIR", "GIT_WORK_TREE"):
        if given.get(name):
            given[name] = os.path.abspath(given[name])
    return given | {
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",  # a git that does not know the former cannot fetch either
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }


def command(*arguments: str) -> list[str]:
    """A command line of git on which nothing of the repository's own is run."""
    return ["git", "-c", "core.fsmonitor=false", *arguments]


def ask(folder: str, *arguments: str) -> bytes | None:
    """What git prints when it is asked in a folder; None when it says no. Raises GitError when it is not there to ask."""
    done = _done(folder, arguments)
    return done.stdout if done.returncode == 0 else None


def lines(folder: str, *arguments: str) -> list[str]:
    """The lines that git prints when it is asked in a folder. Raises GitError, in git's words, when it refuses."""
    return os.fsdecode(output(folder, *arguments)).splitlines()


def output(folder: str, *arguments: str) -> bytes:
    """What git prints when it is asked in a folder. Raises GitError, in git's words, when it refuses."""
    done = _done(folder, arguments)
    if done.returncode:
        said = [line.strip() for line in os.fsdecode(done.stderr).splitlines() if line.strip()]
        if any("not a git repository" in line for line in said):
            raise GitError(
                "this is not a git repository", "run in a clone of the site, or without git: contentlint check"
            )
        first = said[0] if said else f"git leaves with {done.returncode}"
        advice = next((line for line in said if line.startswith("git config ")), "")
        raise GitError(f"git says: {first.removeprefix('fatal: ')}", advice)
    return done.stdout


def _done(folder: str, arguments: Iterable[str]) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - git is the program meant, and takes no argument for a command
            command(*arguments), cwd=folder, env=environment(), capture_output=True, check=False
        )
    except OSError as error:
        raise missing_git(error) from error


def missing_git(error: OSError) -> GitError:
    """What is said when git itself cannot be started."""
    return GitError(f"git cannot be started: {error.strerror}", "install git, or put it on PATH")
