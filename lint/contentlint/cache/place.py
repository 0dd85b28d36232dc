"""Where the cache lies: below the user's own cache folder, a folder for each project."""

from __future__ import annotations

import errno
import os
import stat
import sys
from zlib import adler32, crc32

_TAG = "CACHEDIR.TAG"
_SIGNATURE = b"Signature: 8a477f597d28d172789f06886806bc55\n# contentlint's cache; it may be removed at any time.\n"
"""What tells backup programs to leave the folder alone (bford.info/cachedir)."""
_OTHERS = 0o077
"""What nobody else may do. That nobody else may read either is no secrecy: a folder that came with a site, out of git or an archive,
is made with the rights of all others, and so gives itself away.
"""
_LARGEST = 1 << 30


def name_of(text: str) -> str:
    """A file name for a text of any kind. Who finds a file by it compares the text itself: two texts may share a name."""
    data = text.encode("utf-8", "surrogatepass")
    return f"{crc32(data):08x}{adler32(data):08x}"


def base(given: str | None, cwd: str) -> str | None:
    """The folder of all caches: `given` (relative to `cwd`), or the system's place for such; None when there is none."""
    if given is not None:
        return os.path.join(cwd, given)
    if named := os.environ.get("XDG_CACHE_HOME"):
        above = named
    elif sys.platform == "darwin":
        above = os.path.expanduser("~/Library/Caches")
    elif os.name == "nt":
        above = os.environ.get("LOCALAPPDATA", "")
    else:
        above = os.path.expanduser("~/.cache")
    return os.path.join(above, "contentlint") if os.path.isabs(above) else None


def folder(base_folder: str, project: str) -> str:
    """The folder of one project's cache."""
    return os.path.join(base_folder, name_of(os.path.realpath(project)))


def is_ours(path: str) -> bool:
    """Whether a folder is one, no link to one, and the user's who runs alone. False when it is not there."""
    try:
        status = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and _is_private(status)


def _is_private(status: os.stat_result) -> bool:
    return not hasattr(os, "geteuid") or (status.st_uid == os.geteuid() and not status.st_mode & _OTHERS)


def make(path: str) -> None:
    """Make a project's folder and those above it, for the user alone. Raises OSError."""
    above = os.path.dirname(path)
    os.makedirs(os.path.dirname(above), exist_ok=True)
    if not os.path.isdir(above):
        os.mkdir(above, 0o700)
    tag = os.path.join(above, _TAG)
    if not os.path.exists(tag):
        replace(tag, _SIGNATURE)
    if not os.path.isdir(path):
        os.mkdir(path, 0o700)


def replace(path: str, data: bytes) -> None:
    """Write a file: the whole of it or nothing. Raises OSError.

    Nothing is synced to disk: what a crash of the machine leaves behind, its checksum gives away.
    """
    beside = f"{path}.{os.getpid()}.tmp"
    try:
        file = _new(beside)
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(file, left) :]
        finally:
            os.close(file)
        os.replace(beside, path)
    except BaseException:
        if os.path.exists(beside):
            os.unlink(beside)
        raise


def _new(path: str) -> int:
    """A new file, opened; never one that somebody else has put there, nor what a link leads to."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        return os.open(path, flags, 0o600)
    except FileExistsError:  # a run that was killed had the same number
        os.unlink(path)
        return os.open(path, flags, 0o600)


def opened(path: str) -> int:
    """A file of the cache, opened for reading. Raises OSError, also when it is no regular file of this user's alone."""
    flags = (getattr(os, name, 0) for name in ("O_BINARY", "O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK"))
    file = os.open(path, os.O_RDONLY | sum(flags))
    status = os.fstat(file)
    if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST or not _is_private(status):
        os.close(file)
        raise PermissionError(errno.EACCES, "it is no file of this user's alone", path)
    return file


def read(path: str) -> bytes:
    """The bytes of a file of the cache. Raises OSError."""
    file = opened(path)
    try:
        size = os.fstat(file).st_size
        parts = []
        while size > 0 and (part := os.read(file, size)):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)
    finally:
        os.close(file)
