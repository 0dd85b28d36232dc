"""Tables: which lines make one, and where its cells lie."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable

from contentlint.kramdown.excerpt import Cutting, Excerpt
from contentlint.regex import regex

_HAS_PIPE = r"(?:\||.*?[^\\\n]\|)"
START = regex(rf" {{0,3}}(?=\S){_HAS_PIPE}", re.ASCII)
_LINE = regex(rf"{_HAS_PIPE}.*\n")
_STARTS_WITH_PIPE = regex(_HAS_PIPE)
_SEPARATOR = regex(r"(?=[+|: \t]*-)[+|: \t-]*\n")
_FOOTER = regex(r"(?=[+|: \t]*=)[+|: \t=]*\n")
_TICKS = regex(r"`+")
_PIPE = regex(r"\\?\|")

Cell = tuple[Excerpt, int, int]


def read(
    excerpt: Excerpt,
    at: int,
    before_boundary: Callable[[int], bool],
    spans: Callable[[int, int], list[tuple[bool, str]]],
) -> tuple[int, list[Cell]] | None:
    """The end and the cells of the table that begins at `at`; None when kramdown takes the lines for text after all.

    `before_boundary` tells whether a block may begin at an offset; `spans` yields the code spans (True) and
    all other stretches of a part of the text.
    """
    text = excerpt.text
    begin = at
    first = _LINE.match(text, at)
    leading_pipe = first is not None and first[0].lstrip(" \t\r\f\v").startswith("|")
    if separator := _SEPARATOR.match(text, at):
        at = separator.end()
    rows: list[tuple[int, int]] = []
    cells: list[Cell] = []
    pending = head = body = footer = False
    while line := _LINE.match(text, at):
        if separator := _SEPARATOR.match(text, at):
            at = separator.end()
            if pending and not head and not footer:
                head, pending = True, False
            elif pending and not footer:
                body, pending = True, False
        elif separator := _FOOTER.match(text, at):
            at = separator.end()
            if pending:
                body, pending = True, False
            footer = True
        else:
            rows.append((at, line.end() - 1))
            at = line.end()
            pending = True
    if pending and not footer:
        body = True
    if not before_boundary(at) or not body or not _pipes_outside_code(text, begin, at - 1, spans):
        return None
    for start, end in rows:
        cells.extend(_cells(excerpt, start, end, leading_pipe=leading_pipe))
    return at, cells


def _pipes_outside_code(text: str, start: int, end: int, spans: Callable[[int, int], list[tuple[bool, str]]]) -> bool:
    """Whether every line has a pipe that is not inside a code span."""
    if text.find("`", start, end) < 0 and text.find("<", start, end) < 0:
        return True
    piped = False
    for is_code, value in spans(start, end):
        lines = value.rstrip("\n").split("\n") if value.strip("\n") else []
        if is_code:
            if len(lines) > 2 or (len(lines) == 2 and not piped):
                break
            if len(lines) == 2:
                piped = False
        else:
            if len(lines) > 1 and not piped and not _STARTS_WITH_PIPE.match(lines[0]):
                break
            piped = (piped and len(lines) <= 1) or bool(lines and _STARTS_WITH_PIPE.match(lines[-1]))
    return piped


def _cells(excerpt: Excerpt, start: int, end: int, *, leading_pipe: bool) -> list[Cell]:
    text = excerpt.text
    while end > start and text[end - 1] in " \t":
        end -= 1
    bounds = [start]
    escapes: list[int] = []
    for gap_start, gap_end in _outside_code(text, start, end):
        for pipe in _PIPE.finditer(text, gap_start, gap_end):
            if pipe[0] == "|":
                bounds += pipe.span()
            else:
                escapes.append(pipe.start())
    bounds.append(end)
    ranges = [(bounds[i], bounds[i + 1]) for i in range(0, len(bounds), 2)]
    if leading_pipe and not text[ranges[0][0] : ranges[0][1]].strip():
        del ranges[0]
    if ranges and not text[ranges[-1][0] : ranges[-1][1]].strip():
        del ranges[-1]
    return [_cell(excerpt, *cell, escapes) for cell in ranges]


def _outside_code(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches of a row between `<code>` elements and code spans: in those, pipes do not separate."""
    gaps: list[tuple[int, int]] = []
    at = start
    while (tag := text.find("<code", at, end)) >= 0:
        content = text.find(">", tag, end)
        closing = text.find("</code>", content, end) if content >= 0 else -1
        if closing < 0:
            break
        gaps += _outside_code_spans(text, at, tag)
        at = closing + len("</code>")
    return gaps + _outside_code_spans(text, at, end)


def _outside_code_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    gaps: list[tuple[int, int]] = []
    unclosed = end - start
    at = gap = start
    while match := _TICKS.search(text, at, end):
        at = match.end()
        run = match[0]
        if len(run) >= unclosed or (
            len(run) == 1
            and (match.start() == start or text[match.start() - 1].isspace())
            and text[at : at + 1].isspace()
        ):
            continue
        closing = text.find(run, at, end)
        if closing < 0:
            unclosed = len(run)
            continue
        gaps.append((gap, match.start()))
        at = gap = closing + len(run)
    return [*gaps, (gap, end)]


def _cell(excerpt: Excerpt, start: int, end: int, escapes: list[int]) -> Cell:
    """A cell without the space around it; when it holds escaped pipes, without their backslashes too."""
    text = excerpt.text
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    inside = escapes[bisect_left(escapes, start) : bisect_left(escapes, end)]
    if not inside:
        return excerpt, start, end
    cutting = Cutting(excerpt)
    for backslash in inside:
        cutting.add(text[start:backslash], backslash)
        start = backslash + 1
    cutting.add(text[start:end] + "\n", end + 1)
    cell = cutting.excerpt()
    return cell, 0, len(cell.text) - 1
