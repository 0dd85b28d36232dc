"""Which rules run, how bad their findings are, and with which options: defaults, then the config, then the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contentlint.config.types import Config, Level, Setting
from contentlint.diagnostic import Fault, Severity, UnusableError
from contentlint.page import Place
from contentlint.patterns import Pattern
from contentlint.record import NamedTuple
from contentlint.rule import Default, Rule


class Chosen(NamedTuple):
    """A rule that runs, how bad its findings are, and its options."""

    severity: Severity | None
    """None when it runs on some files only."""
    options: Any
    per_file: tuple[tuple[Pattern, Severity | None, Any], ...] = ()

    def at(self, path: str) -> tuple[Severity | None, Any]:
        """Severity (None: the rule is silent) and options for a file, by its path relative to the source."""
        for match, severity, options in reversed(self.per_file):
            if match.match(path) is not None:
                return severity, options
        return self.severity, self.options


def chosen(
    config: Config,
    rules: Mapping[str, Rule],
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    extend_select: Sequence[str] = (),
) -> dict[str, Chosen]:
    """The rules that run, in the order of `rules`.

    Every name may be a rule's or a group's, which stands for all its rules. What is said of a rule by its own name counts
    more than what is said of its group, and what the command line says more than the config. `select` leaves only these,
    `extend_select` adds to what the config and the defaults choose, `ignore` takes away.
    Raises UnusableError for names that are no rule or group.
    """
    _known(rules, {"--select": select, "--ignore": ignore, "--extend-select": extend_select})
    running = {}
    for name, rule in rules.items():
        setting = _merged(config.rules, rule)
        severity = _severity(setting, rule, config)
        if select:
            on = _picked(rule, select, config)
        else:
            on = severity is not None or any(
                _merged(each.rules, rule).level not in (None, "off") for each in config.per_file
            )
        wanted = _picked(rule, extend_select, config)
        if wanted or (select and on):
            severity = severity or (Severity.WARNING if rule.default is Default.WARNING else Severity.ERROR)
        if not (on or wanted) or name in ignore or (rule.group in ignore and name not in (*select, *extend_select)):
            continue
        per_file = []
        for each in config.per_file:
            own = _merged(each.rules, rule)
            if own.level is not None or own.options:
                level = severity if own.level is None else _as_severity(own.level)
                per_file.append((each.match, level, rule.options(**{**setting.options, **own.options})))
        running[name] = Chosen(severity, rule.options(**setting.options), tuple(per_file))
    return running


def _known(rules: Mapping[str, Rule], asked: Mapping[str, Sequence[str]]) -> None:
    names = [*rules, *dict.fromkeys(rule.group for rule in rules.values())]
    faults = [
        Fault("", None, f"{flag}: there is no rule or group {name}", _advice(name, names))
        for flag, given in asked.items()
        for name in given
        if name not in names
    ]
    if faults:
        raise UnusableError(*faults)


def _advice(name: str, names: Sequence[str]) -> str:
    from contentlint.nearest import nearest

    near = nearest(name.lower().replace("_", "-"), names)
    near = near or (name.lower().replace("_", "-") if name.lower().replace("_", "-") in names else "")
    return f"did you mean {near}?" if near else "contentlint rule lists them"


def _merged(settings: Mapping[str, Setting], rule: Rule) -> Setting:
    """What is said of a rule: by its own name, and where that is silent by its group's."""
    group, own = settings.get(rule.group, _SILENT), settings.get(rule.name, _SILENT)
    return Setting(group.level if own.level is None else own.level, own.options, own.place)


_SILENT = Setting(None, {}, Place("", 0, 0))


def _as_severity(level: Level) -> Severity | None:
    return None if level == "off" else Severity(level)


def _severity(setting: Setting, rule: Rule, config: Config) -> Severity | None:
    if setting.level is not None:
        return _as_severity(setting.level)
    if rule.default is Default.CONFIGURED:
        return Severity.ERROR if _has_work(rule.name, config) else None
    return None if rule.default is Default.OFF else Severity(rule.default)


def _has_work(name: str, config: Config) -> bool:
    """Whether the config gives a rule something to check: a schema, unless the rule speaks of something else."""
    match name:
        case "permalink-path-mismatch":
            return any(page.permalink for page in config.pages)
        case "missing-back-link":
            return any(page.back_link for page in config.pages)
        case "duplicate-value":
            return any(schema.has_uniques for schema in config.schemas.values())
        case _:
            return bool(config.schemas)


def _picked(rule: Rule, names: Sequence[str], config: Config) -> bool:
    """Whether the command line asks for a rule: by its group it does not bring back what the config takes away by name."""
    return rule.name in names or (rule.group in names and config.rules.get(rule.name, _SILENT).level != "off")
