"""What every tree of files answers, and in which words."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Protocol

from contentlint.record import NamedTuple


class Leads(StrEnum):
    """Where a symbolic link ends, or what else keeps the content of an entry from us."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    """Out of the root: that the entry exists is known, its content never is."""
    NOWHERE = "nowhere"
    """Dangling, or a loop of links."""
    ABOVE = "above"
    """To a folder that it lies in itself: whoever follows it never arrives."""
    ELSEWHERE = "elsewhere"
    """A submodule, or into one: another repository has what lies there."""


class Folder(NamedTuple):
    """The entries of one folder, by name in code-point order; what is no link has None for where it leads.

    Sockets, pipes and devices are in none of the three: nobody opens them.
    """

    files: dict[str, Leads | None]
    folders: dict[str, Leads | None]
    broken: dict[str, Leads]
    """Links that lead nowhere."""


class Signature(NamedTuple):
    """What changes when a file does, as git's index has it; times in nanoseconds."""

    size: int
    modified: int
    changed: int
    inode: int


class ElsewhereError(OSError):
    """A file is there, but its content is not: a submodule has it, or a partial clone has left it where it was cloned from."""


class OutsideError(PermissionError):
    """A link leads out of the root, where nothing is read."""


class TooLargeError(ElsewhereError):
    """A file is there, and has more bytes than anyone would want to be read."""


class Tree(Protocol):
    """What reads a site asks of wherever its files come from: a folder on disk, a commit, an index."""

    def folder(self, path: str = "") -> Folder:
        """The entries of a folder; an empty one for what is no folder, lies outside or cannot be listed."""

    def is_file(self, path: str) -> bool:
        """Whether a file, or a link to one wherever it lies, has exactly this path."""

    def is_folder(self, path: str) -> bool:
        """Whether a folder, or a link to one wherever it lies, has exactly this path."""

    def exists_exact(self, path: str) -> bool:
        """Whether a file or folder has exactly this path, letter case and Unicode form included."""

    def read(self, path: str, limit: int = -1) -> bytes:
        """The bytes of a file, at most `limit` of them when it is given.

        Raises OSError where there is none, it cannot be opened or lies outside the root; ElsewhereError when it is there, and
        its content is not; TooLargeError when no limit is given, and it has more bytes than `tree.LARGEST`.
        """


class Dated(Tree, Protocol):
    """A tree that can tell when a file was changed: a draft without a date takes its file's."""

    def signature(self, path: str) -> Signature:
        """What tells whether a file has changed. Raises OSError as `read` does."""


def submodule_above(tree: Tree, path: str) -> str:
    """The submodule that a path is or lies in, as far as this tree knows; "" when there is none."""
    at = ""
    for step in path.split("/"):
        leads = tree.folder(at).folders.get(step)
        at = f"{at}/{step}" if at else step
        if leads is Leads.ELSEWHERE:
            return at
    return ""


def leads_out(tree: Tree, path: str) -> bool:
    """Whether a path runs through a link out of the root: what lies there nobody knows."""
    steps = path.split("/")
    return any(
        tree.folder("/".join(steps[:number])).folders.get(step) is Leads.OUTSIDE for number, step in enumerate(steps)
    )


def real(path: str) -> str:
    """Where a path on disk leads once all links are followed; its separators are slashes on every system."""
    return os.path.realpath(path).replace(os.sep, "/")


def relative(path: str, start: str) -> str:
    """The way from a folder to a path, both as on disk, with slashes; where none leads there (another drive), the absolute path."""
    try:
        way = os.path.relpath(path, start)
    except ValueError:
        way = os.path.abspath(path)
    return way.replace(os.sep, "/")


def below(path: str, folder: str) -> str | None:
    """What `path` is below a folder, both as on disk, with slashes: "" for the folder itself, None for what lies outside."""
    way = relative(path, folder)
    if way == os.pardir or way.startswith("../") or os.path.isabs(way):
        return None
    return "" if way == os.curdir else way


def as_listed(root: str, path: str) -> str | None:
    """The path below a folder on disk in the very names that are there; None when none of them can be meant.

    Some disks open a file also by its name in other letters or another Unicode form; what is built from it is served by one
    that does not. A folder that cannot be listed is taken at its word.
    """
    at = root
    found: list[str] = []
    for step in path.split("/") if path else ():
        try:
            names = os.listdir(at)
        except OSError:
            return "/".join((*found, *path.split("/")[len(found) :]))
        if step not in names:
            from unicodedata import normalize

            meant = normalize("NFC", step).casefold()
            alike = [name for name in names if normalize("NFC", name).casefold() == meant]
            if len(alike) != 1:
                return None
            step = alike[0]
        found.append(step)
        at = f"{at}/{step}"
    return "/".join(found)


def inside(path: str, folder: str) -> bool:
    """Whether a path is a folder's own or lies below it; both are absolute, or relative to the same place, which is ""."""
    return not folder or path == folder or path.startswith(folder.rstrip("/") + "/")
