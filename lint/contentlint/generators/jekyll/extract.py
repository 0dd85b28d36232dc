"""The facts of one file: what its bytes say, whatever the rest of the site and its settings of meaning are."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from typing import Any

from contentlint import frontmatter, kramdown
from contentlint.frontmatter import Block, Document
from contentlint.generators.jekyll.documents import converted
from contentlint.generators.jekyll.items import Head
from contentlint.generators.jekyll.settings import Settings
from contentlint.generators.jekyll.urls import extension
from contentlint.record import NamedTuple, Record

MOST_SIGNS = 1_000_000
"""A page or data file with more signs of markup is not read. The most of the public sites that we know has not a tenth of it."""

_OPENING = 65_536
"""The front matter of such a page is still read when it has not more bytes than that."""

_SIGNS = b"\n\\[]{}()<>|*_`~$&\"'#:,!=^+-"


class Dialect(NamedTuple):
    """The few settings that change how bytes are read."""

    encoding: str = "utf-8"
    markdown: bool = False
    """The body is Markdown, read by kramdown with these options; otherwise it is the output as it stands."""
    html: bool = False
    """The output is a page that a browser reads."""
    dated: bool = False
    """It is read whatever its first line is: a post or a draft."""
    options: kramdown.Options = kramdown.Options()


class Facts(Record, frozen=True):
    """What a file says. Offsets are code points of its text as `decode` gives it."""

    marked: bool
    """Its first line is that of front matter."""
    bad_at: int = -1
    """The offset of the first byte that is no text in the site's encoding."""
    block: Block | None = None
    document: Document | None = None
    """The front matter; None without one."""
    body: int = 0
    """Where the body begins."""
    liquid: bool = False
    """The body has what Liquid takes for a tag."""
    suppressing: bool = False
    """Somewhere it speaks to contentlint."""
    unread: bool = False
    """What is behind the front matter was not looked at: there is too much of it."""

    @property
    def own(self) -> Any:
        """The value of the front matter; None when there is none or it cannot be read."""
        return self.document.data if self.document is not None and self.document.error is None else None

    @property
    def head(self) -> Head:
        """What the URL may depend on."""
        document = self.document
        if self.bad_at >= 0 or document is None:
            return Head(self.marked, decodable=self.bad_at < 0)
        if document.error is not None:
            return Head(self.marked, error=document.error.message)
        data = document.data
        stamps = [str(key[0]) for key in document.fields.times() if len(key) == 1] if isinstance(data, dict) else ()
        return Head(self.marked, data, frozenset(stamps))


def decode(raw: bytes, encoding: str = "utf-8") -> tuple[str, int]:
    """The text of a file without its byte order mark, and the offset of the first undecodable byte, -1 when there is none."""
    if encoding == "utf-8" and raw.startswith(codecs.BOM_UTF8):
        raw = raw[3:]
    try:
        return raw.decode(encoding), -1
    except UnicodeDecodeError as error:
        return raw.decode(encoding, "replace"), len(raw[: error.start].decode(encoding, "replace"))


def signs(raw: bytes) -> int:
    """How many signs of a file may mean something to YAML, Liquid, Markdown or HTML; 0 when they are not too many anyway.

    What reading a file costs goes by them, and not by its size: a picture in base64 has next to none.
    """
    return len(raw) - len(raw.translate(None, _SIGNS)) if len(raw) > MOST_SIGNS else 0


def extract(raw: bytes, dialect: Dialect, *, whole: bool = False) -> Facts:
    """Read a file that may be a page; `whole` says that all of it is its data (a document that is a YAML file)."""
    marked = frontmatter.sniff(raw[:4096])
    text, bad_at = decode(raw, dialect.encoding)
    if whole:
        return Facts(marked, bad_at, None, frontmatter.compose(text), len(text), suppressing="contentlint:" in text)
    if not marked and not dialect.dated:
        return Facts(marked, bad_at)
    block = frontmatter.split(text)
    document = frontmatter.compose(text, block.start, block.end) if block is not None else None
    body = block.body if block is not None else 0
    liquid = text.find("{{", body) >= 0 or text.find("{%", body) >= 0
    return Facts(marked, bad_at, block, document, body, liquid, "contentlint:" in text)


def opening(raw: bytes, dialect: Dialect) -> Facts | None:
    """The facts of a page's front matter alone, when it is closed within the first _OPENING bytes and can be read."""
    text, bad_at = decode(raw[:_OPENING], dialect.encoding)
    block = frontmatter.split(text)
    document = frontmatter.compose(text, block.start, block.end) if block is not None else None
    if block is None or document is None or document.error is not None or 0 <= bad_at < block.body:
        return None
    return Facts(True, -1, block, document, block.body, unread=True)


def shown(text: str, dialect: Dialect) -> kramdown.Scan:
    """The links and anchors of a body after Liquid."""
    return kramdown.scan(text, dialect.options) if dialect.markdown else kramdown.scan_html(text)


class Dialects:
    """The dialect of each file of a site."""

    def __init__(self, settings: Settings) -> None:
        config = settings.config
        self._settings = settings
        self._plain = Dialect(settings.encoding, options=options(settings.kramdown))
        self._by_ending: dict[tuple[str, bool], Dialect] = {}
        engine = str(config["markdown"]).lower()
        self._other_engine = (
            "" if engine == "kramdown" else f"{config['markdown']} gives headings their ids, not kramdown"
        )

    def of(self, path: str, *, dated: bool = False) -> Dialect:
        """The dialect of a file, by its path."""
        ending = extension(path).lower()
        key = (ending, dated)
        known = self._by_ending.get(key)
        if known is None:
            to = converted(self._settings, ending)
            html = to in (".html", ".htm", ".xhtml")
            markdown = ending in self._settings.markdown
            known = self._by_ending[key] = self._plain._replace(markdown=markdown, html=html, dated=dated)
        return known

    def why_incomplete(self, path: str) -> str:
        """Why the headings of a page may have other ids than kramdown's; empty when they have not."""
        return self._other_engine if self.of(path).markdown else ""


def _levels(value: str) -> tuple[int, ...]:
    return tuple(int(each) for each in value.replace("..", ",").split(",") if each.strip().isdigit())


def options(settings: Mapping[str, Any]) -> kramdown.Options:
    """Options of kramdown from the `kramdown` mapping of the config; what it does not know there it ignores."""
    given: dict[str, Any] = {}
    for name, default in kramdown.Options()._asdict().items():
        value = settings.get(name)
        if isinstance(default, bool):
            if isinstance(value, bool):
                given[name] = value
        elif isinstance(default, str) and isinstance(value, str):
            given[name] = value
    given["gfm"] = str(settings.get("input") or "GFM").lower() == "gfm"
    levels = settings.get("toc_levels")
    if isinstance(levels, list):
        given["toc_levels"] = tuple(each for each in levels if isinstance(each, int))
    elif isinstance(levels, str):
        first, dots, last = levels.partition("..")
        given["toc_levels"] = (
            tuple(range(int(first), int(last) + 1)) if dots and (first + last).isdigit() else _levels(levels)
        )
    if isinstance(settings.get("link_defs"), dict):
        given["link_defs"] = tuple(
            (str(label), str(value[0] if isinstance(value, list) and value else value))
            for label, value in settings["link_defs"].items()
        )
    if isinstance(settings.get("gfm_quirks"), list):
        given["gfm_quirks"] = tuple(map(str, settings["gfm_quirks"]))
    return kramdown.Options(**given)
