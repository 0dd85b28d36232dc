"""An image in the body has no text for those who cannot see it.

`![](/img/x.png)` and an `<img>` without `alt` say nothing to a screen reader. `<img alt="">` says that the picture is
decoration, and is left alone; `![](…)` is not, for hardly anyone means that by it.

Fix: none; only who sees the picture can say what it shows.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.page import Role
from contentlint.regex import regex
from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source

_MARKDOWN = regex(r"!\[\s*\]\(\s*<?\Z")
"""What stands before the address of a Markdown image without a text; kramdown writes alt="" for it."""


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each image without a text."""
    for reference in source.references:
        if reference.role is not Role.IMAGE or reference.alt:
            continue
        start = reference.place.start
        if reference.alt is None or _MARKDOWN.search(source.text(), max(0, start - 9), start):
            yield source.about(reference, "image without alternative text", "say in a few words what it shows")


RULE = Rule(
    name="missing-alt",
    group="images",
    summary="An image has no alternative text.",
    subject=Subject.SOURCE,
    default=Default.OFF,
    check=check,
    examples=(
        Example(
            "nothing between the brackets", {"index.md": "---\n---\n![](«/hip.png»)\n", "hip.png": ""}, says="without"
        ),
        Example("no attribute", {"index.md": '---\n---\n<img src="«/hip.png»">\n', "hip.png": ""}, says="without"),
        Example("decoration", {"index.md": '---\n---\n<img src="/hip.png" alt="">\n', "hip.png": ""}),
    ),
)
