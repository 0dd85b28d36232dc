"""Where two items want the same file, and redirects that never arrive (facts 2.7, 3.5, 7)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from contentlint.generators.jekyll.items import Item, Kind
from contentlint.generators.jekyll.urls import downcase
from contentlint.record import NamedTuple


class Clash(StrEnum):
    """The ways in which items get into each other's way."""

    SAME = "same"
    """They are written to the same file: the last one wins."""
    CASE = "case"
    """Their files differ only by letter case: on some file systems one replaces the other."""
    FOLDER = "folder"
    """The file of one is the folder of the others: the build fails."""
    REDIRECT = "redirect"
    """A redirect is written where something else is: nobody can say which is meant."""
    LOOP = "loop"
    """Redirects that lead to each other."""


class Collision(NamedTuple):
    """Items that collide, in the order of writing; of a loop, in the order of following."""

    clash: Clash
    output: str
    items: tuple[Item, ...]


def collisions(items: Iterable[Item]) -> list[Collision]:
    """All collisions among the items that are on the built site; generated ones only with a file's."""
    by_output: dict[str, list[Item]] = {}
    for item in items:
        if item.published:
            by_output.setdefault(item.output, []).append(item)
    found = [_same(output, group) for output, group in by_output.items() if len(group) > 1]
    return [*filter(None, found), *_by_case(by_output), *_folders(by_output), *_loops(by_output)]


def _same(output: str, group: list[Item]) -> Collision | None:
    redirects = [item for item in group if item.kind is Kind.REDIRECT]
    others = [item for item in group if item.kind is not Kind.REDIRECT]
    if redirects and (others or len({item.target for item in redirects}) > 1):
        return Collision(Clash.REDIRECT, output, tuple(group))
    if len(others) > 1 and any(item.source is not None for item in others):
        return Collision(Clash.SAME, output, tuple(others))
    return None


def _by_case(by_output: dict[str, list[Item]]) -> Iterable[Collision]:
    """As `jekyll doctor` sees it: pages and documents, not static files."""
    folded: dict[str, list[str]] = {}
    for output, group in by_output.items():
        if any(item.kind is not Kind.STATIC for item in group):
            folded.setdefault(downcase(output), []).append(output)
    for outputs in folded.values():
        if len(outputs) > 1:
            first = tuple(next(item for item in by_output[each] if item.kind is not Kind.STATIC) for each in outputs)
            # redirects to one page in several spellings are meant: any of them will do
            if any(item.kind is not Kind.REDIRECT or item.target != first[0].target for item in first):
                yield Collision(Clash.CASE, outputs[0], first)


def _folders(by_output: dict[str, list[Item]]) -> Iterable[Collision]:
    folders: dict[str, Item] = {}
    for output, group in by_output.items():
        folder = output.rpartition("/")[0]
        while folder and folder not in folders:
            folders[folder] = group[0]
            folder = folder.rpartition("/")[0]
    for output in by_output.keys() & folders.keys():
        yield Collision(Clash.FOLDER, output, (*by_output[output], folders[output]))


def _loops(by_output: dict[str, list[Item]]) -> Iterable[Collision]:
    arrived: set[str] = set()
    for output, group in by_output.items():
        route: dict[str, Item] = {}
        at: str | None = output
        while at is not None and at not in arrived and at not in route:
            # what is written last is what a visitor meets
            item = by_output[at][-1]
            if not item.target or item.kind is Kind.GENERATED or not _redirects(item):
                break
            route[at] = item
            at = _file(item.target, by_output)
        if at in route:
            outputs = list(route)
            loop = outputs[outputs.index(at) :]
            yield Collision(Clash.LOOP, loop[0], tuple(route[each] for each in loop))
        arrived |= route.keys()
        arrived.add(group[0].output)


def _redirects(item: Item) -> bool:
    return item.kind is Kind.REDIRECT or item.data.get("redirect_to") is not None


def _file(target: str, by_output: dict[str, list[Item]]) -> str | None:
    """The file that a server answers a redirect's target with; None when it lies elsewhere or nowhere."""
    if not target.startswith("/"):
        return None
    path = target.partition("#")[0].partition("?")[0][1:]
    tried = (path + "index.html",) if path == "" or path.endswith("/") else (path, path + ".html", path + "/index.html")
    return next((each for each in tried if each in by_output), None)
