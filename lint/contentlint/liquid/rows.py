"""The body of a loop in which each item makes a row of texts: what stands between them, and what is printed of the item.

Such loops list pictures, posts, links: most of what a template puts out. Their texts are made column by column, in a tenth
of the time that the nodes take one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, Final

from contentlint.alike import Alike
from contentlint.liquid.expressions import Expression, Lookup
from contentlint.liquid.nodes import Body, Node, Print
from contentlint.liquid.output import Rows, Words
from contentlint.liquid.run import DEPTH, LONG, WRITTEN, Run
from contentlint.liquid.values import Listed, Text, is_drop

_TEXTS: Final = frozenset({str, Text})


class Row:
    """What one item makes."""

    __slots__ = ("_cost", "_keyed", "_nodes", "_same", "_slots")

    def __init__(self, body: Body, slots: Sequence[str | bool | None], same: dict[int, Expression]) -> None:
        """Say what each node of a body prints: the value of a key, the item itself (True), or the same in each row (None).

        `same` has the values that are the same, by the number of their node.
        """
        self._cost = body.cost
        self._nodes: list[Node | Words] = body.nodes
        self._slots = slots
        self._same = same
        self._keyed = any(isinstance(slot, str) for slot in slots)

    def write(self, run: Run, items: Sequence[Any], numbers: range, listed: Listed | None) -> bool:
        """Put the rows out; nothing at all, and False, where not each value is a text or nil."""
        count = len(items)
        work = self._cost * count
        if run.depth >= DEPTH or work > run.steps or (self._keyed and not _have_keys(items)):
            return False
        columns: list[Sequence[str]] = []
        known: dict[object, tuple[list[str], int]] = {}
        for node, slot in zip(self._nodes, self._slots, strict=True):
            if node.__class__ is Words:
                columns.append([node.text] * count)
                continue
            what: Any = self._same[len(columns)] if slot is None else slot
            if what not in known:
                column = [what.value(run)] * count if slot is None else _column(items, slot)
                if not _TEXTS.issuperset(map(type, column)):
                    column = ["" if value is None else value for value in column]
                    if not _TEXTS.issuperset(map(type, column)):
                        return False
                long = max(map(len, column)) > LONG
                known[what] = column, sum([len(each) // WRITTEN for each in column if len(each) > LONG]) if long else 0
            column, extra = known[what]
            columns.append(column)
            work += extra
        if work > run.steps:
            return False
        run.spend(work)
        first = len(run.texts)
        run.texts += chain.from_iterable(zip(*columns, strict=True))
        run.nodes += self._nodes * count
        if listed is not None:
            run.sink.rows.append(Rows(first, len(run.texts), numbers, self._slots, listed.origin))
        return True


def _have_keys(items: Sequence[object]) -> bool:
    """Whether each item can be asked for the value of a key."""
    if isinstance(items, Alike):
        return True
    kinds = {item.__class__: item for item in items}
    return all(kind is dict or is_drop(item) for kind, item in kinds.items())


def _column(items: Sequence[Any], slot: str | bool) -> list[Any]:
    """The value of each item under a key, or (True) the items themselves."""
    if slot is True:
        return [*items]
    if isinstance(items, Alike):
        return items.column(str(slot)) or [None] * len(items)
    return [item.get(slot) for item in items]


def row_of(body: Body, name: str) -> Row | None:
    """The row that a loop's body makes of each item, which is called `name`; None when it does more than print."""
    slots: list[str | bool | None] = []
    same: dict[int, Expression] = {}
    for slot, node in enumerate(body.nodes):
        key: str | bool | None = None
        if node.__class__ is not Words:
            if not isinstance(node, Print) or not isinstance(node.expression, Lookup):
                return None
            lookup = node.expression
            if lookup.name == name and len(lookup.keys) <= 1:
                key = lookup.keys[0] if lookup.keys else True  # type: ignore[assignment]  # a text, or the next line leaves
            if (
                not isinstance(lookup.name, str)
                or lookup.name == "forloop"
                or any(type(each) is not str for each in lookup.keys)
            ):
                return None
            if key is None:
                if lookup.name == name:
                    return None
                same[slot] = lookup
        slots.append(key)
    return Row(body, tuple(slots), same) if body.nodes else None
