"""YAML's events: from libyaml, which Ruby's Psych stands on too, or where PyYAML lacks it, from PyYAML's own parser.

With `fallback`, the only module that imports yaml.
"""

from __future__ import annotations

from typing import Any, Protocol

Event = Any
"""One of PyYAML's events, told by the name of its class."""
Token = Any
"""One of PyYAML's tokens, likewise."""


class Events(Protocol):
    """Hands out the events of a text one by one; their marks count code points from 0."""

    def get_event(self) -> Event:
        """Give the next event; raises what `yaml_error` names when the text is not YAML."""

    def get_token(self) -> Token:
        """Give the next token, None behind the last; for a parser that has given no event."""

    def dispose(self) -> None:
        """Let go of what is held."""


def yaml_error() -> type[Exception]:
    """Give the exception that parsers raise."""
    from yaml.error import YAMLError

    return YAMLError


def parser(text: str) -> Events:
    """Start to parse a text without a byte order mark at its beginning."""
    try:
        from yaml._yaml import CParser
    except ImportError:
        from contentlint.frontmatter.fallback import PurePythonParser

        return PurePythonParser(text)
    return CParser(text)
