"""A reference link has no definition, so readers see its brackets.

`[text][label]` is a link only if a line `[label]: URL` stands somewhere in the page.

Fix: none; only the author knows the address.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each label without a definition."""
    for label, start, end in source.undefined:
        yield Finding(source.place(start, end), label, f"no definition for [{label}]", f"add a line: [{label}]: URL")


RULE = Rule(
    name="undefined-reference",
    group="links",
    summary="A reference link has no definition.",
    subject=Subject.PAGE,
    having="undefined",
    default=Default.OFF,
    check=check,
    examples=(
        Example("the definition is gone", {"index.md": "---\n---\nSee [the atlas][«atlas»].\n"}, says="[atlas]"),
        Example("defined below", {"index.md": "---\n---\nSee [the atlas][atlas].\n\n[atlas]: /\n"}),
        Example("brackets are only brackets", {"index.md": "---\n---\nAn array [0] and a list [ ].\n"}),
    ),
)
