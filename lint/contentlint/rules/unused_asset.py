"""A picture, film or document is copied to the site, but nothing that can be seen refers to it.

A file is used when a page, a layout, an include, a data file or the config refers to it, or just names it: in front matter
that a theme may show, in a style, in a script. One that an address may lead to which only a build can tell is left alone, too.
Style sheets and scripts that are copied as they are are not read, so what only they use belongs in `ignore`.

Fix: none; files are never removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from contentlint.page import Place
from contentlint.percent import unquote
from contentlint.record import Record
from contentlint.regex import regex
from contentlint.rule import Default, Example, Finding, Rule, Subject, ignored, option
from contentlint.site import Site

_KINDS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp", ".mp4", ".webm", ".mp3", ".ogg", ".pdf")
_WELL_KNOWN = ("favicon", "apple-touch-icon", "browserconfig", "mstile", "android-chrome")

_NAMED = regex(rf"[^\s\\\"'(){{}}\[\]<>,;:=|]+(?:{'|'.join(map(re.escape, _KINDS))})", re.IGNORECASE)


class Options(Record, frozen=True):
    """Which files may go unused."""

    ignore: tuple[str, ...] = option((), "Globs of paths in the built site (`assets/css/**`) that may go unused.")


def check(site: Site, _: Site, options: Options) -> Iterator[Finding]:
    """Yield a finding for each file that nothing refers to."""
    named: set[str] | None = None
    for target in site.outputs.index:
        output = target.output
        name = output.rpartition("/")[2].lower()
        if target.kind != "static" or target.source is None or not name.endswith(_KINDS):
            continue
        if output in site.users or name.startswith(_WELL_KNOWN) or site.may_be_used(target):
            continue
        if named is None:
            named = _named(site)
        if ignored((output,), options.ignore) or not named.isdisjoint(_endings(output.lower())):
            continue
        path = site.path_of(target.source)
        yield Finding(Place(path, 0, 0), path, f"nothing refers to /{output}", "remove it, or show it somewhere")


def _named(site: Site) -> set[str]:
    """All that reads like the name of such a file in what people write: paths or ends of paths, in lower case."""
    named: set[str] = set()
    for source in site.sources.values():
        for name in _NAMED.findall(source.text()):
            path = unquote(name).lower()
            named.add(path.lstrip("./"))
            named.add(path.removeprefix(site.outputs.baseurl.lower()).lstrip("./"))
    return named


def _endings(path: str) -> Iterator[str]:
    """The path and all that stands behind one of its slashes."""
    while path:
        yield path
        path = path.partition("/")[2]


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
            "shown by who knows what, and shown by a theme",
            {
                "_config.yml": "logo: /img/logo.svg\n",
                "index.md": "---\nhero: fibres.jpg\n---\n![A day](/img/{{ site.time | date: '%A' }}.png)\n",
                "img/monday.png": "",
                "img/logo.svg": "",
                "img/fibres.jpg": "",
                "img/old.jpg": "«»",
            },
            says="nothing refers to /img/old.jpg",
        ),
        Example("allowed", {"index.md": "---\n---\n", "press/logo.png": ""}, {"ignore": ["press/**"]}),
    ),
)
