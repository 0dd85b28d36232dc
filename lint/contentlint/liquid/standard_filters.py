"""Liquid 4.0.4's standard filters. Each takes the run, the value and its arguments, and returns a value.

They raise `LiquidError` where the build fails. A text that a filter makes of one value keeps that value's origin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any, Final

from contentlint.liquid.expressions import follow
from contentlint.liquid.expressions import size as size_of
from contentlint.liquid.values import (
    LONGEST,
    WHITESPACE,
    LiquidError,
    Range,
    Unknown,
    derived,
    first_unknown,
    flat,
    is_drop,
    joined,
    origins,
    same,
    to_i,
    to_integer,
    to_s,
)
from contentlint.liquid.values import (
    join as join_items,
)

if TYPE_CHECKING:
    from decimal import Decimal

    from contentlint.liquid.run import Run

_ESCAPE_ONCE = re.compile(r"[\"><']|&(?!([a-zA-Z]+|(#\d+));)", re.ASCII)
_DECIMAL = re.compile(r"-?\d+\.\d+", re.ASCII)
_SPACES = re.compile(r"[ \t\n\v\f\r]+")
_HTML: Final = {"&": "&amp;", ">": "&gt;", "<": "&lt;", '"': "&quot;", "'": "&#39;"}
_HTML_TABLE: Final = str.maketrans(_HTML)


def on_text(value: object, change: Callable[[str], str], *arguments: object) -> object:
    """Change a value's text. The result keeps the value's origin, or else the arguments'; what does not change stays itself."""
    text = to_s(value)
    if isinstance(text, Unknown):
        return text
    result = change(text)
    if result == text:
        return text
    return derived(result, text) if origins(text) else derived(result, *arguments)


def text_of(value: object) -> str:
    """The text of an argument. What has none that is known stops the filter."""
    text = to_s(value)
    if isinstance(text, Unknown):
        raise Undetermined(text)
    return text


class Undetermined(Exception):  # noqa: N818  # ends a filter, which is no error
    """A filter meets something that it cannot know; its result is the Unknown in the exception."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.reason)
        self.unknown = unknown


def items(value: object) -> list[object]:
    """The items that Liquid's InputIterator goes over: nested lists flattened, a single value alone, nil none."""
    if value is None:
        return []
    if isinstance(value, list):
        return list(flat(value))
    if isinstance(value, Range):
        if value.size > LONGEST:
            raise Undetermined(Unknown("the range is too long"))
        return list(value.numbers())
    if is_drop(value):
        raise Undetermined(Unknown("what an object holds is not known"))
    return [value]


def known(values: Iterable[object]) -> None:
    """Stop the filter if one of the values is not known in full."""
    unknown = first_unknown(values)
    if unknown is not None:
        raise Undetermined(unknown)


def size(_run: Run, value: object) -> object:
    return size_of(value) or 0 if not isinstance(value, Unknown) else value


def lower(text: str) -> str:
    """Ruby's `downcase`: character by character, with no rule for a final sigma."""
    return text.lower() if text.isascii() else "".join(character.lower() for character in text)


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


def cgi_escape(text: str) -> str:
    """Ruby's `CGI.escape`."""
    escaped = re.sub(rb"[^ a-zA-Z0-9_.\-~]", lambda match: b"%%%02X" % match[0][0], text.encode(errors="surrogatepass"))
    return escaped.decode().replace(" ", "+")


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


def split_words(text: str) -> list[str]:
    """Ruby's `split` without an argument."""
    return [word for word in _SPACES.split(text) if word]


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


def join(_run: Run, value: object, glue: object = " ") -> object:
    return join_items(items(value), text_of(glue))


def sort_natural(_run: Run, value: object, key: object = None) -> object:
    found = items(value)
    if key is None:
        keys = found
    elif all(isinstance(item, (str, int, dict)) and not isinstance(item, bool) for item in found):
        keys = [select(item, key) for item in found]
    else:
        return None if found else []
    known(keys)
    texts = [None if each is None else _ascii_lower(text_of(each)) for each in keys]
    order = sorted(range(len(found)), key=lambda index: (texts[index] is None, texts[index] or ""))
    return [found[index] for index in order]


def _ascii_lower(text: str) -> str:
    return re.sub(r"[A-Z]+", lambda match: match[0].lower(), text)


def select(item: object, key: object) -> object:
    """Ruby's `item[key]` for what Liquid's list filters ask."""
    if isinstance(item, Unknown):
        return item
    if isinstance(item, dict) or is_drop(item):
        return follow(item, str(key) if isinstance(key, str) else key)
    if isinstance(item, str) and isinstance(key, str):
        known((item, key))
        return key if key in item else None
    if isinstance(item, int) and not isinstance(item, bool):
        raise LiquidError(f"Liquid error: cannot select the property '{to_s(key)}'")
    return None


def uniq(_run: Run, value: object, key: object = None) -> object:
    found = items(value)
    keys = found if key is None else [select(item, key) for item in found]
    return [found[index] for index in _firsts(keys)]


def _firsts(keys: Sequence[object]) -> list[int]:
    """The index of each key that no earlier one equals."""
    known(keys)
    seen: set[object] = set()
    firsts: list[int] = []
    others: list[int] = []
    for index, key in enumerate(keys):
        if isinstance(key, (list, dict)):
            if not any(same(keys[other], key) is True for other in others):
                others.append(index)
                firsts.append(index)
        elif (mark := (isinstance(key, str), str(type(key)) if not isinstance(key, str) else "", key)) not in seen:
            seen.add(mark)
            firsts.append(index)
    return firsts


def compact(_run: Run, value: object, key: object = None) -> object:
    found = items(value)
    keys = found if key is None else [select(item, key) for item in found]
    known(each for each in keys if isinstance(each, Unknown))
    return [item for item, each in zip(found, keys, strict=True) if each is not None]


def reverse(_run: Run, value: object) -> object:
    return items(value)[::-1]


def map_(_run: Run, value: object, key: object) -> object:
    return [select(item, key) for item in items(value)]


def concat(_run: Run, value: object, other: object) -> object:
    if not isinstance(other, list):
        raise LiquidError("Liquid error: concat filter requires an array argument")
    return [*items(value), *other]


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
    pattern, replacement = text_of(old), _replacement(text_of(new), text_of(old))
    return on_text(value, lambda text: text.replace(pattern, replacement), new)


def replace_first(_run: Run, value: object, old: object, new: object = "") -> object:
    pattern, replacement = text_of(old), _replacement(text_of(new), text_of(old))
    return on_text(value, lambda text: text.replace(pattern, replacement, 1), new)


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


def number(value: object) -> int | Decimal:
    """Liquid's `to_number`: floats and decimal strings as decimals, other strings as integers, all else 0."""
    from decimal import Decimal  # few templates reckon

    if isinstance(value, bool):
        return 0
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        if value - value != 0:
            raise Undetermined(Unknown("a number is not finite"))
        return Decimal(repr(value))
    if isinstance(value, str):
        return Decimal(value.strip(WHITESPACE)) if _DECIMAL.fullmatch(value.strip(WHITESPACE)) else to_i(value)
    if is_drop(value):
        raise Undetermined(Unknown("an object is reckoned with"))
    return 0


def _plain(result: int | Decimal) -> object:
    if not isinstance(result, int):
        return float(result)
    if result.bit_length() > 4096:
        return Unknown("the number is too long")
    return result


def _reckon(value: object, operand: object, operation: Callable[[Any, Any], Any]) -> object:
    from decimal import Decimal, localcontext

    left, right = number(value), number(operand)
    if isinstance(left, int) and isinstance(right, int):
        return _plain(operation(left, right))
    with localcontext() as context:
        context.prec = 60
        return _plain(operation(Decimal(left), Decimal(right)))


def abs_(_run: Run, value: object) -> object:
    amount = number(value)
    return _plain(-amount if amount < 0 else amount)


def plus(_run: Run, value: object, operand: object) -> object:
    return _reckon(value, operand, lambda left, right: left + right)


def minus(_run: Run, value: object, operand: object) -> object:
    return _reckon(value, operand, lambda left, right: left - right)


def times(_run: Run, value: object, operand: object) -> object:
    return _reckon(value, operand, lambda left, right: left * right)


def divided_by(_run: Run, value: object, operand: object) -> object:
    divisor = number(operand)
    if divisor == 0:
        if not isinstance(divisor, int) or not isinstance(number(value), int):
            return Unknown("what a division of decimals by zero yields depends on Ruby's version")
        raise LiquidError("Liquid error: divided by 0")
    return _reckon(value, operand, lambda left, right: left // right if isinstance(left, int) else left / right)


def modulo(_run: Run, value: object, operand: object) -> object:
    if number(operand) == 0:
        raise LiquidError("Liquid error: divided by 0")

    def remainder(left: Any, right: Any) -> Any:
        result = left % right
        return result + right if result and (result < 0) != (right < 0) else result

    return _reckon(value, operand, remainder)


def round_(_run: Run, value: object, digits: object = 0) -> object:
    from decimal import ROUND_HALF_UP, Decimal, localcontext

    amount, places = number(value), int(number(digits))
    if abs(places) > 300:
        return Unknown("a number is rounded to very many digits")
    if isinstance(amount, int) and places >= 0:
        return amount
    with localcontext() as context:
        context.prec = 700
        rounded = Decimal(amount).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return float(rounded) if places > 0 else int(rounded)


def ceil(_run: Run, value: object) -> object:
    amount = number(value)
    return _plain(-(-amount // 1) if isinstance(amount, int) else int(amount.to_integral_value("ROUND_CEILING")))


def floor(_run: Run, value: object) -> object:
    amount = number(value)
    return _plain(amount if isinstance(amount, int) else int(amount.to_integral_value("ROUND_FLOOR")))


def at_least(_run: Run, value: object, least: object) -> object:
    return _plain(max(number(value), number(least)))


def at_most(_run: Run, value: object, most: object) -> object:
    return _plain(min(number(value), number(most)))


def by_version(_run: Run, _value: object, _one: object = None, _two: object = None) -> object:
    """What Liquid 5 has and Liquid 4 leaves alone."""
    return Unknown("what this filter does depends on Liquid's version")


def sorted_by(
    found: Sequence[object], keys: Sequence[object], compare: Callable[[object, object], int]
) -> list[object]:
    """The items in the order of their keys."""
    known(keys)
    key = cmp_to_key(compare)
    indexes = sorted(range(len(found)), key=lambda index: key(keys[index]))
    return [found[index] for index in indexes]


STANDARD_FILTERS: Final[dict[str, Callable[..., object]]] = {
    "abs": abs_, "append": append, "at_least": at_least, "at_most": at_most, "base64_decode": by_version,
    "base64_encode": by_version, "base64_url_safe_decode": by_version, "base64_url_safe_encode": by_version,
    "capitalize": capitalize, "ceil": ceil, "compact": compact, "concat": concat, "default": default, "divided_by": divided_by,
    "downcase": downcase, "escape": escape, "escape_once": escape_once, "first": first, "floor": floor, "h": escape, "join": join,
    "last": last, "lstrip": lstrip, "map": map_, "minus": minus, "modulo": modulo, "newline_to_br": newline_to_br, "plus": plus,
    "prepend": prepend, "remove": remove, "remove_first": remove_first, "remove_last": by_version, "replace": replace,
    "replace_first": replace_first, "replace_last": by_version, "reverse": reverse, "round": round_, "rstrip": rstrip, "size": size,
    "slice": slice_, "sort_natural": sort_natural, "split": split, "strip": strip, "strip_html": strip_html,
    "strip_newlines": strip_newlines, "times": times, "truncate": truncate, "truncatewords": truncatewords, "uniq": uniq,
    "upcase": upcase, "url_decode": url_decode, "url_encode": url_encode,
}  # fmt: skip

PARTIAL: Final = frozenset({"append", "default", "prepend", "size"})
"""The filters that take values that are not known in full."""
