#!/usr/bin/env python3
"""Plant faults in made sites, lint them, and count what is found, what is missed, and what is a false alarm.

    planted.py [--seeds 1-5] [--pages 1000] [--faults 210] [--only with-config|without-config]

Each site of `make_site.py` is linted twice: with a config that tells what its owner knows (a schema, permalink patterns,
the two includes), where every planted fault must be named on its line by its rule; and with no config at all, where those
that need none must be. Anything else that is reported is a false alarm, save what the same fault entails. Leaves with 1
when a fault is missed or an alarm is false.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from recording import ask, percent

CONFIG = """\
pages:
  - match: "muscle/{region}/index.md"
    permalink: "/muscle/{region}/"
  - match: "muscle/{region}/{name}.md"
    schema: muscle-page.schema.json
    permalink: "/muscle/{region}/{name}/"
includes:
  page-image: {params: {im_id: "images[].image_id"}}
  gallery: {needs: [gallery]}
"""
PATHS = ["{urlimg}{value}"]
TEXT: dict[str, Any] = {"type": "string"}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["title"],
    "additionalProperties": False,
    "properties": {
        "layout": TEXT,
        "permalink": TEXT,
        "title": TEXT,
        "subheadline": TEXT,
        "header": {},
        "tags": {},
        "images": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"image_name": {"type": "string", "x-reference": {"role": "image", "paths": PATHS}}},
            },
        },
        "gallery": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"image_url": {"type": "string", "x-reference": {"role": "image", "paths": PATHS}}},
            },
        },
    },
}
NEED_CONFIG = {"permalink-mismatch", "no-title", "wrong-type"}
ENTAILED = {"permalink-duplicate": "permalink-path-mismatch", "no-gallery": "unknown-key"}
"""With the config, a fault of the kind is also one of this rule, on the same page."""


class Score(NamedTuple):
    """Counts of planted and found faults by kind, and what was missed or wrongly said, in words."""

    planted: Counter[str]
    found: Counter[str]
    missed: list[str]
    false: list[str]
    false_by_rule: Counter[str]


def judge(site: Path, planted: list[dict[str, Any]], *, configured: bool) -> Score:
    """Lint one made site and hold the report against what was planted in it; the config then stays in the site."""
    if configured:
        (site / "contentlint.yml").write_text(CONFIG, encoding="utf-8")
        (site / "muscle-page.schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    return score(site, planted, configured=configured)


def score(site: Path, planted: list[dict[str, Any]], *, configured: bool) -> Score:
    """Lint one made site as it is and hold the report against what was planted in it.

    Without a config nothing says which of two pages with one URL is in the wrong: both may be named.
    """
    report = ask(site, "check", config=None)
    wanted = [fault for fault in planted if configured or fault["kind"] not in NEED_CONFIG]
    said = {(row["path"], row["line"], row["rule"]): row for row in report["diagnostics"]}
    claimed = set()
    result = Score(Counter(), Counter(), [], [], Counter())
    for fault in wanted:
        place = (fault["file"], fault["line"], fault["rule"])
        result.planted[fault["kind"]] += 1
        if place in said:
            claimed.add(place)
            result.found[fault["kind"]] += 1
        else:
            result.missed.append(f"{fault['kind']}: {fault['file']}:{fault['line']} {fault['rule']} {fault['value']}")
    entailed = {(fault["file"], ENTAILED.get(fault["kind"])) for fault in planted if configured}
    twins = {fault["value"] for fault in planted if fault["kind"] == "permalink-duplicate" and not configured}
    for place, row in said.items():
        path, line, rule = place
        if place in claimed or (path, rule) in entailed or (rule == "duplicate-url" and row["value"] in twins):
            continue
        result.false.append(f"{path}:{line} {rule} {row['value']}: {row['message']}")
        result.false_by_rule[rule] += 1
    repeated = len(report["diagnostics"]) - len(said)
    if repeated:
        result.false.append(f"{repeated} diagnostics repeat another's line and rule")
        result.false_by_rule["repeated"] += repeated
    return result


def span(text: str) -> range:
    """A number, or the first and last of several: `1-5`."""
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=span, default=span("1-5"), help="one number or a span (default: 1-5)")
    parser.add_argument("--pages", default="1000")
    parser.add_argument("--faults", default="210")
    parser.add_argument("--only", choices=["with-config", "without-config"], help="one of the two runs")
    parser.add_argument("--show", type=int, default=10, help="how many misses and false alarms to print (default: 10)")
    arguments = parser.parse_args()
    failed = False
    make = [sys.executable, str(Path(__file__).with_name("make_site.py"))]
    for seed in arguments.seeds:
        with tempfile.TemporaryDirectory() as folder:
            site = Path(folder, "site")
            counts = ["--pages", arguments.pages, "--faults", arguments.faults, "--seed", str(seed)]
            subprocess.run([*make, str(site), *counts], check=True)
            planted = json.loads(site.with_name("site.faults.json").read_text(encoding="utf-8"))
            for run in ("without-config", "with-config"):
                if arguments.only in (None, run):
                    result = judge(site, planted, configured=run == "with-config")
                    failed |= bool(result.missed or result.false)
                    tell(seed, run, result, arguments.show)
    return int(failed)


def tell(seed: int, run: str, result: Score, show: int) -> None:
    """Print what one run came to, and the first few of what is missed and wrongly said."""
    found, planted = result.found.total(), result.planted.total()
    print(
        f"seed {seed} {run}: recall {percent(found, planted)} ({found} of {planted}), {len(result.false)} false alarms"
    )
    for kind, count in sorted(result.planted.items()):
        if result.found[kind] < count:
            print(f"  {kind}: {result.found[kind]} of {count}")
    for rule, count in sorted(result.false_by_rule.items()):
        print(f"  false {rule}: {count}")
    for line in [*(f"  missed {m}" for m in result.missed[:show]), *(f"  false {f}" for f in result.false[:show])]:
        print(line)


if __name__ == "__main__":
    sys.exit(main())
