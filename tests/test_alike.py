from __future__ import annotations

import copy
import json
import operator
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlint import frontmatter
from contentlint.alike import Alike, plain
from contentlint.page import entries

LINES = st.text().filter(lambda text: "\n" not in text)
KEYS = st.lists(st.sampled_from(["image_id", "image_url", "title", "alt"]), min_size=1, unique=True)


@st.composite
def tables(draw: st.DrawFn) -> tuple[Alike, list[dict[str, Any]]]:
    """A list of mappings that are alike, and the ordinary one."""
    keys = draw(KEYS)
    rows = draw(st.lists(st.tuples(*[LINES] * len(keys)), min_size=1, max_size=6))
    return Alike(keys, [text for row in rows for text in row]), [dict(zip(keys, row, strict=True)) for row in rows]


READERS = {
    "[0]": lambda rows: rows[0],
    "[-1:]": lambda rows: rows[-1:],
    "iter": lambda rows: [*rows],
    "reversed": lambda rows: [*reversed(rows)],
    "len": len,
    "bool": bool,
    "in": lambda rows: ({} in rows, rows[0] in rows),
    "repr": repr,
    "+": lambda rows: operator.add(rows, [1]),
    "+ behind": lambda rows: operator.add([1], rows),
    "extended by": lambda rows: [1, *rows],
    "+=": lambda rows: operator.iadd([1], rows),
    "*": lambda rows: (rows * 2, 2 * rows),
    "count": lambda rows: rows.count(rows[0]),
    "index": lambda rows: rows.index(rows[-1]),
    "copy": lambda rows: rows.copy(),
    "copy.copy": copy.copy,
    "copy.deepcopy": copy.deepcopy,
    "pickle": lambda rows: pickle.loads(pickle.dumps(rows)),
    "json": json.dumps,
    "sorted": lambda rows: sorted(rows, key=repr),
    "tuple": tuple,
    "as arguments": lambda rows: "{}".format(*rows),
    "matched": lambda rows: next(first for match in [rows] for first, *_ in [match]),
    "slice of another": lambda rows: [each := [0], each.__setitem__(slice(0, 0), rows)],
}


@pytest.mark.parametrize("reader", READERS)
@given(made=tables())
def test_whoever_reads_it_finds_an_ordinary_list(reader: str, made: tuple[Alike, list[dict[str, Any]]]) -> None:
    alike, rows = made
    assert READERS[reader](alike) == READERS[reader](rows)
    assert READERS[reader](alike) == READERS[reader](rows)  # and again


@given(tables(), tables())
def test_it_is_equal_to_a_list_of_the_same(
    one: tuple[Alike, list[dict[str, Any]]], other: tuple[Alike, list[dict[str, Any]]]
) -> None:
    assert isinstance(one[0], list)
    assert one[0] == one[1]
    assert one[1] == one[0]
    assert (one[0] == other[0]) is (one[1] == other[1]) is (one[1] == other[0])
    assert (one[0] != other[0]) is (one[1] != other[1])


@given(tables())
def test_a_column_has_the_values_of_a_key(made: tuple[Alike, list[dict[str, Any]]]) -> None:
    alike, rows = made
    for key in alike.keys:
        assert alike.column(key) == [row[key] for row in rows]
    assert alike.column("size") is None
    assert [*entries({"g": alike}, ("g",), "title")] == [*entries({"g": rows}, ("g",), "title")]


def test_plain_data_has_ordinary_lists() -> None:
    alike = Alike(["id"], ["a", "b"])
    data = {"gallery": alike, "title": "x", "tags": ["y"]}
    assert plain(data) == {"gallery": [{"id": "a"}, {"id": "b"}], "title": "x", "tags": ["y"]}
    assert type(plain(data)["gallery"]) is type(plain(alike)) is list
    assert plain(same := {"title": "x"}) is same
    assert plain(None) is None


def test_front_matter_of_a_known_shape_keeps_its_lists_so() -> None:
    def page(name: str, size: str) -> str:
        return f"title: {name}\ngallery:\n- id: {name}-1\n  size: {size}\n- id: {name}-2\n  size: {size}\n"

    documents = [frontmatter.compose(page(name, "large")) for name in ("psoas", "iliacus", "gracilis")]
    assert [type(each.data["gallery"]) for each in documents] == [list, list, Alike]
    assert documents[2].data["gallery"] == [{"id": f"gracilis-{number}", "size": "large"} for number in (1, 2)]
    numbered = frontmatter.compose(page("vastus", "3")).data["gallery"]  # numbers are no texts
    assert type(numbered) is list
    assert numbered == [{"id": f"vastus-{number}", "size": 3} for number in (1, 2)]
