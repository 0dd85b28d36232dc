"""Where in a value the keywords `x-reference` and `x-unique` apply.

A schema is compiled once into nodes, and only those from which such a keyword can be reached are kept: for a schema that has
none nothing is done at all, and a page costs as many steps as it has values that may be meant.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contentlint.page import KeyPath
from contentlint.record import Record, field
from contentlint.schema.documents import Collection, Location
from contentlint.schema.engines import fits
from contentlint.schema.extensions import ReferenceRule
from contentlint.schema.files import OLD, children

Fits = Callable[[Any], bool]


class Node(Record, eq=False):
    """What a schema says of a value as far as our keywords go."""

    reference: ReferenceRule | None = None
    unique: bool = False
    same: list[Node] = field(default_factory=list)
    """`allOf`, `$ref`: they look at the same value."""
    when: list[tuple[Fits, Node]] = field(default_factory=list)
    """`anyOf`, `oneOf`, `then`, `else`: they count when the value fits."""
    with_key: list[tuple[str, Node]] = field(default_factory=list)
    """`dependentSchemas`: they count when the value has the key."""
    properties: dict[str, Node] = field(default_factory=dict)
    patterns: list[tuple[str, Node]] = field(default_factory=list)
    known: frozenset[str] = frozenset()
    """Keys that `additionalProperties` says nothing about, whether or not they matter to us."""
    known_patterns: tuple[str, ...] = ()
    additional: Node | None = None
    first: dict[int, Node] = field(default_factory=dict)
    """`prefixItems`, by their number."""
    items: Node | None = None
    skipped: int = 0
    """How many entries stand before those of `items`."""


def compile_node(collection: Collection, test: Callable[[Location], Fits]) -> Node | None:
    """The node of the collection's root; None when neither keyword can be reached. `test` gives the test of a schema."""
    live = _live(collection)
    nodes = {location: Node() for location in live}
    for location, node in nodes.items():
        node.reference = collection.references.get(location)
        node.unique = location in collection.uniques
        schema = collection.schemas[location]
        if location in collection.refs and collection.refs[location] in live:
            node.same.append(nodes[collection.refs[location]])
        for keyword, within, _ in _followed(collection, location):
            at = Location(location.path, location.key + within)
            if at in live:
                _attach(node, schema, keyword, within, nodes[at], _tests(test, location))
    return nodes.get(collection.root)


def _tests(test: Callable[[Location], Fits], location: Location) -> Callable[[KeyPath], Fits]:
    return lambda within: test(Location(location.path, location.key + within))


_FOLLOWED = {"additionalItems", "additionalProperties", "allOf", "anyOf", "dependencies", "dependentSchemas", "else", "if", "items",
             "oneOf", "patternProperties", "prefixItems", "properties", "then"}  # fmt: skip


def _followed(collection: Collection, location: Location) -> list[tuple[str, KeyPath, Any]]:
    schema = collection.schemas[location]
    if not isinstance(schema, dict) or ("$ref" in schema and collection.draft(location) in OLD):
        return []
    return [each for each in children(schema) if each[0] in _FOLLOWED]


def _live(collection: Collection) -> set[Location]:
    """All schemas from which one of our keywords can be reached."""
    above: dict[Location, list[Location]] = {}
    for location in collection.schemas:
        for _, within, _ in _followed(collection, location):
            above.setdefault(Location(location.path, location.key + within), []).append(location)
    for location, target in collection.refs.items():
        above.setdefault(target, []).append(location)
    live: set[Location] = set()
    todo = [*collection.references, *collection.uniques]
    while todo:
        location = todo.pop()
        if location not in live:
            live.add(location)
            todo.extend(above.get(location, ()))
    return live


def _attach(
    node: Node, schema: dict[str, Any], keyword: str, within: KeyPath, child: Node, tests: Callable[[KeyPath], Fits]
) -> None:
    """Hang the node of a schema within another where it counts."""
    match keyword:
        case "properties":
            node.properties[str(within[1])] = child
        case "patternProperties":
            node.patterns.append((str(within[1]), child))
        case "additionalProperties":
            node.additional = child
            node.known = frozenset(schema.get("properties", ()))
            node.known_patterns = tuple(schema.get("patternProperties", ()))
        case "prefixItems" | "items" if len(within) == 2:
            node.first[int(within[1])] = child
        case "items" | "additionalItems":
            first = schema.get("prefixItems") if keyword == "items" else schema.get("items")
            node.skipped = len(first) if isinstance(first, list) else 0
            node.items = child
        case "allOf":
            node.same.append(child)
        case "anyOf" | "oneOf" | "if":
            node.when.append((tests(within), child))
        case "then":
            if "if" in schema:
                node.when.append((tests(("if",)), child))
        case "else":
            if "if" in schema:
                test = tests(("if",))
                node.when.append((lambda value: not test(value), child))
        case _:
            node.with_key.append((str(within[1]), child))


def annotate(
    node: Node,
    value: Any,
    path: KeyPath,
    references: dict[tuple[KeyPath, ReferenceRule], str],
    uniques: dict[KeyPath, Any],
) -> None:
    """Add the places within a value where the keywords apply, each once."""
    if node.reference is not None and type(value) is str:
        references[path, node.reference] = value
    if node.unique and value is not None:
        uniques[path] = value
    for each in node.same:
        annotate(each, value, path, references, uniques)
    for test, each in node.when:
        if test(value):
            annotate(each, value, path, references, uniques)
    if type(value) is dict:
        for key, each in node.properties.items():
            if key in value:
                annotate(each, value[key], (*path, key), references, uniques)
        if node.patterns or node.additional is not None:
            _annotate_others(node, value, path, references, uniques)
        for key, each in node.with_key:
            if key in value:
                annotate(each, value, path, references, uniques)
    elif type(value) is list:
        for at, within in node.first.items():
            if at < len(value):
                annotate(within, value[at], (*path, at), references, uniques)
        if node.items is not None:
            for at in range(node.skipped, len(value)):
                annotate(node.items, value[at], (*path, at), references, uniques)


def _annotate_others(
    node: Node,
    value: dict[Any, Any],
    path: KeyPath,
    references: dict[tuple[KeyPath, ReferenceRule], str],
    uniques: dict[KeyPath, Any],
) -> None:
    for key, within in value.items():
        if not isinstance(key, str):
            continue
        for pattern, each in node.patterns:
            if fits(pattern, key):
                annotate(each, within, (*path, key), references, uniques)
        if (
            node.additional is not None
            and key not in node.known
            and not any(fits(pattern, key) for pattern in node.known_patterns)
        ):
            annotate(node.additional, within, (*path, key), references, uniques)
