"""The filters by name: Liquid 4.0.4's and Jekyll 4.3's, which replace those of the same name.

A filter is a function of the run, the value and its arguments. It raises `LiquidError` where the build fails.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Final

from contentlint.liquid.filtering import Undetermined
from contentlint.liquid.values import Unknown
from contentlint.record import NamedTuple

__all__ = ["KINDS", "Filter", "Undetermined", "named"]

KINDS: Final = ("site", "list", "standard", "number", "date")
"""The modules that hold them: those first whose filters are most in use. A name stands in one of them only."""

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


@cache
def named(name: str) -> Filter | None:
    """The filter with this name; None when neither Liquid nor Jekyll has it. Modules come in as they are needed: most sites use few."""
    function: Callable[..., object] | None = _PLUGIN_FILTERS.get(name)
    for kind in KINDS:
        if function is not None:
            break
        function = import_module(f"contentlint.liquid.{kind}_filters").FILTERS.get(name)
    return None if function is None else _filter(name, function)
