#!/usr/bin/env python3
"""Kill runs at random moments while they read and write the cache, and see that nobody can tell afterwards.

    kills.py [--kills 500] [--seed N] [--pages 60]

Each round changes a site at random (pages and pictures are edited, come, go and move; of a git repository some of it is staged), starts
one or two runs with a cache, of what lies on disk or of what is staged, and kills one of them (SIGKILL): after a random part of the
time that such a run takes, or when it touches its cache for the n-th time. Every tenth is the command itself, the others are forks that
have all modules loaded, so that the kill meets the work. After each kill the report of a run with what is left of the cache is compared
with that of a run without a cache. Leaves with 1 when they ever differ, when a run with the cache says more than one warning, or when
files are left over in the cache at the end.
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
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn

sys.path.insert(0, str(Path(__file__).parent.parent / "lint"))

from contentlint import change as changes
from contentlint import remembering, run
from contentlint.again import TABLES
from contentlint.diagnostic import Report
from contentlint.run import Request

LINT = Path(__file__).parent.parent / "lint"
FRONTS = ["title: T\n", "title: U\nlayout: none\n", "title: T\npicture: gone.png\n"]
ENTANGLED = ["title: T\npermalink: /x/\n", "title: [\n"]
"""Front matter of a page that cannot be judged alone: with one such page on the site, nearly every run looks at all of it."""
BODIES = [
    "[home](/)\n",
    "[gone](/gone/)\n",
    "## Us\n",
    "[us](/p1.html#us)\n",
    "{% include one %}\n",
    "{% include none %}\n",
    "![p](/assets/One.png)\n",
    "[new](/new0.html#us) ![new](/assets/new1.png)\n",
    "[deep](/deep/new2.html) ![deep](/assets/deep/new2.png)\n",
    "[link]({% link new0.md %})\n",
]
NEW_PAGES = ["new0.md", "new1.md", "deep/new2.md", "deep/er/new3.md"]
NEW_PICTURES = ["assets/new0.png", "assets/new1.png", "assets/One.png", "assets/deep/new2.png"]
TOUCHES = (8, 24)
"""How often a run touches its cache, about: one that judges a few pages alone, and one on the whole site."""


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
        """Lay out the site in `folder`, a git repository of which all is staged."""
        self.root, self.cache = folder / "site", folder / "cache"
        self.chance = chance
        self.pages = [f"p{number}.md" for number in range(pages)]
        self.lay("_config.yml", "title: T\n")
        self.lay("_includes/one", "<b>1</b>\n")
        self.lay("assets/one.png", "1")
        self.lay("index.md", "---\n---\n")
        for name in self.pages:
            self.edit(name)
        self.git("init", "--quiet")
        self.git("add", "--all")
        self.request = Request(str(self.root), root=str(self.root), cache=True, cache_dir=str(self.cache))

    def git(self, *arguments: str) -> None:
        """Run git on the site."""
        subprocess.run(["git", *arguments], cwd=self.root, check=True, stdout=subprocess.DEVNULL)

    def lay(self, path: str, text: str) -> None:
        """Write a file."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def edit(self, name: str) -> None:
        """Give a page another text."""
        bodies = self.chance.choices(BODIES, k=self.chance.randrange(1, 30))
        fronts = ENTANGLED if name == NEW_PAGES[0] and self.chance.randrange(2) else FRONTS
        self.lay(name, f"---\n{self.chance.choice(fronts)}---\n{''.join(bodies)}")

    def change(self) -> None:
        """Change the cache or the site, or nothing: then the record is stamped anew at most."""
        chance = self.chance
        page, picture = chance.choice(NEW_PAGES), chance.choice(NEW_PICTURES)
        match chance.randrange(12):
            case 0:
                shutil.rmtree(self.cache, ignore_errors=True)
            case 1:
                for name in chance.sample(self.pages, 5):
                    self.edit(name)
            case 2:
                pass
            case 3 | 4:
                self.edit(page)
            case 5:
                (self.root / page).unlink(missing_ok=True)
            case 6:
                self.lay(picture, "1")
            case 7:
                (self.root / picture).unlink(missing_ok=True)
            case 8:
                self.move(*chance.sample([*NEW_PAGES, *self.pages[:4]], 2))
            case 9:
                self.move(*chance.sample([*NEW_PICTURES, "assets/one.png"], 2))
            case 10:
                shutil.rmtree(self.root / chance.choice(["deep", "deep/er", "assets/deep"]), ignore_errors=True)
            case _:
                self.edit(chance.choice(self.pages))
        if chance.randrange(3):
            self.git("add", "--all")

    def move(self, path: str, to: str) -> None:
        """Move a file, if it is there."""
        if (self.root / path).is_file():
            (self.root / to).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).replace(self.root / to)

    def survive(self, kills: int) -> int:
        """Do it all, and say what came of it."""
        started = time.monotonic()
        chance = self.chance
        took = {(staged, spawn): self.measured(staged=staged, spawn=spawn) for staged in (0, 1) for spawn in (0, 1)}
        met: Counter[str] = Counter()
        known: set[Path] = set()
        alive = killed = differing = talking = 0
        while killed < kills:
            self.change()
            staged, spawn = chance.randrange(2), not chance.randrange(10)
            others = [self.start(staged=chance.randrange(2), spawn=False) for _ in range(chance.randrange(2))]
            touches = 0 if spawn or chance.randrange(2) else chance.randrange(1, chance.choice(TOUCHES))
            victim = self.start(staged=staged, spawn=spawn, touches=touches)
            if not touches:  # what judges a few pages alone takes a small part of the time, and writing comes last
                time.sleep(chance.choice([0.2, 1.0]) * chance.triangular(0, 1.1, 0.9) * took[staged, spawn])
                os.kill(victim, signal.SIGKILL)
            _, status = os.waitpid(victim, 0)
            killed += os.WIFSIGNALED(status)
            alive += not os.WIFSIGNALED(status)
            for other in others:
                os.waitpid(other, 0)
            halves = {*self.cache.glob("*/*.tmp")}
            met.update(each.name.split(".")[-3] if each.name.count(".") > 2 else "record" for each in halves - known)
            known = halves
            for each in (staged, 1 - staged)[: chance.randrange(1, 3)]:
                warnings: list[str] = []
                differing += self.report(each, warnings) != self.report(each, [], cache=False)
                talking += len(warnings) > 1
        left = self.left()
        seconds = time.monotonic() - started
        begun = ", ".join(f"{count} of {name}" for name, count in sorted(met.items())) or "none"
        print(
            f"{killed} kills in {seconds:.0f} s, {alive} came too late; files that were begun and not finished: {begun}"
        )
        print(f"{differing} reports differ, {talking} runs with more than one warning, {left} files left over")
        return 1 if differing or talking or left else 0

    def report(self, staged: int, warnings: list[str], *, cache: bool = True) -> Report:
        """What is said of what lies on disk, or is staged."""
        request = self.request if cache else Request(str(self.root), root=str(self.root))
        if staged:
            return changes.check(request, is_staged=True, ref=None, warn=warnings.append)
        return remembering.check(request, warn=warnings.append) if cache else run.check(request)

    def left(self) -> int:
        """How many files there are that nobody needs, after runs on the whole site, on disk and staged, have tidied up."""
        for each in self.cache.glob("*/*.tmp"):  # what is as old as this nobody is writing any more
            os.utime(each, (0, 0))
        self.lay("_config.yml", "title: U\n")
        self.git("add", "--all")
        for staged in (0, 1):
            self.report(staged, [])
        names = [each.name for each in self.cache.glob("*/*")]
        wanted = 2 * (1 + len(TABLES))
        return abs(len(names) - wanted) + sum(name.endswith(".tmp") for name in names)

    def measured(self, *, staged: int, spawn: int) -> float:
        """Seconds that a whole run takes."""
        shutil.rmtree(self.cache, ignore_errors=True)
        started = time.monotonic()
        os.waitpid(self.start(staged=staged, spawn=bool(spawn)), 0)
        return time.monotonic() - started

    def start(self, *, staged: int, spawn: bool, touches: int = 0) -> int:
        """Start a run; its process. A fork kills itself when it touches the cache for the time that `touches` says."""
        if not spawn:
            child = os.fork()
            if not child:
                self.work(staged, touches)
            return child
        command = [sys.executable, "-m", "contentlint", "check", "--root", str(self.root)]
        command += ["--cache-dir", str(self.cache), *(["--staged"] if staged else [])]
        environment = os.environ | {"PYTHONPATH": str(LINT)}
        return subprocess.Popen(
            command, cwd=self.root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ).pid

    def work(self, staged: int, touches: int) -> NoReturn:
        """A run, and nothing after it."""
        cache, left = str(self.cache), touches

        def touched(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal left
            if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.listdir"):
                left -= str(arguments[0]).startswith(cache)
                if not left:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            if touches:
                sys.addaudithook(touched)
            self.report(staged, [])
        finally:
            os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
