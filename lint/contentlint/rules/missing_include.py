"""An include is not there, and the build fails.

Jekyll looks in `_includes` (or where the config says) and in the theme; `include_relative` looks beside the page.

Fix: unsafe, to the nearest include when no other can be meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each include tag that is run and names nothing."""
    for finding in source.found("missing-include"):
        yield finding._replace(instead=partial(source.replaced, finding.place))


RULE = Rule(
    name="missing-include",
    group="templates",
    summary="An include is not there.",
    subject=Subject.MISTAKEN,
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "a misspelt name",
            {"index.md": "---\n---\n{% include «galery.html» %}\n", "_includes/gallery.html": "x"},
            says="galery.html",
            fixed={"index.md": "---\n---\n{% include gallery.html %}\n"},
        ),
        Example("it is there", {"index.md": "---\n---\n{% include gallery.html %}\n", "_includes/gallery.html": "x"}),
        Example(
            "never run, never missed",
            {
                "index.md": "---\n---\n{% if false %}{% include none.html %}{% endif %}{% raw %}{% include none %}{% endraw %}\n"
            },
        ),
    ),
)
