from __future__ import annotations

import json
import os
import re
import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from contentlint.diagnostic import Diagnostic, Edit, Fix, Related, Report, Severity, Span, Summary
from contentlint.reporters import FORMATS, github, gitlab, junit, listing, markdown, rdjson, reporter, sarif, summary
from contentlint.reporters.full import ELLIPSIS, clipped
from contentlint.reporters.text import cells, place, visible

DATA = Path(__file__).parent / "data" / "reporters"
UNHURRIED = settings(deadline=None)
ERROR, WARNING = Severity.ERROR, Severity.WARNING


def diagnostic(path: str, span: tuple[int, int, int, int], *lines: str, **fields: object) -> Diagnostic:
    """A diagnostic whose fingerprint and value follow from its place, where they are not given."""
    fields = {
        "value": "value",
        "rule": "missing-image",
        "severity": ERROR,
        "message": "image not found",
        "fingerprint": f"{path}:{span}",
        **fields,
    }
    return Diagnostic(path=path, span=Span(*span), source_lines=lines, **fields)  # type: ignore[arg-type] # see above


PICTURE = diagnostic(
    "muscle/hip/gluteusmedius.md",
    (24, 16, 24, 35),
    "  - image_url: muscles/png/x-1.png",
    value="muscles/png/x-1.png",
    message="image not found: /assets/images/muscles/png/x-1.png",
    help="did you mean muscles/png/x-2.png?",
    related=(Related("_includes/gallery", Span(3, 1, 3, 20), "shown by this include"),),
    fix=Fix("use x-2.png", (Edit(Span(24, 16, 24, 35), "muscles/png/x-2.png"),), safe=False),
)
HOSTILE = "a\x1b[31m\n::error::b\r\u202e\udcff\x00\t##[add-mask]</failure>]]>|`<b>@you #1 %0A,"
SHOWN = r"a\x1b[31m\n::error::b\r\u202e\udcff\x00\t##\[add-mask]</failure>]]>|`<b>@you #1 %0A,"

REPORT = Report(
    (
        diagnostic("long.md", (1, 301, 1, 310), "x" * 300 + "![](a.png)" + "y" * 300),
        diagnostic("long.md", (2, 1, 2, 401), "z" * 500, message="a span wider than the terminal"),
        diagnostic("long.md", (3, 596, 3, 601), "w" * 600, message="at the end"),
        PICTURE,
        diagnostic("plain.md", (1, 1, 1, 1), message="no source line", help="look", rule="nothing-matched"),
        diagnostic("shapes.md", (2, 5, 2, 7), "骨盤の筋肉", message="wide", severity=WARNING, rule="missing-alt"),
        diagnostic("shapes.md", (3, 3, 3, 6), "\ta\tbcd", message="tabs"),
        diagnostic("shapes.md", (4, 2, 4, 4), "e\u0301\u0300a", message="combining characters"),
        diagnostic("shapes.md", (5, 1, 5, 1), "text", message="empty"),
        diagnostic("shapes.md", (6, 5, 6, 5), "text", message="behind the end"),
        diagnostic("shapes.md", (8, 8, 11, 3), 'title: "Gluteus', "", "medius", '""', message="several lines"),
        diagnostic("shapes.md", (9, 3, 30, 4), "first", "second", message="many lines"),
        diagnostic("shapes.md", (98, 1, 100, 1), "---", "title: x", "", message="up to a line's start"),
        diagnostic("shapes.md", (99, 2, 99, 4), "\u200b\x1b[31m\u00a0##[x]", message="hidden characters"),
        diagnostic(HOSTILE, (1, 1, 1, 4), "a[b", value=HOSTILE, message=HOSTILE, help=HOSTILE, severity=WARNING),
        diagnostic("::error::x.md", (1, 1, 1, 4), "abc", message="[a](b) [c]", rule="broken-link"),
    ),
    Summary(pages=120, assets=2040, references=4312, unknown=7, errors=14, warnings=2, suppressed=1),
)
CLEAN = Report(summary=Summary(pages=1, assets=1, references=1))


MANUALS = {
    "broken-link": sarif.Manual("A link leads to nothing.", "A link leads to nothing.\n\nMore `code`.", "links"),
    "missing-alt": sarif.Manual("No text.", "No text.", "images", enabled=False),
    "nothing-matched": sarif.Manual("A pattern matches nothing.", "x" * 2000, "site", WARNING),
}


def golden(name: str, text: str) -> None:
    """The text is that of a golden file; UPDATE=1 writes it."""
    path = DATA / name
    if os.environ.get("UPDATE"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    assert text == path.read_text(encoding="utf-8")


def printed(name: str, report: Report = REPORT, **look: object) -> str:
    return "".join(f"{line}\n" for line in reporter(name, manuals=lambda: MANUALS, **look)(report))  # type: ignore[arg-type] # passed through


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_prints_what_its_golden_file_holds(name: str) -> None:
    golden(f"{name}.txt", printed(name, width=100))


@pytest.mark.parametrize("name", ["full", "concise"])
def test_colours_are_added_and_nothing_else(name: str) -> None:
    coloured = printed(name, colour=True, width=100)
    golden(f"{name}-colour.txt", coloured)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == printed(name, width=100)


@pytest.mark.parametrize("name", FORMATS)
def test_a_clean_report_is_well_formed(name: str) -> None:
    golden(f"{name}-clean.txt", printed(name, CLEAN))


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_hidden_reaches_the_output(name: str) -> None:
    text = printed(name)
    text.encode()
    assert not {character for character in text if not character.isprintable()} - set("\n\xa0")
    assert not re.search(r"(?m)^\s*::(?!error |warning |notice )", text)
    assert "##[" not in text or name in {"json", "rdjson", "gitlab", "sarif"}


SPANS = st.builds(
    lambda line, column, lines, columns: Span(line, column, line + lines, columns if lines else column + columns),
    *(st.integers(1, 300), st.integers(1, 300), st.integers(0, 3), st.integers(1, 300)),
)
PROBLEMS = st.builds(
    Diagnostic,
    path=st.text(min_size=1).filter(lambda path: not path.startswith(("/", "./"))),  # relative to the project
    span=SPANS,
    value=st.text(),
    rule=st.sampled_from(["broken-link", "missing-image"]),
    severity=st.sampled_from(Severity),
    message=st.text(min_size=1),
    help=st.text(),
    fix=st.none() | st.builds(lambda span, text: Fix(f"use {text}", (Edit(span, text),), safe=True), SPANS, st.text()),
    related=st.lists(st.builds(Related, st.text(min_size=1), SPANS, st.text(min_size=1)), max_size=2).map(tuple),
    source_lines=st.lists(st.text(st.characters(exclude_characters="\n")), max_size=4).map(tuple),
    fingerprint=st.text("0123456789abcdef", min_size=32, max_size=32),
)


@pytest.mark.parametrize("name", FORMATS)
@settings(
    max_examples=settings.default.max_examples // 5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(problems=st.lists(PROBLEMS, min_size=1, max_size=3))
def test_any_problem_can_be_printed(name: str, problems: list[Diagnostic]) -> None:
    lines = list(reporter(name, width=80)(Report(tuple(problems))))
    text = "\n".join(lines)
    text.encode()
    assert not any(
        unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in text if character != "\n"
    )
    assert name == "junit" or not any("\n" in line for line in lines)
    path = DATA / f"{name}.schema.json"
    if path.exists():
        schema(path.name).validate(json.loads(text))


# -- text -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("a.md", "a.md:1:2"),
        (":", "./::1:2"),
        ("::error::x", "./::error::x:1:2"),
        (" ::x", "./ ::x:1:2"),
        (":a", ":a:1:2"),
    ],
)
def test_a_place_is_never_a_command_to_a_runner(path: str, shown: str) -> None:
    assert place(path, Span(1, 2, 1, 3)) == shown


def test_what_cannot_be_seen_is_spelt_out() -> None:
    assert visible(HOSTILE) == SHOWN
    assert visible("\U000e0041\ufffe\ufeff\x85\u2028\x7f") == r"\U000e0041\ufffe\ufeff\x85\u2028\x7f"


@pytest.mark.parametrize("text", ["plain", "Ärzte, 骨盤, e\u0301", "non\u00a0breaking", "\ue000 private", "C:\\x"])
def test_what_can_be_seen_stays(text: str) -> None:
    assert visible(text) == text


@UNHURRIED
@given(st.text())
def test_visible_text_is_printable_and_stays_as_it_is(text: str) -> None:
    shown = visible(text)
    shown.encode()
    assert not set(shown) & {chr(code) for code in (*range(32), *range(0x7F, 0xA0), 0x200B, 0x202E, 0x2028, 0xFFFE)}
    assert visible(shown) == shown


@UNHURRIED
@given(st.text())
def test_cells_show_what_visible_shows_but_for_tabs(text: str) -> None:
    shown = list(cells(text))
    assert len(shown) == len(text)
    without_tabs = [cell for cell, character in zip(shown, text, strict=True) if character != "\t"]
    if "\t" not in text:
        assert "".join(cell for cell, _ in without_tabs) == visible(text)
    assert all(0 <= taken <= 10 for _, taken in shown)


def test_cells_count_what_a_terminal_draws() -> None:
    assert [taken for _, taken in cells("a骨e\u0301\t\x1bﾊ\uff03")] == [1, 2, 1, 0, 4, 4, 1, 2]


def test_a_path_never_opens_a_workflow_command() -> None:
    assert place(" ::error::x", Span(1, 2, 3, 4)) == "./ ::error::x:1:2"
    assert place("a::b", Span(1, 2, 3, 4)) == "a::b:1:2"


# -- full -----------------------------------------------------------------------------------------------------------


def under(source: str, carets: str) -> str:
    """What of a source line stands above the carets, cell by cell; only for characters of one cell."""
    return source[len(carets) - len(carets.lstrip()) : len(carets)]


def test_a_short_line_is_shown_whole() -> None:
    assert clipped("abc", 1, 2, 20) == ("abc", " ^")


def test_a_long_line_is_clipped_around_the_span() -> None:
    assert clipped("x" * 50 + "HERE" + "y" * 50, 50, 54, 20) == (
        "...xxxxxHERExxxxx...".replace("Ex", "Ey", 1)[:12] + "yyyyy...",
        " " * 8 + "^^^^",
    )


def test_a_span_that_begins_with_a_combining_character_points_at_its_base() -> None:
    assert clipped("ae\u0301b", 2, 3, 20) == ("ae\u0301b", " ^")
    assert clipped("\u0301b", 0, 1, 20) == ("\u0301b", "^")


def test_a_wide_character_is_not_cut_in_half() -> None:
    source, carets = clipped("骨" * 40 + "x" + "骨" * 40, 40, 41, 21)
    assert source == "...骨骨骨x骨骨骨..."
    assert carets == " " * 9 + "^"


def test_a_megabyte_is_clipped_as_fast_as_a_line() -> None:
    source, carets = clipped("a" * 500_000 + "b" + "c" * 500_000, 500_000, 500_001, 40)
    assert len(source) <= 40
    assert under(source, carets) == "b"


@UNHURRIED
@given(
    st.text(st.characters(codec="ascii", categories=["L", "P", "Zs"], exclude_characters="["), max_size=300),
    st.integers(0, 310),
    st.integers(0, 310),
    st.integers(20, 200),
)
@example("", 0, 0, 20)
@example("x" * 21, 21, 21, 20)
def test_carets_stand_under_the_span(text: str, start: int, length: int, room: int) -> None:
    start = min(start, len(text))
    source, carets = clipped(text, start, start + length, room)
    marked = text[start : start + length]
    count = carets.count("^")
    assert count == max(len(marked), 1) or (count < len(marked) and count == room - 2 * len(ELLIPSIS))
    assert source[len(carets) - count :].startswith(marked[:count])


@UNHURRIED
@given(st.text(max_size=200), st.integers(0, 210), st.integers(0, 210), st.integers(20, 200))
def test_whatever_a_line_holds_it_fits(text: str, start: int, length: int, room: int) -> None:
    source, carets = clipped(text, min(start, len(text)), start + length, room)
    source.encode()
    assert "\n" not in source
    assert sum(taken for _, taken in cells(source)) <= room
    assert carets.lstrip(" ").strip("^") == ""
    assert 1 <= len(carets) <= room


# -- formats for programs -------------------------------------------------------------------------------------------


def schema(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((DATA / name).read_text()))


@pytest.mark.parametrize("report", [REPORT, CLEAN])
@pytest.mark.parametrize("name", ["gitlab", "rdjson", "sarif", "json"])
def test_json_formats_fit_their_schemas(name: str, report: Report) -> None:
    schema(f"{name}.schema.json").validate(json.loads(printed(name, report)))


def test_json_keeps_values_as_written() -> None:
    problem = json.loads(printed("json"))["diagnostics"][-2]
    assert problem["value"] == HOSTILE.replace("\udcff", r"\udcff")
    assert problem["path"] == HOSTILE.replace("\udcff", r"\udcff")
    assert problem["message"] == SHOWN


def test_json_has_a_line_for_each_problem() -> None:
    assert len([line for line in printed("json").splitlines() if '"rule"' in line]) == len(REPORT.diagnostics)


def unescaped(text: str) -> str:
    """As GitHub's runner reads a property."""
    return text.replace("%2C", ",").replace("%3A", ":").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


def annotation(line: str) -> tuple[str, dict[str, str], str]:
    command, _, rest = line.removeprefix("::").partition(" ")
    properties, _, data = rest.partition("::")
    pairs = (each.split("=", 1) for each in properties.split(","))
    return command, {name: unescaped(value) for name, value in pairs}, unescaped(data)


def test_github_reads_back_what_was_meant() -> None:
    command, properties, text = annotation(next(github.lines(Report((PICTURE,)))))
    assert (command, properties) == (
        "error",
        {
            "title": "missing-image",
            "file": "muscle/hip/gluteusmedius.md",
            "line": "24",
            "col": "16",
            "endLine": "24",
            "endColumn": "35",
        },
    )
    assert text.splitlines() == [
        "image not found: /assets/images/muscles/png/x-1.png",
        "help: did you mean muscles/png/x-2.png?",
        "note: _includes/gallery:3: shown by this include",
    ]


@UNHURRIED
@given(st.text(), st.text())
def test_github_commands_cannot_be_forged(path: str, message: str) -> None:
    lines = list(github.lines(Report((diagnostic(path, (1, 1, 2, 1), message=message),))))
    assert len(lines) == 1
    command, properties, text = annotation(lines[0])
    assert command == "error"
    assert list(properties) == ["title", "file", "line", "col", "endLine"]
    assert properties["file"] == visible(path)
    assert text == visible(message)


def test_github_shows_the_worst_and_counts_the_rest() -> None:
    warnings = [diagnostic("a.md", (line, 1, line, 2), severity=WARNING) for line in range(1, 14)]
    errors = [diagnostic("b.md", (line, 1, line, 2)) for line in range(1, 12)]
    lines = list(github.lines(Report((*warnings, *errors))))
    kinds = [line.split(" ", 1)[0] for line in lines]
    assert kinds == ["::error"] * 10 + ["::warning"] * 10 + ["::notice"]
    assert lines[-1].endswith("::1 error and 3 warnings more: GitHub shows 10 of each kind for a step.")


def test_gitlab_fingerprints_are_those_of_the_problems() -> None:
    problems = json.loads("\n".join(gitlab.lines(REPORT)))
    assert [problem["fingerprint"] for problem in problems] == [each.fingerprint for each in REPORT.diagnostics]
    assert {problem["severity"] for problem in problems} == {"major", "minor"}


def test_sarif_names_files_as_uris() -> None:
    run = json.loads("\n".join(sarif.lines(REPORT, manuals=lambda: MANUALS)))["runs"][0]
    uris = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
    assert unquote_to_bytes(uris[-1]).decode("utf-8", "surrogatepass") == HOSTILE
    assert "%3A%3Aerror%3A%3Ax.md" in uris


def test_sarif_puts_the_worst_first_and_points_into_its_rules() -> None:
    run = json.loads("\n".join(sarif.lines(REPORT, manuals=lambda: MANUALS)))["runs"][0]
    assert [result["level"] for result in run["results"]] == ["error"] * 14 + ["warning"] * 2
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert {each["id"]: each["defaultConfiguration"] for each in rules} == {
        "broken-link": {"level": "error", "enabled": True},
        "missing-alt": {"level": "error", "enabled": False},
        "missing-image": {"level": "error", "enabled": True},
        "nothing-matched": {"level": "warning", "enabled": True},
    }
    assert all(len(each["fullDescription"]["text"]) <= 1024 for each in rules)


def test_sarif_text_holds_no_link() -> None:
    run = json.loads("\n".join(sarif.lines(REPORT, manuals=lambda: MANUALS)))["runs"][0]
    assert r"\[a](b) [c]" in [result["message"]["text"] for result in run["results"]]


def test_sarif_stays_within_what_github_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 3)
    log = json.loads("\n".join(sarif.lines(REPORT, manuals=lambda: MANUALS)))
    schema("sarif.schema.json").validate(log)
    run = log["runs"][0]
    assert len(run["results"]) == 3
    notice = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert notice == "13 problems more than a SARIF run may hold."


def test_rdjson_counts_bytes() -> None:
    wide = diagnostic("a.md", (2, 3, 3, 2), "骨盤x", "éa", fix=Fix("", (Edit(Span(2, 2, 3, 2), "\udcff"),), safe=True))
    problem = json.loads("\n".join(rdjson.lines(Report((wide,)))))["diagnostics"][0]
    assert problem["location"]["range"] == {"start": {"line": 2, "column": 7}, "end": {"line": 3, "column": 3}}
    assert problem["suggestions"] == [
        {"range": {"start": {"line": 2, "column": 4}, "end": {"line": 3, "column": 3}}, "text": r"\udcff"}
    ]


def test_rdjson_leaves_out_what_it_cannot_count() -> None:
    far = Fix("", (Edit(Span(9, 2, 9, 3), ""), Edit(Span(2, 1, 9, 5), "")), safe=True)
    problem = json.loads("\n".join(rdjson.lines(Report((diagnostic("a.md", (2, 1, 9, 4), "x", fix=far),)))))
    assert problem["diagnostics"][0]["location"]["range"] == {"start": {"line": 2, "column": 1}, "end": {"line": 9}}
    assert "suggestions" not in problem["diagnostics"][0]


# The elements and attributes that Jenkins' junit-10.xsd allows, as far as they are written here.
JUNIT = {
    "testsuites": ({"name", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors"}, {"testcase"}),
    "testcase": ({"name", "classname"}, {"failure", "system-out"}),
    "failure": ({"type", "message"}, set()),
    "system-out": (set(), set()),
}


def fits(element: ET.Element) -> None:
    attributes, children = JUNIT[element.tag]
    assert set(element.attrib) == attributes
    for child in element:
        assert child.tag in children
        fits(child)


@pytest.mark.parametrize("report", [REPORT, CLEAN])
def test_junit_has_the_elements_that_its_schema_knows(report: Report) -> None:
    root = ET.fromstring("\n".join(junit.lines(report)))
    fits(root)
    assert int(root.attrib["tests"]) == len(root.findall(".//testcase"))
    assert int(root.attrib["failures"]) == len(root.findall(".//failure"))
    for suite in root:
        assert int(suite.attrib["tests"]) == len(suite)
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))


def test_junit_tests_have_names_of_their_own_without_lines() -> None:
    same = tuple(diagnostic("a.md", (line, 1, line, 2)) for line in (1, 2))
    root = ET.fromstring("\n".join(junit.lines(Report(same))))
    assert [case.attrib["name"] for case in root.iter("testcase")] == [
        "missing-image: value",
        "missing-image: value (2)",
    ]


@UNHURRIED
@given(st.text(), st.text())
def test_junit_is_xml_whatever_a_site_holds(path: str, message: str) -> None:
    problem = diagnostic(path, (1, 1, 1, 2), message=message, value=message, help=message)
    root = ET.fromstring("\n".join(junit.lines(Report((problem,)))))
    assert root[0].attrib["name"] == visible(path)
    assert root[0][0][0].attrib["message"] == visible(message)


def test_markdown_rows_keep_their_cells() -> None:
    rows = [line for line in printed("markdown").splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}


def test_markdown_stops_before_github_refuses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "LARGEST", 300)
    lines = list(markdown.lines(REPORT))
    assert lines[-2:] == ["", "And 15 problems more."] or lines[-1].startswith("And ")
    assert sum(len(line.encode()) + 1 for line in lines) < 600


# -- summary, lists -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        (
            {"pages": 120, "references": 4312, "unknown": 7, "errors": 3, "warnings": 1},
            "Found 3 errors and 1 warning in 120 pages (4312 references, 7 unknown).",
        ),
        ({"pages": 120, "assets": 2040, "references": 4312}, "All good: 120 pages, 2040 assets, 4312 references."),
        (
            {"pages": 1, "references": 1, "unknown": 2, "suppressed": 1},
            "All good: 1 page, 0 assets, 1 reference (2 unknown, 1 suppressed).",
        ),
        ({"pages": 1, "warnings": 2}, "Found 2 warnings in 1 page (0 references)."),
    ],
)
def test_the_last_line_counts(counts: dict[str, int], text: str) -> None:
    assert summary.sentence(Summary(**counts)) == text


def test_statistics_name_the_most_frequent_first() -> None:
    assert list(summary.statistics(REPORT)) == [
        "    12  error    missing-image",
        "     1  error    broken-link",
        "     1  warning  missing-alt",
        "     1  warning  missing-image",
        "     1  error    nothing-matched",
    ]


def test_a_table_is_as_wide_as_it_must_be() -> None:
    assert list(listing.table([("A", "B"), ("骨盤", "x\n"), ("abc", "")])) == ["A     B", "骨盤  x\\n", "abc"]


def test_a_table_fits_the_terminal() -> None:
    rows = [("KIND", "URL"), ("page", "/" + "long" * 10), ("static", "/" + "骨" * 30)]
    lines = list(listing.table(rows, 30))
    assert lines == ["KIND    URL", "page    /longlonglonglonglo...", "static  /骨骨骨骨骨骨骨骨骨..."]
    assert max(sum(taken for _, taken in cells(line)) for line in lines) <= 30


def test_a_table_keeps_something_of_each_column() -> None:
    assert list(listing.table([("a" * 20, "b" * 20), ("c" * 9, "\u0301" * 9)], 5)) == [
        "aaaaa...  bbbbb...",
        "ccccc...  " + "\u0301" * 9,
    ]


def test_an_array_has_a_line_for_each_object() -> None:
    rows = [{"a": "\udcff", "b": None}, {"a": ("\u202e", "x"), "b": True}]
    lines = list(listing.array(rows))
    assert lines == ['[{"a": "\\\\udcff", "b": null}', ',{"a": ["\\u202e", "x"], "b": true}', "]"]
    assert json.loads("\n".join(lines))[1] == {"a": ["\u202e", "x"], "b": True}
    assert list(listing.array([])) == ["[]"]


def test_what_a_fix_mends_is_marked() -> None:
    def fixable(*, safe: bool) -> Diagnostic:
        edit = Edit(Span(1, 1, 1, 2), "b")
        return diagnostic("a.md", (1, 1, 1, 2), "a", fix=Fix("write b", (edit,), safe))

    report = Report(
        (fixable(safe=True), fixable(safe=False), fixable(safe=False), diagnostic("a.md", (1, 1, 1, 2), "a"))
    )
    for name in ("full", "concise"):
        marks = ["[*]" in line for line in printed(name, report).splitlines() if line.startswith("a.md:1:1: ")]
        assert marks == [True, False, False, False]
        marks = [
            "[*]" in line for line in printed(name, report, unsafe=True).splitlines() if line.startswith("a.md:1:1: ")
        ]
        assert marks == [True, True, True, False]
    assert list(summary.fixable(report)) == [
        "[*] 1 fixable with `--fix` (2 unsafe fixes available with `--fix --unsafe-fixes`)."
    ]
    assert list(summary.fixable(report, unsafe=True)) == ["[*] 3 fixable with `--fix --unsafe-fixes`."]
    assert list(summary.fixable(Report(report.diagnostics[1:2]))) == [
        "No safe fixes available (1 unsafe fix available with `--fix --unsafe-fixes`)."
    ]
    assert list(summary.fixable(Report(report.diagnostics[3:]))) == []


def test_rdjson_suggests_only_what_is_one_edit() -> None:
    edits = (Edit(Span(1, 1, 1, 2), "b"), Edit(Span(1, 3, 1, 4), "d"))
    two = diagnostic("a.md", (1, 1, 1, 4), "a-c", fix=Fix("write b-d", edits, safe=True))
    assert "suggestions" not in printed("rdjson", Report((two,)))
