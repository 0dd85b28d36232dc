"""What one page's blocks and spans share: options, link definitions, footnotes, named attribute lists."""

from __future__ import annotations

import re
from typing import Any

from contentlint.kramdown.attributes import Attributes, Value
from contentlint.kramdown.html import SHOWN_AS_TEXT
from contentlint.kramdown.ids import lower
from contentlint.kramdown.node import Node
from contentlint.kramdown.view import Options
from contentlint.record import NamedTuple
from contentlint.regex import regex

_SPACES = regex(r"\s+", re.ASCII)
_BOOLEANS = frozenset(
    {
        "auto_ids",
        "auto_id_stripping",
        "transliterated_header_ids",
        "parse_block_html",
        "parse_span_html",
        "html_to_native",
    }
)
_STRINGS = frozenset({"auto_id_prefix", "footnote_prefix", "footnote_backlink"})
_LEVEL_RANGE = regex(r"^([0-9])\.\.([0-9])$", re.MULTILINE)
_LEVEL_LIST = regex(r"^[0-9](?:,[0-9])*$", re.MULTILINE)
_HIDING = SHOWN_AS_TEXT | {"script", "style"}
_HIDING_IN_MARKDOWN = _HIDING | {"pre", "code"}


class Definition(NamedTuple):
    """What `[label]: url` says; the node is the one that an attribute list after it is kept on."""

    url: Value
    node: Node | None


class Page:
    """The state of one scan."""

    __slots__ = ("budget", "definitions", "footnotes", "hiding", "missing", "named", "options", "typographic")

    def __init__(self, options: Options, length: int) -> None:
        self.budget = length // 2 + 20_000
        """Steps that the span parser may take: far more than any page needs that a person wrote."""
        self.missing: dict[tuple[int, int], str] = {}
        """Labels of reference links that nothing defines, by their bounds in the original text."""
        self.hiding = _HIDING_IN_MARKDOWN if options.html_to_native else _HIDING
        """Elements whose tags do not show."""
        self.typographic = not options.gfm or "no_auto_typographic" not in options.gfm_quirks
        self.options = options
        self.definitions: dict[str, Definition] = {
            label_id(label): Definition(Value(url, None, 0, 0), None) for label, url in options.link_defs
        }
        self.footnotes: dict[str, Node] = {}
        """Their contents; a node's bounds are those of the name in the definition."""
        self.named: dict[str, Attributes] = {}

    def set_options(self, given: dict[str, Value]) -> None:
        """`{::options key="value" /}`: an invalid value leaves the option as it is."""
        changed: dict[str, Any] = {}
        for key, value in given.items():
            text = value.text
            if key in _BOOLEANS:
                changed[key] = text.lower().strip() != "false" and text != ""
            elif key in _STRINGS:
                changed[key] = text
            elif key == "toc_levels" and (levels := _toc_levels(text)) is not None:
                changed[key] = levels
        self.options = self.options._replace(**changed)


def label_id(label: str) -> str:
    """What a link's label and its definition's are compared by."""
    return lower(_SPACES.sub(" ", label))


def _toc_levels(text: str) -> tuple[int, ...] | None:
    if match := _LEVEL_RANGE.search(text):
        levels = tuple(range(int(match[1]), int(match[2]) + 1))
    elif _LEVEL_LIST.search(text):
        levels = tuple(int(level) for level in text.split(",") if level.strip().isdigit())
    else:
        return None
    return levels if all(1 <= level <= 6 for level in levels) else None
