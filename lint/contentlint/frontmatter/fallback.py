"""PyYAML's own parser, made to take tabs and byte order marks as libyaml does. Imported only where libyaml is missing."""

from __future__ import annotations

from yaml.error import Mark
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner, ScannerError

# mypy: allow-untyped-calls
# The stubs of PyYAML's scanner leave some methods without types.

_BREAKS = "\r\n\x85\u2028\u2029"


class PurePythonParser(Reader, Scanner, Parser):
    """Hands out the same events and tokens as libyaml's parser, twenty times slower."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)

    def scan_to_next_token(self) -> None:
        """Skip what stands between tokens: tabs too, where they cannot be indentation."""
        while True:
            if self.column == 0 and self.peek() == "\ufeff":
                self.forward()
                self.column += 1  # a byte order mark has no width to PyYAML, but to libyaml
            while self.peek() == " " or (self.peek() == "\t" and (self.flow_level or not self.allow_simple_key)):
                self.forward()
            if self.peek() == "#":
                while self.peek() not in "\0" + _BREAKS:
                    self.forward()
            if not self.scan_line_break():
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def scan_block_scalar_indicators(self, start_mark: Mark) -> tuple[bool | None, int | None]:
        """Take a block scalar's `+` or `-` and its indent; anything may follow that its header line allows."""
        chomping = increment = None
        for _ in range(2):
            if chomping is None and self.peek() in "+-":
                chomping = self.peek() == "+"
                self.forward()
            elif increment is None and self.peek() in "0123456789":
                increment = int(self.peek())
                if not increment:
                    problem = "found an indentation indicator equal to 0"
                    raise ScannerError("while scanning a block scalar", start_mark, problem, self.get_mark())
                self.forward()
        return chomping, increment

    def scan_block_scalar_ignored_line(self, start_mark: Mark) -> None:
        """Skip the rest of a block scalar's header line, tabs included."""
        while self.peek() in " \t":
            self.forward()
        super().scan_block_scalar_ignored_line(start_mark)

    def scan_block_scalar_indentation(self) -> tuple[list[str], int, Mark]:
        """Find out the indent of a block scalar, which no tab may be part of."""
        found = super().scan_block_scalar_indentation()
        self._refuse_tab(
            "while scanning a block scalar", "found a tab character where an indentation space is expected"
        )
        return found

    def scan_plain_spaces(self, indent: int, start_mark: Mark) -> list[str]:  # noqa: ARG002 - PyYAML hands it over
        """Take the white space behind a word of a plain scalar, tabs included; they must not indent its next line."""
        length = 0
        while self.peek(length) in " \t":
            length += 1
        spaces = self.prefix(length)
        self.forward(length)
        if self.peek() not in _BREAKS:
            return [spaces] if spaces else []
        first = self.scan_line_break()
        self.allow_simple_key = True
        breaks: list[str] = []
        while not self._at_document_mark() and self.peek() in " \t" + _BREAKS:
            if self.column < indent:
                self._refuse_tab("while scanning a plain scalar", "found a tab character that violates indentation")
            if self.peek() in " \t":
                self.forward()
            else:
                breaks.append(self.scan_line_break())
        if self._at_document_mark():
            return []
        if first != "\n":
            return [first, *breaks]
        return breaks or [" "]

    def _at_document_mark(self) -> bool:
        return self.column == 0 and self.prefix(3) in ("---", "...") and self.peek(3) in "\0 \t" + _BREAKS

    def _refuse_tab(self, context: str, problem: str) -> None:
        if self.peek() == "\t":
            raise ScannerError(context, self.get_mark(), problem, self.get_mark())
