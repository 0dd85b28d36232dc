"""Lists and definition lists: which lines belong to which item, and which paragraphs show without a tag."""

from __future__ import annotations

import re
from functools import lru_cache

from contentlint.kramdown.attributes import NAME, Attributes
from contentlint.kramdown.cursor import DEEPEST, EMPTY_LINES, END_MARKER, RULE, Cursor, lazy_html
from contentlint.kramdown.excerpt import Cutting
from contentlint.kramdown.node import (
    BLANK,
    BLANK_LINE,
    BLANK_LINES,
    DEFINITION,
    DEFINITION_LIST,
    EOB,
    ITEM,
    LIST,
    PARAGRAPH,
    TERM,
    Node,
)
from contentlint.regex import regex

START = regex(r" {0,3}(?:[+*-]|[0-9]+\.)[\t| ]")
_UNORDERED = [re.compile(rf"( {{0,{n}}}[+*-])[\t| ].*\n") for n in range(4)]
_ORDERED = [re.compile(rf"( {{0,{n}}}[0-9]+\.)[\t| ].*\n") for n in range(4)]
DEFINITIONS = [re.compile(rf"( {{0,{n}}}:)[\t| ].*\n") for n in range(4)]
_ONE_LINE_ITEM = regex(
    r"(?![ \t\r\f\v\n>#:<$\\{^|]|[+-]|\*[ \t*|\[]|_[ \t_]|[0-9]+\.[\t| ]|[~`]{3}|\[[^\n\]]*\]:)[^|\n]+\n"
)
"""A list item's line that can only be a paragraph."""
_MARKERS = frozenset("+*-0123456789")
_WHITE = frozenset(" \t\n\r\f\v")
_NO_TEXT = regex(r"\s*(?:\{:(?!(?:" + NAME + r")?:|/)(?:\\\}|[^}])+\})?\s*\Z", re.ASCII)
_ITEM_ATTRIBUTES = regex(r"\s*\{:(?!(?:" + NAME + r")?:|/)((?:\\\}|[^}\n])+)\}\s*", re.ASCII)


def read(cursor: Cursor, tree: Node, at: int) -> None:
    """Read the list whose first item's marker is at `at`."""
    text = cursor.text
    starts = _UNORDERED if _UNORDERED[3].match(text, at) else _ORDERED
    start_pattern = starts[3]
    node = cursor.new(LIST, at, at, "ul" if starts is _UNORDERED else "ol")
    items: list[tuple[Node, list[list[tuple[str, int]]]]] = []
    parts: list[list[tuple[str, int]]] = []
    content_pattern = _content_line(1)
    indentation = 0
    nested = after_blank = closed = False
    while at < cursor.end:
        if after_blank and RULE.match(text, at):
            break
        if text[at] == "^" and (eob := END_MARKER.match(text, at)):
            at = eob.end()
            closed = True
            break
        if start := start_pattern.match(text, at):
            item, indentation, first = _first_line(cursor, ITEM, start)
            at = start.end()
            start_pattern = starts[min(indentation - 1, 3)]
            content_pattern = _content_line(indentation)
            nested = first < at and text[first] in _MARKERS and START.match(text, first) is not None
            parts = [[(text[first:at], at)]] if first < at else [[]]
            items.append((item, parts))
            after_blank = False
        elif line := _item_line(cursor, content_pattern, indentation, at, after_blank=after_blank):
            at += len(line)
            line = _expanded(line)
            indented = line.startswith(" " * indentation)
            if indented:
                line = line[indentation:]
            if line[:4].lstrip(" ")[:1] in _MARKERS and START.match(line):
                if not nested and indented:
                    parts.append([])
                    nested = True
                elif nested and not indented:
                    line = " " * (indentation + 4) + line
            parts[-1].append((line, at))
            after_blank = False
        elif blank := EMPTY_LINES.match(text, at):
            parts[-1].append((blank[0], blank.end()))
            at = blank.end()
            nested = after_blank = True
        else:
            break
    cursor.at = node.end = at
    tree.children.append(node)
    node.children = [item for item, _ in items]
    _items(cursor, tree, items, closed=closed)


def read_definitions(cursor: Cursor, tree: Node, at: int) -> bool:
    """Read the definitions from `at` on if a paragraph, which then holds their terms, stands before them."""
    children = tree.children
    first_as_paragraph = bool(children) and children[-1].kind == BLANK
    if first_as_paragraph and children[-1] is not BLANK_LINE:
        return False
    terms_at = -2 if first_as_paragraph else -1
    if len(children) < -terms_at or children[terms_at].kind != PARAGRAPH:
        return False
    paragraph = children[terms_at]
    del children[terms_at:]
    node = cursor.new(DEFINITION_LIST, paragraph.start, at, "dl")
    node.ial = paragraph.ial
    _terms(node, paragraph)
    cursor.at = at
    items = _definition_items(cursor, node, first_as_paragraph=first_as_paragraph)
    trailing = None
    for item, as_paragraph, pieces in items:
        if pieces:
            _content(cursor, item, pieces)
        if item.children:
            trailing = item.children.pop() if item.children[-1].kind == BLANK else None
            if item.children and item.children[0].kind == PARAGRAPH and not as_paragraph:
                item.children[0].transparent = True
    if children and children[-1].kind == DEFINITION_LIST:
        children[-1].children += node.children
    elif len(children) >= 2 and children[-1].kind == BLANK and children[-2].kind == DEFINITION_LIST:
        children.pop()
        children[-1].children += node.children
    else:
        children.append(node)
    if trailing:
        children.append(trailing)
    return True


def _terms(node: Node, paragraph: Node) -> None:
    text = paragraph.excerpt.text
    start, end = paragraph.start, paragraph.end
    while start < end:
        line_end = min(text.find("\n", start), end)
        term = Node(TERM, paragraph.excerpt, start, line_end, "dt")
        if listed := _ITEM_ATTRIBUTES.match(text, start, line_end):
            term.ial = Attributes()
            term.ial.read(paragraph.excerpt, *listed.span(1))
            term.start = listed.end()
        node.children.append(term)
        start = line_end + 1


def _definition_items(
    cursor: Cursor, node: Node, *, first_as_paragraph: bool
) -> list[tuple[Node, bool, list[tuple[str, int]]]]:
    """The definitions from here on: each with whether its first paragraph shows as one, and its lines."""
    text = cursor.text
    at = cursor.at
    items: list[tuple[Node, bool, list[tuple[str, int]]]] = []
    pattern = DEFINITIONS[3]
    content_pattern = _content_line(1)
    indentation = 0
    after_blank = False
    while at < cursor.end:
        if start := pattern.match(text, at):
            item, indentation, first = _first_line(cursor, DEFINITION, start)
            at = start.end()
            items.append((item, first_as_paragraph, [(text[first:at], at)] if first < at else []))
            node.children.append(item)
            pattern = DEFINITIONS[min(indentation - 1, 3)]
            content_pattern = _content_line(indentation)
            first_as_paragraph = after_blank = False
        elif END_MARKER.match(text, at):
            break
        elif line := _item_line(cursor, content_pattern, indentation, at, after_blank=after_blank):
            at += len(line)
            line = _expanded(line).removeprefix(" " * indentation)
            items[-1][2].append((line, at))
            first_as_paragraph = after_blank = False
        elif blank := EMPTY_LINES.match(text, at):
            items[-1][2].append((blank[0], blank.end()))
            at = blank.end()
            first_as_paragraph = after_blank = True
        else:
            break
    cursor.at = at
    return items


def _item_line(cursor: Cursor, content: re.Pattern[str], indentation: int, at: int, *, after_blank: bool) -> str:
    """The line at `at` if it goes on with an item: indented like its text, or lazily right after a line."""
    if match := content.match(cursor.text, at):
        return match[0]
    if after_blank or EMPTY_LINES.match(cursor.text, at):
        return ""
    spaces = min(indentation, 3)
    first = at
    while first - at < spaces and cursor.text[first] == " ":
        first += 1
    if cursor.text[first] in "{<" and (cursor.attribute_list(first) or lazy_html().match(cursor.text, first)):
        return ""
    return cursor.text[at : cursor.text.find("\n", at) + 1]


def _first_line(cursor: Cursor, kind: int, start: re.Match[str]) -> tuple[Node, int, int]:
    """An item, the column its text is indented to, and where its text begins (the line's end if it has none)."""
    text = cursor.text
    marker = start.end(1)
    end = start.end()
    item = Node(kind, cursor.excerpt, marker, end, "li" if kind == ITEM else "dd")
    indentation = marker - start.start()
    if text[marker] == " " and text[marker + 1] not in _WHITE:
        first = marker + 1
    else:
        first = marker
        while first < end and text[first] in _WHITE:
            first += 1
    if first == end or (text[first] == "{" and _NO_TEXT.match(text, first, end)):
        indentation = 4
    else:
        for character in text[marker:first]:
            if character == "\t":
                indentation += 4 - indentation % 4
            elif character == " ":
                indentation += 1
            else:
                break
    if text.startswith("{:", first) and (listed := _ITEM_ATTRIBUTES.match(text, first, end)):
        item.ial = Attributes()
        item.ial.read(cursor.excerpt, *listed.span(1))
        first = listed.end()
    return item, indentation, first


def _items(cursor: Cursor, tree: Node, items: list[tuple[Node, list[list[tuple[str, int]]]]], *, closed: bool) -> None:
    """Read the items' own blocks, and find out whose first paragraph shows without a tag."""
    trailing: Node | None = None
    loose_so_far = True
    for index, (item, parts) in enumerate(items):
        for part in parts:
            if part:
                _content(cursor, item, part)
        children = item.children
        tight = True
        if children:
            first = children[0]
            is_paragraph = first.kind == PARAGRAPH
            if is_paragraph and first.ial and len(children) >= 2 and children[1].kind == EOB:
                del children[1]
            is_last = index == len(items) - 1
            if (
                is_paragraph
                and (len(children) < 2 or children[1].kind != BLANK or (is_last and len(children) == 2 and not closed))
                and (not is_last or len(items) == 1 or not loose_so_far)
            ):
                first.transparent = True
            tight = not is_paragraph or first.transparent
            trailing = children.pop() if children[-1].kind == BLANK else None
        loose_so_far = loose_so_far and not tight
    if trailing and not closed:
        tree.children.append(trailing)


def _content(cursor: Cursor, item: Node, pieces: list[tuple[str, int]]) -> None:
    """Read lines that were cut out of this excerpt into an item."""
    line, end = pieces[0]
    alone = len(pieces) == 1 or (len(pieces) == 2 and not pieces[1][0].strip())
    if alone and not item.children and _ONE_LINE_ITEM.match(line):
        item.children.append(Node(PARAGRAPH, cursor.excerpt, end - len(line), end, "p"))
        if len(pieces) == 2:
            item.children.append(BLANK_LINE if pieces[1][0] == "\n" else BLANK_LINES)
        return
    if cursor.depth >= DEEPEST:
        item.children.append(Node(PARAGRAPH, cursor.excerpt, end - len(line.lstrip()), pieces[-1][1], "p"))
        return
    cutting = Cutting(cursor.excerpt)
    for piece, piece_end in pieces:
        cutting.add(piece, piece_end)
    cursor.nested(cutting.excerpt(), item)


@lru_cache(256)
def _content_line(indentation: int) -> re.Pattern[str]:
    """A line that belongs to an item whose text begins at this column; tabs count as four spaces."""
    tabs, spaces = divmod(indentation, 4)
    return re.compile(
        rf"(?:(?:\t| {{4}}){{{tabs}}} {{{spaces}}}|(?:\t| {{4}}){{{tabs + 1}}})[ \t\r\f\v]*\S.*\n", re.ASCII
    )


def _expanded(line: str) -> str:
    """A line with each tab it begins with made four spaces."""
    rest = line.lstrip("\t")
    return " " * (4 * (len(line) - len(rest))) + rest if len(rest) < len(line) else line
