from __future__ import annotations

import ast
from pathlib import Path

import pytest

import contentlint

PACKAGE = Path(contentlint.__file__).parent

# Imports point down only: a module may import those of the rows above its own, and of its own package.
LAYERS = [
    ["alike", "digest", "record", "regex", "shares"],
    ["diagnostic", "nearest", "page", "patterns", "percent", "project", "terminal", "tree", "writing"],
    ["frontmatter", "liquid", "suppression"],
    ["kramdown"],
    ["folding"],
    ["rendering", "resolving", "rewriting", "schema"],
    ["names"],
    ["generators", "rule"],
    ["site"],
    ["rules", "config", "reporters", "fix", "cache", "baseline", "inference"],
    ["assembly", "since"],
    ["meant"],
    ["judge"],
    ["run"],
    ["standards"],
    ["again"],
    ["mending", "remembering"],
    ["change", "explain", "init"],
    ["usage"],
    ["flags"],
    ["cli"],
    ["__main__"],
]
ROW = {name: number for number, row in enumerate(LAYERS) for name in row}
ONLY = {
    "yaml": {"frontmatter"},
    "jsonschema": {"schema"},
    "jsonschema_rs": {"schema"},
    "subprocess": {"tree"},
}
FORBIDDEN_TO_RULES = {"os", "pathlib", "io", "run", "config", "cache", "tree", "reporters", "generators"}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the whole name of a module"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names if node.module == "contentlint"}
    return found


def room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.relative_to(PACKAGE) != Path("__init__.py")]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    own = room(path)
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top != "contentlint":
            assert own in ONLY.get(top, {own}), f"only {ONLY.get(top)} may import {top}"
            continue
        other = rest.partition(".")[0]
        if other in ("", "__version__", own):
            continue
        assert ROW[other] < ROW[own], f"{own} may not import {other}"


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) == "rules"], ids=lambda path: path.stem)
def test_rules_do_no_io(path: Path) -> None:
    used = {name.removeprefix("contentlint.").partition(".")[0] for name in imports(path)}
    assert not used & FORBIDDEN_TO_RULES
    assert not {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    } & {"open", "print", "exec", "eval", "__import__"}


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) == "reporters"], ids=lambda path: path.stem)
def test_reporters_see_only_diagnostics(path: Path) -> None:
    ours = {name.partition(".")[2] for name in imports(path) if name.startswith("contentlint")}
    assert {name.partition(".")[0] for name in ours} <= {
        "diagnostic",
        "record",
        "regex",
        "reporters",
        "terminal",
        "",
        "__version__",
    }
