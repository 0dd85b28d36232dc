"""`github`: annotations of GitHub Actions, as workflow commands.

Escaping as in @actions/toolkit, `packages/core/src/command.ts`. A step shows at most ten annotations of each kind, so
the first ten errors and warnings are written, and a last notice counts the rest.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.diagnostic import Diagnostic, Report, Severity
from contentlint.reporters.text import counted, visible

SHOWN = 10
"""Annotations of one kind that GitHub shows for a step (actions/toolkit, docs/problem-matchers.md)."""


def lines(report: Report) -> Iterator[str]:
    """One workflow command for each problem that GitHub will show, the errors first."""
    left: list[str] = []
    for severity in Severity:
        problems = [diagnostic for diagnostic in report.diagnostics if diagnostic.severity is severity]
        yield from map(_annotation, problems[:SHOWN])
        if len(problems) > SHOWN:
            left.append(counted(len(problems) - SHOWN, severity))
    if left:
        yield f"::notice title=contentlint::{' and '.join(left)} more: GitHub shows {SHOWN} of each kind for a step."


def _annotation(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    properties = {
        "title": diagnostic.rule,
        "file": visible(diagnostic.path),
        "line": str(span.line),
        "col": str(span.column),
        "endLine": str(span.end_line),
    }
    if span.end_line == span.line:  # the checks API takes columns only within one line
        properties["endColumn"] = str(span.end_column)
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    text = [visible(diagnostic.message)]
    if diagnostic.help:
        text.append(f"help: {visible(diagnostic.help)}")
    text += [
        f"note: {visible(related.path)}:{related.span.line}: {visible(related.message)}"
        for related in diagnostic.related
    ]
    return f"::{diagnostic.severity} {written}::{_data(chr(10).join(text))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
