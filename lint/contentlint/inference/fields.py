"""What the values of many pages have in common, said as JSON Schema: types, keys, few values, references, unique values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contentlint.inference.evidence import FEW, MANY, SEVERAL, holds, is_slip, outliers
from contentlint.page import KeyPath
from contentlint.record import NamedTuple
from contentlint.schema.extensions import ReferenceRule
from contentlint.site import Source

EACH = ""
"""The step of a field that stands for every entry of a list."""

Field = tuple[str, ...]
"""A key path with `EACH` for every number: all values of one meaning."""

_EACH_VALUE = 3
"""So often each of few values stands."""
_PER_VALUE = 8
"""So many pages there are for each of few values."""
_MOST_VALUES = 30
_WORD = re.compile(r"[^\s/]{1,40}")
_DATE = re.compile(r"\d{4}-\d\d?-\d\d?(?:[ T].*)?")
_ADDRESS = re.compile(r"\S*/\S*|\S+\.\w{2,5}|\S+@\S+")
_MOST_KEYS = 40
"""A mapping with more different keys than that has names of things for keys."""


class Value(NamedTuple):
    """A value and where it stands."""

    source: Source
    key: KeyPath
    value: Any


class Oddity(NamedTuple):
    """A key that is most likely misspelt, and that no schema needs to speak of."""

    source: Source
    key: KeyPath
    message: str


_GENERATED = {"description": "On none: the generator reads it where it is."}

References = Callable[[Field, Sequence[Value]], ReferenceRule | None]
"""What the texts of a field refer to, when they do."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Infers schemas. `given` are the generator's own keys with their schemas: they are allowed on every page."""

    references: References
    given: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    addresses: Collection[str] = ()
    """Keys that other rules judge: they are neither references nor unique."""
    optional: Collection[str] = ()
    """Keys for which the generator has a value of its own where a page has none."""
    needed: Collection[str] = ()
    """Keys that an include asks for: it says so itself where one is missing."""
    ids: Collection[Field] = ()
    """Properties by which includes find an entry of a list: an entry without one is never shown."""
    unique: bool = True
    odd: list[Oddity] = field(default_factory=list)
    """What was found misspelt on the way."""

    def page(self, pages: Sequence[Source]) -> dict[str, Any]:
        """The schema of the front matter of pages of one kind, without its title."""
        return self._object((), [Value(source, (), source.data) for source in pages])

    def data(self, source: Source) -> dict[str, Any]:
        """The schema of a data file."""
        return self._value((), [Value(source, (), source.data)])

    def _value(self, at: Field, values: Sequence[Value]) -> dict[str, Any]:
        counts = Counter(_type(each.value) for each in values)
        usual = [name for name, count in counts.items() if count > outliers(len(values))]
        if "number" in usual and "integer" in usual:
            usual.remove("integer")
        schema: dict[str, Any] = {"type": usual[0] if len(usual) == 1 else sorted(usual)}
        if "object" in usual:
            schema |= self._object(at, [each for each in values if isinstance(each.value, dict)], typed=False)
        if "array" in usual:
            entries = [
                Value(each.source, (*each.key, number), entry)
                for each in values
                if isinstance(each.value, list)
                for number, entry in enumerate(each.value)
            ]
            if entries:
                schema["items"] = self._value((*at, EACH), entries)
        if "string" in usual:
            texts = [each for each in values if isinstance(each.value, str)]
            schema |= self._text(at, texts, alone=usual == ["string"])
        return schema

    def _object(self, at: Field, values: Sequence[Value], *, typed: bool = True) -> dict[str, Any]:
        found: dict[str, list[Value]] = {}
        for each in values:
            for key, value in each.value.items():
                if isinstance(key, str):
                    found.setdefault(key, []).append(Value(each.source, (*each.key, key), value))
        schema: dict[str, Any] = {"type": "object"} if typed else {}
        misspelt = self._misspelt(found, len(values))
        known = {key: each for key, each in found.items() if key not in misspelt}
        if len(known) > _MOST_KEYS or not known:
            return schema
        given = self.given if not at else {}
        schema["properties"] = {key: self._property(at, key, each, len(values)) for key, each in sorted(known.items())}
        lost = Counter(meant for key, meant in misspelt.items() for _ in found[key])
        required = [key for key in sorted(known) if self._is_required(at, key, known[key], values, lost[key])]
        if required:
            schema["required"] = required
        rare = 1 if len(values) < 2 * MANY else 2
        if len(values) >= MANY and all(len(each) > rare or key in given for key, each in known.items()):
            schema["properties"] |= {key: _GENERATED | each for key, each in given.items() if key not in known}
            schema["additionalProperties"] = False
        return schema

    def _property(self, at: Field, key: str, values: Sequence[Value], count: int) -> dict[str, Any]:
        said = {"description": f"On {len(values)} of {count}." if len(values) < count else f"On all {count}."}
        schema = self._value((*at, key), values)
        return said | (self.given[key] if not at and key in self.given and "enum" not in schema else schema)

    def _is_required(self, at: Field, key: str, values: Sequence[Value], around: Sequence[Value], lost: int) -> bool:
        """Whether a key must be there: at the top of a page when nearly all have it, further in only what is referred to.

        The entries of a list come with and without a caption; without the picture they are none. `lost` is how many have
        the key misspelt.
        """
        if len(around) < SEVERAL or (not at and (key in self.needed or key in self.optional)):
            return False
        if not holds(len(values) + lost, len(around)):
            return False
        return not at or (*at, key) in self.ids or self._refers((*at, key), values)

    def _refers(self, at: Field, values: Sequence[Value]) -> bool:
        texts = [each for each in values if isinstance(each.value, str)]
        return bool(texts) and self.references(at, texts) is not None

    def _misspelt(self, found: Mapping[str, Sequence[Value]], count: int) -> dict[str, str]:
        """Keys that stand hardly anywhere, where the key of nearly all others is lacking that they are a slip away from."""
        few = max(1, outliers(count))
        usual = [key for key, values in found.items() if len(values) >= FEW and count - len(values) <= 2 * few]
        misspelt = {}
        for key, values in found.items():
            if len(values) > few or key in self.given:
                continue
            meant = next((each for each in usual if each != key and is_slip(key, each)), "")
            if meant and all(meant not in _at(each.source.data, each.key[:-1]) for each in values):
                misspelt[key] = meant
                message = f"the others have {meant} where this has {key}"
                self.odd.extend(Oddity(each.source, each.key, message) for each in values)
        return misspelt

    def _text(self, at: Field, values: Sequence[Value], *, alone: bool) -> dict[str, Any]:
        """What is said of the texts of a field; of their very values only where all others are mistakes."""
        if at[:1] and at[0] in self.addresses:
            return {}
        reference = self.references(at, values)
        if reference is not None:
            return {"x-reference": {"role": str(reference.role), "paths": list(reference.paths)}}
        if not alone:
            return {}
        few = few_values([each.value for each in values])
        if few and at[-1:] != ("layout",) and at[-1:] != (EACH,):
            return {"enum": few}
        if self.unique and len(at) == 1 and are_unique([each.value for each in values]):
            return {"x-unique": True}
        return {}


def few_values(texts: Sequence[str]) -> list[str]:
    """The values that a field is limited to, sorted; none without real evidence: many pages, few words, each often.

    A value that is nearly one of the others does not count, if it is rare.
    """
    counts = Counter(texts)
    common = {text: count for text, count in counts.items() if count >= _EACH_VALUE}
    if not 1 < len(common) <= _MOST_VALUES or len(texts) < _PER_VALUE * len(common):
        return []
    rare = [text for text in counts if text not in common]
    if sum(counts[text] for text in rare) > outliers(len(texts)) or not all(_slips(each, common) for each in rare):
        return []
    return sorted(common) if all(_WORD.fullmatch(text) and not _DATE.fullmatch(text) for text in common) else []


def are_unique(texts: Sequence[str]) -> bool:
    """Whether a field of texts, no dates and no addresses, has another value on every page."""
    if len(texts) < MANY or len(set(texts)) < len(texts):
        return False
    return not any(_DATE.fullmatch(text) or _ADDRESS.fullmatch(text) for text in texts)


def _slips(text: str, texts: Iterable[str]) -> bool:
    return any(is_slip(text, each) for each in texts)


def _at(data: Any, key: KeyPath) -> Any:
    for step in key:
        data = data[step]
    return data


def _type(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
