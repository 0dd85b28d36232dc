"""Whatever a site holds: each format can be read back, tells it all, and says nothing to a terminal or a CI runner."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contentlint import cli
from contentlint.diagnostic import Diagnostic, Edit, Fix, Related, Report, Severity, Span, Summary
from contentlint.reporters import FORMATS, listing, reporter
from contentlint.reporters.text import visible

LINT = str(Path(cli.__file__).parent.parent)
UNHURRIED = settings(deadline=None, max_examples=settings.default.max_examples // 8)
PIECES = [
    "\x1b[31m", "\x1b]8;;http://e.org\x07x\x1b]8;;\x07", "\x9b2J", "\x9d", "\x90", "\x00", "\x07", "\x7f", "\n", "\r", "\r\n", "\t",
    "\u2028", "\u2029", "\x85", "\u202e", "\u2066", "\u200b", "\ufeff", "\ufffe", "\uffff", "\ud800", "\udcff", "\U000e0001",
    "::error::x", "\n::warning file=a::x", "##[add-mask]x", "##vso[task.setvariable variable=a]b", "\n##teamcity[x]", "%0A", "%0D%0A::error::",
    "]]>", "<![CDATA[", "</failure>", "&", "&amp;", "&#10;", '"', "'", "<b>", "|", "`", "\\", "[a](b)", "{", "}", ":", ",", "é", "骨", "\U0001f600",
    "x" * 3000, " ", "../", "a",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=6).map("".join)
SPANS = st.builds(lambda line, column, more: Span(line, column, line, column + more), *[st.integers(1, 9)] * 3)
PROBLEMS = st.builds(
    lambda path, span, value, message, way_out, other, line, severity, text: Diagnostic(
        path=path,
        span=span,
        value=value,
        rule="missing-image",
        severity=severity,
        message=message,
        help=way_out,
        fix=Fix(message, (Edit(span, text),), safe=True),
        related=(Related(other, span, value),),
        source_lines=(line.replace("\n", ""),),
        fingerprint="f",
    ),
    TEXTS, SPANS, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, st.sampled_from(Severity), TEXTS,
)  # fmt: skip
REPORTS = st.lists(PROBLEMS, max_size=3).map(
    lambda problems: Report(tuple(sorted(problems, key=lambda each: each.path)), Summary(pages=1, errors=len(problems)))
)
OURS = re.compile(r"::(error|warning|notice) [^:]*::[^\r\n]*")
COMMAND = re.compile(r"##\w*\[")


def harmless(text: str, *, commands: bool = False) -> None:
    """Nothing in it moves a cursor, hides, breaks a line or speaks to a runner; encodes in anything that has ASCII."""
    for line in text.split("\n"):
        assert not {character for character in line if category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
        assert COMMAND.search(line) is None
        assert not line.lstrip().startswith("::") or (commands and OURS.fullmatch(line))
    text.encode("utf-8")
    text.encode("ascii", "backslashreplace")


def scalar(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


@pytest.mark.parametrize("name", FORMATS)
@UNHURRIED
@given(report=REPORTS)
def test_nothing_of_a_site_speaks_to_who_reads_a_report(name: str, report: Report) -> None:
    text = "\n".join(reporter(name)(report))
    harmless(text, commands=name == "github")
    assert text == "\n".join(reporter(name)(report))
    if name in ("json", "gitlab", "sarif", "rdjson"):
        assert text.isascii()


@pytest.mark.parametrize("name", FORMATS)
@UNHURRIED
@given(report=REPORTS)
def test_each_format_reads_back_and_tells_it_all(name: str, report: Report) -> None:
    text = "\n".join(reporter(name)(report))
    told = [(visible(each.message), visible(each.help), scalar(each.path)) for each in report.diagnostics]
    match name:
        case "json":
            found: list[Any] = json.loads(text)["diagnostics"]
            assert [(each["message"], each["help"], each["path"]) for each in found] == told
            assert [each["value"] for each in found] == [scalar(each.value) for each in report.diagnostics]
        case "gitlab":
            found = json.loads(text)
            assert [each["location"]["path"] for each in found] == [path for _, _, path in told]
            assert all(each["description"].endswith(message) for each, (message, _, _) in zip(found, told, strict=True))
        case "rdjson":
            found = json.loads(text)["diagnostics"]
            assert [each["location"]["path"] for each in found] == [path for _, _, path in told]
            assert [each["message"] for each in found] == [f"{a}\n{b}" if b else a for a, b, _ in told]
        case "sarif":
            (run,) = json.loads(text)["runs"]
            assert len(run["results"]) == len(told)
            assert all(each["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1 for each in run["results"])
        case "junit":
            cases = list(ET.fromstring(text).iter("testcase"))
            assert len(cases) == max(len(told), 1)
            for case, (message, _, _) in zip(cases, told, strict=False):
                assert message.replace("\t", " ") in "".join(case.itertext()).replace("\t", " ")
        case "github":
            assert len(text.splitlines()) == len(told)
        case "markdown":
            rows = [line for line in text.splitlines() if line.startswith("| ") and "| ---" not in line]
            assert len(rows) - bool(told) == len(told)
        case _:
            assert all(message in text for message, _, _ in told)


@UNHURRIED
@given(rows=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=3), width=st.none() | st.integers(20, 80))
def test_lists_are_as_harmless(rows: list[tuple[str, str]], width: int | None) -> None:
    harmless("\n".join(f"- {line}" for line in listing.table(rows, width)))
    text = "\n".join(listing.array({"a": first, "b": [second]} for first, second in rows))
    harmless(text)
    assert [(each["a"], each["b"][0]) for each in json.loads(text)] == [tuple(map(scalar, row)) for row in rows]


NAME = "x\x1b[31m\u202e##vso[a]\udcff"
COMMANDS = [
    ["check"], ["check", "--output-format", "json"], ["check", "--diff"], ["urls"], ["urls", "--output-format", "json"], ["links"],
    ["links", "--output-format", "json"], ["rule", NAME], ["check", NAME], ["check", "--select", NAME], [NAME], ["check", f"--{NAME}"],
    ["check", "--config", NAME], ["check", "--root", NAME], ["check", "--since", NAME], ["check", "-o", f"{NAME}/{NAME}"],
    ["check", "--output-format", NAME], ["check", "--baseline", NAME], ["check", "-v"], ["version"],
]  # fmt: skip


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="no such names there")
@pytest.mark.parametrize("arguments", COMMANDS, ids=range(len(COMMANDS)))
def test_what_commands_print_is_harmless(tmp_path: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    (site / "assets").mkdir(parents=True)
    (site / "_config.yml").write_text("title: T\n")
    (site / "assets" / "hip.png").write_text("1")
    text = f"---\ntitle: T\n---\n[a](/gone\x1b[31m##vso[b]\u202e) ![b](/assets/Hip.png) \x9b2J ##[c] {{% include {NAME[:-1]} %}}\n"
    (site / f"{NAME}.md").write_text(text)
    (site / "index.md").write_text("---\n---\n")
    monkeypatch.chdir(site)
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    cli.execute([*arguments, *(["--no-cache"] if arguments[0] == "check" else [])])
    for stream in (out, err):
        stream.flush()
        if arguments[-1] != "--diff" or stream is err:  # a diff for programs has the files' own bytes
            harmless(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]  # a BytesIO


def test_a_config_says_nothing_either(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text("title: T\n")
    (tmp_path / "index.md").write_text("---\n---\n")
    (tmp_path / "contentlint.yml").write_text('"x\\e[31m\\n::error::##vso[a]": 1\nrules: {"\\u202e": 1}\n')
    command = [sys.executable, "-m", "contentlint", "check", "--no-cache"]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": LINT}, capture_output=True, check=False
    )
    assert done.returncode == cli.UNUSABLE
    harmless(done.stderr.decode())
