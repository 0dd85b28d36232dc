"""Which of many names is most likely the one that was meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

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
        both = [
            each for each in close if each.startswith(head[: len(head) // 2]) and each.endswith(tail[len(tail) // 2 :])
        ]
        close = both[:_COMPARED]
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(name)
    best, best_ratio = "", 0.0
    for each in close:
        matcher.set_seq1(each)
        least = max(LIKE_ENOUGH, best_ratio)
        if matcher.real_quick_ratio() >= least and (ratio := matcher.ratio()) >= least and ratio > best_ratio:
            best, best_ratio = each, ratio
    return best


def _halves(name: str) -> tuple[str, str]:
    """The first and the last half of a name; of a path, of its last part with the folder before it."""
    folder, slash, last = name.rstrip("/").rpartition("/")
    middle = max(1, len(last) // 2)
    end = name[len(name.rstrip("/")) :]
    return folder + slash + last[:middle], last[-middle:] + end
