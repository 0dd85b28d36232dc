from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contentlint.kramdown import Options, Scan, scan

DATA = Path(__file__).parent / "data" / "kramdown"
CASES = json.loads((DATA / "cases.json").read_text(encoding="utf-8"))


def options(settings: dict[str, Any]) -> Options:
    """Options of what a site's config has under `kramdown:`."""
    settings = dict(settings)
    gfm = settings.pop("input", None) in (None, "GFM")
    if isinstance(levels := settings.get("toc_levels"), str):
        first, last = levels.split("..")
        settings["toc_levels"] = tuple(range(int(first), int(last) + 1))
    if "link_defs" in settings:
        settings["link_defs"] = tuple((label, entry[0]) for label, entry in settings["link_defs"].items())
    return Options(gfm=gfm, **{key: value for key, value in settings.items() if key in Options._fields})


def shown(found: Scan) -> tuple[list[str], list[list[str]], list[str]]:
    """Ids, links and names as the recorded runs list them: of an element's `href` and `src`, the first."""
    ids = [anchor.name for anchor in found.anchors if anchor.kind != "name"]
    names = [anchor.name for anchor in found.anchors if anchor.kind == "name"]
    links = [[link.tag, link.url] for link in found.links if link.attribute in ("href", "src")]
    return ids, links, names


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_agrees_with_recorded_runs(case: dict[str, Any]) -> None:
    for name, (text, ids, links, *names) in case["pages"].items():
        found = shown(scan(text, options(case["kramdown"])))
        assert found == (ids, links, names[0] if names else []), (name, text)
