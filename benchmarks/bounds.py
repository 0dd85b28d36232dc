#!/usr/bin/env python3
"""Measure what the worst files cost: processor time and memory of a run on a site with one such file among ordinary ones.

    bounds.py [--sizes 0.25,1,4] [--seconds 20] [--memory 1024] [--only WORD]

Each file is one sign or construct over and over, at growing sizes (in megabytes), until one is over the bounds. The exponent says
how the time grows with the size between the last two: 1 is in proportion, 2 with the square. Leaves with 1 when a run ends by an
internal error, when it is over one of the bounds, or when it does not find the broken link of the ordinary page.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

LINT = Path(__file__).parent.parent / "lint"
HEAD = "---\ntitle: T\n---\n"


class Construct(NamedTuple):
    """A file of `unit` over and over, between `head` and `tail`; every `№` in the unit is its number."""

    unit: str
    head: str = HEAD
    tail: str = "\n"
    path: str = "hostile.md"
    beside: Mapping[str, str] = {}
    """Other files of the site, by path."""

    def text(self, size: int) -> str:
        """About `size` bytes of it."""
        if "№" not in self.unit:
            return self.head + self.unit * (size // len(self.unit.encode(errors="surrogateescape"))) + self.tail
        parts: list[str] = []
        left = size
        while left > 0:
            parts.append(self.unit.replace("№", str(len(parts))))
            left -= len(parts[-1])
        return self.head + "".join(parts) + self.tail


def front(unit: str, head: str = "", tail: str = "") -> Construct:
    return Construct(unit, "---\n" + head, tail + "\n---\n")


def layout(body: str) -> dict[str, str]:
    return {"_layouts/l.html": body}


def backticks() -> Construct:
    return Construct("".join("`" * length + " " for length in range(1, 1000)))


LAID = "---\nlayout: l\n---\n"
PAGES: dict[str, Construct] = {
    # Front matter
    "front matter: sequences": front("[", "x: "),
    "front matter: mappings": front("{a: ", "x: "),
    "front matter: closed sequences": front("[[[[[[[[[]]]]]]]]], ", "x: [", "]"),
    "front matter: a wide flow mapping": front("k№: v, ", "x: {", "}"),
    "front matter: a wide flow sequence": front("a, ", "x: [", "]"),
    "front matter: flow with quotes": front('"a: b", ', "x: [", "]"),
    "front matter: dashes": front("- ", "x:\n"),
    "front matter: dashes and keys": front("- a: \n  - "),
    "front matter: one key again and again": front("k: v\n"),
    "front matter: keys": front("k№: v\n"),
    "front matter: long keys": front("a long key of many words № without end: v\n"),
    "front matter: keys in a mapping": front("  k№: v\n", "x:\n"),
    "front matter: items": front("- a\n", "x:\n"),
    "front matter: items with keys": front("- a: b\n  c: /gone/№\n", "x:\n"),
    "front matter: items of one key again": front("- a: b\n  a: c\n", "x:\n"),
    "front matter: aliases": front("*a, ", "a: &a [x]\nb: [", "]"),
    "front matter: anchors": front("k№: &a№ v\n"),
    "front matter: merges": front("- <<: *a\n", "a: &a {b: c}\nx:\n"),
    "front matter: an alias bomb": front("a№: &a№ [*a, *a, *a, *a, *a, *a, *a, *a]\n", "a: &a [x]\n"),
    "front matter: tags": front("- !!str a\n", "x:\n"),
    "front matter: a quoted text": front("it''s ", "x: '", "'"),
    "front matter: a text with escapes": front("\\u00e9\\n", 'x: "', '"'),
    "front matter: a quote not closed": front("a: 'b ", "x: '"),
    "front matter: a double quote not closed": front('a: b\n  "', 'x: "'),
    "front matter: plain lines": front("  word\n", "x: word\n"),
    "front matter: a literal": front("  word\n", "x: |\n"),
    "front matter: a folded text": front("  word\n\n", "x: >\n"),
    "front matter: comments": front("# a comment\n"),
    "front matter: suppressions": front("# contentlint: ignore[x]\n"),
    "front matter: tabs": front("\t", "x: "),
    "front matter: tabs and lines": front("\t\n", "x: y\n"),
    "front matter: indented ever more": front("".join(" " * depth + "a:\n" for depth in range(500))),
    "front matter: colons": front(": "),
    "front matter: question marks": front("? "),
    "front matter: documents": front("--- a\n"),
    "front matter: numbers": front("- 1_0.5e3\n- 0o17\n- 1:30:00\n", "x:\n"),
    "front matter: dates": front("- 2024-02-30 25:00:00 +99:00\n", "x:\n"),
    "front matter: digits": front("1", "x: "),
    "front matter: Liquid": front("  - '{{ page.x }}'\n", "x:\n"),
    "front matter: a permalink": front("/:title", "permalink: ", "/"),
    "front matter: redirects": front("  - /old/№/\n", "redirect_from:\n"),
    "front matter: tags of the site": front("  - t№\n", "tags:\n"),
    "front matter: never closed": Construct("k№: v\n", "---\n"),
    "front matter: emoji": front("  - 😀\n", "x:\n"),
    # Markdown: every sign alone
    **{
        f"Markdown: {name}": Construct(unit)
        for name, unit in {
            "[": "[",
            "]": "]",
            "![": "![",
            "[a](": "[a](",
            "[a](b": "[a](b ",
            "[a](<": "[a](<",
            "[a](b '": "[a](b 'c ",
            "[a][": "[a][",
            "[a][b]": "[a][b]",
            "[]": "[]",
            "[[a]": "[[a]",
            "[a]: ": "[a]: ",
            "()": "()",
            "<": "<",
            "<a": "<a ",
            "<a href": "<a href='",
            "<b>": "<b>",
            "</b>": "</b>",
            "<a href>": "<a href='x'>",
            "<http:": "<http:",
            "<a@b": "<a@b ",
            "<!--": "<!--",
            "-->": "-->",
            "<?": "<?",
            "<![CDATA[": "<![CDATA[",
            "*": "*",
            "* *": "*a *",
            "_": "_",
            "**a": "**a",
            "**a ": "**a ",
            "*a**": "*a**b ",
            "*a _b": "*a _b ",
            "***a___b": "***a ___b ",
            "`": "`",
            "` `` ```": "` `` ``` ",
            "``a`": "``a`",
            "~": "~",
            "~~a": "~~a ",
            "~~~ lines": "~~~\na\n",
            "``` never closed": "```a\n",
            "|": "|",
            "| lines": "|\n",
            ":": ":",
            "\\": "\\",
            "\\[": "\\[",
            "&": "&",
            "&amp;": "&amp;",
            "&#": "&#1",
            "'": "'",
            '"a': '"a ',
            "$$": "$$",
            "$$ lines": "$$\na\n\n",
            "{:": "{:",
            "{: .a}": "{: .a}",
            "a{: .a}": "*a*{: .a}",
            "{: #id lines": "{: #id№}\n",
            "{::": "{::",
            "{::comment}": "{::comment}",
            "{::options": '{::options auto_ids="false" /}\n',
            "{::nomarkdown": "{::nomarkdown}a\n",
            "^": "^",
            "^ lines": "^\n",
            "[^f]": "[^f]",
            "...": "...",
            "---": "---",
            "<< >>": "<< >> ",
            "=": "=",
            "#": "#",
            "null": "\0",
            "spaces": " ",
            "tabs": "\t",
            "line ends": "\n",
            "carriage returns": "\r",
            "lines with spaces": "   \n",
            "vertical tabs": "\v\f",
            "halves of characters as bytes": "\udced\udca0\udc80",
            "bidi marks": "\u202e\u2066a\u2069",
            "line separators": "\u2028\u0085",
            "combining": "e\u0301\u0323",
            "emoji": "😀",
        }.items()
    },
    # Blocks of Markdown
    "Markdown: one line of words": Construct("word "),
    "Markdown: lines": Construct("word\n"),
    "Markdown: paragraphs": Construct("word\n\n"),
    "Markdown: lines that are nearly lists": Construct("-a\n"),
    "Markdown: links": Construct("[a](/b.html)\n"),
    "Markdown: links in one line": Construct("[a](/b№.html) "),
    "Markdown: emphasised links": Construct("*[a](/b№.html)* "),
    "Markdown: links with markup": Construct("[*a*](/b.html) "),
    "Markdown: images": Construct("![a](/b№.png)\n\n"),
    "Markdown: headings": Construct("# a\n"),
    "Markdown: headings apart": Construct("# a №\n\n"),
    "Markdown: equal headings with numbers": Construct("# a\n# a-1\n"),
    "Markdown: one long heading": Construct("*a* ", HEAD + "# "),
    "Markdown: underlined headings": Construct("a\n==\n\n"),
    "Markdown: headings with ids": Construct("# a {#b№}\n"),
    "Markdown: a table of contents": Construct("# a № *b*\n\n", HEAD + "* x\n{:toc}\n\n"),
    "Markdown: table rows": Construct("a|b\n"),
    "Markdown: table rows with code": Construct("a|`b|c`|<b>\n"),
    "Markdown: tables": Construct("|a|b|\n|-|-|\n|c|d|\n\n"),
    "Markdown: a wide table": Construct("a|"),
    "Markdown: a table of escapes": Construct("\\|"),
    "Markdown: nearly a table": Construct("a|b\n", tail="{x\n"),
    "Markdown: lines with one pipe": Construct("a\nb|\n"),
    "Markdown: lists in lists": Construct("* "),
    "Markdown: lists with text": Construct("* a\n"),
    "Markdown: lists ever deeper": Construct("".join("  " * depth + "* a\n" for depth in range(200))),
    "Markdown: lists and paragraphs": Construct("* a\n\n  b\n\n"),
    "Markdown: lists with code": Construct("* a\n\n      b\n"),
    "Markdown: lists that alternate": Construct("* a\n+ b\n1. c\n"),
    "Markdown: numbered lists": Construct("1. "),
    "Markdown: one long item": Construct("  b\n", HEAD + "* a\n"),
    "Markdown: task lists": Construct("- [ ] a\n- [x] b\n"),
    "Markdown: long lists deep down": Construct(
        "".join("  " * 20 + "* a\n" for _ in range(50)), HEAD + "".join("  " * depth + "* a\n" for depth in range(20))
    ),
    "Markdown: quotes in quotes": Construct("> "),
    "Markdown: quotes": Construct("> a\n"),
    "Markdown: lazy quotes": Construct("a\n", HEAD + "> "),
    "Markdown: quotes ever deeper": Construct("".join("> " * depth + "a\n" for depth in range(200))),
    "Markdown: quotes and lists": Construct("> * "),
    "Markdown: quotes and lists in lines": Construct("> * > * a\n> * > b\n"),
    "Markdown: definitions": Construct("a\n: b\n\n"),
    "Markdown: definitions in a row": Construct(": b\n", HEAD + "a\n"),
    "Markdown: definitions in definitions": Construct(": ", HEAD + "a\n"),
    "Markdown: terms": Construct("a\n", tail=": b\n"),
    "Markdown: footnotes": Construct("[^f№]: text [^f№]\n\n"),
    "Markdown: marks of one footnote": Construct("a[^f] ", tail="\n\n[^f]: x\n"),
    "Markdown: footnotes in footnotes": Construct("[^f№]: [^f№] a\n"),
    "Markdown: a footnote that has itself": Construct("[^f] ", HEAD + "[^f]\n\n[^f]: "),
    "Markdown: abbreviations": Construct("*[a№]: b\n"),
    "Markdown: abbreviations that open": Construct("*["),
    "Markdown: abbreviations used": Construct("a1 a2 ", HEAD + "*[a1]: b\n*[a2]: c\n\n"),
    "Markdown: reference definitions": Construct("[a№]: /b\n"),
    "Markdown: reference links": Construct("[a№] ", tail="\n\n[a1]: /b\n"),
    "Markdown: equal definitions": Construct("[a]: /b\n"),
    "Markdown: definitions with titles": Construct("[a№]: /b 'c\n"),
    "Markdown: attribute definitions": Construct("{:a№: .b}\n"),
    "Markdown: attribute lists on blocks": Construct("a\n{: .b #c№}\n\n"),
    "Markdown: a long attribute list": Construct(".a ", HEAD + "a\n{: ", "}\n"),
    "Markdown: attribute lists of one name": Construct("a\n{: r}\n\n", HEAD + "{:r: .b}\n\n"),
    "Markdown: attribute lists that name each other": Construct("{:a№: b a}\n{:b№: a№ a}\n"),
    "Markdown: rules": Construct("* * *\n"),
    "Markdown: stars in a line": Construct("* *", tail=" a\n"),
    "Markdown: code": Construct("    a\n"),
    "Markdown: code and lines": Construct("    a\n\nb\n\n"),
    "Markdown: fences": Construct("~~~\na\n~~~\n"),
    "Markdown: fences of all lengths": Construct("".join("~" * length + "\na\n" for length in range(3, 300))),
    "Markdown: math": Construct("a $$b$$ "),
    "Markdown: entities": Construct("&eacute;&#233;&#x26;"),
    "Markdown: smart quotes": Construct("'a' \"b\" it's "),
    "Markdown: backticks of growing lengths": backticks(),
    "Markdown: all openers": Construct("[![<*_`{:$$|~~\\&\"'("),
    "Markdown: all openers and words": Construct("[a ![b <c *d _e `f {:g $$h |i ~~j \\k &l \"m 'n (o "),
    "Markdown: all openers in lines": Construct("[a\n![b\n<c\n*d\n_e\n`f\n{:g\n$$h\n|i\n~~j\n> k\n* l\n# m\n"),
    # HTML within Markdown
    "HTML in Markdown: div": Construct("<div>"),
    "HTML in Markdown: divs in lines": Construct("<div>\n"),
    "HTML in Markdown: divs side by side": Construct("<div>\na\n</div>\n"),
    "HTML in Markdown: ends": Construct("</div>\n"),
    "HTML in Markdown: markdown=1": Construct('<div markdown="1">\n'),
    "HTML in Markdown: markdown=1 closed": Construct('<div markdown="1">\n*a*\n</div>\n'),
    "HTML in Markdown: markdown=span": Construct('<p markdown="span">*a*</p>\n'),
    "HTML in Markdown: tables": Construct("<table><tr><td>"),
    "HTML in Markdown: script": Construct("<script>\n"),
    "HTML in Markdown: pre": Construct("<pre>\n"),
    "HTML in Markdown: attributes": Construct('a№="b" ', HEAD + "<div "),
    "HTML in Markdown: attributes closed": Construct('a№="b" ', HEAD + "<div ", ">\n</div>\n"),
    "HTML in Markdown: a quote not closed": Construct('<a href="x>'),
    "HTML in Markdown: spans not closed": Construct("<em>a <b>b "),
    "HTML in Markdown: links in links": Construct("<a href='/x'><a href='/y'>[a](b)"),
    "HTML in Markdown: comments": Construct("<!-- a -->\n"),
    "HTML in Markdown: comments in a line": Construct("a <!-- b --> "),
    "HTML in Markdown: suppressions": Construct("<!-- contentlint: ignore[x] -->\n"),
    "HTML in Markdown: names in a suppression": Construct(
        "broken-link, ", HEAD + "<!-- contentlint: ignore[", "x] -->\n"
    ),
    "HTML in Markdown: unknown names in a suppression": Construct(
        "brokn№-link, ", HEAD + "<!-- contentlint: ignore[", "x] -->\n"
    ),
    "HTML in Markdown: images": Construct('<img src="/a№.png">\n'),
    "HTML in Markdown: srcset": Construct("/a№.png 2x, ", HEAD + '<img srcset="', '">\n'),
    "HTML in Markdown: instructions": Construct("<?a\n"),
    # HTML pages
    **{
        f"HTML: {name}": Construct(unit, path="hostile.html")
        for name, unit in {
            "<": "<",
            "<a": "<a ",
            "<a href='": "<a href='x ",
            "<a href>": "<a href='/x№'>",
            "<div>": "<div>",
            "</div>": "</div>",
            "<!--": "<!--",
            "<!-- -->": "<!-- a -->",
            "<script>": "<script>",
            "<script> with links": "<script><a href='x'></script>",
            "<style>": "<style>a",
            "<textarea>": "<textarea>",
            "<title>": "<title>",
            "<![CDATA[": "<![CDATA[",
            "<svg>": "<svg><a href='x'>",
            "<template>": "<template>",
            "ids": "<p id=a№>",
            "equal ids": "<p id=a>",
            "images": "<img src=/a№.png>",
            "attributes": "<a b c d=e f='g'>",
            "entities": "<a href='&amp;&#x26;'>",
            "words": "word ",
            "&": "&",
            "base": "<base href=/x/>",
            "iframes": "<iframe>",
            "noscript": "<noscript><a href=x>",
        }.items()
    },
    "HTML: attributes in one tag": Construct("a№=b ", HEAD + "<a ", ">\n", "hostile.html"),
    "HTML: one long URL": Construct("../", HEAD + "<a href='", "'>\n", "hostile.html"),
    "HTML: one long URL with escapes": Construct("%2e/", HEAD + "<a href='/", "'>\n", "hostile.html"),
    "HTML: no front matter": Construct("<p id=a№>", "", "\n", "hostile.html", {"to.md": HEAD + "[a](/hostile.html#a1)\n"}),
    # Liquid
    **{
        f"Liquid: {name}": Construct(unit)
        for name, unit in {
            "{{": "{{",
            "{{ a": "{{ a ",
            "}}": "}}",
            "{{ }}": "{{ a }}",
            "{{ page.title }}": "{{ page.title }}\n",
            "{{ 'a' }} in links": "[a]({{ page.title }}№)\n",
            "{%": "{%",
            "{% %}": "{% %}",
            "{% x %}": "{% x %}",
            "{% if": "{% if x %}",
            "{% if %} closed": "{% if page.title %}a{% else %}b{% endif %}",
            "{% if a and": "{% if a == b and c contains d or e %}{% endif %}",
            "{% elsif": "{% elsif x %}",
            "{% endif": "{% endif %}",
            "{% for": "{% for i in (1..9999) %}",
            "{% for %} closed": "{% for i in (1..9) %}a{% endfor %}",
            "{% case": "{% case x %}{% when 1 %}",
            "{% case %} closed": "{% case x %}{% when 1, 2 or 3 %}a{% else %}b{% endcase %}",
            "{% raw": "{% raw %}",
            "{% raw %} closed": "{% raw %}{{ a }}{% endraw %}",
            "{% comment": "{% comment %}",
            "{% comment %} closed": "{% comment %}{% if %}{% endcomment %}",
            "{% capture": "{% capture x %}",
            "{% capture %} closed": "{% capture x№ %}a{% endcapture %}",
            "{% capture %} that grows": "{% capture x %}{{ x }}a{% endcapture %}",
            "{% assign": "{% assign x№ = 'a' %}",
            "{% assign %} again": "{% assign x = x | append: 'a' %}",
            "{% assign %} doubling": "{% assign x = x | append: 'a' | append: x %}",
            "{% assign %} lists": "{% assign x = 'a,b,c' | split: ',' | concat: x %}",
            "{% increment": "{% increment x№ %}",
            "{% cycle": "{% cycle 'a', 'b', 'c№' %}",
            "{% tablerow": "{% tablerow i in (1..9) %}a{% endtablerow %}",
            "{% include x": "{% include x №%}",
            "{% include there": "{% include there.html a='№' %}\n",
            "{% link": "{% link gone№.md %}",
            "{% post_url": "{% post_url 2020-01-01-a№ %}",
            "{% highlight": "{% highlight ruby %}",
            "{% highlight %} closed": "{% highlight ruby %}a{% endhighlight %}",
            "{% unless": "{% unless x %}",
            "{% break": "{% break %}",
            "{%- -%}": "{%- assign a = 1 -%} \n",
            "{% liquid": "{% liquid assign x = 1 %}",
            "filters": "{{ 'a' | append: 'b' | upcase | split: '' | join: '' }}\n",
            "sorts": "{{ site.pages | sort: 'url' | map: 'url' | join: ',' }}\n",
            "unknown filters": "{{ a | nothing№ }}",
            "links to pages": "{% for p in site.pages %}<a href='{{ p.url }}'>a</a>{% endfor %}\n",
            "jsonify": "{{ site.pages | jsonify }}\n",
            "markdownify": "{{ '*a*' | markdownify }}\n",
            "where_exp": "{{ site.pages | where_exp: 'p', 'p.url contains page.url' | size }}\n",
            "replace": "{{ 'aaaaaaaaaaaaaaaaaaaa' | replace: 'a', 'aaaaaaaaaaaaaa' | replace: 'a', 'aaaaaaaaaaa' }}\n",
        }.items()
    },
    "Liquid: a long filter chain": Construct("| append: 'a' ", HEAD + "{{ 'a' ", "}}\n"),
    "Liquid: a long condition": Construct("a == b or ", HEAD + "{% if ", "c %}{% endif %}\n"),
    "Liquid: a long variable": Construct("a.", HEAD + "{{ ", "a }}\n"),
    "Liquid: brackets": Construct("a[", HEAD + "{{ ", "}}\n"),
    "Liquid: a long quote": Construct("a ", HEAD + "{{ '", "' }}\n"),
    "Liquid: a quote not closed": Construct("a '", HEAD + "{{ ", "}}\n"),
    "Liquid: a long when": Construct("'a' or ", HEAD + "{% case x %}{% when ", "'b' %}{% endcase %}\n"),
    "Liquid: a long include": Construct("a№='b' ", HEAD + "{% include there.html ", "%}\n", beside={"_includes/there.html": "a"}),
    "Liquid: includes of a page": Construct(
        "{% include there.html a='№' %}\n", beside={"_includes/there.html": "<a href='/gone/{{ include.a }}'>x</a>\n"}
    ),
    "Liquid: includes that include each other": Construct(
        "{% include one.html %}\n",
        beside={"_includes/one.html": "{% include two.html %}", "_includes/two.html": "{% include one.html %}"},
    ),
    "Liquid: includes of includes": Construct(
        "{% include i0.html %}\n",
        beside={f"_includes/i{n}.html": f"{{% include i{n + 1}.html %}}" * 4 for n in range(20)}
        | {"_includes/i20.html": "a"},
    ),
    "Liquid: loops in loops": Construct(
        "{% for i in (1..1000) %}{% for j in (1..1000) %}{% for k in (1..1000) %}a{% endfor %}{% endfor %}{% endfor %}\n"
    ),
    "Liquid: a text that doubles in a loop": Construct(
        "{% assign x = 'a' %}{% for i in (1..60) %}{% assign x = x | append: x %}{% endfor %}{{ x }}\n"
    ),
    "Liquid: a list that doubles in a loop": Construct(
        "{% assign x = 'a,b' | split: ',' %}{% for i in (1..60) %}{% assign x = x | concat: x %}{% endfor %}{{ x }}\n"
    ),
    "Liquid: captures that double in a loop": Construct(
        "{% for i in (1..60) %}{% capture x %}{{ x }}{{ x }}a{% endcapture %}{% endfor %}{{ x }}\n"
    ),
    "Liquid: a text that is replaced in a loop": Construct(
        "{% assign x = 'aa' %}{% for i in (1..60) %}{% assign x = x | replace: 'a', x %}{% endfor %}{{ x }}\n"
    ),
    "Liquid: shown in a loop": Construct("word ", HEAD + "{% for i in (1..1000) %}", "{% endfor %}\n"),
    "Liquid: links in a loop": Construct("[a](b№) ", HEAD + "{% for i in (1..1000) %}", "{% endfor %}\n"),
    # Templates that show a page many times
    "shown: content again and again": Construct("[a](/b№) ", LAID, beside=layout("{% for i in (1..1000) %}{{ content }}{% endfor %}")),
    "shown: page.content in a loop": Construct("[a](/b№) ", LAID, beside=layout("{% for i in (1..1000) %}{{ page.content }}{% endfor %}")),
    "shown: pages in every page": Construct("*a* [b](/c№) ", LAID, beside=layout("{% for p in site.pages %}{{ p.content }}{{ p.content | strip_html }}{% endfor %}")),
    "shown: values in a loop": Construct("  - /a№\n", "---\nlayout: l\nx:\n", "---\n", beside=layout("{% for i in page.x %}<a href='{{ i }}'>a</a>{% endfor %}")),
    "shown: values in two loops": Construct("  - /a№\n", "---\nlayout: l\nx:\n", "---\n", beside=layout("{% for i in page.x %}{% for j in page.x %}<a href='{{ i }}{{ j }}'>a</a>{% endfor %}{% endfor %}")),
    "shown: values filtered in a loop": Construct("  - /a№\n", "---\nlayout: l\nx:\n", "---\n", beside=layout("{% for i in page.x %}{{ page.x | sort | uniq | reverse | join: ' ' }}{% endfor %}")),
    "shown: words in a loop": Construct("word ", LAID, beside=layout("{% assign w = content | split: ' ' %}{% for i in w %}<a href='{{ i }}'>a</a>{% endfor %}")),
    "shown: filters on content": Construct("<b>word</b> ", LAID, beside=layout("{{ content | strip_html | escape | url_encode | slugify | truncatewords: 9 | newline_to_br | number_of_words }}")),
    "shown: an excerpt": Construct("a\n", "---\ndate: 2020-01-01\nlayout: l\n---\n", "\n", "_posts/2020-01-01-a.md", layout("{% for p in site.posts %}{{ p.excerpt }}{{ p.content }}{% endfor %}")),
    "layout: links": Construct("<a href='/a№'>", "", "{{ content }}", "_layouts/l.html", {"one.md": LAID, "two.md": LAID, "three.md": LAID}),
    "include: links": Construct("<a href='/a№'>", "", "", "_includes/i.html", {f"p{n}.md": HEAD + "{% include i.html %}" for n in range(3)}),
    # Data and settings
    **{f"data: {name}": Construct(unit, head, tail, path, beside={"shows.md": HEAD + "{% for i in site.data.d %}<a href='{{ i.a }}'>a</a>{% endfor %}\n"})
       for name, (path, head, unit, tail) in {
        "YAML items": ("_data/d.yml", "", "- a: /gone№\n  b: c\n", ""),
        "YAML keys": ("_data/d.yml", "", "k№: v\n", ""),
        "YAML flow": ("_data/d.yml", "[", "{a: b}, ", "]"),
        "YAML nested": ("_data/d.yml", "", "[", ""),
        "YAML anchors": ("_data/d.yml", "x: &x {a: b}\n", "k№: {<<: *x}\n", ""),
        "JSON items": ("_data/d.json", "[", '{"a": "/gone№"},\n', '{"a": "x"}]'),
        "JSON nested": ("_data/d.json", "", "[", ""),
        "JSON objects nested": ("_data/d.json", "", '{"a":', ""),
        "JSON digits": ("_data/d.json", "", "1", ""),
        "CSV rows": ("_data/d.csv", "a,b\n", "/gone№,c\n", ""),
        "CSV quotes": ("_data/d.csv", "a,b\n", '"a""', ""),
        "CSV columns": ("_data/d.csv", "", "a№,", "\n1\n"),
        "TSV rows": ("_data/d.tsv", "a\tb\n", "/gone№\tc\n", ""),
    }.items()},
    **{f"config: {name}": Construct(unit, head, tail, "_config.yml") for name, (head, unit, tail) in {
        "keys": ("", "k№: v\n", ""),
        "comments": ("", "# c\n", ""),
        "defaults": ("defaults:\n", "  - scope: {path: 'a№'}\n    values: {layout: l}\n", ""),
        "exclude": ("exclude:\n", "  - a№/**\n", ""),
        "include": ("include:\n", "  - a№\n", ""),
        "collections": ("collections:\n", "  c№: {output: true}\n", ""),
        "plugins": ("plugins:\n", "  - jekyll-feed\n", ""),
        "brackets": ("x: ", "[", ""),
        "one text": ("x: '", "a ", "'"),
        "digits": ("x: ", "1", ""),
    }.items()},
    "config: TOML": Construct("k№ = 'v'\n", "", "", "_config.toml"),
    "contentlint.yml: keys": Construct("k№: v\n", "", "", "contentlint.yml"),
    "contentlint.yml: pages": Construct("  - match: 'a№/**'\n", "pages:\n", "", "contentlint.yml"),
    "contentlint.yml: brackets": Construct("[", "x: ", "", "contentlint.yml"),
    "plain text with front matter": Construct("word\n", path="hostile.txt"),
    "CSS": Construct("a { b: url(/c№) }\n", path="hostile.css"),
    "Sass": Construct("a { b: url(/c№) }\n", path="hostile.scss"),
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="0.25,1,4", help="megabytes, separated by commas")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--memory", type=int, default=1024, help="megabytes")
    parser.add_argument("--only", default="")
    parser.add_argument("--after", default="", help="begin with the construct of this name")
    options = parser.parse_args()
    sizes = [float(each) for each in options.sizes.split(",")]
    idle = cost(Construct("a"), 1, options).seconds
    print(f"{'':<46}" + "".join(f"{size:>7g} MB" for size in sizes) + "  exponent  memory")
    slowest = hungriest = (0.0, "")
    bad = 0
    begun = not options.after
    for name, construct in PAGES.items():
        begun = begun or name == options.after
        if options.only not in name or not begun:
            continue
        print(f"{name:<46}", end="", flush=True)
        runs: list[Cost] = []
        for size in sizes:
            runs.append(cost(construct, int(size * 2**20) - 4096, options))  # with what is around it, it is still read
            print(f"{runs[-1].seconds:>8.1f} s", end="", flush=True)
            if runs[-1].wrong:
                break
        last = runs[-1]
        print(
            "          " * (len(sizes) - len(runs))
            + f"  {growth(runs, sizes, idle):>8}{last.memory:>5.0f} MB  {last.wrong or last.told}"
        )
        slowest, hungriest = max(slowest, (last.seconds, name)), max(hungriest, (last.memory, name))
        bad += bool(last.wrong)
    print(
        f"at most {slowest[0]:.0f} s ({slowest[1]}) and {hungriest[0]:.0f} MB ({hungriest[1]}); {bad} over the bounds"
    )
    return 1 if bad else 0


class Cost(NamedTuple):
    """Processor seconds, the peak of memory in megabytes, what went wrong, and what is said of the file not being read."""

    seconds: float
    memory: float
    wrong: str = ""
    told: str = ""


def growth(runs: list[Cost], sizes: list[float], idle: float) -> str:
    """The exponent by which the time grew from the last but one size to the last; empty where it is too short to tell."""
    if len(runs) < 2 or runs[-2].seconds - idle < 0.1:
        return ""
    ratio = (runs[-1].seconds - idle) / (runs[-2].seconds - idle)
    return f"{math.log(max(ratio, 0.01)) / math.log(sizes[len(runs) - 1] / sizes[len(runs) - 2]):.1f}"


def cost(construct: Construct, size: int, options: argparse.Namespace) -> Cost:
    """What a run costs on a site with this file, of this many bytes."""
    with tempfile.TemporaryDirectory(prefix="contentlint-bounds-") as folder:
        files = {
            "_config.yml": "title: x\n",
            "ordinary.md": HEAD + "[x](/gone/)\n",
            **construct.beside,
            construct.path: construct.text(size),
        }
        for path, text in files.items():
            Path(folder, path).parent.mkdir(exist_ok=True)
            Path(folder, path).write_text(text, encoding="utf-8", errors="surrogateescape")
        report = Path(folder, "report")
        command = [sys.executable, "-m", "contentlint", "check", "--no-cache", "--jobs", "1"]

        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_CPU, (int(options.seconds) + 1, int(options.seconds) + 5))
            resource.setrlimit(resource.RLIMIT_AS, (4 * options.memory * 2**20, 4 * options.memory * 2**20))

        child = subprocess.Popen(
            [*command, "--output-format", "json", "-o", str(report)],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(LINT)},
            preexec_fn=limit,  # noqa: PLW1509 - no threads here
            stderr=subprocess.PIPE,
        )
        said = child.stderr.read() if child.stderr else b""
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds, memory = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
        if child.returncode == 2 and construct.path.endswith(("_config.yml", "_config.toml", "contentlint.yml")):
            return Cost(seconds, memory, "", said.decode(errors="replace")[:60].strip())
        if child.returncode not in (0, 1):
            return Cost(seconds, memory, f"exit {child.returncode}")
        found = json.loads(report.read_bytes())["diagnostics"]
        if any(each["rule"] == "internal-error" for each in found):
            return Cost(seconds, memory, "internal error")
        told = "; ".join(unread(found, construct.path))
        if not told and not any(
            each["path"] == "ordinary.md" for each in found
        ):  # what is not read may be at any address
            return Cost(seconds, memory, "the ordinary page was not linted")
        if seconds > options.seconds or memory > options.memory:
            return Cost(seconds, memory, "over the bounds")
        return Cost(seconds, memory, "", told)


def unread(found: list[dict[str, str]], path: str) -> Iterator[str]:
    """What is said of what was not read."""
    for each in found:
        if each["path"] == path and "not read" in each["message"]:
            yield each["message"]


if __name__ == "__main__":
    sys.exit(main())
