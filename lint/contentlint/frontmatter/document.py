"""What reading YAML yields: the value, the place of everything in it, keys that stand twice, or the mistake."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from contentlint.page import KeyPath
from contentlint.record import NamedTuple, Record, field

if TYPE_CHECKING:
    from contentlint.frontmatter.shapes import Shaped

Place = tuple[int, int]
"""Offsets into the text that was read, the end exclusive."""


class Field(NamedTuple):
    """One value: of a key of a mapping, or an item of a sequence."""

    key: KeyPath
    tag: str
    """str, int, float, bool, null, timestamp, map or seq."""
    start: int
    """Where the value stands, without its quotes; of a value that is not written, where it would."""
    end: int
    key_start: int
    """Where the key stands, without its quotes; of an item, the item itself."""
    key_end: int


def offsets(values: Iterable[int] = ()) -> array[int]:
    """A column of offsets, four bytes each: a site has millions of them."""
    return array("i", values)


class Fields:  # noqa: PLW1641  they change
    """All fields of a document in the order of the text, in columns; `Field`s are made when asked for.

    What a later value overwrites (a repeated key, a merge) is not among them; what an alias repeats is, at the place
    where it is written.
    """

    __slots__ = ("_rows", "ends", "key_ends", "key_starts", "keys", "starts", "tags")

    def __init__(
        self,
        keys: list[KeyPath] | None = None,
        tags: list[str] | None = None,
        starts: array[int] | None = None,
        ends: array[int] | None = None,
        key_starts: array[int] | None = None,
        key_ends: array[int] | None = None,
    ) -> None:
        """Of these columns, or of none yet."""
        self.keys = [] if keys is None else keys
        self.tags = [] if tags is None else tags
        self.starts = offsets() if starts is None else starts
        self.ends = offsets() if ends is None else ends
        self.key_starts = offsets() if key_starts is None else key_starts
        self.key_ends = offsets() if key_ends is None else key_ends
        self._rows: dict[KeyPath, int] | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fields) and [*self] == [*other]

    def __repr__(self) -> str:
        return f"Fields({[*self]})"

    def __len__(self) -> int:
        """How many there are."""
        return len(self.keys)

    def __getitem__(self, row: int) -> Field:
        """The field in a row."""
        return Field(
            self.keys[row],
            self.tags[row],
            self.starts[row],
            self.ends[row],
            self.key_starts[row],
            self.key_ends[row],
        )

    def append(self, key: KeyPath, tag: str, start: int, end: int, key_start: int, key_end: int) -> None:
        """Add a row."""
        self.keys.append(key)
        self.tags.append(tag)
        self.starts.append(start)
        self.ends.append(end)
        self.key_starts.append(key_start)
        self.key_ends.append(key_end)

    def only(self, rows: list[int]) -> Fields:
        """The fields of some rows."""
        return Fields(
            [self.keys[row] for row in rows],
            [self.tags[row] for row in rows],
            offsets(self.starts[row] for row in rows),
            offsets(self.ends[row] for row in rows),
            offsets(self.key_starts[row] for row in rows),
            offsets(self.key_ends[row] for row in rows),
        )

    def __iter__(self) -> Iterator[Field]:
        """All, in the order of the text."""
        return map(Field, self.keys, self.tags, self.starts, self.ends, self.key_starts, self.key_ends)

    def row(self, key: KeyPath) -> int:
        """The row of a key path; without such a field, KeyError."""
        if self._rows is None:
            self._rows = _rows_of(tuple(self.keys))
        return self._rows[key]

    def place(self, row: int) -> Place:
        """Where the value in a row stands."""
        return self.starts[row], self.ends[row]

    def key_place(self, row: int) -> Place:
        """Where the key in a row stands, of an item the item itself."""
        return self.key_starts[row], self.key_ends[row]

    def times(self) -> frozenset[KeyPath]:
        """The key paths of the dates and times that are written without quotes."""
        if "timestamp" not in self.tags:
            return frozenset()
        return frozenset(key for key, tag in zip(self.keys, self.tags, strict=True) if tag == "timestamp")


class Duplicate(NamedTuple):
    """A key that stands twice in one mapping; the later one wins without a word from Jekyll."""

    key: KeyPath
    start: int
    end: int
    first_start: int
    first_end: int


class Error(NamedTuple):
    """Why the text is not YAML, at the place its author must mend."""

    message: str
    """The fact, in a site author's words; lower case, no full stop."""
    start: int
    end: int
    note: str = ""
    """How to mend it."""


class Document(Record):
    """What YAML text says. With an `error` there is nothing else in it."""

    data: Any = None
    """Mappings are dicts, sequences lists; dates and times stay as written."""
    fields: Fields | Shaped = field(default_factory=Fields)
    duplicates: Sequence[Duplicate] = ()
    error: Error | None = None
    root: Place = (0, 0)
    """The whole value."""

    def place(self, path: KeyPath) -> Place:
        """Where the value at `path` stands; where nothing is written, its key; without such a path, KeyError."""
        if not path:
            return self.root
        row = self.fields.row(path)
        start, end = self.fields.place(row)
        return (start, end) if start < end else self.fields.key_place(row)

    def key_place(self, path: KeyPath) -> Place:
        """Where the key of the value at `path` stands, of an item the item; without such a path, KeyError."""
        return self.fields.key_place(self.fields.row(path))


@lru_cache(maxsize=64)
def _rows_of(keys: tuple[KeyPath, ...]) -> dict[KeyPath, int]:
    """The row of each key path. Pages of one kind have the same ones, and share this."""
    return {key: row for row, key in enumerate(keys)}
