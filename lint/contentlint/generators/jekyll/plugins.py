"""The pages that plugins add (facts 3.5), in the order in which Jekyll runs their generators.

None of them looks at an ordinary picture (`Items.pictures`).
"""

from __future__ import annotations

import math
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from contentlint.generators.jekyll import dates, documents, urls
from contentlint.generators.jekyll.addresses import HTML, page_address, page_permalink
from contentlint.generators.jekyll.documents import is_falsy
from contentlint.generators.jekyll.items import DataOf, Hidden, Item, Items, Kind, relative_path
from contentlint.generators.jekyll.patterns import EntryFilter
from contentlint.generators.jekyll.problems import Fault, Problem
from contentlint.generators.jekyll.settings import Settings

Exists = Callable[[str], bool]
"""Whether a file or folder of the source exists at this path."""


def add(settings: Settings, found: Items, data_of: DataOf, exists: Exists, environment: str) -> None:
    """Adds to the items what the plugins in use make, and to the problems what they fail on.

    `environment` is Jekyll's (`JEKYLL_ENV`).
    """
    plugins = settings.plugins
    if "jekyll-optional-front-matter" in plugins:
        _optional_front_matter(settings, found, data_of)
    if "jekyll-redirect-from" in plugins:
        with _blaming(settings, found, "defaults"):
            _redirects(settings, found, exists)
    if "jekyll-archives" in plugins:
        with _blaming(settings, found, "jekyll-archives"):
            found.pages.extend(_archives(settings, found))
    if "jekyll-readme-index" in plugins:
        _readme_index(settings, found, data_of)
    if "jekyll-feed" in plugins:
        with _blaming(settings, found, "feed"):
            found.pages.extend(_feeds(settings, found, exists, environment))
    if "jekyll-sitemap" in plugins:
        with _blaming(settings, found, "defaults"):
            _sitemap(settings, found)
    if "jekyll-paginate" in plugins:
        with _blaming(settings, found, "paginate_path"):
            _paginate(settings, found, exists)
    if settings.version > 3:
        with _blaming(settings, found, "defaults"):
            found.pages.extend(_source_maps(settings, found, environment))


def pages_perhaps(settings: Settings, found: Items, data_of: DataOf) -> list[str]:
    """The URLs that GitHub Pages would make of Markdown without front matter if it built a site: some may be there already."""
    with_them = Items(list(found.pages), list(found.statics), found.documents, [], found.pictures)
    for plugin, add_to in _ALWAYS_ON.items():
        if plugin not in settings.plugins:
            add_to(settings, with_them, data_of)
    return [item.url for item in with_them.pages[len(found.pages) :]]


@contextmanager
def _blaming(settings: Settings, found: Items, key: str) -> Iterator[None]:
    """What cannot be an address, and comes from the config, is told at this key there."""
    try:
        yield
    except urls.MalformedError as error:
        start, end = settings.place((key,))
        message = f"the build fails: {error}"
        found.problems.append(Problem(settings.path, Fault.CONFIG, message, (key,), start, end, fatal=True))


def _option(settings: Settings, key: str, name: str) -> Any:
    options = settings.config.get(key)
    return options.get(name) if isinstance(options, Mapping) else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _posts(found: Items) -> list[Item]:
    return [item for item in found.documents if item.collection == "posts" and item.known]


def _named(settings: Settings, name: str) -> Item:
    """A page that has a name but no file: feeds, the sitemap."""
    permalink = page_permalink(settings, name.removeprefix("/"), {})
    ending = urls.extension(name)
    to = documents.output_extension(settings, name, permalink)
    base = name.removesuffix(ending).rstrip(".")
    template = "/:path/:basename:output_ext"
    if isinstance(permalink, str):
        template = permalink
    elif to in HTML:
        # its name may be a whole path, which is never just "index"
        template = "/:path/" if base == "index" else urls.with_suffix("/:path/:basename", settings.style)
    url = urls.sanitize(urls.fill(template, {"path": "", "basename": base, "output_ext": to}))
    return Item(None, Kind.GENERATED, url, urls.output_path(url, "index", to))


_NEVER_PAGES = frozenset((
    "README", "LICENSE", "LICENCE", "COPYING", "CODE_OF_CONDUCT", "CONTRIBUTING", "ISSUE_TEMPLATE", "PULL_REQUEST_TEMPLATE",
))  # fmt: skip


def _optional_front_matter(settings: Settings, found: Items, data_of: DataOf) -> None:
    """Every static Markdown file becomes a page as well."""
    if _option(settings, "optional_front_matter", "enabled") is False or settings.config.get("require_front_matter"):
        return
    chosen = EntryFilter(settings.config["include"], [], dotted=False)
    moved = set()
    for item in found.statics:
        path = relative_path(settings, item)
        if urls.extension(path).lower() not in settings.markdown or (item.collection and settings.version == 3):
            continue
        if urls.stem(path).upper() in _NEVER_PAGES and not chosen.includes(path):
            continue
        data = data_of(path).data if path == item.source else None
        data = data if isinstance(data, Mapping) else {}
        permalink = page_permalink(settings, path, data)
        try:
            url, output = page_address(settings, path, permalink if isinstance(permalink, str) else None)
        except urls.MalformedError as error:
            found.problems.append(Problem(item.source or "", Fault.PERMALINK, f"the build fails: {error}", fatal=True))
            continue
        found.pages.append(_page_of(settings, item, url, output, data))
        moved.add(item.source)
    if _option(settings, "optional_front_matter", "remove_originals") is True:
        found.statics[:] = [item for item in found.statics if item.source not in moved]


def _page_of(
    settings: Settings, item: Item, url: str, output: str, data: Mapping[str, Any] = MappingProxyType({})
) -> Item:
    """The page that a plugin makes of a static file.

    It looks for a collection's file outside of `collections_dir`, and makes an empty page of what it misses.
    """
    if item.source == relative_path(settings, item):
        return Item(item.source, Kind.PAGE, url, output, data)
    return Item(None, Kind.GENERATED, url, output, origin=item.source or "")


def _redirects(settings: Settings, found: Items, exists: Exists) -> None:
    """Pages that lead to the document or page that names them in `redirect_from`; `redirect_to` makes a page one."""
    written = [item for item in found.documents if item.published]
    for items in (written, list(found.pages)):
        for item in items:
            if not item.known:
                continue
            for place, path in _asked(settings, found, item):
                found.pages.append(_redirect(settings, found, item, place, path))
    for items in (found.documents, found.pages):
        for at, item in enumerate(items):
            to = _first(_value(settings, item, "redirect_to")) if item.published and item.source else None
            if isinstance(to, str):
                items[at] = item._replace(target=to if to.startswith(("http://", "https://", "/")) else "/" + to)
            elif to is not None:
                _fail(found, item, "redirect_to", "a redirect's target must be text")
    if _option(settings, "redirect_from", "json") is not False and not exists("redirects.json"):
        found.pages.append(_named(settings, "redirects.json"))


def _value(settings: Settings, item: Item, key: str) -> Any:
    """A value of a page or document, its default where it has none of its own."""
    value = item.data.get(key)
    if value is None and item.source is not None and item.kind is Kind.PAGE:
        return settings.defaults.find(relative_path(settings, item), "pages", key)
    return value


def _first(value: Any) -> Any:
    if isinstance(value, list):
        return next((each for each in value if each is not None), None)
    return value


def _asked(settings: Settings, found: Items, item: Item) -> Iterator[tuple[int | None, str]]:
    value = _value(settings, item, "redirect_from") if item.source else None
    for place, path in enumerate(value if isinstance(value, list) else [value]):
        if isinstance(path, str):
            yield (place if isinstance(value, list) else None), path
        elif path is not None:
            _fail(found, item, "redirect_from", "a redirect's path must be text")


def _fail(found: Items, item: Item, key: str, reason: str) -> None:
    found.problems.append(Problem(item.source or "", Fault.PERMALINK, f"the build fails: {reason}", (key,), fatal=True))


def _redirect(settings: Settings, found: Items, item: Item, place: int | None, path: str) -> Item:
    key = ("redirect_from",) if place is None else ("redirect_from", place)
    if path and not path.startswith("/"):
        path = "/" + path
    try:
        url, output = page_address(settings, "redirect.html", path)
    except urls.MalformedError as error:
        _fail(found, item, "redirect_from", str(error))
        url, output = path, path.lstrip("/")
    return Item(None, Kind.REDIRECT, url, output, target=item.url, origin=item.source or "", key=key)


def _archives(settings: Settings, found: Items) -> Iterator[Item]:
    config = _mapping(settings.config.get("jekyll-archives"))
    enabled = config.get("enabled") or []
    templates = {
        "year": "/:year/",
        "month": "/:year/:month/",
        "day": "/:year/:month/:day/",
        "tag": "/tag/:name/",
        "category": "/category/:name/",
        **_mapping(config.get("permalinks")),
    }

    def archive(kind: str, values: Mapping[str, str | None]) -> Item:
        template = str(templates[kind])
        for name, value in {**values, "type": kind}.items():
            template = template.replace("/:" + name, "") if value is None else urls.fill(template, {name: value})
        url = urls.sanitize(template)
        file = url.lstrip("/") + ("index.html" if url.endswith("/") else "")
        output = urls.output_path(url, "index", documents.converted(settings, urls.extension(file)))
        return Item(None, Kind.GENERATED, url, output)

    def wants(name: str) -> bool:
        return enabled in (True, "all") or (isinstance(enabled, list) and name in enabled)

    posts = _posts(found)
    for name, kind in (("tags", "tag"), ("categories", "category")):
        if wants(name):
            for title in _labels(posts, name):
                yield archive(kind, {"name": urls.slugify(title) if isinstance(title, str) else None})
    days = dict.fromkeys(
        tuple(dates.strftime(post.date, part) for part in ("year", "month", "day")) for post in posts if post.date
    )
    for length, kind in ((1, "year"), (2, "month"), (3, "day")):
        if wants(kind):
            for day in dict.fromkeys(day[:length] for day in days):
                yield archive(kind, dict(zip(("year", "month", "day"), day, strict=False)))


def _labels(posts: Iterable[Item], name: str) -> list[Any]:
    """The tags or categories of all posts, each once."""
    values = (each for post in posts for each in post.data.get(name) or ())
    return list({(type(each), repr(each)): each for each in values}.values())


def _readme_index(settings: Settings, found: Items, _data_of: DataOf) -> None:
    """A README is its folder's index where there is no other."""
    if _option(settings, "readme_index", "enabled") is False:
        return

    def is_readme(path: str) -> bool:
        name = path.rpartition("/")[2]
        ending = urls.extension(name)
        return name.lower() == "readme" + ending and ending in settings.markdown

    indexes = {"", "index.html", "index.htm", "index.xhtml", "index.xml"}
    taken = {
        item.url.rpartition("/")[0].lower()
        for item in (*found.pages, *found.statics)
        if item.url.rpartition("/")[2].lower() in indexes
    }
    moved = set()
    for item in [item for item in found.statics if is_readme(item.source or "")]:
        if not (item.collection and settings.version == 3):
            folder = item.url.rpartition("/")[0]
            if folder.lower() not in taken:
                taken.add(folder.lower())
                moved.add(item.source)
                output = urls.output_path(folder + "/", "index", ".html")
                found.pages.append(_page_of(settings, item, folder + "/", output))
    if _option(settings, "readme_index", "remove_originals") is True:
        found.statics[:] = [item for item in found.statics if item.source not in moved]
    if _option(settings, "readme_index", "with_frontmatter") is True:
        for at, item in enumerate(found.pages):
            if item.source is not None and item.source not in moved and item.published and is_readme(item.source):
                # Ruby's `File.dirname` looks past a slash at the end
                folder = posixpath.dirname(item.url.rstrip("/")).rstrip("/")
                if folder.lower() not in taken:
                    taken.add(folder.lower())
                    url, output = page_address(settings, item.source, folder + "/")
                    found.pages[at] = item._replace(url=url, output=output)


_ALWAYS_ON = {
    "jekyll-optional-front-matter": _optional_front_matter,
    "jekyll-readme-index": _readme_index,
}


def _feeds(settings: Settings, found: Items, exists: Exists, environment: str) -> Iterator[Item]:
    config = _mapping(settings.config.get("feed"))
    if config.get("disable_in_development") and environment == "development":
        return
    listed = config.get("collections")
    collections: dict[str, Mapping[str, Any]] = (
        {str(label): {} for label in listed}
        if isinstance(listed, list)
        else {str(label): _mapping(meta) for label, meta in _mapping(listed).items()}
    )
    posts = collections.get("posts", {})
    collections["posts"] = {
        "path": posts.get("path") or config.get("path"),
        "categories": posts.get("categories") or config.get("categories"),
    }
    for label, meta in collections.items():
        prefix = "/feed" if label == "posts" else f"/feed/{label}"
        for category in meta.get("categories") or ():
            yield from _feed(settings, f"{prefix}/{dates.to_s(category)}.xml", exists)
        yield from _feed(settings, str(meta.get("path") or f"{prefix}.xml"), exists)
    tags = _labels(_posts(found), "tags")
    wanted = config.get("tags")
    if wanted and tags:
        options = _mapping(wanted)
        without = options.get("except") or ()
        for tag in options.get("only") or tags:
            if not isinstance(tag, str):
                post = next((post for post in _posts(found) if tag in post.data.get("tags", ())), None)
                path, key = (settings.path, ("feed", "tags")) if post is None else (post.source or "", ("tags",))
                message = "the build fails: jekyll-feed needs tags that are text"
                found.problems.append(Problem(path, Fault.FRONT_MATTER, message, key, fatal=True))
            elif tag not in without and tag.isascii() and tag.replace("_", "a").isalnum():
                yield from _feed(settings, f"{options.get('path') or '/feed/by_tag/'}{tag}.xml", exists)


def _feed(settings: Settings, path: str, exists: Exists) -> Iterator[Item]:
    if not exists(posixpath.normpath("/" + path).lstrip("/")):
        yield _named(settings, path)


def _sitemap(settings: Settings, found: Items) -> None:
    there = {item.url for item in (*found.pages, *found.statics) if item.known}
    for name in ("sitemap.xml", "robots.txt"):
        if "/" + name not in there:
            found.pages.append(_named(settings, name))


def _paginate(settings: Settings, found: Items, exists: Exists) -> None:
    """Pages 2 and on of the index that `paginate_path` belongs to."""
    per_page = settings.config.get("paginate")
    if per_page is None or not found.pages:
        return
    count = per_page if isinstance(per_page, int) and not isinstance(per_page, bool) else _leading_number(per_page)
    if not count:
        message = "the build fails: `paginate` must be a number above zero"
        found.problems.append(Problem(settings.path, Fault.CONFIG, message, ("paginate",), fatal=True))
        return
    path = "/" + str(settings.config["paginate_path"]).removeprefix("/")
    above = posixpath.dirname(posixpath.normpath(path))
    candidates = {
        posixpath.dirname("/" + item.source): item
        for item in found.pages
        if item.source is not None and item.published and item.source.rpartition("/")[2] == "index.html"
    }
    while above not in candidates and above != "/":
        above = posixpath.dirname(above)
    template = candidates.get(above)
    if template is None:
        return
    posts = [post for post in _posts(found) if is_falsy(post.data.get("hidden"))]
    folder = template.url if template.url.endswith("/") else posixpath.dirname(template.url)
    source = posixpath.join(folder, "index.html").lstrip("/")
    # the plugin reads the template again where its URL says that it lies, and takes what is there
    again = template if source == template.source else None
    permalink = page_permalink(settings, source, again.data if again is not None else {})
    for number in range(2, math.ceil(len(posts) / count) + 1):
        base = path.replace(":num", str(number), 1)
        url, output = page_address(
            settings, f"{base.strip('/')}/index.html", permalink if isinstance(permalink, str) else None
        )
        if again is not None or exists(source):
            found.pages.append(Item(source, Kind.PAGE, url, output, template.data, target=template.url))
        else:
            found.pages.append(Item(None, Kind.GENERATED, url, output, target=template.url))


def _leading_number(value: Any) -> int:
    """Ruby's `to_i` of text; 0 for what has no number."""
    text = str(value).strip() if isinstance(value, str) else ""
    digits = text[: next((at for at, each in enumerate(text) if not each.isdigit()), len(text))]
    return int(digits or "0")


def _source_maps(settings: Settings, found: Items, environment: str) -> Iterator[Item]:
    """The map that the Sass converter writes beside each style sheet."""
    wanted = dates.to_s(_option(settings, "sass", "sourcemap")).removeprefix(":") or "always"
    if wanted == "never" or (wanted == "development" and environment != "development"):
        return
    for item in found.pages:
        if item.source is None or item.hidden is not Hidden.NO or item.target:
            continue
        name = item.source.rpartition("/")[2]
        ending = urls.extension(name)
        if ending.lower() in (".scss", ".sass"):
            folder = item.url if item.url.endswith("/") else posixpath.dirname(item.url)
            file = f"{folder}/{name.removesuffix(ending).rstrip('.')}.css.map".lstrip("/")
            permalink = page_permalink(settings, item.source, item.data)
            url, output = page_address(settings, file, permalink if isinstance(permalink, str) else None)
            yield Item(None, Kind.GENERATED, url, output, origin=item.source)
