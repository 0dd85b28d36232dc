"""JSON Schemas: what is wrong with values, with schemas, and which strings are references."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from contentlint import schema
from contentlint.diagnostic import Diagnostic, Edit, Fault, Fix, Related, Report, Severity, Span, Summary, UnusableError
from contentlint.page import Role
from contentlint.record import replace
from contentlint.reporters import json as reporter
from contentlint.schema import ReferenceRule, Schema, Violation, sure
from contentlint.schema.engines import Judge, as_json, fits, is_regex

NAME = "schemas/page.json"
DRAFTS = [
    "https://json-schema.org/draft/2020-12/schema",
    "https://json-schema.org/draft/2019-09/schema",
    "http://json-schema.org/draft-07/schema#",
    "http://json-schema.org/draft-06/schema#",
    "http://json-schema.org/draft-04/schema#",
]


def load(files: Any, *, checked: bool = False) -> Schema:
    """The schema of `schemas/page.json` among these files, or of the one file that is given."""
    if isinstance(files, bool | bytes | str) or NAME not in files:
        files = {NAME: files}
    data = {
        path: each
        if isinstance(each, bytes)
        else each.encode()
        if isinstance(each, str)
        else json.dumps(each, indent=1).encode()
        for path, each in files.items()
    }

    def read(path: str) -> bytes:
        if path not in data:
            raise FileNotFoundError(2, "No such file or directory", path)
        return data[path]

    return schema.load(
        NAME,
        read,
        lambda folder: [path.rpartition("/")[2] for path in data if path.rpartition("/")[0] == folder],
        checked=checked,
    )


def faults(files: Any) -> list[Fault]:
    with pytest.raises(UnusableError) as caught:
        load(files)
    return list(caught.value.faults)


def told(files: Any) -> list[str]:
    """The faults as lines: path:line:column message [help]."""
    lines = []
    for fault in faults(files):
        where = f"{fault.path}:{fault.span.line}:{fault.span.column}" if fault.span else fault.path
        lines.append(f"{where} {fault.message}" + (f" [{fault.help}]" if fault.help else ""))
    return lines


def said(content: Any, data: Any) -> list[str]:
    """The violations as lines: kind path message [suggestions] (help)."""
    return [
        f"{each.kind} {'.'.join(map(str, each.path))} {each.message}"
        + (f" [{', '.join(each.suggestions)}]" if each.suggestions else "")
        + (f" ({each.help})" if each.help else "")
        for each in load(content).violations(data)
    ]


# -- what is wrong with a value -------------------------------------------------------------------------------------

LAYOUT = {"enum": ["page", "post"]}
QUOTE = "quote it to make it a text"
BOOLEAN = "yes, no, on, off, true and false are not texts; quote it to make it one"


@pytest.mark.parametrize(
    ("content", "data", "lines"),
    [
        ({"required": ["title"]}, {}, ["missing-key  the key title is missing"]),
        ({"required": ["a", "b"]}, {}, ["missing-key  the key a is missing", "missing-key  the key b is missing"]),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, ["missing-key  the key b is missing, which a needs"]),
        ({"dependentRequired": {"a": ["b", "c"], "d": ["e"]}}, {"a": 1, "c": 1}, ["missing-key  the key b is missing, which a needs"]),
        ({"propertyNames": {"maxLength": 1}}, {"a": 1, "bc": 1}, ["schema-violation bc as a key, bc must have at most 1 character, not 2"]),
        ({"dependentSchemas": {"a": {"required": ["b"]}}}, {"a": 1}, ["missing-key  the key b is missing"]),
        ({"properties": {"title": {}, "tags": {}}, "additionalProperties": False}, {"titel": 1, "tags": 1},
         ["unknown-key titel unknown key titel [title]"]),
        ({"properties": {"title": {}}, "additionalProperties": False}, {"title": 1, "titel": 1},
         ["unknown-key titel unknown key titel"]),
        ({"patternProperties": {"^x": {"type": "string"}}, "additionalProperties": False}, {"xa": 1, "y": 2},
         [f"schema-violation xa must be a text, not the number 1 ({QUOTE})", "unknown-key y unknown key y"]),
        ({"additionalProperties": {"type": "string"}}, {"a": []}, ["schema-violation a must be a text, not a list"]),
        ({"properties": {"a": {"type": "string"}}, "unevaluatedProperties": False}, {"a": "", "ab": 1},
         ["unknown-key ab unknown key ab"]),
        ({"allOf": [{"properties": {"title": {}}}], "unevaluatedProperties": False}, {"titel": 1},
         ["unknown-key titel unknown key titel [title]"]),
        ({"patternProperties": {"^(a+)+$": {}}, "unevaluatedProperties": False}, {"a" * 60 + "b": 1, "aa": 1},
         ["unknown-key " + "a" * 60 + "b unknown key " + "a" * 60 + "b"]),
        ({"properties": {"a": {}}, "additionalProperties": False, "maxProperties": 0}, {"a": 1},
         ["schema-violation  must have at most 0 keys, not 1"]),
        ({"properties": {"draft": False}}, {"draft": 1}, ["unknown-key draft the key draft is not allowed here"]),
        ({"propertyNames": {"enum": ["left", "right"]}}, {"rigth": 1}, ["unknown-key rigth unknown key rigth [right]"]),
        ({"propertyNames": {"maxLength": 2}}, {"abc": 1},
         ["schema-violation abc as a key, abc must have at most 2 characters, not 3"]),
        ({"properties": {"layout": LAYOUT}}, {"layout": "pge"},
         ['invalid-value layout must be one of "page", "post", not "pge" [page]']),
        ({"const": 2}, 3, ["invalid-value  must be 2, not 3"]),
        ({"enum": list(range(20))}, 30,
         ["invalid-value  must be one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 8 more, not 30"]),
        ({"enum": ["yes", "no"]}, True, [f'invalid-value  must be one of "yes", "no", not true ({BOOLEAN})']),
        ({"enum": ["off", "1"]}, False, [f'invalid-value  must be one of "off", "1", not false ({BOOLEAN})']),
        ({"enum": ["off", "1"]}, 1, [f'invalid-value  must be one of "off", "1", not 1 ({QUOTE})']),
        ({"enum": []}, 1, ["invalid-value  must be left out, not 1"]),
        ({"type": "string"}, True, [f"schema-violation  must be a text, not true ({BOOLEAN})"]),
        ({"type": "string"}, 12, [f"schema-violation  must be a text, not the number 12 ({QUOTE})"]),
        ({"type": "string"}, None, ["schema-violation  must be a text, not empty"]),
        ({"type": ["integer", "number", "null"]}, {}, ["schema-violation  must be a number or empty, not a mapping"]),
        ({"type": "integer"}, "x", ["schema-violation  must be a whole number, not a text"]),
        ({"type": "array"}, {}, ["schema-violation  must be a list, not a mapping"]),
        ({"type": "object"}, [], ["schema-violation  must be a mapping, not a list"]),
        ({"type": "boolean"}, "x", ["schema-violation  must be true or false, not a text"]),
        ({"minLength": 1}, "", ["schema-violation  must not be empty"]),
        ({"minLength": 3}, "ab", ["schema-violation  must have at least 3 characters, not 2"]),
        ({"maxLength": 1}, "ab", ["schema-violation  must have at most 1 character, not 2"]),
        ({"minItems": 1}, [], ["schema-violation  must not be an empty list"]),
        ({"minItems": 2}, [1], ["schema-violation  must have at least 2 entries, not 1"]),
        ({"maxItems": 1}, [1, 2], ["schema-violation  must have at most 1 entry, not 2"]),
        ({"maxItems": 0}, [1], ["schema-violation  must have at most 0 entries, not 1"]),
        ({"minProperties": 1}, {}, ["schema-violation  must not be empty"]),
        ({"minProperties": 2}, {"a": 1}, ["schema-violation  must have at least 2 keys, not 1"]),
        ({"maxProperties": 1}, {"a": 1, "b": 2}, ["schema-violation  must have at most 1 key, not 2"]),
        ({"minimum": 3}, 2, ["schema-violation  must be at least 3, not 2"]),
        ({"maximum": 3}, 4.5, ["schema-violation  must be at most 3, not 4.5"]),
        ({"exclusiveMinimum": 3}, 3, ["schema-violation  must be more than 3, not 3"]),
        ({"exclusiveMaximum": 3}, 3, ["schema-violation  must be less than 3, not 3"]),
        ({"multipleOf": 3}, 4, ["schema-violation  must be a multiple of 3, not 4"]),
        ({"pattern": "\\.png$"}, "a.gif", ['schema-violation  must fit the pattern \\.png$, not "a.gif"']),
        ({"pattern": "x"}, "line\none", ['schema-violation  must fit the pattern x, not "line\\none"']),
        ({"pattern": "x"}, "a" * 99, [f'schema-violation  must fit the pattern x, not "{"a" * 55}..."']),
        ({"uniqueItems": True}, [1, "a", "a"], ['schema-violation  must not have the same entry twice: "a"']),
        ({"uniqueItems": True}, [1, 1.0], ["schema-violation  must not have the same entry twice"]),
        ({"contains": {"const": 1}}, [2], ["schema-violation  must have at least 1 entry of the kind that `contains` asks for"]),
        ({"contains": {"const": 1}, "minContains": 2}, [1],
         ["schema-violation  must have at least 2 entries of the kind that `contains` asks for"]),
        ({"contains": {"const": 1}, "maxContains": 1}, [1, 1],
         ["schema-violation  must have at most 1 entry of the kind that `contains` asks for"]),
        ({"prefixItems": [True], "items": False}, [1, 2], ["schema-violation  must have at most 1 entry, not 2"]),
        ({"prefixItems": [{"const": 1}]}, [2], ["invalid-value 0 must be 1, not 2"]),
        ({"prefixItems": [False]}, [2], ["schema-violation 0 is not allowed here"]),
        ({"unevaluatedItems": False}, [1], ["schema-violation  has more entries than are allowed"]),
        ({"not": {"required": ["x"]}}, {"x": 1}, ["schema-violation  must not have the key x"]),
        ({"not": {"const": "x"}}, "x", ['schema-violation  must not be "x"']),
        ({"not": {"type": "string"}}, "x", ["schema-violation  is of a form that is not allowed here"]),
        ({"if": {"const": 1}, "then": False}, 1, ["schema-violation  is not allowed here"]),
        (False, 1, ["schema-violation  is not allowed here"]),
        (True, 1, []),
        ({"oneOf": [True, True]}, 1, ["schema-violation  fits several of the forms of which it may fit one only"]),
        # of several schemas, what is wrong in the eyes of the one that was most likely meant
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, [],
         ["schema-violation  must be a text or a whole number, not a list"]),
        ({"anyOf": [{"type": "string"}, {"type": ["integer", "null"]}]}, True,
         [f"schema-violation  must be a text, a whole number or empty, not true ({BOOLEAN})"]),
        ({"anyOf": [LAYOUT, {"type": "object"}]}, 3, ['schema-violation  must be "page", "post" or a mapping, not the number 3']),
        ({"anyOf": [{"const": True}, {"type": "null"}]}, False, ["invalid-value  must be true, not false"]),
        ({"anyOf": [{"type": "null"}, {"minLength": 3, "type": "string"}]}, "a",
         ["schema-violation  must have at least 3 characters, not 1"]),
        ({"anyOf": [{"enum": ["left"]}, {"const": "right"}, {"type": "null"}]}, "rigt",
         ['invalid-value  must be one of "left", "right", not "rigt" [right]']),
        ({"oneOf": [{"required": ["u"], "properties": {"k": {"const": "a"}}}, {"required": ["v"], "properties": {"k": {"const": "b"}}}]},
         {"k": "b"}, ["missing-key  the key v is missing"]),
        ({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {},
         ["schema-violation  fits none of the allowed forms: the key a is missing; or the key b is missing"]),
        ({"anyOf": [{"properties": {"a": {"minLength": 2}}}, {"properties": {"a": {"minLength": 3}}}]}, {"a": "x"},
         ["schema-violation  fits none of the allowed forms: a must have at least 2 characters, not 1; or a must have at least 3 characters, not 1"]),
        ({"anyOf": [{"properties": {"a": {}}, "unevaluatedProperties": False}]}, {"b": 1},
         ["schema-violation  has keys that are not allowed here"]),
    ],
)  # fmt: skip
def test_violations(content: Any, data: Any, lines: list[str]) -> None:
    assert said(content, data) == lines


@pytest.mark.parametrize(
    "content",
    [{"patternProperties": {"a": False}}, {"additionalProperties": False}, {"propertyNames": False}, {"required": ["a"]}, {"dependentRequired": {"a": ["b"]}},
     {"$schema": DRAFTS[2], "dependencies": {"a": ["b"]}}, {"pattern": "a"}],
)  # fmt: skip
def test_keywords_that_speak_of_other_types(content: Any) -> None:
    """Nothing is wrong with the list itself, also while the other fault is explained."""
    assert said({**content, "maxItems": 0}, ["b"]) == ["schema-violation  must have at most 0 entries, not 1"]


@pytest.mark.parametrize(
    ("draft", "content", "data", "lines"),
    [
        (4, {"minimum": 3, "exclusiveMinimum": True}, 3, ["schema-violation  must be more than 3, not 3"]),
        (4, {"maximum": 3, "exclusiveMaximum": True}, 3, ["schema-violation  must be less than 3, not 3"]),
        (4, {"items": [{}], "additionalItems": False}, [1, 2], ["schema-violation  must have at most 1 entry, not 2"]),
        (3, {"propertyNames": {"enum": ["ab"]}}, {"x": 1}, ["unknown-key x unknown key x"]),
        (2, {"dependencies": {"a": ["b"], "c": {"required": ["d"]}, "e": ["f"], "g": {}}}, {"a": 1, "c": 1},
         ["missing-key  the key b is missing, which a needs", "missing-key  the key d is missing"]),
        (2, {"dependentRequired": {"a": ["b"]}}, {"a": 1}, []),
        (2, {"definitions": {"s": {"type": "string"}}, "$ref": "#/definitions/s", "minLength": 9}, "a", []),
        (2, {"properties": {"a": {"$ref": "http://json-schema.org/draft-07/schema#"}}}, {"a": {"type": "strng"}},
         [('invalid-value a.type must be one of "array", "boolean", "integer", "null", "number", "object", "string", '
          'not "strng" [string]')]),
    ],
)  # fmt: skip
def test_older_drafts(draft: int, content: Any, data: Any, lines: list[str]) -> None:
    assert said({"$schema": DRAFTS[draft]} | content, data) == lines


@pytest.mark.parametrize("draft", [*DRAFTS, *(draft.rstrip("#") for draft in DRAFTS)])
def test_every_draft_is_known(draft: str) -> None:
    assert said({"$schema": draft, "required": ["a"]}, {}) == ["missing-key  the key a is missing"]


def test_format_says_what_is_meant_and_checks_nothing() -> None:
    assert said({"format": "date"}, "yesterday") == []
    assert said({"$schema": DRAFTS[2], "format": "date"}, "yesterday") == []


@pytest.mark.parametrize(
    ("content", "data", "lines"),
    [
        ({"additionalProperties": False}, {1: "x"}, [((1,), "unknown key 1")]),
        ({"additionalProperties": False}, {True: 1, None: 2}, [((True,), "unknown key true"), ((None,), "unknown key null")]),
        ({"additionalProperties": False}, {"\ud800": 1}, [(("\ud800",), "unknown key ?")]),
        ({"properties": {"a": {"items": {"type": "string"}}}}, {"a": [[]], 2: [float("nan")]}, [(("a", 0), "must be a text, not a list")]),
        ({"type": "number"}, float("nan"), []),
        ({"type": "null"}, float("inf"), [((), "must be empty, not the number inf")]),
        ({"maxLength": 1}, "\ud800\ud800", [((), "must have at most 1 character, not 2")]),
        ({"required": ["b"]}, {1: {"a": "\ud800"}}, [((), "the key b is missing")]),
        ({"required": ["1", "b"]}, {1: "x"}, [((), "the key b is missing")]),
        ({"required": ["1"]}, {1: "x"}, []),
        ({"properties": {"true": {"items": {"minLength": 9}}}, "required": ["b"]}, {"true": 3, True: ["x"]},
         [((True, 0), "must have at least 9 characters, not 1"), ((), "the key b is missing")]),
    ],
)  # fmt: skip
def test_values_that_json_cannot_hold(content: Any, data: Any, lines: list[tuple[Any, str]]) -> None:
    assert [(each.path, each.message) for each in load(content).violations(data)] == lines


def test_a_huge_number() -> None:
    """Python refuses to turn more than some 4,000 digits into text."""
    assert load({"type": "integer"}).violations(-(10**5000)) == []
    (violation,) = load({"type": "string"}).violations(10**5000)
    assert violation.message == f"must be a text, not the number 1{'0' * 55}...0"


def test_a_valid_value_that_json_cannot_hold() -> None:
    assert load({"properties": {"a": {}}}).violations({1: 2}) == []


def test_deep_values() -> None:
    data: Any = "x"
    for _ in range(5000):
        data = [data]
    assert load({"items": {"$ref": "#"}, "type": "array"}).violations(data) == []


def test_patterns_cannot_hang() -> None:
    hostile = "a" * 5000 + "b"
    linear = load({"properties": {"t": {"pattern": "^(a+)+$"}}})
    assert [each.keyword for each in linear.violations({"t": hostile})] == ["pattern"]
    bounded = load({"properties": {"t": {"pattern": "^(?:(?=a)a+)+$"}, "u": {"type": "string"}}})
    assert bounded.violations({"t": hostile, "u": "x"}) == []
    assert [each.path for each in bounded.violations({"t": hostile, "u": 1})] == [("u",)]


def test_patterns_are_those_of_ecmascript() -> None:
    assert said({"pattern": "^\\p{L}+$"}, "é") == []
    assert said({"pattern": "^\\w+$"}, "é") != []
    assert said({"pattern": "^(?!draft)"}, "drafts") != []


def test_only_what_both_engines_find_is_told() -> None:
    found = load({"properties": {"a": {"type": "string"}}})
    found.violations({"a": 1})
    found._judge._thorough  # noqa: B018 - made, so that it can be replaced
    found._judge.__dict__["_thorough"] = Draft202012Validator({"properties": {"b": {"type": "string"}}})
    assert found.violations({"a": 1, "b": 1}) == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["a", "b", "x", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "x"]), inner, max_size=3),
    max_leaves=6,
)
types = st.sampled_from(["string", "array", "object", "integer", "null"])
schemas = st.recursive(
    st.booleans()
    | st.builds(lambda kind: {"type": kind}, types)
    | st.builds(lambda value: {"const": value}, json_values),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
            "patternProperties": st.dictionaries(st.sampled_from(["^a", "x"]), inner, max_size=2),
            "additionalProperties": inner,
            "unevaluatedProperties": inner,
            "propertyNames": inner,
            "required": st.just(["a"]),
            "items": inner,
            "prefixItems": st.lists(inner, min_size=1, max_size=2),
            "anyOf": st.lists(inner, min_size=1, max_size=3),
            "oneOf": st.lists(inner, min_size=1, max_size=3),
            "not": inner,
            "if": inner,
            "then": inner,
        },
    ),
    max_leaves=5,
)


@given(schemas, json_values)
def test_violations_are_there_when_the_value_is_invalid_and_always_the_same(content: Any, data: Any) -> None:
    valid = Draft202012Validator(content).is_valid(data)
    found = load(content).violations(data)
    assert (found == []) == valid
    assert load(content, checked=True).violations(data) == found
    assert len(set(found)) == len(found)


# -- what is surely valid --------------------------------------------------------------------------------------------

PATTERNS = [
    "^/", "a", r"\.(gif|jpg)$", "^[A-Z][A-Za-z]+$", "^/m/[a-z]+/([a-z]+/)?$", r"^\d{1,3}x?$", r"\w-\w", "^a$", "b+$", "[z-a]",
    "(a+)+$", "a.b", "[^a]", "é", "a|b", "^$", "a{2}", "^[a.-]*$", "a**",
]  # fmt: skip
WORDS = [
    "",
    "a",
    "ab",
    "a\n",
    "/m/x/",
    "/m/x/y/",
    "x.gif",
    "x.gif\n",
    "Ab",
    "12x",
    "٣x",
    "a-b",
    "é",
    "aa",
    "\ud800a",
    "b",
    "." * 600 + "b",
]
texts = st.sampled_from([word for word in WORDS if "\ud800" not in word])
sure_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([1.0, 1.5, 10**30]) | st.sampled_from(WORDS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "x", 1, None]), inner, max_size=3)
    ),
    max_leaves=8,
)
KINDS = ["string", "array", "object", "integer", "number", "boolean", "null"]
sure_schemas = st.recursive(
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(KINDS) | st.lists(st.sampled_from(KINDS), min_size=1, max_size=2, unique=True),
            "enum": st.lists(
                st.none() | st.booleans() | st.integers(0, 2) | texts, min_size=1, max_size=3, unique=True
            ),
            "const": sure_values.filter(lambda value: not re.search(r"None|1:|ud800", repr(value))),
            "pattern": st.sampled_from(["^/", "a", "[a-z]$", "^a?b*$", r"\.(gif|jpg)$"]),
            "minLength": st.integers(0, 2),
            "maxLength": st.integers(0, 2),
            "minimum": st.integers(-1, 2),
            "maximum": st.integers(-1, 2),
            "uniqueItems": st.booleans(),
            "description": st.just("d"),
            "$ref": st.just("#/$defs/a"),
        },
    )
    | st.booleans(),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
            "required": st.sampled_from([["a"], ["a", "b"]]),
            "additionalProperties": inner,
            "items": inner,
            "minItems": st.integers(0, 2),
            "maxItems": st.integers(0, 2),
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "anyOf": st.lists(inner, min_size=1, max_size=2),
            "not": inner,
        },
    ),
    max_leaves=6,
)


@settings(max_examples=settings.default.max_examples, deadline=None)
@given(sure_schemas, sure_schemas, sure_values, st.sampled_from(DRAFTS))
def test_what_is_surely_valid_is_valid(content: Any, other: Any, data: Any, draft: str) -> None:
    if isinstance(content, dict):
        content = {**content, "$schema": draft, "$defs": {"a": other}}
    try:
        found = load(content)
    except UnusableError:
        return
    if found._is_surely_valid(data):
        assert found._judge.is_valid(data)
        assert found._judge.violations(data) == []
        assert not [*found._judge._thorough.iter_errors(as_json(data))]


@pytest.mark.parametrize("text", WORDS)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_that_surely_fits_does(pattern: str, text: str) -> None:
    if sure.is_pattern(pattern):
        assert is_regex(pattern)
        found = load({"pattern": pattern})
        assert not found._is_surely_valid(text) or fits(pattern, as_json(text))


def test_everyday_patterns_are_known() -> None:
    assert [each for each in PATTERNS if not sure.is_pattern(each)] == [*PATTERNS[9:15], "a**"]


@settings(max_examples=2 * settings.default.max_examples, deadline=None)
@given(
    sure_schemas,
    st.sampled_from(DRAFTS),
    st.sampled_from(["type", "required", "enum", "items", "minLength", "title"]),
    sure_values,
)
def test_what_is_surely_a_schema_is_one(content: Any, draft: str, name: str, value: Any) -> None:
    for each in (content, {**content, name: value} if isinstance(content, dict) else content):
        if sure.is_schema(each):
            assert Judge.of_draft(draft).violations(each) == []


@pytest.mark.parametrize(
    ("content", "data", "is_sure"),
    [
        ({"properties": {"a": {"$ref": "#"}}}, {"a": {"a": {}}}, True),
        ({"properties": {"a": {"$ref": "#"}}, "additionalProperties": False}, {"a": {"b": 1}}, False),
        ({"properties": {"a": {"not": {}}}}, {}, False),
        ({"items": [{"type": "string"}], "$schema": DRAFTS[2]}, ["a"], False),
        ({"items": True}, [1], True),
        ({"items": {"type": "string"}, "uniqueItems": True}, ["a", "b"], True),
        ({"uniqueItems": True}, [1, 2], False),
        ({"maximum": 3}, 2, True),
        ({"maximum": 3}, 2.5, False),
        ({"maximum": 3.5}, 2, False),
        ({"minLength": 1.0}, "a", False),
        ({"minItems": 1.0}, ["a"], False),
        ({"anyOf": [{"not": {}}, {"type": "string"}]}, "a", True),
        ({"anyOf": [{"not": {}}]}, "a", False),
        ({"allOf": [{"type": "string"}, {"minLength": 1}]}, "a", True),
        ({"additionalProperties": {"type": "string"}}, {"b": "x"}, True),
        ({"additionalProperties": {"not": {"type": "string"}}}, {"b": "x"}, False),
        ({"$ref": "#/$defs/a", "$defs": {"a": True}}, 1, True),
        ({"$ref": "#/definitions/a", "not": {}, "definitions": {"a": {}}, "$schema": DRAFTS[2]}, 1, True),
        ({"$dynamicRef": "#/$defs/a", "$defs": {"a": {}}}, 1, False),
    ],
)
def test_what_is_surely_valid(content: Any, data: Any, is_sure: bool) -> None:
    assert load(content, checked=True)._is_surely_valid(data) is is_sure


def test_of_very_many_values_an_engine_knows_sooner() -> None:
    found = load({"type": "string"})
    sure_of = [found._is_surely_valid("a") for _ in range(1001)]
    assert sure_of == [True] * 1000 + [False]
    assert found.violations("a") == []


def test_values_that_are_too_deep_are_not_surely_valid() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    assert not load({"items": {"$ref": "#"}})._is_surely_valid(deep)


# -- which strings are references -----------------------------------------------------------------------------------

IMAGE = {"role": "image", "paths": ["{urlimg}{value}"]}
RULE = ReferenceRule(Role.IMAGE, ("{urlimg}{value}",))
REF = {"x-reference": IMAGE}


def places(content: Any, data: Any) -> list[tuple[Any, ...]]:
    return [path for path, _, _ in load(content).references(data)]


@pytest.mark.parametrize(
    ("content", "data", "paths"),
    [
        (REF, "a", [()]),
        (REF, None, []),
        (REF, 3, []),
        ({}, {"a": "b"}, []),
        ({"$defs": {"unused": REF}}, {"a": "b"}, []),
        ({"properties": {"g": {"items": {"properties": {"u": REF}}}}}, {"g": [{"u": "x"}, {"u": None}, {}, {"u": "y"}]},
         [("g", 0, "u"), ("g", 2 + 1, "u")]),
        ({"properties": {"g": REF}}, [], []),
        ({"prefixItems": [{}, REF], "items": REF}, ["a", "b", "c"], [(1,), (2,)]),
        ({"prefixItems": [{}], "items": REF}, ["a"], []),
        ({"prefixItems": [{}, {}, REF]}, ["a"], []),
        ({"items": REF}, "abc", []),
        ({"additionalProperties": REF, "properties": {"a": {}}, "patternProperties": {"^x": {}}}, {"a": "1", "xb": "2", "c": "3", 4: "5"}, [("c",)]),
        ({"patternProperties": {"^x": REF}}, {"xa": "1", "b": "2"}, [("xa",)]),
        ({"allOf": [{"properties": {"a": REF}}, {"properties": {"a": REF}}]}, {"a": "1"}, [("a",)]),
        ({"anyOf": [{"type": "string", **REF}, {"properties": {"a": REF}, "required": ["a"]}]}, {"a": "1"}, [("a",)]),
        ({"anyOf": [{"type": "string", **REF}, {"properties": {"a": REF}, "required": ["a"]}]}, "1", [()]),
        ({"oneOf": [{"maxLength": 1, **REF}]}, "12", []),
        ({"properties": {"a": {}}, "if": {"required": ["b"]}, "then": {"properties": {"a": REF}}}, {"a": "1"}, []),
        ({"if": {"required": ["b"]}, "then": {"properties": {"a": REF}}}, {"a": "1", "b": 1}, [("a",)]),
        ({"if": {"required": ["b"]}, "else": {"properties": {"a": REF}}}, {"a": "1"}, [("a",)]),
        ({"if": {"required": ["b"]}, "else": {"properties": {"a": REF}}}, {"a": "1", "b": 1}, []),
        ({"if": {"properties": {"a": REF}}}, {"a": "1"}, [("a",)]),
        ({"then": REF, "else": REF}, "a", []),
        ({"dependentSchemas": {"b": {"properties": {"a": REF}}}}, {"a": "1", "b": 1}, [("a",)]),
        ({"dependentSchemas": {"b": {"properties": {"a": REF}}}}, {"a": "1"}, []),
        ({"properties": {"a": {"$ref": "#/$defs/i"}}, "$defs": {"i": REF}}, {"a": "1"}, [("a",)]),
        ({"properties": {"a": {"$ref": "#i"}}, "$defs": {"i": {"$anchor": "i", **REF}}}, {"a": "1"}, [("a",)]),
        ({"properties": {"child": {"$ref": "#"}, "a": REF}}, {"a": "1", "child": {"child": {"a": "2"}}}, [("child", "child", "a"), ("a",)]),
        ({"$dynamicAnchor": "n", "properties": {"child": {"$dynamicRef": "#n"}, "a": REF}}, {"child": {"a": "2"}}, [("child", "a")]),
        ({"$schema": DRAFTS[2], "items": [{}, REF], "additionalItems": REF}, ["a", "b", "c"], [(1,), (2,)]),
        ({"$schema": DRAFTS[2], "$ref": "#/definitions/a", "items": REF, "definitions": {"a": {}}}, ["a"], []),
        ({"$schema": DRAFTS[2], "$ref": "#/definitions/a", "properties": {"b": REF}, "definitions": {"a": {"properties": {"a": REF}}}},
         {"a": "1", "b": "2"}, [("a",)]),
        ({"$schema": DRAFTS[2], "properties": {"a": {"$ref": "#i"}}, "definitions": {"i": {"$id": "#i", **REF}}}, {"a": "1"}, [("a",)]),
        ({"properties": {"a": {"$ref": "#/parts/x/properties/a"}, "b": {"$ref": "#/parts/x"}}, "parts": {"x": {"properties": {"a": REF}}}},
         {"a": "1", "b": {"a": "2"}}, [("a",), ("b", "a")]),
        ({"$schema": DRAFTS[2], "dependencies": {"b": {"properties": {"a": REF}}}}, {"a": "1", "b": 1}, [("a",)]),
        ({"not": {"properties": {"a": REF}}}, {"a": "1"}, []),
    ],
)  # fmt: skip
def test_references(content: Any, data: Any, paths: list[tuple[Any, ...]]) -> None:
    assert places(content, data) == paths


def test_a_reference_has_its_rule() -> None:
    assert load(REF).references("a") == [((), RULE, "a")]
    assert load({"x-reference": {"role": "page"}}).references("a") == [
        ((), ReferenceRule(Role.PAGE, ("{value}",)), "a")
    ]


def test_references_are_found_although_the_data_has_faults() -> None:
    assert places({"required": ["title"], "properties": {"a": REF}}, {"a": "1"}) == [("a",)]


def test_uniques() -> None:
    found = load(
        {
            "properties": {
                "title": {"x-unique": True},
                "ids": {"items": {"x-unique": True}},
                "a": {"x-unique": False, **REF},
            }
        }
    )
    assert found.uniques({"title": None, "ids": [1, "b"], "a": "c"}) == [(("ids", 0), 1), (("ids", 1), "b")]
    assert found.has_uniques
    assert found.has_references
    assert not load({}).has_uniques
    assert load(REF).uniques("a") == []
    assert load({"x-unique": True}).references("a") == []


def test_placeholders_are_those_of_the_generator() -> None:
    found = load(
        {
            "properties": {
                "a": {"x-reference": {"role": "image", "paths": ["{urlimg}{value}", "{urlimgs}{stem}{ext}{x}"]}}
            }
        }
    )
    assert [
        (fault.span and fault.span.line, fault.message, fault.help) for fault in found.unknown_placeholders({"urlimg"})
    ] == [
        (8, "unknown placeholder {urlimgs}", "did you mean {urlimg}?"),
        (
            8,
            "unknown placeholder {x}",
            "there are {value}, {stem}, {ext} and the string keys of the generator's config",
        ),
    ]
    assert found.unknown_placeholders({"urlimg", "urlimgs", "x"}) == []


# -- files ----------------------------------------------------------------------------------------------------------


def test_refs_between_files() -> None:
    files = {
        NAME: {
            "properties": {
                "g": {"items": {"$ref": "lib/image.json#/$defs/image"}},
                "t": {"$ref": "../common.json"},
                "s": {"$ref": "../common.json"},
            }
        },
        "schemas/lib/image.json": {
            "$id": "https://atlas.example/image.json",
            "$defs": {"image": {"properties": {"u": {"$ref": "#url"}}}, "u": {"$anchor": "url", **REF}},
        },
        "common.json": {"type": "string", "maxLength": 3},
    }
    found = load(files)
    assert set(found.paths) == set(files)
    assert found.path == NAME
    assert [path for path, _, _ in found.references({"g": [{"u": "x"}]})] == [("g", 0, "u")]
    assert [each.message for each in found.violations({"t": "four"})] == ["must have at most 3 characters, not 4"]
    assert load(files | {"common.json": {"maxLength": 4}}).digest != found.digest
    assert load(files).digest == found.digest


def test_refs_by_id() -> None:
    files = {
        NAME: {"$id": "https://atlas.example/page.json", "properties": {"a": {"$ref": "item.json"}, "b": {"$ref": "https://atlas.example/page.json#/$defs/s"}, "c": {"$ref": "lib.json"}, "d": {"$ref": "https://atlas.example/lib.json"}},
               "$defs": {"i": {"$id": "item.json", "$ref": "#/$defs/n", "$defs": {"n": {"type": "integer"}}}, "s": {"type": "string"}}},
        "schemas/lib.json": {"$id": "https://atlas.example/lib.json", "type": "null"},
    }  # fmt: skip
    assert [(each.path, each.message) for each in load(files).violations({"a": "x", "b": [], "c": [], "d": []})] == [
        (("a",), "must be a whole number, not a text"),
        (("b",), "must be a text, not a list"),
        (("c",), "must be empty, not a list"),
        (("d",), "must be empty, not a list"),
    ]


def test_a_draft_is_handed_on_to_a_file_without_one() -> None:
    files = {NAME: {"$schema": DRAFTS[2], "$ref": "list.json"}, "schemas/list.json": {"items": [{"const": 1}]}}
    assert [each.path for each in load(files).violations([2])] == [(0,)]


def test_a_file_that_is_true() -> None:
    assert (
        load(
            {
                NAME: {"properties": {"a": {"$ref": "true.json"}, "b": {"$ref": "false.json"}}},
                "schemas/true.json": "true",
                "schemas/false.json": "false",
            }
        ).violations({"a": 1})
        == []
    )


def test_a_dynamic_ref_into_another_file() -> None:
    files = {
        NAME: {"items": {"$dynamicRef": "tree.json#node"}},
        "schemas/tree.json": {"$defs": {"n": {"$dynamicAnchor": "node", "type": "string"}}},
    }
    assert [each.path for each in load(files).violations([1])] == [(0,)]


def test_pointers() -> None:
    content = {
        "$defs": {"a/b~c d": {"type": "string"}},
        "allOf": [{"$ref": "#/$defs/a~1b~0c%20d"}, {"$ref": "#/anyOf/0"}, {"$ref": "#/parts/x"}],
        "anyOf": [{"minLength": 2}],
        "parts": {"x": {"maxLength": 0}},
    }
    assert said(content, "a") == [
        "schema-violation  must have at least 2 characters, not 1",
        "schema-violation  must have at most 0 characters, not 1",
    ]


# -- what is wrong with a schema ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "lines"),
    [
        ("", [f"{NAME}:1:1 not JSON: the file is empty"]),
        ("{\n 'a': 1}", [f'{NAME}:2:2 not JSON: a text in single quotes [texts stand in double quotes: "title"]']),
        ('{"a": 1,\n}', [f"{NAME}:1:8 not JSON: a comma after the last entry [remove the comma]"]),
        ('{"a": [1,]}', [f"{NAME}:1:9 not JSON: a comma after the last entry [remove the comma]"]),
        ('{"a": 1 // x\n}', [f"{NAME}:1:9 not JSON: a comment [JSON has none: say it in $comment]"]),
        ('{"a" 1}', [f"{NAME}:1:6 not JSON: expecting ':' delimiter"]),
        ('{"a": NaN}', [f"{NAME}:1:7 not JSON: NaN is no number of JSON"]),
        ('{"a": ' + "[" * 100_000, [f"{NAME}:1:106 more than 100 levels of nesting"]),
        (b'{"a": "\xff"}', [f"{NAME}:1:8 the file is not UTF-8"]),
        ("[]", [f"{NAME}:1:1 a schema is an object, not a list"]),
        ("3", [f"{NAME}:1:1 a schema is an object, not 3"]),
        ('{"a": 1,\n"a": 2}', [f"{NAME}:2:2 the key a stands twice"]),
        ({"type": "strng"},
         [(f'{NAME}:2:11 not a valid schema: type: must be one of "array", "boolean", "integer", "null", "number", "object", "string", not "strng" '
          "[did you mean string?]")]),
        ({"properties": {"a": {"required": "x", "minLength": -1}}},
         [f"{NAME}:4:17 not a valid schema: properties.a.required: must be a list, not a text",
          f"{NAME}:5:17 not a valid schema: properties.a.minLength: must be at least 0, not -1"]),
        ({"$defs": {"q": {"pattern": 3}}},
         [f"{NAME}:4:15 not a valid schema: $defs.q.pattern: must be a text, not the number 3 [quote it to make it a text]"]),
        ({"$schema": "http://json-schema.org/draft-07/schem#"},
         [f'{NAME}:2:14 the draft "http://json-schema.org/draft-07/schem#" is not known [did you mean http://json-schema.org/draft-07/schema#?]']),
        ({"$schema": 7}, [f"{NAME}:2:13 the draft 7 is not known [the newest is {DRAFTS[0]}]"]),
        ({"pattern": "("}, [f'{NAME}:2:14 "(" is not a regular expression']),
        ({"patternProperties": {"[": {}}}, [f'{NAME}:3:4 "[" is not a regular expression']),
        ({"$ref": "http://x.example/y.json"},
         [f"{NAME}:2:11 http://x.example/y.json is on the network, where contentlint never goes [save it beside this file and refer to it by its path]"]),
        ({"$ref": "//x.example/y.json"},
         [f"{NAME}:2:11 //x.example/y.json is on the network, where contentlint never goes [save it beside this file and refer to it by its path]"]),
        ({"$ref": "urn:atlas:page"}, [f"{NAME}:2:11 no schema here has the $id urn:atlas:page [refer to a file by its path, relative to this one]"]),
        ({"$ref": "/page.json"}, [f"{NAME}:2:11 /page.json is an absolute path [refer to a file by its path, relative to this one]"]),
        ({"$ref": "#/$defs/imge", "$defs": {"image": {}}}, [f"{NAME}:2:11 there is no imge in $defs [did you mean image?]"]),
        ({"$ref": "#/allOf/2", "allOf": [{}]}, [f"{NAME}:2:11 there is no 2 in allOf"]),
        ({"$ref": "#/nowhere"}, [f"{NAME}:2:11 there is no nowhere"]),
        ({"$ref": "#imge", "$defs": {"a": {"$anchor": "image"}}}, [f"{NAME}:2:11 there is no $anchor imge [did you mean image?]"]),
        ({"$ref": "#/title", "title": "x"}, [f'{NAME}:2:11 this leads to "x", not to a schema']),
        ({"properties": {"a": {"$ref": "#"}, "b": {"$ref": "#/parts/x"}}, "parts": {"x": {"type": 3}}},
         [f'{NAME}:12:12 not a valid schema: type: must be "array", "boolean", "integer", "null", "number", "object", "string" or a list, not the number 3']),
        ({NAME: {"$ref": "imge.json"}, "schemas/image.json": {}}, [f"{NAME}:2:11 there is no file schemas/imge.json [did you mean image.json?]"]),
        ({NAME: {"$ref": "image.json#/$defs/x"}, "schemas/image.json": {}}, [f"{NAME}:2:11 there is no $defs in schemas/image.json"]),
        ({NAME: {"allOf": [{"$ref": "image.json"}, {"$ref": "image.json"}]}, "schemas/image.json": "{"},
         ["schemas/image.json:1:2 not JSON: expecting property name enclosed in double quotes"]),
        ({"$ref": "#"}, [f"{NAME}:2:11 this schema refers to itself without going deeper into the value [refer to it from properties or items]"]),
        ({"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}]}, "b": {"$ref": "#/$defs/a"}}},
         [f"{NAME}:16:13 this schema refers to itself without going deeper into the value [refer to it from properties or items]"]),
        ({"$dynamicAnchor": "n", "$dynamicRef": "#n"},
         [f"{NAME}:1:1 this schema refers to itself without going deeper into the value [refer to it from properties or items]"]),
        ({"$schema": DRAFTS[4], "exclusiveMinimum": True},
         [f"{NAME}:1:1 not a valid schema: the key minimum is missing, which exclusiveMinimum needs"]),
        ({"x-unique": 1}, [f"{NAME}:2:14 x-unique is true or false, not 1"]),
        ({"x-reference": "image"}, [f'{NAME}:2:18 x-reference is an object, not "image" [{{"role": "image", "paths": ["{{value}}"]}}]']),
        ({"x-reference": {"rol": "image", "paths": ["{value"]}},
         [f"{NAME}:2:17 the key role is missing: one of page, image, file", f"{NAME}:3:4 unknown key rol [did you mean role?]",
          f"{NAME}:5:5 a {{ that is never closed: {{value [a placeholder is written {{value}}]"]),
        ({"x-reference": {"role": "imag", "paths": [], "x": 1}},
         [f'{NAME}:3:12 the role is one of page, image, file, not "imag" [did you mean image?]',
          f'{NAME}:4:12 paths is a list of texts, not an empty one [["{{value}}"]]', f"{NAME}:5:4 unknown key x [there are role and paths]"]),
        ({"x-reference": {"role": "page", "paths": "x"}}, [f'{NAME}:4:13 paths is a list of texts, not "x" [["{{value}}"]]']),
        ({"x-reference": {"role": "page", "paths": ["{}", 3, ""]}},
         [f"{NAME}:5:5 a placeholder without a name: {{}} [a name has letters, digits, _ and -: {{value}}]",
          f"{NAME}:6:4 a path is a text like {{value}}, not 3", f'{NAME}:7:5 a path is a text like {{value}}, not ""']),
    ],
)  # fmt: skip
def test_faults_of_schemas(files: Any, lines: list[str]) -> None:
    assert told(files) == lines


def test_a_schema_that_is_not_there() -> None:
    def read(_: str) -> bytes:
        raise FileNotFoundError(2, "No such file or directory")

    with pytest.raises(UnusableError) as caught:
        schema.load(NAME, read, lambda folder: ["pages.json", folder])
    assert caught.value.faults == (Fault(NAME, None, f"there is no file {NAME}", "did you mean pages.json?"),)


def test_a_schema_that_cannot_be_read() -> None:
    def read(_: str) -> bytes:
        raise PermissionError(13, "Permission denied")

    with pytest.raises(UnusableError) as caught:
        schema.load(NAME, read)
    assert caught.value.faults == (Fault(NAME, None, "the schema cannot be read: Permission denied"),)


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML's own parser reads it")
def test_a_place_where_yaml_cannot_read_json() -> None:
    """A surrogate pair is JSON and, to libyaml, no YAML: the fault stands at the file's first character, or in the file."""
    assert told('{"a": 1, "a": "\\ud83d\\ude00"}') == [f"{NAME} a key stands twice"]
    (fault,) = faults('\n{"$comment": "\\ud83d\\ude00", "type": 3}')
    assert fault.span is not None
    assert (fault.span.line, fault.span.column) == (2, 1)


KEYWORDS = [
    "type",
    "properties",
    "$ref",
    "items",
    "required",
    "anyOf",
    "pattern",
    "x-reference",
    "x-unique",
    "$id",
    "$anchor",
    "enum",
]


@given(st.dictionaries(st.sampled_from(KEYWORDS), json_values, max_size=4), st.booleans())
def test_no_json_makes_loading_crash(content: Any, checked: bool) -> None:
    with contextlib.suppress(UnusableError):
        load(content, checked=checked)


# -- what is shipped ------------------------------------------------------------------------------------------------


def test_shipped_schemas_are_there_and_valid() -> None:
    for name in ("contentlint", "report", "urls", "links"):
        path = schema.shipped(f"{name}.schema.json")
        assert isinstance(path, Path)
        assert schema.load(path.name, lambda _, path=path: path.read_bytes())
    with pytest.raises(FileNotFoundError):
        schema.shipped("nothing.json")


def shipped_schema(name: str) -> Schema:
    return schema.load(name, lambda _: schema.shipped(name).read_bytes())


SPAN = {"line": 1, "column": 2, "end_line": 1, "end_column": 3}


def test_the_schema_of_reports() -> None:
    span = Span(1, 2, 1, 3)
    plain = Diagnostic("a.md", span, "x", "missing-image", Severity.ERROR, "no x")
    mended = replace(
        plain, help="add it", fix=Fix("add", (Edit(span, "y"),), safe=True), related=(Related("b.md", span, "here"),)
    )
    for report in (Report(), Report((plain, mended), Summary(pages=2, errors=2))):
        assert shipped_schema("report.schema.json").violations(json.loads("".join(reporter.lines(report)))) == []


def test_the_schemas_of_lists() -> None:
    url = {
        "source": "a.md",
        "kind": "page",
        "collection": None,
        "url": "/a",
        "output": "a.html",
        "published": True,
        "anchors": ["x"],
    }
    link = {"source": "a.md", **SPAN, "target": "b", "role": "page", "status": "found", "resolved": "/b", "reason": ""}
    for name, row in (("urls", url), ("links", link)):
        found = shipped_schema(f"{name}.schema.json")
        assert found.violations([row]) == []
        assert {each.key for each in found.violations([{}])} == row.keys()
        assert [each.path for each in found.violations([{**row, "more": 1}])] == [(0, "more")]


def test_neither_library_is_imported_for_what_is_surely_valid() -> None:
    code = (
        "import sys, contentlint.schema as s, contentlint.config\n"
        'found = s.load(\'a\', lambda _: b\'{"items": {"type": "string", "pattern": "x", "x-reference": {"role": "file"}}}\')\n'
        "found.references(['x'])\n"
        "assert found.violations(['x']) == []\n"
        "assert not {'jsonschema', 'jsonschema_rs', 'referencing'} & sys.modules.keys()\n"
        'found = s.load(\'a\', lambda _: b\'{"not": {"type": "string"}}\', checked=True)\n'
        "assert found.violations(['x']) == []\n"
        "assert 'jsonschema_rs' in sys.modules and 'jsonschema' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_violation_can_be_kept_in_a_set() -> None:
    assert (
        len({Violation("missing-key", (), "a", "required", "x"), Violation("missing-key", (), "a", "required", "x")})
        == 1
    )
