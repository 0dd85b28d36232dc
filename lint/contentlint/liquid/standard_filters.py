"""Liquid 4.0.4's standard filters. Each takes the run, the value and its arguments, and returns a value.

They raise `LiquidError` where the build fails. A text that a filter makes of one value keeps that value's origin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from contentlint.liquid.expressions import follow
from contentlint.liquid.expressions import size as size_of
from contentlint.liquid.filtering import Undetermined, cgi_escape, lower, on_text, split_words, text_of
from contentlint.liquid.values import (
    LONGEST,
    WHITESPACE,
    LiquidError,
    Range,
    Unknown,
    derived,
    is_drop,
    joined,
    to_integer,
)
from contentlint.regex import regex

if TYPE_CHECKING:
    from contentlint.liquid.run import Run

_ESCAPE_ONCE = regex(r"[\"><']|&(?!([a-zA-Z]+|(#\d+));)", re.ASCII)
_HTML: Final = {"&": "&amp;", ">": "&gt;", "<": "&lt;", '"': "&quot;", "'": "&#39;"}
_HTML_TABLE: Final = str.maketrans(_HTML)


def size(_run: Run, value: object) -> object:
    return size_of(value) or 0 if not isinstance(value, Unknown) else value


def downcase(_run: Run, value: object) -> object:
    return on_text(value, lower)


def upcase(_run: Run, value: object) -> object:
    return on_text(value, str.upper)


def capitalize(_run: Run, value: object) -> object:
    return on_text(value, lambda text: text[:1].title() + lower(text[1:]))


def escape(_run: Run, value: object) -> object:
    return None if value is None else on_text(value, lambda text: text.translate(_HTML_TABLE))


def escape_once(_run: Run, value: object) -> object:
    return on_text(value, lambda text: _ESCAPE_ONCE.sub(lambda match: _HTML[match[0]], text))


def url_encode(_run: Run, value: object) -> object:
    return None if value is None else on_text(value, cgi_escape)


def url_decode(_run: Run, value: object) -> object:
    if value is None:
        return None

    def decode(text: str) -> str:
        data = text.replace("+", " ").encode(errors="surrogatepass")
        data = re.sub(rb"%([0-9a-fA-F]{2})", lambda match: bytes([int(match[1], 16)]), data)
        try:
            return data.decode()
        except UnicodeDecodeError:
            raise LiquidError("Liquid error: invalid byte sequence in UTF-8") from None

    return on_text(value, decode)


def slice_(_run: Run, value: object, offset: object, length: object = None) -> object:
    start = to_integer(offset)
    count = 1 if length is None or length is False else to_integer(length)

    def cut(sequence: Sequence[object]) -> tuple[int, int]:
        begin = start + len(sequence) if start < 0 else start
        return (begin, begin + count) if 0 <= begin <= len(sequence) and count >= 0 else (0, 0)

    if isinstance(value, list):
        begin, end = cut(value)
        return value[begin:end]

    def cut_text(text: str) -> str:
        begin, end = cut(text)
        return text[begin:end]

    return on_text(value, cut_text)


def truncate(_run: Run, value: object, length: object = 50, ending: object = "...") -> object:
    if value is None:
        return None
    most, dots = to_integer(length), text_of(ending)
    return on_text(value, lambda text: text[: max(0, most - len(dots))] + dots if len(text) > most else text)


def truncatewords(_run: Run, value: object, words: object = 15, ending: object = "...") -> object:
    if value is None:
        return None
    most, dots = max(1, to_integer(words)), text_of(ending)

    def cut(text: str) -> str:
        found = split_words(text)
        return " ".join(found[:most]) + dots if len(found) >= most else text

    return on_text(value, cut)


def split(_run: Run, value: object, pattern: object) -> object:
    text, separator = text_of(value), text_of(pattern)
    if separator == " ":
        pieces = split_words(text)
    else:
        pieces = list(text) if separator == "" else text.split(separator)
        while pieces and not pieces[-1]:
            pieces.pop()
    if pieces == [text]:
        return [text]
    return [derived(piece, text) for piece in pieces]


def strip(_run: Run, value: object) -> object:
    return on_text(value, lambda text: text.strip(WHITESPACE))


def lstrip(_run: Run, value: object) -> object:
    return on_text(value, lambda text: text.lstrip(WHITESPACE))


def rstrip(_run: Run, value: object) -> object:
    return on_text(value, lambda text: text.rstrip(WHITESPACE))


def strip_html(_run: Run, value: object) -> object:
    return on_text(value, lambda text: _without(_without(text, _BLOCKS), _ANY_TAG))


_BLOCKS: Final = {"<script": "</script>", "<!--": "-->", "<style": "</style>"}
_ANY_TAG: Final = {"<": ">"}


def _without(text: str, pairs: dict[str, str]) -> str:
    """Cut what stands between the openings and their next ends; searching on is over once an end is not there any more."""
    kept = []
    position = 0
    ended: set[str] = set()
    for match in re.finditer("|".join(map(re.escape, pairs)), text):
        if match.start() < position or match[0] in ended:
            continue
        end = text.find(pairs[match[0]], match.end())
        if end < 0:
            ended.add(match[0])
            continue
        kept.append(text[position : match.start()])
        position = end + len(pairs[match[0]])
    return "".join((*kept, text[position:]))


def strip_newlines(_run: Run, value: object) -> object:
    return on_text(value, lambda text: text.replace("\r\n", "").replace("\n", ""))


def newline_to_br(_run: Run, value: object) -> object:
    return on_text(value, lambda text: text.replace("\n", "<br />\n"))


def first(_run: Run, value: object) -> object:
    return _end(value, "first")


def last(_run: Run, value: object) -> object:
    return _end(value, "last")


def _end(value: object, which: str) -> object:
    from contentlint.liquid.expressions import Command

    if isinstance(value, dict):
        return next(([*pair] for pair in value.items()), None) if which == "first" else None
    if is_drop(value):
        raise Undetermined(Unknown("what an object holds is not known"))
    return follow(value, Command(which)) if isinstance(value, (list, Range)) else None


def replace(_run: Run, value: object, old: object, new: object = "") -> object:
    return on_text(value, lambda text: _replaced(text, text_of(old), text_of(new), -1), new)


def replace_first(_run: Run, value: object, old: object, new: object = "") -> object:
    return on_text(value, lambda text: _replaced(text, text_of(old), text_of(new), 1), new)


def _replaced(text: str, old: str, new: str, count: int) -> str:
    replacement = _replacement(new, old)
    if count < 0 and text.count(old) * len(replacement) > LONGEST:
        raise Undetermined(Unknown("the text is too long"))
    return text.replace(old, replacement, count)


def _replacement(text: str, pattern: str) -> str:
    """What Ruby's `gsub` makes of a replacement: backslashes in it mean something."""
    if "\\" not in text:
        return text
    if re.search(r"\\[`'k]", text):
        raise Undetermined(Unknown("a replacement refers to the text around it"))
    return re.sub(r"\\([0&1-9\\])", lambda match: {"0": pattern, "&": pattern, "\\": "\\"}.get(match[1], ""), text)


def remove(_run: Run, value: object, old: object) -> object:
    return on_text(value, lambda text: text.replace(text_of(old), ""))


def remove_first(_run: Run, value: object, old: object) -> object:
    return on_text(value, lambda text: text.replace(text_of(old), "", 1))


def append(_run: Run, value: object, other: object) -> object:
    return _glued(value, other)


def prepend(_run: Run, value: object, other: object) -> object:
    return _glued(other, value)


def _glued(*values: object) -> object:
    return joined(text_of(value) for value in values)


def default(_run: Run, value: object, other: object = "", options: object = None) -> object:
    if isinstance(options, dict) and options.get("allow_false") and value is False:
        return Unknown("what 'allow_false' does depends on Liquid's version")
    if isinstance(value, Unknown):
        return value
    if value is None or value is False or (isinstance(value, (str, list, dict)) and not value):
        return other
    return value


def by_version(_run: Run, _value: object, _one: object = None, _two: object = None) -> object:
    """What Liquid 5 has and Liquid 4 leaves alone."""
    return Unknown("what this filter does depends on Liquid's version")


FILTERS: Final[dict[str, Callable[..., object]]] = {  "append": append,  "base64_decode": by_version,
    "base64_encode": by_version, "base64_url_safe_decode": by_version, "base64_url_safe_encode": by_version,
    "capitalize": capitalize,  "default": default,
    "downcase": downcase, "escape": escape, "escape_once": escape_once, "first": first,  "h": escape,
    "last": last, "lstrip": lstrip,   "newline_to_br": newline_to_br,
    "prepend": prepend, "remove": remove, "remove_first": remove_first, "remove_last": by_version, "replace": replace,
    "replace_first": replace_first, "replace_last": by_version,   "rstrip": rstrip, "size": size,
    "slice": slice_,  "split": split, "strip": strip, "strip_html": strip_html,
    "strip_newlines": strip_newlines,  "truncate": truncate, "truncatewords": truncatewords,
    "upcase": upcase, "url_decode": url_decode, "url_encode": url_encode,
}  # fmt: skip
