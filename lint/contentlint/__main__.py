"""Where every run begins, as `contentlint` or as `python -m contentlint`."""

from __future__ import annotations

import gc
import os
import sys

from contentlint.cache import quick

TYPE_CHECKING = False  # typing takes half as long to import as Python takes to start
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> NoReturn:
    """Run the command that the process was started with, and exit."""
    _read_names_as_utf8()
    gc.disable()  # as `cli.main` does, but for what is imported before that, too
    sentence = quick.answer(sys.argv[1:])
    if sentence is not None:
        quick.say(sentence)
        os._exit(0)  # what there is of the interpreter is not worth tidying up
    from contentlint import cli

    cli.main()


def _read_names_as_utf8() -> None:
    """Begin again in UTF-8 where the locale says otherwise: names of files are what a browser will ask for, whatever the terminal takes.

    Python fixes how it reads them when it starts. What is said stays in the encoding that the terminal or the pipe was given.
    """
    if sys.flags.utf8_mode or sys.getfilesystemencoding() == "utf-8" or os.name != "posix":
        return
    if not sys.executable or getattr(sys, "frozen", False):  # no Python of its own to begin again with
        return
    encoding = getattr(sys.stdout or sys.stderr, "encoding", None)
    if encoding:
        os.environ.setdefault("PYTHONIOENCODING", encoding)
    os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606 - the very command


if __name__ == "__main__":
    main()
