"""Two addresses differ in upper and lower case only.

On a disk that does not tell them apart (macOS, Windows) one file overwrites the other, and readers who type an address meet
the wrong page.

Fix: none; only the author knows the other address.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site


def check(site: Site, _: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each page whose output another differs from by case only."""
    for targets in site.case_twins:
        for target in targets:
            source = site.source_of(target)
            if source is None:
                continue
            other = next(each for each in targets if each is not target)
            key = ("permalink",)
            place = source.value_place(key) if source.place_of(key) else source.opening
            twin = site.source_of(other)
            yield Finding(
                place,
                source.written(place) if source.place_of(key) else target.url,
                f"{target.url} and {other.url} differ in upper and lower case only",
                "give one of them another address",
                related=((twin.opening, "the other one"),) if twin is not None else (),
            )


RULE = Rule(
    name="url-case-collision",
    group="permalinks",
    summary="Two addresses differ in upper and lower case only.",
    subject=Subject.SITE,
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "a capital",
            {"a.md": "---\npermalink: «/Hip/»\n---\n", "b.md": "---\npermalink: «/hip/»\n---\n"},
            says="differ in upper and lower case only",
        ),
        Example(
            "a file that a plugin makes",
            {"_config.yml": "plugins: [jekyll-feed]\n", "a.md": "---\npermalink: «/Feed.xml»\n---\n"},
            says="/Feed.xml and /feed.xml differ",
        ),
        Example("two words", {"a.md": "---\npermalink: /hip/\n---\n", "b.md": "---\npermalink: /thigh/\n---\n"}),
    ),
)
