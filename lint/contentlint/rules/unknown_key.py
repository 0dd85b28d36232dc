"""A key is not among those that a schema allows (`additionalProperties: false`).

Most often it is misspelt, and then what it says is without effect.

Fix: unsafe; the key is renamed when it is a misspelling of one that the schema knows and of no other, else it is removed with
its value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from contentlint.rule import Default, Example, Finding, NoOptions, Repair, Rule, Subject
from contentlint.site import Site, Source, suggestion

if TYPE_CHECKING:
    from contentlint.schema import Violation


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each key that the schema does not know."""
    for violation in source.violations():
        if violation.kind == "unknown-key":
            place = source.key_place(violation.path)
            way_out = suggestion(violation.suggestions) or "the schema allows no such key: remove it, or rename it"
            yield Finding(
                place, violation.key, f"unknown key {violation.key}", way_out, repair=_repair(source, violation)
            )


def _repair(source: Source, violation: Violation) -> Repair | None:
    if violation.sure:
        return source.rekeyed(violation.path, violation.suggestions[0])
    key, value = source.key_place_of(violation.path), source.place_of(violation.path)
    if key is None or value is None or violation.suggestions:
        return None
    edit = source.yaml.without(violation.path, *key, value[1])
    return Repair(f"remove {violation.key}", (edit,), safe=False) if edit is not None else None


_CONFIG = "pages:\n  - match: '*.md'\n    schema: page.json\n"

RULE = Rule(
    name="unknown-key",
    group="front-matter",
    summary="A key is not among those that a schema allows.",
    subject=Subject.SOURCE,
    having="schema",
    default=Default.CONFIGURED,
    check=check,
    examples=(
        Example(
            "a misspelt key",
            {
                "contentlint.yml": _CONFIG,
                "page.json": '{"properties": {"title": {}, "gallery": {}}, "additionalProperties": false}',
                "index.md": "---\ntitle: The hip\n«galery»: []\n---\n",
            },
            says="unknown key galery",
            fixed={"index.md": "---\ntitle: The hip\ngallery: []\n---\n"},
        ),
        Example(
            "a key like no other",
            {
                "contentlint.yml": _CONFIG,
                "page.json": '{"properties": {"title": {}, "gallery": {}}, "additionalProperties": false}',
                "index.md": "---\ntitle: The hip\n«mood»: # today\n  - good\n---\n",
            },
            says="unknown key mood",
            fixed={"index.md": "---\ntitle: The hip\n---\n"},
        ),
        Example(
            "a schema that allows others",
            {
                "contentlint.yml": _CONFIG,
                "page.json": '{"properties": {"title": {}}}',
                "index.md": "---\nmood: good\n---\n",
            },
        ),
    ),
)
