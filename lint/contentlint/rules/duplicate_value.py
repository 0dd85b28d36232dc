"""A value that a schema wants on one page only (`"x-unique": true`) stands on several.

Two pages with one title, one id or one short name: readers and scripts cannot tell them apart.

Fix: none; only the author knows the other value.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.page import KeyPath
from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source, dotted


def check(site: Site, _: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each value that an earlier page has."""
    first: dict[tuple[KeyPath, str], tuple[Source, KeyPath]] = {}
    for source in site.sources.values():
        if source.schema is None or source.muted:
            continue
        for path, value in source.schema.uniques(source.data):
            field = tuple("" if isinstance(step, int) else step for step in path)
            known, known_path = first.setdefault((field, repr(value)), (source, path))
            if known is not source and source.place_of(path) is not None and not _is_wrong(source, path):
                yield Finding(
                    source.value_place(path),
                    source.written(source.value_place(path)),
                    f"{dotted(path)} is also that of {known.path}",
                    "give one of them another value",
                    related=((known.value_place(known_path), "first here"),),
                )


def _is_wrong(source: Source, path: KeyPath) -> bool:
    """Whether the schema objects to the value itself: then it is to be changed anyway."""
    return any(violation.path == path for violation in source.violations())


_FILES = {
    "contentlint.yml": "pages:\n  - match: '*.md'\n    schema: page.json\n",
    "page.json": '{"properties": {"title": {"type": "string", "x-unique": true}}}',
}

RULE = Rule(
    name="duplicate-value",
    group="front-matter",
    summary="A value that may stand on one page only stands on several.",
    subject=Subject.SITE,
    default=Default.CONFIGURED,
    check=check,
    examples=(
        Example(
            "two pages of one title",
            {**_FILES, "a.md": "---\ntitle: The hip\n---\n", "b.md": "---\ntitle: «The hip»\n---\n"},
            says="title is also that of a.md",
        ),
        Example("two titles", {**_FILES, "a.md": "---\ntitle: The hip\n---\n", "b.md": "---\ntitle: The thigh\n---\n"}),
        Example(
            "a value that is to be changed anyway",
            {**_FILES, "a.md": "---\ntitle: 12\n---\n", "b.md": "---\ntitle: 12\n---\n"},
        ),
    ),
)
