"""The facts of one file: what its bytes say, before any rule has an opinion."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from contentlint.diagnostic import Related, Span

KeyPath = tuple[str | int, ...]
"""Where a value stands in front matter or data: `("gallery", 0, "image_url")`."""


class Role(StrEnum):
    """What a reference asks for."""

    PAGE = "page"
    IMAGE = "image"
    FILE = "file"


class Reference(NamedTuple):
    """One place that points at something, as its author wrote it and as the built page has it."""

    target: str
    """As written in the source, Liquid included."""
    url: str
    """As the browser reads it from the built page: what templates and kramdown make of the target."""
    role: Role
    span: Span
    path: str
    """The file the span lies in, relative to the source."""
    unknown: str = ""
    """Why the url cannot be known; empty when it is known."""
    key: KeyPath = ()
    """The front matter value that it came from, when it did."""
    related: tuple[Related, ...] = ()
    """The template that made it of that value."""
    alt: str | None = ""
    """An image's alternative text; None when the attribute is missing."""
    rewritten: str = ""
    """The file that a plugin turns this link into a link to (relative to the source), when one does."""


class Anchor(NamedTuple):
    """A name that a fragment can point at."""

    name: str
    span: Span
    path: str
    kind: str = "id"
    """heading, id, name, footnote or toc."""


class Suppression(NamedTuple):
    """`contentlint: ignore[names]`: what the author has decided to live with."""

    names: tuple[tuple[str, Span], ...]
    """Rule or group names with their places; empty means every rule."""
    span: Span
    """The whole comment."""
    line: int
    """The line it covers; 0 for the whole file."""
    opening: bool = False
    """It stands on the line after the opening `---` and covers that line too."""


class Asset(NamedTuple):
    """A file that is copied as it is."""

    path: str
    url: str
