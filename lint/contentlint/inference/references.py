"""What the texts of a field refer to, and under which base: shown by templates, or by the files that are there."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from contentlint.inference.evidence import FEW, holds
from contentlint.inference.fields import Field, Value
from contentlint.liquid import MARK
from contentlint.page import Role
from contentlint.resolving import Found, Missing, Target
from contentlint.schema.extensions import ReferenceRule
from contentlint.site import Site

_FILE = re.compile(r"[^\s<>{}\"][^<>{}\"\n]*\.[A-Za-z][A-Za-z0-9]{1,4}")
_PAGE = re.compile(r"/[^\s<>{}\"]*")
_BASE = re.compile(r"(?:/|\.{0,2}/?[\w-]+/)[^\s<>{}\"?#]*")
_MIDDLE = re.compile(r"(?:[-_.@][\w.@-]{1,20})?")
"""What a picture's name has in addition where another one of it is meant: `-thumb`, `@2x`."""
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp", ".ico")
_BASES = 20
"""So many of the folders that a value may lie in are tried."""


class Bases:
    """Finds the paths of `x-reference` for a field. `config` is the generator's."""

    def __init__(self, site: Site, config: Mapping[str, Any]) -> None:
        self._site = site
        self._words = {
            name: value for name, value in config.items() if isinstance(value, str) and re.fullmatch(r"[\w-]+", name)
        }
        self._known: dict[tuple[Field, int], ReferenceRule | None] = {}
        self._shown: dict[str, dict[tuple[Any, ...], list[tuple[Role, str]]]] = {}
        self._endings: dict[str, list[str]] = {}
        for target in site.outputs.index:
            self._endings.setdefault(posixpath.basename(target.output), []).append(target.output)

    def of(self, field: Field, values: Sequence[Value]) -> ReferenceRule | None:
        """What the texts of a field refer to: the role, and the paths, of which each must exist; None for no references."""
        at = field, id(values[0].source)
        if at not in self._known:
            self._known[at] = self._by_templates(values) or self._by_files(values)
        return self._known[at]

    # -- what templates show -----------------------------------------------------------------------------------------

    def _by_templates(self, values: Sequence[Value]) -> ReferenceRule | None:
        """The forms that templates give to most of the values that they show, if they lead somewhere more often than not.

        A gallery may show a small picture beside the large one: `{stem}-thumb{ext}`.
        """
        forms: Counter[tuple[Role, str]] = Counter()
        for value in values:
            for role, url in set(self._of_source(value).get(value.key, ())):
                if path := self._form(url, value.value):
                    forms[role, path] += 1
        shown: list[tuple[Role, str]] = []
        for (role, path), count in sorted(
            forms.items(), key=lambda each: (-each[1], each[0][0] is not Role.IMAGE, each)
        ):
            there, missing, _ = self._tried(path, values)
            if count >= FEW and 2 * count >= len(values) and there > missing:
                shown.append((role, path))
        paths = tuple(dict.fromkeys(path for _, path in shown))
        return ReferenceRule(shown[0][0], paths) if shown else None

    def _form(self, url: str, value: str) -> str:
        """A URL with placeholders for the value that is in it; empty when it is not made of it in such a way."""
        stem, ending = posixpath.splitext(value)
        for part, rest in ((value, ""), (stem, ending)):
            prefix, found, middle = url.removesuffix(rest).partition(part)
            if part and found and url.endswith(rest) and _MIDDLE.fullmatch(middle) and bool(rest) == bool(middle):
                base = self._written(prefix, rooted=value.startswith("/"))
                return "" if base is None else base + (f"{{stem}}{middle}{{ext}}" if rest else "{value}")
        return ""

    def _of_source(self, value: Value) -> Mapping[tuple[Any, ...], list[tuple[Role, str]]]:
        """What a source's references were made of, by key path."""
        path = value.source.path
        if path not in self._shown:
            shown: dict[tuple[Any, ...], list[tuple[Role, str]]] = {}
            for each in value.source.references:
                if each.key and not each.unknown and MARK not in each.url:
                    shown.setdefault(each.key, []).append((each.role, each.url))
            self._shown[path] = shown
        return self._shown[path]

    def _written(self, prefix: str, *, rooted: bool) -> str | None:
        """A base with the settings that it is made of, as a path of `x-reference` has it; None when it cannot be one.

        In front of an address from the root the baseurl stands also where it is empty today.
        """
        baseurl = self._words.get("baseurl", "")
        names = [
            (value, name) for name, value in self._words.items() if value == prefix and value and name != "baseurl"
        ]
        if names:
            return f"{{{min(names)[1]}}}"
        if baseurl and prefix.startswith(baseurl + "/"):
            inner = self._written(prefix.removeprefix(baseurl), rooted=rooted)
            return None if inner is None else "{baseurl}" + inner
        if prefix == baseurl and rooted and "baseurl" in self._words:
            return "{baseurl}"
        if not prefix:
            return ""
        return prefix if _BASE.fullmatch(prefix) else None

    # -- what files show ---------------------------------------------------------------------------------------------

    def _by_files(self, values: Sequence[Value]) -> ReferenceRule | None:
        """The first base under which the values are there, all but a few."""
        texts = [each.value for each in values]
        if not all(_FILE.fullmatch(text) or _PAGE.fullmatch(text) for text in texts) or len(set(texts)) < 2:
            return None
        for base in self._bases(texts):
            path = base + "{value}"
            there, missing, targets = self._tried(path, values)
            if holds(there, there + missing):
                return ReferenceRule(_role(targets), (path,))
        return None

    def _bases(self, texts: Sequence[str]) -> Iterator[str]:
        """Settings of the generator that can be bases, then the folders that a file of such a name lies in."""
        rooted = all(text.startswith("/") for text in texts)
        if rooted:
            yield "{baseurl}" if "baseurl" in self._words else ""
        for name, value in sorted(self._words.items()):
            if _BASE.fullmatch(value) and value.startswith("/") and name not in ("baseurl", "permalink"):
                yield f"{{{name}}}"
        if not rooted:
            yield ""
        folders: Counter[str] = Counter()
        for text in sorted(set(texts)):
            for output in self._endings.get(posixpath.basename(text), ()):
                if f"/{output}".endswith(f"/{text.lstrip('/')}"):
                    folders[f"/{output}".removesuffix(text.lstrip("/")).rstrip("/")] += 1
        for folder, _ in sorted(folders.items(), key=lambda each: (-each[1], each[0]))[:_BASES]:
            if not set("{}") & set(folder):
                yield ("{baseurl}" if "baseurl" in self._words else "") + folder + ("" if rooted else "/")

    def _tried(self, path: str, values: Iterable[Value]) -> tuple[int, int, list[Target]]:
        """How many values lead somewhere, and how many nowhere, by a path of `x-reference`; and where."""
        missing, targets = 0, []
        for each in values:
            url = self._expanded(path, each.value)
            target = each.source.target
            resolution = self._site.outputs.resolve(url, target.url if target is not None else "/")
            if isinstance(resolution, Found):
                targets.append(resolution.target)
            missing += isinstance(resolution, Missing)
        return len(targets), missing, targets

    def _expanded(self, path: str, value: str) -> str:
        """A path of `x-reference` for a value; one that names its own host or scheme stays as it is."""
        if re.match(r"(?:[a-z]+:)?//|[a-z]+:", value, re.IGNORECASE):
            return value
        stem, ending = posixpath.splitext(value)
        words = {**self._words, "value": value, "stem": stem, "ext": ending}
        return re.sub(r"\{([\w-]+)\}", lambda found: words.get(found[1], ""), path)


def _role(targets: Iterable[Target]) -> Role:
    """What most of the targets are."""
    counts = Counter(
        Role.IMAGE
        if target.output.lower().endswith(_PICTURES)
        else Role.PAGE
        if target.output.endswith(".html")
        else Role.FILE
        for target in targets
    )
    return max(sorted(counts), key=lambda role: counts[role])
