"""Whatever happens to the cache, and whoever has been at it: the report is the one without, and at most one word is said of it."""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import subprocess
import sys
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contentlint import cli, remembering, run
from contentlint.again import TABLES
from contentlint.cache import place, quick, record, table
from contentlint.run import Request

LINT = str(Path(cli.__file__).parent.parent)
posix = pytest.mark.skipif(os.name == "nt", reason="no such files there")


class Kept:
    """A site, its cache, and what is said of both."""

    def __init__(self, root: Path, cache: Path) -> None:
        self.root, self.cache = root, cache
        self.edits = 0
        self.request = Request(str(root), root=str(root), cache=True, cache_dir=str(cache))
        self.folder = Path(place.folder(str(cache), str(root)))
        self.holds()
        self.edit("a.md")
        self.holds()
        self.before = {path.name: path.read_bytes() for path in self.folder.iterdir()}

    def edit(self, name: str) -> None:
        """Change a page, so that it has to be judged anew, with what is known of the rest; another one comes or goes."""
        other = self.root / "new.md"
        if other.exists():
            other.unlink()
        else:
            other.write_text("---\n---\n[b](/b.html#x)\n")
        path = self.root / name
        text, _, _ = path.read_text().partition("\n[more]")
        self.edits += 1
        path.write_text(
            f"{text}\n[more](/more/{self.edits}/)\n" if name.endswith(".md") else f"{text}\n# {self.edits}\n"
        )

    def holds(self, words: int = 1) -> list[str]:
        """Warm and cold are the same; the warnings, of which there may be so many."""
        told: list[str] = []
        quick.left = None
        assert remembering.check(self.request, warn=told.append) == run.check(self.request)
        assert len(told) <= words
        assert all(each.isprintable() for each in told)
        return told

    def again(self) -> None:
        """Put the cache back as it was, and the site as that has it."""
        shutil.rmtree(self.cache, ignore_errors=True)
        place.make(str(self.folder))
        for name, data in self.before.items():
            place.replace(str(self.folder / name), data)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    folder = tmp_path_factory.mktemp("kept")
    root = folder / "site"
    (root / "_includes").mkdir(parents=True)
    files = {
        "_config.yml": "title: T\n",
        "_includes/one": "<a href='/gone/'>x</a>\n",
        "a.md": "---\ntitle: A\n---\n[b](/b.html#x) [new](/new.html) {% include one %}\n",
        "b.md": "---\ntitle: B\n---\n## X\n\n[A](/A.html)\n",
        "index.md": "---\n---\n[a](a.html)\n",
    }
    for path, text in files.items():
        (root / path).write_text(text)
    return Kept(root, folder / "cache")


def sealed(data: bytes) -> bytes:
    """A record's bytes with the checksum that they should have."""
    start = len(record._MAGIC) + 8
    return record._MAGIC + crc32(data[start:]).to_bytes(8, "little") + data[start:]


def parts(data: bytes) -> list[bytes]:
    """The parts of a record."""
    start = len(record._MAGIC) + 8
    lengths = array("q", data[start : start + 8 * record._PARTS])
    ends = list(itertools.accumulate(lengths, initial=start + 8 * record._PARTS))
    return [data[first:last] for first, last in itertools.pairwise(ends)]


def joined(of: list[bytes]) -> bytes:
    """A record of these parts, with a checksum that fits."""
    start = record._MAGIC + b"\0" * 8
    return sealed(start + array("q", map(len, of)).tobytes() + b"".join(of))


def the_record(kept: Kept) -> str:
    return next(name for name in kept.before if "." not in name)


# -- accidents ----------------------------------------------------------------------------------------------------------


def test_every_file_cut_off_anywhere(kept: Kept) -> None:
    for name, data in kept.before.items():
        for length in {0, 1, 19, 20, 27, 28, 76, *random.Random(1).sample(range(len(data)), 5), len(data) - 1}:
            kept.again()
            place.replace(str(kept.folder / name), data[:length])
            kept.edit("a.md")
            kept.holds()


@settings(
    max_examples=settings.default.max_examples // 3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_any_bits_of_any_file_turned_over(kept: Kept, chosen: st.DataObject) -> None:
    name = chosen.draw(st.sampled_from(sorted(kept.before)))
    data = bytearray(kept.before[name])
    for at in chosen.draw(st.lists(st.integers(0, len(data) - 1), min_size=1, max_size=4)):
        data[at] ^= chosen.draw(st.integers(1, 255))
    kept.again()
    place.replace(str(kept.folder / name), bytes(data))
    if chosen.draw(st.booleans()):
        kept.edit("a.md")
    kept.holds()


def test_every_kind_of_file_is_there(kept: Kept) -> None:
    assert {name.partition(".")[2] for name in kept.before} == {"", *TABLES}


def test_a_file_that_is_not_there(kept: Kept) -> None:
    for name in kept.before:
        kept.again()
        (kept.folder / name).unlink()
        kept.edit("a.md")
        assert kept.holds() == []


def test_files_of_different_runs(kept: Kept) -> None:
    other = dict(kept.before)
    kept.edit("b.md")
    kept.edit("_includes/one")
    shutil.rmtree(kept.cache)
    kept.holds()
    for names in itertools.product((True, False), repeat=len(other)):
        for (name, data), old in zip(other.items(), names, strict=True):
            if old:
                place.replace(str(kept.folder / name), data)
        kept.edit("a.md")
        kept.holds()
    kept.before = {path.name: path.read_bytes() for path in kept.folder.iterdir()}


def test_another_version_and_another_python(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.again()
    monkeypatch.setattr(record, "__version__", "999")
    assert kept.holds() == []
    monkeypatch.undo()
    monkeypatch.setattr(sys, "version", "4.0")
    assert kept.holds() == []


def test_a_full_disk(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    real, left = os.write, 0

    def write(file: int, data: bytes) -> int:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(28, "No space left on device")
        return real(file, data[: len(data) // 2 + 1])

    for room, fresh in itertools.product((0, 1, 5, 20), (True, False)):
        kept.again()
        if fresh:
            shutil.rmtree(kept.cache)
        kept.edit("a.md")
        left = room
        with monkeypatch.context() as patch:
            patch.setattr(place.os, "write", write)
            kept.holds()
        assert not list(kept.cache.rglob("*.tmp"))


def test_a_file_that_cannot_even_be_begun(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> int:
        raise OSError(30, "Read-only file system")

    kept.again()
    monkeypatch.setattr(place, "_new", refused)
    with pytest.raises(OSError, match="Read-only"):
        place.replace(str(kept.folder / the_record(kept)), b"new")
    assert (kept.folder / the_record(kept)).read_bytes() == kept.before[the_record(kept)]


def test_a_disk_that_cannot_be_written(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> int:
        raise OSError(30, "Read-only file system")

    for name, fresh in itertools.product(("mkdir", "replace", "unlink", "makedirs"), (True, False)):
        kept.again()
        if fresh:
            shutil.rmtree(kept.cache)
        kept.edit("a.md")
        with monkeypatch.context() as patch:
            patch.setattr(place.os, name, refused)
            kept.holds()


@posix
def test_a_run_that_is_killed_leaves_no_files_forever(kept: Kept) -> None:
    kept.again()
    for number in (1, os.getpid()):
        half = kept.folder / f"{the_record(kept)}.{number}.tmp"
        half.write_bytes(b"half")
        os.utime(half, (0, 0))
    kept.edit("_config.yml")
    assert kept.holds() == []
    assert not list(kept.cache.rglob("*.tmp"))


def test_what_another_run_tidies_away_meanwhile(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.again()
    kept.edit("_config.yml")
    listed = os.listdir

    def late(path: str = ".") -> list[str]:
        return listed(path) + ["gone", "gone.1.tmp"] * (path == str(kept.folder))

    monkeypatch.setattr(os, "listdir", late)
    assert kept.holds() == []


def test_a_record_in_the_form_of_another_version(kept: Kept) -> None:
    kept.again()
    data = kept.before[the_record(kept)]
    place.replace(str(kept.folder / the_record(kept)), data.replace(record._MAGIC, record._KIND + b"1\n", 1))
    kept.edit("a.md")
    assert kept.holds() == []


def test_two_runs_at_once(kept: Kept) -> None:
    for fresh in (True, False):
        kept.again()
        if fresh:
            shutil.rmtree(kept.cache)
        kept.edit("a.md")
        command = [sys.executable, "-m", "contentlint", "check", "--output-format", "json", "--root", str(kept.root)]
        runs = [
            subprocess.Popen(
                [*command, "--cache-dir", str(kept.cache)],
                env=os.environ | {"PYTHONPATH": LINT},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            for _ in range(3)
        ]
        said = [each.communicate() for each in runs]
        assert len(set(said)) == 1
        assert json.loads(said[0][0])["summary"]["pages"] == len([*kept.root.glob("*.md")])
        assert said[0][1] == b""
        kept.holds()


# -- attackers ----------------------------------------------------------------------------------------------------------

GARBAGE: list[object] = [None, True, 0, -1, 1 << 80, 1.5, "x", "\x1b[31m", [], [[]], {}, {"a": 1}, "../../etc/passwd"]


def variants(value: object) -> Iterator[object]:
    """The value with something else in each of its places, in turn."""
    yield from GARBAGE
    if isinstance(value, dict):
        for key, each in value.items():
            for other in itertools.islice(variants(each), 30):
                yield value | {key: other}
            yield {name: rest for name, rest in value.items() if name != key}
    elif isinstance(value, list):
        for number, each in enumerate(value[:12]):
            for other in itertools.islice(variants(each), 30):
                yield [*value[:number], other, *value[number + 1 :]]
        yield value[1:]
        yield [*value, *value]


def printable(report: object) -> None:
    from contentlint.diagnostic import Report
    from contentlint.reporters import FORMATS, reporter

    assert isinstance(report, Report)
    for name in FORMATS:
        list(reporter(name)(report))


def check(kept: Kept) -> list[str]:
    """Run on what somebody made up: it may only be believed where it is of the right form, and then can be shown."""
    told: list[str] = []
    quick.left = None
    printable(remembering.check(kept.request, warn=told.append))
    assert len(told) <= 1
    return told


@pytest.mark.parametrize("part", [3, 4], ids=["report", "about"])
def test_anything_may_stand_in_a_record_with_a_checksum_that_fits(kept: Kept, part: int) -> None:
    name = the_record(kept)
    kept.again()
    kept.holds()
    whole = parts((kept.folder / name).read_bytes())
    made = [json.dumps(each).encode() for each in variants(json.loads(whole[part]))]
    made += [b"", b"\0", b"[" * 100_000, b"NaN", b'"\\ud800"', b"\xff"]
    for each in random.Random(part).sample(made, min(settings.default.max_examples // 2, len(made))):
        place.replace(str(kept.folder / name), joined([*whole[:part], each, *whole[part + 1 :]]))
        if part == 4:
            kept.edit("a.md")
        check(kept)
        kept.again()


def test_any_numbers_may_stand_in_a_record_with_a_checksum_that_fits(kept: Kept) -> None:
    chance = random.Random(3)
    name = the_record(kept)
    data = kept.before[name]
    for _ in range(settings.default.max_examples // 3):
        kept.again()
        changed = bytearray(data)
        at = chance.choice([len(record._MAGIC) + 8 + 8 * chance.randrange(6), chance.randrange(len(data) - 8)])
        number = chance.choice([-1, 0, 1, 1 << 40, -(1 << 63), (1 << 63) - 1])
        changed[at : at + 8] = number.to_bytes(8, "little", signed=True)
        place.replace(str(kept.folder / name), sealed(bytes(changed)))
        check(kept)
        assert quick.answer(["check", "--root", str(kept.root), "--cache-dir", str(kept.cache)]) is None


def test_a_table_that_is_made_up(kept: Kept) -> None:
    names = [name for name in kept.before if "." in name]
    for name, rows in itertools.product(
        names, ([], [("a.md", "{}")], [("a.md", "[" * 9999)], [("b.html", "\x1b]0;x")])
    ):
        kept.again()
        place.replace(str(kept.folder / name), table.dump(rows))
        kept.edit("a.md")
        kept.holds()


def test_a_sentence_that_a_terminal_would_obey_is_never_said(kept: Kept) -> None:
    kept.again()
    whole = parts(kept.before[the_record(kept)])
    whole[2] = b"\x1b]0;owned\x07\n::error::x"
    place.replace(str(kept.folder / the_record(kept)), joined(whole))
    assert quick.answer(["check", "--root", str(kept.root), "--cache-dir", str(kept.cache)]) is None
    assert kept.holds() == [f"a file of the cache {kept.folder} is damaged, and is not used"]


@posix
@pytest.mark.parametrize("mode", [0o777, 0o770, 0o755, 0o750, 0o701])
def test_what_others_may_enter_is_not_ours(kept: Kept, mode: int) -> None:
    """A folder out of git or an archive is made with such rights: nobody's checksum makes it the user's own."""
    kept.again()
    kept.folder.chmod(mode)
    assert kept.holds() == [f"the cache {kept.folder} may be written by others, and is not used"]
    assert {path.name: path.read_bytes() for path in kept.folder.iterdir()} == kept.before
    assert quick.answer(["check", "--root", str(kept.root), "--cache-dir", str(kept.cache)]) is None


@posix
def test_a_file_that_others_may_read_is_not_ours(kept: Kept) -> None:
    for name in kept.before:
        kept.again()
        (kept.folder / name).chmod(0o644)
        kept.edit("a.md")
        kept.holds()


@posix
def test_another_user(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.again()
    monkeypatch.setattr(place.os, "geteuid", lambda: os.getuid() + 1)
    assert len(kept.holds()) == 1
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in kept.folder.iterdir()} == kept.before


@posix
def test_something_else_in_the_place_of_a_file(kept: Kept) -> None:
    def link(path: Path) -> None:
        path.symlink_to("/etc/passwd")

    def loop(path: Path) -> None:
        path.symlink_to(path.name)

    def pipe(path: Path) -> None:
        os.mkfifo(path)

    def large(path: Path) -> None:
        path.touch(0o600)
        os.truncate(path, 1 << 40)

    def device(path: Path) -> None:
        path.symlink_to("/dev/zero")

    makers: list[Callable[[Path], None]] = [link, loop, pipe, large, device, Path.mkdir]
    for name, make in itertools.product(kept.before, makers):
        kept.again()
        (kept.folder / name).unlink()
        make(kept.folder / name)
        kept.edit("a.md")
        kept.holds()


@posix
def test_a_link_in_the_place_of_the_folder(kept: Kept, tmp_path: Path) -> None:
    kept.again()
    shutil.move(kept.folder, tmp_path / "elsewhere")
    kept.folder.symlink_to(tmp_path / "elsewhere")
    before = {path.name: path.read_bytes() for path in (tmp_path / "elsewhere").iterdir()}
    assert len(kept.holds()) == 1
    assert {path.name: path.read_bytes() for path in (tmp_path / "elsewhere").iterdir()} == before


@posix
def test_nothing_is_written_through_a_link_that_waits_for_a_run(kept: Kept, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_text("mine")
    kept.again()
    for beside in (kept.cache / "CACHEDIR.TAG", kept.folder / the_record(kept)):
        beside.unlink(missing_ok=True)
        Path(f"{beside}.{os.getpid()}.tmp").symlink_to(mine)
    kept.edit("a.md")
    kept.holds()
    assert mine.read_text() == "mine"


def test_nothing_that_is_read_can_run() -> None:
    """No module of the cache imports what makes code or objects out of bytes."""
    for path in Path(place.__file__).parent.glob("*.py"):
        text = path.read_text()
        assert not any(word in text for word in ("pickle", "marshal", "shelve", "eval(", "exec(", "__import__"))
