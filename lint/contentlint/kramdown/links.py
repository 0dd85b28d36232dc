"""Where a link leads: what stands after the `]` of its text."""

from __future__ import annotations

import re
from bisect import bisect_left

from contentlint.kramdown.attributes import CLOSING_BRACE, Value
from contentlint.kramdown.excerpt import Excerpt
from contentlint.kramdown.node import Node
from contentlint.kramdown.page import Definition, Page, label_id
from contentlint.record import NamedTuple
from contentlint.regex import regex

_LABEL = regex(r"\s*+\[([^\]]*+)\]", re.ASCII)
_PARENTHESIS = regex(r"[()]")
_SPACE_BEFORE_QUOTE = regex(r"""\s(?=['"])""", re.ASCII)
_OPENING_QUOTE = regex(r"""\s*+(["'])""", re.ASCII)
_TITLE_END = {quote: re.compile(rf"{quote}\s*+\)", re.ASCII) for quote in "\"'"}
ESCAPED = regex(r"""\\([\\.*_+`<>()\[\]{}#!:|"'$=-])""")
_LONGEST_LABEL = 1000
"""A longer text is not looked up: brackets in brackets would be, all of them, each time."""
_WHITE = " \t\n\v\f\r\0"


class Target(NamedTuple):
    """Where a link leads, the offset after all of it, and the definition's node when it is a reference link."""

    url: Value
    end: int
    definition: Node | None


class Missing(NamedTuple):
    """The bounds of a label that nothing defines."""

    start: int
    end: int


class Stretch:
    """A part of an excerpt that is read as spans, with what must not be searched for in it twice."""

    __slots__ = (
        "_brace",
        "_closing",
        "_known",
        "_quotes",
        "_unclosed_ticks",
        "end",
        "excerpt",
        "page",
        "start",
        "text",
    )

    def __init__(self, page: Page, excerpt: Excerpt, start: int, end: int) -> None:
        self.page = page
        self.excerpt = excerpt
        self.text = excerpt.text
        self.start = start
        self.end = end
        self._unclosed_ticks: dict[int, int] = {}
        """By length: from where on a run of backticks closes nowhere any more."""
        self._known: dict[str, tuple[int, int]] = {}
        self._brace = (0, -1)
        self._closing: dict[int, int] | None = None
        self._quotes: list[int] = []

    def find(self, wanted: str, at: int) -> int:
        """`str.find` that remembers between which offsets there is nothing to be found."""
        searched_from, found = self._known.get(wanted, (0, -1))
        if not searched_from <= at <= found:
            found = self.text.find(wanted, at, self.end)
            if found < 0:
                found = self.end
            self._known[wanted] = (at, found)
        return found if found < self.end else -1

    def search(self, pattern: re.Pattern[str], at: int) -> re.Match[str] | None:
        """`pattern.search` that remembers from where on it found nothing."""
        key = pattern.pattern
        if self._known.get(key, (self.end + 1, 0))[0] <= at:
            return None
        match = pattern.search(self.text, at, self.end)
        if not match:
            self._known[key] = (at, 0)
        return match

    def find_brace(self, at: int) -> int:
        """The `}` that ends an attribute list: the first that no backslash escapes, else the last; -1: there is none."""
        searched_from, brace = self._brace
        if not searched_from <= at <= brace:
            match = CLOSING_BRACE.search(self.text, at, self.end)
            brace = match.start() if match else self.text.rfind("}", at, self.end)
            if brace < 0:
                brace = self.end
            self._brace = (at, brace)
        return brace if brace < self.end else -1

    def code_end(self, at: int, run: str) -> int:
        """Where the code span ends that the backticks before `at` open; -1 when they are text."""
        text = self.text
        length = len(run)
        if self._unclosed_ticks.get(length, self.end) <= at:
            return -1
        if length == 1 and text[at : at + 1] in _SPACE and at < self.end:
            before = at - 2
            if before < self.start or text[before] in _SPACE:
                return -1
        closing = text.find(run, at, self.end)
        if closing < 0:
            self._unclosed_ticks[length] = at
            return -1
        return closing + length

    def note_missing(self, label: Missing) -> None:
        """Note that a reference link has no definition."""
        self.page.missing[self.excerpt.span(*label)] = self.text[label.start : label.end]

    def target(self, text_start: int, text_end: int) -> Target | Missing | None:
        """Where the link leads whose text has these bounds (`text_end` is that of its `]`); None: it is no link."""
        text = self.text
        at = text_end + 1
        label = _LABEL.match(text, at, self.end)
        if label or text[at : min(at + 1, self.end)] != "(":
            definition = self._definition(label[1] if label and label[1] else None, text_start, text_end)
            if definition:
                return Target(definition.url, label.end() if label else at, definition.node)
            return Missing(*label.span(1)) if label and label[1] and label.start(1) == at + 1 else None
        if text.startswith("(<", at):
            closing = self.find(">", at + 2)
            if closing >= 0 and text.find("\n", at + 2, closing) < 0:
                url = Value(text[at + 2 : closing], self.excerpt, at + 2, closing)
                if text.startswith(")", closing + 1) and closing + 1 < self.end:
                    return Target(url, closing + 2, None)
                return self._titled(url, closing + 1)
        if self._closing is None:
            self._closing = self._parentheses()
        closing = self._closing.get(at, self.end)
        index = bisect_left(self._quotes, at)
        quote = self._quotes[index] if index < len(self._quotes) else self.end
        if closing < quote:
            return Target(self._stripped(at + 1, closing), closing + 1, None)
        return self._titled(self._stripped(at + 1, quote), quote) if quote < self.end else None

    def _definition(self, label: str | None, text_start: int, text_end: int) -> Definition | None:
        """What a label stands for, or without one the text itself."""
        if label is None:
            if not self.page.definitions or text_end - text_start > _LONGEST_LABEL:
                return None
            label = ESCAPED.sub(r"\1", self.text[text_start:text_end])
        return self.page.definitions.get(label_id(label))

    def _parentheses(self) -> dict[int, int]:
        """Where each parenthesis of the stretch closes; and where its quotes after white space are."""
        closing: dict[int, int] = {}
        opened: list[int] = []
        for match in _PARENTHESIS.finditer(self.text, self.start, self.end):
            if match[0] == "(":
                opened.append(match.start())
            elif opened:
                closing[opened.pop()] = match.start()
        self._quotes = [match.start() for match in _SPACE_BEFORE_QUOTE.finditer(self.text, self.start, self.end)]
        return closing

    def _stripped(self, start: int, end: int) -> Value:
        text = self.text
        while start < end and text[start] in _WHITE:
            start += 1
        while end > start and text[end - 1] in _WHITE:
            end -= 1
        return Value(text[start:end], self.excerpt, start, end)

    def _titled(self, url: Value, at: int) -> Target | None:
        """The target when a title and the closing parenthesis follow."""
        opening = _OPENING_QUOTE.match(self.text, at, self.end)
        closing = self.search(_TITLE_END[opening[1]], opening.end() + 1) if opening else None
        return Target(url, closing.end(), None) if closing else None


_SPACE = frozenset(" \t\n\r\f\v")
