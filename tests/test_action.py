"""The GitHub Action and the GitLab job: their own command lines, run by bash as the services run them."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

PROJECT = Path(__file__).parent.parent
ACTION: dict[str, Any] = yaml.safe_load((PROJECT / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
GUIDE = (PROJECT / "docs" / "hooks-and-ci.md").read_text(encoding="utf-8")
SITE = {
    "_config.yml": "title: Atlas\n",
    "index.md": "---\n---\n[more](/about.html) and [gone](/gone/)\n",
    "about.md": "---\n---\nOf the hip.\n",
}
EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")


class Ran(NamedTuple):
    """What a step came to: its exit code, what it printed, its outputs and what it put into the job's summary."""

    code: int
    out: str
    said: str
    outputs: dict[str, str]
    summary: str


def step(name: str) -> dict[str, Any]:
    return next(each for each in STEPS if each.get("name") == name)


def run_step(name: str, cwd: Path, temp: Path, context: dict[str, str], env: dict[str, str]) -> Ran:
    """Run a step as the runner does: expressions filled in, its variables set, its script in a file, bash strict."""
    temp.mkdir(exist_ok=True)
    made = step(name)
    variables = {key: EXPRESSION.sub(lambda found: context[found[1]], value) for key, value in made["env"].items()}
    for file in ("output", "summary"):
        (temp / file).write_text("", encoding="utf-8")
    script = temp / "script.sh"
    script.write_text(made["run"], encoding="utf-8")
    services = {
        "RUNNER_TEMP": str(temp),
        "GITHUB_ACTION_PATH": str(PROJECT),
        "GITHUB_OUTPUT": str(temp / "output"),
        "GITHUB_STEP_SUMMARY": str(temp / "summary"),
        "GITHUB_ACTIONS": "true",
    }
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
        cwd=cwd,
        env={**env, **services, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = (temp / "output").read_text(encoding="utf-8").splitlines()
    summary = (temp / "summary").read_text(encoding="utf-8")
    return Ran(done.returncode, done.stdout, done.stderr, dict(each.split("=", 1) for each in lines), summary)


@pytest.fixture
def temp(tmp_path: Path) -> Path:
    """The runner's folder, with a `contentlint` where the step that installs puts it."""
    temp = tmp_path / "temp"
    shim = temp / "contentlint" / "bin" / "contentlint"
    shim.parent.mkdir(parents=True)
    shim.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m contentlint "$@"\n', encoding="utf-8")
    shim.chmod(0o755)
    return temp


@pytest.fixture
def action(repository: Any, temp: Path, outside: dict[str, str]) -> Callable[..., Ran]:
    """Runs the step that lints."""
    env = {**outside, "PYTHONPATH": str(PROJECT / "lint")}

    def run(event: dict[str, str] | None = None, **inputs: str) -> Ran:
        context = {f"inputs.{name}": each.get("default", "") for name, each in ACTION["inputs"].items()}
        context |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
        event = event or {}
        context |= {
            "github.base_ref": event.get("base_ref", ""),
            "github.event.pull_request.base.sha": event.get("base", ""),
            "github.event.pull_request.head.sha": event.get("head", ""),
        }
        return run_step("Lint the site", repository.folder, temp, context, env)

    return run


def test_nothing_of_an_event_is_part_of_a_script() -> None:
    for each in STEPS:
        assert "${{" not in each.get("run", "")
        assert ("run" in each) == (each.get("shell") == "bash")


def test_every_input_and_output_is_used_and_told() -> None:
    text = (PROJECT / "action.yml").read_text(encoding="utf-8")
    for name, each in ACTION["inputs"].items():
        assert each["description"]
        assert f"inputs.{name} " in text
        assert f"`{name}`" in GUIDE
    assert set(ACTION["outputs"]) == {"exit-code"}
    assert "`exit-code`" in GUIDE


def test_problems_become_annotations_and_a_summary(repository: Any, action: Callable[..., Ran]) -> None:
    repository.commit(SITE)
    ran = action()
    assert ran.code == 1
    assert ran.out.startswith("::error title=broken-link,file=index.md,line=3,")
    assert ran.outputs == {"exit-code": "1"}
    assert "broken-link" in ran.summary
    assert action(fail_on="never").code == 0
    repository.lay({"index.md": "---\n---\n"})
    ran = action()
    assert (ran.code, ran.out, ran.outputs) == (0, "", {"exit-code": "0"})
    assert "All good" in ran.summary


def test_what_is_not_wanted_is_left_out(repository: Any, action: Callable[..., Ran], tmp_path: Path) -> None:
    repository.commit(SITE)
    report = tmp_path / "with space.sarif"
    ran = action(annotations="false", summary="false", sarif_file=str(report))
    assert ran.code == 1
    assert "::error" not in ran.out
    assert "index.md:3:" in ran.out
    assert ran.summary == ""
    assert json.loads(report.read_text(encoding="utf-8"))["version"] == "2.1.0"


def test_a_site_and_a_config_of_any_name(repository: Any, action: Callable[..., Ran]) -> None:
    repository.commit({f"my $(docs)/{path}": text for path, text in SITE.items()})
    ran = action(path="my $(docs)")
    assert ran.code == 1
    assert "file=my $(docs)/index.md" in ran.out
    repository.lay({"-own.yml": 'rules: {broken-link: "off"}\n'})
    assert action(path="my $(docs)", config="-own.yml").code == 0


def test_a_pull_request_reports_what_it_brings(repository: Any, action: Callable[..., Ran]) -> None:
    base = repository.commit(SITE)
    repository.git("checkout", "--quiet", "-b", "topic")
    head = repository.commit({"about.md": "---\n---\n[new](/new/)\n"})
    repository.git("checkout", "--quiet", "main")
    repository.commit({"other.md": "---\n---\n[other](/other/)\n"})  # what has come to the base meanwhile
    event = {"base_ref": "main", "base": base, "head": head}

    repository.git("checkout", "--quiet", "--detach", "main")
    repository.git("merge", "--quiet", "--no-edit", "topic")
    ran = action(event)  # as GitHub checks it out
    assert re.findall("file=([^,]+)", ran.out) == ["about.md"]
    assert len(re.findall("file=", action(event, since="").out)) == 3
    assert re.findall("file=([^,]+)", action(event, since=base).out) == ["about.md", "other.md"]

    repository.git("checkout", "--quiet", "topic")
    repository.git("update-ref", "refs/remotes/origin/main", "main")
    assert re.findall("file=([^,]+)", action(event).out) == ["about.md"]  # as a workflow may
    repository.git("update-ref", "-d", "refs/remotes/origin/main")
    assert re.findall("file=([^,]+)", action(event).out) == ["about.md"]


def test_a_shallow_checkout_is_told_of(repository: Any, action: Callable[..., Ran], tmp_path: Path) -> None:
    base = repository.commit(SITE)
    head = repository.commit({"about.md": "---\n---\n"})
    store = tmp_path / "store"
    os.rename(repository.folder, store)
    subprocess.run(["git", "clone", "--quiet", "--depth=1", f"file://{store}", str(repository.folder)], check=True)
    ran = action({"base_ref": "main", "base": base, "head": head, "x": ""}, since=base)
    assert (ran.code, ran.outputs) == (2, {"exit-code": "2"})
    assert "fetch-depth: 0" in ran.said
    assert "::error title=contentlint::Nothing was linted" in ran.out


@pytest.mark.parametrize(
    ("name", "value"),
    [("fail_on", "no"), ("annotations", "yes"), ("summary", ""), ("path", "nowhere"), ("path", "a\n::warning::b%0A")],
)
def test_inputs_that_cannot_be_meant_are_refused(
    repository: Any, action: Callable[..., Ran], name: str, value: str
) -> None:
    repository.commit(SITE)
    ran = action(**{name: value})
    assert (ran.code, ran.outputs) == (2, {"exit-code": "2"})
    assert len(ran.out.splitlines()) == 1
    assert ran.out.startswith("::error title=contentlint::" + name.replace("_", "-"))


@pytest.mark.parametrize("text", ["$(touch owned)", "`touch owned`", '"; touch owned; "', "'; touch owned; '"])
def test_no_text_of_a_pull_request_is_run(repository: Any, action: Callable[..., Ran], text: str) -> None:
    repository.commit(SITE)
    for inputs in ({"since": text}, {"config": text}, {"sarif_file": f"x/{text}"}):
        action({"base_ref": text, "base": text, "head": text}, **inputs)
    action({"base_ref": text, "base": text, "head": text})
    assert not (repository.folder / "owned").exists()


@pytest.mark.slow
def test_it_installs_itself(repository: Any, tmp_path: Path, outside: dict[str, str]) -> None:
    repository.commit(SITE)
    context = {"steps.python.outputs.python-path": sys.executable}
    ran = run_step("Install contentlint", repository.folder, tmp_path / "temp", context, outside)
    assert ran.code == 0, ran.said
    installed = tmp_path / "temp" / "contentlint" / "bin" / "contentlint"
    done = subprocess.run([installed, "check", "--no-cache"], env=outside, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "broken-link" in done.stdout


# -- what the guide shows -----------------------------------------------------------------------------------------------


def blocks() -> list[Any]:
    return [yaml.safe_load(text) for text in re.findall(r"^```yaml\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)]


def test_the_workflows_of_the_guide_fit_the_action() -> None:
    uses = [
        each
        for block in blocks()
        if isinstance(block, dict) and "jobs" in block
        for job in block["jobs"].values()
        for each in job["steps"]
        if each.get("uses", "").startswith("OWNER/")
    ]
    assert len(uses) >= 2
    for each in uses:
        assert set(each.get("with", {})) <= set(ACTION["inputs"])


def test_the_gitlab_job_of_the_guide(repository: Any, temp: Path, outside: dict[str, str]) -> None:
    job = next(
        block["contentlint"]
        for block in blocks()
        if isinstance(block, dict) and "script" in block.get("contentlint", ())
    )
    report = job["artifacts"]["reports"]["codequality"]
    lines = [each for each in job["script"] if each.startswith("contentlint ")]
    assert len(lines) == 2
    base = repository.commit(SITE)
    env = {**outside, "PYTHONPATH": str(PROJECT / "lint"), "PATH": f"{temp}/contentlint/bin:{outside['PATH']}"}

    def run(**more: str) -> list[int]:
        return [
            subprocess.run(
                ["bash", "-c", each], cwd=repository.folder, env={**env, **more}, capture_output=True, check=False
            ).returncode
            for each in lines
        ]

    assert run() == [0, 1]
    assert run(CI_MERGE_REQUEST_DIFF_BASE_SHA=base) == [0, 0]
    told = json.loads((repository.folder / report).read_text(encoding="utf-8"))
    assert [each["location"]["path"] for each in told] == ["index.md"]
    assert {"description", "check_name", "fingerprint", "severity", "location"} <= set(told[0])
