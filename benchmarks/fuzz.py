#!/usr/bin/env python3
"""Put texts that nobody would write through every part of contentlint, and say where it breaks a promise.

    fuzz.py [--seconds 60] [--seed N] [--target NAME]... [--inputs N] [--engine auto|atheris|random] [--crashes DIR]
    fuzz.py --target NAME --repeat FILE

The promises: no exception, no input that takes seconds, every place inside its text, the same result twice; of sites also the same
report with the cache as without, and nothing that a terminal obeys in any format. Each target runs for its share of the time, in a
process of its own, on the recorded texts of the tests and what it makes of them: guided by coverage where `atheris` can be
imported, else at random. A failure is written to a file, with the command that repeats it. Leaves with 1 when there was one.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import NoReturn

from fuzz.watch import Watch

NAMES = (
    "front-matter",
    "yaml",
    "data",
    "markdown",
    "html",
    "liquid",
    "suppressions",
    "urls",
    "config",
    "schema",
    "settings",
    "site",
)
PATIENCE = 10.0
"""Seconds of processor time that one input may take: coverage makes everything several times slower."""
STUCK = 120.0
"""Seconds without a new input after which a worker hangs where no signal reaches it."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--target", action="append", choices=NAMES, dest="targets", metavar="NAME")
    parser.add_argument("--inputs", type=int, default=0, help="end a target after so many, whatever the time")
    parser.add_argument("--engine", choices=("auto", "atheris", "random"), default="auto")
    parser.add_argument("--crashes", type=Path, default=Path(tempfile.gettempdir()) / "contentlint-crashes")
    parser.add_argument("--repeat", type=Path)
    options = parser.parse_args()
    names = options.targets or NAMES
    if options.repeat is not None:
        from fuzz.targets import TARGETS

        TARGETS[names[0]].check(options.repeat.read_bytes())
        print("it holds")
        return 0
    seed = random.randrange(10**6) if options.seed is None else options.seed
    engine = _engine(options.engine)
    print(f"seed {seed}, engine {engine}, {options.seconds / len(names):.0f} s a target", flush=True)
    total = failures = 0
    for name in names:
        watch = _fuzzed(name, engine, seed, options.seconds / len(names), options.inputs, options.crashes)
        total += watch.inputs
        failures += watch.crashes
    print(f"{total} inputs, {failures} failures")
    return 1 if failures else 0


def _engine(wanted: str) -> str:
    if wanted != "auto":
        return wanted
    from importlib.util import find_spec

    return "atheris" if find_spec("atheris") is not None else "random"


def _fuzzed(name: str, engine: str, seed: int, seconds: float, inputs: int, crashes: Path) -> Watch:
    """Run one target in a child, and see to it that it goes on."""
    watch = Watch(name, crashes, PATIENCE)
    started = time.monotonic()
    child = os.fork()
    if not child:
        _work(watch, engine, seed, seconds, inputs)
    seen, since = -1, started
    try:
        while True:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                break
            now = time.monotonic()
            if watch.inputs != seen:
                seen, since = watch.inputs, now
            elif now - since > STUCK:
                os.kill(child, signal.SIGKILL)
            time.sleep(0.2)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    if os.WIFSIGNALED(status) or os.WEXITSTATUS(status):
        watch.keep(watch.current, f"the process ended with status {status}", "", "the process died")
    took = time.monotonic() - started
    print(f"{name}: {watch.inputs} inputs in {took:.0f} s, {watch.crashes} failures", flush=True)
    return watch


def _work(watch: Watch, engine: str, seed: int, seconds: float, inputs: int) -> NoReturn:
    try:
        (_guided if engine == "atheris" else _at_random)(watch, seed, seconds, inputs)
    except BaseException:  # noqa: BLE001  a child must never come back into the parent's code
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _at_random(watch: Watch, seed: int, seconds: float, inputs: int) -> None:
    from fuzz import mutation
    from fuzz.targets import TARGETS

    target = TARGETS[watch.target]
    chance = random.Random(f"{seed} {watch.target}")
    texts = [text.encode() for text in target.seeds()]
    words = mutation.encoded(target.words)
    end = time.monotonic() + seconds
    while time.monotonic() < end and (not inputs or watch.inputs < inputs):
        watch.run(target.check, mutation.mutated(chance.choice(texts), texts, words, chance))


def _guided(watch: Watch, seed: int, seconds: float, inputs: int) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # it tells of every module that it takes up
    import atheris

    with atheris.instrument_imports(include=["contentlint"]):
        from fuzz.targets import TARGETS
    from fuzz import mutation

    target = TARGETS[watch.target]
    texts = [text.encode() for text in target.seeds()]
    words = mutation.encoded(target.words)

    def changed(data: bytes, size: int, number: int) -> bytes:
        chance = random.Random(number)
        if chance.randrange(4):
            return mutation.mutated(data, texts, words, chance)[:size]
        return bytes(atheris.Mutate(data, size))

    with tempfile.TemporaryDirectory(prefix="contentlint-corpus-") as folder:
        for number, text in enumerate(texts):
            Path(folder, str(number)).write_bytes(text)
        limits = [
            f"-max_total_time={max(1, int(seconds))}",
            f"-max_len={mutation.LONGEST}",
            f"-seed={seed % 2**31 or 1}",
        ]
        limits += [f"-runs={inputs}"] if inputs else []
        quiet = [
            "-print_final_stats=0",
            "-verbosity=0",
            "-timeout=600",
            "-rss_limit_mb=0",
            f"-artifact_prefix={tempfile.gettempdir()}/",
        ]
        atheris.Setup(
            [sys.argv[0], *limits, *quiet, folder],
            lambda data: watch.run(target.check, data),
            custom_mutator=changed,
        )
        atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
