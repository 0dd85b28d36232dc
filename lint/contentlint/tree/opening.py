"""The one way to open a file that somebody else may have put there: it never waits, and never takes more than can be worked with."""

from __future__ import annotations

import errno
import os
import stat

from contentlint.tree.protocol import TooLargeError

LARGEST = 16 * 2**20
"""Bytes of the largest file that is read whole. The largest page of the public sites that we know has not a tenth of it."""

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


def contents(path: str, limit: int = -1, *, through_link: bool = True) -> bytes:
    """The bytes of a regular file, at most `limit` of them when it is given.

    Raises OSError for what cannot be opened and for pipes, sockets and devices, on which nobody waits; with `through_link` false
    also for a symbolic link; TooLargeError, when there is no limit, for a file of more than LARGEST bytes.
    """
    file = os.open(path, _FLAGS if through_link else _FLAGS | _NO_LINK)
    try:
        status = os.fstat(file)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", path)
        left = limit if limit >= 0 else status.st_size
        if limit < 0 and left > LARGEST:
            size = f"{left / 2**20:.0f} MB, and no file of more than {LARGEST // 2**20} MB is"
            raise TooLargeError(errno.EFBIG, f"it has {size} read", path)
        part = os.read(file, left)
        parts = [part]
        while part and (left := left - len(part)) > 0:
            part = os.read(file, left)
            parts.append(part)
        return b"".join(parts) if len(parts) > 1 else part
    finally:
        os.close(file)
