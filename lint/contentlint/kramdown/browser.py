"""HTML as a browser reads it: pages that no Markdown converter touches, and what `{::nomarkdown}` passes on."""

from __future__ import annotations

import re

from contentlint.kramdown.attributes import Value
from contentlint.kramdown.excerpt import Excerpt
from contentlint.kramdown.found import Found
from contentlint.kramdown.html import NOTED, SHOWN_AS_TEXT
from contentlint.regex import regex

_MARKUP = regex(r"<(?:!--|([a-zA-Z][^\s/>]*+)|[/!?][^>]*+>?)")
_COMMENT_END = regex(r"(?<=<!--)-?>|--!?>")
_ATTRIBUTE = regex(
    r"""[\s/]*+(?:(>)|(=?[^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)(?:"|\Z)|'([^']*+)(?:'|\Z)|([^\s>"'][^\s>]*+))?)?)"""
)
_RAW_TEXT = SHOWN_AS_TEXT | {"script", "style"}
_REFERENCE = regex(r"&(?:#(?:\d+|[xX][0-9a-fA-F]+);?|([a-zA-Z][a-zA-Z0-9]*+);?)")


def read(excerpt: Excerpt, start: int, end: int, found: Found) -> None:
    """Note the tags and comments of excerpt.text[start:end]. What a script, a style or a textarea holds is text."""
    text = excerpt.text
    at = start
    while match := _MARKUP.search(text, at, end):
        at = match.end()
        if match[1]:
            at = _tag(excerpt, match.start(), at, end, match[1].lower(), found)
        elif match[0] == "<!--":
            closing = _COMMENT_END.search(text, at, end)
            at = closing.end() if closing else end
            found.comments.append(excerpt.span(match.start(), at))


def _tag(excerpt: Excerpt, start: int, at: int, end: int, name: str, found: Found) -> int:
    """Note a start tag's attributes; the offset after it, or after the element when its content is text."""
    text = excerpt.text
    attributes: dict[str, Value] = {}
    while True:
        match = _ATTRIBUTE.match(text, at, end)
        if not match or match.end() == at or at >= end:
            return end  # The text ends, or a value's quote never closes: no browser makes an element of it.
        at = match.end()
        if match[1]:
            break
        key = match[2].lower()
        if key in NOTED or key == "alt":
            group = match.lastindex or 2
            first, last = match.span(group) if group > 2 else (at, at)
            attributes.setdefault(key, Value(text[first:last], excerpt, first, last))
    found.element(name, attributes, excerpt.origin(start), resolve=resolved)
    if name in _RAW_TEXT:
        closing = re.compile(rf"</{re.escape(name)}[\s/>]", re.IGNORECASE).search(text, at, end)
        return closing.start() if closing else end
    return at


def resolved(value: str) -> str:
    """An attribute's value with its character references resolved (HTML, 13.2.5.72)."""
    return _REFERENCE.sub(_character, value) if "&" in value else value


def _character(match: re.Match[str]) -> str:
    from html import unescape  # only for the few attributes with a reference in them
    from html.entities import html5

    name = match[1]
    if not name:
        return unescape(match[0])
    if match[0].endswith(";") and (character := html5.get(name + ";")):
        return character
    if match.string[match.end() : match.end() + 1] == "=":
        return match[0]
    # Without a semicolon only the old names count, and in an attribute only when no letter or digit follows.
    return html5.get(name, "") + match[0][1 + len(name) :] if name in html5 else match[0]
