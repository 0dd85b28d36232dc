"""A text that was cut out of another one, line by line, and the way back to where each of its characters stood."""

from __future__ import annotations

from bisect import bisect_right

from contentlint.regex import regex

_LINE_END = regex(r"\r\n?")


class Excerpt:
    """The text of a quote, a list item, a footnote ... without its prefixes; it always ends with a line feed.

    `starts` and `shifts` are parallel: from offset `starts[i]` on, `shifts[i]` leads to the offset in `parent`.
    A table of lines per level, resolved only for what was found, costs less than carrying offsets along.
    """

    __slots__ = ("parent", "shifts", "starts", "text")

    def __init__(self, text: str, parent: Excerpt | None, starts: list[int], shifts: list[int]) -> None:
        self.text = text
        self.parent = parent
        self.starts = starts
        self.shifts = shifts

    def origin(self, at: int) -> int:
        """The offset in the original text of the character at `at`."""
        excerpt: Excerpt | None = self
        while excerpt is not None:
            if excerpt.starts:
                at += excerpt.shifts[max(bisect_right(excerpt.starts, at) - 1, 0)]
            excerpt = excerpt.parent
        return at

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the original text of text[start:end]; an end never runs into the next line's prefix."""
        if self.parent is None and not self.starts:
            return start, max(start, end)
        first = self.origin(start)
        return (first, self.origin(end - 1) + 1) if end > start else (first, first)


def whole(text: str) -> Excerpt:
    """A page's whole text with the line ends that kramdown gives it: line feeds, and one at the end."""
    starts: list[int] = []
    shifts: list[int] = []
    if "\r" in text:
        removed = 0
        for match in _LINE_END.finditer(text):
            if match.end() - match.start() == 2:
                starts.append(match.start() - removed)
                removed += 1
                shifts.append(removed)
        if starts:
            starts.insert(0, 0)
            shifts.insert(0, 0)
        text = _LINE_END.sub("\n", text)
    if not text.endswith("\n"):
        text += "\n"
    return Excerpt(text, None, starts, shifts)


class Cutting:
    """Builds an excerpt piece by piece."""

    __slots__ = ("_length", "_parent", "_pieces", "_shifts", "_starts")

    def __init__(self, parent: Excerpt) -> None:
        self._parent = parent
        self._pieces: list[str] = []
        self._starts: list[int] = []
        self._shifts: list[int] = []
        self._length = 0

    def add(self, piece: str, end: int) -> None:
        """Append a piece whose last character is the one before `end` in the parent.

        Counting from the end keeps places right when leading tabs have become spaces.
        """
        self._starts.append(self._length)
        self._length += len(piece)
        self._shifts.append(end - self._length)
        self._pieces.append(piece)

    def excerpt(self) -> Excerpt:
        """What has been added so far."""
        return Excerpt("".join(self._pieces), self._parent, self._starts, self._shifts)
