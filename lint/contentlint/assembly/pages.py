"""What the pages of a site show: the references of each, made by itself, its layouts, its includes and its schema."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from contentlint import kramdown, shares
from contentlint.assembly.files import Files, Progress, failure
from contentlint.assembly.said import ABSOLUTE, Said
from contentlint.assembly.sources import Sources
from contentlint.generators.jekyll import build, extract, relative_links
from contentlint.generators.jekyll.drops import traced
from contentlint.generators.jekyll.items import Hidden, Item, Kind
from contentlint.generators.jekyll.templates import Layout, Templates
from contentlint.liquid import MARK, Missing, Unknown
from contentlint.names import anchors_of, template_of
from contentlint.page import (
    Anchor,
    AnchorList,
    Choice,
    Gathered,
    KeyPath,
    Mistake,
    Near,
    Need,
    Place,
    Reference,
    References,
    Role,
    Suppression,
    is_stronger,
)
from contentlint.percent import urljoin
from contentlint.record import NamedTuple
from contentlint.rendering import Contract, Shown, plain
from contentlint.resolving import Anchors, Target
from contentlint.site import Source

if TYPE_CHECKING:
    from contentlint.assembly.asking import Asks
    from contentlint.assembly.known import Known

_UNKNOWN_BASE = "where the page's <base href> leads depends on what only a build can tell"

_FEW = 512
"""The outputs whose anchors are at hand: they are put together quickly, and each set of names weighs as much as a page."""

_LEAST = 400
"""Pages that are worth a process of their own."""


class _Rendered(NamedTuple):
    """What a page shows, and what it has a part in beyond itself."""

    number: int
    references: References = References()
    anchors: Sequence[Anchor] = ()
    undefined: tuple[tuple[str, int, int], ...] = ()
    choices: tuple[Choice, ...] = ()
    choices_complete: bool = True
    needs: tuple[Need, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    incomplete: str = ""
    """Why there may be more anchors."""
    elsewhere: tuple[Reference, ...] = ()
    """References that stand in other files."""
    mistakes: tuple[tuple[str, Mistake], ...] = ()
    """With the path of the file that each is in."""
    templates: tuple[str, ...] = ()
    """The layouts and includes that show it."""
    first: tuple[str, ...] = ()
    """The layouts that no other page has shown before."""


class _Around(NamedTuple):
    """What the layouts of a page add to it."""

    references: list[Reference]
    mistakes: list[tuple[str, Mistake]]
    templates: list[str]
    """The layouts, and the includes of those that were shown."""
    first: list[str]
    """The layouts that no other page has shown before."""
    base: str = ""
    """The `<base href>` of the outermost layout that has one."""


class _Share(NamedTuple):
    """What one process has rendered, and what it has learned of the templates on the way."""

    pages: list[_Rendered]
    mistakes: list[tuple[str, Mistake]]
    used: list[str]
    looked: set[str]
    asks: Mapping[str, array[int]]


_References = dict[tuple[Place, str], Reference]


class Pages:
    """Renders pages and layouts, each once, and keeps what they show."""

    def __init__(
        self,
        files: Files,
        built: build.Built,
        sources: Sources,
        contracts: Mapping[str, Contract],
        known: Known | None = None,
        jobs: int = 1,
        asks: Asks | None = None,
    ) -> None:
        self._known = known
        self._jobs = jobs
        self.first: dict[str, tuple[str, ...]] = {}
        """The layouts that a page, by its path, was the first to show."""
        self.effects: dict[str, tuple[object, ...]] = {}
        """What a page, by its path, has a part in beyond itself: other files' references and mistakes, templates shown."""
        self._using: dict[str, list[str]] = {}
        """The includes that each page has shown until it is rendered."""
        self._asks = asks
        self._files = files
        self._said = Said(files.settings.config)
        self._built = built
        self._sources = sources
        self._shown: dict[str, Shown] = {}
        """What pages show, until they are rendered."""
        self._rendered: dict[str, str] = {}
        """Of those that are, why they may have more anchors."""
        self._showing: set[str] = set()
        self._anchors: dict[Target, Anchors] = {}
        self._blamed: dict[str, set[tuple[str, int, int]]] = {}
        """Of the files that mistakes were found in, where, and of which rule: a page may have any number."""
        prefix = files.prefix
        self.templates = Templates(
            files.settings,
            built.items if known is None else known.items,
            built.pictures if known is None else known.pictures,
            built.sources,
            lambda path: files.read(prefix + path),
            files.may_be,
            prefix,
            self._data,
            files.own,
            sources,
            contracts,
            self._shown_elsewhere,
            named=known.named if known is not None else None,
            posted=known.posts if known is not None else None,
        )
        if asks is not None:
            self.templates.ask, self.templates.ask_by = asks.ask, asks.add
        if known is not None:
            self.templates.recall(known.layouts, known.first)

    def _data(self) -> Any:
        """`site.data`, each text with the file and the key path that it was written at."""
        files = {key: self._files.prefix + path for key, path in self._built.data.files.items()}

        def nested(values: Mapping[str, Any], above: KeyPath) -> dict[str, Any]:
            return {
                name: traced(value, files[key], ()) if (key := (*above, name)) in files else nested(value, key)
                for name, value in values.items()
            }

        values = self._built.data.values
        if not isinstance(values, Mapping):
            return values
        data_ = nested(values, ())
        if self._asks is None:
            return data_
        from contentlint.assembly.asking import AskingData

        by_key = {
            key: [self._files.prefix + path for path in paths] for key, paths in self._built.data.by_key().items()
        }
        return AskingData(data_, by_key, self.templates.ask_for)

    def render(self, progress: Progress, only: Collection[str] | None = None) -> None:
        """Give every source its references, anchors, suppressions and what else it shows; of pages, `only` these paths."""
        pages = [(item, source) for item in self._built.items if (source := self._page(item)) is not None]
        if only is not None:
            pages = [(item, source) for item, source in pages if source.path in only]
        elsewhere: dict[str, _References] = {}
        used: set[str] = set()
        for rendered in self._each(pages, progress, used):
            for reference in rendered.elsewhere:
                _keep(reference, elsewhere.setdefault(reference.place.path, {}))
            self._blame(rendered.mistakes)
        by_path = self._sources.by_path
        for source in by_path.values():
            if source.kind == "data":
                found: _References = {}
                for claim in self._said.of(source):
                    _keep(claim.at(source.value_place(claim.key), "/"), found)
                source.references = _in_order(found.values())
        self._blame(self.templates.mistakes)
        for path in sorted({*used, *self.templates.used}):
            self._sources.template(path)
        for path, references in elsewhere.items():
            source = self._sources.template(path)
            known = {(each.place, each.url) for each in source.references}
            new = (each for key, each in references.items() if key not in known)
            source.references = _in_order([*source.references, *new])
        for source in by_path.values():
            if source.kind != "page":
                comments = self.templates.comments(source.text()) if source.kind == "include" else ()
                source.suppressions = list(self._sources.suppressions(source, comments))

    def _page(self, item: Item) -> Source | None:
        """The source of an item that has a body of its own."""
        if item.source is None or item.kind in (Kind.STATIC, Kind.REDIRECT):
            return None
        return (
            self._sources.by_path.get(self._files.prefix + item.source)
            if self._sources.item_of(item.source) is item
            else None
        )

    def _each(self, pages: Sequence[tuple[Item, Source]], progress: Progress, used: set[str]) -> Iterator[_Rendered]:
        """Every page in order, rendered by as many processes as pay; the templates that others have used go into `used`."""
        parts = shares.count(self._jobs, len(pages), _LEAST)
        if parts == 1:
            for number, (item, source) in enumerate(pages):
                if not number % 200:
                    progress("rendering", number, len(pages))
                yield self._attempt(number, item, source)
            return
        import pickle  # who renders a few pages needs none

        first = self._first_of_layouts(pages)
        rendered = [self._attempt(number, *pages[number]) for number in first]
        rest = sorted(set(range(len(pages))).difference(first))

        def part(which: int) -> _Share:
            mine = []
            for nth, number in enumerate(rest[which::parts]):
                if not which and not nth % 100:
                    progress("rendering", nth * parts, len(pages))
                mine.append(self._attempt(number, *pages[number]))
            taken = self._asks.taken() if self._asks is not None else {}
            paths = {pages[each.number][1].path for each in mine}
            asks = {path: numbers for path, numbers in taken.items() if path in paths}
            return _Share(mine, self.templates.mistakes, list(self.templates.used), self.templates.site.asked, asks)

        for which, each in enumerate(shares.done(parts, part, pickle)):
            rendered += each.pages
            for other in each.pages if which else ():  # what was rendered here has been taken already
                self._take(*pages[other.number], other)
            used.update(each.used)
            self.templates.site.asked |= each.looked
            if self._asks is not None:
                self._asks.numbers |= each.asks
            self._blame(each.mistakes)
        yield from sorted(rendered, key=attrgetter("number"))

    def _first_of_layouts(self, pages: Sequence[tuple[Item, Source]]) -> list[int]:
        """The pages that are the first of a layout's: they show what it holds itself, and no other does after that."""
        first: dict[str, int] = {}
        for number, (item, _) in enumerate(pages):
            for layout in self.templates.layouts(item):
                if isinstance(layout, Layout):
                    first.setdefault(layout.file.path, number)
        return sorted(set(first.values()))

    def _attempt(self, number: int, item: Item, source: Source) -> _Rendered:
        """A page rendered, or the word that contentlint has failed on it."""
        if self._asks is not None:
            self._asks.of(source.path)
        try:
            rendered = self._render(number, item, source)
        except Exception as error:  # noqa: BLE001  the rest is linted
            self._shown.pop(item.source or "", None)
            self.templates.site.current = None
            wrong = source.path, failure(source.path, "rendering it", error)
            rendered = _Rendered(number, incomplete="contentlint failed on it", mistakes=(wrong,))
        self._take(item, source, rendered)
        return rendered

    def _render(self, number: int, item: Item, source: Source) -> _Rendered:
        path = item.source or ""
        shown = self.show(item, source)
        self.templates.site.current = item
        around = self._around(item, source)
        self.templates.site.current = None
        references = shown.references
        for reference in around.references:
            references.add(reference)
        if item.hidden is Hidden.UNWRITTEN:
            references = references.changed(_elsewhere)
        elif base := around.base or shown.base:
            references = references.changed(lambda each: self._based(each, base))
        references.confirm(self._said.of(source), source.value_place)
        for reference in self._redirected(item, source):
            references.add(reference)
        del self._shown[path]
        self.templates.site.forget(item)
        return _Rendered(
            number,
            references.own(),
            shown.anchors,
            tuple(shown.undefined),
            tuple(shown.choices),
            shown.choices_complete,
            tuple(shown.needs),
            tuple(self._sources.suppressions(source, shown.comments)),
            shown.incomplete,
            tuple(references.others),
            (*around.mistakes, *shown.mistakes),
            (*self._using.pop(path, ()), *around.templates),
            tuple(around.first),
        )

    def _take(self, item: Item, source: Source, rendered: _Rendered) -> None:
        """Give a source what it shows."""
        source.references, source.anchors, source.undefined = rendered.references, rendered.anchors, rendered.undefined
        source.choices, source.choices_complete = rendered.choices, rendered.choices_complete
        source.needs, source.suppressions = rendered.needs, rendered.suppressions
        self._rendered[item.source or ""] = rendered.incomplete
        beyond = (each for each in rendered.mistakes if each[0] != source.path)
        if effects := (*rendered.templates, *rendered.elsewhere, *beyond):
            self.effects[source.path] = effects
        if rendered.first:
            self.first[source.path] = rendered.first

    def show(self, item: Item, source: Source) -> Shown:
        """What the body of a page shows; once it is rendered, its anchors."""
        path = item.source or ""
        if path in self._shown:
            return self._shown[path]
        if path in self._rendered:
            return Shown(anchors=source.anchors, incomplete=self._rendered[path])
        if self._asks is None:
            shown = self._show(item, source)
        else:
            with self._asks.on_behalf_of(source.path):
                shown = self._show(item, source)
        self._shown[path] = shown
        return shown

    def _show(self, item: Item, source: Source) -> Shown:
        path = item.source or ""
        facts = self._files.facts[path]
        if "redirect_to" in item.data and item.target:
            shown = Shown(Gathered(source.path, item.url))  # the redirect takes the place of the page's own content
        elif facts.unread:
            shown = Shown(Gathered(source.path, item.url), incomplete=f"{path} has too many signs of markup to be read")
        elif facts.bad_at >= 0 and facts.block is None:
            # a picture among the posts: what looks like Liquid or a link in it is neither
            shown = Shown(Gathered(source.path, item.url))
        elif facts.liquid and self._runs_liquid(item):
            self._showing.add(path)
            site, outer, self.templates.using = self.templates.site, self.templates.using, set()
            above, site.current = site.current, item
            body = self._files.body(path)
            shown = self.templates.show(item, source.path, body, facts.body, self._files.dialects.of(path))
            if self.templates.using:
                self._using[path] = sorted(self.templates.using)
            site.current, self.templates.using = above, outer
            self._showing.discard(path)
        else:
            shown = self._plain(item, source)
        if relative_links.applies(self._files.settings, item):
            self._rewrite(item, source, shown)
        return shown

    def _plain(self, item: Item, source: Source) -> Shown:
        """What a page without Liquid shows; nothing when no browser reads it."""
        path = item.source or ""
        dialect = self._files.dialects.of(path)
        if not dialect.html:
            return Shown(Gathered(source.path, item.url))
        return plain(extract.shown(self._files.body(path), dialect), source.path, source.body, item.url)

    def _runs_liquid(self, item: Item) -> bool:
        """Whether Jekyll runs the Liquid of a page: 4.x does not if that is told so."""
        key = "render_with_liquid"
        said = item.data[key] if key in item.data else self.templates.site.default(item, key)
        return said is not False or self._files.settings.version == 3

    def incomplete(self, path: str) -> str:
        """Why there may be more anchors in a page than it shows itself; by its path below the source."""
        return self._rendered.get(path, "")

    def _shown_elsewhere(self, item: Item) -> Shown | None:
        """What a page shows, for another that prints it; None while it is being found out itself."""
        path = item.source or ""
        source = self._sources.by_path.get(self._files.prefix + path)
        if source is None or path in self._showing:
            return None
        return self.show(item, source)

    def _rewrite(self, item: Item, source: Source, shown: Shown) -> None:
        """Let links to source files lead where a plugin leads them; unknown when it is not certain that it runs."""
        settings, body, found = self._files.settings, source.body, shown.references
        urls = [start - body for start in found.starts if start >= body]
        if not urls:
            return
        doubt = "" if "jekyll-relative-links" in settings.plugins else "GitHub Pages would make it a link to the page"

        def find(path: str) -> Item | None:
            target = self.templates.find(path)
            return target if target is None or not doubt or target.kind is not Kind.STATIC else None

        text = self._files.body(item.source or "")
        new = {
            start + body: self.templates.address(target) + fragment
            for start, target, fragment in relative_links.rewritten(
                settings, item, text, urls, find, self.templates.bare_names
            )
        }
        for row, start in enumerate(found.starts if new else ()):
            if start in new and doubt:
                found.forms[row] = found.forms[row]._replace(unknown=found.forms[row].unknown or doubt)
            elif start in new:
                found.urls[row] = new[start]

    def _around(self, item: Item, source: Source) -> _Around:
        """What layouts make of this page's own values, and what they hold themselves when they are first shown."""
        around = _Around([], [], [], [])
        inner: Layout | None = None
        outer, self.templates.using = self.templates.using, set()
        for layout in self.templates.layouts(item):
            if isinstance(layout, Missing):
                around.mistakes.append(self._missing_layout(item, source, inner, layout))
            if not isinstance(layout, Layout):
                break
            self.templates.ask_for(template_of(layout.file.path))
            first = layout.keys is None
            around.templates.append(layout.file.path)
            if first:
                around.first.append(layout.file.path)
            if self.templates.concerns(layout, item) or first:
                shown = self.templates.show_layout(layout, item, source.path)
                around.mistakes.extend(shown.mistakes)
                around.references.extend(each for each in shown.references if first or each.place.path == source.path)
                if shown.base:
                    around = around._replace(base=shown.base)
            inner = layout
        around.templates.extend(sorted(self.templates.using))
        self.templates.using = outer
        return around

    def _based(self, reference: Reference, base: str) -> Reference:
        """A reference as a browser reads it from a page with a `<base href>`: what is relative starts there."""
        url = reference.url.strip()
        if ABSOLUTE.match(url):
            return reference
        if MARK in base:
            on_host = url.startswith(("/", "\\")) and not ABSOLUTE.match(base) and not base.startswith(MARK)
            return reference if on_host or reference.unknown else reference._replace(unknown=_UNKNOWN_BASE)
        above = self._files.settings.baseurl.strip("/")
        try:
            start = urljoin((f"/{above}" if above else "") + reference.base, base.strip())
            return reference._replace(url=urljoin(start, url.replace("\\", "/")))
        except ValueError:  # no browser takes such a base
            return reference

    def _missing_layout(
        self, item: Item, source: Source, inner: Layout | None, missing: Missing
    ) -> tuple[str, Mistake]:
        """Tell of a layout that is not there where it is asked for: by the page, or by the layout `inner`."""
        name = inner.parent if inner is not None else self.templates.layout_name(item)
        asking = self._sources.template(inner.file.path) if inner is not None else source
        place = asking.value_place(("layout",))
        message = f"no layout {name}: Jekyll writes the page without one (looked for {', '.join(missing.tried)})"
        mistake = Mistake("missing-layout", place.start, place.end, name, message, "", Near("layout", name))
        return place.path, mistake

    def _blame(self, mistakes: Iterable[tuple[str, Mistake]]) -> None:
        for path, mistake in mistakes:
            source = self._sources.template(path)
            at = (mistake.rule, mistake.start, mistake.end)
            if path not in self._blamed:
                self._blamed[path] = {(each.rule, each.start, each.end) for each in source.mistakes}
            if at not in self._blamed[path]:
                self._blamed[path].add(at)
                source.mistakes.append(mistake)

    def _redirected(self, item: Item, source: Source) -> Iterator[Reference]:
        """Where a page with `redirect_to` sends its visitors: to the first that it names.

        A site that has a layout `redirect` of its own sends them where that says.
        """
        if not item.target or "redirect_to" not in item.data or isinstance(self.templates.layout("redirect"), Layout):
            return
        key: KeyPath = ("redirect_to",)
        if isinstance(item.data["redirect_to"], list):
            key = ("redirect_to", 0)
        url = item.target if ABSOLUTE.match(item.target) else self._files.settings.baseurl + item.target
        yield Reference(url, Role.PAGE, source.value_place(key), item.url, key=key)

    def anchors(self, target: Target) -> Anchors:
        """The names that a fragment can point at in an output."""
        if target.source is not None and self._asks is not None:
            self._asks.ask(anchors_of(target.source))
        known = self._anchors.get(target)
        if known is None:
            if len(self._anchors) > _FEW:
                self._anchors.clear()
            known = self._anchors[target] = self._anchors_of(target)
        return known

    def _anchors_of(self, target: Target) -> Anchors:
        path = target.source
        item = self._sources.item_of(path) if path is not None else None
        if item is None and self._known is not None:
            return self._known.anchors(target)
        if path is None or item is None:
            return Anchors((), "no file of the site tells what is in it")
        if target.kind == "static":
            try:
                text = extract.decode(self._files.read(self._files.prefix + path), self._files.settings.encoding)[0]
            except OSError as error:
                return Anchors((), f"{path} cannot be read: {error.strerror}")
            return Anchors({anchor.name for anchor in kramdown.scan_html(text).anchors})
        source = self._sources.by_path.get(self._files.prefix + path)
        if source is None or source.muted:
            return Anchors((), f"the front matter of {path} cannot be read")
        if target.url != item.url:
            return Anchors((), "a later page of a list shows what its first page does not")
        if path in self._rendered:
            anchors, incomplete = source.anchors, self._rendered[path]
        else:
            shown = self.show(item, source)
            anchors, incomplete = shown.anchors, shown.incomplete
        incomplete = incomplete or self._files.dialects.why_incomplete(path)
        for plugin in self._files.settings.own_plugins.alter:
            incomplete = incomplete or f"the site's own plugin {plugin} may add anchors"
        names = anchors.names if isinstance(anchors, AnchorList) else [anchor.name for anchor in anchors]
        return Anchors(frozenset(names), incomplete, lambda: self._around_anchors(item, source))

    def _around_anchors(self, item: Item, source: Source) -> tuple[set[str], str]:
        """The anchors that layouts add to a page, and why there may be more."""
        names: set[str] = set()
        incomplete = ""
        for layout in self.templates.layouts(item):
            if isinstance(layout, Unknown):
                incomplete = incomplete or layout.reason
            elif isinstance(layout, Layout):
                self.templates.ask_for(template_of(layout.file.path))
                around = self.templates.show_layout(layout, item, source.path)
                names |= {anchor.name for anchor in around.anchors}
                incomplete = incomplete or around.incomplete
        return names, incomplete


def _keep(reference: Reference, into: _References) -> None:
    """The same place and target is one reference; see `is_stronger`."""
    key = (reference.place, reference.url)
    known = into.get(key)
    if known is None or is_stronger(reference.role, known.role):
        into[key] = reference


def _in_order(references: Iterable[Reference]) -> References:
    return References.of(sorted(references, key=attrgetter("place")))


def _elsewhere(reference: Reference) -> Reference:
    """A reference of a document that has no page: it is shown inside others, and what is relative leads on from there."""
    if reference.url.startswith("/") or ABSOLUTE.match(reference.url):
        return reference
    return reference._replace(unknown=reference.unknown or "it is shown inside other pages, and leads on from there")
