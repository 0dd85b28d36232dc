"""What one page shows, and the words for where that was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Protocol

from contentlint.kramdown import Scan
from contentlint.liquid import Unknown
from contentlint.page import Anchor, AnchorList, Choice, Form, Gathered, KeyPath, Mistake, Need, Place, Role
from contentlint.record import NamedTuple, Record, field

_ROLES = {
    **dict.fromkeys(("img", "picture", "image", "input"), Role.IMAGE),
    **dict.fromkeys(("a", "area", "iframe", "frame", "form"), Role.PAGE),
}
"""By tag; all other tags ask for a file."""
_PICTURES = frozenset({"srcset", "poster"})
"""Attributes that ask for an image, whatever the tag."""


class Datum(NamedTuple):
    """Where a value that a template prints was written: a key path of a page's front matter, a data file or the config."""

    path: str
    key: KeyPath


@lru_cache(maxsize=256)
def _keys(key: KeyPath, numbers: range, name: str | None) -> Sequence[KeyPath]:
    """The key paths of items, or of the values that they have under a name: pages of one kind have the same ones."""
    return [(*key, number) if name is None else (*key, number, name) for number in numbers]


class Listing:
    """Where the items of a list in front matter or data were written: the list has the key path `key` in the file `path`."""

    __slots__ = ("key", "path")

    def __init__(self, path: str, key: KeyPath) -> None:
        self.path = path
        self.key = key

    def __call__(self, number: int, name: str | None) -> Datum:
        """Where an item, or the value that it has under a name, was written."""
        return Datum(self.path, (*self.key, number) if name is None else (*self.key, number, name))

    def keys(self, numbers: range, name: str | None) -> Sequence[KeyPath]:
        """The key paths of some of them."""
        return _keys(self.key, numbers, name)


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


class Places(Protocol):
    """Knows where the values of files were written that templates print."""

    def locate(self, datum: Datum, url: str) -> Place | None:
        """Where a value is that a URL was made of; None when it stands nowhere."""

    def locate_each(
        self, path: str, keys: Sequence[KeyPath], urls: Sequence[str]
    ) -> tuple[Sequence[int], Sequence[int]] | None:
        """Where the values begin and end that URLs, one for each, were made of; None unless all stand in this file."""


class Shown(Record):
    """What one page shows. Places may lie in other files: the templates and data that it is made of."""

    references: Gathered = field(default_factory=Gathered)
    anchors: Sequence[Anchor] = ()
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


def role_of(tag: str, attribute: str) -> Role:
    """What a link of a page asks for, by the tag and attribute that it stands in."""
    return Role.IMAGE if attribute in _PICTURES else _ROLES.get(tag, Role.FILE)


def alt_of(tag: str, attribute: str, alt: str | None) -> bool | None:
    """Whether an `<img>` has an alternative text, as `Reference` has it; only its `src` can lack one."""
    if tag != "img" or attribute != "src":
        return True
    return None if alt is None else bool(alt)


@lru_cache(maxsize=256)
def form_of(role: Role, alt: bool | None, unknown: str = "") -> Form:
    """The form of a reference that stands in a page's text: few are distinct."""
    return Form(role, (), None, unknown, alt)


def plain(scan: Scan, path: str, shift: int, url: str) -> Shown:
    """What a page without Liquid shows; `shift` is where its body begins in the file, `url` its address."""
    shown = Shown(Gathered(path, url))
    found = shown.references
    for link in scan.links:
        if link.tag == "base":
            shown.base = shown.base or link.url
        else:
            found.urls.append(link.url)
            found.starts.append(link.start + shift)
            found.ends.append(link.end + shift)
            found.forms.append(form_of(role_of(link.tag, link.attribute), alt_of(link.tag, link.attribute, link.alt)))
    shown.anchors = AnchorList(
        path,
        [anchor.name for anchor in scan.anchors],
        [anchor.start + shift for anchor in scan.anchors],
        [anchor.end + shift for anchor in scan.anchors],
        [anchor.kind for anchor in scan.anchors],
    )
    shown.undefined = [(each.label, each.start + shift, each.end + shift) for each in scan.undefined]
    shown.comments = [(start + shift, end + shift) for start, end in scan.comments]
    return shown
