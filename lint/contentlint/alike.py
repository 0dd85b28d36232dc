"""Lists of mappings that have the same keys: a page's pictures, its links. They are most of what front matter holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from typing import Any


class Alike(list[dict[str, Any]]):
    """A list of mappings from the same keys to texts of one line, which is one text: of ten thousand pages they weigh a fourth.

    Whoever looks at it finds mappings, made for the occasion. It can do what a list can but be changed. Only what is not
    written in Python, and reads a list where it lies in memory, would find it empty: see `plain`.
    """

    __slots__ = ("_size", "_text", "keys")

    def __init__(self, keys: Sequence[str], texts: Sequence[str]) -> None:
        """Of `keys`, and the texts of one mapping after the other; at least one of each."""
        super().__init__()
        self.keys = keys
        self._size = len(texts) // len(keys)
        self._text = "\n".join(texts)

    def column(self, key: str) -> list[str] | None:
        """The text of each mapping under a key; None when they have no such key."""
        return self._text.split("\n")[self.keys.index(key) :: len(self.keys)] if key in self.keys else None

    def rows(self) -> list[dict[str, Any]]:
        """The mappings, new ones each time."""
        return mappings(self.keys, self._text.split("\n"))

    def __len__(self) -> int:
        """How many mappings there are."""
        return self._size

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The mappings."""
        return iter(self.rows())

    def __radd__(self, other: list[Any]) -> list[Any]:
        """The mappings behind what another list has."""
        return [*other, *self]

    def __reduce__(self) -> tuple[Any, ...]:
        """An ordinary list, for whoever gets it elsewhere."""
        return list, (self.rows(),)


def mappings(keys: Sequence[str], values: Sequence[Any]) -> list[dict[str, Any]]:
    """The mappings from keys to the values of one after the other."""
    # All of it is done without a line of Python: there are more of these than of anything else.
    return [*map(dict, map(zip, repeat(keys), zip(*[iter(values)] * len(keys), strict=True)))]


def _of_rows(name: str) -> Callable[..., Any]:
    of_list = getattr(list, name)
    return lambda self, *values: of_list(self.rows(), *map(plain, values))


for _name in (
    *("__getitem__", "__reversed__", "__contains__", "__repr__", "__add__", "__mul__", "__rmul__", "__eq__", "__ne__"),
    *("__lt__", "__le__", "__gt__", "__ge__", "copy", "count", "index"),
):
    setattr(Alike, _name, _of_rows(_name))


def plain(data: Any) -> Any:
    """The same data with ordinary lists, for what is not written in Python: front matter, or one of its values."""
    if data.__class__ is Alike:
        return data.rows()
    if data.__class__ is dict and Alike in map(type, data.values()):
        return {key: value.rows() if value.__class__ is Alike else value for key, value in data.items()}
    return data
