"""What a rule is: one value in one file, with its manual, options, check and examples."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from contentlint.page import Near, Place
from contentlint.patterns import compile_pattern
from contentlint.record import NamedTuple, Record, field, fields


class Repair(NamedTuple):
    """A way to mend a finding: edits of its own file."""

    title: str
    edits: tuple[tuple[int, int, str], ...]
    """(start, end, text), offsets as in `Place`; they do not overlap, and stand in the order of the text."""
    safe: bool
    """It says what its author meant beyond doubt, and never makes a new problem."""


class Finding(NamedTuple):
    """What a rule yields: the least that only the rule can know. The runner adds the rest."""

    place: Place
    value: str
    """The value at fault, as written in the file."""
    message: str
    help: str = ""
    near: Near | None = None
    related: tuple[tuple[Place, str], ...] = ()
    """Other places that have to do with it, and what."""
    repair: Repair | None = None
    instead: Callable[[str], Repair | None] | None = None
    """How to write the nearest real name there, once it is known and beyond doubt."""
    otherwise: str = ""
    """The help where no name is near."""


class Subject(StrEnum):
    """What a rule looks at, one at a time."""

    PAGE = "page"
    """A page, post or document."""
    SOURCE = "source"
    """Any file that people write: a page, a layout, an include, a data file, the generator's config."""
    NOTABLE = "notable"
    """Of these files each with a reference that does not just arrive: most have none, and many rules ask."""
    MISTAKEN = "mistaken"
    """Of these files each in which reading or rendering it has found something wrong."""
    SITE = "site"
    """The whole site at once."""


class Default(StrEnum):
    """What a rule does when no one has said anything."""

    ERROR = "error"
    WARNING = "warning"
    CONFIGURED = "configured"
    """An error once the config gives it something to check."""
    OFF = "off"


class Example(NamedTuple):
    """A tiny site and what the rule says of it.

    «marks» in a file show the exact span of each finding; an example without marks demands silence.
    `options` are the rule's own; `says` is a part of the first message; `fixed` has the files that `--fix --unsafe-fixes`
    changes, as they are then. Without it no fix may be offered.
    """

    title: str
    files: Mapping[str, str]
    options: Mapping[str, Any] = MappingProxyType({})
    says: str = ""
    fixed: Mapping[str, str] = MappingProxyType({})


class NoOptions(Record, frozen=True):
    """For a rule that has nothing to choose."""


Check = Callable[[Any, Any, Any], Iterable[Finding]]
"""check(subject, site, options): the subject is a `site.Source`, for Subject.SITE the `site.Site` itself."""


class Rule(NamedTuple):
    """A rule: its name is its identity."""

    name: str
    group: str
    summary: str
    subject: Subject
    default: Default
    check: Check
    examples: tuple[Example, ...]
    options: type = NoOptions
    since: str = "0.1"
    having: str = ""
    """The attribute of a `site.Source` that says of which files there is anything to tell: of most there is not, and many rules ask."""
    last: bool = False
    """It speaks of what the other rules said, and runs after them."""

    @property
    def manual(self) -> str:
        """Its manual page: the docstring of the module that checks it."""
        return (sys.modules[self.check.__module__].__doc__ or "").strip()


def ignored(paths: Iterable[str], globs: Iterable[str]) -> bool:
    """Whether one of the paths fits one of a rule's `ignore` globs."""
    return any(compile_pattern(glob).match(path) is not None for glob in globs for path in paths)


def option(default: Any, text: str) -> Any:
    """A field of a rule's Options, with its default and what it means."""
    return field(default=default, text=text)


def option_help(options: type) -> list[tuple[str, Any, str]]:
    """(name, default, what it means) of each option."""
    return [(each.name, each.default, each.text) for each in fields(options)]


GROUPS = ("front-matter", "images", "permalinks", "links", "templates", "site")


def load() -> dict[str, Rule]:
    """Every rule by name, in the order of groups and then of names. Adding a file to `contentlint.rules` adds a rule.

    Finding a module whose name is not its rule's is a programming error and raises ValueError.
    """
    package = importlib.import_module("contentlint.rules")
    rules = []
    for file in os.listdir(package.__path__[0]):  # pkgutil would import inspect
        name, _, ending = file.partition(".")
        if ending != "py" or name == "__init__":
            continue
        rule = _of_module(name)
        if rule.name != name.replace("_", "-"):
            raise ValueError(f"{name}.py declares the rule {rule.name}")
        rules.append(rule)
    rules.sort(key=lambda rule: (GROUPS.index(rule.group), rule.name))
    return {rule.name: rule for rule in rules}


Head = tuple[str, str, str, str, str, bool, bool]
"""All of a rule that has to be known before it is run: name, group, subject, default, having, last, whether it has options."""


def heads(rules: Mapping[str, Rule]) -> list[Head]:
    """What `from_heads` makes rules of, as JSON can hold it."""
    return [
        (each.name, each.group, each.subject, each.default, each.having, each.last, each.options is not NoOptions)
        for each in rules.values()
    ]


def from_heads(known: Iterable[Sequence[Any]]) -> dict[str, Rule]:
    """Rules to run, by name: a file that most have nothing to say of is judged without importing them."""
    rules = {}
    for name, group, subject, default, having, last, has_options in known:
        module = name.replace("-", "_")
        options = _of_module(module).options if has_options else NoOptions
        rules[name] = Rule(
            name, group, "", Subject(subject), Default(default), _check_of(module), (), options, "", having, last
        )
    return rules


def _of_module(name: str) -> Rule:
    rule: Rule = importlib.import_module(f"contentlint.rules.{name}").RULE
    return rule


def _check_of(module: str) -> Check:
    """The check of a rule that is imported when it is run."""
    return lambda subject, site, options: _of_module(module).check(subject, site, options)
