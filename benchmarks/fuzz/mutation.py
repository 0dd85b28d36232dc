"""Ways to change a text: bytes, words of the language, and stretches of other texts."""

from __future__ import annotations

import random
from collections.abc import Sequence

LONGEST = 20_000
"""Bytes that an input may have: what takes longer with its size is another test's matter."""

ANY = (
    *(
        "\0",
        "\r",
        "\r\n",
        "\n",
        "\n\n",
        "\t",
        " ",
        "    ",
        "\ufeff",
        "\u202e",
        "\u2028",
        "\x85",
        "\x1b[31m",
        "\ue0ff",
        "é",
        "e\u0301",
        "😀",
        "\u017f",
    ),
    *(
        "/",
        "..",
        "%",
        "%2e",
        "%ff",
        "#",
        "?",
        "\\",
        "'",
        '"',
        "::error::",
        "0",
        "-1",
        "9" * 400,
        "1e999",
        "true",
        "null",
    ),
)
"""What may trip anyone."""
YAML = (
    *(
        "- ",
        "? ",
        ": ",
        "&a ",
        "*a",
        "!!str ",
        "!!binary ",
        "!x ",
        "<<: *a",
        "<<: ",
        "|\n",
        ">-\n  ",
        "|2-\n",
        "--- ",
        "\n---\n",
        "\n...\n",
        "%YAML 1.1\n",
        "#",
    ),
    *(
        "{",
        "}",
        "[",
        "]",
        ",",
        "{a: ",
        "[[",
        "~",
        "yes",
        "2024-01-01 10:00:00 +0200",
        "0x1F",
        "1_000",
        ".inf",
        ".nan",
        "\\u0041",
        "\\xZZ",
        "\\ud800",
        "=",
        "title: x\n",
    ),
)
MARKDOWN = (
    *(
        "[",
        "]",
        "(",
        ")",
        "![",
        "](",
        "[^f]",
        "[^f]: ",
        "[r]: u\n",
        "*",
        "**",
        "_",
        "`",
        "```",
        "~~~\n",
        "<",
        ">",
        "<b>",
        "</b>",
        "<div>",
        "</div>",
        "<!--",
        "-->",
    ),
    *(
        "<pre>",
        "<script>",
        "<textarea>",
        "<title>",
        "<a href='x'>",
        "<img src=x srcset='a 1x, b'>",
        "<base href='/z/'>",
        '<div markdown="1">',
        "{:",
        "{:#x}",
        "{:toc}",
        "}",
        "{::options /}",
    ),
    *(
        "{::comment}",
        "{:/}",
        "# ",
        "---\n",
        "===\n",
        "* ",
        "1. ",
        "> ",
        ": d",
        "^\n",
        "| a | b |\n",
        "|---|\n",
        "$$",
        "~~",
        "&amp;",
        "&#x110000;",
        "<<",
        "*[a]: b\n",
        "\\",
    ),
)
LIQUID = (
    *(
        "{{",
        "}}",
        "{%",
        "%}",
        "{%-",
        "-%}",
        "{% if x %}",
        "{% endif %}",
        "{% else %}",
        "{% for i in page.list %}",
        "{% endfor %}",
        "{% include a %}",
        "{% include_relative ../../etc/passwd %}",
    ),
    *(
        "{% raw %}",
        "{% endraw %}",
        "{% comment %}",
        "{% endcomment %}",
        "{% capture x %}",
        "{% endcapture %}",
        "{% assign x = ",
        "{% link ",
        "{% post_url ",
        "{% cycle 'a', 'b' %}",
        "{% case x %}",
    ),
    *(
        "{% when 'a' %}",
        "{% tablerow i in (1..9) %}",
        "{% unless ",
        "{% highlight ruby %}",
        "(1..99999999)",
        " | ",
        "where: 'a', 'b'",
        "split: ','",
        "join",
        "date: '%s'",
        "sort: 'x'",
        "map: 'a'",
        "slice: -1, 9",
    ),
    *(
        "times: 99999999999",
        "divided_by: 0",
        "group_by_exp: 'x', 'x.a'",
        "relative_url",
        "jsonify",
        "markdownify",
        "page.list",
        "page.text",
        "site.data",
        "forloop.index",
        "limit:",
        "offset: continue",
        "reversed",
    ),
)
CONFIG = (
    "pages:\n",
    "- match: ",
    "schema: ",
    "{name}",
    "{",
    "}",
    "**",
    "*",
    "?",
    "[a]",
    "rules:\n",
    "severity: ",
    "off",
    "error",
    "per-file: ",
    "includes: ",
    "params: ",
    "needs: ",
    "[].",
    "source: ",
    "../..",
    "/etc",
)
SETTINGS = (
    *(
        "permalink: ",
        "/:year/:title/",
        ":categories",
        "collections: ",
        "defaults: ",
        "scope: ",
        "values: ",
        "exclude: ",
        "include: ",
        "plugins: ",
        "baseurl: ",
        "url: ",
        "source: ",
        "destination: ",
        "encoding: ",
    ),
    *(
        "utf-16",
        "hex",
        "unicode_escape",
        "undefined",
        "collections_dir: ",
        "layouts_dir: ",
        "includes_dir: ",
        "data_dir: ",
        "../..",
        "/etc",
        "markdown_ext: ",
        "timezone: ",
        "Europe/Berlin",
        "kramdown: ",
        "toc_levels: ",
        "1..999999999",
        "theme: x",
    ),
)
SCHEMA = (
    *(
        '"$ref": "',
        '"#/',
        '"#"',
        '"$id": "x"',
        '"type": "',
        '"properties": {',
        '"items": {',
        '"anyOf": [',
        '"not": {',
        '"pattern": "(a|a)*b"',
        '"const": ',
        '"enum": [',
        '"x-reference": {',
        '"x-unique": true',
        '"if": {',
    ),
    *(
        '"$dynamicRef": "#a"',
        '"$dynamicAnchor": "a"',
        '"unevaluatedItems": false',
        '"minLength": -1',
        '"multipleOf": 1e-300',
        '"format": "date"',
        '"$schema": "http://json-schema.org/draft-04/schema#"',
        "{}",
        "[]",
        ", ",
        "}",
        "]",
    ),
)
SUPPRESSION = (
    "<!-- ",
    " -->",
    "contentlint: ignore",
    "contentlint:ignore-file",
    "[",
    "]",
    ",",
    "missing-image",
    "{% comment %}",
    "{%- comment -%}",
    "{% endcomment %}",
    "# ",
    "---\n",
)
URL = (
    "http:",
    "//",
    "https://atlas.example",
    "mailto:",
    "javascript:",
    "{{",
    "<%",
    "./",
    "../",
    "/base",
    "index.html",
    ".html",
    "%C3%A9",
    "#a",
    "#top",
    ":80",
    "@",
    "[::1]",
    "data:,",
    "a.png",
    "A.png",
)


def encoded(words: Sequence[str]) -> list[bytes]:
    """The words as bytes, those that trip anyone among them."""
    return [word.encode("utf-8", "surrogatepass") for word in (*words, *ANY)]


def mutated(text: bytes, others: Sequence[bytes], words: Sequence[bytes], chance: random.Random) -> bytes:
    """The text after some changes."""
    data = bytearray(text)
    for _ in range(1 + int(chance.expovariate(0.5))):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + int(chance.expovariate(0.1)))
        match chance.randrange(9):
            case 0 | 1 | 2:
                data[at:at] = chance.choice(words)
            case 3:
                data[at:end] = b""
            case 4:
                data[at:end] = chance.choice(words)
            case 5:
                other = chance.choice(others)
                first = chance.randrange(len(other) + 1)
                data[at:end] = other[first : first + int(chance.expovariate(0.02))]
            case 6:
                first = chance.randrange(len(data) + 1)
                data[at:at] = data[first : first + int(chance.expovariate(0.03))]
            case 7:
                data[at:at] = chance.choice(words) * min(1000, int(chance.paretovariate(0.7)))
            case _:
                data[at : at + 1] = bytes((chance.randrange(256),))
    return bytes(data[:LONGEST])
