from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from contentlint import cli, remembering, run, shares
from contentlint.assembly import pages
from contentlint.run import Request

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork: one process does all")
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
"""Who runs tests side by side has a thread that hears of it; the command has none, as a test below says."""


def test_no_share_is_too_small_for_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fork", lambda: 0, raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 2, 3}, raising=False)
    assert [shares.count(0, amount, 100) for amount in (0, 99, 250, 1000)] == [1, 1, 2, 3]
    assert shares.count(8, 1000, 100) == 8
    assert shares.count(1, 1000, 100) == 1
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert shares.count(0, 1000, 100) == 1
    monkeypatch.delattr(os, "fork")
    assert shares.count(8, 1000, 100) == 1


@forks
def test_shares_come_back_in_order() -> None:
    assert shares.done(3, lambda number: (number, "x" * 100_000 * number), pickle) == [
        (number, "x" * 100_000 * number) for number in range(3)
    ]
    assert shares.done(3, lambda number: b"x" * 100_000 * number) == [b"x" * 100_000 * number for number in range(3)]


@forks
def test_what_a_process_did_not_live_to_send_is_done_here() -> None:
    here = os.getpid()

    def do(number: int) -> int:
        if os.getpid() != here:
            os.kill(os.getpid(), 9)
        return number

    assert shares.done(3, do, pickle) == [0, 1, 2]


@forks
def test_what_a_process_has_sent_a_part_of_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    here, write = os.getpid(), os.write

    def stop(file: int, data: memoryview) -> int:
        if os.getpid() == here:
            return write(file, data)
        write(file, data[: len(data) // 2])
        os._exit(0)

    monkeypatch.setattr(os, "write", stop)
    assert shares.done(3, lambda number: "x" * 1000 * number, pickle) == ["", "x" * 1000, "x" * 2000]
    assert shares.done(3, lambda number: b"x" * number) == [b"", b"x", b"xx"]


def _scarce(give: Callable[[], object], left: int) -> Callable[[], object]:
    """What a system says of which so many can be had."""

    def scarce() -> object:
        nonlocal left
        left -= 1
        if left < 0:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return give()

    return scarce


@forks
@pytest.mark.parametrize("name", ["fork", "pipe"])
def test_what_no_process_can_be_had_for_is_done_here(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, []), os.listdir("/dev/fd")
    monkeypatch.setattr(os, name, _scarce(getattr(os, name), 1))
    assert shares.done(4, str, pickle) == ["0", "1", "2", "3"]
    assert (signal.pthread_sigmask(signal.SIG_BLOCK, []), os.listdir("/dev/fd")) == before


@forks
def test_an_error_here_leaves_no_process_behind(tmp_path: Path) -> None:
    def do(number: int) -> None:
        if not number:
            raise ZeroDivisionError
        (tmp_path / "child").write_text(str(os.getpid()))
        time.sleep(60)

    begun = time.monotonic()
    with pytest.raises(ZeroDivisionError):
        shares.done(2, do, pickle)
    assert time.monotonic() - begun < 30
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, 0)


def _text(number: int) -> bytes:
    return b"" if number % 7 == 3 else b"%d " % number * (number * 50)


@forks
@pytest.mark.parametrize("count", [1, 2, 5])
def test_parts_are_worked_off_by_whoever_has_time(count: int) -> None:
    expected = sorted(filter(None, map(_text, range(100))))
    assert sorted(shares.in_turn(count, 100, _text)) == expected
    assert list(shares.in_turn(count, 0, _text)) == []


@forks
def test_others_go_on_while_nobody_asks_for_more(tmp_path: Path) -> None:
    here = os.getpid()

    def do(number: int) -> bytes:
        if os.getpid() != here:
            (tmp_path / str(number)).touch()
        return b"%d" % number

    some = shares.in_turn(2, 20, do)
    first = next(some)
    deadline = time.monotonic() + 60
    while len(os.listdir(tmp_path)) < 19 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(os.listdir(tmp_path)) == 19, "all but the first are done elsewhere"
    assert sorted([first, *some]) == sorted(b"%d" % number for number in range(20))


@forks
@pytest.mark.parametrize("sent", [0, 9])
def test_parts_that_a_process_did_not_live_to_send_are_done_here(monkeypatch: pytest.MonkeyPatch, sent: int) -> None:
    here, write = os.getpid(), os.write

    def stop(file: int, data: memoryview) -> int:
        if os.getpid() == here:
            return write(file, data)
        write(file, data[:sent])
        os._exit(0)

    def do(number: int) -> bytes:
        if os.getpid() == here:
            time.sleep(0.01)
        return b"x" * (number + 1)

    monkeypatch.setattr(os, "write", stop)
    assert sorted(shares.in_turn(3, 10, do)) == [b"x" * (number + 1) for number in range(10)]


@forks
@pytest.mark.parametrize("name", ["fork", "pipe"])
@pytest.mark.parametrize("left", [0, 1, 2])
def test_parts_that_no_process_can_be_had_for_are_done_here(
    monkeypatch: pytest.MonkeyPatch, name: str, left: int
) -> None:
    before = os.listdir("/dev/fd")
    monkeypatch.setattr(os, name, _scarce(getattr(os, name), left))
    assert sorted(shares.in_turn(4, 50, _text)) == sorted(filter(None, map(_text, range(50))))
    assert os.listdir("/dev/fd") == before


@forks
def test_who_wants_no_more_leaves_no_process_behind() -> None:
    here = os.getpid()

    def do(_: int) -> bytes:
        if os.getpid() != here:
            time.sleep(60)
        return b"x"

    begun = time.monotonic()
    some = shares.in_turn(2, 2, do)
    assert next(some) == b"x"
    del some
    assert time.monotonic() - begun < 30
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, 0)


LAYOUTS = {
    "_config.yml": "title: x\n",
    "_layouts/page.html": "<a href='/gone/{{ page.name }}'>x</a><a href='deeper/'>y</a>{{ content }}",
    "_layouts/outer.html": "---\nlayout: page\n---\n<img src='{{ page.picture }}'>{{ content }}{% include nothing %}",
    "_includes/gallery": "{% for item in page.gallery %}<img src='/{{ item }}'>{% endfor %}<a href='/include/'>z</a>{% nope %}",
}


@forks
@pytest.mark.parametrize("jobs", [2, 3, 5])
def test_several_processes_say_what_one_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    for path, text in LAYOUTS.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    for number in range(24):
        (tmp_path / f"p{number}.md").write_text(
            f"---\nlayout: {('page', 'outer', 'none_such')[number % 3]}\npicture: p{number}.png\ngallery: [a.png, b{number}.png]\n---\n\n"
            f"[next](p{number + 1}.html#here) [link]({{% link p{number + 2}.md %}}) {{% include gallery %}}\n\n# Here\n\n"
            "{% for page in site.pages %}{{ page.title }}{% endfor %}\n"
        )
    monkeypatch.setattr(pages, "_LEAST", 2)
    alone = run.check(Request(cwd=str(tmp_path)))
    assert len(alone.diagnostics) > 24
    assert run.check(Request(cwd=str(tmp_path), jobs=jobs)) == alone
    request = Request(cwd=str(tmp_path), jobs=jobs, cache=True, cache_dir=str(tmp_path / ".cache"))
    assert remembering.check(request) == alone
    (tmp_path / "p3.md").write_text("---\n---\n\n# There\n")
    assert remembering.check(request) == run.check(Request(cwd=str(tmp_path)))


@forks
def test_no_thread_is_there_when_processes_are_started(tmp_path: Path) -> None:
    """Python warns of a fork beside one: whatever it holds at that moment, the child would wait for without end."""
    (tmp_path / "contentlint.yml").write_text("pages: [{match: '*.md', schema: page.json}]\n")
    (tmp_path / "page.json").write_text('{"properties": {"title": {"type": "integer"}}}')
    for number in range(2 * pages._LEAST):
        (tmp_path / f"p{number}.md").write_text("---\ntitle: T\n---\n[x](/gone/)\n")
    code = (
        "import os\nfork = os.fork\ndef told():\n    child = fork()\n    if child:\n        print('a child')\n    return child\n"
        "os.fork = told\nfrom contentlint import __main__\n__main__.main()\n"
    )
    command = [sys.executable, "-W", "error", "-c", code, "check", "--no-cache", "--jobs=2", "--statistics"]
    done = subprocess.run(
        [*command, f"--root={tmp_path}", f"--output-file={tmp_path / 'report'}"],
        env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("a child\n", cli.PROBLEMS), done.stderr
    assert "Warning" not in done.stderr


@pytest.mark.parametrize("number", ["0", "-1", "many", "257", "٣"])
def test_a_number_of_processes_is_a_number(
    number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.execute(["check", f"--jobs={number}"]) == cli.UNUSABLE
    assert f"'{number}' is no number of processes from 1 to 256" in capsys.readouterr().err


def test_a_number_of_processes_is_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    count = shares.count
    monkeypatch.setattr(shares, "count", lambda jobs, *rest: asked.append(jobs) or count(jobs, *rest))
    (tmp_path / "index.md").write_text("---\n---\n")
    assert cli.execute(["check", f"--root={tmp_path}", "--no-cache", "--jobs=2"]) == 0
    assert asked == [2]


@pytest.mark.parametrize(
    ("config", "page", "rules"),
    [
        ("{}", "render_with_liquid: false", ["broken-link"]),
        ("{}", "render_with_liquid: 'no'", []),
        ("defaults: [{scope: {path: ''}, values: {render_with_liquid: false}}]", "title: x", ["broken-link"]),
        ("defaults: [{scope: {path: ''}, values: {render_with_liquid: false}}]", "render_with_liquid: true", []),
    ],
)
def test_liquid_runs_unless_it_is_told_not_to(tmp_path: Path, config: str, page: str, rules: list[str]) -> None:
    (tmp_path / "_config.yml").write_text(config)
    (tmp_path / "index.md").write_text(f"---\n{page}\n---\n\n{{% if false %}}\n\n[gone](/gone/)\n\n{{% endif %}}\n")
    assert [each.rule for each in run.check(Request(cwd=str(tmp_path))).diagnostics] == rules
    (tmp_path / "contentlint.yml").write_text("jekyll: 3\n")
    assert not run.check(Request(cwd=str(tmp_path))).diagnostics
