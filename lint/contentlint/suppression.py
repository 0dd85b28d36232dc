"""Comments by which an author has decided to live with a fault: which rules they name, and which line they cover."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from functools import lru_cache

from contentlint.page import Suppression
from contentlint.regex import regex

_WORDS = regex(r"contentlint:\s*(ignore-file|ignore)\b(?:\[([^\]]*)\])?")
_NAME = regex(r"[^\s,]+")
_OPENING = regex(r"\{%-?\s*comment\b[^%]*%\}")
_CLOSING = regex(r"\{%-?\s*endcomment\b[^%]*%\}")
_TRIMMING = regex(r"\{%-|-%\}")
_STRUCTURAL = regex(r"[ \t]|[*+\->:|~`=0-9]|\{:")
"""What a line begins with that is read by what stands before it in Markdown: an item, a quote, code, a row, attributes."""
_COMMENT_LINE = regex(r"\s*(?:<!--.*-->|#.*|\{%-?\s*comment\s*-?%\}.*\{%-?\s*endcomment\s*-?%\})\s*\Z", re.DOTALL)

_SPACE = regex(r"\s*+")


def read(text: str, start: int, end: int, *, front: int = -1) -> Suppression | None:
    """The suppression in the comment text[start:end]; None when it holds none. Of a Liquid comment the tags may be left out.

    Without brackets it means every rule. It covers its own line when that has other text, else the next line that has text
    and is no such comment itself. `front` is where a front matter's YAML begins: a comment on its first line covers the
    opening `---` too.
    """
    words = _WORDS.search(text, start, end)
    if words is None:
        return None
    names: tuple[tuple[str, int, int], ...] = ()
    if words[2] is not None:
        names = tuple(
            (name[0], name.start(), name.end()) for name in _NAME.finditer(text, words.start(2), words.end(2))
        )
        if not names:
            names = (("", words.start(), words.end()),)
    start, end = _with_tags(text, start, end)
    line = 0 if words[1] == "ignore-file" else _covered(text, start, end)
    opening = front >= 0 and text.find("\n", front, start) < 0 and line > 0
    return Suppression(names, start, end, line, opening)


def removal(text: str, suppression: Suppression, names: Collection[int]) -> tuple[tuple[int, int, str], bool]:
    """The edit that takes names out of a suppression, given by their numbers, or all of it when these are all.

    And whether everything else is read as before: a comment on a line of its own may part two lists.
    """
    if len(names) < len(suppression.names):
        kept = [text[start:end] for number, (_, start, end) in enumerate(suppression.names) if number not in names]
        first, last = suppression.names[0][1], suppression.names[-1][2]
        return (first, last, ", ".join(kept)), True
    start, end = suppression.start, suppression.end
    if text.startswith("{%", start):  # its line stays, empty, as the generator writes it now
        return (start, end, ""), not _TRIMMING.search(text, start, end)
    line, line_end = _line_of(text, start)[1], _line_of(text, end)[2]
    alone = _is_space(text, line, start) and _is_space(text, end, line_end)
    if alone:
        before = _without_space(text, line)
        after = line_end
        while text.startswith(("\r", "\n"), after):
            after += 1
        safe = text[start] == "#" or before == 0 or not _STRUCTURAL.match(text, after) or _is_heading(text, before)
        return (line, min(line_end + 1, len(text)), ""), safe
    if _is_space(text, end, line_end) or text[end].isspace():
        start = max(line, _without_space(text, start))
    return (start, end, ""), True


def _is_heading(text: str, end: int) -> bool:
    return text.startswith("#", _line_of(text, end)[1])


def _without_space(text: str, end: int) -> int:
    """Where text[:end] ends without the space behind it."""
    while end and text[end - 1].isspace():
        end -= 1
    return end


def _is_space(text: str, start: int, end: int) -> bool:
    return _SPACE.match(text, start, end).end() == end  # type: ignore[union-attr]  # it also matches nothing


def _with_tags(text: str, start: int, end: int) -> tuple[int, int]:
    """Where a Liquid comment stands with its tags, when text[start:end] is what is between them."""
    closing = _CLOSING.match(text, end)
    if closing is None or not text.startswith("%}", start - 2):  # else all in front would be searched for each comment
        return start, end
    opening = text.rfind("{%", 0, start)
    if opening < 0 or _OPENING.fullmatch(text, opening, start) is None:
        return start, end
    return opening, closing.end()


def _covered(text: str, start: int, end: int) -> int:
    number, line_start, _ = _line_of(text, start)
    if not _is_space(text, line_start, start):
        return number
    number, _, line_end = _line_of(text, end)
    return number if not _is_space(text, end, line_end) else _next(text, number)


def _next(text: str, number: int) -> int:
    """The next line with text that is no such comment itself; where there is none, the last."""
    known, ends = _next_lines(text), _line_ends(text)
    passed = []
    while number not in known:
        passed.append(number)
        if number > len(ends):
            known[number] = number
            break
        number += 1
        line = text[ends[number - 2] + 1 : ends[number - 1] if number <= len(ends) else len(text)]
        if line.strip() and not ("contentlint:" in line and _COMMENT_LINE.match(line)):
            break
    else:
        number = known[number]
    known.update(dict.fromkeys(passed, number))
    return number


@lru_cache(maxsize=2)
def _next_lines(text: str) -> dict[int, int]:  # noqa: ARG001  # one for each text
    """What `_next` has answered: comments one below the other all ask for the same line."""
    return {}


@lru_cache(maxsize=2)
def _line_ends(text: str) -> Sequence[int]:
    """Where the lines of a text end: many comments of one text ask for their line."""
    return [each.start() for each in re.finditer("\n", text)]


def _line_of(text: str, at: int) -> tuple[int, int, int]:
    """The number of the line that an offset lies in, and where it begins and ends."""
    ends = _line_ends(text)
    number = bisect_left(ends, at)
    return number + 1, ends[number - 1] + 1 if number else 0, ends[number] if number < len(ends) else len(text)
