"""What begins with `{:` on a line of its own: attribute lists, named ones, and extensions."""

from __future__ import annotations

import re

from contentlint.kramdown.attributes import NAME, Attributes
from contentlint.kramdown.cursor import END_OF_LINE, Cursor
from contentlint.kramdown.inline import extension_body
from contentlint.kramdown.node import BLANK, EOB, Node
from contentlint.regex import regex

_NAMED_LIST = regex(r" {0,3}\{:(" + NAME + "):", re.ASCII)
_EXTENSION = regex(r" {0,3}\{::(\w+)(?=[\s/}])", re.ASCII)
_EXTENSIONS = {
    name: re.compile(rf"^ {{0,3}}\{{:/(?:{name})?\}} *\n", re.MULTILINE)
    for name in ("comment", "nomarkdown", "options")
}
"""The extensions there are, and what ends the body of each."""


def read(cursor: Cursor, tree: Node, at: int) -> bool:
    """Read what the `{:` at `at` begins; False when it is text."""
    if named := _NAMED_LIST.match(cursor.text, at):
        inside = cursor.braces(named.end())
        if inside:
            cursor.page.named.setdefault(named[1], Attributes()).read(cursor.excerpt, inside[0], inside[1])
            cursor.end_of_block(tree, inside[2], "list")
            return True
    if extension := _EXTENSION.match(cursor.text, at):
        return _extension_block(cursor, tree, extension)
    inside = cursor.attribute_list(at)
    if not inside:
        return False
    last = tree.children[-1] if tree.children else None
    cursor.at = inside[2]
    if last and last.kind != BLANK and (last.kind != EOB or last.value == "definition"):
        if last.ial is None:
            last.ial = Attributes()
        last.ial.read(cursor.excerpt, inside[0], inside[1])
        if cursor.attribute_list(cursor.at) is None:
            cursor.end_of_block(tree, cursor.at, "list")
    else:
        if cursor.ial is None:
            cursor.ial = Attributes()
        cursor.ial.read(cursor.excerpt, inside[0], inside[1])
    return True


def _extension_block(cursor: Cursor, tree: Node, opening: re.Match[str]) -> bool:
    """`{::name list}` on a line of its own, up to `{:/name}` or `{:/}`; `{::name list /}` has no body."""
    text = cursor.text
    name = opening[1]
    start = opening.end()
    brace = cursor.closing_brace(start)
    tail = END_OF_LINE.match(text, brace + 1) if brace >= 0 else None
    if name not in _EXTENSIONS or not tail:
        return False
    alone = text[brace - 1] == "/"
    if text[start] == "/" and brace > start + 1:
        return False
    given = Attributes()
    given.read(cursor.excerpt, start, brace - alone)
    body_start = body_end = end = tail.end()
    if not alone:
        closing = cursor.search(_EXTENSIONS[name], end)
        if not closing:
            return False
        body_end, end = closing.span()
    cursor.at = end
    if name == "options":
        cursor.page.set_options(given.values)
        tree.children.append(cursor.new(EOB, opening.start(), end, "extension"))
    elif not alone:
        tree.children.append(extension_body(cursor.excerpt, name, given, body_start, body_end))
    return True
