"""A link's target is there, but under other upper and lower case letters.

The author's machine may forgive it; the web server answers 404.

Fix: safe, to the letters of the target's address.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.page import Role
from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source, asked


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each link whose target differs in case only."""
    for reference, missing in source.missing("case"):
        if reference.role is not Role.IMAGE and missing.target is not None:
            actual = missing.target.url
            yield source.about(
                reference,
                f"link to nothing: {asked(missing)} is served in other letters: {actual}",
                f"write {site.shown(actual)}: a web server tells upper from lower case",
                repair=site.respelt(reference, missing),
            )


RULE = Rule(
    name="link-case-mismatch",
    group="links",
    summary="A link differs from its target's URL in upper and lower case only.",
    subject=Subject.NOTABLE,
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "a capital too many",
            {"index.md": "---\n---\n[About](«/About/»)\n", "about.md": "---\npermalink: /about/\n---\n"},
            says="is served in other letters: /about/",
            fixed={"index.md": "---\n---\n[About](/about/)\n"},
        ),
        Example("the same letters", {"index.md": "---\n---\n[About](/about.html)\n", "about.md": "---\n---\n"}),
    ),
)
