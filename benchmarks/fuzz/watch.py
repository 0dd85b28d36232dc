"""The watch over a worker: what it is at is known outside of it, an input that takes too long is stopped, a crash is kept."""

from __future__ import annotations

import hashlib
import mmap
import os
import signal
import struct
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType

_HEAD = struct.Struct("<QQQ")
_ROOM = 1 << 20


class HangError(BaseException):
    """An input has taken more processor time than any may. No `except Exception` swallows it."""


class Watch:
    """Counts a worker's inputs and keeps those on which it fails. Shared with the parent, which sees where a dead worker was."""

    def __init__(self, target: str, folder: Path, seconds: float) -> None:
        """`folder` takes the crashes; `seconds` of processor time is what one input may take."""
        self.target = target
        self._folder = folder
        self._seconds = seconds
        self._shared = mmap.mmap(-1, _HEAD.size + _ROOM)
        self._seen: set[str] = set()

    @property
    def inputs(self) -> int:
        """How many have gone through."""
        return int(_HEAD.unpack_from(self._shared)[0])

    @property
    def crashes(self) -> int:
        """How many different ones there were."""
        return int(_HEAD.unpack_from(self._shared)[1])

    @property
    def current(self) -> bytes:
        """The input that the worker is at, or was at last."""
        length = _HEAD.unpack_from(self._shared)[2]
        return self._shared[_HEAD.size : _HEAD.size + length]

    def run(self, check: Callable[[bytes], None], data: bytes) -> None:
        """Put one input through; whatever comes out of it is kept, and the next may come."""
        inputs, crashes, _ = _HEAD.unpack_from(self._shared)
        self._shared[_HEAD.size : _HEAD.size + len(data)] = data
        _HEAD.pack_into(self._shared, 0, inputs + 1, crashes, len(data))
        signal.signal(signal.SIGVTALRM, _late)
        signal.setitimer(signal.ITIMER_VIRTUAL, self._seconds)
        try:
            check(data)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001  whatever it is, it is what we look for
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            self.keep(data, "".join(traceback.format_exception(error)), *_where(error))
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    def keep(self, data: bytes, told: str, said: str, where: str) -> None:
        """Write an input down with what it did, once for each place where something failed."""
        if where in self._seen:
            return
        self._seen.add(where)
        inputs, crashes, length = _HEAD.unpack_from(self._shared)
        _HEAD.pack_into(self._shared, 0, inputs, crashes + 1, length)
        path = self._folder / f"{self.target}-{hashlib.sha256(data).hexdigest()[:12]}"
        self._folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        again = f"benchmarks/fuzz.py --target {self.target} --repeat {path}"
        path.with_name(path.name + ".txt").write_text(
            f"{again}\n\n{told}\n", encoding="utf-8", errors="backslashreplace"
        )
        print(f"{self.target}: {said}{where}\n  {again}", flush=True)


def _late(_signal: int, _frame: FrameType | None) -> None:
    raise HangError


def _where(error: BaseException) -> tuple[str, str]:
    """What an exception says, and the place it comes from; of what broke a promise, which one."""
    said = f"{type(error).__name__}: {str(error)[:200]}"
    if isinstance(error, HangError | AssertionError):
        return "", said
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if f"{os.sep}contentlint{os.sep}" in frame.filename] or frames
    return said, f" at {os.path.basename(ours[-1].filename)}:{ours[-1].lineno}"
