"""What a site consists of: every page, post, document and static file with its URL and output path (facts 2)."""

from __future__ import annotations

import codecs
import posixpath
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from contentlint import frontmatter
from contentlint.generators.jekyll import dates, documents, urls
from contentlint.generators.jekyll.defaults import merged
from contentlint.generators.jekyll.documents import is_falsy
from contentlint.generators.jekyll.problems import Fault, Problem
from contentlint.generators.jekyll.reading import Role, Source
from contentlint.generators.jekyll.settings import Collection, Settings
from contentlint.page import KeyPath


class Head(NamedTuple):
    """What the bytes of a file say before its body: all that its URL may depend on."""

    marked: bool = False
    """Whether its first line is that of front matter (`frontmatter.sniff`)."""
    data: Any = None
    """The value of the front matter, as YAML has it; of a document that is a YAML file itself, that of the whole file."""
    stamps: frozenset[str] = frozenset()
    """The keys on its first level whose values YAML reads as dates or times: they are no text to Jekyll."""
    error: str = ""
    """Why the front matter is no YAML."""
    decodable: bool = True
    """Whether its bytes are text in the site's encoding."""


class Kind(StrEnum):
    """What an item is."""

    PAGE = "page"
    POST = "post"
    DRAFT = "draft"
    DOCUMENT = "document"
    STATIC = "static"
    REDIRECT = "redirect"
    GENERATED = "generated"


class Hidden(StrEnum):
    """Why an item is not on the built site."""

    NO = ""
    DRAFT = "draft"
    UNPUBLISHED = "unpublished"
    FUTURE = "dated in the future"
    UNWRITTEN = "in a collection that is not written"
    LIMIT = "beyond limit_posts"
    UNREADABLE = "not readable as text"


class Item(NamedTuple):
    """One thing that the build makes or, when it is hidden, would make."""

    source: str | None
    """The file it is made of, relative to the source; None when no file stands behind it."""
    kind: Kind
    url: str
    output: str
    """The file it becomes, relative to the destination."""
    data: Mapping[str, Any] = {}
    """A page's own front matter; of a post or document what Liquid sees as its data."""
    collection: str = ""
    hidden: Hidden = Hidden.NO
    known: bool = True
    """Whether Jekyll has read it: link tags and loops find what is read, also when it is not written."""
    date: datetime | None = None
    pattern: str = ""
    """A regular expression of all its possible URLs, when they depend on the day or the place of the build."""
    target: str = ""
    """Where a redirect leads: a URL of this site without `baseurl`, or an address elsewhere. Of the further pages of a
    paginated index, the index."""
    origin: str = ""
    """The file that asks for a redirect, or that a generated file goes with."""
    key: KeyPath = ()
    """Where in that file's front matter it asks for it."""

    @property
    def published(self) -> bool:
        """Whether it is on the built site."""
        return self.hidden is Hidden.NO


class Items(NamedTuple):
    """All of a site, each list in the order in which Jekyll writes it."""

    pages: list[Item]
    statics: list[Item]
    documents: list[Item]
    problems: list[Problem]

    @property
    def all(self) -> list[Item]:
        """Everything in the order of writing: what comes later overwrites what came before (facts 2.7)."""
        return [*self.pages, *self.statics, *self.documents]


def head(raw: bytes, encoding: str = "utf-8", *, whole: bool = False) -> Head:
    """Reads the head of a file as Jekyll does with this encoding; `whole` as `reading.is_whole` has it."""
    marked = frontmatter.sniff(raw)
    try:
        text = raw.decode(codec(encoding))
    except UnicodeDecodeError:
        return Head(marked, decodable=False)
    if whole:
        start, end = 0, len(text)
    else:
        block = frontmatter.split(text)
        if block is None:
            return Head(marked)
        start, end = block.start, block.end
    document = frontmatter.compose(text, start, end)
    if document.error is not None:
        return Head(marked, error=document.error.message)
    fields = document.fields
    stamps = frozenset(
        str(key[0]) for key, tag in zip(fields.keys, fields.tags, strict=True) if tag == "timestamp" and len(key) == 1
    )
    return Head(marked, document.data, stamps)


@lru_cache(maxsize=8)
def codec(encoding: str) -> str:
    """Python's name of the site's `encoding`; Ruby, too, takes one it does not know for UTF-8."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        name = "utf-8"
    return "utf-8-sig" if name == "utf-8" else name


DataOf = Callable[[str], Head]
"""Gives the head of a file that is read; called for no static file by its extension."""


def items(
    settings: Settings,
    sources: list[Source],
    data_of: DataOf,
    modified: Callable[[str], datetime] | None = None,
) -> Items:
    """All items of a site but those of plugins. `modified` gives the time of a file, which undated drafts take."""
    builder = _Builder(settings, data_of, modified)
    builder.read(sources)
    return builder.finished()


_PLAIN = re.compile(r"([A-Za-z0-9_/-]*[A-Za-z0-9_-])(\.[A-Za-z0-9]+)").fullmatch
_PLAIN_PERMALINK = re.compile(r"/(?:[A-Za-z0-9_-]+/)*").fullmatch
_DATED_ROLES = (Role.POST, Role.DRAFT, Role.DOCUMENT)
_HTML = frozenset((".html", ".xhtml", ".htm"))
_NO_DATA: Mapping[str, Any] = {}


_STATIC, _PAGE = Kind.STATIC, Kind.PAGE
_MORE = tuple(Item._field_defaults.values())[1:]
_REST = (_NO_DATA, *_MORE)
_new = tuple.__new__  # by the hundred thousand, an item's own constructor is what takes the time


class _Builder:
    def __init__(self, settings: Settings, data_of: DataOf, modified: Callable[[str], datetime] | None) -> None:
        self.settings = settings
        self.data_of = data_of
        self.modified = modified
        self.pages: list[Item] = []
        self.statics: list[Item] = []
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
        return Items(self.pages, self.statics, ordered, self.problems)

    def limited(self, label: str) -> list[Item]:
        docs = sorted(self.documents[label], key=lambda item: (item.date or self.settings.now, item.source or ""))
        limit = int(self.settings.config["limit_posts"])
        if label != "posts" or not limit:
            return docs
        shown = [item for item in docs if item.known]
        beyond = set(map(id, shown[:-limit]))
        return [item._replace(hidden=Hidden.LIMIT, known=False) if id(item) in beyond else item for item in docs]

    def read(self, sources: list[Source]) -> None:
        """Makes an item of each file. Pages and pictures with ordinary names, ten thousands of them, take a short way."""
        quick_page, quick_static = self.quick_page, not self.default_published or self.settings.version == 3
        data_of, pages, statics = self.data_of, self.pages, self.statics
        for path, role, collection in sources:
            if role is Role.CANDIDATE:
                found = data_of(path)
                if found.marked:
                    pages.append(quick_page(path, found) or self.page(path, found))
                    continue
                role = Role.STATIC
            if role is Role.STATIC:
                if quick_static and _PLAIN(path) is not None:
                    statics.append(_new(Item, (path, _STATIC, "/" + path, path, *_REST)))
                else:
                    self.static(path)
            elif role is Role.DOCUMENT_STATIC:
                self.document_static(path, collection)
            elif role in _DATED_ROLES:
                self.document(path, role, collection)

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
            return _new(Item, (path, _PAGE, url, f"{url[1:]}index{to}", data, *_MORE))
        plain = _PLAIN(path)
        if plain is None:
            return None
        stem, ending = plain.groups()
        to = self.endings.get(ending)
        if to is None:
            to = self.endings[ending] = documents.converted(self.settings, ending)
        if self.default_permalinks and "permalink" not in data:
            return None
        if to not in _HTML:
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
        return _new(Item, (path, _PAGE, url, output, data, *_MORE))

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
            self.fault(path, Fault.ENCODING, message if fatal else f"Jekyll drops this file: {message}", fatal=fatal)
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


def page_permalink(settings: Settings, path: str, data: Mapping[str, Any]) -> Any:
    """A page's permalink, or its default where the page says nothing; None for none.

    `path` is what Jekyll calls the page's relative path. A page without a file has defaults, too.
    """
    permalink = data["permalink"] if "permalink" in data else settings.defaults.find(path, "pages", "permalink")
    return None if is_falsy(permalink) else permalink


_LITERAL = re.compile(r":([a-z_]+)")


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
    elif to not in _HTML:
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


def front_matter(settings: Settings, item: Item, own: Mapping[str, Any]) -> dict[str, Any]:
    """A file's front matter with the defaults merged, and nothing of what Jekyll derives: what a schema validates."""
    kind = item.collection or ("pages" if item.kind is Kind.PAGE else None)
    path = relative_path(settings, item)
    return merged(settings.defaults.values(path, kind), own)


def relative_path(settings: Settings, item: Item) -> str:
    """What Jekyll calls an item's relative path: link tags and defaults name it by this."""
    path = item.source or ""
    container = settings.container
    return path.removeprefix(container + "/") if container and item.collection else path
