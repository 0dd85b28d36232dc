"""Judging again what a change concerns, and nothing else: the report of the last run, brought up to date."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from contentlint import standards
from contentlint.assembly.asking import Asks, number_of
from contentlint.assembly.difference import Difference
from contentlint.assembly.known import Change, Known, NeedsPage, NeedsWhole
from contentlint.assembly.learned import Learned, Row, dumped, parts_of
from contentlint.cache.asks import Askers
from contentlint.cache.memory import Memory, remembered, written
from contentlint.cache.record import DamagedError, Record
from contentlint.cache.stamps import Stamps
from contentlint.cache.table import Table
from contentlint.cache.watched import Watched, entries, listing
from contentlint.diagnostic import Diagnostic, Report, Severity
from contentlint.judge import CRASH, Judge, in_order
from contentlint.names import POSTS, is_claim, schema_of, template_of
from contentlint.record import NamedTuple, replace
from contentlint.reporters.summary import sentence
from contentlint.rule import Rule, from_heads
from contentlint.run import Plan, Request, assemble

PlanOf = Callable[[Watched, str, dict[str, Rule] | None], Plan]
"""Makes of a tree what a run goes by; a config with this digest can be used, and where they are known, these are the rules."""

_FEW = 200
"""Pages up to which it is faster to judge them alone than to read the whole site."""
_MOST_LOOKS = 8
"""How often it is tried again with one more page."""
TABLES = ("pages", "outputs", "folders", "asks")
"""What is kept with a record; the last is no table, but `cache.asks`."""
KEPT = ("effects", "patterns", "layouts", "contested")
"""What is kept true of the site as a whole while pages change: whoever has a part in it is one of many."""
_MUCH = 2_000
"""Names and pages beside those of the tables after which a run on the whole site tidies up."""


def record_of(
    report: Report, about: Mapping[str, Any], valid: tuple[int, int], stamps: Stamps, staged: bytes = b""
) -> Record:
    """What is to be remembered of a report; `about` is what a run has to know that judges a few pages alone."""
    said = sentence(report.summary) if not report.diagnostics else ""
    return Record(json.dumps(about).encode("ascii"), said, valid, written(report), stamps, staged)


class _Tables:
    """The tables of an earlier run, and what later ones have put beside them."""

    def __init__(self, memory: Memory, about: dict[str, Any]) -> None:
        """Open them. Raises OSError or DamagedError when they are not there any more, or not as they were written."""
        self.since: dict[str, dict[str, Any]] = about["since"]
        self._opened: dict[str, Table] = {}
        self._askers: Askers | None = None
        self._path_of = partial(memory.path, generation=about["generation"])
        self._seals: dict[str, str] = about["seals"]

    def table(self, name: str) -> Table:
        """The table with this name."""
        if name not in self._opened:
            self._opened[name] = Table(self._path_of(name), self._seals[name])
        return self._opened[name]

    def look(self, name: str) -> Callable[[str], str | None]:
        """Looks into a table, and first into what is beside it."""
        since = self.since[name]
        return lambda row: since[row] if row in since else self.table(name).get(row)

    def askers(self, names: Collection[str]) -> set[str]:
        """Who has asked for any of these names; "" is the site as a whole."""
        if not names:
            return set()
        if self._askers is None:
            self._askers = Askers(self._path_of("asks"), self._seals["asks"])
        numbers = {*map(number_of, names)}
        since: dict[str, list[int]] = self.since["asks"]
        found = {path for path in self._askers.of(numbers) if path not in since}
        return found | {path for path, asked in since.items() if not numbers.isdisjoint(asked)}

    def close(self) -> None:
        """Let go of the files."""
        for table in self._opened.values():
            table.close()


class _Changed:
    """What has become of the files and folders that differ from what an earlier run has seen."""

    def __init__(
        self, tables: _Tables, tree: Watched, files: Sequence[str], folders: Sequence[str], held: Collection[str]
    ) -> None:
        """What the site is `held` against concerns those who are; here it counts only as the page or data file that it may be besides.

        Raises NeedsWhole for a folder of which nobody knows what was in it.
        """
        self._look = tables.look("folders")
        self._tree = tree
        self.added: set[str] = set()
        self.removed: set[str] = set()
        self.entered: set[str] = set()
        self.left: set[str] = set()
        """Folders that are gone."""
        for path in sorted(folders):
            if not any(path.startswith(each + "/") for each in (*self.entered, *self.left)):
                self._compare("" if path == "." else path)
        self.files = [path for path in files if path not in self.removed]
        pages = tables.look("pages")
        self.pages = [path for path in self.files if path not in held or pages(path) is not None]

    def _compare(self, path: str) -> None:
        before = self._look(path)
        now = listing(self._tree.folder(path))
        if before is None or now is None:
            raise NeedsWhole
        prefix = path + "/" if path else ""
        files_before, folders_before = entries(before)
        files, folders = entries(now)
        self.added |= {prefix + name for name in files - files_before}
        self.removed |= {prefix + name for name in files_before - files}
        self.entered |= {prefix + name for name in folders - folders_before}
        for name in folders_before - folders:
            self._leave(prefix + name)

    def _leave(self, path: str) -> None:
        """A folder that is gone, with all that was in it; of one that nobody has entered nothing is known, nor has to be."""
        self.left.add(path)
        if (before := self._look(path)) is not None:
            files, folders = entries(before)
            self.removed |= {f"{path}/{name}" for name in files}
            for name in folders:
                self._leave(f"{path}/{name}")

    def hold(self, sought: Collection[str], parts: Collection[str]) -> None:
        """Raise NeedsWhole when somebody has looked whether one of these is there, to read it as something else than a page.

        Of layouts, includes and data files, `parts`, that are still there it is known who shows them.
        """
        paths = {*self.files, *self.added, *self.removed, *self.entered, *self.left}.difference(parts)
        if not paths.isdisjoint(sought):
            raise NeedsWhole
        folders = tuple(path + "/" for path in (*self.entered, *self.left))
        if folders and any(path.startswith(folders) for path in sought):
            raise NeedsWhole


class Past(NamedTuple):
    """What the last run has left, and which of the paths that it looked at have changed."""

    memory: Memory
    record: Record
    stamps: Stamps
    numbers: Sequence[int]


def again(
    request: Request,
    project: str,
    past: Past,
    watch: Callable[[Collection[str]], Watched],
    plan_of: PlanOf,
) -> Record | None:
    """What is to be kept of a site that has changed, the report among it; None when all of it has to be looked at.

    `watch` gives the tree, of which the named files lie in folders that have not changed. The stamps are brought up to date.
    """
    stamps = past.stamps
    if any(map(stamps.is_of_program, past.numbers)):
        return None
    about = json.loads(past.record.about)
    files = [stamps.paths[number] for number in past.numbers if number < stamps.files]
    folders = [
        stamps.paths[number] for number in past.numbers if stamps.files <= number < stamps.files + stamps.folders
    ]
    beyond = [stamps.paths[number] for number in past.numbers if number >= stamps.files + stamps.folders]
    if not about or len(files) > _FEW:
        return None
    lying = standards.places(about["standards"], project)
    if not lying.keys() >= {*beyond}:
        return None
    if sum(map(len, about["since"].values())) > _MUCH:
        return None
    above = {"" if path == "." else path for path in folders}
    same: Collection[str] = stamps.paths[: stamps.files]
    if above:
        same = {path for path in same if path.rpartition("/")[0] not in above}
    tree = watch(same)
    tables = _Tables(past.memory, about)
    try:
        held = standards.files(about["standards"])
        changed = _Changed(tables, tree, files, folders, held)
        changed.hold(about["sought"], parts_of(about).difference(changed.removed))
        other = {lying[path] for path in beyond} | held.intersection(files)
        return _Again(request, project, past.record, about, tables, changed, stamps, tree, other, beyond).judged(
            plan_of
        )
    except (NeedsWhole, DamagedError, OSError):
        return None
    finally:
        tables.close()


class _Look(NamedTuple):
    """What was found of the pages that were judged."""

    part: Known
    found: list[tuple[Diagnostic, str]]
    rows: dict[str, Row]
    difference: Difference
    asks: Asks
    valid: tuple[int, int]


class _Again(NamedTuple):
    """One such run, once it is clear what has changed."""

    request: Request
    project: str
    record: Record
    about: dict[str, Any]
    tables: _Tables
    changed: _Changed
    stamps: Stamps
    tree: Watched
    standards: Collection[str]
    """The config and the schemas that have changed, as the config names them."""
    beyond: Collection[str]
    """Where those lie that the tree does not hold."""

    def judged(self, plan_of: PlanOf) -> Record:
        """What is to be kept. Raises NeedsWhole, and UnusableError for a config that is none any more."""
        plan, concerned = self._planned(plan_of)
        concerned |= self._showing((*self.changed.pages, *concerned))
        looks = 0
        while True:
            kept = {name: self.about[name] for name in KEPT}
            about = self.about | {name: None if each is None else each.copy() for name, each in kept.items()}
            try:
                look = self._look(plan, concerned, about)
            except NeedsPage as needed:
                looks += 1
                if looks > _MOST_LOOKS:
                    raise
                concerned.add(needed.path)
                continue
            apart = {*look.rows, *look.part.gone}
            names = look.difference.names
            claims = {name for name in names if is_claim(name)}
            if not self.tables.askers(claims) <= apart:
                raise NeedsWhole
            more = (self.tables.askers(names - claims) | look.difference.parts) - apart
            if not more:
                self.about.update((name, about[name]) for name in KEPT)
                return self._kept(look)
            concerned |= more | self._showing(more)
            if len(concerned) > _FEW:
                raise NeedsWhole

    def _planned(self, plan_of: PlanOf) -> tuple[Plan, set[str]]:
        """What the run goes by, and who has to be judged again because that has changed."""
        known, changed = self.about["standards"], self.standards
        plan = plan_of(self.tree, known["digest"], None if changed else from_heads(known["rules"]))
        self.tree.sought.clear()
        if not changed:
            return plan, set()
        report = remembered(self.record.report)
        concerned = standards.rejudged(known, plan, changed, report, self.about["owners"])
        if concerned is None:
            raise NeedsWhole
        concerned |= self.tables.askers({*map(schema_of, changed)})
        if len(concerned) > _FEW:
            raise NeedsWhole
        self.about["standards"] = standards.about(plan)
        return plan, concerned.difference(self.changed.pages, self.changed.removed)

    def _showing(self, paths: Iterable[str]) -> set[str]:
        """Who shows one of the layouts, includes and data files among these, and those that are shown so."""
        parts = parts_of(self.about)
        found: set[str] = set()
        more = parts.intersection(paths)
        while more:
            asking = self.tables.askers({*map(template_of, more)}) - found
            found |= asking
            if len(found) > _FEW:
                raise NeedsWhole
            more = asking & parts
        return found.difference(self.changed.pages, self.changed.removed)

    def _look(self, plan: Plan, concerned: Collection[str], about: dict[str, Any]) -> _Look:
        """Judge what has changed, and what is concerned by it."""
        changed, tables = self.changed, self.tables
        pages = [*changed.pages, *sorted(concerned)]
        change = Change(pages, changed.added, changed.removed, changed.entered)
        outputs = tables.table("outputs")
        part = Known(about, tables.look("pages"), outputs.get, outputs.__iter__, change, tables.since["outputs"])
        asks = Asks()
        assembled, _ = assemble(self.request, self.project, plan.config, None, self.tree, known=part, asks=asks)
        sources = assembled.by.sources.by_path
        judge = Judge(assembled, plan.rules, plan.running, None)
        found = judge.judge([sources[path] for path in (*pages, *part.added) if path in sources])
        if judge.entangled or any(each.rule == CRASH for each, _ in found):
            raise NeedsWhole
        learned = Learned(assembled.by, about["looked"], users=about["users"])
        if learned.blames_config:
            raise NeedsWhole
        rows = {}
        for path in (*pages, *part.added):
            row = learned.row(path)
            if row is None:
                raise NeedsWhole
            rows[path] = row.suppressing(judge.suppressed.get(path, 0))
            asks.add(path, [name for name in row.told if is_claim(name)])
        claimed = [name for row in rows.values() for name in row.told if is_claim(name)]
        if len({*claimed}) < len(claimed):
            raise NeedsWhole
        difference = Difference(part, about, assembled.by, rows)
        difference.take(learned)
        return _Look(part, found, rows, difference, asks, assembled.valid)

    def _kept(self, look: _Look) -> Record:
        """The new report, and what the next run has to know."""
        part, found, rows, difference, asked, valid = look
        about, changed, tree, known = self.about, self.changed, self.tree, self.record
        stranger = tree.seen - self.stamps.numbers.keys() - changed.added - {*part.added} - part.parts
        entered = tuple(path + "/" for path in changed.entered)
        if any(path not in changed.entered and not path.startswith(entered) for path in stranger):
            raise NeedsWhole
        about["sought"] = sorted({*about["sought"], *tree.sought})
        since = about["since"]
        since["pages"] |= {path: dumped(row) for path, row in rows.items()} | dict.fromkeys(part.gone)
        since["outputs"] |= part.new
        if (posts := difference.posts()) is not None:
            since["outputs"][POSTS] = posts
        since["folders"] |= dict.fromkeys(changed.left) | tree.listings()
        asks = asked.taken()
        since["asks"] |= {path: sorted({*asks.get(path, ())}) for path in rows} | {path: [] for path in part.gone}
        before = remembered(known.report)
        pairs = zip(before.diagnostics, about["owners"], strict=True)
        old = ((each, owner) for each, owner in pairs if owner not in rows and owner not in part.gone)
        diagnostics, about["owners"] = in_order([*old, *found])
        was = [*part.before.values(), *part.gone.values()]
        references, unknown, suppressed = (
            sum(row.counts[number] for row in rows.values()) - sum(row.counts[number] for row in was)
            for number in range(3)
        )
        come = [rows[path] for path in part.added]
        gone = part.gone.values()
        pages = before.summary.pages + sum(row.page for row in come) - sum(row.page for row in gone)
        if not pages:  # then it may be no site
            raise NeedsWhole
        pictures = len(part.pictures_added) - len(part.pictures_gone)
        summary = replace(
            before.summary,
            pages=pages,
            assets=before.summary.assets
            + pictures
            + sum(not row.page for row in come)
            - sum(not row.page for row in gone),
            references=before.summary.references + references,
            unknown=before.summary.unknown + unknown,
            suppressed=before.summary.suppressed + suppressed,
            errors=sum(each.severity is Severity.ERROR for each in diagnostics),
            warnings=sum(each.severity is Severity.WARNING for each in diagnostics),
        )
        valid = max(known.valid[0], valid[0]), min(known.valid[1], valid[1])
        tree.refresh(self.stamps, {*changed.removed, *changed.left})
        tree.refresh_beyond(self.stamps, self.beyond)
        return record_of(Report(diagnostics, summary), about, valid, self.stamps)
