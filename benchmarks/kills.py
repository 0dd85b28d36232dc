#!/usr/bin/env python3
"""Kill runs at random moments while they read and write the cache, and see that nobody can tell afterwards.

    kills.py [--kills 500] [--seed N] [--pages 60]

Each round edits a site at random, starts one or two runs with a cache, and kills one of them (SIGKILL) after a random part of the
time that a run takes; every tenth is the command itself, the others are forks that have all modules loaded, so that the kill meets the
work. After each kill the report of a run with what is left of the cache is compared with that of a run without a cache. Leaves with 1
when they ever differ, when a run with the cache says more than one warning, or when files are left over in the cache.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).parent.parent / "lint"))

from contentlint import remembering, run
from contentlint.run import Request

LINT = Path(__file__).parent.parent / "lint"
FRONTS = [
    "title: T\n",
    "title: U\nlayout: none\n",
    "title: T\npermalink: /x/\n",
    "title: [\n",
    "title: T\npicture: gone.png\n",
]
BODIES = [
    "[home](/)\n",
    "[gone](/gone/)\n",
    "## Us\n",
    "[us](/p1.html#us)\n",
    "{% include one %}\n",
    "{% include none %}\n",
    "![p](/assets/One.png)\n",
]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--pages", type=int, default=60)
    options = parser.parse_args()
    seed = random.randrange(10**6) if options.seed is None else options.seed
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="contentlint-kills-") as folder:
        return Kills(Path(folder), options.pages, random.Random(seed)).survive(options.kills)


class Kills:
    """A site, its cache, and runs that do not live long."""

    def __init__(self, folder: Path, pages: int, chance: random.Random) -> None:
        """Lay out the site in `folder`."""
        self.root, self.cache = folder / "site", folder / "cache"
        self.chance = chance
        self.pages = [f"p{number}.md" for number in range(pages)]
        files = {
            "_config.yml": "title: T\n",
            "_includes/one": "<b>1</b>\n",
            "assets/one.png": "1",
            "index.md": "---\n---\n",
        }
        for path, text in files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text)
        for name in self.pages:
            self.edit(name)
        self.request = Request(str(self.root), root=str(self.root), cache=True, cache_dir=str(self.cache))

    def edit(self, name: str) -> None:
        """Give a page another text."""
        bodies = self.chance.choices(BODIES, k=self.chance.randrange(1, 30))
        (self.root / name).write_text(f"---\n{self.chance.choice(FRONTS)}---\n{''.join(bodies)}")

    def survive(self, kills: int) -> int:
        """Do it all, and say what came of it."""
        started = time.monotonic()
        took = self.measured()
        alive = killed = differing = talking = torn = 0
        while killed < kills:
            match self.chance.randrange(6):
                case 0:
                    shutil.rmtree(self.cache, ignore_errors=True)
                case 1:
                    for name in self.chance.sample(self.pages, 5):
                        self.edit(name)
                case 2:
                    pass  # nothing has changed: the record is stamped anew at most
                case _:
                    self.edit(self.chance.choice(self.pages))
            spawn = not self.chance.randrange(10)
            others = [self.start(spawn=False) for _ in range(self.chance.randrange(2))]
            victim = self.start(spawn=spawn)
            time.sleep(self.chance.triangular(0, 1.1, 0.9) * (took[1] if spawn else took[0]))  # writing comes last
            os.kill(victim, signal.SIGKILL)
            _, status = os.waitpid(victim, 0)
            killed += os.WIFSIGNALED(status)
            alive += not os.WIFSIGNALED(status)
            for other in others:
                os.waitpid(other, 0)
            torn += any(self.cache.glob("*/*.tmp"))
            warnings: list[str] = []
            warm = remembering.check(self.request, warn=warnings.append)
            differing += warm != run.check(self.request)
            talking += len(warnings) > 1
        for each in self.cache.glob("*/*.tmp"):  # what is as old as this nobody is writing any more
            os.utime(each, (0, 0))
        (self.root / "new.md").write_text("---\n---\n")
        remembering.check(self.request)
        left = len(list(self.cache.glob("*/*.tmp")))
        seconds = time.monotonic() - started
        print(f"{killed} kills ({torn} in the middle of a write, {alive} came too late) in {seconds:.0f} s")
        print(f"{differing} reports differ, {talking} runs with more than one warning, {left} files left over")
        return 1 if differing or talking or left else 0

    def measured(self) -> tuple[float, float]:
        """Seconds that a fork, and the command, take for a whole run."""
        took = []
        for spawn in (False, True):
            shutil.rmtree(self.cache, ignore_errors=True)
            started = time.monotonic()
            os.waitpid(self.start(spawn=spawn), 0)
            took.append(time.monotonic() - started)
        return took[0], took[1]

    def start(self, *, spawn: bool) -> int:
        """Start a run; its process."""
        if not spawn:
            child = os.fork()
            if not child:
                self.work()
            return child
        command = [
            sys.executable,
            "-m",
            "contentlint",
            "check",
            "--root",
            str(self.root),
            "--cache-dir",
            str(self.cache),
        ]
        environment = os.environ | {"PYTHONPATH": str(LINT)}
        return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).pid

    def work(self) -> NoReturn:
        """A run, and nothing after it."""
        try:
            remembering.check(self.request)
        finally:
            os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
