"""Attribute lists: what stands within `{: ... }`."""

from __future__ import annotations

import re

from contentlint.kramdown.excerpt import Excerpt
from contentlint.kramdown.ids import UNKNOWN
from contentlint.record import NamedTuple
from contentlint.regex import regex

NAME = rf"[\w{UNKNOWN}][\w{UNKNOWN}-]*"
CLOSING_BRACE = regex(r"(?<!\\)\}")
_ID = rf"\#([A-Za-z{UNKNOWN}][\w{UNKNOWN}:-]*)"
_CLASS = r"\.([^\s.\#]+)"
# Hardly any page has attribute lists: these two are compiled when the first is read.
_ENTRY = rf"""(?:\A|\s)(?:({NAME})=("|')((?:\\\}}|\\\2|[^}}])*?)\2|({NAME})|((?:{_ID}|{_CLASS})+))(?=\s|\Z)"""
_ID_OR_CLASS = f"{_ID}|{_CLASS}"
_LONGEST_LIST = 10_000
"""A longer list is read no further: a quote without a partner makes every entry be searched for to the end."""


class Value(NamedTuple):
    """An attribute's value and where it is written; without an excerpt it stands nowhere in the page."""

    text: str
    excerpt: Excerpt | None
    start: int
    end: int


class Attributes:
    """The attributes of an element, or those that an attribute list is going to give one."""

    __slots__ = ("classes", "refs", "values")

    def __init__(self) -> None:
        self.refs: list[str] = []
        self.classes = ""
        self.values: dict[str, Value] = {}

    def read(self, excerpt: Excerpt, start: int, end: int) -> None:
        """Add what excerpt.text[start:end], the inside of an attribute list, says."""
        text = excerpt.text
        end = min(end, start + _LONGEST_LIST)
        if text[start:end].strip() in {"", ":"}:
            return
        # A copy, since `\A` must match at the list's own beginning.
        for match in re.finditer(_ENTRY, text[start:end], re.ASCII):
            key, quote, value, ref, marks = match.group(1, 2, 3, 4, 5)
            if ref:
                self.refs.append(ref)
            elif marks:
                for mark in re.finditer(_ID_OR_CLASS, marks, re.ASCII):
                    if mark[2]:
                        self.classes = f"{self.classes} {mark[2]}".lstrip()
                    else:
                        at = start + match.start(5) + mark.start(1)
                        self.values["id"] = Value(mark[1], excerpt, at, at + len(mark[1]))
            else:
                at = start + match.start(3)
                value = re.sub(rf"\\(\}}|{quote})", r"\1", value)
                if key == "class":
                    self.classes = f"{self.classes} {value}".lstrip()
                else:
                    self.values[key] = Value(value, excerpt, at, start + match.end(3))

    def take(self, other: Attributes, named: dict[str, Attributes], seen: set[str] | None = None) -> None:
        """Add what another list gives an element: first the named lists that it refers to, then its own."""
        if other.refs:
            seen = set() if seen is None else seen
            for ref in other.refs:
                if ref in named and ref not in seen:
                    seen.add(ref)
                    self.take(named[ref], named, seen)
        if other.classes:
            self.classes = f"{self.classes} {other.classes}".lstrip()
        self.values.update(other.values)
