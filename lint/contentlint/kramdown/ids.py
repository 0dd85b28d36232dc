"""The ids that kramdown makes of headings (facts 4.1)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from contentlint.regex import regex

UNKNOWN = "\ue0ff"
"""Stands for a value that cannot be known. It acts as a letter and stays in ids, so that they show as unknown."""

_WORD_CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"})
_NOT_WORD = regex(r"[^\w\- \t]", re.ASCII)
# Only other dialects than GFM need these two.
_NOT_LETTERS_FIRST = rf"^[^a-zA-Z{UNKNOWN}]+"
_NOT_BASIC = rf"[^a-zA-Z0-9 \-{UNKNOWN}]"


def lower(text: str) -> str:
    """Lower case as Ruby's `downcase` has it: character by character, with no rule for a final sigma."""
    return text.lower() if "\u03a3" not in text else "".join([character.lower() for character in text])


def _is_word(character: str) -> bool:
    r"""Is it in Ruby's `\p{Word}`? Circled letters are alphabetic though their category is Symbol."""
    return (
        unicodedata.category(character) in _WORD_CATEGORIES
        or "\u24b6" <= character <= "\u24e9"
        or "\U0001f130" <= character <= "\U0001f149"
        or "\U0001f150" <= character <= "\U0001f169"
        or "\U0001f170" <= character <= "\U0001f189"
        or character == UNKNOWN
    )


@lru_cache(1024)
def gfm_id(text: str) -> str:
    """The id of a heading under `input: GFM`, from the text it shows, before duplicates are numbered.

    The pages of a site have much the same headings.
    """
    text = lower(text)
    if text.isascii():
        text = _NOT_WORD.sub("", text)
    else:
        text = "".join([character for character in text if character in "- \t" or _is_word(character)])
    return text.replace(" ", "-").replace("\t", "-")


def basic_id(text: str) -> str:
    """The id under `input: kramdown`, from the heading's source; also of terms, and of headings within HTML."""
    return re.sub(_NOT_BASIC, "", re.sub(_NOT_LETTERS_FIRST, "", text, flags=re.MULTILINE)).replace(" ", "-").lower()


def transliterated(text: str) -> str:
    """The text with everything unknown that kramdown would spell in ASCII, by tables of a gem of its own."""
    return "".join([character if character.isascii() else UNKNOWN for character in text])


class Numbering:
    """Tells equal generated ids apart: the second gets -1, the third -2. Explicit ids take no part."""

    __slots__ = ("_basic", "_gfm")

    def __init__(self) -> None:
        self._gfm: dict[str, int] = {}
        self._basic: dict[str, int] = {}

    def gfm(self, text: str) -> str:
        """The numbered GFM id of a heading's text; empty when nothing of the text can stand in an id."""
        name = gfm_id(text)
        count = self._gfm[name] = self._gfm.get(name, -1) + 1
        return f"{name}-{count}" if count else name

    def basic(self, text: str) -> str:
        """The numbered id of a heading's source under `input: kramdown`; never empty."""
        name = basic_id(text) or "section"
        count = self._basic[name] = self._basic.get(name, -1) + 1
        return f"{name}-{count}" if count else name
