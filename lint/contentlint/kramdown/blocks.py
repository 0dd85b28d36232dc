"""The block pass: kramdown's block parsers in their order, dispatched on the first character of a line.

Every function that reads a block gets the tree to add it to, and leaves the cursor behind it; those that may decline
return whether they did read it. Patterns are matched at an offset, so none begins with `^`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from contentlint.kramdown import elements
from contentlint.kramdown.attributes import Value
from contentlint.kramdown.cursor import DEEPEST, EMPTY_LINES, END_MARKER, END_OF_LINE, MAYBE_LAZY_END, RULE, Cursor
from contentlint.kramdown.excerpt import Cutting
from contentlint.kramdown.ids import UNKNOWN
from contentlint.kramdown.node import BLANK, BLANK_LINE, BLANK_LINES, EVERYDAY, HEADER, OTHER, PARAGRAPH, TEXT, Node
from contentlint.regex import regex

_SPECIAL = frozenset(" \t\n\r\f\v>#*+-_0123456789:<`~$\\[{^")
"""Lines that begin otherwise can only be a setext header, a table or text."""
_QUOTE = regex(r" {0,3}> ?")
_ATX_GFM = regex(r"(#{1,6})[\t ]+(.*)\n")
_ATX = regex(r"(#{1,6})[\t ]*([^ \t].*)\n")
_CLOSING_HASHES_GFM = regex(r"[\t ]#+\Z")
_CLOSING_HASHES = regex(r"(?<!\\)#+\Z")
_SETEXT = regex(r" {0,3}([^ \t].*)\n([-=])[-=]*[ \t\r\f\v]*\n")
_HEADER_ID = regex(r"[\t ]\{#([^\t {}]+)\}\Z")
_ASCII_NAME = regex(r"[:A-Z_a-z][:A-Z_a-z\-.0-9]*", re.ASCII)
_WHITE = " \t\n\v\f\r\0"
_LAZY_LINES = regex(rf"(?:(?!{MAYBE_LAZY_END})|\^|[ \t\r\f\v]*\n).*\n)*+", re.ASCII)
_PARAGRAPH_LINES = regex(rf"(?:(?!{MAYBE_LAZY_END}|:[\t| ])|\^|[ \t\r\f\v]*\n).*\n)*+", re.ASCII)
_PARAGRAPH_LINES_GFM = regex(
    rf"(?:(?!{MAYBE_LAZY_END}|[:+*-][\t| ]|[0-9]+\.[\t| ]|>|[~`]{{3}})|\#{{1,6}}[\t ]|\^|[ \t\r\f\v]*\n).*\n)*+",
    re.ASCII,
)
_BLOCK_IN_PARAGRAPH = regex(r" {0,3}(?:[:+*-][\t| ]|[0-9]+\.[\t| ]|>|[~`]{3})|#{1,6}[\t ]")
_DEFINITION_START = regex(r" {0,3}:[\t| ]")
_BEGINS_TEXT = r"[^\s>#:*+\-_0-9<`~$\\[{^|=\0]|<(?:a|img|em|code|span|b|i)[\s>]|[*_]{1,2}(?=[^\W_])"
_HEADING_LINE = r"#{1,6} (?=[^\W_])([^\n{}#]*[^\s{}#])\n"
_FIRST_LINE = rf"(?:{_BEGINS_TEXT}|\[[^\]|\n]++\](?!:))[^|\n]*+\n"
_LATER_LINES = rf"(?: *+(?:{_BEGINS_TEXT}|\[|`{{1,2}}(?!`))[^\n]*+\n)*+"
_PARAGRAPH = _FIRST_LINE + _LATER_LINES
_EVERYDAY = regex(rf"(?:{_HEADING_LINE}|{_PARAGRAPH}(?=\n|\Z))(\n(?=\S))?")
"""A heading (group 1) or a whole paragraph of which nothing but its text is to be read, and one empty line (group 2).

Most blocks are such. Nothing in it can be a table, underline a heading, define a link, or begin another block.
"""
_RUN = rf"(?:(?!\n)(?:{_HEADING_LINE})*+(?:{_PARAGRAPH})?+(\n)(\n*+)(?! *:))++"
_EVERYDAY_RUN = regex(_RUN)
"""Such blocks in a row; empty lines follow the last (groups 2 and 3), and then no definition of what that would be the term."""
_RUN_WITHOUT_BARS = regex(_RUN.replace("[^|\\n]*+", "[^\\n]*+"))
"""The same for a text without `|`, in a third of the time: a set that excludes one character alone is searched several times as fast."""
_ABBREVIATION = regex(r" {0,3}\*\[.+?\]:.*\n")
_MATH = regex(r" {0,3}(\\)?\$\$")


def parse(cursor: Cursor, tree: Node) -> bool:
    """Read blocks into the tree to the end of the text, or to the end tag of the tree when it is an HTML element.

    Returns whether that end tag was found.
    """
    waiting, cursor.ial = cursor.ial, None
    text, end = cursor.text, cursor.end
    options = cursor.page.options
    everyday: Callable[[str, int], re.Match[str] | None] = _never
    run = everyday
    if options.gfm and "paragraph_end" in options.gfm_quirks:
        everyday = _EVERYDAY.match
        if not cursor.depth:  # within lists and the like it counts what each single block is, and what stands beside it
            run = (_EVERYDAY_RUN if "|" in text else _RUN_WITHOUT_BARS).match
    found = False
    while not found and (at := cursor.at) < end:
        if _stands_alone(cursor, tree) and (blocks := run(text, at)):
            tree.children.append(Node(EVERYDAY, cursor.excerpt, at, blocks.start(2)))
            tree.children.append(BLANK_LINES if blocks[3] else BLANK_LINE)
            cursor.at = blocks.end()
        elif block := everyday(text, at):
            _everyday(cursor, tree, block)
        elif text[at] in _SPECIAL:
            found = _special(cursor, tree, at)
        else:
            _plain(cursor, tree, at, at)
    cursor.ial = waiting
    return found


def _stands_alone(cursor: Cursor, tree: Node) -> bool:
    """Whether the next block is neither given attributes by a list before it nor a part of the paragraph before it."""
    return cursor.ial is None and not (tree.children and tree.children[-1].kind == PARAGRAPH)


def _never(_text: str, _at: int) -> re.Match[str] | None:
    """Takes no block for an everyday one: in other dialects other lines end a paragraph."""
    return None


def _everyday(cursor: Cursor, tree: Node, block: re.Match[str]) -> None:
    start, end = block.span(1)
    empty = block.start(2)
    if end >= 0:
        level = start - block.start() - 1
        node = cursor.new(HEADER, start, end, f"h{level}")
        node.level = level
        tree.children.append(node)
    else:
        _append_paragraph(cursor, tree, block.start(), empty if empty >= 0 else block.end())
    if empty >= 0:
        tree.children.append(BLANK_LINE)
        cursor.ial = None
    cursor.at = block.end()


def _special(cursor: Cursor, tree: Node, at: int) -> bool:
    text = cursor.text
    character = text[at]
    first = at
    if character in _WHITE:
        if blank := EMPTY_LINES.match(text, at):
            _blank(cursor, tree, blank.end())
            return False
        if text.startswith(("\t", "    "), at):
            _code(cursor, tree, at)
            return False
        while character == " ":
            first += 1
            character = text[first]
    if character in "`~":
        if _fence(cursor, tree, at, first):
            return False
    elif character == ">":
        _quote(cursor, tree, at)
        return False
    elif character == "#":
        if first == at and _atx(cursor, tree, at):
            return False
    elif character in "*-_" and (rule := RULE.match(text, at)):
        tree.children.append(cursor.new(OTHER, at, rule.end(), "hr"))
        cursor.at = rule.end()
        return False
    elif character in "*+-:" or character.isdigit():
        if _list(cursor, tree, at, definitions=character == ":"):
            return False
    elif character == "<":
        read = elements.read(cursor, tree, at, first)
        if read is not None:
            return read
    _plain(cursor, tree, at, first)
    return False


def _plain(cursor: Cursor, tree: Node, at: int, first: int) -> None:
    """The parsers that look beyond a line's first character, and the paragraph, which takes what is left."""
    text = cursor.text
    line_end = text.find("\n", first)
    if cursor.after_boundary(tree):
        if text.startswith(("-", "="), line_end + 1) and _setext(cursor, tree, at):
            return
        if text[first] in "$\\":
            if _math(cursor, tree, at):
                return
            if cursor.at != at:
                at = first = cursor.at
        if text.find("|", at, line_end) >= 0 and _table(cursor, tree, at):
            return
    character = text[first]
    if character == "[":
        from contentlint.kramdown import definitions  # what few pages have comes in with them

        if definitions.footnote(cursor, tree, at) or definitions.link(cursor, tree, at):
            return
    elif character == "*":
        if abbreviation := _ABBREVIATION.match(text, at):
            cursor.end_of_block(tree, abbreviation.end(), "definition")
            return
    elif character == "{":
        from contentlint.kramdown import extensions

        if extensions.read(cursor, tree, at):
            return
    elif character == "^" and (eob := END_MARKER.match(text, at)):
        cursor.end_of_block(tree, eob.end(), "")
        return
    if character in " \t":
        # No parser takes it; it becomes text of the container.
        if tree.children and tree.children[-1].kind == TEXT:
            tree.children[-1].end = line_end
        else:
            tree.children.append(Node(TEXT, cursor.excerpt, at, line_end))
        cursor.at = line_end + 1
        return
    _paragraph(cursor, tree, at, line_end + 1)


def _blank(cursor: Cursor, tree: Node, end: int) -> None:
    children = tree.children
    if children and children[-1].kind == BLANK:
        children[-1] = BLANK_LINES
    else:
        children.append(BLANK_LINE if cursor.text[cursor.at : end] == "\n" else BLANK_LINES)
        # An attribute list before a blank line is lost.
        cursor.ial = None
    cursor.at = end


def _code(cursor: Cursor, tree: Node, at: int) -> None:
    end = cursor.code_end(at)
    if end == at:  # kramdown itself never ends here: white space that it takes for text, and then does not
        end = cursor.text.find("\n", at) + 1 or len(cursor.text)
    tree.children.append(cursor.new(OTHER, at, end, "div"))
    cursor.at = end


def _fence(cursor: Cursor, tree: Node, at: int, first: int) -> bool:
    if not cursor.page.options.gfm and (first > at or cursor.text[first] == "`"):
        return False
    if cursor.fences is None:
        from contentlint.kramdown.fences import Fences

        cursor.fences = Fences(cursor.text, indented=cursor.page.options.gfm)
    end = cursor.fences.end(first)
    if end < 0:
        return False
    tree.children.append(cursor.new(OTHER, at, end, "div"))
    cursor.at = end
    return True


def _quote(cursor: Cursor, tree: Node, at: int) -> None:
    text = cursor.text
    end = text.find("\n", at) + 1
    while end < cursor.end:
        match = _LAZY_LINES.match(text, end)
        assert match, "it also matches nothing"
        end = match.end()
        if cursor.lazy_end(end):
            break
        end = text.find("\n", end) + 1
    node = cursor.new(OTHER, at, end, "blockquote")
    tree.children.append(node)
    cursor.at = end
    if cursor.depth >= DEEPEST:
        node.children.append(Node(PARAGRAPH, cursor.excerpt, at, end))
        return
    cutting = Cutting(cursor.excerpt)
    while at < end:
        line_end = text.find("\n", at) + 1
        if marker := _QUOTE.match(text, at):
            at = marker.end()
        cutting.add(text[at:line_end], line_end)
        at = line_end
    cursor.nested(cutting.excerpt(), node)


def _atx(cursor: Cursor, tree: Node, at: int) -> bool:
    gfm = cursor.page.options.gfm
    anywhere = gfm and "paragraph_end" in cursor.page.options.gfm_quirks
    match = (_ATX_GFM if gfm else _ATX).match(cursor.text, at)
    if not match or not (anywhere or cursor.after_boundary(tree)):
        return False
    closing = _CLOSING_HASHES_GFM if anywhere else _CLOSING_HASHES
    return _header(cursor, tree, match, 2, len(match[1]), closing)


def _setext(cursor: Cursor, tree: Node, at: int) -> bool:
    match = _SETEXT.match(cursor.text, at)
    return match is not None and _header(cursor, tree, match, 1, 1 if match[2] == "=" else 2, None)


def _header(
    cursor: Cursor, tree: Node, match: re.Match[str], group: int, level: int, closing: re.Pattern[str] | None
) -> bool:
    text = match[group].rstrip(_WHITE)
    start = match.start(group)
    identifier = _explicit_id(text) if text.endswith("}") else None
    if identifier:
        text = text[: identifier.start()].rstrip(_WHITE)
    if closing and text.endswith("#"):
        text = closing.sub("", text).rstrip(_WHITE)
    if not text:
        return False
    node = cursor.new(HEADER, start, start + len(text), f"h{level}")
    node.level = level
    if identifier:
        first, last = identifier.span(1)
        node.attributes = {"id": Value(identifier[1], cursor.excerpt, start + first, start + last)}
    tree.children.append(node)
    cursor.at = match.end()
    return True


def _explicit_id(text: str) -> re.Match[str] | None:
    """The `{#id}` that a heading ends with; an id is a name of XML."""
    match = _HEADER_ID.search(text)
    return match if match and (_ASCII_NAME.fullmatch(match[1]) or _xml_name().fullmatch(match[1])) else None


@cache
def _xml_name() -> re.Pattern[str]:
    """Compiled when first needed: so large a set of characters takes as long as all other patterns."""
    start = (
        ":A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
        f"\u2c00-\u2fef\u3001-\ud7ff{UNKNOWN}\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
    )
    return re.compile(rf"[{start}][{start}\-.0-9\u00b7\u0300-\u036f\u203f-\u2040]*")


def _math(cursor: Cursor, tree: Node, at: int) -> bool:
    text = cursor.text
    opening = _MATH.match(text, at)
    closing = cursor.find("$$", opening.end()) if opening else -1
    if not opening or closing < 0:
        return False
    tail = END_OF_LINE.match(text, closing + 2)
    if opening[1]:
        if tail:
            cursor.at = opening.end(1)
        return False
    end = tail.end() if tail else closing + 2
    if not cursor.before_boundary(end):
        return False
    tree.children.append(cursor.new(OTHER, at, end, "div"))
    cursor.at = end
    return True


def _list(cursor: Cursor, tree: Node, at: int, *, definitions: bool) -> bool:
    from contentlint.kramdown import lists

    if definitions:
        return lists.DEFINITIONS[3].match(cursor.text, at) is not None and lists.read_definitions(cursor, tree, at)
    if not lists.START.match(cursor.text, at):
        return False
    lists.read(cursor, tree, at)
    return True


def _table(cursor: Cursor, tree: Node, at: int) -> bool:
    from contentlint.kramdown import tables
    from contentlint.kramdown.spans import code_and_other

    if not tables.START.match(cursor.text, at):
        return False
    # kramdown makes the element first: an attribute list that waits is gone even when this is no table.
    node = cursor.new(OTHER, at, at, "table")

    def spans(start: int, end: int) -> list[tuple[bool, str]]:
        return code_and_other(cursor.page, cursor.excerpt, start, end)

    found = tables.read(cursor.excerpt, at, cursor.before_boundary, spans)
    if not found:
        return False
    cursor.at, cells = found
    node.children = [Node(TEXT, *cell) for cell in cells]
    tree.children.append(node)
    return True


def _paragraph(cursor: Cursor, tree: Node, at: int, line_end: int) -> None:
    text = cursor.text
    gfm = cursor.page.options.gfm and "paragraph_end" in cursor.page.options.gfm_quirks
    lines = _PARAGRAPH_LINES_GFM if gfm else _PARAGRAPH_LINES
    other_end = _BLOCK_IN_PARAGRAPH if gfm else _DEFINITION_START
    end = line_end
    while end < cursor.end:
        match = lines.match(text, end)
        assert match, "it also matches nothing"
        end = match.end()
        if text.startswith("\n", end) or cursor.lazy_end(end) or other_end.match(text, end):
            break
        end = text.find("\n", end) + 1
    cursor.at = end
    while at < end and text[at] in _WHITE:
        at += 1
    _append_paragraph(cursor, tree, at, end)


def _append_paragraph(cursor: Cursor, tree: Node, start: int, end: int) -> None:
    """Add a paragraph to the tree; one right after another is a part of that."""
    last = tree.children[-1] if tree.children else None
    if last and last.kind == PARAGRAPH and last.excerpt is cursor.excerpt:
        last.end = end
    else:
        tree.children.append(cursor.new(PARAGRAPH, start, end, "p"))
