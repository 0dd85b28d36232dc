"""One schema file: where schemas stand in it, their `$id`s and anchors, and the addresses under which engines know them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contentlint.page import KeyPath
from contentlint.percent import quote, urljoin
from contentlint.record import Record, field
from contentlint.schema.engines import DRAFTS

NEWEST = "https://json-schema.org/draft/2020-12/schema"
OLD = tuple(draft for draft in DRAFTS if "/draft-0" in draft)
"""Drafts in which nothing beside a `$ref` counts."""

_SCHEMA = ("additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not", "propertyNames",
           "then", "unevaluatedItems", "unevaluatedProperties")  # fmt: skip
_SCHEMAS = ("allOf", "anyOf", "items", "oneOf", "prefixItems")
_NAMED_SCHEMAS = ("$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties")
IN_PLACE = {"allOf", "anyOf", "dependencies", "dependentSchemas", "else", "if", "not", "oneOf", "then"}
"""Keywords whose schemas look at the same value as the schema they stand in."""


class File(Record):
    """A schema file: its text, its content (`$ref`s made absolute once checked) and its draft."""

    path: str
    text: str
    content: Any
    draft: str
    uri: str
    ids: dict[str, KeyPath] = field(default_factory=dict)
    """Absolute `$id`s within, and where."""
    anchors: dict[tuple[KeyPath, str], KeyPath] = field(default_factory=dict)
    """(the resource they belong to, name) of `$anchor`s."""
    resources: dict[KeyPath, int] = field(default_factory=lambda: {(): 0})
    """Where the file, and each schema in it with an `$id` of its own, begins, numbered."""
    bases: dict[KeyPath, str] = field(default_factory=dict)

    def resource(self, key: KeyPath) -> KeyPath:
        """The innermost schema with its own `$id` around a place, or the file."""
        return next(key[:length] for length in range(len(key), -1, -1) if key[:length] in self.resources)

    def address(self, key: KeyPath) -> str:
        """The address under which engines know the schema at a place."""
        resource = self.resource(key)
        own = f"{self.uri}/{self.resources[resource]}" if resource else self.uri
        return own + fragment(key[len(resource) :])


def children(schema: dict[str, Any]) -> Iterator[tuple[str, KeyPath, Any]]:
    """(keyword, way to it, schema) of each schema that stands within one."""
    for keyword, value in schema.items():
        if isinstance(value, dict | bool):
            if keyword in _SCHEMA:
                yield keyword, (keyword,), value
            elif keyword in _NAMED_SCHEMAS and isinstance(value, dict):
                for name, each in value.items():
                    if isinstance(each, dict | bool):
                        yield keyword, (keyword, name), each
        elif keyword in _SCHEMAS and isinstance(value, list):
            for number, each in enumerate(value):
                yield keyword, (keyword, number), each


def fragment(key: KeyPath) -> str:
    """A JSON Pointer as the fragment of an address (RFC 6901)."""
    return "#" + "".join("/" + quote(str(step).replace("~", "~0").replace("/", "~1")) for step in key)


def known_draft(named: Any) -> str | None:
    if isinstance(named, str):
        for draft in DRAFTS:
            if named.rstrip("#") == draft.rstrip("#"):
                return draft
    return None


def id_keyword(draft: str) -> str:
    return "id" if "draft-04" in draft else "$id"


def index(file: File) -> None:
    """Find the `$id`s and anchors of a file, and take the file's own `$id` from it: engines know it by another name."""
    name = id_keyword(file.draft)
    todo: list[tuple[KeyPath, Any, KeyPath]] = [((), file.content, ())]
    while todo:
        key, content, resource = todo.pop()
        if not isinstance(content, dict) or (file.draft in OLD and "$ref" in content):
            continue
        own = content.get(name)
        if isinstance(own, str) and own.startswith("#"):
            file.anchors[resource, own[1:]] = key
        elif isinstance(own, str):
            base = joined(file.bases.get(resource, ""), own).rstrip("#")
            file.ids[base] = file.ids[own.rstrip("#")] = key
            file.bases[key] = base
            if key:
                file.resources[key] = len(file.resources)
            resource = key
        for anchor in ("$anchor", "$dynamicAnchor"):
            if isinstance(content.get(anchor), str):
                file.anchors[resource, content[anchor]] = key
        todo.extend(((*key, *within), each, resource) for _, within, each in children(content))
    if isinstance(file.content.get(name), str) and not file.content[name].startswith("#"):
        del file.content[name]


def joined(base: str, address: str) -> str:
    """An address as it is meant beside another (RFC 3986); as it stands when one of them is no address at all."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def value_at(content: Any, key: KeyPath) -> Any:
    for step in key:
        content = content[step]
    return content
