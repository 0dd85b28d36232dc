"""A file that the config takes for a page has no front matter.

Jekyll copies such a file as it is: Markdown stays Markdown, no layout is put around it, and its address ends in `.md`. The
config's schema for the pages of its pattern says that it was meant to be a page.

Fix: none; only the author knows the keys.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding if a schema is meant for the file and no front matter is there."""
    if source.schema is not None and source.is_copied:
        yield Finding(
            source.place(0, 0),
            "---",
            "no front matter: the generator copies this file as it is",
            "begin the file with a line ---, the page's keys, and a line ---",
        )


RULE = Rule(
    name="missing-front-matter",
    group="front-matter",
    summary="A file that a schema is meant for has no front matter.",
    subject=Subject.PAGE,
    having="schema",
    default=Default.CONFIGURED,
    check=check,
    examples=(
        Example(
            "only text",
            {
                "contentlint.yml": "pages:\n  - match: '*.md'\n    schema: page.json\n",
                "page.json": "{}",
                "index.md": "---\n---\n",
                "hip.md": "«»# The hip\n",
            },
            says="no front matter",
        ),
        Example("no schema is meant for it", {"index.md": "---\n---\n", "README.md": "# The hip\n"}),
    ),
)
