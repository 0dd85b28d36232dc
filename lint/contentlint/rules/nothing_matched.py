"""A pattern of the config matches nothing, so that what it asks for is never checked.

A folder was renamed, or the pattern has a typo: the checks are silent, and look as if all were well.

Fix: none; the config is never changed.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site


def check(site: Site, _: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each pattern that no file fits."""
    for pattern in site.unmatched:
        yield Finding(
            pattern.place, pattern.text, f"{pattern.text} matches no {pattern.of}", "mend the pattern, or remove it"
        )


RULE = Rule(
    name="nothing-matched",
    group="site",
    summary="A pattern of the config matches nothing.",
    subject=Subject.SITE,
    default=Default.WARNING,
    check=check,
    examples=(
        Example(
            "a renamed folder",
            {
                "contentlint.yml": "pages:\n  - match: '«muscels/*.md»'\n    permalink: /x/\n",
                "muscles/psoas.md": "---\n---\n",
            },
            says="muscels/*.md matches no page",
        ),
        Example(
            "it matches",
            {
                "contentlint.yml": "exclude: ['drafts/**']\n",
                "index.md": "---\n---\n",
                "drafts/a.md": "---\n---\n",
            },
        ),
    ),
)
