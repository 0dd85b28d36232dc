"""The record of one run: what it was asked, what it looked at, and what it said."""

from __future__ import annotations

import os
import sys
from array import array
from zlib import crc32

from contentlint import __version__
from contentlint.cache import place, stamps

TYPE_CHECKING = False  # typing takes half as long to import as Python takes to start
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from contentlint.cache.stamps import Stamps

_KIND = b"contentlint record "
_MAGIC = _KIND + b"2\n"
_PARTS = 7
FOREVER = (1 << 63) - 1


class DamagedError(ValueError):
    """A file of the cache is not as it was written."""


class Record:
    """What one run leaves. The parts that only some runs need stay bytes until those ask."""

    __slots__ = ("about", "report", "sentence", "staged", "stamps", "valid")

    def __init__(
        self, about: bytes, sentence: str, valid: tuple[int, int], report: bytes, stamps_: Stamps, staged: bytes = b""
    ) -> None:
        self.about = about
        """What the site was to those who look at one page of it: JSON."""
        self.sentence = sentence
        """What was said of a site without any problem; empty when there was one."""
        self.valid = valid
        """From when until when it holds if no file changes, in nanoseconds: a post may be dated in the future."""
        self.report = report
        """The report: JSON."""
        self.stamps = stamps_
        self.staged = staged
        """The stamps of the files that were read in the git index, as bytes, where these were."""

    def is_due(self) -> bool:
        """Whether time alone has made another report of the site."""
        from time import time_ns

        return not self.valid[0] <= time_ns() < self.valid[1]


def key(cwd: str, root: str | None, config: str | None, more: Iterable[Sequence[str]] = ()) -> str:
    """What a run was asked, as one text."""
    return "\0".join((cwd, root or "", config or "", *("\1".join(each) for each in more)))


def of_index() -> tuple[str, ...]:
    """What tells a run on the git index from one on the work tree, and which index is meant."""
    return ("staged", *(os.environ.get(name, "") for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")))


def _identity(project: str, asked: str) -> bytes:
    """What has to be the same for a record to be looked at."""
    return "\0".join(
        (__version__, sys.implementation.cache_tag or "", sys.version, os.environ.get("TZ", ""), project, asked)
    ).encode("utf-8", "surrogatepass")


def load(folder: str, project: str, asked: str, root: str | None = None) -> Record | None:
    """The record of the last run that was asked the same. None when there is none; raises DamagedError, or OSError.

    `root` is the project as `Stamps` shall have it, when that is not its path.
    """
    path = os.path.join(folder, place.name_of(asked))
    try:
        data = place.read(path)
    except FileNotFoundError:
        return None
    if data.startswith(_KIND) and not data.startswith(_MAGIC):
        return None  # another version has left it, in a form of its own
    start = len(_MAGIC) + 8
    if not data.startswith(_MAGIC) or crc32(data[start:]) != int.from_bytes(data[len(_MAGIC) : start], "little"):
        raise DamagedError(path)
    try:
        lengths = array("q")
        lengths.frombytes(data[start : start + 8 * _PARTS])
        at = start + 8 * _PARTS
        view = memoryview(data)
        parts = []
        for length in lengths:
            parts.append(view[at : at + length])
            at += length
        identity, valid, sentence, report, about, stamped, staged = parts
        if bytes(identity) != _identity(project, asked):
            return None
        since, until = array("q", bytes(valid))
        return Record(
            bytes(about),
            _sentence(sentence),
            (since, until),
            bytes(report),
            stamps.load(project if root is None else root, stamped),
            bytes(staged),
        )
    except ValueError as error:
        raise DamagedError(path) from error


def _sentence(data: memoryview) -> str:
    text = str(data, "ascii")
    if not text.isprintable():
        raise ValueError("no sentence of ours: a terminal might obey it")
    return text


def save(folder: str, project: str, asked: str, record: Record) -> None:
    """Put a record in the place of the last one that was asked the same. Raises OSError."""
    parts = (
        _identity(project, asked),
        array("q", record.valid).tobytes(),
        record.sentence.encode("ascii"),
        record.report,
        record.about,
        record.stamps.dump(),
        record.staged,
    )
    data = b"".join((array("q", map(len, parts)).tobytes(), *parts))
    checksum = crc32(data).to_bytes(8, "little")
    place.replace(os.path.join(folder, place.name_of(asked)), _MAGIC + checksum + data)
