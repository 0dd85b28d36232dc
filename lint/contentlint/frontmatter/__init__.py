"""Front matter and data files: the block, the value in it, the place of everything, and what is wrong with it.

Leaf package: it is given text and answers with offsets into it; it knows nothing of lines, files or rules.
"""

from __future__ import annotations

from contentlint.frontmatter.block import Block, sniff, split, unclosed
from contentlint.frontmatter.comments import comments
from contentlint.frontmatter.composer import compose
from contentlint.frontmatter.document import Document, Duplicate, Error, Field, Fields, KeyPath, Place
from contentlint.frontmatter.tables import compose_table
from contentlint.frontmatter.times import as_date

__all__ = [
    "Block",
    "Document",
    "Duplicate",
    "Error",
    "Field",
    "Fields",
    "KeyPath",
    "Place",
    "as_date",
    "comments",
    "compose",
    "compose_table",
    "sniff",
    "split",
    "unclosed",
]
