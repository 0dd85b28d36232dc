"""The command line on a system that is much like Windows: `windows.py CWD ARGUMENTS...`, to be run as a program.

Drive C: is the machine's root, D: the folder that DRIVE_D names. Paths have backslashes, names no letter case, dots and spaces at their
end do not count, devices have their reserved names; what is open can be neither replaced nor removed; a file opened without O_BINARY
is text, and so an error here; inodes are 0, clocks tell every other second; there are no processes to fork, no users, no links, and
fewer signals and flags. Python's own Windows code (`nt`, `msvcrt`, the real file system's API) is not there to be tried.
"""

from __future__ import annotations

import builtins
import io
import ntpath
import os
import signal
import stat
import subprocess
import sys
from types import SimpleNamespace
from typing import Any, Self

_POSIX = {name: getattr(os, name) for name in ("stat", "lstat", "fstat", "open", "scandir", "listdir", "getcwd")}
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{name}{number}" for name in ("COM", "LPT") for number in range(1, 10))}
_MISSING = {
    os: """fork forkpty getuid geteuid getgid getegid getgroups chown lchown fchown fchmod mkfifo symlink killpg setsid getpgid
        sched_getaffinity register_at_fork uname nice statvfs pipe2 posix_spawn fdatasync sync getloadavg wait wait3 wait4 WNOHANG
        O_NOFOLLOW O_NONBLOCK O_CLOEXEC O_DIRECTORY O_NOCTTY O_SYNC pread pwrite""",
    signal: "SIGHUP SIGPIPE SIGKILL SIGALRM SIGUSR1 SIGUSR2 SIGCHLD SIGQUIT alarm setitimer pthread_sigmask sigwait siginterrupt",
}


def native(path: Any) -> Any:
    """Where a path of this system lies on the machine. Raises OSError for a name that may not be."""
    if isinstance(path, int):
        return path
    drive, rest = ntpath.splitdrive(os.fspath(path).replace("/", "\\"))
    if drive.upper() not in ("", "C:", "D:"):
        raise FileNotFoundError(2, "The system cannot find the path specified", path)
    if not rest.startswith("\\"):
        rest = f"{_here[0]}\\{rest}"
        drive, rest = ntpath.splitdrive(rest)
    at = os.environ["DRIVE_D"] if drive.upper() == "D:" else ""
    for step in rest.split("\\"):
        name = step if step in (".", "..") else step.rstrip(". ")
        if name.partition(".")[0].rstrip().upper() in _RESERVED:
            return "/dev/null"
        if any(letter in '<>:"|?*' or letter < " " for letter in name):
            raise OSError(22, "The filename, directory name, or volume label syntax is incorrect", path)
        if name:
            at = f"{at}/{_true_name(at, name)}"
    return at or "/"


def _true_name(folder: str, name: str) -> str:
    try:
        _POSIX["lstat"](f"{folder}/{name}")
    except OSError:
        try:
            names = _POSIX["listdir"](folder or "/")
        except OSError:
            return name
        return next((each for each in names if each.upper() == name.upper()), name)
    return name


def shown(path: str) -> str:
    """The path of this system for one of the machine."""
    drive = os.environ["DRIVE_D"]
    if path == drive or path.startswith(drive + "/"):
        return "D:" + (path[len(drive) :].replace("/", "\\") or "\\")
    return "C:" + path.replace("/", "\\")


def abspath(path: str) -> str:
    drive, rest = ntpath.splitdrive(os.fspath(path))
    if not drive:
        path = _here[0][:2] + path if rest[:1] in ("\\", "/") and rest else ntpath.join(_here[0], path)
    return ntpath.normpath(path)


def realpath(path: str, *, strict: bool = False) -> str:  # noqa: ARG001 - the signature that is asked for
    """With the names that are on disk, as the real one."""
    try:
        return shown(native(abspath(path)))
    except OSError:
        return abspath(path)


def _coarse(status: os.stat_result) -> Any:
    told = {name: getattr(status, name) for name in dir(status) if name.startswith("st_")}
    for name in ("st_mtime", "st_ctime", "st_atime"):
        told[name] = told[name] // 2 * 2
        told[name + "_ns"] = int(told[name]) * 1_000_000_000
    return SimpleNamespace(**told | {"st_ino": 0, "st_dev": 0, "st_uid": 0, "st_gid": 0})


class _Entry:
    def __init__(self, entry: os.DirEntry[str], folder: str) -> None:
        self._entry, self.name, self.path = entry, entry.name, ntpath.join(folder, entry.name)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._entry, name)

    def stat(self, *, follow_symlinks: bool = True) -> Any:
        return _coarse(self._entry.stat(follow_symlinks=follow_symlinks))


class _Entries:
    def __init__(self, folder: str) -> None:
        self._entries, self._folder = _POSIX["scandir"](native(folder)), folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._entries.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> _Entry:
        return _Entry(next(self._entries), self._folder)

    def close(self) -> None:
        self._entries.close()


def _opened(path: str, flags: int, mode: int = 0o777) -> int:
    where = native(path)
    assert flags & os.O_BINARY or where == "/dev/null", f"{path} was opened as text"  # type: ignore[attr-defined]
    if os.path.isdir(path):
        raise PermissionError(13, "Permission denied", path)
    return _POSIX["open"](where, flags & ~os.O_BINARY, mode)  # type: ignore[attr-defined,no-any-return]


def _free(path: str) -> str:
    """Where a path lies, when nobody has it open. Raises PermissionError as the system does."""
    where: str = native(path)
    for number in _POSIX["listdir"]("/proc/self/fd"):
        try:
            held = os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            continue
        if held == where:
            raise PermissionError(13, "The process cannot access the file because it is being used", path)
    return where


_here = [""]


def become() -> None:
    """Change this process for good."""
    plain = {name: getattr(os, name) for name in ("mkdir", "rmdir", "unlink", "replace", "access", "chmod", "utime")}
    made = io.open
    _here[0] = shown(_POSIX["getcwd"]())

    def change(path: str) -> None:
        assert stat.S_ISDIR(_POSIX["stat"](native(path)).st_mode)
        _here[0] = abspath(path)

    os.O_BINARY = 1 << 30  # type: ignore[attr-defined]
    os.stat = lambda path, **_: _coarse(_POSIX["stat"](native(path)))  # type: ignore[assignment]
    os.lstat = lambda path, **_: _coarse(_POSIX["lstat"](native(path)))  # type: ignore[assignment]
    os.fstat = lambda file: _coarse(_POSIX["fstat"](file))  # type: ignore[assignment]
    os.open = _opened  # type: ignore[assignment]
    os.scandir = lambda path=".": _Entries(path)  # type: ignore[assignment,misc]
    os.listdir = lambda path=".": _POSIX["listdir"](native(path))  # type: ignore[assignment,misc]
    os.getcwd = lambda: _here[0]
    os.chdir = change  # type: ignore[assignment]
    for name in ("mkdir", "rmdir", "access", "chmod", "utime"):
        setattr(os, name, lambda path, *more, _do=plain[name], **_: _do(native(path), *more))
    os.unlink = os.remove = lambda path, **_: plain["unlink"](_free(path))  # type: ignore[assignment,misc]
    os.replace = os.rename = lambda path, to, **_: plain["replace"](_free(path), _free(to))  # type: ignore[assignment]
    builtins.open = io.open = lambda path, *more, **given: made(native(path), *more, **given)  # type: ignore[assignment,misc]
    os.supports_dir_fd = os.supports_fd = os.supports_follow_symlinks = set()
    for module, names in _MISSING.items():
        for name in names.split():
            for each in (module, sys.modules.get(f"_{module.__name__}")):
                if hasattr(each, name):
                    delattr(each, name)
    ntpath.abspath, ntpath.realpath = abspath, realpath  # type: ignore[assignment]
    import shutil  # noqa: F401 - while os.name is what it takes for its imports
    import tempfile  # noqa: F401

    os.path, os.sep, os.altsep, os.devnull, os.pathsep, os.linesep = ntpath, "\\", "/", "nul", ";", "\r\n"  # type: ignore[assignment]
    sys.modules["os.path"] = ntpath
    os.name = "nt"
    for name in [name for name in sys.modules if name.partition(".")[0] == "pathlib"]:
        del sys.modules[name]
    started = subprocess.Popen.__init__

    def start(self: Any, command: list[str], *more: Any, cwd: str | None = None, **given: Any) -> None:
        command = ["/usr/bin/git" if command[0] == "git" else command[0], *command[1:]]
        os.WNOHANG, os.sep = 1, "/"  # type: ignore[misc]  # what Python itself needs for a child here
        try:
            started(self, command, *more, cwd=None if cwd is None else native(cwd), **given)
        finally:
            os.sep = "\\"

    subprocess.Popen.__init__ = start  # type: ignore[assignment,method-assign]


if __name__ == "__main__":
    become()
    os.chdir(sys.argv[1])
    from contentlint.cache import quick

    sentence = quick.answer(sys.argv[2:])
    if sentence is not None:
        quick.say(sentence)
        sys.exit(0)
    from contentlint import cli

    sys.exit(cli.execute(sys.argv[2:]))
