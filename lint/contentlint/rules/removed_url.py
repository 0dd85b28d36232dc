"""A page's address is gone: visitors, bookmarks and search engines that know it meet nothing.

Only `--since` can tell: it compares the site with what it was. An address counts as kept when anything answers there, a
redirect above all. A page that has moved, or has another permalink, best keeps its old address with a line `redirect_from`,
which the plugin jekyll-redirect-from reads; a page that is gone for good may leave its address to the page that takes its place.

Drafts and unpublished pages never had an address. One that plugins make, or that the config lists under `urls` or `elsewhere`,
may still be there, and is not reported.

Fix: none; only the author knows whether the address is to be kept.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.page import Place
from contentlint.record import Record
from contentlint.rule import Default, Example, Finding, Rule, Subject, ignored, option
from contentlint.site import Removed, Site


class Options(Record, frozen=True):
    """Which addresses may go."""

    ignore: tuple[str, ...] = option((), "Globs of addresses without the leading slash (`news/**`) that may go.")


def check(site: Site, _: Site, options: Options) -> Iterator[Finding]:
    """Yield a finding for each address that the change took away."""
    for removed in site.removed:
        if not ignored((removed.url.lstrip("/"),), options.ignore):
            yield _finding(site, removed)


def _finding(site: Site, removed: Removed) -> Finding:
    line = f"redirect_from: {removed.url}"
    gone = f"{site.shown(removed.url)} is gone"
    source = removed.now
    if source is None:
        way_out = f"give the page that takes its place the line {line}"
        return Finding(Place(removed.path, 0, 0), removed.url, f"{gone}, and no redirect leads on from there", way_out)
    target = source.target
    place = source.value_place(("permalink",)) if source.place_of(("permalink",)) else source.opening
    if target is None or not target.published or target.redirect is not None:
        return Finding(
            place, removed.url, f"{gone}, and no redirect leads on from there", f"add the line {line} to a page"
        )
    moved = f"{gone}: the page is now at {site.shown(target.url)}, and no redirect leads there"
    return Finding(place, removed.url, moved, f"add the line {line}")


RULE = Rule(
    name="removed-url",
    group="permalinks",
    summary="The address of a page went away, and no redirect leads on from it.",
    subject=Subject.SITE,
    default=Default.ERROR,
    options=Options,
    check=check,
    examples=(
        Example(
            "the permalink was changed, and a redirect kept the address (without --since nothing is compared)",
            {
                "_config.yml": "plugins: [jekyll-redirect-from]\n",
                "about.md": "---\npermalink: /about-us/\nredirect_from: /about/\n---\n",
            },
        ),
    ),
)
