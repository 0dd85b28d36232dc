"""The texts to begin with: those that the tests have recorded of real Jekyll, kramdown, Liquid and SafeYAML."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent.parent
DATA = PROJECT / "tests" / "data"

FILE = "\x1c"
"""What stands before each file of a site that is written as one text: the sign, its path, a line end, its content."""
PAGE = "---\ntitle: T\npermalink: /t/\nimages:\n- {id: a, url: 'a.png'}\n- &b\n  id: \"b\"\n  url: >-\n    b.png\n---\n# T\n\n"


def strings(value: Any) -> Iterator[str]:
    """Every string in a value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def recorded(*names: str) -> list[str]:
    """The strings in recorded files that say something, each once."""
    found: dict[str, None] = {}
    for name in names:
        text = (DATA / name).read_text(encoding="utf-8")
        found |= dict.fromkeys(strings(json.loads(text)) if name.endswith(".json") else text.split("\n"))
    return [text for text in found if len(text) > 3]


def yaml() -> list[str]:
    """Documents of YAML."""
    return recorded("yaml/safeyaml.json", "yaml/mistakes.json")


def markdown() -> list[str]:
    """Bodies of pages."""
    return recorded("kramdown/cases.json", "kramdown/constructs.json", "kramdown/soup.json")


def templates() -> list[str]:
    """Templates of Liquid."""
    return recorded("liquid/rows.json", "liquid/templates.txt", "liquid/site.json")


def addresses() -> list[str]:
    """What links lead to."""
    return recorded("liquid/urls.json")


def settings() -> list[str]:
    """Texts of `_config.yml`."""
    return [json.dumps(case["config"]) for case in cases() if case["config"]]


def cases() -> Iterator[dict[str, Any]]:
    """The recorded sites."""
    for name in ("cases.json", "more-cases.json"):
        yield from json.loads((DATA / "jekyll" / name).read_text(encoding="utf-8"))


def sites() -> list[str]:
    """Sites, each as one text: see FILE."""
    found = []
    for case in cases():
        files = {path: content for path, content in case["files"].items() if isinstance(content, str)}
        if case["config"]:
            files.setdefault("_config.yml", json.dumps(case["config"]))
        found.append(joined(files))
    found.append(joined({"index.md": PAGE + "![a](a.png) [x](/t/#t) <!-- contentlint: ignore[missing-image] -->\n"}))
    return found


def joined(files: dict[str, str]) -> str:
    """The text that stands for a site."""
    return "".join(f"{FILE}{path}\n{content}" for path, content in files.items())


def separated(text: str) -> dict[str, str]:
    """The site that a text stands for; what has no path that a file can have is left out, and so is what another one's path runs through."""
    files: dict[str, str] = {}
    for part in text.split(FILE)[1:]:
        path, _, content = part.partition("\n")
        steps = path.split("/")
        above = {"/".join(steps[:number]) for number in range(1, len(steps))}
        if (
            not all(step.strip(".") and len(step.encode("utf-8", "replace")) < 200 for step in steps)
            or "\0" in path
            or len(path) > 900
        ):
            continue
        if above & files.keys() or any(other.startswith(path + "/") for other in files):
            continue
        files[path] = content
    return files


def configs() -> list[str]:
    """Texts of `contentlint.yml`."""
    return [
        "pages:\n- match: '{region}/{name}.md'\n  schema: schemas/page.json\n  permalink: '/{region}/{name}/'\n  back-link: '/{region}/'\n",
        "data:\n  - {match: '_data/*.yml', schema: schemas/page.json}\nincludes:\n  gallery: {needs: [a.b], params: {im_id: 'images[].id'}}\n",
        "rules:\n  unused-asset: warning\n  missing-image: {severity: error, ignore: ['gen/**']}\nper-file: {'_drafts/**': {broken-link: off}}\n",
        "urls: ['/tags/**']\nelsewhere: ['/java/**']\nexclude: ['x/**']\njekyll: 3\ngenerator: jekyll\nsource: .\n",
    ]


def schemas() -> list[str]:
    """A schema and, behind FILE, a value to judge."""
    texts = [
        '{"type": "object", "required": ["title"], "properties": {"title": {"type": "string", "pattern": "^(a+)+$", "x-unique": true}}}',
        '{"properties": {"url": {"x-reference": {"role": "image", "paths": ["{urlimg}{value}", "{stem}-t{ext}"]}}}, "additionalProperties": false}',
        '{"$defs": {"a": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/a"}]}}, "$ref": "#/$defs/a"}',
        '{"$ref": "page.json#/properties/title"}',
        '{"$ref": "https://example.org/schema.json"}',
        '{"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"const": 1}, {"enum": ["a", null]}], "additionalItems": {"$ref": "#"}}',
        '{"properties": {"images": {"items": {"properties": {"id": {"$anchor": "id", "minLength": 2, "x-unique": true}}, "if": {"required": ["id"]}, "then": {"maxProperties": 2}}, "uniqueItems": true, "contains": {"$ref": "#id"}}, "x": {"not": {"multipleOf": 0.1}}}}',
        "type: object\npatternProperties:\n  '^x-(.*)*$': {format: date}\nunevaluatedProperties: false\ndependentRequired: {a: [b]}\n",
    ]
    values = [
        "title: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\nurl: a.png\nimages: [{id: a}, {id: a}, {id: x}]\nx: 1\n",
        "[1, a]\n",
        "null\n",
        '{"x-aaaa": 1.5}\n',
    ]
    return [f"{text}{FILE}{value}" for text in texts for value in values]


def suppressions() -> list[str]:
    """Files with comments that speak to contentlint."""
    return [
        "a\n<!-- contentlint: ignore[missing-image, broken-link] why -->\n![x](y)\n",
        "{% comment %} contentlint: ignore {% endcomment %} b\n{%- comment -%}contentlint: ignore[x]{%- endcomment -%}\n\n* c\n",
        "<!-- contentlint: ignore-file[links] --> <!--contentlint:ignore[]-->\n\n# h\n",
        "---\n# contentlint: ignore[missing-key]\ntitle: x # contentlint: ignore\n---\n",
    ]
