"""Yesterday's problems, written down so that only new ones are reported.

A baseline is a JSON file that people review: by file, by rule, one line for each problem, its fingerprint and the value at
fault. The fingerprint decides, the value is there to be read. No line number is in it, so text that moves changes nothing.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

from contentlint.diagnostic import Diagnostic, Fault, Lines, Report, Severity, UnusableError
from contentlint.project import BASELINE as NAME
from contentlint.record import NamedTuple, replace
from contentlint.regex import regex
from contentlint.tree import contents, inside, real
from contentlint.writing import replace as replace_file

__all__ = ["NAME", "VERSION", "Entry", "Known", "dumps", "find", "left_out", "of", "read", "stale", "write"]

VERSION = 1

_CONFLICT = regex(r"^(?:<{7}|={7}|>{7}|\|{7})(?: .*)?$", re.MULTILINE)
_FINGERPRINT = regex(r"[0-9a-f]{32}")
_SHOWN = 100
"""How much of a value is worth reading in a diff, in characters."""
_LARGEST = 256 * 2**20
"""Bytes of a baseline that are read: a million problems."""
_NEVER = "internal-error"
"""A failure of the linter is nobody's debt."""
_ANEW = "contentlint baseline writes it anew"


class Entry(NamedTuple):
    """A problem that is known."""

    path: str
    rule: str
    fingerprint: str
    value: str
    """The value at fault, as far as it is shown."""


Known = Mapping[str, Entry]
"""Entries by their fingerprint."""


def of(diagnostics: Iterable[Diagnostic]) -> Known:
    """What there is to record of these problems."""
    return {
        each.fingerprint: Entry(_written(each.path), each.rule, each.fingerprint, _shown(_written(each.value)))
        for each in diagnostics
        if each.rule != _NEVER
    }


def left_out(report: Report, known: Known) -> Report:
    """The report without the problems that are known; its summary counts them."""
    new = tuple(each for each in report.diagnostics if each.fingerprint not in known)
    summary = replace(
        report.summary,
        errors=sum(each.severity is Severity.ERROR for each in new),
        warnings=sum(each.severity is Severity.WARNING for each in new),
        baselined=len(report.diagnostics) - len(new),
    )
    return replace(report, diagnostics=new, summary=summary)


def stale(report: Report, known: Known) -> list[Entry]:
    """The entries whose problem is gone from a report on the whole site."""
    there = {each.fingerprint for each in report.diagnostics}
    return [entry for fingerprint, entry in known.items() if fingerprint not in there]


def dumps(known: Known) -> str:
    """The file's text; the same problems give the same text, in whatever order they were found."""
    problems: dict[str, dict[str, dict[str, str]]] = {}
    for entry in sorted(known.values(), key=lambda each: (each.path, each.rule, each.value, each.fingerprint)):
        problems.setdefault(entry.path, {}).setdefault(entry.rule, {})[entry.fingerprint] = entry.value
    return json.dumps({"version": VERSION, "problems": problems}, indent=2, ensure_ascii=False) + "\n"


def read(path: str, name: str) -> Known:
    """The entries of the baseline at `path`, which the user knows as `name`.

    Raises UnusableError, with the place, when it is not there or cannot be read, is damaged or has a merge conflict, or
    when another version wrote it.
    """
    try:
        data = contents(path, _LARGEST)
    except FileNotFoundError as error:
        raise UnusableError(
            Fault(name, None, f"there is no baseline {name}", "contentlint baseline records one")
        ) from error
    except OSError as error:
        raise UnusableError(Fault(name, None, f"the baseline cannot be read: {error.strerror}")) from error
    from contentlint.schema.json_text import parse  # a site without a baseline does without

    conflict = _CONFLICT.search(data.decode("utf-8", "replace"))
    if conflict is not None:
        lines = Lines(conflict.string)
        advice = f"keep one of the two sides, or both; {_ANEW}"
        raise UnusableError(
            Fault(name, lines.span(*conflict.span()), "a merge conflict is left in the baseline", advice)
        )
    faults: list[Fault] = []
    content, text = parse(name, data, faults)
    if faults:
        raise UnusableError(*(replace(each, help=_ANEW) for each in faults))
    return _Content(name, text).known(content)


def write(path: str, name: str, known: Known) -> None:
    """Put the baseline in its place, atomically. Raises UnusableError when that cannot be, and then nothing has changed."""
    try:
        replace_file(path, dumps(known).encode())
    except OSError as error:
        raise UnusableError(Fault(name, None, f"cannot write the baseline: {error.strerror}")) from error


def find(project: str, cwd: str, named: str | None) -> tuple[str, str]:
    """(path, name for people) of the baseline: the one that is named, relative to `cwd`, else the project's own.

    Raises UnusableError when that is a link out of the project, beyond which nothing is read or written that nobody named.
    """
    if named is not None:
        return os.path.join(cwd, named), named
    path = os.path.join(project, NAME)
    if not inside(real(path), real(project)):
        raise UnusableError(Fault(NAME, None, f"{NAME} leads out of the project", "name it: --baseline FILE"))
    return path, NAME


class _Content(NamedTuple):
    """What a baseline holds, taken from its JSON with every doubt a fault at its place."""

    name: str
    text: str

    def known(self, content: Any) -> Known:
        top = self._mapping(content, ())
        version = top.get("version")
        if version != VERSION or isinstance(version, bool):
            said = json.dumps(version) if "version" in top else "none"
            raise self._fault(
                ("version",), f"this baseline has version {said}, and {VERSION} is understood here", _ANEW
            )
        known: dict[str, Entry] = {}
        for path, rules in self._mapping(top.get("problems"), ("problems",)).items():
            for rule, values in self._mapping(rules, ("problems", path)).items():
                for fingerprint, value in self._mapping(values, ("problems", path, rule)).items():
                    if not _FINGERPRINT.fullmatch(fingerprint) or not isinstance(value, str):
                        where = ("problems", path, rule, fingerprint)
                        raise self._fault(where, "this is no problem's fingerprint with its value", _ANEW)
                    known[fingerprint] = Entry(path, rule, fingerprint, value)
        return known

    def _mapping(self, content: Any, where: tuple[str, ...]) -> dict[str, Any]:
        if not isinstance(content, dict):
            named = f"{where[-1]} is" if where else "it is"
            raise self._fault(where, f"this is no baseline: {named} no mapping", _ANEW)
        return content

    def _fault(self, where: tuple[str, ...], message: str, advice: str) -> UnusableError:
        from contentlint.schema.json_text import place

        return UnusableError(Fault(self.name, place(self.text, where), message, advice))


def _written(text: str) -> str:
    """A text as a file can hold it: names that are no UTF-8 have a `?` for each byte that is none."""
    return text.encode("utf-8", "replace").decode()


def _shown(value: str) -> str:
    """A value in one line that is not too long."""
    line = " ".join(value.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
