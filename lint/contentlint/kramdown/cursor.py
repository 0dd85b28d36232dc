"""Where the reading of an excerpt's blocks has got to, and the questions that every block parser asks."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from contentlint.kramdown import html
from contentlint.kramdown.attributes import CLOSING_BRACE, Attributes
from contentlint.kramdown.excerpt import Excerpt
from contentlint.kramdown.node import BLANK, EOB, Node
from contentlint.kramdown.page import Page
from contentlint.regex import regex

if TYPE_CHECKING:
    from contentlint.kramdown.fences import Fences

DEEPEST = 24
"""Blocks nested deeper are read as one paragraph; kramdown itself fails some way below that."""

EMPTY_LINES = regex(r"(?>[ \t\r\f\v]*\n)+")
END_MARKER = regex(r"\^[ \t\r\f\v]*\n")
RULE = regex(r" {0,3}([*_-])[ \t]*\1[ \t]*\1(?:\1|[ \t])*+\n")
END_OF_LINE = regex(r"[ \t\r\f\v]*\n")
MAYBE_LAZY_END = r" {0,3}(?:\{:|</?[^\s<>0-9]"
"""What a line that may end a paragraph or a quote begins with; the pattern lacks its closing parenthesis."""
_ATTRIBUTE_LIST = regex(r" {0,3}\{:(?![:/])", re.ASCII)
_CODE_LINES = regex(
    r"(?:(?>[ \t\r\f\v]*\n)*(?:(?:\t| {4})[ \t]*\S.*\n)+"
    rf"(?:(?!{MAYBE_LAZY_END})|\^)[ \t]*\S.*\n)*+)*+",
    re.ASCII,
)
_LAZY_CODE_LINES = regex(rf"(?:(?!{MAYBE_LAZY_END})|\^)[ \t]*\S.*\n)*+", re.ASCII)


@cache
def lazy_html() -> re.Pattern[str]:
    """A tag that ends what goes on from line to line; with the names of all elements, so it is compiled when first needed."""
    return re.compile(rf" {{0,3}}(?:{html.LAZY_START}|{html.LAZY_STOP})", re.ASCII)


class Cursor:
    """Reads one excerpt. `parse` is the block pass itself, for what lies within a block."""

    __slots__ = ("_brace", "_known", "at", "depth", "end", "excerpt", "fences", "ial", "page", "parse", "text")

    def __init__(self, page: Page, excerpt: Excerpt, parse: Callable[[Cursor, Node], bool], depth: int = 0) -> None:
        self.page = page
        self.excerpt = excerpt
        self.parse = parse
        self.text = excerpt.text
        self.end = len(self.text)
        self.at = 0
        self.ial: Attributes | None = None
        """The attribute list that waits for the next block."""
        self.fences: Fences | None = None
        self.depth = depth
        # Answers to searches that reach far, so that no input makes them be repeated for every line.
        self._brace = (0, -1)
        self._known: dict[str, tuple[int, int]] = {}

    def nested(self, excerpt: Excerpt, tree: Node) -> None:
        """Read the blocks of a text that was cut out of this one."""
        self.parse(Cursor(self.page, excerpt, self.parse, self.depth + 1), tree)

    def new(self, kind: int, start: int, end: int, value: str = "") -> Node:
        """A block element; the attribute list that waited is its own."""
        node = Node(kind, self.excerpt, start, end, value)
        if self.ial:
            node.ial = self.ial
        self.ial = None
        return node

    def after_boundary(self, tree: Node) -> bool:
        """Whether blocks may begin here that must not follow a line of text."""
        if self.ial is not None or not tree.children:
            return True
        last = tree.children[-1]
        return last.kind == BLANK or (last.kind == EOB and not last.value)

    def before_boundary(self, at: int) -> bool:
        """Whether this is the end, a blank line, an end-of-block marker or an attribute list."""
        return (
            at >= self.end
            or EMPTY_LINES.match(self.text, at) is not None
            or END_MARKER.match(self.text, at) is not None
            or self.attribute_list(at) is not None
        )

    def lazy_end(self, at: int) -> bool:
        """Whether the line at `at` ends what goes on from line to line without a mark."""
        return self.before_boundary(at) or lazy_html().match(self.text, at) is not None

    def attribute_list(self, at: int) -> tuple[int, int, int] | None:
        """The list that fills the line at `at`: where its inside begins and ends, and the offset after its line."""
        opening = _ATTRIBUTE_LIST.match(self.text, at)
        return self.braces(opening.end()) if opening else None

    def braces(self, start: int) -> tuple[int, int, int] | None:
        """The inside of the braces whose content begins at `start`, when nothing follows them on their line."""
        brace = self.closing_brace(start)
        if brace <= start:
            return None
        tail = END_OF_LINE.match(self.text, brace + 1)
        return (start, brace, tail.end()) if tail else None

    def closing_brace(self, at: int) -> int:
        """The first `}` from `at` on that no backslash escapes; -1 when there is none."""
        searched_from, brace = self._brace
        if not searched_from <= at <= brace:
            match = CLOSING_BRACE.search(self.text, at)
            brace = match.start() if match else self.end
            self._brace = (at, brace)
        return brace if brace < self.end else -1

    def find(self, wanted: str, at: int) -> int:
        """`str.find` that remembers between which offsets there is nothing to be found."""
        searched_from, found = self._known.get(wanted, (0, -1))
        if not searched_from <= at <= found:
            found = self.text.find(wanted, at)
            if found < 0:
                found = self.end
            self._known[wanted] = (at, found)
        return found if found < self.end else -1

    def search(self, pattern: re.Pattern[str], at: int) -> re.Match[str] | None:
        """`pattern.search` that remembers from where on it found nothing."""
        if self._known.get(pattern.pattern, (self.end + 1, 0))[0] <= at:
            return None
        match = pattern.search(self.text, at)
        if not match:
            self._known[pattern.pattern] = (at, 0)
        return match

    def end_of_block(self, tree: Node, end: int, value: str) -> Node:
        """Note what shows nothing but ends blocks: a marker (no `value`), a definition, a list, an extension."""
        node = self.new(EOB, self.at, end, value)
        tree.children.append(node)
        self.at = end
        return node

    def code_end(self, at: int) -> int:
        """Where the indented lines that begin at `at`, and what runs on from them, end."""
        text = self.text
        start = at
        while True:
            match = _CODE_LINES.match(text, at)
            assert match, "it also matches nothing"
            at = match.end()
            if at == start or self.lazy_end(at):
                return at
            # The pattern stopped at a line that only looks like the end.
            newline = text.find("\n", at)
            if newline < 0:
                return len(text)
            at = newline + 1
            match = _LAZY_CODE_LINES.match(text, at)
            assert match, "it also matches nothing"
            at = match.end()
