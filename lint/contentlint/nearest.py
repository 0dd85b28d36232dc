"""Which of many names is most likely the one that was meant."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from contentlint.regex import regex

LIKE_ENOUGH = 0.75
"""The least similarity (difflib's ratio) at which a name is offered: one wrong letter of four."""

_NUMBER = regex(r"\d+")
_AGAIN = regex(r"(.)\1+", re.DOTALL)

_MOST_SLIPS = 2
_ENDS = (9, 6)
"""How many letters at their ends names are found by: the most that there are in common."""
_COMPARED = 400
"""At most so many names are compared letter by letter; a site may have a hundred thousand."""


class Names:
    """Names among which others are sought, put in order once: to look through all of them for each takes too long."""

    def __init__(self, folders: Mapping[str, Sequence[str]]) -> None:
        """`folders` are the names by what leads to them, with its slash."""
        self._folders = folders
        self._order = sorted(folders)
        self._first = [*accumulate((len(folders[each]) for each in self._order), initial=0)]
        """Of each folder the number of its first name; behind them how many names there are."""
        self._ends: dict[str, array[int]] = {}
        """The numbers of the names that end with so many letters."""
        number = 0
        for folder in self._order:
            for last in folders[folder]:
                for length in _ENDS:
                    end = last[-length:] if len(last) >= length else (folder + last)[-length:]
                    if (numbers := self._ends.get(end)) is None:
                        numbers = self._ends[end] = array("I")
                    numbers.append(number)
                number += 1

    @classmethod
    def of(cls, names: Iterable[str]) -> Names:
        """The same for names as they are."""
        folders: dict[str, list[str]] = {}
        for name in names:
            at = name.rfind("/") + 1
            folders.setdefault(name[:at], []).append(name[at:])
        return cls(folders)

    def like(self, name: str) -> Iterator[str]:
        """Those that begin or end as a name does, and perhaps others: what `nearest` and `offered` compare it with."""
        head, tail = _halves(name)
        at = bisect_left(self._order, head)
        while at < len(self._order) and self._order[at].startswith(head):
            yield from map(self._order[at].__add__, self._folders[self._order[at]])
            at += 1
        for above in ("", *(head[:at] for at in range(1, len(head)) if head[at - 1] == "/")):
            yield from (path for last in self._folders.get(above, ()) if (path := above + last).startswith(head))
        length = next((each for each in _ENDS if each <= len(tail)), 0)
        numbers: Iterable[int] = self._ends.get(tail[-length:], ()) if length else range(self._first[-1])
        for number in numbers:
            folder = bisect_right(self._first, number) - 1
            yield self._order[folder] + self._folders[self._order[folder]][number - self._first[folder]]


def nearest(name: str, names: Iterable[str]) -> str:
    """The name most like `name`, or an empty string when none is like enough.

    A misspelt name keeps its first or its last half nearly always, so only names that share one are compared, and of
    paths only those whose last part is like it. Equal likeness is settled by the order of the names, to be stable.
    """
    return _likest(name, _close(name, names))


def offered(name: str, names: Iterable[str]) -> tuple[str, bool]:
    """The name most like `name`, and whether no other can have been meant.

    Then the two differ by a slip of the hand, and no other name is as near; a short name with a slip may be less like than
    what `nearest` wants. Names with other numbers in them mean other things, however alike they look.
    """
    close = _close(name, names)
    slips = {each: count for each in close if (count := _slips(name, each)) is not None}
    least = min(slips.values(), default=0)
    winners = [each for each, count in slips.items() if count == least]
    best = _likest(name, close) or (winners[0] if len(winners) == 1 else "")
    return best, winners == [best]


def _close(name: str, names: Iterable[str]) -> list[str]:
    head, tail = _halves(name)
    close = sorted({each for each in names if each != name and (each.startswith(head) or each.endswith(tail))})
    if len(close) > _COMPARED:
        from heapq import nsmallest

        close = nsmallest(_COMPARED, close, key=lambda each: (-_shared(name, each), each))
    return close


def _likest(name: str, close: Sequence[str]) -> str:
    from difflib import SequenceMatcher  # a run that finds nothing compares nothing

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


def _slips(name: str, other: str) -> int | None:
    """How many slips of the hand lead from one name to another; None when they are two names.

    Paths may differ in one part. A slip is a letter too many, too few or another, two letters in the other's place, or one
    repeated however often; one in four letters is a slip, more than that, or than two, are another word, and so is another
    first letter, for hands hardly ever slip there.
    """
    parts, others = name.split("/"), other.split("/")
    differing = [pair for pair in zip(parts, others, strict=False) if pair[0] != pair[1]]
    if len(parts) != len(others) or len(differing) != 1:
        return None
    one, another = differing[0]
    if _NUMBER.findall(one) != _NUMBER.findall(another):
        return None
    stem, dot, _ = one.rpartition(".")
    length = len(stem) if dot else len(one)
    if length < len("abc"):
        return None
    one, another = one.casefold(), another.casefold()
    if one == another or _AGAIN.sub(r"\1", one) == _AGAIN.sub(r"\1", another):
        return 1
    first = _alike(one, another)
    rest, other_rest = one[first:], another[first:]
    last = _alike(rest[::-1], other_rest[::-1])
    rest, other_rest = rest[: len(rest) - last], other_rest[: len(other_rest) - last]
    if len(rest) == len("ab") and rest == other_rest[::-1]:
        return 1
    count = _distance(rest, other_rest)
    return count if first and count <= min(_MOST_SLIPS, length // 4) else None


def _distance(one: str, other: str) -> int:
    """Levenshtein's: how many letters have to be added, taken away or replaced."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        diagonal, row[0] = row[0], number
        for at, each in enumerate(other, 1):
            diagonal, row[at] = row[at], min(diagonal + (letter != each), row[at] + 1, row[at - 1] + 1)
    return row[-1]
