"""Applies fixes: those that go together, as long as what they make of the site is judged to be better, and no byte beside them.

Nothing is written before the site as it would be has been judged once more: a fix that would make a new problem, or lose a
link, is left out. What judges is given from outside, as is what reads.
"""

from __future__ import annotations

import codecs
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from contentlint import writing
from contentlint.diagnostic import Diagnostic, Edit, Fault, Lines, Report, UnusableError, order
from contentlint.record import NamedTuple, replace
from contentlint.tree import below

ROUNDS = 100
"""Fixes that overlap wait for the next round; more rounds than this are no progress."""

_LOST = "lost-reference"
"""What is said in the place of a rule when a file has fewer references than before."""


class Judged(NamedTuple):
    """What is said of the site."""

    report: Report
    """What the user asked for; its fixes are those that may be applied."""
    problems: tuple[Diagnostic, ...]
    """All there are, by every rule that the config wants, in every file."""
    references: Mapping[str, int]
    """How many references each file has."""
    encoding: str
    """Of the site's texts."""


class Left(NamedTuple):
    """A problem whose fix was not applied, and why."""

    diagnostic: Diagnostic
    why: str
    unwritable: bool = False
    """The file itself is why, whatever the fix."""


class Mended(NamedTuple):
    """What fixing came to. Nothing is written yet."""

    report: Report
    """On the site as it is then; what was left is not offered again."""
    before: Mapping[str, bytes]
    """The content of each file that changes, as it was judged."""
    after: Mapping[str, bytes]
    fixed: tuple[Diagnostic, ...]
    left: tuple[Left, ...]


class ChangedError(Exception):
    """A file is no longer what was judged."""


class _Rejected(NamedTuple):
    """Why fixes are not applied: what would be worse; nothing when they cannot be made at all."""

    worse: tuple[Diagnostic, ...]
    why: str


# -- texts ------------------------------------------------------------------------------------------------------------


class _Content:
    """The text of a file, and the way back to its exact bytes."""

    def __init__(self, raw: bytes, encoding: str) -> None:
        """Raises ValueError when there is no sure way back."""
        self._mark = codecs.BOM_UTF8 if encoding == "utf-8" and raw.startswith(codecs.BOM_UTF8) else b""
        self._encoding = encoding
        self.lines = Lines(raw[len(self._mark) :].decode(encoding))
        if self.bytes(self.lines.text) != raw:
            raise ValueError("its bytes are not those that its text would be written with")

    def bytes(self, text: str) -> bytes:
        """The file with another text. Raises ValueError when the encoding does not have all of its characters."""
        return self._mark + text.encode(self._encoding)

    def edits(self, diagnostic: Diagnostic) -> list[tuple[int, int, str]]:
        """What the problem's fix does to the text. Raises ChangedError when this is not the text that was judged."""
        assert diagnostic.fix is not None, "only what has a fix is fixed"
        try:
            shown = tuple(
                self.lines.line(diagnostic.span.line + number) for number in range(len(diagnostic.source_lines))
            )
        except IndexError:
            raise ChangedError(diagnostic.path) from None
        if shown != diagnostic.source_lines:
            raise ChangedError(diagnostic.path)
        return [
            (self.lines.offset(*edit.span[:2]), self.lines.offset(*edit.span[2:]), edit.text)
            for edit in diagnostic.fix.edits
        ]


def _applied(text: str, edits: Sequence[tuple[int, int, str]]) -> str:
    pieces, at = [], 0
    for start, end, new in edits:
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]])


def _moved(offset: int, edits: Sequence[tuple[int, int, str]]) -> int:
    """Where what stood at an offset stands after the edits; what begins within one, at that one's begin.

    What a new line is put in front of stands behind it; other new text becomes the begin of what stood there.
    """
    shift = 0
    for start, end, new in edits:
        if offset < start or (offset == start and not (start == end and new.endswith("\n"))):
            break
        if offset < end:
            return start + shift
        shift += len(new) - (end - start)
    return offset + shift


# -- rounds -----------------------------------------------------------------------------------------------------------


def mend(
    judge: Callable[[Mapping[str, bytes]], Judged],
    read: Callable[[str], bytes],
    *,
    unsafe: bool = False,
    blocked: Callable[[str], str] = lambda _: "",
) -> Mended:
    """Apply fixes until there is none left to apply.

    `judge` is given the content of the files that have changed so far, by path; `read` gives the content that a file has
    before; `blocked` says why a file cannot be written. Raises UnusableError when a file is not what was judged, or the
    fixes never come to an end.
    """
    mender = _Mender(judge, read, unsafe, blocked)
    return mender.run()


class _Mender:
    def __init__(
        self,
        judge: Callable[[Mapping[str, bytes]], Judged],
        read: Callable[[str], bytes],
        unsafe: bool,
        blocked: Callable[[str], str],
    ) -> None:
        self._judge = judge
        self._read = read
        self._unsafe = unsafe
        self._blocked = blocked
        self._before: dict[str, bytes] = {}
        self._now: dict[str, bytes] = {}
        self._judged = judge({})
        self._fixed: list[Diagnostic] = []
        self._left: dict[tuple[object, ...], Left] = {}
        self._left_at: dict[tuple[object, ...], int] = {}
        """How many problems were fixed when each was left: once there are more, it may do."""

    def run(self) -> Mended:
        for _ in range(ROUNDS):
            batch = together([each for each in self._judged.report.diagnostics if self._is_wanted(each)])
            if not batch and not (batch := together(self._worth_another_try())):
                return self._mended()
            self._round(batch)
        last = batch[0][0]
        raise UnusableError(
            Fault(
                last.path,
                last.span,
                f"the fixes do not settle: after {ROUNDS} rounds {last.rule} has still one to apply here",
                "nothing was written; mend this place by hand",
            )
        )

    def _is_wanted(self, diagnostic: Diagnostic) -> bool:
        fix = diagnostic.fix
        return fix is not None and (fix.safe or self._unsafe) and _identity(diagnostic) not in self._left

    def _worth_another_try(self) -> list[Diagnostic]:
        for each, count in list(self._left_at.items()):
            if count < len(self._fixed):
                del self._left[each], self._left_at[each]
        return [each for each in self._judged.report.diagnostics if self._is_wanted(each)]

    def _mended(self) -> Mended:
        report = self._judged.report
        left = tuple(self._left.values())
        shown = tuple(_unfixable(each) if _identity(each) in self._left else each for each in report.diagnostics)
        changed = {path: content for path, content in self._now.items() if content != self._before[path]}
        before = {path: self._before[path] for path in changed}
        return Mended(Report(shown, report.summary), before, changed, tuple(self._fixed), left)

    def _round(self, batch: list[list[Diagnostic]]) -> None:
        """Apply as many of the fixes as make nothing worse. Each is a list: several problems may have one and the same."""
        contents: dict[str, _Content] = {}
        possible = []
        for group in batch:
            why = self._why_not(group[0], contents)
            if why:
                self._leave(group, why, unwritable=True)
            else:
                possible.append(group)
        accepted: list[list[Diagnostic]] = []
        todo = [possible] if possible else []
        result: tuple[Judged, dict[str, bytes]] | None = None
        while todo:
            part = todo.pop()
            outcome = self._attempt([*accepted, *part], contents)
            if not isinstance(outcome, _Rejected):
                accepted += part
                result = outcome
            elif len(part) == 1:
                self._leave(part[0], _told(outcome))
            else:
                blamed = _blamed(part, outcome.worse)
                for group, worse in blamed:
                    self._leave(group, _told(_Rejected((worse,), "")))
                rest = [group for group in part if all(group is not each for each, _ in blamed)]
                middle = len(rest) if blamed else len(rest) // 2
                todo += [half for half in (rest[middle:], rest[:middle]) if half]
        if result is not None:
            self._judged, now = result
            self._now |= now
            self._fixed += [each for group in accepted for each in group]

    def _why_not(self, diagnostic: Diagnostic, contents: dict[str, _Content]) -> str:
        """Why a file cannot be changed; empty when it can, and is then among the contents."""
        path = diagnostic.path
        if path in contents:
            return ""
        if path not in self._now:
            why = self._blocked(path)
            if why:
                return why
            try:
                self._now[path] = self._before[path] = self._read(path)
            except OSError as error:
                return f"it cannot be read: {error.strerror or error}"
        try:
            contents[path] = _Content(self._now[path], self._judged.encoding)
        except ValueError:
            return f"it is not wholly text in {self._judged.encoding.upper()}"
        return ""

    def _leave(self, group: list[Diagnostic], why: str, *, unwritable: bool = False) -> None:
        for each in group:
            self._left[_identity(each)] = Left(each, why, unwritable)
            if not unwritable:
                self._left_at[_identity(each)] = len(self._fixed)

    def _attempt(
        self, groups: list[list[Diagnostic]], contents: Mapping[str, _Content]
    ) -> tuple[Judged, dict[str, bytes]] | _Rejected:
        """The site with these fixes, and what is said of it; or why they are not to be applied."""
        edits: dict[str, list[tuple[int, int, str]]] = {}
        try:
            for group in groups:
                edits.setdefault(group[0].path, []).extend(contents[group[0].path].edits(group[0]))
        except ChangedError as changed:
            raise UnusableError(
                Fault(str(changed), None, "this file has changed meanwhile", "nothing was written; run it again")
            ) from None
        now = {}
        try:
            for path, changes in edits.items():
                changes.sort(key=lambda each: each[:2])
                now[path] = contents[path].bytes(_applied(contents[path].lines.text, changes))
        except UnicodeEncodeError:
            return _Rejected((), f"{self._judged.encoding.upper()} has no such characters")
        try:
            judged = self._judge(self._now | now)
        except UnusableError as error:
            return _Rejected((), str(error))
        after = {path: _Content(content, self._judged.encoding).lines for path, content in now.items()}
        worse = self._worse(judged, [each for group in groups for each in group], edits, contents, after)
        return _Rejected(worse, "") if worse else (judged, now)

    def _worse(
        self,
        judged: Judged,
        fixed: list[Diagnostic],
        edits: Mapping[str, list[tuple[int, int, str]]],
        before: Mapping[str, _Content],
        after: Mapping[str, Lines],
    ) -> tuple[Diagnostic, ...]:
        """Problems that were not there before, or should be gone, wherever they are."""

        def place(diagnostic: Diagnostic) -> tuple[str, str, int, int]:
            path, span = diagnostic.path, diagnostic.span
            if path not in edits:
                return path, diagnostic.rule, span.line, span.column
            at = _moved(before[path].lines.offset(span.line, span.column), edits[path])
            moved = after[path].span(at, at)
            return path, diagnostic.rule, moved.line, moved.column

        expected = Counter(map(place, self._judged.problems))
        expected.subtract(map(place, fixed))
        worse = []
        for each in judged.problems:
            key = each.path, each.rule, each.span.line, each.span.column
            expected[key] -= 1
            if expected[key] < 0:
                worse.append(each)
        for path, count in self._judged.references.items():
            if judged.references.get(path, 0) < count:
                near = next((each for each in fixed if each.path == path), fixed[0])
                worse.append(Diagnostic(path, near.span, near.value, _LOST, near.severity, "a reference would be lost"))
        return tuple(worse)


def together(diagnostics: Sequence[Diagnostic]) -> list[list[Diagnostic]]:
    """Those fixes that can be applied at once, in the order of their places: of two that overlap the first.

    Problems with one and the same fix are in one list.
    """
    chosen: list[list[Diagnostic]] = []
    ends: dict[str, tuple[int, int]] = {}
    for each in sorted(diagnostics, key=lambda each: (each.path, _edits(each)[0].span, order(each))):
        edits = _edits(each)
        if chosen and chosen[-1][0].path == each.path and _edits(chosen[-1][0]) == edits:
            chosen[-1].append(each)
            continue
        end = ends.get(each.path)
        if end is None or end < edits[0].span[:2]:
            chosen.append([each])
            ends[each.path] = edits[-1].span[2:]
    return chosen


def _edits(diagnostic: Diagnostic) -> tuple[Edit, ...]:
    return diagnostic.fix.edits if diagnostic.fix is not None else ()


def _identity(diagnostic: Diagnostic) -> tuple[object, ...]:
    """What stays the same of a problem and its fix while others move it."""
    return diagnostic.path, diagnostic.rule, diagnostic.value, tuple(edit.text for edit in _edits(diagnostic))


def _unfixable(diagnostic: Diagnostic) -> Diagnostic:
    return replace(diagnostic, fix=None)


def _blamed(part: list[list[Diagnostic]], worse: Sequence[Diagnostic]) -> list[tuple[list[Diagnostic], Diagnostic]]:
    """Fixes that one alone can have made something worse, with what: the only one of the address that is spoken of, or in its file."""
    blamed: list[tuple[list[Diagnostic], Diagnostic]] = []
    for problem in worse:
        said = problem.message
        suspects = [group for group in part if "/" in group[0].value and group[0].value in said]
        suspects = suspects or [group for group in part if _stem(group[0].path) in said]
        suspects = suspects or [group for group in part if group[0].path == problem.path]
        if len(suspects) == 1 and all(suspects[0] is not each for each, _ in blamed):
            blamed.append((suspects[0], problem))
    return blamed


def _stem(path: str) -> str:
    """What the address of a page and its path have alike, most of the time."""
    return "/" + path.rpartition(".")[0].removesuffix("index")


def _told(rejected: _Rejected) -> str:
    if not rejected.worse:
        return rejected.why
    first = rejected.worse[0]
    what = first.message if first.rule == _LOST else f"it would make a new problem, {first.rule}"
    return f"{what} at {first.path}:{first.span.line}"


# -- files ------------------------------------------------------------------------------------------------------------


def blocked(root: str, path: str) -> str:
    """Why a file below a folder cannot be replaced; empty when it can."""
    full = os.path.realpath(os.path.join(root, path))
    if below(full, os.path.realpath(root)) is None:
        return "it leads out of the project"
    try:
        status = os.stat(full)
    except OSError as error:
        return f"it cannot be read: {error.strerror or error}"
    if status.st_nlink > 1:
        return "it has several names (hard links), and would lose its content under the others"
    if not status.st_mode & stat.S_IWUSR or not os.access(full, os.W_OK):
        return "it is read-only"
    if not os.access(os.path.dirname(full), os.W_OK | os.X_OK):
        return "its folder is read-only"
    return ""


def write(root: str, mended: Mended) -> Iterator[str]:
    """Replace the files, each as a whole, and yield the path of each.

    Raises ChangedError when one has other content than was judged: before the first is written all are looked at, and each
    again when its turn comes. Raises OSError when one cannot be written; those before it are.
    """
    for path in mended.after:
        _unchanged(root, path, mended.before[path])
    for path, content in mended.after.items():
        _unchanged(root, path, mended.before[path])
        writing.replace(os.path.join(root, path), content)
        yield path


def _unchanged(root: str, path: str, judged: bytes) -> None:
    with open(os.path.join(root, path), "rb") as file:
        if file.read() != judged:
            raise ChangedError(path)


def diff(mended: Mended) -> Iterator[bytes]:
    """The changes as a unified diff that `git apply` and `patch -p1` take, lines with their ends, in the files' own bytes."""
    from difflib import diff_bytes, unified_diff

    for path in sorted(mended.after):
        name = os.fsencode(path)
        before, after = (content[path].split(b"\n") for content in (mended.before, mended.after))
        old, new = (
            [line + b"\n" for line in lines[:-1]] + [lines[-1]] * (lines[-1] != b"") for lines in (before, after)
        )
        for line in diff_bytes(unified_diff, old, new, b"a/" + name, b"b/" + name):
            yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"
