"""Where every run begins, as `contentlint` or as `python -m contentlint`, and where it ends when it is stopped."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # `signal` would load enum first
import gc
import os
import sys

TYPE_CHECKING = False  # typing takes half as long to import as Python takes to start
if TYPE_CHECKING:
    from typing import NoReturn

_ENDING = [getattr(_signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(_signal, name)]
_MOMENT = 0.02
"""Seconds until a stop that was lost is tried again."""


class Stopped(SystemExit):
    """Ctrl-C, or somebody stops the process: what is half-done is put away, and the exit code is the shells' 128 and the signal."""


def main() -> NoReturn:
    """Run the command that the process was started with, and exit."""
    _read_names_as_utf8()
    gc.disable()  # as `cli.main` does, but for what is imported before that, too
    try:
        heed()
        _run()
    except Stopped as stopped:
        os._exit(int(str(stopped.code)))  # whoever waits for the end need not wait until all is tidied up
    finally:
        for number in _ENDING:
            _signal.signal(number, _signal.SIG_IGN)  # the work is done


def heed() -> None:
    """From now on what ends a process raises `Stopped`. A signal that is ignored, as under nohup, stays so."""
    for number in _ENDING:
        if _signal.getsignal(number) is not _signal.SIG_IGN:
            _signal.signal(number, _stop)


def _run() -> NoReturn:
    from contentlint.cache import quick

    sentence = quick.answer(sys.argv[1:])
    if sentence is not None:
        quick.say(sentence)
        os._exit(0)  # what there is of the interpreter is not worth tidying up
    from contentlint import cli

    cli.main()


def _stop(number: int, _frame: object) -> NoReturn:
    for each in _ENDING:
        _signal.signal(each, _signal.SIG_IGN)  # who is putting things away is not disturbed at it
    stopped = Stopped(128 + number)

    def again(_number: int, _frame: object) -> NoReturn:
        raise stopped

    def lost(unraisable: object) -> None:
        """Python drops what is raised while it lets go of an object, as every import does: it has to come from other code."""
        if getattr(unraisable, "exc_value", None) is not stopped:
            return
        if hasattr(_signal, "setitimer"):
            _signal.signal(_signal.SIGALRM, again)
            _signal.setitimer(_signal.ITIMER_REAL, _MOMENT)
            return
        import _thread  # Windows has no such timer
        import time

        def wait() -> None:
            time.sleep(_MOMENT)
            _thread.interrupt_main()

        _signal.signal(_signal.SIGINT, again)
        _thread.start_new_thread(wait, ())

    sys.unraisablehook = lost
    raise stopped


def _read_names_as_utf8() -> None:
    """Begin again in UTF-8 where the locale says otherwise: names of files are what a browser will ask for, whatever the terminal takes.

    Python fixes how it reads them when it starts. What is said stays in the encoding that the terminal or the pipe was given: the
    locale's, or from Python 3.15 on UTF-8, unless PYTHONIOENCODING says otherwise.
    """
    if sys.getfilesystemencoding() == "utf-8" or os.name != "posix":
        return
    if not sys.executable or getattr(sys, "frozen", False):  # no Python of its own to begin again with
        return
    encoding = getattr(sys.stdout or sys.stderr, "encoding", None)
    if encoding:
        os.environ.setdefault("PYTHONIOENCODING", encoding)
    os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606 - the very command


if __name__ == "__main__":
    main()
