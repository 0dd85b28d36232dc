"""`json`: the whole report, as `report.schema.json` describes it, one problem a line.

Values, paths and edits stand as they are in the site, but for lone surrogates, which strict readers refuse; prose is
made visible as everywhere. All of it is ASCII, so that what is hidden stays an escape in the bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contentlint.diagnostic import Diagnostic, Fix, Related, Report, Span, Summary
from contentlint.record import as_dict
from contentlint.reporters.text import encoded, scalar, visible

VERSION = 1


def lines(report: Report) -> Iterator[str]:
    """One JSON object; each problem on a line of its own."""
    yield f'{{"version": {VERSION},'
    yield f' "summary": {encoded(_summary(report.summary))},'
    yield ' "diagnostics": ['
    last = len(report.diagnostics)
    for number, diagnostic in enumerate(report.diagnostics, 1):
        yield f"  {encoded(_diagnostic(diagnostic))}{',' if number < last else ''}"
    yield " ]}"


def _summary(summary: Summary) -> dict[str, int]:
    """The counts; those of what was left out as known only when there was something."""
    return {name: count for name, count in as_dict(summary).items() if count or name not in ("baselined", "older")}


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "path": scalar(diagnostic.path),
        **_place(diagnostic.span),
        "rule": diagnostic.rule,
        "severity": diagnostic.severity,
        "message": visible(diagnostic.message),
        "help": visible(diagnostic.help),
        "value": scalar(diagnostic.value),
        "fingerprint": diagnostic.fingerprint,
        "related": [_related(related) for related in diagnostic.related],
        "fix": _fix(diagnostic.fix) if diagnostic.fix else None,
    }


def _place(span: Span) -> dict[str, int]:
    return {"line": span.line, "column": span.column, "end_line": span.end_line, "end_column": span.end_column}


def _related(related: Related) -> dict[str, Any]:
    return {
        "path": scalar(related.path),
        "line": related.span.line,
        "column": related.span.column,
        "message": visible(related.message),
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "title": visible(fix.title),
        "safe": fix.safe,
        "edits": [{**_place(edit.span), "text": scalar(edit.text)} for edit in fix.edits],
    }
