"""The files of a project as somebody looks at them: what was asked for is noted, for the next run to know what this one saw."""

from __future__ import annotations

import os
import sys
import time
from array import array
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Protocol

from contentlint.cache.stamps import (
    NEVER,
    NO_DIGEST,
    ROOT,
    UNREADABLE,
    UNSETTLED,
    Stamp,
    Stamps,
    signature_of,
)
from contentlint.digest import digest_of
from contentlint.tree import TooLargeError, WorkTree, contents

if TYPE_CHECKING:
    from contentlint.tree import Dated, Folder, Signature


def digest_read(read: Callable[[], bytes]) -> bytes:
    """The digest of what can be read, also when nothing can."""
    try:
        return digest_of(read())
    except (OSError, ValueError):
        return digest_of(UNREADABLE)


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
        self.tree = WorkTree(root)
        self.root = root
        self._started = started

    def signature(self, path: str) -> tuple[int, int, int, int]:
        """See `Signed`: what `signature_of` says."""
        return signature_of(f"{self.root}/{path}", self._started)

    def content(self, path: str) -> bytes:
        """See `Signed`: of a file that is no link, without a look at its folder, which may hold ten thousand."""
        try:
            return contents(f"{self.root}/{path}", through_link=False)
        except OSError:
            return self.tree.read(path)


def digest_beyond(path: str) -> bytes:
    """The digest of a file that is not the project's; of one that is too large to be read (a git index), of its signature."""
    try:
        return digest_of(contents(path))
    except TooLargeError:
        return digest_of(repr(signature_of(path, NEVER)).encode("ascii"))
    except (OSError, ValueError):
        return digest_of(UNREADABLE)


def has_links(folder: Folder) -> bool:
    """Whether something in a folder may change although the folder itself does not."""
    return any(folder.folders.values()) or any(folder.files.values()) or bool(folder.broken)


def listing(folder: Folder) -> str | None:
    """The entries of a folder as one line; None when some are links, or no line could hold their names."""
    if has_links(folder):
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
        """What was looked for by its path; cleared once the config has been read, which is known to be looked for."""

    def folder(self, path: str = "") -> Folder:
        """See `Tree`."""
        known = self._folders.get(path)
        if known is None:
            if path:
                self.folder(path.rpartition("/")[0])  # it is listed to see whether this one may be entered
            signature = self._signed.signature(path)
            folder = self._tree.folder(path)
            known = self._folders[path] = UNSETTLED if has_links(folder) else signature, folder
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
            self._files[path] = UNSETTLED, digest_of(UNREADABLE)
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
        signature = signature_of(path, time.time_ns())
        try:
            data = contents(path)
        except OSError:
            self._elsewhere[path] = signature, digest_beyond(path)
            raise
        self._elsewhere[path] = signature, digest_of(data)
        return data

    @property
    def seen(self) -> set[str]:
        """All that was asked so far."""
        return {*self._files, *(path or ROOT for path in self._folders), *self._elsewhere}

    @property
    def content(self) -> str:
        """What stands for the content of all that was asked so far."""
        seen = [*self._files.items(), *self._stamped_folders().items(), *self._elsewhere.items()]
        parts = [path.encode("utf-8", "surrogatepass") + b"\0" + digest for path, (_, digest) in seen]
        return digest_of(b"\0".join(parts)).hex()

    def refresh(self, stamps: Stamps, gone: Collection[str]) -> None:
        """Put down in an earlier run's stamps what was seen now; `gone` are files and folders that are there no more."""
        stamps.renew(self._files, self._stamped_folders(), gone)

    def refresh_beyond(self, stamps: Stamps, paths: Iterable[str]) -> None:
        """Put down in an earlier run's stamps what files that are not the project's were when they were seen now."""
        for path in paths:
            stamps.stamp_beyond(path, self._elsewhere[path])

    def listings(self) -> dict[str, str | None]:
        """The entries of each folder that was seen, as `listing` gives them."""
        return {path: listing(folder) for path, (_, folder) in self._folders.items()}

    def _stamped_folders(self) -> dict[str, Stamp]:
        return {
            path or ROOT: (signature, listing_digest(folder)) for path, (signature, folder) in self._folders.items()
        }

    def stamps(self, modules: Iterable[str] = ()) -> Stamps:
        """All that was asked so far, and the files of the modules that answered."""
        of_modules = {path: (signature_of(path, NEVER), NO_DIGEST) for path in modules}
        folders = self._stamped_folders()
        seen = [*self._files.items(), *folders.items(), *self._elsewhere.items(), *of_modules.items()]
        signatures = array("q")
        for _, (signature, _) in seen:
            signatures.extend(signature)
        digests = b"".join(digest for _, (_, digest) in seen)
        return Stamps(self.root, [path for path, _ in seen], len(self._files), len(folders), signatures, digests)


def loaded() -> list[str]:
    """What a run has loaded of this program and its libraries, where another version may judge otherwise, and the folder of rules."""
    standard = os.path.dirname(os.__file__) + os.sep
    files = {
        os.path.abspath(file)
        for module in list(sys.modules.values())
        if (file := getattr(module, "__file__", None)) is not None
        and (not file.startswith(standard) or "site-packages" in file or "dist-packages" in file)
    }
    rules = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "rules")
    return [*sorted(files), rules]
