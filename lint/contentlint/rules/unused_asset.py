"""A picture, film or document is copied to the site, but nothing that can be seen refers to it.

Pages, layouts, includes, data files and the config are searched for references. Style sheets and scripts that are copied as
they are are not read, so what only they use belongs in `ignore`. A file is left alone if an address that only a build can
tell may lead to it, and if its name stands in data, in the config, in a page that is no HTML or whose front matter cannot be
read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from contentlint.page import Place
from contentlint.rule import Default, Example, Finding, Rule, Subject, ignored, option
from contentlint.site import Site

_KINDS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp", ".mp4", ".webm", ".mp3", ".ogg", ".pdf")
_WELL_KNOWN = ("favicon", "apple-touch-icon", "browserconfig", "mstile", "android-chrome")

_NAME = re.compile(rf"[^\s/\\\"'(){{}}\[\]<>,;=|]+(?:{'|'.join(map(re.escape, _KINDS))})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Options:
    """Which files may go unused."""

    ignore: tuple[str, ...] = option((), "Globs of paths in the built site (`assets/css/**`) that may go unused.")


def check(site: Site, _: Site, options: Options) -> Iterator[Finding]:
    """Yield a finding for each file that nothing refers to."""
    mentioned = _mentioned(site)
    for output, target in site.outputs.outputs.items():
        name = output.rpartition("/")[2].lower()
        if target.kind != "static" or target.source is None or not name.endswith(_KINDS):
            continue
        if output in site.users or name.startswith(_WELL_KNOWN) or name in mentioned or site.may_be_used(target):
            continue
        if ignored((output,), options.ignore):
            continue
        path = site.path_of(target.source)
        yield Finding(Place(path, 0, 0), path, f"nothing refers to /{output}", "remove it, or show it somewhere")


def _mentioned(site: Site) -> set[str]:
    """The names of files, in lower case, that stand in texts whose references are not all known."""
    names: set[str] = set()
    for source in site.sources.values():
        is_html = source.target is None or source.target.output.endswith((".html", ".htm"))
        if source.muted or source.kind in ("data", "config") or not is_html:
            names.update(unquote(name).lower() for name in _NAME.findall(source.text()))
    return names


RULE = Rule(
    name="unused-asset",
    group="images",
    summary="Nothing refers to a picture, film or document.",
    subject=Subject.SITE,
    default=Default.OFF,
    options=Options,
    check=check,
    examples=(
        Example(
            "forgotten",
            {"index.md": "---\n---\nNothing.\n", "img/old.png": "«»"},
            says="nothing refers to /img/old.png",
        ),
        Example("shown", {"index.md": "---\n---\n![The hip](img/hip.png)\n", "img/hip.png": ""}),
        Example(
            "shown by who knows what",
            {
                "_config.yml": "logo: /img/logo.svg\n",
                "index.md": "---\n---\n![A day](/img/{{ site.time | date: '%A' }}.png)\n",
                "img/monday.png": "",
                "img/logo.svg": "",
                "img/old.jpg": "«»",
            },
            says="nothing refers to /img/old.jpg",
        ),
        Example("allowed", {"index.md": "---\n---\n", "press/logo.png": ""}, {"ignore": ["press/**"]}),
    ),
)
