"""Texts that nobody would write, each of which has once broken something."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import SupportsIndex

import pytest

from contentlint import run, suppression
from contentlint.diagnostic import Lines, UnusableError
from contentlint.frontmatter import compose
from contentlint.generators.jekyll import extract, settings, urls
from contentlint.kramdown import scan
from contentlint.liquid import Context, parse
from contentlint.rewriting import Edit, Yaml
from contentlint.run import Request
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


# -- what must not cost the square of its length: each of these would take minutes ------------------------------------------


def test_suppressions_side_by_side_are_read_in_one_walk() -> None:
    comment = "<!-- contentlint: ignore[x] -->"
    text = (comment + " ") * 20_000
    found = [suppression.read(text, at, at + len(comment)) for at in range(0, len(text), len(comment) + 1)]
    assert all(each is not None and each.line == 1 for each in found)
    assert all(suppression.removal(text, each, ())[1] for each in found[::10] if each is not None)


def test_suppressions_one_below_the_other_all_cover_the_next_line_with_text() -> None:
    comment = "<!-- contentlint: ignore[x] -->\n"
    text = comment * 20_000 + "text\n"
    found = [suppression.read(text, at, at + len(comment) - 1) for at in range(0, len(comment) * 20_000, len(comment))]
    assert {each.line for each in found if each is not None} == {20_001}


def test_brackets_that_never_close_are_looked_for_once() -> None:
    template = parse("{{ " + "a[" * 50_000 + "}}")
    assert template.render(Context()).text == ""
    assert parse("{{ a[0].b[ }}{{ a['b']c }}").render(Context(variables={"a": [{"b": "x"}]})).text == "x"


def test_of_a_line_that_is_too_long_to_be_shown_nothing_is_copied() -> None:
    class Counted(str):
        __slots__ = ()
        copied = 0

        def __getitem__(self, key: SupportsIndex | slice) -> str:
            part = super().__getitem__(key)
            Counted.copied += len(part)
            return part

    lines = Lines(Counted("a\r\n" + "b" * 10_000 + "\nc"))
    assert lines.lines(1, 1, 1) == ("a",)
    assert lines.lines(3, 3, 1) == ("c",)
    assert Counted.copied < 10
    assert lines.lines(1, 3, 5000) == lines.lines(2, 2, 9_000) == ()
    assert Counted.copied < 10
    assert lines.lines(1, 3, 10_002)[2] == "c"


def test_thousands_of_keys_that_a_schema_does_not_know_are_told_in_one_walk() -> None:
    schema = load("page.json", lambda _: b'{"additionalProperties": false}')
    assert len(schema.violations({f"k{number}": number for number in range(3000)})) == 3000


def test_a_large_file_is_not_read_again_for_each_key_that_stands_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    whole = Yaml.without_again

    def counted(self: Yaml, start: int, end: int) -> Edit | None:
        asked.append(start)
        return whole(self, start, end)

    monkeypatch.setattr(Yaml, "without_again", counted)
    for name, lines in {"small.md": 30, "large.md": 250, "huge.md": 1100}.items():
        value = "v" if name == "small.md" else "v" * 1000
        (tmp_path / name).write_text("---\n" + f"k: {value}\n" * lines + "---\n")
    report = run.check(Request(cwd=str(tmp_path)))
    assert Counter(each.path for each in report.diagnostics) == {"small.md": 29, "large.md": 249, "huge.md": 1099}
    assert Counter(each.path for each in report.diagnostics if each.fix) == {"small.md": 20, "large.md": 4}
    assert len(asked) == 24


def test_thousands_of_suppressions_are_not_asked_for_every_problem(tmp_path: Path) -> None:
    (tmp_path / "index.md").write_text(
        "---\ntitle: x\n---\n"
        + "<!-- contentlint: ignore[broken-link] -->\n[a](/gone/)\n" * 300
        + "<!-- contentlint: ignore-file[broken-anchor, links] -->\n" * 3000
        + "[b](/gone/) " * 3000
    )
    found = run.check(Request(cwd=str(tmp_path))).diagnostics
    assert {each.rule for each in found} == {"unused-suppression"}


@pytest.mark.parametrize("body", ["{words}", "{{{{ page.x }}}}", "{{% capture y %}}{words}{{% endcapture %}}"])
def test_what_a_loop_puts_out_counts_by_its_length(body: str) -> None:
    words = "word " * 4000
    template = parse("{% for i in (1..5000) %}" + body.format(words=words) + "{% endfor %}")
    assert len(template.render(Context(variables={"page": {"x": words}}), steps=20_000).text) < 520_000


def test_lists_that_a_loop_filters_count_by_their_items() -> None:
    seen = 0

    class Counted(list[str]):
        def __iter__(self) -> Iterator[str]:
            nonlocal seen
            seen += len(self)
            return super().__iter__()

    parse("{% for i in (1..9000) %}{% assign y = page.x | sort %}{% endfor %}").render(
        Context(variables={"page": {"x": Counted("x" * 5000)}}), steps=10_000
    )
    assert 0 < seen < 500_000


# -- too many signs of markup -------------------------------------------------------------------------------------------


def test_a_page_is_weighed_by_its_signs_of_markup_and_not_by_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = extract.MOST_SIGNS // 50
    monkeypatch.setattr(extract, "MOST_SIGNS", most)
    head = "---\ntitle: x\n---\n"
    (tmp_path / "_data").mkdir()
    for path, text in {
        "many.md": head + "* a\n" * (most // 2),
        "placed.md": "---\npermalink: /at/\n---\n" + "* [a](/gone/)\n" * (most // 2),
        "picture.md": head + "# Here\n\n<img src='data:image/png;base64," + "QUJD" * most + "'>\n\n[a](/gone/)\n",
        "static.html": "<p id=a>" * (most // 2),
        "_data/many.json": "[" + '"a",' * (most // 2) + "1]",
        "few.md": head + "[a](/many.html#x) [b](/picture.html#here) [c](/picture.html#there) [d](/static.html#b)\n"
        "{{ site.data.many[0].x }} [e](/{{ site.data.many[0] }}/)\n"
        "[f](/at/) [g](/nothing/)\n",
    }.items():
        (tmp_path / path).write_text(text)
    found = run.check(Request(cwd=str(tmp_path))).diagnostics
    assert [(each.path, each.rule, each.value) for each in found] == [
        ("_data/many.json", "invalid-data", "_data/many.json"),
        ("few.md", "broken-anchor", "/picture.html#there"),
        ("few.md", "broken-anchor", "/static.html#b"),
        ("few.md", "broken-link", "/nothing/"),
        ("many.md", "invalid-front-matter", "many.md"),
        ("picture.md", "broken-link", "/gone/"),
        ("placed.md", "invalid-front-matter", "placed.md"),
    ]
    assert found[0].message.startswith("this file was not read: it has 30,002 signs of markup, and no file with more")
    assert found[0].help == "leave it out: `exclude: [_data/many.json]` in contentlint.yml"


@pytest.mark.parametrize(
    "front", ["---\ntitle: [\n---\n", "---\ntitle: x\n", "---\n\x01\n---\n", "---\nx: \udcff\n---\n"]
)
def test_a_page_with_too_many_signs_and_no_front_matter_that_can_be_read_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, front: str
) -> None:
    monkeypatch.setattr(extract, "MOST_SIGNS", 1000)
    (tmp_path / "index.md").write_text("---\n---\n")
    (tmp_path / "many.md").write_bytes((front + "* a\n" * 5000).encode("utf-8", "surrogateescape"))
    (problem,) = run.check(Request(cwd=str(tmp_path))).diagnostics
    assert (problem.rule, problem.path) == ("invalid-front-matter", "many.md")
    assert "signs of markup" in problem.message


def test_a_when_with_thousands_of_values_is_read_in_one_walk() -> None:
    template = parse("{% case x %}{% when " + "'a' or 'b', " * 20_000 + "1 %}y{% endcase %}")
    assert template.render(Context(variables={"x": "c"})).text == ""
    assert template.render(Context(variables={"x": 1})).text == "y"
    assert parse("{% case 'b' %}{% when 'a' or , 'b' %}y{% endcase %}").render(Context()).text == ""
