"""`sarif`: SARIF 2.1.0 (OASIS), within the limits and rules of GitHub code scanning.

A result's fingerprint has a name of its own: github/codeql-action computes `primaryLocationLineHash` when it uploads,
and warns of each result that brings another value under that name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from contentlint import __version__
from contentlint.diagnostic import Diagnostic, Fix, Report, Severity, Span
from contentlint.record import NamedTuple
from contentlint.reporters.text import counted, encoded, scalar, visible

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 25_000
"""GitHub refuses a run with more (github/docs, sarif-limits); the worst stay."""
MOST_LOCATIONS = 1_000
"""Related places of one result, likewise."""
ROOT = "%SRCROOT%"


class Manual(NamedTuple):
    """What a SARIF log says of a rule itself."""

    summary: str
    text: str
    """Markdown."""
    group: str = ""
    severity: Severity = Severity.ERROR
    enabled: bool = True
    """Whether it runs when no one has said anything."""


def lines(report: Report, *, manuals: Callable[[], Mapping[str, Manual]] = dict) -> Iterator[str]:
    """One SARIF log with one run, one result a line; `manuals` is asked for the rules by name when there are results."""
    worst_first = sorted(report.diagnostics, key=lambda diagnostic: diagnostic.severity is not Severity.ERROR)
    kept = worst_first[:MOST_RESULTS]
    names = sorted({diagnostic.rule for diagnostic in kept})
    known = manuals() if names else {}
    driver = {
        "name": "contentlint",
        "semanticVersion": __version__,
        "rules": [_rule(name, known.get(name, Manual(name, name))) for name in names],
    }
    invocation: dict[str, Any] = {"executionSuccessful": True}
    if len(worst_first) > len(kept):
        text = f"{counted(len(worst_first) - len(kept), 'problem')} more than a SARIF run may hold."
        invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
    run = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder that the paths start from."}}},
    }
    yield f'{{"$schema": {encoded(SCHEMA)}, "version": "2.1.0", "runs": [{encoded(run)[:-1]}, "results": ['
    for number, diagnostic in enumerate(kept, 1):
        yield f" {encoded(_result(diagnostic, names))}{',' if number < len(kept) else ''}"
    yield "]}]}"


def _rule(name: str, manual: Manual) -> dict[str, Any]:
    return {
        "id": name,
        "shortDescription": {"text": manual.summary},
        "fullDescription": {"text": manual.text[:1024]},
        "help": {"text": manual.text, "markdown": manual.text},
        "defaultConfiguration": {"level": manual.severity, "enabled": manual.enabled},
        "properties": {
            "tags": [manual.group] if manual.group else [],
            "precision": "very-high",
            "problem.severity": manual.severity,
        },
    }


def _result(diagnostic: Diagnostic, names: list[str]) -> dict[str, Any]:
    text = _message(diagnostic.message)
    result: dict[str, Any] = {
        "ruleId": diagnostic.rule,
        "ruleIndex": names.index(diagnostic.rule),
        "level": diagnostic.severity,
        "message": {"text": f"{text}\n{_message(diagnostic.help)}" if diagnostic.help else text},
        "locations": [{"physicalLocation": _location(diagnostic.path, diagnostic.span)}],
        "partialFingerprints": {"contentlint/v1": diagnostic.fingerprint},
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _location(related.path, related.span),
                "message": {"text": _message(related.message)},
            }
            for number, related in enumerate(diagnostic.related[:MOST_LOCATIONS])
        ]
    if diagnostic.fix:
        result["fixes"] = [_fix(diagnostic.path, diagnostic.fix)]
    return result


def _fix(path: str, fix: Fix) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": _region(edit.span), "insertedContent": {"text": scalar(edit.text)}} for edit in fix.edits
    ]
    return {
        "description": {"text": _message(fix.title)},
        "artifactChanges": [{"artifactLocation": _artifact(path), "replacements": replacements}],
    }


def _location(path: str, span: Span) -> dict[str, Any]:
    return {"artifactLocation": _artifact(path), "region": _region(span)}


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(path.encode("utf-8", "surrogatepass")), "uriBaseId": ROOT}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _message(text: str) -> str:
    """Plain text of a message: `[text](target)` would be a link there (SARIF 3.11.6)."""
    return re.sub(r"\[(?=[^\]]*\]\()", r"\\[", visible(text))
