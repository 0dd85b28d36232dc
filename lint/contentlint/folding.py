"""Rows of a loop, of which the first is read for all: what it shows, the others show with their own values.

Galleries and lists of posts are most of what templates put out. A page is scanned with one row of each, and only the values
are asked for of the rest. Where it is not certain that this makes no difference, all is scanned.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate

from contentlint.kramdown import Link, Scan
from contentlint.kramdown import rows as repeating
from contentlint.liquid import MARK
from contentlint.liquid.output import Output, Rows, Words
from contentlint.record import NamedTuple

_FEW = 3
"""Fewer rows are read faster than they are folded."""
_MANY = 500
"""So many shapes are remembered: more than any site has templates with loops."""

_Point = tuple[int, int]
"""An offset in a row: behind the start of which text, and by how much."""


class Tag(NamedTuple):
    """A tag of a row that has a link."""

    name: str
    attribute: str
    use: _Point
    start: _Point
    end: _Point
    alt: tuple[_Point, _Point] | None
    values: range | None
    """The texts that the URL is made of when those are values and nothing else."""


class Shape(NamedTuple):
    """What all rows of a loop have alike."""

    nodes: tuple[object, ...]
    """Of the template; by their identity a shape is known again."""
    tags: list[Tag]
    quoted: list[int]
    """The values in attributes, by the number of their text in a row."""
    said: list[int]
    """The values in text."""

    def link(self, output: Output, tag: Tag, first: int) -> Link:
        """The link of one tag in the row whose first text has this index."""

        def at(point: _Point) -> int:
            return output.start(first + point[0]) + point[1]

        text, start, end = output.text, at(tag.start), at(tag.end)
        alt = text[at(tag.alt[0]) : at(tag.alt[1])] if tag.alt is not None else None
        return Link(tag.name, tag.attribute, text[start:end], start, end, at(tag.use), alt)

    def fits(self, texts: Sequence[str]) -> bool:
        """Whether nothing in the values of rows can change what they show."""
        width = len(self.nodes)
        return (
            repeating.inert("".join([text for each in self.quoted for text in texts[each::width]]), quoted=True)
            and repeating.inert("".join([text for each in self.said for text in texts[each::width]]), quoted=False)
            and all(all(texts[each::width]) for tag in self.tags for each in tag.values or ())
        )


class Fold(NamedTuple):
    """Rows whose links stand before the one with the number `at` of a scan."""

    at: int
    rows: Rows
    shape: Shape
    links: list[Link]
    """Of the first row, one for each of its tags."""


class _Kept(NamedTuple):
    """The one row that was left of some."""

    rows: Rows
    shape: Shape
    low: int
    high: int
    """Its bounds in the output."""
    folded: int
    """Where it ends in the folded text."""
    removed: int
    """How much has been taken out behind it."""


class Folding:
    """Scans outputs, and knows the shapes of rows again."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[int, ...], tuple[tuple[object, ...], Shape | None]] = {}

    def scan(self, output: Output, read: Callable[[str], Scan]) -> tuple[Scan, list[Fold]]:
        """What `read` finds in an output, without the links of rows that are folded; and those, in order."""
        if output.rows and MARK not in output.text:
            folded, kept = self._folded(output)
            if kept and (found := _unfolded(output, read(folded), kept)) is not None:
                return found
        return read(output.text), []

    def _folded(self, output: Output) -> tuple[str, list[_Kept]]:
        """An output with one row of each that can stand for the others."""
        text = output.text
        left: list[str] = []
        kept: list[_Kept] = []
        at = removed = 0
        for rows in output.rows:
            width = len(rows.slots)
            if len(rows.numbers) < _FEW:
                continue
            shape = self._shape(output, rows)
            if shape is None or not shape.fits(output.texts[rows.first : rows.last]):
                continue
            start, end, last = (output.start(each) for each in (rows.first, rows.first + width, rows.last))
            if not repeating.alone(text, start, last):
                continue
            left.append(text[at:end])
            kept.append(_Kept(rows, shape, start, end, end - removed, last - end))
            removed += last - end
            at = last
        left.append(text[at:])
        return "".join(left), kept

    def _shape(self, output: Output, rows: Rows) -> Shape | None:
        nodes = tuple(output.nodes[rows.first : rows.first + len(rows.slots)])
        key = tuple(map(id, nodes))
        known = self._shapes.get(key)
        if known is None:
            if len(self._shapes) >= _MANY:
                self._shapes.clear()
            known = self._shapes[key] = nodes, _shape_of(nodes)
        return known[1]


def _shape_of(nodes: tuple[object, ...]) -> Shape | None:
    """The shape of the rows that these nodes make; None when one row cannot stand for others."""
    texts = [node.text if isinstance(node, Words) else "x" for node in nodes]
    values = [number for number, node in enumerate(nodes) if not isinstance(node, Words)]
    row = "".join(texts)
    found = repeating.tags(row)
    if not found:
        return None
    starts = [sum(map(len, texts[:number])) for number in range(len(texts) + 1)]

    def point(at: int) -> _Point:
        number = max(each for each, start in enumerate(starts) if start <= at)
        return number, at - starts[number]

    tags = []
    for tag in found:
        start, end = map(point, tag.url)
        whole = start[1] == end[1] == 0 and all(number in values for number in range(start[0], end[0]))
        alt = (point(tag.alt[0]), point(tag.alt[1])) if tag.alt is not None else None
        within = range(start[0], end[0]) if whole and start != end else None
        tags.append(Tag(tag.name, tag.attribute, point(tag.use), start, end, alt, within))
    quoted: list[int] = []
    said: list[int] = []
    for number in values:
        at = starts[number]
        tag_start = row.rfind("<", 0, at)
        if tag_start < row.rfind(">", 0, at):
            said.append(number)
        elif row.count('"', tag_start, at) % 2:
            quoted.append(number)
        else:
            return None  # the name of an attribute, perhaps of one that counts
    return Shape(nodes, tags, quoted, said)


def _unfolded(output: Output, scan: Scan, kept: list[_Kept]) -> tuple[Scan, list[Fold]] | None:
    """The scan in offsets of the whole output; None when it has not found just the links of the rows that were left."""
    first = kept[0].low
    turns = [each.folded for each in kept]
    removed = [*accumulate([each.removed for each in kept], initial=0)]

    def moved(at: int) -> int:
        return at + removed[bisect_right(turns, at)]

    links: list[Link] = []
    inside: dict[int, list[Link]] = {}
    folds: list[Fold] = []
    for link in scan.links:
        tag, attribute, url, start, end, use, alt, generated = link
        if use < first and end < first:
            links.append(link)
            continue
        use = moved(use)
        whole = Link(tag, attribute, url, moved(start), moved(end), use, alt, generated)
        number = next((number for number, each in enumerate(kept) if each.low <= use < each.high), None)
        if number is None:
            links.append(whole)
            continue
        if number not in inside:
            inside[number] = []
            folds.append(Fold(len(links), kept[number].rows, kept[number].shape, inside[number]))
        if folds[-1].rows is not kept[number].rows or folds[-1].at != len(links):
            return None
        inside[number].append(whole)
    for number, each in enumerate(kept):
        if inside.get(number) != [each.shape.link(output, tag, each.rows.first) for tag in each.shape.tags]:
            return None
    ends = [*(each.end for each in scan.anchors), *(each.end for each in scan.undefined)]
    if max(ends, default=0) < first and not scan.comments:
        return scan._replace(links=links), folds
    anchors = [each._replace(start=moved(each.start), end=moved(each.end)) for each in scan.anchors]
    undefined = [each._replace(start=moved(each.start), end=moved(each.end)) for each in scan.undefined]
    comments = [(moved(start), moved(end)) for start, end in scan.comments]
    for start, end in (
        *((each.start, each.end) for each in anchors),
        *((u.start, u.end) for u in undefined),
        *comments,
    ):
        if any(start < each.high and end > each.low for each in kept):
            return None
    return Scan(links, anchors, undefined, comments), folds
