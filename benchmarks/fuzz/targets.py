"""What is fuzzed, and what must hold of it: each target takes any bytes, and raises when contentlint breaks a promise on them."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import category

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "lint"))

from contentlint import (
    config,
    frontmatter,
    kramdown,
    liquid,
    remembering,
    reporters,
    resolving,
    run,
    schema,
    suppression,
)
from contentlint.diagnostic import Fault, Report, UnusableError, order
from contentlint.frontmatter import Document
from contentlint.generators.jekyll import data, settings
from contentlint.rule import Rule
from contentlint.rule import load as load_rules
from contentlint.run import Request
from contentlint.tree import Folder
from fuzz import mutation, seeds


class Target(NamedTuple):
    """One of the things that are fuzzed."""

    check: Callable[[bytes], None]
    seeds: Callable[[], list[str]]
    words: Sequence[str]


class BrokenError(AssertionError):
    """A promise is broken."""


def _hold(truth: object, said: str) -> None:
    if not truth:
        raise BrokenError(said)


def _text(raw: bytes) -> str:
    """Any text that a file can hold."""
    return raw.decode("utf-8", "replace")


def _inside(places: Iterable[tuple[int, int]], length: int) -> None:
    for start, end in places:
        _hold(0 <= start <= end <= length, "a place lies outside the text, or ends before it begins")


def _twice(act: Callable[[], Any], shown: Callable[[Any], object] = lambda found: found) -> Any:
    """What comes of it, which has to be the same once more; `shown` is what of it is compared."""
    first = act()
    _hold(repr(shown(first)) == repr(shown(act())), "the same text gives another result")
    return first


def _composed(act: Callable[[], Document], length: int) -> None:
    """A document: what is in it the second time, too, when its shape is known."""
    found = _twice(act, lambda each: (each.data, list(each.fields), list(each.duplicates), each.error, each.root))
    _document(found, length)


# -- languages ----------------------------------------------------------------------------------------------------------


def _document(found: Document, length: int) -> None:
    fields = found.fields
    _inside(((each.start, each.end) for each in fields), length)
    _inside(((each.key_start, each.key_end) for each in fields), length)
    _inside([found.root], length)
    _inside([(each.start, each.end) for each in found.duplicates], length)
    _inside([(each.first_start, each.first_end) for each in found.duplicates], length)
    if found.error is not None:
        _inside([(found.error.start, found.error.end)], length)
        _hold(found.data is None, "there is a value beside a mistake")


def front_matter(raw: bytes) -> None:
    """The block, what is in it, and the comments."""
    frontmatter.sniff(raw[:4096])
    text = _text(raw)
    block = _twice(lambda: frontmatter.split(text))
    if block is None:
        frontmatter.unclosed(text)
        return
    _hold(0 <= block.start < block.opening <= block.end <= block.body <= len(text), "the block lies outside the text")
    _composed(lambda: frontmatter.compose(text, block.start, block.end), len(text))
    _inside(frontmatter.comments(text, block.start, block.end), len(text))


def yaml(raw: bytes) -> None:
    """A whole text as YAML."""
    text = _text(raw)
    _composed(lambda: frontmatter.compose(text), len(text))


def data_file(raw: bytes) -> None:
    """A data file: its first byte says of what kind."""
    name = "x" + (".yml", ".json", ".csv", ".tsv")[raw[0] % 4 if raw else 0]
    _composed(lambda: data.document(raw[1:], name), len(raw))


def _scan(found: kramdown.Scan, length: int) -> None:
    _inside(((link.start, link.end) for link in found.links), length)
    _inside(((link.use, link.use) for link in found.links), length)
    _inside(((anchor.start, anchor.end) for anchor in found.anchors), length)
    _inside(((label.start, label.end) for label in found.undefined), length)
    _inside(found.comments, length)


_OPTIONS = (
    kramdown.Options(),
    kramdown.Options(gfm=False),
    kramdown.Options(parse_block_html=True),
    kramdown.Options(html_to_native=True),
)


def markdown(raw: bytes) -> None:
    """A body as kramdown reads it; its length says with which options."""
    text = _text(raw)
    _scan(_twice(lambda: kramdown.scan(text, _OPTIONS[len(raw) % 4])), len(text))


def html(raw: bytes) -> None:
    """A body as a browser reads it."""
    text = _text(raw)
    _scan(_twice(lambda: kramdown.scan_html(text)), len(text))


_VARIABLES = {
    "page": {
        "title": "T",
        "list": ["a", "b", {"a": 1, "url": liquid.Text("/x/", "place")}],
        "text": "<b>x</b>\ny",
        "number": 3,
        "none": None,
    },
    "site": {"data": {"nav": [{"to": "/"}]}, "pages": liquid.Unknown("not here"), "time": "2024-01-01 10:00:00 +0000"},
}


def _rendered(text: str) -> liquid.Output:
    template = liquid.parse(text, unknown_tags=("gist",))
    _inside([(each.start, each.end) for each in template.problems], len(text))
    for tags in (template.tags.includes, template.tags.links, template.tags.comments):
        _inside([(each.start, each.end) for each in tags], len(text))

    def include(name: str, _kind: str) -> tuple[liquid.Template, object] | liquid.Missing:
        return (template, "again") if name == "a" else liquid.Missing((name,))

    context = liquid.Context(
        _VARIABLES, include=include, link=lambda path: liquid.Missing((path,)), baseurl="/b", url="https://x.example"
    )
    return template.render(context, "page", 5_000)


def template(raw: bytes) -> None:
    """A template, parsed and run; every stretch of what it puts out has an origin."""
    text = _text(raw)
    output = _rendered(text)
    whole = output.text
    _hold(whole == _rendered(text).text, "the same template puts out something else")
    size = len(whole)
    for start in range(0, size, max(1, size // 8)):
        _inside(
            [
                (place.start, place.end)
                for place in output.origin(start, min(size, start + 5)).places
                if place.source == "page"
            ],
            len(text),
        )
    for piece in output.pieces[:100]:
        _hold(0 <= piece.start <= piece.end <= size, "a piece lies outside of what was put out")


def suppressions(raw: bytes) -> None:
    """Every comment of a text, and ways to take names out of it."""
    text = _text(raw)
    at = 0
    while (at := text.find("contentlint", at)) >= 0:
        start, end = text.rfind("\n", 0, at) + 1, (text.find("\n", at) + 1 or len(text) + 1) - 1
        found = _twice(lambda start=start, end=end: suppression.read(text, start, end, front=0))
        if found is not None:
            _inside([(found.start, found.end), *((first, last) for _, first, last in found.names)], len(text))
            _hold(0 <= found.line <= text.count("\n") + 1, "it covers a line that is not there")
            for number in {*range(min(4, len(found.names) + 1)), len(found.names)}:
                (first, last, _), _ = suppression.removal(text, found, range(number))
                _inside([(first, last)], len(text))
        at += 1


_TARGETS = [
    resolving.Target(name, name, "/" + url, "page")
    for name, url in [
        ("index.html", ""),
        ("a/index.html", "a/"),
        ("b.html", "b.html"),
        ("a/é.png", "a/é.png"),
        ("A.png", "A.png"),
        ("404.html", "404.html"),
    ]
] + [
    resolving.Target("r", "r/index.html", "/r/", "redirect", redirect="/r2/"),
    resolving.Target("r2", "r2/index.html", "/r2/", "redirect", redirect="/r/"),
]


def address(raw: bytes) -> None:
    """A URL on a page of a site, with and without a baseurl."""
    text = _text(raw)
    base, _, url = text.partition("\n") if "\n" in text and text.startswith("/") else ("/a/", "", text)
    for baseurl in ("", "/base"):
        outputs = resolving.Outputs(resolving.Index(_TARGETS), baseurl=baseurl, url="https://atlas.example")
        found = _twice(lambda outputs=outputs: outputs.resolve(url, base))
        _hold(
            isinstance(found, resolving.Found | resolving.Missing | resolving.Unknown | resolving.External),
            "it is no answer",
        )


# -- what a user configures ---------------------------------------------------------------------------------------------


@cache
def _rules() -> dict[str, Rule]:
    return load_rules()


def _faults(faults: Iterable[Fault], texts: dict[str, str]) -> None:
    for fault in faults:
        if fault.span is not None and fault.path in texts:
            _span(fault.span, texts[fault.path])


def _span(span: Sequence[int], text: str) -> None:
    line, column, end_line, end_column = span
    lines = text.split("\n")
    _hold((line, column) <= (end_line, end_column), "a span ends before it begins")
    _hold(1 <= line <= end_line <= len(lines), "a line is not there")
    _hold(
        1 <= column <= len(lines[line - 1]) + 1 and 1 <= end_column <= len(lines[end_line - 1]) + 1,
        "a column is not there",
    )


def own_config(raw: bytes) -> None:
    """A `contentlint.yml`."""
    page = b'{"properties": {"title": {"type": "string"}}}'
    files = {"contentlint.yml": raw, "schemas/page.json": page}

    def read(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(path)
        return files[path]

    def loaded() -> object:
        try:
            return config.load(
                "/nonexistent", None, _rules(), read=read, names=lambda _: ("schemas", "contentlint.yml")
            ).digest
        except UnusableError as error:
            _faults(error.faults, {"contentlint.yml": _text(raw)})
            return error.faults

    _twice(loaded)


def schemas(raw: bytes) -> None:
    """A schema, and a value that it judges."""
    first, _, second = raw.partition(seeds.FILE.encode())
    files = {"s/page.json": first, "s/page.yml": first, "s/other.json": b'{"$ref": "page.json"}'}

    def read(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(path)
        return files[path]

    value = frontmatter.compose(_text(second)).data

    def judged() -> object:
        try:
            found = schema.load("s/page.json", read, lambda _: ("page.json",))
        except UnusableError as error:
            _faults(error.faults, dict.fromkeys(files, _text(first)))
            return error.faults
        return (
            found.violations(value),
            found.references(value),
            found.uniques(value),
            found.unknown_placeholders(["urlimg"]),
        )

    _twice(judged)


class Files:
    """A tree of files in memory."""

    root = "/nonexistent"

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files

    def folder(self, path: str = "") -> Folder:
        """See `Tree`."""
        below = [each.removeprefix(path + "/") for each in self._files if not path or each.startswith(path + "/")]
        files = {each: None for each in below if "/" not in each}
        return Folder(files, {each.partition("/")[0]: None for each in below if "/" in each}, {})

    def is_file(self, path: str) -> bool:
        """See `Tree`."""
        return path in self._files

    def is_folder(self, path: str) -> bool:
        """See `Tree`."""
        return not path or any(each.startswith(path + "/") for each in self._files)

    def exists_exact(self, path: str) -> bool:
        """See `Tree`."""
        return self.is_file(path) or self.is_folder(path)

    def read(self, path: str, limit: int = -1) -> bytes:
        """See `Tree`."""
        if path not in self._files:
            raise FileNotFoundError(path)
        return self._files[path] if limit < 0 else self._files[path][:limit]


def site_settings(raw: bytes) -> None:
    """A `_config.yml`."""
    tree = Files({"_config.yml": raw, "index.md": b"---\n---\n", "_posts/2024-01-01-a.md": b"---\n---\n"})

    def loaded() -> object:
        found = settings.load(tree)
        _inside(found.places.values(), len(raw))
        _inside([(each.start, max(each.start, each.end)) for each in found.problems], len(raw))
        return found.problems, found.source, found.destination, found.container, sorted(found.collections), found.style

    _twice(loaded)


# -- whole sites --------------------------------------------------------------------------------------------------------

_MEMORY = "/dev/shm"


@cache
def _ground() -> str:
    import atexit

    folder = tempfile.mkdtemp(prefix="contentlint-fuzz-", dir=_MEMORY if os.path.isdir(_MEMORY) else None)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def site(raw: bytes) -> None:
    """A tiny site: cold, warm, and warm again after one of its files has changed, gone or moved; in every format."""
    files = seeds.separated(_text(raw))
    ground = _ground()
    root, kept = os.path.join(ground, "site"), os.path.join(ground, "cache")
    for folder in (root, kept):
        shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(root)
    for path, content in files.items():
        _lay(root, path, content)
    report = _checked(root, None)
    _hold(report == _checked(root, None), "the same site gives another report")
    _hold(report == _checked(root, kept), "the report that is remembered is another one")
    _hold(report == _checked(root, kept), "the report from the cache is another one")
    if isinstance(report, Report):
        _reported(report, files)
    paths = sorted(files)
    if paths:
        digest = blake2b(raw, digest_size=4).digest()
        chosen, other = paths[digest[0] % len(paths)], paths[digest[1] % len(paths)]
        if digest[3] % 2:
            _lay(root, chosen, files[other] if digest[2] % 2 else files[chosen] + "\n[x](/t/#t) {{ page.title }}\n")
        else:
            os.unlink(os.path.join(root, chosen))
            if digest[2] % 2:
                folder, _, name = chosen.rpartition("/")
                _lay(root, f"{folder}/new-{name}".lstrip("/"), files[chosen])
        _hold(_checked(root, None) == _checked(root, kept), "after a change the report from the cache is another one")


def _lay(root: str, path: str, content: str) -> None:
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w", encoding="utf-8", newline="") as file:
        file.write(content)


def _checked(root: str, kept: str | None) -> Report | tuple[Fault, ...]:
    request = Request(root, root=root, cache=kept is not None, cache_dir=kept)
    try:
        return remembering.check(request, warn=_unwanted) if kept is not None else run.check(request)
    except UnusableError as error:
        return error.faults


def _unwanted(message: str) -> None:
    _hold(False, message)


_OBEYED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of characters that a terminal obeys; private use is shown."""


def _reported(report: Report, files: dict[str, str]) -> None:
    found = report.diagnostics
    _hold(list(found) == sorted(found, key=order), "the report is out of order")
    for each in found:
        _hold(each.rule != "internal-error", each.message)
        if each.path in files and "encoding" not in files.get("_config.yml", ""):
            _span(each.span, files[each.path].removeprefix("\ufeff"))
    for name in reporters.FORMATS:
        for line in "\n".join(reporters.reporter(name)(report)).split("\n"):
            obeyed = any(category(each) in _OBEYED for each in line if not each.isprintable())
            _hold(not obeyed, f"{name} lets through what a terminal obeys")
            obeyed = (line.lstrip().startswith("::") and name != "github") or "##[" in line
            _hold(not obeyed, f"{name} lets through what a CI runner obeys")


TARGETS = {
    "front-matter": Target(
        front_matter, lambda: [seeds.PAGE, *(f"---\n{text}\n---\nbody" for text in seeds.yaml())], mutation.YAML
    ),
    "yaml": Target(yaml, seeds.yaml, mutation.YAML),
    "data": Target(
        data_file,
        lambda: ['\x02a,b\n1,"2\n3"\n', "\x03a\tb\n1\t2\n", *(f"\0{text}" for text in seeds.yaml())],
        (*mutation.YAML, ",", "\t", '""'),
    ),
    "markdown": Target(markdown, seeds.markdown, mutation.MARKDOWN),
    "html": Target(html, seeds.markdown, mutation.MARKDOWN),
    "liquid": Target(template, seeds.templates, mutation.LIQUID),
    "suppressions": Target(suppressions, seeds.suppressions, mutation.SUPPRESSION),
    "urls": Target(address, lambda: ["/a/\n../b.html#x", "/r/", *seeds.addresses()], mutation.URL),
    "config": Target(own_config, seeds.configs, (*mutation.CONFIG, *mutation.YAML)),
    "schema": Target(schemas, seeds.schemas, (*mutation.SCHEMA, *mutation.YAML)),
    "settings": Target(site_settings, seeds.settings, (*mutation.SETTINGS, *mutation.YAML)),
    "site": Target(
        site,
        seeds.sites,
        (*mutation.MARKDOWN, *mutation.LIQUID, *mutation.YAML, *mutation.SETTINGS, *mutation.SUPPRESSION, seeds.FILE),
    ),
}
