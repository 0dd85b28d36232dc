"""What a run leaves of a site, for a later one to know the site without looking at all of it.

Of each page it is written down what the page is to the others: the names under which it is found and what is found there, what
of it their templates ask for, its part in what is said of other files. Whoever asks for a name is in `asking`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from contentlint.assembly.asking import Asks, number_of
from contentlint.digest import digest_of
from contentlint.generators.jekyll.drops import DOCUMENTS, FILES, PAGES
from contentlint.generators.jekyll.items import Hidden, Item, Kind
from contentlint.generators.jekyll.reading import Role, place_of
from contentlint.generators.jekyll.reading import Source as Entry
from contentlint.generators.jekyll.urls import extension
from contentlint.names import POSTS, PRINTED, alike, anchors_of, file_of, is_claim, is_found, unique
from contentlint.page import Anchor, Mistake, Reference, entries
from contentlint.record import NamedTuple
from contentlint.resolving import Target, Unknown
from contentlint.site import Source, arrivals

if TYPE_CHECKING:
    from contentlint.assembly import Assembly

HIDDEN = "?"
"""Before the output of what is not published."""
PICTURES = "!"
"""Before the folder of files that are copied to where they stand; their names follow, each between slashes."""
_PRINTED = number_of(PRINTED)
_SAID = "* "
"""Before an effect that is no template; no generator's template has such a name."""
_OUTWARD = ("categories", "category", "hidden", "tag", "tags")
"""Front matter that the generator gathers from all pages, into archives, feeds and lists."""
_KINDS = (Kind.PAGE, Kind.STATIC, Kind.POST, Kind.DOCUMENT)
"""What can come and go alone."""
_MOST_EFFECTS = 4_000
"""Distinct parts in what is said of other files that are counted."""
_COMPILED = (".scss", ".sass", ".coffee")
"""What becomes of these may depend on others."""


class Row(NamedTuple):
    """What one file is to the others."""

    role: tuple[str, str]
    """Its role, and its collection."""
    simple: bool
    """It is one item with one address, certain and published: it can come, go and move alone."""
    told: dict[str, str]
    """The names under which it is found, and what is found there."""
    outward: str
    """A digest of all else that the others may see of it."""
    order: list[Any]
    """Where it stands among all that is written, to be compared."""
    pattern: int = -1
    """Which of the config's patterns it fits."""
    first: tuple[str, ...] = ()
    """The layouts that it is the first to show."""
    effects: tuple[str, ...] = ()
    """The templates that it shows, and what stands for each thing that is said of another file because of it; see `part_of`."""
    anchors: tuple[str, ...] = ()
    counts: tuple[int, int, int] = (0, 0, 0)
    """How many references it has, how many of them are unknown, and how many of its problems are suppressed."""
    entangled: bool = False
    """It cannot be judged without others."""
    page: bool = True
    """It is a page, and not a file that is copied."""
    muted: bool = False
    """It cannot be read: no anchor of it is known."""

    def suppressing(self, count: int) -> Row:
        """The same with so many of its problems suppressed."""
        return self._replace(counts=(*self.counts[:2], count))

    @property
    def found(self) -> list[str]:
        """The names of outputs and files among those that it is found under."""
        return [name for name in self.told if is_found(name)]

    @property
    def output(self) -> str:
        """Where it is written, of one that is simple."""
        return next(iter(self.told), "")


def parts_of(about: Mapping[str, Any]) -> set[str]:
    """What pages are made of: layouts, includes and data files, by path below the project."""
    return {about["prefix"] + path for path, _, _ in about["parts"]}


def part_of(effect: str, parts: Mapping[str, str]) -> str | None:
    """Which of these files an effect is about, given by the text of their numbers; None when it is about none."""
    if effect.startswith(_SAID):
        return parts.get(effect.rpartition(" ")[2])
    return parts.get(str(number_of(effect)))


def dumped(row: Row) -> str:
    """A row as text."""
    return json.dumps(row)


def loaded(text: str) -> Row:
    """The row that `dumped` wrote."""
    role, simple, told, outward, order, pattern, first, effects, anchors, counts, *rest = json.loads(text)
    return Row(
        tuple(role),
        simple,
        told,
        outward,
        order,
        pattern,
        tuple(first),
        tuple(effects),
        tuple(anchors),
        tuple(counts),
        *rest,
    )


class Learned:
    """What is to be known of the site that an assembly has made, or of the part of it that was looked at again."""

    def __init__(self, assembly: Assembly, looked: Iterable[str] | None = None, *, users: bool) -> None:
        """`looked` are the keys that templates ask of other pages, `users` says that a rule asked who refers to what."""
        self._assembly = assembly
        self.looked = sorted(assembly.pages.templates.site.asked if looked is None else looked)
        self._keys = (*_OUTWARD, *(key for key in self.looked if not key.startswith((PAGES, FILES, DOCUMENTS))))
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
        self._patterns = {id(each): number for number, each in enumerate(assembly.config.pages)}
        self._collections = list(assembly.settings.collections)
        self._parts = {
            each.path: (str(each.role), each.collection)
            for each in assembly.inventory.sources
            if each.role in (Role.LAYOUT, Role.INCLUDE, Role.DATA)
        }
        """What pages are made of, with its role."""
        self._included = {each.strip("/") for each in assembly.settings.config["include"]}
        self._blamed = {problem.path for problem in assembly.built.problems}
        self.groups: set[tuple[str, str]] = set()
        self._effects: dict[object, str] = {}
        self._counts: Counter[str] = Counter()
        self._fitting: Counter[str] = Counter()
        self._firsts: dict[str, list[Any]] = {}
        """Where the first page that shows a layout stands."""

    # -- what holds for all -----------------------------------------------------------------------------------------

    @property
    def blames_config(self) -> bool:
        """Whether the config is at fault for what some page is, as a default permalink is that no post can be placed by."""
        assembly = self._assembly
        own = (*assembly.settings.problems, *assembly.inventory.problems)
        return any(each.path == assembly.settings.path and each not in own for each in assembly.built.problems)

    def about(self) -> dict[str, Any]:
        """What holds for all pages, once `pages` has gone through them."""
        assembly = self._assembly
        return {
            "prefix": assembly.files.prefix,
            "contained": bool(assembly.settings.container),
            "looked": self.looked,
            "users": self._users,
            "groups": sorted(self.groups),
            "shadowed": assembly.built.shadowed,
            "readmes": sorted(
                {item.url.rpartition("/")[0].lower() for item in assembly.built.items if _is_readme(item)}
            ),
            "surprises": [(pattern.pattern, reason) for pattern, reason in assembly.built.surprising],
            "lost": assembly.lost,
            "twins": self._has_twins(),
            "layouts": assembly.pages.templates.known_layouts(),
            "firsts": self._firsts,
            "effects": self._counts if len(self._counts) <= _MOST_EFFECTS else None,
            "contested": sorted(self.contested),
            "patterns": self._fitting,
            "parts": [(path, *role) for path, role in self._parts.items()],
        }

    def _has_twins(self) -> bool:
        """Whether names alone do not tell outputs apart in every way that `resolving.Index` can be asked."""
        index = self._assembly.index
        outputs = [each.output.casefold() for each in self._assembly.targets]
        folders = [each.lower() for each in self._assembly.built.pictures.names]
        rivals = any(index.rivals(each.output) for each in self._assembly.targets)
        return rivals or len({*outputs}) < len(outputs) or len({*folders}) < len(folders)

    def outputs(self) -> Iterator[tuple[str, str]]:
        """A row for each output, for each that is not published, and for each file that link tags can name."""
        assembly = self._assembly
        index = assembly.index
        for target in assembly.targets:
            if target.published and index.get(target.output) is target:
                yield target.output, target_row(target, rivals=bool(index.rivals(target.output)))
            elif not target.published and index.hidden(target.output) is target:
                yield HIDDEN + target.output, target_row(target)
        for folder, names in assembly.built.pictures.names.items():
            yield PICTURES + folder, f"/{'/'.join(names)}/"
        for path, item in assembly.pages.templates.by_path.items():
            yield file_of(path), named_row(item)
        yield POSTS, json.dumps(assembly.pages.templates.post_paths)

    # -- what each page is ------------------------------------------------------------------------------------------

    def pages(self, asks: Asks, suppressed: Mapping[str, int], entangled: Collection[str]) -> Iterator[tuple[str, str]]:
        """A row for each page, by its path below the project; with how many of its problems were suppressed.

        Those `entangled` cannot be judged alone. Everyone asks for the names that nobody else may have; the site as a whole
        does for all that cannot come and go.
        """
        assembly = self._assembly
        prefix = assembly.files.prefix
        simple = set()
        below = (*self._roles, *self._parts)
        for path in dict.fromkeys([*assembly.sources.by_path, *(prefix + path for path in below)]):
            row = self.row(path)
            if row is None:
                continue
            row = row.suppressing(suppressed.get(path, 0))
            if path in entangled or _PRINTED in asks.numbers.get(path, ()):
                row = row._replace(entangled=True)
            if row.simple:
                simple.add(row.output)
            asks.add(path, [name for name in row.told if is_claim(name)])
            self._counts.update(row.effects)
            self._fitting[str(row.pattern)] += 1
            self._firsts |= dict.fromkeys(row.first, row.order)
            yield path, dumped(row)
        asks.add("", [alike(each.output) for each in assembly.targets if each.output not in simple])

    def row(self, path: str) -> Row | None:
        """What is to be known of one page, copied file or template, by its path below the project; None for what is none."""
        assembly = self._assembly
        below = path.removeprefix(assembly.files.prefix)
        if below in self._parts:
            return self._part(below)
        item = assembly.sources.item_of(below)
        roles = self._roles.get(below, ())
        if item is None or item.source is None or not roles:
            return None
        source = assembly.sources.by_path.get(path)
        role = (str(roles[0].role), roles[0].collection)
        entangled = len(roles) > 1 or below in self._blamed
        if source is None:
            if item.kind is not Kind.STATIC or below not in assembly.files.facts:
                return None
            simple = self._is_simple(item, below)
            told = self._told(item) if simple else {}
            outward = digest(repr(() if simple else self._items[below]))
            return Row(role, simple, told, outward, self._order(item), entangled=entangled, page=False)
        if source.kind != "page":
            return None
        simple = not source.muted and self._is_simple(item, below)
        told = self._told(item) if simple else {}
        anchors = tuple(sorted({anchor.name for anchor in source.anchors}))
        excerpted: Sequence[Anchor] = ()
        if "excerpt" in self.looked:
            excerpted = assembly.pages.templates.excerpted(item, source.anchors)
        told[anchors_of(below)] = digest(repr((anchors, assembly.pages.incomplete(below), [*map(_name, excerpted)])))
        if source.schema is not None and not source.muted:
            told |= {unique(key, value): "" for key, value in source.schema.uniques(source.data)}
        meant = assembly.sources.meant.get(below)
        effects = assembly.pages.effects.get(path, ())
        return Row(
            role,
            simple,
            told,
            digest(repr((self._seen(item, source, simple=simple), self._grouped(source)))),
            self._order(item),
            self._patterns[id(meant[0])] if meant is not None else -1,
            tuple(assembly.pages.first.get(path, ())),
            tuple(dict.fromkeys(map(self._effect, effects))),
            anchors,
            self._counted(source),
            entangled,
            item.kind is not Kind.STATIC,
            source.muted,
        )

    def _part(self, below: str) -> Row:
        """A layout, include or data file; whoever shows it asks for it by its name."""
        assembly = self._assembly
        source = assembly.sources.by_path.get(assembly.files.prefix + below)
        is_page = below in self._roles and assembly.sources.item_of(below) is not None
        entangled = is_page or below in self._blamed
        if source is None:  # no page shows it
            return Row(self._parts[below], False, {}, "", [], entangled=entangled, page=False)
        return Row(self._parts[below], False, {}, "", [], counts=self._counted(source), entangled=entangled, page=False)

    @staticmethod
    def _counted(source: Source) -> tuple[int, int, int]:
        unknown = sum(isinstance(each, Unknown) for each in source.resolved.notable.values())
        return len(source.references), unknown, 0

    def _effect(self, effect: object) -> str:
        """The path of a template that a page shows, or what stands for a reference or mistake of another file."""
        if isinstance(effect, str):
            return effect
        known = self._effects.get(effect)
        if known is None:
            path = effect.place.path if isinstance(effect, Reference) else cast("tuple[str, Mistake]", effect)[0]
            known = self._effects[effect] = f"{_SAID}{digest(repr(effect))} {number_of(path)}"
        return known

    @property
    def contested(self) -> set[str]:
        """Of several effects at one place the first one counts, whichever page is the first: pages have to be seen together."""
        at: dict[object, list[str]] = {}
        for effect, known in self._effects.items():
            if isinstance(effect, Reference):
                place: object = effect.place, effect.url
            else:
                path, mistake = cast("tuple[str, Mistake]", effect)
                place = path, mistake.rule, mistake.start, mistake.end
            at.setdefault(place, []).append(known)
        return {each for digests in at.values() if len(digests) > 1 for each in digests}

    def _is_simple(self, item: Item, path: str) -> bool:
        return (
            self._items[path] == [item]
            and item.kind in _KINDS
            and item.known
            and item.hidden is Hidden.NO
            and not item.pattern
            and not item.target
            and path not in self._included
            and not path.endswith(_COMPILED)
            and (item.date is None or item.date <= self._assembly.settings.now)
            and not (item.kind is Kind.STATIC and extension(path).lower() in self._assembly.settings.markdown)
        )

    def _told(self, item: Item) -> dict[str, str]:
        target = self._assembly.target_of(item)
        relative = self._assembly.pages.templates.site.relative(item)
        return {target.output: target_row(target), file_of(relative): named_row(item), alike(target.output): ""}

    def _seen(self, item: Item, source: Source, *, simple: bool) -> object:
        """What templates of others, plugins and rules may see of a page besides what it tells."""
        now = self._assembly.settings.now
        path = item.source or ""
        items = [each._replace(data={}, date=each.date if each.date != now else None) for each in self._items[path]]
        if simple:
            items = [each._replace(url="", output="") for each in items]
        keys = [(key, item.data.get(key), source.data.get(key) if source.data else None) for key in self._keys]
        if not self._users:
            return items, keys
        return items, keys, sorted({each.output for resolved in source.resolved for each in arrivals(resolved)})

    def _grouped(self, source: Source) -> list[tuple[str, str]]:
        groups = set()
        for include, key, by in {(each.include, each.key, each.by) for each in source.choices}:
            values = [value for _, value in entries(source.data, key, by)]
            if len(values) > len(set(values)):
                groups.add((include, by))
        self.groups |= groups
        return sorted(groups)

    def _order(self, item: Item) -> list[Any]:
        """As `Items.all` has them: pages by name, static files by path, documents by collection, date and path."""
        path = item.source or ""
        if item.kind is Kind.PAGE:
            return [0, path.rpartition("/")[2], place_of(path)]
        if item.kind is Kind.STATIC:
            return [1, path]
        date = item.date if item.date is not None and item.date != self._assembly.settings.now else None
        label = self._collections.index(item.collection) if item.collection in self._collections else -1
        return [2, label, date.timestamp() if date is not None else float(1 << 60), path]


def _name(anchor: Anchor) -> str:
    return anchor.name


def _is_readme(item: Item) -> bool:
    name = (item.source or "").rpartition("/")[2].lower()
    return item.kind is Kind.STATIC and name.startswith("readme.")


def digest(text: str) -> str:
    """What stands for a text."""
    return digest_of(text.encode("utf-8", "surrogatepass")).hex()


def named_row(item: Item) -> str:
    """What link tags find under the path of an item."""
    return json.dumps([str(item.kind), item.url, item.output, item.hidden.value, item.pattern, item.collection])


def target_row(target: Target, *, rivals: bool = False) -> str:
    """What is found under the output of a target."""
    return json.dumps([target.source, target.url, target.kind, target.published, target.redirect, rivals])
