"""What happened while a page was rendered: mistakes, and what its includes select from its own data or cannot do without."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from contentlint.liquid import BrokenLink, Failure, Included, Looped, MissingInclude, Output, Selected, Text
from contentlint.liquid import Place as Written
from contentlint.liquid.values import is_unknown
from contentlint.page import Choice, KeyPath, Mistake, Near, Need, Place, entries
from contentlint.rendering.blame import file_of, place_of, root_of
from contentlint.rendering.shown import Contract, File, Shown

_GIVEN_BY_GENERATOR = frozenset({"tags", "categories", "posts", "pages", "next", "previous", "url", "path", "excerpt"})
# Only what an include leaves out, or what is not known, asks for these: they are compiled when it does.
_SEEN = r"(?i)<(?:img|svg|hr|canvas|video|audio|iframe|object|embed|input|button|math)\b"
"""Elements that a reader sees although there is no text in them."""
_TAGS = r"(?s)<!--.*?-->|<[^>]*>"
_SHOWS = r"(?i)\b(?:href|src|srcset|poster|data)\s*=|\]\("


class Happened:
    """Says what the events of one output mean for a page.

    `data` is the page's own front matter; `shown_by` has, by where an include tag of the page begins, the keys of front
    matter that the references are made of which it brings.
    """

    def __init__(
        self,
        output: Output,
        file: File,
        contracts: Mapping[str, Contract],
        data: Any,
        shown_by: Mapping[int, Sequence[KeyPath]],
    ) -> None:
        self._output = output
        self._file = file
        self._contracts = contracts
        self._data = data
        self._shown_by = shown_by
        self._names = {
            event.place.start: event.name
            for event in output.events
            if isinstance(event, Included) and event.place.parent is None
        }

    def tell(self, shown: Shown) -> None:
        """Note all of it."""
        for event in self._output.events:
            match event:
                case MissingInclude(maybe=False):
                    shown.mistakes.append(
                        self._mistake(event.place, "missing-include", event.name, _missing_include(event))
                    )
                case BrokenLink(maybe=False):
                    shown.mistakes.append(
                        self._mistake(event.place, "broken-link-tag", event.value, _broken_link(event))
                    )
                case Failure(maybe=False):
                    shown.mistakes.append(self._mistake(event.place, "invalid-template", "", (event.message, "", None)))
                case Included() if event.name in self._contracts and root_of(event.place).source is self._file:
                    self._keep(event, self._contracts[event.name], shown)
                case Selected() if self._infers(event.place):
                    self._select(event, shown)
                case Looped(length=None, maybe=False) if self._infers(event.place):
                    self._lack(event.path, event.place, shown)
                case _:
                    pass

    def _mistake(
        self, place: Written, rule: str, value: str, told: tuple[str, str, Near | None]
    ) -> tuple[str, Mistake]:
        where = place_of(place)
        related = ((place_of(root_of(place)), "brought in here"),) if place.parent is not None else ()
        message, way_out, near = told
        text = file_of(place).text[place.start : place.end]
        return where.path, Mistake(rule, where.start, where.end, value or text, message, way_out, near, related)

    # -- includes that select from the page's own data, or show it ---------------------------------------------------

    def _infers(self, place: Written) -> bool:
        """Whether what an include does may be read from its template: the page's own body includes it, no contract says."""
        tag = place.parent
        if tag is None or tag.parent is not None or tag.source is not self._file:
            return False
        return self._name_of(tag) not in self._contracts

    def _name_of(self, tag: Written) -> str:
        return self._names.get(tag.start, "")

    def _select(self, event: Selected, shown: Shown) -> None:
        tag = event.place.parent
        key = _own_key(event.path)
        place = self._literal(event.wanted)
        if tag is None or not key:
            return
        if event.maybe or place is None:
            shown.choices_complete = False
            return
        if event.length is None:
            self._lack(event.path, event.place, shown)
            return
        made = self._shown_by.get(tag.start, [])
        if event.found:
            beyond_doubt = all(each[:1] == (key,) for each in made)
        else:
            beyond_doubt = not made and self._is_blank(tag) and len(self._asked(tag)) == 1
        if beyond_doubt and self._may_show(event.place):
            shown.choices.append(
                Choice(self._name_of(tag), (key,), str(event.property), str(event.wanted), place, event.found)
            )

    def _lack(self, path: str, place: Written, shown: Shown) -> None:
        tag = place.parent
        key = _own_key(path)
        if tag is None or not key or self._shown_by.get(tag.start) or not self._is_blank(tag):
            return
        if len(self._asked(tag)) == 1 and self._may_show(place):
            shown.needs.append(Need(self._name_of(tag), (key,), False, place_of(tag)))

    def _asked(self, tag: Written) -> set[tuple[str, str]]:
        """What an include asks of lists: which it goes over or selects from, and by which property."""
        asked: dict[str, set[str]] = {}
        for event in self._output.events:
            if isinstance(event, (Looped, Selected)) and "." in event.path and event.place.parent == tag:
                asked.setdefault(event.path, set()).add(event.property if isinstance(event, Selected) else "")
        return {(path, by) for path, every in asked.items() for by in (every - {""} or every)}

    def _may_show(self, place: Written) -> bool:
        """Whether the template has any reference in it at all: one of text alone may well be empty."""
        return _shows(file_of(place).text)

    def _is_blank(self, tag: Written) -> bool:
        """Whether an include tag of the page left nothing that a reader sees."""
        text = "".join(
            self._output.text[piece.start : piece.end]
            for piece in self._output.pieces
            if piece.place.parent is not None and root_of(piece.place).start == tag.start
        )
        return not re.search(_SEEN, text) and not re.sub(_TAGS, "", text).strip()

    def _keep(self, event: Included, contract: Contract, shown: Shown) -> None:
        """Hold an include against what the config says of it."""
        if event.maybe:
            shown.choices_complete = False
            return
        tag = place_of(root_of(event.place))
        for param, (key, by) in contract.params.items():
            value = (event.params or {}).get(param)
            if is_unknown(value):
                shown.choices_complete = False
            elif value is not None:
                known = [entry for _, entry in entries(self._data, key, by)]
                place = self._literal(value) or tag
                shown.choices.append(Choice(event.name, key, by, str(value), place, known.count(str(value)), said=True))
        shown.needs += [
            Need(event.name, (key,), isinstance(self._data, dict) and self._data.get(key) is not None, tag)
            for key in contract.needs
        ]

    def _literal(self, value: object) -> Place | None:
        """Where the page itself has a value as a quoted text in a tag."""
        if not isinstance(value, Text) or len(value.parts) != 1:
            return None
        origin = value.parts[0].origin
        mine = isinstance(origin, Written) and origin.source is self._file and origin.parent is None
        return place_of(origin) if mine else None  # type: ignore[arg-type]  # `mine` says that it is one


@lru_cache(64)
def _shows(template: str) -> bool:
    return re.search(_SHOWS, template) is not None


def _own_key(path: str) -> str:
    """The page's own front matter key that a dotted path stands for; empty for what is more, or the generator's."""
    start, _, key = path.partition(".")
    return key if start == "page" and key and "." not in key and key not in _GIVEN_BY_GENERATOR else ""


def _missing_include(event: MissingInclude) -> tuple[str, str, Near]:
    looked = f" (looked for {', '.join(event.tried)})" if event.tried else ""
    kind = "source" if event.kind == "include_relative" else "include"
    return f"no include {event.name}: the build fails{looked}", "", Near(kind, event.name)


def _broken_link(event: BrokenLink) -> tuple[str, str, Near]:
    kind = "post" if event.tag == "post_url" else "source"
    return (
        f"{{% {event.tag} %}} names no {'post' if kind == 'post' else 'file'} of the site: {event.value}",
        "",
        Near(kind, event.value),
    )
