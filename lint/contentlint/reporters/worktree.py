"""Paths as a CI service counts them: from the top of the git work tree, not from the project."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from contentlint.diagnostic import Report


def from_top(report: Report, project: Path) -> Report:
    """The report of a project, which is an absolute folder, with the paths of the work tree it lies in, if it does."""
    top = next((folder for folder in (project, *project.parents) if (folder / ".git").exists()), project)
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
