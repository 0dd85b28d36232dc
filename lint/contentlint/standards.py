"""What a site is held against: its config, its schemas, its rules. And who has to be judged again when these change."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from typing import Any

from contentlint.config import Chosen
from contentlint.diagnostic import Report
from contentlint.rule import heads
from contentlint.run import Plan


def about(plan: Plan) -> dict[str, Any]:
    """What a later run has to know of them, as JSON can hold it."""
    config = plan.config
    return {
        "digest": config.digest,
        "beside_rules": config.beside_rules,
        "path": config.path,
        "schemas": sorted({path for schema in config.schemas.values() for path in schema.paths}),
        "rules": heads(plan.rules),
        "running": {name: _said_of(each) for name, each in plan.running.items()},
    }


def files(known: Mapping[str, Any]) -> set[str]:
    """The files that say them, as the config names them, of what `about` gave."""
    return {*known["schemas"], *([known["path"]] if known["path"] else [])}


def places(known: Mapping[str, Any], project: str) -> dict[str, str]:
    """The same by where they lie on disk."""
    return {os.path.join(project, path): path for path in files(known)}


def rejudged(
    known: Mapping[str, Any], plan: Plan, changed: Collection[str], report: Report, owners: Collection[str]
) -> set[str] | None:
    """Whose problems are told in another way than before, some of these files having changed, and whose rules; None: it is too much.

    `report` is the last one, `owners` are those of its diagnostics. Who is held against a changed schema is not among them.
    """
    if plan.config.beside_rules != known["beside_rules"]:
        return None
    shown = {each.path for each in report.diagnostics} | {
        other.path for each in report.diagnostics for other in each.related
    }
    if not shown.isdisjoint(changed):
        return None
    before, now = known["running"], {name: _said_of(each) for name, each in plan.running.items()}
    rules = {name for name in {*before, *now} if before.get(name) != now.get(name)}
    if not rules:
        return set()
    if report.summary.suppressed or any(_is_more(before.get(name), now.get(name)) for name in rules):
        return None
    rules |= {name for name, rule in plan.rules.items() if rule.last}
    found = {owner for each, owner in zip(report.diagnostics, owners, strict=True) if each.rule in rules}
    return None if "" in found else found


def _said_of(chosen: Chosen) -> list[str]:
    severity, *rest = chosen
    return [str(severity), repr(rest)]


def _is_more(before: list[str] | None, now: list[str] | None) -> bool:
    """Whether a rule may speak where it has not: it is new, ran on some files only, or goes by something else than its severity."""
    return before is None or (now is not None and (before[0] == str(None) or before[1] != now[1]))
