"""What Jekyll itself stumbles over: what fails a build, or goes wrong without a word."""

from __future__ import annotations

from enum import StrEnum

from contentlint.page import KeyPath
from contentlint.record import NamedTuple


class Fault(StrEnum):
    """The kinds of problems; rules choose by them."""

    CONFIG = "config"
    """`_config.yml` cannot be used, or holds what Jekyll fails on."""
    DEFAULTS = "defaults"
    """An entry of `defaults` that Jekyll fails on or ignores."""
    FRONT_MATTER = "front-matter"
    """Front matter that Jekyll rejects or drops."""
    DATE = "date"
    """A date that the build fails on."""
    PERMALINK = "permalink"
    """A permalink that the build fails on, or that leads somewhere nobody meant."""
    IGNORED_POST = "ignored-post"
    """A file in `_posts` or `_drafts` that Jekyll drops for its name."""
    LINK = "link"
    """A symbolic link that leads nowhere."""
    ENCODING = "encoding"
    """Bytes that are no text in the site's encoding."""
    DATA = "data"
    """A data file that the build fails on."""


class Problem(NamedTuple):
    """One fault of one file. What Jekyll does about it stands in the message."""

    path: str
    """Relative to the source; a config file's to the root of the tree."""
    fault: Fault
    message: str
    key: KeyPath = ()
    """The front matter value at fault; () for the file as a whole."""
    start: int = -1
    """Where the fault stands in the file's text, in code points, when it is known here; else -1."""
    end: int = -1
    fatal: bool = False
    """Whether the build fails."""
