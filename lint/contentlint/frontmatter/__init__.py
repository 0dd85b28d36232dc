"""Front matter and data files: the block, the value in it, the place of everything, and what is wrong with it.

Leaf package: it is given text and answers with offsets into it; it knows nothing of lines, files or rules. What reads
YAML and tables is imported when it is first asked for: a run whose facts are all cached needs none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contentlint.frontmatter.block import Block, sniff, split, unclosed
from contentlint.frontmatter.document import Document, Duplicate, Error, Field, Fields, Place
from contentlint.page import KeyPath

if TYPE_CHECKING:
    from contentlint.frontmatter.comment import comments
    from contentlint.frontmatter.composer import compose
    from contentlint.frontmatter.tables import compose_table

__all__ = [
    "Block",
    "Document",
    "Duplicate",
    "Error",
    "Field",
    "Fields",
    "KeyPath",
    "Place",
    "comments",
    "compose",
    "compose_table",
    "sniff",
    "split",
    "unclosed",
]

_MODULES = {"comments": "comment", "compose": "composer", "compose_table": "tables"}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value
