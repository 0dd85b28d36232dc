"""Work shared among processes: each has a copy of all that is known so far, and sends back what it has found out."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # typing takes half as long to import as Python takes to start
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, Protocol, TypeVar

    Result = TypeVar("Result")

    class Form(Protocol):
        """How results travel, as `pickle` has it."""

        def dumps(self, result: Any, /) -> bytes:
            """The result as bytes."""

        def loads(self, data: memoryview, /) -> Any:
            """The result that they stand for."""


_HEAD = 8
"""Bytes before a result that tell how long it is: of a process that is killed half of it may come."""


class Bytes:
    """Bytes that travel as they are; see `Form`."""

    dumps = loads = bytes


def count(wanted: int, amount: int, least: int) -> int:
    """Into how many shares an amount of work is parted: `wanted` or, for 0, one for each processor that may be used.

    None is smaller than `least`: what a process costs has to come back.
    """
    if not hasattr(os, "fork"):
        return 1
    if not wanted:
        wanted = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(wanted, amount // least))


def done(shares: int, do: Callable[[int], Result], form: Form = Bytes) -> list[Result]:
    """What `do` gives for each number of a share, in order: the first is done here, each other in a process of its own.

    A share whose process does not live to the end, or cannot be started, is done here as well. What comes back was written by one's own child, and
    is read from a pipe that nobody else has.
    """
    children: list[tuple[int, int]] = []
    try:
        try:
            for number in range(1, shares):
                _start(do, number, form, children)
        except OSError:
            pass  # the system has no room for more processes
        results = [do(0)]
        for number, (_, pipe) in enumerate(children, 1):
            data = b"".join(_all(pipe))
            whole = len(data) == _HEAD + int.from_bytes(data[:_HEAD], "little")
            results.append(form.loads(memoryview(data)[_HEAD:]) if whole else do(number))
        results += map(do, range(len(results), shares))
    finally:
        for child, pipe in children:
            os.close(pipe)
            _end(child)
    return results


def _start(do: Callable[[int], Any], number: int, form: Form, children: list[tuple[int, int]]) -> None:
    """Start a process that does a share, and note it with the pipe that its result comes from. Raises OSError.

    Whoever stops this process does so before the other is there, or once it is noted; the other simply ends.
    """
    import _signal as signal  # type: ignore[import-not-found]  # `signal` would load enum first

    ending = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    mine, its = os.pipe()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    try:
        child = os.fork()
    except BaseException:
        os.close(mine)
        os.close(its)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        raise
    if child:
        children.append((child, mine))
        os.close(its)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return
    try:  # pragma: no cover  it runs where nobody measures
        for each in ending:
            if signal.getsignal(each) is not signal.SIG_IGN:
                signal.signal(each, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(mine)
        data = form.dumps(do(number))
        left = memoryview(len(data).to_bytes(_HEAD, "little") + data)
        while left:
            left = left[os.write(its, left) :]
    finally:  # pragma: no cover
        os._exit(0)  # whatever has happened: neither the caller's work nor its goodbyes are a child's


def _all(pipe: int) -> Iterator[bytes]:
    while part := os.read(pipe, 1 << 20):
        yield part


def _end(child: int) -> None:
    """Let no child live on when its work is not wanted any more."""
    import _signal as signal

    os.kill(child, signal.SIGKILL)  # one that has ended is still there until we wait for it
    os.waitpid(child, 0)
