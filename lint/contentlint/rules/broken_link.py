"""A link leads to nothing in the built site.

Links are followed as a visitor's browser would from the page's own URL, and answered as a static server would: `/x` is
served by `x.html` or sent on to `x/index.html`, `/x/` only by `x/index.html`. A link to a draft, to an unpublished page or
to a post of the future is broken too, for the published site lacks it.

What another deployment serves on the same host belongs in `elsewhere` in the config, what a plugin makes in `urls`.

Fix: safe when only the leading slash was forgotten; unsafe, to the nearest address, when no other can be meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from contentlint.page import Near, Role
from contentlint.record import Record
from contentlint.rule import Default, Example, Finding, Rule, Subject, ignored, option
from contentlint.site import Site, Source, asked


class Options(Record, frozen=True):
    """What to leave alone."""

    ignore: tuple[str, ...] = option((), "Globs of paths in the built site (`gen/**`) to say nothing about.")


def check(source: Source, site: Site, options: Options) -> Iterator[Finding]:
    """Yield a finding for each link that leads nowhere."""
    for reference, missing in source.missing("nothing", "unpublished"):
        if reference.role is Role.IMAGE or ignored(missing.tried, options.ignore):
            continue
        path = asked(missing)
        if missing.kind == "unpublished" and missing.target is not None:
            yield source.about(
                reference,
                f"link to {site.shown(missing.actual)}, which is not on the site: {site.why_unpublished(missing.target)}",
                "publish that page, or take the link away until it is",
            )
        else:
            named = path.rpartition("/")[2]
            looked = "" if "." in named else f" (looked for {' and '.join(missing.tried[: 3 if named else 1])})"
            yield source.about(
                reference,
                f"link to nothing: no page or file at {site.shown(path)}{looked}",
                near=Near("url", path),
                repair=site.rooted(reference),
                instead=partial(site.led_to, reference),
                otherwise=site.if_elsewhere(path),
            )


RULE = Rule(
    name="broken-link",
    group="links",
    summary="A link leads to nothing in the built site.",
    subject=Subject.NOTABLE,
    default=Default.ERROR,
    options=Options,
    check=check,
    examples=(
        Example(
            "the page was renamed",
            {"index.md": "---\n---\n[About us](«/abuot/»)\n", "about.md": "---\npermalink: /about/\n---\n"},
            says="link to nothing: no page or file at /abuot/ (looked for abuot/index.html)",
            fixed={"index.md": "---\n---\n[About us](/about/)\n"},
        ),
        Example(
            "a manual of its own",
            {"index.md": "---\n---\n[Manual](«/manual/start.html»)\n"},
            says="link to nothing: no page or file at /manual/start.html",
        ),
        Example(
            "relative to the page's URL, not to its file",
            {
                "guide/start.md": "---\npermalink: /start/\n---\n[Next](«next.html»)\n",
                "guide/next.md": "---\n---\n",
            },
            says="no page or file at /start/next.html",
        ),
        Example(
            "a forgotten slash",
            {
                "guide/start.md": "---\n---\n[The hip](«atlas/hip.html»)\n",
                "atlas/hip.md": "---\n---\n",
            },
            says="no page or file at /guide/atlas/hip.html",
            fixed={"guide/start.md": "---\n---\n[The hip](/atlas/hip.html)\n"},
        ),
        Example(
            "a page that is not published",
            {"index.md": "---\n---\n[Soon](«/soon.html»)\n", "soon.md": "---\npublished: false\n---\n"},
            says="which is not on the site: it is unpublished",
        ),
        Example(
            "what templates make of a link is followed",
            {
                "_config.yml": "baseurl: /atlas\n",
                "index.md": "---\n---\n[A]({{ '/a.html' | relative_url }}) and [b](«{{ site.baseurl }}/b.html»)\n",
                "a.md": "---\n---\n",
            },
            says="no page or file at /atlas/b.html",
        ),
        Example(
            "what only a build can tell is not guessed at",
            {"index.md": "---\n---\n[Now]({{ site.time }}.html)\n"},
        ),
        Example("an ignored folder", {"index.md": "---\n---\n[Log](/gen/log.txt)\n"}, {"ignore": ["gen/**"]}),
    ),
)
