"""Liquid as Jekyll runs it: templates are parsed and truly evaluated, and every character of the output knows where it came from.

`parse(text)` makes a `Template`, `template.render(context)` an `Output`. The package knows no files and no site: what it needs it
asks the `Context`.
"""

from __future__ import annotations

from contentlint.liquid.jekyll import PLUGIN_TAGS
from contentlint.liquid.output import (
    BrokenLink,
    Event,
    Failure,
    Included,
    Looped,
    Missing,
    MissingInclude,
    Origin,
    Output,
    Piece,
    Selected,
)
from contentlint.liquid.run import Context
from contentlint.liquid.template import CommentTag, IncludeTag, LinkTag, Problem, Tags, Template, parse
from contentlint.liquid.values import MARK, Drop, Part, Place, Text, Unknown

__all__ = [
    "MARK",
    "PLUGIN_TAGS",
    "BrokenLink",
    "CommentTag",
    "Context",
    "Drop",
    "Event",
    "Failure",
    "IncludeTag",
    "Included",
    "LinkTag",
    "Looped",
    "Missing",
    "MissingInclude",
    "Origin",
    "Output",
    "Part",
    "Piece",
    "Place",
    "Problem",
    "Selected",
    "Tags",
    "Template",
    "Text",
    "Unknown",
    "parse",
]
