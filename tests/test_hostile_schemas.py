"""Whatever a schema says: it is used, or refused at a place; nothing is fetched, nothing raises, and nobody waits for long."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contentlint import cli, schema
from contentlint.diagnostic import Fault, UnusableError
from contentlint.schema import Schema
from contentlint.schema.json_text import MAX_DEPTH, MOST_FAULTS

NAME = "s.json"
NEWEST = "https://json-schema.org/draft/2020-12/schema"
OF_2019 = "https://json-schema.org/draft/2019-09/schema"
OF_2006 = "http://json-schema.org/draft-06/schema#"
TITLE = "a" * 60 + "!"
DATA = {"title": TITLE, "n": 7, "keys": {"a" * 60 + "z": "x", "b": "y"}, "a": {"a": {"a": [{"title": 1}]}}}
CIRCLE = "this schema refers to itself without going deeper into the value"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever as much as makes a socket or looks a name up fails the test."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)


def load(files: Any) -> Schema:
    """The schema of `s.json` among these files, or of the one that is given, as bytes, as text or by its content."""
    if not isinstance(files, dict) or NAME not in files:
        files = {NAME: files}

    def read(path: str) -> bytes:
        if "\0" in path:
            raise ValueError("embedded null byte")
        if path not in files:
            raise FileNotFoundError(2, "No such file or directory", path)
        content = files[path]
        text = content if isinstance(content, str | bytes) else json.dumps(content)
        return text if isinstance(text, bytes) else text.encode()

    return schema.load(NAME, read)


def faults(files: Any) -> tuple[Fault, ...]:
    """What is wrong with a schema that cannot be used; each fault has a place."""
    with pytest.raises(UnusableError) as refused:
        load(files)
    assert all(each.span is not None for each in refused.value.faults)
    assert len(refused.value.faults) <= MOST_FAULTS
    return refused.value.faults


def told(files: Any, data: Any = DATA) -> list[str]:
    """What an usable schema objects to, after its references and uniques were asked for, too."""
    made = load(files)
    made.references(data)
    made.uniques(data)
    found = made.violations(data)
    assert found == load(files).violations(data)
    return [f"{'.'.join(map(str, each.path))} {each.keyword}" for each in found]


def chain(length: int, link: Callable[[str], Any], last: Any) -> dict[str, Any]:
    """A schema whose definitions each refer to the next by `link`."""
    links = {f"d{number}": link(f"#/$defs/d{number + 1}") for number in range(length)}
    return {"$ref": "#/$defs/d0", "$defs": {**links, f"d{length}": last}}


def nested(levels: int, link: Callable[[Any], Any], last: Any) -> Any:
    for _ in range(levels):
        last = link(last)
    return last


# -- the network --------------------------------------------------------------------------------------------------------

AWAY = {
    "http": {"$ref": "http://example.org/a.json"},
    "https in capitals": {"properties": {"a": {"$ref": "HTTPS://example.org/a.json#/$defs/x"}}},
    "ftp": {"items": {"$ref": "ftp://example.org/a.json"}},
    "no scheme": {"allOf": [{"$ref": "//example.org/a.json"}]},
    "no address at all": {"$ref": "http://["},
    "no scheme and no address at all": {"$id": "http://e.org/", "properties": {"a": {"$ref": "//["}}},
    "dynamic": {"$dynamicRef": "https://example.org/a#b"},
    "in what is no keyword": {"$ref": "#/mine", "mine": {"properties": {"a": {"$ref": "http://example.org/"}}}},
    "a part of another draft": {"properties": {"a": {"$ref": OF_2006 + "/definitions/x"}}},
    "in another file": {NAME: {"$ref": "t.json"}, "t.json": {"not": {"$ref": "http://example.org/"}}},
}


@pytest.mark.parametrize("case", AWAY)
def test_what_is_on_the_network_is_refused(case: str) -> None:
    (fault,) = faults(AWAY[case])
    assert "is on the network, where contentlint never goes" in fault.message
    assert fault.help == "save it beside this file and refer to it by its path"


NOWHERE = {
    "a file by its URL": ({"$ref": "file:///etc/passwd"}, "no schema here has the $id file:///etc/passwd"),
    "below its own address": ({"$id": "https://e.org/s/r.json", "not": {"$ref": "o.json"}}, "there is no file o.json"),
    "below an address within": ({"not": {"$id": "http://e.org/", "$ref": "o.json"}}, "there is no file o.json"),
    "below no address": ({"$id": "http://[", "not": {"$ref": "o.json"}}, "there is no file o.json"),
    "in the draft's own": ({"not": {"$ref": f"{NEWEST}#/nope"}}, "there is no /nope in the draft's own schema"),
    "an anchor of the draft's": ({"not": {"$ref": f"{NEWEST}#nope"}}, "there is no nope in the draft's own schema"),
    "a name with a zero byte": ({"$ref": "%00.json"}, "the schema cannot be read: embedded null byte"),
    "a number without end": ({"$ref": f"#/allOf/{'9' * 5000}", "allOf": [{}]}, "there is no 999"),
    "a number that is none": ({"$ref": "#/allOf/²", "allOf": [{}]}, "there is no ² in allOf"),
    "an unknown draft": ({"$schema": "https://example.org/meta"}, 'the draft "https://example.org/meta" is not known'),
}


@pytest.mark.parametrize("case", NOWHERE)
def test_what_leads_nowhere_is_refused(case: str) -> None:
    files, message = NOWHERE[case]
    (fault,) = faults(files)
    assert fault.message.startswith(message)


KNOWN = {
    "the draft itself": {"properties": {"a": {"$ref": NEWEST}}},
    "a part of the draft": {"properties": {"a": {"$ref": f"{NEWEST}#/properties/definitions"}}},
    "an address below which nothing is asked for": {"$id": "https://example.org/s.json", "properties": {"a": {}}},
    "an unknown draft within": {"properties": {"a": {"$id": "a", "$schema": "https://example.org/meta"}}},
    "a vocabulary": {"$vocabulary": {"https://example.org/v": True}},
    "a keyword that no draft has any more": {
        "$schema": OF_2019,
        "properties": {"a": {"$recursiveRef": "http://e.org"}},
    },
    "values that look like it": {"default": {"$ref": "http://e.org/"}, "examples": [{"$ref": "http://e.org/"}]},
}


@pytest.mark.parametrize("case", KNOWN)
def test_nothing_is_fetched_for_what_can_be_used(case: str) -> None:
    assert told(KNOWN[case]) == []


# -- circles, chains and trees ------------------------------------------------------------------------------------------

CIRCLES = {
    "itself": {"$ref": "#"},
    "each other": {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
    "allOf": {"allOf": [{"$ref": "#"}]},
    "not": {"not": {"$ref": "#"}},
    "if": {"if": {"$ref": "#"}, "then": True},
    "dependentSchemas": {"dependentSchemas": {"title": {"$ref": "#"}}},
    "dynamic": {"$dynamicAnchor": "x", "allOf": [{"$dynamicRef": "#x"}]},
    "files": {NAME: {"$ref": "t.json"}, "t.json": {"anyOf": [{"$ref": "s.json"}]}},
}


@pytest.mark.parametrize("case", CIRCLES)
def test_a_circle_is_refused(case: str) -> None:
    assert {each.message for each in faults(CIRCLES[case])} == {CIRCLE}


DEEPER = {
    "properties": ({"properties": {"a": {"$ref": "#"}, "title": {"type": "string"}}}, []),
    "items": ({"items": {"$ref": "#"}, "additionalProperties": {"$ref": "#"}, "type": ["object", "array"]}, ["title", "n", "keys", "a"]),
    "propertyNames": ({"propertyNames": {"$ref": "#"}}, []),
    "unevaluated": ({"unevaluatedProperties": {"$ref": "#"}}, []),
    "recursive": ({"$schema": OF_2019, "$recursiveAnchor": True, "properties": {"a": {"$recursiveRef": "#"}}}, []),
    "files": ({NAME: {"properties": {"a": {"$ref": "t.json"}}}, "t.json": {"allOf": [{"$ref": "s.json"}]}}, []),
    "three thousand steps": (chain(3_000, lambda ref: {"properties": {"a": {"$ref": ref}}}, {}), []),
}  # fmt: skip


@pytest.mark.parametrize("case", DEEPER)
def test_a_circle_that_goes_deeper_works(case: str) -> None:
    content, wrong = DEEPER[case]
    assert {each.split(".")[0].split()[0] for each in told(content)} == set(wrong)


LONG = {
    "refs": chain(10_000, lambda ref: {"$ref": ref}, {"type": "integer"}),
    "allOf": chain(1_000, lambda ref: {"allOf": [{"$ref": ref}]}, {"type": "integer"}),
    "files": {**{f"f{number}.json": {"$ref": f"f{number + 1}.json"} for number in range(300)}, NAME: {"$ref": "f0.json"}, "f300.json": {}},
}  # fmt: skip


@pytest.mark.parametrize("case", LONG)
def test_a_chain_on_one_value_is_bounded(case: str) -> None:
    message = "this schema leads through more than 100 others without going deeper into the value"
    assert {each.message for each in faults(LONG[case])} == {message}


def test_a_chain_that_people_may_write_works() -> None:
    assert told(chain(40, lambda ref: {"allOf": [{"$ref": ref}]}, {"required": ["x"]})) == [" required"]


@pytest.mark.parametrize("keyword", ["allOf", "anyOf", "oneOf"])
@pytest.mark.parametrize("last", [{"type": "integer"}, {"x-reference": {"role": "page"}}])
def test_schemas_that_double_are_bounded(keyword: str, last: Any) -> None:
    doubling = chain(40, lambda ref: {keyword: [{"$ref": ref}, {"$ref": ref}]}, last)
    assert {each.message for each in faults(doubling)} == {
        "this schema has one value looked at more than 100,000 times"
    }


TREES = {
    "properties": nested(1000, lambda each: {"properties": {"a": each}}, {}),
    "allOf": nested(1000, lambda each: {"allOf": [each]}, {"required": ["x"]}),
    "not": nested(200, lambda each: {"not": each}, {}),
    "no schema": nested(MAX_DEPTH + 1, lambda each: [each], 1),
    "no end": "[" * 100_000,
    "unknown keywords": '{"a":' * 100_000 + "1" + "}" * 100_000,
}


@pytest.mark.parametrize("case", TREES)
def test_nesting_is_bounded(case: str) -> None:
    text = TREES[case] if isinstance(TREES[case], str) else _text(TREES[case])
    (fault,) = faults(text)
    assert fault.message == "more than 100 levels of nesting"
    assert fault.span is not None
    assert text[fault.span.column - 1] in "[{"
    assert text[: fault.span.column].count("{") + text[: fault.span.column].count("[") == MAX_DEPTH + 1


def _text(content: Any) -> str:
    """JSON of what is nested too deep for `json.dumps`, which descends."""
    opening, closing = [], []
    while isinstance(content, dict | list) and content:
        key, inner = next(iter(content.items())) if isinstance(content, dict) else (None, content[0])
        opening.append("[" if key is None else "{" + json.dumps(key) + ":")
        closing.append("]" if key is None else "}")
        content = inner
    return "".join(opening) + json.dumps(content) + "".join(reversed(closing))


@pytest.mark.parametrize("levels", range(10, MAX_DEPTH // 2))
def test_nesting_below_the_bound_works(levels: int) -> None:
    assert told(nested(levels, lambda each: {"allOf": [each]}, {"required": ["x"]})) == [" required"]
    assert told(nested(levels, lambda each: {"properties": {"a": each}}, {"type": "integer"}), {"a": {}}) == []


# -- patterns -----------------------------------------------------------------------------------------------------------

SLOW = ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(.*.*.*x)+y", "^(?=(a+)+$)a", r"^(?:(a+)+)\1$", r"^(?!(?:a|a)*\u0001)(a+)+$", "^((a{1,9}){1,9}){1,9}$"]  # fmt: skip
HOLDERS: dict[str, Callable[[str], Any]] = {
    "pattern": lambda pattern: {"properties": {"title": {"pattern": pattern}}},
    "an older draft": lambda pattern: {"$schema": OF_2006, "properties": {"title": {"pattern": pattern}}},
    "anyOf": lambda pattern: {"properties": {"title": {"anyOf": [{"pattern": pattern}, {"const": 1}, {"pattern": "^b"}]}}},
    "oneOf": lambda pattern: {"properties": {"title": {"oneOf": [{"pattern": pattern}, {"pattern": pattern}]}}},
    "not": lambda pattern: {"properties": {"title": {"not": {"pattern": pattern}}}},
    "if": lambda pattern: {"properties": {"title": {"if": {"pattern": pattern}, "then": False, "else": {"const": 1}}}},
    "contains": lambda pattern: {"properties": {"title": {"type": "array"}}, "not": {"contains": {"pattern": pattern}}},
    "patternProperties": lambda pattern: {
        "properties": {"keys": {"patternProperties": {pattern: {"type": "integer"}}, "additionalProperties": False}}
    },
    "unevaluatedProperties": lambda pattern: {
        "properties": {"keys": {"patternProperties": {pattern: {"type": "integer"}}, "unevaluatedProperties": False}}
    },
    "propertyNames": lambda pattern: {"properties": {"keys": {"propertyNames": {"pattern": pattern}}}},
    "names and forms": lambda pattern: {
        "properties": {"keys": {"propertyNames": {"anyOf": [{"pattern": pattern}, {"const": "x"}]}}}
    },
    "x-reference": lambda pattern: {
        "properties": {"keys": {"patternProperties": {pattern: {"x-reference": {"role": "page"}, "x-unique": True}}}}
    },
    "format": lambda pattern: {"properties": {"title": {"format": "regex", "pattern": pattern}, "keys": {"format": "regex"}}},
}  # fmt: skip


@pytest.mark.parametrize("holder", HOLDERS)
def test_no_pattern_hangs(holder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """None is run by Python's engine on more than a short text, neither by us nor when jsonschema explains what is wrong."""
    real = re.search

    def bounded(pattern: Any, text: str, flags: int = 0) -> Any:
        assert pattern not in SLOW
        return real(pattern, text, flags)

    monkeypatch.setattr(re, "search", bounded)
    for pattern in SLOW:
        told(HOLDERS[holder](pattern))


@pytest.mark.parametrize(
    "pattern",
    ["(", "[z-a]", "(?<x", "a{2,1}", r"\p{Nope}", "*", "a" * 5 + "{99999999999}", "(" * 50_000 + "a" + ")" * 50_000,
     "(?=" * 5_000 + "a" + ")" * 5_000, "^(a{1000}){1000}$", "^((((a{1,99}){1,99}){1,99}){1,99}){1,99}$", "(?P<n>a)(?P<n>b)"],
    ids=range(12),
)  # fmt: skip
@pytest.mark.parametrize("keyword", ["pattern", "patternProperties"])
def test_what_is_no_pattern_is_refused(pattern: str, keyword: str) -> None:
    (fault,) = faults({"properties": {"a": {keyword: pattern if keyword == "pattern" else {pattern: {}}}}})
    assert fault.message.endswith("is not a regular expression")
    assert len(fault.message) < 100


# -- numbers, sizes, text -----------------------------------------------------------------------------------------------

NUMBERS = {
    "minLength": ["-0", "-0.0", "1e300", "9" * 30],
    "maxItems": ["1e300", "9" * 4000, "0"],
    "minimum": ["1e308", "-1e308", "9" * 400, "-0.0", "1e-400"],
    "multipleOf": ["1e-320", "1e308", "9" * 30, "0.1"],
    "const": ["-0", "9" * 4000, "1e-999"],
}


@pytest.mark.parametrize("keyword", NUMBERS)
def test_numbers_of_any_size_are_compared(keyword: str) -> None:
    for number in NUMBERS[keyword]:
        for value in (TITLE, 7, 0, -0.0, 10**5000, 1e308, float("inf"), float("nan"), [1]):
            told(f'{{"properties": {{"n": {{"{keyword}": {number}}}}}}}', {"n": value})


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("1e400", "1e400 is larger than any number that can be compared"),
        ("-1E+999", "-1E+999 is larger than any number that can be compared"),
        ("9" * 5000, "9" * 40 + "... is larger than any number that can be compared"),
        ("NaN", "not JSON: NaN is no number of JSON"),
        ("-Infinity", "not JSON: -Infinity is no number of JSON"),
    ],
)
def test_what_is_no_number_is_refused(number: str, message: str) -> None:
    start = '{"title": "NaN \\" 1e999 [", "properties": {"n": {"minimum": '
    (fault,) = faults(f"{start}{number}}}}}}}")
    assert fault.message == message
    assert fault.span == (1, len(start) + 1, 1, len(start) + len(number) + 1)


@pytest.mark.parametrize(
    "content", [{"minLength": -1}, {"multipleOf": 0}, {"maxItems": 0.5}, {"type": 1e300}, {"$ref": 5}]
)
def test_a_number_that_says_nothing_is_refused(content: Any) -> None:
    assert faults({"properties": {"n": content}})[0].message.startswith("not a valid schema")


@pytest.mark.parametrize("content", ["null", "1", '"x"', "[]"])
def test_what_is_no_schema_is_refused(content: str) -> None:
    (fault,) = faults(content)
    assert fault.message.startswith("a schema is an object, not ")


@pytest.mark.parametrize(
    "content", ["", "\0", b"\xff\xfe{\0}\0", b'{"a": "\xff"}', '{"a": 1,}', '{"a" 1}', "{'a': 1}", '{"a": 1} x']
)
def test_what_is_no_json_is_refused(content: Any) -> None:
    assert len(faults(content)) == 1


@pytest.mark.parametrize("escape", [r"\ud800", r"\udfff", r"\ude00\ud83d"])
def test_half_a_character_is_refused(escape: str) -> None:
    for text in (
        f'{{"{escape}": 1}}',
        f'{{"pattern": "{escape}"}}',
        f'{{"$ref": "#/{escape}"}}',
        f'{{"enum": ["{escape}"]}}',
    ):
        (fault,) = faults(text)
        assert fault.message == "half a character is no text"


def test_keys_that_stand_very_often_are_told_in_part() -> None:
    found = faults("{" + ",".join(['"a": 1'] * 3000) + "}")
    assert len(found) == MOST_FAULTS
    assert found[0].message == "the key a stands twice"


def test_faults_without_number_are_told_in_part() -> None:
    found = faults({"$defs": {}, "allOf": [{"pattern": "("}] * 3000})
    assert len(found) == MOST_FAULTS


def test_very_many_addresses_are_told_apart() -> None:
    own = {f"k{number}": {"$id": f"k{number}.json", "type": "string"} for number in range(2_000)}
    asked = {f"k{number}": {"$ref": f"k{number}.json"} for number in range(2_000)}
    assert told({"$defs": own, "properties": asked}, {"k0": "x", "k1999": 1}) == ["k1999 type"]


def test_very_many_values_are_allowed() -> None:
    many = [f"{'a' * 26}{number}" for number in range(100_000)]
    content = {"properties": {"title": {"enum": many}, "keys": {"propertyNames": {"enum": many}}}}
    (title, *keys) = load(content).violations(DATA)
    assert [title.path, *(each.path for each in keys)] == [("title",), ("keys", "a" * 60 + "z"), ("keys", "b")]
    assert len(title.message) < 2000


def test_ten_megabytes_are_read() -> None:
    content = {"description": "x" * 8_000_000, "$comment": '["' * 1_000_000, "required": ["zz"]}
    assert told(json.dumps(content)) == [" required"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.sampled_from(["#", "#/allOf/0", "http://[", "t.json", "(a+)+$"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["$ref", "$id", "$schema", "$anchor", "$dynamicRef", "$dynamicAnchor", "allOf", "anyOf", "not", "items", "properties",
             "patternProperties", "propertyNames", "pattern", "enum", "const", "minimum", "multipleOf", "x-reference", "x-unique",
             "dependentSchemas", "unevaluatedProperties", "$defs", "a"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None, max_examples=settings.default.max_examples // 2)
@given(JSON, JSON)
def test_any_schema_is_used_or_refused_at_a_place(one: Any, other: Any) -> None:
    try:
        told({NAME: one, "t.json": other})
    except UnusableError as error:
        assert all(each.span is not None for each in error.faults)  # noqa: PT017  most of them can be used


# -- a whole run --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ('{"$ref": "http://example.org/"}', 2, "s.json:1:11: error: http://example.org/ is on the network"),
        ('{"$ref": "#"}', 2, "s.json:1:11: error: this schema refers to itself"),
        ('{"$ref": "a\\n::error::\\u001b[31m.json"}', 2, "s.json:1:11: error: there is no file a\\n::error::\\x1b[31m.json"),
        ('{"$ref": "\\u0000"}', 2, "s.json:1:11: error: the schema cannot be read"),
        ('{"properties": {"title": {"pattern": "^(a+)+$"}}}', 1, "must fit the pattern ^(a+)+$"),
    ],
)  # fmt: skip
def test_a_run_ends_with_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, code: int, said: str
) -> None:
    (tmp_path / "_config.yml").write_text("title: T\n")
    (tmp_path / "contentlint.yml").write_text("pages: [{match: '*.md', schema: s.json}]\n")
    (tmp_path / "s.json").write_text(content)
    (tmp_path / "index.md").write_text(f"---\ntitle: {TITLE}\n---\n# T\n")
    assert cli.execute(["check", "--root", str(tmp_path), "--no-cache"]) == code
    out, err = capsys.readouterr()
    assert said in out + err
    assert "Traceback" not in err


# -- schemas that look at each level more often ----------------------------------------------------------------------------


def _nested(levels: int, within: object) -> object:
    for _ in range(levels):
        within = {"a": within}
    return within


def _of_themselves(*more: object) -> dict[str, Any]:
    """A mapping whose `a` is such a mapping again, said so once and once more for each of `more`."""
    again = {"properties": {"a": {"$ref": "#/$defs/n"}}}
    number = {"type": "object", "properties": {"b": {"type": "integer", "x-unique": True}}}
    return {"$ref": "#/$defs/n", "$defs": {"n": {"allOf": [number, again, *(again for _ in more)]}}}


@pytest.mark.parametrize("times", [1, 2, 5])
def test_levels_that_double_are_bounded(times: int) -> None:
    """Each level is looked at twice as often as the one above: at forty levels nobody would see the end."""
    made = load(_of_themselves(*range(times)))
    (found,) = made.violations(_nested(90, {"b": 1}))
    assert re.fullmatch(r"is nested more than \d+ levels deep: .*was not held against it", found.message)
    assert told(_of_themselves(*range(times)), _nested(4, {"b": 1})) == []
    assert told(_of_themselves(*range(times)), _nested(4, {"b": "x"})) == ["a.a.a.a.b type"]
    assert made.uniques(_nested(2, {"b": 1})) == [(("a", "a", "b"), 1)]


def test_a_tree_may_have_as_many_levels_as_trees_have() -> None:
    tree = {"$defs": {"t": {"properties": {"a": {"$ref": "#/$defs/t"}, "b": {"type": "integer"}}}}, "$ref": "#/$defs/t"}
    assert told(tree, _nested(90, {"b": 1})) == []
    assert told(tree, _nested(90, {"b": "x"})) == ["a." * 90 + "b type"]


def test_who_refers_to_others_alone_may_have_any_depth() -> None:
    chain = {"properties": {"a": {"$ref": "#/$defs/m"}}, "$defs": {"m": {"type": "object"}}}
    assert told(chain, _nested(90, 1)) == []
