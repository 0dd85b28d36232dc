"""Which pages of a site are of one kind: those whose paths differ in names only, and whose front matter has the same keys."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from contentlint.patterns import Pattern, compile_pattern
from contentlint.record import NamedTuple

ALIKE = 0.5
"""The least share of usual keys that two folders have in common (Jaccard) whose pages are of one kind."""

_OWN_STEMS = frozenset({"index", "readme"})
"""Files that speak for their folder: pages of another kind than those beside them."""
_DATED = ("_posts", "_drafts")
"""Below these folders only the file's name counts."""
_ANY = "{}"
"""A segment that stands for any folder."""
_DEEP = "**"
_SPECIAL = re.compile(r"[*?\[{}]|\\")

Shape = tuple[tuple[str, ...], str]
"""Folders and file of a path, each as written or a wildcard."""


class Kind(NamedTuple):
    """A pattern, and the paths (relative to the source) of the pages that it is meant for."""

    pattern: Pattern
    paths: tuple[str, ...]


def kinds(pages: Mapping[str, Iterable[str]]) -> list[Kind]:
    """The kinds of pages with these paths and keys, the narrower patterns first; every page is of one kind."""
    found: dict[Shape, list[str]] = {}
    deep = _deep(pages)
    for path in sorted(pages):
        found.setdefault(_shape(path, deep), []).append(path)
    longest = max((len(folders) for folders, _ in found), default=0)
    for position in reversed(range(longest)):
        found = _merged(found, position, lambda paths: _usual([pages[path] for path in paths]))
    named = [Kind(compile_pattern(_text(shape)), tuple(sorted(paths))) for shape, paths in found.items()]
    return sorted(named, key=lambda kind: (_width(kind.pattern.text), kind.pattern.text))


def literal(path: str) -> str:
    """The pattern that only this path fits; no pattern can say a backslash, and any character may stand for it."""
    return _SPECIAL.sub(lambda found: "?" if found[0] == "\\" else f"[{found[0]}]", path)


def speaks_for_folder(path: str) -> bool:
    """Whether a file is of another kind than those beside it, by its name."""
    return path.rpartition("/")[2].partition(".")[0].lower() in _OWN_STEMS


def _deep(paths: Iterable[str]) -> set[tuple[str, ...]]:
    """The folders of dated files that have folders in them."""
    deep = set()
    for path in paths:
        *folders, _ = path.split("/")
        for at, name in enumerate(folders[:-1]):
            if name in _DATED:
                deep.add(tuple(folders[: at + 1]))
    return deep


def _shape(path: str, deep: set[tuple[str, ...]]) -> Shape:
    *folders, name = path.split("/")
    stem, _, ending = name.rpartition(".")
    file = literal(name) if speaks_for_folder(path) or not stem else f"{{name}}.{literal(ending)}"
    for at, folder in enumerate(folders):
        if folder in _DATED:
            above = tuple(folders[: at + 1])
            return (*map(literal, above), _DEEP) if above in deep else tuple(map(literal, above)), file
    return tuple(map(literal, folders)), file


def _merged(
    found: Mapping[Shape, list[str]], position: int, usual: Callable[[Sequence[str]], frozenset[str]]
) -> dict[Shape, list[str]]:
    """The same with a wildcard for the folder at a position wherever several folders hold pages of one kind."""
    families: dict[Shape, list[Shape]] = {}
    result: dict[Shape, list[str]] = {}
    for shape in found:
        folders, file = shape
        if len(folders) <= position or folders[position] == _DEEP or folders[position].startswith("_"):
            result[shape] = found[shape]
        else:
            families.setdefault(((*folders[:position], _ANY, *folders[position + 1 :]), file), []).append(shape)
    for family, members in families.items():
        first = max(members, key=lambda shape: (len(found[shape]), shape))
        keys = usual(found[first])
        alike = [shape for shape in members if _alike(keys, usual(found[shape]))]
        if len(alike) > 1:
            result.setdefault(family, []).extend(path for shape in alike for path in found[shape])
        for shape in members:
            if len(alike) < 2 or shape not in alike:
                result[shape] = found[shape]
    return result


def _usual(pages: Sequence[Iterable[str]]) -> frozenset[str]:
    """The keys that at least half of the pages have."""
    counts = Counter(key for keys in pages for key in keys)
    return frozenset(key for key, count in counts.items() if 2 * count >= len(pages))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= ALIKE * len(one | other)


def _text(shape: Shape) -> str:
    folders, file = shape
    names = iter(("folder", "subfolder", *(f"subfolder{number}" for number in range(2, len(folders) + 1))))
    return "/".join([*(f"{{{next(names)}}}" if each == _ANY else each for each in folders), file])


def _width(text: str) -> int:
    """How many wildcards a pattern has: one that is part of another has fewer."""
    return text.count("{") + text.count(_DEEP)
