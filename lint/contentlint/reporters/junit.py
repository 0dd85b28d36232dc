"""`junit`: the XML that Jenkins, GitLab and others read as test results.

An error is a failed test; a warning is a passed one that has something to say, as JUnit knows no third way. The names
hold no line, so that a service knows a failure again after text has moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape

from contentlint.diagnostic import Diagnostic, Report, Severity
from contentlint.reporters.text import counted, place, visible


def lines(report: Report) -> Iterator[str]:
    """A suite for each file that has problems, a test for each problem; one passed test when there is none."""
    summary = report.summary
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="contentlint" {_counts(report.diagnostics)}>'
    if not report.diagnostics:
        yield '  <testsuite name="contentlint" tests="1" failures="0" errors="0">'
        yield f'    <testcase classname="contentlint" name="{counted(summary.pages, "page")}"/>'
        yield "  </testsuite>"
    for path, problems in groupby(report.diagnostics, key=lambda diagnostic: diagnostic.path):
        yield from _suite(visible(path), tuple(problems))
    yield "</testsuites>"


def _suite(path: str, problems: tuple[Diagnostic, ...]) -> Iterator[str]:
    yield f'  <testsuite name="{_attribute(path)}" {_counts(problems)}>'
    seen: dict[str, int] = {}
    for diagnostic in problems:
        name = f"{diagnostic.rule}: {visible(diagnostic.value)}"
        count = seen[name] = seen.get(name, 0) + 1
        if count > 1:
            name += f" ({count})"
        yield f'    <testcase classname="{_attribute(path)}" name="{_attribute(name)}">'
        message = visible(diagnostic.message)
        text = [f"{place(diagnostic.path, diagnostic.span)}: {message}"]
        if diagnostic.help:
            text.append(f"help: {visible(diagnostic.help)}")
        text += [f"note: {place(each.path, each.span)}: {visible(each.message)}" for each in diagnostic.related]
        body = escape("\n".join(text))
        if diagnostic.severity is Severity.ERROR:
            yield f'      <failure type="{diagnostic.rule}" message="{_attribute(message)}">{body}</failure>'
        else:
            yield f"      <system-out>{diagnostic.severity}: {body}</system-out>"
        yield "    </testcase>"
    yield "  </testsuite>"


def _counts(problems: tuple[Diagnostic, ...]) -> str:
    failures = sum(diagnostic.severity is Severity.ERROR for diagnostic in problems)
    return f'tests="{max(len(problems), 1)}" failures="{failures}" errors="0"'


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})
