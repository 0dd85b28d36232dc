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
    from contentlint.tree import Folder, Signature, WorkTree

_SETTLED_AFTER = 2_000_000_000
"""Nanoseconds: the coarsest clock of a file system in use is FAT's."""
_ABSENT = (-1, -1, -1, -1)
_UNSETTLED = (-2, -2, -2, -2)
_MASK = (1 << 63) - 1
_DIGEST = 16
_ROOT = "."
"""The root among the folders."""
_UNREADABLE = b"\0nothing can be read"
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

    def changed(self, numbers: Iterable[int]) -> list[int]:
        """Those of the numbers whose files or folders have another content; the rest is stamped anew."""
        import time
        from functools import partial

        from contentlint.tree import WorkTree

        started = time.time_ns()
        tree = WorkTree(self.root or ".")
        changed = []
        for number in numbers:
            path, at = self.paths[number], number * _DIGEST
            signature = signature_of(self._full(number), started)
            if self.files <= number < self.files + self.folders:
                folder = tree.folder("" if path == _ROOT else path)
                seen = listing_digest(folder)
                signature = _UNSETTLED if _has_links(folder) else signature
            elif number < self.files:
                seen = _seen(partial(_plainly, tree, path))
            else:
                seen = _beyond(path) if self._digests[at : at + _DIGEST] != NO_DIGEST else b""
            if seen != self._digests[at : at + _DIGEST]:
                changed.append(number)
            elif (anew := array("q", signature)) != self._signatures[4 * number : 4 * number + 4]:
                self._signatures[4 * number : 4 * number + 4] = anew
                self.is_stamped_anew = True
        return changed

    @property
    def seen(self) -> set[str]:
        """All that was looked at."""
        return set(self.paths)

    def stamp(self, path: str, signature: tuple[int, int, int, int], digest: bytes) -> None:
        """Put down what a file of the project is now."""
        number = self.paths.index(path)
        self._signatures[4 * number : 4 * number + 4] = array("q", signature)
        self._digests = self._digests[: number * _DIGEST] + digest + self._digests[(number + 1) * _DIGEST :]

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
        return _UNSETTLED
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


def _plainly(tree: WorkTree, path: str) -> bytes:
    """The bytes of a file that is no link, without a look at its folder, which may hold ten thousand; of another as the tree has it.

    That its folder is inside the project, and lists it, somebody else knows.
    """
    from contentlint.tree import contents

    try:
        return contents(f"{tree.root}/{path}", through_link=False)
    except OSError:
        return tree.read(path)


def _beyond(path: str) -> bytes:
    """The digest of a file that is not the project's."""
    from contentlint.tree import contents

    return _seen(lambda: contents(path))


def _has_links(folder: Folder) -> bool:
    """Whether something in a folder may change although the folder itself does not."""
    return any(folder.folders.values()) or any(folder.files.values()) or bool(folder.broken)


def listing_digest(folder: Folder) -> bytes:
    """What stands for the entries of a folder and, of links, for where they lead."""
    parts = []
    for entries in folder:
        parts.append("\0".join(entries))
        parts.append("\0".join(f"{name}\0{leads}" for name, leads in entries.items() if leads is not None))
    return digest_of("\0\0".join(parts).encode("utf-8", "surrogatepass"))


class Watched:
    """The files of a project as `tree` has them; what is asked of it is stamped, for the next run to know what this one saw."""

    def __init__(self, tree: WorkTree, started: int, known: Collection[str] = ()) -> None:
        """`known` files lie in folders that are the same as when an earlier run has read them: these are not listed again."""
        self._known = known
        self._tree = tree
        self.root = tree.root
        self._started = started
        self._folders: dict[str, tuple[tuple[int, int, int, int], Folder]] = {}
        self._files: dict[str, tuple[tuple[int, int, int, int], bytes]] = {}
        self._elsewhere: dict[str, tuple[tuple[int, int, int, int], bytes]] = {}

    def folder(self, path: str = "") -> Folder:
        """See `Tree`."""
        known = self._folders.get(path)
        if known is None:
            if path:
                self.folder(path.rpartition("/")[0])  # it is listed to see whether this one may be entered
            signature = signature_of(f"{self.root}/{path}", self._started)
            folder = self._tree.folder(path)
            known = self._folders[path] = _UNSETTLED if _has_links(folder) else signature, folder
        return known[1]

    def is_file(self, path: str) -> bool:
        """See `Tree`."""
        self.folder(path.rpartition("/")[0])
        return self._tree.is_file(path)

    def is_folder(self, path: str) -> bool:
        """See `Tree`."""
        self.folder(path.rpartition("/")[0])
        return self._tree.is_folder(path)

    def exists_exact(self, path: str) -> bool:
        """See `Tree`."""
        self.folder(path.rpartition("/")[0])
        return self._tree.exists_exact(path)

    def read(self, path: str, limit: int = -1) -> bytes:
        """See `Tree`."""
        if path in self._files:
            return self._content(path)[: limit if limit >= 0 else None]
        signature = signature_of(f"{self.root}/{path}", self._started)
        try:
            data = self._content(path)
        except OSError:
            self._files[path] = _UNSETTLED, digest_of(_UNREADABLE)
            raise
        self._files[path] = signature, digest_of(data)
        return data if limit < 0 else data[:limit]

    def _content(self, path: str) -> bytes:
        if path in self._known:
            return _plainly(self._tree, path)
        self.folder(path.rpartition("/")[0])
        return self._tree.read(path)

    def signature(self, path: str) -> Signature:
        """See `WorkTree`."""
        return self._tree.signature(path)

    def beyond(self, path: str) -> bytes:
        """The bytes of a file by its absolute path, wherever it lies. Raises OSError."""
        from contentlint.tree import contents

        signature = signature_of(path, self._started)
        try:
            data = contents(path)
        except OSError:
            self._elsewhere[path] = signature, digest_of(_UNREADABLE)
            raise
        self._elsewhere[path] = signature, digest_of(data)
        return data

    @property
    def seen(self) -> set[str]:
        """All that was asked so far."""
        return {*self._files, *(path or _ROOT for path in self._folders), *self._elsewhere}

    def refresh(self, stamps: Stamps, paths: Iterable[str]) -> None:
        """Put down in an earlier run's stamps what these files are now."""
        for path in paths:
            stamps.stamp(path, *self._files[path])

    def stamps(self, modules: Iterable[str]) -> Stamps:
        """All that was asked so far, and the files of the modules that answered."""
        of_modules = {path: (signature_of(path, 1 << 62), NO_DIGEST) for path in modules}
        folders = {
            path or _ROOT: (signature, listing_digest(folder)) for path, (signature, folder) in self._folders.items()
        }
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
