"""What a scan hands out, and the settings that decide it: the types that all of this package speaks in."""

from __future__ import annotations

from contentlint.record import NamedTuple


class Options(NamedTuple):
    """Those of kramdown's options (Jekyll: `kramdown:` in the config) that change links or ids.

    The defaults are Jekyll's. An option may also be set within a page, by `{::options key="value" /}`.
    """

    gfm: bool = True
    """`input: GFM`; otherwise `input: kramdown`."""
    auto_ids: bool = True
    auto_id_prefix: str = ""
    auto_id_stripping: bool = False
    transliterated_header_ids: bool = False
    parse_block_html: bool = False
    parse_span_html: bool = True
    html_to_native: bool = False
    """The ids that HTML headings then get are not computed: each shows as an anchor with an unknown name."""
    footnote_prefix: str = ""
    footnote_backlink: str = "\u21a9"
    """Only whether it is empty counts: then footnotes do not link back."""
    hard_wrap: bool = False
    gfm_quirks: tuple[str, ...] = ("paragraph_end",)
    toc_levels: tuple[int, ...] = (1, 2, 3, 4, 5, 6)
    link_defs: tuple[tuple[str, str], ...] = ()
    """Pairs of a label and the URL it stands for, as if every page defined them."""


class Link(NamedTuple):
    """A URL in an attribute of the built page."""

    tag: str
    attribute: str
    """`href`, `src`, `poster`, `data` or `srcset` (one link for each candidate)."""
    url: str
    """As a browser reads it: character references are resolved."""
    start: int
    end: int
    """Code-point offsets of the URL as it is written; of a reference link, that in the definition."""
    use: int
    """Offset at which the construct begins: a link's `[`, an image's `!`, a tag's `<`."""
    alt: str | None = None
    """An image's alternative text; None where the attribute is missing."""
    generated: bool = False
    """kramdown wrote it (tables of contents, footnote marks), the author wrote only what asks for it."""


class Anchor(NamedTuple):
    """A name that a fragment can point at."""

    name: str
    start: int
    end: int
    """Offsets of the id as written; of a generated one, of what it was made from."""
    kind: str
    """heading (an id made of its text), id, name (`<a name>`), footnote or toc."""


class Undefined(NamedTuple):
    """`[text][label]` without a definition, which kramdown leaves as literal text; the offsets are the label's."""

    label: str
    start: int
    end: int


class Scan(NamedTuple):
    """Everything that one text says about links and anchors, in the order of the built page."""

    links: list[Link]
    anchors: list[Anchor]
    undefined: list[Undefined]
    comments: list[tuple[int, int]]
    """Offsets of the HTML comments that reach the built page as comments."""
