"""What the documentation says is so: its links lead somewhere, its samples are what the program prints now.

`UPDATE=1` writes anew: the samples, the rules' pages, and in the reference of the config the words of its schema.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import pytest

import contentlint
from contentlint import baseline, cli, config, explain, kramdown
from contentlint.diagnostic import Severity, fingerprints
from contentlint.reporters import FORMATS
from contentlint.rule import load

PROJECT = Path(__file__).parent.parent
DOCS = PROJECT / "docs"
PAGES = sorted([*PROJECT.glob("*.md"), *DOCS.rglob("*.md")])
README = (PROJECT / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SCHEMA = json.loads((PROJECT / "schemas" / "contentlint.schema.json").read_text(encoding="utf-8"))
EXTERNAL = ("https://", "http://", "mailto:")


def named(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def fences(*languages: str) -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        for language, content in FENCE.findall(page.read_text(encoding="utf-8")):
            if language in languages:
                yield page, content


def anchors(page: Path) -> set[str]:
    """The ids that GitHub gives a page's headings: letters in lower case, spaces as hyphens, the rest left out."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# -- links


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_and_images_lead_somewhere(page: Path) -> None:
    links = [link.url for link in kramdown.scan(page.read_text(encoding="utf-8"), kramdown.Options()).links]
    for link in links:
        if link.startswith(EXTERNAL):
            continue
        path, _, fragment = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link} leads nowhere"
        assert target.is_relative_to(PROJECT), f"{link} leads out of the project"
        assert not fragment or fragment in anchors(target), f"{named(target)} has no heading #{fragment}"


def test_contentlint_finds_nothing_wrong_with_its_own_documentation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for page in [*PAGES, PROJECT / "benchmarks" / "README.md"]:
        (tmp_path / named(page)).parent.mkdir(parents=True, exist_ok=True)
        text = page.read_text(encoding="utf-8")
        (tmp_path / named(page)).write_text(f"---\nrender_with_liquid: false\n---\n{text}", encoding="utf-8")
    for schema in (PROJECT / "schemas").iterdir():
        (tmp_path / "schemas").mkdir(exist_ok=True)
        shutil.copy(schema, tmp_path / "schemas")
    shutil.copy(PROJECT / "LICENSE", tmp_path)
    (tmp_path / "_config.yml").write_text("plugins: [jekyll-relative-links]\n", encoding="utf-8")
    (tmp_path / config.NAME).write_text("jekyll: 4\nelsewhere: [/content/]\n", encoding="utf-8")
    ask = ["check", "--root", str(tmp_path), "--no-cache", "--output-format", "json", "--ignore", "unused-suppression"]
    assert cli.execute(ask) == 0, capsys.readouterr().out
    summary = json.loads(capsys.readouterr().out)["summary"]
    assert summary["references"] > 100
    assert summary["unknown"] == 1, "the folder of the sample site, which is none of a built page"
    with (tmp_path / "README.md").open("a", encoding="utf-8") as readme:
        readme.write("\n[A heading](docs/configuration.md#there-is-none)\n")
    assert cli.execute(ask) == 1


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    todo = [PROJECT / "README.md"]
    while todo:
        page = todo.pop()
        if page in reached:
            continue
        reached.add(page)
        links = re.findall(r"\]\(([^)#\s]+\.md)", page.read_text(encoding="utf-8"))
        todo += [(page.parent / link).resolve() for link in links if not link.startswith(EXTERNAL)]
    assert set(PAGES) <= reached


# -- the README


Session = Callable[[str], tuple[str, int]]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """Do what samples show, one after the other in one shell, beside a copy of the sample site.

    Takes a sample and gives it as it is printed now, with the exit code of its last command.
    """
    for name in ("content", "schemas"):
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns(".*"))
    shutil.copy(PROJECT / "contentlint.yml", tmp_path)
    home = tmp_path.parent / f"{tmp_path.name}-home"
    home.mkdir()
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "contentlint").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m contentlint "$@"\n', encoding="utf-8")
    (programs / "contentlint").chmod(0o755)
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": str(Path(contentlint.__file__).parent.parent),
        "HOME": str(home),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }
    folder = tmp_path

    def show(sample: str) -> tuple[str, int]:
        nonlocal folder
        printed, code = "", 0
        for command in re.findall(r"^\$ .*\n(?:>.*\n)*", sample, re.MULTILINE):
            shell = re.sub(r"^(?:\$ |> ?)", "", command, flags=re.MULTILINE)
            done = subprocess.run(
                ["bash", "-c", f"exec 2>&1\n{shell}\ncode=$?; pwd > {tmp_path}/folder; exit $code"],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            folder = Path((tmp_path / "folder").read_text(encoding="utf-8").strip())
            printed, code = printed + command + done.stdout, done.returncode
        return printed, code

    return show


def test_the_sample_is_what_the_command_prints(session: Session) -> None:
    sample = FENCE.search(README)
    assert sample is not None
    printed, code = session(sample[2])
    assert code == 1, printed
    if os.environ.get("UPDATE"):
        (PROJECT / "README.md").write_text(README.replace(sample[2], printed, 1), encoding="utf-8")
    else:
        assert sample[2] == printed


def test_the_tutorial_is_what_its_commands_print(session: Session) -> None:
    tutorial = DOCS / "tutorial.md"
    text = tutorial.read_text(encoding="utf-8")
    codes = []
    for language, sample in FENCE.findall(text):
        assert language == "console"
        printed, code = session(sample)
        codes.append(code)
        if os.environ.get("UPDATE"):
            text = text.replace(f"```console\n{sample}```", f"```console\n{printed}```", 1)
        else:
            assert sample == printed
    assert codes == [0, 0, 1, 0, 0, 0, 0, 1, 0, 0]
    if os.environ.get("UPDATE"):
        tutorial.write_text(text, encoding="utf-8")


def test_two_commands_set_everything_up() -> None:
    commands = re.findall(r"^    (python3 -m venv .+)$", README, re.MULTILINE)
    assert len(commands) == 2
    assert commands[0].endswith("contentlint check")
    assert ".venv/bin/pytest" in commands[1]
    assert "-c constraints.txt" in commands[1]


# -- commands, flags, formats, rules


def test_the_commands_and_flags_named_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    flags: dict[str, set[str]] = {}
    for name in cli.COMMANDS:
        with pytest.raises(SystemExit):
            cli.execute([name, "--help"])
        flags[name] = set(re.findall(r"--?[a-z][a-z-]*", capsys.readouterr().out))
    named_commands = 0
    for page in PAGES:
        for name, rest in re.findall(r"contentlint ([a-z]+)\b((?: [^\n`#|]+)?)", _code(page)):
            assert name in cli.COMMANDS, f"{named(page)}: contentlint {name}"
            used = set(re.findall(r"(?<=\s)--?[a-z][a-z-]*", rest))
            assert used <= flags[name], f"{named(page)}: contentlint {name} {rest}"
            named_commands += 1
    assert named_commands > 20


def _code(page: Path) -> str:
    """All code of a page: indented, fenced and in a line."""
    text = page.read_text(encoding="utf-8")
    fenced = [content for language, content in FENCE.findall(text) if language in ("console", "yaml", "sh", "")]
    inline = re.findall(r"`([^`\n]+)`", FENCE.sub("", text))
    return "\n".join([*fenced, *inline, *re.findall(r"^    (.+)$", text, re.MULTILINE)])


def test_every_format_is_described() -> None:
    described = (DOCS / "output-formats.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)`", described, re.MULTILINE) == list(FORMATS)


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent != DOCS / "rules"], ids=named)
def test_the_rules_named_in_suppressions_are_there(page: Path) -> None:
    rules = load()
    known = {*rules, *(rule.group for rule in rules.values())}
    for names in re.findall(r"contentlint: ignore(?:-file)?\[([^\]]+)\]", page.read_text(encoding="utf-8")):
        assert {name.strip() for name in names.split(",")} <= known


def test_the_pages_of_the_rules_are_fresh(tmp_path: Path) -> None:
    explain.main(str(tmp_path))
    written = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    folder = DOCS / "rules"
    if os.environ.get("UPDATE"):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(tmp_path, folder)
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert set(there) == set(written)
    stale = [name for name in written if there[name] != written[name]]
    assert stale == [], "python -m contentlint.explain docs/rules writes them anew"


# -- the architecture


def test_the_map_shows_every_module() -> None:
    text = (PROJECT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [a-z ]*\| ((?:`[\w/]+` )+)\|", text, re.MULTILINE)
    shown = [name.partition("/")[0] for row in rows for name in re.findall(r"`([\w/]+)`", row)]
    there = {module.name for module in pkgutil.iter_modules(contentlint.__path__)} - {"__main__"}
    assert sorted(shown) == sorted(there)


def test_what_the_architecture_names_is_there() -> None:
    text = (PROJECT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named_things = re.findall(r"\*\*`(\w+)\.(\w+)", text)
    assert len(named_things) > 5
    for module, thing in named_things:
        assert hasattr(importlib.import_module(f"contentlint.{module}"), thing), f"{module}.{thing}"


# -- the config


def keys(schema: dict[str, object], above: str = "") -> Iterator[str]:
    """The keys that a schema of the config describes, as docs/configuration.md writes them: `pages[].match`."""
    properties = schema.get("properties")
    for name, each in properties.items() if isinstance(properties, dict) else ():
        yield above + name
        if "$ref" not in each:
            yield from keys(each, f"{above}{name}.")
            yield from keys(each.get("items", {}), f"{above}{name}[].")
    if isinstance(schema.get("additionalProperties"), dict):
        yield from keys(schema["additionalProperties"], f"{above}NAME.")  # type: ignore[arg-type]  # asked above


def test_the_reference_of_the_config_has_every_key_with_the_words_of_its_schema() -> None:
    reference = (DOCS / "configuration.md").read_text(encoding="utf-8")
    described = re.findall(r"^\| `(\w[^`]*)` \| ([^|]*) \|", reference, re.MULTILINE)
    assert [key for key, _ in described] == list(keys(SCHEMA))
    fresh = reference
    for key, words in described:
        schema = SCHEMA
        for part in re.split(r"\.|(\[\])", key):
            if part == "[]":
                schema = schema["items"]
            elif part == "NAME":
                schema = schema["additionalProperties"]
            elif part:
                schema = schema["properties"][part]
        if words.replace("`", "").strip() != schema["description"]:
            fresh = fresh.replace(f"| `{key}` | {words} |", f"| `{key}` | {schema['description']} |")
    if os.environ.get("UPDATE"):
        (DOCS / "configuration.md").write_text(fresh, encoding="utf-8")
    else:
        assert reference == fresh


@pytest.mark.parametrize(
    ("page", "text"),
    [(page, text) for page, text in fences("yaml") if text.startswith("# contentlint.yml")],
    ids=lambda each: named(each) if isinstance(each, Path) else "",
)
def test_every_sample_of_a_config_can_be_used(page: Path, text: str, tmp_path: Path) -> None:
    for path in re.findall(r"[\w./-]+\.schema\.json", text):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("{}", encoding="utf-8")
    for path in re.findall(r"^source: (\S+)", text, re.MULTILINE):
        (tmp_path / path).mkdir()
    (tmp_path / config.NAME).write_text(text, encoding="utf-8")
    read = config.load(str(tmp_path), None, load())
    assert all(setting.level in {*Severity, "off", None} for setting in read.rules.values()), named(page)


def test_there_are_samples_of_a_config() -> None:
    with_samples = {page.name for page, text in fences("yaml") if text.startswith("# contentlint.yml")}
    assert with_samples >= {"README.md", "configuration.md"}


# -- samples


def test_the_sample_of_suppressions_suppresses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (sample,) = [text for page, text in fences("markdown") if page.name == "suppressions.md"]
    schema = {"required": ["title"], "properties": {"hero": {"x-reference": {"role": "image"}}}}
    for name, text in {
        "index.md": sample,
        "page.schema.json": json.dumps(schema),
        "contentlint.yml": "pages: [{match: '*.md', schema: page.schema.json}]\n",
        "_layouts/page.html": "{{ content }}\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    cli.execute(["check", "--root", str(tmp_path), "--no-cache", "--output-format", "json"])
    report = json.loads(capsys.readouterr().out)
    assert report["diagnostics"] == []
    assert report["summary"]["suppressed"] == sample.count("contentlint: ignore")


def test_the_samples_of_a_baseline_are_what_the_tutorial_comes_to(tmp_path: Path) -> None:
    (said,) = [text for page, text in fences("text") if page.name == "adoption.md"]
    assert said in (DOCS / "tutorial.md").read_text(encoding="utf-8")
    (sample,) = [text for page, text in fences("json") if page.name == "adoption.md"]
    (tmp_path / baseline.NAME).write_text(sample, encoding="utf-8")
    known = baseline.read(str(tmp_path / baseline.NAME), baseline.NAME)
    assert baseline.dumps(known) == sample
    identities = [(each.rule, each.path, each.value) for each in known.values()]
    assert list(known) == fingerprints(identities)


def test_the_sample_of_a_report_fits_its_schema() -> None:
    schema = json.loads((PROJECT / "schemas" / "report.schema.json").read_text(encoding="utf-8"))
    (sample,) = [text for page, text in fences("json") if page.name == "output-formats.md"]
    report = json.loads(sample.replace("…", "0" * 32))
    jsonschema.validate(report, schema)
    (described,) = report["diagnostics"]
    assert list(described) == list(schema["$defs"]["diagnostic"]["properties"])
