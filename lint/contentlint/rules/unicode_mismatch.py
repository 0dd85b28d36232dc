"""A name reads the same as a file's, but is made of other code points.

`é` is one code point, or an `e` with an accent that follows it. macOS treats both as one name; a web server does not.

Fix: safe, to the code points of the file's name.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each reference that differs from a file in its Unicode form only."""
    for reference, missing in source.missing("unicode"):
        yield source.about(
            reference,
            f"not found: /{missing.tried[0]} reads like /{missing.actual}, but is made of other code points",
            "copy the name from the file, or rename the file to composed letters (NFC)",
            repair=site.respelt(reference, missing),
        )


RULE = Rule(
    name="unicode-mismatch",
    group="images",
    summary="A name reads the same as a file's, but is made of other code points.",
    subject=Subject.NOTABLE,
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "an accent of its own in the file's name",
            {"index.md": "---\n---\n![A cafe](«/img/caf\u00e9.png»)\n", "img/cafe\u0301.png": ""},
            says="other code points",
            fixed={"index.md": "---\n---\n![A cafe](/img/cafe\u0301.png)\n"},
        ),
        Example(
            "the same form",
            {"index.md": "---\n---\n![A cafe](/img/caf\u00e9.png)\n", "img/caf\u00e9.png": ""},
        ),
    ),
)
