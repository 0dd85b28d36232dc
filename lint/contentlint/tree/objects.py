"""The blobs of a git repository, read through one long-lived git."""

from __future__ import annotations

import errno
import os
import subprocess

from contentlint.tree import repository
from contentlint.tree.opening import LARGEST
from contentlint.tree.protocol import TooLargeError


class Objects:
    """Reads blobs by their ids. To be closed: it keeps a git running once it was asked."""

    def __init__(self, top: str) -> None:
        self._top = top
        self._git: subprocess.Popen[bytes] | None = None
        self._local: frozenset[bytes] | None = None

    def read(self, id_: str, limit: int = -1) -> bytes | None:
        """The content of a blob, at most `limit` bytes of it when that is given; None when this clone does not have it.

        Raises GitError when git cannot be asked; TooLargeError, when there is no limit, for more than LARGEST bytes.
        """
        if self._git is None:
            self._local = _local(self._top)
            self._git = self._started()
        if self._local is not None and id_.encode() not in self._local:
            return None
        assert self._git.stdin is not None
        assert self._git.stdout is not None
        try:
            self._git.stdin.write(id_.encode() + b"\n")
            self._git.stdin.flush()
        except OSError as error:  # it is gone: what it had to say stands on the next line
            raise repository.GitError("git has stopped while it was asked for files") from error
        head = self._git.stdout.readline().split()
        if len(head) != 3:
            if head[-1:] == [b"missing"]:
                return None
            raise repository.GitError("git has stopped while it was asked for files")
        size = int(head[2])
        wanted = size if limit < 0 else min(limit, size)
        content = self._git.stdout.read(min(wanted, LARGEST))
        left = size + 1 - len(content)
        while left > 0 and (part := self._git.stdout.read(min(left, LARGEST))):
            left -= len(part)
        if wanted > LARGEST:
            raise TooLargeError(errno.EFBIG, f"it has {size / 2**20:.0f} MB", id_)
        return content

    def _started(self) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(  # noqa: S603 - git is the program meant
                repository.command("cat-file", "--batch"),
                cwd=self._top,
                env=repository.environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise repository.missing_git(error) from error

    def close(self) -> None:
        """Let git go."""
        if self._git is not None:
            git, self._git = self._git, None
            git.communicate()


def _local(top: str) -> frozenset[bytes] | None:
    """The ids of all objects that a partial clone has; None for a whole one. To ask git for another would make it fetch."""
    packs = os.path.join(top, *repository.lines(top, "rev-parse", "--git-path", "objects/pack"))
    try:
        partial = any(name.endswith(".promisor") for name in os.listdir(packs))
    except OSError:
        partial = False
    if not partial:
        return None
    asked = ("cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectname)")
    return frozenset(repository.output(top, *asked).split())
