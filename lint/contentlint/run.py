"""The conductor: from a request to a report. It alone knows both the site and the rules."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from contentlint.assembly import Assembled, Assembly, Dated, Progress, failure
from contentlint.config import Chosen, Config, chosen, find_project, load
from contentlint.diagnostic import (
    Diagnostic,
    Edit,
    Fault,
    Fix,
    Lines,
    Related,
    Report,
    Severity,
    Span,
    Summary,
    UnusableError,
    fingerprints,
    order,
)
from contentlint.generators.jekyll.reading import is_media
from contentlint.liquid import MARK
from contentlint.page import Place
from contentlint.record import NamedTuple, Record, replace
from contentlint.resolving import Found, Missing, Resolution, Target, Unknown, copied, paths_of
from contentlint.rule import Example, Finding, Repair, Rule, Subject
from contentlint.rule import load as load_rules
from contentlint.schema import Names, Read
from contentlint.site import Site, Source, Unused, arrivals, suggestion
from contentlint.tree import WorkTree

if TYPE_CHECKING:
    from contentlint.assembly.known import Known
    from contentlint.fix import Judged
    from contentlint.meant import Meant

_SHOWN_LINES = 4
"""How many lines of a long span a diagnostic carries."""

CRASH = "internal-error"
"""The rule that always runs, and after all others: it speaks of their failures, too."""


class Request(Record, frozen=True):
    """What a command was asked to look at. Paths are as given on the command line, relative to `cwd`."""

    cwd: str
    root: str | None = None
    config: str | None = None
    paths: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    stdin_name: str | None = None
    stdin: bytes = b""
    cache: bool = False
    """Whether to remember what was found, for the next run."""
    cache_dir: str | None = None
    jobs: int = 1
    """How many processes may work; 0 for as many as pay."""


class UrlRow(NamedTuple):
    """A source file, or what no file stands behind, and one address of it."""

    source: str | None
    kind: str
    collection: str | None
    url: str
    output: str
    published: bool
    anchors: list[str]


class LinkRow(NamedTuple):
    """A reference, where it stands and what became of it."""

    source: str
    line: int
    column: int
    end_line: int
    end_column: int
    target: str
    role: str
    status: str
    resolved: str
    reason: str


@contextmanager
def uncollected() -> Iterator[None]:
    """Facts are made by the hundred thousand and none of them in cycles: the collector would only search in vain."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:  # pragma: no branch  the command line keeps it out for good; a program that calls us has it
            gc.enable()


Warn = Callable[[str], None]
"""Told what deserves a word but is no problem of the site: a sentence without its end."""


@uncollected()
def check(request: Request, progress: Progress | None = None) -> Report:
    """Lint a site. Raises UnusableError when nothing can be linted."""
    project = find_project(request.cwd, request.root)
    config, rules, running = plan(request, project)
    assembled, focus = assemble(request, project, config, progress)
    return Judge(assembled, rules, running, focus).report()


class Plan(NamedTuple):
    """What a run goes by."""

    config: Config
    rules: dict[str, Rule]
    """All that there are."""
    running: dict[str, Chosen]
    """Those that are wanted."""


def plan(
    request: Request,
    project: str,
    read: Read | None = None,
    names: Names | None = None,
    approved: Collection[str] = (),
) -> Plan:
    """Read the config and choose the rules; `config.load` says what the other arguments are. Raises UnusableError."""
    rules = load_rules()
    config = load(project, request.config, rules, read=read, names=names, approved=approved)
    running = chosen(config, rules, request.select, request.ignore, request.extend_select)
    running[CRASH] = Chosen(Severity.ERROR, rules[CRASH].options())
    return Plan(config, rules, running)


@uncollected()
def judged(request: Request, changed: Mapping[str, bytes], narrowed: Callable[[Report], Report]) -> Judged:
    """What is said of a site of which some files, by their path below the project, have another content.

    `narrowed` leaves of the report what the user asked for. Raises UnusableError when nothing can be linted.
    """
    from contentlint.fix import Judged

    project = find_project(request.cwd, request.root)
    config, rules, running = plan(request, project)
    assembled, focus = assemble(request, project, config, changed=changed)
    report = Judge(assembled, rules, running, focus).report()
    every = chosen(config, rules) | running
    problems = report.diagnostics
    if focus is not None or every != running:
        problems = Judge(assembled, rules, every, None).report().diagnostics
    references = {path: len(source.references) for path, source in assembled.site.sources.items()}
    return Judged(narrowed(report), problems, references, assembled.encoding)


@uncollected()
def urls(request: Request) -> list[UrlRow]:
    """Every address of the site, by source."""
    project = find_project(request.cwd, request.root)
    assembled, focus = assemble(request, project, load(project, request.config, load_rules()))
    site = assembled.site
    rows = []
    for item, target in zip(assembled.items, site.targets, strict=True):
        source = site.source_of(target) if target.kind != "redirect" else None
        path = site.path_of(target.source) if target.source is not None else None
        if focus is None or (path is not None and focus(path)):
            anchors = [each.name for each in source.anchors if MARK not in each.name] if source is not None else []
            rows.append(
                UrlRow(path, target.kind, item.collection or None, target.url, target.output, target.published, anchors)
            )
    for target in map(copied, paths_of(site.copies)):
        path = site.path_of(target.output)
        if focus is None or focus(path):
            rows.append(UrlRow(path, target.kind, None, target.url, target.output, target.published, []))
    return sorted(rows, key=lambda row: (row.source is None, row.source or "", row.url))


@uncollected()
def links(request: Request, to: str | None = None, status: str | None = None) -> list[LinkRow]:
    """Every reference of the site; `to` leaves those that lead to a page or file, by its path, output or URL."""
    project = find_project(request.cwd, request.root)
    assembled, focus = assemble(request, project, load(project, request.config, load_rules()))
    site = assembled.site
    wanted = None if to is None else _wanted(site, project, request.cwd, to)
    rows = []
    for source in site.sources.values():
        if focus is not None and not focus(source.path):
            continue
        lines = Lines(source.text())
        for reference, resolution in zip(source.references, source.resolved, strict=True):
            if wanted is not None and not wanted(resolution):
                continue
            match resolution:
                case Found(target):
                    became = "found", site.shown(target.url), ""
                case Missing(kind, tried):
                    became = "missing", "", f"{kind}: {', '.join(tried)}"
                case Unknown(reason):
                    became = "unknown", "", reason
                case external:
                    became = "external", external.url, ""
            if status in (None, became[0]):
                span = lines.span(reference.place.start, reference.place.end)
                rows.append(LinkRow(source.path, *span, source.written(reference.place), str(reference.role), *became))
    return rows


def examples(rule: Rule) -> list[tuple[Example, Report]]:
    """Each example of a rule with the report on it, through the whole pipeline with this rule alone."""
    import tempfile

    rules = load_rules()
    reports = []
    for example in rule.examples:
        with tempfile.TemporaryDirectory(prefix="contentlint-") as folder:
            for path, content in example.files.items():
                full = os.path.join(folder, *path.split("/"))
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "wb") as file:
                    file.write(content.replace("«", "").replace("»", "").encode())
            config = load(folder, None, rules)
            options = rule.options(**{name: _frozen(value) for name, value in example.options.items()})
            assembled = Assembly(WorkTree(folder), config).assemble()
            needed = {rule.name: Chosen(Severity.ERROR, options)}
            if rule.last:
                needed = chosen(config, rules) | needed
            report = Judge(assembled, rules, needed, None).report()
            only = tuple(each for each in report.diagnostics if each.rule == rule.name)
            reports.append((example, replace(report, diagnostics=only)))
    return reports


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


# -- what a request is about ------------------------------------------------------------------------------------------

Focus = Callable[[str], bool]


def assemble(
    request: Request,
    project: str,
    config: Config,
    progress: Progress | None = None,
    tree: Dated | None = None,
    changed: Mapping[str, bytes] = MappingProxyType({}),
    known: Known | None = None,
) -> tuple[Assembled, Focus | None]:
    """The site of a project, and what the report shall be about; `changed` files, by path below the project, hold that.

    With what is `known` of the whole it is a part of the site. Raises UnusableError when there is no page.
    """
    tree = tree or WorkTree(project)
    paths = [within(project, request.cwd, path) for path in request.paths]
    overlay = {}
    if request.stdin_name is not None:
        name = within(project, request.cwd, request.stdin_name, new=True)
        overlay[name] = request.stdin
        if not tree.is_file(name):
            from contentlint.tree.unsaved import Unsaved

            tree = Unsaved(WorkTree(project), name, request.stdin)
        paths.append(name)
    overlay |= changed
    if not request.config and not config.digest and not _may_be_site(tree):
        raise UnusableError(
            Fault(
                os.path.relpath(project, request.cwd),
                None,
                "no page is here, nor a _config.yml: nothing was linted",
                "run in the site's folder, or name it with --root",
            )
        )
    assembly = Assembly(tree, config, progress or (lambda _stage, _done, _total: None), overlay, request.jobs, known)
    assembled = assembly.assemble()
    if known is None and not any(
        target.kind in ("page", "post", "draft", "document") for target in assembled.site.targets
    ):
        where = os.path.join(project, assembled.settings.source) if assembled.settings.source else project
        raise UnusableError(
            Fault(
                os.path.relpath(where, request.cwd),
                None,
                "no page is here: nothing was linted",
                "run in the site's folder, or name it with --root or with `source:` in contentlint.yml",
            )
        )
    return assembled, _focus(assembled.site, tree, paths) if paths else None


_TEMPLATES = ("_posts", "_drafts", "_layouts", "_includes", "_data")
"""Folders that only a site has."""


def _may_be_site(tree: Dated) -> bool:
    """Whether a folder without any config looks like a site at first sight: a disk is not to be searched for pages."""
    files, folders, _ = tree.folder()
    if any(name in folders for name in _TEMPLATES):
        return True
    if "Gemfile" in files:
        return True
    return any(name.startswith("_config.") or _begins_as_page(tree, name) for name in files if not is_media(name))


def _begins_as_page(tree: Dated, path: str) -> bool:
    try:
        return tree.read(path, 3) == b"---"
    except OSError:
        return False


def within(project: str, cwd: str, path: str, *, new: bool = False) -> str:
    """A path of the command line as one relative to the project.

    Raises UnusableError when it lies outside, or is not there although it is not meant to be `new`.
    """
    full = os.path.normpath(os.path.join(cwd, path))
    if not new and not os.path.lexists(full):
        from contentlint.nearest import nearest

        near = nearest(os.path.basename(full), _names(os.path.dirname(full)))
        raise UnusableError(Fault(path, None, f"{path} is not there", f"did you mean {near}?" if near else ""))
    real = os.path.join(os.path.realpath(os.path.dirname(full)), os.path.basename(full))
    for each in (full, real):
        relative = os.path.relpath(each, project if each is full else os.path.realpath(project))
        if not relative.startswith(os.pardir):
            return "" if relative == os.curdir else relative.replace(os.sep, "/")
    raise UnusableError(
        Fault(path, None, f"{path} lies outside the project {project}", "name a path inside it, or another --root")
    )


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _focus(site: Site, tree: Dated, paths: Iterable[str]) -> Focus:
    """Which files a report is about: those named, those in named folders, and those that use a named picture."""
    files: set[str] = set()
    folders: list[str] = []
    for path in paths:
        if tree.is_folder(path):
            folders.append(path + "/" if path else "")
            continue
        files.add(path)
        for target in site.everything:
            if target.source is not None and target.kind == "static" and site.path_of(target.source) == path:
                files.update(source.path for source, _ in site.users.get(target.output, ()))
    return lambda path: path in files or any(path.startswith(folder) for folder in folders)


def _wanted(site: Site, project: str, cwd: str, to: str) -> Callable[[Resolution], bool]:
    """Whether a resolution arrives at what `to` names: a URL, an output, or a source file."""
    outputs = set()
    found = site.outputs.resolve(to if to.startswith("/") else "/" + to, "/", follow=False)
    if isinstance(found, Found):
        outputs.add(found.target.output)
    if site.outputs.baseurl and isinstance(below := site.outputs.lookup("/" + to.lstrip("/")), Target):
        outputs.add(below.output)
    full = os.path.normpath(os.path.join(cwd, to))
    relative = os.path.relpath(full, project).replace(os.sep, "/")
    outputs.update(
        target.output for target in site.everything if target.source and site.path_of(target.source) in (relative, to)
    )
    if not outputs:
        from contentlint.nearest import nearest

        near = nearest(to, (target.url for target in site.everything))
        raise UnusableError(
            Fault(to, None, f"{to} is no page or file of the site", f"did you mean {near}?" if near else "")
        )

    return lambda resolution: any(each.output in outputs for each in arrivals(resolution))


# -- judging ----------------------------------------------------------------------------------------------------------


def in_order(found: Iterable[tuple[Diagnostic, str]]) -> tuple[tuple[Diagnostic, ...], list[str]]:
    """Diagnostics as a report has them, each with a fingerprint, and the owner of each."""
    pairs = sorted(found, key=lambda each: order(each[0]))
    prints = fingerprints([(each.rule, each.path, each.value) for each, _ in pairs])
    diagnostics = (replace(each, fingerprint=print_) for (each, _), print_ in zip(pairs, prints, strict=True))
    return tuple(diagnostics), [owner for _, owner in pairs]


def _subjects(subject: Subject, sources: Iterable[Source]) -> list[Source]:
    """Those of these files that a rule with this subject looks at."""
    match subject:
        case Subject.PAGE:
            return [source for source in sources if source.kind == "page"]
        case Subject.NOTABLE:
            return [source for source in sources if source.resolved.notable]
        case Subject.MISTAKEN:
            return [source for source in sources if source.mistakes]
        case _:
            return list(sources)


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
        if rule.subject is Subject.SITE:
            if sources is not None:
                return
            try:
                yield from ((finding, "") for finding in rule.check(self._site, self._site, selected.options))
            except Exception as error:  # noqa: BLE001  the rest is linted
                self._failed(rule, next(iter(self._site.sources.values())), error)
            return
        for source in _subjects(rule.subject, self._site.sources.values() if sources is None else sources):
            options = selected.options
            if selected.per_file:
                severity, options = selected.at(self._relative(source.path))
                if severity is None:
                    continue
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
            near = self._meant.nearest(finding.near)
            way_out = way_out or suggestion([near.shown] if near.shown else [])
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
        """The lines and columns of a place, and the text of its lines; of a picture as a whole there is none to show."""
        if place.end == 0 and place.path not in self._site.sources:
            return Span(1, 1, 1, 1), ()
        lines = self._of(place.path)
        span = lines.span(place.start, place.end)
        last = min(span.end_line, span.line + _SHOWN_LINES - 1)
        return span, tuple(lines.line(number) for number in range(span.line, last + 1))

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
        for number, each in enumerate(source.suppressions if source is not None else ()):
            opening = each.opening and source is not None and place.start <= source.opening.end
            if each.line not in (0, line) and not opening:
                continue
            for name in [name for name, _, _ in each.names] or ["*"]:
                if name in (rule.name, rule.group, "*"):
                    self._spent.setdefault((path, number), set()).add(name)
                    return True
        return False

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
            needless = [at for at, (name, _, _) in enumerate(each.names) if name in ran - spent and name in names]
            for at, (name, start, end) in enumerate(each.names):
                if name not in names:
                    near, sure = offered(name, sorted(names))
                    yield Unused(name, start, end, False, (near,) if near else (), sure)
                elif at in needless:
                    yield Unused(name, start, end, True, (), False, *removal(source.text(), each, needless))

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
            unknown=sum(isinstance(each, Unknown) for source in sources for _, each in source.notable()),
            errors=sum(each.severity is Severity.ERROR for each in found),
            warnings=sum(each.severity is Severity.WARNING for each in found),
            suppressed=sum(self.suppressed.values()),
        )
