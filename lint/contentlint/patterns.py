"""Globs with placeholders: `muscle/{region}/*.md` says which paths are meant, and what each placeholder stands for.

`*` is any text within one segment, `?` one character, `[a-z]` one of a class (`[!a-z]` one outside it), `**` any number of whole
segments, `{name}` a part of one segment that has at least one character. All else is taken literally, and the whole path
must fit. A placeholder takes as little as it can, the last wildcard of a segment the rest, so that
`{year}-{title}.md` reads `2024-on-the-hip.md` as people do; a name that stands twice must be equal both times.

Matching is linear in the path: once the shortest text that lets the next literal follow is found, taking more never helps,
so each step is atomic. Only a name that stands twice needs to try again, and how often is bounded when the pattern is compiled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NewType

from contentlint.record import Record
from contentlint.regex import regex

Glob = NewType("Glob", str)
"""A pattern as written. An option of a rule that is declared so is checked when the config is read."""

_PLACEHOLDER = regex(r"\{([^{}]*)\}|[{}]")
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_PART = regex(r"\*+|\?|\[([!^]?)(\]?[^]/]*)\]|\{([^{}/]*)\}|[{}]|[^*?\[{}]+|\[")

_TRIES = 3
"""How many wildcards may be tried anew for a name that stands twice: a path of 255 characters then costs a second at the very worst."""


class PatternError(ValueError):
    """A pattern that cannot be meant: the message, the offsets of the part at fault, and advice."""

    def __init__(self, message: str, start: int, end: int, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.advice = advice


class Pattern(Record, frozen=True):
    """A compiled pattern; `names` are its placeholders in the order they first stand."""

    text: str
    names: tuple[str, ...]
    _regex: re.Pattern[str]

    def match(self, path: str) -> dict[str, str] | None:
        """What each placeholder stands for in this path, or None when the path does not fit."""
        found = self._regex.fullmatch(path)
        return dict(zip(self.names, found.groups(), strict=True)) if found else None


@lru_cache(maxsize=1024)
def compile_pattern(text: str) -> Pattern:
    """Compile a pattern; raises PatternError when it cannot be meant."""
    segments: list[list[_Part]] = []
    at = 0
    names: dict[str, int] = {}
    repeated: set[str] = set()
    for written in text.split("/"):
        segment = _parts(written, at)
        for part in segment:
            if part.name in names:
                repeated.add(part.name)
            elif part.name:
                names[part.name] = len(names) + 1
        segments.append(segment)
        at += len(written) + 1
    return Pattern(text, tuple(names), re.compile(_regex(text, segments, names, repeated), re.DOTALL))


class _Part(Record, frozen=True):
    """A piece of a segment: a wildcard (`*`, `**`, a placeholder) or the regex of a text of fixed length."""

    start: int
    end: int
    regex: str = ""
    wild: str = ""
    name: str = ""


def _parts(written: str, at: int) -> list[_Part]:
    parts: list[_Part] = []
    for found in _PART.finditer(written):
        start, end = at + found.start(), at + found.end()
        piece = found[0]
        if piece[0] == "*":
            if len(piece) > 1 and piece != written:
                raise PatternError(
                    f"{piece} stands beside other text", start, end, "** crosses folders only between slashes: **/*.md"
                )
            part = _Part(start, end, wild="**" if len(piece) > 1 else "*")
        elif found[3] is not None:
            check_name(found[3], start, end)
            part = _Part(start, end, wild="{}", name=found[3])
        elif piece in "{}":
            raise stray_brace(piece, start)
        elif piece == "?":
            part = _Part(start, end, "[^/]")
        elif found[2] is not None and found[2]:
            part = _Part(start, end, _class(found[1], found[2], start, end))
        else:
            if "\\" in piece:
                slash = start + piece.index("\\")
                raise PatternError(
                    "a backslash stands in a pattern",
                    slash,
                    slash + 1,
                    "folders are parted by /, and [*] is a literal *",
                )
            part = _Part(start, end, re.escape(piece))
        if part.wild and parts and parts[-1].wild and (part.name or parts[-1].name):
            raise PatternError(
                "nothing says where one part ends and the next begins", parts[-1].start, end, "put a text between them"
            )
        parts.append(part)
    return parts


def _class(negated: str, members: str, start: int, end: int) -> str:
    safe = re.sub(r"([\\\[\]&~|^])", r"\\\1", members)
    try:
        regex = f"(?!/)[{'^' if negated else ''}{safe}]"
        re.compile(regex)
    except re.error as error:
        raise PatternError(
            f"{error.msg} in a class of characters", start, end, "a class is like [a-z], with - last for a literal one"
        ) from error
    return regex


def _regex(text: str, segments: list[list[_Part]], names: Mapping[str, int], repeated: set[str]) -> str:
    """One regex of the whole: runs of segments, each run but the first found behind any number of folders."""
    seen: set[str] = set()
    regex, run = "", ""
    floats = anew = False
    tries = 0
    for number, segment in enumerate(segments):
        last = number + 1 == len(segments)
        if segment and segment[0].wild == "**":
            if last:
                regex += run + ".*" if not floats else _behind_folders(run, atomic=not anew) + ".*"
            elif run or not floats:
                regex += _behind_folders(run, atomic=not anew) if floats else run
            floats, anew, run = True, False, ""
            continue
        first = {part.name for part in segment} & repeated - seen
        wilds = len(_wilds(segment, seen))
        again = wilds if first and wilds > 1 else 0  # a lone wildcard takes the whole segment and has no choice
        run += _segment(segment, names, seen, atomic=not again) + ("" if last else "/")
        anew = anew or bool(first)
        tries += again + (floats and bool(first))
        if last:
            regex += _behind_folders(run, atomic=False) if floats else run
    if tries > _TRIES:
        raise PatternError("a name that stands twice among so many wildcards", 0, len(text), "give each its own name")
    return regex


def _behind_folders(run: str, *, atomic: bool) -> str:
    """A run of segments, looked for from the first folder on."""
    return f"({'?>' if atomic else '?:'}(?:[^/]*/)*?{run})"


def _wilds(segment: list[_Part], seen: set[str]) -> list[int]:
    """Which parts of a segment are free: a name that has stood before is as good as literal."""
    known = set(seen)
    wilds = []
    for at, part in enumerate(segment):
        if part.wild and part.name not in known:
            wilds.append(at)
            known.update({part.name} - {""})
    return wilds


def _segment(parts: list[_Part], names: Mapping[str, int], seen: set[str], *, atomic: bool) -> str:
    """The regex of one segment: each wildcard as short as what follows allows, the last up to the segment's end."""
    wilds = _wilds(parts, seen)
    least = "+" if len(parts) == 1 else "*"
    group = "(?>" if atomic else "(?:"
    regex, opened = "", False
    for at, part in enumerate(parts):
        if not part.wild:
            regex += part.regex
        elif at not in wilds:
            regex += f"(?P=p{names[part.name]})"
        else:
            regex += ")" if opened else ""
            opened = at != wilds[-1]
            regex += group if opened else ""
            regex += f"(?P<p{names[part.name]}>[^/]+?)" if part.name else f"[^/]{least}?"
    seen.update(part.name for part in parts if part.name)
    return f"{group}{regex}(?=/|\\Z))" if wilds else regex


def placeholders(template: str) -> list[tuple[str, int, int]]:
    """(name, start, end) of each `{name}` in a text, the braces included; raises PatternError for a brace astray."""
    found = []
    for each in _PLACEHOLDER.finditer(template):
        if each[1] is None:
            raise stray_brace(each[0], each.start())
        check_name(each[1], each.start(), each.end())
        found.append((each[1], each.start(), each.end()))
    return found


def expand(template: str, values: Mapping[str, str]) -> str:
    """The text with each `{name}` replaced by its value; a name without a value raises KeyError."""
    return _PLACEHOLDER.sub(lambda found: values[found[1]], template)


def check_name(name: str, start: int, end: int) -> None:
    """Raise PatternError unless this can be a placeholder's name."""
    if not _NAME.match(name):
        advice = "write one pattern for each" if "," in name else "a name has letters, digits, _ and -: {region}"
        raise PatternError(
            f"{{{name}}} is no placeholder" if name else "a placeholder without a name", start, end, advice
        )


def stray_brace(brace: str, start: int) -> PatternError:
    """The error for a brace without its other."""
    message = "a { that is never closed" if brace == "{" else "a } that was never opened"
    return PatternError(message, start, start + 1, "a placeholder is written {region}")
