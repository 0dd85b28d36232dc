"""Where pages and static files are found: URL and output path of each (facts 2.1, 2.4, 2.5). Documents know theirs."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any

from contentlint.generators.jekyll import dates, documents, urls
from contentlint.generators.jekyll.documents import is_falsy
from contentlint.generators.jekyll.settings import Collection, Settings
from contentlint.regex import regex

HTML = frozenset((".html", ".xhtml", ".htm"))


def page_permalink(settings: Settings, path: str, data: Mapping[str, Any]) -> Any:
    """A page's permalink, or its default where the page says nothing; None for none.

    `path` is what Jekyll calls the page's relative path. A page without a file has defaults, too.
    """
    permalink = data["permalink"] if "permalink" in data else settings.defaults.find(path, "pages", "permalink")
    return None if is_falsy(permalink) else permalink


_LITERAL = regex(r":([a-z_]+)")


def doubtful(permalink: str, *, page: bool) -> str:
    """What is wrong with a permalink that Jekyll takes as it is; "" when nothing is (facts 2.4)."""
    if not permalink:
        return "an empty permalink makes this the root of the site"
    if permalink in urls.STYLES:
        return f"a style's name works in the config only: the URL is /{permalink}"
    if permalink.startswith(("http://", "https://")):
        return "Jekyll makes folders of this address: a permalink is a path on this site"
    if ".." in permalink.split("/"):
        return "no .. leads up here: Jekyll makes a slash of it"
    for character in "#?":
        if character in permalink:
            return f"no browser asks for a path with {character} in it"
    if page:
        for found in _LITERAL.finditer(permalink):
            name = found[1].rstrip("_")
            if name in _OF_DOCUMENTS:
                return f"Jekyll leaves :{name} as it is: pages know :path, :basename and :output_ext only"
    return ""


_OF_DOCUMENTS = dates.PARTS | {"collection", "name", "title", "slug", "categories", "slugified_categories"}


def page_address(settings: Settings, path: str, permalink: str | None) -> tuple[str, str]:
    """The URL and output path of a page (facts 2.1, 2.4). Raises urls.MalformedError for what the build fails on."""
    folder, _, name = path.rpartition("/")
    ending = urls.extension(name)
    base = name.removesuffix(ending)
    if settings.version > 3:
        base = base.rstrip(".")
    to = documents.output_extension(settings, path, permalink)
    if permalink is not None:
        template = permalink
    elif to not in HTML:
        template = "/:path/:basename:output_ext"
    elif base == "index":
        template = "/:path/"
    else:
        template = urls.with_suffix("/:path/:basename", settings.style)
    values = {"path": "/" + folder if folder else "", "basename": base, "output_ext": to}
    url = urls.sanitize(urls.fill(template, values))
    return url, urls.output_path(url, "index", to)


def static_url(settings: Settings, path: str) -> str:
    """The URL of a static file: its path, without the dots at the end of its stem in 4.x (facts 2.5)."""
    if settings.version == 3:
        return path
    ending = urls.extension(path)
    return path.removesuffix(ending).rstrip(".").removesuffix("/") + ending


def collection_static_address(settings: Settings, path: str, collection: Collection) -> tuple[str, str]:
    """The URL and output path of a static file in a collection (facts 2.2, 8)."""
    if not isinstance(collection.template, str):
        raise urls.MalformedError(f"the collection `{collection.label}` has no usable permalink", "permalink")
    container = settings.container
    relative = path.removeprefix(container + "/") if container else path
    ending = urls.extension(path)
    name = relative.rpartition("/")[2]
    if settings.version == 3:
        values = {
            "collection": collection.label,
            "path": relative[len(collection.folder) :],
            "output_ext": "",
            "name": "",
            "title": "",
        }
        url = urls.sanitize(urls.fill(collection.template, values)).removesuffix("/")
        return url, posixpath.normpath(f"{posixpath.dirname(url)}/{name}").lstrip("/")
    clean = documents.clean_path(relative, collection.folder, trim=True)
    base = name.removesuffix(ending).rstrip(".")
    values = {"collection": collection.label, "path": clean, "output_ext": "", "name": base, "title": ""}
    url = urls.sanitize(urls.fill(collection.template, values)).removesuffix("/") + ending
    return url, urls.output_path(url, "", "")
