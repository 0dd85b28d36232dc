"""The span pass: kramdown's span parsers, for text whose markup decides what a link's text is or what a heading says.

Most text never gets here: `plain.py` finds the links of ordinary paragraphs without building a tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

from contentlint.kramdown import html
from contentlint.kramdown.attributes import Attributes, Value
from contentlint.kramdown.excerpt import Excerpt
from contentlint.kramdown.inline import FOOTNOTE_MARK, TooMuchError, autolink, extension_body, give, span_element
from contentlint.kramdown.links import ESCAPED, Missing, Stretch
from contentlint.kramdown.node import (
    CHARACTER,
    CODE,
    COMMENT,
    EM,
    FOOTNOTE,
    HTML,
    IMAGE,
    LINK,
    MATH,
    OTHER,
    STRONG,
    TEXT,
    Node,
)
from contentlint.kramdown.page import Page
from contentlint.regex import regex

DEEPEST = 40
"""Spans nested deeper are text."""

_STARTS = regex(r"""[*_`<&\\$]|!?\[|[^\\]?["']|\{:|--|\.\.\.| ?>>|  (?=\n)|~~""")
"""Where a span parser may begin: each looks at every such place, in their order."""
_BRACKET = regex(r"(\])|!?\[")
_DELIMITERS = {delimiter: re.compile(re.escape(delimiter)) for delimiter in ("*", "**", "_", "__")}
_SPACE = frozenset(" \t\n\r\f\v")
_SYMBOL = regex(r"---|--|\.\.\.|\\<<|\\>>|<< | >>|<<|>>")
_SYMBOLS = {
    "---": "\u2014",
    "--": "\u2013",
    "...": "\u2026",
    "\\<<": "<<",
    "\\>>": ">>",
    "<< ": "\u00ab\u00a0",
    " >>": "\u00a0\u00bb",
    "<<": "\u00ab",
    ">>": "\u00bb",
}
_ESCAPED_GFM = regex(r"""\\([\\.*_+`<>()\[\]{}#!:|"'$=\-~])""")
_ENTITY = regex(r"&(?:([\w:][-\w.:]*)|#(\d+)|#x([0-9a-fA-F]+));", re.ASCII)
"""The names that kramdown knows are those of HTML 4."""
_STRIKETHROUGH = regex(r"~~(?![\s~])", re.ASCII)
_STRIKETHROUGH_END = regex(r"[^\s~]~~", re.ASCII)
_EXTENSION = regex(r"\{::(\w+)(?=[\s/}])", re.ASCII)
_EXTENSIONS = {name: re.compile(rf"\{{:/(?:{name})?\}}") for name in ("comment", "nomarkdown", "options")}


class Spans:
    """Reads a stretch into a tree of spans."""

    __slots__ = ("at", "end", "stack", "stretch", "text")

    def __init__(self, stretch: Stretch, at: int) -> None:
        self.stretch = stretch
        self.text = stretch.text
        self.end = stretch.end
        self.at = at
        self.stack: list[Node] = []

    def parse(
        self,
        tree: Node,
        stop: re.Pattern[str] | None = None,
        accept: Callable[[re.Match[str]], bool] | None = None,
        *,
        only: str = "",
    ) -> bool:
        """Read spans into the tree up to `stop`, where `accept` accepts it, or to the end of the stretch.

        Returns whether it was found; it is not read. `only` restricts the parsers to `html` or to `code and html`.
        """
        text = self.text
        end = self.end
        page = self.stretch.page
        starts = _starts(stop, only)
        self.stack.append(tree)
        found = False
        while self.at < end:
            start = starts.search(text, self.at, end)
            if not start:
                if stop is None:
                    _add_text(tree, text[self.at : end])
                    self.at = end
                break
            at = start.start()
            page.budget -= 1 + (at - self.at >> 6)
            if page.budget < 0:
                raise TooMuchError
            if at > self.at:
                _add_text(tree, text[self.at : at])
                self.at = at
            if stop and (stopping := stop.match(text, at, end)) and (accept is None or accept(stopping)):
                found = True
                break
            if not (self._one_of(tree, only) if only else self._any(tree)):
                _add_text(tree, text[at])
                self.at = at + 1
        self.stack.pop()
        return found

    def _one_of(self, tree: Node, only: str) -> bool:
        if self.text[self.at] == "<":
            return self.html(tree)
        return "code" in only and self._code(tree)

    def _any(self, tree: Node) -> bool:
        """The parsers that may take what begins here, in kramdown's order."""
        text = self.text
        at = self.at
        character = text[at]
        if character in "*_":
            return self._emphasis(tree)
        if character == "`":
            return self._code(tree)
        if character == "<":
            if self._autolink(tree) or self.html(tree):
                return True
        elif character in "[!":
            if character == "[" and self._footnote(tree):
                return True
            if self.link(tree):
                return True
        if self._quote(tree):
            return True
        if character == "$":
            return self._math(tree)
        if character == "{":
            return self._extension(tree)
        if character == "&":
            return self._entity(tree)
        return self._symbol(tree) or (character == "\\" and self._escaped(tree)) or self._strikethrough(tree)

    def _add(self, tree: Node, kind: int, end: int, value: str = "") -> Node:
        node = Node(kind, self.stretch.excerpt, self.at, end, value)
        tree.children.append(node)
        self.at = end
        return node

    def _text(self, tree: Node, end: int) -> bool:
        _add_text(tree, self.text[self.at : end])
        self.at = end
        return True

    # Emphasis and other simple spans

    def _emphasis(self, tree: Node) -> bool:
        text = self.text
        at = self.at
        character = text[at]
        end = at + 2 if text.startswith(character, at + 1) and at + 1 < self.end else at + 1
        kind = STRONG if end == at + 2 else EM
        if (
            (character == "_" and self._within_word(at))
            or (end < self.end and text[end] in _SPACE)
            or any(node.kind == kind for node in self.stack)
        ):
            return self._text(tree, end)
        self.at = end
        if self._emphasised(tree, kind, at):
            return True
        self.at = at + 1
        if kind == STRONG and tree.kind != EM and self._emphasised(tree, EM, at):
            return True
        self.at = at
        return self._text(tree, end)

    def _within_word(self, at: int) -> bool:
        text, start = self.text, self.stretch.start
        before = at - 1
        return (before >= start and _is_letter(text[before])) or (
            before > start and text[before] == "-" and _is_letter(text[before - 1])
        )

    def _emphasised(self, tree: Node, kind: int, start: int) -> bool:
        text, end = self.text, self.end
        delimiter = text[start : self.at]
        node = Node(kind, self.stretch.excerpt, start, start, "em" if kind == EM else "strong")

        def accept(stopping: re.Match[str]) -> bool:
            at, after = stopping.span()
            if text[at - 1] in _SPACE or not node.children:
                return False
            if kind == EM and text.startswith(delimiter, after, end) and not text.startswith(delimiter, after + 1, end):
                return False
            return delimiter[0] != "_" or after >= end or not text[after].isalnum()

        if not self.parse(node, _DELIMITERS[delimiter], accept):
            return False
        self.at += len(delimiter)
        tree.children.append(node)
        return True

    def _code(self, tree: Node) -> bool:
        text = self.text
        at = self.at
        end = at
        while end < self.end and text[end] == "`":
            end += 1
        closing = self.stretch.code_end(end, text[at:end])
        if closing < 0:
            return self._text(tree, end)
        value = text[end : closing - (end - at)]
        if end - at > 1:
            value = value.removeprefix(" ").removesuffix(" ")
        self._add(tree, CODE, closing, value)
        return True

    def _quote(self, tree: Node) -> bool:
        """A smart quote, together with the character before it."""
        text = self.text
        at = self.at
        if text[at] in "\"'":
            self._add(tree, CHARACTER, at + 1)
            return True
        if text[at] != "\\" and at + 1 < self.end and text[at + 1] in "\"'":
            self._text(tree, at + 1)
            self._add(tree, CHARACTER, at + 2)
            return True
        return False

    def _math(self, tree: Node) -> bool:
        at = self.at
        if not self.text.startswith("$$", at) or at + 2 > self.end:
            return False
        closing = self.stretch.find("$$", at + 2)
        if closing < 0:
            return False
        self._add(tree, MATH, closing + 2, self.text[at + 2 : closing].strip())
        return True

    def _entity(self, tree: Node) -> bool:
        match = _ENTITY.match(self.text, self.at, self.end)
        if not match:
            return False
        if match[1] and match[1] not in _entities():
            self._add(tree, CHARACTER, self.at + 1, "&")
            return self._text(tree, match.end())
        self._add(tree, CHARACTER, match.end(), html.resolved(match[0]))
        return True

    def _symbol(self, tree: Node) -> bool:
        if not self.stretch.page.typographic:
            return False
        text = self.text
        if text.startswith("  \n", self.at):
            self._add(tree, CHARACTER, self.at + 2)
            return True
        match = _SYMBOL.match(text, self.at, self.end)
        if not match:
            return False
        self._add(tree, CHARACTER, match.end(), _SYMBOLS[match[0]])
        return True

    def _escaped(self, tree: Node) -> bool:
        match = (_ESCAPED_GFM if self.stretch.page.options.gfm else ESCAPED).match(self.text, self.at, self.end)
        if not match:
            return False
        if self.text.startswith("\\\\\n", self.at):
            self._add(tree, CHARACTER, match.end())
            return True
        _add_text(tree, match[1])
        self.at = match.end()
        return True

    def _strikethrough(self, tree: Node) -> bool:
        if not self.stretch.page.options.gfm or not _STRIKETHROUGH.match(self.text, self.at, self.end):
            return False
        closing = self.stretch.search(_STRIKETHROUGH_END, self.at + 2)
        if not closing:
            return False
        node = self._add(tree, HTML, closing.end(), "del")
        inner = Stretch(self.stretch.page, self.stretch.excerpt, node.start + 2, closing.end() - 2)
        Spans(inner, inner.start).parse(node)
        return True

    def _footnote(self, tree: Node) -> bool:
        match = FOOTNOTE_MARK.match(self.text, self.at, self.end)
        if not match:
            return False
        if match[1] not in self.stretch.page.footnotes:
            return self._text(tree, match.end())
        self._add(tree, FOOTNOTE, match.end(), match[1])
        return True

    # Links

    def _autolink(self, tree: Node) -> bool:
        link = autolink(self.stretch, self.at)
        if not link:
            return False
        url, end = link
        node = self._add(tree, LINK, end, "a")
        node.attributes = {"href": url}
        _add_text(node, url.text.removeprefix("mailto:"))
        return True

    def link(self, tree: Node) -> bool:
        """Read a link or image, or its bracket as text; False when neither can begin here."""
        text = self.text
        at = self.at
        kind = LINK if text[at] == "[" else IMAGE
        text_start = at + (1 if kind == LINK else 2)
        if text_start >= self.end or text[text_start - 1] != "[" or text[text_start] == "^":
            return False
        if (kind == LINK and any(node.kind in (LINK, IMAGE) for node in self.stack)) or len(self.stack) > DEEPEST:
            return self._text(tree, text_start)
        node = Node(kind, self.stretch.excerpt, at, at, "a" if kind == LINK else "img")
        unclosed = 1
        counted = 0

        def accept(stopping: re.Match[str]) -> bool:
            """An image that was read has taken a bracket's end with it."""
            nonlocal unclosed, counted
            images = sum(child.kind == IMAGE for child in node.children[counted:])
            counted = len(node.children)
            unclosed += (-1 if stopping[1] else 1) - images
            return unclosed == 0

        self.at = text_start
        target = self.stretch.target(text_start, self.at) if self.parse(node, _BRACKET, accept) else None
        if isinstance(target, Missing):
            self.stretch.note_missing(target)
            target = None
        if target is None:
            self.at = at
            return self._text(tree, text_start)
        node.attributes = {}
        if target.definition and target.definition.ial:
            give(self.stretch.page, node, target.definition.ial)
        node.attributes["href" if kind == LINK else "src"] = target.url
        if kind == IMAGE:
            text_end = self.at
            node.attributes["alt"] = Value(
                ESCAPED.sub(r"\1", text[text_start:text_end]), self.stretch.excerpt, text_start, text_end
            )
            node.children.clear()
        node.end = self.at = target.end
        tree.children.append(node)
        return True

    # Extensions and HTML

    def _extension(self, tree: Node) -> bool:
        text = self.text
        at = self.at
        extension = _EXTENSION.match(text, at, self.end)
        if extension:
            return self._named_extension(tree, extension)
        brace = self.stretch.find_brace(at + 2)
        last = tree.children[-1] if tree.children else None
        if brace <= at + 2 or text.startswith("{:/", at) or not last or last.kind == TEXT:
            return False
        listed = Attributes()
        listed.read(self.stretch.excerpt, at + 2, brace)
        give(self.stretch.page, last, listed)
        self.at = brace + 1
        return True

    def _named_extension(self, tree: Node, opening: re.Match[str]) -> bool:
        text = self.text
        name = opening[1]
        start = opening.end()
        brace = self.stretch.find_brace(start)
        if brace < 0 or name not in _EXTENSIONS or (text[start] == "/" and brace > start + 1):
            return False
        alone = text[brace - 1] == "/"
        given = Attributes()
        given.read(self.stretch.excerpt, start, brace - alone)
        end = brace + 1
        if not alone:
            closing = self.stretch.search(_EXTENSIONS[name], end)
            if not closing:
                return False
            if name != "options":
                tree.children.append(extension_body(self.stretch.excerpt, name, given, end, closing.start()))
            end = closing.end()
        if name == "options":
            self.stretch.page.set_options(given.values)
        self.at = end
        return True

    def html(self, tree: Node) -> bool:
        """Read a comment or an element with all it holds, or a stray tag as text; False when it is neither."""
        text = self.text
        at = self.at
        if text.startswith("<!--", at) and (end := self.stretch.find("-->", at + 4)) >= 0:
            self._add(tree, COMMENT, end + 3)
            return True
        if self.stretch.find(">", at) < 0:
            return False
        if closing := html.END_TAG.match(text, at, self.end):
            return self._text(tree, closing.end())
        tag = html.TAG.match(text, at, self.end)
        if not tag:
            return False
        name = tag[1]
        if name.lower() in html.KNOWN:
            name = name.lower()
        if name in html.BLOCK_ELEMENTS or len(self.stack) > DEEPEST:
            return self._text(tree, tag.end())
        node = self._add(tree, HTML, tag.end(), name)
        node.attributes, parsed = span_element(self.stretch, name, tag, raw=tree.raw)
        node.raw = not parsed
        if not tag[4] and name not in html.VOID:
            stop = _end_tag(name)
            if self.parse(node, stop, only="" if parsed else "html"):
                closing = stop.match(text, self.at, self.end)
                self.at = closing.end() if closing else self.at
            else:
                _add_text(node, text[self.at : self.end])
                self.at = self.end
        return True


def _add_text(tree: Node, value: str) -> None:
    last = tree.children[-1] if tree.children else None
    if last and last.kind == TEXT:
        last.pieces.append(value)
    elif value:
        node = Node(TEXT, tree.excerpt, tree.start, tree.start)
        node.pieces = [value]
        tree.children.append(node)


def _is_letter(character: str) -> bool:
    return character.isalpha()


@lru_cache(64)
def _end_tag(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{re.escape(name)}\s*>", re.ASCII | (re.IGNORECASE if name in html.KNOWN else 0))


@lru_cache(256)
def _starts(stop: re.Pattern[str] | None, only: str) -> re.Pattern[str]:
    """Finds what begins a span, or may stop."""
    starts = {"": _STARTS.pattern, "html": "<", "code and html": "[`<]"}[only]
    if stop is None:
        return re.compile(starts)
    ignoring = "i" if stop.flags & re.IGNORECASE else ""
    return re.compile(f"(?a{ignoring}:{stop.pattern})|{starts}")


def code_and_other(page: Page, excerpt: Excerpt, start: int, end: int) -> list[tuple[bool, str]]:
    """The code spans (True) of a part of a text, and everything else there: text, names of elements, comments."""
    root = Node(OTHER, excerpt, start, end)
    Spans(Stretch(page, excerpt, start, end), start).parse(root, only="code and html")
    return [
        (child.kind == CODE, child.text() if child.kind != COMMENT else excerpt.text[child.start : child.end])
        for child in root.children
    ]


@cache
def _entities() -> frozenset[str]:
    """The names of characters that kramdown knows."""
    from html.entities import name2codepoint  # only for the few texts with a reference in them

    return frozenset(name2codepoint) | {"apos", "vellip"}
