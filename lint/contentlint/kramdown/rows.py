"""Rows: everyday HTML that stands many times in a row with other values, of which the first tells what all show.

A template's loop makes them. For each one more to show what the first shows, its tags must be whole, nothing in it may mean
anything to Markdown, and no line may begin in it but within a tag. Then blocks and spans are in the same state behind
each row as in front of it.
"""

from __future__ import annotations

import re
from functools import cache

from contentlint.kramdown import plain
from contentlint.record import NamedTuple

_INERT = r"""[^"\n\r|`\[\]\\{}$&<>~*^\0\ue0ff]"""
"""A character that means nothing within quotes."""
_WORDS = r"(?:[^\W_]|[ ,.;()/%+?-])"
"""A character that means nothing in text either."""


class Tag(NamedTuple):
    """A tag with a link in a row, and the offsets of its parts."""

    name: str
    attribute: str
    use: int
    url: tuple[int, int]
    alt: tuple[int, int] | None


@cache
def _row() -> re.Pattern[str]:
    attributes = rf'(?:(?: ++| *+\n *+)[a-z][a-z\-]*+="{_INERT}*+")++ *+'
    image = f"<img{attributes}/?>"
    return re.compile(f"(?:<a{attributes}>(?:{image}|{_WORDS})*+</a>|{image})++")


@cache
def _inert(characters: str) -> re.Pattern[str]:
    return re.compile(f"{characters}*+")


def tags(row: str) -> list[Tag] | None:
    """The links of a row whose values are written as letters; None when it may not stand for others."""
    if not _row().fullmatch(row):
        return None
    found = []
    for token in plain.TOKEN.finditer(row):
        group = token.lastindex
        if group == plain.HREF:
            found.append(Tag("a", "href", token.start(), token.span(group), None))
        elif group in (plain.SRC, plain.ALT):
            alt = token.span(plain.ALT) if group == plain.ALT else None
            found.append(Tag("img", "src", token.start(), token.span(plain.SRC), alt))
        elif group != plain.END_TAG:
            return None
    return found


def inert(value: str, *, quoted: bool) -> bool:
    """Whether a value means nothing to Markdown or HTML where it stands, `quoted` in a tag or in text."""
    return _inert(_INERT if quoted else _WORDS).fullmatch(value) is not None


def alone(text: str, start: int, end: int) -> bool:
    """Whether what stands around text[start:end], rows all, leaves them to themselves: no table, no link's text, no attribute list."""
    if text.startswith("{", end):
        return False
    start, end = max(text.rfind("\n\n", 0, start), 0), text.find("\n\n", end)
    end = end if end >= 0 else len(text)
    return text.find("|", start, end) < 0 and text.find("[", start, end) < 0
