"""An entry of the list that an include selects from is never selected.

The author described a picture and forgot to show it, or shows another by mistake. While an include of the page names an id
that is not there, this rule is silent: that misspelt id is the fault.

Fix: none; only the author knows whether it is to be shown.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.page import entries
from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each entry that no include of the page asks for."""
    if source.muted or not source.choices_complete:
        return
    for key, by in dict.fromkeys((choice.key, choice.by) for choice in source.choices):
        chosen = [choice for choice in source.choices if choice.key == key and choice.by == by]
        if any(not choice.found for choice in chosen):
            continue
        shown = {choice.value for choice in chosen}
        used = {key[:-1] for key in source.references.shown_keys()}
        for path, value in entries(source.data, key, by):
            if value not in shown and path[:-1] not in used and source.place_of(path) is not None:
                place = source.value_place(path)
                yield Finding(
                    place,
                    source.written(place),
                    f"{value} is described in {key[0]}, but no include shows it",
                    f"show it with {{% include {chosen[0].include} %}}, or remove the entry",
                )


_FILES = {
    "_includes/image": '{% assign shown = page.images | where: "id", include.id %}{% for item in shown %}'
    '<img src="/{{ item.file }}" alt="">{% endfor %}',
    "hip.png": "",
}

RULE = Rule(
    name="unused-image",
    group="images",
    summary="An entry of the list that an include selects from is never selected.",
    subject=Subject.PAGE,
    having="choices",
    default=Default.WARNING,
    check=check,
    examples=(
        Example(
            "described and not shown",
            {
                **_FILES,
                "index.md": "---\nimages:\n  - {id: a, file: hip.png}\n  - {id: «b», file: hip.png}\n---\n"
                '{% include image id="a" %}\n',
            },
            says="no include shows it",
        ),
        Example(
            "shown",
            {**_FILES, "index.md": '---\nimages: [{id: a, file: hip.png}]\n---\n{% include image id="a" %}\n'},
        ),
    ),
)
