"""A config and schemas inferred from the pages that are there: what most of them have in common, and who differs."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contentlint.inference import addresses, includes
from contentlint.inference.evidence import FEW, MANY, outliers
from contentlint.inference.fields import EACH, Field, Oddity, Reader
from contentlint.inference.includes import Contract
from contentlint.inference.kinds import Kind, kinds, literal, speaks_for_folder
from contentlint.inference.references import Bases
from contentlint.patterns import compile_pattern
from contentlint.record import NamedTuple
from contentlint.site import Site, Source

__all__ = ["Claim", "Contract", "Inferred", "Oddity", "Said", "infer"]

FOLDER = "schemas"
"""Where the schemas are written, below the project."""

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_PAGES = frozenset({"page", "post", "draft", "document"})

_TEXT: dict[str, Any] = {"type": ["null", "string"]}
_TEXTS: dict[str, Any] = {"type": ["array", "null", "string"]}
_GIVEN: dict[str, dict[str, Any]] = {
    "categories": _TEXTS,
    "category": _TEXT,
    "date": _TEXT,
    "excerpt": _TEXT,
    "excerpt_separator": _TEXT,
    "layout": _TEXT,
    "permalink": _TEXT,
    "published": {"type": "boolean"},
    "slug": _TEXT,
    "tags": _TEXTS,
}
"""The keys that Jekyll itself reads on any page."""
_GIVEN_BY_PLUGINS: dict[str, dict[str, dict[str, Any]]] = {
    "jekyll-redirect-from": {"redirect_from": _TEXTS, "redirect_to": _TEXTS},
    "jekyll-sitemap": {"sitemap": {"type": "boolean"}, "last_modified_at": _TEXT},
}
_ADDRESSES = frozenset({"permalink", "redirect_from", "redirect_to", "url", "slug"})
"""Keys whose values rules on addresses judge."""
_OPTIONAL = _ADDRESSES | {
    "category",
    "date",
    "excerpt",
    "excerpt_separator",
    "published",
    "sitemap",
    "last_modified_at",
}

Claim = tuple[str, str]
"""(pattern, schema | unique | references | permalink | back-link): what is said of a kind; for includes ("", "includes")."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of the pages that fit a pattern."""

    match: str
    count: int
    """Of how many pages it was inferred."""
    schema: str = ""
    """The path of the schema, relative to the project."""
    permalink: str = ""
    back_link: str = ""

    @property
    def is_something(self) -> bool:
        """Whether anything is said at all; otherwise the pattern only keeps its pages from a wider one."""
        return bool(self.schema or self.permalink or self.back_link)


class Inferred(NamedTuple):
    """All that is to be said of a site."""

    pages: Sequence[Said]
    data: Sequence[Said]
    includes: Mapping[str, Contract]
    schemas: Mapping[str, str]
    """The text of each schema, by its path relative to the project."""
    odd: Sequence[Oddity]


def infer(
    site: Site,
    config: Mapping[str, Any],
    plugins: Collection[str],
    templates: Mapping[str, str],
    files: Collection[str],
    taken: Collection[str] = (),
    without: Collection[Claim] = (),
) -> Inferred:
    """Infer it. `config` is the generator's, `templates` the texts of the includes by name, `files` every path below the
    source that a pattern could be held against, `taken` the names of files in `FOLDER`, and `without` what shall not be
    said after all.
    """  # noqa: D205 - one sentence
    return _Inference(site, config, plugins, taken, without).infer(templates, files)


@dataclass(eq=False)
class _Inference:
    site: Site
    config: Mapping[str, Any]
    plugins: Collection[str]
    taken: Collection[str]
    without: Collection[Claim]
    schemas: dict[str, str] = field(default_factory=dict)
    odd: list[Oddity] = field(default_factory=list)

    def infer(self, templates: Mapping[str, str], files: Collection[str]) -> Inferred:
        pages = {
            source.path.removeprefix(self.site.folder): source
            for source in self.site.sources.values()
            if source.kind == "page" and source.target is not None and source.target.kind in _PAGES
        }
        legible = {path: source for path, source in pages.items() if not source.muted and isinstance(source.data, dict)}
        read = {path: source for path, source in legible.items() if _is_shown(source)}
        self.bases = Bases(self.site, self.config)
        self.contracts = {} if ("", "includes") in self.without else includes.contracts(templates, list(read.values()))
        found = kinds({path: [str(key) for key in source.own] for path, source in read.items()})
        said = [self._kind(kind, read) for kind in found]
        data = [each for source in self.site.sources.values() if (each := self._data(source)) is not None]
        bare = {path for path in files if path not in pages}
        return Inferred(_set_apart(found, said, bare, legible), data, self.contracts, self.schemas, self.odd)

    def _kind(self, kind: Kind, pages: Mapping[str, Source]) -> Said:
        text = kind.pattern.text
        if len(kind.paths) < (FEW if "/" in text else MANY):  # pages at the top often share nothing but their place
            return Said(text, len(kind.paths))
        own = [pages[path] for path in kind.paths]
        permalink = addresses.permalink(kind, pages) if (text, "permalink") not in self.without else ""
        back_link = addresses.back_link(kind, pages, self.site) if (text, "back-link") not in self.without else ""
        schema = ""
        if (text, "schema") not in self.without:
            content = self._reader(text, self.odd).page(own)
            if content.get("properties"):
                of = f"The front matter of {text}, inferred from {len(own)} pages."
                schema = self._write(_name(text), {"title": text, "description": of, **content})
        return Said(text, len(own), schema, permalink, back_link)

    def _data(self, source: Source) -> Said | None:
        """What is said of a data file that is a list of mappings in which something refers to something."""
        path = source.path.removeprefix(self.site.folder)
        if source.kind != "data" or source.muted or not _is_list(source.data) or (path, "schema") in self.without:
            return None
        odd: list[Oddity] = []
        content = self._reader(path, odd).data(source)
        if "x-reference" not in json.dumps(content):
            return None
        self.odd += odd
        of = f"The data of {path}, inferred from its {len(source.data)} entries."
        name = _name(path.rpartition(".")[0])
        return Said(literal(path), 1, self._write(name, {"title": path, "description": of, **content}))

    def _reader(self, text: str, odd: list[Oddity]) -> Reader:
        given = dict(_GIVEN)
        for plugin in sorted(self.plugins):
            given |= _GIVEN_BY_PLUGINS.get(plugin, {})
        bare = (text, "references") in self.without
        return Reader(
            (lambda _field, _values: None) if bare else self.bases.of,
            given,
            _ADDRESSES,
            _OPTIONAL,
            {key for contract in self.contracts.values() for key in contract.needs},
            {_field(path) for contract in self.contracts.values() for path in contract.params.values()},
            unique=(text, "unique") not in self.without,
            odd=odd,
        )

    def _write(self, name: str, content: dict[str, Any]) -> str:
        file, number = f"{name}.schema.json", 2
        while f"{FOLDER}/{file}" in self.schemas or file in self.taken:
            file, number = f"{name}-{number}.schema.json", number + 1
        path = f"{FOLDER}/{file}"
        self.schemas[path] = json.dumps({"$schema": _DRAFT, **content}, indent=2, ensure_ascii=False) + "\n"
        return path


def _set_apart(
    found: Sequence[Kind], said: Sequence[Said], bare: Collection[str], pages: Collection[str]
) -> list[Said]:
    """What is said, and before it a pattern of its own for whatever a wider one would take along without being meant.

    `bare` are files without front matter. Among very many pages one may lack it by mistake: it is left where it is, and named.
    """
    speaking = [each for each in said if each.is_something]
    patterns = {each.match: compile_pattern(each.match) for each in speaking}
    kind_of = {path: kind.pattern.text for kind in found for path in kind.paths}
    count = {each.match: each.count for each in said}

    def first(path: str) -> str:
        return next((match for match, pattern in patterns.items() if pattern.match(path) is not None), "")

    apart = {kind_of.get(path, literal(path)) for path in pages if first(path) not in ("", kind_of.get(path))}
    taken_along: dict[str, list[str]] = {}
    for path in bare:
        taken_along.setdefault(first(path), []).append(path)
    for match in taken_along.keys() - {""}:
        meant = [path for path in taken_along[match] if not speaks_for_folder(path)]
        if len(meant) > outliers(count[match]):
            meant = []
        apart.update(literal(path) for path in taken_along[match] if path not in meant)
    return [*(Said(match, count.get(match, 1)) for match in sorted(apart)), *speaking]


def _is_shown(source: Source) -> bool:
    """Whether people read a page; feeds and style sheets have front matter only to be made."""
    return source.target is not None and source.target.output.endswith((".html", ".htm"))


def _field(path: str) -> Field:
    """The field of a contract's way to values: `("images", "", "image_id")` for `images[].image_id`."""
    key, _, by = path.rpartition("[].")
    return (*key.split("."), EACH, by)


def _is_list(data: Any) -> bool:
    return isinstance(data, list) and len(data) >= FEW and all(isinstance(each, dict) for each in data)


def _name(text: str) -> str:
    """A file's name for a pattern's schema, of its literal parts: `muscle-page` for `muscle/{folder}/{name}.md`."""
    return "-".join(_parts(text))


def _parts(text: str) -> Iterator[str]:
    *folders, file = text.split("/")
    for each in folders:
        if "{" not in each:
            yield from re.findall(r"[a-z0-9]+", each.lower())
    stem = file.partition(".")[0]
    yield from ["page"] if "{" in stem else re.findall(r"[a-z0-9]+", stem.lower())
