"""`full`: each problem with its source line, carets under the exact span, help and the other places that matter."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from contentlint.diagnostic import Diagnostic, Report
from contentlint.reporters.concise import headline
from contentlint.reporters.text import BLUE, CYAN, SEVERITY_COLOUR, cells, painted, place, visible

ELLIPSIS = "..."
NARROWEST = 20
"""Cells of a source line that are shown however narrow the terminal is."""


def lines(report: Report, *, colour: bool = False, width: int = 160, unsafe: bool = False) -> Iterator[str]:
    """A block of lines for each problem, an empty line behind each; source lines are clipped to `width` cells.

    `unsafe` says that unsafe fixes would be applied, too.
    """
    for diagnostic in report.diagnostics:
        yield from _block(diagnostic, colour=colour, width=width, unsafe=unsafe)
        yield ""


def _block(diagnostic: Diagnostic, *, colour: bool, width: int, unsafe: bool) -> Iterator[str]:
    yield headline(diagnostic, colour=colour, unsafe=unsafe)
    span = diagnostic.span
    margin = 1
    if diagnostic.source_lines:
        shown = list(_marked(diagnostic))
        margin = len(str(shown[-1][0]))
        bar = painted(f"{'':{margin}} |", BLUE, colour=colour)
        yield bar
        room = max(width - margin - len(" | "), NARROWEST)
        for number, text, start, end in shown:
            source, carets = clipped(text, start, end, room)
            yield f"{painted(f'{number:{margin}} |', BLUE, colour=colour)} {source}".rstrip()
            if text or number == span.line:
                yield f"{bar} {painted(carets, SEVERITY_COLOUR[diagnostic.severity], colour=colour)}"
        if span.end_column > 1 and shown[-1][0] < span.end_line:
            yield f"{bar} {ELLIPSIS}"
    sign = painted(f"{'':{margin}} =", BLUE, colour=colour)
    if diagnostic.help:
        yield f"{sign} {painted('help', CYAN, colour=colour)}: {visible(diagnostic.help)}"
    for related in diagnostic.related:
        where = place(related.path, related.span)
        yield f"{sign} {painted('note', CYAN, colour=colour)}: {where}: {visible(related.message)}"


def _marked(diagnostic: Diagnostic) -> Iterator[tuple[int, str, int, int]]:
    """(number, text, start, end) of each line the problem has its source of; 0-based code points, end exclusive."""
    span = diagnostic.span
    for number, text in enumerate(diagnostic.source_lines, span.line):
        start = span.column - 1 if number == span.line else 0
        end = span.end_column - 1 if number >= span.end_line else len(text)
        if number == span.line or number < span.end_line or end > 0:  # else it ends at the very start of this line
            yield number, text, start, end


def clipped(text: str, start: int, end: int, room: int) -> tuple[str, str]:
    """A source line around text[start:end] in at most `room` cells, ellipses included, and the carets below it.

    An empty span, and one past the line's end, gets one caret; one that begins with a combining character, its base.
    """
    first, last = max(start - room, 0), start + 2 * room  # a line of a megabyte is not measured to its end
    drawn = list(cells(text[first:last]))
    edges = list(accumulate((taken for _, taken in drawn), initial=0))
    begin = min(start - first, len(drawn))
    if begin < len(drawn) and not drawn[begin][1]:
        begin = max(begin - 1, 0)
    before = edges[begin]
    marked = max(edges[max(min(end - first, len(drawn)), begin)] - before, 1)
    left, right = 0, max(edges[-1], before + marked)
    if first or last < len(text) or right > room:
        room -= 2 * len(ELLIPSIS)
        left = before if marked >= room else max(min(before - (room - marked) // 2, right - room), 0)
        right = left + room
    chosen = [index for index in range(len(drawn)) if left <= edges[index] and edges[index + 1] <= right]
    opening = ELLIPSIS if first or (chosen and chosen[0]) else ""
    closing = ELLIPSIS if chosen and first + chosen[-1] + 1 < len(text) else ""
    indent = edges[chosen[0]] if chosen else before
    source = "".join(drawn[index][0] for index in chosen)
    return f"{opening}{source}{closing}", " " * (len(opening) + before - indent) + "^" * min(marked, right - before)
