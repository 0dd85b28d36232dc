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
    gc.disable()  # as `cli.main` does, but for what is imported before that, too
    sentence = quick.answer(sys.argv[1:])
    if sentence is not None:
        quick.say(sentence)
        os._exit(0)  # what there is of the interpreter is not worth tidying up
    from contentlint import cli

    cli.main()


if __name__ == "__main__":
    main()
