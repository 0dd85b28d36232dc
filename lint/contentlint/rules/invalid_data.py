"""A data file cannot be read, and the build fails on it.

Fix: none; what cannot be read cannot be mended for sure.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield what reading the file found."""
    return source.found("invalid-data")


RULE = Rule(
    name="invalid-data",
    group="front-matter",
    summary="A data file cannot be read.",
    subject=Subject.MISTAKEN,
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "a bracket that is never closed",
            {"index.md": "---\n---\n", "_data/regions.yml": "regions: «[»hip, thigh\n"},
            says="never closed",
        ),
        Example("well formed", {"index.md": "---\n---\n", "_data/regions.yml": "regions: [hip, thigh]\n"}),
    ),
)
