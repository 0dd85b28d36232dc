"""Work shared among processes: each has a copy of all that is known so far, and sends back what it has found out."""

from __future__ import annotations

import os
from functools import partial

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
_NUMBER = 4
"""Bytes of a number in a queue; a thousandth of what any pipe holds."""


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
                _start(partial(_send, do, number, form), children)
        except OSError:
            pass  # the system has no room for more processes
        results = [do(0)]
        for number, (_, pipe) in enumerate(children, 1):
            data = b"".join(_all(pipe))
            whole = len(data) == _HEAD + int.from_bytes(data[:_HEAD], "little")
            results.append(form.loads(memoryview(data)[_HEAD:]) if whole else do(number))
        results += map(do, range(len(results), shares))
    finally:
        _end(children)
    return results


def in_turn(shares: int, parts: int, do: Callable[[int], bytes]) -> Iterator[bytes]:
    """What `do` gives for each number of a part that is not empty, in any order; there are a thousand at most.

    Each process takes the next part as soon as it is done with one. Who does not ask for more has all the others go on.
    """
    try:
        queue, fill = os.pipe()
    except OSError:  # nor would there be one to hear of others by
        yield from filter(None, map(do, range(parts)))
        return
    left = {*range(parts)}
    children: list[tuple[int, int]] = []
    try:
        os.write(fill, b"".join(number.to_bytes(_NUMBER, "little") for number in range(parts)))
        os.close(fill)
        try:
            for _ in range(1, shares):
                _start(partial(_work_off, do, queue), children)
        except OSError:
            pass  # the system has no room for more processes
        inboxes = [_Inbox(pipe) for _, pipe in children]
        while mine := os.read(queue, _NUMBER):
            number = int.from_bytes(mine, "little")
            left.discard(number)
            if result := do(number):
                yield result
            for inbox in inboxes:
                yield from inbox.taken(left)
        for inbox in inboxes:
            while not inbox.is_at_end:
                yield from inbox.taken(left, waiting=True)
        for number in sorted(left):  # what a process took and did not live to send
            if result := do(number):
                yield result
    finally:
        os.close(queue)
        _end(children)


class _Inbox:
    """What comes from a process that works off a queue: numbers of parts, each with its result."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._data = b""
        self.is_at_end = False

    def taken(self, left: set[int], *, waiting: bool = False) -> Iterator[bytes]:
        """The results that are there and not empty, their numbers taken from what is left; with `waiting`, some or the end."""
        os.set_blocking(self._pipe, waiting)
        try:
            came = os.read(self._pipe, 1 << 16)
        except BlockingIOError:
            return
        self.is_at_end = not came
        data = self._data + came
        while len(data) >= _NUMBER + _HEAD:
            end = _NUMBER + _HEAD + int.from_bytes(data[_NUMBER : _NUMBER + _HEAD], "little")
            if len(data) < end:
                break
            left.discard(int.from_bytes(data[:_NUMBER], "little"))
            if result := data[_NUMBER + _HEAD : end]:
                yield result
            data = data[end:]
        self._data = data


def _send(
    do: Callable[[int], Any], number: int, form: Form, pipe: int
) -> None:  # pragma: no cover  it runs where nobody measures
    data = form.dumps(do(number))
    _put(pipe, len(data).to_bytes(_HEAD, "little") + data)


def _work_off(do: Callable[[int], bytes], queue: int, pipe: int) -> None:  # pragma: no cover  likewise
    while number := os.read(queue, _NUMBER):
        data = do(int.from_bytes(number, "little"))
        _put(pipe, number + len(data).to_bytes(_HEAD, "little") + data)


def _put(pipe: int, data: bytes) -> None:  # pragma: no cover  likewise
    left = memoryview(data)
    while left:
        left = left[os.write(pipe, left) :]


def _start(work: Callable[[int], None], children: list[tuple[int, int]]) -> None:
    """Start a process that does some work, given a pipe for what it finds, and note it with the pipe's other end. Raises OSError.

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
    try:  # pragma: no cover  likewise
        for each in ending:
            if signal.getsignal(each) is not signal.SIG_IGN:
                signal.signal(each, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(mine)
        work(its)
    finally:  # pragma: no cover
        os._exit(0)  # whatever has happened: neither the caller's work nor its goodbyes are a child's


def _all(pipe: int) -> Iterator[bytes]:
    while part := os.read(pipe, 1 << 20):
        yield part


def _end(children: list[tuple[int, int]]) -> None:
    """Let no child live on when its work is not wanted any more."""
    import _signal as signal

    for child, pipe in children:
        os.close(pipe)
        os.kill(child, signal.SIGKILL)  # one that has ended is still there until we wait for it
        os.waitpid(child, 0)
