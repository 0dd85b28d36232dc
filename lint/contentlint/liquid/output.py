"""What rendering a template yields: its text, where each character came from, and what happened on the way."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from contentlint.liquid.values import MARK, Part, Partial, Place, Text, Unknown, reason


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
    list's, None when there is no list; `found` says how many items matched.
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
    `exact`: the characters are those of the one place.
    """

    places: tuple[Place, ...]
    values: tuple[object, ...]
    unknown: str | None
    maybe: bool
    exact: bool


class Words:
    """Literal text of a template, and the node that writes it."""

    __slots__ = ("end", "start", "text")

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.start = start
        self.end = start + len(text)


class Sink:
    """Collects the output: each text, the node that wrote it, and from which text on another template or doubt holds."""

    __slots__ = ("marks", "nodes", "texts")

    def __init__(self, source: object, parent: Place | None, *, maybe: bool) -> None:
        self.texts: list[str] = []
        self.nodes: list[object] = []
        self.marks: list[tuple[int, object, Place | None, bool]] = [(0, source, parent, maybe)]

    def pieces(self) -> list[Piece]:
        """The output so far, piece by piece, without empty ones."""
        pieces: list[Piece] = []
        position = 0
        marks = iter([*self.marks[1:], (len(self.texts) + 1, None, None, False)])
        _, source, parent, maybe = self.marks[0]
        turn = next(marks)
        for index, (text, node) in enumerate(zip(self.texts, self.nodes, strict=True)):
            while turn[0] <= index:
                _, source, parent, maybe = turn
                turn = next(marks)
            if not text:
                continue
            place = Place(source, node.start, node.end, parent)  # type: ignore[attr-defined]  # every node has its range
            end = position + len(text)
            parts: tuple[Part, ...] = ()
            unknown = None
            doubtful = maybe
            if isinstance(text, Text):
                parts = tuple(
                    part._replace(start=part.start + position, end=part.end + position) for part in text.parts
                )
                if isinstance(text, Partial):
                    doubtful = doubtful or all(part.maybe for part in parts)
                    unknown = reason(text) if MARK in text else None
            pieces.append(Piece(position, end, place, node.__class__ is Words, parts, unknown, doubtful))
            position = end
        return pieces

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
                parts.extend(part._replace(maybe=True) for part in piece.parts) if piece.maybe else parts.extend(
                    piece.parts
                )
        return (Partial if partial else Text)(text, None, tuple(parts))


class Output:
    """A rendered template."""

    def __init__(self, sink: Sink, events: list[Event]) -> None:
        self._sink = sink
        self.text = "".join(sink.texts)
        """The output, with `MARK` where it is not known."""
        self.events = events
        """What happened, in order."""

    @cached_property
    def pieces(self) -> list[Piece]:
        """The source map: pieces tile the text, in order."""
        return self._sink.pieces()

    @cached_property
    def _starts(self) -> list[int]:
        return [piece.start for piece in self.pieces]

    def origin(self, start: int, end: int) -> Origin:
        """Where the characters `start` to `end` of the text came from (an empty range: the character there)."""
        places: list[Place] = []
        values: list[object] = []
        unknown: str | None = None
        maybe = False
        exact = True
        for index in range(max(0, bisect_right(self._starts, start) - 1), len(self.pieces)):
            piece = self.pieces[index]
            if piece.start >= max(end, start + 1):
                break
            low, high = max(start, piece.start), min(end, piece.end)
            maybe = maybe or piece.maybe
            found = [(piece.start, piece.end, piece.place, True)] if piece.literal else []
            for part in piece.parts:
                if part.end <= low or part.start >= max(high, low + 1):
                    continue
                maybe = maybe or part.maybe
                if isinstance(part.origin, Unknown):
                    unknown = unknown or part.origin.reason
                elif isinstance(part.origin, Place):
                    found.append((part.start, part.end, part.origin, part.exact))
                elif part.origin is not None and part.origin not in values:
                    values.append(part.origin)
            if not found and not piece.parts:
                found.append((piece.start, piece.end, piece.place, False))
            exact = exact and len(found) == 1 and found[0][3]
            for left, right, place, verbatim in found:
                _add(places, _cut(place, max(low, left) - left, min(high, right) - left) if verbatim else place)
        return Origin(tuple(places), tuple(values), unknown, maybe, exact and len(places) == 1 and not values)


def _cut(place: Place, start: int, end: int) -> Place:
    return place._replace(start=place.start + start, end=place.start + max(start, end))


def _add(places: list[Place], place: Place) -> None:
    if places:
        last = places[-1]
        if last.end == place.start and last.source == place.source and last.parent == place.parent:
            places[-1] = last._replace(end=place.end)
            return
    if place not in places:
        places.append(place)
