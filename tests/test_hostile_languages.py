"""Texts that nobody would write, each of which has once broken something."""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path

import pytest

from contentlint.diagnostic import UnusableError
from contentlint.frontmatter import compose
from contentlint.generators.jekyll import settings, urls
from contentlint.kramdown import scan
from contentlint.liquid import Context, parse
from contentlint.schema import load
from contentlint.tree import WorkTree


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


@pytest.mark.parametrize(
    "text",
    [
        "title: x\n[}b: c d 5. b\n",
        "x:\n  - a\n[  - }'b'x: folded\n->-\n  body\n",
        "- a\n}!!b: 8 \n",
        "- - .inf - - \n - - ]",
        "a ]\n: ]",
        "] ]",
        "}",
        "!x \n!",
    ],
)
def test_brackets_that_were_never_opened_are_a_mistake_as_others(text: str) -> None:
    error = compose(text).error
    assert error is None or 0 <= error.start <= error.end <= len(text)


def test_names_that_are_no_text_become_the_bytes_that_they_are() -> None:
    assert urls.escape("/a\udcff\udcfe.html") == "/a%FF%FE.html"
    assert urls.escape("/a\ud800.html") == "/a%ED%A0%80.html"


ENCODINGS = {
    "latin-1": "latin-1",
    "UTF-8": "utf-8",
    "utf-16": "utf-16",
    "hex": "utf-8",
    "unicode_escape": "utf-8",
    "undefined": "utf-8",
    "nonsense": "utf-8",
    "a\0b": "utf-8",
    "\udcff": "utf-8",
    "x" * 10_000: "utf-8",
}


@pytest.mark.parametrize("name", ENCODINGS, ids=lambda name: ascii(name)[:20])
def test_an_encoding_that_is_none_is_ignored(tmp_path: Path, name: str) -> None:
    (tmp_path / "_config.yml").write_text("title: x\n")
    found = settings.load(WorkTree(tmp_path), options={"encoding": name})
    assert found.encoding == ENCODINGS[name]
    assert isinstance(b"---\n\xff".decode(found.encoding, "replace"), str)


def test_settings_that_are_nested_too_deep_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "_config.toml").write_text("a = " + "[" * 100_000 + "]" * 100_000)
    (problem,) = settings.load(WorkTree(tmp_path)).problems
    assert problem.fatal
    assert problem.message == "the build fails: it is nested too deep"


def test_cycles_of_one_name_may_have_different_numbers_of_values() -> None:
    template = parse("{% cycle 'g': 1, 2, 3 %}{% cycle 'g': 1, 2, 3 %}{% cycle 'g': 4, 5 %}|{% cycle 'g': 4, 5 %}")
    assert template.render(Context()).text == "12|4"  # as Liquid has it


def test_code_that_ends_without_a_line_end() -> None:
    assert [anchor.name for anchor in scan("# A\n| a | b |\n# B\n## C\n\t  \x0b tex").anchors] == ["a", "b", "c"]


def test_a_schema_that_breaks_off_in_its_first_character() -> None:
    for data in (b"\xef", b"\xef\xbb", b"\xef\xbb\xbf\xff"):
        with pytest.raises(UnusableError, match="the file is not UTF-8"):
            load("page.json", lambda _, data=data: data)


def test_a_time_zone_that_is_days_away_is_none(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text("timezone: UTC+50\n")
    assert settings.load(WorkTree(tmp_path)).zone is UTC
