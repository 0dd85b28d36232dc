"""A page uses an include, but lacks the front matter that the include shows.

A gallery without its list shows nothing at all. Which data an include cannot do without is read from its template when that
is beyond doubt (all that it shows comes from one loop over the page's data), or said in the config:
`includes: {gallery: {needs: [gallery]}}`.

Fix: unsafe, when a key of the page is a misspelling of the missing one and of nothing else: it is renamed.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source, dotted


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each include that lacks its data."""
    if source.muted:
        return
    for need in source.needs:
        if not need.present:
            key = dotted(need.key)
            keys = [str(each) for each in source.data] if isinstance(source.data, dict) else []
            from contentlint.nearest import offered  # nearly every page has what it names

            near, sure = offered(key, keys)
            yield Finding(
                need.place,
                key,
                f"{need.include} shows this page's {key}, and there is none",
                f"its front matter has {near}: is {key} meant?"
                if near
                else f"add {key} to the front matter, or remove the include",
                repair=source.rekeyed((near,), key) if sure else None,
            )


_FILES = {
    "_includes/gallery": '{% for item in page.gallery %}<img src="/{{ item }}" alt="">{% endfor %}',
    "hip.png": "",
}

RULE = Rule(
    name="missing-include-data",
    group="templates",
    summary="A page lacks the front matter that an include shows.",
    subject=Subject.PAGE,
    having="needs",
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "a misspelt key",
            {**_FILES, "index.md": "---\ngalery: [hip.png]\n---\n«{% include gallery %}»\n"},
            says="shows this page's gallery",
            fixed={"index.md": "---\ngallery: [hip.png]\n---\n{% include gallery %}\n"},
        ),
        Example("it is there", {**_FILES, "index.md": "---\ngallery: [hip.png]\n---\n{% include gallery %}\n"}),
    ),
)
