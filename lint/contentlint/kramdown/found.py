"""Gathers links and anchors in the order of the built page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from contentlint.kramdown.attributes import Value
from contentlint.kramdown.html import NOTED, resolved
from contentlint.kramdown.view import Anchor, Link, Scan, Undefined
from contentlint.regex import regex

_CANDIDATE = regex(r"[\s,]*+([^\s,]\S*+)")
_DESCRIPTOR = regex(r"(?:[^(,]|\([^)]*+\)?)*+")


class Found:
    """What a scan has found so far."""

    __slots__ = ("anchors", "comments", "links", "undefined")

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.anchors: list[Anchor] = []
        self.undefined: list[Undefined] = []
        self.comments: list[tuple[int, int]] = []

    def scan(self) -> Scan:
        """All of it."""
        return Scan(self.links, self.anchors, self.undefined, self.comments)

    def element(
        self, tag: str, attributes: Mapping[str, Value], use: int, resolve: Callable[[str], str] = resolved
    ) -> None:
        """Note the links and anchors among an element's attributes; `use` is where it begins in the original text.

        `resolve` reads a written value as the browser does.
        """
        for name, value in attributes.items():
            if name not in NOTED:
                continue
            start, end = value.excerpt.span(value.start, value.end) if value.excerpt else (use, use)
            text = resolve(value.text)
            if name == "id":
                if text.strip():
                    self.anchors.append(Anchor(text, start, end, "id"))
            elif name == "name":
                if tag == "a" and text:
                    self.anchors.append(Anchor(text, start, end, "name"))
            elif name == "srcset":
                self._candidates(tag, value, use, resolve)
            elif name != "data" or tag == "object":
                alt = attributes.get("alt") if tag == "img" else None
                self.links.append(Link(tag, name, text, start, end, use, resolve(alt.text) if alt else None))

    def _candidates(self, tag: str, value: Value, use: int, resolve: Callable[[str], str]) -> None:
        """The URLs of a srcset: a comma at a URL's end ends its candidate, else a descriptor up to a comma follows."""
        at = 0
        while match := _CANDIDATE.match(value.text, at):
            url = match[1]
            at = match.end()
            if url.endswith(","):
                url = url.rstrip(",")
            else:
                descriptor = _DESCRIPTOR.match(value.text, at)
                at = descriptor.end() if descriptor else at
            first = value.start + match.start(1)
            start, end = value.excerpt.span(first, first + len(url)) if value.excerpt else (use, use)
            self.links.append(Link(tag, "srcset", resolve(url), start, end, use))
