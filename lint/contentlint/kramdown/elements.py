"""Block HTML: which elements begin a block, and how far what they hold reaches."""

from __future__ import annotations

import re

from contentlint.kramdown import html
from contentlint.kramdown.cursor import DEEPEST, Cursor
from contentlint.kramdown.node import COMMENT, HTML, TEXT, Node
from contentlint.regex import regex

_TRAILING_SPACE = regex(r"[ \t]*\n")
_WITHOUT_RAW_BODY = html.VOID | {"script", "style"}


def read(cursor: Cursor, tree: Node, at: int, first: int) -> bool | None:
    """Read HTML if it begins a block here; whether it was the tree's own end tag, or None when it is text."""
    text = cursor.text
    if first == at and text.startswith("<!--", at):
        end = cursor.find("-->", at + 4)
        if end < 0:
            return None
        tree.children.append(Node(COMMENT, cursor.excerpt, at, end + 3))
        cursor.at = end + 3
        _trailing_space(cursor)
        return False
    if (tag := _tag(cursor, first)) and tag[1].lower() not in html.SPAN_ELEMENTS:
        node, model = _open(cursor, tag, raw=tree.raw)
        tree.children.append(node)
        cursor.at = tag.end()
        if _inside(cursor, node, model, closed=bool(tag[4])):
            _trailing_space(cursor)
        return False
    closing = html.END_TAG.match(text, first)
    if closing and tree.kind == HTML and tree.value == closing[1].lower() and tree.value not in html.SPAN_ELEMENTS:
        cursor.at = closing.end()
        return True
    return None


def _trailing_space(cursor: Cursor) -> None:
    if tail := _TRAILING_SPACE.match(cursor.text, cursor.at):
        cursor.at = tail.end()


def _tag(cursor: Cursor, at: int) -> re.Match[str] | None:
    return html.TAG.match(cursor.text, at) if cursor.find(">", at) >= 0 else None


def _open(cursor: Cursor, tag: re.Match[str], *, raw: bool) -> tuple[Node, str]:
    """The element of a start tag, and how its content is to be read; `raw` says how that around it is."""
    name = tag[1]
    if name.lower() in html.KNOWN:
        name = name.lower()
    node = cursor.new(HTML, tag.start(), tag.end(), name)
    attributes = html.attributes(cursor.excerpt, *tag.span(2)) if tag[2] else {}
    model = html.content_model(name) if cursor.page.options.parse_block_html and not raw else html.RAW
    markdown = attributes.pop("markdown", None)
    if markdown and (asked := html.MARKDOWN_ATTRIBUTE.get(markdown.text)):
        model = html.content_model(name) if asked == html.DEFAULT else asked
    if cursor.depth >= DEEPEST:
        model = html.RAW
    node.attributes = attributes
    node.raw = model == html.RAW
    return node, model


def _inside(cursor: Cursor, node: Node, model: str, *, closed: bool) -> bool:
    """Read an element from after its start tag on; whether it had a body that Markdown or HTML was read from."""
    name = node.value
    if name in {"script", "style"}:
        _to_end_tag(cursor, name)
        return False
    if model == html.BLOCK:
        _trailing_space(cursor)
    if closed or name in html.VOID:
        return False
    if model == html.BLOCK:
        cursor.depth += 1
        cursor.parse(cursor, node)
        cursor.depth -= 1
    elif model == html.SPAN:
        start = cursor.at
        node.children.append(Node(TEXT, cursor.excerpt, start, _to_end_tag(cursor, name)))
    else:
        _raw(cursor, node)
    return True


def _to_end_tag(cursor: Cursor, name: str) -> int:
    """Go behind the next end tag of that name, or to the end of the text; where the tag begins."""
    closing = re.compile(rf"</{re.escape(name)}\s*>", re.ASCII | re.IGNORECASE).search(cursor.text, cursor.at)
    cursor.at = closing.end() if closing else cursor.end
    return closing.start() if closing else cursor.end


def _raw(cursor: Cursor, outer: Node) -> None:
    """Read an element whose content is passed on, with all that it holds: only the innermost open tag closes.

    What is found within becomes a child of `outer` itself: of raw elements only the order counts.
    """
    text = cursor.text
    into = outer.children
    names = [outer.value]
    hiding = cursor.page.hiding
    native = cursor.page.options.html_to_native
    hidden = int(outer.value in hiding)  # how many of the open elements show what they hold as text
    while names:
        start = html.RAW_START.search(text, cursor.at)
        if not start:
            cursor.at = cursor.end
            return
        at = start.start()
        kind = text[at + 1]
        if kind == "!" and (end := cursor.find("-->", at + 4)) >= 0:
            cursor.at = end + 3
            if not hidden:
                into.append(Node(COMMENT, cursor.excerpt, at, cursor.at))
        elif kind == "?" and (end := cursor.find("?>", at + 2)) >= 0:
            cursor.at = end + 2
        elif tag := _tag(cursor, at):
            cursor.at = tag.end()
            node, model = _open(cursor, tag, raw=True)
            heading = native and node.value in html.HEADINGS
            if not hidden and (node.attributes or model != html.RAW or node.ial or heading):
                into.append(node)
            if model == html.RAW and not tag[4] and node.value not in _WITHOUT_RAW_BODY:
                names.append(node.value)
                hidden += node.value in hiding
            else:
                _inside(cursor, node, model, closed=bool(tag[4]))
        elif closing := html.END_TAG.match(text, at):
            cursor.at = closing.end()
            if names[-1] == (closing[1].lower() if names[-1] in html.KNOWN else closing[1]):
                hidden -= names.pop() in hiding
        else:
            cursor.at = at + 1
