"""A value is none of those that a schema allows (`enum`, `const`)."""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source, dotted, suggestion


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each value outside its list."""
    for violation in source.violations():
        if violation.kind == "invalid-value":
            place = source.value_place(violation.path)
            yield Finding(
                place,
                site.written(place),
                f"{dotted(violation.path)}: {violation.message}",
                suggestion(violation.suggestions),
            )


_CONFIG = "pages:\n  - match: '*.md'\n    schema: page.json\n"

RULE = Rule(
    name="invalid-value",
    group="front-matter",
    summary="A value is none of those that a schema allows.",
    subject=Subject.SOURCE,
    default=Default.CONFIGURED,
    check=check,
    examples=(
        Example(
            "one letter too few",
            {
                "contentlint.yml": _CONFIG,
                "page.json": '{"properties": {"region": {"enum": ["hip", "thigh"]}}}',
                "index.md": "---\nregion: «thig»\n---\n",
            },
            says="region",
        ),
        Example(
            "one of the list",
            {
                "contentlint.yml": _CONFIG,
                "page.json": '{"properties": {"region": {"enum": ["hip", "thigh"]}}}',
                "index.md": "---\nregion: thigh\n---\n",
            },
        ),
    ),
)
