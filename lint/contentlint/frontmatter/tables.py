"""Tables in data files, read as Ruby's CSV reads them with a header line (facts 6)."""

from __future__ import annotations

import re

from contentlint.frontmatter.document import Document, Error, Fields
from contentlint.record import NamedTuple
from contentlint.regex import regex

_QUOTED = regex(r'"((?:[^"]|"")*)"')
_LINE_END = regex(r"\r\n|\n|\r")


class _Cell(NamedTuple):
    value: str | None
    """None when nothing is written; two quotes are an empty text."""
    start: int
    end: int


class _Malformed(Exception):  # noqa: N818 - what it carries is the error
    def __init__(self, message: str, start: int, end: int, note: str = "") -> None:
        super().__init__(message)
        self.error = Error(message, start, end, note)


def compose_table(text: str, delimiter: str = ",") -> Document:
    """Read CSV, or with a tab as `delimiter` TSV: a list of mappings from the header line's names to texts.

    An empty cell is null. Of two columns with one name the first counts; a cell without a name is left out.
    """
    try:
        rows = _rows(text, delimiter)
    except _Malformed as malformed:
        return Document(error=malformed.error)
    fields, data = Fields(), []
    header = rows[0] if rows else []
    for index, row in enumerate(rows[1:]):
        start, end = (row[0].start, row[-1].end) if row else (0, 0)
        fields.append((index,), "map", start, end, start, end)
        record: dict[str, str | None] = {}
        for column, name in enumerate(header):
            if name.value is None or name.value in record:
                continue
            cell = row[column] if column < len(row) else _Cell(None, end, end)
            record[name.value] = cell.value
            tag = "null" if cell.value is None else "str"
            fields.append((index, name.value), tag, cell.start, cell.end, name.start, name.end)
        data.append(record)
    return Document(data, fields, root=(0, len(text)))


def _rows(text: str, delimiter: str) -> list[list[_Cell]]:
    line_end = _LINE_END.search(text)
    separator = line_end.group() if line_end else "\n"
    rows: list[list[_Cell]] = []
    at = 1 if text.startswith("\ufeff") else 0
    plain = re.compile(rf"[^\r\n\"{re.escape(delimiter)}]*")
    while at < len(text):
        if text.startswith(separator, at):
            rows.append([])
            at += len(separator)
            continue
        row: list[_Cell] = []
        while True:
            cell, at = _cell(text, at, plain, delimiter, separator)
            row.append(cell)
            if not text.startswith(delimiter, at):
                break
            at += len(delimiter)
        rows.append(row)
        at += len(separator)
    return rows


def _cell(text: str, at: int, plain: re.Pattern[str], delimiter: str, separator: str) -> tuple[_Cell, int]:
    """The cell that begins at `at`, and where it ends: before a delimiter, a line end or the end of the text."""
    if text.startswith('"', at):
        quoted = _QUOTED.match(text, at)
        if quoted is None:
            raise _Malformed(
                "this quote is never closed", at, at + 1, "close it, or double it if it is part of the text"
            )
        end = quoted.end()
        cell = _Cell(quoted.group(1).replace('""', '"'), at + 1, end - 1)
        if end < len(text) and not text.startswith((delimiter, "\r", "\n"), end):
            raise _Malformed("text follows the quote that closes here", end - 1, end, "double a quote within the text")
    else:
        match = plain.match(text, at)
        end = match.end() if match else at
        cell = _Cell(text[at:end] or None, at, end)
    if end == len(text) or text.startswith((delimiter, separator), end):
        return cell, end
    if text[end] == '"':
        note = "put the whole cell in quotes and double the quotes in it"
        raise _Malformed("a quote in the middle of a cell", end, end + 1, note)
    raise _Malformed("a line end unlike that of the first line", end, end + 1, "end all lines alike")
