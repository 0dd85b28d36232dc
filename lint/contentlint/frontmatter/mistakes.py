"""Says in words of a site author what is wrong with text that is not YAML, and where to mend it.

A parser gives up where nothing can follow any more, often lines behind the mistake. Its marks (alike in libyaml and in
PyYAML's own parser) and the text before them tell which mistake it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from contentlint.frontmatter.document import Error, Place
from contentlint.frontmatter.parser import Token, parser, yaml_error
from contentlint.record import NamedTuple
from contentlint.regex import regex

_UNPRINTABLE = regex(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONFLICT = regex(r"^(?:<{7}|>{7}) .*$|^={7}$", re.MULTILINE)
_KEY = regex(
    r"(?P<indent>[ \t]*)(?P<dashes>(?:-[ \t]+)*)(?P<key>[^\s#'\"\[\]{},&*!|>%@`-][^\n]*?|'[^'\n]*'|\"[^\"\n]*\"):(?=\s|$)"
)
_START = regex(r"[ \t]*(?:-[ \t]+)*")
_ITEM = regex(r"[^\s,\[\]{}]+")
_NO_SPACE = regex(r"(?P<key>[\w-]+):(?![\s/])")
_QUOTE_IT = "put the value in quotes"


class _Line(NamedTuple):
    """One line of the text."""

    start: int
    end: int
    indent: int
    """Columns before the first character; -1 when there is none."""
    content: int
    """Column of what stands behind the dashes of list items."""


class _Mistake(NamedTuple):
    """What a parser said, with offsets into the whole text."""

    text: str
    start: int
    end: int
    context: str
    opened: int
    """Where the construct begins in which the parser gave up."""
    problem: str
    at: int
    """Where it gave up; `end` when it wanted more."""

    @property
    def character(self) -> str:
        return self.text[self.at : min(self.at + 1, self.end)]

    def line(self, offset: int) -> _Line:
        start = max(self.text.rfind("\n", self.start, offset) + 1, self.start)
        stop = self.text.find("\n", offset, self.end)
        stop = self.end if stop < 0 else stop
        shown = self.text[start:stop].strip()
        indent = -1 if not shown else self.text.index(shown[0], start) - start
        content = _START.match(self.text, start, stop)
        return _Line(start, stop, indent, (content.end() if content else start) - start)

    def above(self, line: _Line) -> _Line | None:
        """The next line above that is not empty, a comment or the opening line."""
        while line.start > self.start:
            line = self.line(line.start - 1)
            if line.indent >= 0 and not self.text.startswith(("#", "---"), line.start + line.indent):
                return line
        return None

    def key(self, line: _Line, stop: int | None = None) -> re.Match[str] | None:
        """The key that a line begins with."""
        return _KEY.match(self.text, line.start, line.end if stop is None else stop)

    def rest(self, offset: int) -> Place:
        """From an offset to the end of what its line says, without a comment."""
        line = self.text[offset : self.line(offset).end]
        comment = line.find(" #")
        return offset, offset + max(len((line if comment < 0 else line[:comment]).rstrip()), 1)


def explain(text: str, start: int, end: int, problem: Exception) -> Error:
    """The mistake in the YAML `text[start:end]` on which a parser raised `problem`."""
    mark = getattr(problem, "problem_mark", None)
    if mark is None:
        return _unprintable(text, start, end)
    context_mark = getattr(problem, "context_mark", None)
    at = min(start + mark.index, end)
    mistake = _Mistake(
        text,
        start,
        end,
        getattr(problem, "context", None) or "",
        at if context_mark is None else start + context_mark.index,
        str(getattr(problem, "problem", "")),
        at,
    )
    error = (
        _conflict(mistake)
        or _in_quotes(mistake)
        or _behind_quotes(mistake)
        or _tab(mistake)
        or _indicator(mistake)
        or _in_brackets(mistake)
        or _second_colon(mistake)
        or _no_key(mistake)
        or _behind_value(mistake)
        or _indentation(mistake)
    )
    stop = min(error.end, end)
    return error._replace(start=max(start, min(error.start, stop - 1)), end=stop)


def _unprintable(text: str, start: int, end: int) -> Error:
    found = _UNPRINTABLE.search(text, start, end)
    at = found.start() if found else start
    code = f"U+{ord(text[at]):04X}" if at < len(text) else ""
    return Error(
        f"the character {code} is not allowed in YAML", at, at + 1, "delete it: it cannot be seen in most editors"
    )


def _conflict(mistake: _Mistake) -> Error | None:
    found = _CONFLICT.search(mistake.text, mistake.start, mistake.end)
    if found is None or found.group().startswith("="):
        return None
    return Error("a conflict of a git merge is left here", *found.span(), "keep one side and delete the marks")


def _in_quotes(mistake: _Mistake) -> Error | None:
    if "quoted scalar" not in mistake.context:
        return None
    if "end of stream" in mistake.problem or "document" in mistake.problem:
        return _unclosed(mistake, mistake.opened)
    slash = mistake.text.rfind("\\", mistake.opened, mistake.at + 1)
    escape = mistake.text[slash : slash + 2]
    return Error(
        f"`{escape}` is no escape that YAML knows here",
        slash,
        slash + 2,
        "write the backslash twice, or put the text in single quotes",
    )


def _unclosed(mistake: _Mistake, quote: int) -> Error:
    sign = mistake.text[quote]
    other = "'" if sign == '"' else '"'
    line = mistake.text[quote + 1 : mistake.line(quote).end].rstrip()
    if line.endswith(other):
        note = f"the text begins with {sign} and ends with {other}: make them alike"
    elif sign == "'" and line[:1].isalpha() and " " in line and line.split()[0].lower() in {"tis", "twas", "til", "em"}:
        note = "put a text that begins with an apostrophe in double quotes"
    else:
        note = f"write {sign} at the end of the text"
    return Error("this quote is never closed", quote, quote + 1, note)


def _behind_quotes(mistake: _Mistake) -> Error | None:
    """Text behind a closing quote: either that quote opened another text, or it should not close this one."""
    quoted = _last_quoted(mistake)
    if quoted is None:
        return None
    first, last = quoted
    text = mistake.text
    behind = text[last : mistake.line(last).end]
    if not behind.strip() or behind.strip()[0] in ",]}:" or behind.lstrip()[0] == "#" != behind[0]:
        return None
    if _swallows(mistake, first, last) or (
        text[first + 1 : last - 1].rstrip().endswith(",") and "flow" in mistake.context
    ):
        return _unclosed(mistake, first)
    sign = text[first]
    note = (
        "write an apostrophe twice: '', or put the whole text in double quotes"
        if sign == "'"
        else 'write \\" for a quote that is part of the text, or put the whole text in single quotes'
    )
    return Error("text follows the quote that closes here", last - 1, last, note)


def _last_quoted(mistake: _Mistake) -> Place | None:
    """The last text in quotes before the place where the parser gave up."""
    last = None
    for token in _tokens(mistake):
        if type(token).__name__ == "ScalarToken" and token.style in ("'", '"'):
            last = mistake.start + token.start_mark.index, mistake.start + token.end_mark.index
    return last


def _tokens(mistake: _Mistake) -> Iterator[Token]:
    """The tokens of the text before the place where the parser gave up."""
    tokens = parser(mistake.text[mistake.start : mistake.at])
    try:
        while (token := tokens.get_token()) is not None:
            yield token
    except yaml_error():
        return  # a text cut short need not be whole
    finally:
        tokens.dispose()


def _swallows(mistake: _Mistake, first: int, last: int) -> bool:
    """Whether a text in quotes runs over a line that looks like the next key or item of the list it stands in."""
    opening = mistake.line(first)
    line = opening
    while line.end < last:
        line = mistake.line(line.end + 1)
        is_item = mistake.text.startswith("- ", line.start + max(line.indent, 0))
        if 0 <= line.indent <= opening.content and (is_item or mistake.key(line)):
            return True
    return False


def _tab(mistake: _Mistake) -> Error | None:
    line = mistake.line(mistake.at)
    indent = mistake.text[line.start : line.start + max(line.indent, 0)]
    if "\t" in indent and line.start <= mistake.at and not mistake.context.startswith("while parsing a flow"):
        tab = line.start + indent.index("\t")
        return Error("a tab indents this line", tab, line.start + len(indent), "YAML is indented by spaces only")
    return None


def _indicator(mistake: _Mistake) -> Error | None:
    """A sign that means something to YAML where an author meant text."""
    text, at, opened = mistake.text, mistake.at, mistake.opened
    if "tag handle" in mistake.problem:
        return Error(
            f"`{_word(mistake, at)}` is read as a tag, and its handle is not declared", *mistake.rest(at), _QUOTE_IT
        )
    for context, what in (
        ("an alias", "the name of an alias"),
        ("an anchor", "the name of an anchor"),
        ("a tag", "a tag"),
    ):
        if mistake.context.endswith(" " + context):
            return Error(
                f"what follows `{text[opened]}` is read as {what}, and is none", *mistake.rest(opened), _QUOTE_IT
            )
    if "directive" in mistake.context:
        return Error("a line that begins with `%` is read as a directive", *mistake.rest(opened))
    if "block scalar" in mistake.context:
        sign = text[opened]
        note = f"the text begins on the line below `{sign}`; a text that begins with `{sign}` needs quotes"
        return Error(f"`{sign}` begins a block of lines, and something else follows it", *mistake.rest(opened), note)
    if "cannot start any token" in mistake.problem:
        if mistake.character == "%" and text[at - 1] == "{":
            return Error("`{%` is read as a YAML mapping; Liquid is not run here", *mistake.rest(at - 1), _QUOTE_IT)
        sign = "a backtick" if mistake.character == "`" else f"`{mistake.character}`"
        return Error(f"a value cannot begin with {sign}", *mistake.rest(at), _QUOTE_IT)
    if "entries are not allowed" in mistake.problem:
        return Error("a list cannot begin on the line of its key", *mistake.rest(at), "begin it on the next line")
    if "keys are not allowed" in mistake.problem:
        return Error("a value cannot begin with `? `", *mistake.rest(at), _QUOTE_IT)
    if mistake.context.endswith("block node") and "node content" in mistake.problem:
        return Error(f"a value cannot begin with `{mistake.character}`", *mistake.rest(at), _QUOTE_IT)
    return None


def _word(mistake: _Mistake, at: int) -> str:
    words = mistake.text[at : mistake.line(at).end].split(None, 1)
    return words[0] if words else ""


def _in_brackets(mistake: _Mistake) -> Error | None:
    if " flow " not in mistake.context:
        return None
    text, at, end = mistake.text, mistake.at, mistake.end
    bracket = _open_bracket(mistake)
    if text[bracket] not in "[{":
        return None
    closing = {"[": "]", "{": "}"}[text[bracket]]
    opening = mistake.line(bracket)
    is_value = mistake.key(opening, bracket) is not None
    swallowed = is_value and any(
        0 <= line.indent <= opening.content and mistake.key(line) for line in _lines(mistake, opening, at)
    )
    if swallowed or text.find(closing, at, end) < 0:
        return Error("this bracket is never closed", bracket, bracket + 1, f"write `{closing}` behind the last item")
    if mistake.character == ":":
        line = mistake.line(at)
        key = mistake.key(line)
        if key is not None and key.end() == at + 1 and line.start > bracket:
            return Error(
                "a comma is missing before this", key.start("key"), at, "write it at the end of the line above"
            )
        return Error("`: ` in a value that is not in quotes", at, at + 1, _QUOTE_IT)
    if mistake.character == ",":
        return Error("nothing stands before this comma", at, at + 1, "delete it")
    item = _ITEM.match(text, at, end)
    return Error("a comma is missing before this", at, item.end() if item else at + 1, "write it")


def _lines(mistake: _Mistake, line: _Line, last: int) -> list[_Line]:
    """The lines behind `line` up to the one with the offset `last`."""
    found = []
    while line.end < min(last, mistake.end - 1):
        line = mistake.line(line.end + 1)
        found.append(line)
    return found


def _open_bracket(mistake: _Mistake) -> int:
    """The innermost bracket that is open where the parser gave up."""
    stack: list[int] = []
    for token in _tokens(mistake):
        name = type(token).__name__
        if name in ("FlowSequenceStartToken", "FlowMappingStartToken"):
            stack.append(mistake.start + token.start_mark.index)
        elif name in ("FlowSequenceEndToken", "FlowMappingEndToken") and stack:
            stack.pop()
    return stack[-1] if stack else mistake.opened


def _second_colon(mistake: _Mistake) -> Error | None:
    """`key: value: more`: only for the colon at which the parser gave up."""
    if "mapping values" not in mistake.problem:
        return None
    line = mistake.line(mistake.at)
    key = mistake.key(line, mistake.at)
    if key is None:
        return None
    value = key.end() + len(mistake.text[key.end() : mistake.at]) - len(mistake.text[key.end() : mistake.at].lstrip())
    return Error("`: ` in a value that is not in quotes", *mistake.rest(value), _QUOTE_IT)


def _no_key(mistake: _Mistake) -> Error | None:
    """A line without `key: ` among lines that have one."""
    if "expected ':'" in mistake.problem:
        line = mistake.line(mistake.opened)
    elif "mapping values" in mistake.problem:
        # The colon is the first of its line: the lines above it are text that runs on into it.
        line = mistake.line(mistake.at)
        above = mistake.above(line)
        while above is not None and above.indent == line.indent and not mistake.key(above):
            line = above
            above = mistake.above(line)
        if above is not None or line.start == mistake.line(mistake.at).start:
            return None
    else:
        return None
    start = line.start + line.content
    tight = _NO_SPACE.match(mistake.text, start, line.end)
    if tight:
        return Error("no space follows this colon", tight.end() - 1, tight.end(), "write a space behind it")
    word = _word(mistake, start)
    note = f"write `{word}: …`, or indent the line if it belongs to the value above"
    return Error("this line has no `key: `", *mistake.rest(start), note)


def _behind_value(mistake: _Mistake) -> Error | None:
    """Text behind a bracket or an alias that already is the whole value."""
    line = mistake.line(mistake.at)
    if mistake.at >= mistake.end or line.start + line.indent == mistake.at or "mapping values" in mistake.problem:
        return None
    key = mistake.key(line)
    start = key.end() if key else line.start + line.content
    start += len(mistake.text[start : mistake.at]) - len(mistake.text[start : mistake.at].lstrip())
    if mistake.text.startswith("{{", start):
        return Error("`{{` is read as a YAML mapping; Liquid is not run here", *mistake.rest(start), _QUOTE_IT)
    if mistake.text.startswith("*", start):
        return Error("a value that begins with `*` is read as an alias", *mistake.rest(start), _QUOTE_IT)
    return Error("text follows a value that ends before it", *mistake.rest(mistake.at), "put the whole value in quotes")


def _indentation(mistake: _Mistake) -> Error:
    """A line that begins where no line of its kind can."""
    line = mistake.line(mistake.at)
    place = mistake.rest(line.start + max(line.indent, 0))
    above = mistake.above(line)
    column = mistake.opened - mistake.line(mistake.opened).start
    if above is not None and (line.indent > above.content or "mapping values" in mistake.problem):
        return Error(
            "this line is indented deeper than the one above, which already has a value",
            *place,
            "give both the same indent, or end the line above with its colon",
        )
    if line.indent == column and mistake.character == "-":
        return Error("a list item among keys", *place, "indent it below its own key")
    if line.indent == column and "collection" in mistake.context:
        return Error("a key among list items", *place, "begin it with `- `, or indent it below an item")
    if mistake.character == ":":
        return Error("no key stands before this colon", mistake.at, mistake.at + 1)
    return Error(
        "the indent of this line fits none of the lines above", *place, "items of one list or mapping begin alike"
    )
