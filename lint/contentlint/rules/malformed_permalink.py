"""A permalink makes the build fail, or makes the generator put the page where no one looks for it.

An unknown placeholder ends the build; an empty permalink makes a post the home page; a `#` or a `?` becomes part of the
file's name, where no browser can ask for it; a full `https://` address becomes a folder.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield what the generator's rules say against the permalink."""
    return source.found("malformed-permalink")


RULE = Rule(
    name="malformed-permalink",
    group="permalinks",
    summary="A permalink makes the build fail, or goes wrong silently.",
    subject=Subject.SOURCE,
    default=Default.ERROR,
    check=check,
    examples=(
        Example("an empty one fails the build", {"index.md": "---\n---\n", "a.md": "---\npermalink: «»''\n---\n".replace("«»''", "'«»'")}),
        Example("a question mark", {"index.md": "---\n---\n", "a.md": "---\npermalink: «/a?b/»\n---\n"}),
        Example("nothing special", {"index.md": "---\n---\n", "a.md": "---\npermalink: /a/b/\n---\n"}),
    ),
)
