"""What `site.data` holds: the data files by name, nested by folder (facts 6)."""

from __future__ import annotations

import codecs
import posixpath
import re
from collections.abc import Callable, Sequence
from typing import Any

from contentlint import frontmatter
from contentlint.generators.jekyll.problems import Fault, Problem
from contentlint.generators.jekyll.reading import Role, Source
from contentlint.generators.jekyll.settings import Settings
from contentlint.liquid import Unknown
from contentlint.page import KeyPath
from contentlint.record import NamedTuple
from contentlint.regex import regex
from contentlint.tree import Leads, Tree, leads_out, submodule_above

_ORDER = (".yaml", ".yml", ".json", ".csv", ".tsv")  # a later one replaces an earlier one of the same name
_UNSEEN = "lies where nobody can look"
_STRANGE = regex(r"[^\w\s-]+|(?:(?<=^)|(?<=\b\s))\s+(?=$|\s?\b)", re.MULTILINE | re.ASCII)


class SiteData(NamedTuple):
    """The values of all data files; `Unknown` for what cannot be looked into."""

    values: dict[str, Any] | Unknown
    files: dict[KeyPath, str]
    """What each of the values comes from, by the path of its key: ("nav", "main") for `nav/main.yml`."""
    problems: list[Problem]
    paths: Sequence[str] = ()
    """The data files, by path below the folder of them all."""
    base: str = ""
    """That folder."""

    def by_key(self) -> dict[str, list[str]]:
        """Of each key of `values` the files that it may come from."""
        found: dict[str, list[str]] = {}
        for path in self.paths:
            name, slash, _ = path.partition("/")
            found.setdefault(key_of(name if slash else name.rpartition(".")[0]), []).append(f"{self.base}/{path}")
        return found


def document(raw: bytes, path: str) -> frontmatter.Document:
    """Reads one data file: YAML (which JSON is read as, too), CSV or TSV."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return frontmatter.Document(error=frontmatter.Error(f"no UTF-8 text: {error.reason}", 0, 0))
    if path.endswith(".csv"):
        return frontmatter.compose_table(text)
    if path.endswith(".tsv"):
        return frontmatter.compose_table(text, "\t")
    if raw.startswith(codecs.BOM_UTF8):
        text = text[1:]  # no place in the file counts it
    return frontmatter.compose(text, 0, len(text))


def site_data(
    tree: Tree, settings: Settings, sources: list[Source], document_of: Callable[[str], frontmatter.Document | None]
) -> SiteData:
    """Nests the data files as Jekyll does. `document_of` gives what `document` makes of a file, None when nobody can look into it.

    A file that is no YAML, JSON or CSV fails the build.
    """
    base = posixpath.normpath("/" + settings.config["data_dir"]).lstrip("/")
    full = f"{settings.source}/{base}" if settings.source else base
    if leads_out(tree, full) or submodule_above(tree, full):
        return SiteData(Unknown(f"{base} {_UNSEEN}"), {}, [])
    values: dict[str, Any] = {}
    paths = sorted(source.path[len(base) + 1 :] for source in sources if source.role is Role.DATA)
    result = SiteData(values, {}, [], paths, base)
    _read_folder(result, base, "", paths, document_of, values, ())
    _add_unseen(result, tree, full, values, ())
    return result


def _read_folder(
    result: SiteData,
    base: str,
    folder: str,
    paths: list[str],
    document_of: Callable[[str], frontmatter.Document | None],
    values: dict[str, Any],
    key: KeyPath,
) -> None:
    here = [path for path in paths if path.startswith(folder)]
    files = [path for path in here if "/" not in path[len(folder) :]]
    for path in sorted(files, key=lambda path: (_ORDER.index(path[path.rindex(".") :]), path)):
        found = document_of(f"{base}/{path}")
        name = key_of(path.rpartition("/")[2].rpartition(".")[0])
        if found is not None and found.error is not None:
            error = found.error
            message = f"the build fails: {error.message}"
            place = (error.start, error.end)
            result.problems.append(Problem(f"{base}/{path}", Fault.DATA, message, (), *place, fatal=True))
        values[name] = found.data if found is not None else Unknown(f"{base}/{path} {_UNSEEN}")
        result.files[(*key, name)] = f"{base}/{path}"
    below = dict.fromkeys(path[len(folder) :].split("/")[0] for path in here if "/" in path[len(folder) :])
    for name in below:
        inner: dict[str, Any] = {}
        values[key_of(name)] = inner
        result.files.pop((*key, key_of(name)), None)
        _read_folder(result, base, f"{folder}{name}/", here, document_of, inner, (*key, key_of(name)))


def _add_unseen(result: SiteData, tree: Tree, folder: str, values: dict[str, Any], key: KeyPath) -> None:
    """Folders that lead out of the project, or to another repository: their keys are there, and nobody knows what is below."""
    for name, leads in tree.folder(folder).folders.items():
        if name.startswith("."):
            continue
        below, own = f"{folder}/{name}", key_of(name)
        if leads in (Leads.OUTSIDE, Leads.ELSEWHERE):
            values[own] = Unknown(f"{below} {_UNSEEN}")
            result.files[*key, own] = below
        elif isinstance(values.get(own), dict) and (*key, own) not in result.files:
            _add_unseen(result, tree, below, values[own], (*key, own))


def key_of(name: str) -> str:
    """The key that a file or folder name gives: strange characters vanish, white space becomes `_`."""
    return re.sub(r"\s+", "_", _STRANGE.sub("", name), flags=re.ASCII)
