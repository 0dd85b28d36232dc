"""Comments of YAML that speak to contentlint."""

from __future__ import annotations

import re

from contentlint.frontmatter.composer import MAX_DEPTH
from contentlint.frontmatter.document import Place
from contentlint.frontmatter.parser import parser, yaml_error
from contentlint.regex import regex

_MARK = "contentlint:"
_HASH = regex(r"(?:(?<=[\s])|^)#", re.MULTILINE)


def comments(text: str, start: int = 0, end: int | None = None) -> list[Place]:
    """The places of the comments in the YAML `text[start:end]` that contain `contentlint:`, from `#` to the line's end.

    What stands in quotes or in a block scalar is no comment. Behind a mistake, every `#` after white space begins one.
    """
    end = len(text) if end is None else end
    if text.find(_MARK, start, end) < 0:
        return []
    scalars = _scalars(text, start, end)
    found = []
    at = start
    while (mark := text.find(_MARK, at, end)) >= 0:
        line = text.rfind("\n", start, mark) + 1 or start
        stop = text.find("\n", mark, end)
        stop = end if stop < 0 else stop
        for sign in _HASH.finditer(text, line, mark):
            if not any(first <= sign.start() < last for first, last in scalars):
                found.append((sign.start(), line + len(text[line:stop].rstrip())))
                at = stop
                break
        else:
            at = mark + len(_MARK)
    return found


def _scalars(text: str, start: int, end: int) -> list[Place]:
    """Where scalars stand, quotes and block headers included, as far as the text can be read."""
    start += text.startswith("\ufeff", start, end)
    places: list[Place] = []
    try:
        events = parser(text[start:end])
        try:
            depth = 0
            while depth <= MAX_DEPTH and (name := type(event := events.get_event()).__name__) != "DocumentEndEvent":
                if name == "ScalarEvent":
                    places.append((start + event.start_mark.index, start + event.end_mark.index))
                elif name == "StreamEndEvent":
                    break
                depth += name.endswith("StartEvent") - name.endswith("EndEvent")
        finally:
            events.dispose()
    except (yaml_error(), UnicodeEncodeError):
        pass
    return places
