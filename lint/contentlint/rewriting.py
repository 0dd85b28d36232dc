"""Writes something else where something stands, in the way its author wrote it: URLs, YAML values and keys.

Every answer is one edit, `(start, end, text)`, or None when it is not sure that it would say what it is to say. Texts and
offsets only: what a new URL leads to, and whether all that was asked for is better then, others find out.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Any

from contentlint import frontmatter
from contentlint.page import KeyPath
from contentlint.percent import quote, unquote
from contentlint.regex import regex

Edit = tuple[int, int, str]
"""Replace text[start:end]; offsets are code points."""

_PARTS = regex(r"((?:https?:)?//[^/\\?#]*)?([^?#]*)(.*)", re.IGNORECASE | re.ASCII | re.DOTALL)
_UNUSUAL = regex(r"[\\\t\r\n]|\A\s|\s\Z")
"""What browsers mend in a URL before they read it."""
_EDGE = regex(r"\A | \Z")
"""A space that browsers take away unless it is escaped."""
_UP = regex(r"(?:\.{1,2}/)*")
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$+,;=:@")
"""Needs no escape in a URL's path, and has no meaning in Markdown, HTML, YAML or Liquid around it."""
_ESCAPED_LETTER = regex(r"%[89a-f]", re.IGNORECASE | re.ASCII)
_SMALL_ESCAPE = regex(r"%(?:[0-9][a-f]|[a-f][0-9a-f])")
_TAG = regex(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_QUOTED = regex(r"'([^']*)'|\"([^\"]*)\"")
_SPELT = regex(r"\\.|&#?\w+;|''|\s*\n\s*", re.DOTALL)
"""What may read as other characters than are written: escapes, entities, folded lines."""
_WORD = regex(r"[A-Za-z/](?:[\w./~+-]*[\w/])?")
"""What is text in YAML without quotes, if it is no word like `yes`."""


# -- URLs -----------------------------------------------------------------------------------------------------------


def readdressed(url: str, base: str, path: str) -> str:
    """The URL with another path: `path` is decoded and from the root, `base` that of the page that shows it.

    Host, query and fragment stay; what was relative stays so, if only by leading up first; parts of the path that are the
    same stay as they are written, the others are escaped as the rest is.
    """
    if _UNUSUAL.search(url):
        return url
    head, old, tail = _PARTS.fullmatch(url).groups("")  # type: ignore[union-attr]  # it matches everything
    if not old:
        return url
    if head or old.startswith("/"):
        return head + _spelt(old, path) + tail
    start = base.rpartition("/")[0] + "/"
    up = _UP.match(old)[0]  # type: ignore[index]  # it matches the empty string at least
    folder = posixpath.normpath(start + up).rstrip("/") + "/"
    if path.startswith(folder) and len(path) > len(folder):
        return up + _relative(_spelt(old[len(up) :], path[len(folder) :])) + tail
    way = posixpath.relpath(path, start) + ("/" if path.endswith("/") else "")
    return _relative(_spelt(old, way)) + tail


def _relative(path: str) -> str:
    """A relative path that no browser takes for one with a scheme."""
    return "./" + path if ":" in path.partition("/")[0] else path


def _spelt(old: str, new: str) -> str:
    """The decoded path `new`, written as `old` is."""
    before, after = old.split("/"), new.split("/")
    first = last = 0
    while first < min(len(before), len(after)) and unquote(before[first]) == after[first]:
        first += 1
    while last < min(len(before), len(after)) - first and unquote(before[-last - 1]) == after[-last - 1]:
        last += 1
    middle = [_escaped(each, old) for each in after[first : len(after) - last]]
    path = "/".join([*before[:first], *middle, *before[len(before) - last :]])
    return _EDGE.sub("%20", path)


def _escaped(segment: str, like: str) -> str:
    raw = _PLAIN.union(like) - set("%?#")
    letters = not _ESCAPED_LETTER.search(like)
    shown = "".join(
        each if each in raw or (letters and not each.isascii()) else quote(each, safe="") for each in segment
    )
    return re.sub("%..", lambda found: found[0].lower(), shown) if _SMALL_ESCAPE.search(like) else shown


def escaped_fragment(name: str) -> str:
    """An anchor's name as a URL has it behind its `#`."""
    return "".join(each if each in _PLAIN or not each.isascii() else quote(each, safe="") for each in name)


def edit(written: str, old: str, new: str) -> Edit | None:
    """The edit of what an author wrote that makes the URL `new` of the URL `old`.

    The two need not be alike: a template may have added to what was written, Liquid stands for other text, and characters
    are escaped for the format around them. Only what is written exactly as it reads is touched. Where a filter has escaped
    the URL, what is written is held against the URL as it was before.
    """
    if old == new:
        return None
    return _edit(written, old, new) or (_edit(written, unquote(old), unquote(new)) if "%" in old else None)


def _edit(written: str, old: str, new: str) -> Edit | None:
    runs = list(_runs(written))
    places = [
        (start, end, _position(old, written[start:end], number, len(runs))) for number, (start, end) in enumerate(runs)
    ]
    edits = []
    for first, last, text in _changes(old, new):
        for start, end, at in places:
            if 0 <= at <= first and last <= at + end - start:
                edits.append((start + first - at, start + last - at, text))
                break
        else:
            return None
    low, high = edits[0][0], edits[-1][1]
    if [each for pair in edits for each in pair[:2]] != sorted(each for pair in edits for each in pair[:2]):
        return None
    return low, high, applied(written, edits)[low : high + sum(len(text) - end + start for start, end, text in edits)]


def applied(text: str, edits: list[Edit]) -> str:
    """The text after edits that do not overlap, in the order of their places."""
    pieces, at = [], 0
    for start, end, new in edits:
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]])


def _runs(written: str) -> Iterator[tuple[int, int]]:
    """The stretches that are exactly as they read: outside tags, or a quoted text in one."""
    at = 0
    for tag in _TAG.finditer(written):
        yield from _exact(written, at, tag.start())
        for text in _QUOTED.finditer(written, *tag.span()):
            yield from _exact(written, *text.span(text.lastindex or 0))
        at = tag.end()
    yield from _exact(written, at, len(written))


def _exact(written: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for spelt in _SPELT.finditer(written, start, end):
        if start < spelt.start():
            yield start, spelt.start()
        start = spelt.end()
    if start < end:
        yield start, end


def _position(url: str, run: str, number: int, count: int) -> int:
    """Where in a URL a stretch of what was written stands; -1 when that is not sure."""
    if number == count - 1 and url.endswith(run):
        return len(url) - len(run)
    if number == 0 and url.startswith(run):
        return 0
    at = url.find(run)
    return at if url.find(run, at + 1) < 0 else -1


def _changes(old: str, new: str) -> list[Edit]:
    """What differs: of texts equally long each stretch of its own, else one from the first to the last difference."""
    if len(old) == len(new):
        changes: list[Edit] = []
        for at, (one, other) in enumerate(zip(old, new, strict=True)):
            if one == other:
                continue
            if changes and changes[-1][1] == at:
                start, _, text = changes.pop()
                changes.append((start, at + 1, text + other))
            else:
                changes.append((at, at + 1, other))
        return changes
    first, last, least = 0, 0, min(len(old), len(new))
    while first < least and old[first] == new[first]:
        first += 1
    while last < least - first and old[-last - 1] == new[-last - 1]:
        last += 1
    return [(first, len(old) - last, new[first : len(new) - last])]


# -- YAML -----------------------------------------------------------------------------------------------------------


class Yaml:
    """The YAML in text[start:end] and the value it has: an edit is one only if the value is exactly the one wanted then."""

    def __init__(self, text: str, start: int, end: int, data: Any) -> None:
        self._text = text
        self._bounds = start, end
        self._data = data

    def with_value(self, key: KeyPath, start: int, end: int, value: str) -> Edit | None:
        """Another text for the value at text[start:end], in its own style."""
        wanted = _changed(self._data, key, lambda above: _put(above, key[-1], value))
        return self._first([(start, end, self._scalar(start, end, value))], wanted)

    def with_key(self, key: KeyPath, start: int, end: int, name: str) -> Edit | None:
        """Another name for the key at text[start:end]; none that its mapping has already."""

        def renamed(above: dict[str, Any]) -> dict[str, Any]:
            return {} if name in above else {name if each == key[-1] else each: above[each] for each in above}

        return self._first([(start, end, self._scalar(start, end, name))], _changed(self._data, key, renamed))

    def with_entry(self, name: str, value: str) -> Edit | None:
        """One key more, as the first."""
        opening = re.compile(r"---[ \t]*(\r?\n)").match(self._text, self._bounds[0])
        if opening is None or name in self._data:
            return None
        line = f"{name}: {self._scalar(opening.end(), opening.end(), value)}{opening[1]}"
        return self._first([(opening.end(), opening.end(), line)], {name: value, **self._data})

    def without(self, key: KeyPath, start: int, end: int, stop: int) -> Edit | None:
        """No such key: text[start:end] is the key, its value ends at `stop`."""
        wanted = _changed(
            self._data, key, lambda above: {each: value for each, value in above.items() if each != key[-1]}
        )
        return self._first(self._removals(start, end, stop), wanted)

    def without_again(self, start: int, end: int) -> Edit | None:
        """The key at text[start:end] stands twice, with the same value: nothing changes without it."""
        stop = self._text.find("\n", end)
        return self._first(list(self._lines(start, stop if stop >= 0 else len(self._text))), self._data)

    def _removals(self, start: int, end: int, stop: int) -> list[Edit]:
        text = self._text
        start -= text[start - 1 : start] in ("'", '"')
        stop = max(stop, end)
        inline = re.compile(r"['\"]?\s*:?")
        after = re.compile(r"\s*,\s*").match(text, inline.match(text, stop).end())  # type: ignore[union-attr]
        before = text[self._bounds[0] : start].rstrip()
        removals: list[Edit] = []
        if after is not None:
            removals.append((start, after.end(), ""))
        if before.endswith(","):
            low = self._bounds[0] + len(before[:-1].rstrip())
            removals.append((low, stop + (text[stop : stop + 1] in ("'", '"')), ""))
        return [*removals, *self._lines(start, stop)]

    def _lines(self, start: int, stop: int) -> Iterator[Edit]:
        """The lines from the one that a key begins to the one in which its value stops; of a list's item only what follows its dash."""
        text = self._text
        line = text.rfind("\n", 0, start) + 1
        ends = text.find("\n", stop) + 1 or len(text)
        if not text[line:start].strip():
            yield line, ends, ""
        elif re.fullmatch(r"[ ]*-[ ]+", text[line:start]):
            indent = re.compile(rf"[ ]{{{start - line}}}(?=[^ \r\n])").match(text, ends)
            if indent is not None:
                yield start, indent.end(), ""

    def _scalar(self, start: int, end: int, value: str) -> str:
        around = self._text[start - 1 : start]
        if around and around == self._text[end : end + 1]:
            if around == "'":
                return value.replace("'", "''")
            if around == '"':
                return value.replace("\\", "\\\\").replace('"', '\\"')
        return value if _WORD.fullmatch(value) else "'" + value.replace("'", "''") + "'"

    def _first(self, edits: list[Edit], wanted: Any) -> Edit | None:
        return next((each for each in edits if self._says(each, wanted)), None)

    def _says(self, each: Edit, wanted: Any) -> bool:
        low, high = self._bounds
        text = applied(self._text, [each])
        if not low <= each[0] <= each[1] <= high:
            return False
        block = frontmatter.compose(text, low, high + len(text) - len(self._text))
        return block.error is None and repr(block.data or {}) == repr(wanted)


def _changed(data: Any, key: KeyPath, change: Callable[[Any], Any]) -> Any:
    """The data with the collection changed that the last step of a key path leads into; all the rest is shared."""
    if len(key) == 1:
        return change(data)
    return _put(data, key[0], _changed(data[key[0]], key[1:], change))


def _put(data: Any, step: str | int, value: Any) -> Any:
    copy = data.copy()
    copy[step] = value
    return copy
