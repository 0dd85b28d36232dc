from __future__ import annotations

import gc
import io
import json
import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import contentlint
from contentlint import cli, explain, flags, terminal
from contentlint.diagnostic import Diagnostic, Fault, Related, Report, Severity, Span, Summary, UnusableError
from contentlint.rule import Default, Rule, Subject

SOURCE = str(Path(contentlint.__file__).parent.parent)


class UrlRow(NamedTuple):
    source: str | None
    kind: str
    collection: str | None
    url: str
    output: str
    published: bool
    anchors: tuple[str, ...]


class LinkRow(NamedTuple):
    source: str
    line: int
    column: int
    end_line: int
    end_column: int
    target: str
    role: str
    status: str
    resolved: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Request:
    cwd: str
    root: str | None = None
    config: str | None = None
    paths: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    stdin_name: str | None = None
    stdin: bytes = b""
    cache: bool = True
    cache_dir: str | None = None
    jobs: int = 0


def problem(severity: Severity = Severity.ERROR, rule: str = "missing-image") -> Diagnostic:
    related = (Related("b.md", Span(9, 1, 9, 2), "here, too"),)
    return Diagnostic(
        "a.md", Span(1, 5, 1, 8), "x", rule, severity, "no such image", "", None, related, ("![](x.png)",), "f"
    )


ERRORS = Report((problem(),), Summary(pages=2, assets=1, references=3, errors=1))
WARNINGS = Report((problem(Severity.WARNING),), Summary(pages=2, references=3, warnings=1))
CRASHES = Report((problem(rule="internal-error"),), Summary(pages=2, errors=1))
CLEAN = Report(summary=Summary(pages=2, assets=1, references=3))


@dataclass
class Conductor:
    """Stands where contentlint.run and contentlint.remembering do: keeps what it was asked and gives what it was told to."""

    report: Report = CLEAN
    failure: BaseException | None = None
    rows: list[Any] = field(default_factory=list)
    removed: str | None = None
    request: Any = None
    asked: dict[str, Any] = field(default_factory=dict)
    Request: type = Request

    def _asked(self, request: Any, **asked: Any) -> None:
        self.request, self.asked = request, asked
        if self.failure is not None:
            raise self.failure

    def check(
        self, request: Any, progress: Callable[[str, int, int], None], _warn: Callable[[str], None] = lambda _: None
    ) -> Report:
        progress("read", 0, 2)
        self._asked(request)
        progress("rules", 1, 2)
        return self.report

    def urls(self, request: Any) -> list[Any]:
        self._asked(request)
        return self.rows

    def links(self, request: Any, to: str | None = None, status: str | None = None) -> list[Any]:
        self._asked(request, to=to, status=status)
        return self.rows

    def clean(self, request: Any) -> str | None:
        self._asked(request)
        return self.removed


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Conductor:
    conductor = Conductor()
    for name in ("run", "remembering"):
        monkeypatch.setitem(sys.modules, f"contentlint.{name}", conductor)  # type: ignore[arg-type] # stands for a module
        monkeypatch.setattr(contentlint, name, conductor, raising=False)
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TERM"):
        monkeypatch.delenv(name, raising=False)
    return conductor


@pytest.fixture
def _rules(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = Rule("missing-image", "images", "No such image.", Subject.PAGE, Default.ERROR, lambda *_: (), ())
    for module in ("contentlint.rule", "contentlint.explain"):
        monkeypatch.setattr(f"{module}.load", lambda: {rule.name: rule})
    monkeypatch.setattr(explain, "text", lambda rule, **look: [f"about {rule.name}, {sorted(look)}"])


def failing(*arguments: str) -> None:
    assert cli.execute(arguments) == cli.UNUSABLE


# -- the command ----------------------------------------------------------------------------------------------------


def test_without_a_command_the_help_is_shown_and_nothing_linted(capsys: pytest.CaptureFixture[str]) -> None:
    failing()
    out, err = capsys.readouterr()
    assert out == ""
    assert all(f"  {name} " in err for name in cli.COMMANDS)


@pytest.mark.parametrize("word", ["--help", "-h", "help"])
def test_help_is_printed(capsys: pytest.CaptureFixture[str], word: str) -> None:
    assert cli.execute([word]) == cli.CLEAN
    assert "usage: contentlint COMMAND" in capsys.readouterr().out


@pytest.mark.parametrize("word", ["--version", "-V"])
def test_the_version_is_one_line(capsys: pytest.CaptureFixture[str], word: str) -> None:
    assert cli.execute([word]) == cli.CLEAN
    assert capsys.readouterr().out == f"contentlint {contentlint.__version__}\n"


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_each_command_lists_its_flags(capsys: pytest.CaptureFixture[str], name: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.execute([name, "--help"])
    assert stopped.value.code == 0
    assert f"usage: contentlint {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek"], "error: there is no command chek\n  help: did you mean check?\n"),
        (["frobnicate"], "error: there is no command frobnicate\n  help: contentlint --help lists them\n"),
        (["site"], "error: there is no command site\n  help: to lint it: contentlint check site\n"),
        (
            ["--root", "."],
            "error: --root stands in front of a command\n  help: flags stand behind it: contentlint check FLAGS\n",
        ),
        (["check", "--selct=x"], "error: contentlint check takes no --selct\n  help: did you mean --select?\n"),
        (["clean", "--", "x"], "error: contentlint clean takes no x\n"),
        (["check", "--frobnicate"], "error: contentlint check takes no --frobnicate\n"),
        (["check", "--sel", "x"], "error: contentlint check takes no --sel\n  help: did you mean --select?\n"),
        (
            ["urls", "--output-format", "jsn"],
            (
                "error: argument --output-format: 'jsn' is none of full, json; did you mean json?\n"
                "  help: contentlint urls --help lists the flags\n"
            ),
        ),
        (
            ["check", "--color", "x"],
            (
                "error: argument --color: 'x' is none of auto, always, never\n"
                "  help: contentlint check --help lists the flags\n"
            ),
        ),
        (["check", "-"], "error: stdin needs a name\n  help: say which file it stands for: --stdin-filename NAME -\n"),
        (
            ["check", "--stdin-filename", "a.md"],
            "error: --stdin-filename is there, stdin is not asked for\n  help: give - as the path\n",
        ),
        (["\x1b[31m"], "error: there is no command \\x1b[31m\n  help: contentlint --help lists them\n"),
    ],
)
def test_bad_usage_is_said_with_a_way_out(
    run: Conductor, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    Path("site").mkdir()
    failing(*arguments)
    assert capsys.readouterr() == ("", said)
    assert run.request is None


def test_a_folder_that_is_gone_is_bad_usage(
    run: Conductor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> str:
        raise FileNotFoundError

    monkeypatch.setattr(os, "getcwd", gone)
    failing("check")
    assert capsys.readouterr().err == "error: the working directory is no more\n"
    assert run.request is None


# -- check ----------------------------------------------------------------------------------------------------------


def test_check_asks_with_what_it_was_told(run: Conductor, tmp_path: Path) -> None:
    arguments = [
        "check",
        "a",
        "--root",
        "r",
        "b",
        "--config",
        "c.yml",
        "--select",
        "x,y",
        "--select",
        " z ,",
        "--ignore",
    ]
    arguments += ["i", "--extend-select", "e", "--no-cache", "--cache-dir", "d"]
    assert cli.execute(arguments) == cli.CLEAN
    assert run.request == Request(
        cwd=str(tmp_path),
        root="r",
        config="c.yml",
        paths=("a", "b"),
        select=("x", "y", "z"),
        ignore=("i",),
        extend_select=("e",),
        cache=False,
        cache_dir="d",
    )


def test_behind_two_dashes_all_is_paths(run: Conductor) -> None:
    assert cli.execute(["check", "a", "--no-cache", "--", "-b.md", "--root"]) == cli.CLEAN
    assert (run.request.paths, run.request.root) == (("a", "-b.md", "--root"), None)


def test_check_asks_for_the_whole_site_by_itself(run: Conductor, tmp_path: Path) -> None:
    assert cli.execute(["check"]) == cli.CLEAN
    assert run.request == Request(cwd=str(tmp_path))


def test_check_reads_stdin(run: Conductor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff---\n")))
    assert cli.execute(["check", "--stdin-filename", "a.md", "-"]) == cli.CLEAN
    assert (run.request.paths, run.request.stdin_name, run.request.stdin) == ((), "a.md", b"\xff---\n")


@pytest.mark.parametrize(
    ("report", "codes"),
    [
        (CLEAN, {"error": 0, "warning": 0, "never": 0}),
        (WARNINGS, {"error": 0, "warning": 1, "never": 0}),
        (ERRORS, {"error": 1, "warning": 1, "never": 0}),
        (CRASHES, {"error": 3, "warning": 3, "never": 3}),
    ],
)
def test_exit_codes(run: Conductor, report: Report, codes: dict[str, int]) -> None:
    run.report = report
    assert {level: cli.execute(["check", "--fail-on", level]) for level in codes} == codes
    assert cli.execute(["check"]) == codes["error"]


def test_findings_go_to_stdout_and_everything_else_to_stderr(
    run: Conductor, capsys: pytest.CaptureFixture[str]
) -> None:
    run.report = ERRORS
    assert cli.execute(["check"]) == cli.PROBLEMS
    out, err = capsys.readouterr()
    assert out.startswith("a.md:1:5: error missing-image: no such image\n")
    assert err == "Found 1 error in 2 pages (3 references).\n"
    run.report = CLEAN
    assert cli.execute(["check"]) == cli.CLEAN
    assert capsys.readouterr() == ("", "All good: 2 pages, 1 asset, 3 references.\n")


def test_quiet_prints_problems_only(run: Conductor, capsys: pytest.CaptureFixture[str]) -> None:
    run.report = ERRORS
    cli.execute(["check", "-q", "--output-format", "concise"])
    assert capsys.readouterr() == ("a.md:1:5: error missing-image: no such image\n", "")


def test_programs_get_no_summary(run: Conductor, capsys: pytest.CaptureFixture[str]) -> None:
    run.report = ERRORS
    cli.execute(["check", "--output-format", "json"])
    out, err = capsys.readouterr()
    assert json.loads(out)["summary"]["errors"] == 1
    assert err == ""


def test_statistics_follow_any_format(run: Conductor, capsys: pytest.CaptureFixture[str]) -> None:
    run.report = ERRORS
    cli.execute(["check", "--statistics", "--output-format", "gitlab"])
    out, err = capsys.readouterr()
    assert len(json.loads(out)) == 1
    assert err == "     1  error    missing-image\n"


@pytest.mark.usefixtures("run")
def test_verbose_says_what_was_looked_at(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "contentlint.yml").touch()
    (tmp_path / "below").mkdir()
    os.chdir(tmp_path / "below")
    cli.execute(["check", "-v"])
    lines = capsys.readouterr().err.splitlines()
    assert lines[1:3] == [f"project: {tmp_path}", f"config: {tmp_path / 'contentlint.yml'}"]
    assert [line.split(":")[0] for line in lines[3:]] == ["read", "rules"]
    cli.execute(["check", "-v", "--config", "none.yml"])
    assert "config: none" in capsys.readouterr().err


def test_a_report_can_go_to_a_file(run: Conductor, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run.report = ERRORS
    assert cli.execute(["check", "--output-format", "concise", "-o", "out.txt"]) == cli.PROBLEMS
    assert (tmp_path / "out.txt").read_bytes() == b"a.md:1:5: error missing-image: no such image\n"
    assert capsys.readouterr().out == ""
    failing("check", "-o", "none/out.txt")
    assert capsys.readouterr().err == "error: cannot write none/out.txt: No such file or directory\n"


@pytest.mark.parametrize(
    ("flags", "environ", "coloured"),
    [
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "0"}, False),
        ([], {"CLICOLOR_FORCE": "1", "TERM": "dumb"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        (["-o", "f"], {"FORCE_COLOR": "1"}, False),
        (["-o", "f", "--color", "always"], {}, True),
    ],
)
def test_colour_is_for_those_who_see_it(
    run: Conductor,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    flags: list[str],
    environ: dict[str, str],
    *,
    coloured: bool,
) -> None:
    run.report = ERRORS
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    cli.execute(["check", *flags])
    written = Path("f").read_text() if "-o" in flags else capsys.readouterr().out
    assert ("\x1b[" in written) == coloured


def site_in_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "docs" / "deep").mkdir(parents=True)
    (tmp_path / "docs" / "_config.yml").touch()


@pytest.mark.parametrize(
    ("folder", "flags", "path"),
    [
        ("docs/deep", [], "docs/a.md"),
        (".", ["--root", "docs"], "docs/a.md"),
        (".", [], "a.md"),
        ("other", [], "other/a.md"),
    ],
)
def test_ci_services_get_paths_from_the_top_of_the_work_tree(
    run: Conductor, capsys: pytest.CaptureFixture[str], tmp_path: Path, folder: str, flags: list[str], path: str
) -> None:
    site_in_repository(tmp_path)
    (tmp_path / "other").mkdir()
    os.chdir(tmp_path / folder)
    run.report = ERRORS
    cli.execute(["check", "--output-format", "rdjson", *flags])
    found = json.loads(capsys.readouterr().out)["diagnostics"][0]
    assert found["location"]["path"] == path
    assert found["related_locations"][0]["location"]["path"] == path.replace("a.md", "b.md")
    cli.execute(["check", "--output-format", "concise", *flags])
    assert capsys.readouterr().out.startswith("a.md:")


@pytest.mark.usefixtures("_rules")
def test_sarif_describes_the_rules(run: Conductor, capsys: pytest.CaptureFixture[str]) -> None:
    run.report = ERRORS
    cli.execute(["check", "--output-format", "sarif"])
    driver = json.loads(capsys.readouterr().out)["runs"][0]["tool"]["driver"]
    assert [rule["shortDescription"]["text"] for rule in driver["rules"]] == ["No such image."]


def test_without_a_work_tree_paths_start_at_the_project(run: Conductor, capsys: pytest.CaptureFixture[str]) -> None:
    run.report = ERRORS
    cli.execute(["check", "--output-format", "github"])
    assert "file=a.md," in capsys.readouterr().out


# -- what goes wrong ------------------------------------------------------------------------------------------------


def test_what_makes_a_run_unusable_is_said_at_its_place(run: Conductor, capsys: pytest.CaptureFixture[str]) -> None:
    run.failure = UnusableError(
        Fault("contentlint.yml", Span(7, 5, 7, 9), "unknown key pagse", "did you mean pages?"),
        Fault("_config.yml", None, "cannot be read\n::error::"),
        Fault("", None, "no page at all"),
    )
    assert cli.execute(["check"]) == cli.UNUSABLE
    assert capsys.readouterr().err.splitlines() == [
        "contentlint.yml:7:5: error: unknown key pagse",
        "  help: did you mean pages?",
        "_config.yml: error: cannot be read\\n::error::",
        "error: no page at all",
    ]


def test_a_crash_is_one_line(run: Conductor, capsys: pytest.CaptureFixture[str]) -> None:
    run.failure = ValueError("b\x1bd")
    assert cli.execute(["check"]) == cli.INTERNAL
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(r"internal error: ValueError: b\x1bd. Please report it with the command")
    assert cli.execute(["check", "-v"]) == cli.INTERNAL
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupt_is_quiet(run: Conductor, capsys: pytest.CaptureFixture[str]) -> None:
    run.failure = KeyboardInterrupt()
    assert cli.execute(["check"]) == cli.INTERRUPTED
    assert capsys.readouterr() == ("", "")


# -- the other commands ---------------------------------------------------------------------------------------------

URLS = [
    UrlRow("a.md", "page", None, "/a/", "a/index.html", published=True, anchors=("x",)),
    UrlRow(None, "redirect", None, "/b/", "b/index.html", published=True, anchors=()),
]
LINKS = [
    LinkRow("a.md", 1, 2, 1, 5, "/b\x1b", "page", "found", "b.md", ""),
    LinkRow("a.md", 2, 2, 2, 5, "{{ x }}", "image", "unknown", None, "the page has no x"),
]


def test_urls_are_a_table(run: Conductor, capsys: pytest.CaptureFixture[str]) -> None:
    run.rows = URLS
    assert cli.execute(["urls", "a.md"]) == cli.CLEAN
    assert capsys.readouterr().out.splitlines() == [
        "KIND      URL  SOURCE",
        "page      /a/  a.md",
        "redirect  /b/  -",
    ]
    assert run.request.paths == ("a.md",)


def test_urls_are_json(run: Conductor, capsys: pytest.CaptureFixture[str]) -> None:
    run.rows = URLS
    assert cli.execute(["urls", "--output-format", "json"]) == cli.CLEAN
    assert json.loads(capsys.readouterr().out)[0] == {
        "source": "a.md",
        "kind": "page",
        "collection": None,
        "url": "/a/",
        "output": "a/index.html",
        "published": True,
        "anchors": ["x"],
    }


def test_links_are_lines(run: Conductor, capsys: pytest.CaptureFixture[str]) -> None:
    run.rows = LINKS
    assert cli.execute(["links", "--to", "/b/", "--status", "found"]) == cli.CLEAN
    assert capsys.readouterr().out.splitlines() == [
        r"a.md:1:2 /b\x1b -> b.md [found]",
        "a.md:2:2 {{ x }} [unknown: the page has no x]",
    ]
    assert run.asked == {"to": "/b/", "status": "found"}
    cli.execute(["links", "--color", "always"])
    assert "\x1b[1ma.md:1:2\x1b[0m" in capsys.readouterr().out


def test_links_are_json(run: Conductor, capsys: pytest.CaptureFixture[str]) -> None:
    run.rows = LINKS
    assert cli.execute(["links", "--output-format", "json", "-o", "links.json"]) == cli.CLEAN
    assert capsys.readouterr().out == ""
    rows = json.loads(Path("links.json").read_text())
    assert [row["target"] for row in rows] == ["/b\x1b", "{{ x }}"]
    assert list(rows[0]) == list(LinkRow._fields)


def test_clean_names_what_it_removed(run: Conductor, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["clean", "--cache-dir", "d"]) == cli.CLEAN
    assert capsys.readouterr().err == "There was no cache.\n"
    run.removed = "/cache/x"
    assert cli.execute(["clean", "--root", "r"]) == cli.CLEAN
    assert capsys.readouterr().err == "Removed /cache/x.\n"
    assert run.request.root == "r"


@pytest.mark.usefixtures("_rules")
def test_rules_are_listed_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["rule"]) == cli.CLEAN
    assert "missing-image" in capsys.readouterr().out
    assert cli.execute(["rule", "missing-image"]) == cli.CLEAN
    assert capsys.readouterr().out == "about missing-image, ['colour', 'width']\n"
    failing("rule", "mising-image")
    assert capsys.readouterr().err == "error: there is no rule mising-image\n  help: did you mean missing-image?\n"
    failing("rule", "zzz")
    assert capsys.readouterr().err == "error: there is no rule zzz\n  help: contentlint rule lists them\n"


def test_version_names_the_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    from importlib.metadata import version

    assert cli.execute(["version"]) == cli.CLEAN
    assert dict(line.split() for line in capsys.readouterr().out.splitlines()) == {
        "contentlint": contentlint.__version__,
        "Python": sys.version.split()[0],
        **{name: version(name) for name in cli.LIBRARIES},
    }


def test_version_says_what_is_not_there(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "alone.py").touch()
    (tmp_path / "bare").mkdir()
    (tmp_path / "alone-1.5.dist-info").mkdir()
    (tmp_path / "other-1.5.dist-info").mkdir()
    (tmp_path / "single.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    libraries = {"Alone": "alone", "Bare": "bare", "None": "no_such_module_at_all", "Single": "single"}
    monkeypatch.setattr(cli, "LIBRARIES", libraries)
    cli.execute(["version"])
    assert capsys.readouterr().out.splitlines()[1:-1] == [
        "Alone 1.5",
        "Bare not installed",
        "None not installed",
        "Single not installed",
    ]


# -- terminals ------------------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_coloured_unless_it_is_dumb() -> None:
    assert terminal.coloured("auto", Terminal(), {})
    assert not terminal.coloured("auto", Terminal(), {"TERM": "dumb"})


def test_the_width_is_that_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert terminal.width(io.StringIO()) is None
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((72, 20)))
    with Path(os.devnull).open() as stream:
        assert terminal.width(stream) == 72
        monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((0, 0)))
        assert terminal.width(stream) is None


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return lambda seconds: now.__setitem__(0, now[0] + seconds)


def test_the_bar_waits_and_goes_away(clock: Callable[[float], None]) -> None:
    stream = Terminal()
    progress = terminal.Progress(stream, draws=True)
    progress("read", 0, 10)
    clock(0.9)
    progress("read", 5, 10)
    assert stream.getvalue() == ""
    clock(0.2)
    progress("rules", 3, 4)
    clock(0.05)
    progress("rules", 4, 4)
    clock(0.5)
    progress("sort", 0, 0)
    progress.close()
    assert stream.getvalue() == ("\r\x1b[K[###############     ] 3/4 rules\r\x1b[K[                    ] sort\r\x1b[K")
    assert {stage: round(seconds, 2) for stage, seconds in progress.times.items()} == {
        "read": 1.1,
        "rules": 0.55,
        "sort": 0,
    }


def test_no_bar_without_a_terminal(clock: Callable[[float], None]) -> None:
    stream = io.StringIO()
    progress = terminal.Progress(stream, draws=False)
    clock(5)
    progress("read", 1, 2)
    progress.close()
    assert stream.getvalue() == ""
    assert progress.times == {"read": 0.0}


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    terminal.save(["a\udcff", "b"], str(link))
    assert target.read_bytes() == b"a\\udcff\nb\n"
    assert target.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()


def test_a_file_that_cannot_be_finished_is_left_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("old")

    def lines() -> Iterator[str]:
        yield "new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        terminal.save(lines(), str(target))
    assert [path.name for path in tmp_path.iterdir()] == ["target"]
    assert target.read_text() == "old"


def test_a_device_is_written_to() -> None:
    terminal.save(["x"], os.devnull)
    assert not Path(os.devnull).is_file()


def test_closed_streams_swallow_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert cli.execute(["--version"]) == cli.CLEAN
    terminal.for_programs(sys.stdout)


@pytest.mark.parametrize("error", [BrokenPipeError(), OSError(28, "No space left on device")])
def test_a_stream_that_fails_is_not_written_to_again(tmp_path: Path, error: OSError) -> None:
    class Failing(io.TextIOWrapper):
        def write(self, _text: str) -> int:
            raise error

    with (tmp_path / "out").open("wb") as file, Failing(file) as stream:
        if isinstance(error, BrokenPipeError):
            terminal.say(["x"], stream)
        else:
            with pytest.raises(OSError, match="No space"):
                terminal.say(["x"], stream)
        assert os.fstat(stream.fileno()).st_rdev == Path(os.devnull).stat().st_rdev


# -- whole processes ------------------------------------------------------------------------------------------------

# A process whose conductor reports many problems in text of many kinds, or waits to be ended.
DRIVER = """
import sys, time, types
import contentlint
from contentlint.diagnostic import Diagnostic, Report, Severity, Span, Summary
run = contentlint.run = sys.modules["contentlint.run"] = types.ModuleType("contentlint.run")
contentlint.remembering = sys.modules["contentlint.remembering"] = run
run.Request = lambda **asked: types.SimpleNamespace(**asked)
def check(request, progress, warn):
    if request.select:
        print("ready", file=sys.stderr, flush=True)
        time.sleep(60)
    line = "\\u9aa8 \\u00e9\\ud800 \\U0001f9b4"
    one = Diagnostic("p\\u00e4ge.md", Span(1, 1, 1, 2), line, "missing-image", Severity.ERROR, line, source_lines=(line,))
    return Report((one,) * int((request.ignore or ["1"])[0]), Summary(pages=1, errors=1))
run.check = check
from contentlint.__main__ import main
main()
"""


def start(*arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    environ = {**os.environ, "PYTHONPATH": SOURCE, **options.pop("environ", {})}
    return subprocess.Popen(
        [sys.executable, "-X", "faulthandler", "-c", DRIVER, *arguments],
        stdout=options.pop("stdout", subprocess.PIPE),
        stderr=subprocess.PIPE,
        env=environ,
        **options,
    )


@pytest.mark.parametrize(
    ("environ", "shown"),
    [
        (
            {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
            b"p\\xe4ge.md:1:1: error missing-image: \\u9aa8 \\xe9",
        ),
        ({"PYTHONIOENCODING": "cp1252"}, b"p\xe4ge.md:1:1: error missing-image: \\u9aa8 \xe9"),
        ({"PYTHONIOENCODING": "utf-8"}, "päge.md:1:1: error missing-image: 骨 é".encode()),
    ],
)
def test_no_encoding_stops_a_report(environ: dict[str, str], shown: bytes) -> None:
    process = start("check", environ=environ)
    out, err = process.communicate()
    assert out.startswith(shown)
    assert b"\\ud800" in out
    assert err.startswith(b"Found 1 error in 1 page")
    assert process.returncode == cli.PROBLEMS


def test_a_disk_that_fills_up_is_one_line(
    run: Conductor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_lines: object, stream: object) -> None:
        if stream is sys.stdout:
            raise OSError(28, "No space left on device")

    run.report = ERRORS
    monkeypatch.setattr(terminal, "say", full)
    failing("check")
    assert capsys.readouterr().out == ""


def test_programs_get_utf_8_in_any_locale() -> None:
    process = start("check", "--output-format", "junit", environ={"PYTHONIOENCODING": "cp1252"})
    out, _ = process.communicate()
    assert "päge.md".encode() in out


def test_a_closed_pipe_is_silent() -> None:
    process = start("check", "--ignore", "20000", "--output-format", "concise", "-q")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == cli.PROBLEMS
    process.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        process = start("check", stdout=full)
        _, err = process.communicate()
    assert err == b"error: cannot write to stdout: No space left on device\n"
    assert process.returncode == cli.UNUSABLE


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_end_a_run_without_a_traceback(number: signal.Signals, code: int) -> None:
    process = start("check", "--select", "wait")
    assert process.stderr is not None
    assert process.stderr.readline() == b"ready\n"
    process.send_signal(number)
    out, err = process.communicate()
    assert (out, err, process.returncode) == (b"", b"", code)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["-q"],
        ["--staged", "--quiet"],
        ["--root", "r", "--config=c", "--cache-dir", "d", "--color", "never"],
    ],
)
def test_plain_flags_mean_what_the_parser_takes_them_for(arguments: list[str]) -> None:
    plain = cli._plain(["check", *arguments])
    parsed = flags.parse("check", "", arguments)
    assert plain is not None
    assert {name: tuple(each) if isinstance(each, list) else each for name, each in vars(parsed).items()} == vars(plain)


# What `contentlint version` may import: these of its own, and of the standard library what the few lines below need.
FOR_VERSION = {
    "contentlint",
    *(
        f"contentlint.{name}"
        for name in ("cli", "digest", "flags", "project", "record", "reporters", "terminal", "usage")
    ),
    *(f"contentlint.cache{name}" for name in ("", ".place", ".quick", ".record", ".stamps")),
}


def test_version_imports_next_to_nothing() -> None:
    code = f"""
import _blake2, argparse, array, functools, gc, io, signal, sys, typing, zlib
from importlib.machinery import PathFinder  # so written it loads more since Python 3.14
argparse.ArgumentParser().parse_args([])
sys.path.insert(0, {SOURCE!r})
before = set(sys.modules)
from contentlint import cli
cli.execute(["version"])
print(*sorted(set(sys.modules) - before - {{"__future__"}}), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stderr.split()) == FOR_VERSION


def test_python_m_is_the_same_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["contentlint", "chek"])
    monkeypatch.delitem(sys.modules, "contentlint.__main__", raising=False)  # another test may have imported it
    ending = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(each) for each in ending]
    try:
        with pytest.raises(SystemExit) as stopped:
            runpy.run_module("contentlint", run_name="__main__")
        assert stopped.value.code == cli.UNUSABLE
        assert "did you mean check?" in capsys.readouterr().err
        assert [signal.getsignal(each) for each in ending] == [signal.SIG_IGN] * 3
        assert not gc.isenabled()
    finally:
        for number, handler in zip(ending, before, strict=True):
            signal.signal(number, handler)
        gc.unfreeze()
        gc.enable()


def test_bytes_reach_a_stream_as_they_are(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    print("first", end="")
    terminal.pour([b"\xff\r\n", b"\x00"], sys.stdout)
    assert capfdbinary.readouterr().out == b"first\xff\r\n\x00"


def test_a_reader_of_bytes_that_has_gone_away_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8") as stream:
        terminal.pour([b"x" * 100_000], stream)
        terminal.pour([b"x"], stream)
