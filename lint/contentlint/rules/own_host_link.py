"""A link within the site is written with the site's own host.

It leads out of a preview or a local build into the published site, and breaks when the host changes.

Fix: safe, without the host. Where the address is shown as the text of its own link, or means the published page whatever
shows it (`<link rel="canonical">`), there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from contentlint.page import Reference, Role
from contentlint.regex import regex
from contentlint.resolving import Address, Found
from contentlint.rule import Default, Example, Finding, NoOptions, Repair, Rule, Subject
from contentlint.site import Site, Source

_HOST = regex(r"\A(?:https?:)?//[^/\\?#]*", re.IGNORECASE | re.ASCII)
_WITHIN_LINK = regex(r"(?:\(|\]:)\s*<\Z")


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each reference whose host is written out although it is this site's."""
    for reference, resolution in zip(source.references, source.resolved, strict=True):
        address = site.outputs.address(reference.url, reference.base) if isinstance(resolution, Found) else None
        if isinstance(address, Address) and address.own_host and "://" in source.written(reference.place):
            rest = address.path + (f"#{address.fragment}" if address.fragment else "")
            yield source.about(
                reference,
                "the site's own host is written out",
                f"write {rest}",
                repair=_repair(source, site, reference),
            )


def _repair(source: Source, site: Site, reference: Reference) -> Repair | None:
    before = source.text()[max(0, reference.place.start - 9) : reference.place.start]
    is_own_text = before.endswith("<") and not _WITHIN_LINK.search(before)
    if reference.role is Role.FILE or is_own_text:
        return None
    return site.repair(reference, _HOST.sub("", reference.url) or "/", safe=True)


RULE = Rule(
    name="own-host-link",
    group="links",
    summary="A link within the site is written with the site's own host.",
    subject=Subject.SOURCE,
    default=Default.OFF,
    check=check,
    examples=(
        Example(
            "with the host",
            {
                "_config.yml": "url: https://atlas.example\n",
                "index.md": "---\n---\n[A](«https://atlas.example/a.html»)\n",
                "a.md": "---\n---\n",
            },
            says="own host",
            fixed={"index.md": "---\n---\n[A](/a.html)\n"},
        ),
        Example(
            "by the config",
            {
                "_config.yml": "url: https://atlas.example\n",
                "index.md": "---\n---\n[A]({{ site.url }}/a.html) [b]({{ '/a.html' | absolute_url }})\n",
                "a.md": "---\n---\n",
            },
        ),
        Example(
            "from the root",
            {
                "_config.yml": "url: https://atlas.example\n",
                "index.md": "---\n---\n[A](/a.html)\n",
                "a.md": "---\n---\n",
            },
        ),
    ),
)
