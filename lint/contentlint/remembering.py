"""A check that remembers what the last one found: when nothing has changed, and when only a few pages have."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from contentlint import standards
from contentlint.again import TABLES, Past, again, record_of
from contentlint.assembly import Assembled, Progress
from contentlint.assembly.asking import Asks
from contentlint.assembly.learned import Learned
from contentlint.cache import asks as asks_file
from contentlint.cache import place, table
from contentlint.cache.memory import Memory, remembered, remove
from contentlint.cache.record import key
from contentlint.cache.stamps import Stamps
from contentlint.cache.watched import OnDisk, Watched, loaded
from contentlint.config import find_project, on_disk
from contentlint.diagnostic import Fault, Report, UnusableError
from contentlint.judge import CRASH, Judge
from contentlint.run import Plan, Request, Warn, assemble, plan, uncollected


@uncollected
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


def question(request: Request, *more: tuple[str, ...]) -> str:
    """What a run was asked, as one text: what `cache.quick` makes of plain flags, and more where more was said."""
    choice = (request.paths, request.select, request.ignore, request.extend_select)
    return key(request.cwd, request.root, request.config, (*(choice if any(choice) else ()), *more))


def _recalled(request: Request, project: str, memory: Memory) -> Report | None:
    """The report as far as what is remembered gives it; None when the whole site has to be looked at."""
    if (recalled := memory.recall(request.jobs)) is None:
        return None
    known, changed = recalled
    if changed:
        anew = again(
            request,
            project,
            Past(memory, known, known.stamps, changed),
            partial(Watched, OnDisk(project, time.time_ns())),
            lambda tree, approved, rules: plan(
                request, project, partial(_beyond, tree, project), approved=(approved,), rules=rules
            ),
        )
        if anew is None:
            return None
        memory.keep(anew)
        return remembered(anew.report)
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
    tree = Watched(OnDisk(project, time.time_ns()))
    planned = plan(request, project, partial(_beyond, tree, project))
    return whole(request, project, planned, tree, memory, lambda: (tree.stamps(loaded()), b""), progress)


def whole(
    request: Request,
    project: str,
    planned: Plan,
    tree: Watched,
    memory: Memory,
    stamped: Callable[[], tuple[Stamps, bytes] | None],
    progress: Progress | None,
) -> Report:
    """Look at the whole site that a tree holds, and remember what was found.

    The plan was made of that tree, too. `stamped` gives the stamps of the record and of what is staged, once the site has been
    judged; None when it is not to be remembered.
    """
    tree.sought.clear()
    asks = Asks() if not request.paths else None
    assembled, focus = assemble(request, project, planned.config, progress, tree, asks=asks)
    judge = Judge(assembled, planned.rules, planned.running, focus)
    report = judge.report()
    if any(each.rule == CRASH for each in report.diagnostics) or (stamps := stamped()) is None:
        return report
    about = _learned(assembled, judge, tree, asks, memory) if asks is not None else {}
    if about:
        about["standards"] = standards.about(planned)
    memory.keep(record_of(report, about, assembled.valid, *stamps), about.get("generation", ""))
    return report


def _beyond(tree: Watched, project: str, path: str) -> bytes:
    """What the config names, by its path in the project or wherever it is."""
    data = tree.beyond(os.path.join(project, path))
    on_disk(project, path)  # what another case leads to was looked at all the same
    return data


def _learned(assembled: Assembled, judge: Judge, tree: Watched, asks: Asks, memory: Memory) -> dict[str, Any]:
    """What a later run has to know to judge a few pages alone, the tables left in memory; nothing when that cannot be."""
    found = Learned(assembled.by, users=assembled.site.was_asked_for_users)
    if found.blames_config:
        return {}
    generation, seals = tree.content, {}
    makers: dict[str, Callable[[], bytes]] = {
        "pages": lambda: table.dump(found.pages(asks, judge.suppressed, judge.entangled)),
        "outputs": lambda: table.dump(found.outputs()),
        "folders": lambda: table.dump((path, line) for path, line in tree.listings().items() if line is not None),
        "asks": lambda: asks_file.dump(asks.taken()),
    }
    for name, make in makers.items():  # one by one: together they weigh as much as all pages
        try:
            data = make()
        except ValueError:  # a name that no table can hold
            return {}
        seals[name] = (asks_file if name == "asks" else table).seal(data)
        if not memory.put(name, generation, data):
            return {}
    return found.about() | {
        "owners": judge.owners,
        "sought": sorted(tree.sought),
        "generation": generation,
        "seals": seals,
        "since": {name: {} for name in TABLES},
    }
