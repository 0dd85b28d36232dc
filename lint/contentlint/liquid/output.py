"""What rendering a template yields: its text, where each character came from, and what happened on the way."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Protocol

from contentlint.liquid.values import MARK, Part, Partial, Place, Text, Unknown, bounded, reason
from contentlint.record import NamedTuple


class Included(NamedTuple):
    """An include tag brought in a template; `params` are its values, None when the tag has none."""

    name: str
    kind: str
    source: object
    params: Mapping[str, object] | None
    place: Place
    maybe: bool


class MissingInclude(NamedTuple):
    """An include tag names a file that is not there; `place` is the name's (the tag's, when a variable gave it)."""

    name: str
    kind: str
    tried: Sequence[str]
    place: Place
    maybe: bool


class BrokenLink(NamedTuple):
    """A `link` or `post_url` tag that leads nowhere; `place` is its argument's."""

    tag: str
    value: str
    tried: Sequence[str]
    place: Place
    maybe: bool


class Failure(NamedTuple):
    """Something that makes the real build fail; `place` is the tag's."""

    message: str
    place: Place
    maybe: bool


class Selected(NamedTuple):
    """Items were selected from a list by a property: with `where`, `find`, or a loop with an `if` in it.

    `path` is the list's dotted path (`page.images`) with assigned names resolved, "" for what is no plain path; `length` is the
    list's, None when there is no list; `found` says how many items matched. `maybe` also when that is not known.
    """

    path: str
    property: str
    wanted: object
    length: int | None
    found: int
    place: Place
    maybe: bool


class Looped(NamedTuple):
    """A loop went over a list; `path` as in `Selected`, `length` None when the value is nil."""

    path: str
    length: int | None
    place: Place
    maybe: bool


Event = Included | MissingInclude | BrokenLink | Failure | Selected | Looped


class Missing(NamedTuple):
    """What a context answers for a name that leads nowhere, and the paths where it has looked."""

    tried: Sequence[str] = ()


class Piece(NamedTuple):
    """Characters `start` to `end` of the output that one text or one tag made.

    `literal`: they are the characters of `place` itself. Otherwise `place` is the tag's, and `parts` (in offsets of the output)
    say where its value came from.
    """

    start: int
    end: int
    place: Place
    literal: bool
    parts: tuple[Part, ...]
    unknown: str | None
    maybe: bool


class Origin(NamedTuple):
    """Where a range of the output came from.

    `places`: ranges of templates: literal text exactly, a quoted string in a tag without its quotes, a tag where nothing better is
    known. `values`: the opaque origins that the caller gave its strings. `unknown`: why some of it is not known.
    `exact`: the characters are those of the one place. `parent`: the include tag that brought the first of them in.
    """

    places: tuple[Place, ...]
    values: tuple[object, ...]
    unknown: str | None
    maybe: bool
    exact: bool
    parent: Place | None = None


class Ranged(Protocol):
    """A node: something with a range in its template."""

    start: int
    end: int


class Words:
    """Literal text of a template, and the node that writes it."""

    __slots__ = ("end", "start", "text")

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.start = start
        self.end = start + len(text)


Mark = tuple[int, object, Place | None, bool]
"""From which text on a template (its source and the place of its include tag) and a doubt hold."""

Simple = tuple[Mark, int, list[object]]
"""What holds for a range, and where it begins in its template (-1: nowhere) or the values that it is made of."""


Literals = tuple[list[int], list[int], list[int], list[bool]]
"""Stretches of literal text, in order: where each begins and ends in the output, by how much its place in the template is ahead
of that, and whether it may be absent."""


class Rows(NamedTuple):
    """Texts `first` to `last` of an output, which a loop has made of a list as its author wrote it: for each item as many.

    Where their values come from is found out when it is asked for.
    """

    first: int
    last: int
    numbers: range
    """Which items of the list they are."""
    slots: Sequence[str | bool | None]
    """What each text of an item prints: the value of a key, the item itself (True), or what is not the item's (None)."""
    origin: Callable[[int, str | None], object]
    """Where the value of an item's key, or the item, comes from."""

    def of(self, index: int) -> object:
        """Where the text at an index comes from; None for one that is not the item's."""
        item, slot = divmod(index - self.first, len(self.slots))
        key = self.slots[slot]
        return None if key is None else self.origin(self.numbers[item], key if isinstance(key, str) else None)


class Sink:
    """Collects the output: each text, the node that wrote it, and from which text on another template or doubt holds.

    `doubt` is how deep in doubt the run was when the sink was made: a text captured there is certain where it is used.
    """

    __slots__ = ("doubt", "marks", "nodes", "rows", "texts")

    def __init__(self, source: object, parent: Place | None, doubt: int) -> None:
        self.doubt = doubt
        self.texts: list[str] = []
        self.nodes: list[Ranged] = []
        self.marks: list[Mark] = [(0, source, parent, False)]
        self.rows: list[Rows] = []

    def text(self, index: int) -> str:
        """The text at an index, with its origin."""
        text = self.texts[index]
        if type(text) is str and self.rows and self.nodes[index].__class__ is not Words:
            at = bisect_right(self.rows, index, key=_first) - 1
            if at >= 0 and index < self.rows[at].last and (origin := self.rows[at].of(index)) is not None:
                text = self.texts[index] = Text(text, origin)
        return text

    def piece(self, index: int, start: int, mark: Mark, places: dict[int, Place]) -> Piece:
        """The text at an index as a piece of the output that starts at `start`; `places` keeps those of the mark's nodes."""
        text, node = self.text(index), self.nodes[index]
        _, source, parent, maybe = mark
        end = start + len(text)
        parts: tuple[Part, ...] = ()
        unknown = None
        if isinstance(text, Text):
            parts = text.shifted(start)
            if isinstance(text, Partial):
                maybe = maybe or all(part.maybe for part in parts)
                unknown = reason(text) if MARK in text else None
        place = places.get(id(node))
        if place is None:
            place = places[id(node)] = Place(source, node.start, node.end, parent)
        return Piece(start, end, place, node.__class__ is Words, parts, unknown, maybe)

    def pieces(self) -> Iterator[Piece]:
        """The output so far, piece by piece, without empty ones."""
        position = turn = 0
        marks = self.marks
        places: dict[int, Place] = {}
        for index, text in enumerate(self.texts):
            while turn + 1 < len(marks) and marks[turn + 1][0] <= index:
                turn += 1
                places = {}
            if text:
                yield self.piece(index, position, marks[turn], places)
                position += len(text)

    def captured(self) -> str:
        """The output as a value that remembers where it came from."""
        text = "".join(self.texts)
        parts: list[Part] = []
        partial = False
        for piece in self.pieces():
            partial = partial or piece.maybe or piece.unknown is not None
            if piece.literal or not piece.parts:
                parts.append(Part(piece.start, piece.end, piece.place, piece.maybe, piece.literal))
            else:
                partial = partial or any(part.maybe for part in piece.parts)
                parts.extend(part._replace(maybe=True) if piece.maybe else part for part in piece.parts)
        return (Partial if partial else Text)(text, None, bounded(parts, len(text)))


def _first(rows: Rows) -> int:
    return rows.first


class Output:
    """A rendered template."""

    def __init__(self, sink: Sink, events: list[Event]) -> None:
        self._sink = sink
        self.text = "".join(sink.texts)
        """The output, with `MARK` where it is not known."""
        self.events = events
        """What happened, in order."""

    @property
    def texts(self) -> Sequence[str]:
        """What was put out, one by one; `nodes` are what did it."""
        return self._sink.texts

    @property
    def nodes(self) -> Sequence[Ranged]:
        """The nodes that made the texts; literal text is of `Words`."""
        return self._sink.nodes

    @property
    def rows(self) -> Sequence[Rows]:
        """Which texts are the rows of a loop, in order."""
        return self._sink.rows

    def start(self, index: int) -> int:
        """Where the text with an index begins; of the index behind the last, where the output ends."""
        return self._ends[index - 1] if index else 0

    def value(self, index: int) -> str:
        """The text with an index, with its origin if it has one."""
        return self._sink.text(index)

    def mark(self, index: int) -> Mark:
        """What holds for the text with an index."""
        return self._sink.marks[bisect_right(self._sink.marks, (index + 1,)) - 1]

    @cached_property
    def pieces(self) -> list[Piece]:
        """The source map: pieces tile the text, in order."""
        return list(self._sink.pieces())

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(map(len, self._sink.texts)))

    def _made(self, at: int) -> tuple[int, int]:
        """The index of the text that a character stands in, and of the mark that holds there.

        Behind the last character stands what the last one is. A tuple sorts below all longer ones that begin with it.
        """
        index = bisect_right(self._ends, min(at, len(self.text) - 1))
        return index, bisect_right(self._sink.marks, (index + 1,)) - 1

    def _texts(self, index: int, turn: int, end: int) -> Iterator[tuple[int, int, Mark]]:
        """The texts from an index on that begin before an offset: the index of each, its start, and what holds for it."""
        texts, marks, ends = self._sink.texts, self._sink.marks, self._ends
        while index < len(ends) and (low := ends[index] - len(texts[index])) < end:
            while turn + 1 < len(marks) and marks[turn + 1][0] <= index:
                turn += 1
            if texts[index]:
                yield index, low, marks[turn]
            index += 1

    def between(self, start: int, end: int) -> Iterator[Piece]:
        """The pieces that have a character between two offsets (an empty range: the character at `start`)."""
        texts = self._texts(*self._made(start), max(end, start + 1))
        return (self._sink.piece(index, low, mark, {}) for index, low, mark in texts)

    def literals(self, source: object) -> Literals:
        """The literal text that a template itself has put out, not what it includes: most of what anyone asks for is in it."""
        lows: list[int] = []
        highs: list[int] = []
        shifts: list[int] = []
        doubts: list[bool] = []
        ends, nodes, marks = self._ends, self._sink.nodes, self._sink.marks
        for (first, origin, parent, maybe), last in zip(
            marks, [*(each[0] for each in marks[1:]), len(ends)], strict=True
        ):
            if parent is not None or origin is not source:
                continue
            for index in range(first, last):
                if (node := nodes[index]).__class__ is Words and node.start < node.end:
                    end = ends[index]
                    lows.append(end - node.end + node.start)
                    highs.append(end)
                    shifts.append(node.end - end)
                    doubts.append(maybe)
        return lows, highs, shifts, doubts

    def across(self, start: int, end: int) -> tuple[Mark, int, int] | None:
        """What holds for a range that is not empty, and the indexes of its first and last text; None if that changes in it."""
        first, turn = self._made(start)
        last = bisect_right(self._ends, end - 1, first)
        marks = self._sink.marks
        return (marks[turn], first, last) if turn + 1 == len(marks) or marks[turn + 1][0] > last else None

    def simply(self, start: int, end: int) -> Simple | None:
        """What a range that is not empty is made of, when that is one stretch of literal text, or values and nothing else.

        Nearly all that anyone asks for is so; of the rest `origin` tells more, and takes longer.
        """
        sink, ends = self._sink, self._ends
        index = bisect_right(ends, start)
        turn = bisect_right(sink.marks, (index + 1,)) - 1
        node = sink.nodes[index]
        if node.__class__ is Words:
            return (sink.marks[turn], node.end - ends[index] + start, []) if end <= ends[index] else None
        values: list[object] = []
        texts = sink.texts
        while True:
            if text := texts[index]:
                text = text if type(text) is Text else sink.text(index)
                value = text.origin if type(text) is Text else None
                if value is None or isinstance(value, (Place, Unknown)):
                    return None
                values.append(value)
            if ends[index] >= end:
                break
            index += 1
        marks = sink.marks
        return (marks[turn], -1, values) if turn + 1 == len(marks) or marks[turn + 1][0] > index else None

    def origin(self, start: int, end: int) -> Origin:
        """Where the characters `start` to `end` of the text came from (an empty range: the character there)."""
        if not self.text:
            return Origin((), (), None, False, False)
        end = max(end, start + 1)
        first, turn = self._made(start)
        _, source, brought, maybe = self._sink.marks[turn]
        node = self._sink.nodes[first]
        if node.__class__ is Words and end <= self._ends[first]:  # most that anyone asks for
            begin = node.end - self._ends[first]
            return Origin((Place(source, begin + start, begin + end, brought),), (), None, maybe, True, brought)
        places: list[Place] = []
        values: list[object] = []
        unknown: str | None = None
        exact = True
        for index, low, (_, source, parent, doubt) in self._texts(first, turn, end):
            text = self._sink.text(index)
            maybe = maybe or doubt
            if type(text) is Text and (value := text.origin) is not None and not isinstance(value, (Place, Unknown)):
                exact = False  # a value as it is, as most are: this way saves a tenth of leading finds back
                if value not in values:
                    values.append(value)
                continue
            parts = text.parts if isinstance(text, Text) else ()
            if not parts:
                node = self._sink.nodes[index]
                literal = node.__class__ is Words
                parts = (Part(0, len(text), Place(source, node.start, node.end, parent), exact=literal),)
            elif isinstance(text, Partial):
                maybe = maybe or all(part.maybe for part in parts)
            known = False
            for part in parts:
                if part.end + low <= start or part.start + low >= end:
                    continue
                maybe = maybe or part.maybe
                if isinstance(part.origin, Place):
                    known = True
                    exact = exact and part.exact
                    _add(places, part, start - low, end - low)
                elif isinstance(part.origin, Unknown):
                    unknown = unknown or part.origin.reason
                elif part.origin is not None and part.origin not in values:
                    values.append(part.origin)
            exact = exact and known
        exact = exact and len(places) == 1 and places[0].end - places[0].start == end - start
        return Origin(tuple(places), tuple(values), unknown, maybe, exact, brought)


def _add(places: list[Place], part: Part, start: int, end: int) -> None:
    """Add a part's place, cut down to the range where its characters are the place's."""
    place = part.origin
    assert isinstance(place, Place)
    if part.exact:
        low, high = max(start, part.start) - part.start, min(end, part.end) - part.start
        place = place._replace(start=place.start + low, end=place.start + high)
    if place not in places:
        places.append(place)
