"""The loops `for` and `tablerow` as nodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Self

from contentlint.liquid.conditions import Comparison
from contentlint.liquid.expressions import Expression, Literal, Lookup, follow
from contentlint.liquid.nodes import Body, If, Node
from contentlint.liquid.output import Looped, Selected
from contentlint.liquid.rows import Row, row_of
from contentlint.liquid.run import Run
from contentlint.liquid.values import (
    LONGEST,
    Listed,
    Range,
    Unknown,
    first_unknown,
    is_drop,
    is_unknown,
    reason,
    same,
    to_i,
    truth,
)

_MISSING: Final = object()


class Forloop:
    """The drop `forloop`."""

    __slots__ = ("index", "length", "name", "parent")

    def __init__(self, name: str, length: int, parent: object) -> None:
        self.name = name
        self.length = length
        self.parent = parent
        self.index = 0

    def get(self, key: str) -> object:
        """What Liquid's ForloopDrop answers."""
        match key:
            case "index":
                return self.index + 1
            case "index0":
                return self.index
            case "rindex":
                return self.length - self.index
            case "rindex0":
                return self.length - self.index - 1
            case "first":
                return self.index == 0
            case "last":
                return self.index == self.length - 1
            case "length":
                return self.length
            case "name":
                return self.name
            case "parentloop":
                return self.parent
        return None


class Loop(Node):
    """What `for` and `tablerow` share: the collection, its slice, the variable."""

    __slots__ = ("blank", "body", "collection", "collection_name", "limit", "name", "offset", "question")

    def __init__(self, start: int, end: int, name: str, collection_name: str, collection: Expression) -> None:
        super().__init__(start, end)
        self.name = name
        self.collection_name = collection_name
        self.collection = collection
        self.limit: Expression | None = None
        self.offset: Expression | None = None
        self.body = Body()
        self.blank = True
        self.question: tuple[str, Expression] | None = None

    def items(self, run: Run, start: int, collection: object) -> Sequence[object] | Unknown:
        """The items of a collection to go over; notes which list that is, and what an `if` in the body asks of them."""
        path = run.path(self.collection)
        length = _length(collection)
        if not isinstance(length, Unknown):
            run.events.append(Looped(".".join(path), length, run.place(self), run.maybe > 0))
        limit = self.limit.value(run) if self.limit is not None else None
        unknown = first_unknown((collection, limit, length))
        if unknown is not None:
            return unknown
        if self.question is not None and isinstance(collection, list):
            self._ask(run, ".".join(path), collection, *self.question)
        return _slice(collection, start, None if limit is None or limit is False else to_i(limit) + start)

    def _ask(self, run: Run, path: str, items: Sequence[object], key: str, wanted: Expression) -> None:
        value = wanted.value(run)
        answers = [same(follow(item, key), value) for item in items]
        doubt = run.maybe > 0 or first_unknown((value, *answers)) is not None
        run.events.append(Selected(path, key, value, len(items), answers.count(True), run.place(self), doubt))

    def find_question(self) -> None:
        """See whether the body is `{% if item.key == wanted %}`, with a `wanted` that the loop does not change."""
        for node in self.body.nodes:
            if isinstance(node, If) and not node.negated and node.branches[0][0] is not None:
                terms = node.branches[0][0].terms
                if len(node.branches) == len(terms) == 1 and terms[0].operator == "==":
                    self.question = self._question(terms[0]) or self._question(
                        Comparison(terms[0].right, "==", terms[0].left)
                    )

    def _question(self, term: Comparison) -> tuple[str, Expression] | None:
        item, wanted = term.left, term.right
        if not (
            isinstance(item, Lookup)
            and item.name == self.name
            and len(item.keys) == 1
            and isinstance(item.keys[0], str)
        ):
            return None
        if isinstance(wanted, Literal) or (isinstance(wanted, Lookup) and wanted.name in {"include", "page"}):
            return item.keys[0], wanted
        return None


def _length(collection: object) -> int | Unknown | None:
    if isinstance(collection, (list, dict)):
        return len(collection)
    if isinstance(collection, Range):
        return collection.size if collection.size < LONGEST else Unknown("the range is too long")
    if isinstance(collection, str):
        return int(collection != "")
    if is_drop(collection):
        return Unknown("a loop goes over an object")
    return collection if isinstance(collection, Unknown) else None


def _slice(collection: object, start: int, end: int | None) -> Sequence[object]:
    """Liquid's slice_collection: a string is one item, a mapping its pairs, all else nothing."""
    if isinstance(collection, str):
        return [collection] if collection else []
    items: Sequence[object] = ()
    if isinstance(collection, list):
        items = collection
    elif isinstance(collection, dict):
        items = [[*pair] for pair in collection.items()]
    elif isinstance(collection, Range):
        items = collection.numbers()
    if start == 0 and end is None:
        return items
    return items[max(start, 0) : None if end is None else max(end, 0)]


class For(Loop):
    """`{% for item in list reversed limit:2 offset:3 %}`, with `else`."""

    __slots__ = ("key", "otherwise", "owner", "proceeds", "reversed", "row")

    def __init__(self, start: int, end: int, name: str, collection_name: str, collection: Expression) -> None:
        super().__init__(start, end, name, collection_name, collection)
        self.otherwise: Body | None = None
        self.reversed = False
        self.proceeds = False  # offset: continue
        self.row: Row | None = None
        self.owner: Lookup | None = None  # what holds the collection under `key`
        self.key = ""

    def find_row(self) -> None:
        """See whether each item makes one row of texts."""
        self.row = row_of(self.body, self.name)
        collection = self.collection
        if isinstance(collection, Lookup) and collection.keys and type(collection.keys[-1]) is str:
            self.owner = Lookup(collection.name, collection.keys[:-1])
            self.key = collection.keys[-1]

    def _listed(self, run: Run) -> Listed | None:
        """The collection as it was written, if it can be had; rows need no more of it."""
        if self.row is None or self.owner is None:
            return None
        listed = getattr(self.owner.value(run), "listed", None)
        found: Listed | None = listed(self.key) if listed is not None else None
        return found

    def render(self, run: Run) -> bool:
        """Render the body for each item."""
        register = ("for", f"{self.name}-{self.collection_name}")
        offset = self.offset.value(run) if self.offset is not None else None
        if self.proceeds:
            offset = run.registers.get(register)
        start = 0 if is_unknown(offset) else to_i(offset)
        listed = self._listed(run)
        collection = listed.items if listed is not None else self.collection.value(run)
        items = self.items(run, start, collection) if not is_unknown(offset) else Unknown(reason(offset))
        if isinstance(items, Unknown):
            run.registers[register] = items
            return self._doubtful(run, Unknown(f"it comes from a list that is not known: {reason(items)}"))
        run.registers[register] = start + len(items)
        if not items:
            return self.otherwise.render(run) if self.otherwise is not None else False
        numbers = range(max(start, 0), max(start, 0) + len(items))
        if self.reversed:
            items, numbers = items[::-1], numbers[::-1]
        if self.row is not None and self.row.write(run, items, numbers, listed):
            return False
        if listed is not None:
            traced = self.collection.value(run)
            items = [follow(traced, number) for number in numbers]
        maybe, doubt = run.maybe, run.doubt
        with _Scope(run, self, self.name, "forloop") as scope:
            loop = Forloop(self.name + "-" + self.collection_name, len(items), scope.outer("forloop"))
            variables, name, render = run.locals, self.name, self.body.render
            variables["forloop"] = loop
            for item in items:
                variables[name] = item
                if render(run):
                    interrupt, run.interrupt = run.interrupt, ""
                    if interrupt == "break":
                        break
                loop.index += 1
        if run.maybe != maybe:
            run.maybe, run.doubt = maybe, doubt
            run.mark()
        return False

    def _doubtful(self, run: Run, unknown: Unknown) -> bool:
        """Nobody knows how often the body runs: render it as if once, and again if that may differ the second time."""
        maybe, doubt = run.maybe, run.doubt
        left = False  # an interrupt in the `else` is for the loop around this one

        def once(run: Run) -> bool:
            run.locals[self.name] = unknown
            run.locals["forloop"] = unknown
            self.body.render(run)
            run.interrupt = ""
            return False

        def never(run: Run) -> bool:
            nonlocal left
            within = run.maybe
            interrupted = self.otherwise is not None and self.otherwise.render(run)
            left = interrupted or run.maybe != within
            return interrupted

        with _Scope(run, self, self.name, "forloop"):
            before = run.state()
            run.fork([once, never])
            if run.changed(before):
                run.fork([once, None])
        if run.maybe != maybe and not left:
            run.maybe, run.doubt = maybe, doubt
            run.mark()
        return False


class _Scope:
    """Names that hide those outside for as long as a loop runs; the item's path goes with them."""

    __slots__ = ("_aliases", "_loop", "_names", "_outer", "_run")

    def __init__(self, run: Run, loop: Loop, *names: str) -> None:
        self._run = run
        self._loop = loop
        self._names = names

    def __enter__(self) -> Self:
        run, name = self._run, self._names[0]
        run.descend()
        self._outer = [run.locals.get(each, _MISSING) for each in self._names]
        self._aliases = run.aliases
        path = run.path(self._loop.collection)
        run.aliases = {**run.aliases, name: (*path[:-1], f"{path[-1]}[]") if path else (name,)}
        return self

    def outer(self, name: str) -> object:
        """What a name meant outside; None when nothing."""
        value = self._outer[self._names.index(name)]
        return None if value is _MISSING else value

    def __exit__(self, *_: object) -> None:
        variables = self._run.locals
        self._run.depth -= 1
        for name, value in zip(self._names, self._outer, strict=True):
            if value is _MISSING:
                variables.pop(name, None)
            else:
                variables[name] = value
        self._run.aliases = self._aliases


class Tablerow(Loop):
    """`{% tablerow item in list cols:2 %}`."""

    __slots__ = ("columns",)

    def __init__(self, start: int, end: int, name: str, collection_name: str, collection: Expression) -> None:
        super().__init__(start, end, name, collection_name, collection)
        self.columns: Expression | None = None

    def render(self, run: Run) -> bool:
        """Render the rows of a table."""
        offset = self.offset.value(run) if self.offset is not None else 0
        columns = self.columns.value(run) if self.columns is not None else None
        unknown = first_unknown((offset, columns))
        items = unknown if unknown is not None else self.items(run, to_i(offset), self.collection.value(run))
        if isinstance(items, Unknown):
            return self._doubtful(run, items)
        if truth(self.collection.value(run)) is False:
            return False
        with _Scope(run, self, self.name, "tablerowloop"):
            return self._rows(run, items, to_i(columns))

    def _doubtful(self, run: Run, unknown: Unknown) -> bool:
        def once(run: Run) -> bool:
            run.locals[self.name] = unknown
            run.locals["tablerowloop"] = unknown
            return self.body.render(run)

        run.write_unknown(unknown, self)
        with _Scope(run, self, self.name, "tablerowloop"):
            return run.fork([once, None])

    def _rows(self, run: Run, items: Sequence[object], columns: int) -> bool:
        row = column = 1
        interrupted = False
        run.write('<tr class="row1">\n', self)
        for index, item in enumerate(items):
            run.locals[self.name] = item
            run.locals["tablerowloop"] = {
                "length": len(items), "row": row, "col": column, "col0": column - 1, "index": index + 1, "index0": index,
                "rindex": len(items) - index, "rindex0": len(items) - index - 1, "first": index == 0,
                "last": index == len(items) - 1, "col_first": column == 1, "col_last": column == columns,
            }  # fmt: skip
            run.write(f'<td class="col{column}">', self)
            interrupted = self.body.render(run) or interrupted
            run.write("</td>", self)
            if column == columns and index < len(items) - 1:
                run.write(f'</tr>\n<tr class="row{row + 1}">', self)
            row, column = (row + 1, 1) if column == columns else (row, column + 1)
        run.write("</tr>\n", self)
        return interrupted
