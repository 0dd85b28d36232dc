"""`rdjson`: Reviewdog's diagnostic format (reviewdog, proto/rdf). Its columns count bytes of UTF-8."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contentlint.diagnostic import Diagnostic, Report, Span
from contentlint.reporters.text import encoded, scalar, visible


def lines(report: Report) -> Iterator[str]:
    """One DiagnosticResult, one problem a line."""
    yield '{"source": {"name": "contentlint"}, "diagnostics": ['
    last = len(report.diagnostics)
    for number, diagnostic in enumerate(report.diagnostics, 1):
        yield f" {encoded(_diagnostic(diagnostic))}{',' if number < last else ''}"
    yield "]}"


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    message = visible(diagnostic.message)
    result: dict[str, Any] = {
        "message": f"{message}\n{visible(diagnostic.help)}" if diagnostic.help else message,
        "location": {"path": scalar(diagnostic.path), "range": _range(diagnostic, diagnostic.span)},
        "severity": diagnostic.severity.upper(),
        "code": {"value": diagnostic.rule},
    }
    edits = diagnostic.fix.edits if diagnostic.fix else ()
    suggestions = [  # each is one by itself: half of a fix is none
        {"range": _range(diagnostic, edit.span), "text": scalar(edit.text)}
        for edit in (edits if len(edits) == 1 else ())
        if _column(diagnostic, *edit.span[:2]) and _column(diagnostic, *edit.span[2:])
    ]
    if suggestions:
        result["suggestions"] = suggestions
    related = [
        {
            "message": visible(each.message),
            "location": {"path": scalar(each.path), "range": {"start": {"line": each.span.line}}},
        }
        for each in diagnostic.related
    ]
    if related:
        result["related_locations"] = related
    return result


def _range(diagnostic: Diagnostic, span: Span) -> dict[str, dict[str, int]]:
    return {
        "start": _position(diagnostic, span.line, span.column),
        "end": _position(diagnostic, span.end_line, span.end_column),
    }


def _position(diagnostic: Diagnostic, line: int, column: int) -> dict[str, int]:
    number = _column(diagnostic, line, column)
    return {"line": line, "column": number} if number else {"line": line}


def _column(diagnostic: Diagnostic, line: int, column: int) -> int:
    """The column in bytes; 0 where the line's text is not at hand, and only the first column is beyond doubt."""
    if column == 1:
        return 1
    index = line - diagnostic.span.line
    if not 0 <= index < len(diagnostic.source_lines):
        return 0
    return len(diagnostic.source_lines[index][: column - 1].encode("utf-8", "surrogatepass")) + 1
