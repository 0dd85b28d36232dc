"""When a habit of many pages is a rule, and when what differs from it is an oversight.

The majority decides. Of twenty pages one may differ, of more one in forty besides: they do not shape the rule, and are
named. Below twenty all have to agree.
"""

from __future__ import annotations

FEW = 3
"""So many pages make a kind that something can be said of."""
SEVERAL = 5
"""So many pages tell what is always there."""
MANY = 10
"""So many pages tell what is never there."""
_SLIP = 2
"""So many letters a slip of the pen takes: one left out, doubled or wrong, two exchanged."""
_ENOUGH = 20
_ONE_IN = 40


def outliers(count: int) -> int:
    """How many of so many may differ."""
    return (count >= _ENOUGH) + count // _ONE_IN


def holds(agreeing: int, count: int) -> bool:
    """Whether what so many of `count` agree on is a rule."""
    return agreeing >= FEW and count - agreeing <= outliers(count)


def is_slip(written: str, meant: str) -> bool:
    """Whether a word is another with a slip of the pen in one place, or in other letters."""
    if written.casefold() == meant.casefold():
        return True
    while written and meant and written[0] == meant[0]:
        written, meant = written[1:], meant[1:]
    while written and meant and written[-1] == meant[-1]:
        written, meant = written[:-1], meant[:-1]
    return max(len(written), len(meant)) <= _SLIP
