"""The shortest way to an answer: a `check` of a site that was clean, and of which nothing has changed.

It stands before everything else, argument parser included, and imports next to nothing: most runs of a commit hook end here.
"""

from __future__ import annotations

import os
import sys
from array import array
from collections.abc import Iterator, Sequence

from contentlint import project as projects
from contentlint.cache import place, record

left: tuple[str, record.Record, list[int], Iterator[array[int]]] | None = None
"""What was found out on the way to no answer: what was asked, the record, numbers of paths that have changed, and what yields those
that may have: processes look for them while this one imports what they will need."""

_TAKES_VALUE = {"--root": "root", "--config": "config", "--cache-dir": "cache_dir", "--color": "color"}


def answer(arguments: Sequence[str]) -> str | None:
    """What `check` says on stderr of a clean site that has not changed, without a line end; None when that is not known.

    Anything unusual, an unreadable cache included, is left to those who can speak of it.
    """
    global left  # noqa: PLW0603 - ten thousand files are not looked at twice by one process
    given = flags(arguments)
    if given is None:
        return None
    try:
        cwd = os.getcwd()
        base = place.base(given.get("cache_dir"), cwd)
        root = given.get("root")
        project = projects.find(cwd) if root is None else os.path.abspath(os.path.join(cwd, root))
        if base is None or not place.is_ours(folder := place.folder(base, project)):
            return None
        if projects.has(project, projects.BASELINE):  # what it knows may be gone
            return None
        asked = record.key(cwd, root, given.get("config"), (record.of_index(),) if "staged" in given else ())
        known = record.load(folder, project, asked, root="")
        if known is None or known.is_due():
            return None
        os.chdir(project)
        try:
            differing = known.stamps.differing(jobs=0)
            changed = next(filter(None, map(known.stamps.changed, differing)), [])
        finally:
            os.chdir(cwd)
        known.stamps.root = project
        if changed or not known.sentence:
            left = asked, known, changed, differing
            return None
        if known.stamps.is_stamped_anew:
            record.save(folder, project, asked, known)
    except (OSError, ValueError):
        return None
    return "" if "quiet" in given else known.sentence


def flags(arguments: Sequence[str]) -> dict[str, str] | None:
    """The flags of a plain `check`, by the names of their options; None for whatever else the arguments are."""
    if not arguments or arguments[0] != "check":
        return None
    given: dict[str, str] = {}
    rest = iter(arguments[1:])
    for argument in rest:
        name, equals, value = argument.partition("=")
        if argument in ("-q", "--quiet"):
            given["quiet"] = ""
        elif argument == "--staged":
            given["staged"] = ""
        elif name not in _TAKES_VALUE or _TAKES_VALUE[name] in given:
            return None
        else:
            value = value if equals else next(rest, "")
            if not value or value.startswith("-"):
                return None
            given[_TAKES_VALUE[name]] = value
    return given if given.get("color", "auto") in ("auto", "always", "never") else None


def say(sentence: str) -> None:
    """Say it on stderr; who does not listen is no error."""
    if sentence:
        try:
            sys.stderr.write(sentence + "\n")
            sys.stderr.flush()
        except (OSError, ValueError, AttributeError):
            from contentlint import terminal

            terminal.prepare()
            terminal.say([sentence], sys.stderr)
