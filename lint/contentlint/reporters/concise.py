"""`concise`: one line a problem, `path:line:column: error rule-name: message`."""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.diagnostic import Diagnostic, Report
from contentlint.reporters.text import BOLD, SEVERITY_COLOUR, painted, place, visible


def lines(report: Report, *, colour: bool = False) -> Iterator[str]:
    """One line for each problem."""
    for diagnostic in report.diagnostics:
        yield headline(diagnostic, colour=colour)


def headline(diagnostic: Diagnostic, *, colour: bool = False) -> str:
    """Where a problem is, how bad it is, its rule and its message."""
    where = painted(place(diagnostic.path, diagnostic.span), BOLD, colour=colour)
    what = painted(f"{diagnostic.severity} {diagnostic.rule}", SEVERITY_COLOUR[diagnostic.severity], colour=colour)
    return f"{where}: {what}: {visible(diagnostic.message)}"
