"""Regular expressions that are compiled when they are first used.

A module has a dozen of them, and a run of one page uses a third: to compile the others would take longer than all it does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    regex = re.compile
else:

    class regex:  # noqa: N801  to those who use it it is the function `re.compile`
        """What `re.compile(pattern, flags)` gives, later. Its methods are those of the compiled expression from the first use on."""

        def __init__(self, pattern: str, flags: int = 0) -> None:
            self._asked = pattern, flags

        def __getattr__(self, name: str) -> object:
            compiled = re.compile(*self._asked)
            self.__dict__.update((each, getattr(compiled, each)) for each in dir(compiled) if each[0] != "_")
            return getattr(compiled, name)
