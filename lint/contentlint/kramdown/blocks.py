"""The block pass: kramdown's block parsers in their order, dispatched on the first character of a line.

Every method that reads a block gets the tree to add it to, and leaves `at` behind it; those that may decline return
whether they did read it. Patterns are matched at an offset, so none begins with `^`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from contentlint.kramdown import html, tables
from contentlint.kramdown.attributes import NAME, Attributes, Value
from contentlint.kramdown.excerpt import Cutting, Excerpt
from contentlint.kramdown.fences import Fences
from contentlint.kramdown.node import (
    BLANK,
    COMMENT,
    DEFINITION,
    DEFINITION_LIST,
    EOB,
    HEADER,
    HTML,
    ITEM,
    LIST,
    OTHER,
    PARAGRAPH,
    TERM,
    TEXT,
    Node,
)
from contentlint.kramdown.page import Definition, Page, label_id
from contentlint.kramdown.spans import code_and_other, extension_body

DEEPEST = 24
"""Blocks nested deeper are read as one paragraph; kramdown itself fails some way below that."""

_BLANK = re.compile(r"(?>[ \t\r\f\v]*\n)+")
_END_OF_LINE = re.compile(r"[ \t\r\f\v]*\n")
_TRAILING_SPACE = re.compile(r"[ \t]*\n")
_INDENT = re.compile(r"^(?:\t| {4})", re.MULTILINE)
_SPECIAL = frozenset(" \t\n\r\f\v>#*+-_0123456789:<`~$\\[{^")
"""Lines that begin otherwise can only be a setext header, a table or text."""

_EOB = re.compile(r"\^[ \t\r\f\v]*\n")
_HR = re.compile(r" {0,3}([*_-])[ \t]*\1[ \t]*\1(?:\1|[ \t])*+\n")
_QUOTE = re.compile(r" {0,3}> ?")
_LIST = re.compile(r" {0,3}(?:[+*-]|[0-9]+\.)[\t| ]")
_UNORDERED = [re.compile(rf"( {{0,{n}}}[+*-])[\t| ].*\n") for n in range(4)]
_ORDERED = [re.compile(rf"( {{0,{n}}}[0-9]+\.)[\t| ].*\n") for n in range(4)]
_DEFINITION = [re.compile(rf"( {{0,{n}}}:)[\t| ].*\n") for n in range(4)]
_ATX_GFM = re.compile(r"(#{1,6})[\t ]+(.*)\n")
_ATX = re.compile(r"(#{1,6})[\t ]*([^ \t\n].*)\n")
_CLOSING_HASHES_GFM = re.compile(r"[\t ]#+\Z")
_CLOSING_HASHES = re.compile(r"(?<!\\)#+\Z")
_SETEXT = re.compile(r" {0,3}([^ \t].*)\n([-=])[-=]*[ \t\r\f\v]*\n")
_XML_START = (
    ":A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\ue0ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_HEADER_ID = re.compile(rf"[\t ]\{{#([{_XML_START}][{_XML_START}\-.0-9\u00b7\u0300-\u036f\u203f-\u2040]*)\}}\Z")
_WHITE = " \t\n\v\f\r\0"

_LAZY_HTML = re.compile(rf" {{0,3}}(?:{html.LAZY_START}|{html.LAZY_STOP})", re.ASCII)
_MAYBE_LAZY_END = r" {0,3}(?:\{:|</?[^\s<>0-9]"
_LAZY_LINES = re.compile(rf"(?:(?!{_MAYBE_LAZY_END})|\^|[ \t\r\f\v]*\n).*\n)*+", re.ASCII)
_PARAGRAPH_LINES = re.compile(
    rf"(?:(?!{_MAYBE_LAZY_END}|:[\t| ])|\^|[ \t\r\f\v]*\n).*\n)*+", re.ASCII
)
_PARAGRAPH_LINES_GFM = re.compile(
    rf"(?:(?!{_MAYBE_LAZY_END}|[:+*-][\t| ]|[0-9]+\.[\t| ]|>|[~`]{{3}})|\#{{1,6}}[\t ]|\^|[ \t\r\f\v]*\n).*\n)*+",
    re.ASCII,
)
_BLOCK_IN_PARAGRAPH = re.compile(r" {0,3}(?:[:+*-][\t| ]|[0-9]+\.[\t| ]|>|[~`]{3})|#{1,6}[\t ]")
_DEFINITION_START = re.compile(r" {0,3}:[\t| ]")

_CODE_LINES = re.compile(
    r"(?:(?>[ \t\r\f\v]*\n)*(?:(?:\t| {4})[ \t]*\S.*\n)+"
    rf"(?:(?!{_MAYBE_LAZY_END})|\^)[ \t]*\S.*\n)*+)*+",
    re.ASCII,
)
_LAZY_CODE_LINES = re.compile(rf"(?:(?!{_MAYBE_LAZY_END})|\^)[ \t]*\S.*\n)*+", re.ASCII)

_ONE_LINE_ITEM = re.compile(
    r"(?![ \t\r\f\v\n>#:<$\\{^|]|[+-]|\*[ \t*|\[]|_[ \t_]|[0-9]+\.[\t| ]|[~`]{3}|\[[^\n\]]*\]:)[^|\n]+\n"
)
"""A list item's line that can only be a paragraph."""
_NO_TEXT = re.compile(r"\s*(?:\{:(?!(?:" + NAME + r")?:|/)(?:\\\}|[^}])+\})?\s*\Z", re.ASCII)
_ITEM_ATTRIBUTES = re.compile(r"\s*\{:(?!(?:" + NAME + r")?:|/)((?:\\\}|[^}\n])+)\}\s*", re.ASCII)

_FOOTNOTE = re.compile(r" {0,3}\[\^(" + NAME + r")\]:(.*\n)", re.ASCII)
_LINK_DEFINITION = re.compile(r" {0,3}\[([^\n\]]+)\]:[ \t]*")
_TITLE_AFTER = re.compile(r"""(?:[ \t]*\n|[ \t]+)[ \t]*(["']).+\1[ \t]*\n""")
_NEXT_LINE_TITLE = re.compile(r"""[ \t]*(["']).+\1[ \t]*\n""")
_QUOTE_AFTER_SPACE = re.compile(r"""[ \t]+["']""")
_ABBREVIATION = re.compile(r" {0,3}\*\[.+?\]:.*\n")
_ATTRIBUTE_LIST = re.compile(r" {0,3}\{:(?![:/])", re.ASCII)
_NAMED_LIST = re.compile(r" {0,3}\{:(" + NAME + "):", re.ASCII)
_EXTENSION = re.compile(r" {0,3}\{::(\w+)(?=[\s/}])", re.ASCII)
_EXTENSIONS = {
    name: re.compile(rf"^ {{0,3}}\{{:/(?:{name})?\}} *\n", re.MULTILINE) for name in ("comment", "nomarkdown", "options")
}
"""The extensions there are, and what ends the body of each."""
_WITHOUT_RAW_BODY = html.VOID | {"script", "style"}
_CLOSING_BRACE = re.compile(r"(?<!\\)\}")
_MATH = re.compile(r" {0,3}(\\)?\$\$")


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


class Blocks:
    """Reads the blocks of one excerpt."""

    __slots__ = ("at", "brace", "depth", "end", "excerpt", "fences", "ial", "known", "missing", "page", "text")

    def __init__(self, page: Page, excerpt: Excerpt, depth: int = 0) -> None:
        self.page = page
        self.excerpt = excerpt
        self.text = excerpt.text
        self.end = len(self.text)
        self.at = 0
        self.ial: Attributes | None = None
        """The attribute list that waits for the next block."""
        self.fences: Fences | None = None
        self.depth = depth
        # Answers to searches that reach far, so that no input makes them be repeated for every line.
        self.brace = (0, -1)
        self.known: dict[str, tuple[int, int]] = {}
        self.missing: dict[str, int] = {}

    def parse(self, tree: Node) -> bool:
        """Read blocks into the tree to the end of the text, or to the end tag of the tree when it is an HTML element.

        Returns whether that end tag was found.
        """
        waiting, self.ial = self.ial, None
        text = self.text
        found = False
        while not found and self.at < self.end:
            at = self.at
            if text[at] in _SPECIAL:
                found = self._special(tree, at)
            else:
                self._plain(tree, at, at)
        self.ial = waiting
        return found

    def _new(self, kind: int, start: int, end: int, value: str = "") -> Node:
        node = Node(kind, self.excerpt, start, end, value)
        if self.ial:
            node.ial = self.ial
        self.ial = None
        return node

    def _special(self, tree: Node, at: int) -> bool:
        text = self.text
        character = text[at]
        first = at
        if character in _WHITE:
            if blank := _BLANK.match(text, at):
                self._blank(tree, blank.end())
                return False
            if text.startswith(("\t", "    "), at):
                self._code(tree, at)
                return False
            while character == " ":
                first += 1
                character = text[first]
        if character in "`~":
            if self._fence(tree, at, first):
                return False
        elif character == ">":
            self._quote(tree, at)
            return False
        elif character == "#":
            if first == at and self._atx(tree, at):
                return False
        elif character in "*-_" and (rule := _HR.match(text, at)):
            tree.children.append(self._new(OTHER, at, rule.end(), "hr"))
            self.at = rule.end()
            return False
        elif (character in "*+-" or character.isdigit()) and _LIST.match(text, at):
            self._list(tree, at)
            return False
        elif character == ":":
            if _DEFINITION[3].match(text, at) and self._definition_list(tree, at):
                return False
        elif character == "<":
            read = self._html(tree, at, first)
            if read is not None:
                return read
        self._plain(tree, at, first)
        return False

    def _plain(self, tree: Node, at: int, first: int) -> None:
        """The parsers that look beyond a line's first character, and the paragraph, which takes what is left."""
        text = self.text
        line_end = text.find("\n", first)
        if self._after_boundary(tree):
            if text.startswith(("-", "="), line_end + 1) and self._setext(tree, at):
                return
            if text[first] in "$\\":
                if self._math(tree, at):
                    return
                if self.at != at:
                    at = first = self.at
            if text.find("|", at, line_end) >= 0 and tables.START.match(text, at) and self._table(tree, at):
                return
        character = text[first]
        if character == "[":
            if self._footnote(tree, at) or self._link_definition(tree, at):
                return
        elif character == "*":
            if abbreviation := _ABBREVIATION.match(text, at):
                self._end_of_block(tree, abbreviation.end(), "definition")
                return
        elif character == "{":
            if self._extension(tree, at):
                return
        elif character == "^" and (eob := _EOB.match(text, at)):
            self._end_of_block(tree, eob.end(), "")
            return
        if character in " \t":
            # No parser takes it; it becomes text of the container.
            if tree.children and tree.children[-1].kind == TEXT:
                tree.children[-1].end = line_end
            else:
                tree.children.append(Node(TEXT, self.excerpt, at, line_end))
            self.at = line_end + 1
            return
        self._paragraph(tree, at, line_end + 1)

    # Boundaries

    def _after_boundary(self, tree: Node) -> bool:
        if self.ial is not None or not tree.children:
            return True
        last = tree.children[-1]
        return last.kind == BLANK or (last.kind == EOB and not last.value)

    def _before_boundary(self, at: int) -> bool:
        return (
            at >= self.end
            or _BLANK.match(self.text, at) is not None
            or _EOB.match(self.text, at) is not None
            or self._attribute_list(at) is not None
        )

    def _lazy_end(self, at: int) -> bool:
        return self._before_boundary(at) or _LAZY_HTML.match(self.text, at) is not None

    def _attribute_list(self, at: int) -> tuple[int, int, int] | None:
        """The list that fills the line at `at`: where its inside begins and ends, and the offset after its line."""
        opening = _ATTRIBUTE_LIST.match(self.text, at)
        return self._braces(opening.end()) if opening else None

    def _braces(self, start: int) -> tuple[int, int, int] | None:
        """The inside of the braces whose content begins at `start`, when nothing follows them on their line."""
        brace = self._closing_brace(start)
        if brace <= start:
            return None
        tail = _END_OF_LINE.match(self.text, brace + 1)
        return (start, brace, tail.end()) if tail else None

    def _closing_brace(self, at: int) -> int:
        """The first `}` from `at` on that no backslash escapes; -1 when there is none."""
        searched_from, brace = self.brace
        if not searched_from <= at <= brace:
            match = _CLOSING_BRACE.search(self.text, at)
            brace = match.start() if match else self.end
            self.brace = (at, brace)
        return brace if brace < self.end else -1

    def _find(self, wanted: str, at: int) -> int:
        """`str.find` that remembers between which offsets there is nothing to be found."""
        searched_from, found = self.known.get(wanted, (0, -1))
        if not searched_from <= at <= found:
            found = self.text.find(wanted, at)
            if found < 0:
                found = self.end
            self.known[wanted] = (at, found)
        return found if found < self.end else -1

    # Simple blocks

    def _blank(self, tree: Node, end: int) -> None:
        last = tree.children[-1] if tree.children else None
        if not last or last.kind != BLANK:
            tree.children.append(self._new(BLANK, self.at, end))
        elif last.excerpt is self.excerpt:
            last.end = end
        self.at = end

    def _end_of_block(self, tree: Node, end: int, value: str) -> Node:
        node = self._new(EOB, self.at, end, value)
        tree.children.append(node)
        self.at = end
        return node

    def _code(self, tree: Node, at: int) -> None:
        end = self._code_end(at)
        tree.children.append(self._new(OTHER, at, end, "div"))
        self.at = end

    def _code_end(self, at: int) -> int:
        """Where the indented lines that begin at `at`, and what runs on from them, end."""
        text = self.text
        start = at
        while True:
            match = _CODE_LINES.match(text, at)
            assert match, "it also matches nothing"
            at = match.end()
            if at == start or self._lazy_end(at):
                return at
            # The pattern stopped at a line that only looks like the end.
            at = text.find("\n", at) + 1
            match = _LAZY_CODE_LINES.match(text, at)
            assert match, "it also matches nothing"
            at = match.end()

    def _fence(self, tree: Node, at: int, first: int) -> bool:
        if not self.page.options.gfm and (first > at or self.text[first] == "`"):
            return False
        if self.fences is None:
            self.fences = Fences(self.text, indented=self.page.options.gfm)
        end = self.fences.end(first)
        if end < 0:
            return False
        tree.children.append(self._new(OTHER, at, end, "div"))
        self.at = end
        return True

    def _quote(self, tree: Node, at: int) -> None:
        text = self.text
        end = text.find("\n", at) + 1
        while end < self.end:
            match = _LAZY_LINES.match(text, end)
            assert match, "it also matches nothing"
            end = match.end()
            if self._lazy_end(end):
                break
            end = text.find("\n", end) + 1
        node = self._new(OTHER, at, end, "blockquote")
        tree.children.append(node)
        self.at = end
        if self.depth >= DEEPEST:
            node.children.append(Node(PARAGRAPH, self.excerpt, at, end))
            return
        cutting = Cutting(self.excerpt)
        while at < end:
            line_end = text.find("\n", at) + 1
            if marker := _QUOTE.match(text, at):
                at = marker.end()
            cutting.add(text[at:line_end], line_end)
            at = line_end
        Blocks(self.page, cutting.excerpt(), self.depth + 1).parse(node)

    def _atx(self, tree: Node, at: int) -> bool:
        gfm = self.page.options.gfm
        anywhere = gfm and "paragraph_end" in self.page.options.gfm_quirks
        match = (_ATX_GFM if gfm else _ATX).match(self.text, at)
        if not match or not (anywhere or self._after_boundary(tree)):
            return False
        closing = _CLOSING_HASHES_GFM if anywhere else _CLOSING_HASHES
        return self._header(tree, match, 2, len(match[1]), closing)

    def _setext(self, tree: Node, at: int) -> bool:
        match = _SETEXT.match(self.text, at)
        return match is not None and self._header(tree, match, 1, 1 if match[2] == "=" else 2, None)

    def _header(
        self, tree: Node, match: re.Match[str], group: int, level: int, closing: re.Pattern[str] | None
    ) -> bool:
        text = match[group].rstrip(_WHITE)
        start = match.start(group)
        identifier = _HEADER_ID.search(text) if text.endswith("}") else None
        if identifier:
            text = text[: identifier.start()].rstrip(_WHITE)
        if closing and text.endswith("#"):
            text = closing.sub("", text).rstrip(_WHITE)
        if not text:
            return False
        node = self._new(HEADER, start, start + len(text), f"h{level}")
        node.level = level
        if identifier:
            first, last = identifier.span(1)
            node.attributes = {"id": Value(identifier[1], self.excerpt, start + first, start + last)}
        tree.children.append(node)
        self.at = match.end()
        return True

    def _math(self, tree: Node, at: int) -> bool:
        text = self.text
        opening = _MATH.match(text, at)
        closing = self._find("$$", opening.end()) if opening else -1
        if not opening or closing < 0:
            return False
        tail = _END_OF_LINE.match(text, closing + 2)
        if opening[1]:
            if tail:
                self.at = opening.end(1)
            return False
        end = tail.end() if tail else closing + 2
        if not self._before_boundary(end):
            return False
        tree.children.append(self._new(OTHER, at, end, "div"))
        self.at = end
        return True

    def _table(self, tree: Node, at: int) -> bool:
        # kramdown makes the element first: an attribute list that waits is gone even when this is no table.
        node = self._new(OTHER, at, at, "table")
        found = tables.read(self.excerpt, at, self._before_boundary, self._code_and_other)
        if not found:
            return False
        self.at, cells = found
        node.children = [Node(TEXT, *cell) for cell in cells]
        tree.children.append(node)
        return True

    def _code_and_other(self, start: int, end: int) -> list[tuple[bool, str]]:
        return code_and_other(self.page, self.excerpt, start, end)

    def _paragraph(self, tree: Node, at: int, line_end: int) -> None:
        text = self.text
        gfm = self.page.options.gfm and "paragraph_end" in self.page.options.gfm_quirks
        lines = _PARAGRAPH_LINES_GFM if gfm else _PARAGRAPH_LINES
        other_end = _BLOCK_IN_PARAGRAPH if gfm else _DEFINITION_START
        end = line_end
        while end < self.end:
            match = lines.match(text, end)
            assert match, "it also matches nothing"
            end = match.end()
            if self._lazy_end(end) or other_end.match(text, end):
                break
            end = text.find("\n", end) + 1
        self.at = end
        last = tree.children[-1] if tree.children else None
        if last and last.kind == PARAGRAPH and last.excerpt is self.excerpt:
            last.end = end
            return
        while text[at] in _WHITE:
            at += 1
        tree.children.append(self._new(PARAGRAPH, at, end, "p"))

    # Lists

    def _list(self, tree: Node, at: int) -> None:
        text = self.text
        starts = _UNORDERED if _UNORDERED[3].match(text, at) else _ORDERED
        start_pattern = starts[3]
        node = self._new(LIST, at, at, "ul" if starts is _UNORDERED else "ol")
        items: list[tuple[Node, list[list[tuple[str, int]]]]] = []
        parts: list[list[tuple[str, int]]] = []
        content_pattern = _content_line(1)
        indentation = 0
        nested = after_blank = closed = False
        while at < self.end:
            if after_blank and _HR.match(text, at):
                break
            if text[at] == "^" and (eob := _EOB.match(text, at)):
                at = eob.end()
                closed = True
                break
            if start := start_pattern.match(text, at):
                item, indentation, first = self._first_line(ITEM, start)
                at = start.end()
                start_pattern = starts[min(indentation - 1, 3)]
                content_pattern = _content_line(indentation)
                nested = _LIST.match(text, first) is not None and first < at
                parts = [[(text[first:at], at)]] if first < at else [[]]
                items.append((item, parts))
                after_blank = False
            elif line := self._item_line(content_pattern, indentation, at, after_blank=after_blank):
                at += len(line)
                line = _expanded(line)
                indented = line.startswith(" " * indentation)
                if indented:
                    line = line[indentation:]
                if _LIST.match(line):
                    if not nested and indented:
                        parts.append([])
                        nested = True
                    elif nested and not indented:
                        line = " " * (indentation + 4) + line
                parts[-1].append((line, at))
                after_blank = False
            elif blank := _BLANK.match(text, at):
                parts[-1].append((blank[0], blank.end()))
                at = blank.end()
                nested = after_blank = True
            else:
                break
        self.at = node.end = at
        tree.children.append(node)
        node.children = [item for item, _ in items]
        self._items(tree, node, items, closed=closed)

    def _item_line(self, content: re.Pattern[str], indentation: int, at: int, *, after_blank: bool) -> str:
        """The line at `at` if it goes on with an item: indented like its text, or lazily right after a line."""
        if match := content.match(self.text, at):
            return match[0]
        if after_blank or _BLANK.match(self.text, at):
            return ""
        spaces = min(indentation, 3)
        first = at
        while first - at < spaces and self.text[first] == " ":
            first += 1
        if self.text[first] in "{<" and (self._attribute_list(first) or _LAZY_HTML.match(self.text, first)):
            return ""
        return self.text[at : self.text.find("\n", at) + 1]

    def _first_line(self, kind: int, start: re.Match[str]) -> tuple[Node, int, int]:
        """An item, the column its text is indented to, and where its text begins (the line's end if it has none)."""
        text = self.text
        marker = start.end(1)
        end = start.end()
        item = Node(kind, self.excerpt, marker, end, "li" if kind == ITEM else "dd")
        first = marker
        while first < end and text[first] in " \t\n\r\f\v":
            first += 1
        indentation = marker - start.start()
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
            item.ial.read(self.excerpt, *listed.span(1))
            first = listed.end()
        return item, indentation, first

    def _items(
        self, tree: Node, node: Node, items: list[tuple[Node, list[list[tuple[str, int]]]]], *, closed: bool
    ) -> None:
        """Read the items' own blocks, and find out whose first paragraph shows without a tag."""
        trailing: Node | None = None
        loose_so_far = True
        for index, (item, parts) in enumerate(items):
            for part in parts:
                if part:
                    self._content(item, part)
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
                    and (
                        len(children) < 2
                        or children[1].kind != BLANK
                        or (is_last and len(children) == 2 and not closed)
                    )
                    and (not is_last or len(items) == 1 or not loose_so_far)
                ):
                    first.transparent = True
                tight = not is_paragraph or first.transparent
                trailing = children.pop() if children[-1].kind == BLANK else None
            loose_so_far = loose_so_far and not tight
        if trailing and not closed:
            tree.children.append(trailing)

    def _content(self, item: Node, pieces: list[tuple[str, int]]) -> None:
        """Read lines that were cut out of this excerpt into an item."""
        line, end = pieces[0]
        if len(pieces) <= 2 and not item.children and _ONE_LINE_ITEM.match(line):
            if len(pieces) == 1 or not pieces[1][0].strip():
                item.children.append(Node(PARAGRAPH, self.excerpt, end - len(line), end, "p"))
                if len(pieces) == 2:
                    item.children.append(Node(BLANK, self.excerpt, end, pieces[1][1]))
                return
        if self.depth >= DEEPEST:
            item.children.append(Node(PARAGRAPH, self.excerpt, end - len(line.lstrip()), pieces[-1][1], "p"))
            return
        cutting = Cutting(self.excerpt)
        for piece, piece_end in pieces:
            cutting.add(piece, piece_end)
        Blocks(self.page, cutting.excerpt(), self.depth + 1).parse(item)

    def _definition_list(self, tree: Node, at: int) -> bool:
        children = tree.children
        first_as_paragraph = bool(children) and children[-1].kind == BLANK
        if first_as_paragraph:
            blank = children[-1]
            if self.text[blank.start : blank.end] != "\n":
                return False
        terms_at = -2 if first_as_paragraph else -1
        if len(children) < -terms_at or children[terms_at].kind != PARAGRAPH:
            return False
        paragraph = children[terms_at]
        del children[terms_at:]
        node = self._new(DEFINITION_LIST, paragraph.start, at, "dl")
        node.ial = paragraph.ial
        self._terms(node, paragraph)
        self.at = at
        items = self._definitions(node, first_as_paragraph=first_as_paragraph)
        trailing = None
        for item, as_paragraph, pieces in items:
            if pieces:
                self._content(item, pieces)
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

    def _terms(self, node: Node, paragraph: Node) -> None:
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

    def _definitions(
        self, node: Node, *, first_as_paragraph: bool
    ) -> list[tuple[Node, bool, list[tuple[str, int]]]]:
        """The definitions from here on: each with whether its first paragraph shows as one, and its lines."""
        text = self.text
        at = self.at
        items: list[tuple[Node, bool, list[tuple[str, int]]]] = []
        pattern = _DEFINITION[3]
        content_pattern = _content_line(1)
        indentation = 0
        after_blank = False
        while at < self.end:
            if start := pattern.match(text, at):
                item, indentation, first = self._first_line(DEFINITION, start)
                at = start.end()
                items.append((item, first_as_paragraph, [(text[first:at], at)] if first < at else []))
                node.children.append(item)
                pattern = _DEFINITION[min(indentation - 1, 3)]
                content_pattern = _content_line(indentation)
                first_as_paragraph = after_blank = False
            elif _EOB.match(text, at):
                break
            elif line := self._item_line(content_pattern, indentation, at, after_blank=after_blank):
                at += len(line)
                line = _expanded(line).removeprefix(" " * indentation)
                items[-1][2].append((line, at))
                first_as_paragraph = after_blank = False
            elif blank := _BLANK.match(text, at):
                items[-1][2].append((blank[0], blank.end()))
                at = blank.end()
                first_as_paragraph = after_blank = True
            else:
                break
        self.at = at
        return items

    # Definitions and extensions

    def _footnote(self, tree: Node, at: int) -> bool:
        match = _FOOTNOTE.match(self.text, at)
        if not match:
            return False
        end = self._code_end(match.end())
        start = match.start(2)
        node = Node(OTHER, self.excerpt, *match.span(1), "li")
        if self.depth >= DEEPEST:
            node.children.append(Node(PARAGRAPH, self.excerpt, start, end, "p"))
        else:
            cutting = Cutting(self.excerpt)
            while start < end:
                line_end = self.text.find("\n", start) + 1
                line = _INDENT.sub("", self.text[start:line_end], count=1)
                cutting.add(line, line_end)
                start = line_end
            Blocks(self.page, cutting.excerpt(), self.depth + 1).parse(node)
        self.page.footnotes[match[1]] = node
        self._end_of_block(tree, end, "definition")
        return True

    def _link_definition(self, tree: Node, at: int) -> bool:
        text = self.text
        match = _LINK_DEFINITION.match(text, at)
        if not match:
            return False
        start = match.end()
        url = self._definition_url(start)
        if not url:
            return False
        first, last, end = url
        node = self._end_of_block(tree, end, "definition")
        self.page.definitions[label_id(match[1])] = Definition(Value(text[first:last], self.excerpt, first, last), node)
        return True

    def _definition_url(self, start: int) -> tuple[int, int, int] | None:
        """Of a definition's URL that begins at `start`: its bounds, and the offset after its title."""
        text = self.text
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

    def _extension(self, tree: Node, at: int) -> bool:
        if named := _NAMED_LIST.match(self.text, at):
            inside = self._braces(named.end())
            if inside:
                self.page.named.setdefault(named[1], Attributes()).read(self.excerpt, inside[0], inside[1])
                self._end_of_block(tree, inside[2], "list")
                return True
        if extension := _EXTENSION.match(self.text, at):
            return self._extension_block(tree, extension)
        inside = self._attribute_list(at)
        if not inside:
            return False
        last = tree.children[-1] if tree.children else None
        self.at = inside[2]
        if last and last.kind != BLANK and (last.kind != EOB or last.value == "definition"):
            if last.ial is None:
                last.ial = Attributes()
            last.ial.read(self.excerpt, inside[0], inside[1])
            if self._attribute_list(self.at) is None:
                self._end_of_block(tree, self.at, "list")
        else:
            if self.ial is None:
                self.ial = Attributes()
            self.ial.read(self.excerpt, inside[0], inside[1])
        return True

    def _extension_block(self, tree: Node, opening: re.Match[str]) -> bool:
        """`{::name list}` on a line of its own, up to `{:/name}` or `{:/}`; `{::name list /}` has no body."""
        text = self.text
        name = opening[1]
        start = opening.end()
        brace = self._closing_brace(start)
        tail = _END_OF_LINE.match(text, brace + 1) if brace >= 0 else None
        if name not in _EXTENSIONS or not tail:
            return False
        alone = text[brace - 1] == "/"
        if text[start] == "/" and brace > start + 1:
            return False
        given = Attributes()
        given.read(self.excerpt, start, brace - alone)
        body_start = body_end = end = tail.end()
        if not alone:
            closing = self._extension_end(name, end)
            if not closing:
                return False
            body_end, end = closing.span()
        self.at = end
        if name == "options":
            self.page.set_options(given.values)
            tree.children.append(self._new(EOB, opening.start(), end, "extension"))
        elif not alone:
            tree.children.append(extension_body(self.excerpt, name, given, body_start, body_end))
        return True

    def _extension_end(self, name: str, at: int) -> re.Match[str] | None:
        if self.missing.get(name, self.end) <= at:
            return None
        match = _EXTENSIONS[name].search(self.text, at)
        if not match:
            self.missing[name] = at
        return match

    # HTML

    def _html(self, tree: Node, at: int, first: int) -> bool | None:
        """Read HTML if it begins a block here; whether it was the tree's own end tag, or None when it is text."""
        text = self.text
        if first == at and text.startswith("<!--", at):
            end = self._find("-->", at + 4)
            if end < 0:
                return None
            tree.children.append(Node(COMMENT, self.excerpt, at, end + 3))
            self.at = end + 3
            self._trailing_space()
            return False
        if (tag := self._tag(first)) and tag[1].lower() not in html.SPAN_ELEMENTS:
            node, model = self._open(tag, raw=tree.raw)
            tree.children.append(node)
            self.at = tag.end()
            if self._inside(node, model, closed=bool(tag[4])):
                self._trailing_space()
            return False
        closing = html.END_TAG.match(text, first)
        if closing and tree.kind == HTML and tree.value == closing[1].lower() and tree.value not in html.SPAN_ELEMENTS:
            self.at = closing.end()
            return True
        return None

    def _trailing_space(self) -> None:
        if tail := _TRAILING_SPACE.match(self.text, self.at):
            self.at = tail.end()

    def _tag(self, at: int) -> re.Match[str] | None:
        return html.TAG.match(self.text, at) if self._find(">", at) >= 0 else None

    def _open(self, tag: re.Match[str], *, raw: bool) -> tuple[Node, str]:
        """The element of a start tag, and how its content is to be read; `raw` says how that around it is."""
        name = tag[1]
        if name.lower() in html.KNOWN:
            name = name.lower()
        node = self._new(HTML, tag.start(), tag.end(), name)
        attributes = html.attributes(self.excerpt, *tag.span(2)) if tag[2] else {}
        model = html.content_model(name) if self.page.options.parse_block_html and not raw else html.RAW
        markdown = attributes.pop("markdown", None)
        if markdown and (asked := html.MARKDOWN_ATTRIBUTE.get(markdown.text)):
            model = html.content_model(name) if asked == html.DEFAULT else asked
        if self.depth >= DEEPEST:
            model = html.RAW
        node.attributes = attributes
        node.raw = model == html.RAW
        return node, model

    def _inside(self, node: Node, model: str, *, closed: bool) -> bool:
        """Read an element from after its start tag on; whether it had a body that Markdown or HTML was read from."""
        name = node.value
        if name in {"script", "style"}:
            self._to_end_tag(name)
            return False
        if model == html.BLOCK:
            self._trailing_space()
        if closed or name in html.VOID:
            return False
        if model == html.BLOCK:
            self.depth += 1
            self.parse(node)
            self.depth -= 1
        elif model == html.SPAN:
            start = self.at
            node.children.append(Node(TEXT, self.excerpt, start, self._to_end_tag(name)))
        else:
            self._raw(node)
        return True

    def _to_end_tag(self, name: str) -> int:
        """Go behind the next end tag of that name, or to the end of the text; where the tag begins."""
        closing = re.compile(rf"</{re.escape(name)}\s*>", re.ASCII | re.IGNORECASE).search(self.text, self.at)
        self.at = closing.end() if closing else self.end
        return closing.start() if closing else self.end

    def _raw(self, outer: Node) -> None:
        """Read an element whose content is passed on, with all that it holds: only the innermost open tag closes.

        What is found within becomes a child of `outer` itself: of raw elements only the order counts.
        """
        text = self.text
        into = outer.children
        names = [outer.value]
        hidden = outer.value in html.SHOWN_AS_TEXT
        while names:
            start = html.RAW_START.search(text, self.at)
            if not start:
                self.at = self.end
                return
            at = start.start()
            kind = text[at + 1]
            if kind == "!" and (end := self._find("-->", at + 4)) >= 0:
                self.at = end + 3
                if not hidden:
                    into.append(Node(COMMENT, self.excerpt, at, self.at))
            elif kind == "?" and (end := self._find("?>", at + 2)) >= 0:
                self.at = end + 2
            elif tag := self._tag(at):
                self.at = tag.end()
                node, model = self._open(tag, raw=True)
                if not hidden and (node.attributes or model != html.RAW or node.ial):
                    into.append(node)
                if model == html.RAW and not tag[4] and node.value not in _WITHOUT_RAW_BODY:
                    names.append(node.value)
                    hidden = hidden or node.value in html.SHOWN_AS_TEXT
                else:
                    self._inside(node, model, closed=bool(tag[4]))
            elif closing := html.END_TAG.match(text, at):
                self.at = closing.end()
                if names[-1] == (closing[1].lower() if names[-1] in html.KNOWN else closing[1]):
                    name = names.pop()
                    hidden = hidden and (name not in html.SHOWN_AS_TEXT or not html.SHOWN_AS_TEXT.isdisjoint(names))
            else:
                self.at = at + 1
