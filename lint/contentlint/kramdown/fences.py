"""Fenced code: where a fence's block ends."""

from __future__ import annotations

import re
from bisect import bisect_left

from contentlint.regex import regex

_AFTER_RUN = regex(r"[ \t\r\f\v]*(?:\S+[ \t\r\f\v]*)?\n", re.ASCII)
"""An info string is one word."""
_WORD_AT_RUN = regex(r"\S*[ \t\r\f\v]*\n", re.ASCII)


_RUN_ALONE = regex(r"(```(?:`*+)|~~~(?:~*+))[ \t\r\f\v]*\n")
_THREE_SPACES = "   "


class Fences:
    """The lines of a text that can close a fence, listed once, so that no fence searches the text for its end.

    Under GFM (`indented`) a fence may be of backticks and stand after up to three spaces, else only tildes at column 0.
    """

    __slots__ = ("_closers", "_text")

    def __init__(self, text: str, *, indented: bool) -> None:
        self._text = text
        # For each character: where the lines begin, their runs, where they end, and the longest run from each on.
        self._closers: dict[str, tuple[list[int], list[int], list[int], list[int]]] = {
            "`": ([], [], [], []),
            "~": ([], [], [], []),
        }
        for fence in ("```", "~~~"):
            starts, runs, ends, _ = self._closers[fence[0]]
            at = text.find(fence)
            while at >= 0:
                match = _RUN_ALONE.match(text, at)
                start = text.rfind("\n", 0, at) + 1
                spaces = at - start
                if match and spaces <= (3 if indented else 0) and text.startswith(_THREE_SPACES[:spaces], start):
                    starts.append(start)
                    runs.append(len(match[1]))
                    ends.append(match.end())
                line_end = text.find("\n", at)
                at = text.find(fence, line_end) if line_end >= 0 else -1
        for _, runs, _, longest in self._closers.values():
            most = 0
            for run in reversed(runs):
                most = max(most, run)
                longest.append(most)
            longest.reverse()

    def end(self, first: int) -> int:
        """The offset after the block that the fence at `first` opens; -1 when it is no fence or never closes."""
        text = self._text
        character = text[first]
        run_end = first
        while text[run_end] == character:
            run_end += 1
        run = run_end - first
        opening = _AFTER_RUN.match(text, run_end)
        if run < 3 or not opening:
            return -1
        starts, runs, ends, longest = self._closers[character]
        index = bisect_left(starts, opening.end())
        if index == len(starts):
            return -1
        if longest[index] < run:
            # kramdown then takes the end of the run for the beginning of the info string.
            if not _WORD_AT_RUN.match(text, run_end):
                return -1
            run = longest[index]
        while runs[index] < run:
            index += 1
        return ends[index]
