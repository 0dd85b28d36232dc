"""The results for people: tables on the terminal, and a page of the documentation. All figures come from the results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Table = tuple[Sequence[str], Sequence[Sequence[str]]]
"""A header, and rows."""

INTRODUCTION = """\
# How fast it is

Written by `python benchmarks/performance.py --write docs/performance.md` (see [benchmarks](../benchmarks/README.md)); every
figure below was measured by that run. Compare ratios: seconds are those of one machine.

The programs run in turn, in a shuffled order, round by round. A ratio is the median of the ratios of two runs in the same
round, with the least and the greatest in parentheses. *Bare* is `-c pass` of the very Python that runs contentlint. Files
were in memory before the first round; output goes to a file. After each kind of change the report is compared with the one
of `--no-cache`.
"""


def limits(results: dict[str, Any]) -> Table:
    """What must hold, and whether it does."""
    rows: list[Sequence[str]] = []
    for limit in results["limits"]:
        unit = limit["unit"]
        value = "not measured" if limit["value"] is None else f"{limit['value']:.2f} {unit}"
        if limit["value"] is None:
            verdict = f"not reached: {limit['why']}" if limit["why"] else "not measured"
        else:
            verdict = "reached" if limit["value"] <= limit["at_most"] else "**not reached**"
        aim = f" (aim: {limit['aim']})" if limit["aim"] else ""
        rows.append((limit["name"], f"{limit['at_most']} {unit}{aim}", value, verdict))
    return ("run", "at most", "measured", ""), rows


def timings(rows: Iterable[dict[str, Any]]) -> Table:
    """Seconds of one group, and its ratios."""
    shown: list[Sequence[str]] = []
    for row in rows:
        on = "" if row["cores"] is None else f"{row['cores']}"
        if "median" not in row:
            shown.append((row["name"], row["program"], on, row["absent"] or "not measured", "", "", ""))
            continue
        ratios = "; ".join(
            f"{each['median']:.2f} ({each['least']:.2f} to {each['most']:.2f}) x {name}"
            for name, each in row["ratios"].items()
        )
        spread = f"{_seconds(row['least'])} to {_seconds(row['most'])}"
        shown.append((row["name"], row["program"], on, _seconds(row["median"]), spread, _seconds(row["cpu"]), ratios))
    return ("run", "program", "cores", "median", "spread", "CPU", "ratio"), shown


def memory(results: dict[str, Any]) -> Table:
    """Peak memory."""
    rows = [(row["name"], row["absent"] or f"{row['peak'] / 1e6:.0f} MB", row["how"]) for row in results["memory"]]
    return ("run", "peak", "of"), rows


def sites(results: dict[str, Any]) -> Table:
    """What was linted."""
    rows = [
        (each["name"], f"{each['pages']:,}", f"{each['page_bytes']:,}", f"{each['faults']:,}")
        for each in results["sites"]
    ]
    return ("site", "pages", "bytes a page", "planted faults"), rows


def stages(results: dict[str, Any]) -> Table:
    """CPU seconds by stage."""
    spent: dict[str, float] = results["profile"]["stages"]
    total = sum(spent.values())
    rows = [
        (name, f"{seconds:.2f} s", f"{100 * seconds / total:.0f} %")
        for name, seconds in sorted(spent.items(), key=lambda each: -each[1])
    ]
    rows += [
        (f"{name} is not there any more: its time stands elsewhere", "", "") for name in results["profile"]["lost"]
    ]
    if results["profile"]["code"] not in (0, 1):
        rows.append((f"the check left with {results['profile']['code']}", "", ""))
    return ("stage", "CPU", "share"), [*rows, ("together", f"{total:.2f} s", "")]


_SPREAD = (
    "No stage has most of it, and none has a hot spot of its own: it is some microseconds of Python for each of three hundred "
    "thousand references. What is left to gain by leaving work out is little; to be as fast as a program in Rust, the evaluation "
    "of Liquid, the scanner and the way back from a page to its source would have to be compiled, too."
)


def imports(results: dict[str, Any]) -> Table:
    """Milliseconds of importing by command and package."""
    rows: list[Sequence[str]] = []
    for command, spent in results["imports"].items():
        listed = sorted(spent.items(), key=lambda each: -each[1])
        parts = ", ".join(f"{package} {milliseconds:.1f}" for package, milliseconds in listed[:8])
        rows.append((command, f"{sum(spent.values()):.1f} ms", parts))
    return ("command", "importing", "by package, ms"), rows


def sections(results: dict[str, Any]) -> Iterator[tuple[str, str, Table | None]]:
    """Title, text and table of each part."""
    yield "What must hold", "", limits(results)
    for group in results["groups"]:
        yield group["title"], f"Load average {group['load']}.", timings(group["rows"])
    yield "Peak memory", "", memory(results)
    if results["checks"]:
        said = [f"{each['name']}: {'equal' if each['equal'] else 'NOT EQUAL'}" for each in results["checks"]]
        yield "The same reports", f"Cached and uncached reports, after each kind of change: {'; '.join(said)}.", None
    if "profile" in results:
        yield (
            "Where the time goes",
            f"A cold check of the {results['profile']['site']}, one process. {_SPREAD}",
            stages(results),
        )
        yield "Where start-up goes", "What `-X importtime` tells, which costs time itself.", imports(results)
    yield "The sites", "", sites(results)
    machine = results["machine"]
    words = [machine["cpu"], f"{machine['cores']} cores, {machine['memory']}", machine["system"], machine["python"]]
    programs = [f"{name} {version}" for name, version in results["programs"].items()]
    absent = f" Absent: {', '.join(results['absent'])}." if results["absent"] else ""
    yield "The machine", f"{'; '.join(words)}. Programs: {', '.join(programs)}.{absent} {results['options']}.", None


def text(results: dict[str, Any]) -> str:
    """For the terminal."""
    parts = []
    for title, said, table in sections(results):
        parts += ["", f"{title}. {said}".rstrip()]
        if table is not None:
            lines = [table[0], *table[1]]
            widths = [max(len(line[k]) for line in lines) for k in range(len(table[0]))]
            parts += [
                "  " + "  ".join(f"{cell:{width}}" for cell, width in zip(line, widths, strict=True)).rstrip()
                for line in lines
            ]
    return "\n".join(parts).lstrip("\n").replace("**", "") + "\n"


def page(results: dict[str, Any]) -> str:
    """For the documentation."""
    parts = [INTRODUCTION]
    for title, said, table in sections(results):
        parts.append(f"## {title}\n")
        if said:
            parts.append(f"{said.strip()}\n")
        if table is not None:
            lines = [table[0], ["---"] * len(table[0]), *table[1]]
            parts.append("\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n")
    return "\n".join(parts)


def _seconds(value: float) -> str:
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"
