"""Paths as a CI service counts them: from the top of the git work tree, not from the project."""

from __future__ import annotations

from pathlib import Path

from contentlint.diagnostic import Report
from contentlint.record import replace


def from_top(report: Report, folder: str) -> Report:
    """The report of the project in an absolute folder, with the paths of the git work tree it lies in, if it does."""
    project = Path(folder)
    top = next((above for above in (project, *project.parents) if (above / ".git").exists()), project)
    if top == project:
        return report
    prefix = project.relative_to(top).as_posix()
    return replace(
        report,
        diagnostics=tuple(
            replace(
                diagnostic,
                path=f"{prefix}/{diagnostic.path}",
                related=tuple(replace(related, path=f"{prefix}/{related.path}") for related in diagnostic.related),
            )
            for diagnostic in report.diagnostics
        ),
    )
