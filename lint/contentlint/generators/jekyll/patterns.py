"""Patterns of paths as Ruby and Jekyll match them: fnmatch, glob, and the filter of what is read (facts 1.4, 1.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from contentlint.regex import regex

if TYPE_CHECKING:
    from contentlint.tree import Tree

_MAGIC = regex(r"[*?\[\\]")


def fnmatch(pattern: str) -> str | None:
    """The regular expression of Ruby's `File.fnmatch?(pattern, path)` without flags; None for what matches nothing.

    `*` and `?` cross slashes, a backslash escapes, braces are ordinary, `[!a]` and `[^a]` negate.
    """
    result = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if character == "*":
            result.append(".*")
        elif character == "?":
            result.append(".")
        elif character == "\\":
            result.append(re.escape(pattern[at : at + 1]))
            at += 1
        elif character == "[":
            found = _bracket(pattern, at)
            if found is None:
                return None
            expression, at = found
            result.append(expression)
        else:
            result.append(re.escape(character))
    return "".join(result)


def _bracket(pattern: str, at: int) -> tuple[str, int] | None:
    """The class that opens before `at`, and where it ends; None when it never closes."""
    negated = pattern[at : at + 1] in ("!", "^")
    at += negated
    ranges = []
    while at < len(pattern) and pattern[at] != "]":
        at += pattern[at] == "\\"
        low = high = pattern[at : at + 1]
        at += 1
        if pattern[at : at + 1] == "-" and pattern[at + 1 : at + 2] not in ("]", ""):
            at += 1 + (pattern[at + 1] == "\\")
            high = pattern[at : at + 1]
            at += 1
        if low and low <= high:
            ranges.append(f"{re.escape(low)}-{re.escape(high)}")
    if at >= len(pattern):
        return None
    inside = "".join(ranges)
    if negated:
        return f"[^{inside}]" if inside else ".", at + 1
    return f"[{inside}]" if inside else r"(?!)", at + 1


class PathPatterns:
    """A list of patterns as `include` and `exclude` hold them: each matches as fnmatch or as a plain string prefix."""

    __slots__ = ("_folders", "_globs", "_prefixes")

    def __init__(self, patterns: list[str]) -> None:
        # Jekyll puts the source folder and a slash in front of both sides; a leading slash of a pattern melts into it
        bare = [
            pattern[1:] if pattern.startswith("/") and not pattern.startswith("//") else pattern for pattern in patterns
        ]
        self._prefixes = tuple(bare)
        self._folders = frozenset(pattern[:-1] for pattern in bare if pattern.endswith("/"))
        globs = [
            expression for pattern in bare if _MAGIC.search(pattern) and (expression := fnmatch(pattern)) is not None
        ]
        self._globs = re.compile("|".join(f"(?:{glob})" for glob in globs), re.DOTALL).fullmatch if globs else None

    def reaches(self, folder: str) -> bool:
        """Whether anything directly in a folder could match; the folder is "" or ends with a slash."""
        return self._globs is not None or any(
            prefix.startswith(folder) or folder.startswith(prefix) for prefix in self._prefixes
        )

    def match(self, path: str, *, folder: bool = False) -> bool:
        """Whether a path relative to the source is meant; `folder` when a folder stands there."""
        return (
            path.startswith(self._prefixes)
            or (self._globs is not None and self._globs(path) is not None)
            or (folder and path in self._folders)
        )


_SPECIAL = (".", "_", "#", "~")


class EntryFilter:
    """Which entries of a folder Jekyll looks at: not the hidden, not the excluded, but the included (facts 1.4, 1.5)."""

    def __init__(self, include: list[str], exclude: list[str], *, dotted: bool) -> None:
        """`dotted`: names that end with a dot are dropped, as 4.x does."""
        self._include = PathPatterns(include)
        self._exclude = PathPatterns([pattern for pattern in exclude if pattern not in include])
        self._dotted = dotted

    def includes(self, entry: str) -> bool:
        """Whether `include` names the entry as it is given or its base name."""
        return self._include.match(entry) or ("/" in entry and self._include.match(entry.rpartition("/")[2]))

    def passes(self, entry: str, base: str, *, folder: bool = False) -> bool:
        """Whether an entry of the folder `base` (relative to the source) is read.

        An entry may itself be a path, as those of `_posts` and of collections are: then only its first and its last
        part can hide it.
        """
        if self._dotted and entry.endswith("."):
            return False
        if self.includes(entry):
            return True
        if self._exclude.match(f"{base}/{entry}" if base else entry, folder=folder):
            return False
        return not (entry.startswith(_SPECIAL) or entry.endswith("~") or entry.rpartition("/")[2].startswith(_SPECIAL))

    def excludes_in(self, folder: str) -> bool:
        """Whether anything directly in a folder, "" or with its slash, could be excluded."""
        return self._exclude.reaches(folder)


def glob(tree: Tree, root: str, pattern: str) -> Iterator[str]:
    """The paths below `root` that Ruby's `Dir.glob` finds.

    Hidden names are found only by a pattern with a dot; `**/` goes through no link.
    """
    for alternative in _alternatives(pattern):
        yield from _descend(tree, root, "", [part for part in alternative.split("/") if part not in ("", ".")])


def _alternatives(pattern: str) -> list[str]:
    """A pattern with braces, as the patterns without that it stands for."""
    found = re.search(r"\{([^{}]*)\}", pattern)
    if found is None:
        return [pattern]
    before, after = pattern[: found.start()], pattern[found.end() :]
    return [each for choice in found[1].split(",") for each in _alternatives(before + choice + after)]


def _descend(tree: Tree, root: str, path: str, parts: list[str]) -> Iterator[str]:
    if not parts:
        yield path
        return
    part, rest = parts[0], parts[1:]
    folder = tree.folder("/".join(filter(None, (root, path))))
    inside = path + "/" if path else ""
    if part == "**" and rest:
        yield from _descend(tree, root, path, rest)
        for name, leads in folder.folders.items():
            if leads is None and not name.startswith("."):
                yield from _descend(tree, root, inside + name, parts)
        return
    expression = fnmatch(part)
    if expression is None:
        return
    matches = re.compile(expression, re.DOTALL).fullmatch
    hidden = part.startswith(".")
    for name in folder.folders:
        if matches(name) and (hidden or not name.startswith(".")):
            yield from _descend(tree, root, inside + name, rest)
    if not rest:
        for name in (*folder.files, *folder.broken):
            if matches(name) and (hidden or not name.startswith(".")):
                yield inside + name
