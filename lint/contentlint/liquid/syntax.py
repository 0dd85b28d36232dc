"""The words of Liquid's expressions, and its strict parser, a port of Liquid 4.0.4's `Lexer` and `Parser`."""

from __future__ import annotations

import re
from typing import Final

from contentlint.regex import regex

QUOTED = r""""[^"]*"|'[^']*'"""
FRAGMENT = rf"""{QUOTED}|(?:[^\s,|'"]|{QUOTED})+"""
ATTRIBUTE = regex(rf"(\w[\w-]*)\s*:\s*({FRAGMENT})", re.ASCII)
"""`key: value` in a tag (Liquid's TagAttributes)."""

_TOKEN = regex(
    r"""\s*(?:(?P<comparison>==|!=|<>|<=?|>=?|contains(?=\s))|(?P<string>'[^']*'|"[^"]*")|(?P<number>-?\d+(?:\.\d+)?)"""
    r"""|(?P<id>[a-zA-Z_][\w-]*\??)|(?P<dotdot>\.\.)|(?P<special>[|.:,\[\]()?-])|(?P<end>\Z))""",
    re.ASCII,
)
NESTED: Final = 40
"""Deeper ranges and brackets than this nobody writes; they are read as lax text."""


class SyntaxFault(Exception):  # noqa: N818  # a fault of the template, not of this program
    """What the strict parser refuses; raised to a template's problem only where the lax one refuses it, too."""


class Strict:
    """Liquid's strict parser over the tokens of one piece of markup."""

    __slots__ = ("_depth", "_next", "_tokens")

    def __init__(self, markup: str, start: int) -> None:
        self._tokens: list[tuple[str, str, int]] = []
        self._next = 0
        self._depth = 0
        position = 0
        while True:
            match = _TOKEN.match(markup, position)
            if match is None:
                raise SyntaxFault(f"Unexpected character in {markup.strip()!r}")
            kind = match.lastgroup or ""
            text = match[kind]
            self._tokens.append((text if kind == "special" else kind, text, start + match.end() - len(text)))
            if kind == "end":
                return
            position = match.end()

    def look(self, kind: str, ahead: int = 0) -> bool:
        """Whether the next token (or one further on) is of a kind."""
        at = self._next + ahead
        return at < len(self._tokens) and self._tokens[at][0] == kind

    def take(self, kind: str) -> str | None:
        """The next token's text if it is of that kind, which consumes it."""
        token = self._tokens[self._next]
        if token[0] != kind:
            return None
        self._next += 1
        return token[1]

    def need(self, kind: str) -> str:
        """The next token's text; it must be of that kind."""
        text = self.take(kind)
        if text is None:
            raise SyntaxFault(f"Expected {kind} but found {self._tokens[self._next][0]}")
        return text

    def word(self, *names: str) -> str | None:
        """The next token if it is one of these identifiers, which consumes it."""
        kind, text, _ = self._tokens[self._next]
        if kind != "id" or text not in names:
            return None
        self._next += 1
        return text

    def expression(self) -> tuple[str, int]:
        """The markup of an expression without its spaces, and where it starts."""
        kind, text, start = self._tokens[self._next]
        if kind in {"string", "number"}:
            self._next += 1
            return text, start
        if kind == "id":
            self._next += 1
            return text + self._lookups(), start
        if kind == "(":
            self._next += 1
            first = self._inner()
            self.need("dotdot")
            last = self._inner()
            self.need(")")
            return f"({first}..{last})", start
        raise SyntaxFault(f"{text!r} is not a valid expression")

    def _inner(self) -> str:
        self._depth += 1
        if self._depth > NESTED:
            raise SyntaxFault("nested too deep")
        markup = self.expression()[0]
        self._depth -= 1
        return markup

    def _lookups(self) -> str:
        found = []
        while True:
            if self.take("["):
                found.append(f"[{self._inner()}]")
                self.need("]")
            elif self.take("."):
                found.append(f".{self.need('id')}")
            else:
                return "".join(found)
