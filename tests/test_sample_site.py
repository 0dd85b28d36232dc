"""The sample site is clean, and each fault planted in it is reported at its place, alone and among all the others."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from contentlint.cli import execute
from contentlint.diagnostic import Lines
from contentlint.rule import load

PROJECT = Path(__file__).parent.parent
DATA = Path(__file__).parent / "data" / "sample_faults"
FAULTS: list[dict[str, Any]] = yaml.safe_load((DATA / "faults.yml").read_text(encoding="utf-8"))
TOGETHER = [fault for fault in FAULTS if "below" not in fault]
NO_FAULT_SHOWS = {"internal-error", "removed-url"}
"""A fault of the linter itself, and one that needs a history."""


class Problem(NamedTuple):
    """What a report says, without its words."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    rule: str


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A copy of the project: the sample site, its config and its schemas."""
    for name in ("content", "schemas"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    shutil.copy(PROJECT / "contentlint.yml", tmp_path)
    return tmp_path


def lint(project: Path, capsys: pytest.CaptureFixture[str]) -> list[Problem]:
    execute(["check", "--root", str(project), "--no-cache", "--output-format", "json"])
    report = json.loads(capsys.readouterr().out)
    return sorted(Problem(*(row[name] for name in Problem._fields)) for row in report["diagnostics"])


def plant(project: Path, fault: dict[str, Any]) -> list[Problem]:
    """Do a fault's edits; the result is what a linter has to say of them."""
    shown = [fault["shown"]] if "shown" in fault else []
    for edit in fault["edits"]:
        if "remove" in edit:
            (project / edit["remove"]).unlink()
        elif "copy" in edit:
            shutil.copy(project / edit["copy"], project / edit["to"])
        else:
            path, text = edit.get("write") or edit["file"], edit.get("text") or edit["new"]
            file = project / path
            whole = re.sub("[«»]", "", text)
            if "old" in edit:
                before = file.read_text(encoding="utf-8")
                assert before.count(edit["old"]) == 1, f"{path} holds {edit['old']!r} not once"
                whole = before.replace(edit["old"], whole)
            file.parent.mkdir(exist_ok=True)
            file.write_text(whole, encoding="utf-8")
            if "«" in text:
                shown.append({"file": path, "text": text})
    places = [{"rule": fault["rule"], **place} for place in shown] + fault.get("also", [])
    return sorted(problem(project, place) for place in places)


def problem(project: Path, place: dict[str, str]) -> Problem:
    """The problem at the marks in a text that stands once in a file; at the file's start when there is no text."""
    if "text" not in place:
        return Problem(place["file"], 1, 1, 1, 1, place["rule"])
    before, marked, after = re.split("[«»]", place["text"])
    whole = (project / place["file"]).read_text(encoding="utf-8")
    assert whole.count(before + marked + after) == 1, f"{place['file']} holds {place['text']!r} not once"
    start = whole.index(before + marked + after) + len(before)
    return Problem(place["file"], *Lines(whole).span(start, start + len(marked)), place["rule"])


def move_below(project: Path, baseurl: str) -> None:
    """Serve the site below an address, and write it in front of every link that has to name it."""
    config = project / "content/_config.yml"
    text = config.read_text(encoding="utf-8")
    text = text.replace('baseurl: ""', f"baseurl: {baseurl}").replace("urlimg: /", f"urlimg: {baseurl}/")
    config.write_text(text, encoding="utf-8")
    for page in (project / "content").rglob("*"):
        if page.suffix in {".md", ".html"}:
            text = page.read_text(encoding="utf-8")
            page.write_text(re.sub(r'(\]\(|\]: |href="|src=")/(?!/)', rf"\1{baseurl}/", text), encoding="utf-8")


def test_the_sample_site_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    assert lint(PROJECT, capsys) == []


def test_it_is_clean_below_a_baseurl(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    move_below(site, "/atlas")
    assert lint(site, capsys) == []


@pytest.mark.no_cover
@pytest.mark.parametrize("fault", FAULTS, ids=[fault["rule"] for fault in FAULTS])
def test_a_fault_alone_is_all_that_is_reported(
    fault: dict[str, Any], site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if "below" in fault:
        move_below(site, fault["below"])
    expected = plant(site, fault)
    assert expected
    assert lint(site, capsys) == expected


def test_all_faults_together(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = [(each.path, each.rule) for fault in TOGETHER for each in plant(site, fault)]
    assert sorted((each.path, each.rule) for each in lint(site, capsys)) == sorted(expected)
    assert execute(["check", "--root", str(site), "--no-cache", "--color", "never"]) == 1
    report = capsys.readouterr().out
    golden = DATA / "report.txt"
    if os.environ.get("UPDATE"):
        golden.write_text(report, encoding="utf-8")
    assert report == golden.read_text(encoding="utf-8")


def test_every_rule_has_a_fault() -> None:
    assert {fault["rule"] for fault in FAULTS} == set(load()) - NO_FAULT_SHOWS


@pytest.mark.skipif(shutil.which("jekyll") is None, reason="asks real Jekyll, which is not here")
def test_jekyll_builds_it_without_a_warning(site: Path) -> None:
    built = site / "built"
    command = ["jekyll", "build", "--safe", "--disable-disk-cache", "-s", site / "content", "-d", built]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    assert not re.search("warn|error|deprecat|conflict", said.stdout + said.stderr, re.IGNORECASE)
    assert (built / "muscle/hip/gluteusmedius/index.html").is_file()
    assert (built / "muscle/thigh/hamstrings/index.html").is_file(), "a redirect"


def pixels(png: bytes) -> bytes:
    """The unpacked picture: how tightly it was packed depends on the zlib at hand."""
    start = png.index(b"IDAT") + 4
    return zlib.decompress(png[start : png.index(b"IEND") - 8])


def test_the_pictures_are_those_of_the_script() -> None:
    draw = runpy.run_path(str(PROJECT / "content/_scripts/draw.py"))
    images = draw["IMAGES"]
    assert {path.stem for path in (images / "muscles/gif").iterdir()} == set(draw["MUSCLES"])
    assert {path.stem.rpartition("-")[0] for path in (images / "muscles/png").iterdir()} == set(draw["MUSCLES"])
    canvas = draw["Canvas"](180, 270, draw["FRAMES"]["thigh"], draw["VIEWS"][0])
    canvas.paint(draw["skeleton"]())
    drawn = draw["png"](canvas.picture())
    assert pixels(drawn) == pixels((images / "regions/thigh-front.png").read_bytes())
