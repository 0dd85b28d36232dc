"""Where a text's front matter block begins and ends, by the two detectors that Jekyll has (facts 1.1)."""

from __future__ import annotations

import re

from contentlint.record import NamedTuple
from contentlint.regex import regex

# Ruby's `\s` is ASCII white space, the vertical tab included; its `$` stands before every newline, as Python's does with re.M.
_SNIFF = regex(rb"---[ \t\r\f\v]*\n")
_OPENING = regex(r"\ufeff?---[ \t\r\f\v]*\n")
_CLOSING = regex(r"\n(?:---|\.\.\.)\s*$\n?", re.ASCII | re.MULTILINE)


class Block(NamedTuple):
    """The places of one front matter block, as offsets into its text."""

    start: int
    """Where the YAML text begins. It includes the opening line, as Jekyll hands it to its parser."""
    opening: int
    """Where the opening dashes end: `text[start:opening]` is `---`."""
    end: int
    """Where the YAML text ends and the closing line begins."""
    body: int
    """Where the body begins: the blank lines after the closing line belong to the block."""


def sniff(head: bytes) -> bool:
    """Whether Jekyll takes an ordinary file for a page: its first line is `---` and white space (detector A).

    `head` is the beginning of the file, at least to its first newline. A byte order mark before the dashes hides them.
    """
    return _SNIFF.match(head) is not None


def split(text: str) -> Block | None:
    """Find the front matter block of a page, document or layout (detector B); None when it has none.

    A byte order mark at the beginning is skipped, as Jekyll's decoder does.
    """
    opening = _OPENING.match(text)
    if opening is None:
        return None
    # The newline of the opening line may be the one before the closing line.
    closing = _CLOSING.search(text, opening.end() - 1)
    if closing is None:
        return None
    start = _dashes(text)
    return Block(start, start + 3, closing.start() + 1, closing.end())


def unclosed(text: str) -> tuple[int, int] | None:
    """The place of opening dashes that no closing line follows: the whole text is body then. None when all is well."""
    if _OPENING.match(text) is None or split(text) is not None:
        return None
    start = _dashes(text)
    return start, start + 3


def _dashes(text: str) -> int:
    return 1 if text[0] == "\ufeff" else 0
