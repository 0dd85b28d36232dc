"""Runs of programs, timed in turn: seconds, CPU seconds, peak memory, and ratios of runs in the same round."""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

_SAMPLED = 0.05
"""Seconds between two looks at the memory of a program and its children."""


class Run(NamedTuple):
    """What one run of a program took."""

    seconds: float
    cpu: float
    """Seconds of CPU, those of its children included."""
    peak: int
    """Bytes that the largest of its processes held at most."""
    together: int
    """Bytes that it and its children held at most, shared pages counted once; 0 when nobody looked."""
    code: int
    output: bytes


def cores(count: int | None) -> set[int] | None:
    """The cores that a program is held on; None when it is not, or when this system cannot."""
    if count is None or not hasattr(os, "sched_getaffinity"):
        return None
    return set(sorted(os.sched_getaffinity(0))[-count:])


def run(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    on: set[int] | None = None,
    watched: bool = False,
) -> Run:
    """Start a program in a folder, wait for its end, and tell what it took. Its output goes to a file, not a pipe."""
    before = os.sched_getaffinity(0) if on else None
    with tempfile.TemporaryFile() as output:
        if on:
            os.sched_setaffinity(0, on)  # a child inherits it
        try:
            start = time.perf_counter()
            child = subprocess.Popen(
                command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.DEVNULL
            )
        finally:
            if before:
                os.sched_setaffinity(0, before)
        watch = _Watch(child.pid) if watched else None
        try:
            _, status, used = os.wait4(child.pid, 0)
        except BaseException:
            child.kill()  # it would go on writing into folders that are being removed
            child.wait()
            raise
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        together = watch.stop() if watch else 0
        output.seek(0)
        text = output.read()
    peak = used.ru_maxrss * (1 if os.uname().sysname == "Darwin" else 1024)
    return Run(seconds, used.ru_utime + used.ru_stime, peak, together, child.returncode, text)


class _Watch:
    """Looks at the memory of a process and all below it, now and then, until told to stop."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._most = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        self._ended.set()
        self._thread.join()
        return self._most

    def _look(self) -> None:
        while not self._ended.wait(_SAMPLED):
            self._most = max(self._most, sum(map(_proportional, _family(self._pid))))


def _family(pid: int) -> set[int]:
    """A process and all below it, by what every process says of its parent."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc") if os.path.isdir("/proc") else ()):
        try:
            said = Path(f"/proc/{name}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        parents[int(name)] = int(said.rpartition(")")[2].split()[1])
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def _proportional(pid: int) -> int:
    """The bytes of a process, of a page that several share its part."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


@dataclass(eq=False)
class Case:
    """One row of a table, and its runs."""

    name: str
    program: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    cores: int | None = None
    against: tuple[str, ...] = ()
    """The rows of the same table that it is held against, round by round."""
    edit: Callable[[random.Random], AbstractContextManager[None]] = lambda _: nullcontext()
    before: Callable[[], None] = lambda: None
    """Untimed, before the edit."""
    after: Callable[[Run], None] = lambda _: None
    """Untimed, after the last run, while the edit still stands."""
    accepted: tuple[int, ...] = (0, 1)
    """Exit codes of a run that did its work."""
    absent: str = ""
    """Why there is nothing to run."""
    runs: list[Run] = field(default_factory=list)


def rounds(
    cases: Sequence[Case],
    count: int,
    rng: random.Random,
    *,
    warm_up: bool,
    most: float,
    say: Callable[[str], None],
) -> int:
    """Run the cases in turn, each round in another order; the result is how many rounds were kept.

    `most` seconds are spent, or three rounds when they take longer. A case whose program fails keeps no run, and says why.
    """
    start = time.monotonic()
    number, last = 0, False
    while not last:
        spent = time.monotonic() - start
        late = number >= 2 + warm_up and spent + 2 * spent / number > most
        last = late or number == count + warm_up - 1
        order = [case for case in cases if not case.absent]
        rng.shuffle(order)
        for case in order:
            say(f"round {number + 1} of at most {count + warm_up}: {case.name}, {case.program}")
            case.before()
            with case.edit(rng):
                done = run(case.command, case.folder, case.environment, on=cores(case.cores))
                if done.code not in case.accepted:
                    case.absent = f"not available: it left with {done.code}"
                    case.runs.clear()
                    continue
                if number or not warm_up:
                    case.runs.append(done)
                if last:
                    case.after(done)
        number += 1
    return number - warm_up


def rows(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """What the runs came to, for people and machines alike."""
    by_name = {case.name: case for case in cases}
    return [_row(case, [by_name[name] for name in case.against if name in by_name]) for case in cases]


def _row(case: Case, others: Sequence[Case]) -> dict[str, Any]:
    row: dict[str, Any] = {"name": case.name, "program": case.program, "cores": case.cores, "absent": case.absent}
    seconds = [each.seconds for each in case.runs]
    if seconds:
        row |= {
            "seconds": seconds,
            "median": statistics.median(seconds),
            "least": min(seconds),
            "most": max(seconds),
            "cpu": statistics.median(each.cpu for each in case.runs),
            "peak": max(each.peak for each in case.runs),
            "ratios": {other.name: ratio for other in others if (ratio := _ratio(case, other))},
        }
    return row


def _ratio(case: Case, other: Case) -> dict[str, Any] | None:
    """The median of the ratios of runs in the same round, and how far they lie apart."""
    if len(case.runs) != len(other.runs) or not case.runs:
        return None
    pairs = list(zip(case.runs, other.runs, strict=True))
    wall = sorted(mine.seconds / its.seconds for mine, its in pairs)
    return {
        "median": statistics.median(wall),
        "least": wall[0],
        "most": wall[-1],
        "cpu": statistics.median(mine.cpu / max(its.cpu, 1e-6) for mine, its in pairs),
    }
