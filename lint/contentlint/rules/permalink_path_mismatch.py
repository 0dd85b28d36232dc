"""A page's address does not fit the pattern that the config gives for its path.

`permalink: "/muscle/{region}/{name}/"` for `muscle/{region}/{name}.md` keeps addresses and folders in step, so that editors
find a page's file by its address, and links can be written without looking.

Fix: unsafe, to the address of the file's path. It is left out where other pages link to the address that the page has now.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Repair, Rule, Subject
from contentlint.rules.malformed_permalink import is_malformed
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding if the address is another than the pattern's."""
    target = source.target
    if not source.permalink or source.muted or target is None or source.is_copied or target.url == source.permalink:
        return
    if is_malformed(source):
        return
    key = ("permalink",)
    own = isinstance(source.own, dict) and "permalink" in source.own
    place = source.value_place(key) if own else source.opening
    yield Finding(
        place,
        source.written(place) if own else "permalink",
        f"the address {target.url} should be {source.permalink}, as the file's path says",
        f"write permalink: {source.permalink}, or move the file",
        repair=_repair(source),
    )


def _repair(source: Source) -> Repair | None:
    key, address = "permalink", source.permalink
    if (place := source.place_of((key,))) is not None:
        edit = source.yaml.with_value((key,), *place, address)
    else:
        edit = source.yaml.with_entry(key, address)
    return Repair(f"write {key}: {address}", (edit,), safe=False) if edit is not None else None


_CONFIG = "pages:\n  - match: '{region}/{name}.md'\n    permalink: '/{region}/{name}/'\n"

RULE = Rule(
    name="permalink-path-mismatch",
    group="permalinks",
    summary="A page's address does not fit its path.",
    subject=Subject.PAGE,
    having="permalink",
    default=Default.CONFIGURED,
    check=check,
    examples=(
        Example(
            "a misspelt address",
            {"contentlint.yml": _CONFIG, "hip/psoas.md": "---\npermalink: «/hip/psaos/»\n---\n"},
            says="should be /hip/psoas/",
            fixed={"hip/psoas.md": "---\npermalink: /hip/psoas/\n---\n"},
        ),
        Example(
            "no permalink at all",
            {"contentlint.yml": _CONFIG, "hip/psoas.md": "«---»\ntitle: Psoas\n---\n"},
            says="the address /hip/psoas.html should be /hip/psoas/",
            fixed={"hip/psoas.md": "---\npermalink: /hip/psoas/\ntitle: Psoas\n---\n"},
        ),
        Example(
            "a permalink that is malformed",
            {
                "contentlint.yml": _CONFIG.replace("{region}", "_posts"),
                "_posts/2026-01-02-a.md": "---\npermalink: /:yeer/\n---\n",
            },
        ),
        Example("in step", {"contentlint.yml": _CONFIG, "hip/psoas.md": "---\npermalink: /hip/psoas/\n---\n"}),
    ),
)
