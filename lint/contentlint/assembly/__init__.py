"""From the files of a project to the site that rules judge: read, place, render, resolve."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from contentlint.assembly.asking import Asking, Asks
from contentlint.assembly.files import Files, Progress, failure
from contentlint.assembly.pages import Pages
from contentlint.assembly.sources import Sources
from contentlint.config import Config, IncludeContract
from contentlint.diagnostic import Fault, Lines, UnusableError
from contentlint.generators.jekyll import build, reading, settings
from contentlint.generators.jekyll.items import Hidden, Item, Kind
from contentlint.generators.jekyll.problems import Problem
from contentlint.generators.jekyll.reading import Role
from contentlint.generators.jekyll.settings import Settings
from contentlint.names import schema_of
from contentlint.page import Reference
from contentlint.record import NamedTuple, Record, field
from contentlint.regex import regex
from contentlint.rendering import Contract
from contentlint.resolving import Anchors, Index, Outputs, Resolution, Target, Unknown
from contentlint.site import Redirect, Resolutions, Site
from contentlint.tree import Dated
from contentlint.tree.overlaid import Overlaid

if TYPE_CHECKING:
    from contentlint.assembly.known import Known

_SECOND = 1_000_000_000
_FOREVER = (1 << 63) - 1
_SHARED_HOSTS = (".github.io", ".gitlab.io", ".codeberg.page", ".sourceforge.io", ".bitbucket.io")
"""Hosts on which each project is served from a folder of its own."""
_DATE = regex(r"\A\d+-\d+-\d+-")
_NOTHING: Mapping[int, Resolution] = MappingProxyType({})
_PERMALINK = regex(r"^(?:permalink|redirect_from):[ \t]*['\"]?(/?[^'\"\s]+)", re.MULTILINE)


class Assembled(NamedTuple):
    """A site, and what the commands that only list it want to know besides."""

    site: Site
    settings: Settings
    items: Sequence[Item]
    anchors: Callable[[Target], Anchors]
    config: Config
    text: Callable[[str], str]
    """The text of any file, by its path below the project."""
    encoding: str
    """Of the texts."""
    templates: Callable[[str], Sequence[str]]
    """The names of all that are there of a kind: include or layout."""
    valid: tuple[int, int]
    """From when until when the site is this one if no file changes; nanoseconds since 1970."""
    by: Assembly
    """What has assembled it."""


class Assembly(Record, eq=False, slots=False):
    """The way from files to a site."""

    tree: Dated
    config: Config
    progress: Progress = lambda _stage, _done, _total: None
    overlay: Mapping[str, bytes] = field(default_factory=dict)
    """Content that stands for a file's own, by path below the project: what an editor has not saved yet."""

    jobs: int = 1
    """How many processes may render; 0 for as many as pay."""
    known: Known | None = None
    """What an earlier run has found of the whole site, when only a part of it is to be assembled."""
    asks: Asks | None = None
    """Who asks for what is put down here, when somebody wants to know."""

    def __post_init__(self) -> None:
        """Read the settings. Raises UnusableError when the generator could not use them."""
        tree = Overlaid(self.tree, self.overlay) if self.overlay else self.tree
        self.settings = settings.load(tree, self.config.source, version=self.config.jekyll)
        self.files = Files(self.tree, self.settings, self.overlay)
        faults = [self._fault(problem) for problem in self.settings.problems if problem.fatal]
        words = [str(key) for key, value in self.settings.config.items() if isinstance(value, str) or value is None]
        for schema in self.config.schemas.values():
            faults += schema.unknown_placeholders(words)
        if faults:
            raise UnusableError(*faults)

    def assemble(self, only: Collection[str] | None = None) -> Assembled:
        """Do it all. With `only`, other pages than these (by path below the project) have an address and show nothing."""
        known = self.known
        self.inventory = (
            known.inventory(self.tree, self.settings)
            if known is not None
            else reading.inventory(self.tree, self.settings)
        )
        files = self.files
        files.extract(self.inventory, self.progress)
        self.built = build.assemble(
            self.tree, self.settings, self.inventory, files.head, files.document, modified=files.modified
        )
        self.targets = [self.target_of(item) for item in self.built.items]
        self.sources = Sources(files, self.config, self.built.items, self.built.pictures)
        contracts = {name: _contract(each) for name, each in self.config.includes.items()}
        self.pages = Pages(files, self.built, self.sources, contracts, known, self.jobs, self.asks)
        url = str(self.settings.config.get("url") or "")
        index: Any = Index(self.targets, self.built.pictures.names) if known is None else known.index(self)
        self.index = index
        if self.asks is not None:
            index = Asking(index, self.asks.ask)
        self.outputs = Outputs(
            index,
            baseurl=self.settings.baseurl,
            url=url,
            shared=url.rstrip("/").endswith(_SHARED_HOSTS),
            anchors=self.pages.anchors,
            maybe=self._maybe,
            stranger=self.settings.stranger,
            remembers=self.asks is None,
        )
        self.sources.fill(self.inventory, self.targets)
        if self.asks is not None:
            for source in self.sources.by_path.values():
                if source.schema is not None:
                    self.asks.add(source.path, [*map(schema_of, source.schema.paths)])
        self.sources.note(self.built.problems)
        self.pages.render(self.progress, only)
        self._resolve()
        sources = dict(sorted(self.sources.by_path.items()))
        if known is not None:
            site = known.site(sources, self.outputs)
        else:
            site = Site(
                sources,
                self.targets,
                self.outputs,
                self.built.pictures.names,
                files.prefix,
                list(self._redirects()),
                list(self.sources.unmatched(self.inventory)),
                self._why_hidden,
            )
        return Assembled(
            site,
            self.settings,
            self.built.items,
            self.pages.anchors,
            self.config,
            files.text,
            files.dialects.of("").encoding,
            self._templates,
            self._valid(),
            self,
        )

    def _valid(self) -> tuple[int, int]:
        """Between the dates next to now: what is dated in the future is not published yet.

        A date that is today may be one that only says a time, and tomorrow another; it holds until midnight.
        """
        now = self.settings.now
        if self.settings.now_is_fixed:
            return 0, _FOREVER
        seconds = int(now.timestamp())
        dates = {int(item.date.timestamp()) for item in self.built.items if item.date is not None and item.date != now}
        since = max((each for each in dates if each <= seconds), default=0)
        until = min((each for each in dates if each > seconds), default=_FOREVER // _SECOND)
        if any(
            item.date.date() == now.date() for item in self.built.items if item.date is not None and item.date != now
        ):
            midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
            since, until = max(since, int(midnight.timestamp())), min(until, int(midnight.timestamp()) + 86_400)
        return max(since, 0) * _SECOND, min(until * _SECOND, _FOREVER)

    def target_of(self, item: Item) -> Target:
        """What stands behind the output of an item."""
        redirect = None
        if item.target and (item.kind is Kind.REDIRECT or item.data.get("redirect_to") is not None):
            redirect = (self.settings.baseurl if item.target.startswith("/") else "") + item.target
        source = item.source if item.source is not None else item.origin or None
        published = item.published or item.hidden is Hidden.UNREADABLE
        return Target(source, item.output, item.url, str(item.kind), published, redirect)

    def _fault(self, problem: Problem) -> Fault:
        lines = Lines(self.files.text(problem.path))
        return Fault(problem.path, lines.span(problem.start, max(problem.start, problem.end)), problem.message)

    def _resolve(self) -> None:
        for number, source in enumerate(self.sources.by_path.values()):
            if not number % 200:
                self.progress("resolving", number, len(self.sources.by_path))
            if self.asks is not None:
                self.asks.of(source.path)
            references = source.references
            source.resolved = Resolutions(
                references, self.resolve, self.outputs.notable(references.asked()) or _NOTHING
            )

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
        if reason := (self.known or self.built).may_have(path):
            return reason
        if self.files.elsewhere:
            return f"the content of {min(self.files.elsewhere)} is not here, and it may have this address"
        trimmed = path.removesuffix("index.html").removesuffix(".html").rstrip("/")
        known = self.lost if self.known is None else self.known.lost
        if (lost := known.get(trimmed) or known.get(trimmed.rpartition("/")[2])) is not None:
            return f"the front matter of {lost} cannot be read, and with it its address"
        return ""

    @cached_property
    def lost(self) -> dict[str, str]:
        """Pages whose address cannot be known, because their front matter cannot be read.

        By the address that a line of it seems to give; a document without such a line, by the last part of its address.
        """
        lost = {}
        for source in self.sources.by_path.values():
            if source.kind != "page" or not source.muted or source.target is None:
                continue
            written = _PERMALINK.findall(source.text())
            for address in written:
                lost["/" + address.strip("/").removesuffix(".html")] = source.path
            if not written and source.target.kind not in ("page", "static"):
                name = source.path.rpartition("/")[2]
                lost[_DATE.sub("", name).partition(".")[0]] = source.path
        return lost

    def _redirects(self) -> Iterator[Redirect]:
        for item, target in zip(self.built.items, self.targets, strict=True):
            if target.redirect is None or target.source is None:
                continue
            yield Redirect(target, self.sources.of(target.source), item.key or ("redirect_to",))

    def _templates(self, kind: str) -> Sequence[str]:
        role = Role.INCLUDE if kind == "include" else Role.LAYOUT
        base = self.settings.config[f"{kind}s_dir"].strip("/") + "/"
        names = [each.path.removeprefix(base) for each in self.inventory.sources if each.role is role]
        return [each.rpartition(".")[0] for each in names] if kind == "layout" else names

    def _why_hidden(self, target: Target) -> str:
        item = self.sources.item_of(target.source) if target.source is not None else None
        from contentlint.assembly.known import why_hidden

        return why_hidden(item.hidden if item is not None else Hidden.NO)


def _contract(said: IncludeContract) -> Contract:
    """What the config says of an include, its dotted paths (`images[].image_id`) taken apart."""
    params = {}
    for name, path in said.params.items():
        key, _, by = path.rpartition("[].")
        params[name] = (tuple(key.split(".")), by)
    return Contract(params, said.needs)


__all__ = ["Assembled", "Assembly", "Progress", "failure"]
