"""An include selects an entry of the page's own data by a name that no entry has.

The include's loop finds nothing, and shows nothing: the build says no word. Which list an include selects from is read from
its template, or said in the config: `includes: {page-image: {params: {im_id: "images[].image_id"}}}`.

Fix: unsafe, to the nearest entry when no other can be meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.page import entries
from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source, dotted, suggestion


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each selection that finds nothing."""
    if source.muted:
        return
    for choice in source.choices:
        if not choice.found:
            known = [value for _, value in entries(source.data, choice.key, choice.by)]
            from contentlint.nearest import offered  # nearly every page has what it names

            near, sure = offered(choice.value, known)
            yield Finding(
                choice.place,
                choice.value,
                f"{choice.include} finds no {choice.by} {choice.value} in this page's {dotted(choice.key)}",
                suggestion([near] if near else []) or _listed(known),
                repair=source.replaced(choice.place, near)
                if sure and source.written(choice.place) == choice.value
                else None,
            )


def _listed(known: list[str]) -> str:
    return f"there is {', '.join(known[:5])}" if known else ""


_FILES = {
    "_includes/image": '{% assign shown = page.images | where: "id", include.id %}{% for item in shown %}'
    '<img src="/{{ item.file }}" alt="">{% endfor %}',
    "hip.png": "",
}

RULE = Rule(
    name="unknown-include-id",
    group="templates",
    summary="An include selects by a name that no entry of the page has.",
    subject=Subject.PAGE,
    having="choices",
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "a misspelt id",
            {**_FILES, "index.md": '---\nimages: [{id: hip, file: hip.png}]\n---\n{% include image id="«hpi»" %}\n'},
            says="finds no id hpi",
            fixed={"index.md": '---\nimages: [{id: hip, file: hip.png}]\n---\n{% include image id="hip" %}\n'},
        ),
        Example(
            "another word",
            {**_FILES, "index.md": '---\nimages: [{id: hip, file: hip.png}]\n---\n{% include image id="«femur»" %}\n'},
            says="finds no id femur",
        ),
        Example(
            "an entry has it",
            {**_FILES, "index.md": '---\nimages: [{id: hip, file: hip.png}]\n---\n{% include image id="hip" %}\n'},
        ),
    ),
)
