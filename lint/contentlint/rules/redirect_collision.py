"""A redirect takes an address that a page, a file or another redirect has.

The redirect is written over the page, or the page over the redirect, and the generator says nothing.

Fix: none; only the author knows which of the two is to have the address.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site


def check(site: Site, _: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each `redirect_from` whose address is taken."""
    for redirect in site.redirects:
        takers = [
            target
            for target in site.writers.get(redirect.target.output, ())
            if target is not redirect.target and target.published
        ]
        if not takers:
            continue
        owner = takers[0]
        own = owner.source == redirect.target.source
        taken = "this page itself" if own else site.path_of(owner.source) if owner.source else "a plugin's page"
        other = site.source_of(owner)
        source = redirect.source
        place = source.value_place(redirect.key)
        yield Finding(
            place,
            source.written(place),
            f"the redirect from {redirect.target.url} takes the address of {taken}",
            "remove it, or redirect from another address",
            related=((other.opening, "the address is this one's"),) if other is not None and not own else (),
        )


_PLUGIN = {"_config.yml": "plugins: [jekyll-redirect-from]\n"}

RULE = Rule(
    name="redirect-collision",
    group="permalinks",
    summary="A redirect takes an address that something else has.",
    subject=Subject.SITE,
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "a page is there",
            {**_PLUGIN, "a.md": "---\nredirect_from: «/b.html»\n---\n", "b.md": "---\n---\n"},
            says="takes the address of b.md",
        ),
        Example("the address is free", {**_PLUGIN, "a.md": "---\nredirect_from: /old.html\n---\n"}),
    ),
)
