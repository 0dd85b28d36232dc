"""What a site consists of: every page, post, document and static file with its URL and output path (facts 2)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from enum import StrEnum
from operator import itemgetter
from typing import Any

from contentlint.generators.jekyll.defaults import merged
from contentlint.generators.jekyll.problems import Problem
from contentlint.generators.jekyll.settings import Settings
from contentlint.page import KeyPath
from contentlint.record import NamedTuple


class Head(NamedTuple):
    """What the bytes of a file say before its body: all that its URL may depend on."""

    marked: bool = False
    """Whether its first line is that of front matter (`frontmatter.sniff`)."""
    data: Any = None
    """The value of the front matter, as YAML has it; of a document that is a YAML file itself, that of the whole file."""
    stamps: frozenset[str] = frozenset()
    """The keys on its first level whose values YAML reads as dates or times: they are no text to Jekyll."""
    error: str = ""
    """Why the front matter is no YAML."""
    decodable: bool = True
    """Whether its bytes are text in the site's encoding."""


class Kind(StrEnum):
    """What an item is."""

    PAGE = "page"
    POST = "post"
    DRAFT = "draft"
    DOCUMENT = "document"
    STATIC = "static"
    REDIRECT = "redirect"
    GENERATED = "generated"


class Hidden(StrEnum):
    """Why an item is not on the built site."""

    NO = ""
    DRAFT = "draft"
    UNPUBLISHED = "unpublished"
    FUTURE = "dated in the future"
    UNWRITTEN = "in a collection that is not written"
    LIMIT = "beyond limit_posts"
    UNREADABLE = "not readable as text"


class Item(NamedTuple):
    """One thing that the build makes or, when it is hidden, would make."""

    source: str | None
    """The file it is made of, relative to the source; None when no file stands behind it."""
    kind: Kind
    url: str
    output: str
    """The file it becomes, relative to the destination."""
    data: Mapping[str, Any] = {}
    """A page's own front matter; of a post or document what Liquid sees as its data."""
    collection: str = ""
    hidden: Hidden = Hidden.NO
    known: bool = True
    """Whether Jekyll has read it: link tags and loops find what is read, also when it is not written."""
    date: datetime | None = None
    pattern: str = ""
    """A regular expression of all its possible URLs, when they depend on the day or the place of the build."""
    target: str = ""
    """Where a redirect leads: a URL of this site without `baseurl`, or an address elsewhere. Of the further pages of a
    paginated index, the index."""
    origin: str = ""
    """The file that asks for a redirect, or that a generated file goes with."""
    key: KeyPath = ()
    """Where in that file's front matter it asks for it."""

    @property
    def published(self) -> bool:
        """Whether it is on the built site."""
        return self.hidden is Hidden.NO


class Items(NamedTuple):
    """All of a site, each list in the order in which Jekyll writes it."""

    pages: list[Item]
    statics: list[Item]
    documents: list[Item]
    problems: list[Problem]
    pictures: dict[str, Collection[str]]
    """Of the static files those of which there is nothing to say but where they lie (see `Inventory.pictures`)."""

    @property
    def all(self) -> list[Item]:
        """Everything but the pictures in the order of writing: what comes later overwrites what came before (facts 2.7)."""
        return [*self.pages, *self.statics, *self.documents]

    def settle(self) -> None:
        """Put the pictures whose output something else is written to among the static files, where order tells who wins."""
        contested: dict[str, set[str]] = {}
        for item in self.all:
            at = item.output.rfind("/") + 1
            folder, name = item.output[:at], item.output[at:]
            if name in self.pictures.get(folder, ()):
                contested.setdefault(folder, set()).add(name)
        for folder, names in contested.items():
            self.pictures[folder] = dict.fromkeys(each for each in self.pictures[folder] if each not in names)
            self.statics.extend(picture(folder + name) for name in names)
        self.statics.sort(key=itemgetter(0))


def picture(path: str) -> Item:
    """What becomes of an ordinary picture: it is copied to where it stands."""
    return Item(path, Kind.STATIC, "/" + path, path)


DataOf = Callable[[str], Head]
"""Gives the head of a file that is read; called for no static file by its extension."""


def front_matter(settings: Settings, item: Item, own: Mapping[str, Any]) -> Mapping[str, Any]:
    """A file's front matter with the defaults merged, and nothing of what Jekyll derives: what a schema validates."""
    kind = item.collection or ("pages" if item.kind is Kind.PAGE else None)
    path = relative_path(settings, item)
    defaults = settings.defaults.values(path, kind)
    return merged(defaults, own) if defaults else own


def relative_path(settings: Settings, item: Item) -> str:
    """What Jekyll calls an item's relative path: link tags and defaults name it by this."""
    path = item.source or ""
    container = settings.container
    return path.removeprefix(container + "/") if container and item.collection else path
