"""The files of a project as the generator reads them: bytes, texts, and the facts of each that may be a page."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from contentlint import frontmatter
from contentlint.generators.jekyll import data, extract, items, reading
from contentlint.generators.jekyll.extract import Dialect, Facts
from contentlint.generators.jekyll.reading import Role
from contentlint.generators.jekyll.settings import Settings
from contentlint.page import Mistake
from contentlint.record import Record, field
from contentlint.tree import Dated, ElsewhereError, OutsideError, TooLargeError, leads_out, submodule_above

Progress = Callable[[str, int, int], None]
"""Told (stage, done, total) now and then."""

_READ = (Role.CANDIDATE, Role.POST, Role.DRAFT, Role.DOCUMENT, Role.LAYOUT)
_BARE = frozenset({"jekyll-optional-front-matter", "jekyll-readme-index"})
"""Plugins that make pages of files without front matter."""


_KEPT = 128 << 20
"""Bytes of bodies that are kept from when their pages' facts are read until they are shown; of larger sites some files are read twice."""


class Files(Record, eq=False, slots=False):
    """What can be read. Paths are relative to the source, but those of `text` and `read` to the project.

    `body` is the text of a page from behind its front matter on, `text` that of a whole file.
    """

    tree: Dated
    settings: Settings
    overlay: Mapping[str, bytes]
    """Content that stands for a file's own, by path below the project: what an editor has not saved yet."""
    facts: dict[str, Facts] = field(default_factory=dict)
    documents: dict[str, frontmatter.Document] = field(default_factory=dict)
    """Data files that have been read."""
    mistakes: list[tuple[str, Mistake]] = field(default_factory=list)
    """What reading found wrong, with the file's path."""
    elsewhere: set[str] = field(default_factory=set)
    """Files whose content this clone does not have: what they hold, their addresses included, is not known."""

    def __post_init__(self) -> None:
        """Prepare to read."""
        self.prefix = self.settings.source + "/" if self.settings.source else ""
        self.dialects = extract.Dialects(self.settings)
        self.text = lru_cache(maxsize=64)(self._text)
        self.body = lru_cache(maxsize=64)(self._body)
        self._bodies: dict[str, bytes] = {}
        """Of pages whose body has not been asked for, by path below the source."""
        self._room = _KEPT

    def read(self, path: str) -> bytes:
        """The bytes of a file, by its path below the project. Raises OSError as the tree does."""
        content = self.overlay.get(path)
        return self.tree.read(path) if content is None else content

    def may_be(self, path: str) -> bool:
        """Whether a file is there, or lies where nobody can look: in a submodule, or out of the project."""
        full = self.prefix + path
        return self.tree.is_file(full) or bool(submodule_above(self.tree, full)) or leads_out(self.tree, full)

    def _text(self, path: str) -> str:
        try:
            return extract.decode(self.read(path), self.dialects.of(path).encoding)[0]
        except OSError:
            return ""

    def _body(self, path: str) -> str:
        kept = self._bodies.pop(path, None)
        return self.text(self.prefix + path)[self.facts[path].body :] if kept is None else _unpacked(kept)

    def extract(self, inventory: reading.Inventory, progress: Progress) -> None:
        """Take the facts of every file that may be a page."""
        read = [each for each in inventory.sources if each.role in _READ]
        for number, source in enumerate(read):
            if not number % 200:
                progress("reading", number, len(read))
            if source.path not in self.facts:
                self.facts[source.path] = self._facts(source)

    def _facts(self, source: reading.Source) -> Facts:
        whole = source.role is Role.DOCUMENT and source.path.endswith((".yml", ".yaml"))
        dated = source.role in (Role.POST, Role.DRAFT) or not _BARE.isdisjoint(self.settings.plugins)
        try:
            raw = self.read(self.prefix + source.path)
            dialect = self.dialects.of(source.path, dated=dated)
            if frontmatter.sniff(raw[:4096]) or (dated and dialect.markdown):
                try:
                    _weigh(raw, source.path)
                except TooLargeError as error:
                    facts = extract.opening(raw, dialect)
                    if facts is None or whole:
                        raise
                    self._note_size("invalid-front-matter", source.path, error)
                    return facts
            return self._taken(source.path, raw, dialect, whole=whole)
        except TooLargeError as error:
            return self._too_large(source, error, dated=dated)
        except ElsewhereError:
            self.elsewhere.add(source.path)
            return Facts(marked=False)
        except OutsideError:
            if source.role is not Role.CANDIDATE:  # of an ordinary file the inventory has told already
                self.elsewhere.add(source.path)
            return Facts(marked=False)
        except OSError as error:
            message = f"this file cannot be read: {error.strerror or error}"
            self.mistakes.append((source.path, Mistake("invalid-front-matter", 0, 0, source.path, message)))
            return Facts(marked=False, bad_at=0)
        except Exception as error:  # noqa: BLE001  the rest is linted
            self.mistakes.append((source.path, failure(source.path, "reading it", error)))
            return Facts(marked=True, bad_at=0)

    def _taken(self, path: str, raw: bytes, dialect: Dialect, *, whole: bool) -> Facts:
        """The facts of a page, whose body is kept as long as there is room."""
        facts = extract.extract(raw, dialect, whole=whole)
        if facts.block is not None and len(raw) <= self._room:
            body = _packed(extract.decode(raw, dialect.encoding)[0][facts.body :])
            self._room -= len(body)
            self._bodies[path] = body
        return facts

    def _too_large(self, source: reading.Source, error: TooLargeError, *, dated: bool) -> Facts:
        """Of what is too large to be read: nothing is known of a page but that it is there; all else is copied as it is."""
        if dated or frontmatter.sniff(self.tree.read(self.prefix + source.path, 4096)):
            self.elsewhere.add(source.path)
            self._note_size("invalid-front-matter", source.path, error)
        return Facts(marked=False)

    def _note_size(self, rule: str, path: str, error: TooLargeError) -> None:
        advice = f"leave it out: `exclude: [{path}]` in contentlint.yml"
        self.mistakes.append((path, Mistake(rule, 0, 0, path, f"this file was not read: {error.strerror}", advice)))

    def head(self, path: str) -> items.Head:
        """What the address of a file may depend on: nothing, when its name says that it is no text and it was not read."""
        facts = self.facts.get(path)
        return facts.head if facts is not None else items.Head()

    def own(self, path: str) -> Any:
        """The front matter that a file's author wrote; None when there is none or it cannot be read."""
        facts = self.facts.get(path)
        return facts.own if facts is not None else None

    def modified(self, path: str) -> datetime:
        """When a file was last changed."""
        return datetime.fromtimestamp(self.tree.signature(self.prefix + path).modified / 1e9, UTC)

    def document(self, path: str) -> frontmatter.Document | None:
        """What a data file holds; None when nobody can look into it."""
        try:
            raw = self.read(self.prefix + path)
            _weigh(raw, path)
            document = data.document(raw, path)
        except (ElsewhereError, OutsideError, TooLargeError) as error:
            if isinstance(error, TooLargeError):
                self._note_size("invalid-data", path, error)
            self.documents[path] = frontmatter.Document(error=frontmatter.Error(f"not read: {error.strerror}", 0, 0))
            return None
        except OSError as error:
            document = frontmatter.Document(error=frontmatter.Error(f"it cannot be read: {error.strerror}", 0, 0))
        self.documents[path] = document
        return document


def _packed(text: str) -> bytes:
    """A text in as few bytes as may be: in memory one sign from afar makes each letter take four."""
    return text.encode("utf-8", "surrogatepass")


def _unpacked(packed: bytes) -> str:
    return packed.decode("utf-8", "surrogatepass")


def _weigh(raw: bytes, path: str) -> None:
    """Raise TooLargeError for a file that has too many signs of markup."""
    if (count := extract.signs(raw)) > extract.MOST_SIGNS:
        most = f"no file with more than {extract.MOST_SIGNS:,} is"
        raise TooLargeError(errno.EFBIG, f"it has {count:,} signs of markup, and {most} read", path)


def failure(path: str, doing: str, error: Exception) -> Mistake:
    """What is said of a file on which contentlint itself failed."""
    message = f"contentlint failed on this file, {doing}: {type(error).__name__}: {error}"
    return Mistake("internal-error", 0, 0, path, message, "please report this, with the file if you can")
