"""The same site says the same on every system: disks that know no letter case or Unicode form, Windows, other locales, other Pythons.

Disks are simulated below the functions of `os` that open, list and ask; Windows by `windows.py`, a process without what that system
lacks, whose docstring says what it has instead. What cannot be had honestly here: Windows' own way to find out where a link or a junction
ends, its short names (`PROGRA~1`), its locks between processes and their time limits, consoles with code pages, FAT's folders, whose
times tell nothing of what is in them; a file system that lists all names in another form than git has them (HFS+: APFS keeps them).
"""

from __future__ import annotations

import builtins
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self
from unicodedata import normalize
from unittest import mock

import pytest

from contentlint import cli, project, remembering, run, writing
from contentlint.config import load
from contentlint.diagnostic import Fault, Report, Span, UnusableError
from contentlint.reporters import FOR_PEOPLE, FORMATS
from contentlint.rule import load as load_rules
from contentlint.run import Request
from contentlint.schema import json_text
from contentlint.tree import as_listed, below, relative

HERE = Path(__file__).parent
PROJECT = HERE.parent
PAGE = "---\ntitle: T\nlayout: page\n---\n# T\n"
NFC, NFD = "caf\u00e9", "cafe\u0301"
SITE = {
    "_config.yml": "title: T\n",
    "contentlint.yml": "pages: [{match: 'a/*.md', schema: schemas/page.json}]\n",
    "schemas/page.json": '{"properties": {"title": {"$ref": "text.json"}}}',
    "schemas/text.json": '{"type": "string"}',
    "_layouts/page.html": "{% include menu.html %}{{ content }}",
    "_includes/menu.html": '<a href="/">Home</a>',
    "_data/links.yml": "home: /\n",
    "index.md": PAGE + "![1](/Img/One.PNG) ![2](img/one.png) [a](a/b.html) {% link a/b.md %}\n",
    "a/b.md": PAGE + "[i](/INDEX.html) [t](/A/b.html#T) ![1](../img/one.png)\n",
    "a/wrong.md": PAGE.replace("page\n", "Page\n")
    + "{% include Menu.html %}{% link A/b.md %}[x]({{ site.data.Links.home }})\n",
    "img/one.png": "1",
    f"img/{NFC}.png": "2",
    f"b/{NFD}.png": "3",
    "forms.md": PAGE + f"![1](img/{NFC}.png) ![2](img/{NFD}.png) ![3](b/{NFC}.png) ![4](b/{NFD}.png)\n",
}


def lay(root: Path, files: Mapping[str, str | bytes]) -> Path:
    for path, content in files.items():
        full = root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def check(root: Path, **more: Any) -> Report:
    return run.check(Request(str(root), root=str(root), **more))


def said(report: Report) -> list[str]:
    return [f"{each.path}:{each.span.line}:{each.span.column} {each.rule} {each.value}" for each in report.diagnostics]


# -- disks that take other names for the same -----------------------------------------------------------------------------


class Disk:
    """Below `root`, a name opens whatever is `alike`; folders list their names as `listed`."""

    def __init__(self, root: Path, alike: Callable[[str], str], listed: Callable[[str], str]) -> None:
        self._root, self._alike, self._listed = str(root), alike, listed
        self._names = os.listdir
        self.opened: list[str] = []

    def place(self, path: Any) -> Any:
        if not isinstance(path, str | os.PathLike) or not os.fspath(path).startswith(self._root + "/"):
            return path
        at = self._root
        for step in os.fspath(path)[len(at) + 1 :].split("/"):
            names = self._names(at) if step not in ("", ".", "..") and os.path.isdir(at) else []
            at += "/" + next((each for each in names if self._alike(each) == self._alike(step)), step)
        return at

    def mount(self, patch: pytest.MonkeyPatch) -> None:
        for name in ("stat", "lstat", "listdir", "access", "unlink", "mkdir", "chmod"):
            patch.setattr(os, name, self._elsewhere(getattr(os, name)))
        names, scan = os.listdir, os.scandir
        patch.setattr(os, "listdir", lambda path=".": [self._listed(each) for each in names(path)])
        patch.setattr(os, "scandir", lambda path=".": _Entries(scan(self.place(path)), self._listed))
        patch.setattr(os, "open", self._noted(self._elsewhere(os.open)))
        patch.setattr(io, "open", self._noted(self._elsewhere(io.open)))
        patch.setattr(builtins, "open", io.open)
        replace = os.replace
        patch.setattr(os, "replace", lambda path, to: replace(self.place(path), self.place(to)))

    def _elsewhere(self, do: Callable[..., Any]) -> Callable[..., Any]:
        in_it = False

        def done(path: Any, *more: Any, **named: Any) -> Any:
            nonlocal in_it
            if in_it:  # to find the place takes a look at the disk as it is
                return do(path, *more, **named)
            in_it = True
            try:
                path = self.place(path)
            finally:
                in_it = False
            return do(path, *more, **named)

        return done

    def _noted(self, do: Callable[..., Any]) -> Callable[..., Any]:
        def done(path: Any, *more: Any, **named: Any) -> Any:
            self.opened.append(str(path))
            return do(path, *more, **named)

        return done


class _Entry:
    def __init__(self, entry: os.DirEntry[str], name: str) -> None:
        self._entry, self.name = entry, name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._entry, name)


class _Entries:
    def __init__(self, entries: Any, listed: Callable[[str], str]) -> None:
        self._entries, self._listed = entries, listed

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._entries.close()

    def __iter__(self) -> Iterator[_Entry]:
        return (_Entry(entry, self._listed(entry.name)) for entry in self._entries)


def same(name: str) -> str:
    return name


def folded(name: str) -> str:
    return normalize("NFC", name).casefold()


DISKS = {
    "macOS": folded,
    "knows case, no form": lambda name: normalize("NFC", name),
    "knows form, no case": str.casefold,
}


@pytest.fixture(params=DISKS)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Disk:
    return Disk(lay(tmp_path / "site", SITE), DISKS[request.param], same)


def test_the_disk_is_as_it_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Disk(lay(tmp_path / "site", SITE), folded, same).mount(monkeypatch)
    with open(tmp_path / f"site/IMG/{NFD}.PNG", "rb") as file:
        assert file.read() == b"2"
    assert os.path.isfile(tmp_path / "site/INDEX.md")
    assert "index.md" in os.listdir(tmp_path / "site")


def test_a_disk_that_knows_no_case_or_form_makes_no_difference(
    disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "site"
    usual = Disk(root, same, same)
    with monkeypatch.context() as patch:
        usual.mount(patch)
        plain = check(root)
    wrong = [row for row in said(plain) if row.startswith("a/wrong.md")]
    assert {row.split()[1] for row in wrong} >= {"missing-include", "missing-layout", "broken-link-tag"}
    assert {row.split()[1] for row in said(plain)} >= {"image-case-mismatch", "link-case-mismatch", "unicode-mismatch"}
    disk.mount(monkeypatch)
    assert check(root) == plain
    assert disk.opened == usual.opened
    request = Request(str(root), root=str(root), cache=True, cache_dir=str(tmp_path / "cache"))
    assert remembering.check(request) == remembering.check(request) == plain
    (root / "index.md").write_text(PAGE + "![2](img/One.png)\n")
    assert remembering.check(request) == check(root)


def test_a_file_that_gets_other_letters_is_noticed_by_a_run_that_remembers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = lay(tmp_path / "site", SITE)
    request = Request(str(root), root=str(root), cache=True, cache_dir=str(tmp_path / "cache"))
    with monkeypatch.context() as patch:
        Disk(root, folded, same).mount(patch)
        before = remembering.check(request)
    (root / "img/one.png").rename(root / "img/One.png")
    (root / "schemas/text.json").rename(root / "schemas/Text.json")
    Disk(root, folded, same).mount(monkeypatch)
    with pytest.raises(UnusableError, match=r"text\.json"):
        remembering.check(request)
    os.rename(root / "schemas/Text.json", root / "schemas/text.json")
    assert "a/b.md:6:47 image-case-mismatch ../img/one.png" not in said(before)
    assert [row for row in said(remembering.check(request)) if "../img/one.png" in row]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"contentlint.yml": "pages: [{match: '*.md', schema: schemas/Page.json}]\n"}, r"schemas/Page\.json"),
        ({"contentlint.yml": "pages: [{match: '*.md', schema: Schemas/page.json}]\n"}, r"Schemas/page\.json"),
        ({"schemas/page.json": '{"$ref": "Text.json"}'}, r"Text\.json"),
        ({"contentlint.yml": "source: A\n"}, "the source A is not there"),
    ],
)
def test_a_config_names_files_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], message: str
) -> None:
    root = lay(tmp_path / "site", SITE | files)
    with pytest.raises(UnusableError, match=message) as plain:
        load(str(root), None, load_rules())
    Disk(root, folded, same).mount(monkeypatch)
    with pytest.raises(UnusableError) as other:
        load(str(root), None, load_rules())
    assert other.value.faults == plain.value.faults
    request = Request(str(root), root=str(root), cache=True, cache_dir=str(tmp_path / "cache"))
    with pytest.raises(UnusableError, match=message):
        remembering.check(request)


def test_a_project_begins_where_a_config_has_its_very_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(
        tmp_path / "site",
        {"_config.yml": "", "below/_Config.yml": "", "below/Contentlint.YML": "x: y\n", "b/p.md": PAGE},
    )
    Disk(tmp_path / "site", folded, same).mount(monkeypatch)
    assert project.find(str(tmp_path / "site/below")) == str(tmp_path / "site")
    assert load(str(tmp_path / "site/below"), None, load_rules()).pages == ()


def test_a_file_is_named_on_the_command_line_in_any_letters_that_the_disk_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = lay(tmp_path / "site", SITE)
    plain = check(root, paths=("a/wrong.md",))
    assert plain.diagnostics
    typed = check(root, stdin_name="a/b.md", stdin=PAGE.encode() + b"[x](/gone/)\n")
    Disk(root, folded, same).mount(monkeypatch)
    assert check(root, paths=("A/Wrong.MD",)) == check(root, paths=("./A/../a/WRONG.md",)) == plain
    assert check(root, stdin_name="A/B.md", stdin=PAGE.encode() + b"[x](/gone/)\n") == typed
    with pytest.raises(UnusableError, match="is not there"):
        check(root, paths=("A/none.md",))


def test_names_that_a_disk_lists_in_the_other_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """HFS+ lists them decomposed: only the form is told, nothing is missing, and nothing is read twice."""
    root = lay(tmp_path / "site", SITE)
    Disk(root, folded, lambda name: normalize("NFD", name)).mount(monkeypatch)
    told = [row.split(" ", 1)[1] for row in said(check(root)) if row.startswith("forms.md")]
    assert told == [f"unicode-mismatch img/{NFC}.png", f"unicode-mismatch b/{NFC}.png"]
    assert as_listed(str(root), f"img/{NFC}.png") == f"img/{NFD}.png"


def test_a_schema_may_be_listed_in_the_other_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = f"pages: [{{match: 'a/*.md', schema: {NFC}.json}}]\n"
    root = lay(tmp_path / "site", SITE | {"contentlint.yml": config, f"{NFC}.json": '{"required": ["x"]}'})
    plain = [row for row in said(check(root)) if "missing-key" in row]
    assert plain
    Disk(root, folded, lambda name: normalize("NFD", name)).mount(monkeypatch)
    assert [row for row in said(check(root)) if "missing-key" in row] == plain
    lay(root, {"contentlint.yml": config.replace(NFC, NFC.upper())})
    with pytest.raises(UnusableError, match=r"\.json"):
        check(root)


def test_paths_as_they_are_listed(tmp_path: Path) -> None:
    lay(tmp_path, {"A/b.md": "", "a/c.md": "", "both/x": "", "both/X": ""})
    root = str(tmp_path)
    assert as_listed(root, "") == ""
    assert as_listed(root, "A/b.md") == "A/b.md"
    assert as_listed(root, "both/x") == "both/x"
    assert as_listed(root, "BOTH/X") == "both/X"
    assert as_listed(root, "a/b.md") is None
    assert as_listed(root, "both/x/y") == "both/x/y"  # what no folder is cannot be listed
    assert relative(f"{root}/a/c.md", root) == "a/c.md"
    assert below(root, root) == ""
    assert below(f"{root}/..x", root) == "..x"
    assert below(f"{root}/../x", root) is None


def test_a_name_that_begins_with_two_dots_lies_inside(tmp_path: Path) -> None:
    root = lay(tmp_path, {"index.md": PAGE, "..x.md": PAGE, "_layouts/page.html": "{{ content }}"})
    assert said(check(root, paths=("..x.md",))) == []


# -- Windows --------------------------------------------------------------------------------------------------------------

CRLF = {
    path: text.replace("\n", "\r\n") for path, text in SITE.items() if path.endswith((".md", ".yml", ".json", ".html"))
}
FAULTY = (
    SITE | CRLF | {"bom.md": "\ufeff" + PAGE.replace("\n", "\r\n") + "[x](/gone/)\r\n", "index.md": CRLF["index.md"]}
)


class Windows:
    """Runs commands on drive D:, which has a site; its drive C: is the machine."""

    def __init__(self, drive: Path) -> None:
        self.drive = drive
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON", "COV_", "XDG_"))
        }
        self._environment = kept | {
            "DRIVE_D": str(drive),
            "PYTHONPATH": os.pathsep.join(each for each in sys.path if each),
            "LOCALAPPDATA": "D:\\local",
            "USERPROFILE": "D:\\home",
        }

    def __call__(self, *arguments: str, at: str = "D:\\site", stdin: bytes = b"") -> tuple[int, str, str]:
        program = [sys.executable, "-W", "error", str(HERE / "windows.py"), at, *arguments]
        done = subprocess.run(program, env=self._environment, input=stdin, capture_output=True, check=False)
        return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def windows(tmp_path: Path) -> Windows:
    lay(tmp_path / "site", FAULTY)
    return Windows(tmp_path)


def here(*arguments: str) -> tuple[int, str, str]:
    """The same command on this system, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "contentlint", *arguments], env=_plain(), capture_output=True, check=False
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def _plain(**more: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "PYTHON", "COV_", "LC_", "LANG"))
    }
    return kept | {"PYTHONPATH": os.pathsep.join(each for each in sys.path if each)} | more


@pytest.mark.parametrize("format_", [*FORMATS, "urls", "links"])
def test_windows_says_the_same(windows: Windows, format_: str) -> None:
    asked = [format_] if format_ in ("urls", "links") else ["check", "--no-cache", "--output-format", format_]
    code, out, err = windows(*asked)
    there = here(*asked, "--root", str(windows.drive / "site"))
    assert (code, out.replace("\r\n", "\n")) == there[:2], err
    assert "a/wrong.md" in out


def test_windows_remembers_and_forgets(windows: Windows) -> None:
    (windows.drive / "local").mkdir()
    asked = ["check", "--output-format", "concise", "--jobs", "4"]
    first = windows(*asked)
    assert first[0] == 1
    assert windows(*asked) == first
    assert [*(windows.drive / "local/contentlint").glob("*/*")]
    (windows.drive / "site/a/b.md").write_text("---\r\n---\r\n[x](/more/)\r\n", encoding="utf-8")
    assert "/more/" in windows(*asked)[1]
    assert windows(*asked) == windows(*asked, "--no-cache")
    assert windows("clean")[0] == 0
    assert not [*(windows.drive / "local/contentlint").glob("*/*")]


def test_windows_mends_files_and_keeps_their_line_ends(windows: Windows) -> None:
    shutil.copytree(windows.drive / "site", windows.drive / "other")
    assert windows("check", "--no-cache", "--fix")[0] == 1
    assert here("check", "--no-cache", "--fix", "--root", str(windows.drive / "other"))[0] == 1
    for path in FAULTY:
        assert (windows.drive / "site" / path).read_bytes() == (windows.drive / "other" / path).read_bytes()
    assert b"(/img/one.png)" in (windows.drive / "site/index.md").read_bytes()
    assert b"\n" not in (windows.drive / "site/index.md").read_bytes().replace(b"\r\n", b"")


OTHER_DRIVE = {
    "a project": (["check", "--no-cache", "--root", "D:\\site"], 1, ""),
    "a project without a site": (["check", "--no-cache", "--root", "D:\\none"], 2, "D:/none: error: no page is here"),
    "a config that is not there": (
        ["check", "--no-cache", "--root", "D:\\site", "--config", "C:\\no.yml"],
        2,
        "there is no config",
    ),
    "a file": (["check", "--no-cache", "--root", "D:\\site", "C:\\tmp"], 2, "lies outside the project"),
    "a link's end": (["links", "--root", "D:\\site", "--to", "C:\\tmp"], 2, "is no page or file"),
    "a config to be made": (["init", "--root", "D:\\new"], 0, "Wrote contentlint.yml"),
    "one that is there": (["init", "--root", "D:\\site"], 2, "D:/site/contentlint.yml: error: "),
    "a baseline": (["baseline", "--root", "D:\\site"], 0, "Recorded"),
}


@pytest.mark.parametrize("what", OTHER_DRIVE)
def test_windows_has_other_drives(windows: Windows, what: str) -> None:
    (windows.drive / "none").mkdir()
    lay(windows.drive / "new", {"index.md": PAGE.replace("layout: page\n", ""), "_config.yml": ""})
    arguments, code, word = OTHER_DRIVE[what]
    found = windows(*arguments, at="C:\\")
    assert (found[0], word in found[2]) == (code, True), found


@pytest.mark.parametrize(
    "name",
    ["a\\wrong.md", "a/wrong.md", "A\\Wrong.md", ".\\a\\..\\a\\wrong.md", "D:\\site\\a\\wrong.md", "d:\\SITE\\A"],
)
def test_windows_takes_any_way_to_a_file(windows: Windows, name: str) -> None:
    found = windows("check", "--no-cache", "--output-format", "json", name)
    assert {each["path"] for each in json.loads(found[1])["diagnostics"]} >= {"a/wrong.md"}, found
    assert "forms.md" not in found[1]


@pytest.mark.parametrize(
    "name", ["NUL", "con", "a\\NUL.md", "index.md.", "a\\wrong.md ", "x:y", "a?b", "\\\\server\\share\\x"]
)
def test_windows_has_names_that_are_none(windows: Windows, name: str) -> None:
    code, out, err = windows("check", "--no-cache", name)
    assert (code, out) == (2, ""), err
    assert "is not there" in err or "outside" in err


def test_windows_opens_no_device_for_a_config(windows: Windows) -> None:
    (windows.drive / "site/contentlint.yml").write_text("pages: [{match: '*.md', schema: NUL}]\n", encoding="utf-8")
    code, _, err = windows("check", "--no-cache")
    assert (code, "contentlint.yml:1:" in err) == (2, True)


def test_windows_has_git(windows: Windows) -> None:
    site = windows.drive / "site"
    git = ["git", "-c", "core.autocrlf=false", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "x"]):
        subprocess.run([*git, *command], cwd=site, env=_plain(GIT_CONFIG_GLOBAL=os.devnull), check=True)
    plain = windows("check", "--no-cache", "--output-format", "concise")
    assert windows("check", "--staged", "--no-cache", "--output-format", "concise")[1] == plain[1]
    (site / "schemas/page.json").write_text("{", encoding="utf-8")
    assert windows("check", "--staged", "--no-cache", "--output-format", "concise")[1] == plain[1]
    subprocess.run([*git, "checkout", "--quiet", "schemas"], cwd=site, check=True)
    (site / "a/b.md").write_bytes(PAGE.encode() + b"[x](/more/)\r\n")
    since = windows("check", "--since", "HEAD", "--no-cache", "--output-format", "json")
    assert [each["value"] for each in json.loads(since[1])["diagnostics"]] == ["/more/"], since


def test_a_file_in_use_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = lay(tmp_path / "site", SITE)
    before = check(root)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "The process cannot access the file")

    for name in ("replace", "unlink"):
        monkeypatch.setattr(os, name, refuse)
    with pytest.raises(PermissionError):
        writing.replace(str(root / "index.md"), b"other")
    assert (root / "index.md").read_text() == SITE["index.md"]
    asked = ["check", "--root", str(root), "--cache-dir", str(tmp_path / "cache"), "--output-format", "json"]
    for _ in range(2):
        assert cli.execute(asked) == 1
        told = capsys.readouterr()
        assert len(json.loads(told.out)["diagnostics"]) == len(before.diagnostics)
        assert "cannot be written: The process cannot access the file" in told.err


def test_two_drives_have_no_way_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    import ntpath

    monkeypatch.setattr(os, "path", ntpath)
    monkeypatch.setattr(os, "sep", "\\")
    assert relative("C:\\site\\a.md", "D:\\site") == "C:/site/a.md"
    assert relative("c:\\Site\\a\\b.md", "C:\\site") == "a/b.md"
    assert below("C:\\site\\a.md", "D:\\site") is None
    assert below("C:\\site\\..a.md", "C:\\SITE") == "..a.md"


def test_files_are_replaced_where_nobody_owns_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"1")
    monkeypatch.delattr(os, "chown")
    writing.replace(str(tmp_path / "a"), b"2")
    assert (tmp_path / "a").read_bytes() == b"2"


def test_what_another_run_reads_is_left_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = lay(tmp_path / "site", SITE)
    request = Request(str(root), root=str(root), cache=True, cache_dir=str(tmp_path / "cache"))
    told: list[str] = []
    remembering.check(request, warn=told.append)
    lay(root, {"contentlint.yml": "rules: {missing-include: warning}\n"})
    remove, refused = os.unlink, []

    def refuse(path: str) -> None:
        if path.endswith((".pages", ".outputs")):
            refused.append(path)
            raise PermissionError(13, "in use", path)
        remove(path)

    monkeypatch.setattr(os, "unlink", refuse)
    assert remembering.check(request, warn=told.append) == check(root)
    lay(root, {"more.md": PAGE})
    assert remembering.check(request, warn=told.append) == check(root)
    assert refused
    assert told == []


# -- locales --------------------------------------------------------------------------------------------------------------

BARE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    root = lay(tmp_path / "s\u00efte", {
        "_config.yml": "title: \u00dcber\n",
        "contentlint.yml": "pages: [{match: 'l\u00e4nder/*.md', schema: sch\u00e9ma.json}]  # \u00e9\n",
        "sch\u00e9ma.json": '{"properties": {"h\u00f6he": {"type": "integer"}}}',
        "l\u00e4nder/\u65e5\u672c.md": "---\nh\u00f6he: \u00fcber\n---\n![x](/b\u00efld.png) [y](/l\u00e4nder/\u65e5\u672c.html) [z](/w\u00e9g/)\n",
        "b\u00efld.png": "1",
        "index.md": "---\n---\n![x](b%C3%AFld.png)\n",
    })  # fmt: skip
    with open(os.fsencode(root) + b"/\xff\xfe.md", "wb") as file:
        file.write(b"---\n---\n[q](/gone/)\n")
    return root


def under(root: Path, *arguments: str, stdin: bytes = b"", **more: str) -> tuple[int, bytes, bytes]:
    program = [sys.executable, "-m", "contentlint", *arguments]
    done = subprocess.run(program, cwd=root, env=_plain(**more), input=stdin, capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("format_", FORMATS)
def test_the_locale_makes_no_difference(foreign: Path, format_: str) -> None:
    asked = ["check", "--no-cache", "--output-format", format_]
    modern, bare = under(foreign, *asked, LC_ALL="C.UTF-8"), under(foreign, *asked, **BARE)
    assert modern[0] == bare[0] == 1, bare
    text = modern[1].decode()
    assert bare[1] == (text.encode("ascii", "backslashreplace") if format_ in FOR_PEOPLE else modern[1])
    assert b"gone" in bare[1]


@pytest.mark.parametrize("command", ["urls", "links"])
def test_the_lists_are_the_same_under_any_locale(foreign: Path, command: str) -> None:
    asked = [command, "--output-format", "json"]
    assert under(foreign, *asked, LC_ALL="C.UTF-8") == under(foreign, *asked, **BARE)
    assert under(foreign, command, **BARE)[0] == 0


def test_what_a_pipe_of_ascii_cannot_take_is_spelt_out(foreign: Path) -> None:
    code, out, err = under(foreign, "check", "--no-cache", "--output-format", "concise", **BARE)
    assert (code, err.isascii()) == (1, True)
    assert b"l\\xe4nder/\\u65e5\\u672c.md:2:" in out


def test_names_of_the_command_line_under_any_locale(foreign: Path) -> None:
    for name in ("l\u00e4nder", "l\u00e4nder/\u65e5\u672c.md"):
        asked = ["check", "--no-cache", "--output-format", "json", name]
        modern = under(foreign, *asked, LC_ALL="C.UTF-8")
        assert under(foreign, *asked, **BARE) == modern
        assert modern[0] == 1
    asked = ["check", "--no-cache", "--output-format", "json", "--stdin-filename", "n\u00e9w.md", "-"]
    page = "---\n---\n[a](/\u00e9/)\n".encode()
    assert under(foreign, *asked, stdin=page, **BARE) == under(foreign, *asked, stdin=page, LC_ALL="C.UTF-8")


def test_a_run_that_remembers_under_another_locale(foreign: Path, tmp_path: Path) -> None:
    asked = ["check", "--cache-dir", str(tmp_path / "c\u00e4che"), "--output-format", "json"]
    first = under(foreign, *asked, LC_ALL="C.UTF-8")
    assert under(foreign, *asked, **BARE) == under(foreign, *asked, **BARE) == first


def test_files_are_mended_and_git_is_asked_under_any_locale(foreign: Path) -> None:
    (foreign / "index.md").write_bytes("---\n---\n![x](B\u00efld.png)\n".encode())
    for command in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *command], cwd=foreign, env=_plain(GIT_CONFIG_GLOBAL=os.devnull), check=True)
    asked = ["check", "--staged", "--no-cache", "--output-format", "json"]
    staged = under(foreign, *asked, **BARE)
    assert staged == under(foreign, *asked, LC_ALL="C.UTF-8")
    assert b"image-case-mismatch" in staged[1]
    assert under(foreign, "check", "--no-cache", "--fix", **BARE)[0] == 1
    assert "![x](b\u00efld.png)" in (foreign / "index.md").read_text(encoding="utf-8")


UTF8_MODE = {"LC_ALL": "C", "PYTHONUTF8": "1"}
"""What Python 3.15 begins in under every locale: it is not to begin again, and what is said is UTF-8."""


@pytest.mark.parametrize("command", [*(["check", "--output-format", each] for each in FOR_PEOPLE), ["urls"], ["links"]])
def test_pythons_own_utf8_mode_makes_no_difference(foreign: Path, command: list[str]) -> None:
    assert under(foreign, *command, "--no-cache", **UTF8_MODE) == under(
        foreign, *command, "--no-cache", LC_ALL="C.UTF-8"
    )


@pytest.mark.parametrize("environ", [BARE, UTF8_MODE], ids=["locale", "UTF-8 mode"])
def test_a_terminal_keeps_the_encoding_that_the_user_chose(foreign: Path, environ: dict[str, str]) -> None:
    asked = ["check", "--no-cache", "--output-format", "concise"]
    out = under(foreign, *asked, PYTHONIOENCODING="latin-1", **environ)[1]
    assert "l\u00e4nder/\\u65e5\\u672c.md:2:".encode("latin-1") in out


@pytest.mark.parametrize("encoding", ["ascii", "iso8859-1"])
def test_a_run_begins_again_in_utf8_once(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    with mock.patch.dict(sys.modules):  # other tests run it as a program
        from contentlint import __main__
    begun: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _, arguments: begun.append(arguments))
    monkeypatch.setattr(sys, "orig_argv", ["python", "-m", "contentlint", "check"])
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    __main__._read_names_as_utf8()
    assert begun == []  # this one reads UTF-8
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: encoding)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    __main__._read_names_as_utf8()
    assert begun == [[sys.executable, "-X", "utf8", "-m", "contentlint", "check"]]
    assert os.environ["PYTHONIOENCODING"] == encoding
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    __main__._read_names_as_utf8()
    assert len(begun) == 2
    monkeypatch.setattr(sys, "executable", "")
    __main__._read_names_as_utf8()
    assert len(begun) == 2


# -- other Pythons --------------------------------------------------------------------------------------------------------


def _pythons() -> list[str]:
    """Every other Python from 3.11 on that is on PATH, or that pyenv or CONTENTLINT_PYTHONS (paths) has."""
    found = [Path(each) for each in os.environ.get("CONTENTLINT_PYTHONS", "").split(os.pathsep) if each]
    found += Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions").glob("3.*/bin/python")
    found += [Path(each) for minor in range(11, 20) if (each := shutil.which(f"python3.{minor}"))]
    return [str(each) for each in found if each.is_file()]


def _usable() -> dict[str, str]:
    """Of each version one that has the libraries, by its version."""
    asked = "import sys, yaml, jsonschema, jsonschema_rs; print('%d.%d' % sys.version_info[:2] * (sys.version_info >= (3, 11)))"
    usable: dict[str, str] = {}
    for python in _pythons():
        done = subprocess.run([python, "-c", asked], env=_bare(), capture_output=True, text=True, check=False)
        if (version := done.stdout.strip()) and version != "{}.{}".format(*sys.version_info):
            usable.setdefault(version, python)
    return usable


def _bare() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "PYTHON", "COV_", "PYENV_VERSION"))
    }


@pytest.mark.parametrize("at", [3, 4], ids=["3.13: at the comma", "3.11: behind it"])
@pytest.mark.parametrize("text", ["[1 , ]", "[1 ,\n]"])
def test_a_comma_after_the_last_entry_wherever_python_sees_it(
    monkeypatch: pytest.MonkeyPatch, text: str, at: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise json.JSONDecodeError("Illegal", text, at)

    monkeypatch.setattr(json, "loads", refuse)
    faults: list[Fault] = []
    json_text.parse("s.json", text.encode(), faults)
    assert faults == [Fault("s.json", Span(1, 4, 1, 5), "not JSON: a comma after the last entry", "remove the comma")]


@pytest.mark.slow
def test_every_other_python_says_the_same(tmp_path: Path) -> None:
    usable = _usable()
    if not usable:
        pytest.skip("no other Python here has the libraries: pip install . in one, and name it in CONTENTLINT_PYTHONS")
    lay(tmp_path / "site", SITE | {"bad.md": "---\ntitle: 'x\n---\n"})
    for place in ("content", "schemas"):
        shutil.copytree(PROJECT / place, tmp_path / "sample" / place)
    shutil.copy(PROJECT / "contentlint.yml", tmp_path / "sample")
    expected = _told_by(sys.executable, tmp_path)
    assert expected["sample"][0] == 0
    assert expected["faulty"][0] == 1
    for version, python in usable.items():
        assert _told_by(python, tmp_path) == expected, version


def _told_by(python: str, folder: Path) -> dict[str, tuple[int, str, str]]:
    """What a Python says of the samples, without a cache and with one, and of itself; the second time of what it remembers."""
    environment = _bare() | {"PYTHONPATH": str(PROJECT / "lint"), "PYTHONDONTWRITEBYTECODE": "1"}
    if python == sys.executable:
        environment = _plain()

    def ask(at: str, *arguments: str) -> tuple[int, str, str]:
        program = [python, "-W", "error", "-m", "contentlint", *arguments]
        done = subprocess.run(program, cwd=folder / at, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    shutil.rmtree(folder / "cache", ignore_errors=True)
    version = ask("site", "version")
    assert version[0] == 0, version
    assert ask("site", "check", "-o", os.devnull, "--jobs", "2")[0] == 1
    cold, warm = (
        ask("site", "check", "--cache-dir", str(folder / "cache"), "--output-format", "json") for _ in range(2)
    )
    assert cold == warm
    return {
        "sample": ask("sample", "check", "--no-cache", "--jobs", "2"),
        "faulty": cold,
        "full": ask("site", "check", "--no-cache"),
        "rules": ask("site", "rule"),
        "rule": ask("site", "rule", "missing-image"),
    }
