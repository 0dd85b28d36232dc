"""The links of ordinary text, found without reading all its markup.

Outside a link's text, emphasis and typography change no link. So it is enough to look at the few characters
that begin a link, or that keep one from being one. Whatever is not certain here goes to `spans.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from contentlint.kramdown import html
from contentlint.kramdown.attributes import Attributes, Value
from contentlint.kramdown.excerpt import Excerpt
from contentlint.kramdown.inline import FOOTNOTE_MARK, TooMuchError, autolink, give, span_element
from contentlint.kramdown.links import ESCAPED, Missing, Stretch
from contentlint.kramdown.node import CODE, COMMENT, FOOTNOTE, HTML, IMAGE, LINK, MATH, OTHER, TEXT, Node
from contentlint.kramdown.page import Page
from contentlint.kramdown.view import Link
from contentlint.regex import regex

_OTHERS = r"""(?:\s++(?!(?:href|src|srcset|poster|data|id|name|alt|markdown)=)[a-z][a-z\-]*+="[^"\n]*+")*+"""
"""Attributes of a tag that make no difference."""
# Each branch begins with a literal: only then is the search fast. The first two groups are the text and the URL of a
# complete inline link; a text with markup in it, and a URL with parentheses or spaces, are left to others. The next are the
# URL of an everyday `<a>`, and those of an everyday `<img>` and its text. All that an attribute list follows is left, too.
# The next three are of what is no link: an end tag, code, an escape. Where there may be headings the last is the text of one.
TOKEN = regex(
    r"\[(?!\^)([^\[\]\\`<*_~${]*+)\](?:\(([^()\s<][^()\s]*+|)(?:\s++(?:\"[^\"]++\"|'[^']++')\s*+)?\)(?!\{:))?"
    rf"""|<(?:a{_OTHERS}\s++href="([^"\n]*+)"{_OTHERS}\s*+>(?:[^\[\\`<$~{{]*+</a>)?+"""
    rf"""|img{_OTHERS}\s++src="([^"\n]*+)"{_OTHERS}(?:\s++alt="([^"\n]*+)"{_OTHERS})?\s*+/?>(?:</a>)?+|(/[a-z]++>))(?!\{{:)"""
    r"|`(?:([^\s`][^`\n]*+)`(?!\{:)|`*+)|\\(<<|>>|[\\.*_+`<>()\[\]{}#!:|\"'$=\-~]|)|\[|<|\$\$|\{:|~~"
    r"|\#(?<![^\n]\#)\#{0,5} ([^\n]*)",
    re.ASCII,
)
TEXT_OF_LINK, URL_OF_LINK, HREF, SRC, ALT, END_TAG, _CODE, _ESCAPE, _HEADING = range(1, 10)
_PLAIN_BEFORE_BRACE = regex(r"[^\W_]|[ ,:()?/]")


_new = tuple.__new__
"""Makes a named tuple in half the time of its own constructor."""


def is_plain(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] can hold nothing of interest."""
    return text.find("[", start, end) < 0 and text.find("<", start, end) < 0 and text.find("{:", start, end) < 0


def read(page: Page, excerpt: Excerpt, start: int, end: int) -> list[Node | Link]:
    """The links, images, tags, footnote marks and comments of a part of an excerpt, in order; everyday links as they show."""
    found: list[Node | Link] = []
    at, token = _everyday(page, excerpt, TOKEN.finditer(excerpt.text, start, end), start, found)
    return found if token is None else _read_on(page, excerpt, start, end, found, at, token)


def _read_on(
    page: Page, excerpt: Excerpt, start: int, end: int, found: list[Node | Link], at: int, token: re.Match[str]
) -> list[Node | Link]:
    """What `read` gives, after all that is `found` before the first token that is no everyday one; `at`: where they end."""
    stretch = Stretch(page, excerpt, start, end)
    if page.budget >= 0:
        try:
            if _Reader(stretch, at, found).read(token, exact=True):
                return found
            from contentlint.kramdown.spans import Spans  # most text is read without

            root = Node(OTHER, excerpt, start, end)
            Spans(stretch, start).parse(root)
        except TooMuchError:
            pass
        else:
            return [*root.children]
    found = []
    at, first = _everyday(page, excerpt, TOKEN.finditer(excerpt.text, start, end), start, found)
    _Reader(stretch, at, found).read(first, exact=False)
    return found


def read_blocks(
    page: Page, excerpt: Excerpt, start: int, end: int, links: list[Link], heading: Callable[[int, int, int], None]
) -> Iterator[list[Node | Link]]:
    """Read a part of an excerpt that is whole blocks, all of them paragraphs and headings without attributes.

    Everyday links of paragraphs are added to `links`, and `heading` is called with a heading's level and the bounds of its text.
    Of a paragraph with other markup in it, what `read` gives is handed out. All of that comes in order.
    """
    text = excerpt.text
    at = start
    while True:
        at, token = _everyday(page, excerpt, TOKEN.finditer(text, at, end), at, links, heading)
        if token is None:
            return
        use = token.start()
        empty = text.rfind("\n\n", start, use)
        begins = start if empty < 0 else empty + 2
        while text.startswith("#", begins):
            begins = text.find("\n", begins) + 1
        ends = text.find("\n\n", use, end) + 1 or end
        at = max(at, begins)
        before = len(links)
        first = excerpt.origin(begins)
        while before and links[before - 1].use >= first:
            before -= 1
        own: list[Node | Link] = [*links[before:]]
        del links[before:]
        if token.end() > ends:
            token = TOKEN.match(text, use, ends)
            assert token, "each branch but those of a single character is optional"
        yield _read_on(page, excerpt, begins, ends, own, at, token)
        at = start = ends


def _everyday(
    page: Page,
    excerpt: Excerpt,
    tokens: Iterator[re.Match[str]],
    at: int,
    found: list[Any],
    heading: Callable[[int, int, int], None] | None = None,
) -> tuple[int, re.Match[str] | None]:
    """Note the links that one token says all of; the first token that takes more, and where the one before (or `at`) ends.

    Where there may be a `heading`, there may be several blocks: a token that reaches from one into another takes more, too.
    """
    text = excerpt.text
    cut = excerpt.parent is not None or bool(excerpt.starts)
    for token in tokens:
        group = token.lastindex
        if group is None or group == TEXT_OF_LINK or (group == HREF and not page.options.parse_span_html):
            return at, token
        use, after = token.span()
        if group == _HEADING:
            if heading is None:
                return at, token
            start, after = token.span(group)
            heading(start - use - 1, start, after)
        elif heading is not None and text.find("\n", use, after) >= 0 and text.find("\n\n", use, after) >= 0:
            return at, token
        if group < END_TAG:
            tag, attribute, alt = "a", "href", None
            if group >= SRC:
                tag, attribute, alt = "img", "src", token[ALT]
                group = SRC
            elif group == URL_OF_LINK and use > at and text[use - 1] == "!":
                tag, attribute, alt = "img", "src", token[TEXT_OF_LINK]
                use -= 1
            url = token[group]
            start, stop = token.span(group)
            if cut:
                start, stop = excerpt.span(start, stop)
                use = excerpt.origin(use)
            if "&" in url:
                url = html.resolved(url)
            if alt and "&" in alt:
                alt = html.resolved(alt)
            found.append(_new(Link, (tag, attribute, url, start, stop, use, alt, False)))
        at = after
    return at, None


_MORE = frozenset({"(", "[", " ", "\t", "\n", "\r", "\f", "\v"})
"""What may stand between a link's text and what tells where it leads."""


class _Reader:
    """Reads one stretch."""

    __slots__ = ("_after", "_at", "_found", "_latest", "_stretch")

    def __init__(self, stretch: Stretch, at: int, found: list[Node | Link]) -> None:
        self._stretch = stretch
        self._at = at
        self._found = found
        self._latest: Node | None = None
        self._after = -1
        """The offset after the latest element: there, an attribute list is its own."""

    def read(self, token: re.Match[str] | None, *, exact: bool) -> bool:
        """Read on from a token; False when nothing short of reading all markup will do. Unless `exact`, that is not asked."""
        stretch = self._stretch
        text = stretch.text
        while token is not None:
            at = token.start()
            character = text[at]
            if character == "[":
                self._bracket(token, exact=exact)
            elif character == "<":
                self._less(at, exact=exact)
            elif character == "`":
                closing = stretch.code_end(token.end(), token[0])
                self._at = max(closing, token.end())
                if closing > 0 and text.startswith("{:", closing):
                    self._add(CODE, at, closing, "")
            elif character == "$":
                closing = stretch.find("$$", at + 2)
                self._at = closing + 2 if closing >= 0 else at + 1
                if closing > 0 and text.startswith("{:", closing + 2):
                    self._add(MATH, at, closing + 2, "")
            elif character == "{":
                if not self._attribute_list(at) and exact:
                    return False
            elif character == "~" and exact and stretch.page.options.gfm:
                return False
            else:
                self._at = at + 1 if character == "#" else token.end()
            tokens = TOKEN.finditer(text, self._at, stretch.end)
            self._at, token = _everyday(stretch.page, stretch.excerpt, tokens, self._at, self._found)
        return True

    def _add(self, kind: int, start: int, end: int, value: str) -> Node:
        node = Node(kind, self._stretch.excerpt, start, end, value)
        self._found.append(node)
        self._latest = node
        self._at = self._after = end
        return node

    def _bracket(self, token: re.Match[str], *, exact: bool) -> None:
        stretch = self._stretch
        text = stretch.text
        at = token.start()
        image = at > self._at and text[at - 1] == "!"
        text_start = at + 1
        if token[1] is None:
            self._with_markup(at - image, exact=exact)
            return
        text_end = token.end(1)
        if text[text_end + 1 : text_end + 2] not in _MORE and not stretch.page.definitions:
            self._at = text_end + 1
            return
        target = stretch.target(text_start, text_end)
        if target is None or isinstance(target, Missing):
            if target:
                stretch.note_missing(target)
            self._at = text_end + 1
            return
        url, end, definition = target
        node = self._add(IMAGE if image else LINK, at - image, end, "img" if image else "a")
        if definition and definition.ial:
            give(stretch.page, node, definition.ial)
        attributes = node.attributes or {}
        attributes["src" if image else "href"] = url
        if image:
            alt = ESCAPED.sub(r"\1", token[1])
            attributes["alt"] = Value(alt, stretch.excerpt, text_start, text_end)
        node.attributes = attributes

    def _with_markup(self, at: int, *, exact: bool) -> None:
        """A footnote's mark, or a link or image whose text has markup."""
        stretch = self._stretch
        bracket = at + (stretch.text[at] == "!")
        if stretch.text.startswith("^", bracket + 1) and bracket + 1 < stretch.end:
            mark = FOOTNOTE_MARK.match(stretch.text, bracket, stretch.end)
            if mark and mark[1] in stretch.page.footnotes:
                self._add(FOOTNOTE, bracket, mark.end(), mark[1])
            else:
                self._at = mark.end() if mark else bracket + 1
        elif exact:
            self._exactly(at, "link")
        else:
            self._at = bracket + 1

    def _exactly(self, at: int, what: str) -> None:
        """Let the span parsers read the link or the element (`html`) that begins at `at`."""
        from contentlint.kramdown.spans import Spans  # most text is read without

        spans = Spans(self._stretch, at)
        root = Node(OTHER, self._stretch.excerpt, at, at)
        self._at = spans.at if (spans.link if what == "link" else spans.html)(root) else at + 1
        nodes = [node for node in root.children if node.kind != TEXT]
        if nodes:
            self._found += nodes
            self._latest = nodes[-1]
            self._after = self._at

    def _less(self, at: int, *, exact: bool) -> None:
        stretch = self._stretch
        text, end = stretch.text, stretch.end
        following = text[at + 1 : min(at + 2, end)]
        if following == "<" and stretch.page.typographic:
            self._at = at + 2
        elif following == "!" and text.startswith("<!--", at):
            closing = stretch.find("-->", at + 4)
            if closing < 0:
                self._at = at + 1
            else:
                self._add(COMMENT, at, closing + 3, "")
        elif stretch.find(">", at) < 0:
            self._at = at + 1
        elif link := autolink(stretch, at):
            self._add(LINK, at, link[1], "a").attributes = {"href": link[0]}
        elif closing_tag := html.END_TAG.match(text, at, end):
            self._at = closing_tag.end()
        elif tag := html.TAG.match(text, at, end):
            self._tag(tag, exact=exact)
        else:
            self._at = at + 1

    def _tag(self, tag: re.Match[str], *, exact: bool) -> None:
        name = tag[1]
        if name.lower() in html.KNOWN:
            name = name.lower()
        if name in html.BLOCK_ELEMENTS:
            self._at = tag.end()
            return
        attributes, parsed = span_element(self._stretch, name, tag, raw=False)
        if parsed or tag[4] or name in html.VOID or not exact:
            self._add(HTML, tag.start(), tag.end(), name).attributes = attributes
            if not tag[4] and name not in html.VOID:
                self._after = -1
        else:
            self._exactly(tag.start(), "html")

    def _attribute_list(self, at: int) -> bool:
        """Read the attribute list at `at`; False when it cannot be told what it belongs to."""
        stretch = self._stretch
        text = stretch.text
        self._at = at + 2
        if text.startswith(("{::", "{:/"), at):
            return False
        if at != self._after:
            return at > stretch.start and _PLAIN_BEFORE_BRACE.match(text[at - 1]) is not None
        brace = stretch.find_brace(at + 2)
        if brace > at + 2 and (node := self._latest) is not None:
            listed = Attributes()
            listed.read(stretch.excerpt, at + 2, brace)
            give(stretch.page, node, listed)
            self._at = self._after = brace + 1
        return True
