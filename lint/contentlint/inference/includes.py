"""What includes ask of the pages that use them, read from their templates and held against those pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from contentlint.inference.evidence import holds
from contentlint.page import entries
from contentlint.record import NamedTuple
from contentlint.site import Source

_TAG = r"\{{%-?\s*{}\s*-?%\}}"
_INCLUDE = re.compile(_TAG.format(r"include\s+([^\s{}%]+)(\s[^%]*?)?"))
_COMMENT = re.compile(r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}", re.DOTALL)
_ALIAS = re.compile(_TAG.format(r"assign\s+(\w+)\s*=\s*((?:page|include)\.[\w-]+)"))
_LOOP = re.compile(_TAG.format(r"for\s+(\w+)\s+in\s+page\.([\w-]+)\b[^%]*?"))
_WHERE = re.compile(r"page\.([\w-]+)\s*\|\s*where:\s*[\"']([\w-]+)[\"']\s*,\s*include\.([\w-]+)")
_EQUAL = re.compile(r"\b(\w+)\.([\w-]+)\s*==\s*include\.([\w-]+)|include\.([\w-]+)\s*==\s*(\w+)\.([\w-]+)")
_ASKS = re.compile(r"\{%-?\s*(?:if|unless|elsif)\s[^%]*page\.([\w-]+)")
_GENERATED = frozenset({"tags", "categories", "posts", "pages", "next", "previous", "url", "path", "excerpt"})
"""Lists that the generator gives to every page."""
_SHOWS = re.compile(r"\b(?:href|src|srcset)\s*=|\]\(", re.IGNORECASE)


class Contract(NamedTuple):
    """What an include asks: parameters that name one of the page's own values, and keys that must be there."""

    params: Mapping[str, str]
    needs: tuple[str, ...]
    uses: int
    """On how many pages."""


def contracts(templates: Mapping[str, str], pages: Sequence[Source]) -> dict[str, Contract]:
    """The contracts of includes, by name; `templates` are their texts. What the pages do not keep to is no contract."""
    found = {}
    used = _users(pages)
    for name, template in sorted(templates.items()):
        text = _plain(template)
        if not _SHOWS.search(text):
            continue
        users = used.get(name, [])
        params = {
            param: f"{key}[].{by}"
            for key, by, param in sorted(set(_selections(text)))
            if key not in _GENERATED and _keeps_to(users, key, by, param)
        }
        asked = {key for key, _, _ in _selections(text)}
        guarded = {each[1] for each in _ASKS.finditer(text)}
        needs = tuple(
            key
            for key in sorted({each[2] for each in _LOOP.finditer(text)} - _GENERATED - asked - guarded)
            if holds(sum(page.data.get(key) is not None for page, _ in users), len(users))
        )
        if params or needs:
            found[name] = Contract(params, needs, len(users))
    return found


def _plain(template: str) -> str:
    """A template without its comments, and with what it has only given another name under its first one."""
    text = _COMMENT.sub("", template)
    for found in _ALIAS.finditer(text):
        text = re.sub(rf"(?<![\w.\"'-]){found[1]}(?![\w\"'-])", found[2], text)
    return text


def _selections(text: str) -> Iterator[tuple[str, str, str]]:
    """(key, property, parameter) of each list of the page that is searched for what a parameter names."""
    for found in _WHERE.finditer(text):
        yield found[1], found[2], found[3]
    lists = {found[1]: found[2] for found in _LOOP.finditer(text)}
    for found in _EQUAL.finditer(text):
        variable, by, param = (found[1], found[2], found[3]) if found[1] else (found[5], found[6], found[4])
        if variable in lists:
            yield lists[variable], by, param


def _users(pages: Sequence[Source]) -> dict[str, list[tuple[Source, list[str]]]]:
    """By include: the pages whose body includes it, with the parameters of each tag as written."""
    users: dict[str, list[tuple[Source, list[str]]]] = {}
    for page in pages:
        tags: dict[str, list[str]] = {}
        for found in _INCLUDE.finditer(page.text(), page.body):
            tags.setdefault(found[1], []).append(found[2] or "")
        for name, params in tags.items():
            users.setdefault(name, []).append((page, params))
    return users


def _keeps_to(users: Sequence[tuple[Source, Sequence[str]]], key: str, by: str, param: str) -> bool:
    """Whether nearly every use of an include names by a parameter one of the page's own entries."""
    named = re.compile(rf"\b{re.escape(param)}\s*=\s*([\"'])(.*?)\1")
    good = count = 0
    for page, tags in users:
        known = {value for _, value in entries(page.data, (key,), by)}
        for tag in tags:
            value = named.search(tag)
            if value is not None:
                count += 1
                good += value[2] in known
    return holds(good, count)
