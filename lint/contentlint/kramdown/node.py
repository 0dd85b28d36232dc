"""The tree that a page is read into: only what links, ids and their order depend on."""

from __future__ import annotations

from contentlint.kramdown.attributes import Attributes, Value
from contentlint.kramdown.excerpt import Excerpt

# Kinds of block elements. Containers have children; PARAGRAPH, HEADER and TEXT have a stretch of text to read as spans.
# EVERYDAY is a row of paragraphs and headings that are nothing but text.
PARAGRAPH, HEADER, TEXT, BLANK, EOB, LIST, DEFINITION_LIST, ITEM, TERM, DEFINITION, HTML, COMMENT, NOMARKDOWN, OTHER = (
    range(14)
)
# Kinds of span elements besides TEXT, HTML, COMMENT, NOMARKDOWN and OTHER (which shows nothing of itself).
LINK, IMAGE, EM, STRONG, CODE, MATH, FOOTNOTE, CHARACTER = range(14, 22)
EVERYDAY = 22


class Node:
    """One element. What `value` holds depends on the kind: a tag's name, a footnote's name, text, what ended a block."""

    # No slots: what most elements lack stands once, here.
    attributes: dict[str, Value] | None = None
    ial: Attributes | None = None
    level = 0
    raw = False
    transparent = False
    pieces: list[str]
    """Of a text among spans, which grows bit by bit."""

    def __init__(self, kind: int, excerpt: Excerpt, start: int, end: int, value: str = "") -> None:
        self.kind = kind
        self.excerpt = excerpt
        self.start = start
        self.end = end
        self.value = value
        self.children: list[Node] = []

    def text(self) -> str:
        """What a text or a code span shows."""
        return "".join(self.pieces) if self.kind == TEXT else self.value


_NOWHERE = Excerpt("\n", None, [], [])
BLANK_LINE = Node(BLANK, _NOWHERE, 0, 0)
"""One empty line; like `BLANK_LINES` shared by all trees, since nothing else is ever asked of it."""
BLANK_LINES = Node(BLANK, _NOWHERE, 0, 0)
