"""The files below a folder on disk, as they stand there."""

from __future__ import annotations

import errno
import os
import re
import stat

from contentlint.tree.opening import contents
from contentlint.tree.protocol import ElsewhereError, Folder, Leads, OutsideError, Signature, inside, real

_EMPTY = Folder({}, {}, {})
_SUBMODULE = rb'^[ \t]*path[ \t]*=[ \t]*"?([^"\r\n]*[^"\s])'


class WorkTree:
    """The files below a folder on disk. Each folder is listed once, when it is first asked for."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = os.fspath(root)
        self._real = real(self.root)
        self._folders: dict[str, Folder] = {}
        self._submodules: frozenset[str] = frozenset()

    def folder(self, path: str = "") -> Folder:
        """See `Tree`."""
        known = self._folders.get(path)
        if known is None:
            known = self._folders[path] = self._list(path) if self._enters(path) else _EMPTY
        return known

    def is_file(self, path: str) -> bool:
        """See `Tree`."""
        parent, _, name = path.rpartition("/")
        return name in self.folder(parent).files

    def is_folder(self, path: str) -> bool:
        """See `Tree`."""
        if not path:
            return True
        parent, _, name = path.rpartition("/")
        return name in self.folder(parent).folders

    def exists_exact(self, path: str) -> bool:
        """See `Tree`."""
        return self.is_file(path) or self.is_folder(path)

    def read(self, path: str, limit: int = -1) -> bytes:
        """See `Tree`."""
        full, leads = self._openable(path)
        return contents(full, limit, through_link=leads is not None)

    def signature(self, path: str) -> Signature:
        """What tells whether a file has changed. Raises OSError as `read` does."""
        status = os.stat(self._openable(path)[0])
        return Signature(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)

    def _openable(self, path: str) -> tuple[str, Leads | None]:
        """Where a file lies on disk, and where it leads when it is a link."""
        parent, _, name = path.rpartition("/")
        files = self.folder(parent).files
        if name not in files:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        if files[name] is Leads.ELSEWHERE:
            raise ElsewhereError(errno.ENODATA, "a submodule has it", path)
        if files[name] is Leads.OUTSIDE:
            raise OutsideError(errno.EACCES, "leads out of the project", path)
        return f"{self.root}/{path}", files[name]

    def _enters(self, path: str) -> bool:
        if not path:
            return True
        parent, _, name = path.rpartition("/")
        leads = self.folder(parent).folders.get(name, Leads.NOWHERE)
        return leads is None or leads is Leads.INSIDE

    def _list(self, path: str) -> Folder:
        plain: list[str] = []
        below: list[str] = []
        links: list[str] = []
        here = f"{self.root}/{path}" if path else self.root
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    if entry.is_file(follow_symlinks=False):
                        plain.append(entry.name)
                    elif entry.is_symlink():
                        links.append(entry.name)
                    elif entry.is_dir(follow_symlinks=False):
                        below.append(entry.name)
        except OSError:
            return _EMPTY
        files: dict[str, Leads | None] = dict.fromkeys(sorted(plain))
        folders: dict[str, Leads | None] = dict.fromkeys(sorted(below))
        if not path:
            self._submodules = _submodules(f"{here}/.gitmodules") if ".gitmodules" in files else frozenset()
        for name in below if self._submodules else ():
            if (f"{path}/{name}" if path else name) in self._submodules and not _has_entries(f"{here}/{name}"):
                folders[name] = Leads.ELSEWHERE
        broken: dict[str, Leads] = {}
        if not links:
            return Folder(files, folders, broken)
        for name in links:
            self._follow(here, name, files, folders, broken)
        return Folder(dict(sorted(files.items())), dict(sorted(folders.items())), dict(sorted(broken.items())))

    def _follow(
        self,
        here: str,
        name: str,
        files: dict[str, Leads | None],
        folders: dict[str, Leads | None],
        broken: dict[str, Leads],
    ) -> None:
        link = f"{here}/{name}"
        target = real(link)
        try:
            mode = os.stat(link).st_mode
        except OSError:
            if self._is_of_submodule(target):
                files[name] = Leads.ELSEWHERE
            else:
                broken[name] = Leads.NOWHERE
            return
        if not inside(target, self._real):
            leads = Leads.OUTSIDE
        elif self._is_of_submodule(target):
            leads = Leads.ELSEWHERE
        elif stat.S_ISDIR(mode) and inside(real(here), target):
            leads = Leads.ABOVE
        else:
            leads = Leads.INSIDE
        if stat.S_ISREG(mode):
            files[name] = leads
        elif stat.S_ISDIR(mode):
            folders[name] = leads

    def _is_of_submodule(self, target: str) -> bool:
        """Whether a path on disk is, or would lie in, a submodule that is not checked out."""
        return any(
            inside(target, folder) and not _has_entries(folder)
            for folder in (f"{self._real}/{each}" for each in self._submodules)
        )


def _submodules(path: str) -> frozenset[str]:
    """The folders that `.gitmodules` gives to other repositories."""
    try:
        found = re.findall(_SUBMODULE, contents(path, through_link=False), re.MULTILINE)
    except OSError:
        return frozenset()
    return frozenset(each.decode("utf-8", "surrogateescape") for each in found)


def _has_entries(folder: str) -> bool:
    """Whether a folder holds anything: a submodule that is not checked out is empty."""
    try:
        with os.scandir(folder) as entries:
            return any(True for _ in entries)
    except OSError:
        return True
