"""The project's config, `contentlint.yml`: found, read, checked, and what it makes of the rules.

Everything that is wrong with it, or with a schema that it names, is a `Fault` at its place, and all are told at once. What the
config's own JSON Schema can say is said there; here is what it cannot: whether files are there, patterns can be meant, and
placeholders are known.
"""

from __future__ import annotations

import errno
import os
import posixpath
from collections.abc import Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING

from contentlint import project as projects
from contentlint.config.choice import Chosen, chosen
from contentlint.config.reading import Reader, nearest_advice
from contentlint.config.types import Config, DataPattern, IncludeContract, PagePattern, PerFile, Placed, Setting
from contentlint.diagnostic import Fault, Lines, UnusableError
from contentlint.project import GENERATOR_CONFIG, NAME
from contentlint.rule import Rule
from contentlint.tree import as_listed, below, contents, inside, real

if TYPE_CHECKING:
    from contentlint.schema import Names, Read

__all__ = [
    "GENERATOR_CONFIG",
    "NAME",
    "Chosen",
    "Config",
    "DataPattern",
    "IncludeContract",
    "PagePattern",
    "PerFile",
    "Placed",
    "Setting",
    "chosen",
    "find_project",
    "load",
    "on_disk",
]


def find_project(start: str, root: str | None = None) -> str:
    """The project's folder: `root` when it is named, else the nearest at or above `start` that has a config of ours,
    else of the generator, else `start`. Raises UnusableError when `root` is no folder.
    """  # noqa: D205 - one sentence
    if root is not None:
        folder = os.path.abspath(os.path.join(start, root))
        if not os.path.isdir(folder):
            what = "is not a folder" if os.path.exists(folder) else "is not there"
            near = nearest_advice(os.path.basename(folder), _listed(os.path.dirname(folder)))
            raise UnusableError(Fault(root, None, f"the project {root} {what}", near))
        return folder
    return projects.find(os.path.abspath(start))


def load(
    project: str,
    path: str | None,
    rules: Mapping[str, Rule],
    *,
    read: Read | None = None,
    names: Names | None = None,
    approved: Collection[str] = (),
) -> Config:
    """Read and check the project's config, or the one at `path` (relative to the working directory).

    `read` and `names` give files and folders by their path in the project, for a tree that is not on disk. A config whose
    `digest` is among `approved` has passed before with these rules, and is not compared with schemas again.
    Raises UnusableError with every fault of the config and of the schemas it names.
    """
    names = names or partial(_listed_in, project)
    where = NAME if path is None else _in_project(project, path)
    read = _bounded(
        project, where if path is not None else None, read or (lambda each: contents(on_disk(project, each)))
    )
    try:
        data = read(where)
    except OSError as error:
        if path is None and isinstance(error, FileNotFoundError):
            return Config()
        message = (
            f"there is no config {path}"
            if isinstance(error, FileNotFoundError)
            else f"the config cannot be read: {error.strerror}"
        )
        raise UnusableError(
            Fault(
                path or where, None, message, nearest_advice(posixpath.basename(where), names(posixpath.dirname(where)))
            )
        ) from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        at = Lines(before).span(len(before), len(before))
        raise UnusableError(Fault(where, at, "the config is not UTF-8", "save it as UTF-8")) from error
    reader = Reader(project, where, text, rules, read, names)
    if approved:
        try:
            config = reader.read(checked=True)
        except UnusableError:
            pass  # told below, with what else is wrong
        else:
            if config.digest in approved:
                return config
    return reader.read(checked=False)


def on_disk(project: str, path: str) -> str:
    """Where a file lies that a config names, by its path in the project or wherever it is; nowhere in another letter case.

    Raises FileNotFoundError where a disk that knows no letter case would open it all the same. The Unicode form is the disk's affair:
    some list all names in their own, and then no one can tell which the name was given.
    """
    full = os.path.join(project, path)
    if os.path.lexists(full) and not posixpath.isabs(path) and not os.path.isabs(path):
        plain = posixpath.normpath(path)
        if not plain.startswith("..") and (listed := as_listed(project, plain)) != plain:
            from unicodedata import normalize

            if listed is None or normalize("NFC", listed) != normalize("NFC", plain):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    return full


def _in_project(project: str, path: str) -> str:
    """A path of the command line as one relative to the project, or absolute when it lies elsewhere; POSIX."""
    absolute = os.path.abspath(path)
    within = below(absolute, project)
    return absolute.replace(os.sep, "/") if within is None else within


def _bounded(project: str, named: str | None, read: Read) -> Read:
    """Reads what lies in the project, links followed. A config beyond it is the user's own, and may name what it likes."""
    root = real(project)
    if named is not None and not inside(real(os.path.join(project, named)), root):
        return read

    def bounded(path: str) -> bytes:
        if not inside(real(os.path.join(project, path)), root):
            raise PermissionError(errno.EACCES, "leads out of the project", path)
        return read(path)

    return bounded


def _listed_in(project: str, folder: str) -> list[str]:
    """The names in a folder of the project; what lies beyond it is nobody's hint."""
    full = os.path.join(project, folder)
    return _listed(full) if inside(real(full), real(project)) else []


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
