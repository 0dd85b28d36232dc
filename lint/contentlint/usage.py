"""What a command line says, and what is said of one that cannot be understood."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contentlint.diagnostic import UnusableError


class Options(SimpleNamespace):
    """What the flags of a command say."""


def usage(message: str, help_: str = "") -> UnusableError:
    """What is raised for a command line that cannot be understood, with the way out."""
    from contentlint.diagnostic import Fault, UnusableError

    return UnusableError(Fault("", None, message, help_))


def meant(word: str, names: Iterable[str]) -> str:
    """A sentence that offers the name most like a word; empty when there is none."""
    from difflib import get_close_matches

    near = get_close_matches(word, names, 1)
    return f"did you mean {near[0]}?" if near else ""


def hint(word: str, names: Iterable[str]) -> str:
    """The same, to go on with."""
    near = meant(word, names)
    return f"; {near}" if near else ""
