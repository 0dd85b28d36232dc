"""A file in `_posts` is dropped, because its name is not that of a post.

Jekyll reads `YYYY-MM-DD-name.ext` there and nothing else: the file is neither a post nor copied, and no message says so.

Fix: none; files are never renamed.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for a file whose name the generator does not take for a post's."""
    for finding in source.found("ignored-post"):
        yield finding._replace(help="give it such a name, or move it elsewhere")


RULE = Rule(
    name="ignored-post",
    group="permalinks",
    summary="A file in `_posts` is dropped for its name.",
    subject=Subject.MISTAKEN,
    default=Default.WARNING,
    check=check,
    examples=(
        Example("no date", {"index.md": "---\n---\n", "_posts/hello.md": "«»---\n---\n"}, says="YYYY-MM-DD"),
        Example("a post", {"index.md": "---\n---\n", "_posts/2026-01-02-hello.md": "---\n---\n"}),
    ),
)
