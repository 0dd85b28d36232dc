"""The same id stands twice in a page, so that no link can reach the second.

kramdown numbers the ids it makes itself (`origin`, `origin-1`); an id that an author gives is taken as it is.

Fix: none; links tell which of the two keeps its id, and only the author knows.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.page import Anchor
from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each id that this file repeats."""
    first: dict[str, Anchor] = {}
    for anchor in source.anchors:
        if anchor.kind == "name":
            continue
        known = first.setdefault(anchor.name, anchor)
        if known is not anchor and anchor.place.path == source.path:
            yield Finding(
                anchor.place,
                anchor.name,
                f"the id {anchor.name} stands twice in this page",
                "give one of them another id: {#id} behind a heading",
                related=((known.place, "first here"),),
            )


RULE = Rule(
    name="duplicate-anchor",
    group="links",
    summary="The same id stands twice in a page.",
    subject=Subject.PAGE,
    default=Default.OFF,
    check=check,
    examples=(
        Example("two explicit ids", {"index.md": "---\n---\n## One {#a}\n\n## Two {#«a»}\n"}, says="stands twice"),
        Example("an old name beside the id", {"index.md": '---\n---\n<a name="a"></a>\n\n## One {#a}\n'}),
        Example("kramdown numbers its own", {"index.md": "---\n---\n## Use\n\n## Use\n"}),
    ),
)
