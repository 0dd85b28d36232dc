"""Text from a site made fit to be shown: nothing in it is hidden, moves the cursor or speaks to a CI runner."""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.diagnostic import Severity, Span
from contentlint.regex import regex

TAB = 4
"""Tab stops of a source line that is shown."""

FIXABLE = "[*]"
"""Stands before the message of a problem that `--fix` mends."""

_COMMAND = regex(r"(##\w{0,20})\[")

BOLD = "1"
BLUE = "1;94"
CYAN = "1;36"
SEVERITY_COLOUR = {Severity.ERROR: "1;91", Severity.WARNING: "1;93"}


def painted(text: str, code: str, *, colour: bool) -> str:
    """The text between an ANSI code and a reset, or as it is without colour."""
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text


def visible(text: str) -> str:
    r"""The text on one line, with what cannot be seen spelt out: `\n`, `\x1b`, `\u202e`, lone surrogates.

    What XML cannot hold is among it. `##[` and `##vso[` would be read as commands anywhere in a line by the runners of GitHub
    and Azure (actions/runner, `ActionCommand.TryParse`; azure-pipelines-agent, `Command.TryParse`), so the bracket gets a backslash.
    """
    if text.isprintable() and "##" not in text:
        return text
    return _COMMAND.sub(r"\1\\[", "".join(_shown(character) for character in text))


def encoded(value: object) -> str:
    """JSON in ASCII on one line, in which no runner finds a command: what reads it gets the value as it is."""
    import json

    return _COMMAND.sub(r"\1\\u005b", json.dumps(value))


def scalar(text: str) -> str:
    r"""The text as a string of Unicode scalar values: a lone surrogate becomes its spelling, `\udcff`."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def cells(text: str) -> Iterator[tuple[str, int]]:
    """What is shown for each character of a source line, and how many terminal cells it takes.

    Wide East Asian characters take two, combining ones none; tabs are expanded; what `visible` spells out is spelt out.
    """
    if text.isascii() and text.isprintable() and "##" not in text:
        for character in text:
            yield character, 1
        return
    from unicodedata import category, east_asian_width

    commands = {found.end() - 1 for found in _COMMAND.finditer(text)}
    column = 0
    for index, character in enumerate(text):
        if character == "\t":
            shown = " " * (TAB - column % TAB)
        elif index in commands:
            shown = "\\["
        else:
            shown = _shown(character)
        if shown != character:
            taken = len(shown)
        elif category(character) in {"Mn", "Me"}:
            taken = 0
        else:
            taken = 2 if east_asian_width(character) in "WF" else 1
        column += taken
        yield shown, taken


def taken(text: str) -> int:
    """How many terminal cells a text takes that `visible` has passed."""
    return len(text) if text.isascii() else sum(width for _, width in cells(text))


def place(path: str, span: Span) -> str:
    """`path:line:column`, as terminals and editors turn into a link; never a workflow command at a line's start."""
    where = f"{visible(path)}:{span.line}:{span.column}"
    return f"./{where}" if where.lstrip().startswith("::") else where


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 page`, `2 pages`."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    from unicodedata import category

    code = ord(character)
    if category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} and code not in {0xFFFE, 0xFFFF}:
        return character  # private use, a space, or newer than this Python's tables
    if character in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[character]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
