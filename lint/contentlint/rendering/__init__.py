"""What templates make of a page: references, anchors and mistakes, each led back to the place that its author wrote.

A page's body is evaluated as the generator would, scanned as kramdown or a browser would, and every find is mapped through
the source map to the front matter value, the literal text, the include's parameter, the data file or the template that it
came from. What only a build can tell stays unknown.
"""

from __future__ import annotations

from contentlint.rendering.reader import Reader
from contentlint.rendering.shown import Contract, Datum, File, Listing, Made, Places, Shown, Told, plain

__all__ = ["Contract", "Datum", "File", "Listing", "Made", "Places", "Reader", "Shown", "Told", "plain"]
