"""The tags of Liquid as nodes that render themselves into a run.

Behaviour is that of Liquid 4.0.4's tags, plus what they do when a value is Unknown (see `Run.fork`).
"""

from __future__ import annotations

from collections.abc import Sequence

from contentlint.liquid.conditions import Condition, compare
from contentlint.liquid.expressions import Constant, Expression, Filtered, Literal
from contentlint.liquid.output import Words
from contentlint.liquid.run import LONG, WRITTEN, Render, Run
from contentlint.liquid.values import LONGEST, LiquidError, Method, Unknown, first_unknown, printed, same, to_s


class Node:
    """A tag with its range in the template."""

    __slots__ = ("end", "start")

    blank = False
    """Whether it never puts anything out (Liquid drops the white space around such tags)."""

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end

    def render(self, run: Run) -> bool:
        """Write into the run; true when a `break` or `continue` ended it.

        Raises `LiquidError` where the build fails.
        """
        raise NotImplementedError  # pragma: no cover  # every kind of node has its own


class Body:
    """A sequence of nodes."""

    __slots__ = ("blank", "cost", "nodes")

    def __init__(self) -> None:
        self.nodes: list[Node | Words] = []
        self.blank = True
        self.cost = 1

    def close(self) -> None:
        """The body is complete: weigh it."""
        self.cost = (
            1 + len(self.nodes) + sum(len(node.text) // WRITTEN for node in self.nodes if isinstance(node, Words))
        )

    def drop_space(self) -> None:
        """A blank block puts out no white space."""
        self.nodes = [node for node in self.nodes if node.__class__ is not Words]

    def render(self, run: Run) -> bool:
        """Render the nodes in order; a node that makes the build fail leaves a mark, and the next ones go on."""
        run.spend(self.cost)
        texts, nodes = run.texts, run.nodes
        for node in self.nodes:
            if node.__class__ is Words:
                texts.append(node.text)
                nodes.append(node)
                continue
            try:
                if node.render(run):  # type: ignore[union-attr]  # all else renders itself
                    return True
            except LiquidError as error:
                run.fail(error, node)
        return False


class Print(Node):
    """`{{ value | filter }}`."""

    __slots__ = ("expression",)

    def __init__(self, start: int, end: int, filtered: Filtered) -> None:
        super().__init__(start, end)
        self.expression = filtered if filtered.calls else filtered.base

    def render(self, run: Run) -> bool:
        """Put the value out."""
        value = self.expression.value(run)
        if value is None:
            return False
        if not isinstance(value, str):
            value = printed(value)
            if isinstance(value, Unknown):
                run.write_unknown(value, self)
                return False
        if len(value) > LONG:
            run.spend(len(value) // WRITTEN)
        run.texts.append(value)
        run.nodes.append(self)
        return False


class Assign(Node):
    """`{% assign name = value %}`."""

    __slots__ = ("filtered", "name")

    blank = True

    def __init__(self, start: int, end: int, name: str, filtered: Filtered) -> None:
        super().__init__(start, end)
        self.name = name
        self.filtered = filtered

    def render(self, run: Run) -> bool:
        """Set the variable, and remember the path that it stands for."""
        try:
            value = self.filtered.value(run)
        except LiquidError:
            run.assign(self.name, Unknown("the build fails where it is assigned"))
            raise
        run.assign(self.name, "" if isinstance(value, Method) else value)
        path = run.path(self.filtered)
        if path:
            run.aliases[self.name] = path
        else:
            run.aliases.pop(self.name, None)
        return False


class Capture(Node):
    """`{% capture name %}...{% endcapture %}`."""

    __slots__ = ("body", "name")

    blank = True

    def __init__(self, start: int, end: int, name: str) -> None:
        super().__init__(start, end)
        self.name = name
        self.body = Body()

    def render(self, run: Run) -> bool:
        """Set the variable to the rendered body."""
        text, interrupted = run.capture(self.body.render)
        run.assign(self.name, text if len(text) <= LONGEST else Unknown("the text is too long"))
        run.aliases.pop(self.name, None)
        return interrupted


class Comment(Node):
    """`{% comment %}...{% endcomment %}`."""

    __slots__ = ("body",)

    blank = True

    def __init__(self, start: int, end: int) -> None:
        super().__init__(start, end)
        self.body = Body()

    def render(self, run: Run) -> bool:  # noqa: ARG002  # nothing is written
        """Do nothing."""
        return False


class If(Node):
    """`if` and `unless`, with `elsif` and `else`; a branch without a condition is an `else`."""

    __slots__ = ("blank", "branches", "negated")

    def __init__(self, start: int, end: int, *, negated: bool) -> None:
        super().__init__(start, end)
        self.branches: list[tuple[Condition | None, Body]] = []
        self.negated = negated  # the first condition, that of an `unless`
        self.blank = True

    def render(self, run: Run) -> bool:
        """Render the first branch whose condition holds; where that is not known, all that may be the one."""
        maybe: list[Render | None] = []
        negated = self.negated
        for condition, body in self.branches:
            try:
                answer = True if condition is None else condition.truth(run)
            except LiquidError as error:
                if not maybe:
                    raise
                answer = Unknown(f"it may fail: {error}")
            if isinstance(answer, Unknown):
                maybe.append(body.render)
            elif answer is not negated:
                return run.fork([*maybe, body.render]) if maybe else body.render(run)
            negated = False
        return run.fork([*maybe, None]) if maybe else False


class Case(Node):
    """`case`: every `when` that matches is rendered, `else` when none has."""

    __slots__ = ("blank", "branches", "subject")

    def __init__(self, start: int, end: int, subject: Expression) -> None:
        super().__init__(start, end)
        self.subject = subject
        self.branches: list[tuple[Expression | None, Body]] = []
        self.blank = True

    def render(self, run: Run) -> bool:
        """Render what matches."""
        otherwise: bool | None = True  # None: it is not known whether a branch has matched
        for wanted, body in self.branches:
            if wanted is None:
                answer: bool | Unknown = Unknown("") if otherwise is None else otherwise
            else:
                answer = compare("==", self.subject.value(run), wanted.value(run))
            if isinstance(answer, Unknown):
                interrupted = run.fork([body.render, None])
                otherwise = None if otherwise else otherwise
            elif answer:
                interrupted = body.render(run)
                otherwise = False
            else:
                continue
            if interrupted:
                return True
        return False


class Interrupt(Node):
    """`break` and `continue`."""

    __slots__ = ("kind",)

    def __init__(self, start: int, end: int, kind: str) -> None:
        super().__init__(start, end)
        self.kind = kind

    def render(self, run: Run) -> bool:
        """End what is being rendered, up to the loop."""
        run.interrupt = self.kind
        return True


class Cycle(Node):
    """`{% cycle "name": a, b %}`."""

    __slots__ = ("group", "values")

    def __init__(self, start: int, end: int, group: Expression | None, values: Sequence[Expression]) -> None:
        super().__init__(start, end)
        self.group = group
        self.values = values

    def render(self, run: Run) -> bool:
        """Put the next value out."""
        group = self.group.value(run) if self.group is not None else self._own_group(run)
        if isinstance(group, (list, dict)):
            group = printed(group)
        register = ("cycle", group)
        at = run.registers.get(register, 0)
        unknown = first_unknown((group, at))
        if unknown is not None or not isinstance(at, int):
            run.write_unknown(unknown, self)
            return False
        count = len(self.values)  # another tag of this name may have more
        text = printed(self.values[at].value(run)) if at < count else ""
        run.registers[register] = (
            Unknown("a break may have come before") if run.doubt else at + 1 if at + 1 < count else 0
        )
        if isinstance(text, Unknown):
            run.write_unknown(text, self)
        else:
            run.write(text, self)
        return False

    def _own_group(self, run: Run) -> object:
        """Without a name, tags with the same literals take turns together, and one with a variable goes alone."""
        if all(isinstance(value, (Literal, Constant)) for value in self.values):
            return tuple((type(value), to_s(value)) for value in (each.value(run) for each in self.values))
        return id(self)


class Counter(Node):
    """`increment` and `decrement`."""

    __slots__ = ("name", "step")

    def __init__(self, start: int, end: int, name: str, step: int) -> None:
        super().__init__(start, end)
        self.name = name
        self.step = step

    def render(self, run: Run) -> bool:
        """Put the counter out, before adding one or after taking one."""
        value = run.counters.get(self.name)
        if value is None:
            value = run.context.variables.get(self.name) or 0
        if isinstance(value, bool) or not isinstance(value, int):
            run.write_unknown(value if isinstance(value, Unknown) else Unknown("it counts what is no number"), self)
            return False
        run.counters[self.name] = Unknown("a break may have come before") if run.doubt else value + self.step
        run.write(str(value if self.step > 0 else value - 1), self)
        return False


class Ifchanged(Node):
    """`{% ifchanged %}...{% endifchanged %}`."""

    __slots__ = ("blank", "body")

    def __init__(self, start: int, end: int) -> None:
        super().__init__(start, end)
        self.body = Body()
        self.blank = True

    def render(self, run: Run) -> bool:
        """Put the body out unless it is what the last one was."""
        text, interrupted = run.capture(self.body.render)
        answer = same(run.registers.get("ifchanged"), text)
        run.registers["ifchanged"] = Unknown("a break may have come before") if run.doubt else text

        def write(run: Run) -> bool:
            run.write(text, self)
            return False

        if isinstance(answer, Unknown):
            run.fork([write, None])
        elif not answer:
            write(run)
        return interrupted


class Opaque(Node):
    """A plugin's tag: what it puts out is unknown, and what it assigns, too, unless it is known to assign nothing."""

    __slots__ = ("assigns", "name")

    def __init__(self, start: int, end: int, name: str, *, assigns: bool = True) -> None:
        super().__init__(start, end)
        self.name = name
        self.assigns = assigns

    def render(self, run: Run) -> bool:
        """Put the mark out."""
        unknown = Unknown(f"the tag '{self.name}' is a plugin's")
        if self.assigns:
            run.leak = unknown
        run.write_unknown(unknown, self)
        return False
