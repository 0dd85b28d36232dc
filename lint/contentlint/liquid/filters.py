"""The filters by name: Liquid 4.0.4's and Jekyll 4.3's, which replace those of the same name.

A filter is a function of the run, the value and its arguments. It raises `LiquidError` where the build fails.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from contentlint.liquid.date_filters import DATE_FILTERS
from contentlint.liquid.filtering import Undetermined
from contentlint.liquid.list_filters import LIST_FILTERS
from contentlint.liquid.number_filters import NUMBER_FILTERS
from contentlint.liquid.site_filters import SITE_FILTERS
from contentlint.liquid.standard_filters import STANDARD_FILTERS
from contentlint.liquid.values import Unknown
from contentlint.record import NamedTuple

__all__ = ["FILTERS", "Filter", "Undetermined"]

_PARTIAL: Final = frozenset({"append", "default", "prepend", "push", "sample", "sassify", "scssify", "size", "unshift"})


class Filter(NamedTuple):
    """A filter, which takes `least` to `most` arguments (the value counts).

    `partial`: it knows what to do with values that are not known in full; for all others the result is Unknown then.
    """

    function: Callable[..., object]
    least: int
    most: int
    partial: bool


def _filter(name: str, function: Callable[..., object]) -> Filter:
    most = function.__code__.co_argcount - 1
    return Filter(function, most - len(function.__defaults__ or ()), most, name in _PARTIAL)


def of_plugin(_run: object, _value: object, _one: object = None, _two: object = None, _three: object = None) -> object:
    """A filter that a known plugin adds, if it is loaded; without it, it does nothing."""
    return Unknown("the filter is a plugin's")


_PLUGIN_FILTERS: Final = dict.fromkeys(("emojify", "inject_anchors", "rellinks", "toc", "toc_only"), of_plugin)

FILTERS: Final = {
    name: _filter(name, function)
    for name, function in {
        **STANDARD_FILTERS,
        **NUMBER_FILTERS,
        **LIST_FILTERS,
        **DATE_FILTERS,
        **SITE_FILTERS,
        **_PLUGIN_FILTERS,
    }.items()
}
"""From name to filter."""
