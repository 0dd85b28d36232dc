"""A `{% link %}` or `{% post_url %}` tag names no file of the site, and the build fails."""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each tag that is run and names nothing."""
    return source.found("broken-link-tag")


RULE = Rule(
    name="broken-link-tag",
    group="templates",
    summary="A `link` or `post_url` tag names no file of the site.",
    subject=Subject.SOURCE,
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "a renamed page",
            {"index.md": "---\n---\n[A]({% link «abuot.md» %})\n", "about.md": "---\n---\n"},
            says="abuot.md",
        ),
        Example(
            "a page and a post",
            {
                "index.md": "---\n---\n[A]({% link about.md %}) [B]({% post_url 2026-01-02-hello %})\n",
                "about.md": "---\n---\n",
                "_posts/2026-01-02-hello.md": "---\n---\n",
            },
        ),
    ),
)
