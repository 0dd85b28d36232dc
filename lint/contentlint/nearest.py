"""Which of many names is most likely the one that was meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from heapq import nsmallest

LIKE_ENOUGH = 0.75
"""The least similarity (difflib's ratio) at which a name is offered: one wrong letter of four."""

_COMPARED = 400
"""At most so many names are compared letter by letter; a site may have a hundred thousand."""


def nearest(name: str, names: Iterable[str]) -> str:
    """The name most like `name`, or an empty string when none is like enough.

    A misspelt name keeps its first or its last half nearly always, so only names that share one are compared, and of
    paths only those whose last part is like it. Equal likeness is settled by the order of the names, to be stable.
    """
    head, tail = _halves(name)
    close = sorted({each for each in names if each != name and (each.startswith(head) or each.endswith(tail))})
    if len(close) > _COMPARED:
        close = nsmallest(_COMPARED, close, key=lambda each: (-_shared(name, each), each))
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(name)
    best, best_ratio = "", 0.0
    for each in close:
        matcher.set_seq1(each)
        least = max(LIKE_ENOUGH, best_ratio)
        if matcher.real_quick_ratio() >= least and (ratio := matcher.ratio()) >= least and ratio > best_ratio:
            best, best_ratio = each, ratio
    return best


def _shared(name: str, other: str) -> int:
    """How many letters two names begin and end with alike."""
    return _alike(name, other) + _alike(name[::-1], other[::-1])


def _alike(name: str, other: str) -> int:
    pairs = enumerate(zip(name, other, strict=False))
    return next((at for at, (one, another) in pairs if one != another), min(len(name), len(other)))


def _halves(name: str) -> tuple[str, str]:
    """The first and the last half of a name; of a path, of its last part with the folder before it."""
    folder, slash, last = name.rstrip("/").rpartition("/")
    middle = max(1, len(last) // 2)
    end = name[len(name.rstrip("/")) :]
    return folder + slash + last[:middle], last[-middle:] + end
