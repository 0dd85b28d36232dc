"""The command line: commands, flags and exit codes.

Start-up is the product on a commit hook: nothing is imported before the command at hand needs it.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from contentlint import __version__, terminal
from contentlint.cache import quick
from contentlint.record import NamedTuple
from contentlint.reporters import FOR_CI, FOR_PEOPLE, FORMATS, reporter
from contentlint.usage import Options, meant, usage

if TYPE_CHECKING:
    from contentlint.diagnostic import Fault, Report, UnusableError
    from contentlint.fix import Mended
    from contentlint.reporters.sarif import Manual
    from contentlint.run import LinkRow, Request

CLEAN, PROBLEMS, UNUSABLE, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes."""

LIBRARIES = {"PyYAML": "yaml", "jsonschema": "jsonschema", "jsonschema-rs": "jsonschema_rs"}
"""Distributions that a report may depend on, and the module that each installs."""


def main() -> NoReturn:
    """Run the command that the process was started with, and exit."""
    gc.disable()  # what a run makes lasts until the process ends: the collector would search all of it in vain
    code = execute(sys.argv[1:])
    gc.freeze()  # nor has the interpreter to search it at its own end
    sys.exit(code)


def execute(arguments: Sequence[str]) -> int:
    """Run a command line without the program's name; the result is the exit code. Whatever fails is said on stderr."""
    terminal.prepare()
    try:
        return _dispatch(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last one who can turn it into a sentence
        from contentlint.diagnostic import UnusableError

        if isinstance(error, UnusableError):
            terminal.say(_told(error.faults), sys.stderr)
            return UNUSABLE
        return _crashed(error, verbose="-v" in arguments or "--verbose" in arguments)


def _dispatch(arguments: Sequence[str]) -> int:
    if not arguments:
        terminal.say(_help(), sys.stderr)
        return UNUSABLE
    name, *rest = arguments
    if name in {"-h", "--help", "help"}:
        _print(_help())
        return CLEAN
    if name in {"-V", "--version"}:
        _print([f"contentlint {__version__}"])
        return CLEAN
    command = COMMANDS.get(name)
    if command is None:
        raise _unknown_command(name)
    options = _plain(arguments)
    if options is None:
        from contentlint import flags

        options = flags.parse(name, command.summary, rest)
    return command.run(options)


_PLAIN: dict[str, Any] = {
    **dict.fromkeys(("baseline", "cache_dir", "config", "output_file", "root", "since", "stdin_filename"), None),
    **dict.fromkeys(("diff", "fix", "no_cache", "quiet", "staged", "statistics", "unsafe_fixes", "verbose"), False),
    **dict.fromkeys(("extend_select", "ignore", "paths", "select"), ()),
    "color": "auto",
    "fail_on": "error",
    "jobs": 0,
    "output_format": FORMATS[0],
}
"""What the flags of `check` are when nobody says otherwise."""


def _plain(arguments: Sequence[str]) -> Options | None:
    """The options of a `check` with no flags but the plainest: most runs need no parser, which takes a tenth of them."""
    given = quick.flags(arguments)
    if given is None:
        return None
    switches = {name: name in given for name in ("quiet", "staged")}
    return Options(**_PLAIN | given | switches)


class Command(NamedTuple):
    """What can stand behind `contentlint`."""

    summary: str
    run: Callable[[Options], int]
    """Does it; the result is the exit code."""


# -- commands -------------------------------------------------------------------------------------------------------


def _check(options: Options) -> int:
    from contentlint import run
    from contentlint.reporters.summary import fixable, sentence, statistics

    request = _request(options)
    if options.fix or options.diff:
        return _fix(request, options)
    progress = terminal.Progress(sys.stderr, draws=sys.stderr.isatty())
    try:
        if options.staged or options.since is not None:
            from contentlint import change

            report = change.check(request, is_staged=options.staged, ref=options.since, progress=progress, warn=_warn)
        elif request.cache:
            from contentlint import remembering

            report = remembering.check(request, progress, _warn)
        else:
            report = run.check(request, progress)
    finally:
        progress.close()
    report, outdated = _without_known(report, request, options.baseline, partial=options.since is not None)
    _put(_reported(report, request, options, sys.stdout), options)
    if options.statistics:
        terminal.say(statistics(report), sys.stderr)
    if options.output_format in FOR_PEOPLE and not options.quiet:
        terminal.say([sentence(report.summary), *fixable(report, unsafe=options.unsafe_fixes)], sys.stderr)
    if outdated and not options.quiet:
        terminal.say([outdated], sys.stderr)
    if options.verbose:
        terminal.say(_looked_at(request, progress), sys.stderr)
    return _verdict(report, options.fail_on)


def _reported(report: Report, request: Request, options: Options, stream: TextIO) -> Iterable[str]:
    """The report's lines in the format that the flags ask for, for a stream unless they name a file."""
    if options.output_format in FOR_CI:
        from contentlint.config import find_project
        from contentlint.reporters.worktree import from_top

        report = from_top(report, find_project(request.cwd, request.root))
    out = None if options.output_file else stream
    lines = reporter(
        options.output_format,
        colour=terminal.coloured(options.color, out, os.environ),
        width=(terminal.width(stream) if out else None) or terminal.PIPE_WIDTH,
        unsafe=options.unsafe_fixes,
        manuals=_manuals,
    )
    return lines(report)


def _fix(request: Request, options: Options) -> int:
    """`check` with `--fix` or `--diff`: what is fixed is written, or shown; of stdin it comes out at stdout."""
    from contentlint import mending
    from contentlint.reporters.summary import fixable, sentence, statistics

    if options.staged:
        raise usage("--staged looks at the git index, --fix and --diff at the work tree", "give one of them")
    if options.since is not None:
        raise usage("--since compares two states of the site, --fix and --diff change one", "give one of them")
    mended = mending.mend(
        request,
        lambda report: _without_known(report, request, options.baseline)[0],
        unsafe=options.unsafe_fixes,
        dry=options.diff,
    )
    report = mended.report
    if options.diff:
        _show_diff(mended, options)
    elif request.stdin_name is not None:
        terminal.pour([mending.fixed_stdin(request, mended)], sys.stdout)
        lines = _reported(report, request, options, sys.stderr)
        _put(lines, options) if options.output_file else terminal.say(lines, sys.stderr)
    else:
        mending.write(request, mended)
        _put(_reported(report, request, options, sys.stdout), options)
    if options.statistics:
        terminal.say(statistics(report), sys.stderr)
    terminal.say(mending.left(mended), sys.stderr)
    if (options.output_format in FOR_PEOPLE or options.diff) and not options.quiet:
        terminal.say(mending.told(mended, dry=options.diff), sys.stderr)
        if not options.diff:
            terminal.say([sentence(report.summary), *fixable(report, unsafe=options.unsafe_fixes)], sys.stderr)
    if any(each.unwritable for each in mended.left):
        return UNUSABLE
    verdict = _verdict(report, options.fail_on)
    return PROBLEMS if verdict == CLEAN and options.diff and mended.fixed and options.fail_on != "never" else verdict


def _show_diff(mended: Mended, options: Options) -> None:
    """The diff in the files' own bytes for programs, made visible on a terminal."""
    from contentlint import fix, mending

    out = None if options.output_file else sys.stdout
    colour = terminal.coloured(options.color, out, os.environ)
    if options.output_file:
        from contentlint.writing import replace

        try:
            replace(options.output_file, b"".join(fix.diff(mended)))
        except OSError as error:
            raise usage(f"cannot write {options.output_file}: {error.strerror}") from error
    elif colour or sys.stdout.isatty():
        _print(mending.diff(mended, colour=colour))
    else:
        terminal.pour(fix.diff(mended), sys.stdout)


def _without_known(report: Report, request: Request, named: str | None, *, partial: bool = False) -> tuple[Report, str]:
    """The report without what the baseline knows, and a word on what is gone of that; "" when a run cannot tell."""
    from contentlint import project as projects

    project = projects.find(request.cwd) if request.root is None else os.path.join(request.cwd, request.root)
    if named is None and not projects.has(project, projects.BASELINE):
        return report, ""
    from contentlint import baseline
    from contentlint.reporters.text import counted

    path, name = baseline.find(project, request.cwd, named)
    known = baseline.read(path, name)
    new = baseline.left_out(report, known)
    partial = bool(partial or request.paths or request.select or request.ignore or request.stdin_name)
    gone = [] if partial else baseline.stale(report, known)
    if not gone:
        return new, ""
    return new, f"{counted(len(gone), 'problem')} of {name} gone: contentlint baseline --prune forgets {_them(gone)}."


def _them(several: Sequence[object]) -> str:
    return "it" if len(several) == 1 else "them"


def _baseline(options: Options) -> int:
    from contentlint import baseline, run
    from contentlint.config import find_project
    from contentlint.reporters.text import counted

    request = _request(options)
    path, name = baseline.find(find_project(request.cwd, request.root), request.cwd, options.baseline)
    known = baseline.read(path, name) if options.prune else {}
    report = run.check(request)
    if options.prune:
        gone = {entry.fingerprint for entry in baseline.stale(report, known)}
        left: baseline.Known = {fingerprint: entry for fingerprint, entry in known.items() if fingerprint not in gone}
        told = f"Forgot {counted(len(gone), 'problem')} in {name}; {len(left)} left."
    else:
        left = baseline.of(report.diagnostics)
        files = len({entry.path for entry in left.values()})
        told = f"Recorded {counted(len(left), 'problem')} in {counted(files, 'file')}: {name}"
    baseline.write(path, name, left)
    terminal.say([told], sys.stderr)
    return CLEAN


def _init(options: Options) -> int:
    from contentlint import init
    from contentlint.reporters.text import visible

    here = _here()
    progress = terminal.Progress(sys.stderr, draws=sys.stderr.isatty())
    try:
        proposal = init.propose(here, options.root, progress)
    finally:
        progress.close()
    if options.diff:
        _print(visible(line) for line in init.diff(proposal))
    else:
        _print([*proposal.config.splitlines(), ""])
    terminal.say(map(visible, init.told(proposal)), sys.stderr)
    if not options.diff:
        init.write(here, options.root, proposal.files)
        terminal.say(["", f"Wrote {', '.join(proposal.files)}."], sys.stderr)
    return CLEAN


def _urls(options: Options) -> int:
    from contentlint import run
    from contentlint.reporters import listing

    rows = run.urls(_request(options))
    if options.output_format == "json":
        _put(listing.array(row._asdict() for row in rows), options)
        return CLEAN
    shown = [("KIND", "URL", "SOURCE"), *((row.kind, row.url, row.source or "-") for row in rows)]
    _put(listing.table(shown, None if options.output_file else terminal.width(sys.stdout)), options)
    return CLEAN


def _links(options: Options) -> int:
    from contentlint import run
    from contentlint.reporters import listing

    rows = run.links(_request(options), to=options.to, status=options.status)
    if options.output_format == "json":
        _put(listing.array(row._asdict() for row in rows), options)
        return CLEAN
    colour = terminal.coloured(options.color, None if options.output_file else sys.stdout, os.environ)
    _put(_link_lines(rows, colour=colour), options)
    return CLEAN


def _rule(options: Options) -> int:
    from contentlint import explain
    from contentlint.rule import load

    rules = load()
    colour = terminal.coloured(options.color, sys.stdout, os.environ)
    if options.name is None:
        _print(explain.catalogue(rules.values(), colour=colour))
        return CLEAN
    rule = rules.get(options.name)
    if rule is None:
        raise usage(f"there is no rule {options.name}", meant(options.name, rules) or "contentlint rule lists them")
    width = terminal.width(sys.stdout) or terminal.PIPE_WIDTH
    _print(explain.text(rule, colour=colour, width=width))
    return CLEAN


def _clean(options: Options) -> int:
    from contentlint import remembering, run
    from contentlint.reporters.text import visible

    removed = remembering.clean(run.Request(cwd=_here(), root=options.root, cache_dir=options.cache_dir))
    terminal.say([f"Removed {visible(removed)}." if removed else "There was no cache."], sys.stderr)
    return CLEAN


def _version(_options: Options) -> int:
    versions = {"contentlint": __version__}
    versions |= {name: _installed(name, module) or "not installed" for name, module in LIBRARIES.items()}
    versions["Python"] = sys.version.partition(" ")[0]
    _print(f"{name} {version}" for name, version in versions.items())
    return CLEAN


COMMANDS = {
    "check": Command("Lint the site.", _check),
    "init": Command("Write a config and schemas that the pages which are there keep to.", _init),
    "baseline": Command("Record today's problems, so that only new ones are reported.", _baseline),
    "urls": Command("List every source file and what it becomes.", _urls),
    "links": Command("List every reference and how it resolved.", _links),
    "rule": Command("Explain a rule, or list all.", _rule),
    "clean": Command("Remove the site's cache.", _clean),
    "version": Command("Print the version, and those of the libraries used.", _version),
}


# -- what the commands stand on -------------------------------------------------------------------------------------


def _request(options: Options) -> Request:
    """What the flags ask of the conductor; `-` among the paths is stdin, which needs its name."""
    from contentlint.run import Request

    named = getattr(options, "paths", ())
    paths = tuple(path for path in named if path != "-")
    piped = len(paths) < len(named)
    name = getattr(options, "stdin_filename", None)
    if piped and name is None:
        raise usage("stdin needs a name", "say which file it stands for: --stdin-filename NAME -")
    if name is not None and not piped:
        raise usage("--stdin-filename is there, stdin is not asked for", "give - as the path")
    if piped and getattr(options, "staged", False):
        raise usage("--staged looks at the git index, which has nothing of stdin", "give one of them")
    return Request(
        cwd=_here(),
        root=options.root,
        config=options.config,
        paths=paths,
        select=tuple(getattr(options, "select", ())),
        ignore=tuple(getattr(options, "ignore", ())),
        extend_select=tuple(getattr(options, "extend_select", ())),
        stdin_name=name,
        stdin=sys.stdin.buffer.read() if piped else b"",
        cache=not options.no_cache,
        cache_dir=options.cache_dir,
        jobs=getattr(options, "jobs", 1),
    )


def _warn(message: str) -> None:
    from contentlint.reporters.text import visible

    terminal.say([f"warning: {visible(message)}"], sys.stderr)


def _here() -> str:
    try:
        return os.getcwd()
    except FileNotFoundError as error:
        raise usage("the working directory is no more") from error


def _put(lines: Iterable[str], options: Options) -> None:
    """Write what a command found to where its flags say."""
    if not options.output_file:
        if options.output_format not in FOR_PEOPLE:
            terminal.for_programs(sys.stdout)
        _print(lines)
        return
    try:
        terminal.save(lines, options.output_file)
    except OSError as error:
        raise usage(f"cannot write {options.output_file}: {error.strerror}") from error


def _print(lines: Iterable[str]) -> None:
    try:
        terminal.say(lines, sys.stdout)
    except OSError as error:
        raise usage(f"cannot write to stdout: {error.strerror}") from error


def _looked_at(request: Request, progress: terminal.Progress) -> Iterator[str]:
    from pathlib import Path

    from contentlint.config import NAME, find_project
    from contentlint.reporters.text import visible

    project = find_project(request.cwd, request.root)
    config = Path(request.cwd, request.config or Path(project, NAME))
    yield f"project: {visible(project)}"
    yield f"config: {visible(str(config)) if config.is_file() else 'none'}"
    for stage, seconds in progress.times.items():
        yield f"{stage}: {seconds * 1000:.0f} ms"


def _manuals() -> Mapping[str, Manual]:
    from contentlint.explain import manuals

    return manuals()


def _verdict(report: Report, fail_on: str) -> int:
    if any(diagnostic.rule == "internal-error" for diagnostic in report.diagnostics):
        return INTERNAL
    failing = {"error": {"error"}, "warning": {"error", "warning"}, "never": set[str]()}[fail_on]
    return PROBLEMS if any(diagnostic.severity in failing for diagnostic in report.diagnostics) else CLEAN


def _link_lines(rows: Iterable[LinkRow], *, colour: bool) -> Iterator[str]:
    from contentlint.diagnostic import Span
    from contentlint.reporters.text import BOLD, painted, place, visible

    for row in rows:
        where = painted(
            place(row.source, Span(row.line, row.column, row.end_line, row.end_column)), BOLD, colour=colour
        )
        arrow = f" -> {visible(row.resolved)}" if row.resolved else ""
        reason = f": {visible(row.reason)}" if row.reason else ""
        yield f"{where} {visible(row.target)}{arrow} [{row.status}{reason}]"


def _installed(distribution: str, module: str) -> str:
    """The version of the distribution beside a module, by the name of its metadata folder; empty when there is none.

    Nothing is imported and no metadata read: importlib.metadata alone would double the time of `version`.
    """
    from importlib.machinery import PathFinder

    spec = PathFinder.find_spec(module)
    if spec is None or not spec.origin:
        return ""
    parts = 1 if spec.submodule_search_locations is None else 2
    folder = spec.origin.rsplit(os.sep, parts)[0]
    wanted = distribution.lower().replace("-", "_")
    with os.scandir(folder) as entries:
        for entry in entries:
            name, _, version = entry.name.removesuffix(".dist-info").rpartition("-")
            if entry.name.endswith(".dist-info") and name.lower().replace("-", "_") == wanted:
                return version
    return ""


def _help() -> Iterator[str]:
    yield "contentlint finds what leads nowhere in the source of a Jekyll site, without building it."
    yield ""
    yield "usage: contentlint COMMAND [FLAGS] [PATH...]"
    yield ""
    for name, command in COMMANDS.items():
        yield f"  {name:<8} {command.summary}"
    yield ""
    yield "contentlint COMMAND --help lists the flags of a command."


def _unknown_command(name: str) -> UnusableError:
    if name.startswith("-"):
        return usage(f"{name} stands in front of a command", "flags stand behind it: contentlint check FLAGS")
    if os.access(name, os.F_OK):
        return usage(f"there is no command {name}", f"to lint it: contentlint check {name}")
    return usage(f"there is no command {name}", meant(name, COMMANDS) or "contentlint --help lists them")


def _told(faults: Iterable[Fault]) -> Iterator[str]:
    from contentlint.reporters.text import place, visible

    for fault in faults:
        where = place(fault.path, fault.span) if fault.span else visible(fault.path)
        yield f"{where}: error: {visible(fault.message)}" if where else f"error: {visible(fault.message)}"
        if fault.help:
            yield f"  help: {visible(fault.help)}"


def _crashed(error: Exception, *, verbose: bool) -> int:
    from contentlint.reporters.text import visible

    if verbose:
        import traceback

        terminal.say("".join(traceback.format_exception(error)).splitlines(), sys.stderr)
    told = visible(f"{type(error).__name__}: {error}")
    advice = "" if verbose else " and what -v says"
    terminal.say(
        [f"internal error: {told}. Please report it with the command, the output of contentlint version{advice}."],
        sys.stderr,
    )
    return INTERNAL
