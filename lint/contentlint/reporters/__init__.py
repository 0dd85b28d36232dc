"""Output formats: each module here turns a report into lines, and nothing but the chosen one is imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # who asks for the names of the formats alone is not made to wait for dataclasses
    from contentlint.diagnostic import Report
    from contentlint.reporters.sarif import Manual

FOR_PEOPLE = ("full", "concise")
"""Formats that are read on a terminal, in its own encoding and colours."""

FOR_CI = ("github", "gitlab", "sarif", "junit", "rdjson", "markdown")
"""Formats that a CI service reads: it counts paths from the top of the git work tree."""

FORMATS = (*FOR_PEOPLE, "json", *FOR_CI)


def reporter(
    name: str,
    *,
    colour: bool = False,
    width: int = 160,
    unsafe: bool = False,
    manuals: Callable[[], Mapping[str, Manual]] = dict,
) -> Callable[[Report], Iterator[str]]:
    """The reporter of a format: it turns a report into lines without line ends; those for programs are UTF-8.

    `colour`, `width` (in terminal cells) and `unsafe` (such fixes are marked, too) matter to those for people alone; `manuals` tells of each rule, which only
    `sarif` asks for.
    """
    lines: Callable[..., Iterator[str]] = import_module(f"contentlint.reporters.{name}").lines
    if name == "full":
        return partial(lines, colour=colour, width=width, unsafe=unsafe)
    if name == "concise":
        return partial(lines, colour=colour, unsafe=unsafe)
    if name == "sarif":
        return partial(lines, manuals=manuals)
    return lines
