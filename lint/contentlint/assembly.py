"""From the files of a project to the site that rules judge: read, place, render, resolve."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from contentlint import frontmatter, suppression
from contentlint.config import Config, IncludeContract, PagePattern
from contentlint.diagnostic import Fault, Lines, UnusableError
from contentlint.generators.jekyll import build, data, extract, items, reading, relative_links, settings
from contentlint.generators.jekyll.drops import traced
from contentlint.generators.jekyll.extract import Facts
from contentlint.generators.jekyll.items import Hidden, Item, Kind
from contentlint.generators.jekyll.problems import Fault as Stumble
from contentlint.generators.jekyll.problems import Problem
from contentlint.generators.jekyll.reading import Role as Reads
from contentlint.generators.jekyll.settings import Settings
from contentlint.generators.jekyll.templates import Layout, Templates
from contentlint.liquid import Missing as NoLayout
from contentlint.liquid import Unknown as NotKnown
from contentlint.nearest import nearest
from contentlint.page import KeyPath, Mistake, Near, Place, Reference, Role, Suppression
from contentlint.patterns import expand
from contentlint.rendering import Contract, Datum, Shown, plain
from contentlint.resolving import Anchors, Missing, Outputs, Resolution, Target, Unknown
from contentlint.schema import Schema
from contentlint.site import Redirect, Site, Source, Unmatched
from contentlint.tree import WorkTree

Progress = Callable[[str, int, int], None]
"""Told (stage, done, total) now and then."""

_RULES = {
    Stumble.IGNORED_POST: "ignored-post",
    Stumble.PERMALINK: "malformed-permalink",
    Stumble.DATA: "invalid-data",
}
"""The rule that speaks of what the generator stumbles over; for all else it is invalid-front-matter."""

_BARE = frozenset({"jekyll-optional-front-matter", "jekyll-readme-index"})
"""Plugins that make pages of files without front matter."""
_LIQUID = re.compile(r"\{\{|\{%")
_DATE = re.compile(r"\A\d+-\d+-\d+-")
_PERMALINK = re.compile(r"^(?:permalink|redirect_from):[ \t]*['\"]?(/?[^'\"\s]+)", re.MULTILINE)


class Assembled(NamedTuple):
    """A site, and what the commands that only list it want to know besides."""

    site: Site
    settings: Settings
    items: Sequence[Item]
    anchors: Callable[[Target], Anchors]
    config: Config
    text: Callable[[str], str]
    """The text of any file, by its path below the project."""
    similar_template: Callable[[str, str], Sequence[str]]
    """The include or layout whose name is most like one."""


@dataclass(eq=False)
class Assembly:
    """The way from files to a site. Paths below the source are turned into paths below the project by `prefix`."""

    tree: WorkTree
    config: Config
    progress: Progress = lambda _stage, _done, _total: None
    overlay: Mapping[str, bytes] = field(default_factory=dict)
    """Content that stands for a file's own, by path below the project: what an editor has not saved yet."""

    def __post_init__(self) -> None:
        """Read the settings. Raises UnusableError when the generator could not use them."""
        self.settings = settings.load(self.tree, self.config.source, version=self.config.jekyll)
        self.prefix = self.settings.source + "/" if self.settings.source else ""
        self.dialects = extract.Dialects(self.settings)
        self.text = lru_cache(maxsize=64)(self._text)
        fatal = [problem for problem in self.settings.problems if problem.fatal]
        faults = [self._fault(problem) for problem in fatal]
        words = [str(key) for key, value in self.settings.config.items() if isinstance(value, str) or value is None]
        for schema in self.config.schemas.values():
            faults += schema.unknown_placeholders(words)
        if faults:
            raise UnusableError(*faults)
        self.facts: dict[str, Facts] = {}
        self.sources: dict[str, Source] = {}
        self.shown: dict[str, Shown] = {}
        self._showing: set[str] = set()
        self._names: dict[Target, Anchors] = {}

    # -- reading -----------------------------------------------------------------------------------------------------

    def assemble(self) -> Assembled:
        """Do it all. Nothing here makes cycles by the thousand, so the collector would only search in vain."""
        collects = gc.isenabled()
        gc.disable()
        try:
            return self._assembled()
        finally:
            if collects:
                gc.enable()

    def _assembled(self) -> Assembled:
        self.inventory = reading.inventory(self.tree, self.settings)
        self._extract()
        self.documents: dict[str, frontmatter.Document] = {}
        self.built = build.assemble(
            self.tree, self.settings, self.inventory, self._head, self._document, modified=self._modified
        )
        self.items = self.built.items
        self.targets = [self._target(item) for item in self.items]
        self.of_source: dict[str, int] = {}
        for number, item in enumerate(self.items):
            if item.source is not None and (item.source not in self.of_source or not _is_again(item)):
                self.of_source[item.source] = number
        self.outputs = Outputs(
            self.targets,
            baseurl=self.settings.baseurl,
            url=str(self.settings.config.get("url") or ""),
            anchors=self.anchors,
            maybe=self._maybe,
        )
        self.templates = Templates(
            self.settings,
            self.items,
            self.inventory.sources,
            lambda path: self._read(self.prefix + path),
            lambda path: self.tree.is_file(self.prefix + path),
            self.prefix,
            self._traced_data,
            self._own,
            self._locate,
            {name: _contract(each) for name, each in self.config.includes.items()},
            self._shown_elsewhere,
        )
        self._make_sources()
        self._note(self.built.problems)
        self._render()
        self._resolve()
        site = Site(
            dict(sorted(self.sources.items())),
            self.targets,
            self.outputs,
            self.prefix,
            list(self._redirects()),
            list(self._unmatched()),
            self._why_hidden,
        )
        return Assembled(site, self.settings, self.items, self.anchors, self.config, self.text, self._similar_template)

    def _target(self, item: Item) -> Target:
        redirect = None
        if item.target and (item.kind is Kind.REDIRECT or item.data.get("redirect_to") is not None):
            redirect = (self.settings.baseurl if item.target.startswith("/") else "") + item.target
        source = item.source if item.source is not None else item.origin or None
        published = item.published or item.hidden is Hidden.UNREADABLE
        return Target(source, item.output, item.url, str(item.kind), published, redirect)

    def _document(self, path: str) -> frontmatter.Document:
        try:
            document = data.document(self._read(self.prefix + path), path)
        except OSError as error:
            document = frontmatter.Document(error=frontmatter.Error(f"it cannot be read: {error.strerror}", 0, 0))
        self.documents[path] = document
        return document

    def _traced_data(self) -> Any:
        """`site.data`, each text with the file and the key path that it was written at."""
        files = {key: self.prefix + path for key, path in self.built.data.files.items()}

        def nested(values: Mapping[str, Any], above: KeyPath) -> dict[str, Any]:
            return {
                name: traced(value, files[key], ()) if (key := (*above, name)) in files else nested(value, key)
                for name, value in values.items()
            }

        return nested(self.built.data.values, ())

    def _read(self, path: str) -> bytes:
        content = self.overlay.get(path)
        return self.tree.read(path) if content is None else content

    def _text(self, path: str) -> str:
        try:
            return extract.decode(self._read(path), self.dialects.of(path).encoding)[0]
        except OSError:
            return ""

    def _extract(self) -> None:
        read = [each for each in self.inventory.sources if each.role in _READ]
        for number, source in enumerate(read):
            if not number % 200:
                self.progress("reading", number, len(read))
            if source.path in self.facts:
                continue
            try:
                raw = self._read(self.prefix + source.path)
            except OSError as error:
                self.facts[source.path] = Facts(marked=False, bad_at=0)
                self._unreadable(source.path, error)
                continue
            whole = source.role is Reads.DOCUMENT and _is_yaml(source.path)
            try:
                self.facts[source.path] = extract.extract(raw, self._dialect(source), whole=whole)
            except Exception as error:  # noqa: BLE001  the rest is linted
                self.facts[source.path] = Facts(marked=True, bad_at=0)
                self._source(source.path).mistakes.append(failure(source.path, "reading it", error))

    def _dialect(self, source: reading.Source) -> extract.Dialect:
        dated = source.role in (Reads.POST, Reads.DRAFT)
        return self.dialects.of(source.path, dated=dated or not _BARE.isdisjoint(self.settings.plugins))

    def _unreadable(self, path: str, error: OSError) -> None:
        message = f"this file cannot be read: {error.strerror or error}"
        self._source(path).mistakes.append(Mistake("invalid-front-matter", 0, 0, path, message))

    def _head(self, path: str) -> items.Head:
        return self.facts[path].head

    def _modified(self, path: str) -> datetime:
        return datetime.fromtimestamp(self.tree.signature(self.prefix + path).modified / 1e9, UTC)

    def _own(self, path: str) -> Any:
        facts = self.facts.get(path)
        return facts.own if facts is not None else None

    # -- the files that people write ---------------------------------------------------------------------------------

    def _source(self, path: str, kind: str = "page") -> Source:
        """The source with this path below the source folder, made when it is first asked for."""
        full = self.prefix + path
        source = self.sources.get(full)
        if source is None:
            source = self.sources[full] = Source(full, kind, lambda: self.text(full), opening=Place(full, 0, 0))
        return source

    def _make_sources(self) -> None:
        meant = self._meant()
        for item, target in zip(self.items, self.targets, strict=True):
            path = item.source
            if path is None or item.kind is Kind.REDIRECT or self.items[self.of_source[path]] is not item:
                continue
            facts = self.facts.get(path)
            pattern, values = meant.get(path, (None, {}))
            if facts is None or (item.kind is Kind.STATIC and (pattern is None or pattern.schema is None)):
                continue
            source = self._source(path)
            source.target = target
            self._fill(source, item, facts)
            if pattern is not None:
                source.schema = pattern.schema
                source.permalink = expand(pattern.permalink, values)
                source.back_link = expand(pattern.back_link, values)
        for each in self.inventory.sources:
            if each.role is Reads.DATA:
                self._data_source(each.path)
        if self.settings.path:
            self._config_source()

    def _meant(self) -> dict[str, tuple[PagePattern, dict[str, str]]]:
        """What the config says of each page: the first pattern that its path fits."""
        meant: dict[str, tuple[PagePattern, dict[str, str]]] = {}
        self._used: set[int] = set()
        for path in self.facts:
            for pattern in self.config.pages:
                values = pattern.match.match(path)
                if values is not None:
                    meant[path] = pattern, values
                    self._used.add(id(pattern))
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
            if (unclosed := frontmatter.unclosed(source.text())) is not None:
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
        source.data = items.front_matter(self.settings, item, source.own)
        source.place_of = _place_in(document.place)
        source.key_place_of = _place_in(document.key_place)
        source.default_place = lambda key: self._default_place(item, key)
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

    def _default_place(self, item: Item, key: KeyPath) -> Place | None:
        """Where the generator's config gives a value to a page."""
        settings = self.settings
        kind = item.collection or ("pages" if item.kind is Kind.PAGE else None)
        entry = settings.defaults.source(items.relative_path(settings, item), kind, str(key[0]))
        at = settings.places.get(("defaults", entry.place, "values", *key)) if entry is not None else None
        return Place(settings.path, *at) if at is not None else None

    def _data_source(self, path: str) -> None:
        source = self._source(path, "data")
        document = self.documents.get(path)
        if document is None:
            return
        source.front = (0, len(source.text()))
        for pattern in self.config.data:
            if pattern.match.match(path) is not None:
                source.schema = pattern.schema
                self._used.add(id(pattern))
                break
        if document.error is not None:
            source.muted = True
            return
        source.data = source.own = document.data
        source.place_of = _place_in(document.place)
        source.key_place_of = _place_in(document.key_place)
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

    def _config_source(self) -> None:
        path = self.settings.path
        source = Source(path, "config", lambda: self.text(path), opening=Place(path, 0, 0))
        source.place_of = self.settings.places.get
        self.sources[path] = source

    def _template_source(self, path: str, kind: str) -> Source:
        source = self.sources.get(path)
        if source is None:
            source = self.sources[path] = Source(path, kind, lambda: self.text(path), opening=Place(path, 0, 0))
        return source

    # -- what the generator stumbles over ----------------------------------------------------------------------------

    def _fault(self, problem: Problem) -> Fault:
        lines = Lines(self.text(problem.path))
        return Fault(problem.path, lines.span(problem.start, max(problem.start, problem.end)), problem.message)

    def _note(self, problems: Iterable[Problem]) -> None:
        """Turn the generator's problems into mistakes of their files."""
        for problem in problems:
            of_config = problem.path == self.settings.path and problem.fault in (Stumble.CONFIG, Stumble.DEFAULTS)
            source = self.sources[problem.path] if of_config else self._source(problem.path)
            if any(each.rule == "internal-error" for each in source.mistakes):
                continue
            rule = _RULES.get(problem.fault, "invalid-front-matter")
            if rule == "invalid-front-matter" and any(each.rule == rule for each in source.mistakes):
                continue
            bad_at = self.facts[problem.path].bad_at if problem.fault is Stumble.ENCODING else -1
            if problem.start >= 0:
                start, end = problem.start, problem.end
            elif bad_at >= 0:
                start, end = bad_at, bad_at + 1
            else:
                place = source.value_place(problem.key)
                if place.path != source.path:
                    source = self.sources[place.path]
                start, end = place.start, place.end
                if not problem.key and source.front != (0, 0) and problem.fault is Stumble.FRONT_MATTER:
                    start, end = self._content_of(source)
            text = source.text()[start:end]
            document = self.documents.get(problem.path)
            note = document.error.note if document is not None and document.error is not None else ""
            if bad_at >= 0:
                note = f"save the file as {self.dialects.of(problem.path).encoding.upper()}"
            source.mistakes.append(Mistake(rule, start, end, text, problem.message, note))

    def _content_of(self, source: Source) -> tuple[int, int]:
        """The front matter without its dashes and the white space around."""
        start, end = source.opening.end, source.front[1]
        text = source.text()[start:end]
        return start + len(text) - len(text.lstrip()), start + len(text.rstrip())

    # -- what pages show ---------------------------------------------------------------------------------------------

    def _locate(self, datum: Datum, url: str) -> Place | None:
        """Where a value that a template prints was written; when it holds more than this URL, where in it the URL stands."""
        source = self.sources.get(datum.path)
        if source is None:
            return None
        found = source.place_of(datum.key)
        if found is None:
            return source.default_place(datum.key)
        start, end = found
        if end - start > len(url) and url:
            at = source.text().find(url, start, end)
            if at >= 0:
                return source.place(at, at + len(url))
        return source.place(start, end)

    def _render(self) -> None:
        pages = [
            (item, self.sources[self.prefix + item.source])
            for item in self.items
            if item.source is not None
            and item.kind not in (Kind.STATIC, Kind.REDIRECT)
            and self.prefix + item.source in self.sources
            and self.items[self.of_source[item.source]] is item
        ]
        elsewhere: dict[str, dict[tuple[Place, str], Reference]] = {}
        for number, (item, source) in enumerate(pages):
            if not number % 200:
                self.progress("rendering", number, len(pages))
            try:
                self._render_page(item, source, elsewhere)
            except Exception as error:  # noqa: BLE001  the rest is linted
                self.shown[item.source or ""] = Shown(incomplete="contentlint failed on it")
                source.mistakes.append(failure(source.path, "rendering it", error))
        for source in self.sources.values():
            if source.kind == "data":
                found: dict[tuple[Place, str], Reference] = {}
                self._keep(self._said(source, "/"), source.path, found, elsewhere)
                source.references = list(found.values())
        self._blame(self.templates.mistakes)
        for path, references in elsewhere.items():
            source = self._template_source(path, "include" if path in self.templates.used else "page")
            known = {(each.place, each.url) for each in source.references}
            source.references = [*source.references, *(each for key, each in references.items() if key not in known)]
        for path in self.templates.used:
            self._template_source(path, "include")
        for source in self.sources.values():
            source.references = sorted(source.references, key=lambda each: each.place)
            if source.kind != "page":
                source.suppressions = list(self._suppressions(source, ()))

    def _render_page(
        self, item: Item, source: Source, elsewhere: dict[str, dict[tuple[Place, str], Reference]]
    ) -> None:
        shown = self.show(item, source)
        own: dict[tuple[Place, str], Reference] = {}
        self._keep(shown.references, source.path, own, elsewhere)
        self._keep(self._around(item, source), source.path, own, elsewhere)
        self._keep(self._said(source, item.url), source.path, own, elsewhere)
        source.references = list(own.values())
        source.anchors, source.undefined = shown.anchors, shown.undefined
        source.choices, source.choices_complete = shown.choices, shown.choices_complete
        source.needs = shown.needs
        self._blame(shown.mistakes)
        source.suppressions = list(self._suppressions(source, shown.comments))

    def show(self, item: Item, source: Source) -> Shown:
        """What the body of a page shows."""
        path = item.source or ""
        if path in self.shown:
            return self.shown[path]
        facts = self.facts[path]
        if facts.scan is not None:
            shown = plain(facts.scan, source.path, facts.body, item.url)
        elif facts.liquid:
            self._showing.add(path)
            shown = self.templates.show(item, source.path, source.text(), facts.body, self.dialects.of(path))
            self._showing.discard(path)
        else:
            shown = Shown()
        if relative_links.applies(self.settings, item):
            self._rewrite(item, source, shown)
        self.shown[path] = shown
        return shown

    def _shown_elsewhere(self, item: Item) -> Shown | None:
        """What a page shows, for another that prints it; None while it is being found out itself."""
        path = item.source or ""
        if path in self.shown:
            return self.shown[path]
        source = self.sources.get(self.prefix + path)
        if source is None or path in self._showing:
            return None
        return self.show(item, source)

    def _rewrite(self, item: Item, source: Source, shown: Shown) -> None:
        """Let links to source files lead where a plugin leads them."""
        body = source.text()[source.body :]
        new = {
            start + source.body: self.templates.address(target) + fragment
            for start, target, fragment in relative_links.rewritten(self.settings, item, body, self.templates.find)
        }
        shown.references = [
            each._replace(url=new[each.place.start])
            if each.place.path == source.path and each.place.start in new
            else each
            for each in shown.references
        ]

    def _keep(
        self,
        references: Iterable[Reference],
        path: str,
        own: dict[tuple[Place, str], Reference],
        elsewhere: dict[str, dict[tuple[Place, str], Reference]],
    ) -> None:
        """The same place and target is one reference; an image is the stronger claim."""
        for reference in references:
            into = own if reference.place.path == path else elsewhere.setdefault(reference.place.path, {})
            key = (reference.place, reference.url)
            known = into.get(key)
            if known is None or (known.role is not Role.IMAGE and reference.role is Role.IMAGE):
                into[key] = reference

    def _around(self, item: Item, source: Source) -> Iterator[Reference]:
        """The references that layouts make of this page's own values, and the layouts' own when they are first shown."""
        for layout in self.templates.layouts(item):
            if isinstance(layout, NoLayout):
                self._missing_layout(item, source, layout)
            if not isinstance(layout, Layout):
                return
            first = layout.keys is None
            if self.templates.concerns(layout, item) or first:
                shown = self.templates.show_layout(layout, item, source.path)
                self._blame(shown.mistakes)
                yield from (each for each in shown.references if first or each.place.path == source.path)

    def _missing_layout(self, item: Item, source: Source, missing: Any) -> None:
        name = self.templates.layout_name(item)
        known = self.templates.layout(name)
        inner = not isinstance(known, NoLayout)
        place = source.value_place(("layout",))
        message = f"no layout {name}: Jekyll writes the page without one (looked for {', '.join(missing.tried)})"
        if inner:
            message = f"the layout {name} asks for one that is not there (looked for {', '.join(missing.tried)})"
        owner = self.sources.get(place.path, source)
        mistake = Mistake("missing-layout", place.start, place.end, name, message, "", Near("layout", name))
        if mistake not in owner.mistakes:
            owner.mistakes.append(mistake)

    def _blame(self, mistakes: Iterable[tuple[str, Mistake]]) -> None:
        for path, mistake in mistakes:
            source = self._template_source(path, "include")
            at = (mistake.rule, mistake.start, mistake.end)
            if all((each.rule, each.start, each.end) != at for each in source.mistakes):
                source.mistakes.append(mistake)

    # -- references that a schema names ------------------------------------------------------------------------------

    def _said(self, source: Source, base: str) -> Iterator[Reference]:
        schema: Schema | None = source.schema
        if schema is None or source.muted or source.data is None or not schema.has_references:
            return
        for key, rule in schema.references(source.data):
            value = source.data
            for step in key:
                value = value[step]
            place = source.value_place(key)
            for path in rule.paths:
                url, unknown = self._expanded(path, str(value))
                yield Reference(url, Role(rule.role), place, base, unknown, key)

    def _expanded(self, path: str, value: str) -> tuple[str, str]:
        """A path of `x-reference` for a value, and why it cannot be known."""
        if _LIQUID.search(value):
            return value, "the value has Liquid in it"
        if re.match(r"(?:[a-z][a-z0-9+.\-]*:)?//|[a-z][a-z0-9+.\-]*:", value, re.IGNORECASE):
            return value, ""
        folder, slash, name = value.rpartition("/")
        stem, dot, ending = name.rpartition(".")
        values = {
            "value": value,
            "stem": folder + slash + (stem if dot else name),
            "ext": dot + ending if dot else "",
        }

        def replaced(found: re.Match[str]) -> str:
            word = found[1]
            known = values.get(word)
            return known if known is not None else str(self.settings.config.get(word) or "")

        return re.sub(r"\{([^{}]*)\}", replaced, path), ""

    # -- resolving ---------------------------------------------------------------------------------------------------

    def _resolve(self) -> None:
        for number, source in enumerate(self.sources.values()):
            if not number % 200:
                self.progress("resolving", number, len(self.sources))
            source.resolved = [self.resolve(each) for each in source.references]

    def resolve(self, reference: Reference) -> Resolution:
        """What became of a reference."""
        if reference.unknown:
            return Unknown(reference.unknown)
        return self.outputs.resolve(reference.url, reference.base)

    def _maybe(self, path: str) -> str:
        """Why something may be at a path (with its leading slash) although no file tells."""
        for placed, reason in ((self.config.urls, "urls"), (self.config.elsewhere, "elsewhere")):
            if any(each.pattern.match(path) is not None for each in placed):
                return f"the config lists it under {reason}"
        if reason := self.built.may_have(path):
            return reason
        trimmed = path.removesuffix("index.html").removesuffix(".html").rstrip("/")
        if (lost := self._lost.get(trimmed) or self._lost.get(trimmed.rpartition("/")[2])) is not None:
            return f"the front matter of {lost} cannot be read, and with it its address"
        return ""

    @cached_property
    def _lost(self) -> dict[str, str]:
        """Pages whose address cannot be known, because their front matter cannot be read.

        By the address that a line of it seems to give; a document without such a line, by the last part of its address.
        """
        lost = {}
        for source in self.sources.values():
            if source.kind != "page" or not source.muted or source.target is None:
                continue
            written = _PERMALINK.findall(source.text())
            for address in written:
                lost["/" + address.strip("/").removesuffix(".html")] = source.path
            if not written and source.target.kind not in ("page", "static"):
                name = source.path.rpartition("/")[2]
                lost[_DATE.sub("", name).partition(".")[0]] = source.path
        return lost

    def anchors(self, target: Target) -> Anchors:
        """The names that a fragment can point at in an output."""
        known = self._names.get(target)
        if known is None:
            known = self._names[target] = self._anchors_of(target)
        return known

    def _anchors_of(self, target: Target) -> Anchors:
        path = target.source
        if path is None or path not in self.of_source:
            return Anchors((), "no file of the site tells what is in it")
        item = self.items[self.of_source[path]]
        if target.kind == "static":
            return self._static_anchors(path)
        source = self.sources.get(self.prefix + path)
        if source is None:
            return Anchors((), "it cannot be read")
        if source.muted:
            return Anchors((), f"the front matter of {source.path} cannot be read")
        shown = self.show(item, source)
        names = {anchor.name for anchor in shown.anchors}
        incomplete = shown.incomplete or self.dialects.why_incomplete(item.source or "")
        for layout in self.templates.layouts(item):
            if isinstance(layout, NotKnown):
                incomplete = incomplete or layout.reason
            elif isinstance(layout, Layout):
                around = self.templates.show_layout(layout, item, source.path)
                names |= {anchor.name for anchor in around.anchors}
                incomplete = incomplete or around.incomplete
        return Anchors(names, incomplete)

    def _static_anchors(self, path: str) -> Anchors:
        from contentlint import kramdown

        text = self.text(self.prefix + path)
        return Anchors({anchor.name for anchor in kramdown.scan_html(text).anchors})

    # -- the rest ----------------------------------------------------------------------------------------------------

    def _suppressions(self, source: Source, comments: Iterable[tuple[int, int]]) -> Iterator[Suppression]:
        text = source.text() if comments or source.kind != "page" else ""
        if source.kind == "page":
            facts = self.facts[source.path.removeprefix(self.prefix)]
            if facts.suppressing:
                text = source.text()
                for start, end in frontmatter.comments(text, *source.front):
                    if (found := suppression.read(text, start, end, front=source.opening.end + 1)) is not None:
                        yield found
        elif "contentlint:" not in text:
            return
        elif source.kind in ("data", "config"):
            comments = frontmatter.comments(text, 0, len(text))
        else:
            comments = self.templates.comments(text)
        for start, end in comments:
            if (found := suppression.read(text, start, end)) is not None:
                yield found

    def _redirects(self) -> Iterator[Redirect]:
        for item, target in zip(self.items, self.targets, strict=True):
            if target.redirect is None or target.source is None:
                continue
            source = self.sources.get(self.prefix + target.source)
            if source is not None:
                yield Redirect(target, source, item.key or ("redirect_to",))

    def _unmatched(self) -> Iterator[Unmatched]:
        for page in self.config.pages:
            if id(page) not in self._used:
                yield Unmatched(page.match.text, "page", page.places["match"])
        for each in self.config.data:
            if id(each) not in self._used:
                yield Unmatched(each.match.text, "data file", each.places["match"])
        for name, contract in self.config.includes.items():
            folder = self.settings.config["includes_dir"]
            if not self.tree.is_file(f"{self.prefix}{folder}/{name}") and not self.settings.theme:
                yield Unmatched(name, "include", contract.place)
        paths = {each.path for each in self.inventory.sources} | {
            source.removeprefix(self.prefix) for source in self.sources
        }
        patterns = [*self.config.exclude, *((each.match, each.place) for each in self.config.per_file)]
        for pattern, place in patterns:
            if not any(pattern.match(path) is not None for path in paths):
                yield Unmatched(pattern.text, "file", place)

    def _similar_template(self, kind: str, name: str) -> Sequence[str]:
        role = Reads.INCLUDE if kind == "include" else Reads.LAYOUT
        base = self.settings.config[f"{kind}s_dir"].strip("/") + "/"
        names = [each.path.removeprefix(base) for each in self.inventory.sources if each.role is role]
        if kind == "layout":
            names = [each.rpartition(".")[0] for each in names]
        found = nearest(name, names)
        return [found] if found else []

    def _why_hidden(self, target: Target) -> str:
        item = self.items[self.of_source[target.source]] if target.source in self.of_source else None
        if item is None or not item.hidden:
            return "it is not published"
        return f"it is {'a ' if item.hidden is Hidden.DRAFT else ''}{item.hidden.value}"


_READ = (Reads.CANDIDATE, Reads.POST, Reads.DRAFT, Reads.DOCUMENT, Reads.LAYOUT)


def _is_again(item: Item) -> bool:
    """Whether an item is a further one of its source: the file as it stands beside its page, a later page of a list."""
    return item.kind is Kind.STATIC or (item.kind is Kind.PAGE and bool(item.target) and "redirect_to" not in item.data)


def failure(path: str, doing: str, error: Exception) -> Mistake:
    """What is said of a file on which contentlint itself failed."""
    message = f"contentlint failed on this file, {doing}: {type(error).__name__}: {error}"
    return Mistake("internal-error", 0, 0, path, message, "please report this, with the file if you can")


def _is_yaml(path: str) -> bool:
    return path.endswith((".yml", ".yaml"))


def _contract(said: IncludeContract) -> Contract:
    """What the config says of an include, its dotted paths (`images[].image_id`) taken apart."""
    params = {}
    for name, path in said.params.items():
        key, _, by = path.rpartition("[].")
        params[name] = (tuple(key.split(".")), by)
    return Contract(params, said.needs)


def _place_in(find: Callable[[KeyPath], tuple[int, int]]) -> Callable[[KeyPath], tuple[int, int] | None]:
    """A document's look-up that answers None where there is nothing."""

    def place(key: KeyPath) -> tuple[int, int] | None:
        try:
            return find(key)
        except KeyError:
            return None

    return place


__all__ = ["Assembled", "Assembly", "Missing", "Progress"]
