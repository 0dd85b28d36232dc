"""jekyll-relative-links: links to source files that the plugin turns into links to pages (facts 3.4).

The plugin works on the source before Liquid and kramdown, by one regular expression; what that finds and can place is
rewritten, all else stays a link to a file as written.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from contentlint.generators.jekyll import urls
from contentlint.generators.jekyll.items import Item, Kind, relative_path
from contentlint.generators.jekyll.patterns import EntryFilter
from contentlint.generators.jekyll.settings import Settings
from contentlint.percent import unquote_plus
from contentlint.regex import regex

_TAIL = r"""(#.+?|)?(?:\s+"(?:\\"|[^"])*(?<!\\)"|\s+"(?:\\'|[^'])*(?<!\\)')?"""
_LINK = regex(
    rf"\[(?:[^\n]*?)\]\(([^)]+?){_TAIL}\)|^\s*?\[(?:[^\n]*?)\]: ([^\n]+?){_TAIL}\s*?$", re.MULTILINE | re.ASCII
)
_FOLDER = regex(r"""(?:[^)#"'\r\n]*/)?([\w-]+)/(?=\)|\r?$)""", re.ASCII | re.MULTILINE)
"""A path that ends with a folder, as most pages have it: what it leads to would be a file without an ending."""
_ABSOLUTE = regex(r"[A-Za-z][A-Za-z0-9+.\-]*:")


def applies(settings: Settings, item: Item) -> bool:
    """Whether the plugin rewrites this page or document; GitHub Pages always runs it, where that may build the site."""
    if item.source is None or not (settings.perhaps_pages or "jekyll-relative-links" in settings.plugins):
        return False
    config = settings.config.get("relative_links")
    config = config if isinstance(config, Mapping) else {}
    if config.get("enabled") is False or urls.extension(item.source).lower() not in settings.markdown:
        return False
    if item.kind is not Kind.PAGE and config.get("collections") is not True:
        return False
    excluded = config.get("exclude")
    if isinstance(excluded, list):
        return not EntryFilter([str(each) for each in excluded], [], dotted=False).includes(
            relative_path(settings, item)
        )
    return True


def rewritten(
    settings: Settings,
    item: Item,
    body: str,
    urls: Iterable[int],
    find: Callable[[str], Any],
    bare: Collection[str] | None = None,
) -> Iterator[tuple[int, Item, str]]:
    """(offset of the path in the body, the item it leads to, its fragment with `#`) of each link that is rewritten.

    `urls` are the offsets of those that anybody wants to know of; there may be more in the answer. `find` gives the item
    with a path below the source; None when there is none that the plugin sees. `bare` are the names without an ending among
    these paths, None when nobody knows.
    """
    folder = posixpath.dirname(relative_path(settings, item))

    def target(path: str) -> Any:
        if path.startswith("/"):
            joined = path.strip("/")
        elif path.startswith("#") or _ABSOLUTE.match(path):
            return None
        else:
            joined = (f"{folder}/{path}" if folder else path).rstrip("/")
        if ("." in joined and ("/." in joined or joined.startswith("."))) or "//" in joined:
            joined = posixpath.normpath(joined)
        return find(unquote_plus(joined))  # what climbs out of the source is no item's path

    if not any(_may_be(body, at, target, bare) for at in urls):
        return
    for link in _LINK.finditer(body):
        group = 1 if link[1] is not None else 3
        found = target(link[group])
        if found is not None and found.published:
            yield link.start(group), found, link[group + 1] or ""


def _may_be(body: str, at: int, target: Callable[[str], Any], bare: Collection[str] | None) -> bool:
    """Whether the plugin's expression may find a path at an offset that leads anywhere: far faster than asking it."""
    follows = body.startswith("](", at - 2)
    if not follows and not body.startswith("]: ", at - 3):
        return False
    folder = _FOLDER.match(body, at)
    if folder and bare is not None and folder[1] not in bare and body.startswith(")", folder.end()) == follows:
        return False
    end = body.find(")" if follows else "\n", at)
    written = body[at : max(at, end)] if follows else body[at : end if end >= 0 else None].rstrip(" \t\r\f\v")
    path, mark, fragment = written.partition("#")
    # A title may follow where a quote stands, and what is no fragment belongs to the path: the expression itself shall say.
    hard = '"' in written or "'" in written or "\n" in fragment or (mark and not fragment)
    return bool(path) and (hard or target(path) is not None)
