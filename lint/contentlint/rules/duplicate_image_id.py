"""Two entries of the list that an include selects from have the same id.

The include shows both where the author meant one, or the first where the second was meant. Where a page has several such
entries, the include selects by what groups them, not by an id, and this rule is silent unless the config says otherwise.

Fix: none; only the author knows the other id.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.page import entries
from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each entry whose id an earlier one has."""
    if source.muted:
        return
    ids = (choice for choice in source.choices if choice.said or (choice.include, choice.by) not in site.groups)
    for key, by in dict.fromkeys((choice.key, choice.by) for choice in ids):
        first: dict[str, tuple[str | int, ...]] = {}
        for path, value in entries(source.data, key, by):
            known = first.setdefault(value, path)
            if known is not path and source.place_of(path) is not None:
                place = source.value_place(path)
                yield Finding(
                    place,
                    source.written(place),
                    f"the {by} {value} stands twice in {key[0]}",
                    "give one of them another id",
                    related=((source.value_place(known), "first here"),),
                )


_FILES = {
    "_includes/image": '{% assign shown = page.images | where: "id", include.id %}{% for item in shown %}'
    '<img src="/{{ item.file }}" alt="">{% endfor %}',
    "hip.png": "",
}

RULE = Rule(
    name="duplicate-image-id",
    group="images",
    summary="Two entries of the list that an include selects from have the same id.",
    subject=Subject.PAGE,
    having="choices",
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "the same id twice",
            {
                **_FILES,
                "index.md": "---\nimages:\n  - {id: hip, file: hip.png}\n  - {id: «hip», file: hip.png}\n---\n"
                '{% include image id="hip" %}\n',
            },
            says="stands twice",
        ),
        Example(
            "two ids",
            {
                **_FILES,
                "index.md": "---\nimages:\n  - {id: a, file: hip.png}\n  - {id: b, file: hip.png}\n---\n"
                '{% include image id="a" %}{% include image id="b" %}\n',
            },
        ),
    ),
)
