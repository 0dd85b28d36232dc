"""Posts, drafts and the documents of collections: their data, dates and URLs (facts 1.2, 2.2, 2.3).

Each step follows Jekyll's Document: the folder's categories, the defaults, the front matter, the file's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from contentlint.generators.jekyll import dates, urls
from contentlint.generators.jekyll.defaults import merged
from contentlint.generators.jekyll.problems import Fault, Problem
from contentlint.generators.jekyll.settings import Collection, Settings
from contentlint.record import NamedTuple, Record, field
from contentlint.regex import regex

_DATED = regex(r"(?:.+/(?=[^/]*\Z))?(\d{2,4}-\d{1,2}-\d{1,2})-([^/]*)(\.[^.]+)", re.ASCII | re.DOTALL)
_DATED_BY_3 = regex(r"(?:.+/)*(\d{2,4}-\d{1,2}-\d{1,2})-(.*)(\.[^.]+)", re.ASCII | re.DOTALL)
_UNDATED = regex(r"(?:.+/)*(.*)(\.[^.]+)", re.DOTALL)
_UNCERTAIN, _FOREIGN = "qZdateZq", "qZforeignZq"  # stand for what may differ while the pattern of a URL is made


def is_falsy(value: Any) -> bool:
    """What Ruby takes for false: nil and false, but neither 0 nor an empty text."""
    return value is None or value is False


class _ReadError(Exception):
    """What Jekyll logs as `could not read file` and then lives with."""


class _FatalError(Exception):
    """What ends the build."""


class Document(Record):
    """One post, draft or document as Jekyll has read it."""

    path: str
    """Relative to the source."""
    relative: str
    """As Jekyll calls it: relative to `collections_dir`."""
    collection: Collection
    draft: bool
    stamps: frozenset[str]
    """The keys of its front matter whose values YAML reads as dates or times."""
    data: dict[str, Any] = field(default_factory=dict)
    """What Liquid sees: defaults, front matter, and what Jekyll derives."""
    moment: dates.Moment | None = None
    problems: list[Problem] = field(default_factory=list)
    readable: bool = True
    """False for a post that Jekyll drops because its bytes are no text."""

    def date(self, settings: Settings, modified: datetime | None = None) -> datetime:
        """Its date; without one, a draft has its file's and everything else the build's."""
        if self.moment is not None:
            return self.moment.when
        return modified.astimezone(settings.zone) if modified is not None and self.draft else settings.now


def read(
    settings: Settings,
    path: str,
    collection: Collection,
    own: Any,
    *,
    draft: bool,
    stamps: frozenset[str],
    error: str = "",
) -> Document:
    """What Jekyll's Document holds after reading a file.

    `own` is the front matter's value, `stamps` the keys in it whose values are dates or times as YAML reads them, `error`
    why the front matter could not be read at all.
    """
    container = settings.container
    relative = path.removeprefix(container + "/") if container else path
    document = Document(path, relative, collection, draft, stamps)
    data = document.data
    data["draft"] = draft
    data["categories"] = _folder_categories(relative, "_drafts" if draft else collection.folder)
    if urls.extension(path) in (".yml", ".yaml"):
        _read_yaml(document, own, error)
        return document
    strict = bool(settings.config["strict_front_matter"])
    try:
        values = settings.defaults.values(relative, collection.label)
        if values:
            _merge(settings, document, values, "front matter defaults", stamped=False)
        _merge_own(settings, document, own, error)
        _name(settings, document)
        _classify(document)
    except _ReadError as failure:
        does = "the build fails" if strict else "Jekyll ignores the front matter and the date in the name"
        document.problems.append(Problem(path, Fault.FRONT_MATTER, f"{does}: {failure}", fatal=strict))
    except _FatalError as failure:
        document.problems.append(Problem(path, Fault.DATE, f"the build fails: {failure}", ("date",), fatal=True))
    return document


def _merge_own(settings: Settings, document: Document, own: Any, error: str) -> None:
    if error:
        raise _ReadError(error)
    if isinstance(own, dict):
        _merge(settings, document, own, "YAML front matter", stamped="date" in document.stamps)
    elif not is_falsy(own):
        raise _ReadError("front matter must be a mapping")


def _read_yaml(document: Document, own: Any, error: str) -> None:
    """A document that is a YAML file is its own data; nothing is merged into it."""
    document.readable = document.collection.label != "posts"
    if error or (document.readable and not isinstance(own, dict | None)):
        message = f"the build fails: {error or 'it must hold a mapping'}"
        document.problems.append(Problem(document.path, Fault.FRONT_MATTER, message, fatal=True))
    document.data.clear()
    document.data.update(own if isinstance(own, dict) else {})


def _folder_categories(relative: str, special: str) -> list[str]:
    """The folders above `_posts` are categories; those below are not."""
    if relative.startswith(special):
        return []
    above = re.sub(special + ".*", "", relative, count=1)
    base = relative.rpartition("/")[2]
    return [part for part in above.split("/") if part and part not in (special, base)]


def _merge(settings: Settings, document: Document, values: Mapping[str, Any], whence: str, *, stamped: bool) -> None:
    data = document.data
    values = {str(key): value for key, value in values.items()}
    categories = values.get("categories")
    if categories is not None:
        if isinstance(categories, str):
            categories = categories.split()
        if not isinstance(categories, list):
            raise _ReadError("`categories` must be text or a list")
        values["categories"] = _union(data["categories"], categories)
    new = merged(data, values)
    data.clear()
    data.update(new)
    if "date" in data and (values.get("date") is not None or document.moment is None):
        _date(settings, document, data["date"], whence, stamped=stamped)


def _date(settings: Settings, document: Document, value: Any, whence: str, *, stamped: bool) -> None:
    try:
        document.moment = dates.moment(value, settings.zone, settings.now, stamp=stamped)
    except ValueError:
        raise _FatalError(f"`{dates.to_s(value)}` is no valid date in the {whence}") from None


def _union(first: Iterable[Any], second: Iterable[Any]) -> list[Any]:
    """Ruby's `|` of lists: the order of both, each value once; 1 and "1" are two."""
    return list({(type(each), repr(each)): each for each in (*first, *second)}.values())


def _name(settings: Settings, document: Document) -> None:
    """Date, slug and title from the file's name, where the front matter does not say."""
    data = document.data
    slug: str | None = None
    ending: str | None = None
    dated = _DATED if settings.version > 3 else _DATED_BY_3
    if found := dated.fullmatch(document.relative):
        written, slug, ending = found.groups()
        if not data.get("date") or (document.moment is not None and _same_second(document.moment.when, settings.now)):
            data["date"] = written
            _date(settings, document, written, "filename", stamped=False)
    elif found := _UNDATED.fullmatch(document.relative):
        slug, ending = found.groups()
    slug = urls.stem(document.relative) if slug is None else slug
    if settings.version > 3:
        slug = slug.rstrip(".")
    for key, value in (("title", " ".join(map(str.capitalize, _words(slug)))), ("slug", slug), ("ext", ending)):
        if is_falsy(data.get(key)):
            data[key] = value


def _words(slug: str) -> list[str]:
    """Ruby's `split("-")`: empty words at the end are none."""
    words = slug.split("-")
    while words and not words[-1]:
        words.pop()
    return words


def _same_second(one: datetime, other: datetime) -> bool:
    return int(one.timestamp()) == int(other.timestamp())


def _classify(document: Document) -> None:
    """Categories and tags as lists, with what the singular keys say."""
    data = document.data
    said = [*data["categories"], *_plural(data, "category", "categories")]
    data["categories"] = _union(data["categories"], [dates.to_s(each) for each in said])
    data["tags"] = _plural(data, "tag", "tags")


def _plural(data: Mapping[str, Any], singular: str, plural: str) -> list[Any]:
    value = data.get(singular)
    if is_falsy(value):
        value = data.get(plural)
        value = value.split() if isinstance(value, str) else value if isinstance(value, list) else None
    return list(_flat(value))


def _flat(value: Any) -> Iterable[Any]:
    if isinstance(value, list):
        for each in value:
            yield from _flat(each)
    elif value is not None:
        yield value


def output_extension(settings: Settings, path: str, permalink: Any) -> str:
    """The extension of the built file: the permalink's own, else what the converters make of the source's."""
    if isinstance(permalink, str) and permalink and not permalink.endswith("/"):
        ending = urls.extension(permalink)
        if ending:
            return ending
    return converted(settings, urls.extension(path))


def converted(settings: Settings, ending: str) -> str:
    """What the converters make of an extension: Markdown and Sass, and those of plugins."""
    lower = ending.lower()
    if lower in (".scss", ".sass"):
        return ".css"
    if lower in settings.markdown:
        return ".html"
    return settings.converted.get(lower, ending)


class Address(NamedTuple):
    """Where a document is found."""

    url: str
    output: str
    pattern: str = ""
    """A regular expression of its possible URLs, when what decides them is not certain."""


def address(settings: Settings, document: Document, modified: datetime | None = None) -> Address:
    """The URL and output path of a document. Raises urls.MalformedError for what the build fails on."""
    permalink = document.data.get("permalink")
    if is_falsy(permalink):
        template = document.collection.template
        if not isinstance(template, str):
            raise urls.MalformedError(
                f"the collection `{document.collection.label}` has no usable permalink", "permalink"
            )
    elif isinstance(permalink, str) and "permalink" not in document.stamps:
        template = permalink
    else:
        raise urls.MalformedError("a permalink must be text", "permalink")
    date = document.date(settings, modified)
    ending = output_extension(settings, document.path, permalink)
    parts: list[str] = []
    blurred: list[str] = []
    for text, name in urls.placeholders(template):
        value = blur = ""
        if name:
            value = blur = _value(settings, document, name, date, ending)
            if name.removesuffix("_") in dates.PARTS:
                blur = _UNCERTAIN + ("_" if name.endswith("_") else "")
            value = value.replace(_FOREIGN, "")
        parts += (text, value)
        blurred += (text, blur)
    url = urls.sanitize("".join(parts))
    output = urls.output_path(url, "index.html", "" if url.endswith("/") else ending)
    pattern = "".join(blurred)
    if (_UNCERTAIN not in pattern or _is_certain(settings, document)) and _FOREIGN not in pattern:
        return Address(url, output)
    pattern = re.escape(urls.sanitize(pattern)).replace(_UNCERTAIN, "[^/]+").replace(_FOREIGN, ".*")
    return Address(url, output, pattern)


def _is_certain(settings: Settings, document: Document) -> bool:
    moment = document.moment
    if moment is None:
        return settings.now_is_fixed and not document.draft
    return moment.certain and (not moment.zoned or settings.config["timezone"] is not None)


def _value(settings: Settings, document: Document, name: str, date: datetime, ending: str) -> str:
    """The value of a placeholder, escaped. Raises urls.MalformedError for one that there is not."""
    modern = settings.version > 3
    if name.endswith("_"):
        # the name is tried without its underscore: `:year_:month`
        return _value(settings, document, name[:-1], date, ending) + "_"
    if name in (dates.PARTS if modern else dates.PARTS_OF_3):
        return dates.strftime(date, name)
    if name in ("title", "slug"):
        return urls.escape(_slug(document, pretty=name == "title"))
    if name == "categories":
        return urls.escape("/".join(dict.fromkeys(urls.downcase(dates.to_s(each)) for each in _categories(document))))
    if name == "output_ext":
        return urls.escape(ending)
    if name == "collection":
        return document.collection.label
    if name == "path":
        return urls.escape(clean_path(document.relative, document.collection.folder, trim=modern))
    if name == "name":
        return urls.escape(urls.slugify(urls.stem(document.path)))
    if name == "slugified_categories" and modern:
        return urls.escape("/".join(dict.fromkeys(urls.slugify(dates.to_s(each)) for each in _categories(document))))
    if name in _INHERITED:
        return ""
    if settings.knows_all:
        raise urls.MalformedError(f"there is no placeholder :{name}", "permalink")
    return _FOREIGN


def _categories(document: Document) -> Iterable[Any]:
    categories = document.data.get("categories")
    if isinstance(categories, list):
        return categories
    return () if categories is None else (categories,)


def _slug(document: Document, *, pretty: bool) -> str:
    slug = document.data.get("slug")
    if slug is None:
        slug = urls.stem(document.path)
    if not isinstance(slug, str) or "slug" in document.stamps:
        raise urls.MalformedError("`slug` must be text", "slug")
    return urls.slugify(slug, pretty=pretty)


_INHERITED = frozenset((
    "class", "clone", "display", "dup", "extend", "freeze", "hash", "inspect", "itself", "keys", "method", "methods", "send",
    "tap", "then", "each", "fetch", "merge", "context",
))  # fmt: skip
"""Names that every Ruby object answers to: as placeholders they vanish instead of failing the build."""


def clean_path(relative: str, folder: str, *, trim: bool) -> str:
    """`:path`: the path without extension and without the collection's folder; `trim` cuts the dots at its end."""
    path = relative.removesuffix(urls.extension(relative)).replace(folder, "", 1)
    return path.rstrip(".") if trim else path
