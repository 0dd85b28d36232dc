"""A picture, film or document is copied to the site, but nothing that can be seen refers to it.

Pages, layouts, includes, data files and the config are searched for references; style sheets and scripts are not read, so
what only they use belongs in `ignore`. If templates make addresses that only a build can tell, files that these may name are
left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contentlint.page import Place
from contentlint.rule import Default, Example, Finding, Rule, Subject, ignored, option
from contentlint.site import Site

_KINDS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp", ".mp4", ".webm", ".mp3", ".ogg", ".pdf")
_WELL_KNOWN = ("favicon", "apple-touch-icon", "browserconfig", "mstile", "android-chrome")


@dataclass(frozen=True, slots=True)
class Options:
    """Which files may go unused."""

    ignore: tuple[str, ...] = option((), "Globs of paths in the built site (`assets/css/**`) that may go unused.")


def check(site: Site, _: Site, options: Options) -> Iterator[Finding]:
    """Yield a finding for each file that nothing refers to."""
    for output, target in site.outputs.outputs.items():
        name = output.rpartition("/")[2].lower()
        if target.kind != "static" or target.source is None or not name.endswith(_KINDS):
            continue
        if output in site.users or name.startswith(_WELL_KNOWN) or ignored((output,), options.ignore):
            continue
        path = site.path_of(target.source)
        yield Finding(Place(path, 0, 0), path, f"nothing refers to /{output}", "remove it, or show it somewhere")


RULE = Rule(
    name="unused-asset",
    group="images",
    summary="Nothing refers to a picture, film or document.",
    subject=Subject.SITE,
    default=Default.OFF,
    options=Options,
    check=check,
    examples=(
        Example("forgotten", {"index.md": "---\n---\nNothing.\n", "img/old.png": "«»"}, says="nothing refers to /img/old.png"),
        Example("shown", {"index.md": "---\n---\n![The hip](img/hip.png)\n", "img/hip.png": ""}),
        Example("allowed", {"index.md": "---\n---\n", "press/logo.png": ""}, {"ignore": ["press/**"]}),
    ),
)
