"""Leads all that a rendered text shows back to where it was written."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from contentlint.kramdown import Link, Scan
from contentlint.liquid import MARK, Output, Piece, Text, Unknown
from contentlint.liquid import Place as Written
from contentlint.page import AnchorList, Form, Gathered, KeyPath, Reference, Role
from contentlint.record import NamedTuple
from contentlint.rendering.blame import Blame, root_of
from contentlint.rendering.happened import Happened
from contentlint.rendering.shown import Contract, Datum, File, Listing, Places, Shown, Told, alt_of, form_of, role_of

if TYPE_CHECKING:
    from contentlint.folding import Fold, Tag

_RAW_TEXT = r"(?is)<(script|style|title|textarea)\b.*?</\1"
_MAYBE = "whether it is shown at all depends on what only a build can tell"


class _Made(NamedTuple):
    """How one tag in the rows of a loop makes a reference."""

    low: int
    high: int
    """From which to which text of a row the URL goes."""
    key: str | None
    """What its last text has been in the item; None: the item itself."""
    role: Role
    alt: int
    """Which text is the alternative text; -1: it is the same in each row, namely `said`."""
    said: bool | None


class Reader:
    """Leads what a rendered text shows back to where it was written.

    `output` and `scan` are of the page's body, or of a layout around it; `file` and `url` are the page's, `data` is its own
    front matter; `plain` are the reasons of unknown values that hold no anchors.
    """

    def __init__(
        self,
        output: Output,
        scan: Scan,
        file: File,
        url: str,
        places: Places,
        contracts: Mapping[str, Contract],
        data: Any,
        plain: Collection[str] = (),
        folds: Iterable[Fold] = (),
    ) -> None:
        self._output = output
        self._scan = scan
        self._file = file
        self._places = places
        self._contracts = contracts
        self._data = data
        self._plain = plain
        self._folds = folds
        self._found = Gathered(file.path, url)
        self._literals = output.literals(file)
        self._blame = Blame(output, file, places)
        self._shown_by: dict[int, list[KeyPath]] = {}
        """By where an include tag of the page begins: the front matter that each reference it makes comes from."""

    def read(self) -> Shown:
        """All that the page shows."""
        shown = Shown(self._found)
        at = 0
        for fold in self._folds:
            self._links(self._scan.links[at : fold.at], shown)
            self._rows(fold)
            at = fold.at
        self._links(self._scan.links[at:], shown)
        shown.anchors = self._anchors()
        shown.incomplete = self._incomplete()
        for label, start, end in self._scan.undefined:
            place = self._blame.region(start, end)
            if place is not None and MARK not in label:
                shown.undefined.append((label, place.start, place.end))
        for start, end in self._scan.comments:
            place = self._blame.region(start, end)
            if place is not None:
                shown.comments.append((place.start, place.end))
        if self._output.events:
            Happened(self._output, self._file, self._contracts, self._data, self._shown_by).tell(shown)
        return shown

    # -- references -------------------------------------------------------------------------------------------------

    def _links(self, links: Iterable[Link], shown: Shown) -> None:
        """The references of links: most stand in the page's own text, letter by letter."""
        found, shift = self._found, self._file.shift
        lows, highs, shifts, doubts = self._literals
        for link in links:
            tag, attribute, url, start, end, _, alt, _ = link
            if tag == "base":
                shown.base = shown.base or self._base(link)
                continue
            at = bisect_right(lows, start) - 1
            if at < 0 or end > highs[at] or end <= start or MARK in url:
                found.add(self._reference(link))
                continue
            ahead = shifts[at] + shift
            found.urls.append(url)
            found.starts.append(start + ahead)
            found.ends.append(end + ahead)
            unknown = _MAYBE if doubts[at] else ""
            found.forms.append(form_of(role_of(tag, attribute), alt_of(tag, attribute, alt), unknown))

    def _reference(self, link: Link) -> Reference:
        """The reference of a link that a tag, an include or a layout has a part in."""
        tag, attribute, url, start, end, _, alt, _ = link
        role, alt_text = role_of(tag, attribute), alt_of(tag, attribute, alt)
        made = self._output.simply(start, end) if end > start and MARK not in url else None
        if made is not None and (given := self._blame.given(made, url)) is not None:
            (_, _, parent, maybe), _, _ = made
            datum, place = given
            if parent is not None and (root := root_of(parent)).source is self._file:
                self._shown_by.setdefault(root.start, []).append(datum.key)
            unknown = _MAYBE if maybe else ""
            return Reference(url, role, place, self._found.base, unknown, datum.key, None, alt_text)
        origin = self._output.origin(start, end)
        place, key, template = self._blame.blamed(start, end, origin, url)
        unknown = ""
        if MARK in url or origin.unknown:
            unknown = origin.unknown or "part of it is made of what only a build can tell"
        elif origin.maybe:
            unknown = _MAYBE
        if (brought := self._blame.include_tag(origin)) is not None:
            self._shown_by.setdefault(brought.start, []).append(key)
        return Reference(url, role, place, self._found.base, unknown, key, template, alt_text)

    def _base(self, link: Link) -> str:
        """A `<base href>` as the page has it; with the mark of the unknown when it may not be there."""
        return link.url + MARK * self._output.origin(link.start, link.end).maybe

    # -- the rows of loops ------------------------------------------------------------------------------------------

    def _rows(self, fold: Fold) -> None:
        """The references of all rows of a loop: tag by tag, where an include makes them of the page's own values alone."""
        output, (_, rows, shape, links) = self._output, fold
        _, _, parent, maybe = output.mark(rows.first)
        root = root_of(parent) if parent is not None else None
        listing = rows.origin if isinstance(rows.origin, Listing) else None
        quick = root is not None and listing is not None and listing.path == self._file.path
        columns: list[tuple[Tag, Sequence[str], _Made]] = []
        for tag, link in zip(shape.tags, links, strict=True):
            made = self._made(fold, tag, link) if quick else None
            if made is None:
                self._one_by_one(fold, tag)
                continue
            urls = self._urls(fold, made)
            same = next(
                (at for at, (_, known, each) in enumerate(columns) if (each.key, known) == (made.key, urls)), -1
            )
            if same < 0:
                columns.append((tag, urls, made))
            elif made.role is Role.IMAGE and columns[same][2].role is not Role.IMAGE:
                columns[same] = tag, urls, made  # a picture that is a link to itself is one reference
        for tag, urls, made in columns:
            if listing is None or root is None or not self._column(fold, listing, urls, made, _MAYBE if maybe else ""):
                self._one_by_one(fold, tag)
            elif root.source is self._file:
                self._shown_by.setdefault(root.start, []).append(listing.key)

    def _one_by_one(self, fold: Fold, tag: Tag) -> None:
        _, rows, shape, _ = fold
        for first in range(rows.first, rows.last, len(shape.nodes)):
            self._found.add(self._reference(shape.link(self._output, tag, first)))

    def _urls(self, fold: Fold, made: _Made) -> Sequence[str]:
        """The URL in each row."""
        _, rows, shape, _ = fold
        texts, width = self._output.texts, len(shape.nodes)
        parts = [texts[first : rows.last : width] for first in range(rows.first + made.low, rows.first + made.high)]
        return [*map("".join, zip(*parts, strict=True))]

    def _column(self, fold: Fold, listing: Listing, urls: Sequence[str], made: _Made, unknown: str) -> bool:
        """Add the reference that a tag makes in each row; False when one of them stands nowhere in the page."""
        _, rows, shape, _ = fold
        found, numbers = self._found, rows.numbers
        places = self._places.locate_each(listing.path, listing.keys(numbers, made.key), urls)
        if places is None:
            return False
        starts, ends = places
        found.urls += urls
        found.starts += starts
        found.ends += ends
        said = self._output.texts[rows.first + made.alt : rows.last : len(shape.nodes)] if made.alt >= 0 else ()
        forms = _forms(listing.key, numbers, made.key, made.role, True if said else made.said, unknown)
        if not all(said):
            bare = _forms(listing.key, numbers, made.key, made.role, False, unknown)
            forms = [one if alt else other for one, other, alt in zip(forms, bare, said, strict=True)]
        found.forms += forms
        return True

    def _made(self, fold: Fold, tag: Tag, link: Link) -> _Made | None:
        """How a tag of a row makes its reference, if of values alone, the last of which is the item's; None if in another way."""
        output, rows, width = self._output, fold.rows, len(fold.shape.nodes)
        if tag.values is None:
            return None
        seen: list[str | bool | None] = []
        for each in tag.values:
            slot = rows.slots[each]
            if slot is None:
                value = output.value(rows.first + each)
                origin = value.origin if type(value) is Text else None
                if origin is None or isinstance(origin, (Written, Unknown)):
                    return None
                if isinstance(origin, Datum) and any(isinstance(step, int) for step in origin.key):
                    return None  # perhaps the item's own value once more
            elif slot in seen or {*map(type, output.texts[rows.first + each : rows.last : width])} != {str}:
                return None
            seen.append(slot)
        key = seen[-1]
        alt = -1
        said = alt_of(tag.name, tag.attribute, link.alt)
        if tag.alt is not None and tag.alt[0][0] != tag.alt[1][0]:
            alt = tag.alt[0][0]
            if tag.alt != ((alt, 0), (alt + 1, 0)):
                return None
        if key is None:
            return None
        return _Made(
            tag.values.start,
            tag.values.stop,
            key if isinstance(key, str) else None,
            role_of(tag.name, tag.attribute),
            alt,
            said,
        )

    # -- anchors ----------------------------------------------------------------------------------------------------

    def _anchors(self) -> AnchorList:
        """The anchors; nearly all stand in the page's own text, as the headings and ids that they are."""
        lows, highs, shifts, _ = self._literals
        path, shift = self._file.path, self._file.shift
        starts: list[int] = []
        ends: list[int] = []
        odd: dict[int, str] = {}
        for name, start, end, _ in self._scan.anchors:
            at = bisect_right(lows, start) - 1
            if at >= 0 and start < end <= highs[at]:
                ahead = shifts[at] + shift
                starts.append(start + ahead)
                ends.append(end + ahead)
                continue
            place, _, _ = self._blame.blamed(start, end, self._output.origin(start, end), name)
            if place.path != path:
                odd[len(starts)] = place.path
            starts.append(place.start)
            ends.append(place.end)
        names = [name for name, _, _, _ in self._scan.anchors]
        kinds = [kind for _, _, _, kind in self._scan.anchors]
        return AnchorList(path, names, starts, ends, kinds, odd or None)

    def _incomplete(self) -> str:
        """Why there may be more anchors than were found: something unknown that may hold markup.

        What stands within a tag, a link's address or raw text holds none, and some unknowns are known to be plain.
        """
        text = self._output.text
        if MARK not in text:
            return ""
        doubts = [(each.start, doubt) for each in self._output.pieces if each.unknown and (doubt := self._doubt(each))]
        if not doubts:
            return ""
        closed = [(link.start, link.end) for link in self._scan.links]
        closed += [found.span() for found in re.finditer(_RAW_TEXT, text)]
        for at, doubt in doubts:
            within_tag = text.rfind("<", 0, at) > text.rfind(">", 0, at)
            if not within_tag and not any(start <= at < end for start, end in closed):
                return f"the page is not known in full: {doubt}"
        return ""

    def _doubt(self, piece: Piece) -> str:
        """Why an unknown piece may hold anchors; empty when it cannot."""
        for part in piece.parts:
            origin = part.origin
            if isinstance(origin, Unknown) and not isinstance(origin, Told) and origin.reason not in self._plain:
                return origin.reason
        return ""


@lru_cache(maxsize=256)
def _forms(
    key: KeyPath, numbers: range, name: str | None, role: Role, alt: bool | None, unknown: str
) -> Sequence[Form]:
    """The forms of references to the items of a list, or to what they have under a name: pages of one kind have the same."""
    return [Form(role, each, None, unknown, alt) for each in Listing("", key).keys(numbers, name)]
