"""What a config says, once it is read: typed, with the place of everything that a rule may have to point at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from contentlint.diagnostic import Severity
from contentlint.page import Place
from contentlint.patterns import Pattern
from contentlint.record import NamedTuple, Record, field

if TYPE_CHECKING:
    from contentlint.schema import Schema

Level = Severity | Literal["off"]


class PagePattern(NamedTuple):
    """Pages and what they must be."""

    match: Pattern
    schema: Schema | None
    permalink: str
    """The address as a text with the placeholders of `match`; empty when nothing is said."""
    back_link: str
    """The address to link back to, likewise."""
    places: Mapping[str, Place]
    """Where each key's value stands: match, schema, permalink, back-link."""


class DataPattern(NamedTuple):
    """Data files and what they must be."""

    match: Pattern
    schema: Schema
    places: Mapping[str, Place]


class IncludeContract(NamedTuple):
    """What an include asks of a page that uses it."""

    params: Mapping[str, str]
    """Parameters that must name one of the page's own values, with where these stand: `images[].image_id`."""
    needs: tuple[str, ...]
    """Keys of the front matter that it cannot do without."""
    place: Place


class Placed(NamedTuple):
    """A pattern and where it stands in the config."""

    pattern: Pattern
    place: Place


class Setting(NamedTuple):
    """What the config says of a rule or a group."""

    level: Level | None
    """None when only options are given."""
    options: Mapping[str, Any]
    """The options that are given, by the name of their field."""
    place: Place


class PerFile(NamedTuple):
    """Settings for some files only."""

    match: Pattern
    rules: Mapping[str, Setting]
    place: Place


class Config(Record, frozen=True):
    """What the project has decided; without a config, what holds for everyone."""

    path: str = ""
    """The config's path, relative to the project when it lies there; empty without a config."""
    generator: str | None = None
    jekyll: int | None = None
    source: str = ""
    """The folder of the site, POSIX and relative to the project; empty when it is the project."""
    pages: tuple[PagePattern, ...] = ()
    data: tuple[DataPattern, ...] = ()
    includes: Mapping[str, IncludeContract] = field(default_factory=dict)
    urls: tuple[Placed, ...] = ()
    elsewhere: tuple[Placed, ...] = ()
    exclude: tuple[Placed, ...] = ()
    rules: Mapping[str, Setting] = field(default_factory=dict)
    """By the name of a rule or a group."""
    per_file: tuple[PerFile, ...] = ()
    schemas: Mapping[str, Schema] = field(default_factory=dict)
    """Every schema that is named, by its path."""
    digest: str = ""
    """Changes whenever the config or one of its schemas does."""
    beside_rules: str = ""
    """Changes whenever the config says something else, but for what it says of rules; what its schemas say is no part of it."""
