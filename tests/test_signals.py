"""Whenever a run is stopped: its exit code says so, nobody is told anything else, nothing is left half-done, no process stays."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from contentlint import __main__, cli
from contentlint.cache import quick

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no such signals there")

LINT = str(Path(cli.__file__).parent.parent)
PATIENCE = 20
"""Seconds after which a process counts as one that never ends: twenty times what is promised."""
ENDING = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
PAGE = "---\ntitle: T\n---\n# T\n\n[home](/) ![x](/assets/Hip.png) [gone](/gone/)\n\n{% for p in site.pages %}[p]({{ p.url }}) {% endfor %}\n"

# Runs the command line that it is given in one fork for each moment, and sends the signal when the audit of Python has told of
# so many events, counted from the first of ours. A line for each: the moment, the exit code, and what was said on stderr.
DRIVER = f"""
import os, signal, sys
sys.path.insert(0, {LINT!r})
number, group, moments, *arguments = sys.argv[1:]
number = int(number)
sys.argv = ["contentlint", *arguments]
for warm in ("cli", "run", "remembering", "assembly", "generators.jekyll.build", "baseline", "init", "mending") if group != "cold" else ():
    __import__("contentlint." + warm)
from contentlint import __main__
for moment in map(int, moments.split(",")):
    out, into = os.pipe()
    child = os.fork()
    if child:
        os.close(into)
        said = b""
        while part := os.read(out, 65536):
            said += part
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        try:
            os.killpg(child, 0)
        except ProcessLookupError:
            left = 0
        else:
            left = 1
        print(moment, code, left, said)
        continue
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(into, 2)
    os.close(into)
    count, me = 0, os.getpid()
    def audit(event, arguments):
        global count
        count += bool(count or group != "writing" or any(each in repr(arguments) for each in (".contentlint-", ".tmp")))
        if count == moment and os.getpid() == me:
            (os.killpg if group == "group" else os.kill)(me, number)
    heed = __main__.heed
    def heeding():
        heed()
        sys.addaudithook(audit)
    __main__.heed = heeding
    __main__.main()
    os._exit(99)
"""


def stopped_at(
    moments: Sequence[int], number: int, *arguments: str, cwd: Path, group: str = "alone"
) -> list[tuple[int, int, int, str]]:
    """(moment, exit code, whether a process was left, what was said) of a run that is stopped at each of these moments."""
    command = [sys.executable, "-c", DRIVER, str(int(number)), group, ",".join(map(str, moments)), *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=PATIENCE * 6, check=False)
    assert done.stderr == ""
    rows = [line.split(" ", 3) for line in done.stdout.splitlines()]
    return [(int(moment), int(code), int(left), said) for moment, code, left, said in rows]


def spread(last: int, amount: int) -> list[int]:
    """Moments from the first on, nearer to each other at the start."""
    return sorted({1 + round(last * (each / amount) ** 1.5) for each in range(amount)})


@pytest.fixture
def site(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    (root / "assets").mkdir(parents=True)
    (root / "assets/hip.png").write_text("1")
    (root / "_config.yml").write_text("title: T\n")
    for number in range(30):
        (root / f"p{number}.md").write_text(PAGE)
    return root


def run(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "contentlint", *arguments],
        cwd=site,
        env={**os.environ, "PYTHONPATH": LINT},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize(
    ("number", "group"),
    [(signal.SIGINT, "cold"), (signal.SIGTERM, "alone"), (signal.SIGINT, "group"), (signal.SIGHUP, "alone")],
)
def test_a_check_ends_silently_at_any_moment(site: Path, tmp_path: Path, number: int, group: str) -> None:
    cache = ["--cache-dir", str(tmp_path / "cache")]
    moments = spread(2200 if group == "cold" else 600, 5)
    found = stopped_at(moments, number, "check", "-q", *cache, cwd=site, group=group)
    assert [each[0] for each in found] == moments
    for moment, code, left, said in found:
        assert (moment, left, said) == (moment, 0, "b''")
        assert code in (ENDING[signal.Signals(number)], 1)  # the run may have ended before that moment
    assert any(code != 1 for _, code, _, _ in found)
    assert run(site, "check", *cache).stdout == run(site, "check", "--no-cache").stdout != ""
    assert not list(tmp_path.glob("cache/*/*.tmp"))


@pytest.mark.parametrize("command", [["check", "--fix"], ["init"], ["baseline"], ["check", "-o", "report.txt"]])
def test_a_command_that_writes_leaves_whole_files(site: Path, command: list[str]) -> None:
    before = {path.name: path.read_bytes() for path in site.iterdir() if path.is_file()}
    arguments = [*command, "--root=." if "init" in command else "--no-cache"]
    found = stopped_at(range(1, 6), signal.SIGTERM, *arguments, cwd=site, group="writing")
    assert {143} <= {code for _, code, _, _ in found} <= {0, 1, 2, 143}
    assert not any(left for _, _, left, _ in found)
    for path in site.iterdir():
        if path.is_file():
            content = path.read_bytes()
            assert not path.name.startswith(".contentlint-")
            assert not path.name.endswith(".tmp")
            assert content.endswith(b"\n")
            if path.name in before:
                assert content in (before[path.name], before[path.name].replace(b"Hip.png", b"hip.png"))


SHARES = f"""
import os, pickle, sys, time
sys.path.insert(0, {LINT!r})
from contentlint import __main__, cli, shares
def work(number):
    with open(f"new{{number}}", "w") as file:
        file.write(str(os.getpid()))
    os.rename(f"new{{number}}", f"child{{number}}")
    while not all(os.path.exists(f"child{{each}}") for each in range(3)):
        time.sleep(0.01)
    if not number:
        print("ready", flush=True)
    if sys.argv[1] == "busy" and number:
        sum(range(10**11))
    for _ in range({PATIENCE * 30}):
        time.sleep(0.1)  # a signal that comes just before a sleep is heard after it
cli.main = lambda: shares.done(3, work, pickle)
sys.argv[1:], kind = ["check", "--jobs", "3"], sys.argv[1:]
sys.argv[1:] = kind
__main__.main()
"""


@pytest.mark.parametrize(
    ("number", "kind"), [(signal.SIGINT, "busy"), (signal.SIGTERM, "asleep"), (signal.SIGHUP, "busy")]
)
@pytest.mark.parametrize("send", [os.kill, os.killpg])
def test_no_process_that_shares_the_work_is_left(tmp_path: Path, number: int, kind: str, send: object) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SHARES, kind],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    send(process.pid, number)  # type: ignore[operator]  # one of two functions
    out, err = process.communicate(timeout=PATIENCE)
    assert (out, err, process.returncode) == (b"", b"", ENDING[signal.Signals(number)])
    for each in (1, 2):
        with pytest.raises(ProcessLookupError):
            os.kill(int((tmp_path / f"child{each}").read_text()), 0)


LOST = f"""
import os, sys
sys.path.insert(0, {LINT!r})
from contentlint import __main__, cli
class Tidied:
    def __del__(self):
        os.kill(os.getpid(), {int(signal.SIGINT)})
        sum(range(1000))
def work():
    Tidied()
    while True:
        sum(range(1000))
cli.main = work
__main__.main()
"""


@pytest.mark.parametrize("timer", [True, False], ids=["timer", "as on Windows"])
def test_a_stop_that_python_drops_is_tried_again(timer: bool) -> None:
    """What is raised while an object is let go, Python only tells of and goes on."""
    script = LOST if timer else f"import _signal\ndel _signal.setitimer, _signal.SIGALRM\n{LOST}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=PATIENCE, check=False)
    assert (done.stdout, done.stderr, done.returncode) == (b"", b"", 130)


def test_a_second_signal_disturbs_nothing() -> None:
    script = LOST.replace(
        "    Tidied()\n", "    try:\n        os.kill(os.getpid(), 15)\n    finally:\n        os.kill(os.getpid(), 2)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=PATIENCE, check=False)
    assert (done.stdout, done.stderr, done.returncode) == (b"", b"", 143)


def test_what_is_ignored_stays_so() -> None:
    """As under `nohup`."""
    script = LOST.replace("class", "import signal\nsignal.signal(1, signal.SIG_IGN)\nclass").replace(
        "    Tidied()\n", "    os.kill(os.getpid(), 1)\n    print(1, flush=True)\n    os.kill(os.getpid(), 15)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=PATIENCE, check=False)
    assert (done.stdout, done.stderr, done.returncode) == (b"1\n", b"", 143)


# -- closed pipes -------------------------------------------------------------------------------------------------------

FORMATS = ["full", "concise", "json", "github", "gitlab", "sarif", "junit", "rdjson", "markdown"]


@pytest.mark.parametrize(
    ("redirect", "codes"), [(">&-", "1 "), ("2>&-", "1 "), (">&- 2>&- <&-", "1 "), ("| head -1 >&2", "1 0 ")]
)
def test_nobody_who_listens_is_no_error(site: Path, redirect: str, codes: str) -> None:
    call = f"{sys.executable} -m contentlint check --no-cache --select missing-image,broken-link"
    lines = "\n".join(
        f'{call} --output-format {each} {redirect}\necho "${{PIPESTATUS[@]}} " >> codes'
        for each in FORMATS[:: 2 if "|" in redirect else 5]
    )
    done = subprocess.run(
        ["bash", "-c", lines],
        cwd=site,
        env={**os.environ, "PYTHONPATH": LINT},
        capture_output=True,
        text=True,
        timeout=PATIENCE * 3,
        check=False,
    )
    assert set((site / "codes").read_text().splitlines()) == {codes}
    for word in ("Traceback", "Exception", "Error:", "BrokenPipe"):
        assert word not in done.stderr


# -- the same without a process: what decides, one step at a time -------------------------------------------------------


@pytest.fixture
def handlers() -> Iterator[None]:
    """What tests do with signals and with what Python drops is undone."""
    numbers = (*ENDING, signal.SIGALRM)
    before, hook, collects = [signal.getsignal(each) for each in numbers], sys.unraisablehook, gc.isenabled()
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)
    sys.unraisablehook = hook
    if collects:
        gc.enable()


class Dropped(NamedTuple):
    """What Python hands to the hook for what was raised where nobody can catch it."""

    exc_value: BaseException | None


@pytest.mark.usefixtures("handlers")
def test_a_signal_that_is_ignored_stays_so() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    __main__.heed()
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    assert signal.getsignal(signal.SIGTERM) is __main__._stop


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("number", ENDING)
def test_a_stop_is_the_shells_exit_code_and_the_last(number: int) -> None:
    __main__.heed()
    with pytest.raises(__main__.Stopped) as stopped:
        signal.raise_signal(number)
    assert stopped.value.code == ENDING[signal.Signals(number)]
    assert {signal.getsignal(each) for each in ENDING} == {signal.SIG_IGN}


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("timer", [True, False])
def test_a_stop_that_was_lost_comes_again(monkeypatch: pytest.MonkeyPatch, timer: bool) -> None:
    if not timer:
        monkeypatch.delattr(__main__._signal, "setitimer")
    with pytest.raises(__main__.Stopped) as stopped:
        __main__._stop(signal.SIGTERM, None)
    with pytest.raises(__main__.Stopped) as again:  # noqa: PT012 - it comes at any moment
        sys.unraisablehook(Dropped(stopped.value))  # type: ignore[arg-type]  # all that is asked of it
        for _ in range(PATIENCE * 100):
            time.sleep(0.01)
    assert again.value is stopped.value


@pytest.mark.usefixtures("handlers")
def test_what_else_is_lost_is_no_stop() -> None:
    with pytest.raises(__main__.Stopped):
        __main__._stop(signal.SIGTERM, None)
    sys.unraisablehook(Dropped(ValueError()))  # type: ignore[arg-type]  # all that is asked of it
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


@pytest.mark.usefixtures("handlers")
def test_who_is_stopped_leaves_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[int] = []
    monkeypatch.setattr(os, "_exit", left.append)
    monkeypatch.setattr(__main__, "_run", lambda: signal.raise_signal(signal.SIGINT))
    __main__.main()
    assert left == [130]


@pytest.mark.usefixtures("handlers")
def test_what_is_remembered_is_said_and_that_is_all(monkeypatch: pytest.MonkeyPatch) -> None:
    class LeftError(Exception):
        pass

    def leave(code: int) -> None:
        raise LeftError(code)

    said: list[str] = []
    monkeypatch.setattr(os, "_exit", leave)
    monkeypatch.setattr(quick, "answer", lambda _: "All good.")
    monkeypatch.setattr(quick, "say", said.append)
    with pytest.raises(LeftError, match="0"):
        __main__.main()
    assert said == ["All good."]


@pytest.mark.parametrize("encoding", ["latin-1", None])
def test_another_locale_begins_again_in_utf8(monkeypatch: pytest.MonkeyPatch, encoding: str | None) -> None:
    begun: list[list[str]] = []
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "ascii")
    monkeypatch.setattr(sys, "orig_argv", ["python", "-m", "contentlint", "check"])
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(encoding=encoding))
    monkeypatch.setattr(os, "execv", lambda _, arguments: begun.append(arguments))
    __main__._read_names_as_utf8()
    assert begun == [[sys.executable, "-X", "utf8", "-m", "contentlint", "check"]]
    assert os.environ.pop("PYTHONIOENCODING", None) == encoding
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    __main__._read_names_as_utf8()
    assert len(begun) == 1
