"""A key stands twice in one mapping; YAML keeps the last and says nothing.

The value that was written first is lost, though it looks as good as the other.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each later key."""
    return source.found("duplicate-key")


RULE = Rule(
    name="duplicate-key",
    group="front-matter",
    summary="A key stands twice in one mapping.",
    subject=Subject.SOURCE,
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "twice in front matter",
            {"index.md": "---\ntitle: The hip\ntags: hip\n«title»: The thigh\n---\n"},
            says="title",
        ),
        Example("the same key in two mappings", {"index.md": "---\na: {title: x}\nb: {title: x}\n---\n"}),
    ),
)
