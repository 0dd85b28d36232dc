"""What a run came to, for people: the last line, and the counts per rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from contentlint.diagnostic import Report, Summary
from contentlint.reporters.text import counted


def sentence(summary: Summary) -> str:
    """`Found 3 errors and 1 warning in 120 pages (4312 references, 7 unknown).`, or `All good: ...`."""
    pages, references = counted(summary.pages, "page"), counted(summary.references, "reference")
    asides = [
        f"{number} {what}"
        for number, what in (
            (summary.unknown, "unknown"),
            (summary.suppressed, "suppressed"),
            (summary.baselined, "in the baseline"),
        )
        if number
    ]
    found = problems(summary)
    if found:
        return f"Found {found} in {pages} ({', '.join([references, *asides])})."
    aside = f" ({', '.join(asides)})" if asides else ""
    return f"All good: {pages}, {counted(summary.assets, 'asset')}, {references}{aside}."


def problems(summary: Summary) -> str:
    """`3 errors and 1 warning`; empty when there are none."""
    return " and ".join(
        counted(number, noun) for number, noun in ((summary.errors, "error"), (summary.warnings, "warning")) if number
    )


def statistics(report: Report) -> Iterator[str]:
    """A line for each rule that found something, the most frequent first: count, severity, name."""
    counts = Counter((diagnostic.rule, diagnostic.severity) for diagnostic in report.diagnostics)
    for (rule, severity), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"{count:>6}  {severity:<7}  {rule}"
