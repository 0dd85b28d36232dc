"""The speed benchmark as a command, on a tiny site: it measures, compares and writes; how fast anything is, no test says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
RIVAL = "#!/bin/sh\necho rumdl 9.8.7\nexit 1\n"


class Done(NamedTuple):
    code: int
    said: str
    results: dict[str, Any]
    page: str
    folder: Path


def command(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, BENCHMARKS / "performance.py", *arguments]
    return subprocess.run(call, cwd=cwd, capture_output=True, text=True, check=False)


def measured(folder: Path, *more: str | Path) -> Done:
    counts = ("--pages", "50", "--rounds", "1", "--quick-rounds", "1", "--seed", "7")
    files = ("--json", folder / "results.json", "--write", folder / "page.md")
    done = command(*counts, *files, *more, cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return Done(done.returncode, done.stdout, results, (folder / "page.md").read_text(encoding="utf-8"), folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """The command with a rival that only fails, and none else."""
    folder = tmp_path_factory.mktemp("speed")
    rival = folder / "rumdl"
    rival.write_text(RIVAL, encoding="utf-8")
    rival.chmod(0o755)
    nothing = [
        f"--rival={name}={folder / 'nowhere'}" for name in ("markdownlint-cli2", "remark", "jekyll", "htmlproofer")
    ]
    return measured(folder, "--cache-dir", folder / "sites", f"--rival=rumdl={rival}", *nothing)


def rows(done: Done) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for group in done.results["groups"] for row in group["rows"]}


@pytest.mark.slow
def test_every_row_is_a_figure_or_says_why_not(done: Done) -> None:
    for name, row in rows(done).items():
        assert ("median" in row) != bool(row["absent"]), name
    assert {"bare", "version", "one-page site", "cold, 50 pages", "links only, one core"} <= {
        name for name, row in rows(done).items() if "median" in row
    }
    assert rows(done)["build and check"]["absent"] == "absent"


@pytest.mark.slow
def test_reports_with_a_cache_are_those_without(done: Done) -> None:
    assert done.code == (0 if all(each["equal"] for each in done.results["checks"]) else 1)
    assert done.code == 0, done.results["checks"]
    with_cache = [name for name in rows(done) if "changed" in name or "added" in name or "removed" in name]
    compared = {each["name"] for each in done.results["checks"]}
    assert compared == {name for name in with_cache if "median" in rows(done)[name]}


@pytest.mark.slow
def test_the_functions_whose_time_is_told_are_there(done: Done) -> None:
    assert done.results["profile"]["lost"] == []
    assert done.results["profile"]["code"] == 0
    assert {"inventory", "resolve", "judge", "render: Liquid"} <= set(done.results["profile"]["stages"])


@pytest.mark.slow
def test_the_page_holds_the_results_and_nothing_of_this_machine(done: Done) -> None:
    for limit in done.results["limits"]:
        assert f"| {limit['name']} |" in done.page
    assert "Order by seed 7." in done.page
    assert os.uname().nodename not in done.page
    assert str(BENCHMARKS.parent) not in done.page


@pytest.mark.slow
def test_shows_results_again(done: Done, tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    results.write_text(json.dumps(done.results), encoding="utf-8")
    again = command("--from", results, "--write", tmp_path / "page.md", cwd=tmp_path)
    assert again.stdout == done.said
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == done.page


@pytest.mark.slow
def test_a_report_that_differs_is_told(done: Done, tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    check = {"name": "nothing changed", "equal": False}
    results.write_text(json.dumps(done.results | {"checks": [check]}), encoding="utf-8")
    told = command("--from", results, cwd=tmp_path)
    assert told.returncode == 1
    assert "nothing changed: NOT EQUAL" in told.stdout


@pytest.mark.slow
def test_leaves_a_site_as_it_was_made(done: Done, tmp_path: Path) -> None:
    counts = ("--pages", "50")
    subprocess.run([sys.executable, BENCHMARKS / "make_site.py", tmp_path / "made", *counts], check=True)
    used = next(done.folder.glob("sites/site-50-0-240-*.ready")).with_suffix("")
    made = contents(tmp_path / "made")
    assert {name for name in contents(used) if name not in made} == {"contentlint.yml", "muscle-page.schema.json"}
    assert {name: data for name, data in contents(used).items() if name in made} == made
    assert b"rules:" not in contents(used)["contentlint.yml"]


def test_an_unknown_rival_is_bad_usage(tmp_path: Path) -> None:
    told = command("--rival", "nobody=/bin/true", cwd=tmp_path)
    assert told.returncode == 2
    assert "nobody is none of rumdl" in told.stderr
