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

_MOST_COMMENTS = 100
"""Suppressions one below the other that may stand before the line that they cover."""


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
    line = text.rfind("\n", 0, start) + 1
    line_end = _line_end(text, end)
    alone = not text[line:start].strip() and not text[end:line_end].strip()
    if alone:
        before, after = text[:line].rstrip(), text[line_end:].lstrip("\r\n")
        safe = text[start] == "#" or not before or not _STRUCTURAL.match(after) or _is_heading(before)
        return (line, min(line_end + 1, len(text)), ""), safe
    if not text[end:line_end].strip() or text[end].isspace():
        start = line + len(text[line:start].rstrip())
    return (start, end, ""), True


def _is_heading(before: str) -> bool:
    return before.startswith("#", before.rfind("\n") + 1)


def _with_tags(text: str, start: int, end: int) -> tuple[int, int]:
    """Where a Liquid comment stands with its tags, when text[start:end] is what is between them."""
    opening = text.rfind("{%", 0, start)
    closing = _CLOSING.match(text, end)
    if opening < 0 or closing is None or _OPENING.fullmatch(text, opening, start) is None:
        return start, end
    return opening, closing.end()


def _covered(text: str, start: int, end: int) -> int:
    line_start = text.rfind("\n", 0, start) + 1
    if text[line_start:start].strip():
        return bisect_left(_line_ends(text), start) + 1
    line_end = _line_end(text, end)
    number = bisect_left(_line_ends(text), end) + 1
    if text[end:line_end].strip():
        return number
    comments = 0
    while line_end < len(text) and comments < _MOST_COMMENTS:
        line_start, line_end = line_end + 1, _line_end(text, line_end + 1)
        number += 1
        line = text[line_start:line_end]
        if line.strip():
            if not ("contentlint:" in line and _COMMENT_LINE.match(line)):
                break
            comments += 1
    return number


@lru_cache(maxsize=2)
def _line_ends(text: str) -> Sequence[int]:
    """Where the lines of a text end: many comments of one text ask for their line."""
    return [each.start() for each in re.finditer("\n", text)]


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end
