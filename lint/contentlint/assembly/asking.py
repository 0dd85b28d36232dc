"""What each page has asked of the rest of the site: whoever changes the answer knows whom to ask again."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from zlib import crc32

from contentlint.names import EVERYTHING, template_of
from contentlint.resolving import Target


def number_of(name: str) -> int:
    """What is kept of a name: two names with one number cost a look, and nothing else."""
    return crc32(name.encode("utf-8", "surrogatepass"))


class Asks:
    """The numbers of the names that were asked for, by the path of the file on whose behalf; "" is the site as a whole."""

    def __init__(self) -> None:
        self.numbers: dict[str, array[int]] = {}
        self._path = ""
        self._names: set[str] = set()

    def of(self, path: str) -> None:
        """From now on it is this file, by its path below the project, that asks."""
        if self._names:
            self.add(self._path, self._names)
            self._names = set()
        self._path = path

    @contextmanager
    def on_behalf_of(self, path: str) -> Iterator[None]:
        """For a while it is this file that asks."""
        before = self._path
        self.of(path)
        try:
            yield
        finally:
            self.of(before)

    def add(self, path: str, names: Collection[str]) -> None:
        """Put down what a file has asked for."""
        known = self.numbers.get(path)
        if known is None:
            known = self.numbers[path] = array("I")
        known.extend(sorted(map(number_of, names)))

    def ask(self, name: str) -> None:
        """The name of an output, or one that this module makes of something else."""
        self._names.add(name)

    def taken(self) -> dict[str, array[int]]:
        """All that was asked so far."""
        self.of("")
        return self.numbers


class Asking:
    """An index of outputs that notes what it is asked; see `resolving.Index`."""

    def __init__(self, index: Any, ask: Callable[[str], None]) -> None:
        self._index = index
        self._ask = ask

    def __iter__(self) -> Iterator[Target]:
        self._ask(EVERYTHING)
        return iter(self._index)

    def get(self, output: str) -> Target | None:
        """See `resolving.Index`."""
        self._ask(output)
        found: Target | None = self._index.get(output)
        return found

    def copies(self, output: str) -> bool:
        """See `resolving.Index`."""
        self._ask(output)
        found: bool = self._index.copies(output)
        return found

    def hidden(self, output: str) -> Target | None:
        """See `resolving.Index`."""
        self._ask(output)
        found: Target | None = self._index.hidden(output)
        return found

    def rivals(self, output: str) -> Sequence[Target]:
        """See `resolving.Index`."""
        self._ask(output)
        found: Sequence[Target] = self._index.rivals(output)
        return found

    def in_other_case(self, output: str) -> str:
        """See `resolving.Index`."""
        self._ask(EVERYTHING)
        found: str = self._index.in_other_case(output)
        return found

    def in_other_form(self, output: str) -> str:
        """See `resolving.Index`."""
        self._ask(EVERYTHING)
        found: str = self._index.in_other_form(output)
        return found

    @property
    def tops(self) -> Collection[str]:
        """See `resolving.Index`."""
        self._ask(EVERYTHING)
        found: Collection[str] = self._index.tops
        return found


class AskingData(dict[str, Any]):
    """`site.data`, which notes the files that are looked into: those of a key, or all of them when they are gone through."""

    def __init__(
        self, values: Mapping[str, Any], files: Mapping[str, Sequence[str]], ask: Callable[[str], None]
    ) -> None:
        """`files` are those that a value comes from, by path below the project."""
        super().__init__(values)
        self._files = files
        self._ask = ask

    def _look(self, *keys: object) -> None:
        for key in keys:
            for path in self._files.get(str(key), ()):
                self._ask(template_of(path))

    def __contains__(self, key: object) -> bool:
        self._look(key)
        return super().__contains__(key)

    def __getitem__(self, key: str) -> Any:
        self._look(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        """See `dict`; likewise all others."""
        self._look(key)
        return super().get(key, default)

    def __iter__(self) -> Iterator[str]:
        self._look(*self._files)
        return super().__iter__()

    def keys(self) -> Any:
        self._look(*self._files)
        return super().keys()

    def values(self) -> Any:
        self._look(*self._files)
        return super().values()

    def items(self) -> Any:
        self._look(*self._files)
        return super().items()
