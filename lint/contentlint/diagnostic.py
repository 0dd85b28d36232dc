"""What is said about a site: places, diagnostics and the report that holds them.

Knows nothing of pages, rules or files; everything that prints or stores a result stands on these types alone.
"""

from __future__ import annotations

from bisect import bisect_right
from enum import StrEnum

from contentlint.record import NamedTuple, Record, field


class Span(NamedTuple):
    """A stretch of a file: 1-based lines, 1-based columns in code points, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Lines:
    """Turns code-point offsets of one text into lines and columns.

    A line ends at LF (a CR before it belongs to the end of the line), as editors, git and CI services count.
    """

    __slots__ = ("_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        starts = [0]
        at = text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = text.find("\n", at + 1)
        self._starts = starts

    def span(self, start: int, end: int) -> Span:
        """The place of text[start:end]; offsets past the end are those of the end."""
        start = min(start, len(self.text))
        end = max(start, min(end, len(self.text)))
        line = bisect_right(self._starts, start)
        end_line = bisect_right(self._starts, end)
        return Span(line, start - self._starts[line - 1] + 1, end_line, end - self._starts[end_line - 1] + 1)

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and a column, as `span` gives them."""
        return self._starts[line - 1] + column - 1

    def line(self, number: int) -> str:
        """The text of a 1-based line without its end."""
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[self._starts[number - 1] : end].removesuffix("\r")

    def lines(self, first: int, last: int, most: int) -> tuple[str, ...]:
        """The texts of lines without their ends; none when they have more than `most` characters together."""
        end = self._starts[last] if last < len(self._starts) else len(self.text)
        if end - self._starts[first - 1] > most + 2 * (last - first + 1):
            return ()
        shown = tuple(self.line(number) for number in range(first, last + 1))
        return shown if sum(map(len, shown)) <= most else ()


class Severity(StrEnum):
    """How bad a problem is; `--fail-on` decides from which on a run fails."""

    ERROR = "error"
    WARNING = "warning"


class Edit(Record, frozen=True):
    """Replace what stands at `span` by `text`; an empty span inserts."""

    span: Span
    text: str


class Fix(Record, frozen=True):
    """A way to mend a problem: edits of the problem's own file. A safe fix never makes a new problem."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool


class Related(Record, frozen=True):
    """Another place that has to do with a problem, and what it has to do with it."""

    path: str
    span: Span
    message: str


class Diagnostic(Record, frozen=True):
    """A problem as it is reported. `path` is POSIX and relative to the project; `value` is as written in the file."""

    path: str
    span: Span
    value: str
    rule: str
    severity: Severity
    message: str
    help: str = ""
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    source_lines: tuple[str, ...] = ()
    """The text of the lines `span` touches (at most the first few), as they stand in the file."""
    fingerprint: str = ""
    """Names this problem across edits that move lines: see `fingerprints`."""


class Fault(Record, frozen=True):
    """Why nothing can be linted: what is wrong in a config, a schema or a call, at its place when it has one."""

    path: str
    span: Span | None
    message: str
    help: str = ""


class UnusableError(Exception):
    """Bad usage, or a config, `_config.yml` or schema that cannot be used: nothing is linted, exit 2."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = faults


class Summary(Record, frozen=True):
    """What was looked at and what came of it."""

    pages: int = 0
    assets: int = 0
    references: int = 0
    unknown: int = 0
    errors: int = 0
    warnings: int = 0
    suppressed: int = 0
    baselined: int = 0
    """Problems that a baseline knows, and that are not reported again."""
    older: int = 0
    """Problems that were there before the change that is looked at."""


class Report(Record, frozen=True):
    """All problems of a run in their one order: path, place, rule, message."""

    diagnostics: tuple[Diagnostic, ...] = ()
    summary: Summary = field(default_factory=Summary)


def order(diagnostic: Diagnostic) -> tuple[str, Span, str, str]:
    """The key that a report is sorted by."""
    return diagnostic.path, diagnostic.span, diagnostic.rule, diagnostic.message


def fingerprints(identities: list[tuple[str, str, str]]) -> list[str]:
    """A fingerprint for each (rule, path, value), in order: the same three again count up, so that none is equal.

    No line takes part, so a fingerprint survives text that is moved or added above.
    """
    if not identities:
        return []
    import hashlib  # a clean site needs none

    seen: dict[tuple[str, str, str], int] = {}
    result = []
    for identity in identities:
        count = seen[identity] = seen.get(identity, 0) + 1
        digest = hashlib.sha256("\0".join((*identity, str(count))).encode("utf-8", "surrogatepass"))
        result.append(digest.hexdigest()[:32])
    return result
