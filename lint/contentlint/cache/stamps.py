"""What a run looked at, and whether all of it is still the same: files by content, folders by their entries.

As in git's index a file is the same when its size, times and inode are. A file that was touched so shortly before it was read
that its times could not tell a later change is not settled: its content is compared as long as that is so, and so is the content
of a file whose times are others (a fresh clone).
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Collection, Iterable, Sequence

try:
    from _blake2 import (
        blake2b,
    )  # what hashlib has, without OpenSSL, which takes as long to load as all of a quick answer
except ImportError:  # pragma: no cover  another Python
    from hashlib import blake2b

TYPE_CHECKING = False  # typing takes half as long to import as Python takes to start
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Protocol

    from contentlint.tree import Dated, Folder, Signature
else:
    Protocol = object

_SETTLED_AFTER = 2_000_000_000
"""Nanoseconds: the coarsest clock of a file system in use is FAT's."""
_ABSENT = (-1, -1, -1, -1)
UNSETTLED = (-2, -2, -2, -2)
"""What is no signature: the content has to be compared."""
_MASK = (1 << 63) - 1
_NEVER = 1 << 62
"""A time after that of any file."""
_DIGEST = 16
_ROOT = "."
"""The root among the folders."""
_UNREADABLE = b"\0nothing can be read"
_BEYOND = 2
"""The last of the three kinds of paths: those that are not the project's."""
Stamp = tuple[tuple[int, int, int, int], bytes]
"""A signature and a digest."""
NO_DIGEST = bytes(_DIGEST)
"""Of what is the same only when its times are: nobody reads it again to see."""


class Stamps:
    """The paths that were looked at, and for each its signature and a digest of what was seen.

    First come `files` files of the project and `folders` folders of it, relative to `root` (the working directory when that is
    empty, which is the fastest way to ask for many), then files that are not the project's.
    """

    __slots__ = ("_digests", "_names", "_signatures", "files", "folders", "is_stamped_anew", "paths", "root")

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
        self.is_stamped_anew = False
        """Whether to keep them is worth the while: something has another signature than before."""

    def differing(self) -> list[int]:
        """The numbers of the paths of which times, sizes and inodes do not say that they are the same."""
        now = _signatures(map(self._full, range(len(self.paths))) if self.root else self.paths)
        known = self._signatures
        differing: list[int] = []
        parts = [(0, len(self.paths))]
        while parts:  # nearly all are the same: halves are compared as wholes
            low, high = parts.pop()
            if now[4 * low : 4 * high] != known[4 * low : 4 * high]:
                if high - low == 1:
                    differing.append(low)
                else:
                    middle = (low + high) // 2
                    parts += ((middle, high), (low, middle))
        return differing

    def _full(self, number: int) -> str:
        path = self.paths[number]
        return f"{self.root}/{path}" if self.root and number < self.files + self.folders else path

    def changed(self, numbers: Iterable[int] | None = None, files: Signed | None = None) -> list[int]:
        """Those of the numbers, or of all, whose files or folders have another content; the rest is stamped anew.

        `files` are those of the project, as they lie on disk when nothing is said.
        """
        import time
        from functools import partial

        started = time.time_ns()
        files = files or OnDisk(self.root or ".", started)
        changed = []
        for number in range(len(self.paths)) if numbers is None else numbers:
            path, at = self.paths[number], number * _DIGEST
            if self.files <= number < self.files + self.folders:
                folder = files.tree.folder("" if path == _ROOT else path)
                seen = listing_digest(folder)
                signature = UNSETTLED if _has_links(folder) else files.signature(path)
            elif number < self.files:
                signature = files.signature(path)
                if signature != UNSETTLED and self._is_signed(number, signature):
                    continue
                seen = _seen(partial(files.content, path))
            else:
                signature = signature_of(path, started)
                seen = _beyond(path) if self._digests[at : at + _DIGEST] != NO_DIGEST else b""
            if seen != self._digests[at : at + _DIGEST]:
                changed.append(number)
            elif not self._is_signed(number, signature):
                self._signatures[4 * number : 4 * number + 4] = array("q", signature)
                self.is_stamped_anew = True
        return changed

    def _is_signed(self, number: int, signature: tuple[int, int, int, int]) -> bool:
        return tuple(self._signatures[4 * number : 4 * number + 4]) == signature

    @property
    def seen(self) -> set[str]:
        """All that was looked at."""
        return set(self.paths)

    def stamp_beyond(self, path: str) -> None:
        """Put down what a file that is not the project's is now. Raises ValueError when nobody has looked at it before."""
        import time

        number = self.paths.index(path, self.files + self.folders)
        self._signatures[4 * number : 4 * number + 4] = array("q", signature_of(path, time.time_ns()))
        self._digests = self._digests[: number * _DIGEST] + _beyond(path) + self._digests[(number + 1) * _DIGEST :]

    def renew(self, files: Mapping[str, Stamp], folders: Mapping[str, Stamp], gone: Collection[str]) -> None:
        """Put down what some files and folders are now; what is `gone` is forgotten with all below it."""
        if not gone and (files.keys() | folders.keys()) <= self.seen:
            for path, (signature, digest) in (*files.items(), *folders.items()):
                number = self.paths.index(path)
                self._signatures[4 * number : 4 * number + 4] = array("q", signature)
                self._digests = self._digests[: number * _DIGEST] + digest + self._digests[(number + 1) * _DIGEST :]
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
                        self._digests[number * _DIGEST : (number + 1) * _DIGEST],
                    )
            known.append(part)
            low = high
        known[0] |= files
        known[1] |= folders
        stamps = [each for part in known for each in part.values()]
        self.paths = [path for part in known for path in part]
        self.files, self.folders = len(known[0]), len(known[1])
        self._names = None
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
    if len(paths) != count or len(digests) != _DIGEST * count or not 0 <= files + folders <= count:
        raise ValueError("the parts do not fit together")
    return Stamps(root, paths, files, folders, signatures, digests, names)


def digest_of(data: bytes) -> bytes:
    """What stands for a content."""
    return blake2b(data, digest_size=_DIGEST).digest()


def signature_of(path: str, started: int) -> tuple[int, int, int, int]:
    """A path's signature, not settled when what it tells may have changed while the run was on that began at `started`."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return _ABSENT
    if max(status.st_mtime_ns, status.st_ctime_ns) + _SETTLED_AFTER > started:
        return UNSETTLED
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino & _MASK


def _signatures(paths: Iterable[str]) -> array[int]:
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


def _seen(read: Callable[[], bytes]) -> bytes:
    """The digest of what can be read, also when nothing can."""
    try:
        return digest_of(read())
    except (OSError, ValueError):
        return digest_of(_UNREADABLE)


class Signed(Protocol):
    """The files of a project, and what tells whether one has changed."""

    root: str
    """The folder on disk that the paths are relative to."""

    @property
    def tree(self) -> Dated:
        """The files themselves."""

    def signature(self, path: str) -> tuple[int, int, int, int]:
        """What is another one when the content of the file, or the folder, may be another; not settled where nothing tells that."""

    def content(self, path: str) -> bytes:
        """The bytes of a file of which somebody else knows that its folder is inside the project, and lists it. Raises OSError."""


class OnDisk:
    """The files as they lie on disk; see `Signed`."""

    def __init__(self, root: str, started: int) -> None:
        """`started` is when the run began, in nanoseconds."""
        from contentlint.tree import WorkTree

        self.tree = WorkTree(root)
        self.root = root
        self._started = started

    def signature(self, path: str) -> tuple[int, int, int, int]:
        """See `Signed`: what `signature_of` says."""
        return signature_of(f"{self.root}/{path}", self._started)

    def content(self, path: str) -> bytes:
        """See `Signed`: of a file that is no link, without a look at its folder, which may hold ten thousand."""
        from contentlint.tree import contents

        try:
            return contents(f"{self.root}/{path}", through_link=False)
        except OSError:
            return self.tree.read(path)


def _beyond(path: str) -> bytes:
    """The digest of a file that is not the project's; of one that is too large to be read (a git index), of its signature."""
    from contentlint.tree import TooLargeError, contents

    try:
        return digest_of(contents(path))
    except TooLargeError:
        return digest_of(repr(signature_of(path, _NEVER)).encode("ascii"))
    except (OSError, ValueError):
        return digest_of(_UNREADABLE)


def _has_links(folder: Folder) -> bool:
    """Whether something in a folder may change although the folder itself does not."""
    return any(folder.folders.values()) or any(folder.files.values()) or bool(folder.broken)


def listing(folder: Folder) -> str | None:
    """The entries of a folder as one line; None when some are links, or no line could hold their names."""
    if _has_links(folder):
        return None
    text = "/".join(folder.files) + "//" + "/".join(folder.folders)
    return None if "\n" in text else text


def entries(line: str) -> tuple[set[str], set[str]]:
    """The names of the files and of the folders in what `listing` gave."""
    files, _, folders = line.partition("//")
    return {*files.split("/")} - {""}, {*folders.split("/")} - {""}


def listing_digest(folder: Folder) -> bytes:
    """What stands for the entries of a folder and, of links, for where they lead."""
    parts = []
    for entries in folder:
        parts.append("\0".join(entries))
        parts.append("\0".join(f"{name}\0{leads}" for name, leads in entries.items() if leads is not None))
    return digest_of("\0\0".join(parts).encode("utf-8", "surrogatepass"))


class Watched:
    """The tree of some files; what is asked of it is stamped, for the next run to know what this one saw."""

    def __init__(self, files: Signed, known: Collection[str] = ()) -> None:
        """`known` files lie in folders that are the same as when an earlier run has read them: these are not listed again."""
        self._known = known
        self._signed = files
        self._tree = files.tree
        self.root = files.root
        self._folders: dict[str, tuple[tuple[int, int, int, int], Folder]] = {}
        self._files: dict[str, Stamp] = {}
        self._elsewhere: dict[str, Stamp] = {}
        self.sought: set[str] = set()
        """What was looked for by its path."""

    def folder(self, path: str = "") -> Folder:
        """See `Tree`."""
        known = self._folders.get(path)
        if known is None:
            if path:
                self.folder(path.rpartition("/")[0])  # it is listed to see whether this one may be entered
            signature = self._signed.signature(path)
            folder = self._tree.folder(path)
            known = self._folders[path] = UNSETTLED if _has_links(folder) else signature, folder
        return known[1]

    def is_file(self, path: str) -> bool:
        """See `Tree`."""
        self.sought.add(path)
        self.folder(path.rpartition("/")[0])
        return self._tree.is_file(path)

    def is_folder(self, path: str) -> bool:
        """See `Tree`."""
        self.sought.add(path)
        self.folder(path.rpartition("/")[0])
        return self._tree.is_folder(path)

    def exists_exact(self, path: str) -> bool:
        """See `Tree`."""
        self.sought.add(path)
        self.folder(path.rpartition("/")[0])
        return self._tree.exists_exact(path)

    def read(self, path: str, limit: int = -1) -> bytes:
        """See `Tree`."""
        if path in self._files:
            return self._content(path)[: limit if limit >= 0 else None]
        signature = self._signed.signature(path)
        try:
            data = self._content(path)
        except OSError:
            self._files[path] = UNSETTLED, digest_of(_UNREADABLE)
            raise
        self._files[path] = signature, digest_of(data)
        return data if limit < 0 else data[:limit]

    def _content(self, path: str) -> bytes:
        if path in self._known:
            return self._signed.content(path)
        self.folder(path.rpartition("/")[0])
        return self._tree.read(path)

    def signature(self, path: str) -> Signature:
        """See `WorkTree`."""
        return self._tree.signature(path)

    def beyond(self, path: str) -> bytes:
        """The bytes of a file by its absolute path, wherever it lies. Raises OSError."""
        import time

        from contentlint.tree import contents

        signature = signature_of(path, time.time_ns())
        try:
            data = contents(path)
        except OSError:
            self._elsewhere[path] = signature, _beyond(path)
            raise
        self._elsewhere[path] = signature, digest_of(data)
        return data

    @property
    def seen(self) -> set[str]:
        """All that was asked so far."""
        return {*self._files, *(path or _ROOT for path in self._folders), *self._elsewhere}

    @property
    def content(self) -> str:
        """What stands for the content of all that was asked so far."""
        seen = [*self._files.items(), *self._stamped_folders().items(), *self._elsewhere.items()]
        parts = [path.encode("utf-8", "surrogatepass") + b"\0" + digest for path, (_, digest) in seen]
        return digest_of(b"\0".join(parts)).hex()

    def refresh(self, stamps: Stamps, gone: Collection[str]) -> None:
        """Put down in an earlier run's stamps what was seen now; `gone` are files and folders that are there no more."""
        stamps.renew(self._files, self._stamped_folders(), gone)

    def listings(self) -> dict[str, str | None]:
        """The entries of each folder that was seen, as `listing` gives them."""
        return {path: listing(folder) for path, (_, folder) in self._folders.items()}

    def _stamped_folders(self) -> dict[str, Stamp]:
        return {
            path or _ROOT: (signature, listing_digest(folder)) for path, (signature, folder) in self._folders.items()
        }

    def stamps(self, modules: Iterable[str] = ()) -> Stamps:
        """All that was asked so far, and the files of the modules that answered."""
        of_modules = {path: (signature_of(path, _NEVER), NO_DIGEST) for path in modules}
        folders = self._stamped_folders()
        seen = [*self._files.items(), *folders.items(), *self._elsewhere.items(), *of_modules.items()]
        signatures = array("q")
        for _, (signature, _) in seen:
            signatures.extend(signature)
        digests = b"".join(digest for _, (_, digest) in seen)
        return Stamps(self.root, [path for path, _ in seen], len(self._files), len(folders), signatures, digests)


def loaded() -> list[str]:
    """What a run has loaded of this program and its libraries, where another version may judge otherwise, and the folder of rules."""
    import sys

    standard = os.path.dirname(os.__file__) + os.sep
    files = {
        os.path.abspath(file)
        for module in list(sys.modules.values())
        if (file := getattr(module, "__file__", None)) is not None
        and (not file.startswith(standard) or "site-packages" in file or "dist-packages" in file)
    }
    rules = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "rules")
    return [*sorted(files), rules]
