"""What templates make of a page: references, anchors and mistakes, each led back to the place that its author wrote.

A page's body is evaluated as the generator would, scanned as kramdown or a browser would, and every find is mapped through
the source map to the front matter value, the literal text, the include's parameter, the data file or the template that it
came from. What only a build can tell stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from contentlint.kramdown import Link, Scan
from contentlint.liquid import (
    MARK,
    BrokenLink,
    Failure,
    Included,
    Looped,
    MissingInclude,
    Origin,
    Output,
    Piece,
    Selected,
    Text,
    Unknown,
)
from contentlint.liquid import Place as Written
from contentlint.liquid.output import Simple
from contentlint.liquid.values import is_unknown
from contentlint.page import Anchor, Choice, KeyPath, Mistake, Near, Need, Place, Reference, Role, entries
from contentlint.record import NamedTuple, Record, field
from contentlint.regex import regex

if TYPE_CHECKING:
    from contentlint.folding import Fold, Tag

_IMAGE, _FILE = Role.IMAGE, Role.FILE  # an enumeration's members take their time to be looked up
_ROLES = {
    **dict.fromkeys(("img", "picture", "image", "input"), Role.IMAGE),
    **dict.fromkeys(("a", "area", "iframe", "frame", "form"), Role.PAGE),
}
"""By tag; all other tags ask for a file."""
_PICTURES = frozenset({"srcset", "poster"})
"""Attributes that ask for an image, whatever the tag."""
_GIVEN_BY_GENERATOR = frozenset({"tags", "categories", "posts", "pages", "next", "previous", "url", "path", "excerpt"})
# Only what an include leaves out, or what is not known, asks for these: they are compiled when it does.
_SEEN = r"(?i)<(?:img|svg|hr|canvas|video|audio|iframe|object|embed|input|button|math)\b"
"""Elements that a reader sees although there is no text in them."""
_TAGS = r"(?s)<!--.*?-->|<[^>]*>"
_SHOWS = r"(?i)\b(?:href|src|srcset|poster|data)\s*=|\]\("
_RAW_TEXT = r"(?is)<(script|style|title|textarea)\b.*?</\1"
_MAYBE = "whether it is shown at all depends on what only a build can tell"
_new = tuple.__new__
"""Makes a named tuple in half the time of its own constructor: references are made by the hundred thousand."""
_LETTER = regex(r"[^\W_]")


class Datum(NamedTuple):
    """Where a value that a template prints was written: a key path of a page's front matter, a data file or the config."""

    path: str
    key: KeyPath


class Made(NamedTuple):
    """A value that the generator makes of a page, such as its URL."""

    path: str


class Told(Unknown):
    """A text that is not known, but for its anchors and links, which stand behind its mark.

    What a filter makes of it is an ordinary Unknown again.
    """

    __slots__ = ()


class File(Record, frozen=True, eq=False):
    """A text that templates are made of, as the evaluator's source token."""

    path: str
    text: str
    """The Liquid text: the body of a page or layout, the whole of an include."""
    shift: int = 0
    """Where it begins in the file."""


class Shown(Record):
    """What one page shows. Places may lie in other files: the templates and data that it is made of."""

    references: list[Reference] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    incomplete: str = ""
    """Why there may be more anchors; empty when these are all."""
    base: str = ""
    """The page's `<base href>`."""
    undefined: list[tuple[str, int, int]] = field(default_factory=list)
    comments: list[tuple[int, int]] = field(default_factory=list)
    """HTML comments in the page's own text."""
    mistakes: list[tuple[str, Mistake]] = field(default_factory=list)
    """With the path of the file that each is in."""
    choices: list[Choice] = field(default_factory=list)
    choices_complete: bool = True
    needs: list[Need] = field(default_factory=list)


class Contract(NamedTuple):
    """What the config says of an include."""

    params: Mapping[str, tuple[KeyPath, str]]
    """By parameter: the list it selects from, and the property compared."""
    needs: Sequence[str]


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


def role_of(link: Link) -> Role:
    """What a link of a page asks for."""
    return _IMAGE if link.attribute in _PICTURES else _ROLES.get(link.tag, _FILE)


def alt_of(link: Link) -> bool | None:
    """Whether an `<img>` has an alternative text, as `Reference` has it; only its `src` can lack one."""
    if link.tag != "img" or link.attribute != "src":
        return True
    return None if link.alt is None else bool(link.alt)


def plain(scan: Scan, path: str, shift: int, url: str) -> Shown:
    """What a page without Liquid shows; `shift` is where its body begins in the file, `url` its address."""
    shown = Shown()
    for link in scan.links:
        if link.tag == "base":
            shown.base = shown.base or link.url
        else:
            place = Place(path, link.start + shift, link.end + shift)
            shown.references.append(Reference(link.url, role_of(link), place, url, alt=alt_of(link)))
    shown.anchors = [
        Anchor(anchor.name, Place(path, anchor.start + shift, anchor.end + shift), anchor.kind)
        for anchor in scan.anchors
    ]
    shown.undefined = [(each.label, each.start + shift, each.end + shift) for each in scan.undefined]
    shown.comments = [(start + shift, end + shift) for start, end in scan.comments]
    return shown


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
        locate: Callable[[Datum, str], Place | None],
        contracts: Mapping[str, Contract],
        data: Any,
        plain: Collection[str] = (),
        folds: Iterable[Fold] = (),
    ) -> None:
        self._output = output
        self._scan = scan
        self._file = file
        self._url = url
        self._locate = locate
        self._contracts = contracts
        self._data = data
        self._plain = plain
        self._folds = folds
        self._names = {
            event.place.start: event.name
            for event in output.events
            if isinstance(event, Included) and event.place.parent is None
        }
        self._shown_by: dict[int, list[KeyPath]] = {}
        """By where an include tag of the page begins: the front matter that each reference it makes comes from."""
        self._located: tuple[Datum | None, str, Place | None] = (None, "", None)
        """The latest value that was led back: a picture is often a link to itself."""

    def read(self) -> Shown:
        """All that the page shows."""
        shown = Shown()
        at = 0
        for fold in self._folds:
            self._links(self._scan.links[at : fold.at], shown)
            self._rows(fold, shown.references)
            at = fold.at
        self._links(self._scan.links[at:], shown)
        for anchor in self._scan.anchors:
            start, end = anchor.start, anchor.end
            made = self._output.simply(start, end) if end > start else None
            if made is not None and (own := self._own(made, end - start)) is not None:
                blamed = own[0]
            else:
                blamed = self._blamed(start, end, self._output.origin(start, end), anchor.name)[0]
            shown.anchors.append(Anchor(anchor.name, blamed, anchor.kind))
        shown.incomplete = self._incomplete()
        for label, start, end in self._scan.undefined:
            place = self._region(start, end)
            if place is not None and MARK not in label:
                shown.undefined.append((label, place.start, place.end))
        for start, end in self._scan.comments:
            place = self._region(start, end)
            if place is not None:
                shown.comments.append((place.start, place.end))
        self._events(shown)
        return shown

    def _links(self, links: Iterable[Link], shown: Shown) -> None:
        for link in links:
            if link.tag == "base":
                shown.base = shown.base or self._base(link)
            else:
                shown.references.append(self._reference(link))

    def _rows(self, fold: Fold, references: list[Reference]) -> None:
        """The references of all rows of a loop: at once, where an include makes them of the page's own values alone."""
        output, (_, rows, shape, links), path = self._output, fold, self._file.path
        texts, width = output.texts, len(shape.nodes)
        _, _, parent, maybe = output.mark(rows.first)
        root = _root(parent) if parent is not None else None
        each_link = zip(shape.tags, links, strict=True)
        tags = [(tag, self._made(fold, tag, link) if root is not None else None) for tag, link in each_link]
        keys = self._shown_by.setdefault(root.start, []) if root is not None and root.source is self._file else []
        unknown = _MAYBE if maybe else ""
        for number, first in zip(rows.numbers, range(rows.first, rows.last, width), strict=True):
            latest: tuple[str, str | None] | None = None
            datum: object = None
            place = None
            for tag, made in tags:
                if made is not None:
                    url = "".join(texts[first + made.low : first + made.high])
                    if latest != (url, made.key):
                        latest = url, made.key
                        datum = rows.origin(number, made.key)
                        ours = isinstance(datum, Datum) and datum.path == path
                        place = self._locate(datum, url) if ours else None  # type: ignore[arg-type]  # `ours` says so
                    if place is not None and isinstance(datum, Datum):
                        alt = bool(texts[first + made.alt]) if made.alt >= 0 else made.said
                        keys.append(datum.key)
                        facts = (url, made.role, place, self._url, unknown, datum.key, None, alt)
                        references.append(_new(Reference, facts))
                        continue
                references.append(self._reference(shape.link(output, tag, first)))

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
        said = alt_of(link)
        if tag.alt is not None and tag.alt[0][0] != tag.alt[1][0]:
            alt = tag.alt[0][0]
            if tag.alt != ((alt, 0), (alt + 1, 0)):
                return None
        if key is None:
            return None
        return _Made(tag.values.start, tag.values.stop, key if isinstance(key, str) else None, role_of(link), alt, said)

    def _base(self, link: Link) -> str:
        """A `<base href>` as the page has it; with the mark of the unknown when it may not be there."""
        return link.url + MARK * self._output.origin(link.start, link.end).maybe

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

    # -- references -------------------------------------------------------------------------------------------------

    def _reference(self, link: Link) -> Reference:
        url, start, end = link.url, link.start, link.end
        made = self._output.simply(start, end) if end > start and MARK not in url else None
        if made is not None and (simple := self._own(made, end - start) or self._given(made, url)) is not None:
            place, key = simple
            unknown = _MAYBE if made[0][3] else ""
            return _new(Reference, (url, role_of(link), place, self._url, unknown, key, None, alt_of(link)))
        origin = self._output.origin(link.start, link.end)
        place, key, template = self._blamed(link.start, link.end, origin, link.url)
        unknown = ""
        if MARK in link.url or origin.unknown:
            unknown = origin.unknown or "part of it is made of what only a build can tell"
        elif origin.maybe:
            unknown = _MAYBE
        if (tag := self._include_tag(origin)) is not None:
            self._shown_by.setdefault(tag.start, []).append(key)
        return Reference(link.url, role_of(link), place, self._url, unknown, key, template, alt_of(link))

    def _own(self, made: Simple, length: int) -> tuple[Place, KeyPath] | None:
        """The place of so many characters when they are the page's own text, as most are; None for all else."""
        (_, source, parent, _), at, _ = made
        if at < 0 or parent is not None or source is not self._file:
            return None
        at += self._file.shift
        return _new(Place, (self._file.path, at, at + length)), ()

    def _given(self, made: Simple, url: str) -> tuple[Place, KeyPath] | None:
        """The place and key path of the page's front matter when an include has made a URL of it and other values alone."""
        (_, _, parent, _), _, values = made
        if parent is None or not values:
            return None
        datum = values.pop()
        if not isinstance(datum, Datum) or datum.path != self._file.path or datum in values:
            return None
        if datum is not self._located[0] or url != self._located[1]:
            self._located = (datum, url, self._locate(datum, url))
        place = self._located[2]
        if place is None:
            return None
        if (tag := _root(parent)).source is self._file:
            self._shown_by.setdefault(tag.start, []).append(datum.key)
        return place, datum.key

    def _blamed(self, start: int, end: int, origin: Origin, url: str) -> tuple[Place, KeyPath, Place | None]:
        """Which place the author has to mend, the key path if it is data, and the template that made it of that.

        Text of the page comes first, then the page's front matter, what only this page has (at its include tag), a
        data file, a template's own text, and the config last. Text that is nothing but slashes and dots joins the others
        and is passed over.
        """
        if origin.exact and origin.parent is None and origin.places[0].source is self._file:
            low = origin.places[0].start + self._file.shift
            return Place(self._file.path, low, low + end - start), (), None
        region = self._region(start, end) if origin.parent is None else None
        written = [each for each in origin.places if _LETTER.search(_file(each).text, each.start, each.end)]
        template = next((_place(each) for each in reversed(origin.places) if each.source is not self._file), None)
        own = [each for each in written if each.source is self._file and each.parent is None]
        if own:
            return region or _merged(own), (), template
        data = [each for each in origin.values if isinstance(each, Datum)]
        for datum in reversed(data):
            if datum.path == self._file.path and (place := self._locate(datum, url)) is not None:
                return place, datum.key, template or region
        tag = self._include_tag(origin)
        made = any(isinstance(each, Made) for each in origin.values)
        if tag is not None and (made or any(each.path == self._file.path for each in data)):
            return _place(tag), (), template  # what the generator makes of a page stands nowhere
        if written:
            return _merged([each for each in origin.places if each.source is written[-1].source]), (), None
        for datum in reversed(data):
            if (place := self._locate(datum, url)) is not None:
                return place, datum.key, template or region
        return template or region or _place(next(self._output.between(start, end)).place), (), None

    def _region(self, start: int, end: int) -> Place | None:
        """What the page itself has where the output has these characters, tags included; None if a template has a part in it.

        Of a tag that prints one quoted text it is the text.
        """
        pieces = []
        for piece in self._output.between(start, end):
            if piece.place.source is not self._file or piece.place.parent is not None:
                return None
            pieces.append(piece)
        if len(pieces) == 1 and not pieces[0].literal:
            origin = self._output.origin(start, end)
            if len(origin.places) == 1 and not origin.values:
                return _place(origin.places[0])
        first, last = pieces[0], pieces[-1]
        low = first.place.start + (start - first.start if first.literal else 0)
        high = last.place.start + end - last.start if last.literal else last.place.end
        return Place(self._file.path, low + self._file.shift, max(low, high) + self._file.shift)

    def _include_tag(self, origin: Origin) -> Written | None:
        """The include tag of the page that brought a find; None for what is the page's own."""
        root = _root(origin.parent) if origin.parent is not None else None
        return root if root is not None and root.source is self._file else None

    # -- what happened ----------------------------------------------------------------------------------------------

    def _events(self, shown: Shown) -> None:
        for event in self._output.events:
            match event:
                case MissingInclude(maybe=False):
                    shown.mistakes.append(
                        self._mistake(event.place, "missing-include", event.name, _missing_include(event))
                    )
                case BrokenLink(maybe=False):
                    shown.mistakes.append(
                        self._mistake(event.place, "broken-link-tag", event.value, _broken_link(event))
                    )
                case Failure(maybe=False):
                    shown.mistakes.append(self._mistake(event.place, "invalid-template", "", (event.message, "", None)))
                case Included() if event.name in self._contracts and _root(event.place).source is self._file:
                    self._keep(event, self._contracts[event.name], shown)
                case Selected() if self._infers(event.place):
                    self._select(event, shown)
                case Looped(length=None, maybe=False) if self._infers(event.place):
                    self._lack(event.path, event.place, shown)
                case _:
                    pass

    def _mistake(
        self, place: Written, rule: str, value: str, told: tuple[str, str, Near | None]
    ) -> tuple[str, Mistake]:
        where = _place(place)
        related = ((_place(_root(place)), "brought in here"),) if place.parent is not None else ()
        message, way_out, near = told
        text = _file(place).text[place.start : place.end]
        return where.path, Mistake(rule, where.start, where.end, value or text, message, way_out, near, related)

    # -- includes that select from the page's own data, or show it ---------------------------------------------------

    def _infers(self, place: Written) -> bool:
        """Whether what an include does may be read from its template: the page's own body includes it, no contract says."""
        tag = place.parent
        if tag is None or tag.parent is not None or tag.source is not self._file:
            return False
        return self._name_of(tag) not in self._contracts

    def _name_of(self, tag: Written) -> str:
        return self._names.get(tag.start, "")

    def _select(self, event: Selected, shown: Shown) -> None:
        tag = event.place.parent
        key = _own_key(event.path)
        place = self._literal(event.wanted)
        if tag is None or not key:
            return
        if event.maybe or place is None:
            shown.choices_complete = False
            return
        if event.length is None:
            self._lack(event.path, event.place, shown)
            return
        made = self._shown_by.get(tag.start, [])
        if event.found:
            beyond_doubt = all(each[:1] == (key,) for each in made)
        else:
            beyond_doubt = not made and self._is_blank(tag) and len(self._asked(tag)) == 1
        if beyond_doubt and self._may_show(event.place):
            shown.choices.append(
                Choice(self._name_of(tag), (key,), str(event.property), str(event.wanted), place, event.found)
            )

    def _lack(self, path: str, place: Written, shown: Shown) -> None:
        tag = place.parent
        key = _own_key(path)
        if tag is None or not key or self._shown_by.get(tag.start) or not self._is_blank(tag):
            return
        if len(self._asked(tag)) == 1 and self._may_show(place):
            shown.needs.append(Need(self._name_of(tag), (key,), False, _place(tag)))

    def _asked(self, tag: Written) -> set[tuple[str, str]]:
        """What an include asks of lists: which it goes over or selects from, and by which property."""
        asked: dict[str, set[str]] = {}
        for event in self._output.events:
            if isinstance(event, (Looped, Selected)) and "." in event.path and event.place.parent == tag:
                asked.setdefault(event.path, set()).add(event.property if isinstance(event, Selected) else "")
        return {(path, by) for path, every in asked.items() for by in (every - {""} or every)}

    def _may_show(self, place: Written) -> bool:
        """Whether the template has any reference in it at all: one of text alone may well be empty."""
        return _shows(_file(place).text)

    def _is_blank(self, tag: Written) -> bool:
        """Whether an include tag of the page left nothing that a reader sees."""
        text = "".join(
            self._output.text[piece.start : piece.end]
            for piece in self._output.pieces
            if piece.place.parent is not None and _root(piece.place).start == tag.start
        )
        return not re.search(_SEEN, text) and not re.sub(_TAGS, "", text).strip()

    def _keep(self, event: Included, contract: Contract, shown: Shown) -> None:
        """Hold an include against what the config says of it."""
        if event.maybe:
            shown.choices_complete = False
            return
        tag = _place(_root(event.place))
        for param, (key, by) in contract.params.items():
            value = (event.params or {}).get(param)
            if is_unknown(value):
                shown.choices_complete = False
            elif value is not None:
                known = [entry for _, entry in entries(self._data, key, by)]
                place = self._literal(value) or tag
                shown.choices.append(Choice(event.name, key, by, str(value), place, known.count(str(value)), said=True))
        shown.needs += [
            Need(event.name, (key,), isinstance(self._data, dict) and self._data.get(key) is not None, tag)
            for key in contract.needs
        ]

    def _literal(self, value: object) -> Place | None:
        """Where the page itself has a value as a quoted text in a tag."""
        if not isinstance(value, Text) or len(value.parts) != 1:
            return None
        origin = value.parts[0].origin
        mine = isinstance(origin, Written) and origin.source is self._file and origin.parent is None
        return _place(origin) if mine else None  # type: ignore[arg-type]  # `mine` says that it is one


@lru_cache(64)
def _shows(template: str) -> bool:
    return re.search(_SHOWS, template) is not None


def _own_key(path: str) -> str:
    """The page's own front matter key that a dotted path stands for; empty for what is more, or the generator's."""
    start, _, key = path.partition(".")
    return key if start == "page" and key and "." not in key and key not in _GIVEN_BY_GENERATOR else ""


def _root(place: Written) -> Written:
    while place.parent is not None:
        place = place.parent
    return place


def _file(place: Written) -> File:
    file: File = place.source  # type: ignore[assignment]  # every source token is a File
    return file


def _merged(places: Iterable[Written]) -> Place:
    places = list(places)
    file = _file(places[0])
    return Place(
        file.path, min(each.start for each in places) + file.shift, max(each.end for each in places) + file.shift
    )


def _place(place: Written) -> Place:
    file = _file(place)
    return Place(file.path, place.start + file.shift, place.end + file.shift)


def _missing_include(event: MissingInclude) -> tuple[str, str, Near]:
    looked = f" (looked for {', '.join(event.tried)})" if event.tried else ""
    kind = "source" if event.kind == "include_relative" else "include"
    return f"no include {event.name}: the build fails{looked}", "", Near(kind, event.name)


def _broken_link(event: BrokenLink) -> tuple[str, str, Near]:
    kind = "post" if event.tag == "post_url" else "source"
    return (
        f"{{% {event.tag} %}} names no {'post' if kind == 'post' else 'file'} of the site: {event.value}",
        "",
        Near(kind, event.value),
    )
