"""From a site to what is said of it: the rules are run, what is suppressed dropped, what is left stamped."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING

from contentlint.assembly import Assembled, failure
from contentlint.config import Chosen, chosen
from contentlint.diagnostic import (
    Diagnostic,
    Edit,
    Fix,
    Lines,
    Related,
    Report,
    Severity,
    Span,
    Summary,
    fingerprints,
    order,
)
from contentlint.names import EVERYTHING
from contentlint.page import Place
from contentlint.record import replace
from contentlint.resolving import Unknown
from contentlint.rule import Finding, Repair, Rule, Subject
from contentlint.site import Source, Unused, suggestion

if TYPE_CHECKING:
    from contentlint.meant import Meant

_SHOWN_LINES = 4
"""How many lines of a long span a diagnostic carries."""
_LONGEST_SHOWN = 10_000
"""Characters of them above which it carries none: one line of a megabyte may have ten thousand problems."""

_MOST_NAMES = 100
"""Names in one suppression above which it is not mended: each name's fix holds all that stay."""

_OPENING = -1
"""In the place of a line: the opening of front matter."""

CRASH = "internal-error"
"""The rule that always runs, and after all others: it speaks of their failures, too."""

Focus = Callable[[str], bool]
"""Whether a report is about a file, by its path."""


def in_order(found: Iterable[tuple[Diagnostic, str]]) -> tuple[tuple[Diagnostic, ...], list[str]]:
    """Diagnostics as a report has them, each with a fingerprint, and the owner of each."""
    pairs = sorted(found, key=lambda each: order(each[0]))
    prints = fingerprints([(each.rule, each.path, each.value) for each, _ in pairs])
    diagnostics = (replace(each, fingerprint=print_) for (each, _), print_ in zip(pairs, prints, strict=True))
    return tuple(diagnostics), [owner for _, owner in pairs]


def _subjects(rule: Rule, sources: Collection[Source]) -> Collection[Source]:
    """Those of these files that a rule looks at."""
    match rule.subject:
        case Subject.PAGE:
            sources = [source for source in sources if source.kind == "page"]
        case Subject.NOTABLE:
            sources = [source for source in sources if source.resolved.notable]
        case Subject.MISTAKEN:
            sources = [source for source in sources if source.mistakes]
        case _:
            pass
    return [*filter(attrgetter(rule.having), sources)] if rule.having else sources


class Judge:
    """Runs the rules over a site, drops what is suppressed, and stamps what is left.

    Without `advises` nobody looks for what was most likely meant: that takes longest.
    """

    def __init__(
        self,
        assembled: Assembled,
        rules: dict[str, Rule],
        running: dict[str, Chosen],
        focus: Focus | None,
        *,
        advises: bool = True,
    ) -> None:
        self._site = assembled.site
        self._advises = advises
        self._assembled = assembled
        self._rules = rules
        self._running = running
        self._focus = focus
        self._excluded = [each.pattern for each in assembled.config.exclude]
        self._lines: dict[str, Lines] = {}
        self._spent: dict[tuple[str, int], set[str]] = {}
        """The names that each suppression has suppressed something by, by its file and number."""
        self._covering: dict[str, dict[tuple[int, str], tuple[int, int, str]]] = {}
        """Of each file, by the line that is covered and a name: the number of the first suppression with it, and its place there."""
        self.suppressed: dict[str, int] = {}
        """How many problems were suppressed, by the file that was looked at; "" for the site as a whole."""
        self.owners: list[str] = []
        """Of each diagnostic of the report: the file that was looked at; "" for the site as a whole."""
        self.entangled: set[str] = set()
        """Files of which others had something to say, and those others: none of them can be judged alone."""

    def report(self) -> Report:
        """Judge the whole site."""
        found, self.owners = in_order(self.judge(None))
        return Report(found, self._summary(found))

    def judge(self, sources: Sequence[Source] | None) -> list[tuple[Diagnostic, str]]:
        """The problems of some files, each with its owner; None means the whole site."""
        diagnostics: dict[tuple[object, ...], tuple[Diagnostic, str]] = {}
        self._site.unused_suppressions = self._unused
        for rule in sorted(
            map(self._rules.__getitem__, self._running), key=lambda each: (each.last, each.name == CRASH)
        ):
            selected = self._running[rule.name]
            for finding, owner in self._findings(rule, selected, sources):
                diagnostic = self._stamped(rule, selected, finding, owner)
                if diagnostic is not None:
                    diagnostics.setdefault((*order(diagnostic), diagnostic.value), (diagnostic, owner))
        return list(diagnostics.values())

    def _findings(
        self, rule: Rule, selected: Chosen, sources: Sequence[Source] | None
    ) -> Iterator[tuple[Finding, str]]:
        asks = self._assembled.by.asks
        if rule.subject is Subject.SITE:
            if sources is not None:
                return
            if asks is not None:
                asks.of("")
            try:
                yield from ((finding, "") for finding in rule.check(self._site, self._site, selected.options))
            except Exception as error:  # noqa: BLE001  the rest is linted
                self._failed(rule, next(iter(self._site.sources.values())), error)
            return
        for source in _subjects(rule, [*self._site.sources.values()] if sources is None else sources):
            options = selected.options
            if selected.per_file:
                severity, options = selected.at(self._relative(source.path))
                if severity is None:
                    continue
            if asks is not None:
                asks.of(source.path)
            try:
                yield from ((finding, source.path) for finding in rule.check(source, self._site, options))
            except Exception as error:  # noqa: BLE001  the rest is linted
                self._failed(rule, source, error)

    def _failed(self, rule: Rule, source: Source, error: Exception) -> None:
        source.mistakes.append(failure(source.path, f"asking {rule.name}", error))

    def _relative(self, path: str) -> str:
        return path.removeprefix(self._site.folder)

    def _stamped(self, rule: Rule, selected: Chosen, finding: Finding, owner: str) -> Diagnostic | None:
        """The diagnostic of a finding; None when it is suppressed, excluded, or beside the focus."""
        path = finding.place.path
        for each in (finding.place, *(place for place, _ in finding.related)):
            if each.path != owner:
                self.entangled |= {each.path, owner}
        relative = self._relative(path)
        severity, _ = selected.at(relative) if selected.per_file else (selected.severity, None)
        if severity is None or any(pattern.match(relative) is not None for pattern in self._excluded):
            return None
        span, shown = self._seen(finding.place)
        if self._is_suppressed(rule, path, span.line, finding.place):
            self.suppressed[owner] = self.suppressed.get(owner, 0) + 1
            return None
        if self._focus is not None and not self._focus(path):
            return None
        related = tuple(Related(place.path, self._seen(place)[0], message) for place, message in finding.related)
        way_out, repair = finding.help, finding.repair
        if self._advises and finding.near is not None and not (way_out and repair):
            if (asks := self._assembled.by.asks) is not None:
                asks.ask(EVERYTHING)
            near = self._meant.nearest(finding.near)
            way_out = way_out or (suggestion([near.shown]) if near.shown else finding.otherwise)
            if repair is None and finding.instead is not None and near.sure:
                repair = finding.instead(near.name)
        fix = self._fix(path, repair) if repair is not None else None
        return Diagnostic(path, span, finding.value, rule.name, severity, finding.message, way_out, fix, related, shown)

    def _fix(self, path: str, repair: Repair) -> Fix:
        lines = self._of(path)
        return Fix(
            repair.title, tuple(Edit(lines.span(start, end), text) for start, end, text in repair.edits), repair.safe
        )

    def _seen(self, place: Place) -> tuple[Span, tuple[str, ...]]:
        """The lines and columns of a place, and the text of its lines, as far as it can be shown: of a picture there is none."""
        if place.end == 0 and place.path not in self._site.sources:
            return Span(1, 1, 1, 1), ()
        lines = self._of(place.path)
        span = lines.span(place.start, place.end)
        last = min(span.end_line, span.line + _SHOWN_LINES - 1)
        return span, lines.lines(span.line, last, _LONGEST_SHOWN)

    def _of(self, path: str) -> Lines:
        lines = self._lines.get(path)
        if lines is None:
            if len(self._lines) > 256:
                self._lines.clear()
            source = self._site.sources.get(path)
            lines = self._lines[path] = Lines(source.text() if source is not None else self._assembled.text(path))
        return lines

    # -- suppressions ------------------------------------------------------------------------------------------------

    def _is_suppressed(self, rule: Rule, path: str, line: int, place: Place) -> bool:
        source = self._site.sources.get(path)
        if source is None or not source.suppressions:
            return False
        covering = self._covering.get(path)
        if covering is None:
            covering = self._covering[path] = {}
            for number, each in enumerate(source.suppressions):
                for at, name in enumerate([name for name, _, _ in each.names] or ["*"]):
                    covering.setdefault((each.line, name), (number, at, name))
                    if each.opening:
                        covering.setdefault((_OPENING, name), (number, at, name))
        lines = (0, line, _OPENING) if place.start <= source.opening.end else (0, line)
        near = [covering.get((each, name)) for each in lines for name in (rule.name, rule.group, "*")]
        first = min((each for each in near if each is not None), default=None)
        if first is not None:
            self._spent.setdefault((path, first[0]), set()).add(first[2])
        return first is not None

    def _unused(self, source: Source) -> Iterator[Unused]:
        """The names in a file's suppressions that were not needed although their rules ran."""
        if not source.suppressions:
            return
        names = {*self._rules, *(rule.group for rule in self._rules.values())}
        silent = chosen(self._assembled.config, self._rules).keys() - self._running.keys()
        from contentlint.nearest import offered
        from contentlint.suppression import removal

        ran = {*self._running, *(self._rules[name].group for name in self._running)}
        ran -= {self._rules[name].group for name in silent}
        for number, each in enumerate(source.suppressions):
            spent = self._spent.get((source.path, number), set())
            if not each.names and not spent and not silent:
                yield Unused("every rule", each.start, each.end, True, (), False, *removal(source.text(), each, ()))
            idle = (ran - spent) & names
            needless = {at for at, (name, _, _) in enumerate(each.names) if name in idle}
            away = removal(source.text(), each, needless) if len(each.names) <= _MOST_NAMES else (None, False)
            for at, (name, start, end) in enumerate(each.names):
                if name not in names:
                    near, sure = offered(name, sorted(names))
                    yield Unused(name, start, end, False, (near,) if near else (), sure)
                elif at in needless:
                    yield Unused(name, start, end, True, (), False, *away)

    @cached_property
    def _meant(self) -> Meant:
        from contentlint.meant import Meant  # a clean site needs no advice

        return Meant(self._assembled)

    def _summary(self, found: Sequence[Diagnostic]) -> Summary:
        targets = self._site.targets
        sources = self._site.sources.values()
        return Summary(
            pages=sum(target.kind in ("page", "post", "draft", "document") for target in targets),
            assets=sum(target.kind == "static" for target in targets) + sum(map(len, self._site.copies.values())),
            references=sum(len(source.references) for source in sources),
            unknown=sum(isinstance(each, Unknown) for source in sources for each in source.resolved.notable.values()),
            errors=sum(each.severity is Severity.ERROR for each in found),
            warnings=sum(each.severity is Severity.WARNING for each in found),
            suppressed=sum(self.suppressed.values()),
        )
