"""The facts of one file: what its bytes say, before any rule has an opinion.

Places are offsets: 0-based, in code points of the file's text, the end exclusive. They become lines and columns only
when something is reported (`Lines`), for nearly all never are.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

KeyPath = tuple[str | int, ...]
"""Where a value stands in front matter or data: `("gallery", 0, "image_url")`."""


class Role(StrEnum):
    """What a reference asks for."""

    PAGE = "page"
    IMAGE = "image"
    FILE = "file"


class Place(NamedTuple):
    """A stretch of a file's text."""

    path: str
    """The file, relative to the source."""
    start: int
    end: int


class Reference(NamedTuple):
    """One place that points at something, as its author wrote it and as the built page has it."""

    url: str
    """As the browser reads it from the built page, after templates and kramdown."""
    role: Role
    place: Place
    """The value as written, Liquid included."""
    base: str
    """The URL of the page that shows it, without the baseurl."""
    unknown: str = ""
    """Why the url cannot be known; empty when it is known."""
    key: KeyPath = ()
    """The front matter or data value that it came from, when it did."""
    template: Place | None = None
    """Where a template made it of that value."""
    alt: str | None = ""
    """An image's alternative text; None when the attribute is missing."""


class Anchor(NamedTuple):
    """A name that a fragment can point at."""

    name: str
    place: Place
    kind: str = "id"
    """heading, id, name, footnote or toc."""


class Suppression(NamedTuple):
    """`contentlint: ignore[names]`: what the author has decided to live with."""

    names: tuple[tuple[str, int, int], ...]
    """Rule or group names with the offsets of each; none means every rule."""
    start: int
    end: int
    """The whole comment."""
    line: int
    """The 1-based line it covers; 0 for the whole file."""
    opening: bool = False
    """It stands on the line after the opening `---` and covers that line too."""


class Near(NamedTuple):
    """A name that is not there. The nearest real one is looked up after all rules have run and told as help."""

    kind: str
    """url, asset, include, layout, source (a file that a link tag names), post or anchor."""
    name: str
    within: str = ""
    """The output whose anchors are meant."""


class Mistake(NamedTuple):
    """What reading a file found wrong with it: a rule of this name will say so."""

    rule: str
    start: int
    end: int
    value: str
    message: str
    help: str = ""
    near: Near | None = None
    related: tuple[tuple[Place, str], ...] = ()


class Choice(NamedTuple):
    """An include that selected entries of a list in the page's own data by a parameter."""

    include: str
    key: KeyPath
    """The list: `("images",)`."""
    by: str
    """The property compared: `image_id`."""
    value: str
    place: Place
    """The parameter's value as written, or the include tag."""
    found: int
    said: bool = False
    """The config says so; otherwise the template does."""


class Need(NamedTuple):
    """Data of the page that an include cannot do without, and that it asked for."""

    include: str
    key: KeyPath
    present: bool
    place: Place
    """The include tag."""


def entries(data: Any, key: KeyPath, by: str) -> Iterator[tuple[KeyPath, str]]:
    """(key path, value) of the property `by` of each entry of the list at `key`."""
    for step in key:
        data = data.get(step) if isinstance(data, dict) else None
    for number, entry in enumerate(data if isinstance(data, list) else ()):
        if isinstance(entry, dict) and isinstance(entry.get(by), (str, int, float)):
            yield (*key, number, by), str(entry[by])
