"""A key is not among those that a schema allows (`additionalProperties: false`).

Most often it is misspelt, and then what it says is without effect.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source, suggestion


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each key that the schema does not know."""
    for violation in source.violations():
        if violation.kind == "unknown-key":
            place = source.key_place(violation.path)
            way_out = suggestion(violation.suggestions) or "the schema allows no such key: remove it, or rename it"
            yield Finding(place, violation.key, f"unknown key {violation.key}", way_out)


_CONFIG = "pages:\n  - match: '*.md'\n    schema: page.json\n"

RULE = Rule(
    name="unknown-key",
    group="front-matter",
    summary="A key is not among those that a schema allows.",
    subject=Subject.SOURCE,
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
