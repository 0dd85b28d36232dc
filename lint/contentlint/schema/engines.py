"""The two engines that judge a value, and what they agree on.

jsonschema-rs decides on the valid majority, some 200 times faster than jsonschema. Only when it objects is jsonschema imported, to say
the same again in terms that can be explained; what one of the two alone finds wrong is not reported. All regular expressions
run in jsonschema-rs, linear or with a bound on backtracking: a pattern that exceeds it objects to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any, Protocol

from contentlint.page import KeyPath
from contentlint.schema.wording import Violation

DRAFTS = {
    "https://json-schema.org/draft/2020-12/schema": "Draft202012Validator",
    "https://json-schema.org/draft/2019-09/schema": "Draft201909Validator",
    "http://json-schema.org/draft-07/schema#": "Draft7Validator",
    "http://json-schema.org/draft-06/schema#": "Draft6Validator",
    "http://json-schema.org/draft-04/schema#": "Draft4Validator",
}
"""The drafts by their `$schema`, with the name that both engines give their class."""

_BACKTRACKING = 100_000
"""Steps that a pattern with look-around may take on one text: some ten milliseconds."""


class _Fast(Protocol):
    def is_valid(self, instance: Any) -> bool: ...
    def iter_errors(self, instance: Any) -> Iterator[Any]: ...


class Judge:
    """Says what is wrong with a value in the eyes of one schema."""

    def __init__(self, uri: str, draft: str, resources: Mapping[str, Any]) -> None:
        """`uri` is the schema's address, `resources` the files by their address."""
        self.uri = uri
        self.draft = draft
        self.resources = resources

    @staticmethod
    @lru_cache(maxsize=len(DRAFTS))
    def of_draft(draft: str) -> Judge:
        """The judge of schemas: whether a value is a schema of this draft."""
        return Judge(draft, draft, {})

    @cached_property
    def _fast(self) -> _Fast:
        import jsonschema_rs

        draft = getattr(jsonschema_rs, DRAFTS[self.draft].removesuffix("Validator"))
        registry = jsonschema_rs.Registry(list(self.resources.items()), draft=draft)
        engine: type[jsonschema_rs.Validator] = getattr(jsonschema_rs, DRAFTS[self.draft])
        return engine(
            {"$schema": self.draft, "$ref": self.uri},
            registry=registry,
            offline=True,
            validate_formats=False,
            pattern_options=jsonschema_rs.FancyRegexOptions(backtrack_limit=_BACKTRACKING),
        )

    @cached_property
    def _thorough(self) -> Any:
        from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]  # it ships no types
        from referencing import Registry
        from referencing.jsonschema import specification_with

        from contentlint.schema.keywords import engine

        contents = {uri: REGISTRY.contents(uri) for uri in REGISTRY} | dict(self.resources)
        registry: Any = Registry().with_resources(
            # Where `$schema` stands, jsonschema goes on with its own class for the draft, which lacks our keywords.
            (uri, specification_with(content["$schema"]).create_resource(_without(content, "$schema")))
            for uri, content in contents.items()
        )
        return engine(DRAFTS[self.draft], unevaluated=not self._has_patterns)({"$ref": self.uri}, registry=registry)

    @cached_property
    def _has_patterns(self) -> bool:
        """Whether jsonschema would run patterns on Python's engine to learn which properties are evaluated."""
        return any("patternProperties" in each for each in _mappings(self.resources))

    @cached_property
    def _known_keys(self) -> list[str]:
        """All keys that the files know by name."""
        known = (each.get("properties") for each in _mappings(self.resources))
        return [key for properties in known if isinstance(properties, dict) for key in properties]

    def is_valid(self, data: Any) -> bool:
        """Whether jsonschema-rs finds nothing wrong."""
        try:
            return self._fast.is_valid(data)
        except ValueError:  # keys that are no texts, or texts that are no UTF-8
            return self._fast.is_valid(as_json(data))

    def violations(self, data: Any) -> list[Violation]:
        """What both engines find wrong, in the order of the schema's keywords; the same each time."""
        if self.is_valid(data):
            return []
        from contentlint.schema.explaining import explain, unknown_keys  # nearly all is valid

        try:
            plain = as_json(data)
            objections = list(self._fast.iter_errors(plain))
            errors = list(self._thorough.iter_errors(plain)) if objections else []
        except RecursionError:  # nested deeper than any page that can be read
            return []
        at_fault = [tuple(error.instance_path) for error in objections]
        above = {each[:length] for each in at_fault for length in range(len(each) + 1)}
        found: dict[Violation, None] = {}
        for error in errors:
            if error.validator != "unevaluatedProperties" and tuple(error.absolute_path) in above:
                found.update(dict.fromkeys(explain(error)))
        unevaluated = self._has_patterns or any(error.validator == "unevaluatedProperties" for error in errors)
        for path, objection in zip(at_fault, objections, strict=True):
            if unevaluated and objection.kind.name == "unevaluatedProperties":
                keys = objection.kind.unexpected
                found.update(dict.fromkeys(unknown_keys(path, keys, self._known_keys, "unevaluatedProperties")))
        known: dict[int, dict[object, Any]] = {}
        return [each._replace(path=_own_path(data, each.path, known)) for each in found]


def is_regex(pattern: str) -> bool:
    """Whether jsonschema-rs takes this for a regular expression (of ECMAScript, as JSON Schema wants it)."""
    try:
        _regex(pattern)
    except ValueError:
        return False
    return True


def is_in_draft(uri: str, draft: str) -> bool:
    """Whether the address of a part of a draft's own schema leads to one."""
    import jsonschema_rs

    try:
        Judge(uri, draft, {})._fast  # noqa: B018, SLF001 - made, to see whether it can be
    except (ValueError, jsonschema_rs.ReferencingError):
        return False
    return True


def fits(pattern: str, text: str) -> bool:
    """Whether a pattern is found in a text; one that takes too many steps to tell is taken to be."""
    import jsonschema_rs

    regex, failed = _regex(pattern), jsonschema_rs.ValidationErrorKind.Pattern
    return regex.is_valid(text) or not any(isinstance(error.kind, failed) for error in regex.iter_errors(text))


@lru_cache(maxsize=1024)
def _regex(pattern: str) -> _Fast:
    import jsonschema_rs

    options = jsonschema_rs.FancyRegexOptions(backtrack_limit=_BACKTRACKING)
    return jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=options)


def as_json(data: Any) -> Any:
    """A copy that JSON could hold: keys as texts, lone surrogates replaced, no number that Python cannot print."""
    if isinstance(data, dict):
        return {_as_key(key): as_json(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_json(value) for value in data]
    if isinstance(data, int):
        return max(-_HUGE, min(data, _HUGE)) if not isinstance(data, bool) else data
    return _as_key(data) if isinstance(data, str) else data


_HUGE = 10**400
"""A number beyond it is taken for this one."""


def _as_key(key: Any) -> str:
    text = key if isinstance(key, str) else _spelled(key)
    return text.encode("utf-8", "replace").decode("utf-8")


def _spelled(key: Any) -> str:
    return {True: "true", False: "false", None: "null"}[key] if key is None or isinstance(key, bool) else str(key)


def _without(content: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key != name}


def _own_path(data: Any, path: KeyPath, known: dict[int, dict[object, Any]]) -> KeyPath:
    """The path with the keys that the data really has; of keys that are spelled alike the last, as in the copy.

    `known` keeps how the keys of each mapping are spelled, by its identity: thousands of faults may lie in one.
    """
    own = []
    for step in path:
        if isinstance(data, dict):
            if id(data) not in known:
                known[id(data)] = {_as_key(key): key for key in data}
            step = known[id(data)][step]
        own.append(step)
        data = data[step]
    return tuple(own)


def _mappings(content: Any) -> Iterator[dict[str, Any]]:
    todo = [content]
    while todo:
        each = todo.pop()
        if isinstance(each, dict):
            yield each
            todo.extend(each.values())
        elif isinstance(each, list):
            todo.extend(each)
