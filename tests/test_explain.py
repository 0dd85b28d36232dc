from __future__ import annotations

import os
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

import contentlint
from contentlint import explain
from contentlint.diagnostic import Diagnostic, Report, Severity, Span
from contentlint.record import Record
from contentlint.rule import Check, Default, Example, Finding, Rule, Subject, option

DATA = Path(__file__).parent / "data" / "reporters"


class Options(Record, frozen=True):
    ignore: tuple[str, ...] = option((), "Globs (`a|b`) to leave alone.")
    deep: bool = option(default=True, text="How far to look.")


def checked_in(name: str, manual: str | None) -> Check:
    """The check of a module that has this docstring."""

    def check(*_: object) -> tuple[Finding, ...]:
        return ()

    sys.modules[name] = types.ModuleType(name, manual)
    check.__module__ = name
    return check


RULE = Rule(
    name="missing-image",
    group="images",
    summary="An image is nowhere.",
    subject=Subject.PAGE,
    default=Default.ERROR,
    check=checked_in("missing_image", "An image is nowhere.\n\nReaders see a broken picture.\n"),
    options=Options,
    examples=(
        Example("a misspelt name", {"a.md": "---\n---\n![x](«/x-1.png»)\n", "x-2.png": ""}),
        Example("an ignored one", {"a.md": "```html\n![x](/y.png)\n```\n"}, {"ignore": ["gen/**"], "deep": False}),
    ),
)
PLAIN = Rule(
    "orphan-page", "links", "Nobody | links here.", Subject.SITE, Default.OFF, checked_in("orphan_page", "More."), ()
)
TINY = PLAIN._replace(name="broken-link", default=Default.CONFIGURED)


@pytest.fixture(autouse=True)
def _run(monkeypatch: pytest.MonkeyPatch) -> None:
    def examples(rule: Rule) -> list[tuple[Example, Report]]:
        found = Diagnostic(
            "a.md",
            Span(3, 6, 3, 14),
            "/x-1.png",
            rule.name,
            Severity.ERROR,
            "image not found",
            source_lines=("![x](/x-1.png)",),
        )
        reports = [Report((found,)), Report()]
        return list(zip(rule.examples, reports[: len(rule.examples)], strict=True))

    module = types.ModuleType("contentlint.run")
    module.examples = examples  # type: ignore[attr-defined] # stands for the conductor
    monkeypatch.setitem(sys.modules, "contentlint.run", module)
    monkeypatch.setattr(contentlint, "run", module, raising=False)


def golden(name: str, text: str) -> None:
    path = DATA / name
    if os.environ.get("UPDATE"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def joined(lines: Iterator[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def test_the_page_of_a_terminal() -> None:
    golden("explain.txt", joined(explain.text(RULE)))


def test_the_page_of_the_documentation() -> None:
    golden("explain.md", explain.page(RULE))


def test_a_terminal_is_shown_what_a_fix_makes_of_an_example() -> None:
    (first, *_) = RULE.examples
    shown = explain.text(RULE._replace(examples=(first._replace(fixed={"a.md": "---\n---\n![x](/x-2.png)\n"}),)))
    assert [*shown][-5:] == ["", "  a.md, fixed with --fix", "    ---", "    ---", "    ![x](/x-2.png)"]


def test_a_rule_without_options_has_no_table_of_them() -> None:
    assert "ption" not in explain.page(PLAIN)
    assert "ption" not in joined(explain.text(PLAIN))


def test_a_manual_opens_with_the_summary_once() -> None:
    assert explain.manual(RULE) == "An image is nowhere.\n\nReaders see a broken picture."
    assert explain.manual(PLAIN) == "Nobody | links here.\n\nMore."


def test_a_manual_is_the_docstring_of_the_module() -> None:
    told = PLAIN._replace(check=checked_in("told", "\nNobody | links here.\n\nFrom the module.\n"))
    assert explain.manual(told) == "Nobody | links here.\n\nFrom the module."
    assert explain.manual(PLAIN._replace(check=checked_in("untold", None))) == "Nobody | links here."


def test_manuals_say_how_each_rule_runs_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    warns = TINY._replace(name="unused-asset", default=Default.WARNING)
    monkeypatch.setattr(explain, "load", lambda: {rule.name: rule for rule in (RULE, PLAIN, TINY, warns)})
    told = explain.manuals()
    assert {name: (manual.severity, manual.enabled) for name, manual in told.items()} == {
        "missing-image": ("error", True),
        "orphan-page": ("error", False),
        "broken-link": ("error", True),
        "unused-asset": ("warning", True),
    }
    assert told["missing-image"][:3] == ("An image is nowhere.", explain.manual(RULE), "images")


def test_colour_is_added_on_demand() -> None:
    assert "\x1b[" not in joined(explain.text(RULE))
    coloured = joined(explain.text(RULE, colour=True))
    assert "\x1b[1mmissing-image\x1b[0m" in coloured
    assert "\x1b[1;91m" in coloured


def test_all_rules_by_group() -> None:
    assert list(explain.catalogue([RULE, PLAIN, TINY])) == [
        "images",
        "  missing-image  error       An image is nowhere.",
        "",
        "links",
        "  orphan-page    off         Nobody | links here.",
        "  broken-link    configured  Nobody | links here.",
    ]
    assert list(explain.catalogue([])) == []


def test_every_page_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explain, "load", lambda: {rule.name: rule for rule in (RULE, PLAIN, TINY)})
    explain.main(str(tmp_path / "docs" / "rules"))
    folder = tmp_path / "docs" / "rules"
    assert {path.name for path in folder.iterdir()} == {
        "README.md",
        "missing-image.md",
        "orphan-page.md",
        "broken-link.md",
    }
    assert (folder / "orphan-page.md").read_text(encoding="utf-8") == explain.page(PLAIN)
    assert (folder / "README.md").read_text(encoding="utf-8").splitlines()[-2:] == [
        "| [orphan-page](orphan-page.md) | off | Nobody \\| links here. |",
        "| [broken-link](broken-link.md) | configured | Nobody \\| links here. |",
    ]
