"""Where a project begins: the one question that even a run on which nothing changed has to ask again."""

from __future__ import annotations

import os
from collections.abc import Iterator

NAME = "contentlint.yml"
GENERATOR_CONFIG = "_config.yml"
BASELINE = "contentlint-baseline.json"


def find(start: str) -> str:
    """The nearest folder at or above `start` (absolute) that has a config of ours, else of the generator, else `start`."""
    return next(
        (folder for folder, name in _places(start) if os.path.isfile(os.path.join(folder, name)) and has(folder, name)),
        start,
    )


def has(folder: str, name: str) -> bool:
    """Whether a file, or anything that stands in its place, has exactly this ASCII name, also on a disk that knows no letter case."""
    if not os.path.lexists(os.path.join(folder, name)):
        return False
    return not os.path.lexists(os.path.join(folder, name.swapcase())) or name in os.listdir(folder)


def _places(start: str) -> Iterator[tuple[str, str]]:
    for name in (NAME, GENERATOR_CONFIG):
        folder, below = start, ""
        while folder != below:
            yield folder, name
            folder, below = os.path.dirname(folder), folder
