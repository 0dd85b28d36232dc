"""kramdown's view of a Markdown body: every link, image, heading and id that the built page will have, and where."""

from __future__ import annotations

from contentlint.kramdown.blocks import parse
from contentlint.kramdown.cursor import Cursor
from contentlint.kramdown.excerpt import Excerpt, whole
from contentlint.kramdown.found import Found
from contentlint.kramdown.node import OTHER, Node
from contentlint.kramdown.page import Page
from contentlint.kramdown.view import Anchor, Link, Options, Scan, Undefined
from contentlint.kramdown.writer import Writer

__all__ = ["Anchor", "Link", "Options", "Scan", "Undefined", "scan", "scan_html"]

_DEFAULTS = Options()


def scan(text: str, options: Options = _DEFAULTS) -> Scan:
    """What kramdown 2.4 (with parser-gfm 1.1, unless `options` say otherwise) makes of a Markdown body.

    Takes any text and raises nothing. All offsets are code points of `text`.
    """
    page = Page(options, len(text))
    excerpt = whole(text)
    root = Node(OTHER, excerpt, 0, len(excerpt.text))
    parse(Cursor(page, excerpt, parse), root)
    if "{::options" in text:
        # One within a paragraph counts for headings before it too: read all once for the options alone.
        Writer(page, Found()).write(root)
    found = Found()
    Writer(page, found).write(root)
    found.undefined = [Undefined(label, *span) for span, label in sorted(page.missing.items())]
    return found.scan()


def scan_html(text: str) -> Scan:
    """What a browser sees in HTML: an `.html` page, or what a layout makes."""
    from contentlint.kramdown import browser  # not every site has pages or layouts of HTML

    found = Found()
    browser.read(Excerpt(text, None, [], []), 0, len(text), found)
    return found.scan()
