"""A `contentlint: ignore[...]` comment suppresses nothing, or names no rule.

The fault that it once covered was mended. Left in place it hides the next one.

Fix: safe, the comment is removed, or what is not needed of it; unsafe where it parts two lists. A misspelt name is replaced
when no other can be meant, which is unsafe.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Repair, Rule, Subject
from contentlint.site import Site, Source, Unused, suggestion


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each suppression that the rules which ran did not need."""
    for unused in site.unused_suppressions(source):
        place = source.place(unused.start, unused.end)
        if unused.known:
            message, way_out = f"nothing to suppress here: {unused.name}", "remove it"
        else:
            message, way_out = f"no rule or group is named {unused.name}", suggestion(unused.suggestions)
        yield Finding(place, unused.name, message, way_out, repair=_repair(source, unused))


def _repair(source: Source, unused: Unused) -> Repair | None:
    if unused.removal is not None:
        return Repair("remove it", (unused.removal,), unused.removal_is_safe)
    return source.replaced(source.place(unused.start, unused.end), unused.suggestions[0]) if unused.sure else None


RULE = Rule(
    name="unused-suppression",
    group="site",
    summary="A suppression suppresses nothing, or names no rule.",
    subject=Subject.SOURCE,
    having="suppressions",
    default=Default.WARNING,
    check=check,
    last=True,
    examples=(
        Example(
            "the link was mended",
            {"index.md": "---\n---\n<!-- contentlint: ignore[«broken-link»] moving house -->\n[Home](/)\n"},
            says="nothing to suppress here",
            fixed={"index.md": "---\n---\n[Home](/)\n"},
        ),
        Example(
            "a misspelt name",
            {"index.md": "---\n---\n<!-- contentlint: ignore[«brokn-link»] -->\n[Soon](/soon/)\n"},
            says="no rule or group is named brokn-link",
            fixed={"index.md": "---\n---\n<!-- contentlint: ignore[broken-link] -->\n[Soon](/soon/)\n"},
        ),
        Example(
            "needed only in part",
            {
                "index.md": "---\n---\n<!-- contentlint: ignore[broken-link, «missing-image»] moving -->\n[Soon](/soon/)\n"
            },
            says="nothing to suppress here: missing-image",
            fixed={"index.md": "---\n---\n<!-- contentlint: ignore[broken-link] moving -->\n[Soon](/soon/)\n"},
        ),
        Example(
            "needed",
            {"index.md": "---\n---\n<!-- contentlint: ignore[broken-link] moving house -->\n[Soon](/soon/)\n"},
        ),
    ),
)
