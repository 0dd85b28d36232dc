"""How often the kramdown scanner agrees with kramdown, and how fast it is.

    python benchmarks/kramdown.py [--pages N] [--fuzz N] [--answers FILE] [--show N] FOLDER...

Takes the Markdown files of the folders, masks their Liquid alike for both sides, and compares links and ids with real
kramdown (benchmarks/kramdown_oracle.rb, started once). `--fuzz` adds pages of shuffled lines. `--answers` keeps
kramdown's answers in a file, since it needs a hundred times longer.
"""

from __future__ import annotations

import argparse
import hashlib
import html
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "lint"))

from contentlint.kramdown import Link, Scan, scan  # noqa: E402  # the path is set above

FRONT_MATTER = re.compile(r"\A---\s*\n.*?^(?:---|\.\.\.)\s*$\n?", re.DOTALL | re.MULTILINE | re.ASCII)
Page = tuple[str, str]
Facts = tuple[list[list[str]], list[str]]


def pages(folders: Iterable[Path]) -> list[Page]:
    """The bodies of all Markdown files below the folders, Liquid masked."""
    found = []
    for folder in folders:
        for path in sorted([*folder.rglob("*.md"), *folder.rglob("*.markdown")]):
            try:
                text = path.read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError):
                continue
            body = FRONT_MATTER.sub("", text, count=1)
            body = re.sub(r"\{%.*?%\}", "", body, flags=re.DOTALL)
            found.append((str(path), re.sub(r"\{\{.*?\}\}", "liquid", body, flags=re.DOTALL)))
    return found


def fuzzed(found: list[Page], count: int, chance: random.Random) -> list[Page]:
    """Pages of lines from everywhere, some cut and joined elsewhere."""
    lines = [line for _, body in found for line in body.splitlines()]
    result = []
    for number in range(count):
        chosen: list[str] = []
        for _ in range(chance.randint(2, 25)):
            at = chance.randrange(len(lines))
            chosen += lines[at : at + chance.choice([1, 1, 1, 2, 3])]
            if chance.random() < 0.2:
                chosen.append("")
            if chance.random() < 0.2 and chosen[-1]:
                chosen[-1] = chance.choice(["  ", "    ", "> ", "* ", "- ", "\t", "1. ", "{: #x}", ": "]) + chosen[-1]
        result.append((f"fuzz {number}", "\n".join(chosen) + "\n"))
    return result


def answers(found: list[Page], kept: Path | None) -> Iterator[dict[str, Any]]:
    """What kramdown makes of each page."""
    known = {}
    if kept and kept.exists():
        for line in kept.read_text(encoding="utf-8").splitlines():
            key, _, answer = line.partition(" ")
            known[key] = answer
    oracle = subprocess.Popen(
        ["ruby", str(HERE / "kramdown_oracle.rb")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert oracle.stdin
    assert oracle.stdout
    with oracle, kept.open("a", encoding="utf-8") if kept else open("/dev/null", "w") as keep:
        for _, body in found:
            key = hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:24]
            if key not in known:
                oracle.stdin.write(json.dumps({"text": body}) + "\n")
                oracle.stdin.flush()
                known[key] = oracle.stdout.readline().rstrip("\n")
                keep.write(f"{key} {known[key]}\n")
            yield json.loads(known[key])
        oracle.stdin.close()


def facts(found: Scan) -> Facts:
    """Links and ids as the oracle lists them: in order, of an element that has both its `href`, not its `src`."""
    links: list[list[str]] = []
    before: Link | None = None
    for link in found.links:
        if link.attribute not in {"href", "src"}:
            continue
        same = before and (before.use, before.tag) == (link.use, link.tag) and before.attribute != link.attribute
        if same and link.attribute == "href":
            links.pop()
        if not same or link.attribute == "href":
            links.append([link.tag.lower(), link.url])
        before = link
    return links, [anchor.name for anchor in found.anchors if anchor.kind != "name"]


def compare(title: str, found: list[Page], kept: Path | None, show: int) -> None:
    agreed = failed = places = wrong_places = 0
    for (path, body), answer in zip(found, answers(found, kept), strict=True):
        if "error" in answer:
            failed += 1
            continue
        scanned = scan(body)
        for link in scanned.links:
            if not link.generated:
                places += 1
                written = body[link.start : link.end]
                wrong_places += (
                    written != link.url and "&" not in written and "\n" not in written and "@" not in written
                )
        links, ids = facts(scanned)
        answer["links"] = [[tag, html.unescape(url)] for tag, url in answer["links"]]
        answer["ids"] = [html.unescape(name) for name in answer["ids"]]
        if (links, ids) == (answer["links"], answer["ids"]):
            agreed += 1
        elif show > 0:
            show -= 1
            print(f"--- {path}")
            for name, ours, theirs in (("links", links, answer["links"]), ("ids", ids, answer["ids"])):
                ours_only = [entry for entry in ours if entry not in theirs]
                theirs_only = [entry for entry in theirs if entry not in ours]
                if ours != theirs:
                    print(f"  {name}: {len(ours)} {len(theirs)} ours: {ours_only[:4]} kramdown's: {theirs_only[:4]}")
    asked = len(found) - failed
    print(
        f"{title}: {agreed} of {asked} pages agree ({100 * agreed / max(asked, 1):.2f} %); "
        f"kramdown failed on {failed}; {wrong_places} of {places} places wrong"
    )


def speed(found: list[Page]) -> None:
    size = sum(len(body.encode()) for _, body in found)
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        for _, body in found:
            scan(body)
        best = min(best, time.process_time() - start)
    print(f"speed: {size / 1e6:.1f} MB in {best:.2f} s: {size / 1e6 / best:.1f} MB/s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--fuzz", type=int, default=0)
    parser.add_argument("--answers", type=Path)
    parser.add_argument("--show", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    found = pages(given.folders)
    some = chance.sample(found, min(given.pages, len(found)))
    speed(some)
    if given.pages:
        compare("real pages", some, given.answers, given.show)
    if given.fuzz:
        compare("fuzzed pages", fuzzed(found, given.fuzz, chance), given.answers, given.show)


if __name__ == "__main__":
    main()
