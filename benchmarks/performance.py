#!/usr/bin/env python3
"""Time contentlint beside every rival that is installed, in turn, and say whether it is as fast as it has to be.

    performance.py [--cache-dir DIR] [--rounds 3] [--quick-rounds 15] [--large] [--slow] [--profile] [--json FILE]
                   [--write docs/performance.md]
    performance.py --from FILE --write docs/performance.md

Makes sites with `make_site.py`, in a folder that is removed unless it was named. Leaves with 1 when a report from the cache
is not the one without. What is not there to be run is named, never guessed. The machine should have nothing else to do.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from performance import programs, report, sites, stages, timing
from performance.programs import Linter, Rival
from performance.sites import Edit, Site
from performance.timing import Case

BARE, VERSION, ONE = "bare", "version", "one-page site"
NOTHING, STAGED = "nothing changed", "--staged, nothing changed"
CHANGED, CAPTION = "one page changed: its body", "one page changed: a caption"
EDITS: dict[str, Edit] = {
    CHANGED: sites.body_edited,
    CAPTION: sites.caption_edited,
    "one picture removed": sites.picture_removed,
    "one page added": sites.page_added,
    "a rule's severity changed": sites.severity_edited,
    "the schema of all pages changed": sites.schema_edited,
}
STAGED_EDITS = {name: EDITS[name] for name in (CHANGED, "one page added")}
LINKS_1, LINKS_2 = "links only, one core", "links only, two cores"
SETTLING = 2.1
"""Seconds after which no file counts as just written any more, whatever clock its disk has."""


def main() -> int:
    parser = _parser()
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # an edit of a site that is kept is undone on the way out
    if options.source:
        results: dict[str, Any] = json.loads(options.source.read_text(encoding="utf-8"))
    else:
        options.seed = random.randrange(10**6) if options.seed is None else options.seed
        with tempfile.TemporaryDirectory(prefix="contentlint-speed-") as folder:
            cache = options.cache_dir or Path(folder)
            cache.mkdir(parents=True, exist_ok=True)
            try:
                results = Benchmark(options, cache.absolute(), Path(folder)).results()
            except ValueError as error:
                parser.error(str(error))
    print(report.text(results), end="")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    if options.write:
        options.write.write_text(report.page(results), encoding="utf-8")
    return int(not all(each["equal"] for each in results["checks"]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--cache-dir", type=Path, help="where the sites stay for the next time (default: a folder that is removed)")
    add("--pages", type=int, default=10_000, help="of the main site; others have a tenth and ten times as many")
    add("--rounds", type=int, default=3, help="of cold runs (default: 3)")
    add("--quick-rounds", type=int, default=15, help="of runs with a cache and of small ones (default: 15)")
    add("--quick-seconds", type=float, default=120, help="after which a group of them ends (default: 120)")
    add("--seed", type=int, help="of the order and the edits (default: by chance; printed)")
    add("--large", action="store_true", help="the site of ten times as many pages, too")
    add("--slow", action="store_true", help="Jekyll with html-proofer, too, on the small site: minutes")
    add("--contentlint", metavar="SCRIPT", help="an installed contentlint (default: this repository's)")
    add("--rival", metavar="NAME=PATH", action="append", default=[], help=f"one of {', '.join(programs.RIVALS)}")
    add("--no-rivals", action="store_true", help="contentlint alone")
    add("--profile", action="store_true", help="tell where time goes, too; implied by --write")
    add("--json", metavar="FILE", type=Path, help="write the results there")
    add("--write", metavar="FILE", type=Path, help="write the page of the documentation there")
    add("--from", dest="source", metavar="FILE", type=Path, help="measure nothing: show what --json wrote")
    return parser


class Benchmark:
    """One run of the command."""

    def __init__(self, options: argparse.Namespace, cache: Path, folder: Path) -> None:
        """Find the programs. Raises ValueError for a script of contentlint that cannot be timed."""
        self._options = options
        self._cache, self._folder = cache, folder
        self._rng = random.Random(options.seed)
        self._linter: Linter = programs.linter(options.contentlint, folder)
        named = dict(each.partition("=")[::2] for each in options.rival)
        if unknown := set(named) - set(programs.RIVALS):
            raise ValueError(f"{', '.join(sorted(unknown))} is none of {', '.join(programs.RIVALS)}")
        self._rivals: dict[str, Rival] = {} if options.no_rivals else programs.rivals(named)
        self._checks: list[dict[str, Any]] = []
        self._memory: list[dict[str, Any]] = []
        self._groups: list[dict[str, Any]] = []
        self._environment = {**self._linter.environment, "NO_COLOR": "1"}

    def results(self) -> dict[str, Any]:
        """Make the sites, and measure everything."""
        options = self._options
        _say("making the sites")
        small_pages = max(options.pages // 10, 24)
        self._one = sites.of_one_page(self._cache)
        self._small = sites.made(self._cache, small_pages)
        self._site = sites.made(self._cache, options.pages)  # what a hook meets nearly always: nothing to report
        self._long = sites.made(self._cache, options.pages, options.pages // 50, sites.WORDS_4X)
        self._large = sites.made(self._cache, options.pages * 10, options.pages // 5) if options.large else None
        self._tenth = sites.made(self._cache, options.pages, options.pages // 50) if options.large else None
        listed = {
            "main": self._site,
            "4 x larger pages": self._long,
            "small": self._small,
            "large": self._large,
            "a tenth of large": self._tenth,
        }
        for site in listed.values():
            if site is not None:
                sites.touched(site)
        quick = self._quick()
        self._staged()
        cold = self._cold()
        self._beside()
        large = [] if self._large is None else self._cold_large()
        results: dict[str, Any] = {
            "machine": _machine(),
            "options": f"Order by seed {options.seed}",
            "programs": {"contentlint": self._linter.version, **{n: r.version for n, r in self._rivals.items()}},
            "absent": [] if options.no_rivals else [name for name in programs.RIVALS if name not in self._rivals],
            "sites": [
                {"name": name, "pages": site.pages, "page_bytes": site.page_bytes, "faults": site.faults}
                for name, site in listed.items()
                if site is not None
            ],
            "groups": self._groups,
            "memory": self._memory,
            "checks": self._checks,
            "limits": self._limits({row["name"]: row for row in [*quick, *cold, *large]}),
        }
        if options.profile or options.write:
            results |= self._profile()
        return results

    # -- groups of runs -----------------------------------------------------------------------------------------------

    def _quick(self) -> list[dict[str, Any]]:
        """Start-up, and the runs of a hook on the main site."""
        store = self._folder / "cache"
        warm = self._check("--cache-dir", str(store))
        bare = partial(self._case, folder=self._one.folder, against=(BARE,))
        cases = [
            bare(BARE, "Python", self._linter.bare, against=()),
            bare(VERSION, "contentlint", [*self._linter.command, "version"]),
            bare(ONE, "contentlint", self._check("--no-cache")),
        ]
        _say("filling the cache")
        self._run(warm, self._site)
        why = "" if any(store.glob("**/*")) else "not available: nothing is cached"

        settled = partial(self._settle, warm)
        in_site = partial(self._case, folder=self._site.folder, against=(BARE,), absent=why)
        cases.append(
            in_site(NOTHING, "contentlint", warm, before=settled, after=partial(self._compare, NOTHING, self._site))
        )
        for name, edit in EDITS.items():
            cases.append(
                in_site(
                    name,
                    "contentlint",
                    warm,
                    before=settled,
                    edit=partial(edit, self._site),
                    after=partial(self._compare, name, self._site),
                )
            )
        return self._group("Start-up, and with a cache", cases, self._options.quick_rounds, warm_up=True)

    def _staged(self) -> None:
        """`--staged`, in a repository made of the main site, which is none again afterwards."""
        why = "" if "--staged" in self._linter.flags else "not available: contentlint has no --staged"
        folder = self._site.folder
        warm = self._check("--cache-dir", str(self._folder / "staged"), "--staged")
        settled = partial(self._settle, warm)
        cases = [
            self._case(BARE, "Python", self._linter.bare, self._one.folder),
            self._case(
                STAGED,
                "contentlint",
                warm,
                folder,
                against=(BARE,),
                absent=why,
                before=settled,
                after=partial(self._compare, STAGED, self._site, flags=("--staged",)),
            ),
            *(
                self._case(
                    f"--staged, {name}",
                    "contentlint",
                    warm,
                    folder,
                    against=(BARE,),
                    absent=why,
                    before=settled,
                    edit=partial(sites.staged, edit, self._site),
                    after=partial(self._compare, f"--staged, {name}", self._site, flags=("--staged",)),
                )
                for name, edit in STAGED_EDITS.items()
            ),
        ]
        aside = self._folder / "repository"  # out of the site: other runs must not walk it
        if not why:
            _say("making a repository of the site")
            git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "gc.auto=0"]
            for words in (["init", "-q", "--separate-git-dir", str(aside)], ["add", "-A"], ["commit", "-qm", "Begin"]):
                subprocess.run([*git, *words], cwd=folder, check=True, env=self._environment)
        try:
            self._group("In a git repository", cases, self._options.quick_rounds, warm_up=True)
        finally:
            (folder / ".git").unlink(missing_ok=True)

    def _cold(self) -> list[dict[str, Any]]:
        """Without a cache, beside rumdl."""
        cold = self._check("--no-cache")
        alone, many, jobs = self._alone(), cold, "--jobs" in self._linter.flags
        name, name_4x, default = self._cold_name(self._site), "cold, 4 x larger pages", "cold, default --jobs"
        cases = [
            self._case(name, "contentlint", alone, self._site.folder, cores=1, against=(LINKS_1,)),
            self._case(
                default,
                "contentlint",
                many,
                self._site.folder,
                cores=2,
                against=(LINKS_2, name),
                absent="" if jobs else "not available: contentlint has no --jobs",
            ),
            self._case(
                name_4x, "contentlint", alone, self._long.folder, cores=1, against=(name, f"{LINKS_1}, 4 x larger")
            ),
            self._case(self._cold_name(self._small), "contentlint", alone, self._small.folder, cores=1),
            self._rumdl(LINKS_1, self._site, 1),
            self._rumdl(LINKS_2, self._site, 2),
            self._rumdl(f"{LINKS_1}, 4 x larger", self._long, 1),
        ]
        rows = self._group("Cold", cases, self._options.rounds)
        self._remember(cases[0], self._site)
        self._watch(default, many, self._site, absent=cases[1].absent)
        return rows

    def _cold_large(self) -> list[dict[str, Any]]:
        """Ten times as many pages, beside a tenth of them with as many faults a page."""
        assert self._large is not None
        assert self._tenth is not None
        tenth = self._cold_name(self._tenth)
        cases = [
            self._case(tenth, "contentlint", self._alone(), self._tenth.folder, cores=1),
            self._case(
                self._cold_name(self._large),
                "contentlint",
                self._alone(),
                self._large.folder,
                cores=1,
                against=(tenth, LINKS_1),
            ),
            self._rumdl(LINKS_1, self._large, 1),
        ]
        rows = self._group(f"Cold, {self._large.pages:,} pages", cases, self._options.rounds)
        self._remember(cases[1], self._large)
        absent = "" if "--jobs" in self._linter.flags else "not available: contentlint has no --jobs"
        self._watch(
            f"cold, {self._large.pages:,} pages, default --jobs", self._check("--no-cache"), self._large, absent
        )
        return rows

    def _beside(self) -> None:
        """The other rivals, on the small site, which has no planted fault: Jekyll cannot build some of them."""
        site = self._small
        name = self._cold_name(site)
        folder = self._folder / "rivals"
        folder.mkdir()
        case = partial(self._case, folder=site.folder, against=(name,))
        commands: dict[str, Callable[[], list[str] | None]] = {
            "markdownlint-cli2": lambda: programs.markdownlint(self._rivals["markdownlint-cli2"], folder),
            "remark": lambda: programs.remark(self._rivals["remark"], folder, site.folder),
        }
        cases = [
            case(name, "contentlint", self._check("--no-cache"), against=()),
            self._rumdl("links only", site, None, against=(name,)),
        ]
        for rival, command in commands.items():
            words = command() if rival in self._rivals else None
            why = "absent" if rival not in self._rivals else "" if words else "not available: a plugin is not beside it"
            what = "anchors and references" if rival == "markdownlint-cli2" else "links and schema"
            failing = (0,) if rival == "remark" else (0, 1)  # remark leaves with 1 only when it could not do its work
            cases.append(
                case(what, rival, words or (), accepted=failing, absent="not run" if self._options.no_rivals else why)
            )
        both = {"jekyll", "htmlproofer"} <= set(self._rivals)
        why = "not run: --slow" if both and not self._options.slow else "" if both else "absent"
        words = programs.jekyll(self._rivals["jekyll"], self._rivals["htmlproofer"], folder) if both else []
        slow = case("build and check", "Jekyll and html-proofer", words, absent=why)
        if self._options.no_rivals:
            slow.absent = "not run"
        # One round: Jekyll takes minutes, and a pair needs a run of each.
        self._group(f"Other rivals, {site.pages:,} pages", [*cases, slow], 1)

    def _group(self, title: str, cases: Sequence[Case], count: int, *, warm_up: bool = False) -> list[dict[str, Any]]:
        before = os.getloadavg()[0]
        most = self._options.quick_seconds if warm_up else float("inf")
        kept = timing.rounds(cases, count, self._rng, warm_up=warm_up, most=most, say=_say)
        load = f"{before:.1f} at its start, {os.getloadavg()[0]:.1f} at its end; rounds: {kept}"
        rows = timing.rows(cases)
        self._groups.append({"title": title, "load": load, "rows": rows})
        return rows

    # -- commands -----------------------------------------------------------------------------------------------------

    def _case(self, name: str, program: str, command: Sequence[str], folder: Path, **more: Any) -> Case:
        return Case(name, program, command, folder, self._environment, **more)

    def _check(self, *flags: str) -> list[str]:
        return [*self._linter.command, "check", *flags]

    def _alone(self) -> list[str]:
        """A cold check in one process."""
        return self._check("--no-cache", *(["--jobs", "1"] if "--jobs" in self._linter.flags else []))

    def _rumdl(self, name: str, site: Site, cores: int | None, against: tuple[str, ...] = ()) -> Case:
        rival = self._rivals.get("rumdl")
        absent = "not run" if self._options.no_rivals else "" if rival else "absent"
        command = programs.rumdl(rival) if rival else []
        return self._case(name, "rumdl", command, site.folder, cores=cores, against=against, absent=absent)

    def _settle(self, command: Sequence[str]) -> None:
        """Let the main site lie until its times tell of any change, as everything does but what somebody edits; then run on it."""
        time.sleep(SETTLING)
        self._run(command, self._site)

    def _run(self, command: Sequence[str], site: Site) -> timing.Run:
        return timing.run(command, site.folder, self._environment)

    @staticmethod
    def _cold_name(site: Site) -> str:
        return f"cold, {site.pages:,} pages" + (f", {site.faults:,} faults" if site.faults else "")

    # -- what is looked at besides time -------------------------------------------------------------------------------

    def _compare(self, name: str, site: Site, done: timing.Run, flags: tuple[str, ...] = ()) -> None:
        """Hold a report that may have come from the cache against the one without."""
        _say(f"comparing reports: {name}")
        fresh = self._run(self._check("--no-cache", *flags), site)
        self._checks.append({"name": name, "equal": (fresh.code, fresh.output) == (done.code, done.output)})

    def _remember(self, case: Case, site: Site) -> None:
        peak = max((each.peak for each in case.runs), default=0)
        self._note(case.name, site, peak, "the process", case.absent)

    def _watch(self, name: str, command: Sequence[str], site: Site, absent: str) -> None:
        """The memory of a program and its children, in a run of its own: to look at it takes time."""
        peak = 0
        if not absent:
            _say(f"watching the memory of {name}")
            done = timing.run(command, site.folder, self._environment, on=timing.cores(2), watched=True)
            peak = done.together
            absent = "" if peak else "not available: this system does not tell"
        self._note(name, site, peak, "all processes at one time, shared pages counted once", absent)

    def _note(self, name: str, site: Site, peak: int, how: str, absent: str) -> None:
        self._memory.append({"name": name, "pages": site.pages, "peak": peak, "how": how, "absent": absent})

    def _limits(self, rows: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
        """The promises, with what was measured."""
        main, large, tenth = self._cold_name(self._site), f"cold, {self._site.pages * 10:,} pages", ""
        if self._large is not None and self._tenth is not None:
            large, tenth = self._cold_name(self._large), self._cold_name(self._tenth)
        listed: list[tuple[str, str, float, float | None, str]] = [
            (NOTHING, BARE, 5, None, "x bare"),
            (CHANGED, BARE, 10, None, "x bare"),
            (CAPTION, BARE, 10, None, "x bare"),
            (main, LINKS_1, 1.0, 0.6, "x rumdl, one core"),
            ("cold, default --jobs", LINKS_2, 0.6, 0.4, "x rumdl, two cores"),
            (large, tenth, 11, None, f"x {self._site.pages:,} pages"),
            (ONE, BARE, 8, None, "x bare"),
        ]
        found = []
        for name, against, at_most, aim, unit in listed:
            row = rows.get(name, {})
            ratio = row.get("ratios", {}).get(against)
            value = None if ratio is None else ratio["median"]
            found.append(_limit(name, at_most, aim, unit, value, row.get("absent", "")))
        most = {self._site.pages: 250, self._site.pages * 10: 1800}
        for each in self._memory:
            value = None if each["absent"] else each["peak"] / 1e6
            name = f"peak memory, {each['name']}"
            found.append(_limit(name, most[each["pages"]], None, "MB", value, each["absent"]))
        return found

    def _profile(self) -> dict[str, Any]:
        _say("profiling")
        linter, environment = self._linter, dict(self._linter.environment)
        call = [*linter.bare[:-2], stages.__file__, str(self._site.folder)]
        told = json.loads(subprocess.run(call, env=environment, capture_output=True, check=True).stdout)
        store = str(self._folder / "cache")
        commands = {
            "version": (["version"], self._one),
            "check, one-page site": (["check", "--no-cache"], self._one),
            "check, nothing changed": (["check", "--cache-dir", store], self._site),
        }
        if not any(Path(store).glob("**/*")):
            del commands["check, nothing changed"]
        spent = {
            name: stages.imports(linter.command, arguments, site.folder, environment)
            for name, (arguments, site) in commands.items()
        }
        return {"profile": {**told, "site": f"site of {self._site.pages:,} pages"}, "imports": spent}


def _limit(name: str, at_most: float, aim: float | None, unit: str, value: float | None, why: str) -> dict[str, Any]:
    return {"name": name, "at_most": at_most, "aim": aim, "unit": unit, "value": value, "why": why}


def _machine() -> dict[str, Any]:
    """What the figures depend on, and nothing that tells one machine from its like."""
    try:
        said = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        said = []
    cpu = next((line.partition(":")[2].strip() for line in said if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def _say(text: str) -> None:
    """What is being done, for whoever waits at a terminal."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text[:100]}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
