"""The state of one rendering: variables, the output so far, what is in doubt and how much work is left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from contentlint.liquid.expressions import Call, Expression, Filtered, Lookup
from contentlint.liquid.output import Event, Failure, Missing, Ranged, Selected, Sink
from contentlint.liquid.values import MARK, LiquidError, Part, Partial, Place, Text, Unknown, first_unknown, same
from contentlint.record import Record, field

if TYPE_CHECKING:
    from contentlint.liquid.filters import Filter, Undetermined
    from contentlint.liquid.template import Template

STEPS: Final = 400_000
"""How many nodes a rendering may execute; what is left then is Unknown."""

LONG: Final = 200
"""A longer text counts as more work than the node that writes it: all that is put out is read again."""
WRITTEN: Final = 25
"""Characters put out that are as much work as a node."""
_FILTERED: Final = 100
"""Characters that a filter goes over for that work."""
_LISTED: Final = 20
"""Items that it goes over."""

DEPTH: Final = 100
"""How deep loops and includes may nest in Liquid."""

_MISSING: Final = object()
_KEEPS_PATH: Final = frozenset({"sort", "sort_natural", "reverse", "compact", "uniq"})


@cache
def _filters() -> tuple[Callable[[str], Filter | None], type[Undetermined]]:
    """What finds a filter by its name, and what one raises that meets something unknown. They come in with the first: many pages use none."""
    from contentlint.liquid.filters import Undetermined, named

    return named, Undetermined


def _nothing(_name: str) -> Unknown:
    return Unknown("nothing is known of the site")


class Context(Record, frozen=True):
    """What a template is rendered with.

    - `variables`: `site`, `page`, `layout`, `content`, `paginator`, `jekyll`; for a Markdown page and the layouts around it also
      `highlighter_prefix` and `highlighter_suffix`, both a newline, which Jekyll's Markdown converter sets.
    - `include`: from a file name and `include`, `include_relative` or `include_cached` to the template and its source token.
    - `link`, `post_url`: from the tag's argument to what the tag prints (with the baseurl where that Jekyll adds it).
    - `baseurl`, `url`: of the site's config, for the URL filters.
    - `markdownify`, `smartify`: Markdown and typographic quotes.
    - `plugin_filters`: a filter that is not known may be a plugin's. Otherwise it does nothing, as in Liquid.
    - `jekyll`: the major version.
    """

    variables: Mapping[str, object] = field(default_factory=dict)
    include: Callable[[str, str], tuple[Template, object] | Missing | Unknown] = lambda name, _kind: _nothing(name)
    link: Callable[[str], str | Missing | Unknown] = _nothing
    post_url: Callable[[str], str | Missing | Unknown] = _nothing
    baseurl: object = None
    url: object = None
    markdownify: Callable[[str], str | Unknown] = _nothing
    smartify: Callable[[str], str | Unknown] = _nothing
    plugin_filters: bool = False
    jekyll: int = 4


class Exhausted(Exception):  # noqa: N818  # ends a rendering, which is no error
    """The work allowed for a rendering is done."""


State = tuple[dict[Any, object], dict[Any, object], dict[Any, object]]
"""What a template can set: variables, counters, registers."""

Render = Callable[["Run"], bool]
"""Renders something into a run; true when a `break` or `continue` ended it."""


class Run:
    """One rendering."""

    __slots__ = (
        "aliases", "context", "counters", "depth", "doubt", "events", "globals", "interrupt", "leak", "locals", "maybe", "nodes",
        "parameters", "parent", "registers", "sink", "source", "steps", "texts",
    )  # fmt: skip

    def __init__(self, context: Context, source: object, steps: int) -> None:
        self.context = context
        self.source = source
        self.parent: Place | None = None
        self.locals: dict[str, object] = {}  # of loops, includes and filters: they hide what `assign` sets
        self.globals: dict[str, object] = {}
        self.counters: dict[str, object] = {}  # increment, decrement
        self.registers: dict[object, object] = {}  # cycle, ifchanged, offset: continue
        self.aliases: dict[str, tuple[str, ...]] = {}  # the dotted paths that names stand for
        self.parameters: dict[str, tuple[str, ...]] = {}  # and those that an include's parameters do
        self.events: list[Event] = []
        self.interrupt = ""
        self.maybe = 0
        self.doubt = 0  # a break or continue may have come before: what is assigned may not be
        self.leak: Unknown | None = None  # something unknown has run and may have assigned any variable
        self.steps = steps
        self.depth = 0
        self.divert(Sink(source, None, 0))

    def divert(self, sink: Sink) -> None:
        """Let the output go elsewhere from now on."""
        self.sink = sink
        self.texts = sink.texts
        self.nodes = sink.nodes

    def mark(self) -> None:
        """Note that the template, the include tag behind it or the doubt has changed."""
        self.sink.marks.append((len(self.texts), self.source, self.parent, self.maybe > self.sink.doubt))

    def place(self, node: Ranged) -> Place:
        """A node's place."""
        return Place(self.source, node.start, node.end, self.parent)

    def write(self, text: str, node: Ranged) -> None:
        """Put text out, counting long ones as work."""
        if len(text) > LONG:
            self.spend(len(text) // WRITTEN)
        self.texts.append(text)
        self.nodes.append(node)

    def write_unknown(self, value: object, node: Ranged) -> None:
        """Put out the mark of something that is not known."""
        self.write(Partial(MARK, None, (Part(0, 1, value),)), node)

    def spend(self, steps: int) -> None:
        """Count work done.

        Raises `Exhausted` when there has been too much of it.
        """
        self.steps -= steps
        if self.steps < 0:
            raise Exhausted

    def fail(self, error: LiquidError, node: Ranged) -> None:
        """Note that the build fails at a node; what it would have written is unknown."""
        self.events.append(Failure(str(error), self.place(node), self.maybe > 0))
        self.write_unknown(Unknown("the build fails here"), node)

    def variable(self, name: str) -> object:
        """A variable's value by Liquid's order of scopes; None when there is none."""
        for scope in (self.locals, self.globals, self.counters, self.context.variables):
            value = scope.get(name, _MISSING)
            if value is not _MISSING:
                return value
        return self.leak

    def assign(self, name: str, value: object) -> None:
        """Set a variable as `assign` and `capture` do; where that may not happen at all, only what is the same stays known."""
        if self.doubt and same(self.globals.get(name), value) is not True:
            value = Unknown("it is assigned behind a break that is not known")
        self.globals[name] = value

    def filter(self, name: str, value: object, arguments: list[object]) -> object:
        """What a filter makes of a value.

        Raises `LiquidError` where the filter does.
        """
        named, undetermined = _filters()
        found = named(name)
        if found is None:
            return Unknown(f"the filter '{name}' may be a plugin's") if self.context.plugin_filters else value
        function, least, most, partial = found
        if not least <= len(arguments) + 1 <= most:
            wanted = str(least) if least == most else f"{least}..{most}"
            raise LiquidError(
                f"Liquid error: wrong number of arguments (given {len(arguments) + 1}, expected {wanted})"
            )
        if not partial and (unknown := first_unknown((value, *arguments))) is not None:
            return unknown
        if isinstance(value, (str, list)) and len(value) > 1000:
            self.spend(len(value) // (_LISTED if isinstance(value, list) else _FILTERED))
        try:
            return function(self, value, *arguments)
        except undetermined as stop:
            return stop.unknown

    def path(self, expression: Expression, calls: Sequence[Call] = ()) -> tuple[str, ...]:
        """The dotted path that a plain lookup stands for, with assigned names, loop variables and parameters resolved.

        Filters that only order a list keep its path.
        """
        if isinstance(expression, Filtered):
            calls = expression.calls
            expression = expression.base
        if not isinstance(expression, Lookup) or not (path := expression.path):
            return ()
        if calls and any(call.name not in _KEEPS_PATH for call in calls):
            return ()
        if path[0] == "include" and len(path) > 1:
            return (*self.parameters.get(path[1], path[:2]), *path[2:])
        return (*self.aliases.get(path[0], path[:1]), *path[1:])

    def selected(
        self, filtered: Filtered, index: int, value: object, arguments: Sequence[object], result: object
    ) -> None:
        """Note that a filter has selected from a list by a property."""
        if len(arguments) != 2 or not isinstance(arguments[0], str):
            return
        doubt = self.maybe > 0 or isinstance(result, Unknown)
        path = ".".join(self.path(filtered.base, filtered.calls[:index]))
        length = len(value) if isinstance(value, (list, dict)) else None
        found = len(result) if isinstance(result, list) else int(result is not None)
        self.events.append(Selected(path, arguments[0], arguments[1], length, found, self.place(filtered), doubt))

    def descend(self) -> None:
        """Go one level deeper; the caller takes one from `depth` on its way back.

        Raises `LiquidError` beyond what Liquid allows.
        """
        if self.depth >= DEPTH:
            raise LiquidError("Liquid error: Nesting too deep")
        self.depth += 1

    def capture(self, render: Render) -> tuple[str, bool]:
        """The text that something renders, and whether it was interrupted."""
        outer, maybe = self.sink, self.maybe
        self.divert(Sink(self.source, self.parent, maybe))
        interrupted = render(self)
        text = self.sink.captured()
        self.divert(outer)
        if self.maybe != maybe:
            self.mark()
        return text, interrupted

    def fork(self, alternatives: Sequence[Render | None]) -> bool:
        """Render each of several alternatives of which one happens, nobody knows which; None is the one that does nothing.

        What differs between their outcomes is Unknown afterwards.
        """
        before = self.state()
        outcomes = []
        interrupts = []
        self.maybe += 1
        self.mark()
        for render in alternatives:
            self._restore(before)
            interrupted = render(self) if render is not None else False
            interrupts.append(self.interrupt if interrupted else "")
            self.interrupt = ""
            outcomes.append(self.state())
        self.maybe -= 1
        self._merge(outcomes)
        if interrupts[0] and len(set(interrupts)) == 1:
            self.interrupt = interrupts[0]
            self.mark()
            return True
        if any(interrupts):
            self.maybe += 1
            self.doubt += 1
        self.mark()
        return False

    def state(self) -> State:
        """The variables as they are now."""
        return self.globals.copy(), self.counters.copy(), self.registers.copy()

    def _restore(self, state: State) -> None:
        self.globals, self.counters, self.registers = (part.copy() for part in state)

    def _merge(self, outcomes: Sequence[State]) -> None:
        merged: list[dict[Any, object]] = []
        for dicts in zip(*outcomes, strict=True):
            keys = dict.fromkeys(key for each in dicts for key in each)
            merged.append({key: _agreed([each.get(key, _MISSING) for each in dicts]) for key in keys})
        self.globals, self.counters, self.registers = merged

    def changed(self, state: State) -> bool:
        """Whether variables have changed since a state was taken."""
        return any(
            now.keys() != then.keys() or any(now[key] is not then[key] for key in now)
            for now, then in zip(self.state(), state, strict=True)
        )


def _agreed(values: list[object]) -> object:
    first = values[0]
    for value in values[1:]:
        if value is first:
            continue
        if value is _MISSING or first is _MISSING or type(value) is not type(first) or same(value, first) is not True:
            return Unknown("it is assigned under a condition that is not known")
    return Text(first) if isinstance(first, Text) and any(value is not first for value in values) else first
