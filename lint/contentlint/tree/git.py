"""The files of a site as git has them: staged in the index, or committed."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator

from contentlint.record import NamedTuple
from contentlint.tree import index as staging
from contentlint.tree import repository
from contentlint.tree.index import FILE, LINK, SUBMODULE, Entries, kind
from contentlint.tree.objects import Objects
from contentlint.tree.opening import contents
from contentlint.tree.protocol import ElsewhereError, Folder, Leads, OutsideError, Signature, below, inside, real
from contentlint.tree.repository import GitError, Repository

_EMPTY = Folder({}, {}, {})
_MOST_LINKS = 40
"""Links on the way to a file; who meets more goes in circles (as Linux counts)."""


class Blob(NamedTuple):
    """What names the content of a file in git: equal blobs are equal files, in whatever tree."""

    id: str
    mode: int


class _Entry(NamedTuple):
    """Where a path ends once all links on the way have been followed."""

    leads: Leads | None
    """None without a link."""
    path: str
    """From the top of the work tree; where it leads out of that, absolute."""
    is_folder: bool


class GitTree:
    """The files of a project that git has, in the index or in a commit. To be closed, or used with `contextlib.closing`.

    `entries` are those of the whole work tree; the project lies at `prefix` in it. `modified` tells when a file was last changed.
    """

    def __init__(
        self, repository_: Repository, prefix: str, entries: Entries, modified: Callable[[str], int], root: str
    ) -> None:
        self.root = root
        self.entries = entries
        self._repository = repository_
        self._prefix = prefix
        self._modified = modified
        self._objects = Objects(repository_.top)
        self._names: dict[str, dict[str, bool]] = {"": {}}
        """The names in each folder, from the top of the work tree, and whether each is a folder."""
        self._unusual: set[str] = set()
        """The folders with links or submodules in them."""
        latest, names = "", self._names[""]
        for path, (mode, _) in entries.items():
            at = path.rfind("/")
            parent = path[: max(at, 0)]
            if parent != latest:  # the entries of a folder mostly follow each other
                latest, names = parent, self._enter(parent)
            names[path[at + 1 :]] = False
            if kind(mode) != FILE:
                names[path[at + 1 :]] = kind(mode) == SUBMODULE
                self._unusual.add(parent)
        self._folders: dict[str, Folder] = {}
        self._on_disk_folders: dict[str, str] = {}
        self.absent: list[str] = []
        """The files that were to be read and that a partial clone does not have, by path below the project."""

    def _enter(self, path: str) -> dict[str, bool]:
        """The names in a folder, which is put into the one above when it is new."""
        names = self._names.get(path)
        if names is None:
            names = self._names[path] = {}
            above, _, name = path.rpartition("/")
            self._enter(above)[name] = True
        return names

    def close(self) -> None:
        """Let git go."""
        self._objects.close()

    # -- as every tree ---------------------------------------------------------------------------------------------

    def folder(self, path: str = "") -> Folder:
        """See `Tree`."""
        known = self._folders.get(path)
        if known is None:
            known = self._folders[path] = self._list(path)
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
        end = self._openable(path)
        content = self._content(end, self.entries[end][1], limit)
        if content is None:
            self.absent.append(path)
            raise ElsewhereError(errno.ENODATA, "this partial clone does not have it", path)
        return content

    # -- what git knows besides ------------------------------------------------------------------------------------

    def blob(self, path: str) -> Blob:
        """What names the content of a file, without reading it. Raises OSError as `read` does where there is none."""
        mode, id_ = self.entries[self._openable(path)]
        return Blob(id_, mode)

    def signature(self, path: str) -> Signature:
        """When a file was last changed; all else is zero, for git says it by `blob`. Raises OSError as that does."""
        return Signature(0, self._modified(self._openable(path)), 0, 0)

    @property
    def paths(self) -> Iterator[str]:
        """Every entry of the project, by path below it, submodules left out."""
        start = len(self._prefix) + 1 if self._prefix else 0
        for path, (mode, _) in self.entries.items():
            if inside(path, self._prefix) and kind(mode) != SUBMODULE:
                yield path[start:]

    @property
    def content(self) -> bytes:
        """What changes when and only when a path, a mode or a content does: a digest over all entries."""
        digest = hashlib.blake2b(digest_size=20)
        for path, (mode, id_) in sorted(self.entries.items()):
            digest.update(f"{mode:o} {id_}\t{path}\0".encode("utf-8", "surrogateescape"))
        return digest.digest()

    # -- how it is found -------------------------------------------------------------------------------------------

    def _openable(self, path: str) -> str:
        """Where a file of the project lies from the top, links followed."""
        parent, _, name = path.rpartition("/")
        files = self.folder(parent).files
        if name not in files:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        if files[name] is Leads.ELSEWHERE:
            raise ElsewhereError(errno.ENODATA, "a submodule has it", path)
        if files[name] is Leads.OUTSIDE:
            raise OutsideError(errno.EACCES, "leads out of the project", path)
        here = self._from_top(path)
        return self._follow(here).path if self._unusual else here

    def _from_top(self, path: str) -> str:
        return f"{self._prefix}/{path}" if self._prefix and path else self._prefix or path

    def _content(self, path: str, id_: str, limit: int) -> bytes | None:
        """The content of a blob: that of the file on disk when it is the same, for that costs least."""
        try:
            data = contents(self._on_disk(path), through_link=False)
        except (OSError, ValueError):
            return self._objects.read(id_, limit)
        hasher = hashlib.sha1 if len(id_) == 40 else hashlib.sha256
        if hasher(b"blob %d\0" % len(data) + data).hexdigest() == id_:
            return data if limit < 0 else data[:limit]
        return self._objects.read(id_, limit)

    def _on_disk(self, path: str) -> str:
        """Where a file lies on disk. Raises OSError when a link has taken the place of one of its folders."""
        parent, _, name = path.rpartition("/")
        folder = self._on_disk_folders.get(parent)
        if folder is None:
            folder = self._on_disk_folders[parent] = os.path.join(self._repository.top, parent)
            if real(folder) != real(self._repository.top) + (f"/{parent}" if parent else ""):
                folder = self._on_disk_folders[parent] = ""
        if not folder:
            raise PermissionError(errno.EACCES, "leads somewhere else", path)
        return os.path.join(folder, name)

    def _list(self, path: str) -> Folder:
        here = self._from_top(path)
        found = self._follow(here)
        names = self._names.get(found.path)
        if names is None or not inside(found.path, self._prefix):
            return _EMPTY
        files: dict[str, Leads | None] = {}
        folders: dict[str, Leads | None] = {}
        broken: dict[str, Leads] = {}
        if found.path not in self._unusual:
            files |= dict.fromkeys(sorted(name for name, is_folder in names.items() if not is_folder))
            folders |= dict.fromkeys(sorted(name for name, is_folder in names.items() if is_folder))
            return Folder(files, folders, broken)
        for name in sorted(names):
            full = f"{found.path}/{name}" if found.path else name
            entry = self.entries.get(full)
            if entry is None or kind(entry[0]) not in (LINK, SUBMODULE):
                (folders if names[name] else files)[name] = None
            elif kind(entry[0]) == SUBMODULE:
                folders[name] = Leads.ELSEWHERE
            else:
                self._put_link(name, self._follow(full), found.path, (files, folders, broken))
        return Folder(files, folders, broken)

    def _put_link(
        self,
        name: str,
        end: _Entry,
        here: str,
        into: tuple[dict[str, Leads | None], dict[str, Leads | None], dict[str, Leads]],
    ) -> None:
        files, folders, broken = into
        leads = end.leads
        if leads is Leads.NOWHERE:
            broken[name] = leads
        elif end.is_folder:
            folders[name] = Leads.ABOVE if leads is Leads.INSIDE and inside(here, end.path) else leads
        else:
            files[name] = leads

    def _follow(self, path: str) -> _Entry:
        """Where a path from the top leads, step by step."""
        left = path.split("/")[::-1] if path else []
        at: list[str] = []
        links = 0
        while left:
            step = left.pop()
            if step in ("", "."):
                continue
            if step == "..":
                if not at:
                    return self._beyond(os.path.join(self._repository.top, "..", *left[::-1]))
                at.pop()
                continue
            at.append(step)
            here = "/".join(at)
            mode, id_ = self.entries.get(here, (0, ""))
            if kind(mode) == SUBMODULE:
                return _Entry(Leads.ELSEWHERE, here, is_folder=not left)
            if kind(mode) != LINK:
                if here not in self._names and (left or not mode):
                    return _Entry(Leads.NOWHERE, here, is_folder=False)
                continue
            links += 1
            target = self._target(id_)
            if links > _MOST_LINKS or not target:
                return _Entry(Leads.NOWHERE, here, is_folder=False)
            if target.startswith("/") or os.path.isabs(target):
                return self._beyond(os.path.join(target, *left[::-1]))
            at.pop()
            left += target.split("/")[::-1]
        found = "/".join(at)
        leads = (Leads.INSIDE if inside(found, self._prefix) else Leads.OUTSIDE) if links else None
        return _Entry(leads, found, is_folder=found in self._names)

    def _target(self, id_: str) -> str:
        content = self._objects.read(id_)
        return "" if content is None else content.decode("utf-8", "surrogateescape")

    def _beyond(self, path: str) -> _Entry:
        """Where a path that has left the work tree ends: perhaps inside again."""
        full = os.path.normpath(path)
        within = below(full, self._repository.top)
        if within is not None:
            end = self._follow(within)
            leads = Leads.INSIDE if end.leads is None and inside(end.path, self._prefix) else end.leads
            return end._replace(leads=leads or Leads.OUTSIDE)
        try:
            mode = os.stat(path).st_mode  # as it is written: above what is not there is nothing
        except (OSError, ValueError):
            return _Entry(Leads.NOWHERE, full, is_folder=False)
        return _Entry(Leads.OUTSIDE, full, is_folder=stat.S_ISDIR(mode))


class Staged(NamedTuple):
    """The site as the index has it."""

    tree: GitTree
    conflicts: list[str]
    """The files that a merge has left in conflict, by path from the top: what stands here is this branch's version."""


def staged(project: str, before: Callable[[str], None] = lambda _: None) -> Staged:
    """The tree that a commit would hold, of a project's folder (absolute). Raises GitError.

    Only what is staged counts as there; the content is what is staged, whatever the files on disk hold by now. `before` is told the
    path of the index before that is read.
    """
    repository_ = repository.find(project)
    before(repository_.index_file)
    found = staging.read(repository_)
    prefix = repository_.path_of(project)
    return Staged(
        GitTree(repository_, prefix, found.entries, _modified_in(repository_.top), project),
        found.conflicts,
    )


def committed(project: str, commit: str) -> GitTree:
    """The tree of a commit, of a project's folder (absolute). Raises GitError."""
    repository_ = repository.find(project)
    when = (
        int(repository.output(project, "show", "--no-patch", "--format=%ct", commit, "--").split()[-1]) * 1_000_000_000
    )
    entries: Entries = {}
    for row in repository.output(repository_.top, "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")[:-1]:
        about, _, name = row.partition(b"\t")
        mode, _, id_ = about.decode("ascii").split()
        entries[name.decode("utf-8", "surrogateescape")] = int(mode, 8), id_
    return GitTree(repository_, repository_.path_of(project), entries, lambda _: when, project)


def on_disk(project: str) -> list[str]:
    """The files of a project's folder (absolute) that git knows or would add, by path below it. Raises GitError."""
    listed = repository.output(project, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return [name.decode("utf-8", "surrogateescape") for name in listed.split(b"\0")[:-1]]


def _modified_in(top: str) -> Callable[[str], int]:
    """When a staged file was last changed: what its file on disk says, or now when there is none."""
    import time

    def modified(path: str) -> int:
        try:
            return os.stat(os.path.join(top, path)).st_mtime_ns
        except (OSError, ValueError):
            return time.time_ns()

    return modified


def fork_point(project: str, ref: str) -> str:
    """The commit that HEAD and `ref` have both grown from: what a change stands on. Raises GitError, with the way out."""
    repository.find(project)
    if ref.startswith("-") or not ref:
        raise GitError(f"{ref!r} names no commit", "name a branch, a tag or a commit: --since main")
    found = _commit(project, ref)
    shallow = repository.lines(project, "rev-parse", "--is-shallow-repository") == ["true"]
    deeper = "this clone is shallow: git fetch --unshallow, or with actions/checkout fetch-depth: 0"
    if found is None:
        raise GitError(
            f"there is no commit {ref}",
            _similar(project, ref) or (deeper if shallow else "git branch -a lists the branches there are"),
        )
    head = _commit(project, "HEAD")
    if head is None:
        raise GitError("nothing has been committed yet", "without --since the whole site is reported")
    base = repository.ask(project, "merge-base", found, head)
    if base is None:
        message = f"{ref} and what is checked out have no commit in common"
        raise GitError(message, deeper if shallow else "name a commit that this branch has grown from")
    return base.split()[0].decode("ascii")


def _commit(project: str, ref: str) -> str | None:
    found = repository.ask(project, "rev-parse", "--verify", "--quiet", "--end-of-options", ref + "^{commit}")
    return found.split()[-1].decode("ascii") if found else None


def _similar(project: str, ref: str) -> str:
    """The name that was most likely meant: that of a remote's branch, or one like it."""
    from difflib import get_close_matches

    names = repository.lines(project, "for-each-ref", "--format=%(refname:short)")
    remote = [name for name in names if name.endswith("/" + ref)]
    near = remote or get_close_matches(ref, names, 1)
    return f"did you mean {near[0]}?" if near else ""
