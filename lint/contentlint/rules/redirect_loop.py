"""Redirects that send visitors in a circle, so that they never arrive.

Fix: none; only the author knows where visitors are to arrive.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site


def check(site: Site, _: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each redirect that comes back to itself."""
    for redirect in site.redirects:
        way = site.way_of(redirect.target)
        if redirect.target in way:
            place = redirect.source.value_place(redirect.key)
            urls = " → ".join(
                each.url for each in (redirect.target, *way[: way.index(redirect.target)], redirect.target)
            )
            yield Finding(
                place,
                redirect.source.written(place),
                f"the redirect comes back to itself: {urls}",
                "let one of them lead to a page",
            )


_PLUGIN = {"_config.yml": "plugins: [jekyll-redirect-from]\n"}

RULE = Rule(
    name="redirect-loop",
    group="permalinks",
    summary="Redirects send visitors in a circle.",
    subject=Subject.SITE,
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "two pages send to each other",
            {
                **_PLUGIN,
                "a.md": "---\nredirect_to: «/b.html»\n---\n",
                "b.md": "---\nredirect_to: «/a.html»\n---\n",
            },
            says="comes back to itself: /a.html → /b.html → /a.html",
        ),
        Example("an end", {**_PLUGIN, "a.md": "---\nredirect_to: /b.html\n---\n", "b.md": "---\n---\n"}),
    ),
)
