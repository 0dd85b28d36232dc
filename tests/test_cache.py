from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlint import cli, remembering, run, shares
from contentlint.cache import place, quick, record, stamps, table
from contentlint.cache.memory import Memory
from contentlint.cache.record import DamagedError
from contentlint.cache.watched import OnDisk, Watched
from contentlint.diagnostic import Report
from contentlint.run import Request

SOURCE = str(Path(run.__file__).parent.parent)
SITE = {
    "_config.yml": "title: x\n",
    "_layouts/page.html": "<a href='/'>Home</a>{{ content }}",
    "index.md": "---\nlayout: page\n---\n\n# Home\n\n[About](/about.html#us)\n",
    "about.md": "---\nlayout: page\ntitle: About\n---\n\n# Us\n\n![one](/one.png) [home]({% link index.md %})\n",
    "_posts/2024-01-02-first.md": "---\ntitle: First\n---\n\n[second]({% post_url 2024-01-03-second %})\n",
    "_posts/2024-01-03-second.md": "---\ntitle: Second\n---\n\nText\n",
    "one.png": "1",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    for path, text in SITE.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(quick, "left", None)
    return tmp_path / "cache"


def check(site: Path, cache: Path, **words: object) -> Report:
    return remembering.check(Request(**{"cwd": str(site), "cache_dir": str(cache), **words}))  # type: ignore[arg-type] # as a test names them


# -- what a run does not read again -----------------------------------------------------------------------------------


def test_nothing_changed_is_answered_from_memory(site: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = check(site, cache)
    monkeypatch.setattr(remembering, "_whole", None)
    assert check(site, cache) == first


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("about.md", SITE["about.md"] + "\nMore text, and [home](/).\n"),
        ("about.md", SITE["about.md"].replace("title: About", "title: About us")),
        ("_posts/2024-01-03-second.md", SITE["_posts/2024-01-03-second.md"] + "\n# And more\n"),
        ("_posts/2024-01-02-first.md", SITE["_posts/2024-01-02-first.md"] + "\n![one](/one.png)\n"),
    ],
)
def test_a_changed_page_is_judged_alone(
    site: Path, cache: Path, path: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(site, cache)
    monkeypatch.setattr(remembering, "_whole", None)
    (site / path).write_text(text)
    assert check(site, cache) == run.check(Request(cwd=str(site)))
    assert check(site, cache) == run.check(Request(cwd=str(site)))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("about.md", SITE["about.md"].replace("# Us", "# Them")),
        ("about.md", SITE["about.md"].replace("title", "permalink: /elsewhere/\ntitle")),
        ("about.md", SITE["about.md"].replace("one.png", "gone.png")),
        ("_layouts/page.html", "<a href='/gone/'>Gone</a>{{ content }}"),
        ("_config.yml", "title: x\npermalink: pretty\n"),
        ("contentlint.yml", "rules:\n  broken-link: warning\n"),
        ("new.md", "---\n---\n\n[gone](/gone/)\n"),
        ("One.png", "1"),
    ],
)
def test_what_others_see_is_looked_at_as_a_whole(site: Path, cache: Path, path: str, text: str) -> None:
    before = check(site, cache)
    (site / path).write_text(text)
    after = check(site, cache)
    assert after == run.check(Request(cwd=str(site)))
    assert after != before


def test_a_removed_picture_is_missed(site: Path, cache: Path) -> None:
    check(site, cache)
    (site / "one.png").unlink()
    assert [each.rule for each in check(site, cache).diagnostics] == ["missing-image"]


def test_a_file_with_other_times_and_the_same_content_is_the_same(
    site: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = check(site, cache)
    for path in SITE:
        os.utime(site / path, (1, 1))
    monkeypatch.setattr(remembering, "_whole", None)
    assert check(site, cache) == first


def test_selected_rules_are_remembered_apart(site: Path, cache: Path) -> None:
    (site / "about.md").write_text(SITE["about.md"] + "[gone](/gone/)\n")
    assert len(check(site, cache).diagnostics) == 1
    assert not check(site, cache, ignore=("broken-link",)).diagnostics
    assert len(check(site, cache, select=("broken-link",)).diagnostics) == 1
    assert not check(site, cache, paths=("index.md",)).diagnostics


def test_what_is_dated_in_the_future_ends_what_is_remembered(site: Path, cache: Path) -> None:
    (site / "_posts/2250-01-02-later.md").write_text("---\ntitle: Later\n---\n")
    check(site, cache)
    memory = Memory(str(cache), str(site), record.key(str(site), None, None), lambda _: None)
    recalled = memory.recall()
    assert recalled is not None
    since, until = recalled[0].valid
    assert time.strftime("%Y-%m", time.gmtime(since / 1e9)) == "2024-01"
    assert time.strftime("%Y", time.gmtime(until / 1e9)) in ("2249", "2250")
    recalled[0].valid = (0, 1)
    assert recalled[0].is_due()
    memory.keep(recalled[0])
    assert memory.recall() is None


def test_a_new_version_reads_all_again(site: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(site, cache)
    monkeypatch.setattr(record, "__version__", "999")
    monkeypatch.setattr(remembering, "_whole", None)
    with pytest.raises(TypeError):
        check(site, cache)


# -- signatures -------------------------------------------------------------------------------------------------------


def _differing(seen: stamps.Stamps, jobs: int = 1) -> list[int]:
    return sorted(number for numbers in seen.differing(jobs) for number in numbers)


def test_what_was_just_written_is_not_settled(site: Path) -> None:
    watched = Watched(OnDisk(str(site), time.time_ns()))
    watched.read("about.md")
    seen = watched.stamps([])
    assert _differing(seen) == [0, 1]
    assert seen.changed([0, 1]) == []
    assert not seen.is_stamped_anew


def test_what_is_settled_is_known_by_its_signature(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(OnDisk(str(site), time.time_ns() + 10**10))
    watched.read("about.md")
    seen = watched.stamps([])
    assert _differing(seen) == []
    (site / "about.md").write_text("another")
    assert _differing(seen) == [0]
    assert seen.changed([0]) == [0]
    (site / "about.md").write_text(SITE["about.md"])
    monkeypatch.setattr(stamps, "_SETTLED_AFTER", -(10**12))
    assert seen.changed([0]) == []
    assert seen.is_stamped_anew
    assert _differing(seen) == []


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("jobs", [1, 2, 3, 7])
def test_several_processes_see_what_one_sees(site: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    for number in range(11):
        (site / f"{number}.md").write_text("x")
    watched = Watched(OnDisk(str(site), time.time_ns() + 10**10))
    for number in range(11):
        watched.read(f"{number}.md")
    seen = watched.stamps([])
    for number in (0, 5, 10):
        (site / f"{number}.md").write_text("another")
    asked: list[int] = []
    in_turn = shares.in_turn
    monkeypatch.setattr(shares, "in_turn", lambda count, *more: [asked.append(count), *in_turn(count, *more)][1:])
    monkeypatch.setattr(stamps, "_LEAST", 1)
    monkeypatch.setattr(stamps, "_TOGETHER", 2)
    assert [seen.paths[number] for number in _differing(seen, jobs)] == ["0.md", "5.md", "10.md"]
    assert asked == ([jobs] if jobs > 1 and hasattr(os, "fork") else [])


def test_a_folder_with_links_is_listed_again(site: Path) -> None:
    (site / "link.png").symlink_to("one.png")
    watched = Watched(OnDisk(str(site), time.time_ns() + 10**10))
    watched.folder()
    seen = watched.stamps([])
    assert _differing(seen) == [0]
    assert seen.changed([0]) == []
    (site / "one.png").unlink()
    assert seen.changed([0]) == [0]


def test_what_could_not_be_read_is_asked_for_again(site: Path) -> None:
    watched = Watched(OnDisk(str(site), time.time_ns() + 10**10))
    with pytest.raises(OSError, match="gone"):
        watched.read("gone.md")
    with pytest.raises(OSError, match="nowhere"):
        watched.beyond(str(site / "nowhere"))
    assert watched.read("about.md", 3) == b"---"
    assert watched.read("about.md", 3) == b"---"
    assert watched.exists_exact("_posts")
    assert watched.is_folder("_posts")
    assert watched.is_file("one.png")
    assert watched.signature("one.png").size == 1
    seen = watched.stamps([])
    assert seen.changed(_differing(seen)) == []
    (site / "nowhere").write_text("x")
    assert [seen.paths[number] for number in seen.changed(_differing(seen))][-1] == str(site / "nowhere")


# -- where it lies ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "name", "environ", "base"),
    [
        ("linux", "posix", {"XDG_CACHE_HOME": "/x"}, "/x/contentlint"),
        ("linux", "posix", {"XDG_CACHE_HOME": "relative"}, None),
        ("linux", "posix", {"HOME": "/h"}, "/h/.cache/contentlint"),
        ("darwin", "posix", {"HOME": "/h"}, "/h/Library/Caches/contentlint"),
        ("win32", "nt", {"LOCALAPPDATA": "/l"}, "/l/contentlint"),
        ("win32", "nt", {}, None),
    ],
)
def test_the_place_is_the_systems(
    platform: str, name: str, environ: dict[str, str], base: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(place, "os", _Os(name, environ))
    assert place.base(None, "/cwd") == base
    assert place.base("given", "/cwd") == "/cwd/given"


class _Os:
    """The module as it is on another system."""

    def __init__(self, name: str, environ: dict[str, str]) -> None:
        self.name = name
        self.environ = environ
        self.path = self

    join = staticmethod(os.path.join)
    isabs = staticmethod(os.path.isabs)

    def expanduser(self, path: str) -> str:
        return path.replace("~", self.environ["HOME"])


def test_where_there_is_no_place_nothing_is_kept(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "base", lambda *_: None)
    assert remembering.check(Request(cwd=str(site))) == run.check(Request(cwd=str(site)))
    assert remembering.clean(Request(cwd=str(site))) is None
    assert quick.answer(["check", "--root", str(site)]) is None


def test_a_folder_that_others_may_write_to_is_left_alone(site: Path, cache: Path) -> None:
    told: list[str] = []
    request = Request(cwd=str(site), cache_dir=str(cache))
    first = remembering.check(request)
    folder = Path(place.folder(str(cache), str(site)))
    folder.chmod(0o777)
    assert remembering.check(request, None, told.append) == first
    assert told == [f"the cache {folder} may be written by others, and is not used"]


def test_a_cache_that_cannot_be_written_is_a_word(site: Path, tmp_path: Path) -> None:
    told: list[str] = []
    (tmp_path / "file").write_text("")
    remembering.check(Request(cwd=str(site), cache_dir=str(tmp_path / "file")), None, told.append)
    assert len(told) == 1
    assert told[0].startswith(f"the cache {tmp_path / 'file'}")


def test_a_damaged_cache_is_a_word(site: Path, cache: Path) -> None:
    first = check(site, cache)
    folder = Path(place.folder(str(cache), str(site)))
    for file in folder.iterdir():
        file.write_bytes(b"x" + file.read_bytes()[1:])
    told: list[str] = []
    assert remembering.check(Request(cwd=str(site), cache_dir=str(cache)), None, told.append) == first
    assert told == [f"a file of the cache {folder} is damaged, and is not used"]


def test_clean_removes_it(site: Path, cache: Path) -> None:
    request = Request(cwd=str(site), cache_dir=str(cache))
    assert remembering.clean(request) is None
    remembering.check(request)
    folder = place.folder(str(cache), str(site))
    assert remembering.clean(request) == folder
    assert not os.path.exists(folder)
    os.symlink(site, folder)
    assert remembering.clean(request) == folder
    assert (site / "index.md").exists()


def test_old_records_make_room(site: Path, cache: Path) -> None:
    folder = Path(place.folder(str(cache), str(site)))
    for number, name in enumerate(
        ("broken-link", "missing-image", "duplicate-url", "broken-anchor", "missing-layout") * 2
    ):
        check(site, cache, select=(name,), ignore=("orphan-page",) * (number > 4))
    kept = {each.name.partition("-")[0] for each in folder.iterdir()}
    assert len(kept) == 8
    assert all((folder / name).is_file() for name in kept)


# -- tables and records -----------------------------------------------------------------------------------------------

NAMES = st.text(st.characters(exclude_characters="\0\n", exclude_categories=["Cs"]), max_size=8)


@given(st.dictionaries(NAMES, NAMES, max_size=40), NAMES, st.integers(1, 64))
def test_a_table_holds_what_was_put_in(
    tmp_path_factory: pytest.TempPathFactory, rows: dict[str, str], other: str, block: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "table"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "_BLOCK", block)
        data = table.dump(rows.items())
        place.replace(str(path), data)
    found = table.Table(str(path), table.seal(data))
    assert {name: found.get(name) for name in rows} == rows
    assert found.get(other) == rows.get(other)
    found.close()


@pytest.mark.parametrize("row", [("a\0b", ""), ("a\nb", ""), ("a", "b\nc")])
def test_a_name_that_no_table_can_hold(row: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="cannot be told"):
        table.dump([row])


def test_every_damage_to_a_table_is_noticed(tmp_path: Path) -> None:
    data = table.dump([(f"name {number}", f"text {number}") for number in range(20)])
    path = tmp_path / "table"
    for at in range(len(data)):
        place.replace(str(path), data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        with pytest.raises(DamagedError):
            table.Table(str(path), table.seal(data)).get("name 7")


# -- the shortest way -------------------------------------------------------------------------------------------------


def contentlint(*arguments: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "contentlint", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": SOURCE, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_warm_run_says_what_a_cold_one_says(site: Path, cache: Path) -> None:
    flags = ("check", "--cache-dir", str(cache))
    cold = contentlint(*flags, "--no-cache", cwd=site)
    for arguments in (flags, flags, (*flags, "--color=never"), (*flags, "--root", ".")):
        warm = contentlint(*arguments, cwd=site)
        assert (warm.returncode, warm.stdout, warm.stderr) == (cold.returncode, cold.stdout, cold.stderr)
    assert contentlint(*flags, "-q", cwd=site).stderr == ""
    (site / "about.md").write_text(SITE["about.md"] + "[gone](/gone/)\n")
    for _ in range(3):
        assert contentlint(*flags, cwd=site).stdout == contentlint(*flags, "--no-cache", cwd=site).stdout != ""


def loaded(*arguments: str, cwd: Path) -> set[str]:
    """The modules that a command imports beyond what Python itself does, with all files taken for settled."""
    script = (
        "import sys\nbefore = set(sys.modules)\nfrom contentlint import __main__\n"
        "from contentlint.cache import stamps\nstamps._SETTLED_AFTER = -(10**12)\nimport os, atexit\nos._exit = sys.exit\n"
        "atexit.register(lambda: print(*sorted(set(sys.modules) - before), file=sys.stderr))\n__main__.main()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": SOURCE},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ran.stderr.splitlines()[-1].split())


def test_a_warm_run_imports_next_to_nothing(site: Path, cache: Path) -> None:
    flags = ("check", "--cache-dir", str(cache))
    assert "yaml" not in loaded(*flags, cwd=site)
    names = loaded(*flags, cwd=site)
    assert "contentlint.cache.quick" in names
    assert not {name.partition(".")[0] for name in names} & {
        "argparse",
        "yaml",
        "jsonschema",
        "jsonschema_rs",
        "typing",
    }
    assert {name for name in names if name.startswith("contentlint.") and not name.startswith("contentlint.cache")} <= {
        "contentlint.__main__",
        "contentlint.digest",
        "contentlint.project",
        "contentlint.tree",
        "contentlint.tree.protocol",
        "contentlint.tree.worktree",
    }


HEAVY = {
    *(
        "yaml",
        "jsonschema",
        "jsonschema_rs",
        "dataclasses",
        "inspect",
        "ast",
        "tokenize",
        "json",
        "hashlib",
        "tempfile",
    ),
    *("shutil", "random", "html", "difflib", "pkgutil", "subprocess", "threading", "multiprocessing", "traceback"),
    *("urllib.request", "importlib.metadata", "importlib.resources", "logging", "decimal", "pathlib"),
}
"""What takes long to import, and what checking a site without a fault can do without."""
IDLE = {f"contentlint.{name}" for name in ("fix", "mending", "rewriting", "meant", "explain", "remembering")}
"""Our own modules that have nothing to do then."""


def test_a_clean_page_is_checked_without_what_is_heavy(tmp_path: Path) -> None:
    for name, text in {
        "_config.yml": "title: A site\nplugins: [jekyll-feed]\nexclude: [vendor, README.md]\n",
        "_layouts/default.html": "<h1>{{ page.title }}</h1>{{ content }}\n",
        "index.md": "---\nlayout: default\ntitle: Home\ntags: [one, 'two']\ndate: 2020-01-02\n---\n# A\n\n[a](#a)\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    names = loaded("check", "--no-cache", "-q", cwd=tmp_path)
    assert "contentlint.run" in names
    assert not names & HEAVY
    assert not names & IDLE


def test_version_imports_no_library(site: Path) -> None:
    names = loaded("version", cwd=site)
    tops = {name.partition(".")[0] for name in names}
    assert not tops & {"yaml", "jsonschema", "jsonschema_rs", "dataclasses", "json"}
    assert "importlib.metadata" not in names
    assert not any(name.startswith(("contentlint.run", "contentlint.rules", "contentlint.kramdown")) for name in names)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["urls"],
        ["check", "index.md"],
        ["check", "--output-format", "json"],
        ["check", "--root"],
        ["check", "--root", "-q"],
        ["check", "--root", "a", "--root", "b"],
        ["check", "--color", "sometimes"],
    ],
)
def test_what_is_not_plain_is_left_to_others(arguments: list[str]) -> None:
    assert quick.answer(arguments) is None


def test_a_baseline_is_left_to_others(site: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site)
    arguments = ["check", "--cache-dir", str(cache)]
    check(site, cache)
    assert quick.answer(arguments)
    (site / "contentlint-baseline.json").write_text("{}")
    assert quick.answer(arguments) is None


def test_what_was_found_on_the_way_is_not_sought_again(
    site: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(site)
    monkeypatch.setattr(os, "environ", {**os.environ})
    arguments = ["check", "--cache-dir", str(cache)]
    assert cli.execute(arguments) == cli.CLEAN
    (site / "about.md").write_text(SITE["about.md"] + "\nMore.\n")
    assert quick.answer(arguments) is None
    assert quick.left is not None
    monkeypatch.setattr(stamps.Stamps, "differing", _never)
    assert cli.execute(arguments) == cli.CLEAN


def _never(*_: object) -> list[int]:
    raise AssertionError("the files were looked at twice")


def test_a_stream_that_is_closed_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    quick.say("All good.")
    quick.say("")
