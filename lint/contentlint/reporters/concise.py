"""`concise`: one line a problem, `path:line:column: error rule-name: message`."""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.diagnostic import Diagnostic, Report
from contentlint.reporters.text import BOLD, CYAN, FIXABLE, SEVERITY_COLOUR, painted, place, visible


def lines(report: Report, *, colour: bool = False, unsafe: bool = False) -> Iterator[str]:
    """One line for each problem; `unsafe` says that unsafe fixes would be applied, too."""
    for diagnostic in report.diagnostics:
        yield headline(diagnostic, colour=colour, unsafe=unsafe)


def headline(diagnostic: Diagnostic, *, colour: bool = False, unsafe: bool = False) -> str:
    """Where a problem is, how bad it is, its rule, whether `--fix` mends it, and its message."""
    where = painted(place(diagnostic.path, diagnostic.span), BOLD, colour=colour)
    what = painted(f"{diagnostic.severity} {diagnostic.rule}", SEVERITY_COLOUR[diagnostic.severity], colour=colour)
    fixable = diagnostic.fix is not None and (diagnostic.fix.safe or unsafe)
    mark = f"{painted(FIXABLE, CYAN, colour=colour)} " if fixable else ""
    return f"{where}: {what}: {mark}{visible(diagnostic.message)}"
