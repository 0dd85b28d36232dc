"""The whole of a Jekyll site in one call, of what has been read: items, plugins, data."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from contentlint import frontmatter
from contentlint.generators.jekyll import data, placing, plugins, reading
from contentlint.generators.jekyll.documents import is_falsy
from contentlint.generators.jekyll.items import DataOf, Head, Item, picture
from contentlint.generators.jekyll.problems import Fault, Problem
from contentlint.generators.jekyll.reading import Role, Source
from contentlint.generators.jekyll.settings import Settings
from contentlint.record import Record

if TYPE_CHECKING:
    from contentlint.tree import Tree


class Pictures:
    """The files of which there is nothing to say but where they lie, and the items that they are when somebody asks."""

    def __init__(self, names: Mapping[str, Collection[str]]) -> None:
        self.names = names
        """By folder, with its slash; nothing else is written where they are."""

    def __len__(self) -> int:
        """How many there are."""
        return sum(map(len, self.names.values()))

    def __iter__(self) -> Iterator[Item]:
        """All, made one by one."""
        return (picture(folder + name) for folder, names in self.names.items() for name in names)

    def get(self, path: str) -> Item | None:
        """The one with this path below the source; None when there is none."""
        at = path.rfind("/") + 1
        return picture(path) if path[at:] in self.names.get(path[:at], ()) else None


class Built(Record, frozen=True, slots=False):
    """What Jekyll would make of a site."""

    settings: Settings
    sources: list[Source]
    items: list[Item]
    """All but the pictures in the order of writing: what comes later overwrites what came before."""
    pictures: Pictures
    problems: list[Problem]
    surprises: tuple[tuple[str, str], ...]
    """(pattern of URLs, reason): what may be there although no file tells."""
    data: data.SiteData
    shadowed: tuple[str, ...] = ()
    """URLs that GitHub Pages would make of other files if these were not there."""

    @cached_property
    def surprising(self) -> list[tuple[re.Pattern[str], str]]:
        """What URLs may be there although no item is, and why."""
        found = [(_pattern(pattern), reason) for pattern, reason in self.surprises]
        found += [(re.compile(each.pattern), "its date is not certain") for each in self.items if each.pattern]
        return found

    def may_have(self, url: str) -> str:
        """Why there may be something at a URL where no item is; "" when there cannot."""
        return next((reason for pattern, reason in self.surprising if pattern.fullmatch(url)), "")


def _pattern(pattern: str) -> re.Pattern[str]:
    """`**` is anything, `*` anything without a slash."""
    parts = re.split(r"(\*\*|\*)", pattern)
    return re.compile("".join({"**": ".*", "*": "[^/]*"}.get(part, re.escape(part)) for part in parts))


def assemble(
    tree: Tree,
    settings: Settings,
    inventory: reading.Inventory,
    data_of: DataOf,
    document_of: Callable[[str], frontmatter.Document | None],
    *,
    environment: str = "production",
    modified: Callable[[str], datetime] | None = None,
) -> Built:
    """Makes the site of an inventory, of the heads of its files and of its data files; opens nothing."""
    found = placing.items(settings, inventory, data_of, modified)
    source = settings.source

    def exists(path: str) -> bool:
        return tree.exists_exact(f"{source}/{path}" if source else path)

    plugins.add(settings, found, data_of, exists, environment)
    found.settle()
    values = data.site_data(tree, settings, inventory.sources, document_of)
    problems = [
        *settings.problems,
        *inventory.problems,
        *found.problems,
        *layout_problems(inventory.sources, data_of),
        *values.problems,
    ]
    surprises = [*settings.surprises, *inventory.surprises]
    shadowed: list[str] = []
    if settings.perhaps_pages:
        reason = "GitHub Pages would make a page of it"
        there = {item.url for item in found.all}
        perhaps = dict.fromkeys(plugins.pages_perhaps(settings, found, data_of))
        surprises += [(url, reason) for url in perhaps if url not in there]
        shadowed = [url for url in perhaps if url in there]
    items, pictures = found.all, Pictures(found.pictures)
    return Built(settings, inventory.sources, items, pictures, problems, tuple(surprises), values, tuple(shadowed))


def layout_problems(sources: list[Source], data_of: DataOf) -> list[Problem]:
    """Layouts are read like pages: what fails a page fails them, used or not (facts 1.2)."""
    problems = []
    for source in sources:
        if source.role is Role.LAYOUT:
            message = _wrong_layout(data_of(source.path))
            if message:
                problems.append(Problem(source.path, Fault.FRONT_MATTER, f"the build fails: {message}", fatal=True))
    return problems


def _wrong_layout(head: Head) -> str:
    if not head.decodable:
        return "the bytes are no text in the site's encoding"
    if isinstance(head.data, Mapping):
        return "the permalink is empty" if head.data.get("permalink") == "" else ""
    return "" if is_falsy(head.data) else "front matter must be a mapping"
