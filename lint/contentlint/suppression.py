"""Comments by which an author has decided to live with a fault: which rules they name, and which line they cover."""

from __future__ import annotations

import re

from contentlint.page import Suppression

_WORDS = re.compile(r"contentlint:\s*(ignore-file|ignore)\b(?:\[([^\]]*)\])?")
_NAME = re.compile(r"[^\s,]+")
_OPENING = re.compile(r"\{%-?\s*comment\b[^%]*%\}")
_CLOSING = re.compile(r"\{%-?\s*endcomment\b[^%]*%\}")
_COMMENT_LINE = re.compile(r"\s*(?:<!--.*-->|#.*|\{%-?\s*comment\s*-?%\}.*\{%-?\s*endcomment\s*-?%\})\s*\Z", re.DOTALL)


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
    opening = front >= 0 and text.count("\n", front, start) == 0 and line > 0
    return Suppression(names, start, end, line, opening)


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
        return text.count("\n", 0, start) + 1
    line_end = _line_end(text, end)
    number = text.count("\n", 0, end) + 1
    if text[end:line_end].strip():
        return number
    while line_end < len(text):
        line_start, line_end = line_end + 1, _line_end(text, line_end + 1)
        number += 1
        line = text[line_start:line_end]
        if line.strip() and not (_COMMENT_LINE.match(line) and "contentlint:" in line):
            break
    return number


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end
