"""Records: classes that are their annotated fields, as dataclasses are, and made without generating code.

A dataclass costs half a millisecond when its module is imported, and the import of `dataclasses` several more. A run on a
commit hook imports some forty of them, and makes few objects of each. Of named tuples it imports a hundred.
"""

from __future__ import annotations

from collections import _tuplegetter  # type: ignore[attr-defined]  # as namedtuple, wherever that has it from
from collections.abc import Callable
from functools import cache
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

__all__ = ["Field", "NamedTuple", "Record", "RecordType", "as_dict", "field", "fields", "replace"]

if TYPE_CHECKING:
    from typing import NamedTuple
else:

    class Named(tuple):
        """What all named tuples can do, beside what `NamedTupleType` makes for each; see `collections.namedtuple`."""

        __slots__ = ()

        def _replace(self, **changes: Any) -> tuple[Any, ...]:
            made = tuple.__new__(type(self), map(changes.pop, self._fields, self))
            if changes:
                raise TypeError(f"{type(self).__name__} has no {', '.join(changes)}")
            return made

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

        def __repr__(self) -> str:
            shown = (f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({', '.join(shown)})"

    @cache
    def _maker(count: int) -> CodeType:
        """The code that makes a tuple of so many values. Compiled for each class it would cost more than all else of that."""
        values = ", ".join(f"_{number}" for number in range(count))
        return eval(f"lambda _cls, {values}: _new(_cls, ({values},))", {}).__code__  # noqa: S307  nothing but numbers

    class NamedTupleType(type):
        """Makes what `typing.NamedTuple` makes, in a tenth of its time: that compiles each class and its annotations."""

        def __new__(cls, name: str, _bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            """The class of tuples with these fields and methods."""
            names = (*namespace["__annotations__"],)
            defaults = (*(namespace[each] for each in names if each in namespace),)
            code = _maker(len(names)).replace(co_varnames=("_cls", *names))
            make = FunctionType(code, {"_new": tuple.__new__}, "__new__", defaults)
            make.__qualname__ = f"{name}.__new__"
            gets = {each: _tuplegetter(number, None) for number, each in enumerate(names)}
            own = {"__new__": make, "__slots__": (), "_fields": names, "__match_args__": names}
            return type(name, (Named,), namespace | gets | own)

    NamedTuple = type.__new__(NamedTupleType, "NamedTuple", (), {})


class Field(NamedTuple):
    """What the field of a record holds unless its maker says."""

    name: str
    default: Any
    default_factory: Callable[[], Any] | None
    """Makes the default, which is another object for each record."""
    text: str
    """What it means, for those who show it."""


def field(*, default: Any = None, default_factory: Callable[[], Any] | None = None, text: str = "") -> Any:
    """A field's default where a plain value does not say all; see `Field`."""
    return Field("", default, default_factory, text)


@dataclass_transform(field_specifiers=(field,))
class RecordType(type):
    """Makes the classes of records: their fields are slots, unless `slots` is false, and what `==` compares, unless `eq` is.

    That a record is `frozen` is for the type checker, and makes it hashable.
    """

    __match_args__: tuple[str, ...]
    """The fields."""
    __defaults__: dict[str, Field]
    """By field."""

    def __new__(
        cls,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        frozen: bool = False,
        eq: bool = True,
        slots: bool = True,
    ) -> RecordType:
        """The class; a field without a default behind one that has one is required all the same."""
        names = tuple(namespace.get("__annotations__", ()))
        defaults = {}
        for each in names:
            if each in namespace:
                default = namespace.pop(each)
                defaults[each] = (
                    default._replace(name=each) if isinstance(default, Field) else Field(each, default, None, "")
                )
        namespace["__match_args__"] = names
        namespace["__defaults__"] = defaults
        if slots:
            namespace["__slots__"] = names
        if eq and bases:
            namespace.setdefault("__eq__", _equal)
            namespace.setdefault("__hash__", _hash if frozen else None)
        return super().__new__(cls, name, bases, namespace)


class Record(metaclass=RecordType):
    """What all records can do."""

    def __init__(self, *values: Any, **named: Any) -> None:
        names = type(self).__match_args__
        if len(values) > len(names):
            raise TypeError(f"{type(self).__name__} has {len(names)} fields, not {len(values)}")
        for name, value in zip(names, values, strict=False):
            if name in named:
                raise TypeError(f"{type(self).__name__} is given {name} twice")
            setattr(self, name, value)
        for name in names[len(values) :]:
            if name in named:
                setattr(self, name, named.pop(name))
                continue
            try:
                _, default, default_factory, _ = type(self).__defaults__[name]
            except KeyError:
                raise TypeError(f"{type(self).__name__} needs {name}") from None
            setattr(self, name, default if default_factory is None else default_factory())
        if named:
            raise TypeError(f"{type(self).__name__} has no {', '.join(named)}")
        self.__post_init__()

    def __post_init__(self) -> None:
        """What is to be done when all fields are there."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in as_dict(self).items())})"


def _equal(self: Record, other: object) -> bool:
    return type(self) is type(other) and all(
        getattr(self, name) == getattr(other, name) for name in type(self).__match_args__
    )


def _hash(self: Record) -> int:
    return hash(tuple(getattr(self, name) for name in type(self).__match_args__))


_R = TypeVar("_R", bound=Record)


def as_dict(record: Record) -> dict[str, Any]:
    """The fields of a record by name."""
    return {name: getattr(record, name) for name in type(record).__match_args__}


def replace(record: _R, **changes: Any) -> _R:
    """A record like this one but for some fields."""
    return type(record)(**{**as_dict(record), **changes})


def fields(record: type[Record]) -> list[Field]:
    """The fields of a class of records that have a default."""
    return [*record.__defaults__.values()]
