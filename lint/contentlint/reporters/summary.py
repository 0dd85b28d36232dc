"""What a run came to, for people: the last line, and the counts per rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from contentlint.diagnostic import Report, Summary
from contentlint.reporters.text import FIXABLE, counted


def sentence(summary: Summary) -> str:
    """`Found 3 errors and 1 warning in 120 pages (4312 references, 7 unknown).`, or `All good: ...`."""
    pages, references = counted(summary.pages, "page"), counted(summary.references, "reference")
    asides = [
        f"{number} {what}"
        for number, what in (
            (summary.unknown, "unknown"),
            (summary.suppressed, "suppressed"),
            (summary.baselined, "in the baseline"),
            (summary.older, "there before"),
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


def fixable(report: Report, *, unsafe: bool = False) -> Iterator[str]:
    """How many problems `--fix` mends, and how many more with `--unsafe-fixes`; nothing when there are none."""
    fixes = [each.fix for each in report.diagnostics if each.fix is not None]
    ready = sum(fix.safe or unsafe for fix in fixes)
    more = len(fixes) - ready
    flags = "--fix --unsafe-fixes" if unsafe else "--fix"
    aside = f"{counted(more, 'unsafe fix', 'unsafe fixes')} available with `--fix --unsafe-fixes`"
    if ready:
        yield f"{FIXABLE} {ready} fixable with `{flags}`{f' ({aside})' if more else ''}."
    elif more:
        yield f"No safe fixes available ({aside})."


def statistics(report: Report) -> Iterator[str]:
    """A line for each rule that found something, the most frequent first: count, severity, name."""
    counts = Counter((diagnostic.rule, diagnostic.severity) for diagnostic in report.diagnostics)
    for (rule, severity), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"{count:>6}  {severity:<7}  {rule}"
