"""The evaluator against what real Liquid and Jekyll made of the same templates (recorded by data/liquid/record.rb)."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest

from contentlint.liquid import (
    MARK,
    BrokenLink,
    Context,
    Failure,
    Included,
    Missing,
    MissingInclude,
    Template,
    Unknown,
    parse,
)

DATA = Path(__file__).parent / "data" / "liquid"
SITE = json.loads((DATA / "site.json").read_text(encoding="utf-8"))
ROWS = json.loads((DATA / "rows.json").read_text(encoding="utf-8"))
URLS = json.loads((DATA / "urls.json").read_text(encoding="utf-8"))
TAGS = {"include_cached"}

# What looks different from one version of Ruby to the next, and so is not known.
BY_VERSION = {'{{ page.title | append: foo: "x" }}', "{{ 5 | divided_by: 0.0 }}"}


def include(name: str, kind: str) -> tuple[Template, object] | Missing | Unknown:
    path = name if kind == "include_relative" else f"_includes/{name.lstrip('/')}"
    text = SITE["files"].get(path)
    return Missing((path,)) if text is None else (parse(text, unknown_tags=TAGS), path)


CONTEXT = Context(
    variables=SITE["variables"],
    include=include,
    link=lambda path: SITE["links"].get(path, Missing()),
    post_url=lambda name: SITE["posts"].get(name, Missing()),
    baseurl="/base",
    url="https://example.org",
)


@pytest.mark.parametrize("row", ROWS, ids=[row["template"] for row in ROWS])
def test_real_liquid_agrees(row: dict[str, str]) -> None:
    template = parse(row["template"], unknown_tags=TAGS)
    assert bool(template.problems) == ("problem" in row)
    if template.problems:
        return
    output = template.render(CONTEXT)
    broken_includes = [
        event
        for event in output.events
        if isinstance(event, Included) and include(event.name, event.kind)[0].problems  # type: ignore[index, union-attr]
    ]
    failures = [event for event in output.events if isinstance(event, (Failure, MissingInclude, BrokenLink))]
    assert bool(failures or broken_includes) == ("failure" in row)
    if "output" in row and row["template"] in BY_VERSION:
        assert output.text == MARK
    elif "output" in row:
        assert output.text == row["output"]
        assert [piece.end for piece in output.pieces[:-1]] == [piece.start for piece in output.pieces[1:]]
        assert not any(piece.maybe or piece.unknown for piece in output.pieces)


@pytest.mark.parametrize("table", URLS, ids=[json.dumps(table["config"]) for table in URLS])
def test_real_url_filters_agree(table: dict[str, dict[str, str] | list[list[str | None]]]) -> None:
    config = table["config"]
    assert isinstance(config, dict)
    templates = {name: parse(f"{{{{ input | {name} }}}}") for name in ("relative_url", "absolute_url", "strip_index")}
    for text, *wanted in table["rows"]:
        context = Context({"input": text}, baseurl=config.get("baseurl"), url=config.get("url"))
        for (name, template), want in zip(templates.items(), wanted, strict=True):
            output = template.render(context)
            failed = any(isinstance(event, Failure) for event in output.events)
            assert (text, name, None if failed else output.text) == (text, name, want)


def test_rows_cover_every_filter_and_tag() -> None:
    from contentlint.liquid.filters import KINDS
    from contentlint.liquid.tags import MAKERS

    tables = [import_module(f"contentlint.liquid.{kind}_filters").FILTERS for kind in KINDS]
    names = {name for table in tables for name in table}
    assert len(names) == sum(map(len, tables)), "a name stands in two tables"
    text = "\n".join(row["template"] for row in ROWS)
    by_lot_or_zone_or_version = {
        "sample", "date_to_rfc822", "markdownify", "smartify", "sassify", "scssify", "remove_last", "replace_last",
        *(name for name in names if name.startswith("base64")),
    }  # fmt: skip
    assert {name for name in names if f"| {name}" not in text} <= by_lot_or_zone_or_version
    assert [name for name in MAKERS if f"% {name}" not in text and f"- {name}" not in text] == []
