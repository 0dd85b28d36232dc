"""HTML as kramdown knows it: which tags it recognises, what it does with their content, and their attributes."""

from __future__ import annotations

import re

from contentlint.kramdown.attributes import Value
from contentlint.kramdown.excerpt import Excerpt
from contentlint.kramdown.ids import UNKNOWN
from contentlint.regex import regex

_NC = rf"(?u:[^\W\d]|{UNKNOWN})(?u:[-\w.{UNKNOWN}])*+"
NAME = rf"(?>(?:{_NC}:)?{_NC})"
"""A tag's or attribute's name (REXML's UNAME): letters of every script."""


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


BLOCK_CONTENT = _names(
    "address applet article aside blockquote body dd details div dl fieldset figure figcaption footer form "
    "header hgroup iframe li main map menu nav noscript object section summary td"
)
SPAN_CONTENT = _names(
    "a abbr acronym b bdo big button cite caption del dfn dt em h1 h2 h3 h4 h5 h6 i ins label legend optgroup p "
    "q rb rbc rp rt rtc ruby select small span strong sub sup th tt"
)
_RAW_CONTENT = _names("script style math option textarea pre code kbd samp var")
SPAN_ELEMENTS = _names(
    "a abbr acronym b big bdo br button cite code del dfn em i img input ins kbd label mark option q rb rbc rp "
    "rt rtc ruby samp select small span strong sub sup tt u var"
)
BLOCK_ELEMENTS = _names(
    "address article aside applet body blockquote caption col colgroup dd div dl dt fieldset figcaption footer "
    "form h1 h2 h3 h4 h5 h6 header hgroup hr html head iframe legend menu li main map nav ol optgroup p pre "
    "section summary table tbody td th thead tfoot tr ul"
)
VOID = _names("area base br col command embed hr img input keygen link meta param source track wbr")
KNOWN = SPAN_ELEMENTS | BLOCK_ELEMENTS | VOID | BLOCK_CONTENT | SPAN_CONTENT | _RAW_CONTENT
SHOWN_AS_TEXT = _names("textarea title iframe xmp noembed noframes")
"""Elements in which a browser reads tags as text, though kramdown passes them on."""

HEADINGS = _names("h1 h2 h3 h4 h5 h6")

RAW, BLOCK, SPAN, DEFAULT = "raw", "block", "span", "default"
MARKDOWN_ATTRIBUTE = {"0": RAW, "1": DEFAULT, "span": SPAN, "block": BLOCK}


def content_model(name: str) -> str:
    """How kramdown reads the content of an element when it is asked to: raw, block or span."""
    return BLOCK if name in BLOCK_CONTENT else SPAN if name in SPAN_CONTENT else RAW


_VALUE = rf"""(?u:[\w{UNKNOWN}])++|("|').*?\3"""
TAG = regex(rf"<({NAME})\s*((?>\s+{NAME}(?:\s*=\s*(?:{_VALUE}))?)*)\s*(/)?>", re.ASCII | re.DOTALL)
"""Groups: 1 the name, 2 the attributes, 4 the slash of a closed tag. An unquoted value is one word."""
END_TAG = regex(rf"</({NAME})\s*>", re.ASCII)
RAW_START = regex(rf"<(?:{NAME}|/|!--|\?)", re.ASCII)
_ATTRIBUTE = regex(rf"""\s*({NAME})(?:\s*=\s*(?:((?u:[\w{UNKNOWN}])++)|("|')(.*?)\3))?""", re.ASCII | re.DOTALL)
_SPAN_NAMES = "|".join(sorted(SPAN_ELEMENTS | {"script"}))
LAZY_START = rf"<(?!(?:{_SPAN_NAMES})\b){NAME}"
"""A start tag that ends a paragraph."""
LAZY_STOP = rf"</(?!(?:{_SPAN_NAMES})\b){NAME}\s*>"

TagAttributes = dict[str, Value]
NOTED = frozenset({"href", "src", "srcset", "poster", "data", "id", "name"})
"""The attributes that are links or anchors."""
_MATTERS = NOTED | {"alt", "markdown"}


def attributes(excerpt: Excerpt, start: int, end: int) -> TagAttributes:
    """Those attributes in excerpt.text[start:end] that matter; of equal names the last counts, as in kramdown."""
    found: TagAttributes = {}
    for match in _ATTRIBUTE.finditer(excerpt.text, start, end):
        name = match[1].lower()
        if name in _MATTERS:
            group = 2 if match[2] is not None else 4
            value = match[group]
            first, last = (match.end(), match.end()) if value is None else match.span(group)
            found[name] = Value(value or "", excerpt, first, last)
    return found


_REFERENCE = regex(r"&(?:#(?:\d+|x[0-9a-fA-F]+)|([\w:][\w.:-]*));", re.ASCII)


def resolved(value: str) -> str:
    """An attribute's value as a browser reads it after kramdown has escaped every `&` that begins no reference."""
    if "&" not in value:
        return value
    from html import unescape  # only for the few attributes with a reference in them
    from html.entities import html5

    return _REFERENCE.sub(lambda match: html5.get(match[1] + ";", match[0]) if match[1] else unescape(match[0]), value)
