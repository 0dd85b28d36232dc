"""Jekyll's own tags: `include`, `include_relative`, `include_cached`, `link`, `post_url`, `highlight`.

The rules are those of Jekyll 4.3's classes of these names (facts 3.1 and 5).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from contentlint.liquid.expressions import Expression, Literal, parse_expression
from contentlint.liquid.nodes import Body, Node
from contentlint.liquid.output import BrokenLink, Included, Missing, MissingInclude
from contentlint.liquid.run import Run
from contentlint.liquid.syntax import SyntaxFault
from contentlint.liquid.values import (
    MARK,
    LiquidError,
    Part,
    Partial,
    Place,
    Text,
    Unknown,
    derived,
    first_unknown,
    reason,
)
from contentlint.regex import regex

_PARAMETER = r"""([\w-]+)\s*=\s*(?:"([^"\\]*(?:\\.[^"\\]*)*)"|'([^'\\]*(?:\\.[^'\\]*)*)'|([\w.-]+))"""
_PARAMETERS = regex(rf"\s*(?:{_PARAMETER}(?=\s|\Z)\s*)*", re.ASCII)
_EACH_PARAMETER = regex(_PARAMETER, re.ASCII)
_VARIABLES = regex(r"(?:\{\{\s*[\w\-.]+\s*(?:\|.*)?\}\}[^\s{}]*)+", re.ASCII | re.DOTALL)
_NAME = regex(r"(?P<name>[^{]*(?:\{\{\s*[\w\-.]+\s*(?:\|.*)?\}\}[^\s{}]*)+)(?P<parameters>.*)", re.ASCII | re.DOTALL)
_NAME = regex(r"^[\w/.\-()+~#@]+$", re.ASCII | re.MULTILINE)
_PLAIN_NAME = regex(r"[\w-]+(?:[./][\w-]+)*", re.ASCII)
"""A name that is surely one of a file: neither of the next two objects to it."""
_BAD_NAME = regex(r"[./]{2,}")
_POST = regex(r"^(?:.+/)?\d+-\d+-\d+-.*$", re.ASCII | re.MULTILINE)
_HIGHLIGHT = regex(r'^([a-zA-Z0-9.+#_-]+)((?:\s+\w+(?:=(?:\w+|"(?:[0-9]+\s)*[0-9]+"))?)*)$', re.ASCII | re.MULTILINE)
_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})

PLUGIN_TAGS: Final[Mapping[str, tuple[str, ...]]] = {
    "jekyll-avatar": ("avatar",),
    "jekyll-feed": ("feed_meta",),
    "jekyll-gist": ("gist",),
    "jekyll-github-metadata": ("github_edit_link",),
    "jekyll-include-cache": ("include_cached",),
    "jekyll-last-modified-at": ("last_modified_at",),
    "jekyll-octicons": ("octicon",),
    "jekyll-seo-tag": ("seo",),
    "jekyll-toc": ("toc",),
}
"""The tags that known plugins add. What they put out is unknown, but for `include_cached`, which is an include."""


class Argument:
    """The text of a tag that may hold Liquid of its own: a file name, a path."""

    __slots__ = ("body", "end", "problem", "start", "text")

    def __init__(self, text: str, start: int, body: Body | None = None, problem: str | None = None) -> None:
        self.text = text
        self.start = start
        self.end = start + len(text)
        self.body = body  # None when the text holds no Liquid
        self.problem = problem  # of parsing it, which Jekyll does when it runs the tag

    def value(self, run: Run) -> str:
        """The text, evaluated.

        Raises `LiquidError` where its Liquid fails the build.
        """
        if self.problem is not None:
            raise LiquidError(f"Liquid syntax error: {self.problem}")
        if self.body is None:
            return Text(self.text, Place(run.source, self.start, self.end, run.parent))
        return run.capture(self.body.render)[0]


class Include(Node):
    """`{% include file.html key="value" %}` and its kin."""

    __slots__ = ("kind", "name", "parameters")

    def __init__(
        self, start: int, end: int, kind: str, name: Argument, parameters: list[tuple[str, Expression]] | None
    ) -> None:
        super().__init__(start, end)
        self.kind = kind
        self.name = name
        self.parameters = parameters

    def render(self, run: Run) -> bool:
        """Render the template that the tag names, in its own scope of `include`."""
        static = self.name.body is None and self.name.problem is None
        name = self.name.text if static else self.name.value(run)
        if isinstance(name, Partial):
            return self._unknown(run, Unknown(reason(name)))
        if _PLAIN_NAME.fullmatch(name) is None and (_BAD_NAME.search(name) or not _NAME.search(name)):
            raise LiquidError(
                f"Invalid syntax for {self.kind} tag. File contains invalid characters or sequences: {name}"
            )
        found = run.context.include(name, self.kind)
        if isinstance(found, Missing):
            place = run.place(self.name if self.name.body is None else self)
            run.events.append(MissingInclude(str(name), self.kind, found.tried, place, run.maybe > 0))
            return self._unknown(run, Unknown(f"the include '{name}' is not there"))
        if isinstance(found, Unknown):
            return self._unknown(run, found)
        template, source = found
        if run.maybe and _within(source, run):
            return self._unknown(run, Unknown("it includes itself, as deep as something that is not known tells"))
        run.spend(10)
        values = paths = None
        if self.parameters is not None:
            values = {key: expression.value(run) for key, expression in self.parameters}
            paths = {key: path for key, expression in self.parameters if (path := run.path(expression))}
        here = run.place(self)
        run.events.append(Included(str(name), self.kind, source, values, here, run.maybe > 0))
        outer = run.source, run.parent, run.parameters, run.locals.get("include")
        run.descend()
        run.source, run.parent = source, here
        if values is not None:
            run.locals["include"] = values
            run.parameters = paths or {}
        run.mark()
        interrupted = template.body.render(run)
        run.source, run.parent, run.parameters, include = outer
        run.depth -= 1
        if values is not None and include is not None:
            run.locals["include"] = include
        elif values is not None:
            del run.locals["include"]
        run.mark()
        return interrupted

    def _unknown(self, run: Run, unknown: Unknown) -> bool:
        run.leak = unknown
        run.write_unknown(unknown, self)
        return False


def _within(source: object, run: Run) -> bool:
    """Whether an include is being rendered already."""
    if run.source == source:
        return True
    place = run.parent
    while place is not None and place.source != source:
        place = place.parent
    return place is not None


class Link(Node):
    """`{% link file.md %}` and `{% post_url date-name %}`."""

    __slots__ = ("argument", "tag")

    def __init__(self, start: int, end: int, tag: str, argument: Argument) -> None:
        super().__init__(start, end)
        self.tag = tag
        self.argument = argument

    def render(self, run: Run) -> bool:
        """Put out the URL of what the tag names."""
        old = run.context.jekyll < 4  # which takes the path as it is written
        name = Text(self.argument.text, run.place(self.argument)) if old else self.argument.value(run)
        unknown = first_unknown((name,)) if isinstance(name, Partial) else None
        found = unknown or (run.context.link if self.tag == "link" else run.context.post_url)(str(name))
        if isinstance(found, Missing):
            place = run.place(self.argument)
            run.events.append(BrokenLink(self.tag, str(name), found.tried, place, run.maybe > 0))
            found = Unknown(f"the tag '{self.tag}' leads nowhere")
        if isinstance(found, Unknown):
            run.write_unknown(found, self)
        else:
            run.write(derived(found, name), self)
        return False


class Highlight(Node):
    """`{% highlight ruby %}...{% endhighlight %}`: code, in which no link and no heading is one."""

    __slots__ = ("blank", "body", "language")

    def __init__(self, start: int, end: int, language: str) -> None:
        super().__init__(start, end)
        self.language = language
        self.body = Body()
        self.blank = True

    def render(self, run: Run) -> bool:
        """Put the code out as Jekyll frames it, escaped but not coloured."""
        code, interrupted = run.capture(self.body.render)
        before, after = run.variable("highlighter_prefix") or "", run.variable("highlighter_suffix") or ""
        language = self.language.lower()
        attributes = f'class="language-{language.replace("+", "-")}" data-lang="{language}"'
        run.write(f'{before}<figure class="highlight"><pre><code {attributes}>', self)
        shown = code.strip("\r\n").translate(_ESCAPES)
        if isinstance(code, Partial):
            run.write(Partial(shown, None, (Part(0, len(shown), Unknown(reason(code)), maybe=MARK not in code),)), self)
        else:
            run.write(derived(shown, code), self)
        run.write(f"</code></pre></figure>{after}", self)
        return interrupted


def split_include(markup: str, start: int) -> tuple[str, int, list[tuple[str, Expression]] | None]:
    """An include tag's file name, its offset, and its parameters (None when it has none at all).

    Raises `SyntaxFault` for parameters that Jekyll rejects, even where the tag is never run.
    """
    stripped = markup.strip()
    start += len(markup) - len(markup.lstrip())
    if _PLAIN_NAME.fullmatch(stripped):
        return stripped, start, None
    found = _variable_name(stripped)
    if found is not None:
        at, offset = found
        name, parameters = stripped[at:offset], stripped[offset:]
    else:
        name, *rest = stripped.split(None, 1) or [""]
        at = 0
        if not rest:
            return name, start, None
        parameters = rest[0]
        offset = len(stripped) - len(parameters)
    at += len(name) - len(name.lstrip())
    if not _PARAMETERS.fullmatch(parameters.strip()):
        raise SyntaxFault(f"Invalid syntax for include tag: {parameters.strip()}")
    return name.strip(), start + at, [_parameter(each, start + offset) for each in _EACH_PARAMETER.finditer(parameters)]


def _variable_name(markup: str) -> tuple[int, int] | None:
    """Where the file name of an include tag starts and ends, if there is Liquid in it."""
    at = markup.find("{{")
    last = markup.rfind("}}")
    while 0 <= at < last:
        if match := _VARIABLES.match(markup, at):
            return markup.rfind("{", 0, at) + 1, match.end()
        at = markup.find("{{", at + 1)
    return None


def _parameter(match: re.Match[str], start: int) -> tuple[str, Expression]:
    key, double, single, variable = match.groups()
    if variable is not None:
        return key, parse_expression(variable, start + match.start(4))
    quoted = double if double is not None else single
    literal = Literal(quoted, start + match.start(2 if double is not None else 3))
    literal.text = quoted.replace('\\"', '"') if double is not None else quoted.replace("\\'", "'")
    return key, literal


def check_post_url(argument: str) -> None:
    """Raise `SyntaxFault` for a name that is not `YYYY-MM-DD-slug`, which Jekyll looks at even where the tag is never run."""
    if not _POST.search(argument.removeprefix("/")):
        raise SyntaxFault(
            f"Could not parse name of post \"{argument}\" in tag 'post_url'. Make sure the post exists and the name is correct."
        )


def highlight_language(markup: str) -> str:
    """The language of a `highlight` tag.

    Raises `SyntaxFault` for markup that Jekyll rejects.
    """
    match = _HIGHLIGHT.search(markup.strip())
    if match is None:
        raise SyntaxFault("Syntax Error in tag 'highlight' - Valid syntax: highlight <lang> [linenos]")
    return match[1]
