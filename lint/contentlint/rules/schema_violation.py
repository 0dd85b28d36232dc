"""A value breaks its schema in another way than a missing key, an unknown key or a value outside its list.

A wrong type, a text that does not fit its pattern, a list that is too short: every other keyword of JSON Schema. Dates are
strings as written.

Fix: none; only the author knows the value.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source, dotted


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each value that breaks its schema."""
    for violation in source.violations():
        if violation.kind == "schema-violation":
            place = source.value_place(violation.path)
            where = f"{dotted(violation.path)}: " if violation.path else ""
            yield Finding(place, site.written(place), f"{where}{violation.message}", f"keyword: {violation.keyword}")


_CONFIG = "pages:\n  - match: '*.md'\n    schema: page.json\n"

RULE = Rule(
    name="schema-violation",
    group="front-matter",
    summary="A value breaks its schema.",
    subject=Subject.SOURCE,
    having="schema",
    default=Default.CONFIGURED,
    check=check,
    examples=(
        Example(
            "a number where a text is wanted",
            {
                "contentlint.yml": _CONFIG,
                "page.json": '{"properties": {"title": {"type": "string"}}}',
                "index.md": "---\ntitle: «12»\n---\n",
            },
            says="title",
        ),
        Example(
            "a text, for its quotes",
            {
                "contentlint.yml": _CONFIG,
                "page.json": '{"properties": {"title": {"type": "string"}}}',
                "index.md": "---\ntitle: '12'\n---\n",
            },
        ),
    ),
)
