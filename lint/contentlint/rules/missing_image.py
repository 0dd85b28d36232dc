"""An image is referenced, but the built site has no such file.

The generator builds the page without a word, and readers meet a broken picture. The reference may stand in the body, in
front matter that a schema calls an image (`x-reference`), or in front matter that an include or a layout shows as one; it
is reported at the value that its author has to mend.

A value that only a build can tell is never reported; `contentlint links` lists it as unknown, with the reason.

Fix: safe when only the leading slash was forgotten; unsafe, to the nearest file, when no other can be meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from contentlint.page import Near, Role
from contentlint.record import Record
from contentlint.rule import Default, Example, Finding, Rule, Subject, ignored, option
from contentlint.site import Site, Source


class Options(Record, frozen=True):
    """What to leave alone."""

    ignore: tuple[str, ...] = option((), "Globs of paths in the built site (`assets/gen/**`) to say nothing about.")


def check(source: Source, site: Site, options: Options) -> Iterator[Finding]:
    """Yield a finding for each image that is nowhere."""
    for reference, missing in source.missing("nothing", "unpublished"):
        if reference.role is Role.IMAGE and not ignored(missing.tried, options.ignore):
            yield source.about(
                reference,
                f"image not found: /{missing.tried[0]}",
                near=Near("asset", missing.tried[0]),
                repair=site.rooted(reference),
                instead=partial(site.led_to, reference),
            )


RULE = Rule(
    name="missing-image",
    group="images",
    summary="An image is referenced, but the built site has no such file.",
    subject=Subject.NOTABLE,
    default=Default.ERROR,
    options=Options,
    check=check,
    examples=(
        Example(
            "a misspelt name in the body",
            {"index.md": "---\n---\n![The hip](«/img/hpi.png»)\n", "img/hip.png": ""},
            says="image not found: /img/hpi.png",
            fixed={"index.md": "---\n---\n![The hip](/img/hip.png)\n"},
        ),
        Example(
            "front matter that a schema calls an image",
            {
                "contentlint.yml": "pages:\n  - match: '*.md'\n    schema: page.json\n",
                "page.json": '{"properties": {"hero": {"type": "string", "x-reference": {"role": "image", "paths": ["/img/{value}"]}}}}',
                "index.md": "---\nhero: «hip.png»\n---\n",
            },
            says="image not found: /img/hip.png",
        ),
        Example(
            "a forgotten slash",
            {"hip/psoas.md": "---\n---\n![The psoas](«img/psoas.png»)\n", "img/psoas.png": ""},
            says="image not found: /hip/img/psoas.png",
            fixed={"hip/psoas.md": "---\n---\n![The psoas](/img/psoas.png)\n"},
        ),
        Example("the file is there", {"index.md": "---\n---\n![The hip](/img/hip.png)\n", "img/hip.png": ""}),
        Example("code is text", {"index.md": "---\n---\nWrite `![alt](/img/none.png)`.\n"}),
        Example(
            "an ignored folder",
            {"index.md": "---\n---\n![Plot](/gen/plot.png)\n"},
            {"ignore": ["gen/**"]},
        ),
    ),
)
