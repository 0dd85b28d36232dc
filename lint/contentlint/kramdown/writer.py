"""Walks the tree of a page in the order in which kramdown writes it, and notes every link and anchor."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from contentlint.kramdown import plain
from contentlint.kramdown.attributes import Attributes
from contentlint.kramdown.excerpt import Excerpt
from contentlint.kramdown.found import Found
from contentlint.kramdown.html import HEADINGS, resolved
from contentlint.kramdown.ids import UNKNOWN, Numbering, basic_id, transliterated
from contentlint.kramdown.inline import TooMuchError
from contentlint.kramdown.links import Stretch
from contentlint.kramdown.node import (
    BLANK,
    CHARACTER,
    CODE,
    COMMENT,
    DEFINITION_LIST,
    EOB,
    EVERYDAY,
    FOOTNOTE,
    HEADER,
    HTML,
    IMAGE,
    LINK,
    LIST,
    MATH,
    NOMARKDOWN,
    OTHER,
    PARAGRAPH,
    TERM,
    TEXT,
    Node,
)
from contentlint.kramdown.page import Page
from contentlint.kramdown.view import Anchor, Link
from contentlint.regex import regex

_MARKUP = regex(r"[*_`<$\\\[{~]|--|\.\.\.|>>|&[#:\w]")
_NO_TOC = regex(r"\bno_toc\b")
_AUTO_IDS = regex(r"auto_ids(?:-([\w-]+))?", re.ASCII)
_NO_ATTRIBUTES = Attributes()
_TEXTS = (PARAGRAPH, TEXT)
_NOTHING = (BLANK, EOB, CHARACTER)


class Writer:
    """Writes one page."""

    __slots__ = (
        "_footnotes",
        "_found",
        "_headings",
        "_list_of_contents",
        "_list_of_footnotes",
        "_numbering",
        "_page",
        "_repeats",
        "_within_html",
    )

    def __init__(self, page: Page, found: Found) -> None:
        self._page = page
        self._found = found
        self._numbering = Numbering()
        self._within_html = False
        """GFM makes ids of headings that stand in neither HTML nor a footnote; kramdown makes those of the others."""
        self._headings: list[tuple[str, tuple[int, int], list[Node]]] = []
        """Those that a table of contents would show: the id, the bounds of the text, its spans."""
        self._footnotes: list[str] = []
        self._repeats: dict[str, int] = {}
        self._list_of_contents: tuple[int, int, str, tuple[int, int]] | None = None
        """Where it goes (counts of links and anchors), its id, and the bounds of what asks for it."""
        self._list_of_footnotes: tuple[int, int] | None = None

    def write(self, root: Node) -> None:
        """Note all that the page's blocks show, and then what kramdown gathers: footnotes and table of contents."""
        self._blocks(root.children)
        if self._footnotes or self._list_of_contents:
            self._put_in_place()
        self._found.comments.sort()

    def _put_in_place(self) -> None:
        main = self._found
        gathered = [(len(main.links), len(main.anchors), self._gather(self._write_footnotes))]
        if self._list_of_footnotes:
            gathered[0] = (*self._list_of_footnotes, gathered[0][2])
        if self._list_of_contents:
            links, anchors, _, _ = self._list_of_contents
            gathered.append((links, anchors, self._gather(self._write_contents)))
        for links, anchors, part in sorted(gathered, key=lambda entry: entry[:2], reverse=True):
            main.links[links:links] = part.links
            main.anchors[anchors:anchors] = part.anchors
            main.comments += part.comments

    def _gather(self, write: Callable[[], None]) -> Found:
        main, self._found = self._found, Found()
        write()
        part, self._found = self._found, main
        return part

    def _blocks(self, nodes: list[Node]) -> None:
        for node in nodes:
            kind = node.kind
            if kind in _TEXTS:
                if node.ial and kind == PARAGRAPH and not node.transparent:
                    self._element(node)
                if not plain.is_plain(node.excerpt.text, node.start, node.end):
                    self._spans(plain.read(self._page, node.excerpt, node.start, node.end))
            elif kind in _NOTHING:
                pass
            elif kind == EVERYDAY:
                self._everyday(node)
            elif kind == HEADER:
                self._header(node)
            elif kind == LIST:
                self._list(node)
            elif kind == HTML:
                self._element(node)
                if self._page.options.html_to_native and node.value in HEADINGS and "id" not in (node.attributes or {}):
                    # kramdown makes an id of what it makes of the element; only that there is one is known here.
                    self._found.anchors.append(Anchor(UNKNOWN, *node.excerpt.span(node.start, node.end), "heading"))
                outside, self._within_html = self._within_html, True
                self._blocks(node.children)
                self._within_html = outside
            elif kind == COMMENT:
                self._found.comments.append(node.excerpt.span(node.start, node.end))
            elif kind == NOMARKDOWN:
                self._raw(node)
            elif kind == DEFINITION_LIST:
                self._definition_list(node)
            else:
                if node.ial or node.attributes:
                    self._element(node)
                if node.children:
                    self._blocks(node.children)

    def _everyday(self, node: Node) -> None:
        excerpt = node.excerpt

        def heading(level: int, start: int, end: int) -> None:
            self._heading(level, excerpt, start, end, _NO_ATTRIBUTES)

        for spans in plain.read_blocks(self._page, excerpt, node.start, node.end, self._found.links, heading):
            self._spans(spans)

    def _raw(self, node: Node) -> None:
        """What is passed on as it stands."""
        from contentlint.kramdown import browser  # hardly any page needs it

        browser.read(node.excerpt, node.start, node.end, self._found)

    def _given(self, node: Node) -> Attributes:
        """The attributes of a block: its own, then those of its attribute list."""
        given = Attributes()
        if node.attributes:
            given.values.update(node.attributes)
        if node.ial:
            given.take(node.ial, self._page.named)
        return given

    def _element(self, node: Node) -> None:
        attributes = self._given(node).values
        if attributes:
            self._found.element(node.value, attributes, node.excerpt.origin(node.start))

    # Headings and terms

    def _header(self, node: Node) -> None:
        given = self._given(node) if node.ial or node.attributes else _NO_ATTRIBUTES
        self._heading(node.level, node.excerpt, node.start, node.end, given)

    def _heading(self, level: int, excerpt: Excerpt, start: int, end: int, given: Attributes) -> None:
        spans, text = self._read_exactly(excerpt, start, end)
        span = excerpt.span(start, end)
        name: str | None = None
        options = self._page.options
        if "id" in given.values:
            name = given.values["id"].text
        elif options.auto_ids:
            if options.gfm and not self._within_html:
                name = self._numbering.gfm(text)
            else:
                name = self._numbering.basic(transliterated(text) if options.transliterated_header_ids else text)
            name = options.auto_id_prefix + name
            if name.strip():
                self._found.anchors.append(Anchor(name, *span, "heading"))
        if given.values:
            self._found.element(f"h{level}", given.values, span[0])
        if name is not None and level in options.toc_levels and not (given.classes and _NO_TOC.search(given.classes)):
            self._headings.append((name, span, spans))
        if spans:
            self._spans(spans)

    def _read_exactly(self, excerpt: Excerpt, start: int, end: int, *, term: bool = False) -> tuple[list[Node], str]:
        """A heading's spans, and what an id is made of: the text that it shows, or its source. Plain text is no span."""
        source = excerpt.text[start:end]
        if not _MARKUP.search(source):
            return [], source
        from contentlint.kramdown.spans import Spans  # most headings are plain

        root = Node(OTHER, excerpt, start, end)
        try:
            Spans(Stretch(self._page, excerpt, start, end), start).parse(root)
        except TooMuchError:
            return [], source
        options = self._page.options
        if options.gfm or options.auto_id_stripping or term:
            return root.children, "".join(_shown(root.children, everything=options.gfm))
        return root.children, source

    def _definition_list(self, node: Node) -> None:
        self._element(node)
        refs = node.ial.refs if node.ial else []
        for child in node.children:
            if child.kind == TERM:
                self._term(child, refs)
            else:
                self._blocks([child])

    def _term(self, term: Node, refs: list[str]) -> None:
        given = self._given(term).values
        asked = next((match for ref in refs if (match := _AUTO_IDS.match(ref))), None)
        spans, text = self._read_exactly(term.excerpt, term.start, term.end, term=True)
        if asked and "id" not in given:
            name = (asked[1] or "") + basic_id(text)
            if name.strip():
                self._found.anchors.append(Anchor(name, *term.excerpt.span(term.start, term.end), "heading"))
        self._found.element("dt", given, term.excerpt.origin(term.start))
        self._spans(spans)

    # Lists

    def _list(self, node: Node) -> None:
        refs = node.ial.refs if node.ial else []
        found = self._found
        if "toc" in refs and not self._list_of_contents:
            given = self._given(node).values
            identifier = given["id"].text if "id" in given else "markdown-toc"
            place = node.excerpt.span(node.start, node.end)
            self._list_of_contents = len(found.links), len(found.anchors), identifier, place
            self._count_headings(node.children)
        elif "footnotes" in refs and not self._list_of_footnotes:
            self._list_of_footnotes = len(found.links), len(found.anchors)
            self._count_headings(node.children)
        else:
            if node.ial:
                self._element(node)
            self._blocks(node.children)

    def _count_headings(self, nodes: list[Node]) -> None:
        """The headings of a list that another takes the place of still count in GFM's numbering of ids."""
        options = self._page.options
        for node in nodes:
            if node.kind == HEADER and options.gfm and options.auto_ids and "id" not in self._given(node).values:
                self._numbering.gfm(self._read_exactly(node.excerpt, node.start, node.end)[1])
            elif node.kind != HTML:
                self._count_headings(node.children)

    def _write_contents(self) -> None:
        """The table of contents: its own id, and an entry with the heading's spans for each heading."""
        if not self._list_of_contents or not self._headings:
            return
        _, _, identifier, place = self._list_of_contents
        found = self._found
        found.anchors.append(Anchor(identifier, *place, "toc"))
        for name, span, spans in self._headings:
            found.links.append(Link("a", "href", resolved(f"#{name}"), *span, place[0], generated=True))
            found.anchors.append(Anchor(f"{identifier}-{name}", *span, "toc"))
            self._spans(spans, contents=True)

    # Footnotes

    def _mark(self, node: Node) -> None:
        name = self._page.options.footnote_prefix + node.value
        repeat = ""
        if node.value in self._repeats:
            self._repeats[node.value] += 1
            repeat = f":{self._repeats[node.value]}"
        else:
            self._repeats[node.value] = 0
            self._footnotes.append(node.value)
        start, end = node.excerpt.span(node.start, node.end)
        self._found.anchors.append(Anchor(f"fnref:{name}{repeat}", start, end, "footnote"))
        self._found.links.append(Link("a", "href", f"#fn:{name}", start, end, start, generated=True))

    def _write_footnotes(self) -> None:
        """The footnotes that are referred to, in the order of their first marks; they may refer to others."""
        self._within_html = True
        for key in self._footnotes:
            node = self._page.footnotes[key]
            name = self._page.options.footnote_prefix + key
            span = node.excerpt.span(node.start, node.end)
            self._found.anchors.append(Anchor(f"fn:{name}", *span, "footnote"))
            # A mark within the footnote itself comes too late to be led back to.
            repeats = self._repeats[key]
            self._blocks(node.children)
            if self._page.options.footnote_backlink:
                for repeat in ["", *(f":{i + 1}" for i in range(repeats))]:
                    self._found.links.append(
                        Link("a", "href", f"#fnref:{name}{repeat}", *span, span[0], generated=True)
                    )

    # Spans

    def _spans(self, nodes: Iterable[Node | Link], *, contents: bool = False) -> None:
        """Note what spans show; a table of `contents` shows no footnote marks, and of links only their text."""
        found = self._found
        for node in nodes:
            if isinstance(node, Link):
                found.links.append(node)
                continue
            kind = node.kind
            if kind in (TEXT, CHARACTER):
                continue
            if kind == FOOTNOTE:
                if not contents:
                    self._mark(node)
            elif kind == COMMENT:
                if not contents:
                    found.comments.append(node.excerpt.span(node.start, node.end))
            elif kind == NOMARKDOWN:
                self._raw(node)
            else:
                if node.attributes and not (contents and kind == LINK):
                    tag = "code" if kind == CODE else "span" if kind == MATH else node.value
                    found.element(tag, node.attributes, node.excerpt.origin(node.start))
                if node.children and not (kind == HTML and node.value in self._page.hiding):
                    self._spans(node.children, contents=contents)


def _shown(spans: list[Node], *, everything: bool) -> list[str]:
    """The text that spans show; unless `everything`, without code and without what typography and entities make."""
    shown: list[str] = []
    for node in spans:
        if node.kind == TEXT:
            shown.append(node.text())
        elif node.kind in (CODE, MATH, CHARACTER):
            if everything:
                shown.append(node.value)
        elif node.kind not in (COMMENT, NOMARKDOWN, FOOTNOTE, IMAGE, OTHER):
            shown += _shown(node.children, everything=everything)
    return shown
