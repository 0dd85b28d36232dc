"""A site of which an earlier run has seen the whole: enough of it to judge a few pages alone.

A page on its own can answer for itself as long as what it asks of the others is what was asked before. A page that comes, goes,
moves or has other anchors is the business of those who have asked for what it tells: they are judged again with it. Whatever
goes beyond that raises `NeedsWhole`, and the whole site is read.
"""

from __future__ import annotations

import json
import re
from bisect import insort
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn

from contentlint.assembly.learned import HIDDEN, PICTURES, Row, loaded, named_row, parts_of, target_row
from contentlint.cache.watched import has_links
from contentlint.generators.jekyll import reading
from contentlint.generators.jekyll.items import Hidden, Item, Kind, picture
from contentlint.generators.jekyll.reading import Inventory, Role
from contentlint.generators.jekyll.reading import Source as Entry
from contentlint.names import POSTS, file_of, is_output
from contentlint.record import NamedTuple
from contentlint.resolving import Anchors, Index, Outputs, Target, copied, paths_of
from contentlint.site import Site, Source
from contentlint.tree import Folder

if TYPE_CHECKING:
    from contentlint.assembly import Assembly
    from contentlint.generators.jekyll.settings import Settings
    from contentlint.tree import Tree

Look = Callable[[str], str | None]
"""The text that a table has for a name."""


class NeedsWhole(BaseException):
    """Something was asked that only the whole site can answer.

    No error: what guards against errors of a page or a rule is not to stop it.
    """


class NeedsPage(NeedsWhole):
    """Something was asked that a page would answer if it were judged as well."""

    def __init__(self, path: str) -> None:
        """By its path below the project."""
        super().__init__(path)
        self.path = path


class Change(NamedTuple):
    """What is no longer as an earlier run has seen it, or has to be judged again; paths below the project."""

    pages: Sequence[str] = ()
    """Files that are still there."""
    added: Collection[str] = ()
    """Files that are new in folders that are not; whatever lies in new folders is found there."""
    removed: Collection[str] = ()
    entered: Collection[str] = ()
    """Folders that are new."""


class _Whole:
    """What only the whole site has: whoever looks at it in any way needs that."""

    def __getattr__(self, _: str) -> NoReturn:
        raise NeedsWhole

    def __getitem__(self, _: object) -> NoReturn:
        raise NeedsWhole

    def __iter__(self) -> NoReturn:
        raise NeedsWhole

    def __len__(self) -> NoReturn:
        raise NeedsWhole


class _Late:
    """Something that is made when somebody looks at it."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def __getattr__(self, name: str) -> Any:
        return getattr(self._make(), name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._make())


class _Part(Mapping[str, Source]):
    """Some of the sources; there may be others."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources

    def __getitem__(self, path: str) -> Source:
        if path not in self._sources:
            raise NeedsWhole
        return self._sources[path]

    def __iter__(self) -> NoReturn:
        raise NeedsWhole

    def __len__(self) -> NoReturn:
        raise NeedsWhole


class _PartTree:
    """A tree as if only what is new were in it."""

    def __init__(self, tree: Tree, change: Change) -> None:
        self._tree = tree
        self._entered = change.entered
        self._folders: dict[str, Folder] = {}
        for path in change.added:
            self._add(path, "files")
        for path in change.entered:
            self._add(path, "folders")

    def _add(self, path: str, kind: str) -> None:
        above, _, name = path.rpartition("/")
        new = above not in self._folders
        getattr(self._folders.setdefault(above, Folder({}, {}, {})), kind)[name] = None
        if new and above:
            self._add(above, "folders")

    def folder(self, path: str = "") -> Folder:
        """See `Tree`."""
        if any(path == each or path.startswith(each + "/") for each in self._entered):
            found = self._tree.folder(path)
            if has_links(found):
                raise NeedsWhole
            return found
        return self._folders.get(path, Folder({}, {}, {}))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tree, name)


class _Index:
    """The targets by output, read one by one."""

    def __init__(self, look: Look, own: Iterable[Target], all_of_them: Callable[[], Index]) -> None:
        """`own` are those of the pages that are judged: `look` knows them, too."""
        self._look = look
        self._own = {target: target for target in own}
        self._all = all_of_them

    def __iter__(self) -> Iterator[Target]:
        return iter(self._all())

    def get(self, output: str) -> Target | None:
        """See `resolving.Index`."""
        return self._found(output, output)

    def copies(self, output: str) -> bool:
        """See `resolving.Index`."""
        return self._look(output) == ""

    def hidden(self, output: str) -> Target | None:
        """See `resolving.Index`."""
        return self._found(HIDDEN + output, output)

    def _found(self, name: str, output: str) -> Target | None:
        text = self._look(name)
        if text is None:
            return None
        target = _target(output, text)
        return self._own.get(target, target)

    def rivals(self, output: str) -> Sequence[Target]:
        """See `resolving.Index`."""
        text = self._look(output)
        if text and json.loads(text)[-1]:
            raise NeedsWhole
        return ()

    def in_other_case(self, output: str) -> str:
        """See `resolving.Index`."""
        return self._all().in_other_case(output)

    def in_other_form(self, output: str) -> str:
        """See `resolving.Index`."""
        return self._all().in_other_form(output)

    @property
    def tops(self) -> Collection[str]:
        """See `resolving.Index`."""
        return self._all().tops


class _Pictures(_Whole):
    """The files that are copied to where they stand, read one by one."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def get(self, path: str) -> Item | None:
        """See `build.Pictures`."""
        return picture(path) if self._look(path) == "" else None


class _Named(Mapping[str, Item]):
    """What link tags can name, read one by one."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def __getitem__(self, path: str) -> Item:
        text = self._look(file_of(path))
        if text is not None:
            kind, url, output, hidden, pattern, collection = json.loads(text)
            return Item(path, Kind(kind), url, output, {}, collection, Hidden(hidden), pattern=pattern)
        raise KeyError(path)

    def __iter__(self) -> NoReturn:
        raise NeedsWhole

    def __len__(self) -> NoReturn:
        raise NeedsWhole


def _target(output: str, text: str) -> Target:
    if not text:
        return copied(output)
    source, url, kind, published, redirect, _ = json.loads(text)
    return Target(source, output, url, kind, published, redirect)


class Known:
    """What is known of a site, and what of it is to be judged again."""

    def __init__(
        self,
        about: Mapping[str, Any],
        pages: Look,
        outputs: Look,
        rows: Callable[[], Iterable[tuple[str, str]]],
        change: Change,
        since: Mapping[str, str | None] = MappingProxyType({}),
    ) -> None:
        """`about` is what `Learned` gave, `pages` and `outputs` look into its tables for one name, `rows` gives all outputs.

        `since` is what runs after that have found under other names of outputs and files. Raises NeedsWhole for what cannot be judged alone.
        """
        self._rows = rows
        self._pages = pages
        self._outputs = outputs
        self._about = about
        self._change = change
        self._since = since
        self._pictures: dict[str, str] = {}
        """The names of the pictures that there were, by folder."""
        self._prefix: str = about["prefix"]
        if about["contained"]:  # paths are told in another way there
            raise NeedsWhole
        self.parts = parts_of(about)
        self.new: dict[str, str | None] = {}
        """Of the names of outputs and files those under which something else is found than before; None: nothing."""
        self.before = {path: self._row(path) for path in change.pages}
        """What the files that are still there were to the others."""
        self.gone: dict[str, Row] = {}
        """What those were that are not."""
        self.pictures_gone: list[str] = []
        self.pictures_added: list[str] = []
        self.added: list[str] = []
        """The new files that may be pages, by path below the project."""
        for path in change.removed:
            self._remove(path)
        self.items: Any = _Whole()
        self.pictures: Any = _Pictures(self.look)
        self.named = _Named(self.look)
        self.layouts: Mapping[str, tuple[Iterable[str], Iterable[str], bool]] = about["layouts"]
        self.first = {layout for row in self.before.values() for layout in row.first}
        """The layouts that one of the pages is the first to show."""

    def look(self, name: str) -> str | None:
        """What is found under the name of an output or file; of a picture nothing has to be said."""
        return self.new[name] if name in self.new else self.was(name)

    def was(self, name: str) -> str | None:
        """What was found under it before."""
        if name in self._since:
            return self._since[name]
        found = self._outputs(name)
        if found is not None or not is_output(name):
            return found
        at = name.rfind("/") + 1
        folder = name[:at]
        if folder not in self._pictures:
            self._pictures[folder] = self._outputs(PICTURES + folder) or ""
        return "" if f"/{name[at:]}/" in self._pictures[folder] else None

    def page(self, path: str) -> str | None:
        """The row of a page as text, by its path below the project."""
        return self._pages(path)

    def _row(self, path: str) -> Row:
        text = self._pages(path)
        if text is None or (row := loaded(text)).entangled:
            raise NeedsWhole
        return row

    def _below(self, path: str) -> str:
        if not path.startswith(self._prefix):
            raise NeedsWhole
        return path.removeprefix(self._prefix)

    def _remove(self, path: str) -> None:
        below = self._below(path)
        if self._pages(path) is not None:
            row = self.gone[path] = self._row(path)
            if not row.simple or row.first:
                raise NeedsWhole
            self.new |= dict.fromkeys(row.found)
        elif self.was(below) == "":
            self.pictures_gone.append(below)
            self.new[below] = None
        elif self.was(file_of(below)) is not None or any(below == part[0] for part in self._about["parts"]):
            raise NeedsWhole
        else:
            self._ignored(path)

    def _ignored(self, path: str) -> None:
        """Raise NeedsWhole when a file or folder that the generator does not read may be read, or looked for, by somebody else."""
        folder, _, name = path.rpartition("/")
        is_hidden = name.startswith(".") or name.endswith("~")
        if f"/{path}".count("/_") or (not folder and not is_hidden):
            raise NeedsWhole

    # -- what an assembly asks ------------------------------------------------------------------------------------

    def inventory(self, tree: Tree, settings: Settings) -> Inventory:
        """What there is to read: the pages that are judged, and what templates are made of."""
        sources = [Entry(path, Role(role), label) for path, role, label in self._about["parts"]]
        sources += [
            Entry(self._below(path), Role(row.role[0]), row.role[1])
            for path, row in self.before.items()
            if path not in self.parts
        ]
        change = self._change
        if not change.added and not change.entered:
            return Inventory(sources, [], [], {})
        part: Any = _PartTree(tree, change)
        found = reading.inventory(part, settings)
        if found.problems or found.surprises:
            raise NeedsWhole
        read = {self._prefix + each for each in found.paths()}
        for path in (*change.added, *change.entered):
            if path not in read and not any(each.startswith(path + "/") for each in read):
                self._ignored(path if path in change.added else path + "/")
        if any(each.role in (Role.LAYOUT, Role.INCLUDE, Role.DATA) for each in found.sources):
            raise NeedsWhole
        self.pictures_added = [folder + name for folder, names in found.pictures.items() for name in names]
        self.added = [self._prefix + each.path for each in found.sources]
        return Inventory([*sources, *found.sources], [], [], found.pictures)

    def index(self, assembly: Assembly) -> Any:
        """What stands for the index of all outputs, with those of the pages that are judged."""
        relative = assembly.pages.templates.site.relative
        for item, target in zip(assembly.built.items, assembly.targets, strict=True):
            before = self.before.get(self._prefix + (item.source or item.origin))
            text = target_row(target)
            if before is None or (before.simple and before.told.get(target.output) != text):
                if before is not None:
                    self.new |= dict.fromkeys(before.found)
                self.new[target.output if target.published else HIDDEN + target.output] = text
                if item.source is not None and item.known:
                    self.new[file_of(relative(item))] = named_row(item)
        self.new |= dict.fromkeys(paths_of(assembly.built.pictures.names), "")
        return _Index(self.look, assembly.targets, lambda: self._everything[1])

    @cached_property
    def _everything(self) -> tuple[list[Target], Index, dict[str, list[str]]]:
        """All targets in the order of their names, their index, and the copies by folder: who misses one looks among all."""
        if self._about["twins"]:
            raise NeedsWhole
        targets: list[Target] = []
        copies: dict[str, list[str]] = {}
        new = {**self._since, **self.new}
        for name, text in [*((name, text) for name, text in self._rows() if name not in new), *new.items()]:
            if name.startswith(PICTURES) and text:
                folder = name.removeprefix(PICTURES)
                copies[folder] = [each for each in text[1:-1].split("/") if folder + each not in new]
            elif text and not name.startswith((file_of(""), POSTS)):
                targets.append(_target(name.removeprefix(HIDDEN), text))
        for name in sorted(name for name, text in new.items() if text == ""):
            at = name.rfind("/") + 1
            insort(copies.setdefault(name[:at], []), name[at:])
        targets.sort(key=lambda target: target.output)
        return targets, Index(targets, copies), copies

    def posts(self) -> Sequence[str]:
        """The relative paths of posts and drafts, in the order of writing."""
        paths: list[str] = json.loads(self.look(POSTS) or "[]")
        return paths

    def may_have(self, url: str) -> str:
        """See `build.Built`."""
        return next((reason for pattern, reason in self._about["surprises"] if re.fullmatch(pattern, url)), "")

    @property
    def lost(self) -> Mapping[str, str]:
        """Pages whose address cannot be known, by what it seems to be."""
        lost: Mapping[str, str] = self._about["lost"]
        return lost

    def why_hidden(self, target: Target) -> str:
        """Why a page is not published."""
        text = self.look(file_of(target.source or ""))
        if text is None:
            raise NeedsWhole
        return why_hidden(Hidden(json.loads(text)[3]))

    def anchors(self, target: Target) -> Anchors:
        """The anchors of another page; whether there are more than its own, only those tell who show it."""
        path = target.source or ""
        text = self._pages(self._prefix + path)
        if text is None:
            return Anchors((), "", _whole)
        row = loaded(text)
        item = self.named.get(path) if not row.simple else None
        if row.muted or (not row.simple and (item is None or item.url != target.url)):
            raise NeedsWhole  # a page that cannot be read shows nothing that is known, a later page of a list something else

        def around() -> NoReturn:
            raise NeedsPage(self._prefix + path)

        return Anchors(row.anchors, "", around)

    def site(self, sources: Mapping[str, Source], outputs: Outputs) -> Site:
        """The site as the rules for single pages see it."""
        whole: Any = _Whole()
        targets: Any = _Late(lambda: self._everything[0])
        copies: Any = _Late(lambda: self._everything[2])
        site = Site(_Part(sources), targets, outputs, copies, self._prefix, whole, whole, self.why_hidden)
        site.__dict__["groups"] = {(include, by) for include, by in self._about["groups"]}
        return site


def why_hidden(hidden: Hidden) -> str:
    """Why an item is not published, as a sentence goes on."""
    if not hidden:
        return "it is not published"
    return f"it is {'a ' if hidden is Hidden.DRAFT else ''}{hidden.value}"


def _whole(*_: object) -> NoReturn:
    raise NeedsWhole
