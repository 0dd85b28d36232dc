"""Where a project begins: the one question that even a run on which nothing changed has to ask again."""

from __future__ import annotations

import os
from collections.abc import Iterator

NAME = "contentlint.yml"
GENERATOR_CONFIG = "_config.yml"
BASELINE = "contentlint-baseline.json"


def find(start: str) -> str:
    """The nearest folder at or above `start` (absolute) that has a config of ours, else of the generator, else `start`."""
    return next((os.path.dirname(path) for path in _places(start) if os.path.isfile(path)), start)


def _places(start: str) -> Iterator[str]:
    for name in (NAME, GENERATOR_CONFIG):
        folder, below = start, ""
        while folder != below:
            yield os.path.join(folder, name)
            folder, below = os.path.dirname(folder), folder
