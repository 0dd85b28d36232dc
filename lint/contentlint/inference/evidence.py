"""When a habit of many pages is a rule, and when what differs from it is an oversight.

The majority decides. One in twenty may differ: it does not shape the rule, and is named. Below twenty all have to agree.
"""

from __future__ import annotations

FEW = 3
"""So many pages make a kind that something can be said of."""
SEVERAL = 5
"""So many pages tell what is always there."""
MANY = 10
"""So many pages tell what is never there."""
_ONE_IN = 20


def outliers(count: int) -> int:
    """How many of so many may differ."""
    return count // _ONE_IN


def holds(agreeing: int, count: int) -> bool:
    """Whether what so many of `count` agree on is a rule."""
    return agreeing >= FEW and count - agreeing <= outliers(count)
