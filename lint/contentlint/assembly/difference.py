"""What some changed pages are to the rest of a site that they were not before: which names it concerns, or that it is too much."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from contentlint.assembly.asking import number_of
from contentlint.assembly.known import Known, NeedsWhole
from contentlint.assembly.learned import Learned, Row, loaded, part_of
from contentlint.generators.jekyll.drops import DOCUMENTS, FILES, PAGES
from contentlint.generators.jekyll.reading import Role
from contentlint.generators.jekyll.templates import Layout
from contentlint.generators.jekyll.urls import extension
from contentlint.names import EVERYTHING, POSTS, anchors_of, file_of, is_found

if TYPE_CHECKING:
    from contentlint.assembly import Assembly

_OF_ALL_POSTS = frozenset({"jekyll-archives", "jekyll-paginate"})
"""Plugins that make pages of the posts that there are."""


class Difference:
    """Compares what was known of some pages with what they are now.

    Raises NeedsWhole wherever they are something else to the site in a way that cannot be told by names alone.
    """

    def __init__(self, known: Known, about: dict[str, Any], assembly: Assembly, rows: Mapping[str, Row]) -> None:
        """`rows` are those of what was judged, by path below the project; the counts of `about` are kept true."""
        self._known = known
        self._about = about
        self._assembly = assembly
        self._rows = rows
        self._prefix: str = about["prefix"]
        self.names: set[str] = set()
        """Under which the others find something else."""
        self._parts = known.parts & known.before.keys()
        """The layouts, includes and data files that are judged, and with them whoever shows one."""
        self.parts: set[str] = set()
        """Those that have to be, for more or less is said of them now."""

    def take(self, learned: Learned) -> None:
        """Compare all with what the pages have shown."""
        known, groups = self._known, learned.groups
        if self._parts:
            self._retell(learned)
        for path, before in known.before.items():
            self._compare(path, before, self._rows[path])
        come = [self._rows[path] for path in known.added]
        gone = list(known.gone.values())
        for path in known.added:
            self._come(self._rows[path])
        for row in gone:
            self._count("effects", self._lasting(row.effects), ())
            self._count("patterns", (str(row.pattern),), ())
            self.names |= row.told.keys()
        if come or gone or known.pictures_added or known.pictures_gone:
            if self._about["users"] or not {*groups} <= {(include, by) for include, by in self._about["groups"]}:
                raise NeedsWhole
            if gone and self._about["groups"]:
                raise NeedsWhole
        self._members([*come, *gone])
        self._pictures([*known.pictures_added, *known.pictures_gone])

    def _compare(self, path: str, before: Row, now: Row) -> None:
        """A page that is still there."""
        same = before._replace(told={}, effects=(), anchors=(), counts=now.counts)
        if same != now._replace(told={}, effects=(), anchors=()):
            raise NeedsWhole
        names = {name for name in before.told.keys() | now.told if before.told.get(name) != now.told.get(name)}
        if not now.page:
            names.add(anchors_of(path.removeprefix(self._prefix)))
        self.names |= names
        if any(map(is_found, names)):
            self._members([before, now])
        self._count("effects", self._lasting(before.effects), self._lasting(now.effects))

    def _lasting(self, effects: Iterable[str]) -> list[str]:
        """Effects but for what is said of the parts that are judged: that is told anew, and by all who have a say in it."""
        return [each for each in effects if not self._is_retold(each)] if self._parts else [*effects]

    @cached_property
    def _numbers(self) -> dict[str, str]:
        """The parts of the site by the text of their numbers; most changes have nothing to do with any."""
        return {str(number_of(path)): path for path in self._known.parts}

    def _is_retold(self, effect: str) -> bool:
        return part_of(effect, self._numbers) in self._parts

    def _retell(self, learned: Learned) -> None:
        """Put down anew what is said of the parts that are judged, and what their layouts are."""
        about, known = self._about, self._known
        if about["users"] or about["effects"] is None:
            raise NeedsWhole
        told = Counter(each for row in self._rows.values() for each in row.effects if self._is_retold(each))
        lasting = {each: count for each, count in about["effects"].items() if not self._is_retold(each)}
        about["effects"] = lasting | told
        contested = {each for each in about["contested"] if not self._is_retold(each)}
        about["contested"] = sorted(contested | {each for each in learned.contested if self._is_retold(each)})
        templates = self._assembly.pages.templates
        for name, found in templates.known_layouts().items():
            layout = templates.layout(name)
            if isinstance(layout, Layout) and layout.file.path in self._parts:
                about["layouts"][name] = found
        if any(known.before[path].role[0] == Role.LAYOUT for path in self._parts):
            self.names |= {anchors_of(path.removeprefix(self._prefix)) for path in known.before}

    def _come(self, row: Row) -> None:
        """A page that is new."""
        about = self._about
        if not row.simple or row.first or row.entangled:
            raise NeedsWhole
        for template in row.effects:
            if template in about["firsts"] and row.order <= about["firsts"][template]:
                raise NeedsWhole  # it would be the first that shows a layout
        self._count("effects", (), self._lasting(row.effects))
        self._count("patterns", (), (str(row.pattern),))
        self.names |= row.told.keys()
        if any(self._known.was(name) is not None for name in row.found):
            raise NeedsWhole

    def _count(self, what: str, before: Iterable[str], now: Iterable[str]) -> None:
        """Keep count of what many pages have in common: the first to have it, and the last, are noticed by others."""
        before, now = {*before}, {*now}
        if before == now:
            return
        counts = self._about[what]
        if counts is None:
            raise NeedsWhole
        noticed = {each for each in now - before if not counts.get(each)}
        for each in now - before - noticed:
            counts[each] += 1
        for each in before - now:
            counts[each] -= 1
            if not counts[each]:
                noticed.add(each)
        if what == "effects":
            noticed |= (before ^ now).intersection(self._about["contested"])
        for each in noticed:
            part = part_of(each, self._numbers) if what == "effects" else None
            if part is None:
                raise NeedsWhole
            self.parts.add(part)

    def _members(self, rows: list[Row]) -> None:
        """Pages and files that come, go or move."""
        if not rows:
            return
        about = self._about
        settings = self._assembly.settings
        self.names.add(EVERYTHING)
        looked = about["looked"]
        for row in rows:
            if (FILES if not row.page else DOCUMENTS + row.role[1] if row.role[1] else PAGES) in looked:
                raise NeedsWhole
            paths = [name.removeprefix(file_of("")) for name in row.told if name.startswith(file_of(""))]
            if not row.simple or any(self._is_patterned(path) or not extension(path) for path in paths):
                raise NeedsWhole  # names without an ending are asked for by who looks for folders
            url = json.loads(row.told[row.output])[1]
            folder = url.rpartition("/")[0].lower()
            if self._known.may_have(url) or url in about["shadowed"] or folder in about["readmes"]:
                raise NeedsWhole
            if row.role[1] == "posts":
                self.names.add(POSTS)
                feed = settings.config.get("feed")
                tagged = isinstance(feed, Mapping) and feed.get("tags")
                if settings.config["limit_posts"] or tagged or not _OF_ALL_POSTS.isdisjoint(settings.plugins):
                    raise NeedsWhole

    def _pictures(self, paths: list[str]) -> None:
        """Files that are copied to where they stand, by path below the source."""
        if not paths:
            return
        if FILES in self._about["looked"] or any(map(self._is_patterned, paths)):
            raise NeedsWhole
        if any(self._known.may_have("/" + path) for path in paths):
            raise NeedsWhole
        folders = {each[: each.rfind("/") + 1] for each in self._known.pictures_added}
        if any(self._has_twin(self._prefix + folder) for folder in folders):
            raise NeedsWhole
        self.names |= {EVERYTHING, *paths, *map(file_of, paths)}

    def _has_twin(self, path: str) -> bool:
        """Whether a folder, or one above it, differs from another in upper and lower case only."""
        steps = path.split("/")[:-1]
        tree = self._assembly.tree
        return any(
            other != step and other.lower() == step.lower()
            for number, step in enumerate(steps)
            for other in tree.folder("/".join(steps[:number])).folders
        )

    def _is_patterned(self, path: str) -> bool:
        """Whether a pattern of the config that wants to match any file speaks of this one."""
        config = self._assembly.config
        patterns = [*(each.pattern for each in config.exclude), *(each.match for each in config.per_file)]
        return any(pattern.match(path) is not None for pattern in patterns)

    def posts(self) -> str | None:
        """The list of posts as it is now, when it is another."""
        if POSTS not in self.names:
            return None
        known = self._known
        relative = self._assembly.pages.templates.site.relative
        items = {self._prefix + (item.source or ""): item for item in self._assembly.built.items}
        gone = {path for path, row in known.gone.items() if row.role[1] == "posts"}
        paths = [path for path in known.posts() if self._prefix + path not in gone]
        order: dict[str, list[Any]] = {}

        def place_of(path: str) -> list[Any]:
            if path not in order:
                text = known.page(self._prefix + path)
                if text is None:
                    raise NeedsWhole
                order[path] = loaded(text).order
            return order[path]

        for path in known.added:
            row = self._rows[path]
            if row.role[1] == "posts":
                at = bisect_left(paths, row.order, key=place_of)
                order[relative(items[path])] = row.order
                paths.insert(at, relative(items[path]))
        return json.dumps(paths)
