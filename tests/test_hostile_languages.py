"""Texts that nobody would write, each of which has once broken something."""

from __future__ import annotations

import json

import pytest

from contentlint.diagnostic import UnusableError
from contentlint.kramdown import scan
from contentlint.schema import load


@pytest.mark.parametrize("text", ["\0", "{::comment}x\n===\n\0", "a\n\n\0\n", "* \0"])
def test_a_paragraph_of_nothing_but_null_characters_is_empty(text: str) -> None:
    assert not scan(text).links


@pytest.mark.parametrize(
    "schema", ['{"properties": {"\\ud800": {}}}', '{"const": "a\\uDC00"}', '{"pattern": "\\udfff"}']
)
def test_a_lone_surrogate_in_a_schema_is_told_at_its_place(schema: str) -> None:
    with pytest.raises(UnusableError) as caught:
        load("page.json", lambda _: schema.encode())
    (fault,) = caught.value.faults
    assert fault.span is not None
    assert schema[fault.span.column - 1 :].startswith("\\u")
    assert fault.message == "half a character is no text"


def test_both_halves_of_a_character_are_one() -> None:
    schema = load("page.json", lambda _: json.dumps({"const": "😀"}).encode())
    assert not schema.violations("😀")
    assert load("page.json", lambda _: rb'{"const": "\\ud800"}').violations("x")  # a backslash and five letters
