"""Which files of the source Jekyll reads, and as what (facts 1.4, 1.5): the reader, before any file is opened."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

from contentlint.generators.jekyll.patterns import EntryFilter
from contentlint.generators.jekyll.problems import Fault, Problem
from contentlint.generators.jekyll.urls import stem
from contentlint.record import NamedTuple
from contentlint.regex import regex
from contentlint.tree import Leads, submodule_above

if TYPE_CHECKING:
    from contentlint.generators.jekyll.settings import Settings
    from contentlint.tree import Folder, Tree


class Role(StrEnum):
    """What a file is to Jekyll, as far as its path tells."""

    CANDIDATE = "candidate"
    """A page when it begins with front matter, else a static file."""
    STATIC = "static"
    """Copied as it is: its extension says that it is no text, so it is never opened."""
    POST = "post"
    DRAFT = "draft"
    DOCUMENT = "document"
    """A collection's file: a document when it begins with front matter, else a static file."""
    DOCUMENT_STATIC = "document-static"
    """A collection's file that is no text."""
    LAYOUT = "layout"
    INCLUDE = "include"
    DATA = "data"


class Source(NamedTuple):
    """One file of the source folder in one role. Its path is relative to the source."""

    path: str
    role: Role
    collection: str = ""


class Inventory(NamedTuple):
    """What there is to read."""

    sources: list[Source]
    """A file may stand here twice: as a post and, by `include`, as a page."""
    problems: list[Problem]
    surprises: list[tuple[str, str]]
    """(pattern of URLs, reason) for what links lead out of the project to."""
    pictures: dict[str, Collection[str]]
    """Ordinary files whose extension says that they are no text: by folder (with its slash, "" for the top) the names of
    those that lie there, in order. They are static, and not among the sources: a site may have a hundred thousand."""

    def paths(self) -> Iterator[str]:
        """The path of every file that is read."""
        yield from (source.path for source in self.sources)
        yield from (folder + name for folder, names in self.pictures.items() for name in names)


MEDIA = frozenset((
    *(".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico", ".bmp", ".tif", ".tiff", ".heic", ".psd", ".pdf"),
    *(".mp3", ".mp4", ".m4a", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".ogg", ".ogv", ".oga", ".wav", ".flac"),
    *(".woff", ".woff2", ".ttf", ".otf", ".eot"),
))  # fmt: skip
_PLAIN_FOLDER = regex(r"[A-Za-z0-9_/-]*")
_PICTURE = regex(
    rf"[A-Za-z0-9-][A-Za-z0-9_-]*\.(?:{'|'.join(ending[1:] for ending in sorted(MEDIA))})", re.IGNORECASE | re.ASCII
)
"""The name of a file in `Inventory.pictures`: nothing in it makes Jekyll look twice."""
_DATED = regex(r"(?:.+/(?=[^/]*\Z))?\d{2,4}-\d{1,2}-\d{1,2}-[^/]*\.[^.]+", re.ASCII | re.DOTALL)
_DATED_BY_3 = regex(r"(?:.*/)?\d{2,4}-\d{1,2}-\d{1,2}-.*\.[^.]+", re.ASCII | re.DOTALL)
_UNDATED = regex(r".*\.[^.]+", re.DOTALL)


def is_media(name: str) -> bool:
    """Whether a file's extension says that it holds no text."""
    at = name.rfind(".")
    return at > 0 and name[at:].lower() in MEDIA and name[at - 1] != "/"


def place_of(path: str) -> list[list[object]]:
    """What to compare to see which of two files of ordinary folders is read first: a folder comes before the files beside it."""
    *folders, name = path.split("/")
    return [*([0, folder] for folder in folders), [1, name]]


def inventory(tree: Tree, settings: Settings) -> Inventory:
    """Every file that Jekyll reads, and those that it drops without a word. Opens nothing."""
    reader = _Reader(tree, settings)
    reader.read_folder("")
    if settings.version > 3:
        reader.read_included()
    for label, collection in settings.collections.items():
        if label not in ("posts", "data"):
            reader.read_collection(label, collection.folder)
    reader.read_parts()
    return Inventory(reader.sources, reader.problems, reader.surprises, reader.pictures)


class _Reader:
    def __init__(self, tree: Tree, settings: Settings) -> None:
        self.tree = tree
        self.settings = settings
        self.sources: list[Source] = []
        self.pictures: dict[str, Collection[str]] = {}
        self.problems: list[Problem] = []
        self.surprises: list[tuple[str, str]] = []
        config = settings.config
        self.safe = bool(config["safe"])
        self.filter = EntryFilter(config["include"], config["exclude"], dotted=settings.version > 3)
        self.container = config["collections_dir"]
        self.collections = settings.container

    def folder(self, path: str) -> Folder:
        return self.tree.folder(_join(self.settings.source, path))

    def fail(self, path: str, message: str) -> None:
        self.problems.append(Problem(path, Fault.LINK, f"the build fails: {message}", fatal=True))

    def read_folder(self, path: str) -> None:
        """An ordinary folder with all below it; posts and drafts lie anywhere."""
        folder = self.folder(path)
        prefix = path + "/" if path else ""
        self.read_dated(path)
        for name, leads in folder.folders.items():
            if self.filter.passes(name, path, folder=True):
                self.enter(prefix + name, leads)
        names: Collection[str] = folder.files
        links = any(folder.files.values())
        if not links and _PLAIN_FOLDER.fullmatch(prefix):
            if self.filter.excludes_in(prefix):
                names = [name for name in names if self.filter.passes(name, path)]
            names = self.read_pictures(prefix, names)
        for name in names:
            if not self.filter.passes(name, path):
                continue
            role = Role.STATIC if name[name.rfind(".") :].lower() in MEDIA else Role.CANDIDATE
            if links and folder.files[name] is Leads.OUTSIDE:
                if self.safe:
                    continue
                if role is Role.CANDIDATE:
                    self.surprises.append((f"/{prefix}{stem(name)}**", f"{prefix}{name} leads out of the project"))
            self.sources.append(Source(prefix + name, role))
        for name, leads in folder.broken.items():
            if self.filter.passes(name, path):
                self.fail(prefix + name, f"this link leads {leads.value}")

    def read_pictures(self, prefix: str, names: Collection[str]) -> Collection[str]:
        """Take the ordinary pictures of a folder together; all other files of it are left."""
        pictures = dict.fromkeys(filter(_PICTURE.fullmatch, names))
        if not pictures:
            return names
        # the tree has these names in a mapping, too: where nothing else lies in the folder, that one is kept alone
        self.pictures[prefix] = names if len(pictures) == len(names) else pictures
        return [name for name in names if name not in pictures] if len(pictures) < len(names) else ()

    def is_broken(self, path: str) -> bool:
        parent, _, name = path.rpartition("/")
        return name in self.folder(parent).broken

    def enter(self, path: str, leads: Leads | None) -> None:
        if _join(self.settings.source, path) == self.settings.destination:
            return
        if leads is Leads.ELSEWHERE:
            self.surprises.append((f"/{path}/**", f"{path} is a submodule that is not looked into"))
        elif leads is Leads.OUTSIDE:
            if not self.safe:
                self.surprises.append((f"/{path}/**", f"{path} leads out of the project"))
        elif leads is Leads.ABOVE:
            self.fail(path, "this link leads to a folder that it lies in itself")
        else:
            self.read_folder(path)

    def read_dated(self, path: str) -> None:
        """`_posts` and `_drafts` of one folder: every file below them whose name fits."""
        if self.container and not f"/{path}".startswith(f"/{self.container}"):
            return
        folder = self.folder(path)
        dated = _DATED if self.settings.version > 3 else _DATED_BY_3
        for special, role, fits in (("_posts", Role.POST, dated), ("_drafts", Role.DRAFT, _UNDATED)):
            base = _join(path, special)
            if special in folder.files and role is Role.POST:
                self.fail(base, "`_posts` is no folder")
            if folder.folders.get(special) is Leads.OUTSIDE and not self.safe:
                self.surprises.append(("/**", f"{base} leads out of the project"))
            for entry in self.walk(base, "", hidden=False):
                if not self.filter.passes(entry, base):
                    continue
                if self.is_broken(f"{base}/{entry}"):
                    message = "Jekyll drops this file: the link leads nowhere"
                    self.problems.append(Problem(f"{base}/{entry}", Fault.LINK, message))
                elif fits.fullmatch(entry):
                    self.sources.append(Source(f"{base}/{entry}", role, "posts"))
                else:
                    self.ignore(f"{base}/{entry}", role)

    def ignore(self, path: str, role: Role) -> None:
        named = "YYYY-MM-DD-title.ext" if role is Role.POST else "title.ext"
        self.problems.append(Problem(path, Fault.IGNORED_POST, f"Jekyll drops this file: its name is not {named}"))

    def walk(self, base: str, below: str, *, hidden: bool) -> Iterator[str]:
        """The files below a folder as Ruby's `**/*` finds them: through no link, hidden ones where asked for."""
        where = _join(base, below)
        if module := submodule_above(self.tree, _join(self.settings.source, where)):
            self.surprises.append(("/**", f"{module} is a submodule that is not looked into"))
        folder = self.folder(where)
        prefix = below + "/" if below else ""
        for name, leads in (*folder.files.items(), *folder.broken.items()):
            if (hidden or not name.startswith(".")) and not (self.safe and leads is Leads.OUTSIDE):
                yield prefix + name
        for name, leads in folder.folders.items():
            if leads in (None, Leads.ELSEWHERE) and (hidden or not name.startswith(".")):
                yield from self.walk(base, prefix + name, hidden=hidden)

    def read_collection(self, label: str, special: str) -> None:
        base = _join(self.collections, special)
        for entry in self.walk(base, "", hidden=True):
            # the filter knows nothing of `collections_dir`: its patterns see `_label/...`
            if not self.filter.passes(entry, special):
                continue
            path = f"{base}/{entry}"
            if self.is_broken(path):
                self.fail(path, "this link leads nowhere")
            else:
                role = Role.DOCUMENT_STATIC if is_media(entry) else Role.DOCUMENT
                self.sources.append(Source(path, role, label))

    def read_included(self) -> None:
        """Files that `include` names by their whole path are read wherever they lie (4.x)."""
        known = {source.path for source in self.sources if source.role in (Role.CANDIDATE, Role.STATIC)}
        for entry in self.settings.config["include"]:
            path = posixpath.normpath("/" + entry).lstrip("/")
            parent, _, name = path.rpartition("/")
            leads = self.folder(parent).files.get(name, Leads.NOWHERE)
            if leads is Leads.NOWHERE or path in known or (self.safe and leads is Leads.OUTSIDE):
                continue
            if name in self.pictures.get(path.removesuffix(name), ()):
                continue
            self.sources.append(Source(path, Role.STATIC if is_media(name) else Role.CANDIDATE))

    def read_parts(self) -> None:
        """Layouts, includes and data files."""
        config = self.settings.config
        for folder, role in ((config["layouts_dir"], Role.LAYOUT), (config["includes_dir"], Role.INCLUDE)):
            base = posixpath.normpath("/" + folder).lstrip("/")
            for entry in self.walk(base, "", hidden=role is Role.INCLUDE):
                if role is Role.INCLUDE or ("." in entry.rpartition("/")[2] and self.filter.passes(entry, "")):
                    self.sources.append(Source(f"{base}/{entry}", role))
        self.read_data(posixpath.normpath("/" + config["data_dir"]).lstrip("/"))

    def read_data(self, path: str) -> None:
        if module := submodule_above(self.tree, _join(self.settings.source, path)):
            self.surprises.append(("/**", f"{module} is a submodule that is not looked into"))
        folder = self.folder(path)
        for name in folder.files:
            if name.endswith((".yaml", ".yml", ".json", ".csv", ".tsv")) and not name.startswith("."):
                self.sources.append(Source(f"{path}/{name}", Role.DATA))
        for name, leads in folder.folders.items():
            if not name.startswith(".") and leads in (None, Leads.INSIDE, Leads.ELSEWHERE):
                self.read_data(f"{path}/{name}")


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder and name else folder or name
