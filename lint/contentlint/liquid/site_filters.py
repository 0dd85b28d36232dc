"""Jekyll 4.3's filters (facts 3.2 for those of URLs). Each takes the run, the value and its arguments, and returns a value.

They raise `LiquidError` where the build fails.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from contentlint.liquid import urls
from contentlint.liquid.expressions import Condition, Expression, SyntaxFault, follow, parse_filtered, strict_condition
from contentlint.liquid.standard_filters import (
    Undetermined,
    cgi_escape,
    known,
    lower,
    on_text,
    sorted_by,
    split_words,
    text_of,
)
from contentlint.liquid.values import (
    WHITESPACE,
    LiquidError,
    Range,
    Unknown,
    derived,
    float_to_s,
    is_drop,
    order,
    same,
    to_f,
    to_i,
    to_integer,
    to_s,
    type_name,
)
from contentlint.liquid.values import inspect as inspected

if TYPE_CHECKING:
    from contentlint.liquid.run import Run

_INTEGER_LIKE = re.compile(r"\s*-?\d+\s*", re.ASCII)
_FLOAT_LIKE = re.compile(r"\s*-?(?:\d+\.?\d*|\.\d+)\s*", re.ASCII)
_MISSING: Final = object()


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
    if urls.parse(text).scheme is not None:
        return text
    baseurl = run.context.baseurl
    base = "" if baseurl is None else _site_text(baseurl)
    return _normal("".join(_with_slash(part) for part in (base.removesuffix("/"), text)))


def _absolute(run: Run, text: str) -> str:
    if urls.parse(text).scheme is not None:
        return text
    relative = _relative(run, text)
    url = run.context.url
    if url is None or url == "":
        return relative
    return _normal(_site_text(url) + relative)


def _normal(text: str) -> str:
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
        raise _no_method("sub", value)
    return on_text(value, lambda text: re.sub(r"/index\.html?$", "/", text, count=1, flags=re.MULTILINE))


def _no_method(name: str, value: object) -> LiquidError | Undetermined:
    if is_drop(value):
        return Undetermined(Unknown("an object is filtered"))
    return LiquidError(f"Liquid error: undefined method `{name}' for {type_name(value)}")


# Texts


def slugify(_run: Run, value: object, mode: object = None) -> object:
    if value is None:
        return None
    if not isinstance(value, str):
        raise _no_method("gsub", value)
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
        raise _no_method("escape", value)
    return on_text(value, cgi_escape)


def uri_escape(_run: Run, value: object) -> object:
    if value is None:
        return None
    if not isinstance(value, str):
        raise _no_method("to_str", value)
    return on_text(value, urls.normalize_component)


def normalize_whitespace(_run: Run, value: object) -> object:
    return on_text(value, lambda text: re.sub(r"[ \t\r\n\f\v]+", " ", text).strip(WHITESPACE))


def number_of_words(_run: Run, value: object, mode: object = None) -> object:
    if not isinstance(value, str):
        raise _no_method("split", value)
    if mode in ("cjk", "auto") and any(character >= "\u1100" for character in value):
        return Unknown("words of East Asian scripts are counted")
    return len(split_words(value))


def array_to_sentence_string(_run: Run, value: object, connector: object = "and") -> object:
    if not isinstance(value, list):
        if isinstance(value, (str, dict)) or is_drop(value):
            return Unknown("a sentence is made of what is no list")
        raise _no_method("length", value)
    texts = [text_of(item) for item in value]
    known(texts)
    word = text_of(connector)
    if len(texts) < 3:
        return f" {word} ".join(texts)
    return f"{', '.join(texts[:-1])}, {word} {texts[-1]}"


def markdownify(run: Run, value: object) -> object:
    return on_text(value, lambda text: _converted(run.context.markdownify(text)))


def smartify(run: Run, value: object) -> object:
    return on_text(
        value, lambda text: text if re.fullmatch(r"[\w ,;!?]*", text) else _converted(run.context.smartify(text))
    )


def _converted(result: str | Unknown) -> str:
    known((result,))
    return str(result)


def style(_run: Run, _value: object) -> object:
    """`sassify` and `scssify`."""
    return Unknown("a style sheet is converted")


def jsonify(_run: Run, value: object) -> object:
    return derived("".join(_json(value, 0)), value)


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


def to_integer_(_run: Run, value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (list, dict, Range)) or is_drop(value):
        raise _no_method("to_i", value)
    return to_i(value)


# Lists


def where(run: Run, value: object, key: object, target: object) -> object:
    if key is None or key is False or isinstance(target, (list, dict)) or not _is_list(value):
        return value
    if target is None and run.context.jekyll < 4:
        return value
    return [item for item in _members(value) if _matches(_property(item, key), target)]


def find(_run: Run, value: object, key: object, target: object) -> object:
    if key is None or key is False or isinstance(target, (list, dict)) or not _is_list(value):
        return value
    return next((item for item in _members(value) if _matches(_property(item, key), target)), None)


def _is_list(value: object) -> bool:
    if is_drop(value):
        raise Undetermined(Unknown("an object is filtered as a list"))
    return isinstance(value, (list, dict, Range))


def _members(value: object) -> Sequence[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value.numbers() if isinstance(value, Range) else value  # type: ignore[return-value]  # a list


def _matches(found: object, target: object) -> bool:
    if target is None:
        return found is None
    wanted = text_of(target)
    if isinstance(found, str):
        return found == wanted
    if found is None:
        return False
    return any(text_of(item) == wanted for item in _several(found))


def _several(value: object) -> list[object]:
    """Ruby's `Array(value)`."""
    if isinstance(value, dict):
        return [[*pair] for pair in value.items()]
    if isinstance(value, Range):
        return list(value.numbers()[:1000])
    return value if isinstance(value, list) else [value]


def _property(item: object, key: object) -> object:
    """Jekyll's `item_property`: a dotted key leads on, and what looks like a number is one."""
    name = text_of(key)
    found: object = item
    for each in name.split(".") if "." in name else [name]:
        found = _member(found, each, first=found is item)
    known((found,))
    if isinstance(found, list):
        known(found)
        return found
    text = to_s(found)
    if isinstance(text, str) and text:
        if _INTEGER_LIKE.fullmatch(text):
            return to_i(text)
        if _FLOAT_LIKE.fullmatch(text):
            return to_f(text if text.lstrip(" \t\n\v\f\r-")[:1] != "." else text.replace(".", "0.", 1))
    return found


def _member(value: object, key: str, *, first: bool) -> object:
    if isinstance(value, Unknown):
        return value
    if isinstance(value, dict) or is_drop(value):
        return follow(value, key)
    if isinstance(value, str):
        known((value,))
        return key if key in value else None
    if not first and (value is None or isinstance(value, bool)):
        return False if value is None else value and _fails(value, key)
    return _fails(value, key)


def _fails(value: object, key: str) -> object:
    raise LiquidError(f"Liquid error: {type_name(value)} has no property '{key}'")


@lru_cache(maxsize=256)
def _condition(markup: str) -> Condition:
    return strict_condition(markup, 0)


def _parsed(expression: object) -> Condition:
    try:
        return _condition(str(text_of(expression)))
    except SyntaxFault as fault:
        raise LiquidError(f"Liquid syntax error: {fault}") from None


def _with(run: Run, variable: object, values: Sequence[object], ask: Callable[[], object]) -> Iterator[object]:
    """The answer for each value, with the variable set to it."""
    name = str(text_of(variable))
    outer = run.locals.get(name, _MISSING)
    try:
        for value in values:
            run.spend(1)
            run.locals[name] = value
            yield ask()
    finally:
        if outer is _MISSING:
            run.locals.pop(name, None)
        else:
            run.locals[name] = outer


def where_exp(run: Run, value: object, variable: object, expression: object) -> object:
    if not _is_list(value):
        return value
    condition = _parsed(expression)
    members = _members(value)
    answers = list(_with(run, variable, members, lambda: condition.truth(run)))
    known(answers)
    return [item for item, answer in zip(members, answers, strict=True) if answer is True]


def find_exp(run: Run, value: object, variable: object, expression: object) -> object:
    if not _is_list(value):
        return value
    condition = _parsed(expression)
    members = _members(value)
    for item, answer in zip(members, _with(run, variable, members, lambda: condition.truth(run)), strict=False):
        known((answer,))
        if answer is True:
            return item
    return None


def group_by(_run: Run, value: object, key: object) -> object:
    if isinstance(value, dict) or not _is_list(value):
        return _ungrouped(value)
    members = _members(value)
    return _grouped(members, [text_of(_property(item, key)) for item in members])


def group_by_exp(run: Run, value: object, variable: object, expression: object) -> object:
    if isinstance(value, dict) or not _is_list(value):
        return _ungrouped(value)
    parsed: Expression = parse_filtered(text_of(expression), 0)
    members = _members(value)
    return _grouped(members, list(_with(run, variable, members, lambda: parsed.value(run))))


def _ungrouped(value: object) -> object:
    return Unknown("a mapping is grouped") if isinstance(value, dict) else value


def _grouped(members: Sequence[object], names: Sequence[object]) -> object:
    known(names)
    groups: list[tuple[object, list[object]]] = []
    for item, name in zip(members, names, strict=True):
        group = next(
            (group for other, group in groups if type(other) is type(name) and same(other, name) is True), None
        )
        if group is None:
            groups.append((name, group := []))
        group.append(item)
    return [{"name": name, "items": group, "size": len(group)} for name, group in groups]


def sort(_run: Run, value: object, key: object = None, nils: object = "first") -> object:
    if value is None:
        raise LiquidError("Liquid error: Cannot sort a null object.")
    if not _is_list(value):
        raise _no_method("sort", value)
    if key is None:
        found = [[*pair] for pair in value.items()] if isinstance(value, dict) else list(_members(value))
        return sorted_by(found, found, _compared)
    if nils not in ("first", "last"):
        raise LiquidError(
            f"Liquid error: Invalid nils order: '{to_s(nils)}' is not a valid nils order. It must be 'first' or 'last'."
        )
    if isinstance(value, dict):
        return Unknown("a mapping is sorted")
    sign = -1 if nils == "first" else 1

    def compare(left: object, right: object) -> int:
        if left is None or right is None:
            return 0 if left is right else sign if left is None else -sign
        answer = order(left, right)
        return answer if answer is not None else order(text_of(left), text_of(right)) or 0

    members = _members(value)
    return sorted_by(members, [_property(item, key) for item in members], compare)


def _compared(left: object, right: object) -> int:
    answer = order(left, right)
    if answer is None:
        raise LiquidError(f"Liquid error: comparison of {type_name(left)} with {type_name(right)} failed")
    return answer


def _counted(number: object) -> int:
    count = to_integer(number)
    if count < 0:
        raise LiquidError("Liquid error: negative array size")
    return count


def pop(_run: Run, value: object, number: object = 1) -> object:
    return value[: max(0, len(value) - _counted(number))] if isinstance(value, list) else value


def push(_run: Run, value: object, item: object) -> object:
    return [*value, item] if isinstance(value, list) else value


def shift(_run: Run, value: object, number: object = 1) -> object:
    return value[_counted(number) :] if isinstance(value, list) else value


def unshift(_run: Run, value: object, item: object) -> object:
    return [item, *value] if isinstance(value, list) else value


def sample(_run: Run, value: object, _number: object = 1) -> object:
    return Unknown("an item is drawn by lot") if isinstance(value, list) else value


# Dates


_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?", re.ASCII)


def date(_run: Run, value: object, pattern: object) -> object:
    shape = text_of(pattern)
    if shape == "" or value == "" or not isinstance(value, (str, int, float, dt.date)) or isinstance(value, bool):
        return value if not is_drop(value) else Unknown("an object is shown as a date")
    return derived(formatted(_moment(value), shape), value)


def date_to_string(_run: Run, value: object, kind: object = None, style: object = None) -> object:
    return _dated(value, "%b", kind, style)


def date_to_long_string(_run: Run, value: object, kind: object = None, style: object = None) -> object:
    return _dated(value, "%B", kind, style)


def _dated(value: object, month: str, kind: object, style: object) -> object:
    if to_s(value) == "":
        return value
    moment = _moment(value)
    shape = f"%d {month} %Y"
    if kind == "ordinal":
        ending = "th" if 11 <= moment.day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(moment.day % 10, "th")
        shape = f"{month} %-d{ending}, %Y" if style == "US" else f"%-d{ending} {month} %Y"
    return derived(formatted(moment, shape), value)


def date_to_zoned(_run: Run, value: object) -> object:
    """`date_to_xmlschema` and `date_to_rfc822`, which show the time zone of the machine that builds."""
    return value if to_s(value) == "" else Unknown("it shows a time zone")


def _moment(value: object) -> dt.date:
    """The date that a value means, where no time zone has a say in it."""
    if isinstance(value, dt.date):
        return value
    match = _DATE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Undetermined(Unknown("what date it means is not known"))
    try:
        return dt.datetime(*(int(each or 0) for each in match.groups()))  # type: ignore[arg-type]  # noqa: DTZ001  # six numbers; no zone
    except ValueError:
        raise Undetermined(Unknown("what date it means is not known")) from None


def formatted(moment: dt.date, pattern: str) -> str:
    """Ruby's `strftime` for the directives that no zone and no locale touches."""

    def directive(match: re.Match[str]) -> str:
        flag, name = match.groups()
        if name not in _DIRECTIVES:
            raise Undetermined(Unknown(f"a date is shown with '{match[0]}'"))
        text = _DIRECTIVES[name](moment)
        if flag == "-":
            return text.lstrip("0 ") or "0"
        return text.upper() if flag == "^" else text

    return re.sub(r"%([-^]?)(.?)", directive, pattern, flags=re.DOTALL)


def _hour(moment: dt.date) -> int:
    return moment.hour if isinstance(moment, dt.datetime) else 0


_DIRECTIVES: Final[dict[str, Callable[[dt.date], str]]] = {
    "%": lambda _: "%",
    "A": lambda moment: _DAYS[moment.weekday()],
    "B": lambda moment: _MONTHS[moment.month - 1],
    "D": lambda moment: formatted(moment, "%m/%d/%y"),
    "F": lambda moment: formatted(moment, "%Y-%m-%d"),
    "H": lambda moment: f"{_hour(moment):02}",
    "M": lambda moment: f"{moment.minute if isinstance(moment, dt.datetime) else 0:02}",
    "S": lambda moment: f"{moment.second if isinstance(moment, dt.datetime) else 0:02}",
    "T": lambda moment: formatted(moment, "%H:%M:%S"),
    "Y": lambda moment: str(moment.year),
    "a": lambda moment: _DAYS[moment.weekday()][:3],
    "b": lambda moment: _MONTHS[moment.month - 1][:3],
    "d": lambda moment: f"{moment.day:02}",
    "e": lambda moment: f"{moment.day:2}",
    "h": lambda moment: _MONTHS[moment.month - 1][:3],
    "j": lambda moment: f"{moment.timetuple().tm_yday:03}",
    "m": lambda moment: f"{moment.month:02}",
    "u": lambda moment: str(moment.isoweekday()),
    "w": lambda moment: str(moment.isoweekday() % 7),
    "y": lambda moment: f"{moment.year % 100:02}",
}

SITE_FILTERS: Final[dict[str, Callable[..., object]]] = {
    "absolute_url": absolute_url, "array_to_sentence_string": array_to_sentence_string, "cgi_escape": cgi_escape_, "date": date,
    "date_to_long_string": date_to_long_string, "date_to_rfc822": date_to_zoned, "date_to_string": date_to_string,
    "date_to_xmlschema": date_to_zoned, "find": find, "find_exp": find_exp, "group_by": group_by, "group_by_exp": group_by_exp,
    "inspect": inspect, "jsonify": jsonify, "markdownify": markdownify, "normalize_whitespace": normalize_whitespace,
    "number_of_words": number_of_words, "pop": pop, "push": push, "relative_url": relative_url, "sample": sample,
    "sassify": style, "scssify": style, "shift": shift, "slugify": slugify, "smartify": smartify, "sort": sort,
    "strip_index": strip_index, "to_integer": to_integer_, "unshift": unshift, "uri_escape": uri_escape, "where": where,
    "where_exp": where_exp, "xml_escape": xml_escape,
}  # fmt: skip

PARTIAL: Final = frozenset({"push", "sample", "sassify", "scssify", "unshift"})
"""The filters that take values that are not known in full."""
