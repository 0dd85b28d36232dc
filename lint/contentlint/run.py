"""The conductor: from a request to a report. It alone knows both the site and the rules."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from contentlint.assembly import Assembled, Assembly, Progress
from contentlint.config import Chosen, Config, chosen, find_project, load
from contentlint.diagnostic import (
    Fault,
    Lines,
    Report,
    Severity,
    UnusableError,
)
from contentlint.generators.jekyll.reading import is_media
from contentlint.judge import CRASH, Focus, Judge
from contentlint.liquid import MARK
from contentlint.record import NamedTuple, Record, replace
from contentlint.resolving import Found, Missing, Resolution, Target, Unknown, copied, paths_of
from contentlint.rule import Example, Rule
from contentlint.rule import load as load_rules
from contentlint.site import Site, arrivals
from contentlint.tree import Dated, WorkTree, as_listed, below, relative

if TYPE_CHECKING:
    from contentlint.assembly.asking import Asks
    from contentlint.assembly.known import Known
    from contentlint.fix import Judged
    from contentlint.schema import Names, Read


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


_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


def uncollected(function: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """The same function: facts are made by the hundred thousand and none of them in cycles, the collector would only search in vain."""

    @wraps(function)  # as a context manager it would import inspect, from Python 3.15 on
    def run(*values: _Given.args, **named: _Given.kwargs) -> _Result:
        collects = gc.isenabled()
        gc.disable()
        try:
            return function(*values, **named)
        finally:
            if collects:  # pragma: no branch  the command line keeps it out for good; a program that calls us has it
                gc.enable()

    return run


Warn = Callable[[str], None]
"""Told what deserves a word but is no problem of the site: a sentence without its end."""


@uncollected
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
    rules: dict[str, Rule] | None = None,
) -> Plan:
    """Read the config and choose among the rules, all that there are when none are given; `config.load` says what the other
    arguments are. Raises UnusableError.
    """  # noqa: D205 - one sentence
    rules = rules or load_rules()
    config = load(project, request.config, rules, read=read, names=names, approved=approved)
    running = chosen(config, rules, request.select, request.ignore, request.extend_select)
    running[CRASH] = Chosen(Severity.ERROR, rules[CRASH].options())
    return Plan(config, rules, running)


@uncollected
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


@uncollected
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


@uncollected
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


def assemble(
    request: Request,
    project: str,
    config: Config,
    progress: Progress | None = None,
    tree: Dated | None = None,
    changed: Mapping[str, bytes] = MappingProxyType({}),
    known: Known | None = None,
    asks: Asks | None = None,
) -> tuple[Assembled, Focus | None]:
    """The site of a project, and what the report shall be about; `changed` files, by path below the project, hold that.

    With what is `known` of the whole it is a part of the site. `asks` is told who asks for what. Raises UnusableError when there is no page.
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
                relative(project, request.cwd),
                None,
                "no page is here, nor a _config.yml: nothing was linted",
                "run in the site's folder, or name it with --root",
            )
        )
    assembly = Assembly(
        tree, config, progress or (lambda _stage, _done, _total: None), overlay, request.jobs, known, asks
    )
    assembled = assembly.assemble()
    if known is None and not any(
        target.kind in ("page", "post", "draft", "document") for target in assembled.site.targets
    ):
        where = os.path.join(project, assembled.settings.source) if assembled.settings.source else project
        raise UnusableError(
            Fault(
                relative(where, request.cwd),
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
    for each, folder in ((full, project), (real, os.path.realpath(project))):
        way = below(each, folder)
        if way is not None:
            listed = as_listed(folder, way) if os.path.lexists(full) else way
            if listed is None:
                raise UnusableError(Fault(path, None, f"{path} is not there", "no file or folder has that very name"))
            return listed
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
    named = relative(full, project)
    outputs.update(
        target.output for target in site.everything if target.source and site.path_of(target.source) in (named, to)
    )
    if not outputs:
        from contentlint.nearest import nearest

        near = nearest(to, (target.url for target in site.everything))
        raise UnusableError(
            Fault(to, None, f"{to} is no page or file of the site", f"did you mean {near}?" if near else "")
        )

    return lambda resolution: any(each.output in outputs for each in arrivals(resolution))
