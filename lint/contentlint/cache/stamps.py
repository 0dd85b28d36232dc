"""What a run looked at, and whether all of it is still the same: files by content, folders by their entries.

As in git's index a file is the same when its size, times and inode are. A file that was touched so shortly before it was read
that its times could not tell a later change is not settled: its content is compared as long as that is so, and so is the content
of a file whose times are others (a fresh clone).
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Collection, Iterable, Sequence

from contentlint.digest import SIZE

TYPE_CHECKING = False  # typing takes half as long to import as Python takes to start
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contentlint.cache.watched import Signed

_SETTLED_AFTER = 2_000_000_000
"""Nanoseconds: the coarsest clock of a file system in use is FAT's."""
_ABSENT = (-1, -1, -1, -1)
UNSETTLED = (-2, -2, -2, -2)
"""What is no signature: the content has to be compared."""
_MASK = (1 << 63) - 1
NEVER = 1 << 62
"""A time after that of any file."""
ROOT = "."
"""The root among the folders."""
UNREADABLE = b"\0nothing can be read"
_BEYOND = 2
"""The last of the three kinds of paths: those that are not the project's."""
Stamp = tuple[tuple[int, int, int, int], bytes]
"""A signature and a digest."""
_LEAST = 2_000
"""Paths that a process has to look at to make up for its start."""
_TOGETHER = 256
"""Paths that are looked at before anybody is told: after about a millisecond."""
NO_DIGEST = bytes(SIZE)
"""Of what is the same only when its times are: nobody reads it again to see."""


class Stamps:
    """The paths that were looked at, and for each its signature and a digest of what was seen.

    First come `files` files of the project and `folders` folders of it, relative to `root` (the working directory when that is
    empty, which is the fastest way to ask for many), then files that are not the project's.
    """

    __slots__ = (
        "_digests",
        "_names",
        "_numbers",
        "_signatures",
        "files",
        "folders",
        "is_stamped_anew",
        "paths",
        "root",
    )

    def __init__(
        self,
        root: str,
        paths: Sequence[str],
        files: int,
        folders: int,
        signatures: array[int],
        digests: bytes,
        names: bytes | None = None,
    ) -> None:
        """`names` are the paths as `dump` has them, when they were loaded."""
        self.root = root
        self.paths = paths
        self.files = files
        self.folders = folders
        self._signatures = signatures
        self._digests = digests
        self._names = names
        self._numbers: dict[str, int] | None = None
        self.is_stamped_anew = False
        """Whether to keep them is worth the while: something has another signature than before."""

    def differing(self, jobs: int = 1) -> Iterator[array[int]]:
        """The numbers of the paths of which times, sizes and inodes do not say that they are the same, some at a time.

        `jobs` processes look at them, as many as pay when that is 0; the others go on while nobody asks for more.
        """
        size = max(_TOGETHER, len(self.paths) // 1000 + 1)
        parts = -(-len(self.paths) // size)
        count = 1
        if len(self.paths) >= 2 * _LEAST:
            from contentlint import shares

            count = shares.count(jobs, len(self.paths), _LEAST)
        if count == 1:
            found: Iterable[bytes] = filter(None, (self._differing_in(part * size, size) for part in range(parts)))
        else:
            found = shares.in_turn(count, parts, lambda part: self._differing_in(part * size, size))
        return map(_numbers, found)

    def _differing_in(self, low: int, size: int) -> bytes:
        """The numbers among these paths, as an array's bytes."""
        high = min(low + size, len(self.paths))
        now = _asked(map(self._full, range(low, high)) if self.root else self.paths[low:high])
        known = self._signatures[4 * low : 4 * high]
        if now == known:  # as nearly all are
            return b""
        numbers = (low + at for at in range(high - low) if now[4 * at : 4 * at + 4] != known[4 * at : 4 * at + 4])
        return array("i", numbers).tobytes()

    def _full(self, number: int) -> str:
        path = self.paths[number]
        return f"{self.root}/{path}" if self.root and number < self.files + self.folders else path

    def changed(self, numbers: Iterable[int] | None = None, files: Signed | None = None) -> list[int]:
        """Those of the numbers, or of all, whose files or folders have another content; the rest is stamped anew.

        `files` are those of the project, as they lie on disk when nothing is said.
        """
        import time
        from functools import partial

        from contentlint.cache import watched

        started = time.time_ns()
        files = files or watched.OnDisk(self.root or ".", started)
        changed = []
        for number in range(len(self.paths)) if numbers is None else numbers:
            path, at = self.paths[number], number * SIZE
            if self.files <= number < self.files + self.folders:
                folder = files.tree.folder("" if path == ROOT else path)
                seen = watched.listing_digest(folder)
                signature = UNSETTLED if watched.has_links(folder) else files.signature(path)
            elif number < self.files:
                signature = files.signature(path)
                if signature != UNSETTLED and self._is_signed(number, signature):
                    continue
                seen = watched.digest_read(partial(files.content, path))
            else:
                signature = signature_of(path, started)
                seen = watched.digest_beyond(path) if not self.is_of_program(number) else b""
            if seen != self._digests[at : at + SIZE]:
                changed.append(number)
            elif not self._is_signed(number, signature):
                self._signatures[4 * number : 4 * number + 4] = array("q", signature)
                self.is_stamped_anew = True
        return changed

    def is_of_program(self, number: int) -> bool:
        """Whether a path is a file of the program that looked: once that is another, it may not even know what the last one left."""
        return self._digests[number * SIZE : (number + 1) * SIZE] == NO_DIGEST

    def _is_signed(self, number: int, signature: tuple[int, int, int, int]) -> bool:
        return tuple(self._signatures[4 * number : 4 * number + 4]) == signature

    @property
    def numbers(self) -> Mapping[str, int]:
        """The numbers of the paths."""
        if self._numbers is None:
            self._numbers = dict(zip(self.paths, range(len(self.paths)), strict=True))
        return self._numbers

    def stamp_beyond(self, path: str, stamp: Stamp) -> None:
        """Put down what a file that is not the project's is now. Raises ValueError when nobody has looked at it before."""
        self._stamp(self.paths.index(path, self.files + self.folders), stamp)

    def _stamp(self, number: int, stamp: Stamp) -> None:
        signature, digest = stamp
        self._signatures[4 * number : 4 * number + 4] = array("q", signature)
        self._digests = self._digests[: number * SIZE] + digest + self._digests[(number + 1) * SIZE :]

    def renew(self, files: Mapping[str, Stamp], folders: Mapping[str, Stamp], gone: Collection[str]) -> None:
        """Put down what some files and folders are now; what is `gone` is forgotten with all below it."""
        if not gone and (files.keys() | folders.keys()) <= self.numbers.keys():
            for path, stamp in (*files.items(), *folders.items()):
                self._stamp(self.numbers[path], stamp)
            return
        below = tuple(path + "/" for path in gone)
        known: list[dict[str, Stamp]] = []
        low = 0
        for high in (self.files, self.files + self.folders, len(self.paths)):
            part: dict[str, Stamp] = {}
            for number in range(low, high):
                path = self.paths[number]
                if len(known) == _BEYOND or (path not in gone and not path.startswith(below)):
                    size, modified, changed, inode = self._signatures[4 * number : 4 * number + 4]
                    part[path] = (
                        (size, modified, changed, inode),
                        self._digests[number * SIZE : (number + 1) * SIZE],
                    )
            known.append(part)
            low = high
        known[0] |= files
        known[1] |= folders
        stamps = [each for part in known for each in part.values()]
        self.paths = [path for part in known for path in part]
        self.files, self.folders = len(known[0]), len(known[1])
        self._names = self._numbers = None
        self._signatures = array("q")
        for signature, _ in stamps:
            self._signatures.extend(signature)
        self._digests = b"".join(digest for _, digest in stamps)

    def dump(self) -> bytes:
        """All of it as bytes."""
        names = self._names
        if names is None:
            names = "\0".join(self.paths).encode("utf-8", "surrogatepass")
        head = array("q", (self.files, self.folders, len(self.paths), len(names)))
        return head.tobytes() + names + self._signatures.tobytes() + self._digests


def load(root: str, data: memoryview) -> Stamps:
    """The stamps that `dump` wrote. The data has passed its checksum. Raises ValueError for what cannot be stamps."""
    head = array("q")
    head.frombytes(data[:32])
    files, folders, count, length = head
    names = bytes(data[32 : 32 + length])
    paths = names.decode("utf-8", "surrogatepass").split("\0") if count else []
    signatures = array("q")
    start = 32 + length
    signatures.frombytes(data[start : start + 32 * count])
    digests = bytes(data[start + 32 * count :])
    if len(paths) != count or len(digests) != SIZE * count or not 0 <= files + folders <= count:
        raise ValueError("the parts do not fit together")
    return Stamps(root, paths, files, folders, signatures, digests, names)


def signature_of(path: str, started: int) -> tuple[int, int, int, int]:
    """A path's signature, not settled when what it tells may have changed while the run was on that began at `started`."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return _ABSENT
    if max(status.st_mtime_ns, status.st_ctime_ns) + _SETTLED_AFTER > started:
        return UNSETTLED
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino & _MASK


def _numbers(data: bytes) -> array[int]:
    numbers = array("i")
    numbers.frombytes(data)
    return numbers


def _asked(paths: Iterable[str]) -> array[int]:
    found = array("q")
    add, stat = found.extend, os.stat
    for path in paths:
        try:
            status = stat(path)
        except (OSError, ValueError):
            add(_ABSENT)
        else:
            add((status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino & _MASK))
    return found
