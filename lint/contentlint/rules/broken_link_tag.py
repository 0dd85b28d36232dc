"""A `{% link %}` or `{% post_url %}` tag names no file of the site, and the build fails.

Fix: unsafe, to the nearest file or post when no other can be meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from contentlint.rule import Default, Example, Finding, NoOptions, Repair, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each tag that is run and names nothing."""
    for finding in source.found("broken-link-tag"):
        yield finding._replace(instead=partial(_named, source, finding))


def _named(source: Source, finding: Finding, path: str) -> Repair:
    """The tag with the file at a path, or its post, which has a name without folder and ending."""
    post = finding.near is not None and finding.near.kind == "post"
    return source.replaced(finding.place, path.replace("_posts/", "").rpartition(".")[0] if post else path)


RULE = Rule(
    name="broken-link-tag",
    group="templates",
    summary="A `link` or `post_url` tag names no file of the site.",
    subject=Subject.MISTAKEN,
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "a renamed page",
            {"index.md": "---\n---\n[A]({% link «abuot.md» %})\n", "about.md": "---\n---\n"},
            says="abuot.md",
            fixed={"index.md": "---\n---\n[A]({% link about.md %})\n"},
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
