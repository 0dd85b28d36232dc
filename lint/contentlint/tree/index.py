"""The file of git's index: what is staged, as the file says it (gitformat-index(5)).

Versions 2 to 4, of SHA-1 and SHA-256 repositories. Where other files hold a part of it (a split index, a sparse one), git has to be
asked.
"""

from __future__ import annotations

import hashlib
from struct import Struct

from contentlint.tree import repository
from contentlint.tree.repository import GitError, Repository

Entries = dict[str, tuple[int, str]]
"""By path from the top of the work tree: the mode of an entry and the id of its blob, or of a submodule's commit."""

FILE, LINK, SUBMODULE = 0o100000, 0o120000, 0o160000
"""What an entry is, by its mode's upper bits."""
_KIND = 0o170000
_EXTENDED, _STAGE, _NAME = 0x4000, 0x3000, 0x0FFF
_OURS = 0x2000
_INTENDED = 0x2000
"""Of the further flags: `git add --intent-to-add` has announced the path, and staged nothing."""


class Index:
    """What is staged."""

    def __init__(self, entries: Entries, conflicts: list[str]) -> None:
        self.entries = entries
        """What a commit would hold; of a file in conflict, this branch's version."""
        self.conflicts = conflicts
        """The paths that a merge has left in conflict."""


def kind(mode: int) -> int:
    """FILE, LINK or SUBMODULE."""
    return mode & _KIND


def read(repository_: Repository) -> Index:
    """Read the index of a repository; that of a new one is empty. Raises GitError for a damaged one."""
    try:
        with open(repository_.index_file, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return Index({}, [])
    except OSError as error:
        raise GitError(f"the git index cannot be read: {error.strerror}") from error
    parsed = _parsed(data)
    return parsed if parsed is not None else _told(repository_.top)


def _parsed(data: bytes) -> Index | None:
    """The index in a file's bytes; None where they do not tell all, or are none."""
    if hashlib.sha1(data[:-20], usedforsecurity=False).digest() == data[-20:]:
        length = 20
    elif hashlib.sha256(data[:-32]).digest() == data[-32:]:
        length = 32
    else:
        return None
    version, count = int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:12], "big")
    if data[:4] != b"DIRC" or version not in (2, 3, 4):
        return None
    entries: Entries = {}
    conflicts: dict[str, None] = {}
    fields = Struct(f">24xI12x{length}sH")
    unpack, after = fields.unpack_from, fields.size
    at, name = 12, b""
    try:
        for _ in range(count):
            mode, id_, flags = unpack(data, at)
            start = at + after
            further = 0
            if flags & _EXTENDED:
                further = int.from_bytes(data[start : start + 2], "big")
                start += 2
            if version == 4:
                cut, start = _varint(data, start)
                end = data.index(b"\0", start)
                name = name[: len(name) - cut] + data[start:end]
                at = end + 1
            else:
                end = start + (flags & _NAME) if flags & _NAME != _NAME else data.index(b"\0", start)
                name = data[start:end]
                at += (end - at) // 8 * 8 + 8
            path = name.decode("utf-8", "surrogateescape")
            if flags & _STAGE:
                conflicts[path] = None
                if flags & _STAGE != _OURS:
                    continue
            if not further & _INTENDED:
                entries[path] = mode, id_.hex()
    except (ValueError, IndexError):  # pragma: no cover  the checksum is right: git itself wrote something else
        return None
    return Index(entries, list(conflicts)) if _is_all(data, at, len(data) - length) else None


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number as in git's packs (of the offset kind), and where it ends."""
    byte = data[at]
    value = byte & 0x7F
    while byte & 0x80:
        at += 1
        byte = data[at]
        value = ((value + 1) << 7) | (byte & 0x7F)
    return value, at + 1


def _is_all(data: bytes, at: int, end: int) -> bool:
    """Whether the extensions behind the entries are such as one may leave out: their names begin in upper case."""
    while at < end:
        if not 65 <= data[at] <= 90:
            return False
        at += 8 + int.from_bytes(data[at + 4 : at + 8], "big")
    return True


def _told(top: str) -> Index:
    """The index as git tells it."""
    entries: Entries = {}
    conflicts: dict[str, None] = {}
    for row in repository.output(top, "ls-files", "--stage", "-z", "--full-name", ":/").split(b"\0")[:-1]:
        about, _, name = row.partition(b"\t")
        mode, id_, stage = about.decode("ascii").split()
        path = name.decode("utf-8", "surrogateescape")
        if stage != "0":
            conflicts[path] = None
        if stage in ("0", "2"):
            entries[path] = int(mode, 8), id_
    empty = {hashlib.sha1(b"blob 0\0", usedforsecurity=False).hexdigest(), hashlib.sha256(b"blob 0\0").hexdigest()}
    if any(id_ in empty for _, id_ in entries.values()):  # some may only have been announced
        for name in repository.output(top, "diff-files", "--name-only", "--diff-filter=A", "-z").split(b"\0")[:-1]:
            entries.pop(name.decode("utf-8", "surrogateescape"), None)
    return Index(entries, list(conflicts))
