"""The programs that are timed: how each is found, and how it is called."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from planted import SCHEMA

PROJECT = Path(__file__).resolve().parent.parent.parent
RIVALS = ("rumdl", "markdownlint-cli2", "remark", "jekyll", "htmlproofer")
LINK_RULES = "MD051,MD052,MD053,MD057"
"""rumdl's rules on links; markdownlint has the first three."""


@dataclass(frozen=True, slots=True)
class Linter:
    """contentlint as it is started, and the Python below it."""

    command: tuple[str, ...]
    bare: tuple[str, ...]
    """The same Python doing nothing."""
    environment: Mapping[str, str]
    version: str
    flags: str
    """What `check --help` says."""


def linter(script: str | None, folder: Path) -> Linter:
    """An installed contentlint; without one, this repository's, started by a script like the one that pip writes.

    Raises ValueError when the script does not say which Python runs it.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment["XDG_CACHE_HOME"] = str(folder / "user-cache")
    if script is None:
        project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        module, _, name = project["scripts"]["contentlint"].partition(":")
        path = folder / "contentlint"
        path.write_text(
            f"#!{sys.executable}\nimport sys\nfrom {module} import {name}\nsys.exit({name}())\n", encoding="utf-8"
        )
        python = [sys.executable]
        environment["PYTHONPATH"] = str(PROJECT / "lint")
    else:
        path = Path(shutil.which(script) or script).absolute()
        with path.open("rb") as file:
            first = file.readline().decode(errors="replace").strip()
        python = first.removeprefix("#!").split()
        if not first.startswith("#!") or not any("python" in word for word in python):
            raise ValueError(f"the first line of {script} does not name a Python")
    command = (*python, str(path))

    def said(*arguments: str) -> str:
        call = [*command, *arguments]
        return subprocess.run(call, env=environment, capture_output=True, text=True, check=True).stdout

    return Linter(command, (*python, "-c", "pass"), environment, said("--version").split()[-1], said("check", "--help"))


@dataclass(frozen=True, slots=True)
class Rival:
    """A program found on this machine."""

    path: str
    version: str


def rivals(named: Mapping[str, str]) -> dict[str, Rival]:
    """Those rivals that are there: at the path that was named, beside this Python, or on PATH."""
    beside = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])
    found = {}
    for name in RIVALS:
        path = shutil.which(named.get(name, name), path=beside)
        if not path:
            continue
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
        words = [word.strip(",").removeprefix("v") for word in said.stdout.split()]
        versions = [word for word in words if word[:1].isdigit()]
        found[name] = Rival(str(Path(path).absolute()), versions[0] if versions else "of unknown version")
    return found


def rumdl(rival: Rival) -> list[str]:
    """Its link rules alone, without its cache."""
    return [rival.path, "check", "--no-cache", "--enable", LINK_RULES, "."]


def markdownlint(rival: Rival, folder: Path) -> list[str]:
    """Its link rules alone; its config is written to a folder."""
    rules = {"default": False, **dict.fromkeys(LINK_RULES.split(",")[:3], True)}
    config = folder / ".markdownlint-cli2.jsonc"
    config.write_text(json.dumps({"config": rules, "noProgress": True}), encoding="utf-8")
    return [rival.path, "--config", str(config), "**/*.md"]


def remark(rival: Rival, folder: Path, site: Path) -> list[str] | None:
    """validate-links and frontmatter-schema, the latter with the site's schema; None when a plugin is not beside it."""
    # Its schema engine knows no draft by the name that the schema gives itself, and resolves paths below the site.
    schema = folder / "remark.schema.json"
    schema.write_text(json.dumps({key: value for key, value in SCHEMA.items() if key != "$schema"}), encoding="utf-8")
    schemas = {os.path.relpath(schema, site): ["./muscle/*/*.md"]}
    modules = Path(rival.path).resolve().parent.parent
    settings = {"validate-links": {"repository": False}, "lint-frontmatter-schema": {"schemas": schemas}}
    plugins: list[object] = []
    for name in ("frontmatter", "validate-links", "lint-frontmatter-schema"):
        entry = modules / f"remark-{name}" / ("dist/index.js" if name.endswith("schema") else "index.js")
        if not entry.exists():
            return None
        plugins.append([str(entry), settings[name]] if name in settings else str(entry))
    config = folder / "remarkrc.json"
    config.write_text(json.dumps({"plugins": plugins}), encoding="utf-8")
    return [rival.path, "--no-config", "--rc-path", str(config), "--no-stdout", "--quiet", "."]


def jekyll(rival: Rival, proofer: Rival, folder: Path) -> list[str]:
    """A build into a folder, and html-proofer on it, links to other hosts left out."""
    built = str(folder / "built")
    build = f'"{rival.path}" build --safe --quiet --disable-disk-cache --destination "{built}"'
    proof = f'"{proofer.path}" --disable-external --log-level :error "{built}"'
    # Both leave with 1: a build that failed, and a check that found something.
    return ["sh", "-c", f"{build} || exit 9; {proof}"]
