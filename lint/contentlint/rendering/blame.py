"""The way back: from characters of the output to the place that its author has to mend."""

from __future__ import annotations

from collections.abc import Iterable

from contentlint.liquid import Origin, Output
from contentlint.liquid import Place as Written
from contentlint.liquid.output import Simple, Words
from contentlint.page import KeyPath, Place
from contentlint.regex import regex
from contentlint.rendering.shown import Datum, File, Made, Places

_LETTER = regex(r"[^\W_]")


class Blame:
    """Tells for one output whom to blame for what is in it; `file` is the page's own text."""

    def __init__(self, output: Output, file: File, places: Places) -> None:
        self._output = output
        self._file = file
        self._places = places
        self._located: tuple[Datum | None, str, Place | None] = (None, "", None)
        """The latest value that was led back: a picture is often a link to itself."""

    def given(self, made: Simple, url: str) -> tuple[Datum, Place] | None:
        """The page's front matter, and its place, when an include has made a URL of it and other values alone."""
        (_, _, parent, _), _, values = made
        if parent is None or not values:
            return None
        datum = values.pop()
        if not isinstance(datum, Datum) or datum.path != self._file.path or datum in values:
            return None
        if datum is not self._located[0] or url != self._located[1]:
            self._located = (datum, url, self._places.locate(datum, url))
        place = self._located[2]
        return (datum, place) if place is not None else None

    def blamed(self, start: int, end: int, origin: Origin, url: str) -> tuple[Place, KeyPath, Place | None]:
        """Which place the author has to mend, the key path if it is data, and the template that made it of that.

        Text of the page comes first, then the page's front matter, what only this page has (at its include tag), a
        data file, a template's own text, and the config last. Text that is nothing but slashes and dots joins the others
        and is passed over.
        """
        if origin.exact and origin.parent is None and origin.places[0].source is self._file:
            low = origin.places[0].start + self._file.shift
            return Place(self._file.path, low, low + end - start), (), None
        region = self.region(start, end, origin) if origin.parent is None else None
        written = [each for each in origin.places if _LETTER.search(file_of(each).text, each.start, each.end)]
        template = next((place_of(each) for each in reversed(origin.places) if each.source is not self._file), None)
        own = [each for each in written if each.source is self._file and each.parent is None]
        if own:
            return region or merged(own), (), template
        data = [each for each in origin.values if isinstance(each, Datum)]
        for datum in reversed(data):
            if datum.path == self._file.path and (place := self._places.locate(datum, url)) is not None:
                return place, datum.key, template or region
        tag = self.include_tag(origin)
        made = any(isinstance(each, Made) for each in origin.values)
        if tag is not None and (made or any(each.path == self._file.path for each in data)):
            return place_of(tag), (), template  # what the generator makes of a page stands nowhere
        if written:
            return merged([each for each in origin.places if each.source is written[-1].source]), (), None
        for datum in reversed(data):
            if (place := self._places.locate(datum, url)) is not None:
                return place, datum.key, template or region
        return template or region or place_of(next(self._output.between(start, end)).place), (), None

    def region(self, start: int, end: int, origin: Origin | None = None) -> Place | None:
        """What the page itself has where the output has these characters, tags included; None if a template has a part in it.

        Of a tag that prints one quoted text it is the text. `origin` is the range's, when it is known already.
        """
        across = self._output.across(start, end) if start < end else None
        if across is None:
            return self._region_by_pieces(start, end)
        (_, source, parent, _), first, last = across
        if source is not self._file or parent is not None:
            return None
        begin, finish = self._output.nodes[first], self._output.nodes[last]
        literal = finish.__class__ is Words
        if first == last and not literal:
            origin = origin or self._output.origin(start, end)
            if len(origin.places) == 1 and not origin.values:
                return place_of(origin.places[0])
        low = begin.start + (start - self._output.start(first) if begin.__class__ is Words else 0)
        high = finish.start + end - self._output.start(last) if literal else finish.end
        return Place(self._file.path, low + self._file.shift, max(low, high) + self._file.shift)

    def _region_by_pieces(self, start: int, end: int) -> Place | None:
        """The same, looked at piece by piece: what holds for them is not the same for all."""
        pieces = []
        for piece in self._output.between(start, end):
            if piece.place.source is not self._file or piece.place.parent is not None:
                return None
            pieces.append(piece)
        if len(pieces) == 1 and not pieces[0].literal:
            origin = self._output.origin(start, end)
            if len(origin.places) == 1 and not origin.values:
                return place_of(origin.places[0])
        first, last = pieces[0], pieces[-1]
        low = first.place.start + (start - first.start if first.literal else 0)
        high = last.place.start + end - last.start if last.literal else last.place.end
        return Place(self._file.path, low + self._file.shift, max(low, high) + self._file.shift)

    def include_tag(self, origin: Origin) -> Written | None:
        """The include tag of the page that brought a find; None for what is the page's own."""
        root = root_of(origin.parent) if origin.parent is not None else None
        return root if root is not None and root.source is self._file else None


def root_of(place: Written) -> Written:
    """The tag of the page that brought in a place of a template, by however many others."""
    while place.parent is not None:
        place = place.parent
    return place


def file_of(place: Written) -> File:
    """The file that a place is in."""
    file: File = place.source  # type: ignore[assignment]  # every source token is a File
    return file


def merged(places: Iterable[Written]) -> Place:
    """From the first to the last of places in one file."""
    places = list(places)
    file = file_of(places[0])
    return Place(
        file.path, min(each.start for each in places) + file.shift, max(each.end for each in places) + file.shift
    )


def place_of(place: Written) -> Place:
    """A place of a template as one of its file."""
    file = file_of(place)
    return Place(file.path, place.start + file.shift, place.end + file.shift)
