"""`markdown`: a table for a job summary or a comment, as GitHub and GitLab show it."""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.diagnostic import Diagnostic, Report, Severity
from contentlint.regex import regex
from contentlint.reporters.summary import sentence
from contentlint.reporters.text import counted, place, visible

LARGEST = 900 * 1024
"""Bytes; GitHub refuses the summary of a step above 1 MiB, and a workflow may write more beside it."""

_SPECIAL = regex(r"[\\`*_{}\[\]()<>|~&$!]")
_CALLS = regex(r"([@#])(?=\w)")


def lines(report: Report) -> Iterator[str]:
    """A sentence, then a table row for each problem, the errors first, as many as fit."""
    yield "### contentlint"
    yield ""
    yield sentence(report.summary)
    if not report.diagnostics:
        return
    yield ""
    yield "| | where | rule | problem |"
    yield "| --- | --- | --- | --- |"
    size = 0
    worst_first = sorted(report.diagnostics, key=lambda diagnostic: diagnostic.severity is not Severity.ERROR)
    for number, diagnostic in enumerate(worst_first):
        row = _row(diagnostic)
        size += len(row.encode()) + 1
        if size > LARGEST:
            yield ""
            yield f"And {counted(len(worst_first) - number, 'problem')} more."
            return
        yield row


def _row(diagnostic: Diagnostic) -> str:
    text = _escaped(diagnostic.message)
    if diagnostic.help:
        text += f"<br>{_escaped(diagnostic.help)}"
    for related in diagnostic.related:
        text += f"<br>{_escaped(place(related.path, related.span))}: {_escaped(related.message)}"
    where = _escaped(place(diagnostic.path, diagnostic.span))
    return f"| {diagnostic.severity} | {where} | {diagnostic.rule} | {text} |"


def _escaped(text: str) -> str:
    """Text as Markdown that shows it: no markup, no HTML, no cell border, and nobody and no issue is mentioned by it."""
    return _CALLS.sub(r"\1<!-- -->", _SPECIAL.sub(r"\\\g<0>", visible(text)))
