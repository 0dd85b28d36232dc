"""Makes the node of a tag from its markup, as the constructors of Liquid's and Jekyll's tags read it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from contentlint.liquid.conditions import parse_condition
from contentlint.liquid.expressions import Expression, parse_expression, parse_filtered
from contentlint.liquid.jekyll import (
    Argument,
    Highlight,
    Include,
    Link,
    check_post_url,
    highlight_language,
    split_include,
)
from contentlint.liquid.loops import For, Tablerow
from contentlint.liquid.nodes import (
    Assign,
    Body,
    Capture,
    Case,
    Comment,
    Counter,
    Cycle,
    If,
    Ifchanged,
    Interrupt,
    Node,
)
from contentlint.liquid.syntax import ATTRIBUTE, FRAGMENT, Strict, SyntaxFault
from contentlint.record import NamedTuple
from contentlint.regex import regex

_NAME = r"(?:\(?[\w\-.\[\]]\)?)+"
_ASSIGN = regex(rf"({_NAME})\s*=\s*(.*)", re.DOTALL | re.ASCII)
_CAPTURE = regex(_NAME, re.ASCII)

# Compiled when a tag is met that needs them.
_WHEN = rf"({FRAGMENT})(?:(?:\s+or\s+|\s*,\s*)(?=({FRAGMENT})))?"
_FOR = rf"([\w-]+)\s+in\s+((?:{FRAGMENT})+)\s*(reversed)?"
_TABLEROW = rf"(\w+)\s+in\s+((?:{FRAGMENT})+)"
_NAMED_CYCLE = rf"({FRAGMENT})\s*:\s*(.*)"


class Tag(NamedTuple):
    """A tag at `start` to `end`: its name, and its markup, which stands at `at`.

    `argument` makes the argument of a tag that may hold Liquid of its own.
    """

    name: str
    markup: str
    at: int
    start: int
    end: int
    argument: Callable[[str, int], Argument]


def _assign(tag: Tag) -> Node:
    match = _ASSIGN.search(tag.markup)
    if match is None:
        raise SyntaxFault("Syntax Error in 'assign' - Valid syntax: assign [var] = [source]")
    filtered = parse_filtered(match[2], tag.at + match.start(2))
    return Assign(tag.start, tag.end, match[1], filtered)


def _capture(tag: Tag) -> Node:
    match = _CAPTURE.search(tag.markup)
    if match is None:
        raise SyntaxFault("Syntax Error in 'capture' - Valid syntax: capture [var]")
    return Capture(tag.start, tag.end, match[0])


def _comment(tag: Tag) -> Node:
    return Comment(tag.start, tag.end)


def _if(tag: Tag) -> Node:
    node = If(tag.start, tag.end, negated=tag.name == "unless")
    node.branches.append((parse_condition(tag.markup, tag.at), Body()))
    return node


def _case(tag: Tag) -> Node:
    match = re.search(FRAGMENT, tag.markup, re.ASCII)
    if match is None:
        raise SyntaxFault("Syntax Error in 'case' - Valid syntax: case [condition]")
    return Case(tag.start, tag.end, parse_expression(match[0], tag.at + match.start()))


def wanted(markup: str, at: int) -> list[Expression]:
    """The values of a `when`.

    Raises `SyntaxFault` when there is none.
    """
    values = []
    pattern = re.compile(_WHEN, re.DOTALL | re.ASCII)
    start = 0
    while start >= 0:
        match = pattern.search(markup, start)
        if match is None:
            raise SyntaxFault(
                "Syntax Error in tag 'case' - Valid when condition: {% when [condition] [or condition2...] %}"
            )
        values.append(parse_expression(match[1], at + match.start(1)))
        start = match.start(2)
    return values


def _for(tag: Tag) -> Node:
    try:
        return _strict_for(tag)
    except SyntaxFault:
        pass
    match = re.match(_FOR, tag.markup, re.ASCII)
    if match is None:
        raise SyntaxFault("Syntax Error in 'for loop' - Valid syntax: for [item] in [collection]")
    name, collection, is_reversed = match.groups()
    node = For(tag.start, tag.end, name, collection, parse_expression(collection, tag.at + match.start(2)))
    node.reversed = is_reversed is not None
    for attribute in ATTRIBUTE.finditer(tag.markup):
        _limit(node, attribute[1], attribute[2], tag.at + attribute.start(2))
    return node


def _strict_for(tag: Tag) -> For:
    parser = Strict(tag.markup, tag.at)
    name = parser.need("id")
    if not parser.word("in"):
        raise SyntaxFault("For loops require an 'in' clause")
    collection, at = parser.expression()
    node = For(tag.start, tag.end, name, collection, parse_expression(collection, at))
    node.reversed = parser.word("reversed") is not None
    while parser.look("id") and parser.look(":", 1):
        attribute = parser.word("limit", "offset")
        if attribute is None:
            raise SyntaxFault("Invalid attribute in for loop. Valid attributes are limit and offset")
        parser.need(":")
        _limit(node, attribute, *parser.expression())
    parser.need("end")
    return node


def _limit(node: For, attribute: str, markup: str, at: int) -> None:
    if attribute == "limit":
        node.limit = parse_expression(markup, at)
    elif attribute == "offset":
        node.proceeds = markup == "continue"
        node.offset = None if node.proceeds else parse_expression(markup, at)


def _tablerow(tag: Tag) -> Node:
    match = re.search(_TABLEROW, tag.markup, re.ASCII)
    if match is None:
        raise SyntaxFault("Syntax Error in 'table_row loop' - Valid syntax: table_row [item] in [collection] cols=3")
    node = Tablerow(tag.start, tag.end, match[1], match[2], parse_expression(match[2], tag.at + match.start(2)))
    for attribute in ATTRIBUTE.finditer(tag.markup):
        value = parse_expression(attribute[2], tag.at + attribute.start(2))
        if attribute[1] == "cols":
            node.columns = value
        elif attribute[1] == "limit":
            node.limit = value
        elif attribute[1] == "offset":
            node.offset = value
    return node


def _cycle(tag: Tag) -> Node:
    named = re.match(_NAMED_CYCLE, tag.markup, re.DOTALL | re.ASCII)
    if named is None and not re.match(FRAGMENT, tag.markup, re.ASCII):
        raise SyntaxFault("Syntax Error in 'cycle' - Valid syntax: cycle [name :] var [, var2, var3 ...]")
    markup, at = (named[2], tag.at + named.start(2)) if named else (tag.markup, tag.at)
    values = []
    for piece in markup.split(","):
        match = re.search(FRAGMENT, piece, re.ASCII)
        if match is not None:
            values.append(parse_expression(match[0], at + match.start()))
        at += len(piece) + 1
    group = parse_expression(named[1], tag.at) if named else None
    return Cycle(tag.start, tag.end, group, values)


def _counter(tag: Tag) -> Node:
    return Counter(tag.start, tag.end, tag.markup.strip(), 1 if tag.name == "increment" else -1)


def _interrupt(tag: Tag) -> Node:
    return Interrupt(tag.start, tag.end, tag.name)


def _ifchanged(tag: Tag) -> Node:
    return Ifchanged(tag.start, tag.end)


def _include(tag: Tag) -> Node:
    name, at, parameters = split_include(tag.markup, tag.at)
    return Include(tag.start, tag.end, tag.name, tag.argument(name, at), parameters)


def _link(tag: Tag) -> Node:
    argument = tag.markup.strip()
    if tag.name == "post_url":
        check_post_url(argument)
    return Link(tag.start, tag.end, tag.name, tag.argument(argument, tag.at))


def _highlight(tag: Tag) -> Node:
    return Highlight(tag.start, tag.end, highlight_language(tag.markup))


MAKERS: Final[dict[str, Callable[[Tag], Node]]] = {
    "assign": _assign,
    "break": _interrupt,
    "capture": _capture,
    "case": _case,
    "comment": _comment,
    "continue": _interrupt,
    "cycle": _cycle,
    "decrement": _counter,
    "for": _for,
    "highlight": _highlight,
    "if": _if,
    "ifchanged": _ifchanged,
    "include": _include,
    "include_cached": _include,
    "include_relative": _include,
    "increment": _counter,
    "link": _link,
    "post_url": _link,
    "tablerow": _tablerow,
    "unless": _if,
}
"""From a tag's name to what makes its node; raises `SyntaxFault` for markup that fails the build."""

BLOCKS: Final = frozenset({"capture", "case", "comment", "for", "highlight", "if", "ifchanged", "tablerow", "unless"})
"""The tags that have an end tag (`raw` is read by the parser itself)."""
