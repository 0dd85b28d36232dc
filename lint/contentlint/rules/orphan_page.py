"""No page, layout, include or data file links to this page.

Readers who do not know its address never meet it. The home page, error pages, redirects and what is not HTML are no orphans.
A page that a link may lead to whose address only a build can tell is left alone.

Fix: none; only the author knows where a link is to stand.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.record import Record
from contentlint.rule import Default, Example, Finding, Rule, Subject, ignored, option
from contentlint.site import Site, Source


class Options(Record, frozen=True):
    """Which pages may stand alone."""

    ignore: tuple[str, ...] = option((), "Globs of output paths (`tags/**`) of pages that may stand alone.")


def check(source: Source, site: Site, options: Options) -> Iterator[Finding]:
    """Yield a finding if nothing but the page itself links to it."""
    target = source.target
    if target is None or source.muted or not target.published or target.redirect or not target.output.endswith(".html"):
        return
    if (
        target.url == "/"
        or target.output in ("index.html", "404.html", "500.html")
        or ignored((target.output,), options.ignore)
    ):
        return
    if any(user is not source for user, _ in site.users.get(target.output, ())) or site.may_be_used(target):
        return
    yield Finding(
        source.place(0, 0), target.url, f"nothing links to {target.url}", "link to it from a page, or remove it"
    )


RULE = Rule(
    name="orphan-page",
    group="links",
    summary="Nothing in the site links to a page.",
    subject=Subject.PAGE,
    default=Default.OFF,
    options=Options,
    check=check,
    examples=(
        Example(
            "written and forgotten",
            {"index.md": "---\n---\nHello.\n", "lost.md": "«»---\n---\nHere I am.\n"},
            says="nothing links to /lost.html",
        ),
        Example("found", {"index.md": "---\n---\n[Here](found.html)\n", "found.md": "---\n---\n"}),
        Example(
            "who knows",
            {
                "index.md": "---\n---\n[Today](/days/{{ site.time | date: '%A' }}.html)\n",
                "days/monday.md": "---\n---\n",
            },
        ),
        Example("allowed", {"index.md": "---\n---\n", "thanks.md": "---\n---\n"}, {"ignore": ["thanks.html"]}),
    ),
)
