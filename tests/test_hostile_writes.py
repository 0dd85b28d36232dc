"""Whatever happens while something is written: the file is the old one or the new one, and lies where it should."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from contentlint import baseline, cli, init, terminal, writing
from contentlint.diagnostic import UnusableError

LINT = str(Path(cli.__file__).parent.parent)
PAGE = "---\ntitle: T\n---\n[x](/gone/)\n"
OLD, NEW = b"old\n" * 40_000, b"new\n" * 50_000

WRITERS: dict[str, Callable[[str], None]] = {
    "fix, init, baseline": lambda path: writing.replace(path, NEW),
    "-o": lambda path: terminal.save(NEW.decode().splitlines(), path),
}


@pytest.fixture(params=WRITERS)
def write(request: pytest.FixtureRequest) -> Callable[[str], None]:
    return WRITERS[request.param]


def test_a_write_that_is_stopped_leaves_the_old_file(
    tmp_path: Path, write: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    target = tmp_path / "file"
    target.write_bytes(OLD)
    monkeypatch.setattr(os, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        write(str(target))
    assert target.read_bytes() == OLD
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("number", range(12))
def test_a_write_that_fails_at_any_step_leaves_the_old_file(
    tmp_path: Path, write: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Every call of the system that takes part fails once."""
    target = tmp_path / "file"
    target.write_bytes(OLD)
    left = number

    def failing(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **more: object) -> object:
            nonlocal left
            left -= 1
            if left == -1:
                raise OSError(28, "No space left on device")
            return real(*arguments, **more)

        return call

    for name in ("open", "fsync", "chmod", "chown", "replace", "rename", "stat", "fdopen"):
        monkeypatch.setattr(os, name, failing(getattr(os, name)))
    try:
        write(str(target))
    except OSError:
        pass
    finally:
        monkeypatch.undo()
    assert target.read_bytes() in (OLD, NEW)
    assert [each.name for each in tmp_path.iterdir() if each.name != "file"] == []


_KILLED = """
import os, signal, sys
sys.path.insert(0, {lint!r})
from contentlint import terminal, writing
def kill(event, arguments):
    global left
    if event != "os.kill" and event.startswith(("open", "os.", "tempfile")):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
left, new = int(sys.argv[2]), b"new\\n" * 50_000
act = writing.replace if sys.argv[3] == "fix, init, baseline" else lambda path, data: terminal.save(data.decode().splitlines(), path)
sys.addaudithook(kill)
act(sys.argv[1], new)
"""


@pytest.mark.skipif(os.name == "nt", reason="no such signals there")
@pytest.mark.parametrize("way", WRITERS)
def test_a_writer_that_is_killed_at_any_step_leaves_one_whole_file(tmp_path: Path, way: str) -> None:
    target = tmp_path / "file"
    ended: list[int] = []
    while not ended or ended[-1] != 0:  # how many steps there are is Python's affair
        left = 3 * len(ended)
        assert left < 300
        target.write_bytes(OLD)
        command = [sys.executable, "-c", _KILLED.format(lint=LINT), str(target), str(left), way]
        ended.append(subprocess.run(command, check=False).returncode)
        assert target.read_bytes() == (NEW if ended[-1] == 0 else target.read_bytes())
        assert target.read_bytes() in (OLD, NEW)
    assert {*ended[:-1]} == {-signal.SIGKILL}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    (root / "assets").mkdir(parents=True)
    for number in range(5):
        (root / f"p{number}.md").write_text(PAGE)
    (root / "a.md").write_text("---\ntitle: T\n---\n![x](/assets/Hip.png)\n")
    (root / "assets/hip.png").write_text("1")
    return root


COMMANDS = {
    "check -o": (["check", "--no-cache", "-o", "report.json", "--output-format", "json"], "report.json"),
    "check --fix": (["check", "--no-cache", "--fix", "-q"], "a.md"),
    "baseline": (["baseline", "--no-cache"], "contentlint-baseline.json"),
    "init": (["init"], "contentlint.yml"),
}


@pytest.mark.skipif(os.name == "nt", reason="no such limits there")
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("room", [0, 20])
def test_a_full_disk_leaves_the_old_file(site: Path, command: str, room: int) -> None:
    arguments, name = COMMANDS[command]
    target = site / name
    if command != "init":
        target.touch()
    if command == "baseline":
        target.write_text('{"version": 1, "problems": {}}')
    before = target.read_bytes() if target.exists() else None
    names = sorted(each.name for each in site.rglob("*"))

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    run = subprocess.run(
        [sys.executable, "-m", "contentlint", *arguments],
        cwd=site,
        env=os.environ | {"PYTHONPATH": LINT},
        preexec_fn=limited,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2, run.stderr
    assert "Traceback" not in run.stderr
    assert (target.read_bytes() if target.exists() else None) == before
    assert sorted(each.name for each in site.rglob("*")) == names


def test_a_baseline_that_leads_out_of_the_project_is_neither_read_nor_written(site: Path) -> None:
    mine = site.parent / "mine"
    mine.write_text("mine")
    (site / baseline.NAME).symlink_to(mine)
    for arguments in (["check", "--no-cache"], ["baseline"], ["baseline", "--prune"]):
        assert cli.execute([*arguments, "--root", str(site)]) == 2
    assert mine.read_text() == "mine"
    assert cli.execute(["baseline", "--root", str(site), "--baseline", str(site / baseline.NAME)]) == 0
    assert mine.read_text().startswith("{")


def test_init_writes_nothing_beyond_the_project(site: Path) -> None:
    beyond = site.parent / "beyond"
    beyond.mkdir()
    (site / "schemas").symlink_to(beyond)
    with pytest.raises(UnusableError, match=r"schemas/x.json would lie outside the project"):
        init.write(str(site), None, {"contentlint.yml": "", "schemas/x.json": "{}"})
    assert not list(beyond.iterdir())
    assert not (site / "contentlint.yml").exists()


def test_a_fix_follows_no_link_out_of_the_project(site: Path) -> None:
    mine = site.parent / "mine.md"
    mine.write_text((site / "a.md").read_text())
    (site / "a.md").unlink()
    (site / "a.md").symlink_to(mine)
    before = mine.read_bytes()
    cli.execute(["check", "--no-cache", "--fix", "--unsafe-fixes", "--root", str(site)])
    assert mine.read_bytes() == before
