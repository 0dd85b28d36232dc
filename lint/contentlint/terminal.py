"""The terminal, or what stands in its place: colour, width, any text in any encoding, and the progress bar."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from pathlib import Path

PIPE_WIDTH = 160
"""Cells that a source line may take where no terminal says how wide it is."""

PATIENCE = 1.0
"""Seconds before a progress bar appears."""

REDRAW = 0.1
"""Seconds between two drawings of it."""


def prepare() -> None:
    """Make stdout and stderr take any text: what their encoding lacks is spelt out; a closed one swallows all."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, io.StringIO())
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def for_programs(stream: TextIO) -> None:
    """Make a stream UTF-8 with bare line feeds, as a program that reads a report expects on every system."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", newline="\n")


def say(lines: Iterable[str], stream: TextIO) -> None:
    """Write lines. A reader that has gone away is no error: the rest is dropped. Raises OSError for a full disk."""
    try:
        stream.writelines(f"{line}\n" for line in lines)
        stream.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # or the flush at exit fails once more
        if not isinstance(error, BrokenPipeError):
            raise


def pour(content: Iterable[bytes], stream: TextIO) -> None:
    """Write bytes as they are, whatever the stream's encoding. Otherwise as `say`."""
    stream.flush()
    try:
        stream.buffer.writelines(content)
        stream.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def save(lines: Iterable[str], name: str) -> None:
    """Write lines to a file in UTF-8: the whole of it or nothing, with the mode it has. Raises OSError.

    A link is followed; what is no regular file (a pipe, a device) is written to as it is.
    """
    from pathlib import Path

    path = Path(name).resolve()
    if path.exists() and not path.is_file():
        _write(lines, path, "w")
        return
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        _write(lines, beside, "x")
        if path.exists():
            beside.chmod(path.stat().st_mode & 0o7777)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _write(lines: Iterable[str], path: Path, mode: str) -> None:
    with path.open(mode, encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


def coloured(choice: str, stream: TextIO | None, environ: Mapping[str, str]) -> bool:
    """Whether to colour: the flag (`auto`, `always`, `never`), NO_COLOR, FORCE_COLOR, TERM, then the stream itself.

    A stream of None is a file, which only the flag can colour.
    """
    if choice != "auto" or stream is None:
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    if any(environ.get(name, "0") not in {"", "0"} for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return environ.get("TERM") != "dumb" and stream.isatty()


def width(stream: TextIO) -> int | None:
    """How many cells the terminal behind a stream has; None when there is no terminal."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):  # no terminal; no file descriptor at all
        return None


class Progress:
    """Told how far a run has come, draws a bar on a terminal's stderr once it has lasted a second.

    `times` holds the seconds of each stage in its order, for `-v`.
    """

    def __init__(self, stream: TextIO, *, draws: bool) -> None:
        self.times: dict[str, float] = {}
        self._stream = stream
        self._draws = draws
        self._stage = ""
        self._begun = self._since = time.monotonic()
        self._drawn = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` of a stage are done; a new name begins a new stage."""
        now = time.monotonic()
        if stage != self._stage:
            self._close_stage(now)
            self._stage = stage
        if self._draws and now - self._begun >= PATIENCE and now - self._drawn >= REDRAW:
            self._drawn = now
            self._stream.write(f"\r\x1b[K{_bar(done, total)} {stage}")
            self._stream.flush()

    def close(self) -> None:
        """Take the bar away and end the last stage."""
        self._close_stage(time.monotonic())
        self._stage = ""
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _close_stage(self, now: float) -> None:
        if self._stage:
            self.times[self._stage] = self.times.get(self._stage, 0.0) + now - self._since
        self._since = now


def _bar(done: int, total: int) -> str:
    filled = 20 * min(done, total) // total if total else 0
    return f"[{'#' * filled:<20}] {done}/{total}" if total else f"[{'':<20}]"
