"""What runs remember of each other: the record of the last run that was asked the same, and a new one in its place."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from typing import Any

from contentlint.cache import place, quick, record
from contentlint.cache.record import DamagedError, Record
from contentlint.diagnostic import Diagnostic, Edit, Fix, Related, Report, Severity, Span, Summary
from contentlint.record import as_dict

_WRITTEN_AFTER = 60
"""Seconds after which nobody is still writing a file."""
_MOST_RECORDS = 8
"""Each kind of question about a site (other flags, another folder to ask from) leaves a record: so many stay."""


class Memory:
    """The place of one project's records. Whatever is wrong with it is told through `warn`, and nothing is remembered."""

    def __init__(self, base: str, project: str, asked: str, warn: Callable[[str], None]) -> None:
        self._folder = place.folder(base, project)
        self._project = project
        self._asked = asked
        self._warn_user = warn
        self._has_warned = False

    def recall(self, jobs: int = 1) -> tuple[Record, list[int]] | None:
        """What the last run left that was asked the same, and the numbers of the paths that have changed since.

        None when it left nothing that can be trusted, or time alone has changed the site. `jobs` is how many processes may look, 0 as
        many as pay.
        """
        if quick.left is not None and quick.left[0] == self._asked and quick.left[1].stamps.root == self._project:
            _, latest, changed, differing = quick.left
            return latest, sorted((*changed, *_changed(latest, differing)))
        known = self._load()
        if known is None or known.is_due():
            return None
        return known, sorted(_changed(known, known.stamps.differing(jobs)))

    def _load(self) -> Record | None:
        try:
            if not os.path.lexists(self._folder):
                return None
            if not place.is_ours(self._folder):
                self._warn(f"the cache {self._folder} may be written by others, and is not used")
                return None
            return record.load(self._folder, self._project, self._asked)
        except DamagedError:
            self.distrust()
        except OSError as error:
            self._warn(f"the cache {self._folder} cannot be read: {error.strerror or error}")
        return None

    def distrust(self) -> None:
        """Tell that what was read is not as a run leaves it."""
        self._warn(f"a file of the cache {self._folder} is damaged, and is not used")

    def _warn(self, message: str) -> None:
        """Tell the user, once a run: what cannot be read can often not be written either."""
        if not self._has_warned:
            self._warn_user(message)
        self._has_warned = True

    def put(self, name: str, generation: str, data: bytes) -> bool:
        """Leave a table to go with a record that is to follow; False when that cannot be."""
        return self._written(lambda: place.replace(self.path(name, generation), data))

    def keep(self, kept: Record, generation: str = "") -> None:
        """Leave a record to the next run; with a generation, its tables take the place of those of earlier ones."""
        if self._written(lambda: record.save(self._folder, self._project, self._asked, kept)) and generation:
            self._written(lambda: self._tidy(generation))

    def _written(self, write: Callable[[], None]) -> bool:
        try:
            place.make(self._folder)
            if not place.is_ours(self._folder):
                return False
            write()
        except OSError as error:
            self._warn(f"the cache {self._folder} cannot be written: {error.strerror or error}")
            return False
        return True

    def path(self, name: str, generation: str) -> str:
        """Where a table lies that was kept with a record."""
        return os.path.join(self._folder, f"{place.name_of(self._asked)}-{generation}.{name}")

    def _tidy(self, generation: str) -> None:
        """Remove the tables of earlier generations, the oldest of many records, and what killed runs had begun to write."""
        mine = place.name_of(self._asked) + "-"
        ages = {}
        for name in os.listdir(self._folder):
            with suppress(FileNotFoundError):  # another run tidies, too
                ages[name] = os.lstat(os.path.join(self._folder, name)).st_mtime
        records = sorted((name for name in ages if name.isalnum()), key=ages.__getitem__)
        forgotten = set(records[:-_MOST_RECORDS])
        for name, age in ages.items():
            path = os.path.join(self._folder, name)
            is_old = name.startswith(mine) and not name.startswith(mine + generation)
            is_old = is_old or name.partition("-")[0] in forgotten
            if is_old or (name.endswith(".tmp") and age + _WRITTEN_AFTER < time.time()):
                # or reads it, and not every system removes what is open
                with suppress(FileNotFoundError, PermissionError):
                    os.unlink(path)


def remove(base: str, project: str) -> str | None:
    """Remove a project's cache; its folder, or None when there was none. Raises OSError."""
    folder = place.folder(base, project)
    if not os.path.lexists(folder):
        return None
    if os.path.islink(folder):
        os.unlink(folder)
        return folder
    import shutil

    shutil.rmtree(folder)
    return folder


def written(report: Report) -> bytes:
    """A report as JSON."""
    return json.dumps([list(_plain(report.summary)), [_plain(each) for each in report.diagnostics]]).encode("ascii")


def _plain(value: Any) -> Any:
    if isinstance(value, Diagnostic | Edit | Fix | Related | Summary):
        return list(map(_plain, as_dict(value).values()))
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def _changed(known: Record, differing: Iterable[Iterable[int]]) -> Iterator[int]:
    """The paths of a record that have changed, among those that may have."""
    return chain.from_iterable(map(known.stamps.changed, differing))


def remembered(data: bytes) -> Report:
    """The report that `written` wrote. Raises ValueError or TypeError for what it never would have written.

    A checksum tells what has decayed, not what somebody has made up: nothing of another type gets to a reporter.
    """
    summary, diagnostics = json.loads(data)
    _hold(int, *summary)
    return Report(tuple(map(_diagnostic, diagnostics)), Summary(*summary))


def _hold(kind: type, *values: Any) -> None:
    if any(type(value) is not kind for value in values):
        raise ValueError(f"a value is no {kind.__name__}")


def _span(value: list[Any]) -> Span:
    _hold(int, *value)
    return Span(*value)


def _diagnostic(value: list[Any]) -> Diagnostic:
    path, span, text, rule, severity, message, way_out, fix, related, lines, print_ = value
    _hold(str, path, text, rule, message, way_out, print_, *lines)
    return Diagnostic(
        path,
        _span(span),
        text,
        rule,
        Severity(severity),
        message,
        way_out,
        None if fix is None else _fix(*fix),
        tuple(_related(*each) for each in related),
        tuple(lines),
        print_,
    )


def _related(path: str, span: list[Any], message: str) -> Related:
    _hold(str, path, message)
    return Related(path, _span(span), message)


def _fix(title: str, edits: list[list[Any]], safe: bool) -> Fix:
    _hold(str, title, *(text for _, text in edits))
    _hold(bool, safe)
    return Fix(title, tuple(Edit(_span(span), text) for span, text in edits), safe)
