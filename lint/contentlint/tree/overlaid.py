"""A tree in which some files have another content: what an editor has not saved yet, or what fixes would make of them."""

from __future__ import annotations

from collections.abc import Mapping

from contentlint.tree.protocol import Folder, Tree


class Overlaid:
    """A tree as it is, but for the content of some of its files, by their path."""

    def __init__(self, tree: Tree, overlay: Mapping[str, bytes]) -> None:
        self._tree = tree
        self._overlay = overlay
        self.is_file = tree.is_file
        self.is_folder = tree.is_folder
        self.exists_exact = tree.exists_exact

    def folder(self, path: str = "") -> Folder:
        """See `Tree`."""
        return self._tree.folder(path)

    def read(self, path: str, limit: int = -1) -> bytes:
        """See `Tree`."""
        content = self._overlay.get(path)
        if content is None:
            return self._tree.read(path, limit)
        return content if limit < 0 else content[:limit]
