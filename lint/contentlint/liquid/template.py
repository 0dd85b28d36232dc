"""From the text of a template to nodes that can be rendered, and to what it says without being run.

A port of Liquid 4.0.4's tokenizer and block parser. What Liquid gives up on is noted as a problem and read as well as it can be.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection
from typing import Final

from contentlint.liquid.conditions import parse_condition
from contentlint.liquid.expressions import parse_filtered
from contentlint.liquid.jekyll import PLUGIN_TAGS, Argument, Highlight, Include, Link
from contentlint.liquid.loops import For, Loop
from contentlint.liquid.nodes import Body, Case, Comment, If, Ifchanged, Node, Opaque, Print
from contentlint.liquid.output import Output, Words
from contentlint.liquid.run import STEPS, Context, Exhausted, Run
from contentlint.liquid.syntax import SyntaxFault
from contentlint.liquid.tags import BLOCKS, MAKERS, Tag, wanted
from contentlint.liquid.values import WHITESPACE, Unknown
from contentlint.record import NamedTuple
from contentlint.regex import regex

_OPENING = regex(r"\{[%{]")
_CLOSED = regex(r"(\{(?:%[^%]*+(?:%(?!\})[^%]*+)*+%\}|\{[^}]*+\}\}?))")
_TAG = regex(r"\{%-?\s*(\w+)\s*", re.ASCII)
_INNER_TAG = regex(r"\{%\s*(\w+)", re.ASCII)
_END_TAG = regex(r"\{%-?\s*end(\w+)", re.ASCII)
_DEEPEST: Final = 100
_MOST_PROBLEMS: Final = 100
"""The build fails on the first; more than these nobody reads."""
_PRINTING: Final = frozenset(tag for tags in PLUGIN_TAGS.values() for tag in tags)
"""The tags of plugins that are known to print only."""


class IncludeTag(NamedTuple):
    """An include tag at `start` to `end`; `name` is None when a variable gives it, else it stands at `name_start`."""

    kind: str
    name: str | None
    name_start: int
    start: int
    end: int


class LinkTag(NamedTuple):
    """A `link` or `post_url` tag and its argument, which stands at `argument_start`."""

    tag: str
    argument: str
    argument_start: int
    start: int
    end: int


class CommentTag(NamedTuple):
    """A comment's text, from `start` to `end`, without its tags."""

    text: str
    start: int
    end: int


class Tags(NamedTuple):
    """What a template says without being run; tags in comments count for nothing."""

    includes: list[IncludeTag]
    links: list[LinkTag]
    comments: list[CommentTag]


class Problem(NamedTuple):
    """Something at `start` to `end` that makes the real build fail when the template is parsed."""

    start: int
    end: int
    message: str


class Template:
    """A parsed template."""

    __slots__ = ("body", "length", "problems", "tags")

    def __init__(self, body: Body, problems: list[Problem], tags: Tags, length: int) -> None:
        self.body = body
        self.problems = problems
        self.tags = tags
        self.length = length

    def render(self, context: Context, source: object = None, steps: int = STEPS) -> Output:
        """Evaluate the template; `source` names it in places. Never raises: what cannot be done in that many steps is Unknown."""
        run = Run(context, source, steps)
        outer = run.sink
        try:
            self.body.render(run)
        except (Exhausted, RecursionError):
            run.divert(outer)
            run.source, run.parent = source, None
            run.mark()
            run.texts.append("")
            del run.texts[len(run.nodes) :]
            run.steps = 1
            run.write_unknown(Unknown("there is too much work in this template"), Opaque(0, self.length, ""))
        return Output(outer, run.events)


def parse(text: str, *, unknown_tags: Collection[str] = ()) -> Template:
    """Parse a template; never raises.

    `unknown_tags` names the tags of plugins that are in use (any container will do): what they put out is Unknown. A tag that
    stands in no such list and that neither Liquid nor Jekyll knows is a problem.
    """
    parser = _Parser(text, unknown_tags)
    body = parser.template()
    return Template(body, parser.problems, Tags(parser.includes, parser.links, parser.comments), len(text))


def _tokens(text: str) -> list[str]:
    """Liquid's tokens: text and tag in turn, beginning with a text. A `{{` ends at the next `}`, doubled or not."""
    opening, variable = text.rfind("{%"), text.rfind("{{")
    if (opening < 0 or text.rfind("%}") > opening + 1) and (variable < 0 or text.rfind("}") > variable + 1):
        return _CLOSED.split(text)
    # Something is never closed; to look for its end each time would take time that grows with the square of the text.
    pieces: list[str] = []
    position = search = 0
    no_end: set[str] = set()
    while match := _OPENING.search(text, search):
        start = match.start()
        closing = "%}" if text[start + 1] == "%" else "}"
        at = -1 if closing in no_end else text.find(closing, start + 2)
        if at < 0:
            no_end.add(closing)
            search = start + 2
        else:
            search = at + 2 if closing == "%}" or text.startswith("}", at + 1) else at + 1
        pieces += (text[position:start], text[start:search])
        position = search
    pieces.append(text[position:])
    return pieces


def _end_of_raw(token: str) -> int:
    """Where `{% endraw %}` starts in a token that ends with it; -1 in any other."""
    at = token.rfind("{%") if token.endswith("%}") else -1
    while at >= 0:
        if match := _INNER_TAG.match(token, at):
            return at if match[1] == "endraw" else -1
        at = token.rfind("{%", 0, at)
    return -1


class _Block:
    """A block that is open: its node, the body that is being filled, all its bodies."""

    __slots__ = ("bodies", "body", "name", "node")

    def __init__(self, name: str, node: Node, body: Body) -> None:
        self.name = name
        self.node = node
        self.body = body
        self.bodies = [body]

    def turn(self, body: Body) -> None:
        """Fill another body from now on."""
        self.body = body
        self.bodies.append(body)


class _Parser:
    """One pass over the tokens of a template."""

    def __init__(self, text: str, unknown_tags: Collection[str], start: int = 0) -> None:
        self.text = text
        self.unknown_tags = unknown_tags
        self.shift = start  # where the text stands in the template
        self.problems: list[Problem] = []
        self.includes: list[IncludeTag] = []
        self.links: list[LinkTag] = []
        self.comments: list[CommentTag] = []
        self.blocks: list[_Block] = []
        self.document = Body()
        self.body = self.document
        self.trimmable: Words | None = None
        self.trim = False
        self.comment_depth = 0
        self.structure_broken = False
        self.end_tags: dict[str, list[int]] | None = None  # by name, where the end tags stand

    def template(self) -> Body:
        """Parse it all."""
        pieces = _tokens(self.text)
        position = self.shift
        index = 0
        while index < len(pieces):
            piece = pieces[index]
            if not index % 2:
                if piece:
                    self._words(piece, position)
            elif piece[1] == "%":
                index, position = self._tag(pieces, index, position)
                continue
            else:
                self._variable(piece, position)
            position += len(piece)
            index += 1
        while self.blocks:
            block = self.blocks[-1]
            self._structure(block.node.start, block.node.end, f"'{block.name}' tag was never closed")
            self._close(position)
        self.document.close()
        return self.document

    def _words(self, text: str, start: int) -> None:
        if self.trim:
            self.trim = False
            stripped = text.lstrip(WHITESPACE)
            start += len(text) - len(stripped)
            text = stripped
        words = Words(text, start)
        self.body.nodes.append(words)
        self.trimmable = words
        if self.body.blank and text.strip(WHITESPACE):
            self.body.blank = False

    def _whitespace_control(self, token: str) -> None:
        if token[2:3] == "-" and self.trimmable is not None:
            words = self.trimmable
            words.text = words.text.rstrip(WHITESPACE)
            words.end = words.start + len(words.text)
        self.trim = token[-3:-2] == "-"
        self.trimmable = None

    def _variable(self, token: str, start: int) -> None:
        self._whitespace_control(token)
        end = start + len(token)
        self.body.blank = False
        if not token.endswith("}}"):
            self._problem(start, end, f"Variable '{token.strip()}' was not properly terminated with regexp: /\\}}\\}}/")
            self.body.nodes.append(Opaque(start, end, token.strip()))
            return
        at = 3 if token[2] == "-" else 2
        markup = token[at : -3 if token[-3] == "-" else -2]
        self.body.nodes.append(Print(start, end, parse_filtered(markup, start + at)))

    def _tag(self, pieces: list[str], index: int, start: int) -> tuple[int, int]:
        """Read the tag token at an index; the index and offset where to go on."""
        token = pieces[index]
        end = start + len(token)
        self._whitespace_control(token)
        match = _TAG.match(token) if token.endswith("%}") else None
        if match is None:
            self._problem(start, end, f"Tag '{token.strip()}' was not properly terminated with regexp: /\\%\\}}/")
            self.body.nodes.append(Opaque(start, end, token.strip()))
            self.body.blank = False
            return index + 1, end
        name, at = match[1], match.end()
        markup = token[at : -3 if token[-3] == "-" else -2]
        if name == "raw":
            return self._raw(pieces, index, start, markup)
        if name not in MAKERS or (name == "include_cached" and name not in self.unknown_tags):
            if not self._continues(name, markup, start, end, start + at):
                return self._foreign(pieces, index, name, start)
            return index + 1, end
        if len(self.blocks) >= _DEEPEST and name in BLOCKS:
            self._structure(start, end, "Nesting too deep")
        tag = Tag(name, markup, start + at, start, end, self._argument)
        try:
            node = MAKERS[name](tag)
        except SyntaxFault as fault:
            self._problem(start, end, str(fault))
            node = Opaque(start, end, name)
        if name in BLOCKS:
            self._open(name, node)
        else:
            self._add(node)
            if not self.comment_depth:
                self._note(node)
        return index + 1, end

    def _argument(self, text: str, start: int) -> Argument:
        if "{{" not in text and "{%" not in text:
            return Argument(text, start)
        inner = _Parser(text, self.unknown_tags, start)
        body = inner.template()
        return Argument(text, start, body, inner.problems[0].message if inner.problems else None)

    def _note(self, node: Node) -> None:
        """Keep what a tag says without being run."""
        if isinstance(node, Include):
            name = node.name.text if node.name.body is None else None
            self.includes.append(IncludeTag(node.kind, name, node.name.start, node.start, node.end))
        elif isinstance(node, Link):
            self.links.append(LinkTag(node.tag, node.argument.text, node.argument.start, node.start, node.end))

    def _raw(self, pieces: list[str], index: int, start: int, markup: str) -> tuple[int, int]:
        tag_end = start + len(pieces[index])
        if markup.strip():
            self._problem(start, tag_end, "Syntax Error in 'raw' - Valid syntax: raw")
        position = tag_end
        for after in range(index + 1, len(pieces)):
            piece = pieces[after]
            closing = _end_of_raw(piece) if after % 2 else -1
            if closing >= 0:
                self._literal(tag_end, position + closing)
                return after + 1, position + len(piece)
            position += len(piece)
        self._structure(start, tag_end, "'raw' tag was never closed")
        self._literal(tag_end, position)
        return len(pieces), position

    def _literal(self, start: int, end: int) -> None:
        if end > start:
            self.body.nodes.append(Words(self.text[start - self.shift : end - self.shift], start))
            self.body.blank = False

    def _foreign(self, pieces: list[str], index: int, name: str, start: int) -> tuple[int, int]:
        """A tag that neither Liquid nor Jekyll knows; with an end tag somewhere below it is a block."""
        end = start + len(pieces[index])
        known = name in self.unknown_tags
        if not known:
            self._problem(start, end, f"Unknown tag '{name}'")
        if self.end_tags is None:
            self.end_tags = {}
            for at in range(1, len(pieces), 2):
                if match := _END_TAG.match(pieces[at]):
                    self.end_tags.setdefault(match[1], []).append(at)
        ends = self.end_tags.get(name, [])
        after = bisect_right(ends, index)
        if after < len(ends):
            last = ends[after]
            end += sum(map(len, pieces[index + 1 : last + 1]))
            self._whitespace_control(pieces[last])
            index = last
        self._add(Opaque(start, end, name, assigns=name not in _PRINTING))
        return index + 1, end

    def _continues(self, name: str, markup: str, start: int, end: int, at: int) -> bool:
        """Whether a tag without a class of its own belongs to the open block: its end, `else`, `when`."""
        block = self.blocks[-1] if self.blocks else None
        if block is not None and name == f"end{block.name}":
            self._close(start)
            return True
        if block is not None and isinstance(block.node, Comment):
            return True
        if (
            block is not None
            and name in {"else", "elsif", "when"}
            and self._branch(block, name, markup, start, end, at)
        ):
            return True
        if name in {"else", "end"}:
            self._structure(
                start,
                end,
                f"Unexpected outer '{name}' tag" if block is None else f"{block.name} tag does not expect 'else' tag",
            )
            return True
        if name.startswith("end") and name not in self.unknown_tags:
            self._structure(
                start,
                end,
                f"'{name}' is not a valid delimiter for {block.name} tags" if block else f"Unknown tag '{name}'",
            )
            return True
        if name in {"elsif", "when"}:
            self._structure(start, end, f"Unknown tag '{name}'")
            return True
        return False

    def _branch(self, block: _Block, name: str, markup: str, start: int, end: int, at: int) -> bool:
        node = block.node
        body = Body()
        try:
            if isinstance(node, If) and name in {"else", "elsif"}:
                node.branches.append((None if name == "else" else parse_condition(markup, at), body))
            elif isinstance(node, For) and name == "else":
                node.otherwise = body
            elif isinstance(node, Case) and name == "when":
                node.branches.extend((value, body) for value in wanted(markup, at))
            elif isinstance(node, Case) and name == "else":
                if markup.strip():
                    message = "Syntax Error in tag 'case' - Valid else condition: {% else %} (no parameters)"
                    self._problem(start, end, message)
                node.branches.append((None, body))
            elif isinstance(node, Opaque):
                pass
            else:
                return False
        except SyntaxFault as fault:
            self._problem(start, end, str(fault))
        block.turn(body)
        self.body = body
        return True

    def _open(self, name: str, node: Node) -> None:
        body = node.branches[0][1] if isinstance(node, If) else getattr(node, "body", None) or Body()
        if isinstance(node, Comment):
            self.comment_depth += 1
        self.blocks.append(_Block(name, node, body))
        self.body = body
        self.trimmable = None

    def _close(self, position: int) -> None:
        """The innermost block ends; its end tag starts at the position."""
        block = self.blocks.pop()
        node = block.node
        if isinstance(node, Comment):
            self.comment_depth -= 1
            if not self.comment_depth:
                text = self.text[node.end - self.shift : position - self.shift]
                self.comments.append(CommentTag(text, node.end, position))
        elif isinstance(node, (If, Case, Loop, Ifchanged, Highlight)):
            node.blank = all(body.blank for body in block.bodies)
            if node.blank and isinstance(node, (If, Case, For)):
                for body in block.bodies:
                    body.drop_space()
        for body in block.bodies:
            body.close()
        if isinstance(node, For):
            node.find_question()
            node.find_row()
        self.body = self.blocks[-1].body if self.blocks else self.document
        self._add(node)

    def _add(self, node: Node) -> None:
        self.body.nodes.append(node)
        self.trimmable = None
        if not node.blank:
            self.body.blank = False

    def _problem(self, start: int, end: int, message: str) -> None:
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(Problem(start, end, message))

    def _structure(self, start: int, end: int, message: str) -> None:
        """A problem of how blocks nest: one leads to the next, so only the first is told."""
        if not self.structure_broken:
            self.structure_broken = True
            self._problem(start, end, message)
