"""What is read alike in ordinary text and in text whose markup is taken apart: tags, autolinks, what attribute lists give."""

from __future__ import annotations

import re

from contentlint.kramdown import html
from contentlint.kramdown.attributes import NAME, Attributes, Value
from contentlint.kramdown.excerpt import Excerpt
from contentlint.kramdown.links import Stretch
from contentlint.kramdown.node import CHARACTER, NOMARKDOWN, Node
from contentlint.kramdown.page import Page
from contentlint.regex import regex

FOOTNOTE_MARK = regex(r"\[\^(" + NAME + r")\]", re.ASCII)
_LINE_FEEDS = regex(r"\n+")
_AUTOLINK = regex(r"<(?:((?:mailto|https?|ftps?):[^\n])|((?u:[^\W]|[-.])+?@(?u:[^\W]|[-.])+?)>)", re.ASCII)


class TooMuchError(Exception):
    """The page's markup is so tangled that reading it exactly would take for ever."""


def give(page: Page, node: Node, listed: Attributes) -> None:
    """Give an element what an attribute list says."""
    taken = Attributes()
    taken.take(listed, page.named)
    node.attributes = {**(node.attributes or {}), **taken.values}


def autolink(stretch: Stretch, at: int) -> tuple[Value, int] | None:
    """The URL and the end of `<http://...>` or `<name@host>` at `at`."""
    match = _AUTOLINK.match(stretch.text, at, stretch.end)
    if not match:
        return None
    if match[2]:
        return Value("mailto:" + match[2], stretch.excerpt, at + 1, match.end() - 1), match.end()
    closing = stretch.find(">", match.end())
    if closing < 0 or 0 <= stretch.find("\n", match.end()) < closing:
        return None
    return Value(stretch.text[at + 1 : closing], stretch.excerpt, at + 1, closing), closing + 1


def span_element(stretch: Stretch, name: str, tag: re.Match[str], *, raw: bool) -> tuple[html.TagAttributes, bool]:
    """The attributes of a tag within text, and whether its content is read as Markdown; `raw`: that around it is not."""
    attributes = html.attributes(stretch.excerpt, *tag.span(2)) if tag[2] else {}
    model = html.content_model(name)
    parsed = model != html.RAW and not raw and stretch.page.options.parse_span_html
    markdown = attributes.pop("markdown", None)
    asked = html.MARKDOWN_ATTRIBUTE.get(markdown.text) if markdown else None
    if asked == html.SPAN:
        parsed = True
    elif asked == html.DEFAULT:
        parsed = model != html.RAW
    elif asked == html.RAW:
        parsed = False
    for key, value in attributes.items():
        if "\n" in value.text:
            attributes[key] = value._replace(text=_LINE_FEEDS.sub(" ", value.text))
    return attributes, parsed


def extension_body(excerpt: Excerpt, name: str, given: Attributes, start: int, end: int) -> Node:
    """What the body of `{::comment}` or `{::nomarkdown}` shows: HTML that is passed on, or nothing.

    A comment becomes one of HTML, so that a `-->` in it ends it.
    """
    if name == "nomarkdown":
        kinds = given.values["type"].text.split() if "type" in given.values else []
        return Node(NOMARKDOWN if not kinds or "html" in kinds else CHARACTER, excerpt, start, end)
    closing = excerpt.text.find("-->", start, end)
    return Node(CHARACTER, excerpt, start, end) if closing < 0 else Node(NOMARKDOWN, excerpt, closing + 3, end)
