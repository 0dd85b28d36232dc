"""A tree with a file in it that is not there yet: what an editor has opened and never saved."""

from __future__ import annotations

import time

from contentlint.tree.protocol import Folder, Signature
from contentlint.tree.worktree import WorkTree


class Unsaved:
    """The files of a work tree, and among them `path`, which has the content `content`, with the folders that it needs."""

    def __init__(self, tree: WorkTree, path: str, content: bytes) -> None:
        self._tree = tree
        self._path = path
        self._content = content

    def folder(self, path: str = "") -> Folder:
        """See `Tree`."""
        folder = self._tree.folder(path)
        start = path + "/" if path else ""
        if not self._path.startswith(start):
            return folder
        name, slash, _ = self._path[len(start) :].partition("/")
        files, folders, broken = folder
        if slash:
            folders = {**folders, name: folders.get(name)}
        else:
            files = {**files, name: files.get(name)}
        return Folder(dict(sorted(files.items())), dict(sorted(folders.items())), broken)

    def is_file(self, path: str) -> bool:
        """See `Tree`."""
        return path == self._path or self._tree.is_file(path)

    def is_folder(self, path: str) -> bool:
        """See `Tree`."""
        return self._path.startswith(path + "/") or self._tree.is_folder(path)

    def exists_exact(self, path: str) -> bool:
        """See `Tree`."""
        return self.is_file(path) or self.is_folder(path)

    def read(self, path: str, limit: int = -1) -> bytes:
        """See `Tree`."""
        if path != self._path:
            return self._tree.read(path, limit)
        return self._content if limit < 0 else self._content[:limit]

    def signature(self, path: str) -> Signature:
        """See `WorkTree`; the file changes as we speak."""
        if path != self._path:
            return self._tree.signature(path)
        now = time.time_ns()
        return Signature(len(self._content), now, now, 0)
