"""Explains a rule from its own file: manual, options, and examples with what the linter really says of them.

`python -m contentlint.explain docs/rules` writes a Markdown page for each rule.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contentlint.diagnostic import Report, Severity
from contentlint.reporters.concise import lines as concise
from contentlint.reporters.full import lines as full
from contentlint.reporters.text import BOLD, CYAN, painted
from contentlint.rule import Default, Example, Rule, load, option_help

if TYPE_CHECKING:
    from contentlint.reporters.sarif import Manual

DEFAULTS = {
    Default.ERROR: "on, as an error",
    Default.WARNING: "on, as a warning",
    Default.CONFIGURED: "an error, once the config gives it something to check",
    Default.OFF: "off",
}


def manual(rule: Rule) -> str:
    """The manual of a rule in Markdown, which is its module's docstring: the rule's summary first, and once."""
    written = rule.manual
    return written if written.startswith(rule.summary) else f"{rule.summary}\n\n{written}".strip()


def manuals() -> dict[str, Manual]:
    """Every rule by name, as a SARIF log describes it."""
    from contentlint.reporters.sarif import Manual

    return {
        rule.name: Manual(
            rule.summary,
            manual(rule),
            rule.group,
            Severity.WARNING if rule.default is Default.WARNING else Severity.ERROR,
            enabled=rule.default is not Default.OFF,
        )
        for rule in load().values()
    }


def catalogue(rules: Iterable[Rule], *, colour: bool = False) -> Iterator[str]:
    """A line for each rule, by group: name, default, summary."""
    rules = tuple(rules)
    widest = max((len(rule.name) for rule in rules), default=0)
    group = ""
    for rule in rules:
        if rule.group != group:
            if group:
                yield ""
            group = rule.group
            yield painted(group, BOLD, colour=colour)
        yield f"  {rule.name:<{widest}}  {rule.default:<{len(Default.CONFIGURED)}}  {rule.summary}"


def text(rule: Rule, *, colour: bool = False, width: int = 160) -> Iterator[str]:
    """The page for a terminal: what the rule is, its options, and each example with the full report on it."""
    yield painted(rule.name, BOLD, colour=colour)
    yield f"group: {rule.group}; default: {DEFAULTS[rule.default]}; since: {rule.since}"
    yield ""
    yield from manual(rule).splitlines()
    options = option_help(rule.options)
    if options:
        yield ""
        yield painted("Options", CYAN, colour=colour)
        for name, default, meaning in options:
            yield f"  {name} (default: {_value(default)}): {meaning}"
    for example, report in _examples(rule):
        yield ""
        yield painted(f"Example: {example.title}", CYAN, colour=colour)
        for path, content in _files(rule, example):
            yield f"  {path}"
            yield from (f"    {line}".rstrip() for line in content.splitlines())
        yield ""
        said = _said(full(report, colour=colour, width=width - 4))
        yield f"  contentlint says{':' if said else ' nothing.'}"
        yield from (f"    {line}".rstrip() for line in said)
        for path, content in example.fixed.items():
            yield ""
            yield f"  {path}, fixed with {_flags(report)}"
            yield from (f"    {line}".rstrip() for line in content.splitlines())


def page(rule: Rule) -> str:
    """The page for the documentation, in Markdown."""
    return "\n".join(_page(rule)) + "\n"


def _page(rule: Rule) -> Iterator[str]:
    yield f"# {rule.name}"
    yield ""
    yield f"Group: {rule.group}. Default: {DEFAULTS[rule.default]}. Since {rule.since}."
    yield ""
    yield manual(rule)
    options = option_help(rule.options)
    if options:
        yield ""
        yield "## Options"
        yield ""
        yield "| option | default | meaning |"
        yield "| --- | --- | --- |"
        for name, default, meaning in options:
            yield f"| `{name}` | `{_value(default)}` | {_cell(meaning)} |"
    yield ""
    yield "## Examples"
    yield ""
    yield "«Marks» show what is reported; they are no part of the files."
    for example, report in _examples(rule):
        yield ""
        yield f"### {example.title[:1].upper()}{example.title[1:]}"
        for path, content in _files(rule, example):
            yield ""
            yield f"`{path}`"
            if content:
                yield ""
                yield from _fenced(content, Path(path).suffix.removeprefix("."))
        yield ""
        said = _said(concise(report))
        yield f"contentlint says{':' if said else ' nothing.'}"
        if said:
            yield ""
            yield from _fenced("\n".join(said), "text")
        for path, content in example.fixed.items():
            yield ""
            yield f"`{path}`, fixed with `{_flags(report)}`"
            yield ""
            yield from _fenced(content, Path(path).suffix.removeprefix("."))


def _examples(rule: Rule) -> list[tuple[Example, Report]]:
    from contentlint import run  # the list of rules does without the linter itself

    return run.examples(rule)


def _flags(report: Report) -> str:
    """What it takes to have all of a report's fixes applied."""
    safe = all(each.fix is None or each.fix.safe for each in report.diagnostics)
    return "--fix" if safe else "--fix --unsafe-fixes"


def _said(lines: Iterable[str]) -> list[str]:
    """The lines without empty ones at the end."""
    return "\n".join(lines).rstrip("\n").splitlines()


def _files(rule: Rule, example: Example) -> Iterator[tuple[str, str]]:
    """The files of an example, and its options as the config would have them."""
    files = dict(example.files)
    if example.options:
        config = files.pop("contentlint.yml", "")
        yield "contentlint.yml", f"{config}rules:\n  {rule.name}: {_value(example.options)}\n"
    yield from files.items()


def _value(value: Any) -> str:
    """A value as YAML in one line, which JSON is, with what needs no quotes without them."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_value(each)}" for key, each in value.items()) + "}"
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def _cell(markdown: str) -> str:
    """Markdown within a table."""
    return markdown.replace("|", "\\|")


def _fenced(content: str, language: str) -> Iterator[str]:
    """A code block whose fence is longer than any in it."""
    longest = max((len(run_of) for run_of in re.findall(r"`+", content)), default=0)
    fence = "`" * max(longest + 1, 3)
    yield f"{fence}{language}"
    yield content.removesuffix("\n")
    yield fence


def index(rules: Iterable[Rule]) -> str:
    """The list of all rules, in Markdown, with a link to the page of each."""
    lines = ["# Rules"]
    group = ""
    for rule in rules:
        if rule.group != group:
            group = rule.group
            lines += ["", f"## {group}", "", "| rule | default | what it finds |", "| --- | --- | --- |"]
        lines.append(f"| [{rule.name}]({rule.name}.md) | {rule.default} | {_cell(rule.summary)} |")
    return "\n".join(lines) + "\n"


def main(folder: str = "docs/rules") -> None:
    """Write every rule's page, and a README.md that lists them, into a folder."""
    rules = load()
    pages = {"README.md": index(rules.values())} | {f"{rule.name}.md": page(rule) for rule in rules.values()}
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name, content in pages.items():
        (target / name).write_text(content, encoding="utf-8", newline="\n")


if __name__ == "__main__":  # pragma: no cover - as a program it is all in main
    main(*sys.argv[1:])
