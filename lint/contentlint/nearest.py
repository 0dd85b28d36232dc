"""Which of many names is most likely the one that was meant."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from contentlint.regex import regex

LIKE_ENOUGH = 0.75
"""The least similarity (difflib's ratio) at which a name is offered: one wrong letter of four."""

_NUMBER = regex(r"\d+")
_AGAIN = regex(r"(.)\1+", re.DOTALL)

_ENDS = (9, 6, 3)
"""How many letters at their ends names are found by: the most that there are in common."""
_FEW = 100
"""Names that are looked through sooner than put in order by their ends."""
_SHARED = 16
"""Names that share a place in the index."""
_COMPARED = 400
"""At most so many names are compared letter by letter; a site may have a hundred thousand."""


class Names:
    """Names among which others are sought, put in order once: to look through all of them for each takes too long."""

    def __init__(self, folders: Mapping[str, Collection[str]]) -> None:
        """`folders` are the names by what leads to them, with its slash. Only those that are asked for are put in order."""
        self._folders = folders
        self._sorted: dict[str, list[str]] = {}
        self._ends: dict[tuple[str, int], dict[str, list[str]]] = {}
        """Of a folder, and for so many letters: the names that end with them."""

    @classmethod
    def of(cls, names: Iterable[str]) -> Names:
        """The same for names as they are."""
        folders: dict[str, dict[str, None]] = {}
        for name in names:
            folder, last = _parted(name)
            folders.setdefault(folder, {})[last] = None
        return cls(folders)

    def beside(self, name: str) -> Iterator[str]:
        """Those in a name's own folder that begin or end as it does, and perhaps others."""
        folder, last = _parted(name)
        begin, end = _halves(last)
        names = self._in_order(folder)
        at = bisect_left(names, begin)
        while at < len(names) and names[at].startswith(begin):
            yield folder + names[at]
            at += 1
        yield from map(folder.__add__, self._ending(folder, end))

    def like(self, name: str) -> Iterator[str]:
        """What `nearest` and `offered` compare a name with: those beside it, those of its name elsewhere, those in a folder of its name."""
        yield from self.beside(name)
        _, last = _parted(name)
        for number in {*self._places[hash(last) % len(self._places)]}:
            folder = self._numbered[number]
            if last in self._folders.get(folder, ()):
                yield folder + last
        stem, dot, _ = name.rpartition(".")
        if dot:
            yield from map(f"{stem}/".__add__, self._folders.get(f"{stem}/", ()))

    def _in_order(self, folder: str) -> list[str]:
        if folder not in self._sorted:
            self._sorted[folder] = sorted(self._folders.get(folder, ()))
        return self._sorted[folder]

    def _ending(self, folder: str, end: str) -> Sequence[str]:
        names = self._in_order(folder)
        length = next((each for each in _ENDS if each <= len(end)), 0)
        if not length or len(names) < _FEW:
            return [each for each in names if each.endswith(end)]
        if (folder, length) not in self._ends:
            ends = self._ends[folder, length] = {}
            for each in names:
                ends.setdefault(each[-length:], []).append(each)
        return self._ends[folder, length].get(end[-length:], ())

    @cached_property
    def _numbered(self) -> list[str]:
        """The folders."""
        return [*self._folders]

    @cached_property
    def _places(self) -> list[array[int]]:
        """By the hash of a name's last part: the numbers of the folders that may have it. The texts would take too much room."""
        listed = [self._folders.get(folder, ()) for folder in self._numbered]
        places = [array("I") for _ in range(1 + sum(map(len, listed)) // _SHARED)]
        for number, names in enumerate(listed):
            for each in names:
                places[hash(each) % len(places)].append(number)
        return places


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
    """The names that begin or end as a name does, those first that share most with it."""
    folder, last = _parted(name)
    begin, tail = _halves(last)
    head = folder + begin
    close = {each for each in names if each != name and (each.startswith(head) or each.endswith(tail))}
    return sorted(close, key=lambda each: (-_shared(name, each), each))[:_COMPARED]


def _likest(name: str, close: Iterable[str]) -> str:
    from difflib import SequenceMatcher  # a run that finds nothing compares nothing

    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(name)
    best, best_ratio = "", LIKE_ENOUGH
    for each in close:
        matcher.set_seq1(each)
        if matcher.real_quick_ratio() < best_ratio or matcher.quick_ratio() < best_ratio:
            continue
        ratio = matcher.ratio()
        if ratio > best_ratio or (ratio == best_ratio and (not best or each < best)):
            best, best_ratio = each, ratio
    return best


def _shared(name: str, other: str) -> int:
    """How many letters two names begin and end with alike."""
    return _alike(name, other) + _alike(name[::-1], other[::-1])


def _alike(name: str, other: str) -> int:
    pairs = enumerate(zip(name, other, strict=False))
    return next((at for at, (one, another) in pairs if one != another), min(len(name), len(other)))


def _parted(name: str) -> tuple[str, str]:
    """The folder that a name is in, with its slash, and the rest: its last part, with the slashes behind it."""
    at = name.rstrip("/").rfind("/") + 1
    return name[:at], name[at:]


def _halves(last: str) -> tuple[str, str]:
    """The first and the last half of the last part of a name; slashes at its end belong to that."""
    letters = len(last.rstrip("/"))
    middle = max(1, letters // 2)
    return last[:middle], last[letters - middle :]


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
    count = _few(rest, other_rest) if first else None
    return count if count is not None and count <= length // 4 else None


def _few(one: str, other: str) -> int | None:
    """How many letters have to be added, taken away or replaced (Levenshtein's distance); None if more than two.

    The two neither begin nor end alike. So whatever is done is done at their beginning and, if it is two things, at their end.
    """
    if len(one) <= 1 and len(other) <= 1:
        return 1
    first, last = one[1:], other[1:]
    for rest, other_rest in ((first, other), (one, last), (first, last)):
        if rest == other_rest[:-1] or rest[:-1] == other_rest or (rest and other_rest and rest[:-1] == other_rest[:-1]):
            return 2
    return None
