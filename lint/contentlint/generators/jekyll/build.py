"""The whole of a Jekyll site in one call: settings, inventory, items, plugins, data."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from contentlint import frontmatter
from contentlint.generators.jekyll import data, items, plugins, reading
from contentlint.generators.jekyll.documents import is_falsy
from contentlint.generators.jekyll.items import DataOf, Head, Item
from contentlint.generators.jekyll.problems import Fault, Problem
from contentlint.generators.jekyll.reading import Role, Source
from contentlint.generators.jekyll.settings import Settings, load

if TYPE_CHECKING:
    from contentlint.tree import Tree


@dataclass(frozen=True)
class Built:
    """What Jekyll would make of a site."""

    settings: Settings
    sources: list[Source]
    items: list[Item]
    """In the order of writing: what comes later overwrites what came before."""
    problems: list[Problem]
    surprises: tuple[tuple[str, str], ...]
    """(pattern of URLs, reason): what may be there although no file tells."""
    data: data.SiteData

    @cached_property
    def _surprising(self) -> list[tuple[re.Pattern[str], str]]:
        found = [(_pattern(pattern), reason) for pattern, reason in self.surprises]
        found += [(re.compile(each.pattern), "its date is not certain") for each in self.items if each.pattern]
        return found

    def may_have(self, url: str) -> str:
        """Why there may be something at a URL where no item is; "" when there cannot."""
        return next((reason for pattern, reason in self._surprising if pattern.fullmatch(url)), "")


def _pattern(pattern: str) -> re.Pattern[str]:
    """`**` is anything, `*` anything without a slash."""
    parts = re.split(r"(\*\*|\*)", pattern)
    return re.compile("".join({"**": ".*", "*": "[^/]*"}.get(part, re.escape(part)) for part in parts))


def assemble(
    tree: Tree,
    settings: Settings,
    inventory: reading.Inventory,
    data_of: DataOf,
    document_of: Callable[[str], frontmatter.Document],
    *,
    environment: str = "production",
    modified: Callable[[str], datetime] | None = None,
) -> Built:
    """Makes the site of an inventory, of the heads of its files and of its data files; opens nothing."""
    found = items.items(settings, inventory.sources, data_of, modified)
    source = settings.source

    def exists(path: str) -> bool:
        return tree.exists_exact(f"{source}/{path}" if source else path)

    plugins.add(settings, found, data_of, exists, environment)
    values = data.site_data(settings, inventory.sources, document_of)
    problems = [
        *settings.problems,
        *inventory.problems,
        *found.problems,
        *layout_problems(inventory.sources, data_of),
        *values.problems,
    ]
    surprises = [*settings.surprises, *inventory.surprises]
    if settings.perhaps_pages:
        reason = "GitHub Pages would make a page of it"
        surprises += [(url, reason) for url in plugins.pages_perhaps(settings, found, data_of)]
    return Built(settings, inventory.sources, found.all, problems, tuple(surprises), values)


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


def build(
    tree: Tree,
    source: str = "",
    *,
    version: int | None = None,
    options: Mapping[str, Any] | None = None,
    now: datetime | None = None,
    environment: str = "production",
    modified: Callable[[str], datetime] | None = None,
) -> Built:
    """Reads a whole site from a tree; `load` of settings says what the arguments mean."""
    settings = load(tree, source, version=version, options=options, now=now)
    inventory = reading.inventory(tree, settings)
    encoding = str(settings.config["encoding"] or "utf-8")
    prefix = settings.source + "/" if settings.source else ""

    def data_of(path: str) -> Head:
        try:
            return items.head(tree.read(prefix + path), encoding, whole=reading.is_whole(settings, path))
        except OSError:
            return Head()

    def document_of(path: str) -> frontmatter.Document:
        try:
            return data.document(tree.read(prefix + path), path)
        except OSError:
            return frontmatter.Document()

    return assemble(tree, settings, inventory, data_of, document_of, environment=environment, modified=modified)
