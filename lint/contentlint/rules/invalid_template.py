"""Liquid that makes the build fail.

An unknown tag, a tag that is never closed, an include that includes itself, a filter with the wrong number of arguments.
Jekyll stops at the first; here are all of them.

Fix: none; only the author knows what the template is to do.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield what reading and running the templates found."""
    return source.found("invalid-template")


RULE = Rule(
    name="invalid-template",
    group="templates",
    summary="Liquid that makes the build fail.",
    subject=Subject.MISTAKEN,
    default=Default.ERROR,
    check=check,
    examples=(
        Example("never closed", {"index.md": "---\n---\n«{% if page.title %}»yes\n"}, says="never closed"),
        Example("closed", {"index.md": "---\n---\n{% if page.title %}yes{% endif %}\n"}),
    ),
)
