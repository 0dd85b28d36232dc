"""A site of which an earlier run has seen the whole: enough of it to judge a few changed pages alone.

A page on its own can answer for itself as long as what it asks of the others is what was asked before, and what it tells the
others has not changed. Whatever goes beyond that raises `NeedsWhole`, and the whole site is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from contentlint.generators.jekyll.items import Hidden, Item, Kind, picture
from contentlint.generators.jekyll.reading import Inventory, Role
from contentlint.generators.jekyll.reading import Source as Entry
from contentlint.page import entries
from contentlint.resolving import Anchors, Index, Outputs, Target, Unknown, copied, paths_of
from contentlint.site import Site, Source, arrivals

if TYPE_CHECKING:
    from contentlint.assembly import Assembly

_OUTWARD = ("categories", "category", "hidden", "tag", "tags")
"""Front matter that the generator gathers from all pages, into archives, feeds and lists."""
_DEEP = frozenset(("content", "excerpt", "output"))
"""What templates may ask of another page that is more than its front matter."""
_HIDDEN = "?"
"""Before the output of what is not published."""
_NAMED = "/"
"""Before the path of a file that link tags can name, pictures aside."""
_POSTS = "*"
"""The name of the list of posts."""
Look = Callable[[str], str | None]
"""The text that a table has for a name."""


class NeedsWhole(BaseException):
    """Something was asked that only the whole site can answer.

    No error: what guards against errors of a page or a rule is not to stop it.
    """


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


class _Index:
    """The targets by output, read one by one; those of the pages that are judged again are `own`."""

    def __init__(self, look: Look, own: Iterable[Target], all_of_them: Callable[[], Index]) -> None:
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
        return self._found(_HIDDEN + output, output)

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

    def has_above(self, part: str) -> bool:
        """See `resolving.Index`."""
        return self._all().has_above(part)


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
        text = self._look(_NAMED + path)
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
    source, url, kind, published, redirect, *_ = json.loads(text)
    return Target(source, output, url, kind, published, redirect)


class Known:
    """What is known of a site, and the pages that are to be judged again."""

    def __init__(
        self,
        about: Mapping[str, Any],
        pages: Look,
        outputs: Look,
        rows: Callable[[], Iterable[tuple[str, str]]],
        changed: Sequence[str],
    ) -> None:
        """`about` is what `Learned` gave, `outputs` and `rows` look into the table of outputs for one name and for all.

        `changed` are paths below the project. Raises NeedsWhole for what is no page.
        """
        self._rows = rows
        self._pages = pages
        self._about = about
        self._prefix: str = about["prefix"]
        if about["deep"]:
            raise NeedsWhole
        self.rows = {path: self._row(path) for path in changed}
        sources = [Entry(path, Role(role), label) for path, role, label in about["parts"]]
        sources += [Entry(self._below(path), Role(row["role"][0]), row["role"][1]) for path, row in self.rows.items()]
        self.inventory = Inventory(sources, [], [], {})
        self.items: Any = _Whole()
        self.pictures: Any = _Pictures(outputs)
        self.named = _Named(outputs)
        self.layouts: Mapping[str, tuple[Iterable[str], Iterable[str], bool]] = about["layouts"]
        self.first = {path for row in self.rows.values() for path in row["first"]}
        """The layouts that one of the pages is the first to show."""
        self._outputs = outputs

    def _row(self, path: str) -> dict[str, Any]:
        text = self._pages(path)
        row: dict[str, Any] = json.loads(text) if text is not None else {}
        if not row or row["entangled"]:
            raise NeedsWhole
        return row

    def _below(self, path: str) -> str:
        return path.removeprefix(self._prefix)

    def index(self, own: Iterable[Target]) -> Any:
        """What stands for the index of all outputs; `own` are the targets of the pages that are judged again."""
        return _Index(self._outputs, own, lambda: self._everything[1])

    @cached_property
    def _everything(self) -> tuple[list[Target], Index, dict[str, list[str]]]:
        """All targets in the order of writing, their index, and the copies by folder: who misses one looks among all."""
        if self._about["twins"]:
            raise NeedsWhole
        targets: list[tuple[int, Target]] = []
        copies: dict[str, list[str]] = {}
        for name, text in self._rows():
            if not text:
                at = name.rfind("/") + 1
                copies.setdefault(name[:at], []).append(name[at:])
            elif not name.startswith((_NAMED, _POSTS)):
                targets.append((json.loads(text)[-2], _target(name.removeprefix(_HIDDEN), text)))
        ordered = [target for _, target in sorted(targets)]
        return ordered, Index(ordered, copies), copies

    def posts(self) -> Sequence[str]:
        """The relative paths of posts and drafts, in the order of writing."""
        paths: list[str] = json.loads(self._outputs(_POSTS) or "[]")
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
        text = self._outputs(_NAMED + (target.source or ""))
        if text is None:
            raise NeedsWhole
        return why_hidden(Hidden(json.loads(text)[3]))

    def anchors(self, target: Target) -> Anchors:
        """The anchors of another page; whether there are more than its own, only the whole site tells."""
        text = self._pages(self._prefix + (target.source or ""))
        names = json.loads(text)["anchors"] if text is not None else []
        return Anchors(names, "", _whole)

    def site(self, sources: Mapping[str, Source], outputs: Outputs) -> Site:
        """The site as the rules for single pages see it."""
        whole: Any = _Whole()
        targets: Any = _Late(lambda: self._everything[0])
        copies: Any = _Late(lambda: self._everything[2])
        site = Site(_Part(sources), targets, outputs, copies, self._prefix, whole, whole, self.why_hidden)
        site.__dict__["groups"] = {(include, by) for include, by in self._about["groups"]}
        return site


def _whole(*_: object) -> NoReturn:
    raise NeedsWhole


class Learned:
    """What a run leaves of the site that it has seen, for `Known` to know."""

    def __init__(self, assembly: Assembly, looked: Iterable[str] | None = None, *, users: bool) -> None:
        """`looked` are the keys that templates ask of other pages, `users` says that a rule asked who refers to what."""
        self._assembly = assembly
        self.looked = sorted(assembly.pages.templates.site.asked if looked is None else looked)
        self._users = users
        self._items: dict[str, list[Item]] = {}
        for item in assembly.built.items:
            if item.kind is not Kind.STATIC or item.source in assembly.files.facts:
                for path in {item.source or item.origin, item.origin or item.source}:
                    self._items.setdefault(path or "", []).append(item)
        self._roles: dict[str, list[Entry]] = {}
        for entry in assembly.inventory.sources:
            if entry.path in assembly.files.facts:
                self._roles.setdefault(entry.path, []).append(entry)
        self._groups: set[tuple[str, str]] = set()
        self._blamed = {problem.path for problem in assembly.built.problems}

    def about(self) -> dict[str, Any]:
        """What holds for all pages."""
        assembly = self._assembly
        return {
            "prefix": assembly.files.prefix,
            "deep": not _DEEP.isdisjoint(self.looked) or bool(assembly.settings.container),
            "looked": self.looked,
            "users": self._users,
            "groups": sorted(self._groups),
            "surprises": [(pattern.pattern, reason) for pattern, reason in assembly.built.surprising],
            "lost": assembly.lost,
            "twins": self._has_twins(),
            "layouts": assembly.pages.templates.known_layouts(),
            "parts": [
                (each.path, str(each.role), each.collection)
                for each in assembly.inventory.sources
                if each.role in (Role.LAYOUT, Role.INCLUDE, Role.DATA)
            ],
        }

    def _has_twins(self) -> bool:
        """Whether names alone do not tell outputs apart in every way that `resolving.Index` can be asked."""
        index = self._assembly.outputs.index
        folded = [each.output.casefold() for each in self._assembly.targets]
        folders = [each.lower() for each in self._assembly.built.pictures.names]
        rivals = any(index.rivals(each.output) for each in self._assembly.targets)
        return rivals or len({*folded}) < len(folded) or len({*folders}) < len(folders)

    def outputs(self) -> Iterator[tuple[str, str]]:
        """A row for each output, for each that is not published, and for each file that link tags can name."""
        assembly = self._assembly
        index = assembly.outputs.index
        for number, target in enumerate(assembly.targets):
            if target.published and index.get(target.output) is target:
                yield target.output, _row_of(target, number, rivals=bool(index.rivals(target.output)))
            elif not target.published and index.hidden(target.output) is target:
                yield _HIDDEN + target.output, _row_of(target, number, rivals=False)
        for path in paths_of(assembly.built.pictures.names):
            yield path, ""
        for path, item in assembly.pages.templates.by_path.items():
            yield _NAMED + path, json.dumps(_named(item))
        yield _POSTS, json.dumps(assembly.pages.templates.post_paths)

    def pages(self, suppressed: Mapping[str, int], entangled: Iterable[str]) -> Iterator[tuple[str, str]]:
        """A row for each page; with how many of its problems were suppressed, and the pages that cannot be judged alone."""
        entangled = set(entangled)
        for source in self._assembly.sources.by_path.values():
            if (row := self.row(source, suppressed.get(source.path, 0))) is not None:
                row["entangled"] = source.path in entangled or row["entangled"]
                yield source.path, json.dumps(row)

    def row(self, source: Source, suppressed: int) -> dict[str, Any] | None:
        """What is to be known of one page; None for what is none."""
        assembly = self._assembly
        path = source.path.removeprefix(assembly.files.prefix)
        item = assembly.sources.item_of(path)
        roles = self._roles.get(path, ())
        if source.kind != "page" or item is None or item.source is None or not roles:
            return None
        now = assembly.settings.now
        made = [
            (*each[:4], *each[5:8], each.date if each.date != now else None, *each[9:]) for each in self._items[path]
        ]
        keys = (*_OUTWARD, *self.looked)
        told = [(key, item.data.get(key), source.data.get(key) if source.data else None) for key in keys]
        uniques = list(source.schema.uniques(source.data)) if source.schema is not None and not source.muted else ()
        groups = set()
        for include, key, by in {(each.include, each.key, each.by) for each in source.choices}:
            values = [value for _, value in entries(source.data, key, by)]
            if len(values) > len(set(values)):
                groups.add((include, by))
        self._groups |= groups
        users = (
            sorted({each.output for resolved in source.resolved for each in arrivals(resolved)}) if self._users else ()
        )
        outward = repr((made, told, uniques, sorted(groups), users, source.muted))
        effects = repr(assembly.pages.effects.get(source.path, ()))
        return {
            "role": [str(roles[0].role), roles[0].collection],
            "item": _named(item),
            "outward": _digest(outward),
            "first": list(assembly.pages.first.get(source.path, ())),
            "effects": _digest(effects) if effects != "()" else "",
            "anchors": sorted({anchor.name for anchor in source.anchors}),
            "incomplete": assembly.pages.incomplete(path),
            "counts": [
                len(source.references),
                sum(isinstance(each, Unknown) for each in source.resolved.notable.values()),
                suppressed,
            ],
            "asked": source.path in assembly.pages.asked,
            "entangled": len(roles) > 1 or path in self._blamed,
        }

    def compared(self, old: Mapping[str, Any], source: Source, suppressed: int) -> dict[str, Any]:
        """The row of a page that was judged alone. Raises NeedsWhole if it is something else to the site than it was."""
        new = self.row(source, suppressed)
        if new is None or any(old[name] != new[name] for name in ("role", "item", "outward", "first", "effects")):
            raise NeedsWhole
        if old["asked"] and any(old[name] != new[name] for name in ("anchors", "incomplete")):
            raise NeedsWhole
        new["asked"] = old["asked"]
        return new


def why_hidden(hidden: Hidden) -> str:
    """Why an item is not published, as a sentence goes on."""
    if not hidden:
        return "it is not published"
    return f"it is {'a ' if hidden is Hidden.DRAFT else ''}{hidden.value}"


def _digest(text: str) -> str:
    from contentlint.cache.stamps import digest_of

    return digest_of(text.encode("utf-8", "surrogatepass")).hex()


def _named(item: Item) -> list[str]:
    return [str(item.kind), item.url, item.output, item.hidden.value, item.pattern, item.collection]


def _row_of(target: Target, number: int, *, rivals: bool) -> str:
    return json.dumps([target.source, target.url, target.kind, target.published, target.redirect, number, rivals])
