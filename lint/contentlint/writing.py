"""Files are replaced as a whole or not at all: whoever reads one meanwhile, or after a crash, has the old or the new content."""

from __future__ import annotations

import os
import stat
from contextlib import suppress

_NEW = 0o666
"""What a new file may be used for, before the umask."""


def replace(path: str, content: bytes) -> None:
    """Put `content` in the place of a file, or make it, at once: it is written beside it, synced and then renamed.

    The file keeps its mode and, where that may be, its owner, and a symbolic link stays one: what it leads to is replaced. Raises OSError, and then nothing
    has changed.
    """
    path = os.path.realpath(path)
    try:
        status = os.stat(path)
    except FileNotFoundError:
        status = None
    import tempfile  # most runs write nothing, and it brings random and every kind of archive

    handle, beside = tempfile.mkstemp(prefix=".contentlint-", dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if status is not None and hasattr(os, "chown"):
            with suppress(OSError):  # only the superuser gives files away
                os.chown(beside, status.st_uid, status.st_gid)
        os.chmod(beside, stat.S_IMODE(status.st_mode) if status is not None else _NEW & ~_umask())
        os.replace(beside, path)
    except BaseException as error:
        with suppress(OSError):
            os.unlink(beside)
        if isinstance(error, OSError):
            error.filename = path  # a full disk does not say where it is
        raise


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
