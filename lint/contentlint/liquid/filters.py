"""The filters by name: Liquid's own, and Jekyll's, which replace those of the same name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from contentlint.liquid.site_filters import PARTIAL as SITE_PARTIAL
from contentlint.liquid.site_filters import SITE_FILTERS
from contentlint.liquid.standard_filters import PARTIAL, STANDARD_FILTERS, Undetermined

__all__ = ["FILTERS", "Filter", "Undetermined"]


class Filter(NamedTuple):
    """A filter: called with the run, the value and the arguments, of which it takes `least` to `most` (the value counts).

    `partial`: it knows what to do with values that are not known in full; for all others the result is Unknown then.
    """

    function: Callable[..., object]
    least: int
    most: int
    partial: bool


def _filter(function: Callable[..., object], *, partial: bool) -> Filter:
    most = function.__code__.co_argcount - 1
    return Filter(function, most - len(function.__defaults__ or ()), most, partial)


FILTERS: Final = {
    name: _filter(function, partial=name in PARTIAL or name in SITE_PARTIAL)
    for name, function in {**STANDARD_FILTERS, **SITE_FILTERS}.items()
}
"""From name to filter."""
