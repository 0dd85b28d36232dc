#!/usr/bin/env python3
"""Compare the broken references and the anchors that contentlint finds with those of a site that real Jekyll built.

    links.py RECORDING SITE [RECORDING SITE ...] [--show N]

Recall: of the recorded references that are written in a page's own source and surely broken, how many are reported on a
line where they stand. Precision: of what is reported, how much is broken in the built site. A row whose verdict is
`dependent` (on a deployment, a theme, a plugin that is not here) counts neither way, nor does a report on a page that
was not built or failed to be.
Leaves with 1 when a site's recall or precision is below 98 %, or its ids differ.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from recording import ask, load, percent

RULES = {
    "missing-image",
    "image-case-mismatch",
    "unicode-mismatch",
    "broken-link",
    "link-case-mismatch",
    "broken-anchor",
    "missing-baseurl",
    "broken-link-tag",
}
AUTHORED = {"body", "frontmatter"}
ALIKE = 0.6
"""How alike a value as written and a value as built must be to be one reference, where no line can tell."""


class Verdicts(NamedTuple):
    """How a site's reports and recorded rows meet."""

    recorded: int
    found: int
    right: int
    dependent: int
    unbuilt: int
    missed: list[str]
    wrong: list[str]


def meet(recording: dict[str, Any], diagnostics: Iterable[dict[str, Any]]) -> Verdicts:
    """Give every reported reference to the recorded row that it speaks of, and count."""
    rows_of: dict[str | None, list[dict[str, Any]]] = defaultdict(list)
    for row in recording["broken"]:
        if row["source_kind"] != "static-html":
            rows_of[row["source"]].append(row)
            rows_of[None].append(row)
    built = {source for source, *_ in recording["urls"]}
    failed = {line.partition(": ")[0] for line in recording.get("dropped", {}).get("failed", ())}
    claimed: list[dict[str, Any]] = []
    right = dependent = unbuilt = 0
    wrong = []
    for said in diagnostics:
        if said["rule"] not in RULES:
            continue
        row = _row(said, rows_of[said["path"]]) if said["path"] in built else None
        row = row or _shown(
            said, [row for row in rows_of[None] if row["authored"] not in AUTHORED or row["verdict"] != "true"]
        )
        if row is not None:
            claimed.append(row)
        if row is not None and row["verdict"] == "true":
            right += 1
        elif row is not None and row["verdict"] != "false":
            dependent += 1
        elif row is None and (said["path"] in failed or (_is_page(said["path"]) and said["path"] not in built)):
            unbuilt += 1
        else:
            wrong.append(f"{said['path']}:{said['line']} {said['rule']} {said['value']}: {said['message']}")
    wanted = [row for row in rows_of[None] if row["verdict"] == "true" and row["authored"] in AUTHORED]
    names = {id(row) for row in claimed}
    missed = [f"{row['source']}:{row['line_ok']} {row['kind']} {row['value']}: {row['why']}"
              for row in wanted if id(row) not in names]  # fmt: skip
    return Verdicts(len(wanted), len(wanted) - len(missed), right, dependent, unbuilt, missed, wrong)


def _row(said: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The page's row that is written on the reported line and most like what is reported, if there is one."""
    return max(
        (row for row in rows if said["line"] in row["line_ok"]), key=lambda row: _likeness(said, row), default=None
    )


def _shown(said: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The row most like what is reported, of those that some page shows and that are not written in its source."""
    best = max(rows, key=lambda row: _likeness(said, row), default=None)
    return best if best is not None and _likeness(said, best) >= ALIKE else None


def _likeness(said: dict[str, Any], row: dict[str, Any]) -> float:
    written, built = unquote(str(said["value"])), unquote(row["value"])
    if written == built:
        return 1.0
    literal = re.split(r"\{\{.*?\}\}", written, flags=re.DOTALL)
    if len("".join(literal)) > 3 and re.fullmatch(".*".join(map(re.escape, literal)), built, re.DOTALL):
        return 0.95
    if written and (written in built or built in written):
        return 0.9
    return SequenceMatcher(None, written, built, autojunk=False).ratio() * 0.8


def _is_page(path: str) -> bool:
    folder = path.split("/", maxsplit=1)[0]
    return not folder.startswith("_") or folder in {"_posts", "_drafts"}


def differing_ids(recording: dict[str, Any], site: Path) -> list[str]:
    """Where the anchors of a built source are not those of Jekyll's page.

    An anchor that only the layout brings, or the name of an `<a>`, may be told or left out. A static file counts once
    contentlint has read it: it reads those that something links to.
    """
    anchors: dict[str, set[str]] = defaultdict(set)
    for row in ask(site, "urls"):
        if row["source"] in recording["ids"] and (row["anchors"] or row["kind"] != "static"):
            anchors[row["source"]] |= set(row["anchors"])
    differences = []
    for source, names in anchors.items():
        ids = {name for name in recording["ids"][source] if name}
        allowed = set(recording.get("other_anchors", {}).get(source, ()))
        lacking, more = ids - names, names - ids - allowed
        if lacking or more:
            differences.append(f"{source}: lacks {sorted(lacking)[:5]}, has besides {sorted(more)[:5]}")
    return differences


class Judged(NamedTuple):
    """A site's line of the table, whether it holds what is promised, and the rows that do not."""

    cells: list[Any]
    holds: bool
    details: list[tuple[str, list[str]]]


COLUMNS = ["site", "pages", "broken", "recall", "right", "wrong", "precision", "dependent", "unbuilt", "unknown", "ids"]
PROMISED = 0.98


def judge(file: Path, site: Path) -> Judged:
    """Everything of one site."""
    recording = load(file)
    verdicts = meet(recording, ask(site, "check")["diagnostics"])
    internal = [row["status"] for row in ask(site, "links") if row["status"] != "external"]
    ids = differing_ids(recording, site)
    judged = verdicts.right + len(verdicts.wrong)
    cells = [
        site.name,
        sum(row[3] != "static" for row in recording["urls"]),
        verdicts.recorded,
        percent(verdicts.found, verdicts.recorded),
        verdicts.right,
        len(verdicts.wrong),
        percent(verdicts.right, judged),
        verdicts.dependent,
        verdicts.unbuilt,
        percent(internal.count("unknown"), max(1, len(internal))),
        f"{len(ids)} of {len(recording['ids'])} differ",
    ]
    holds = not ids and verdicts.found >= PROMISED * verdicts.recorded and verdicts.right >= PROMISED * judged
    return Judged(cells, holds, [("missed", verdicts.missed), ("wrong", verdicts.wrong), ("ids", ids)])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", nargs="+", type=Path, metavar="RECORDING SITE")
    parser.add_argument("--show", type=int, default=10, help="how many rows of each kind to print (default: 10)")
    arguments = parser.parse_args()
    if len(arguments.pairs) % 2:
        parser.error("wants a site behind every recording")
    print("| " + " | ".join(COLUMNS) + " |", "| " + " | ".join("---" for _ in COLUMNS) + " |", sep="\n")
    holds, details = True, []
    for file, site in zip(arguments.pairs[::2], arguments.pairs[1::2], strict=True):
        try:
            judged = judge(file, site)
        except RuntimeError as error:
            print(f"| {site.name} | failed", flush=True)
            details.append(f"{site.name}: {error}")
            holds = False
            continue
        print("| " + " | ".join(map(str, judged.cells)) + " |", flush=True)
        holds &= judged.holds
        for word, rows in judged.details:
            details += [f"{site.name} {word} {row}" for row in rows[: arguments.show]]
    print("", *details, sep="\n")
    return int(not holds)


if __name__ == "__main__":
    sys.exit(main())
