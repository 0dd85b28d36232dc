"""`gitlab`: a Code Quality report, which GitLab shows in merge requests (GitLab docs, ci/testing/code_quality)."""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.diagnostic import Report, Severity
from contentlint.reporters.text import encoded, scalar, visible

SEVERITY = {Severity.ERROR: "major", Severity.WARNING: "minor"}


def lines(report: Report) -> Iterator[str]:
    """A JSON array, one problem a line. The rule opens the description: GitLab does not show `check_name`."""
    yield "["
    last = len(report.diagnostics)
    for number, diagnostic in enumerate(report.diagnostics, 1):
        problem = {
            "description": f"{diagnostic.rule}: {visible(diagnostic.message)}",
            "check_name": diagnostic.rule,
            "fingerprint": diagnostic.fingerprint,
            "severity": SEVERITY[diagnostic.severity],
            "location": {
                "path": scalar(diagnostic.path),
                "lines": {"begin": diagnostic.span.line, "end": diagnostic.span.end_line},
            },
        }
        yield f" {encoded(problem)}{',' if number < last else ''}"
    yield "]"
