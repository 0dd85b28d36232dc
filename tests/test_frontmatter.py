from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contentlint import frontmatter
from contentlint.frontmatter import Field, compose, compose_table, shapes, sniff, split, unclosed
from contentlint.frontmatter import comments as find_comments
from contentlint.frontmatter.composer import MAX_DEPTH, MAX_REPEATED, read_events
from contentlint.frontmatter.document import Document
from contentlint.frontmatter.everyday import read
from contentlint.frontmatter.fallback import PurePythonParser
from contentlint.frontmatter.parser import parser
from contentlint.frontmatter.scalars import MAX_DIGITS

DATA = Path(__file__).parent / "data" / "yaml"
RECORDED = json.loads((DATA / "safeyaml.json").read_text(encoding="utf-8"))
MISTAKES = json.loads((DATA / "mistakes.json").read_text(encoding="utf-8"))


def inspect(value: object) -> str:
    """What Ruby's `inspect` prints for a value."""
    match value:
        case None:
            return "nil"
        case bool():
            return str(value).lower()
        case float():
            return {"inf": "Infinity", "nan": "NaN"}.get(repr(value), repr(value))
        case str():
            return json.dumps(value, ensure_ascii=False)
        case list():
            return "[" + ", ".join(map(inspect, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{inspect(key)}=>{inspect(item)}" for key, item in value.items()) + "}"
        case _:
            return repr(value)


def spelled(text: str, document: Document) -> dict[tuple[str | int, ...], str]:
    return {field.key: text[field.start : field.end] for field in document.fields}


# The block


@pytest.mark.parametrize(
    ("head", "is_page"),
    [
        (b"---\n", True),
        (b"---\r\ntitle: x", True),
        (b"--- \t\n", True),
        (b"---", False),
        (b"---\rtitle", False),
        (b"----\n", False),
        (b"--- # c\n", False),
        (b" ---\n", False),
        (b"\n---\n", False),
        (b"\xef\xbb\xbf---\n", False),
        (b"", False),
    ],
)
def test_a_page_is_told_by_its_first_line(head: bytes, is_page: bool) -> None:
    assert sniff(head) is is_page


@pytest.mark.parametrize(
    ("text", "yaml", "body"),
    [
        ("---\n---\n# H\n", "---\n", "# H\n"),
        ("---\ntitle: T\n---\n\n\n\n# H\n", "---\ntitle: T\n", "# H\n"),
        ("---\ntitle: T\n---\n \n  # H\n", "---\ntitle: T\n", "  # H\n"),
        ("---\r\ntitle: T\r\n---\r\n# H\r\n", "---\r\ntitle: T\r\n", "# H\r\n"),
        ("---\t\ntitle: T\n...  \n# H\n", "---\t\ntitle: T\n", "# H\n"),
        ("---\ntitle: T\n--- x\n# H\n---\nrest\n", "---\ntitle: T\n--- x\n# H\n", "rest\n"),
        ("---\nx: |\n  a\n---\n# H\n", "---\nx: |\n  a\n", "# H\n"),
        ("---\n\n\n---\n# H", "---\n\n\n", "# H"),
        ("---\ntitle: T\n---", "---\ntitle: T\n", ""),
        ("\ufeff---\ntitle: T\n---\nx", "---\ntitle: T\n", "x"),
    ],
)
def test_a_block_is_split_from_its_body(text: str, yaml: str, body: str) -> None:
    block = split(text)
    assert block is not None
    assert (text[block.start : block.end], text[block.body :]) == (yaml, body)
    assert text[block.start : block.opening] == "---"
    assert unclosed(text) is None


@pytest.mark.parametrize(
    "text", ["", "---", "---\rx\r---\r", "\n---\n---\n", " ---\n---\n", "----\nx\n----\n", "--- # c\nx\n---\n", "a"]
)
def test_other_text_has_no_block(text: str) -> None:
    assert split(text) is None
    assert unclosed(text) is None


@pytest.mark.parametrize(
    "text", ["---\n", "---\ntitle: x\n# H\n", "---\nt: T\n----\n", "---\nt: T\n  ---\n", "---\n---x\n"]
)
def test_a_block_that_is_never_closed(text: str) -> None:
    assert split(text) is None
    assert unclosed(text) == (0, 3)
    assert unclosed("\ufeff" + text) == (1, 4)


# Ruby: %r!\A(---\s*\n.*?\n?)^((---|\.\.\.)\s*$\n?)!m
RUBY = re.compile(r"\A(---\s*\n.*?\n?)^((---|\.\.\.)\s*$\n?)", re.DOTALL | re.MULTILINE | re.ASCII)


@given(
    st.lists(st.sampled_from(["---", "...", "\n", "\n", "\r\n", " ", "\t", "\v", "\f", "\r", "a", "\x85", "\u2028"]))
)
def test_a_block_is_what_jekylls_expression_matches(pieces: list[str]) -> None:
    text = "---" + "".join(pieces)
    match, block = RUBY.match(text), split(text)
    assert (block and (0, 3, block.end, block.body)) == (match and (0, 3, match.end(1), match.end()))


# Values


@pytest.mark.parametrize("row", RECORDED["yaml_scalars"], ids=lambda row: row["in"])
def test_a_scalar_is_what_safeyaml_makes_of_it(row: dict[str, str]) -> None:
    document = compose(f"k: {row['in']}\n")
    if "error" in row:
        assert document.error is not None
    elif row["class"] in ("Date", "Time"):
        assert document.data == {"k": row["in"]}
        assert document.fields[0].tag == "timestamp"
    else:
        assert inspect(document.data["k"]) == row["value"]
        tags = {"TrueClass": "bool", "FalseClass": "bool", "NilClass": "null", "Integer": "int", "Float": "float"}
        assert document.fields[0].tag == (tags | {"String": "str", "Hash": "map", "Array": "seq"})[row["class"]]


@pytest.mark.parametrize("row", RECORDED["yaml_docs"], ids=lambda row: row["in"])
def test_a_document_is_what_safeyaml_makes_of_it(row: dict[str, str]) -> None:
    document = compose(row["in"] + "\n")
    if "error" in row:
        assert document.error is not None
    elif row["class"] == "FalseClass":
        assert document.data is None  # nothing but comments
    else:
        # A list cannot be a key of a dict: its text stands for it.
        assert inspect(document.data) == row["value"].replace('["a"]=>', '"[a]"=>')


# By the source of SafeYAML 1.0.5: psych_handler.rb and transform/*.rb.
@pytest.mark.parametrize(
    ("yaml", "data"),
    [
        ('x: &a "5"\ny: *a', {"x": "5", "y": 5}),
        ("x: &a 2020-01-02\ny: *a", {"x": "2020-01-02", "y": "2020-01-02"}),
        ("x: &a 1.5\ny: *a", {"x": 1.5, "y": 1.5}),
        ("x: &a |\n  5\ny: *a", {"x": "5\n", "y": 5}),
        ("x: &a 1\nx2: &a 2\ny: *a", {"x": 1, "x2": 2, "y": 2}),
        ("x: &a {b: [1, {c: d}]}\ny: *a", {"x": {"b": [1, {"c": "d"}]}, "y": {"b": [1, {"c": "d"}]}}),
        ("x: *nowhere", {"x": None}),
        ("d: &d {a: 1, b: 2}\ne:\n  a: 3\n  <<: *d\n  b: 4", {"d": {"a": 1, "b": 2}, "e": {"a": 1, "b": 4}}),
        ("<<: {a: 1}\nb: 2", {"b": 2}),
        ("~: v\nb: c", {"v": "b"}),
        ("a:\n  ~: v\nb: c", {"a": {}, "v": "b"}),
        ("? {a: b}\n: v", {"b": "v"}),
        ("? [a, b]\n: v", {"[a, b]": "v"}),
        ("k: ! '5'", {"k": 5}),
        ("k: !!str '5'", {"k": 5}),
        ("k: !binary aGk", {"k": "hi"}),
        ("k: !binary aGkxx", {"k": "hi1"}),
        ("k: !binary 'aGk aQ'", {"k": "hi\x1a"}),
        ("[a, 'b', {c: d}]", ["a", "b", {"c": "d"}]),
        ("text", "text"),
        ("5", 5),
        ("", None),
        ("- \n- ~", [None, None]),
        ("-0x1F: a", {-31: "a"}),
        ("k: -1:30", {"k": 30.0}),
        ("k: 1:30.5", {"k": 90.5}),
        ("k: 1:30.", {"k": 90.0}),
        ("k: 1_0.2_5", {"k": 10.25}),
        ("k: -.INF", {"k": float("-inf")}),
        ("k: 1582-10-10", {"k": "1582-10-10"}),
        ("k: " + "1" * (MAX_DIGITS + 1), {"k": "1" * (MAX_DIGITS + 1)}),
    ],
)
def test_the_oddities_of_safeyaml(yaml: str, data: object) -> None:
    document = compose(yaml)
    assert document.error is None
    assert document.data == data


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("1500-02-29", "timestamp"),  # Julian
        ("1900-02-29", "str"),
        ("2000-02-29", "timestamp"),
        ("1582-10-04", "timestamp"),
        ("1582-10-14", "str"),
        ("2020-00-01", "str"),
        ("2020-1-2 3:04:05", "timestamp"),
        ("2020-01-02 24:00:00", "timestamp"),
        ("2020-01-02 24:00:01", "str"),
        ("2020-01-02 03:60:00", "str"),
        ("2020-01-02 03:04:60", "timestamp"),
        ("2020-01-02 03:04:61", "str"),
        ("2020-02-30 03:04:05", "str"),
    ],
)
def test_a_timestamp_is_a_day_that_rubys_calendar_has(text: str, tag: str) -> None:
    assert compose(f"k: {text}").fields[0].tag == tag


@pytest.mark.parametrize("text", ["1_.5", "._", "1:30._5", "5 "])
def test_what_ruby_cannot_turn_into_a_number_is_an_error(text: str) -> None:
    document = compose(f"a: b\nk: {text}\n")
    if text == "5 ":
        assert document.data["k"] == 5
    else:
        assert document.error is not None
        assert document.error[1:3] == (8, 8 + len(text))


# Places


def test_every_value_has_its_place() -> None:
    text = (
        '\ufeff---\ntitle: \'X 😀\'\n"sub": "a\\tb"\nnone:\nlist:\n- a\n- k: v # c\n  l: |+\n\n    one\n    two\n\n'
        "flow: [x, {y: 'z'}]\nanchored: &a 'b'\ncopy: *a\ntagged: !x {m: n}\nempty: ''\nhead: |\n"
    )
    document = compose(text)
    assert spelled(text, document) == {
        ("title",): "X 😀",
        ("sub",): "a\\tb",
        ("none",): "",
        ("list",): "- a\n- k: v # c\n  l: |+\n\n    one\n    two\n\n",
        ("list", 0): "a",
        ("list", 1): "k: v # c\n  l: |+\n\n    one\n    two\n\n",
        ("list", 1, "k"): "v",
        ("list", 1, "l"): "one\n    two",
        ("flow",): "[x, {y: 'z'}]",
        ("flow", 0): "x",
        ("flow", 1): "{y: 'z'}",
        ("flow", 1, "y"): "z",
        ("anchored",): "b",
        ("copy",): "b",
        ("tagged",): "{m: n}",
        ("tagged", "m"): "n",
        ("empty",): "",
        ("head",): "|",
    }
    assert document.fields[1] == Field(("sub",), "str", 26, 30, 19, 22)
    assert text[slice(*document.key_place(("sub",)))] == "sub"
    assert text[slice(*document.place(("none",)))] == "none"
    assert text[slice(*document.place(()))].startswith("title: ")
    assert document.key_place(("list", 0)) == document.place(("list", 0))
    with pytest.raises(KeyError):
        document.place(("nope",))


def test_repeated_keys_are_told_and_the_last_one_wins() -> None:
    text = "a: {x: 1}\nb:\n  - c: 1\n    c: 2\n    'c': 3\na: 4\nyes: 5\n1: 6\n"
    document = compose(text)
    assert [
        (duplicate.key, text[duplicate.start : duplicate.end], duplicate.start, duplicate.first_start)
        for duplicate in document.duplicates
    ] == [(("b", 0, "c"), "c", 26, 17), (("b", 0, "c"), "c", 36, 17), (("a",), "a", 42, 0)]
    assert [field.key for field in document.fields] == [
        ("b",), ("b", 0), ("b", 0, "c"), ("a",), (True,), (1,)
    ]  # fmt: skip
    assert text[slice(*document.place(("a",)))] == "4"


def test_a_merged_key_may_be_written_again() -> None:
    text = "d: &d {a: 1, b: {c: 2}}\ne:\n  <<: *d\n  a: 3\n"
    document = compose(text)
    assert not document.duplicates
    assert spelled(text, document) == {
        ("d",): "{a: 1, b: {c: 2}}",
        ("d", "a"): "1",
        ("d", "b"): "{c: 2}",
        ("d", "b", "c"): "2",
        ("e",): "<<: *d\n  a: 3",
        ("e", "b"): "{c: 2}",
        ("e", "b", "c"): "2",
        ("e", "a"): "3",
    }


def test_what_an_alias_repeats_leaves_out_what_was_overwritten() -> None:
    text = "a: &a {b: {c: 1}, b: 2, ? {q: r} : s, e: &e {f: g}}\nx: *a\ny: *a\n? *a\n: z\n"
    document = compose(text)
    below_x = [field.key[1:] for field in document.fields if field.key[0] == "x"]
    assert below_x == [field.key[1:] for field in document.fields if field.key[0] == "a"]
    assert ("b",) in below_x
    assert ("b", "c") not in below_x


# Everyday YAML and any YAML are read alike

KEYS = st.sampled_from(["a", "b-c", "title", "e5", "image_url", "key  ", "no", "'q'", "<<", "_1"])
VALUES = st.sampled_from(
    [
        "",
        " a",
        " 'a b'",
        ' "b"',
        " a b ",
        " 'a: b'",
        " http://x/y#z",
        " 5",
        " yes",
        " ~",
        " 1,0",
        " a # c",
        " # c",
        " é 😀",
        " it's",
        " 'x' # y",
        "  x  ",
        " ''",
        ' ""',
        " =",
        " .5",
        " 1_.5",
        " 2020-01-02",
        " \xa0x",
        " (x) [y]",
        " a,b: c",
        " a:",
        " 'it''s'",
        " a\tb",
        " [a, b]",
        " |",
        " *x",
        ' "\\n"',
        " a\x85b",
        "x",
        " - a",
        " -1",
        " 'x",
        " x'",
        " '",
    ]
)


@st.composite
def pages(draw: st.DrawFn) -> str:
    """Text that is nearly always YAML: lines of keys and items, nested as its author would."""
    lines = draw(st.sampled_from([[], ["---"], ["--- "], ["# c"], ["---", "", "  # c"]]))
    columns = [0]
    for _ in range(draw(st.integers(0, 7))):
        column = draw(st.sampled_from(columns))
        columns = [known for known in columns if known <= column]
        dash = draw(st.sampled_from(["", "", "- ", "-   "]))
        key = draw(KEYS) + ":" if draw(st.integers(0, 9)) else ""
        value = draw(VALUES) if draw(st.booleans()) else draw(st.sampled_from(["", " a", " 'b'"]))
        lines = [
            *lines,
            " " * column + dash + key + (value if key else value.lstrip()),
            *draw(st.sampled_from([[], [], [""], ["# d"]])),
        ]
        inner = column + len(dash)
        columns = [*columns, inner, inner + 2]
    return draw(st.sampled_from(["\n", "\n", "\r\n"])).join(lines) + draw(st.sampled_from(["\n", "", "\n\n"]))


@settings(max_examples=2 * settings.default.max_examples, deadline=None)
@given(pages())
def test_everyday_yaml_is_read_as_the_parser_reads_it(text: str) -> None:
    document = read(text, 0, len(text))
    if document is not None:
        assert repr(document) == repr(read_events(text, 0, len(text)))


@settings(max_examples=settings.default.max_examples, deadline=None)
@given(pages())
def test_plain_text_stands_at_its_place(text: str) -> None:
    document = compose("\ufeff" + text + "\0after", 0, len(text) + 1)
    for field in document.fields:
        written = ("\ufeff" + text)[field.start : field.end]
        value = document.data
        for step in field.key:
            value = value[step]
        if isinstance(value, str) and value and "\n" not in value and not {"'", "\\", "\n", "\x85"} & set(written):
            assert written == value


INNER = st.sampled_from(
    [
        "a",
        "a b",
        "1",
        "-1",
        "2020-01-02",
        "yes",
        "~",
        "",
        "'x, y'",
        '"z]"',
        "'it''s'",
        '"\\\\n"',
        "http://x",
        "a: b",
        "*a",
        "a#b",
        "a # b",
        "x-y",
        "?",
        "-",
        "- a",
        "a?",
        "é",
        "!t a",
        "10:30",
        "null",
        ".5",
        "1_.5",
        "=",
        "<<",
        "a\tb",
        "'a'b",
        "%x",
        "(x)",
    ]
)
NAMES = st.sampled_from(
    ["a", "b", "key", "a-b", "a b", "yes", "'q'", '"q"', "1", "<<", "no", "é", "", "? a", "null", "a_1"]
)
COLONS = st.sampled_from([": ", ": ", ": ", ":", " : ", ":  "])
FLOWS = st.recursive(
    INNER,
    lambda inner: st.one_of(
        st.tuples(
            st.lists(inner, max_size=3), st.sampled_from([", ", ",", " , ", ",,", " "]), st.sampled_from(["", " "])
        ).map(lambda made: f"[{made[2]}{made[1].join(made[0])}{made[2]}]"),
        st.lists(st.tuples(NAMES, COLONS, inner).map("".join), max_size=3).map(lambda pairs: f"{{{', '.join(pairs)}}}"),
    ),
    max_leaves=6,
)


@settings(max_examples=3 * settings.default.max_examples, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["x: ", "- ", "- x: ", "  - ", "y:  ", "  z: "]), FLOWS), min_size=1, max_size=3
    ),
    st.sampled_from(["", " ", " # c", " # ]", "#", "\r"]),
)
def test_collections_in_brackets_are_read_as_the_parser_reads_them(lines: list[tuple[str, str]], after: str) -> None:
    text = "".join(f"{head}{flow}{after}\n" for head, flow in lines)
    document = read(text, 0, len(text))
    if document is not None:
        assert repr(document) == repr(read_events(text, 0, len(text)))
    for _ in range(3):
        assert repr(compose(text).data) == repr(read_events(text, 0, len(text)).data)


@pytest.mark.parametrize(
    "text",
    [
        "a: [b, c d, 1]\n",
        "a: []\nb: {}\nc: [ ]\n",
        "- [a, [b]]\n- {c: [d], e: {f: 'g, h'}}\n",
        'plugins: [ jekyll-feed , "x" ]  # two\nexclude: [vendor, README.md]\n',
        "- x: {when: 2020-01-02, y: no}\n  z: [.5]\n",
    ],
)
def test_brackets_on_one_line_need_no_parser(text: str) -> None:
    document = read(text, 0, len(text))
    assert document is not None
    assert repr(document) == repr(read_events(text, 0, len(text)))


@pytest.mark.parametrize(
    "flow",
    [
        "[a: b]",
        "[a,]",
        "[a",
        "[a]]",
        "[a,\n b]",
        "{a}",
        "{a: b, a: c}",
        "{a:b}",
        "{'a': b}",
        "{yes: b}",
        "[1_.5]",
        "[a]b",
        "[&a b]",
        "[" * 30 + "]" * 30,
        "{a: b c: d}",
        "[a # b]",
    ],
)
def test_unusual_brackets_are_left_to_the_parser(flow: str) -> None:
    text = f"x: {flow}\n"
    assert read(text, 0, len(text)) is None


@pytest.mark.parametrize("text", ["a: \ufeffb\n", "a: b\u2028c\n", "a: \ud800\n"])
def test_characters_that_yaml_treats_in_its_own_way_are_left_to_the_parser(text: str) -> None:
    assert read(text, 0, len(text)) is None


def read_by_shape(text: str) -> Document | None:
    """What is made of a text by its shape alone; None when it has none that is known."""
    lines = shapes._lines(text, 0, len(text))
    shape = shapes._SHAPES.get(lines.heads) if lines is not None else None
    return shape.read(lines, 0) if shape is not None and lines is not None else None


@settings(max_examples=2 * settings.default.max_examples, deadline=None)
@given(pages(), st.data())
def test_a_text_of_a_known_shape_is_read_as_line_by_line(text: str, data: st.DataObject) -> None:
    newline = "\r\n" if "\r" in text else "\n"
    lines = text.split(newline)
    others = [line.partition(": ")[0] + ":" + data.draw(VALUES) if ": " in line else line for line in lines]
    texts = [text, text, text, newline.join(others)]
    if data.draw(st.booleans()):
        texts = [*texts[:2], *([newline.join(others)] * 3)]
    for each in texts:
        document, expected = shapes.read(each, 0, len(each)), read(each, 0, len(each))
        assert document is None or expected is not None
        assert repr(compose(each).data) == repr(read_events(each, 0, len(each)).data)
        for known in (document, read_by_shape(each)):
            if known is not None:
                assert expected is not None
                assert (repr(known.data), known.root) == (repr(expected.data), expected.root)
                assert [*known.fields] == [*expected.fields]
                assert list(known.fields.tags) == expected.fields.tags
                assert known.fields.times() == expected.fields.times()


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("- x\n", "- : x\n"),
        ("- 'a: b'\n", "- 'a: c\n"),
        ("a: b\nc: d\ne:\n", "a: \nc: d\ne:: f\n"),
        ("a: b\r\nc: d\r\n", "a: b\nc\r\nc: d\r\n"),
        ("a: b\n", "a: b \n"),
        ("a: b\n", "a: b # c\n"),
        ("a: b\n", "a: [b]\n"),
        ("a: b\n", "a: 1_.5\n"),
        ("# x: y\na: b\n", "# x: z\na: c\n"),
        ("a:\n", "a:\n"),
    ],
)
def test_what_only_looks_like_a_known_shape_is_read_line_by_line(
    monkeypatch: pytest.MonkeyPatch, text: str, other: str
) -> None:
    monkeypatch.setattr(shapes, "_SHAPES", {})
    monkeypatch.setattr(shapes, "_SEEN", {})
    for _ in range(3):
        shapes.read(text, 0, len(text))
    assert read_by_shape(other) is None


def test_a_known_shape_is_not_read_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "---\nlayout: page\ndate:   {}\nn: 12\nimages:\n  - id: '{}'\n    n: no\n  - id: 'x'\n    n: 1\ntags:\n  - a\n"
    )
    for name in ("2020-01-02", "one", "two two"):
        expected = read(text.format(name, name), 0, len(text.format(name, name)))
        shapes.read(text.format(name, name), 0, len(text.format(name, name)))
    monkeypatch.setattr(shapes.everyday, "read", lambda *_: None)
    document = compose(text.format("2020-01-02", "ten"))
    assert document.data["images"] == [{"id": "ten", "n": False}, {"id": "x", "n": 1}]
    assert document.data["tags"] == ["a"]
    assert document.fields.times() == {("date",)}
    assert document.fields[1].tag == "timestamp"
    assert text.format("2020-01-02", "ten")[slice(*document.place(("images", 0, "id")))] == "ten"
    assert expected is not None
    assert document.fields.keys == tuple(expected.fields.keys)


def test_what_the_parser_must_read_is_not_tried_line_by_line_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert compose("flow: [a, ]\nlist: b\n").data == {"flow": ["a"], "list": "b"}
    monkeypatch.setattr(shapes.everyday, "read", lambda *_: pytest.fail("it was tried"))
    assert compose("flow: [b, ]\nlist: c\n").data == {"flow": ["b"], "list": "c"}


def test_only_so_many_shapes_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "_SHAPES", {})
    monkeypatch.setattr(shapes, "_SEEN", {})
    monkeypatch.setattr(shapes, "_MOST", 1)
    for text in ("a: b\n", "c: d\n"):
        for _ in range(3):
            assert shapes.read(text, 0, len(text)) is not None
    assert [*shapes._SHAPES] == [("a", "")]
    long = "a: '" + "x" * 70_000 + "'\n"
    assert compose(long).data == {"a": "x" * 70_000}


def test_everyday_yaml_takes_the_short_way() -> None:
    text = "---\n\nlayout : page\ntags: hip # c\nimages:\n  - id: 'a'\n    n: no\n  -\n  - plain\nlast:\n  deep: \"x\"\n---\n"
    block = split(text)
    assert block is not None
    document = read(text, block.start, block.end)
    assert document is not None
    assert document.fields.times() == frozenset()
    assert read_events("t: 2020-01-02\n", 0, 14).fields.times() == {("t",)}
    assert document.data == {
        "layout": "page",
        "tags": "hip",
        "images": [{"id": "a", "n": False}, None, "plain"],
        "last": {"deep": "x"},
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: b\n c: d\n",
        "a: 1_.5\n",
        "a: 1\na: 2\n",
        " a: 1\nb: 2\n",
        "a: |\n b\n",
        "a: 1\n- b\n",
        "- 'a'\n  b: c\n",
        "  x\n",
        "".join(" " * column + "a:\n" for column in range(30)),
        "a: b\n  - c\n",
    ],
)
def test_anything_else_is_left_to_the_parser(text: str) -> None:
    assert read(text, 0, len(text)) is None


# libyaml and PyYAML's own parser


def outcome(text: str) -> object:
    document = read_events(text, 0, len(text))
    if document.error is not None:
        return document.error
    return repr(document.data), [*document.fields], document.duplicates, document.root


PIECES = [
    "a",
    "b",
    " ",
    "  ",
    "\n",
    "\n",
    ": ",
    ": ",
    "- ",
    "'",
    '"',
    " #",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "|\n  ",
    "&x ",
    "*x",
]
TABBED = [*PIECES, "\t", "a\tb", ":\t", "\r\n", "\x85", "é", "😀", "\n---\n", ">-\t\n  "]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(TABBED), max_size=12).map(lambda pieces: "k: v\n" + "".join(pieces)))
def test_without_libyaml_values_are_the_same(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        expected = outcome(text)
        patch.setitem(sys.modules, "yaml._yaml", None)
        assert isinstance(parser(""), PurePythonParser)
        found = outcome(text)
    if isinstance(expected, frontmatter.Error):
        assert isinstance(found, frontmatter.Error)
    else:
        assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        "a: b\tc\n",
        "a:\tb\n",
        "a: b\n \n\tc: d\n",
        "a: |\t\n  b\n",
        "a: b\n\n  c\n",
        "a: b\u2028  c\n",
        "a: b\n---\nc: d\n",
        "a: |\n  \tb\n",
        "a: |+1\n  b\n\n",
        "a: >2-\n   b\n",
        "- a\n\ufeff- b\n",
    ],
)
def test_without_libyaml_tabs_are_taken_alike(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = outcome(text)
    monkeypatch.setitem(sys.modules, "yaml._yaml", None)
    assert outcome(text) == expected


@pytest.mark.parametrize("row", MISTAKES, ids=lambda row: row["in"])
@pytest.mark.parametrize("libyaml", [True, False])
def test_a_mistake_is_told_where_to_mend_it(
    row: dict[str, str], libyaml: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not libyaml:
        monkeypatch.setitem(sys.modules, "yaml._yaml", None)
    start, end = row["in"].index("«"), row["in"].index("»") - 1
    text = row["in"].replace("«", "").replace("»", "")
    for before in ("", "---\n", "text\n---\n"):
        error = compose(before + text + "---\nbehind: 'it", len(before) - len(before[-4:]), len(before + text)).error
        assert error is not None
        assert (error.message, error.start, error.end) == (row["message"], start + len(before), end + len(before))


SIGNS = [
    "'",
    '"',
    ":",
    ": ",
    "\n",
    "\t",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "#",
    " #",
    "*",
    "&",
    "!",
    "%",
    "@",
    "|",
    "?",
    " ",
    "\ufeff",
    "\x01",
]


@settings(max_examples=settings.default.max_examples, deadline=None)
@given(
    pages(),
    st.lists(st.tuples(st.integers(0, 80), st.sampled_from([*SIGNS, "\\", "{{ x }}", "<<: ", "\n---\n"])), max_size=3),
)
def test_a_mistake_stands_within_the_text(text: str, slips: list[tuple[int, str]]) -> None:
    for at, sign in slips:
        text = text[:at] + sign + text[at:]
    document = compose("'@" + text + "'", 2, len(text) + 2)
    places = [(field.start, field.end) for field in document.fields]
    if document.error is not None:
        assert document.error.start < document.error.end
        places.append(document.error[1:3])
    assert all(2 <= start <= end <= len(text) + 2 for start, end in places)


def test_how_to_mend_a_quote_depends_on_what_it_was_meant_for() -> None:
    notes = [compose(f"title: {value}\nlayout: page\n").error for value in ("'Tis the season", "'X\"", "'X")]
    assert [error and error.note for error in notes] == [
        "put a text that begins with an apostrophe in double quotes",
        "the text begins with ' and ends with \": make them alike",
        "write ' at the end of the text",
    ]


def test_a_lone_surrogate_is_no_yaml() -> None:
    error = compose("a: b\nc: x\ud800\n").error
    assert error is not None
    assert (error.message, error.start) == ("the character U+D800 is not allowed in YAML", 9)


# Bounds


def test_deep_nesting_is_refused() -> None:
    for text in ("[" * 100_000, "- " * 100_000, "a: " + "{b: " * 2000, "\n".join(" " * k + "a:" for k in range(3000))):
        error = compose(text).error
        assert error is not None
        assert error.message == f"nested deeper than {MAX_DEPTH} levels"
    assert compose("[" * MAX_DEPTH + "]" * MAX_DEPTH).error is None


@pytest.mark.parametrize("hidden", ["", "? "])
def test_an_alias_bomb_is_refused(hidden: str) -> None:
    links = ["&a0 [x, x, x, x]", *(f"&a{k} [{', '.join([f'*a{k - 1}'] * 9)}]" for k in range(1, 12))]
    error = compose(f"{hidden}[{', '.join(links)}]\n: x\n" if hidden else "- " + "\n- ".join(links)).error
    assert error is not None
    assert error.message == f"aliases bring in more than {MAX_REPEATED} values"


def test_pages_share_their_key_paths() -> None:
    first, second = compose("a:\n  - b: c\n"), compose("a:\n  - b: d\n")
    assert all(one is other for one, other in zip(first.fields.keys, second.fields.keys, strict=True))
    assert len(compose("".join(f"- {k}\n" for k in range(1200))).fields) == 1200


def test_a_value_within_itself_ends_there() -> None:
    text = "a: &a\n  b: *a\n  <<: *a\nc: &c [*c, d]\n"
    document = compose(text)
    assert document.data == {"a": {"b": {}}, "c": [[], "d"]}
    assert spelled(text, document)["a", "b"] == "*a"


@pytest.mark.parametrize("value", ["[1]", "x", "&a [b]", "", "*nowhere"])
def test_only_a_mapping_can_be_merged(value: str) -> None:
    error = compose(f"<<: {value}\na: b\n").error
    assert error is not None
    assert error.message == "`<<` can only merge a mapping"


def test_huge_texts_are_read() -> None:
    text = "a: '" + "x" * 3_000_000 + "'\nb: " + "y" * 3_000_000 + "\nc: |\n  " + "z" * 3_000_000 + "\n"
    document = compose(text)
    assert [len(value) for value in document.data.values()] == [3_000_000, 3_000_000, 3_000_001]
    assert len(document.fields) == 3


# Comments


def test_comments_that_speak_to_contentlint() -> None:
    text = (
        "---\n# contentlint: ignore-file[x]\na: 'b # contentlint: no' # contentlint: ignore[y] \nb: \"\n  # contentlint: no\"\n"
        "c: |\n  # contentlint: no\n# other\nd: e#contentlint: no\nf: g # see # contentlint: z\n"
    )
    assert [text[start:end] for start, end in find_comments(text)] == [
        "# contentlint: ignore-file[x]",
        "# contentlint: ignore[y]",
        "# see # contentlint: z",
    ]
    assert find_comments("a: b # c\n") == []
    assert find_comments("x # contentlint: a\n" + text, 19, 23) == []


def test_comments_behind_a_mistake() -> None:
    text = "a: 'b' # contentlint: x\nc: @d # contentlint: y"
    assert [text[start:end] for start, end in find_comments(text)] == ["# contentlint: x", "# contentlint: y"]
    assert find_comments("# contentlint: x\n" + "[" * 500) == [(0, 16)]
    assert find_comments("# contentlint: x\n\ud800") == [(0, 16)]
    assert find_comments("# contentlint: x\n") == [(0, 16)]


# Tables


# Ruby's CSV.parse(text, headers: true).map(&:to_hash), without what has no name.
@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a,b\n1,2\n", [{"a": "1", "b": "2"}]),
        ("\ufeffa,b\n1,2", [{"a": "1", "b": "2"}]),
        ("a,b\n\n1\n", [{"a": None, "b": None}, {"a": "1", "b": None}]),
        ("a,b\n1,2,3,4\n", [{"a": "1", "b": "2"}]),
        ("a,a\n1,2\n", [{"a": "1"}]),
        ('a,b\n"x""y",""\n', [{"a": 'x"y', "b": ""}]),
        ('a,b\n"x\ny",2\n', [{"a": "x\ny", "b": "2"}]),
        ("a,b\r\n1,2\r\n", [{"a": "1", "b": "2"}]),
        ("a,b\r1,2\r", [{"a": "1", "b": "2"}]),
        ("", []),
        ("a,b", []),
        (",b\n1,2\n", [{"b": "2"}]),
        ("a,b\n,\n", [{"a": None, "b": None}]),
        ('""\n1\n', [{"": "1"}]),
    ],
)
def test_a_table_is_a_list_of_mappings(text: str, data: object) -> None:
    assert compose_table(text).data == data


def test_every_cell_has_its_place() -> None:
    text = 'name\turl\n"a ""b"""\t/x/\n\t/y/\n\n'
    document = compose_table(text, "\t")
    assert document.data[0] == {"name": 'a "b"', "url": "/x/"}
    assert text[slice(*document.place((0, "name")))] == 'a ""b""'
    assert text[slice(*document.place((1, "url")))] == "/y/"
    assert text[slice(*document.place((1, "name")))] == "name"
    assert [field.tag for field in document.fields] == [
        "map",
        "str",
        "str",
        "map",
        "null",
        "str",
        "map",
        "null",
        "null",
    ]


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ('a,b\n1,x"y\n', "a quote in the middle of a cell", 7),
        ('a,b\n"x"y,2\n', "text follows the quote that closes here", 6),
        ('a,b\n"x,2\n', "this quote is never closed", 4),
        ("a,b\r\n1,2\n3,4\r\n", "a line end unlike that of the first line", 8),
        ('"a\n1",b\r\n1,2\n', "a line end unlike that of the first line", 7),
    ],
)
def test_a_mistake_in_a_table(text: str, message: str, at: int) -> None:
    error = compose_table(text).error
    assert error is not None
    assert (error.message, error.start, error.end) == (message, at, at + 1)


# Imports


def test_yaml_is_imported_when_it_is_needed() -> None:
    code = (
        "import sys; from contentlint import frontmatter\n"
        "assert not {'yaml', 'contentlint.frontmatter.composer', 'datetime'} & sys.modules.keys()\n"
        "frontmatter.compose('a: b')\nassert 'yaml' not in sys.modules\n"
        "frontmatter.compose('a: &x b')\nassert 'yaml' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError):
        frontmatter.nothing  # noqa: B018 - reading it is the test
