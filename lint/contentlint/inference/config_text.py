"""A `contentlint.yml` that explains itself to whoever sees one for the first time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from contentlint.inference import Inferred, Said

_HEAD = """\
# What is expected of this site, beside what `contentlint check` finds on any. `contentlint init` wrote it after the
# pages that were there. It is yours now: correct it, add to it, take out what is only a coincidence."""
_PAGES = """\
# Pages and what they must be. The first pattern that fits a page counts. {folder} and {name} stand for a part of
# the path, and for the same in the addresses below it."""
_APART = "  # These fit a pattern below and are of another kind: nothing is said of them."
_EXPLAINED = {
    "schema": "the JSON Schema of the front matter: keys, types, pictures",
    "permalink": "the address that such a page has",
    "back-link": "the address that such a page links to",
}


def written(inferred: Inferred, source: str) -> str:
    """The text of the config; `source` is the folder of the site, empty when it is the project."""
    parts = [_HEAD]
    if source:
        parts.append(f"# The folder of the site.\nsource: {_quoted(source)}")
    if inferred.pages:
        parts.append("\n".join([_PAGES, "pages:", *_pages(inferred.pages)]))
    if inferred.data:
        parts.append(
            "\n".join(["# Data files and the JSON Schema of what is in them.", "data:", *_data(inferred.data)])
        )
    if inferred.includes:
        parts.append("\n".join(_includes(inferred)))
    parts.append(
        "# How bad a problem is: error, warning or off, by rule or group. `contentlint rule` lists them all.\n"
        "# rules:\n#   orphan-page: warning"
    )
    return "\n\n".join(parts) + "\n"


def _pages(pages: Sequence[Said]) -> Iterator[str]:
    explained: set[str] = set()
    silent = [each for each in pages if not each.is_something]
    if silent:
        yield _APART
        yield from (f"  - match: {_quoted(each.match)}" for each in silent)
    for each in pages:
        if not each.is_something:
            continue
        yield f"  # {each.count} pages"
        yield f"  - match: {_quoted(each.match)}"
        for key, value in (("schema", each.schema), ("permalink", each.permalink), ("back-link", each.back_link)):
            if value:
                why = "" if key in explained else f"  # {_EXPLAINED[key]}"
                explained.add(key)
                yield f"    {key}: {_quoted(value)}{why}"


def _data(data: Sequence[Said]) -> Iterator[str]:
    for each in data:
        yield f"  - match: {_quoted(each.match)}"
        yield f"    schema: {_quoted(each.schema)}"


def _includes(inferred: Inferred) -> Iterator[str]:
    yield "# What an include asks of the page that uses it: `needs` are keys of the front matter, `params` are parameters"
    yield "# that must name an entry of one of the page's lists."
    yield "includes:"
    for name, contract in inferred.includes.items():
        yield f"  # on {contract.uses} pages"
        yield f"  {_quoted(name)}:"
        if contract.needs:
            yield f"    needs: [{', '.join(map(_quoted, contract.needs))}]"
        if contract.params:
            yield "    params:"
            yield from (f"      {_quoted(param)}: {_quoted(path)}" for param, path in contract.params.items())


def _quoted(text: str) -> str:
    """A text in the double quotes of YAML, which are those of JSON."""
    return json.dumps(text, ensure_ascii=False)
