"""A page asks for a layout that is not there.

Jekyll prints a warning and writes the page without one: bare text, no navigation, no style.

Fix: unsafe, to the nearest layout when no other can be meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding if the layout that this file names is not there."""
    for finding in source.found("missing-layout"):
        yield finding._replace(instead=partial(source.replaced, finding.place))


RULE = Rule(
    name="missing-layout",
    group="templates",
    summary="A page asks for a layout that is not there.",
    subject=Subject.MISTAKEN,
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "a misspelt name",
            {"index.md": "---\nlayout: «paeg»\n---\n", "_layouts/page.html": "{{ content }}"},
            says="paeg",
            fixed={"index.md": "---\nlayout: page\n---\n"},
        ),
        Example("none is asked for", {"index.md": "---\nlayout: none\n---\n", "b.md": "---\n---\n"}),
    ),
)
