"""A schema requires a key that is not there.

The generator's `defaults:` count: a key that they give is not missing. The finding stands at the first line of the mapping
that lacks the key; for the page's own keys that is the opening `---`.

Fix: none; only the author knows the value.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source, dotted


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each required key that is missing."""
    for violation in source.violations():
        if violation.kind == "missing-key":
            place = source.value_place(violation.path) if violation.path else source.opening
            inside = f" in {dotted(violation.path)}" if violation.path else ""
            yield Finding(
                place, violation.key, f"the key {violation.key} is missing{inside}", "the schema requires it: add it"
            )


_CONFIG = "pages:\n  - match: '*.md'\n    schema: page.json\n"

RULE = Rule(
    name="missing-key",
    group="front-matter",
    summary="A schema requires a key that is not there.",
    subject=Subject.SOURCE,
    having="schema",
    default=Default.CONFIGURED,
    check=check,
    examples=(
        Example(
            "no title",
            {
                "contentlint.yml": _CONFIG,
                "page.json": '{"required": ["title"]}',
                "index.md": "«---»\nlayout: none\n---\n",
            },
            says="the key title is missing",
        ),
        Example(
            "given by the generator's defaults",
            {
                "contentlint.yml": _CONFIG,
                "page.json": '{"required": ["layout"]}',
                "_config.yml": "defaults:\n  - scope: {path: ''}\n    values: {layout: none}\n",
                "index.md": "---\ntitle: The hip\n---\n",
            },
        ),
    ),
)
