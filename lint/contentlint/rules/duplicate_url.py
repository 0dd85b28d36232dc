"""Several files are built to the same address, and the last one written wins.

Jekyll warns and goes on; readers see one of them, at the mercy of the order of writing. The finding stands at the pages
whose address is not their own path's, for there someone chose it; if none is, at all of them.

Fix: none; only the author knows which page is to have another address.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.resolving import Target
from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.rules.malformed_permalink import is_malformed
from contentlint.site import Site, Source


def check(site: Site, _: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield findings for each output that several files are built to."""
    for output, rivals in site.shared_outputs.items():
        targets = [each for each in rivals if (source := site.source_of(each)) is None or not is_malformed(source)]
        if len(targets) < 2:
            continue
        sources = [(target, source) for target in targets if (source := site.source_of(target)) is not None]
        chosen = [(target, source) for target, source in sources if not _own_path(target, source)] or sources
        for target, source in chosen:
            others = [each for each in targets if each is not target]
            key = ("permalink",)
            place = source.value_place(key) if source.place_of(key) else source.opening
            names = ", ".join(
                sorted(site.path_of(each.source) if each.source else "a plugin's page" for each in others)
            )
            yield Finding(
                place,
                source.written(place) if source.place_of(key) else target.url,
                f"{target.url} is also the address of {names}",
                f"both are written to {output}, and only one of them stays: give one another permalink",
                related=tuple(
                    (other.value_place(key) if other.place_of(key) else other.opening, "the same address here")
                    for each in others
                    if (other := site.source_of(each)) is not None
                ),
            )


def _own_path(target: Target, source: Source) -> bool:
    """Whether the address is what the file's own path says, whatever the style of permalinks."""
    if source.place_of(("permalink",)) is None:
        return True
    stem = (target.source or "").rpartition(".")[0].lstrip("_")
    return target.output in (f"{stem}.html", f"{stem}/index.html", target.source)


RULE = Rule(
    name="duplicate-url",
    group="permalinks",
    summary="Several files are built to the same address.",
    subject=Subject.SITE,
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "a copied permalink",
            {"a.md": "---\npermalink: «/b/»\n---\n", "b/index.md": "---\n---\n"},
            says="/b/ is also the address of b/index.md",
        ),
        Example(
            "two permalinks, both chosen",
            {"a.md": "---\npermalink: «/x/»\n---\n", "b.md": "---\npermalink: «/x/»\n---\n"},
            says="/x/ is also the address of b.md",
        ),
        Example(
            "a copied address of a post",
            {"_posts/2026-01-02-hip.md": "---\n---\n", "a.md": "---\npermalink: «/2026/01/02/hip.html»\n---\n"},
            says="is also the address of _posts/2026-01-02-hip.md",
        ),
        Example(
            "a file that is copied",
            {"a.md": "---\npermalink: «/a.txt»\n---\n", "a.txt": "Hello.\n"},
            says="/a.txt is also the address of a.txt",
        ),
        Example("neither was chosen", {"a.md": "«---»\n---\n", "a.html": "«---»\n---\n"}, says="/a.html is also"),
        Example(
            "a permalink that is malformed",
            {"index.md": "---\n---\n", "_posts/2026-01-02-hip.md": "---\npermalink: ''\n---\n"},
        ),
        Example("two addresses", {"a.md": "---\n---\n", "b.md": "---\n---\n"}),
    ),
)
