"""A permalink makes the build fail, or makes the generator put the page where no one looks for it.

An unknown placeholder ends the build; an empty permalink makes a post the home page; a `#` or a `?` becomes part of the
file's name, where no browser asks for it; a full `https://` address becomes a folder; `..` does not lead up; the name of a
style (`pretty`) is taken for an address; a page's permalink knows `:path`, `:basename` and `:output_ext` only.

While a page's permalink is malformed, its address is not held against others or against the config.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source

_KEY = ("permalink",)
_STYLES = frozenset({"date", "none", "ordinal", "pretty", "weekdate"})
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
_DOTS = re.compile(r"\.\.|[^/.]\./")
_UNFILLED = re.compile(r"(?<=/):[a-z_]+")


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield what the build says against the permalink, or else what goes wrong without a word."""
    failing = list(source.found("malformed-permalink"))
    yield from failing
    if failing or not _is_judged(source):
        return
    wrong = _silently_wrong(source)
    if wrong is not None:
        place = source.value_place(_KEY)
        yield Finding(place, site.written(place), *wrong)


def is_malformed(source: Source) -> bool:
    """Whether a page's address cannot be taken at its word, which this rule then says."""
    if any(mistake.rule == "malformed-permalink" for mistake in source.mistakes):
        return True
    return _is_judged(source) and _silently_wrong(source) is not None


def _is_judged(source: Source) -> bool:
    return source.target is not None and isinstance(source.data, dict) and not source.muted and not source.is_copied


def _silently_wrong(source: Source) -> tuple[str, str] | None:
    """(message, help) when the generator makes of a permalink what its author cannot have meant."""
    permalink, target = source.data.get("permalink"), source.target
    if not isinstance(permalink, str) or target is None:
        return None
    if not permalink:
        return f"an empty permalink gives this page the address {target.url}", "write an address, or remove the key"
    if permalink in _STYLES:
        return (
            f"in front matter {permalink} is no style but an address: {target.url}",
            "write an address, or name the style in the generator's config",
        )
    if _SCHEME.match(permalink):
        return f"the host becomes a folder: {target.url}", "write the path alone, from its first slash on"
    if "#" in target.output or "?" in target.output:
        mark = "#" if "#" in target.output else "?"
        return f"no browser asks for the {mark} in {target.url}: it ends the path", f"leave the {mark} out"
    if _DOTS.search(permalink):
        return f"dots do not lead up here: the address becomes {target.url}", "write the address without .. and ./"
    unfilled = _UNFILLED.search(target.url) if target.kind == "page" else None
    if unfilled is not None:
        return (
            f"{unfilled[0]} stays as it is: a page knows :path, :basename and :output_ext only",
            "write what it stands for",
        )
    return None


def _a(permalink: str) -> dict[str, str]:
    return {"index.md": "---\n---\n", "a.md": f"---\npermalink: {permalink}\n---\n"}


RULE = Rule(
    name="malformed-permalink",
    group="permalinks",
    summary="A permalink makes the build fail, or goes wrong silently.",
    subject=Subject.SOURCE,
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
            says="the permalink is empty",
        ),
        Example(
            "an empty one makes a post the home page",
            {"about.md": "---\n---\n", "_posts/2026-01-02-hip.md": "---\n«permalink»: ''\n---\n"},
            says="gives this page the address /",
        ),
        Example("a question mark", _a("«/a?b/»"), says="no browser asks for the ?"),
        Example("a host", _a("«https://atlas.example/a/»"), says="the host becomes a folder: /https:/atlas.example/a/"),
        Example("dots", _a("«/hip/../a/»"), says="the address becomes /hip/a/"),
        Example("the name of a style", _a("«pretty»"), says="no style but an address: /pretty"),
        Example("what only posts know", _a("«/:title/»"), says=":title stays as it is"),
        Example("nothing special", _a("/a/b.c/:basename/")),
    ),
)
