"""Where the time of one run goes, in seconds of CPU.

    stages.py SITE     print, as JSON, what each stage of a cold check in this process took

The functions of STAGES are wrapped by name; the time of one that runs within another counts for the inner one alone.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

STAGES = (
    ("inventory", "contentlint.generators.jekyll.reading", "inventory"),
    ("extract: front matter and facts", "contentlint.assembly.files", "Files.extract"),
    ("build: addresses, layouts, site", "contentlint.generators.jekyll.build", "assemble"),
    ("schema: what it calls a reference", "contentlint.schema", "Schema.references"),
    ("schema: validation", "contentlint.schema", "Schema.violations"),
    ("render: everything else", "contentlint.assembly.pages", "Pages.render"),
    ("render: Liquid", "contentlint.liquid", "parse"),
    ("render: Liquid", "contentlint.liquid", "Template.render"),
    ("render: kramdown", "contentlint.kramdown", "scan"),
    ("render: what looks alike", "contentlint.folding", "Folding.scan"),
    ("render: HTML", "contentlint.kramdown", "scan_html"),
    ("render: leading back", "contentlint.rendering", "Reader.__init__"),
    ("render: leading back", "contentlint.rendering", "Reader.read"),
    ("resolve", "contentlint.assembly", "Assembly._resolve"),
    ("judge", "contentlint.run", "Judge.report"),
)
"""A stage, and the module and name of a function whose time it is."""

REST = "start-up, config, reporting"
_LINE = re.compile(r"^import time:\s*(\d+) \|\s*\d+ \|\s*(\S+)$", re.MULTILINE)


class Clock:
    """CPU seconds by stage; only the innermost stage's clock runs."""

    def __init__(self) -> None:
        """Begin, outside of every stage."""
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._open = [REST]
        self._since = time.process_time()

    def switch(self, stage: str | None) -> None:
        """Enter a stage; with None, leave the innermost one."""
        now = time.process_time()
        self.spent[self._open[-1]] += now - self._since
        self._since = now
        if stage is None:
            self._open.pop()
        else:
            self._open.append(stage)

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, its time counted for a stage."""

        def wrapper(*arguments: Any, **named: Any) -> Any:
            self.switch(stage)
            try:
                return function(*arguments, **named)
            finally:
                self.switch(None)

        return wrapper


def wrap(clock: Clock) -> list[str]:
    """Put the clock around every function of STAGES, wherever it has been imported to; the result names those not found."""
    lost = []
    for stage, module_name, name in STAGES:
        try:
            place: Any = importlib.import_module(module_name)
            *outer, last = name.split(".")
            for each in outer:
                place = getattr(place, each)
            function = getattr(place, last)
        except (ImportError, AttributeError):
            lost.append(f"{module_name}.{name}")
            continue
        timed = clock.timed(stage, function)
        setattr(place, last, timed)
        for module in [each for key, each in sys.modules.items() if key.partition(".")[0] == "contentlint"]:
            for key in [key for key, value in vars(module).items() if value is function]:
                setattr(module, key, timed)
    return lost


def profile(site: str) -> dict[str, Any]:
    """Check a site in this process, without the cache and without other processes; CPU seconds by stage."""
    clock = Clock()
    from contentlint import cli

    lost = wrap(clock)
    flags = ["--jobs", "1"] if "--jobs" in _help() else []
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())), contextlib.redirect_stderr(io.StringIO()):
        code = cli.execute(["check", "--root", site, "--no-cache", *flags])
    clock.switch(None)
    return {"code": code, "stages": dict(clock.spent), "lost": lost}


def _help() -> str:
    from contentlint import cli

    with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.suppress(SystemExit):
        cli.execute(["check", "--help"])
    return said.getvalue()


def imports(
    command: Sequence[str], arguments: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> dict[str, float]:
    """Milliseconds that a command spends on importing, by package: ours one by one, the standard library's together."""
    call = [command[0], "-X", "importtime", *command[1:], *arguments]
    done = subprocess.run(call, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    spent: defaultdict[str, float] = defaultdict(float)
    for micros, name in _LINE.findall(done.stderr):
        first, *more = name.split(".")
        package = f"{first}.{more[0]}" if first == "contentlint" and more else first
        spent["the standard library" if package in sys.stdlib_module_names else package] += int(micros) / 1000
    return dict(spent)


if __name__ == "__main__":
    import gc

    gc.disable()  # as contentlint itself does
    print(json.dumps(profile(os.path.abspath(sys.argv[1]))))
