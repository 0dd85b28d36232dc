"""JSON Schemas of front matter and data: what is wrong with a value, and which of its strings are references.

Two libraries stand behind it, and nothing else knows them; neither is imported before a value is judged or a new schema checked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from contentlint.alike import plain
from contentlint.diagnostic import Fault
from contentlint.page import KeyPath
from contentlint.patterns import placeholders
from contentlint.schema import documents
from contentlint.schema.annotations import Node, annotate, compile_node
from contentlint.schema.documents import Location, Names, Read
from contentlint.schema.engines import Judge
from contentlint.schema.extensions import ReferenceRule
from contentlint.schema.json_text import place
from contentlint.schema.sure import Test, test_of
from contentlint.schema.wording import Violation, kind

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Names", "Read", "ReferenceRule", "Schema", "Violation", "kind", "load", "shipped"]

OWN_PLACEHOLDERS = ("value", "stem", "ext")
"""What a path of `x-reference` may name beside the string keys of the generator's config."""


_WORTH_AN_ENGINE = 1000
"""After so many values the time is made up for that it takes to import one."""


class Schema:
    """A JSON Schema with all files that it refers to."""

    def __init__(self, collection: documents.Collection) -> None:
        self._collection = collection
        self.path = collection.root.path
        self.digest = collection.digest
        """Changes whenever one of the files does."""
        self._judged = 0

    @property
    def paths(self) -> tuple[str, ...]:
        """All files it was read from, its own first."""
        return tuple(self._collection.files)

    @property
    def has_references(self) -> bool:
        """Whether it says of any string that it is a reference."""
        return bool(self._collection.references) and self._node is not None

    @property
    def has_uniques(self) -> bool:
        """Whether it wants any value on one page only."""
        return bool(self._collection.uniques) and self._node is not None

    def violations(self, data: Any) -> list[Violation]:
        """What is wrong with front matter or data, in an order that is always the same. Never raises."""
        data = plain(data)
        if self._is_too_deep(data):
            levels = f"is nested more than {self._collection.deepest} levels deep"
            message = (
                f"{levels}: a schema that refers to itself would look at it for too long, and was not held against it"
            )
            return [Violation("schema-violation", (), "", "$ref", message)]
        return [] if self._is_surely_valid(data) else self._judge.violations(data)

    def references(self, data: Any) -> list[tuple[KeyPath, ReferenceRule, str]]:
        """The strings in this data that `x-reference` says are references, also when the data has faults elsewhere."""
        if not self.has_references or self._is_too_deep(data := plain(data)):
            return []
        return [(key, rule, value) for (key, rule), value in self._annotations(data)[0].items()]

    def uniques(self, data: Any) -> list[tuple[KeyPath, Any]]:
        """The values in this data that `x-unique` wants on one page only; null is no value."""
        if not self.has_uniques or self._is_too_deep(data := plain(data)):
            return []
        return list(self._annotations(data)[1].items())

    def unknown_placeholders(self, known: Collection[str]) -> list[Fault]:
        """A fault for each placeholder of `x-reference` that is neither ours nor among the generator's keys."""
        from contentlint.nearest import nearest

        names = (*OWN_PLACEHOLDERS, *known)
        faults = []
        for location, rule in self._collection.references.items():
            for number, path in enumerate(rule.paths):
                for name in dict.fromkeys(name for name, _, _ in placeholders(path) if name not in names):
                    key = (*location.key, "x-reference", "paths", number)
                    span = place(self._collection.files[location.path].text, key)
                    near = nearest(name, names)
                    advice = (
                        f"did you mean {{{near}}}?"
                        if near
                        else "there are {value}, {stem}, {ext} and the string keys of the generator's config"
                    )
                    faults.append(Fault(location.path, span, f"unknown placeholder {{{name}}}", advice))
        return sorted(faults, key=lambda fault: (fault.path, fault.span or (), fault.message))

    def _annotations(self, data: Any) -> tuple[dict[tuple[KeyPath, ReferenceRule], str], dict[KeyPath, Any]]:
        references: dict[tuple[KeyPath, ReferenceRule], str] = {}
        uniques: dict[KeyPath, Any] = {}
        assert self._node is not None  # one of the keywords can be reached
        annotate(self._node, data, (), references, uniques)
        return references, uniques

    def _is_too_deep(self, data: Any) -> bool:
        """Whether a value has more levels than a schema that refers to itself can be held against in anybody's lifetime."""
        most = self._collection.deepest
        if most == documents.BOTTOMLESS:
            return False
        level = [data]
        for _ in range(most):
            if not level:
                break
            level = [each for value in level if isinstance(value, dict | list) for each in _within(value)]
        return any(isinstance(value, dict | list) for value in level)

    def _is_surely_valid(self, data: Any) -> bool:
        """Whether there is no need to ask an engine; of very many values one knows sooner, once it has been imported."""
        self._judged += 1
        test = self._sure if self._judged <= _WORTH_AN_ENGINE else None
        try:
            return test is not None and test(data)
        except RecursionError:  # nested deeper than any page that can be read
            return False

    @cached_property
    def _sure(self) -> Test | None:
        try:
            return test_of(self._collection)
        except RecursionError:  # schemas that lead deeper into a value than any page goes
            return None

    @cached_property
    def _judge(self) -> Judge:
        return self._judge_of(self._collection.root)

    @cached_property
    def _node(self) -> Node | None:
        return compile_node(self._collection, self._test)

    def _judge_of(self, location: Location) -> Judge:
        collection = self._collection
        return Judge(collection.uri(location), collection.draft(location), collection.resources)

    def _test(self, location: Location) -> Callable[[Any], bool]:
        return self._judge_of(location).is_valid


def load(path: str, read: Read, names: Names = lambda _: (), *, checked: bool = False) -> Schema:
    """Read the schema at a POSIX path and the files that it refers to by relative paths; never the network.

    The draft is that of `$schema`, without one 2020-12 (in a file that another refers to, that one's). `names` lists a
    folder, to tell what may have been meant. `checked` says that these very files have passed before, and spares the
    comparison with the draft's own schema. Raises UnusableError with every fault, each at its place.
    """
    return Schema(documents.collect(path, read, names, checked=checked))


def shipped(name: str) -> Path:
    """The path of a JSON Schema that comes with contentlint: inside the package, or beside `lint/` in a checkout.

    Raises FileNotFoundError when there is none of this name.
    """
    from pathlib import Path  # costs start-up

    package = Path(__file__).parent.parent
    for folder in (package / "schemas", package.parent.parent / "schemas"):
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(name)


def _within(value: dict[Any, Any] | list[Any]) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value
