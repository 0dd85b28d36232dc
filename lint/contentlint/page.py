"""The facts of one file: what its bytes say, before any rule has an opinion.

Places are offsets: 0-based, in code points of the file's text, the end exclusive. They become lines and columns only
when something is reported (`Lines`), for nearly all never are.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate, chain
from operator import itemgetter
from typing import Any, overload

from contentlint.alike import Alike
from contentlint.record import NamedTuple

KeyPath = tuple[str | int, ...]
"""Where a value stands in front matter or data: `("gallery", 0, "image_url")`."""


class Role(StrEnum):
    """What a reference asks for."""

    PAGE = "page"
    IMAGE = "image"
    FILE = "file"


class Place(NamedTuple):
    """A stretch of a file's text."""

    path: str
    """The file, relative to the source."""
    start: int
    end: int


class Reference(NamedTuple):
    """One place that points at something, as its author wrote it and as the built page has it."""

    url: str
    """As the browser reads it from the built page, after templates and kramdown."""
    role: Role
    place: Place
    """The value as written, Liquid included."""
    base: str
    """The URL of the page that shows it, without the baseurl."""
    unknown: str = ""
    """Why the url cannot be known; empty when it is known."""
    key: KeyPath = ()
    """The front matter or data value that it came from, when it did."""
    template: Place | None = None
    """Where a template made it of that value."""
    alt: bool | None = True
    """Whether an image has an alternative text that is not empty; None when the attribute is missing."""


class Claim(NamedTuple):
    """A reference as a schema knows it: what a value means, wherever it is written."""

    url: str
    role: Role
    unknown: str
    key: KeyPath

    def at(self, place: Place, base: str) -> Reference:
        """The reference, of a value at a place, that the page at `base` shows."""
        return Reference(self.url, self.role, place, base, self.unknown, self.key)


_new = tuple.__new__  # by the million, a tuple's own constructor is what takes the time


class Form(NamedTuple):
    """What a reference has in common with those in the same row of other pages of its kind."""

    role: Role
    key: KeyPath
    template: Place | None
    unknown: str
    alt: bool | None


@lru_cache(maxsize=256)
def _shared(forms: tuple[Form, ...]) -> tuple[Form, ...]:
    """The forms that equal ones have been before: pages of one kind keep them once."""
    return forms


class References(Sequence[Reference]):
    """The references of one file in columns: a site has a million of them, and hardly one is ever looked at as a whole."""

    __slots__ = ("_base", "_cuts", "_forms", "_odd", "_path", "_places", "_text")

    def __init__(
        self,
        path: str = "",
        base: str = "",
        urls: Sequence[str] = (),
        places: Iterable[int] = (),
        forms: Iterable[Form] = (),
        odd: dict[int, str] | None = None,
    ) -> None:
        """Those of the file with a path; `places` are a start and an end for each.

        The page at `base` shows them, but those with a row in `odd`, which are shown by another.
        """
        self._path = path
        self._base = base
        self._text = "".join(urls)
        """The URL of each, one behind the other; in `_cuts` where they end."""
        self._cuts = array("i", accumulate(map(len, urls), initial=0))
        self._places = array("i", places)
        self._forms = _shared(tuple(forms))
        self._odd = odd

    @classmethod
    def of(cls, references: Sequence[Reference]) -> References:
        """Those that all stand in one file."""
        if not references:
            return cls()
        first = references[0]
        return cls(
            first.place.path,
            first.base,
            [each.url for each in references],
            [at for each in references for at in each.place[1:]],
            [_new(Form, (each.role, each.key, each.template, each.unknown, each.alt)) for each in references],
            {row: each.base for row, each in enumerate(references) if each.base != first.base} or None,
        )

    def __len__(self) -> int:
        """How many there are."""
        return len(self._forms)

    @overload
    def __getitem__(self, row: int) -> Reference: ...
    @overload
    def __getitem__(self, row: slice) -> list[Reference]: ...
    def __getitem__(self, row: int | slice) -> Reference | list[Reference]:
        """The reference in a row."""
        if isinstance(row, slice):
            return [self[each] for each in range(len(self))[row]]
        row = range(len(self))[row]
        form, cuts, places = self._forms[row], self._cuts, self._places
        place = Place(self._path, places[2 * row], places[2 * row + 1])
        url = self._text[cuts[row] : cuts[row + 1]]
        return Reference(url, form.role, place, self._page(row), form.unknown, form.key, form.template, form.alt)

    def asked(self) -> Iterator[tuple[str, str, str]]:
        """(url, base, unknown) of each: all that decides what becomes of it."""
        text, cuts = self._text, self._cuts
        for row, (form, start, end) in enumerate(zip(self._forms, cuts, cuts[1:], strict=False)):
            yield text[start:end], self._page(row) if self._odd else self._base, form.unknown

    def shown_keys(self) -> Iterator[KeyPath]:
        """The key paths of the values that templates make references of."""
        return (form.key for form in self._forms if form.template is not None)

    def _page(self, row: int) -> str:
        return self._base if self._odd is None else self._odd.get(row, self._base)


def is_stronger(role: Role, than: Role) -> bool:
    """Whether of two references with one place and target that with the first role counts: an image is the stronger claim."""
    return role is Role.IMAGE and than is not Role.IMAGE


class Gathered:
    """The references that one page shows, as they are found: those in its own file in columns, the `others` one by one."""

    __slots__ = ("base", "ends", "forms", "others", "path", "starts", "urls")

    def __init__(self, path: str = "", base: str = "") -> None:
        """None so far of the page with this path and address."""
        self.path = path
        self.base = base
        self.urls: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.forms: list[Form] = []
        self.others: list[Reference] = []

    def __iter__(self) -> Iterator[Reference]:
        """All, the page's own first."""
        for url, start, end, (role, key, template, unknown, alt) in self._rows():
            yield Reference(url, role, Place(self.path, start, end), self.base, unknown, key, template, alt)
        yield from self.others

    def _rows(self) -> Iterator[tuple[str, int, int, Form]]:
        return zip(self.urls, self.starts, self.ends, self.forms, strict=True)

    def add(self, reference: Reference) -> None:
        """Add one that this page shows, wherever it stands."""
        url, role, (path, start, end), _, unknown, key, template, alt = reference
        if path != self.path:
            self.others.append(reference)
            return
        self.urls.append(url)
        self.starts.append(start)
        self.ends.append(end)
        self.forms.append(_new(Form, (role, key, template, unknown, alt)))

    def confirm(self, claims: Iterable[Claim], place_of: Callable[[KeyPath], Place]) -> None:
        """Add those that a schema says this page shows: nearly all were found already, made of the very value."""
        if not (claimed := [*claims]):  # as where no schema names any
            return
        made = {(form.key, url): form for url, form in zip(self.urls, self.forms, strict=True)}
        others = [each for each in claimed if _is_news(each, made.get((each.key, each.url)))]
        if not others:
            return
        found = dict(zip(zip(self.starts, self.ends, self.urls, strict=True), self.forms, strict=True))
        for claim in others:
            path, start, end = place = place_of(claim.key)
            if _is_news(claim, found.get((start, end, claim.url)) if path == self.path else None):
                self.add(claim.at(place, self.base))

    def changed(self, change: Callable[[Reference], Reference]) -> Gathered:
        """The same, each changed but for its place."""
        new = Gathered(self.path, self.base)
        for reference in self:
            new.add(change(reference))
        return new

    def own(self) -> References:
        """Those in the page's own file, in the order of their places.

        The same place and target is one reference; see `is_stronger`.
        """
        rows = [*self._rows()]
        if len({*self.starts}) == len(rows):
            rows.sort(key=_start)
        else:
            once: dict[tuple[int, int, str], tuple[str, int, int, Form]] = {}
            for row in rows:
                url, start, end, form = row
                known = once.setdefault((start, end, url), row)
                if is_stronger(form.role, known[3].role):
                    once[start, end, url] = row
            rows = sorted(once.values(), key=itemgetter(1, 2))
        urls, starts, ends, forms = zip(*rows, strict=True) if rows else ((), (), (), ())
        return References(self.path, self.base, urls, _paired(starts, ends), forms)


def _is_news(claim: Claim, form: Form | None) -> bool:
    """Whether a claim says more than the form of what was found there, if anything was."""
    return form is None or is_stronger(claim.role, form.role)


_start = itemgetter(1)


def _paired(starts: Iterable[int], ends: Iterable[int]) -> Iterator[int]:
    """Starts and ends, in turn."""
    return chain.from_iterable(zip(starts, ends, strict=True))


class Anchor(NamedTuple):
    """A name that a fragment can point at."""

    name: str
    place: Place
    kind: str = "id"
    """heading, id, name, footnote or toc."""


@lru_cache(maxsize=256)
def _kinds(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds that equal ones have been before: pages of one kind keep them once."""
    return kinds


class AnchorList(Sequence[Anchor]):
    """The anchors of one file in columns, as `References` are."""

    __slots__ = ("_kinds", "_names", "_odd", "_path", "_places")

    def __init__(
        self,
        path: str = "",
        names: Iterable[str] = (),
        starts: Iterable[int] = (),
        ends: Iterable[int] = (),
        kinds: Iterable[str] = (),
        odd: dict[int, str] | None = None,
    ) -> None:
        """Those of one page: all stand in the file with this path, but those with a row in `odd`, in another."""
        self._path = path
        self._names = tuple(names)
        self._places = array("i", _paired(starts, ends))
        self._kinds = _kinds(tuple(kinds))
        self._odd = odd

    @property
    def names(self) -> Sequence[str]:
        """The name of each."""
        return self._names

    def __len__(self) -> int:
        """How many there are."""
        return len(self._names)

    @overload
    def __getitem__(self, row: int) -> Anchor: ...
    @overload
    def __getitem__(self, row: slice) -> list[Anchor]: ...
    def __getitem__(self, row: int | slice) -> Anchor | list[Anchor]:
        """The anchor in a row."""
        if isinstance(row, slice):
            return [self[each] for each in range(len(self))[row]]
        row = range(len(self))[row]
        path = self._path if self._odd is None else self._odd.get(row, self._path)
        return Anchor(self._names[row], Place(path, *self._places[2 * row : 2 * row + 2]), self._kinds[row])


class Suppression(NamedTuple):
    """`contentlint: ignore[names]`: what the author has decided to live with."""

    names: tuple[tuple[str, int, int], ...]
    """Rule or group names with the offsets of each; none means every rule."""
    start: int
    end: int
    """The whole comment."""
    line: int
    """The 1-based line it covers; 0 for the whole file."""
    opening: bool = False
    """It stands on the line after the opening `---` and covers that line too."""


class Near(NamedTuple):
    """A name that is not there. The nearest real one is looked up after all rules have run and told as help."""

    kind: str
    """url, asset, include, layout, source (a file that a link tag names), post or anchor."""
    name: str
    within: str = ""
    """The output whose anchors are meant."""


class Mistake(NamedTuple):
    """What reading a file found wrong with it: a rule of this name will say so."""

    rule: str
    start: int
    end: int
    value: str
    message: str
    help: str = ""
    near: Near | None = None
    related: tuple[tuple[Place, str], ...] = ()


class Choice(NamedTuple):
    """An include that selected entries of a list in the page's own data by a parameter."""

    include: str
    key: KeyPath
    """The list: `("images",)`."""
    by: str
    """The property compared: `image_id`."""
    value: str
    place: Place
    """The parameter's value as written, or the include tag."""
    found: int
    said: bool = False
    """The config says so; otherwise the template does."""


class Need(NamedTuple):
    """Data of the page that an include cannot do without, and that it asked for."""

    include: str
    key: KeyPath
    present: bool
    place: Place
    """The include tag."""


def entries(data: Any, key: KeyPath, by: str) -> Iterator[tuple[KeyPath, str]]:
    """(key path, value) of the property `by` of each entry of the list at `key`."""
    for step in key:
        data = data.get(step) if isinstance(data, dict) else None
    if isinstance(data, Alike):
        yield from (((*key, number, by), value) for number, value in enumerate(data.column(by) or ()))
        return
    for number, entry in enumerate(data if isinstance(data, list) else ()):
        if isinstance(entry, dict) and isinstance(entry.get(by), (str, int, float)):
            yield (*key, number, by), str(entry[by])
