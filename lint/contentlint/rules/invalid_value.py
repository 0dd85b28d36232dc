"""A value is none of those that a schema allows (`enum`, `const`).

Fix: unsafe, to the nearest allowed value when no other can be meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from contentlint.page import Place
from contentlint.rule import Default, Example, Finding, NoOptions, Repair, Rule, Subject
from contentlint.site import Site, Source, dotted, suggestion

if TYPE_CHECKING:
    from contentlint.schema import Violation


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
                repair=_repair(source, violation, place),
            )


def _repair(source: Source, violation: Violation, place: Place) -> Repair | None:
    if not violation.sure or place != source.value_place(violation.path) or source.place_of(violation.path) is None:
        return None
    edit = source.yaml.with_value(violation.path, place.start, place.end, violation.suggestions[0])
    return Repair(f"write {violation.suggestions[0]}", (edit,), safe=False) if edit is not None else None


_CONFIG = "pages:\n  - match: '*.md'\n    schema: page.json\n"

RULE = Rule(
    name="invalid-value",
    group="front-matter",
    summary="A value is none of those that a schema allows.",
    subject=Subject.SOURCE,
    having="schema",
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
            fixed={"index.md": "---\nregion: thigh\n---\n"},
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
