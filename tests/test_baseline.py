"""Known problems stay silent, new ones do not, and a baseline that cannot be trusted stops the run."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlint import baseline, writing
from contentlint.cache import quick
from contentlint.cli import execute
from contentlint.diagnostic import Diagnostic, Fault, Report, Severity, Span, UnusableError, fingerprints


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page with two dead links."""
    (tmp_path / "_config.yml").write_text("title: Hip\n", encoding="utf-8")
    (tmp_path / "index.md").write_text("---\n---\n[a](/nowhere/) [b](/gone/)\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(capsys: pytest.CaptureFixture[str], *flags: str) -> tuple[int, dict[str, Any], str]:
    code = execute(["check", "--output-format", "json", "--no-cache", *flags])
    said = capsys.readouterr()
    return code, json.loads(said.out) if said.out else {}, said.err


def values(report: dict[str, Any]) -> list[str]:
    return [each["value"] for each in report["diagnostics"]]


def test_only_new_problems_are_reported(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["baseline"]) == 0
    assert "Recorded 2 problems in 1 file" in capsys.readouterr().err
    code, report, _ = check(capsys)
    assert (code, values(report)) == (0, [])
    assert report["summary"]["baselined"] == 2
    assert report["summary"]["errors"] == 0
    with (site / "index.md").open("a", encoding="utf-8") as file:
        file.write("\n[c](/new/)\n")
    code, report, _ = check(capsys)
    assert (code, values(report)) == (1, ["/new/"])


def test_moved_and_changed_lines_keep_it(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    execute(["baseline"])
    (site / "index.md").write_text(
        "---\ntitle: More\n---\n\nText.\n\n> [other words](/gone/)\n\n[a](/nowhere/)\n", encoding="utf-8"
    )
    assert check(capsys)[0] == 0


def test_what_stands_twice_where_it_stood_once_is_reported_once(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    execute(["baseline"])
    with (site / "index.md").open("a", encoding="utf-8") as file:
        file.write("\n[again](/gone/)\n")
    code, report, _ = check(capsys)
    assert (code, values(report)) == (1, ["/gone/"])


def test_the_same_in_another_file_is_new(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    execute(["baseline"])
    (site / "other.md").write_text("---\n---\n[b](/gone/)\n", encoding="utf-8")
    assert [each["path"] for each in check(capsys)[1]["diagnostics"]] == ["other.md"]


@pytest.mark.usefixtures("site")
def test_the_last_line_counts_what_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    execute(["baseline"])
    capsys.readouterr()
    assert execute(["check", "--no-cache"]) == 0
    assert "2 in the baseline" in capsys.readouterr().err


def test_what_is_gone_is_told_and_pruned(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    execute(["baseline"])
    (site / "index.md").write_text("---\n---\n[a](/nowhere/) [n](/new/)\n", encoding="utf-8")
    capsys.readouterr()
    assert "1 problem of contentlint-baseline.json gone: contentlint baseline --prune forgets it." in check(capsys)[2]
    assert check(capsys, "--quiet")[2] == ""
    assert check(capsys, "index.md")[2] == ""
    assert check(capsys, "--select", "missing-image")[2] == ""
    assert execute(["baseline", "--prune"]) == 0
    assert "Forgot 1 problem in contentlint-baseline.json; 1 left." in capsys.readouterr().err
    code, report, err = check(capsys)
    assert (code, values(report), err) == (1, ["/new/"], "")


def test_a_run_that_remembers_reads_it_all_the_same(
    site: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    remembering = ["check", "--cache-dir", str(tmp_path_factory.mktemp("cache"))]
    (site / "index.md").write_text("---\n---\nNothing.\n", encoding="utf-8")
    (site / baseline.NAME).write_text("{", encoding="utf-8")
    for _ in range(3):
        assert quick.answer(remembering) is None
        assert execute(remembering) == 2
    (site / baseline.NAME).unlink()
    assert execute(remembering) == 0
    capsys.readouterr()
    assert "All good" in (quick.answer(remembering) or "")


def test_several_that_are_gone_are_told_together(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    execute(["baseline"])
    (site / "index.md").write_text("---\n---\nNothing.\n", encoding="utf-8")
    assert (
        "2 problems of contentlint-baseline.json gone: contentlint baseline --prune forgets them." in check(capsys)[2]
    )


def test_a_baseline_of_another_name(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "ci").mkdir()
    assert execute(["baseline", "--baseline", "ci/known.json"]) == 0
    assert not (site / baseline.NAME).exists()
    assert check(capsys)[0] == 1
    assert check(capsys, "--baseline", "ci/known.json")[0] == 0


def test_it_can_be_read_and_is_always_the_same(site: Path) -> None:
    execute(["baseline"])
    text = (site / baseline.NAME).read_text(encoding="utf-8")
    execute(["baseline"])
    assert (site / baseline.NAME).read_text(encoding="utf-8") == text
    content = json.loads(text)
    assert content["version"] == 1
    assert list(content["problems"]["index.md"]["broken-link"].values()) == ["/gone/", "/nowhere/"]


def test_a_failure_of_the_linter_is_never_known() -> None:
    crash = Diagnostic("a.md", Span(1, 1, 1, 1), "", "internal-error", Severity.ERROR, "failed", fingerprint="0" * 32)
    assert baseline.of([crash]) == {}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "the file is empty"),
        ("{", 1, "not JSON"),
        ("[]", 1, "it is no mapping"),
        ("{}", 1, "version none"),
        ('{\n  "version": 2,\n  "problems": {}\n}', 2, "version 2"),
        ('{\n  "version": true,\n  "problems": {}\n}', 2, "version true"),
        ('{\n  "version": 1,\n  "problems": 3\n}', 3, "problems is no mapping"),
        ('{"version": 1}', 1, "problems is no mapping"),
        ('{\n "version": 1,\n "problems": {\n  "a.md": []}}', 4, "a.md is no mapping"),
        ('{\n "version": 1,\n "problems": {\n  "a.md": {\n   "broken-link": 1}}}', 5, "broken-link is no mapping"),
        (
            '{\n "version": 1,\n "problems": {\n  "a.md": {\n   "broken-link": {"x": "y"}}}}',
            5,
            "no problem's fingerprint",
        ),
        (f'{{"version": 1, "problems": {{"a": {{"b": {{"{"0" * 32}": 3}}}}}}}}', 1, "no problem's fingerprint"),
        ('{\n  "version": 1,\n<<<<<<< HEAD\n  "problems": {}\n=======\n>>>>>>> other\n}', 3, "merge conflict"),
        ('{\n  "version": 1,\n  "problems": {},\n  "problems": {}\n}', 4, "stands twice"),
    ],
)
def test_a_damaged_baseline_stops_the_run(
    text: str, line: int, message: str, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (site / baseline.NAME).write_text(text, encoding="utf-8")
    for command in (["check", "--no-cache"], ["baseline", "--prune"]):
        assert execute(command) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.startswith(f"{baseline.NAME}:{line}:")
        assert message in said.err
        assert "contentlint baseline writes it anew" in said.err
    assert (site / baseline.NAME).read_text(encoding="utf-8") == text
    assert execute(["baseline"]) == 0
    assert check(capsys)[0] == 0


def test_one_that_is_not_utf_8(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / baseline.NAME).write_bytes(b'{"version": 1,\n"problems": {"\xff": {}}}')
    assert check(capsys)[::2] == (
        2,
        f"{baseline.NAME}:2:15: error: the file is not UTF-8\n  help: contentlint baseline writes it anew\n",
    )


def test_one_that_is_not_there_or_cannot_be_read(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(capsys, "--baseline", "known.json")[::2] == (
        2,
        "known.json: error: there is no baseline known.json\n  help: contentlint baseline records one\n",
    )
    (site / baseline.NAME).mkdir()
    code, _, err = check(capsys)
    assert (code, "the baseline cannot be read: Is a directory" in err) == (2, True)


def test_one_that_cannot_be_written_changes_nothing(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["baseline", "--baseline", "no/such/folder.json"]) == 2
    assert "cannot write the baseline: No such file or directory" in capsys.readouterr().err
    assert sorted(path.name for path in site.iterdir()) == ["_config.yml", "index.md"]


identities = st.tuples(st.sampled_from(["broken-link", "missing-key"]), st.sampled_from(["a.md", "b/ü.md"]), st.text())


@given(found=st.lists(identities, max_size=12), random=st.randoms(use_true_random=False))
def test_what_is_recorded_is_known_in_whatever_order(
    found: list[tuple[str, str, str]], random: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    diagnostics = [
        Diagnostic(path, Span(1, 1, 1, 2), value, rule, Severity.ERROR, "m", fingerprint=fingerprint)
        for (rule, path, value), fingerprint in zip(found, fingerprints(found), strict=True)
    ]
    known = baseline.of(diagnostics)
    shuffled = random.sample(diagnostics, len(diagnostics))
    assert baseline.dumps(baseline.of(shuffled)) == baseline.dumps(known)
    path = str(tmp_path_factory.mktemp("baseline") / "b.json")
    baseline.write(path, "b.json", known)
    again = baseline.read(path, "b.json")
    assert again == known
    report = baseline.left_out(Report(tuple(diagnostics)), again)
    assert report.diagnostics == ()
    assert report.summary.baselined == len(diagnostics)
    assert baseline.stale(Report(tuple(diagnostics)), again) == []


def test_what_no_file_can_hold_is_not_held(tmp_path: Path) -> None:
    (fingerprint,) = fingerprints([("broken-link", "\udc80.md", "\udc80")])
    at = Span(1, 1, 1, 2)
    known = baseline.of(
        [Diagnostic("\udc80.md", at, "\udc80", "broken-link", Severity.ERROR, "m", fingerprint=fingerprint)]
    )
    assert known == {fingerprint: baseline.Entry("?.md", "broken-link", fingerprint, "?")}
    baseline.write(str(tmp_path / "b.json"), "b.json", known)
    assert baseline.read(str(tmp_path / "b.json"), "b.json") == known


def test_long_values_are_cut() -> None:
    found = Diagnostic("a.md", Span(1, 1, 1, 2), "x\n y" * 99, "broken-link", Severity.ERROR, "m", fingerprint="0" * 32)
    (entry,) = baseline.of([found]).values()
    assert len(entry.value) == 101
    assert entry.value.startswith("x yx yx")


# -- files are replaced as a whole


def test_a_new_file_has_the_mode_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        writing.replace(str(tmp_path / "a"), b"new")
    finally:
        os.umask(before)
    assert (tmp_path / "a").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_a_file_keeps_its_mode_and_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o751)
    (tmp_path / "b").symlink_to("a")
    writing.replace(str(tmp_path / "b"), b"new")
    assert (tmp_path / "b").is_symlink()
    assert (tmp_path / "a").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o751


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("contentlint.writing.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        writing.replace(str(tmp_path / "a"), b"new")
    assert (tmp_path / "a").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_fault_of_writing_is_told_by_the_name_that_the_user_gave(tmp_path: Path) -> None:
    with pytest.raises(UnusableError) as raised:
        baseline.write(str(tmp_path), "known", {})
    assert raised.value.faults == (Fault("known", None, "cannot write the baseline: Is a directory"),)
