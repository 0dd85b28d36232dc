"""A violation, and what values are called in its message: all that a schema needs to say as long as no page is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from contentlint.page import KeyPath
from contentlint.record import NamedTuple

_LONGEST = 60
"""Characters of a value in a message."""


class Violation(NamedTuple):
    """One thing that is wrong with a value."""

    kind: str
    """missing-key, unknown-key, invalid-value or schema-violation: the rule that reports it."""
    path: KeyPath
    """The value at fault: of a missing key the mapping that lacks it, of an unknown key that key."""
    key: str
    """The missing or unknown key; else empty."""
    keyword: str
    """The keyword of JSON Schema."""
    message: str
    """The fact without its place: `must be a string, not a list`."""
    suggestions: tuple[str, ...] = ()
    """What was likely meant."""
    help: str = ""
    sure: bool = False
    """No other than the first suggestion can have been meant."""


def kind(value: Any) -> str:
    """What a value is, as a page's author would call it: `a list`, `the number 12`."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return "a text"
    if value is None:
        return "empty"
    return said(value) if isinstance(value, bool) else f"the number {said(value)}"


def said(value: Any) -> str:
    """A value as it is shown in a message: short, on one line."""
    if isinstance(value, dict | list):
        return kind(value)
    if value is None:
        return "empty"
    text = f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    text = text.encode("unicode_escape").decode() if not text.isprintable() else text
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 4]}...{text[-1]}"


def meant(word: str, names: Iterable[str]) -> str:
    """Advice to take the name that was likely meant; empty when none is like enough."""
    found, _ = near(word, names)
    return f"did you mean {found[0]}?" if found else ""


def near(word: str, names: Iterable[str]) -> tuple[tuple[str, ...], bool]:
    """What was likely meant, none or one, and whether nothing else can have been."""
    from contentlint.nearest import offered

    found, sure = offered(word, names)
    return ((found,) if found else ()), sure
