"""A key stands twice in one mapping; YAML keeps the last and says nothing.

The value that was written first is lost, though it looks as good as the other.

Fix: safe when both have the same value on one line: the later one is removed.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Repair, Rule, Subject
from contentlint.site import Site, Source

_MENDED = 20
"""Keys of one file that can be removed: to see what else would change, all of it is read again for each."""
_READ_AGAIN = 2**20
"""Characters that are read again for that in one file, at most."""


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each later key."""
    mended = min(_MENDED, _READ_AGAIN // max(source.front[1] - source.front[0], 1))
    for number, finding in enumerate(source.found("duplicate-key")):
        mends = number < mended
        edit = source.yaml.without_again(finding.place.start, finding.place.end) if mends else None
        repair = Repair(f"remove the second {finding.value}", (edit,), safe=True) if edit is not None else None
        yield finding._replace(repair=repair)


RULE = Rule(
    name="duplicate-key",
    group="front-matter",
    summary="A key stands twice in one mapping.",
    subject=Subject.MISTAKEN,
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "twice in front matter",
            {"index.md": "---\ntitle: The hip\ntags: hip\n«title»: The thigh\n---\n"},
            says="title",
        ),
        Example(
            "twice with the same value",
            {"index.md": "---\ntitle: The hip\ntags: hip\n«title»: 'The hip'\n---\n"},
            says="title",
            fixed={"index.md": "---\ntitle: The hip\ntags: hip\n---\n"},
        ),
        Example("the same key in two mappings", {"index.md": "---\na: {title: x}\nb: {title: x}\n---\n"}),
    ),
)
