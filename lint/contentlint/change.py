"""What a change brings: the site as it is staged, and the problems that it did not have before."""

from __future__ import annotations

import os
import time
from array import array
from collections.abc import Collection, Mapping
from contextlib import closing, suppress
from functools import partial
from typing import TYPE_CHECKING

from contentlint import since
from contentlint.again import Past, again
from contentlint.assembly import Assembled, Assembly, Progress
from contentlint.cache import place
from contentlint.cache.memory import Memory, remembered
from contentlint.cache.record import Record, of_index
from contentlint.cache.stamps import UNSETTLED, Stamps
from contentlint.cache.stamps import load as load_stamps
from contentlint.cache.watched import OnDisk, Watched, loaded
from contentlint.config import NAME, Chosen, find_project
from contentlint.diagnostic import Fault, Report, UnusableError
from contentlint.digest import digest_of
from contentlint.judge import Judge
from contentlint.remembering import question, whole
from contentlint.run import Plan, Request, Warn, assemble, plan, uncollected
from contentlint.site import Site
from contentlint.tree import Dated, WorkTree, below, relative
from contentlint.tree.git import GitTree, committed, fork_point, on_disk, staged
from contentlint.tree.repository import GitError

if TYPE_CHECKING:
    from contentlint.schema import Names, Read


@uncollected
def check(
    request: Request,
    *,
    is_staged: bool,
    ref: str | None,
    progress: Progress | None = None,
    warn: Warn = lambda _: None,
) -> Report:
    """Lint a site as the git index has it (`is_staged`), or as it lies on disk; with `ref`, only for what is new since.

    What is new is what the commit that HEAD and `ref` have both grown from did not have, in whatever file; both states are judged by
    the config and schemas of the newer one. Raises UnusableError when nothing can be linted.
    """
    project = find_project(request.cwd, request.root)
    try:
        if ref is not None:
            return _new(request, project, ref, is_staged=is_staged, progress=progress, warn=warn)
        return _remembered(request, project, progress, warn)
    except GitError as error:
        raise UnusableError(Fault("", None, error.message, error.help)) from error


# -- what is staged -------------------------------------------------------------------------------------------------------


def _remembered(request: Request, project: str, progress: Progress | None, warn: Warn) -> Report:
    """The report on what is staged: that of the last run when the index is still the same."""
    base = place.base(request.cache_dir, request.cwd)
    if base is None or not request.cache:
        watched = Watched(OnDisk(project, time.time_ns()))
        with closing(_staged(request, project, watched, warn)) as tree:
            return _whole(request, project, None, progress, tree, watched)
    memory = Memory(base, project, question(request, of_index()), warn)
    recalled = memory.recall(request.jobs)
    try:
        if recalled is not None and not recalled[1]:
            report = remembered(recalled[0].report)
            if recalled[0].stamps.is_stamped_anew:
                memory.keep(recalled[0])
            return report
    except Exception:  # noqa: BLE001  made up with a checksum that fits
        memory.distrust()
        recalled = None
    told: list[str] = []
    watched = Watched(OnDisk(project, time.time_ns()))
    with closing(_staged(request, project, watched, told.append)) as tree:
        if recalled is not None and not told:
            try:
                anew = _again(request, project, memory, recalled, tree, watched)
            except UnusableError:
                raise
            except Exception:  # noqa: BLE001  likewise
                memory.distrust()
                anew = None
            if anew is not None and not tree.absent:
                memory.keep(anew)
                return remembered(anew.report)
        for each in told:
            warn(each)
        return _whole(request, project, None if told else memory, progress, tree, watched)


def _again(
    request: Request,
    project: str,
    memory: Memory,
    recalled: tuple[Record, list[int]],
    tree: GitTree,
    watched: Watched,
) -> Record | None:
    """What to keep of a site of which something else is staged; None when all of it has to be looked at."""
    known, changed = recalled
    outside = {known.stamps.paths[number] for number in changed}
    if not known.staged or not outside <= watched.seen:  # more than the index itself
        return None
    stamps = load_stamps(project, memoryview(known.staged))
    files = _InIndex(tree)
    numbers = stamps.changed(files=files)
    anew = known
    if numbers:
        judged = again(
            request,
            project,
            Past(memory, known, stamps, numbers),
            partial(Watched, files),
            lambda seen, approved, rules: plan(
                request, project, *_readers(seen, project, request, watched), approved=(approved,), rules=rules
            ),
        )
        if judged is None:
            return None
        anew = judged
    watched.refresh_beyond(known.stamps, outside)
    return Record(anew.about, anew.sentence, anew.valid, anew.report, known.stamps, stamps.dump())


class _InIndex:
    """The files as the git index has them; see `cache.stamps.Signed`."""

    def __init__(self, tree: GitTree) -> None:
        self.tree = tree
        self.root = tree.root

    def signature(self, path: str) -> tuple[int, int, int, int]:
        """See `Signed`: what names the content in git; of a folder it is never settled."""
        try:
            blob = self.tree.blob(path)
        except OSError:
            return UNSETTLED
        one, two = array("q", digest_of(f"{blob.mode:o} {blob.id}".encode("ascii")))
        return one, two, 0, 0

    def content(self, path: str) -> bytes:
        """See `Signed`."""
        return self.tree.read(path)


def _whole(
    request: Request, project: str, memory: Memory | None, progress: Progress | None, tree: GitTree, watched: Watched
) -> Report:
    """The report on all that is staged. It is remembered unless there was more to tell, or fetching changes it."""
    if memory is None:
        config, rules, running = plan(request, project, *_readers(tree, project, request, watched))
        assembled, focus = assemble(request, project, config, progress, tree)
        return Judge(assembled, rules, running, focus).report()
    seen = Watched(_InIndex(tree))
    planned = plan(request, project, *_readers(seen, project, request, watched))

    def stamped() -> tuple[Stamps, bytes] | None:
        return None if tree.absent else (watched.stamps(loaded()), seen.stamps().dump())

    return whole(request, project, planned, seen, memory, stamped, progress)


def _staged(request: Request, project: str, watched: Watched, warn: Warn) -> GitTree:
    """The tree of the index, once it has something of the project. Raises GitError, UnusableError."""

    def stamp(index: str) -> None:
        with suppress(OSError):  # a new repository has none
            watched.beyond(index)

    found = staged(project, stamp)
    if not any(found.tree.folder()):
        found.tree.close()
        raise UnusableError(
            Fault(relative(project, request.cwd), None, "nothing of this site is in the git index", "git add it")
        )
    if found.conflicts:
        more = f" and {len(found.conflicts) - 1} more" if len(found.conflicts) > 1 else ""
        warn(f"a merge is going on: of {found.conflicts[0]}{more} this branch's version is linted")
    if request.config is None and not found.tree.is_file(NAME) and os.path.isfile(os.path.join(project, NAME)):
        warn(f"{NAME} is not in the git index, and is left out: git add {NAME}")
    return found.tree


def _readers(tree: Dated, project: str, request: Request, watched: Watched) -> tuple[Read, Names]:
    """How the config and its schemas are read: staged like all of the project; what the user names outside of that, from disk."""
    named = "" if request.config is None else os.path.abspath(os.path.join(request.cwd, request.config))

    def read(path: str) -> bytes:
        full = os.path.normpath(os.path.join(project, path))
        if tree.is_file(path) or (below(full, project) is not None and full != named):
            return tree.read(path)
        return watched.beyond(full)

    def names(folder: str) -> list[str]:
        found = tree.folder(folder)
        return [*found.files, *found.folders]

    return read, names


# -- what is new ----------------------------------------------------------------------------------------------------------


def _new(request: Request, project: str, ref: str, *, is_staged: bool, progress: Progress | None, warn: Warn) -> Report:
    """The report on what is new."""
    base = committed(project, fork_point(project, ref))
    with closing(base):
        if not is_staged:
            return _compared(request, plan(request, project), progress, project, WorkTree(project), base, warn)
        watched = Watched(OnDisk(project, time.time_ns()))
        with closing(_staged(request, project, watched, warn)) as tree:
            planned = plan(request, project, *_readers(tree, project, request, watched))
            return _compared(request, planned, progress, project, tree, base, warn)


def _compared(
    request: Request,
    planned: Plan,
    progress: Progress | None,
    project: str,
    tree: WorkTree | GitTree,
    base: GitTree,
    warn: Warn,
) -> Report:
    """The report on what `tree` has and `base` had not."""
    head, focus = assemble(request, project, planned.config, progress, tree)
    spoken = Judge(head, planned.rules, planned.running, focus, advises=False).report()
    gone = [path for path in base.paths if not tree.exists_exact(path)]
    now = tree.paths if isinstance(tree, GitTree) else on_disk(project)
    moved = since.renames(gone, [path for path in now if not base.is_file(path)] if gone else (), base.read, tree.read)
    old = _base(planned, progress, base, _suspects(head.site, spoken, moved), warn)
    head.site.removed = list(since.removed(old.site, head.site, moved)) if old is not None else []
    report = Judge(head, planned.rules, planned.running, focus).report()
    if old is None or not report.diagnostics:
        return report
    running = _asked_again(planned, report)
    judge = Judge(old, planned.rules, running, None, advises=False)
    known = judge.report()
    if old.site.was_asked_for_users:
        old = _base(planned, progress, base, None, warn) or old
        known = Judge(old, planned.rules, running, None, advises=False).report()
    new = since.new_problems(report, known, moved)
    return since.Blame(old.site, head.site, moved, gone).blamed(new)


def _suspects(head: Site, report: Report, moved: Mapping[str, str]) -> set[str] | None:
    """The pages of the older state that have to be looked at: those with a problem now. None when it has to be all.

    What stands in a template is shown by pages, any of them.
    """
    paths = {each.path for each in report.diagnostics}
    if any(source.kind in ("include", "layout") for path in paths if (source := head.sources.get(path)) is not None):
        return None
    return paths | {before for before, now in moved.items() if now in paths}


def _base(
    planned: Plan, progress: Progress | None, base: GitTree, only: Collection[str] | None, warn: Warn
) -> Assembled | None:
    """The site as it was; None when there was none, and all there is now is new."""
    try:
        assembly = Assembly(base, planned.config, progress or (lambda _stage, _done, _total: None))
        assembled = assembly.assemble(only)
    except UnusableError as error:
        warn(f"nothing could be linted before this change, and every problem counts as new: {error}")
        return None
    if base.absent:
        raise GitError(
            f"this partial clone lacks {base.absent[0]} and perhaps more of what was there before the change",
            "fetch it all: git fetch --refetch --no-filter, or clone without --filter",
        )
    return assembled


def _asked_again(planned: Plan, report: Report) -> dict[str, Chosen]:
    """The rules that the older state is judged by: those that had something to say, and with one of the last ones all."""
    spoke = {each.rule for each in report.diagnostics}
    if any(planned.rules[name].last for name in spoke):
        return planned.running
    return {name: selected for name, selected in planned.running.items() if name in spoke}
