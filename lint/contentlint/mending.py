"""`check --fix` and `check --diff`: from a request to fixed files, or to what would be changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from contentlint import fix, run
from contentlint.config import find_project
from contentlint.diagnostic import Fault, Report, UnusableError
from contentlint.reporters.text import BOLD, cells, counted, painted, place, visible
from contentlint.tree import WorkTree, relative

_COLOURS = {"+": "32", "-": "31", "@": "36"}


def mend(
    request: run.Request, narrowed: Callable[[Report], Report] = lambda report: report, *, unsafe: bool, dry: bool
) -> fix.Mended:
    """Fix what a request's report says, in memory. `dry` looks away from what cannot be written.

    `narrowed` leaves of a report what the user is told. Raises UnusableError when nothing can be linted, or a file is not
    what was judged.
    """
    project = find_project(request.cwd, request.root)
    tree = WorkTree(project)
    named = run.within(project, request.cwd, request.stdin_name, new=True) if request.stdin_name is not None else None
    return fix.mend(
        lambda changed: run.judged(request, changed, narrowed),
        lambda path: request.stdin if path == named else tree.read(path),
        unsafe=unsafe,
        blocked=lambda path: "" if dry or path == named else fix.blocked(project, path),
    )


def write(request: run.Request, mended: fix.Mended) -> None:
    """Put what is mended in the place of the files. Raises UnusableError when one cannot be written, or has changed."""
    written: list[str] = []
    try:
        written.extend(fix.write(find_project(request.cwd, request.root), mended))
    except fix.ChangedError as changed:
        raise UnusableError(_unwritten(str(changed), "this file has changed meanwhile", written)) from changed
    except OSError as error:
        path = relative(error.filename or "", request.cwd)
        raise UnusableError(_unwritten(path, f"cannot be written: {error.strerror or error}", written)) from error


def _unwritten(path: str, message: str, written: list[str]) -> Fault:
    done = f"{counted(len(written), 'file')} before it are fixed" if written else "nothing was written"
    return Fault(path, None, message, f"{done}; run it again")


def fixed_stdin(request: run.Request, mended: fix.Mended) -> bytes:
    """What stdin holds, fixed."""
    return next(iter(mended.after.values()), request.stdin)


def diff(mended: fix.Mended, *, colour: bool) -> Iterator[str]:
    """The changes for a person to read: as `fix.diff`, with what cannot be seen spelt out."""
    lines = b"".join(fix.diff(mended)).decode("utf-8", "backslashreplace").split("\n")
    for line in lines[:-1]:
        text = "".join(shown for shown, _ in cells(line))
        code = BOLD if line.startswith(("---", "+++")) else _COLOURS.get(line[:1], "")
        yield painted(text, code, colour=colour and bool(code))


def told(mended: fix.Mended, *, dry: bool) -> Iterator[str]:
    """What was fixed, or would be, and what was not and why."""
    if mended.fixed or dry:
        did = "Would fix" if dry else "Fixed"
        where = f" in {counted(len(mended.after), 'file')}" if mended.fixed else ""
        yield f"{did} {counted(len(mended.fixed), 'problem')}{where}."


def left(mended: fix.Mended) -> Iterator[str]:
    """What was not fixed although it has a fix, and why; a file that cannot be written is named once."""
    for path, why in dict.fromkeys((each.diagnostic.path, each.why) for each in mended.left if each.unwritable):
        yield f"{visible(path)}: error: not fixed: {visible(why)}"
    for each in mended.left:
        if not each.unwritable:
            where = place(each.diagnostic.path, each.diagnostic.span)
            yield f"{where}: note: {each.diagnostic.rule} is not fixed: {visible(each.why)}"
