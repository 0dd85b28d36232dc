"""The files that people write, as rules see them: their data, places, and what reading them found wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from operator import gt, sub

from contentlint import frontmatter
from contentlint.assembly.files import Files
from contentlint.config import Config, PagePattern
from contentlint.generators.jekyll import items, reading
from contentlint.generators.jekyll.build import Pictures
from contentlint.generators.jekyll.extract import Facts
from contentlint.generators.jekyll.items import Item, Kind
from contentlint.generators.jekyll.problems import Fault, Problem
from contentlint.generators.jekyll.reading import Role
from contentlint.page import KeyPath, Mistake, Place, Suppression
from contentlint.patterns import expand
from contentlint.rendering import Datum
from contentlint.resolving import Target
from contentlint.site import Source, Unmatched

_RULES = {
    Fault.IGNORED_POST: "ignored-post",
    Fault.PERMALINK: "malformed-permalink",
    Fault.DATA: "invalid-data",
}
"""The rule that speaks of what the generator stumbles over; for all else it is invalid-front-matter."""


class _Origin:
    """Where the values of one file stand: as its document says, or the settings of the generator's config."""

    __slots__ = ("_document", "_item", "_path", "_places", "_sources")

    def __init__(
        self,
        sources: Sources,
        path: str,
        document: frontmatter.Document | None = None,
        item: Item | None = None,
        places: Mapping[KeyPath, tuple[int, int]] | None = None,
    ) -> None:
        self._sources = sources
        self._path = path
        self._document = document
        self._item = item
        self._places = places

    def text(self) -> str:
        return self._sources.text(self._path)

    def place_of(self, key: KeyPath) -> tuple[int, int] | None:
        if self._document is None:
            return self._places.get(key) if self._places is not None else None
        try:
            return self._document.place(key)
        except KeyError:
            return None

    def places_of(self, keys: Sequence[KeyPath]) -> list[tuple[int, int]] | None:
        """The place of each; None unless all are in the document."""
        try:
            return [*map(self._document.place, keys)] if self._document is not None else None
        except KeyError:
            return None

    def key_place_of(self, key: KeyPath) -> tuple[int, int] | None:
        try:
            return self._document.key_place(key) if self._document is not None else None
        except KeyError:
            return None

    def default_place(self, key: KeyPath) -> Place | None:
        return self._sources.default_place(self._item, key) if self._item is not None else None


class Sources:
    """Every source by its path below the project, made of the files and of what the config says of them."""

    def __init__(self, files: Files, config: Config, items_: Sequence[Item], pictures: Pictures) -> None:
        self._files = files
        self._settings = files.settings
        self._config = config
        self._items = items_
        self._pictures = pictures
        self.by_path: dict[str, Source] = {}
        self.used: set[int] = set()
        """The patterns of the config that fit something, by identity."""
        self.meant: Mapping[str, tuple[PagePattern, dict[str, str]]] = {}
        """What the config says of a page, and what the placeholders of its pattern stand for, by its path below the source."""
        self.number_of: dict[str, int] = {}
        """Which of the items is made of a file, by its path below the source."""
        for number, item in enumerate(items_):
            if item.source is not None and (item.source not in self.number_of or not _is_again(item)):
                self.number_of[item.source] = number
        for path, mistake in files.mistakes:
            self.of(path).mistakes.append(mistake)

    def item_of(self, path: str) -> Item | None:
        """What is made of a file, by its path below the source; None when it is not read."""
        number = self.number_of.get(path)
        return self._items[number] if number is not None else self._pictures.get(path)

    def of(self, path: str, kind: str = "page") -> Source:
        """The source with this path below the source folder, made when it is first asked for."""
        full = self._files.prefix + path
        source = self.by_path.get(full)
        if source is None:
            source = self.by_path[full] = Source(full, kind, _Origin(self, full), opening=Place(full, 0, 0))
        return source

    def template(self, path: str, kind: str = "include") -> Source:
        """The source with this path below the project; a template when it is new."""
        source = self.by_path.get(path)
        if source is None:
            source = self.by_path[path] = Source(path, kind, _Origin(self, path), opening=Place(path, 0, 0))
            facts = self._files.facts.get(path.removeprefix(self._files.prefix))
            if facts is not None and facts.own is not None and facts.document is not None:
                self._place_by(source, facts.document)
        return source

    def fill(self, inventory: reading.Inventory, targets: Sequence[Target]) -> None:
        """Make a source of every page, data file and the generator's config."""
        meant = self.meant = self._meant()
        for item, target in zip(self._items, targets, strict=True):
            path = item.source
            if path is None or item.kind is Kind.REDIRECT or self.item_of(path) is not item:
                continue
            facts = self._files.facts.get(path)
            pattern, values = meant.get(path, (None, {}))
            if (
                facts is None
                or path in self._files.elsewhere
                or (item.kind is Kind.STATIC and (pattern is None or pattern.schema is None))
            ):
                continue
            source = self.of(path)
            source.target = target
            self._fill(source, item, facts)
            if pattern is not None:
                source.schema = pattern.schema
                source.permalink = expand(pattern.permalink, values)
                source.back_link = expand(pattern.back_link, values)
        for each in inventory.sources:
            if each.role is Role.DATA:
                self._data_source(each.path)
        if self._settings.path:
            self._config_source()

    def _meant(self) -> dict[str, tuple[PagePattern, dict[str, str]]]:
        """What the config says of each page: the first pattern that its path fits."""
        meant: dict[str, tuple[PagePattern, dict[str, str]]] = {}
        for path in self._files.facts:
            for pattern in self._config.pages:
                values = pattern.match.match(path)
                if values is not None:
                    meant[path] = pattern, values
                    self.used.add(id(pattern))
                    break
        return meant

    def _fill(self, source: Source, item: Item, facts: Facts) -> None:
        source.muted = facts.bad_at >= 0
        document, block = facts.document, facts.block
        source.body = facts.body
        if document is not None and block is not None:
            source.opening = Place(source.path, block.start, block.opening)
            source.front = (block.start, block.end)
        elif facts.marked:
            source.opening = Place(source.path, 0, 3)
            unclosed = frontmatter.unclosed(source.text())
            if unclosed is not None and self._files.dialects.of(item.source or "").html:
                source.mistakes.append(
                    Mistake(
                        "invalid-front-matter",
                        *unclosed,
                        "---",
                        "the front matter is never closed: Jekyll shows all of it as text",
                        "put a line --- behind the last key",
                    )
                )
                source.muted = True
        if document is None:
            source.data = source.own = {}
            return
        if document.error is not None:
            error = document.error
            source.muted = True
            written = source.text()[error.start : error.end]
            source.mistakes.append(
                Mistake("invalid-front-matter", error.start, error.end, written, error.message, error.note)
            )
            return
        source.own = document.data if document.data not in (None, False) else {}
        if not isinstance(source.own, dict):
            source.muted = True
            return
        source.data = items.front_matter(self._settings, item, source.own)
        self._place_by(source, document, item)

    def _place_by(self, source: Source, document: frontmatter.Document, item: Item | None = None) -> None:
        """Take the places of a source's values, and its repeated keys, from the document that was read."""
        source.origin = _Origin(self, source.path, document, item)
        source.mistakes += (
            Mistake(
                "duplicate-key",
                each.start,
                each.end,
                str(each.key[-1]),
                f"the key {each.key[-1]} stands twice: the value that is written last wins",
                "remove one of them",
                related=((Place(source.path, each.first_start, each.first_end), "first here"),),
            )
            for each in document.duplicates
        )

    def text(self, path: str) -> str:
        """The text of a file, by its path below the project."""
        return self._files.text(path)

    def default_place(self, item: Item, key: KeyPath) -> Place | None:
        """Where the generator's config gives a value to a page."""
        settings = self._settings
        kind = item.collection or ("pages" if item.kind is Kind.PAGE else None)
        entry = settings.defaults.source(items.relative_path(settings, item), kind, str(key[0]))
        at = settings.places.get(("defaults", entry.place, "values", *key)) if entry is not None else None
        return Place(settings.path, *at) if at is not None else None

    def _data_source(self, path: str) -> None:
        source = self.of(path, "data")
        document = self._files.documents[path]
        source.front = (0, len(source.text()))
        for pattern in self._config.data:
            if pattern.match.match(path) is not None:
                source.schema = pattern.schema
                self.used.add(id(pattern))
                break
        if document.error is not None:
            source.muted = True
            return
        source.data = source.own = document.data
        self._place_by(source, document)

    def _config_source(self) -> None:
        path = self._settings.path
        origin = _Origin(self, path, places=self._settings.places)
        self.by_path[path] = Source(path, "config", origin, opening=Place(path, 0, 0))

    def note(self, problems: Iterable[Problem]) -> None:
        """Turn the generator's problems into mistakes of their files."""
        for problem in problems:
            of_config = problem.path == self._settings.path and problem.fault in (Fault.CONFIG, Fault.DEFAULTS)
            source = self.by_path[problem.path] if of_config else self.of(problem.path)
            if any(each.rule == "internal-error" for each in source.mistakes):
                continue
            rule = _RULES.get(problem.fault, "invalid-front-matter")
            if problem.fault is Fault.CONFIG and problem.key[-1:] == ("permalink",):
                rule = "malformed-permalink"
            if rule == "invalid-front-matter" and any(each.rule == rule for each in source.mistakes):
                continue
            bad_at = self._files.facts[problem.path].bad_at if problem.fault is Fault.ENCODING else -1
            if problem.start >= 0:
                start, end = problem.start, problem.end
            elif bad_at >= 0:
                start, end = bad_at, bad_at + 1
            else:
                place = source.value_place(problem.key)
                source = self.by_path[place.path]  # a default stands in the generator's config
                start, end = place.start, place.end
                if not problem.key and source.front != (0, 0) and problem.fault is Fault.FRONT_MATTER:
                    start, end = _content_of(source)
            text = source.text()[start:end]
            document = self._files.documents.get(problem.path)
            note = document.error.note if document is not None and document.error is not None else ""
            if bad_at >= 0:
                note = f"save the file as {self._files.dialects.of(problem.path).encoding.upper()}"
                if source.front == (0, 0):
                    # only posts and drafts are read without front matter: it may be anything that lies among them
                    note += ", or move it elsewhere when it is no text"
            source.mistakes.append(Mistake(rule, start, end, text, problem.message, note))

    def suppressions(self, source: Source, comments: Iterable[tuple[int, int]]) -> Iterator[Suppression]:
        """The suppressions of a file; `comments` are those of its body or template."""
        if source.kind == "page" and not self._files.facts[source.path.removeprefix(self._files.prefix)].suppressing:
            return
        text = source.text()
        if source.kind != "page" and "contentlint:" not in text:
            return
        from contentlint import suppression  # most sites have none

        if source.kind == "page":
            for start, end in frontmatter.comments(text, *source.front):
                if (found := suppression.read(text, start, end, front=source.opening.end + 1)) is not None:
                    yield found
        elif source.kind in ("data", "config"):
            comments = frontmatter.comments(text, 0, len(text))
        for start, end in comments:
            if (found := suppression.read(text, start, end)) is not None:
                yield found

    def locate(self, datum: Datum, url: str) -> Place | None:
        """Where a value that a template prints was written; when it holds more than this URL, where in it the URL stands."""
        source = self.template(datum.path)
        found = source.place_of(datum.key)
        return source.origin.default_place(datum.key) if found is None else source.place(*_within(source, found, url))

    def locate_each(
        self, path: str, keys: Sequence[KeyPath], urls: Sequence[str]
    ) -> tuple[Sequence[int], Sequence[int]] | None:
        """The same for several values of one file, a URL for each; None unless all stand in it."""
        source = self.template(path)
        found = source.origin.places_of(keys)
        if found is None:
            return None
        starts, ends = zip(*found, strict=True)
        if any(map(gt, map(sub, ends, starts), map(len, urls))):
            starts, ends = zip(*map(_within, repeat(source), found, urls), strict=False)
        return starts, ends

    def unmatched(self, inventory: reading.Inventory) -> Iterator[Unmatched]:
        """The patterns of the config that fit nothing."""
        for page in self._config.pages:
            if id(page) not in self.used:
                yield Unmatched(page.match.text, "page", page.places["match"])
        for each in self._config.data:
            if id(each) not in self.used:
                yield Unmatched(each.match.text, "data file", each.places["match"])
        for name, contract in self._config.includes.items():
            folder = self._settings.config["includes_dir"]
            if not self._files.tree.is_file(f"{self._files.prefix}{folder}/{name}") and not self._settings.theme:
                yield Unmatched(name, "include", contract.place)
        patterns = [*self._config.exclude, *((each.match, each.place) for each in self._config.per_file)]
        for pattern, place in patterns:
            paths = chain((path.removeprefix(self._files.prefix) for path in self.by_path), inventory.paths())
            if not any(pattern.match(path) is not None for path in paths):
                yield Unmatched(pattern.text, "file", place)


def _within(source: Source, found: tuple[int, int], url: str) -> tuple[int, int]:
    """Where in a value a URL stands that is only a part of it, or else the value."""
    start, end = found
    if end - start > len(url) and url:
        at = source.text().find(url, start, end)
        if at >= 0:
            return at, at + len(url)
    return found


def _is_again(item: Item) -> bool:
    """Whether an item is a further one of its source: the file as it stands beside its page, a later page of a list."""
    return item.kind is Kind.STATIC or (item.kind is Kind.PAGE and bool(item.target) and "redirect_to" not in item.data)


def _content_of(source: Source) -> tuple[int, int]:
    """The front matter without its dashes and the white space around."""
    start, end = source.opening.end, source.front[1]
    text = source.text()[start:end]
    return start + len(text) - len(text.lstrip()), start + len(text.rstrip())
