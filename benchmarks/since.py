#!/usr/bin/env python3
"""Commit a site full of planted faults, change it on a branch, and see whether `--since` tells exactly what the change brought.

    since.py [--pages 1000] [--faults 210] [--seed 7] [--json]

The branch removes a page that others link to and a picture that a page shows, and edits ten pages, three of them with a new fault.
What is new is known by how it is made, not by another run. Also tells the time, in ratio to a run without `--since`, and leaves with 1
when anything is missed, wrongly said, or takes twice as long.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent

GIT = ["git", "-c", "user.name=Someone", "-c", "user.email=someone@example.org", "-c", "init.defaultBranch=main"]
FAULTS = ("\n[Nowhere](/no/such/page/)\n", "\n![Nothing](/assets/no-such-picture.png)\n", "\n[Here](#no-such-place)\n")
EDIT = "\nOne more sentence.\n"


Problem = tuple[str, int, str]
"""Path, line and rule; all rules that speak of links count as `broken-link`."""


class Run(NamedTuple):
    """What a run said, which of it without the change that brought it, and its CPU seconds."""

    problems: set[Problem]
    unexplained: set[Problem]
    seconds: float


def check(site: Path, *flags: str) -> Run:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "lint")}
    command = [sys.executable, "-m", "contentlint", "check", "--no-cache", "--output-format", "json", *flags]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=site, env=environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode > 1:
        raise SystemExit(done.stderr)
    told = json.loads(done.stdout)["diagnostics"]
    named = {
        (each["path"], each["line"], each["rule"].removesuffix("-tag")): [one["message"] for one in each["related"]]
        for each in told
    }
    unexplained = {each for each, notes in named.items() if not any("was removed" in note for note in notes)}
    return Run(set(named), unexplained, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def git(site: Path, *arguments: str) -> None:
    subprocess.run([*GIT, *arguments], cwd=site, check=True, capture_output=True)


class Change(NamedTuple):
    """The problems that a change brings, by what it did."""

    lost: set[Problem]
    """Of what was removed."""
    written: set[Problem]


def change(site: Path, faulty: set[str]) -> Change:
    """Make the change."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.md"))}
    names = {path: path.relative_to(site).as_posix() for path in texts}
    clean = [
        path
        for path in texts
        if re.fullmatch(r"muscle/\w+/(?!index)[a-z]+\.md", names[path]) and names[path] not in faulty
    ]

    def mentions(page: Path) -> set[Problem]:
        pattern = re.compile(rf"(?:{page.parent.name}/|(?<![\w/]\.\./)\.\./){page.stem}(?:/|\.md)")
        return {
            (names[path], text.count("\n", 0, found.start()) + 1, "broken-link")
            for path, text in texts.items()
            if path != page
            for found in pattern.finditer(text)
            if not found[0].startswith(".") or path.parent == page.parent
        }

    page = next(each for each in clean if len(mentions(each)) > 1)
    lost = {*mentions(page), (names[page], 1, "removed-url")}
    untouched = [each for each in clean if each != page and names[each] not in {path for path, *_ in lost}]
    shown = next(each for each in untouched[10:] if "image_url: " in texts[each])
    found = re.search(r"image_url: (\S+)", texts[shown])
    assert found is not None
    lost.add((names[shown], texts[shown].count("\n", 0, found.start()) + 1, "missing-image"))
    page.unlink()
    next(site.glob(f"assets/**/{found[1]}")).unlink()
    written = set()
    for path, addition in zip(untouched[:10], [*FAULTS, *[EDIT] * 7], strict=True):
        path.write_text(texts[path] + addition, encoding="utf-8")
        if addition in FAULTS:
            rule = ("broken-link", "missing-image", "broken-anchor")[FAULTS.index(addition)]
            written.add((names[path], texts[path].count("\n") + 2, rule))
    return Change(lost, written)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--faults", type=int, default=210)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="for programs; time decides nothing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="contentlint-since-") as folder:
        site = Path(folder, "site")
        maker = [sys.executable, str(ROOT / "benchmarks" / "make_site.py"), str(site), "--seed", str(options.seed)]
        maker += ["--pages", str(options.pages), "--faults", str(options.faults)]
        subprocess.run(maker, check=True, capture_output=True)
        planted = json.loads(Path(f"{site}.faults.json").read_text(encoding="utf-8"))
        for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "All"]):
            git(site, *arguments)
        git(site, "checkout", "--quiet", "-b", "topic")
        brought = change(site, {each["file"] for each in planted})
        git(site, "commit", "--quiet", "--all", "--message", "Change")
        whole, new = check(site), check(site, "--since", "main")
    expected = brought.lost | brought.written
    wrong = [f"missed {each}" for each in sorted(expected - new.problems)]
    wrong += [f"not new {each}" for each in sorted(new.problems - expected)]
    wrong += [f"not explained {each}" for each in sorted(brought.lost & new.unexplained) if each[2] != "removed-url"]
    ratio = new.seconds / whole.seconds
    told = {"old": len(whole.problems - expected), "new": len(expected), "wrong": wrong, "ratio": round(ratio, 2)}
    if options.json:
        print(json.dumps(told))
        return int(bool(wrong))
    print(
        f"{told['old']} old problems, {told['new']} new ones; --since: {len(wrong)} wrong; {ratio:.2f} x a run of {whole.seconds:.2f} s (CPU)"
    )
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return int(bool(wrong) or ratio >= 2)


if __name__ == "__main__":
    sys.exit(main())
