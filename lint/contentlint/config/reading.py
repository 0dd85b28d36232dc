"""Reads the text of a config into a `Config`, and notes at its place whatever is wrong with it."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from contentlint.config.options import decoded, globs, rules_schema
from contentlint.config.types import Config, DataPattern, IncludeContract, Level, PagePattern, PerFile, Placed, Setting
from contentlint.diagnostic import Fault, Lines, Severity, Span, UnusableError
from contentlint.digest import digest_of
from contentlint.frontmatter import compose
from contentlint.page import KeyPath, Place
from contentlint.patterns import Pattern, PatternError, compile_pattern, placeholders
from contentlint.regex import regex
from contentlint.rule import Rule
from contentlint.tree import as_listed

if TYPE_CHECKING:
    from contentlint.schema import Names, Read, Schema, Violation

SCHEMA = "contentlint.schema.json"
"""The JSON Schema of the config, among those shipped."""
_VALUES = regex(r"[^.\[\]\s]+(\[\])?(\.[^.\[\]\s]+(\[\])?)*")


class Reader:
    """One text of a config, and what it takes to read it."""

    def __init__(self, project: str, path: str, text: str, rules: Mapping[str, Rule], read: Read, names: Names) -> None:
        self.project = project
        self.path = path
        self.text = text
        self.rules = rules
        self.read_file = read
        self.names = names
        self.lines = Lines(text)
        self.document = compose(text)
        self.faults: list[Fault] = []
        self.schemas: dict[str, Schema | None] = {}

    def read(self, *, checked: bool) -> Config:
        """The config; `checked` says that it has passed before. Raises UnusableError with every fault."""
        self.faults, self.schemas = [], {}
        data = self._mapping()
        if not checked:
            self._compare(data)
        pages = tuple(self._pages(data, checked=checked))
        data_files = tuple(self._data(data, checked=checked))
        config = Config(
            path=self.path,
            generator=data.get("generator"),
            jekyll=data.get("jekyll"),
            source=self._source(data),
            pages=pages,
            data=data_files,
            includes=self._includes(data),
            urls=tuple(self._patterns(data, "urls")),
            elsewhere=tuple(self._patterns(data, "elsewhere")),
            exclude=tuple(self._patterns(data, "exclude")),
            rules=self._settings(data.get("rules"), ("rules",)),
            per_file=tuple(self._per_file(data)),
            schemas={path: each for path, each in self.schemas.items() if each is not None},
            digest=self._digest(),
            beside_rules=self._digest_beside_rules(data),
        )
        if self.faults:
            raise UnusableError(*sorted(dict.fromkeys(self.faults), key=_order))
        return config

    # -- the whole

    def _mapping(self) -> dict[str, Any]:
        """What the text says; a config that says nothing is an empty mapping."""
        document = self.document
        if document.error is not None:
            error = document.error
            raise UnusableError(Fault(self.path, self.lines.span(error.start, error.end), error.message, error.note))
        for each in document.duplicates:
            first = self.lines.span(each.first_start, each.first_end).line
            self._fault((each.start, each.end), f"the key {each.key[-1]} stands twice", f"the first is in line {first}")
        if document.data is None or document.data is False:
            return {}
        if not isinstance(document.data, dict):
            from contentlint import schema

            self._fault(
                document.root, f"a config is a mapping, not {schema.kind(document.data)}", "it begins like this: pages:"
            )
            raise UnusableError(*self.faults)
        return document.data

    def _compare(self, data: dict[str, Any]) -> None:
        """Compare with the config's JSON Schema, in which the rules that there are take the place of those shipped."""
        import json

        from contentlint import schema

        content = json.loads(schema.shipped(SCHEMA).read_bytes())
        content["$defs"]["rules"] = rules_schema(self.rules)
        own = schema.load(SCHEMA, lambda _: json.dumps(content).encode(), checked=True)
        for violation in own.violations(_with_off(data)):
            self._fault(self._place(violation), _message(violation), _help(violation))

    def _place(self, violation: Violation) -> tuple[int, int]:
        if violation.kind == "unknown-key":
            return self._key_place(violation.path)
        if violation.kind == "missing-key":
            start, end = self.document.place(violation.path)
            return start, min(end, self.text.find("\n", start) % (len(self.text) + 1))
        return self._value_place(violation.path)

    def _digest(self) -> str:
        parts = [self.path, self.text]
        for path, each in sorted(self.schemas.items()):
            parts += path, each.digest if each else ""
        return digest_of("\0".join(parts).encode("utf-8", "surrogatepass")).hex()

    def _digest_beside_rules(self, data: dict[str, Any]) -> str:
        said = {key: value for key, value in data.items() if key != "rules"}
        return digest_of(repr((self.path, said)).encode("utf-8", "surrogatepass")).hex()

    # -- its parts

    def _source(self, data: dict[str, Any]) -> str:
        written = data.get("source")
        if not isinstance(written, str):
            return ""
        source = posixpath.normpath(written)
        if source == ".":
            return ""
        place = self._value_place(("source",))
        folder = os.path.realpath(os.path.join(self.project, source))
        if posixpath.isabs(source) or not (folder + os.sep).startswith(
            os.path.join(os.path.realpath(self.project), "")
        ):
            self._fault(
                place,
                f"the source {written} lies outside the project",
                "name a folder of the project, or another project by --root",
            )
        elif not os.path.isdir(folder) or as_listed(self.project, source) != source:
            what = "is not a folder" if os.path.exists(folder) and not os.path.isdir(folder) else "is not there"
            near = nearest_advice(posixpath.basename(source), self.names(posixpath.dirname(source)))
            self._fault(place, f"the source {written} {what}", near)
        return source

    def _pages(self, data: dict[str, Any], *, checked: bool) -> Iterator[PagePattern]:
        first: dict[str, int] = {}
        for at, entry in _entries(data, "pages"):
            match = self._match(at, entry, first)
            texts = {key: entry[key] for key in ("permalink", "back-link") if isinstance(entry.get(key), str)}
            for key, text in texts.items():
                if match is not None:
                    self._template((*at, key), text, match)
            named = self._schema(at, entry, checked=checked)
            if match is not None:
                yield PagePattern(
                    match, named, texts.get("permalink", ""), texts.get("back-link", ""), self._places(at, entry)
                )

    def _data(self, data: dict[str, Any], *, checked: bool) -> Iterator[DataPattern]:
        first: dict[str, int] = {}
        for at, entry in _entries(data, "data"):
            match = self._match(at, entry, first)
            named = self._schema(at, entry, checked=checked)
            if match is not None and named is not None:
                yield DataPattern(match, named, self._places(at, entry))

    def _places(self, at: KeyPath, entry: Mapping[str, Any]) -> dict[str, Place]:
        return {key: Place(self.path, *self._value_place((*at, key))) for key in entry}

    def _match(self, at: KeyPath, entry: Mapping[str, Any], first: dict[str, int]) -> Pattern | None:
        text = entry.get("match")
        if not isinstance(text, str):
            return None
        place = self._value_place((*at, "match"))
        line = self.lines.span(*place).line
        if first.setdefault(text, line) != line:
            self._fault(
                place,
                f"the pattern {text} stands twice",
                f"the one in line {first[text]} always comes first; remove one",
            )
        return self._file_pattern(text, place)

    def _template(self, key: KeyPath, text: str, match: Pattern) -> None:
        """An address with the placeholders of its `match`."""
        place = self._value_place(key)
        if not text.startswith("/"):
            self._fault(place, f"the address {text} does not begin with /", f"write /{text}")
        try:
            found = placeholders(text)
        except PatternError as error:
            self._pattern_fault(error, text, place)
            return
        for name, start, end in found:
            if name not in match.names:
                known = ", ".join(f"{{{each}}}" for each in match.names)
                near = _near(name, match.names)
                advice = (
                    f"did you mean {{{near}}}?"
                    if near
                    else f"match has {known}"
                    if known
                    else "match has no placeholder"
                )
                self._fault(self._within(text, place, start, end), f"unknown placeholder {{{name}}}", advice)

    def _schema(self, at: KeyPath, entry: Mapping[str, Any], *, checked: bool) -> Schema | None:
        """The schema that an entry names by its path, relative to the config."""
        written = entry.get("schema")
        if not isinstance(written, str) or not written:
            return None
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), written))
        if path in self.schemas:
            return self.schemas[path]
        self.schemas[path] = None
        try:
            self.read_file(path)
        except OSError as error:
            place = self._value_place((*at, "schema"))
            missing = isinstance(error, FileNotFoundError | NotADirectoryError)
            message = (
                f"there is no schema {written}" if missing else f"the schema {written} cannot be read: {error.strerror}"
            )
            folder, name = posixpath.split(path)
            near = _near(name, self.names(folder))
            advice = (
                f"did you mean {posixpath.join(posixpath.dirname(written), near)}?"
                if near
                else "schemas are named relative to the config"
            )
            self._fault(place, message, advice)
            return None
        from contentlint import schema

        try:
            self.schemas[path] = schema.load(path, self.read_file, self.names, checked=checked)
        except UnusableError as error:
            self.faults.extend(error.faults)
        return self.schemas[path]

    def _includes(self, data: dict[str, Any]) -> dict[str, IncludeContract]:
        found = {}
        for name, entry in _named(data, "includes"):
            params = {key: value for key, value in _texts(entry.get("params")) if isinstance(value, str)}
            for param, values in params.items():
                if not _VALUES.fullmatch(values):
                    place = self._value_place(("includes", name, "params", param))
                    self._fault(
                        place,
                        f"{values} is no way to values of a page",
                        "keys are joined by dots, lists have []: images[].image_id",
                    )
            needs = entry.get("needs")
            found[name] = IncludeContract(
                params,
                tuple(needs) if isinstance(needs, list) else (),
                Place(self.path, *self._key_place(("includes", name))),
            )
        return found

    def _patterns(self, data: dict[str, Any], key: str) -> Iterator[Placed]:
        """The patterns of a list: of URLs, or (`exclude`) of files."""
        written = data.get(key)
        for number, text in enumerate(written if isinstance(written, list) else ()):
            if isinstance(text, str):
                place = self._value_place((key, number))
                pattern = self._file_pattern(text, place) if key == "exclude" else self._url_pattern(text, place)
                if pattern is not None:
                    yield Placed(pattern, Place(self.path, *place))

    def _settings(self, written: Any, at: KeyPath) -> dict[str, Setting]:
        """What is said of each rule and group in the mapping at `at`."""
        found = {}
        for name, said in _texts(written):
            place = Place(self.path, *self._value_place((*at, name)))
            given = said if isinstance(said, dict) else {"severity": said}
            level = _level(given.get("severity"))
            rule = self.rules.get(name)
            options = decoded(rule, given) if rule is not None else {}
            if rule is not None:
                for option in sorted(globs(rule) & given.keys()):
                    self._globs((*at, name, option), given[option])
            found[name] = Setting(level, options, place)
        return found

    def _globs(self, at: KeyPath, written: Any) -> None:
        for number, text in enumerate(written if isinstance(written, list) else ()):
            if isinstance(text, str):
                self._file_pattern(text, self._value_place((*at, number)))

    def _per_file(self, data: dict[str, Any]) -> Iterator[PerFile]:
        for text, said in _named(data, "per-file"):
            place = self._key_place(("per-file", text))
            match = self._file_pattern(text, place)
            settings = self._settings(said, ("per-file", text))
            if match is not None:
                yield PerFile(match, settings, Place(self.path, *place))

    # -- patterns

    def _file_pattern(self, text: str, place: tuple[int, int]) -> Pattern | None:
        """A pattern of paths relative to the source."""
        if text.startswith(("/", "./")):
            self._fault(
                place,
                f"the pattern {text} begins with {text[: text.index('/') + 1]}",
                f"paths are relative to the source: {text.lstrip('./')}",
            )
        elif text.endswith("/"):
            self._fault(place, f"the pattern {text} ends with /", f"for all that lies in the folder: {text}**")
        elif ".." in text.split("/"):
            self._fault(place, f"the pattern {text} leads out with ..", "paths are relative to the source")
        else:
            return self._pattern(text, place)
        return None

    def _url_pattern(self, text: str, place: tuple[int, int]) -> Pattern | None:
        if not text.startswith("/"):
            host = "://" in text
            advice = "leave the host out: /" + text.partition("://")[2].partition("/")[2] if host else f"write /{text}"
            self._fault(place, f"the URL {text} does not begin with /", advice)
            return None
        return self._pattern(text, place)

    def _pattern(self, text: str, place: tuple[int, int]) -> Pattern | None:
        try:
            return compile_pattern(text)
        except PatternError as error:
            self._pattern_fault(error, text, place)
            return None

    def _pattern_fault(self, error: PatternError, text: str, place: tuple[int, int]) -> None:
        self._fault(self._within(text, place, error.start, error.end), f"{error.message}: {text}", error.advice)

    # -- places

    def _within(self, text: str, place: tuple[int, int], start: int, end: int) -> tuple[int, int]:
        """A part of a value; the whole when it is not written as it is read (escapes, folded lines)."""
        if self.text[place[0] : place[1]] != text:
            return place
        return place[0] + start, place[0] + end

    def _value_place(self, key: KeyPath) -> tuple[int, int]:
        """Where a value stands, or its key when the value fills several lines."""
        start, end = self.document.place(key)
        return (start, end) if "\n" not in self.text[start:end] else self._key_place(key)

    def _key_place(self, key: KeyPath) -> tuple[int, int]:
        start, end = self.document.key_place(key)
        return start, end if "\n" not in self.text[start:end] else self.text.index("\n", start)

    def _fault(self, place: tuple[int, int], message: str, advice: str = "") -> None:
        self.faults.append(Fault(self.path, self.lines.span(*place), message, advice))


def _level(written: Any) -> Level | None:
    """A severity as it is written; None for none, and for what the schema objects to."""
    if written is False or written == "off":
        return "off"
    return Severity(written) if written in ("error", "warning") else None


def _order(fault: Fault) -> tuple[str, Span, str]:
    return fault.path, fault.span or Span(0, 0, 0, 0), fault.message


def _entries(data: Mapping[str, Any], key: str) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """The mappings of a list, each with its path."""
    written = data.get(key)
    for number, entry in enumerate(written if isinstance(written, list) else ()):
        if isinstance(entry, dict):
            yield (key, number), entry


def _named(data: Mapping[str, Any], key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The mappings in a mapping, by their names."""
    return ((name, entry) for name, entry in _texts(data.get(key)) if isinstance(entry, dict))


def _texts(written: Any) -> Iterator[tuple[str, Any]]:
    """The entries of a mapping whose keys are texts."""
    return (
        (name, entry) for name, entry in (written if isinstance(written, dict) else {}).items() if isinstance(name, str)
    )


def _with_off(data: dict[str, Any]) -> dict[str, Any]:
    """The config with `off` as a text where a severity stands: YAML reads it as false."""

    def settings(written: Any) -> Any:
        if not isinstance(written, dict):
            return written
        return {
            name: {**said, "severity": _off(said["severity"])}
            if isinstance(said, dict) and "severity" in said
            else _off(said)
            for name, said in written.items()
        }

    result = dict(data)
    if "rules" in data:
        result["rules"] = settings(data["rules"])
    if isinstance(data.get("per-file"), dict):
        result["per-file"] = {glob: settings(written) for glob, written in data["per-file"].items()}
    return result


def _off(value: Any) -> Any:
    return "off" if value is False else value


def _message(violation: Violation) -> str:
    """A violation in the words of the config: what is not known there is a rule, an option or a key."""
    path = violation.path
    if violation.kind == "unknown-key":
        depth = {"rules": 1, "per-file": 2}.get(str(path[0]), len(path)) if path else 0
        if len(path) == depth + 1:
            return f"unknown rule {violation.key}"
        if len(path) == depth + 2:
            return f"unknown option {violation.key} of {path[-2]}"
        return f"unknown key {violation.key}"
    if violation.kind == "missing-key":
        return violation.message
    return f"{_dotted(path)} {violation.message}"


def _dotted(path: KeyPath) -> str:
    """`pages[0].match` for `("pages", 0, "match")`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _help(violation: Violation) -> str:
    return f"did you mean {violation.suggestions[0]}?" if violation.suggestions else violation.help


def nearest_advice(word: str, names: Iterable[str]) -> str:
    """The advice to take a name, when one of the names is like enough."""
    near = _near(word, names)
    return f"did you mean {near}?" if near else ""


def _near(word: str, names: Iterable[str]) -> str:
    from contentlint.nearest import nearest

    return nearest(word, names)
