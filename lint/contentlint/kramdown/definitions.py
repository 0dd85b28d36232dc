"""Definitions of footnotes and links."""

from __future__ import annotations

import re

from contentlint.kramdown.attributes import NAME, Value
from contentlint.kramdown.cursor import DEEPEST, Cursor
from contentlint.kramdown.excerpt import Cutting
from contentlint.kramdown.node import OTHER, PARAGRAPH, Node
from contentlint.kramdown.page import Definition, label_id
from contentlint.regex import regex

_INDENT = regex(r"^(?:\t| {4})", re.MULTILINE)
_FOOTNOTE = regex(r" {0,3}\[\^(" + NAME + r")\]:(.*\n)", re.ASCII)
_LINK_DEFINITION = regex(r" {0,3}\[([^\n\]]+)\]:[ \t]*")
_TITLE_AFTER = regex(r"""(?:[ \t]*\n|[ \t]+)[ \t]*(["']).+\1[ \t]*\n""")
_NEXT_LINE_TITLE = regex(r"""[ \t]*(["']).+\1[ \t]*\n""")
_QUOTE_AFTER_SPACE = regex(r"""[ \t]+["']""")
_TRAILING_SPACE = regex(r"[ \t]*\n")


def footnote(cursor: Cursor, tree: Node, at: int) -> bool:
    """Read `[^name]: blocks`; whether it is one."""
    match = _FOOTNOTE.match(cursor.text, at)
    if not match:
        return False
    end = cursor.code_end(match.end())
    start = match.start(2)
    node = Node(OTHER, cursor.excerpt, *match.span(1), "li")
    if cursor.depth >= DEEPEST:
        node.children.append(Node(PARAGRAPH, cursor.excerpt, start, end, "p"))
    else:
        cutting = Cutting(cursor.excerpt)
        while start < end:
            line_end = cursor.text.find("\n", start) + 1
            line = _INDENT.sub("", cursor.text[start:line_end], count=1)
            cutting.add(line, line_end)
            start = line_end
        cursor.nested(cutting.excerpt(), node)
    cursor.page.footnotes[match[1]] = node
    cursor.end_of_block(tree, end, "definition")
    return True


def link(cursor: Cursor, tree: Node, at: int) -> bool:
    """Read `[label]: url "title"`; whether it is one. The whole rest of the line is the URL."""
    text = cursor.text
    match = _LINK_DEFINITION.match(text, at)
    if not match:
        return False
    start = match.end()
    url = _definition_url(cursor, start)
    if not url:
        return False
    first, last, end = url
    node = cursor.end_of_block(tree, end, "definition")
    cursor.page.definitions[label_id(match[1])] = Definition(Value(text[first:last], cursor.excerpt, first, last), node)
    return True


def _definition_url(cursor: Cursor, start: int) -> tuple[int, int, int] | None:
    """Of a definition's URL that begins at `start`: its bounds, and the offset after its title."""
    text = cursor.text
    line_end = text.find("\n", start)
    if text[start] == "<":
        closing = text.find(">", start, line_end)
        while closing >= 0:
            if title := _TITLE_AFTER.match(text, closing + 1):
                return start + 1, closing, title.end()
            if tail := _TRAILING_SPACE.match(text, closing + 1):
                return start + 1, closing, tail.end()
            closing = text.find(">", closing + 1, line_end)
    last = line_end
    while last > start and text[last - 1] in " \t\r\f\v":
        last -= 1
    if last == start:
        return None
    end = line_end + 1
    quote = text[last - 1]
    same_line = re.compile(rf"[ \t]+{quote}(?=.)").search(text, start + 1, last - 1) if quote in "\"'" else None
    if same_line and same_line.end() < last - 1:
        last = same_line.start()
    elif title := _NEXT_LINE_TITLE.match(text, end):
        end = title.end()
    # A quote that is left in the URL is a title gone wrong.
    return None if _QUOTE_AFTER_SPACE.search(text, start, last) else (start, last, end)
