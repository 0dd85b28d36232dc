#!/usr/bin/env python3
"""Measure what the worst pages cost: processor time and memory of a run on a site with one such page among ordinary ones.

    bounds.py [--megabytes 16] [--seconds 120] [--memory 4096] [--only WORD]

Each page is one sign or construct over and over, up to a size that is still read (16 MB). Leaves with 1 when a run ends by an internal
error, when it is over one of the bounds, or when it does not find the broken link of the ordinary page.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LINT = Path(__file__).parent.parent / "lint"
HEAD = "---\ntitle: T\n---\n"
PAGES: dict[str, tuple[str, str]] = {
    "opening brackets": (HEAD, "["),
    "images": (HEAD, "!["),
    "angle brackets": (HEAD, "<"),
    "tags": (HEAD, "<b>"),
    "blocks of HTML": (HEAD, "<div>\n"),
    "Liquid that opens": (HEAD, "{{"),
    "Liquid tags that open": (HEAD, "{%"),
    "Liquid ifs": (HEAD, "{% if x %}"),
    "Liquid loops": (HEAD, "{% for i in (1..9999) %}"),
    "stars": (HEAD, "*"),
    "emphasis": (HEAD, "*a _b "),
    "backticks": (HEAD, "`"),
    "backticks of all lengths": (HEAD, "` `` ``` "),
    "lists in lists": (HEAD, "* "),
    "quotes in quotes": (HEAD, "> "),
    "attribute lists": (HEAD, "{:"),
    "table rows": (HEAD, "a|b\n"),
    "footnotes": (HEAD, "[^f]"),
    "one line of words": (HEAD, "word "),
    "null bytes": (HEAD, "\0"),
    "links": (HEAD, "[a](/b.html)\n"),
    "headings": (HEAD, "# a\n"),
    "comments that open": (HEAD, "<!--"),
    "includes that are not there": (HEAD, "{% include x %}"),
    "suppressions": (HEAD, "<!-- contentlint: ignore[x] -->\n"),
    "front matter: sequences": ("---\nx: ", "["),
    "front matter: mappings": ("---\nx: ", "{a: "),
    "front matter: dashes": ("---\nx:\n", "- "),
    "front matter: keys": ("---\n", "k: v\n"),
    "front matter: aliases": ("---\na: &a [x]\nb: [", "*a, "),
    "front matter: a text": ("---\nx: '", "it''s "),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=16)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--memory", type=int, default=4096, help="megabytes")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    size = int(options.megabytes * 2**20) - 4096
    bad = 0
    slowest = hungriest = (0.0, "")
    for name, (head, unit) in PAGES.items():
        if options.only in name:
            end = "\n---\n" if name.startswith("front matter") else "\n"
            seconds, megabytes, said = measured(
                head + unit * (size // len(unit)) + end, options.seconds, options.memory
            )
            print(f"{name:<26} {seconds:7.1f} s {megabytes:7.0f} MB  {said}", flush=True)
            bad += bool(said)
            slowest, hungriest = max(slowest, (seconds, name)), max(hungriest, (megabytes, name))
    print(
        f"at most {slowest[0]:.0f} s ({slowest[1]}) and {hungriest[0]:.0f} MB ({hungriest[1]}); {bad} over the bounds"
    )
    return 1 if bad else 0


def measured(text: str, seconds: float, memory: int) -> tuple[float, float, str]:
    """Processor seconds, peak of memory, and what went wrong."""
    with tempfile.TemporaryDirectory(prefix="contentlint-bounds-") as folder:
        Path(folder, "hostile.md").write_text(text)
        Path(folder, "ordinary.md").write_text(HEAD + "[x](/gone/)\n")
        report = Path(folder, "report")
        command = [
            sys.executable,
            "-m",
            "contentlint",
            "check",
            "--no-cache",
            "--output-format",
            "json",
            "-o",
            str(report),
        ]

        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 5))
            resource.setrlimit(resource.RLIMIT_AS, (memory * 2**20, memory * 2**20))

        begun = time.monotonic()
        child = subprocess.Popen(command, cwd=folder, env=os.environ | {"PYTHONPATH": str(LINT)}, preexec_fn=limit)  # noqa: PLW1509 - no threads here
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        cost = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
        if child.returncode not in (0, 1):
            return *cost, f"exit {child.returncode} after {time.monotonic() - begun:.0f} s"
        found = json.loads(report.read_bytes())["diagnostics"]
        if any(each["rule"] == "internal-error" for each in found):
            return *cost, "internal error"
        if not any(each["path"] == "ordinary.md" for each in found):
            return *cost, "the ordinary page was not linted"
        return *cost, ""


if __name__ == "__main__":
    sys.exit(main())
