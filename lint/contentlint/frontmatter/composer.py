"""Builds a document from the events of a YAML parser, step by step as SafeYAML's handler does (facts 1.3).

Its oddities are kept, because pages are built with them: the text of an alias is resolved anew even when it was quoted,
`<<` merges at the point where it stands, and a null key is no key, so that the value after it is taken for one.
"""

from __future__ import annotations

import re
from typing import Any

from contentlint.frontmatter import shapes
from contentlint.frontmatter.document import Document, Duplicate, Error, Fields, Place
from contentlint.frontmatter.parser import Event, Events, parser, yaml_error
from contentlint.frontmatter.scalars import resolve
from contentlint.page import KeyPath
from contentlint.record import NamedTuple
from contentlint.regex import regex

MAX_DEPTH = 100
"""Collections nested deeper are an error: who walks the value may do so by recursion."""
MAX_REPEATED = 100_000
"""More fields than this brought in by aliases are an error: a few lines of them can stand for billions."""

_PROPERTIES = regex(r"(?:[&!]\S*|#[^\n]*|\s+)*")
_BLOCK_HEADER = regex(r"[|>][^\n\r\x85\u2028\u2029]*\s*")
_BINARY = ("tag:yaml.org,2002:binary", "x-private:binary", "!binary")


class Refused(Exception):  # noqa: N818 - what it carries is the error
    """What YAML's syntax allows, but Jekyll fails on or we set a bound to."""

    def __init__(self, message: str, start: int, end: int, note: str = "") -> None:
        super().__init__(message)
        self.error = Error(message, start, end, note)


class _Key(NamedTuple):
    """Where a mapping has a key from."""

    row: int
    first: Place | None
    """The first of its keys that is written in this mapping; None when a merge brought it."""


class _Open:
    """A collection that is being filled."""

    __slots__ = ("data", "is_item", "keys", "path", "row")

    def __init__(self, data: Any, row: int, path: KeyPath, is_item: bool) -> None:
        self.data = data
        self.row = row
        self.path = path
        self.is_item = is_item
        self.keys: dict[tuple[type, Any], _Key] = {}


class _Scalar(NamedTuple):
    value: Any
    tag: str
    text: str
    start: int
    end: int


class _Collection(NamedTuple):
    value: Any
    row: int


class Composition:
    """One run over the events of a document. The first row of its columns is the root."""

    def __init__(self, text: str, base: int) -> None:
        self.text = text
        self.base = base
        """What the parser calls offset 0 stands here in `text`."""
        self.fields = Fields()
        self.parents: list[int] = []
        self.dead: set[int] = set()
        """Rows that a later value overwrote, and collections that are keys."""
        self.stack: list[_Open] = []
        self.key: Any = None
        """The key that waits for its value. SafeYAML keeps only one, whatever mapping is open."""
        self.key_place: Place = (0, 0)
        self.anchors: dict[str, _Scalar | _Collection] = {}
        self.stops: dict[int, int] = {}
        """For each closed collection, the row after its last."""
        self.repeated = 0
        self.duplicates: list[Duplicate] = []
        self.root: Any = None
        self.last = 0
        """Where the last thing that was written ends."""

    def run(self, events: Events) -> Document:
        """Take events until the first document ends, and build it."""
        while True:
            event = events.get_event()
            match type(event).__name__:
                case "ScalarEvent":
                    self._scalar(event)
                case "MappingStartEvent":
                    self._open(event, {}, "map")
                case "SequenceStartEvent":
                    self._open(event, [], "seq")
                case "MappingEndEvent" | "SequenceEndEvent":
                    self._close(event)
                case "AliasEvent":
                    self._alias(event)
                case "DocumentEndEvent" | "StreamEndEvent":
                    return self._document()

    def _document(self) -> Document:
        fields = self.fields
        if not self.parents:
            return Document(root=(self.base, self.base))
        root = fields.starts[0], fields.ends[0]
        kept = []
        for row in range(1, len(self.parents)):
            if row in self.dead or self.parents[row] in self.dead:
                self.dead.add(row)
            else:
                kept.append(row)
        return Document(self.root, fields.only(kept), tuple(self.duplicates), None, root)

    def _scalar(self, event: Event) -> None:
        start, end = self.base + event.start_mark.index, self.base + event.end_mark.index
        self.last = end
        text: str = event.value
        tag: str | None = event.tag
        if event.anchor is not None or tag is not None:
            start = self._after_properties(start, end)
        if event.style in ("'", '"'):
            start, end = start + 1, end - 1
        elif event.style in ("|", ">"):
            start, end = self._block(start, end)
        if event.implicit[1]:
            scalar = _Scalar(text, "str", text, start, end)
        elif tag in _BINARY:
            text = _decode(text)
            scalar = _Scalar(text, "str", text, start, end)
        else:
            scalar = self._resolved(text, start, end)
        if event.anchor is not None:
            self.anchors[event.anchor] = scalar
        self._add(scalar.value, scalar.tag, scalar.start, scalar.end)

    def _resolved(self, text: str, start: int, end: int) -> _Scalar:
        try:
            value, tag = resolve(text)
        except ValueError:
            raise Refused(
                f"Ruby cannot read `{text}` as a number", start, end, "put it in quotes if it is text"
            ) from None
        return _Scalar(value, tag, text, start, end)

    def _open(self, event: Event, data: Any, tag: str) -> None:
        start, end = self.base + event.start_mark.index, self.base + event.end_mark.index
        if len(self.stack) == MAX_DEPTH:
            raise Refused(f"nested deeper than {MAX_DEPTH} levels", start, max(end, start + 1))
        if event.anchor is not None or event.tag is not None:
            start = self._after_properties(start, len(self.text))
        is_item = bool(self.stack) and type(self.stack[-1].data) is list
        row = self._add(data, tag, start, end)
        if row < 0:
            # A key, or something merged: what is in it goes nowhere.
            row = self._append((), tag, start, end, (start, end), -1)
            self.dead.add(row)
        if event.anchor is not None:
            self.anchors[event.anchor] = _Collection(data, row)
        self.stack.append(_Open(data, row, self.fields.keys[row], is_item))

    def _close(self, event: Event) -> None:
        end = self.base + event.end_mark.index
        if self.base + event.start_mark.index < end:
            self.last = end  # a bracket; the end of a block collection has no width and stands after blank lines
        closed = self.stack.pop()
        self.fields.ends[closed.row] = self.last
        if closed.is_item:
            self.fields.key_ends[closed.row] = self.last
        if self.key is closed.data:
            self.key_place = self.key_place[0], self.last
        self.stops[closed.row] = len(self.parents)

    def _alias(self, event: Event) -> None:
        start, end = self.base + event.start_mark.index, self.base + event.end_mark.index
        self.last = end
        anchored = self.anchors.get(event.anchor)
        if anchored is None:
            self._add(None, "null", start, end)
        elif isinstance(anchored, _Scalar):
            if isinstance(anchored.value, str):
                anchored = self._resolved(anchored.text, anchored.start, anchored.end)
            self._add(anchored.value, anchored.tag, anchored.start, anchored.end)
        elif anchored.row not in self.stops:
            # It stands inside the value that it names. Ruby has endless values, our users would never end walking them.
            self._add(type(anchored.value)(), self.fields.tags[anchored.row], start, end)
        else:
            merges = self.key == "<<" and type(self.stack[-1].data) is dict
            fields = self.fields
            row = self._add(
                anchored.value, fields.tags[anchored.row], fields.starts[anchored.row], fields.ends[anchored.row]
            )
            if merges:
                self._repeat(anchored.row, self.stack[-1].row, (start, end), self.stack[-1])
            elif row >= 0:
                self._repeat(anchored.row, row, (start, end))

    def _repeat(self, source: int, target: int, alias: Place, merged: _Open | None = None) -> None:
        """Copy the rows below `source` to below `target`; `merged` is the mapping whose keys they become."""
        fields = self.fields
        stop = self.stops[source]
        self.repeated += stop - source
        if self.repeated > MAX_REPEATED:
            raise Refused(f"aliases bring in more than {MAX_REPEATED} values", *alias)
        rows = {source: target}
        for row in range(source + 1, stop):
            parent = rows.get(self.parents[row], -1)
            path = (*fields.keys[parent], fields.keys[row][-1]) if parent >= 0 and fields.keys[row] else ()
            place = fields.key_starts[row], fields.key_ends[row]
            new = self._append(path, fields.tags[row], fields.starts[row], fields.ends[row], place, parent)
            rows[row] = new
            if row in self.dead:
                self.dead.add(new)
            elif merged is not None and parent == target:
                self._claim(merged, path[-1], new, None)
            if row in self.stops:
                self.stops[new] = new + self.stops[row] - row

    def _add(self, value: Any, tag: str, start: int, end: int) -> int:
        """Put a value where the state says it belongs; its row, or -1 when it has none."""
        if not self.stack:
            self.root = value
            return self._append((), tag, start, end, (start, end), -1)
        into = self.stack[-1]
        if type(into.data) is list:
            path = (*into.path, len(into.data))
            into.data.append(value)
            return self._append(path, tag, start, end, (start, end), into.row)
        if self.key is None:
            self.key = value
            self.key_place = start, end
            return -1
        key, place = self.key, self.key_place
        self.key = None
        if key == "<<":
            if type(value) is not dict:
                raise Refused("`<<` can only merge a mapping", *((start, end) if start < end else place))
            into.data.update(value)
            return -1
        if isinstance(key, dict | list):
            key = self.text[place[0] : max(place)].strip()
        into.data[key] = value
        row = self._append((*into.path, key), tag, start, end, place, into.row)
        self._claim(into, key, row, place)
        return row

    def _claim(self, mapping: _Open, key: Any, row: int, place: Place | None) -> None:
        """Give a key of `mapping` to `row`, and tell a key that is written twice."""
        # True and 1 are one key to Python, but two to Ruby.
        identity = type(key), key
        known = mapping.keys.get(identity)
        if known is None:
            mapping.keys[identity] = _Key(row, place)
            return
        self.dead.add(known.row)
        if known.first is not None and place is not None:
            self.duplicates.append(Duplicate((*mapping.path, key), *place, *known.first))
        mapping.keys[identity] = _Key(row, known.first or place)

    def _append(self, path: KeyPath, tag: str, start: int, end: int, key: Place, parent: int) -> int:
        self.parents.append(parent)
        self.fields.append(path, tag, start, end, *key)
        return len(self.parents) - 1

    def _after_properties(self, start: int, end: int) -> int:
        """Where a node itself begins that has an anchor or a tag before it."""
        properties = _PROPERTIES.match(self.text, start, end)
        return properties.end() if properties else start

    def _block(self, start: int, end: int) -> Place:
        """The place of the text of a literal or folded scalar, without its header, its indent and its last line end."""
        header = _BLOCK_HEADER.match(self.text, start, end)
        if header is None or header.end() == end:
            return start, start + 1
        return header.end(), header.end() + len(self.text[header.end() : end].rstrip())


def _decode(text: str) -> str:
    """Base64 as lenient as Ruby's `decode64`: what is no part of it is passed over."""
    from binascii import a2b_base64

    kept = re.sub(r"[^A-Za-z0-9+/]", "", text.partition("=")[0])
    if len(kept) % 4 == 1:
        kept = kept[:-1]
    return a2b_base64(kept + "=" * (-len(kept) % 4)).decode("utf-8", "replace")


def compose(text: str, start: int = 0, end: int | None = None) -> Document:
    """Read the first YAML document in `text[start:end]`; JSON is read in the same way, as Jekyll does.

    All offsets are those of `text`. What is not YAML gives a document with an `error`, never an exception.
    """
    end = len(text) if end is None else end
    start += text.startswith("\ufeff", start, end)
    return shapes.read(text, start, end) or read_events(text, start, end)


def read_events(text: str, start: int, end: int) -> Document:
    """Read with a YAML parser what may be any YAML; there is no byte order mark at `start`."""
    source = text[start:end]
    try:
        events = parser(source)
        try:
            return Composition(text, start).run(events)
        finally:
            events.dispose()
    except Refused as refused:
        return Document(error=refused.error)
    except (yaml_error(), UnicodeEncodeError) as problem:
        from contentlint.frontmatter.mistakes import explain

        return Document(error=explain(text, start, end, problem))
