"""What users install: a wheel, an sdist and an editable checkout, each in an environment of its own."""

from __future__ import annotations

import email
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import contentlint

PROJECT = Path(__file__).parent.parent
PACKAGE = PROJECT / "lint" / "contentlint"
SITE = {
    "contentlint.yml": "pages:\n  - match: '*.md'\n    schema: page.schema.json\n",
    "page.schema.json": '{"properties": {"hero": {"x-reference": {"role": "image", "paths": ["/img/{value}"]}}}}',
    "index.md": "---\nhero: hip.png\n---\n[About](/about.html)\n",
    "about.md": "---\nhero: hpi.png\n---\n",
    "img/hip.png": "",
}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, outside: dict[str, str]) -> Path:
    """A folder with `sdist/`, `wheel/` of the checkout, and `from-sdist/` with the wheel that the sdist gives."""
    folder = tmp_path_factory.mktemp("dist")

    def build(target: str, project: Path, into: str) -> Path:
        command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder / into)]
        subprocess.run(command, cwd=project, env=outside, check=True, capture_output=True)
        (made,) = (folder / into).iterdir()
        return made

    build("wheel", PROJECT, "wheel")
    with tarfile.open(build("sdist", PROJECT, "sdist")) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    (unpacked,) = (folder / "unpacked").iterdir()
    build("wheel", unpacked, "from-sdist")
    return folder


def wheel(built: Path, name: str = "wheel") -> zipfile.ZipFile:
    (path,) = (built / name).iterdir()
    return zipfile.ZipFile(path)


def test_the_wheel_is_the_package_with_its_schemas_and_nothing_else(built: Path) -> None:
    info = f"contentlint-{contentlint.__version__}.dist-info"
    package = {f"contentlint/{path.relative_to(PACKAGE).as_posix()}" for path in PACKAGE.rglob("*.py")}
    schemas = {f"contentlint/schemas/{path.name}" for path in (PROJECT / "schemas").iterdir()}
    described = {f"{info}/{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")}
    with wheel(built) as archive:
        assert set(archive.namelist()) == package | schemas | described | {"contentlint/py.typed"}


def test_the_sdist_gives_the_same_wheel(built: Path) -> None:
    with wheel(built) as ours, wheel(built, "from-sdist") as theirs:
        assert {name: ours.read(name) for name in ours.namelist()} == {
            name: theirs.read(name) for name in theirs.namelist()
        }


def test_the_sdist_can_be_tested(built: Path) -> None:
    (unpacked,) = (built / "unpacked").iterdir()
    held = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    needed = {"LICENSE", "README.md", "contentlint.yml", "constraints.txt", "content/_config.yml", ".ci/run"}
    assert held >= needed | {f"tests/{Path(__file__).name}", ".pre-commit-hooks.yaml", "docs/README.md"}


def test_metadata(built: Path) -> None:
    with wheel(built) as archive:
        info = f"contentlint-{contentlint.__version__}.dist-info"
        metadata = email.message_from_string(archive.read(f"{info}/METADATA").decode())
        entry_points = archive.read(f"{info}/entry_points.txt").decode()
    assert metadata["Name"] == "contentlint"
    assert metadata["Version"] == contentlint.__version__
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata.get_payload() == (PROJECT / "README.md").read_text(encoding="utf-8")
    assert entry_points.split() == ["[console_scripts]", "contentlint", "=", "contentlint.__main__:main"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["wheel", "editable"])
def test_what_is_installed_lints_and_finds_its_schemas(
    kind: str, built: Path, outside: dict[str, str], tmp_path: Path
) -> None:
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / "bin" / "python"
    what = ["-e", PROJECT] if kind == "editable" else [*(built / kind).iterdir()]
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-compile", "--ignore-installed"]
    subprocess.run(
        [*pip, *what],
        env=outside | {"PYTHONPATH": _with_pip(outside)},
        check=True,
    )
    site = tmp_path / "site"
    for name, text in SITE.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")

    def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=site, env=outside, capture_output=True, text=True, check=False)

    where = Path(run(python, "-c", "import contentlint; print(contentlint.__file__)").stdout.strip()).parent
    assert where == PACKAGE if kind == "editable" else environment in where.parents

    for program in ([environment / "bin" / "contentlint"], [python, "-m", "contentlint"]):
        found = run(*program, "check", "--output-format", "concise")
        assert found.stdout == "about.md:2:7: error missing-image: image not found: /img/hpi.png\n", found.stderr
        assert found.returncode == 1

    (site / "contentlint.yml").write_text("page: []\n", encoding="utf-8")
    unusable = run(environment / "bin" / "contentlint", "check")
    assert unusable.returncode == 2, "the schema of the config is among those shipped"
    assert unusable.stderr.startswith("contentlint.yml:1:1: error: ")
    assert "did you mean pages?" in unusable.stderr


def _with_pip(outside: dict[str, str]) -> str:
    """The packages lent, and the pip that runs, which is not among them."""
    import pip

    return os.pathsep.join([outside["PYTHONPATH"], str(Path(pip.__file__).parent.parent)])
