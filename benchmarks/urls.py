#!/usr/bin/env python3
"""Compare the URLs and outputs that contentlint computes with those that real Jekyll gave.

    urls.py RECORDING SITE [RECORDING SITE ...] [--show N]

Leaves with 1 when any answer differs. A URL that contentlint calls unknown is counted by itself: it is no answer.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

from recording import ask, load, percent

KINDS = {"page", "post", "draft", "document", "static"}


class Agreement(NamedTuple):
    """How a site's sources fared, and the differences in words."""

    same: int
    unknown: int
    differences: list[str]
    by_kind: Counter[str]


def compare(recording: Path, site: Path) -> Agreement:
    """Every recorded source's kinds, URLs and outputs against contentlint's, and no source more."""
    recorded = load(recording)
    kinds = {row[3] for row in recorded["urls"]} & KINDS
    jekyll: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for source, url, output, kind in recorded["urls"]:
        if (site / source).exists():
            jekyll[source].add((kind, url, output))
    ours: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    unknown = set()
    for row in ask(site, "urls"):
        source = row["source"]
        if (
            source is None
            or row["kind"] not in kinds
            or not row["published"]
            or source in recorded.get("unwritten", ())
        ):
            continue
        if row["url"] is None:
            unknown.add(source)
        else:
            ours[source].add((row["kind"], row["url"], row["output"]))
    same, differences = 0, []
    for source in sorted(jekyll.keys() | ours.keys()):
        if jekyll[source] == ours[source]:
            same += 1
        elif source not in unknown:
            differences.append(f"{source}: Jekyll {_told(jekyll[source])}, contentlint {_told(ours[source])}")
    return Agreement(same, len(unknown), differences, Counter(kind for rows in jekyll.values() for kind, _, _ in rows))


def _told(rows: set[tuple[str, str, str]]) -> str:
    return " and ".join(f"{kind} {url} ({output})" for kind, url, output in sorted(rows)) or "nothing"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", nargs="+", type=Path, metavar="RECORDING SITE")
    parser.add_argument("--show", type=int, default=20, help="how many differences of each site to print (default: 20)")
    arguments = parser.parse_args()
    if len(arguments.pairs) % 2:
        parser.error("wants a site behind every recording")
    failed = False
    for recording, site in zip(arguments.pairs[::2], arguments.pairs[1::2], strict=True):
        try:
            agreement = compare(recording, site)
        except RuntimeError as error:
            print(f"{site.name}: {error}")
            failed = True
            continue
        answered = agreement.same + len(agreement.differences)
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(agreement.by_kind.items()))
        print(f"{site.name}: {agreement.same} of {answered} sources agree, {percent(agreement.same, answered)}"
              f"; {agreement.unknown} unknown ({kinds})")  # fmt: skip
        for line in agreement.differences[: arguments.show]:
            print(f"  {line}")
        failed |= bool(agreement.differences)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
