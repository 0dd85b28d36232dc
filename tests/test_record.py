from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import typing
from pathlib import Path

import pytest

from contentlint import record
from contentlint.record import NamedTuple, Record, field, replace


class Point(Record, frozen=True):
    x: int
    y: int = 2
    names: list[str] = field(default_factory=list)
    text: str = field(default="a", text="What it says.")


class Node(Record, eq=False, slots=False):
    value: int = 0

    def __post_init__(self) -> None:
        self.twice = 2 * self.value


class Span(NamedTuple):
    """Some of a text."""

    start: int
    end: int = 5
    """Where it ends."""
    text: str = ""

    @property
    def length(self) -> int:
        return self.end - self.start


class Known(typing.NamedTuple):
    start: int
    end: int = 5
    text: str = ""


@pytest.mark.parametrize("make", [Span, Known])
def test_a_named_tuple_is_what_typing_makes_of_one(make: type[Span]) -> None:
    span = make(1, text="a")
    assert span == (1, 5, "a")
    assert (span.start, span.end, span.text) == span
    assert span._replace(end=7) == make(1, 7, "a")
    assert type(span._replace(end=7)) is make
    assert span._asdict() == {"start": 1, "end": 5, "text": "a"}
    assert make._fields == ("start", "end", "text")
    assert repr(span) == f"{make.__name__}(start=1, end=5, text='a')"
    assert hash(span) == hash((1, 5, "a"))
    assert isinstance(pickle.loads(pickle.dumps(span)), make)
    assert copy.copy(span) == span
    match span:
        case make(1, end, "a"):
            assert end == 5
        case _:
            pytest.fail("a pattern does not know its fields")
    with pytest.raises(AttributeError):
        span.start = 2  # type: ignore[misc]  that is refused
    with pytest.raises(AttributeError):
        span.more = 2  # type: ignore[attr-defined]  that is refused
    with pytest.raises(TypeError, match="start"):
        make()  # type: ignore[call-arg]  that is refused
    for wrong in (lambda: make(1, 2, "", 4), lambda: make(1, more=2), lambda: make(1, start=2)):  # type: ignore[call-arg, misc]  refused
        with pytest.raises(TypeError, match=make.__name__):
            wrong()
    with pytest.raises((TypeError, ValueError), match="more"):
        span._replace(more=2)  # type: ignore[call-arg]  that is refused


def test_a_named_tuple_has_what_its_class_says() -> None:
    assert Span(1).length == 4
    assert Span.__doc__ == "Some of a text."
    assert Span.__module__ == __name__


def test_fields_are_given_by_place_by_name_or_by_default() -> None:
    point = Point(1, names=["a"])
    assert (point.x, point.y, point.names, point.text) == (1, 2, ["a"], "a")
    assert Point(1).names is not Point(1).names
    assert repr(Point(1, 3)) == "Point(x=1, y=3, names=[], text='a')"
    match point:
        case Point(x, y):
            assert (x, y) == (1, 2)


def test_what_does_not_fit_is_refused() -> None:
    for wrong in (
        lambda: Point(y=1),  # type: ignore[call-arg]  what is refused
        lambda: Point(1, 2, [], "", 5),  # type: ignore[call-arg]  what is refused
        lambda: Point(1, x=1),  # type: ignore[misc]  what is refused
        lambda: Point(1, z=1),  # type: ignore[call-arg]  what is refused
    ):
        with pytest.raises(TypeError, match="Point"):
            wrong()
    with pytest.raises(AttributeError):
        Point(1).z = 1  # type: ignore[attr-defined]  it is the slots that refuse


def test_records_are_equal_when_their_fields_are_unless_they_are_told_apart() -> None:
    assert Point(1) == Point(1)
    assert Point(1) != Point(2)
    assert Point(1) != (1, 2, [], "a")
    assert hash(Point(1, names=(), text="")) == hash(Point(1, names=(), text=""))  # type: ignore[arg-type]  hashable
    node = Node(3)
    assert node != Node(3)
    assert len({node, node}) == 1
    assert node.twice == 6


def test_a_record_that_changes_is_in_no_set() -> None:
    class Changing(Record):
        x: int = 0

    with pytest.raises(TypeError):
        hash(Changing())


def test_replaced_listed_and_pickled() -> None:
    point = Point(1, names=["a"])
    assert replace(point, y=5) == Point(1, 5, ["a"])
    assert record.as_dict(point) == {"x": 1, "y": 2, "names": ["a"], "text": "a"}
    assert pickle.loads(pickle.dumps(point)) == point
    assert [(each.name, each.text) for each in record.fields(Node)] == [("value", "")]


def test_no_code_is_generated() -> None:
    source = Path(record.__file__).parents[1]
    script = "import sys, contentlint.diagnostic; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-S", "-c", script], cwd=source, capture_output=True, text=True, check=True)
    assert not {"dataclasses", "inspect"} & set(ran.stdout.split())
