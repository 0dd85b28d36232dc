"""Every rule says of each of its examples what the marks show, through the whole pipeline, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from contentlint import mending, rules, run
from contentlint.diagnostic import Lines, Report, Span
from contentlint.record import fields, replace
from contentlint.rule import GROUPS, Example, Rule, Subject, load
from contentlint.site import Source

RULES = load()
CASES = [
    pytest.param(rule, number, id=f"{rule.name}: {example.title}")
    for rule in RULES.values()
    for number, example in enumerate(rule.examples)
]
NEVER_PLANTED = {"internal-error", "removed-url"}
"""A fault of the linter itself, and one of a change: no site shows them as it stands."""


@pytest.fixture(scope="module")
def reports() -> dict[str, list[tuple[Example, Report]]]:
    return {}


def marked(example: Example) -> list[tuple[str, Span]]:
    """(path, span) of each pair of marks in an example's files, in the order of a report."""
    places = []
    for path, text in example.files.items():
        plain = Lines(re.sub("[«»]", "", text))
        starts = [found.start() for found in re.finditer("«", text)]
        ends = [found.start() for found in re.finditer("»", text)]
        assert len(starts) == len(ends), f"{path} has a mark without the other"
        for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
            places.append((path, plain.span(start - 2 * number, end - 2 * number - 1)))
    return sorted(places)


@pytest.mark.parametrize(("rule", "number"), CASES)
def test_an_example_shows_what_its_rule_says(
    rule: Rule, number: int, reports: dict[str, list[tuple[Example, Report]]]
) -> None:
    if rule.name not in reports:
        reports[rule.name] = run.examples(rule)
    example, report = reports[rule.name][number]
    said = [(each.path, each.span) for each in report.diagnostics]
    assert said == marked(example), [each.message for each in report.diagnostics]
    assert all(each.rule == rule.name for each in report.diagnostics)
    if said:
        assert example.says, "an example of a fault tells what is said of it"
        assert example.says in report.diagnostics[0].message
    else:
        assert not example.says


@pytest.mark.parametrize(("rule", "number"), CASES)
def test_a_fix_makes_of_an_example_what_it_shows(rule: Rule, number: int, tmp_path: Path) -> None:
    example = rule.examples[number]
    written = {path: re.sub("[«»]", "", text) for path, text in example.files.items()}
    if example.options:
        options = json.dumps({"rules": {rule.name: example.options}})
        written["contentlint.yml"] = written.get("contentlint.yml", "") + options[1:-1].replace('"rules"', "rules")
    written.setdefault("contentlint.yml", "")  # it says that a site is here
    for path, text in written.items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())
    extend = () if rule.name == "internal-error" else (rule.name,)
    request = run.Request(cwd=str(tmp_path), extend_select=extend)
    mended = mending.mend(request, lambda report: _only(report, rule.name), unsafe=True, dry=False)
    mending.write(request, mended)
    now = {path: (tmp_path / path).read_bytes().decode() for path in written}
    assert now == written | dict(example.fixed)
    assert not mended.left


def _only(report: Report, rule: str) -> Report:
    return replace(report, diagnostics=tuple(each for each in report.diagnostics if each.rule == rule))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_says_what_its_fix_does(rule: Rule, reports: dict[str, list[tuple[Example, Report]]]) -> None:
    told = rule.manual.rpartition("\n\n")[2]
    assert told.startswith("Fix: ")
    if rule.name not in reports:
        reports[rule.name] = run.examples(rule)
    kinds = {each.fix.safe for _, report in reports[rule.name] for each in report.diagnostics if each.fix is not None}
    assert kinds == {kind for kind, word in ((True, r"\bsafe\b"), (False, "unsafe")) if re.search(word, told)}
    assert ("Fix: none" in told) == (not kinds)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_explains_itself(rule: Rule) -> None:
    assert rule.group in GROUPS
    first, _, _ = rule.manual.partition("\n")
    assert first.endswith((".", ":")) or "\n" in rule.manual
    assert rule.manual.partition("\n\n")[0].rstrip().endswith(".")
    assert rule.summary.endswith(".")
    assert not re.search(r"[A-Z_]{4,}\b(?<!YAML)(?<!HTML)(?<!YYYY)(?<!JSON)", rule.summary)
    assert len({example.title for example in rule.examples}) == len(rule.examples)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_shows_when_it_speaks_and_when_it_is_silent(rule: Rule) -> None:
    assert any(not marked(example) for example in rule.examples)
    if rule.name not in NEVER_PLANTED:
        assert any(marked(example) for example in rule.examples)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_option_is_told_and_shown(rule: Rule) -> None:
    for each in fields(rule.options):
        assert each.text.endswith(".")
        assert rule.name in NEVER_PLANTED or any(each.name in example.options for example in rule.examples), each.name


@pytest.mark.parametrize("rule", load().values(), ids=lambda rule: rule.name)
def test_what_a_rule_asks_files_to_have_is_something_that_files_can_have(rule: Rule) -> None:
    assert rule.having in ("", *Source.__match_args__)
    assert not rule.having or rule.subject in (Subject.PAGE, Subject.SOURCE)


def test_each_file_is_one_rule() -> None:
    files = {path.stem for path in Path(rules.__path__[0]).glob("*.py")} - {"__init__"}
    assert files == {name.replace("-", "_") for name in RULES}


def test_rules_come_by_group_and_name() -> None:
    assert list(RULES) == sorted(RULES, key=lambda name: (GROUPS.index(RULES[name].group), name))


def test_a_misnamed_file_is_an_error_of_its_author(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "__path__", [str(Path(__file__).parent / "data" / "misnamed_rules")])
    monkeypatch.delitem(__import__("sys").modules, "contentlint.rules.other", raising=False)
    with pytest.raises(ValueError, match=r"other\.py declares the rule broken-link"):
        load()
