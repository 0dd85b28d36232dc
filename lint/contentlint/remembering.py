"""A check that remembers what the last one found: when nothing has changed, and when only a few pages have."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from contentlint.assembly import Assembled, Progress
from contentlint.assembly.known import Known, Learned, NeedsWhole
from contentlint.cache import place
from contentlint.cache.memory import Memory, remembered, remove, written
from contentlint.cache.record import DamagedError, Record, key
from contentlint.cache.stamps import Stamps, Watched, digest_of, loaded
from contentlint.cache.table import Table, dump
from contentlint.config import find_project, on_disk
from contentlint.diagnostic import Fault, Report, Severity, UnusableError
from contentlint.judge import CRASH, Judge, in_order
from contentlint.record import replace
from contentlint.reporters.summary import sentence
from contentlint.run import Request, Warn, assemble, plan, uncollected
from contentlint.tree import WorkTree

_FEW = 200
"""Changed pages up to which it is faster to judge them alone than to read the whole site."""


@uncollected()
def check(request: Request, progress: Progress | None = None, warn: Warn = lambda _: None) -> Report:
    """Lint a site as `run.check` does, with the same report. Raises UnusableError when nothing can be linted."""
    project = find_project(request.cwd, request.root)
    base = place.base(request.cache_dir, request.cwd)
    if base is None or request.stdin_name is not None:
        from contentlint import run

        return run.check(request, progress)
    memory = Memory(base, project, question(request), warn)
    try:
        report = _recalled(request, project, memory)
    except UnusableError:
        raise
    except Exception:  # noqa: BLE001  made up with a checksum that fits: it can be anything, and is worth nothing
        memory.distrust()
        report = None
    return report if report is not None else _whole(request, project, memory, progress)


def question(request: Request, *more: Sequence[str]) -> str:
    """What a run was asked, as one text: what `cache.quick` makes of plain flags, and more where more was said."""
    choice = (request.paths, request.select, request.ignore, request.extend_select)
    return key(request.cwd, request.root, request.config, (*(choice if any(choice) else ()), *more))


def _recalled(request: Request, project: str, memory: Memory) -> Report | None:
    """The report as far as what is remembered gives it; None when the whole site has to be looked at."""
    if (recalled := memory.recall()) is None:
        return None
    known, changed = recalled
    if changed:
        return _again(request, project, memory, known, changed)
    report = remembered(known.report)
    if known.stamps.is_stamped_anew:
        memory.keep(known)
    return report


def clean(request: Request) -> str | None:
    """Remove the site's cache; its folder, None when there is none. Raises UnusableError when it cannot be removed."""
    project = find_project(request.cwd, request.root)
    base = place.base(request.cache_dir, request.cwd)
    try:
        return remove(base, project) if base is not None else None
    except OSError as error:
        told = f"the cache cannot be removed: {error.strerror or error}"
        raise UnusableError(Fault(error.filename or base or "", None, told)) from error


def _whole(request: Request, project: str, memory: Memory, progress: Progress | None) -> Report:
    """Look at the whole site, and remember what was found."""
    tree = Watched(WorkTree(project), time.time_ns())
    config, rules, running = plan(request, project, partial(_beyond, tree, project))
    assembled, focus = assemble(request, project, config, progress, tree)
    judge = Judge(assembled, rules, running, focus)
    report = judge.report()
    if all(each.rule != CRASH for each in report.diagnostics):
        about, tables = ({}, {}) if request.paths else _learned(assembled, judge)
        kept = record_of(report, about, assembled.valid, tree.stamps(loaded()))
        memory.keep(kept, about.get("generation", ""), tables)
    return report


def _beyond(tree: Watched, project: str, path: str) -> bytes:
    """What the config names, by its path in the project or wherever it is."""
    data = tree.beyond(os.path.join(project, path))
    on_disk(project, path)  # what another case leads to was looked at all the same
    return data


def _learned(assembled: Assembled, judge: Judge) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What a later run has to know to judge a few pages alone, and tables of the pages and of what is named and written."""
    learned = Learned(assembled.by, users="users" in assembled.site.__dict__)
    try:
        pages = dump(learned.pages(judge.suppressed, judge.entangled))
        outputs = dump(learned.outputs())
    except ValueError:  # a name that no table can hold
        return {}, {}
    more = {"owners": judge.owners, "config": assembled.config.digest, "changed": {}}
    more["generation"] = digest_of(pages + outputs).hex()
    return learned.about() | more, {"pages": pages, "outputs": outputs}


def record_of(report: Report, about: Mapping[str, Any], valid: tuple[int, int], stamps: Stamps) -> Record:
    """What is to be remembered of a report; `about` is what a run has to know that judges a few pages alone."""
    said = sentence(report.summary) if not report.diagnostics else ""
    return Record(json.dumps(about).encode("ascii"), said, valid, written(report), stamps)


def _again(request: Request, project: str, memory: Memory, known: Record, changed: list[int]) -> Report | None:
    """The report when pages have changed that can be judged alone; None when the whole site has to be looked at."""
    about, stamps = json.loads(known.about), known.stamps
    if not about or len(changed) > _FEW or changed[-1] >= stamps.files:
        return None
    rows: dict[str, str] = about["changed"]
    paths = [stamps.paths[number] for number in changed]
    tree = Watched(WorkTree(project), time.time_ns(), paths)
    tables: list[Table] = []
    try:
        tables.extend(memory.table(name, about["generation"]) for name in ("pages", "outputs"))
        pages, outputs = tables
        part = Known(about, lambda path: rows.get(path) or pages.get(path), outputs.get, outputs.__iter__, paths)
        config, rules, running = plan(request, project, partial(_beyond, tree, project), approved=(about["config"],))
        assembled, _ = assemble(request, project, config, None, tree, known=part)
        sources = [assembled.site.sources[path] for path in paths]
        judge = Judge(assembled, rules, running, None)
        found = judge.judge(sources)
        if judge.entangled or not tree.seen <= stamps.seen or any(each.rule == CRASH for each, _ in found):
            return None
        learned = Learned(assembled.by, about["looked"], users=about["users"])
        new = {
            each.path: learned.compared(part.rows[each.path], each, judge.suppressed.get(each.path, 0))
            for each in sources
        }
    except (NeedsWhole, DamagedError, OSError):
        return None
    finally:
        for table in tables:
            table.close()
    before = remembered(known.report)
    pairs = zip(before.diagnostics, about["owners"], strict=True)
    diagnostics, about["owners"] = in_order([*((each, owner) for each, owner in pairs if owner not in new), *found])
    references, unknown, suppressed = (
        sum(row["counts"][number] - part.rows[path]["counts"][number] for path, row in new.items())
        for number in range(3)
    )
    summary = replace(
        before.summary,
        references=before.summary.references + references,
        unknown=before.summary.unknown + unknown,
        suppressed=before.summary.suppressed + suppressed,
        errors=sum(each.severity is Severity.ERROR for each in diagnostics),
        warnings=sum(each.severity is Severity.WARNING for each in diagnostics),
    )
    rows |= {path: json.dumps(row) for path, row in new.items()}
    tree.refresh(stamps, new)
    report = Report(diagnostics, summary)
    memory.keep(record_of(report, about, known.valid, stamps))
    return report
