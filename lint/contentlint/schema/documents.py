"""Schema files: read, put together and checked, with the place of everything that is wrong with them.

Every `$ref` is resolved here, to a place in a file that was read: relative to the file it stands in, or to an `$id` of one of
the files. Nothing is ever fetched. Engines are then given the files with absolute `$ref`s and need to find nothing themselves.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

from contentlint.diagnostic import Fault, Span, UnusableError
from contentlint.digest import digest_of
from contentlint.page import KeyPath
from contentlint.percent import unquote
from contentlint.record import NamedTuple, Record, field
from contentlint.regex import regex
from contentlint.schema import sure
from contentlint.schema.engines import DRAFTS, Judge, is_in_draft, is_regex
from contentlint.schema.extensions import ReferenceRule, problems, reference_rule
from contentlint.schema.files import (
    IN_PLACE,
    NEWEST,
    OLD,
    File,
    children,
    id_keyword,
    index,
    joined,
    known_draft,
    value_at,
)
from contentlint.schema.json_text import MOST_FAULTS, parse, place
from contentlint.schema.wording import meant, said

Read = Callable[[str], bytes]
"""The bytes of the file at a POSIX path; raises OSError when there is none."""
Names = Callable[[str], Iterable[str]]
"""The names in the folder at a POSIX path, to tell what may have been meant; none when it cannot be known."""

_MOST_STEPS = 100
"""Schemas that may lead to one another on the same value."""
_MOST_LOOKS = 100_000
_MOST_VISITS = 1_000_000
"""Looks at all of one value, that each level may multiply."""
_DEFINING = ("$defs", "definitions")
"""Keywords that only give schemas a name."""
BOTTOMLESS = 1_000
"""Levels that no file has."""
"""How often schemas may look at one and the same value: without a bound, forty that each refer twice to the next would take for ever."""
_MOST_DIGITS = 9
"""Digits of a number in a JSON Pointer: no list is longer."""
_SCHEME = regex(r"[A-Za-z][A-Za-z0-9+.-]*:")


class Location(NamedTuple):
    """A place in a schema file."""

    path: str
    key: KeyPath


class Collection(Record, slots=False):
    """All files that a schema stands on, and every schema in them that can be reached."""

    root: Location
    files: dict[str, File]
    schemas: dict[Location, Any] = field(default_factory=dict)
    refs: dict[Location, Location] = field(default_factory=dict)
    """Where the `$ref` of a schema leads."""
    references: dict[Location, ReferenceRule] = field(default_factory=dict)
    uniques: set[Location] = field(default_factory=set)
    digest: str = ""
    in_place: dict[Location, list[Location]] = field(default_factory=dict)
    """Which schemas look at the same value as one, in no circle."""

    @cached_property
    def deepest(self) -> int:
        """The levels to which a value may be nested; what refers to itself may look several times as often at each further one."""
        if not self._refers_to_itself():
            return BOTTOMLESS
        known: dict[Location, Counter[str]] = {}
        descents = [self._descents(each, known) for each in self.schemas]
        growth = max(each[""] + max((count for key, count in each.items() if key), default=0) for each in descents)
        levels = 1
        while growth ** (levels + 1) <= _MOST_VISITS and levels < BOTTOMLESS:
            levels += 1
        return levels

    def _descents(self, location: Location, known: dict[Location, Counter[str]]) -> Counter[str]:
        """How often a schema, with all that look at the same value, looks at one that lies in it: by its key, "" for any."""
        found = known.get(location)
        if found is None:
            found = Counter()
            same = self.in_place.get(location, ())
            schema = self.schemas.get(location)
            for keyword, way, child in children(schema) if isinstance(schema, dict) else ():
                is_same = Location(location.path, location.key + way) in same
                if isinstance(child, dict) and not is_same and keyword not in _DEFINING:
                    found[str(way[-1]) if keyword == "properties" else ""] += 1
            for each in same:
                found.update(self._descents(each, known))
            known[location] = found
        return found

    def _refers_to_itself(self) -> bool:
        if not self.refs:
            return False
        onward: dict[Location, list[Location]] = {}
        for location, schema in self.schemas.items():
            onward[location] = [self.refs[location]] if location in self.refs else []
            if isinstance(schema, dict):
                within = (Location(location.path, location.key + way) for _, way, _ in children(schema))
                onward[location] += [each for each in within if each in self.schemas]
        from graphlib import CycleError, TopologicalSorter  # most schemas have no `$ref`

        try:
            TopologicalSorter(onward).prepare()
        except CycleError:
            return True
        return False

    def uri(self, location: Location) -> str:
        """The address under which engines know a schema."""
        return self.files[location.path].address(location.key)

    def draft(self, location: Location) -> str:
        """The draft of the file that a schema stands in."""
        return self.files[location.path].draft

    @property
    def resources(self) -> dict[str, Any]:
        """Every file by its address, as engines want them."""
        return {file.uri: file.content for file in self.files.values()}


def collect(path: str, read: Read, names: Names, *, checked: bool) -> Collection:
    """Read the schema at `path` and all files that it refers to.

    Raises UnusableError with the faults found, at most `MOST_FAULTS`. `checked` spares the comparison with the draft's own schema and the
    trial of each pattern, for files that have passed before.
    """
    collecting = _Collecting(read, names, checked)
    root = collecting.open(path, NEWEST)
    if root is not None:
        collecting.enter(root, ())
        collecting.run()
        collecting.look_for_circles()
    if collecting.faults:
        raise UnusableError(*sorted(set(collecting.faults), key=_order)[:MOST_FAULTS])
    whole = collecting.whole
    parts = (f"{file.path}\0{len(file.text)}\0{file.text}" for file in whole.files.values())
    whole.digest = digest_of("".join(parts).encode("utf-8", "surrogatepass")).hex()
    return whole


def _order(fault: Fault) -> tuple[str, Span, str]:
    return fault.path, fault.span or Span(0, 0, 0, 0), fault.message


class _Collecting:
    """The state of `collect`: what is read, what is still to be visited, what is wrong."""

    def __init__(self, read: Read, names: Names, checked: bool) -> None:
        self.read = read
        self.names = names
        self.checked = checked
        self.faults: list[Fault] = []
        self.todo: list[tuple[File, KeyPath, Any]] = []
        self.asked: list[tuple[File, KeyPath]] = []
        """What a `$ref` leads to: entered only when no schema around it has led there."""
        self.whole = Collection(Location("", ()), {})
        self.later: list[tuple[File, KeyPath, dict[str, Any], str]] = []
        """A `$ref` to an `$id` that a file may have which is still to be read."""
        self.broken: set[str] = set()

    # -- files

    def open(self, path: str, draft: str, asked: tuple[File, KeyPath] | None = None) -> File | None:
        """The file at `path`, read once; None when it cannot be used, which is told at the `$ref` that asked or in it."""
        if path in self.broken:
            return None
        if path in self.whole.files:
            return self.whole.files[path]
        self.broken.add(path)
        try:
            data = self.read(path)
        except (OSError, ValueError) as error:  # ValueError: a name that no file can have
            self._unreadable(path, error, asked)
            return None
        before = len(self.faults)
        content, text = parse(path, data, self.faults)
        if len(self.faults) > before:
            return None
        if not isinstance(content, dict | bool):
            self.faults.append(Fault(path, Span(1, 1, 1, 1), f"a schema is an object, not {said(content)}"))
            return None
        if isinstance(content, bool):
            content = {} if content else {"not": {}}
        named = content.get("$schema", draft)
        known = known_draft(named)
        file = File(path, text, content, known or draft, f"https://contentlint.invalid/{len(self.whole.files)}")
        if known is None:
            self.fault(
                file,
                ("$schema",),
                f"the draft {said(named)} is not known",
                meant(str(named), DRAFTS) or f"the newest is {NEWEST}",
            )
            return None
        content["$schema"] = known
        index(file)
        if not self.whole.files:
            self.whole.root = Location(path, ())
        self.whole.files[path] = file
        self.broken.discard(path)
        return file

    def _unreadable(self, path: str, error: OSError | ValueError, asked: tuple[File, KeyPath] | None) -> None:
        message, advice = f"the schema cannot be read: {getattr(error, 'strerror', None) or error}", ""
        if isinstance(error, FileNotFoundError):
            message = f"there is no file {path}"
            folder, name = posixpath.split(path)
            advice = meant(name, self.names(folder))
        if asked is None:
            self.faults.append(Fault(path, None, message, advice))
        else:
            self.fault(*asked, message, advice)

    def fault(self, file: File, key: KeyPath, message: str, advice: str = "", *, at_key: bool = False) -> None:
        """Note what is wrong at a place in a schema file; not more than anybody reads."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(file.path, place(file.text, key, at_key=at_key), message, advice))

    # -- schemas

    def run(self) -> None:
        """Visit all that can be reached."""
        while self.todo or self.asked or self.later:
            if self.todo:
                self.visit(*self.todo.pop())
            elif self.asked:
                self.enter(*self.asked.pop())
            else:
                self._follow(*self.later.pop(), last=True)

    def enter(self, file: File, key: KeyPath) -> None:
        """Visit the schema at a place that something refers to; it has to be a schema in the eyes of its draft."""
        content = value_at(file.content, key)
        if Location(file.path, key) in self.whole.schemas:
            return
        if not self.checked and not self._conforms(file, key, content):
            return
        self.todo.append((file, key, content))

    def _conforms(self, file: File, key: KeyPath, content: Any) -> bool:
        if sure.is_schema(content):
            return True
        violations = Judge.of_draft(file.draft).violations(content)
        for violation in violations:
            at = key + violation.path
            name = ".".join(map(str, violation.path))
            message = f"{name}: {violation.message}" if name else violation.message
            advice = f"did you mean {violation.suggestions[0]}?" if violation.suggestions else violation.help
            self.fault(file, at, f"not a valid schema: {message}", advice)
        return not violations

    def visit(self, file: File, key: KeyPath, schema: Any) -> None:
        """Check one schema and put those within it, and the one it refers to, on the list."""
        here = Location(file.path, key)
        if here in self.whole.schemas:
            return
        self.whole.schemas[here] = schema
        if not isinstance(schema, dict):
            return
        wrong = list(problems(schema))
        for within, message, advice, at_key in wrong:
            self.fault(file, key + within, message, advice, at_key=at_key)
        if not wrong:
            if (rule := reference_rule(schema)) is not None:
                self.whole.references[here] = rule
            if schema.get("x-unique"):
                self.whole.uniques.add(here)
        if key and key in file.resources:
            schema[id_keyword(file.draft)] = file.address(key).rstrip("#")
        lone_ref = "$ref" in schema and file.draft in OLD
        for keyword, within, child in () if lone_ref else children(schema):
            at = (*key, *within)
            if keyword in IN_PLACE:
                self.whole.in_place.setdefault(here, []).append(Location(file.path, at))
            if child is False and len(within) == 2:
                # An engine tells where `false` stands only when it is written as a schema.
                child = schema[keyword][within[1]] = {"not": {}}
            self.todo.append((file, at, child))
        for pattern, at in self._patterns(schema):
            if not self.checked and not sure.is_pattern(pattern) and not is_regex(pattern):
                self.fault(
                    file, key + at, f"{said(pattern)} is not a regular expression", at_key=at[0] == "patternProperties"
                )
        for keyword in ("$ref", "$dynamicRef"):
            if isinstance(schema.get(keyword), str):
                self._follow(file, key, schema, keyword)

    @staticmethod
    def _patterns(schema: dict[str, Any]) -> Iterator[tuple[str, KeyPath]]:
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"], ("pattern",)
        if isinstance(schema.get("patternProperties"), dict):
            for pattern in schema["patternProperties"]:
                yield pattern, ("patternProperties", pattern)

    def _follow(self, file: File, key: KeyPath, schema: dict[str, Any], keyword: str, *, last: bool = False) -> None:
        ref = schema[keyword]
        at = (*key, keyword)
        if not last and _SCHEME.match(ref):
            self.later.append((file, key, schema, keyword))
            return
        found = self._resolve(file, at, ref)
        if found is None:
            return
        target, target_key = found
        here, there = Location(file.path, key), Location(target.path, target_key)
        self.whole.refs[here] = there
        self.whole.in_place.setdefault(here, []).append(there)
        if keyword == "$ref":
            schema[keyword] = self.whole.uri(there)
        elif not ref.startswith("#"):
            schema[keyword] = target.address(target.resource(target_key)) + ref[ref.find("#") + 1 :]
        self.asked.append((target, target_key))

    def _resolve(self, file: File, at: KeyPath, ref: str) -> tuple[File, KeyPath] | None:
        """The file and place that a `$ref` means; None when it leads nowhere, or to the draft's own schema."""
        address, _, rest = ref.partition("#")
        within = file.resource(at[:-1])
        target: File | None = file
        if address:
            absolute = joined(file.bases.get(within, ""), address)
            for each in self.whole.files.values():
                if absolute in each.ids or address in each.ids:
                    target, within = each, each.ids.get(absolute, each.ids.get(address, ()))
                    break
            else:
                draft = self.whole.files[self.whole.root.path].draft
                if address == draft.rstrip("#"):
                    if rest and not is_in_draft(ref, draft):
                        self.fault(file, at, f"there is no {rest} in the draft's own schema")
                    return None
                target, within = self._neighbour(file, at, address), ()
        if target is None:
            return None
        rest = unquote(rest)
        if rest and not rest.startswith("/"):
            found = target.anchors.get((within, rest))
            if found is None:
                anchors = [name for resource, name in target.anchors if resource == within]
                self.fault(file, at, f"there is no $anchor {rest}", meant(rest, anchors))
            return None if found is None else (target, found)
        steps = [step.replace("~1", "/").replace("~0", "~") for step in rest.split("/")[1:]]
        return self._step(file, at, target, within, steps)

    def _neighbour(self, file: File, at: KeyPath, address: str) -> File | None:
        if address.startswith("//") or address.lower().startswith(("http:", "https:", "ftp:")):
            self.fault(
                file,
                at,
                f"{address} is on the network, where contentlint never goes",
                "save it beside this file and refer to it by its path",
            )
        elif _SCHEME.match(address):
            self.fault(
                file, at, f"no schema here has the $id {address}", "refer to a file by its path, relative to this one"
            )
        elif address.startswith("/"):
            self.fault(file, at, f"{address} is an absolute path", "refer to a file by its path, relative to this one")
        else:
            path = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), unquote(address)))
            return self.open(path, file.draft, (file, at))
        return None

    def _step(
        self, file: File, at: KeyPath, target: File, within: KeyPath, steps: list[str]
    ) -> tuple[File, KeyPath] | None:
        content, key = value_at(target.content, within), within
        for step in steps:
            if isinstance(content, dict) and step in content:
                content, key = content[step], (*key, step)
            elif isinstance(content, list) and _number(step) < len(content):
                content, key = content[int(step)], (*key, int(step))
            else:
                inside = f" in {'/'.join(map(str, key))}" if key else f" in {target.path}" if target is not file else ""
                self.fault(
                    file, at, f"there is no {step}{inside}", meant(step, content if isinstance(content, dict) else ())
                )
                return None
        if not isinstance(content, dict | bool):
            self.fault(file, at, f"this leads to {said(content)}, not to a schema")
            return None
        return target, key

    # -- circles

    def look_for_circles(self) -> None:
        """A schema that comes back to itself without going deeper into the value says nothing, and would never end.

        One that looks at the same value very often would not end in anybody's lifetime.
        """
        done: dict[Location, tuple[int, int]] = {}
        for start in list(self.whole.in_place):
            way: list[tuple[Location, Iterator[Location]]] = [(start, iter(self.whole.in_place[start]))]
            on_way = {start}
            while way and start not in done:
                here, onward = way[-1]
                step = next(onward, None)
                if step is None:
                    way.pop()
                    on_way.discard(here)
                    done[here] = self._bounded(
                        here, [done.get(each, (0, 0)) for each in self.whole.in_place.get(here, ())]
                    )
                elif step in on_way:
                    self._circle(here)
                elif step not in done:
                    on_way.add(step)
                    way.append((step, iter(self.whole.in_place.get(step, ()))))

    def _bounded(self, here: Location, within: list[tuple[int, int]]) -> tuple[int, int]:
        """How often a value is looked at for a schema, and in how many steps, given the same of those it leads to."""
        looks, steps = 1 + sum(each[0] for each in within), 1 + max((each[1] for each in within), default=0)
        if looks <= _MOST_LOOKS and steps <= _MOST_STEPS:
            return looks, steps
        often = f"has one value looked at more than {_MOST_LOOKS:,} times"
        far = f"leads through more than {_MOST_STEPS} others without going deeper into the value"
        file = self.whole.files[here.path]
        self.fault(file, here.key, f"this schema {often if looks > _MOST_LOOKS else far}")
        return 1, 1

    def _circle(self, here: Location) -> None:
        file = self.whole.files[here.path]
        self.fault(
            file,
            (*here.key, "$ref"),
            "this schema refers to itself without going deeper into the value",
            "refer to it from properties or items",
        )


def _number(step: str) -> float:
    """The number in a JSON Pointer; beyond every list when it is none."""
    return int(step) if step.isascii() and step.isdecimal() and len(step) <= _MOST_DIGITS else float("inf")
