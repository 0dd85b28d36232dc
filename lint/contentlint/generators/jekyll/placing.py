"""What becomes of each file that is read, and where it is found (facts 1.4, 2): from the sources to the items."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any

from contentlint.generators.jekyll import documents, urls
from contentlint.generators.jekyll.addresses import (
    HTML,
    collection_static_address,
    doubtful,
    page_address,
    page_permalink,
    static_url,
)
from contentlint.generators.jekyll.documents import is_falsy
from contentlint.generators.jekyll.items import DataOf, Head, Hidden, Item, Items, Kind
from contentlint.generators.jekyll.problems import Fault, Problem
from contentlint.generators.jekyll.reading import MEDIA, Inventory, Role, is_media
from contentlint.generators.jekyll.settings import Settings
from contentlint.page import KeyPath
from contentlint.regex import regex

_PLAIN = regex(r"([A-Za-z0-9_/-]*[A-Za-z0-9_-])(\.[A-Za-z0-9]+)").fullmatch
_PLAIN_PERMALINK = regex(r"/(?:[A-Za-z0-9_-]+/)*").fullmatch
_DATED_ROLES = (Role.POST, Role.DRAFT, Role.DOCUMENT)
_NO_DATA: Mapping[str, Any] = {}


def items(
    settings: Settings,
    inventory: Inventory,
    data_of: DataOf,
    modified: Callable[[str], datetime] | None = None,
) -> Items:
    """All items of a site but those of plugins. `modified` gives the time of a file, which undated drafts take."""
    builder = _Builder(settings, data_of, modified)
    builder.read(inventory)
    return builder.finished()


class _Builder:
    def __init__(self, settings: Settings, data_of: DataOf, modified: Callable[[str], datetime] | None) -> None:
        self.settings = settings
        self.data_of = data_of
        self.modified = modified
        self.pages: list[Item] = []
        self.statics: list[Item] = []
        self.pictures: dict[str, Collection[str]] = {}
        self.documents: dict[str, list[Item]] = {label: [] for label in settings.collections}
        self.problems: list[Problem] = []
        self.blamed: set[KeyPath] = set()
        config = settings.config
        self.strict = bool(config["strict_front_matter"])
        self.unpublished = bool(config["unpublished"])
        self.future = bool(config["future"])
        self.suffix = urls.with_suffix("", settings.style)
        sets = settings.defaults.sets
        self.default_permalinks = any("permalink" in each.values for each in sets)
        self.default_published = any("published" in each.values for each in sets)
        self.endings = {ending: documents.converted(settings, ending) for ending in (".html", *settings.markdown)}

    def fault(self, path: str, fault: Fault, message: str, key: tuple[str | int, ...] = (), *, fatal: bool) -> None:
        does = "the build fails: " if fatal else ""
        self.problems.append(Problem(path, fault, does + message, key, fatal=fatal))

    def malformed(self, path: str, label: str, own: Any, error: urls.MalformedError, *, fatal: bool) -> None:
        """A URL that cannot be: the front matter is to blame or, where it says nothing, the config, and that once."""
        settings = self.settings
        if not error.key or (isinstance(own, Mapping) and not is_falsy(own.get(error.key))):
            self.fault(path, Fault.PERMALINK, str(error), (error.key,) if error.key else (), fatal=fatal)
            return
        entry = settings.defaults.source(path.removeprefix(settings.container + "/"), label or "pages", error.key)
        key: KeyPath = ("permalink",)
        if entry is not None and not is_falsy(entry.values[error.key]):
            key = ("defaults", entry.place, "values", error.key)
        elif label in settings.collections and "permalink" in settings.collections[label].metadata:
            key = ("collections", label, "permalink")
        if key not in self.blamed:
            self.blamed.add(key)
            message = f"the build fails: {error}" if fatal else str(error)
            start, end = settings.place(key)
            self.problems.append(Problem(settings.path, Fault.CONFIG, message, key, start, end, fatal=fatal))

    def doubt(self, path: str, label: str, own: Any, permalink: Any) -> None:
        """Says what goes wrong without a word from Jekyll."""
        message = doubtful(permalink, page=not label) if isinstance(permalink, str) else ""
        if message:
            self.malformed(path, label, own, urls.MalformedError(message, "permalink"), fatal=False)

    def finished(self) -> Items:
        """Jekyll writes pages by base name, static files by path, documents by collection and date."""
        self.pages.sort(key=lambda item: (item.source or "").rpartition("/")[2])
        self.statics.sort(key=itemgetter(0))
        ordered = [item for label in self.settings.collections for item in self.limited(label)]
        return Items(self.pages, self.statics, ordered, self.problems, self.pictures)

    def limited(self, label: str) -> list[Item]:
        docs = sorted(self.documents[label], key=lambda item: (item.date or self.settings.now, item.source or ""))
        limit = int(self.settings.config["limit_posts"])
        if label != "posts" or not limit:
            return docs
        shown = [item for item in docs if item.known]
        beyond = set(map(id, shown[:-limit]))
        return [item._replace(hidden=Hidden.LIMIT, known=False) if id(item) in beyond else item for item in docs]

    def read(self, inventory: Inventory) -> None:
        """Makes an item of each file. Pages with ordinary names, ten thousands of them, take a short way."""
        quick_page, data_of, pages = self.quick_page, self.data_of, self.pages
        self.read_pictures(inventory.pictures)
        for path, role, collection in inventory.sources:
            if role is Role.CANDIDATE:
                found = data_of(path)
                if found.marked:
                    pages.append(quick_page(path, found) or self.page(path, found))
                    continue
                role = Role.STATIC
            if role is Role.STATIC:
                self.static(path)
            elif role is Role.DOCUMENT_STATIC:
                self.document_static(path, collection)
            elif role in _DATED_ROLES:
                self.document(path, role, collection)

    def read_pictures(self, pictures: Mapping[str, Collection[str]]) -> None:
        """Pictures stay what they are, but where a default may hide them, or a plugin make pages of them."""
        hideable = self.default_published and self.settings.version > 3
        if hideable or not MEDIA.isdisjoint(self.settings.markdown):
            for folder, names in pictures.items():
                for name in names:
                    self.static(folder + name)
        else:
            self.pictures.update(pictures)

    def quick_page(self, path: str, found: Head) -> Item | None:
        """A page with nothing unusual in its name or front matter; None for every other."""
        data = _NO_DATA if found.data is None and not found.error else found.data
        if type(data) is not dict or "published" in data or not found.decodable:
            return None
        url = data.get("permalink")
        if url is not None:
            to = self.endings.get(path[path.rfind(".") :])
            if to is None or type(url) is not str or _PLAIN_PERMALINK(url) is None or found.stamps:
                return None
            return Item(path, Kind.PAGE, url, f"{url[1:]}index{to}", data)
        plain = _PLAIN(path)
        if plain is None:
            return None
        stem, ending = plain.groups()
        to = self.endings.get(ending)
        if to is None:
            to = self.endings[ending] = documents.converted(self.settings, ending)
        if self.default_permalinks and "permalink" not in data:
            return None
        if to not in HTML:
            output = stem + to
            url = "/" + output
        elif stem.endswith("index") and stem[-6:] in ("index", "/index"):
            url = "/" + stem[:-5]
            output = stem + to
        elif self.suffix == "/":
            url = f"/{stem}/"
            output = f"{stem}/index{to}"
        else:
            output = stem + to
            url = "/" + output if self.suffix else "/" + stem
        return Item(path, Kind.PAGE, url, output, data)

    def is_markdown(self, path: str) -> bool:
        return urls.extension(path).lower() in self.settings.markdown

    def page(self, path: str, found: Head) -> Item:
        """A page in full (facts 1.2, 2.1, 2.4)."""
        data = found.data
        if found.error:
            message = found.error if self.strict else f"Jekyll ignores the front matter: {found.error}"
            self.fault(path, Fault.FRONT_MATTER, message, fatal=self.strict)
        if not found.decodable:
            fatal = self.strict or self.is_markdown(path)
            self.fault(path, Fault.ENCODING, "the bytes are no text in the site's encoding", fatal=fatal)
        if is_falsy(data):
            data = _NO_DATA
        if not isinstance(data, Mapping):
            self.fault(path, Fault.FRONT_MATTER, "front matter must be a mapping", fatal=True)
            data = _NO_DATA
        published = data.get("published", True)
        hidden = Hidden.UNPUBLISHED if is_falsy(published) and not self.unpublished else Hidden.NO
        permalink = page_permalink(self.settings, path, data)
        try:
            url, output = page_address(self.settings, path, _usable(permalink, data, found.stamps))
            self.doubt(path, "", data, permalink)
        except urls.MalformedError as error:
            error.key = "permalink" if permalink or "permalink" in data else ""
            self.malformed(path, "", data, error, fatal=hidden is Hidden.NO or data.get("permalink") == "")
            url, output = self.own_address(path)
        return Item(path, Kind.PAGE, url, output, data, "", hidden, hidden is Hidden.NO)

    def own_address(self, path: str) -> tuple[str, str]:
        """Where a page would be if its permalink were not at fault."""
        try:
            return page_address(self.settings, path, None)
        except urls.MalformedError:
            return "/" + path, path

    def static(self, path: str) -> None:
        """A file that is copied as it is (facts 2.5)."""
        url = static_url(self.settings, "/" + path)
        try:
            output = path if self.settings.version == 3 else urls.output_path(url, "", "")
        except urls.MalformedError as error:
            self.fault(path, Fault.PERMALINK, str(error), fatal=True)
            output = path
        hidden = self.static_hidden(url, None) if self.settings.version > 3 else Hidden.NO
        self.statics.append(Item(path, Kind.STATIC, url, output, _NO_DATA, "", hidden))

    def static_hidden(self, url: str, kind: str | None) -> Hidden:
        if self.default_published:
            published = self.settings.defaults.values(url.removeprefix("/"), kind).get("published", True)
            if is_falsy(published):
                return Hidden.UNPUBLISHED
        return Hidden.NO

    def document_static(self, path: str, label: str) -> None:
        """A collection's file without front matter (facts 2.2)."""
        settings = self.settings
        collection = settings.collections[label]
        try:
            url, output = collection_static_address(settings, path, collection)
        except urls.MalformedError as error:
            self.malformed(path, label, None, error, fatal=True)
            url, output = "/" + path, path
        hidden = self.static_hidden(url, collection.label)
        if hidden is Hidden.NO and not collection.written and settings.version > 3:
            hidden = Hidden.UNWRITTEN
        self.statics.append(Item(path, Kind.STATIC, url, output, _NO_DATA, label, hidden))

    def document(self, path: str, role: Role, label: str) -> None:
        """A post, draft or document; a collection's file without front matter is static."""
        settings = self.settings
        found = self.data_of(path)
        collection = settings.collections[label]
        posted = label == "posts"
        if not posted and not found.marked:
            self.document_static(path, label)
            return
        document = documents.read(
            settings,
            path,
            collection,
            found.data,
            draft=role is Role.DRAFT,
            stamps=found.stamps,
            error=found.error or ("" if found.decodable else "the bytes are no text in the site's encoding"),
        )
        if not found.decodable:
            document.readable = not posted
            fatal = self.strict or (not posted and self.is_markdown(path))
            message = "its bytes are no text in the site's encoding"
            document.problems.clear()
            if fatal or not is_media(path):  # a picture is no lost post; who shows it is told that it is not there
                self.fault(
                    path, Fault.ENCODING, message if fatal else f"Jekyll drops this file: {message}", fatal=fatal
                )
        changed = self.modified(path) if self.modified is not None and document.draft else None
        date = document.date(settings, changed)
        kind = Kind.DRAFT if document.draft else Kind.POST if posted else Kind.DOCUMENT
        hidden, known = self.visibility(document, kind, date)
        try:
            url, output, pattern = documents.address(settings, document, changed)
        except urls.MalformedError as error:
            if hidden is not Hidden.UNREADABLE:
                self.malformed(path, label, found.data, error, fatal=hidden is Hidden.NO)
            url, output, pattern = "/" + path, path, ""
        else:
            self.doubt(path, label, found.data, document.data.get("permalink"))
        if hidden is Hidden.DRAFT:
            document.problems[:] = [problem._replace(fatal=False) for problem in document.problems]
        self.problems += document.problems
        self.documents[label].append(Item(path, kind, url, output, document.data, label, hidden, known, date, pattern))

    def visibility(self, document: documents.Document, kind: Kind, date: datetime) -> tuple[Hidden, bool]:
        """Whether it is on the site, and whether Jekyll has read it (facts 1.4)."""
        published = document.data.get("published", True)
        future = not self.future and int(date.timestamp()) > int(self.settings.now.timestamp())
        if not document.readable:
            return Hidden.UNREADABLE, False
        if kind is Kind.DRAFT and not self.settings.config["show_drafts"]:
            return Hidden.DRAFT, False
        if is_falsy(published) and not self.unpublished:
            return Hidden.UNPUBLISHED, kind is Kind.DOCUMENT and published is None
        if future:
            return Hidden.FUTURE, kind is Kind.DOCUMENT
        return (Hidden.NO if document.collection.written else Hidden.UNWRITTEN), True


def _usable(permalink: Any, data: Mapping[str, Any], stamps: frozenset[str]) -> str | None:
    if data.get("permalink") == "":
        raise urls.MalformedError("the permalink is empty", "permalink")
    if permalink is not None and (not isinstance(permalink, str) or "permalink" in stamps):
        raise urls.MalformedError("a permalink must be text", "permalink")
    return permalink
