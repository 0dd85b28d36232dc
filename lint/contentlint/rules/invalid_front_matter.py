"""The front matter cannot be read, or makes the build fail.

Jekyll drops all data of a page whose YAML is wrong and prints a warning that scrolls by: the page loses its title, layout
and permalink. Front matter that is a list or a text, a post's date that is none, and bytes that are not text end the
build.

While a page's front matter cannot be read, no other rule judges its data, and links to it count as unknown.

Fix: none; what cannot be read cannot be mended for sure.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield what reading the front matter found."""
    return source.found("invalid-front-matter")


RULE = Rule(
    name="invalid-front-matter",
    group="front-matter",
    summary="The front matter cannot be read, or makes the build fail.",
    subject=Subject.MISTAKEN,
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "a quote that is never closed",
            {"index.md": "---\ntitle: «'»The hip\nlayout: none\n---\n"},
            says="never closed",
        ),
        Example("a list is no front matter", {"index.md": "---\n«- hip\n- thigh»\n---\n"}, says="mapping"),
        Example("well formed", {"index.md": "---\ntitle: 'The hip'\nlayout: none\n---\n"}),
    ),
)
