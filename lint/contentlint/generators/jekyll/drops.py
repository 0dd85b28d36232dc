"""What Liquid sees of a site: `site` and `page`, made lazily, every text with the place that it was written at.

The names and their values are those of Jekyll's drops (facts 5; `lib/jekyll/drops` of 4.3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from contentlint.generators.jekyll import urls
from contentlint.generators.jekyll.items import Item, Kind, relative_path
from contentlint.generators.jekyll.settings import Settings
from contentlint.liquid import Text, Unknown
from contentlint.liquid.values import Kept, Listed
from contentlint.page import KeyPath
from contentlint.rendering import Datum, Listing, Made

CONTENT = Unknown("it is what the page itself shows")
"""The text of a page, which no one makes HTML of here."""
BUILD = Unknown("it depends on when and where the site is built")
"""What a date is before the build, and where the build runs."""

PAGES, FILES, DOCUMENTS = "*pages", "*files", "*documents "
"""Among the keys that templates ask for: the list of pages, that of copied files and, before its label, that of a collection."""

_HTML = (".html", ".htm", ".xhtml")


def traced(value: Any, path: str, key: KeyPath) -> Any:
    """A value of front matter, data or config, each text in it with where it was written."""
    if isinstance(value, str):
        return Text(value, Datum(path, key))
    if isinstance(value, dict):
        return {name: traced(each, path, (*key, name)) for name, each in value.items()}
    if isinstance(value, list):
        return [traced(each, path, (*key, number)) for number, each in enumerate(value)]
    return value


class PageDrop:
    """A page, post or document as templates see it."""

    __slots__ = ("_known", "_path", "_site", "item")

    def __init__(self, item: Item, path: str, site: SiteDrop) -> None:
        self.item = item
        self._path = path
        self._site = site
        self._known: dict[str, Any] = {}

    @property
    def url(self) -> str:
        """Its address; the URL filters take a document for it."""
        return self.item.url

    def get(self, key: str) -> Any:
        """The value of a key, None when there is none."""
        if key in self._known:
            return self._known[key]
        value = self._known[key] = self._value(key)
        return value

    def listed(self, key: str) -> Listed | None:
        """The value of a key when that is a list of its own front matter and nothing else."""
        value = self.item.data.get(key)
        if not isinstance(value, list) or key in _PAGE or key in _DOCUMENT or key in self._known:
            return None
        return Listed(value, Listing(self._path, (key,)))

    def forget(self) -> None:
        """Keep no values: who asks again has them made again."""
        self._known.clear()

    def _value(self, key: str) -> Any:
        item = self.item
        if item is not self._site.current:
            self._site.asked.add(key)
        made = _PAGE.get(key) if item.kind is Kind.PAGE else _DOCUMENT.get(key)
        if made is not None:
            value = made(self)
            return Text(value, Made(self._path)) if type(value) is str else value
        return self._written(key)

    def _written(self, key: str) -> Any:
        """What the front matter or a default gives it."""
        item = self.item
        if key in item.data:
            value = item.data[key]
            if (
                key in ("title", "slug", "ext")
                and item.kind is not Kind.PAGE
                and not self._site.is_own(self._path, key)
            ):
                return Text(value, Made(self._path)) if isinstance(value, str) else value
            if value is not None or item.kind is not Kind.PAGE:
                return traced(value, self._path, (key,))
        if item.kind is Kind.PAGE and key not in item.data:
            return traced(self._site.default(item, key), self._path, (key,))
        return None

    def directory(self) -> str:
        """`page.dir`: the URL's folder."""
        url = self.item.url
        return url if url.endswith("/") else url.rpartition("/")[0] + "/"

    def source(self) -> str:
        """`page.path`: the path relative to the source (to `collections_dir` for documents)."""
        return self._site.relative(self.item)

    def content(self) -> Any:
        """What the page shows, as far as other pages that print it may want to know: its anchors."""
        return self._site.content(self.item, False)

    def excerpt(self) -> Any:
        """What its author wrote as that, or else what it shows above the first separator; pages have only the former."""
        written = self._written("excerpt")
        if written not in (None, False) or not self._site.has_excerpt(self.item):
            return written or None
        return self._site.content(self.item, True)

    def neighbour(self, step: int) -> Any:
        """The document before or after it in its collection."""
        documents = self._site.collection(self.item.collection)
        at = next((number for number, each in enumerate(documents) if each.item is self.item), None)
        if at is None or not 0 <= at + step < len(documents):
            return None
        return documents[at + step]


_PAGE: Mapping[str, Callable[[PageDrop], Any]] = {
    "url": lambda page: page.item.url,
    "path": PageDrop.source,
    "name": lambda page: (page.item.source or "").rpartition("/")[2],
    "dir": PageDrop.directory,
    "content": PageDrop.content,
    "excerpt": PageDrop.excerpt,
}
_DOCUMENT: Mapping[str, Callable[[PageDrop], Any]] = {
    "url": lambda page: page.item.url,
    "path": PageDrop.source,
    "relative_path": PageDrop.source,
    "name": lambda page: (page.item.source or "").rpartition("/")[2],
    "id": lambda page: page.item.url.removesuffix(".html").removesuffix("/"),
    "collection": lambda page: page.item.collection,
    "date": lambda page: page.item.date if not page.item.pattern and page.item.date is not None else BUILD,
    "content": PageDrop.content,
    "output": PageDrop.content,
    "excerpt": PageDrop.excerpt,
    "next": lambda page: page.neighbour(1),
    "previous": lambda page: page.neighbour(-1),
}


class StaticDrop:
    """A static file as templates see it."""

    __slots__ = ("_site", "item")

    def __init__(self, item: Item, site: SiteDrop) -> None:
        self.item = item
        self._site = site

    def get(self, key: str) -> Any:
        """The value of a key, None when there is none."""
        source = self.item.source or ""
        name = source.rpartition("/")[2]
        ending = urls.extension(name)
        match key:
            case "path":
                return self._site.relative(self.item) if self.item.collection else "/" + source
            case "name":
                return name
            case "basename":
                return name.removesuffix(ending)
            case "extname":
                return ending
            case "collection":
                return self.item.collection or None
            case "modified_time":
                return BUILD
        return self._site.default(self.item, key)


class _Github:
    """`site.github` where GitHub tells more than the config says."""

    __slots__ = ("_own",)

    def __init__(self, own: Mapping[str, Any]) -> None:
        self._own = own

    def get(self, key: str) -> Any:
        """The value of a key, unknown when only GitHub can say."""
        return self._own[key] if key in self._own else Unknown("GitHub gives it when it builds the site")


class SiteDrop:
    """`site`: the config, and all that Jekyll has read. Everything is made when first asked for."""

    def __init__(
        self,
        settings: Settings,
        items: Sequence[Item],
        pictures: Iterable[Item],
        data: Callable[[], Any],
        path_of: Callable[[Item], str],
        is_own: Callable[[str, str], bool],
        content: Callable[[Item, bool], Any],
    ) -> None:
        self._settings = settings
        self._all = items
        self.current: Item | None = None
        """The page that is being shown."""
        self.asked: set[str] = set()
        """What pages were asked for by the templates of others, and whether whole lists were."""
        self._pictures = pictures
        self._data = data
        self._path_of = path_of
        self.is_own = is_own
        self.content = content
        self._known: dict[str, Any] = {}
        self._drops: dict[int, PageDrop] = {}
        self._collections: dict[str, list[PageDrop]] = {}
        self._plugin = settings.stranger

    @cached_property
    def _items(self) -> list[Item]:
        return [item for item in self._all if item.known]

    def get(self, key: str) -> Any:
        """The value of a key, None when there is none."""
        if key not in self._known:
            self._known[key] = self._value(key)
        return self._known[key]

    def page(self, item: Item) -> PageDrop:
        """The drop of an item; the same one every time."""
        drop = self._drops.get(id(item))
        if drop is None:
            drop = self._drops[id(item)] = PageDrop(item, self._path_of(item), self)
        return drop

    def forget(self, item: Item) -> None:
        """Keep no values of an item that has been shown: few are asked for again, and all together weigh much."""
        if (drop := self._drops.get(id(item))) is not None:
            drop.forget()

    def default(self, item: Item, key: str) -> Any:
        """The default of a page's or a static file's value."""
        kind = "pages" if item.kind is Kind.PAGE else item.collection or None
        return self._settings.defaults.find(item.source or "", kind, key)

    def has_excerpt(self, item: Item) -> bool:
        """Whether Jekyll makes an excerpt of an item."""
        return item.kind is not Kind.PAGE or self._settings.config.get("page_excerpts") is True

    def relative(self, item: Item) -> str:
        """What Jekyll calls an item's path."""
        return relative_path(self._settings, item)

    def collection(self, label: str) -> list[PageDrop]:
        """The documents of a collection in their order: by date, then by path."""
        self.asked.add(DOCUMENTS + label)
        if label not in self._collections:
            self._collections[label] = Kept(
                self.page(item) for item in self._items if item.collection == label and item.kind is not Kind.STATIC
            )
        return self._collections[label]

    def _value(self, key: str) -> Any:
        settings = self._settings
        if key in settings.collections and key != "posts":
            return self.collection(key)
        match key:
            case "posts" | "related_posts":
                posts = self.collection("posts")[::-1]
                return Kept(posts if key == "posts" else posts[:10])
            case "pages":
                self.asked.add(PAGES)
                return Kept(self.page(item) for item in self._items if item.kind is Kind.PAGE)
            case "html_pages":
                self.asked.add(PAGES)
                return [
                    self.page(item)
                    for item in self._items
                    if item.kind is Kind.PAGE and (item.url.endswith("/") or item.output.endswith(_HTML))
                ]
            case "static_files":
                self.asked.add(FILES)
                statics = [item for item in self._items if item.kind is Kind.STATIC]
                files = [StaticDrop(item, self) for item in (*statics, *self._pictures)]
                return sorted(files, key=lambda each: each.get("path"))
            case "documents":
                return Kept(
                    each for label in settings.collections for each in (*self.collection(label), *self._files(label))
                )
            case "collections":
                return [self._described(label) for label in sorted(settings.collections)]
            case "tags" | "categories":
                return self._grouped(key)
            case "data":
                return self._data()
            case "time":
                return BUILD
            case "github":
                return self._github()
        if key not in settings.own and key in settings.config and key not in ("baseurl", "timezone"):
            return settings.config[key]
        value = settings.own.get(key)
        if value is None and self._plugin and key not in ("baseurl", "url"):
            return Unknown(self._plugin)
        return traced(value, settings.path, (key,))

    def _github(self) -> object:
        """`site.github`: what the config says, over what GitHub tells jekyll-github-metadata."""
        own = traced(self._settings.own.get("github"), self._settings.path, ("github",))
        told = "jekyll-github-metadata" in self._settings.plugins or self._settings.perhaps_pages
        return _Github(own if isinstance(own, dict) else {}) if told else own

    def _files(self, label: str) -> list[StaticDrop]:
        """The static files of a collection."""
        self.asked.add(FILES)
        return [StaticDrop(item, self) for item in self._items if item.collection == label and item.kind is Kind.STATIC]

    def _described(self, label: str) -> dict[str, Any]:
        collection = self._settings.collections[label]
        metadata = traced(dict(collection.metadata), self._settings.path, ("collections", label))
        return {
            **metadata,
            "label": label,
            "docs": self.collection(label),
            "files": self._files(label),
            "relative_directory": collection.folder,
            "output": collection.written,
        }

    def _grouped(self, key: str) -> dict[str, list[PageDrop]]:
        """Posts by tag or category, newest first within each."""
        groups: dict[str, list[PageDrop]] = {}
        for post in self.collection("posts"):
            for name in post.item.data.get(key) or ():
                groups.setdefault(str(name), []).insert(0, post)
        return groups
