"""A link leads to an address that only sends visitors on.

It works, one request slower, until the redirect is taken away. The link can name the page itself.

Fix: safe, to the page itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.page import Reference
from contentlint.percent import unquote
from contentlint.resolving import Found
from contentlint.rule import Default, Example, Finding, NoOptions, Repair, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each reference that goes through a redirect."""
    for reference, resolution in source.notable(Found):
        if resolution.through and reference.key[:1] != ("redirect_to",):
            yield source.about(
                reference,
                f"{resolution.through[0].url} only redirects to {resolution.target.url}",
                f"link to {site.shown(resolution.target.url)}",
                repair=_repair(site, reference, resolution),
            )


def _repair(site: Site, reference: Reference, found: Found) -> Repair | None:
    """A redirect to a place in a page, or with a query, leads to more than the page's address."""
    if any(set("#?") & set(each.redirect or "") for each in found.through):
        return None
    return site.led_to(reference, unquote(found.target.url), safe=True)


RULE = Rule(
    name="link-to-redirect",
    group="links",
    summary="A link leads to a redirect.",
    subject=Subject.NOTABLE,
    default=Default.OFF,
    check=check,
    examples=(
        Example(
            "the old address",
            {
                "_config.yml": "plugins: [jekyll-redirect-from]\n",
                "index.md": "---\n---\n[Who](«/who/»)\n",
                "about.md": "---\npermalink: /about/\nredirect_from: /who/\n---\n",
            },
            says="only redirects to /about/",
            fixed={"index.md": "---\n---\n[Who](/about/)\n"},
        ),
        Example(
            "the page itself",
            {"index.md": "---\n---\n[Who](/about/)\n", "about.md": "---\npermalink: /about/\n---\n"},
        ),
    ),
)
