"""A link names a place in a page, and the page has no such place.

The browser shows the page from its top, and the reader searches. The names of a page are the ids that kramdown gives its
headings, ids in raw HTML, `<a name>`, footnotes, and what its layouts and includes add. If something of the page cannot be
known without a build, its anchors are not judged.

Fix: unsafe, to the nearest anchor of that page when no other can be meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from contentlint.page import Near
from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each fragment that names nothing."""
    for reference, missing in source.missing("anchor"):
        assert missing.target is not None, "an anchor is missing in a page"
        name = missing.tried[0]
        where = "this page" if missing.target is source.target else site.shown(missing.actual)
        yield source.about(
            reference,
            f"no anchor #{name} in {where}",
            near=Near("anchor", name, missing.target.output),
            instead=partial(site.led_to_anchor, reference),
        )


RULE = Rule(
    name="broken-anchor",
    group="links",
    summary="A link's fragment names nothing in the page it leads to.",
    subject=Subject.NOTABLE,
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "a heading was reworded",
            {"index.md": "---\n---\n[Below](«#orgin»)\n\n## Origin\n"},
            says="no anchor #orgin in this page",
            fixed={"index.md": "---\n---\n[Below](#origin)\n\n## Origin\n"},
        ),
        Example(
            "in another page",
            {"index.md": "---\n---\n[There](«/a.html#nerve»)\n", "a.md": "---\n---\n## Nerve supply\n"},
            says="no anchor #nerve in /a.html",
        ),
        Example(
            "headings, explicit ids and the top",
            {"index.md": "---\n---\n[A](#c--c) [b](#own) [c](#top)\n\n## C++ & C#\n\n## B {#own}\n"},
        ),
    ),
)
