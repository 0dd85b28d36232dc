"""contentlint itself failed on a file. The rest of the site is linted.

This is a bug of contentlint, never of the file. Please report it with the file, or with what of it you can show.

Fix: none.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield what failed on this file."""
    return source.found("internal-error")


RULE = Rule(
    name="internal-error",
    group="site",
    summary="contentlint itself failed on a file.",
    subject=Subject.MISTAKEN,
    default=Default.ERROR,
    check=check,
    last=True,
    examples=(Example("nothing failed", {"index.md": "---\n---\nHello.\n"}),),
)
