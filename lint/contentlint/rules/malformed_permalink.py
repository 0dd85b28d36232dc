"""A permalink makes the build fail, or makes the generator put the page where no one looks for it.

An unknown placeholder ends the build; an empty permalink makes a post the home page; a `#` or a `?` becomes part of the
file's name, where no browser asks for it; a full `https://` address becomes a folder; `..` does not lead up; the name of a
style (`pretty`) is taken for an address; a page's permalink knows `:path`, `:basename` and `:output_ext` only.

While a page's permalink is malformed, its address is not held against others or against the config.

Fix: none; only the author knows the address.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield what the generator's rules say against the permalink."""
    for finding in source.found("malformed-permalink"):
        yield finding._replace(help="write the path that the page is to have on the site, such as /about/")


def is_malformed(source: Source) -> bool:
    """Whether a page's address cannot be taken at its word, which this rule says."""
    return any(mistake.rule == "malformed-permalink" for mistake in source.mistakes)


def _a(permalink: str) -> dict[str, str]:
    return {"index.md": "---\n---\n", "a.md": f"---\npermalink: {permalink}\n---\n"}


RULE = Rule(
    name="malformed-permalink",
    group="permalinks",
    summary="A permalink makes the build fail, or goes wrong silently.",
    subject=Subject.MISTAKEN,
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "an unknown placeholder ends the build",
            {"index.md": "---\n---\n", "_posts/2026-01-02-hip.md": "---\npermalink: «/:yeer/:title/»\n---\n"},
            says="yeer",
        ),
        Example(
            "an empty one ends the build of a page",
            {"index.md": "---\n---\n", "a.md": "---\n«permalink»: ''\n---\n"},
            says="empty",
        ),
        Example(
            "an empty one makes a post the home page",
            {"about.md": "---\n---\n", "_posts/2026-01-02-hip.md": "---\n«permalink»: ''\n---\n"},
            says="an empty permalink makes this the root of the site",
        ),
        Example("a question mark", _a("«/a?b/»"), says="no browser asks for a path with ?"),
        Example("a host", _a("«https://atlas.example/a/»"), says="Jekyll makes folders of this address"),
        Example(
            "in the generator's defaults",
            {
                "_config.yml": "defaults:\n  - scope: {path: _posts}\n    values: {permalink: «/a#b/:title/»}\n",
                "index.md": "---\n---\n",
                "_posts/2026-01-02-hip.md": "---\n---\n",
                "_posts/2026-01-03-thigh.md": "---\n---\n",
            },
            says="no browser asks for a path with #",
        ),
        Example("dots", _a("«/hip/../a/»"), says="no .. leads up here"),
        Example("the name of a style", _a("«pretty»"), says="the URL is /pretty"),
        Example("what only posts know", _a("«/:title/»"), says="Jekyll leaves :title as it is"),
        Example("nothing special", _a("/a/b.c/:basename/")),
    ),
)
