"""Recorded sites of real Jekyll: the ids and links of every page, and what fails a build, through the whole pipeline."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from contentlint.assembly import Assembled, Assembly
from contentlint.assembly.pages import Pages
from contentlint.config import Config, chosen, load
from contentlint.diagnostic import UnusableError
from contentlint.judge import Judge
from contentlint.liquid import MARK
from contentlint.rule import load as load_rules
from contentlint.tree import WorkTree

DATA = Path(__file__).parent / "data" / "jekyll"
SECTIONS = ("3-links", "4-kramdown", "5-includes")
CASES = [
    case
    for name in ("cases.json", "more-cases.json")
    if (DATA / name).exists()
    for case in json.loads((DATA / name).read_text(encoding="utf-8"))
    if case["section"] in SECTIONS
]
OTHERS = re.compile(r"srcset|poster|<object|<base")
"""The recording has of each element `href`, or else `src`; other attributes with URLs are ours alone."""
EXCEPTIONS: dict[str, str] = {}
"""Cases that cannot be met, with the reason."""


def lay_out(case: dict[str, Any], root: Path) -> None:
    if case["config"] and "_config.yml" not in case["files"]:
        (root / "_config.yml").write_text(json.dumps(case["config"]), encoding="utf-8")
    for path, content in case["files"].items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        raw = base64.b64decode(content["b64"]) if isinstance(content, dict) else content.encode()
        file.write_bytes(raw)
    for path, target in case.get("symlinks", {}).items():
        (root / path).symlink_to(target)


def built(root: Path) -> tuple[Assembly, Assembled]:
    assembly = Assembly(WorkTree(root), Config())
    return assembly, assembly.assemble()


@pytest.mark.parametrize(
    "case", [each for each in CASES if each["expect"]["status"] == "ok"], ids=lambda case: case["name"]
)
def test_ids_and_links_are_those_of_the_build(case: dict[str, Any], tmp_path: Path) -> None:
    if case["name"] in EXCEPTIONS:
        pytest.xfail(EXCEPTIONS[case["name"]])
    lay_out(case, tmp_path)
    assembly, _ = built(tmp_path)
    expected = case["expect"]
    for source, kind in expected["kinds"].items():
        if kind == "static" or isinstance(expected["urls"][source], list) or not assembly.files.facts[source].marked:
            continue
        item = assembly.sources.item_of(source)
        assert item is not None
        pages = Pages(assembly.files, assembly.built, assembly.sources, {})  # the assembly's own keep no references
        shown = pages.show(item, assembly.sources.of(source))
        ids = [anchor.name for anchor in shown.anchors if anchor.kind != "name"]
        links = [reference.url for reference in shown.references]
        if (
            any(MARK in each for each in (*ids, *links))
            or shown.incomplete
            or assembly.files.dialects.why_incomplete(source)
        ):
            continue
        wanted = expected.get("ids", {}).get(source, [])
        recorded = [url for _, url in expected.get("links", {}).get(source, [])]
        if assembly.pages.templates.layout_name(item):
            # Recorded with what the layout puts around.
            assert set(wanted) == set(
                assembly.pages.anchors(assembly.targets[assembly.sources.number_of[source]]).names
            ), source
            assert set(links) <= set(recorded), source
        else:
            assert ids == wanted, source
            if OTHERS.search(str(case["files"][source])):
                assert set(recorded) <= set(links), source
            else:
                assert list(map(unquote, links)) == list(map(unquote, recorded)), source


@pytest.mark.parametrize(
    "case", [each for each in CASES if each["expect"]["status"] != "ok"], ids=lambda case: case["name"]
)
def test_what_fails_the_build_is_an_error(case: dict[str, Any], tmp_path: Path) -> None:
    if case["name"] in EXCEPTIONS:
        pytest.xfail(EXCEPTIONS[case["name"]])
    lay_out(case, tmp_path)
    rules = load_rules()
    try:
        _, assembled = built(tmp_path)
    except UnusableError:
        return
    report = Judge(assembled, rules, chosen(load(str(tmp_path), None, rules), rules), None).report()
    assert [each for each in report.diagnostics if each.severity == "error"]


def test_few_exceptions() -> None:
    assert len(EXCEPTIONS) <= 0.02 * len(CASES)
    assert set(EXCEPTIONS) <= {case["name"] for case in CASES}
