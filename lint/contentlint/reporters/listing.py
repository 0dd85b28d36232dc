"""Lists that are no report: a table for people, a JSON array for programs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from contentlint.reporters.text import cells, encoded, scalar, taken, visible

GAP = "  "
CUT = "..."
NARROWEST = 8
"""Cells that a column keeps however narrow the terminal is."""


def table(rows: Sequence[Sequence[str]], width: int | None = None) -> Iterator[str]:
    """Rows in columns, the first row being the heads; fit into `width` cells where that is given.

    What is cut is cut in the widest columns, at the end and marked there.
    """
    shown = [[visible(text) for text in row] for row in rows]
    widths = [max(map(taken, column)) for column in zip(*shown, strict=True)]
    if width is not None:
        while sum(widths) + len(GAP) * (len(widths) - 1) > width and max(widths) > NARROWEST:
            widths[widths.index(max(widths))] -= 1
    for row in shown:
        fitted = (_fitted(text, room) for text, room in zip(row, widths, strict=True))
        yield GAP.join(fitted).rstrip()


def array(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A JSON array of objects, one a line, in ASCII; a lone surrogate becomes its spelling."""
    opening = "["
    for row in rows:
        yield opening + encoded({name: _plain(value) for name, value in row.items()})
        opening = ","
    yield "[]" if opening == "[" else "]"


def _fitted(text: str, room: int) -> str:
    lacking = room - taken(text)
    if lacking >= 0:
        return text + " " * lacking
    drawn = list(cells(text))
    edges = list(accumulate((width for _, width in drawn), initial=0))
    kept = bisect_right(edges, room - len(CUT)) - 1
    return "".join(shown for shown, _ in drawn[:kept]) + CUT + " " * (room - edges[kept] - len(CUT))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return scalar(value)
    return [scalar(each) for each in value] if isinstance(value, list | tuple) else value
