"""What filters stand on: taking texts and items out of values, and giving up where something is not known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cmp_to_key
from itertools import islice

from contentlint.liquid.values import (
    LONGEST,
    LiquidError,
    Method,
    Range,
    Unknown,
    derived,
    first_unknown,
    flat,
    is_drop,
    origins,
    to_s,
    type_name,
)
from contentlint.regex import regex

_SPACES = regex(r"[ \t\n\v\f\r]+")


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
        found = list(islice(flat(value), LONGEST))
        if len(found) == LONGEST:
            raise Undetermined(Unknown("the list is too long"))
        return found
    if isinstance(value, Range):
        if value.size > LONGEST:
            raise Undetermined(Unknown("the range is too long"))
        return list(value.numbers())
    if is_drop(value):
        raise Undetermined(Unknown("what an object holds is not known"))
    return ["" if isinstance(value, Method) else value]


def known(values: Iterable[object]) -> None:
    """Stop the filter if one of the values is not known in full."""
    unknown = first_unknown(values)
    if unknown is not None:
        raise Undetermined(unknown)


def lower(text: str) -> str:
    """Ruby's `downcase`: character by character, with no rule for a final sigma."""
    return text.lower() if text.isascii() else "".join(character.lower() for character in text)


def split_words(text: str) -> list[str]:
    """Ruby's `split` without an argument."""
    return [word for word in _SPACES.split(text) if word]


def cgi_escape(text: str) -> str:
    """Ruby's `CGI.escape`."""
    escaped = re.sub(rb"[^ a-zA-Z0-9_.\-~]", lambda match: b"%%%02X" % match[0][0], text.encode(errors="surrogatepass"))
    return escaped.decode().replace(" ", "+")


def identity(value: object) -> object:
    """Something hashable that is equal for what Ruby's `eql?` finds equal: 1 and 1.0 differ."""
    if isinstance(value, list):
        return ("list", *map(identity, value))
    if isinstance(value, dict):
        return ("dict", frozenset((key, identity(item)) for key, item in value.items()))
    return ("", str(value)) if isinstance(value, str) else (type(value), value)


def sorted_by(
    found: Sequence[object], keys: Sequence[object], compare: Callable[[object, object], int]
) -> list[object]:
    """The items in the order of their keys."""
    known(keys)
    key = cmp_to_key(compare)
    indexes = sorted(range(len(found)), key=lambda index: key(keys[index]))
    return [found[index] for index in indexes]


def no_method(name: str, value: object) -> LiquidError | Undetermined:
    """The error of asking a value for a method that Ruby does not give it; nobody knows what an object has."""
    if is_drop(value):
        return Undetermined(Unknown("an object is filtered"))
    return LiquidError(f"Liquid error: undefined method `{name}' for {type_name(value)}")
