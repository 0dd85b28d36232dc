"""The name that was most likely meant where one stands that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, cached_property
from itertools import chain

from contentlint.assembly import Assembled
from contentlint.liquid import MARK
from contentlint.nearest import Names, offered
from contentlint.page import Near
from contentlint.percent import unquote
from contentlint.record import NamedTuple
from contentlint.resolving import Target


class Nearest(NamedTuple):
    """A real name; all is empty when none is like enough."""

    shown: str
    """As it is offered."""
    name: str
    """The name itself: of a URL its path below the baseurl, decoded."""
    sure: bool
    """No other can have been meant."""


class Meant:
    """Looks names up among all of a site's."""

    def __init__(self, assembled: Assembled) -> None:
        self._assembled = assembled
        self._site = assembled.site
        self._templates = cache(assembled.templates)

    def nearest(self, near: Near) -> Nearest:
        """The real name most like one that is not there."""
        site = self._site
        match near.kind:
            case "url":
                found, sure = offered(near.name, self._urls.like(near.name))
                sure = sure and not self._is_in_doubt(self._pages[found], near.name)
                return Nearest(site.shown(found) if found else "", unquote(found), sure)
            case "asset":
                return self._asset(near.name)
            case "anchor":
                target = site.outputs.index.get(near.within)
                anchors = self._assembled.anchors(target).names if target is not None else ()
                names = sorted(name for name in anchors if MARK not in name)
                found, sure = offered(near.name, names)
                return Nearest("#" + found if found else "", found, sure)
            case "include" | "layout":
                return self._same(near.name, self._templates(near.kind))
            case _:
                return self._same(near.name, chain(self._sources.like(near.name), self._copies.like(near.name)))

    def _is_in_doubt(self, target: Target, asked: str) -> bool:
        """Whether the address of a page may be what is misspelt: the file's path, or the config, has the one asked for."""
        source = self._site.source_of(target)
        if source is None:
            return False
        stem = (target.source or "").rpartition(".")[0].removesuffix("/index").lstrip("_")
        return stem == asked.strip("/").removesuffix(".html") or source.permalink not in ("", target.url)

    def _asset(self, name: str) -> Nearest:
        """One of the same folder before all others."""
        found, sure = offered(name, chain(self._statics.beside(name), self._copies.beside(name)))
        if not found:
            found, sure = offered(name, chain(self._statics.like(name), self._copies.like(name)))
        return Nearest("/" + found if found else "", "/" + found, sure)

    @cached_property
    def _pages(self) -> dict[str, Target]:
        return {each.url: each for each in self._site.targets if each.published and each.kind != "static"}

    @cached_property
    def _urls(self) -> Names:
        return Names.of(self._pages)

    @cached_property
    def _sources(self) -> Names:
        targets = self._site.targets
        return Names.of(each.source for each in targets if each.source is not None and each.kind != "redirect")

    @cached_property
    def _statics(self) -> Names:
        return Names.of(each.output for each in self._site.targets if each.kind == "static")

    @cached_property
    def _copies(self) -> Names:
        """The files that are copied to where they stand, and are no targets."""
        return Names(self._site.copies)

    def _same(self, name: str, names: Iterable[str]) -> Nearest:
        found, sure = offered(name, names)
        return Nearest(found, found, sure)
