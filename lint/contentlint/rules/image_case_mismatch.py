"""An image is there, but its name is written with other upper and lower case letters.

macOS and Windows show it on the author's machine; the web server tells `Hip.PNG` from `Hip.png` and answers 404.
The names are compared with what the folder really lists, so the fault is found on every disk.

Fix: safe, to the letters of the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.page import Role
from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each image whose name differs in case only."""
    for reference, missing in source.missing("case"):
        if reference.role is Role.IMAGE:
            yield source.about(
                reference,
                f"image not found: /{missing.tried[0]} is there in other letters: /{missing.actual}",
                "write the name as the file has it: a web server tells upper from lower case",
                repair=site.respelt(reference, missing),
            )


RULE = Rule(
    name="image-case-mismatch",
    group="images",
    summary="An image's name is written in other upper and lower case letters than the file has.",
    subject=Subject.NOTABLE,
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "another extension's case",
            {"index.md": "---\n---\n![The hip](«/img/Hip.PNG»)\n", "img/Hip.png": ""},
            says="is there in other letters: /img/Hip.png",
            fixed={"index.md": "---\n---\n![The hip](/img/Hip.png)\n"},
        ),
        Example(
            "in front matter that a template shows: only what the author wrote there is changed",
            {
                "_layouts/page.html": '<img src="/img/{{ page.hero }}" alt="">{{ content }}',
                "index.md": '---\nlayout: page\nhero: "«hip side.PNG»" # the side\n---\n',
                "img/Hip side.png": "",
            },
            says="is there in other letters: /img/Hip side.png",
            fixed={"index.md": '---\nlayout: page\nhero: "Hip side.png" # the side\n---\n'},
        ),
        Example("the same case", {"index.md": "---\n---\n![The hip](/img/Hip.png)\n", "img/Hip.png": ""}),
    ),
)
