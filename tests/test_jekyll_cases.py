"""Every recorded case of real Jekyll: what is read, what it is, its URL, its output path, and what fails the build."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contentlint.assembly.files import Files
from contentlint.generators.jekyll import build as jekyll
from contentlint.generators.jekyll import reading
from contentlint.generators.jekyll.collisions import Clash, collisions
from contentlint.generators.jekyll.items import Item
from contentlint.generators.jekyll.settings import load
from contentlint.tree import Folder, Tree, WorkTree

DATA = Path(__file__).parent / "data" / "jekyll"
CASES = [
    case
    for name in ("cases.json", "more-cases.json")
    if (DATA / name).exists()
    for case in json.loads((DATA / name).read_text(encoding="utf-8"))
    if case["section"] in ("1-frontmatter", "2-urls", "3-plugins", "6-data", "7-doctor")
]
EXCEPTIONS = {
    "plug-missing": "whether a gem is installed is no matter of the source",
    "plug-theme-missing": "whether a gem is installed is no matter of the source",
}
MODIFIED = datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)


class MemoryTree:
    """A tree that is not on disk, as a commit's is not."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.bytes = files
        self.folders: dict[str, Folder] = {"": Folder({}, {}, {})}
        for path in sorted(files):
            parent, _, name = path.rpartition("/")
            self._make(parent).files[name] = None

    def _make(self, path: str) -> Folder:
        if path not in self.folders:
            parent, _, name = path.rpartition("/")
            self._make(parent).folders[name] = None
            self.folders[path] = Folder({}, {}, {})
        return self.folders[path]

    def folder(self, path: str = "") -> Folder:
        return self.folders.get(path, Folder({}, {}, {}))

    def is_file(self, path: str) -> bool:
        return path in self.bytes

    def is_folder(self, path: str) -> bool:
        return path in self.folders

    def exists_exact(self, path: str) -> bool:
        return self.is_file(path) or self.is_folder(path)

    def read(self, path: str, limit: int = -1) -> bytes:
        if path not in self.bytes:
            raise FileNotFoundError(path)
        return self.bytes[path][: limit if limit >= 0 else None]


def files_of(case: dict) -> dict[str, bytes]:
    files = {
        path: base64.b64decode(text["b64"]) if isinstance(text, dict) else text.encode()
        for path, text in case["files"].items()
    }
    if case["config"]:
        # the oracle's YAML begins with dashes, which makes it a page where `include` reaches it
        files.setdefault("_config.yml", ("---\n" + json.dumps(case["config"])).encode())
    return files


def tree_of(case: dict, root: Path) -> Tree:
    if "symlinks" not in case:
        return MemoryTree(files_of(case))
    for path, content in files_of(case).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    for path, target in case["symlinks"].items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).symlink_to(target)
    return WorkTree(root)


def build(case: dict, root: Path) -> jekyll.Built:
    tree = tree_of(case, root)
    settings = load(tree, options={"time": "2026-06-15 12:00:00 +0000", **case.get("opts", {})})
    inventory = reading.inventory(tree, settings)
    files = Files(tree, settings, {})
    files.extract(inventory, lambda _stage, _done, _total: None)
    environment = case.get("env", "development")
    return jekyll.assemble(
        tree, settings, inventory, files.head, files.document, environment=environment, modified=lambda _: MODIFIED
    )


def items(built: jekyll.Built) -> list[Item]:
    return [*built.items, *built.pictures]


def seen(built: jekyll.Built) -> dict:
    urls: dict = {}
    kinds: dict = {}
    outputs: dict = {}
    for item in items(built):
        if item.source is not None and item.known:
            urls.setdefault(item.source, []).append(item.url)
            kind = f"doc:{item.collection}" if item.kind == "document" else str(item.kind)
            kinds.setdefault(item.source, set()).add(kind)
            outputs.setdefault(item.source, set()).add(item.output)
    return {"urls": {path: sorted(each) for path, each in urls.items()}, "kinds": kinds, "outputs": outputs}


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_case(case: dict, tmp_path_factory: pytest.TempPathFactory) -> None:
    if case["name"] in EXCEPTIONS:
        pytest.skip(EXCEPTIONS[case["name"]])
    root = tmp_path_factory.mktemp("site") if "symlinks" in case else Path("/nowhere")
    built = build(case, root)
    expect = case["expect"]
    if expect["status"] == "error":
        fatal = [problem for problem in built.problems if problem.fatal]
        clashes = [each for each in collisions(items(built)) if each.clash is Clash.FOLDER]
        assert fatal or clashes, expect["error"]
        blamed = [path for path in case["files"] if f"SRC/{path}" in expect["error"]["message"]]
        if blamed:
            assert {problem.path for problem in fatal} & set(blamed)
        return
    assert not [problem for problem in built.problems if problem.fatal]
    got = seen(built)
    wanted = {path: sorted(each) if isinstance(each, list) else [each] for path, each in expect["urls"].items()}
    # what is never written may have no URL at all: asking for it fails
    impossible = {path for path, each in wanted.items() if each[0].startswith("!")}
    assert {path: each for path, each in got["urls"].items() if path not in impossible} == {
        path: each for path, each in wanted.items() if path not in impossible
    }
    for path, kind in expect.get("kinds", {}).items():
        assert kind in got["kinds"][path]
    for path, output in expect.get("dests", {}).items():
        assert output in got["outputs"][path] or path in impossible
    unwritten = {item.source for item in items(built) if item.known and not item.published}
    assert unwritten == set(expect.get("unwritten", []))
    generated = {item.url: item.output for item in items(built) if item.source is None}
    for url, each in expect.get("generated", {}).items():
        if not built.may_have(url):
            assert generated.pop(url) == each["dest"]
    # a style sheet with an empty body has no source map, which only its body tells
    extra = {url for url in generated if not url.endswith(".css.map")}
    assert not extra - set(expect.get("generated", {}))


PRINTED = [case for case in CASES if "jsonify" in str(case["files"].get("o.txt", ""))]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in PRINTED])
def test_data(case: dict) -> None:
    assert build(case, Path("/nowhere")).data.values == json.loads(case["expect"]["text"]["o.txt"])


def test_exceptions_are_few() -> None:
    assert len(EXCEPTIONS) <= len(CASES) * 0.02
    assert set(EXCEPTIONS) <= {case["name"] for case in CASES}
