"""Front matter defaults: which values of `_config.yml` reach which file, and which of them wins (facts 2.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from contentlint.generators.jekyll import dates
from contentlint.generators.jekyll.patterns import glob
from contentlint.generators.jekyll.problems import Fault, Problem
from contentlint.record import NamedTuple

if TYPE_CHECKING:
    from contentlint.page import KeyPath
    from contentlint.tree import Tree

_COMMON = (None, "pages", "posts")  # types that reach a file on nearly every site
_RENAMED = {"page": "pages", "post": "posts", "draft": "drafts"}


class DefaultSet(NamedTuple):
    """One entry of `defaults`, ready to be matched."""

    place: int
    """Its index in `defaults`: its values stand at ("defaults", place, "values")."""
    scoped: bool
    """Whether it has a scope at all."""
    prefix: str
    """What the path of a file must start with, when there is no `*` in the scope's path."""
    hits: Mapping[int, frozenset[str]] | None
    """By length: what a path with `*` finds on disk. Each hit is a prefix."""
    whole: bool
    """Whether a prefix must end where a path segment does, as in 3.10 (facts 8)."""
    kind: str | None
    """The type, or None for any."""
    weight: int
    """The length of the scope's path, which decides who wins."""
    values: Mapping[str, Any]

    def reaches(self, path: str, kind: str | None) -> bool:
        """Whether a file with this relative path and type is meant."""
        if self.kind is not None and self.kind != kind:
            return False
        if self.hits is None:
            return path.startswith(self.prefix)
        return any(
            path[:length] in hits and (not self.whole or path[length : length + 1] in ("", "/"))
            for length, hits in self.hits.items()
        )

    def beats(self, other: DefaultSet) -> bool:
        """Whether it wins over one that stands before it."""
        if self.weight != other.weight:
            return self.weight > other.weight
        return self.kind is not None or other.kind is None


def merged(low: Mapping[str, Any], high: Mapping[str, Any]) -> dict[str, Any]:
    """Jekyll's deep merge: `high` wins, mappings are merged key by key, a null of `high` loses to what was there."""
    result = dict(low)
    for key, value in high.items():
        old = result.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            result[key] = merged(old, value)
        elif value is not None or key not in result:
            result[key] = value
    return result


class Defaults:
    """All defaults of a site."""

    def __init__(self, sets: Sequence[DefaultSet]) -> None:
        self.sets = tuple(sets)

    def values(self, path: str, kind: str | None) -> dict[str, Any]:
        """The default values of a file, merged: documents start from these (Jekyll's `all`)."""
        result: dict[str, Any] = {}
        last: DefaultSet | None = None
        for each in self.sets:
            if each.reaches(path, kind):
                if last is None or each.beats(last):
                    result = merged(result, each.values)
                    last = each if each.scoped else last
                else:
                    result = merged(each.values, result)
        return result

    def find(self, path: str, kind: str | None, key: str) -> Any:
        """One default value of a page, None when there is none (Jekyll's `find`)."""
        found = self.source(path, kind, key)
        return None if found is None else found.values[key]

    def source(self, path: str, kind: str | None, key: str) -> DefaultSet | None:
        """The entry that a default value comes from, so that a fault in it is reported where it stands."""
        last: DefaultSet | None = None
        for each in self.sets:
            if key in each.values and each.reaches(path, kind) and (last is None or each.beats(last)):
                last = each
        return last


def load(
    tree: Tree,
    source: str,
    config: Mapping[str, Any],
    path: str,
    version: int,
    stamps: frozenset[KeyPath],
    now: datetime,
) -> tuple[Defaults, list[Problem]]:
    """The `defaults` of a config.

    `path` is the config file, for the problems; `stamps` are the values in it that YAML reads as a date or time.
    """
    entries = config.get("defaults")
    sets: list[DefaultSet] = []
    problems: list[Problem] = []
    if not isinstance(entries, list):
        return Defaults(()), []
    container = config["collections_dir"]
    for place, entry in enumerate(entries):
        key = ("defaults", place)
        values = entry.get("values") if isinstance(entry, Mapping) else None
        if not isinstance(values, Mapping):
            message = "Jekyll ignores this entry: it has no mapping `values`"
            problems.append(Problem(path, Fault.DEFAULTS, message, key))
            continue
        values = {str(name): value for name, value in values.items()}
        wrong, at = _wrong(entry, values, (*key, "values", "date") in stamps, now)
        if "scope" not in entry and any(each.scoped and not each.prefix and each.kind in _COMMON for each in sets):
            wrong, at = "an entry without `scope` must come before those that have one", ()
        if wrong:
            problems.append(Problem(path, Fault.DEFAULTS, f"the build fails: {wrong}", (*key, *at), fatal=True))
        else:
            sets.append(_set(tree, source, place, entry, values, version, container))
    return Defaults(sets), problems


def _wrong(entry: Mapping[str, Any], values: dict[str, Any], stamped: bool, now: datetime) -> tuple[str, KeyPath]:
    """What the build fails on in an entry, and where; a date in its values is made a full one."""
    scope = entry.get("scope", {})
    if not isinstance(scope, Mapping):
        return "`scope` must be a mapping", ("scope",)
    if "type" in scope and not isinstance(scope["type"], str):
        return "`type` must be text", ("scope", "type")
    if "date" in values:
        value = values["date"]
        if not isinstance(value, str) or (stamped and len(value) <= 10):
            return "a default date must be text or a time", ("values", "date")
        try:
            moment = dates.moment(value, now.tzinfo or UTC, now, stamp=stamped)
        except ValueError as error:
            return str(error), ("values", "date")
        if moment is not None:
            values["date"] = moment.when.strftime("%Y-%m-%d %H:%M:%S %z")
    return "", ()


def _set(
    tree: Tree,
    source: str,
    place: int,
    entry: Mapping[str, Any],
    values: Mapping[str, Any],
    version: int,
    container: str,
) -> DefaultSet:
    scope = entry.get("scope", {})
    path = scope.get("path")
    path = path if isinstance(path, str) else ""
    kind = scope.get("type")
    kind = _RENAMED.get(kind, kind)
    weight = len(path.removeprefix("/"))
    hits: dict[int, frozenset[str]] | None = None
    if "*" in path:
        found = [] if path.startswith("/") and version > 3 else glob(tree, source, path)
        hits = _by_length(_below(hit, container) for hit in found)
    elif version == 3 and path:
        hits = _by_length([_below(path, container).removeprefix("/")])
    return DefaultSet(place, "scope" in entry, _below(path, container), hits, version == 3, kind, weight, values)


def _below(path: str, container: str) -> str:
    return path.replace(container + "/", "", 1) if container and path.startswith(container + "/") else path


def _by_length(paths: Any) -> dict[int, frozenset[str]]:
    lengths: dict[int, set[str]] = {}
    for path in paths:
        lengths.setdefault(len(path), set()).add(path)
    return {length: frozenset(group) for length, group in sorted(lengths.items())}
