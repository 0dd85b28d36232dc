"""The body of a loop in which each item makes a row of texts: what stands between them, and what is printed of the item.

Such loops list pictures, posts, links: most of what a template puts out. Their texts are made column by column, in a tenth
of the time that the nodes take one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, repeat
from typing import Final

from contentlint.liquid.expressions import Expression, Lookup
from contentlint.liquid.nodes import Body, Node, Print
from contentlint.liquid.output import Rows, Words
from contentlint.liquid.run import DEPTH, Run
from contentlint.liquid.values import Listed, Text, is_drop

_TEXTS: Final = frozenset({str, Text})
_LONG: Final = 200
"""A longer value counts as more work than one node."""


class Row:
    """What one item makes."""

    __slots__ = ("cost", "nodes", "same", "slots")

    def __init__(self, body: Body, slots: Sequence[str | bool | None], same: dict[int, Expression]) -> None:
        self.cost = body.cost
        self.nodes: list[Node | Words] = body.nodes
        self.slots = slots
        """For each node the key of the item that it prints, True for the item itself, None for what is the same in each row."""
        self.same = same
        """By slot, the values that are the same in each row."""

    def write(self, run: Run, items: Sequence[object], numbers: range, listed: Listed | None) -> bool:
        """Put the rows out; nothing at all, and False, where not each value is a text or nil."""
        columns: list[Sequence[str]] = []
        known: dict[Expression, object] = {}
        work = self.cost * len(items)
        if run.depth >= DEPTH or not self._fit(items):
            return False
        for slot, key in enumerate(self.slots):
            if key is None:
                node = self.nodes[slot]
                value: object = node.text if isinstance(node, Words) else None
                if slot in self.same:
                    expression = self.same[slot]
                    if expression not in known:
                        known[expression] = expression.value(run)
                    value = known[expression]
                    work += len(items) * _extra([value])
                column: list[object] = [value] * len(items)
            else:
                column = [*items] if key is True else [item.get(key) for item in items]  # type: ignore[attr-defined]  # `_fit`
                work += _extra(column)
            if not _TEXTS.issuperset(map(type, column)):
                column = ["" if value is None else value for value in column]
                if not _TEXTS.issuperset(map(type, column)):
                    return False
            columns.append(column)  # type: ignore[arg-type]  # texts, as has just been seen
        if work > run.steps:
            return False
        run.spend(work)
        first = len(run.texts)
        run.texts.extend(chain.from_iterable(zip(*columns, strict=True)))
        run.nodes.extend(chain.from_iterable(repeat(self.nodes, len(items))))
        if listed is not None:
            run.sink.rows.append(Rows(first, len(run.texts), numbers, self.slots, listed.origin))
        return True

    def _fit(self, items: Sequence[object]) -> bool:
        """Whether all items have the keys that are asked of them, or may have."""
        if all(key is None or key is True for key in self.slots):
            return True
        kinds = {item.__class__: item for item in items}
        return all(kind is dict or is_drop(item) for kind, item in kinds.items())


def _extra(values: Sequence[object]) -> int:
    """The work of printing long texts."""
    return sum([len(value) // 100 for value in values if isinstance(value, str) and len(value) > _LONG])


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
