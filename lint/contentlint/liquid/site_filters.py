"""Jekyll 4.3's filters (facts 3.2 for those of URLs). Each takes the run, the value and its arguments, and returns a value.

They raise `LiquidError` where the build fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from contentlint.liquid import urls
from contentlint.liquid.filtering import (
    Undetermined,
    cgi_escape,
    known,
    lower,
    no_method,
    on_text,
    split_words,
    text_of,
)
from contentlint.liquid.values import (
    LONGEST,
    WHITESPACE,
    Part,
    Partial,
    Unknown,
    derived,
    float_to_s,
    is_drop,
    origins,
    to_s,
)
from contentlint.liquid.values import inspect as inspected
from contentlint.regex import regex

if TYPE_CHECKING:
    from contentlint.liquid.run import Run


_STRAIGHT = regex(r"(?:[^'\"<>&\n\r.-]|\.(?!\.)|-(?!-))*")
"""A text without anything typographic, of which `smartify` makes nothing else."""

# URLs


def relative_url(run: Run, value: object) -> object:
    return None if value is None else _url(value, lambda text: _relative(run, text))


def absolute_url(run: Run, value: object) -> object:
    return None if value is None else _url(value, lambda text: _absolute(run, text))


def _url(value: object, change: Callable[[str], str]) -> object:
    if is_drop(value):
        value = getattr(value, "url", None)
        if not isinstance(value, str):
            return Unknown("an object is made a URL of")
    return on_text(value, change)


def _relative(run: Run, text: str) -> str:
    if not text.startswith("/") and urls.parse(text).scheme is not None:
        return text
    baseurl = run.context.baseurl
    base = "" if baseurl is None else _site_text(baseurl)
    return _normal(_with_slash(base.removesuffix("/")) + _with_slash(text))


def _absolute(run: Run, text: str) -> str:
    if urls.parse(text).scheme is not None:
        return text
    relative = _relative(run, text)
    url = run.context.url
    if url is None or url == "":
        return relative
    return _normal(_site_text(url) + relative)


def _normal(text: str) -> str:
    if urls.is_normal(text):
        return text
    result = urls.normalize(urls.parse(text))
    if isinstance(result, Unknown):
        raise Undetermined(result)
    return result


def _site_text(value: object) -> str:
    known((value,))
    return text_of(value)


def _with_slash(text: str) -> str:
    return f"/{text}" if text and text[0] != "/" else text


def strip_index(_run: Run, value: object) -> object:
    if value is None or to_s(value) == "":
        return None
    if not isinstance(value, str):
        raise no_method("sub", value)
    return on_text(value, lambda text: re.sub(r"/index\.html?$", "/", text, count=1, flags=re.MULTILINE))


# Texts


def slugify(_run: Run, value: object, mode: object = None) -> object:
    if value is None:
        return None
    if not isinstance(value, str):
        raise no_method("gsub", value)
    return on_text(value, lambda text: slug(text, "default" if mode is None or mode is False else text_of(mode)))


_KEPT: Final = {"default": "", "pretty": "._~!$&'()+,;=@"}


def slug(text: str, mode: str) -> str:
    """Jekyll's `Utils.slugify`, with the letters in lower case (facts 2.5)."""
    if mode not in {"raw", "default", "pretty", "ascii", "latin"}:
        return lower(text)
    if mode == "latin" and not text.isascii():
        raise Undetermined(Unknown("it is transliterated"))
    if mode == "raw":
        text = re.sub(r"[ \t\r\n\f\v]+", "-", text)
    elif mode == "ascii" or (text.isascii() and mode != "pretty"):
        text = re.sub(r"[^A-Za-z0-9]+", "-", text)
    else:
        text = re.sub("\0+", "-", "".join(each if _stays(each, _KEPT[_mode(mode)]) else "\0" for each in text))
    return lower(re.sub(r"^-|-$", "", text, flags=re.MULTILINE))


def _mode(mode: str) -> str:
    return "default" if mode == "latin" else mode


def _stays(character: str, kept: str) -> bool:
    import unicodedata  # only for the rare text that is not ASCII, and pretty slugs

    category = unicodedata.category(character)
    return category[0] in "LM" or category == "Nd" or character in kept


def xml_escape(_run: Run, value: object) -> object:
    table = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"})
    return on_text(value, lambda text: text.translate(table))


def cgi_escape_(_run: Run, value: object) -> object:
    if not isinstance(value, str):
        raise no_method("escape", value)
    return on_text(value, cgi_escape)


def uri_escape(_run: Run, value: object) -> object:
    if value is None:
        return None
    if not isinstance(value, str):
        raise no_method("to_str", value)
    return on_text(value, urls.normalize_component)


def normalize_whitespace(_run: Run, value: object) -> object:
    return on_text(value, lambda text: re.sub(r"[ \t\r\n\f\v]+", " ", text).strip(WHITESPACE))


def number_of_words(_run: Run, value: object, mode: object = None) -> object:
    if not isinstance(value, str):
        raise no_method("split", value)
    if mode in ("cjk", "auto") and any(character >= "\u1100" for character in value):
        return Unknown("words of East Asian scripts are counted")
    return len(split_words(value))


def array_to_sentence_string(_run: Run, value: object, connector: object = "and") -> object:
    if isinstance(value, str) and len(value) > 2:
        raise no_method("join", value)
    if isinstance(value, dict):
        return Unknown("a sentence is made of a mapping")
    if not isinstance(value, (list, str)):
        raise no_method("length", value)
    texts = [text_of(item) for item in value]
    known(texts)
    word = text_of(connector)
    if len(texts) < 3:
        return f" {word} ".join(texts)
    return f"{', '.join(texts[:-1])}, {word} {texts[-1]}"


def markdownify(run: Run, value: object) -> object:
    return _converted(value, run.context.markdownify)


def smartify(run: Run, value: object) -> object:
    return _converted(value, lambda text: text if _STRAIGHT.fullmatch(text) else run.context.smartify(text))


def _converted(value: object, convert: Callable[[str], str | Unknown]) -> object:
    """What a converter makes of a text; of what it knows in part only, any character may come from the text as well."""
    text = to_s(value)
    result = text if isinstance(text, Unknown) else convert(text)
    if isinstance(result, Partial):
        return Partial(result, None, (*result.parts, *(Part(0, len(result), origin) for origin in origins(text))))
    return result if isinstance(result, Unknown) or result == text else derived(result, text)


def style(_run: Run, _value: object) -> object:
    """`sassify` and `scssify`."""
    return Unknown("a style sheet is converted")


def jsonify(_run: Run, value: object) -> object:
    pieces: list[str] = []
    length = 0
    for piece in _json(value, 0):
        pieces.append(piece)
        length += len(piece)
        if length > LONGEST:
            return Unknown("the text is too long")
    return derived("".join(pieces), value)


def _json(value: object, depth: int) -> Iterator[str]:
    import json  # few templates write JSON

    known((value,))
    if depth > 100:
        raise Undetermined(Unknown("the value is nested too deep"))
    if isinstance(value, dict):
        yield "{"
        for index, (key, item) in enumerate(value.items()):
            yield f"{',' if index else ''}{json.dumps(text_of(key), ensure_ascii=False)}:"
            yield from _json(item, depth + 1)
        yield "}"
    elif isinstance(value, list):
        yield "["
        for index, item in enumerate(value):
            yield "," if index else ""
            yield from _json(item, depth + 1)
        yield "]"
    elif value is None or isinstance(value, bool):
        yield {None: "null", True: "true", False: "false"}[value]
    elif isinstance(value, int):
        yield text_of(value)
    elif isinstance(value, float):
        yield float_to_s(value)
    elif isinstance(value, str):
        yield json.dumps(value, ensure_ascii=False)
    else:
        raise Undetermined(Unknown("an object is written as JSON"))


def inspect(run: Run, value: object) -> object:
    return xml_escape(run, inspected(value))


FILTERS: Final[dict[str, Callable[..., object]]] = {
    "absolute_url": absolute_url, "array_to_sentence_string": array_to_sentence_string, "cgi_escape": cgi_escape_,
    "inspect": inspect, "jsonify": jsonify, "markdownify": markdownify, "normalize_whitespace": normalize_whitespace,
    "number_of_words": number_of_words,  "relative_url": relative_url,
    "sassify": style, "scssify": style,  "slugify": slugify, "smartify": smartify,
    "strip_index": strip_index,  "uri_escape": uri_escape,  "xml_escape": xml_escape,
}  # fmt: skip
