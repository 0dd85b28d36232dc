"""Whatever lies in a site's folder: nothing beyond it is opened, nobody waits, and the rest is linted."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from contentlint import remembering, run
from contentlint.cache import watched
from contentlint.config import load
from contentlint.diagnostic import Report, UnusableError
from contentlint.rule import load as load_rules
from contentlint.run import Request
from contentlint.tree import LARGEST, Leads, TooLargeError, WorkTree, contents

PAGE = "---\ntitle: T\n---\n# T\n"
posix = pytest.mark.skipif(os.name == "nt", reason="no such files there")

_audits: list[Callable[[str, tuple[Any, ...]], None]] = []
sys.addaudithook(lambda event, arguments: [each(event, arguments) for each in _audits] and None)


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """Every path that is opened or listed, as Python's own audit tells."""
    found: list[str] = []

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("open", "os.scandir", "os.listdir") and isinstance(arguments[0], str | bytes):
            found.append(os.path.realpath(os.fsdecode(arguments[0])))

    _audits.append(note)
    yield found
    _audits.remove(note)


def lay(root: Path, files: dict[str, str]) -> Path:
    for path, content in files.items():
        full = root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(content)
    return root


def check(root: Path, **more: Any) -> Report:
    return run.check(Request(str(root), root=str(root), **more))


def said(report: Report) -> list[str]:
    return [f"{each.path}:{each.span.line} {each.rule} {each.value}" for each in report.diagnostics]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    lay(tmp_path, {"secret/passwd": "root:x:0:0\n", "secret/page.md": PAGE, "secret/_config.yml": "title: x\n"})
    return lay(tmp_path / "site", {"index.md": PAGE, "_config.yml": "title: T\n"})


# -- beyond the project -------------------------------------------------------------------------------------------------

ABOVE = {
    "an image": ("![x](../../secret/passwd)", "missing-image"),
    "an image from the root": ("![x](/../../secret/passwd)", "missing-image"),
    "an image by its file": ("![x](file:///etc/passwd)", ""),
    "an include": ("{% include ../../secret/passwd %}", "invalid-template"),
    "an include without dots": ("{% include a/../../../secret/passwd %}", "invalid-template"),
    "a relative include": ("{% include_relative ../secret/passwd %}", "invalid-template"),
    "a link tag": ("{% link ../secret/page.md %}", "broken-link-tag"),
    "a post": ("{% post_url ../../secret/page %}", "invalid-template"),
}


@pytest.mark.parametrize("body", ABOVE)
def test_nothing_beyond_the_project_is_read_for_a_page(site: Path, opened: list[str], body: str) -> None:
    text, rule = ABOVE[body]
    (site / "index.md").write_text(f"{PAGE}\n{text}\n")
    report = check(site)
    assert [each.rule for each in report.diagnostics] == ([rule] if rule else [])
    assert not [path for path in opened if "secret" in path or path == "/etc/passwd"]


def test_nothing_beyond_the_project_is_read_for_a_layout(site: Path, opened: list[str]) -> None:
    (site / "index.md").write_text("---\nlayout: ../../secret/page\n---\n")
    assert [each.rule for each in check(site).diagnostics] == ["missing-layout"]
    assert not [path for path in opened if "secret" in path]


@pytest.mark.parametrize("key", ["layouts_dir", "includes_dir", "data_dir", "collections_dir", "plugins_dir"])
@pytest.mark.parametrize("where", ["../secret", "/", "..", "a/../../secret"])
def test_no_folder_of_the_settings_leads_out(site: Path, opened: list[str], key: str, where: str) -> None:
    (site / "_config.yml").write_text(f"{key}: {where}\ncollections: [c]\n")
    try:
        check(site)
    except UnusableError as error:
        assert "lies outside" in str(error) or "the build fails" in str(error)  # noqa: PT017  most of them can be used
    assert not [path for path in opened if "secret" in path]


@pytest.mark.parametrize("source", ["/", "..", "../secret", "a/../../secret", "/etc"])
def test_no_source_lies_beyond_the_project(site: Path, opened: list[str], source: str) -> None:
    (site / "_config.yml").write_text(f"source: {source}\n")
    with pytest.raises(UnusableError, match=r"the source lies outside the project|the destination is or contains"):
        check(site)
    (site / "_config.yml").write_text("title: x\n")
    (site / "contentlint.yml").write_text(f"source: {source}\n")
    with pytest.raises(UnusableError, match="lies outside the project"):
        check(site)
    assert not [path for path in opened if "secret" in path]


@pytest.mark.parametrize("schema", ["../secret/passwd", "/etc/passwd", "schemas/../../secret/passwd"])
def test_no_schema_of_the_project_lies_beyond_it(site: Path, opened: list[str], schema: str) -> None:
    (site / "contentlint.yml").write_text(f"pages: [{{match: '*.md', schema: {schema}}}]\n")
    with pytest.raises(UnusableError, match="cannot be read: leads out of the project"):
        check(site)
    lay(
        site,
        {"contentlint.yml": "pages: [{match: '*.md', schema: s.json}]\n", "s.json": '{"$ref": "../secret/passwd"}'},
    )
    with pytest.raises(UnusableError, match="cannot be read: leads out of the project"):
        check(site)
    assert not [path for path in opened if "secret" in path or path == "/etc/passwd"]


def test_a_config_that_the_user_names_may_lie_anywhere(site: Path) -> None:
    lay(site.parent / "mine", {"my.yml": "pages: [{match: '*.md', schema: s.json}]\n", "s.json": '{"required": ["x"]}'})
    report = check(site, config=str(site.parent / "mine/my.yml"))
    assert [each.rule for each in report.diagnostics] == ["missing-key"]


@posix
def test_links_out_of_the_project_are_known_and_not_read(site: Path, opened: list[str]) -> None:
    secret = site.parent / "secret"
    lay(site, {"contentlint.yml": "pages: [{match: '*.md', schema: s.json}]\n"})
    for name, target in {
        "s.json": "passwd",
        "page.md": "page.md",
        "folder": ".",
        "_includes": ".",
        "_data": ".",
        ".gitmodules": "passwd",
        "Gemfile": "passwd",
        "picture.png": "passwd",
    }.items():
        (site / name).symlink_to(secret / target)
    with pytest.raises(UnusableError, match="leads out of the project"):
        check(site)
    (site / "contentlint.yml").unlink()
    (site / "index.md").write_text(PAGE + "![x](picture.png) ![y](folder/passwd) {% include passwd %}\n")
    assert not said(check(site))
    for name in ("contentlint.yml", "_config.yml"):
        (site / name).unlink(missing_ok=True)
        (site / name).symlink_to(secret / "_config.yml")
        with pytest.raises(UnusableError, match="leads out of the project"):
            check(site)
        (site / name).unlink()
    assert not [path for path in opened if "secret" in path]


# -- links and strange files --------------------------------------------------------------------------------------------


@posix
def test_loops_of_links_end(site: Path) -> None:
    for name, target in {"a": "b", "b": "a", "self": "self", "up": ".", "x/y": "..", "gone": "nowhere"}.items():
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).symlink_to(target)
    tree = WorkTree(site)
    assert set(tree.folder("").broken) == {"a", "b", "self", "gone"}
    assert tree.folder("").folders["up"] is Leads.ABOVE
    assert {each.rule for each in check(site).diagnostics} == {"invalid-front-matter"}  # each is told
    (site / "_config.yml").write_text("exclude: [a, b, self, up, x, gone]\n")
    assert not said(check(site))


@pytest.fixture
def strange(site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A site with a pipe, a socket and a link to a device, each where a page, a template, data or a config might be."""
    monkeypatch.chdir(site)  # the address of a socket is a short one
    names = ["a.md", "_includes/i.html", "_layouts/l.html", "_data/d.yml", "_posts/2024-01-01-p.md", "p.png", "Gemfile"]
    sockets = []
    for name in names:
        path = site / name
        path.parent.mkdir(exist_ok=True)
        os.mkfifo(path)
        made = socket.socket(socket.AF_UNIX)
        sockets.append(made)
        made.bind(f"{name}.md")
        (site / f"{name}.z.md").symlink_to("/dev/zero")
    yield site
    for made in sockets:
        made.close()


@posix
def test_pipes_sockets_and_devices_are_never_opened(strange: Path, opened: list[str]) -> None:
    (strange / "index.md").write_text(PAGE + "{% include i.html %} ![x](p.png)\n")
    rules = sorted(each.rule for each in check(strange).diagnostics)
    assert rules == ["missing-image", "missing-include"]
    assert not [path for path in opened if path.startswith("/dev/") or path.endswith(("a.md", ".png", "Gemfile"))]


@posix
@pytest.mark.parametrize("name", ["contentlint.yml", "s.json", "contentlint-baseline.json"])
def test_nobody_waits_for_a_pipe(site: Path, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    from contentlint import cli

    if name == "s.json":
        (site / "contentlint.yml").write_text("pages: [{match: '*.md', schema: s.json}]\n")
    os.mkfifo(site / name)
    assert cli.execute(["check", "--root", str(site), "--no-cache"]) == 2
    assert "cannot be read: it is no regular file" in capfd.readouterr().err


@posix
def test_a_file_that_turns_into_a_link_or_a_pipe_meanwhile_is_not_read(site: Path) -> None:
    tree = WorkTree(site)
    assert tree.is_file("index.md")
    (site / "index.md").unlink()
    (site / "index.md").symlink_to(site.parent / "secret/passwd")
    with pytest.raises(OSError, match="symbolic links"):
        tree.read("index.md")
    (site / "index.md").unlink()
    os.mkfifo(site / "index.md")
    with pytest.raises(OSError, match="no regular file"):
        tree.read("index.md")


# -- names --------------------------------------------------------------------------------------------------------------

NAMES = [
    "a\nb.md",
    "\x1b[31mred\x1b[0m.md",
    "::error::x.md",
    "##[error]x.md",
    "-rf.md",
    "a b.md",
    "'\"`$(id)`.md",
    "\u202egpj.md",
    "x" * 252 + ".md",
    "%2e%2e.md",
    "{{ page.title }}.md",
    "{% include x %}.md",
    "é.md",
    "e\u0301.md",
    "CON.md",
    "a.md.",
    "...md",
    "\udcff\udcfe.md",
    "\x7f\x01.md",
]


@posix
@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_any_name_of_a_file(site: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    from contentlint import cli
    from contentlint.reporters import FORMATS

    (site / "z.md").write_text(PAGE + "[x](/gone/)\n")
    for folder in ("", "_posts", "_data", "_includes", f"d{name[:200]}"):
        (site / folder).mkdir(exist_ok=True)
        (site / folder / name).write_text(PAGE + "[x](/gone/)\n")
    for format_ in FORMATS:
        assert cli.execute(["check", "--root", str(site), "--no-cache", "--output-format", format_]) == 1
        out, err = capsys.readouterr()
        for line in (out + err).split("\n"):
            assert line.isprintable(), format_
            assert format_ == "github" or not line.lstrip().startswith("::")
            assert "##[" not in line
    for command in ("urls", "links"):
        assert cli.execute([command, "--root", str(site)]) == 0
        assert all(line.isprintable() for line in capsys.readouterr().out.split("\n"))


@posix
def test_names_that_differ_in_case_or_form_only_are_two(site: Path) -> None:
    lay(site, {"é.png": "1", "e\u0301.png": "2", "A.png": "3", "a.png": "4"})
    (site / "index.md").write_text(PAGE + "![1](é.png) ![2](e\u0301.png) ![3](A.png) ![4](a.png) ![5](a.PNG)\n")
    assert said(check(site)) == ["index.md:5 image-case-mismatch a.PNG"]


# -- what cannot be read, or not whole ----------------------------------------------------------------------------------


class Failing(WorkTree):
    """A tree in which opening some files fails: whoever runs the tests may be allowed everything."""

    fails: dict[str, OSError] = {}  # noqa: RUF012  each test sets its own

    def read(self, path: str, limit: int = -1) -> bytes:
        if path in self.fails:
            raise self.fails[path]
        return super().read(path, limit)


EVERYWHERE = {
    "a.md": PAGE + "[gone](/gone/)\n",
    "bad.md": PAGE,
    "_includes/bad": "x",
    "_layouts/bad.html": "{{ content }}",
    "_data/bad.yml": "a: 1\n",
    "_posts/2024-01-01-bad.md": PAGE,
    "bad.html": "<h1 id='x'>x</h1>",
    "index.md": "---\nlayout: bad\n---\n{% include bad %} {{ site.data.bad.a }} [x](/bad.html#x) [y](/bad.html) {{ page.excerpt }}\n"
    "{% for post in site.posts %}{{ post.excerpt }}{% endfor %}",
}


@pytest.mark.parametrize(
    "error",
    [
        PermissionError(13, "Permission denied"),
        FileNotFoundError(2, "No such file or directory"),
        OSError(5, "Input/output error"),
    ],
    ids=repr,
)
def test_what_cannot_be_read_is_told_and_the_rest_is_linted(
    site: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    lay(site, EVERYWHERE)
    monkeypatch.setattr(Failing, "fails", {path: error for path in EVERYWHERE if "bad" in path})
    monkeypatch.setattr(run, "WorkTree", Failing)
    rows = said(check(site))
    assert [row for row in rows if "internal-error" in row] == []
    assert "a.md:5 broken-link /gone/" in rows
    assert [row.split()[:2] for row in rows if "bad" in row.split()[0]] == [
        ["_data/bad.yml:1", "invalid-data"],
        ["_layouts/bad.html:1", "invalid-front-matter"],
        ["_posts/2024-01-01-bad.md:1", "invalid-front-matter"],
        ["bad.html:1", "invalid-front-matter"],
        ["bad.md:1", "invalid-front-matter"],
    ]
    assert not [row for row in rows if row.startswith("index.md")]


class Vanishing(WorkTree):
    """A tree whose files can be read once, and are gone or others after that."""

    then: bytes | None = None
    seen: set[str] = set()  # noqa: RUF012  each test sets its own

    def read(self, path: str, limit: int = -1) -> bytes:
        data = super().read(path, limit)
        if path in self.seen:
            if self.then is None:
                raise FileNotFoundError(2, "No such file or directory", path)
            return self.then
        self.seen.add(path)
        return data


@pytest.mark.parametrize("then", [None, b"", b"---\n", b"\xff" * 9, PAGE.encode() * 3], ids=repr)
def test_files_that_vanish_or_change_while_they_are_read(
    site: Path, monkeypatch: pytest.MonkeyPatch, then: bytes | None
) -> None:
    lay(site, EVERYWHERE)
    monkeypatch.setattr(Vanishing, "seen", set())
    monkeypatch.setattr(Vanishing, "then", then)
    monkeypatch.setattr(run, "WorkTree", Vanishing)
    report = check(site)
    assert [each for each in report.diagnostics if each.rule == "internal-error"] == []
    monkeypatch.setattr(watched, "WorkTree", Vanishing)
    monkeypatch.setattr(Vanishing, "seen", set())
    remembered = remembering.check(Request(str(site), root=str(site), cache=True, cache_dir=str(site.parent / "cache")))
    assert Vanishing.seen
    assert [each for each in remembered.diagnostics if each.rule == "internal-error"] == []


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything")
def test_permissions_of_the_disk(site: Path) -> None:  # pragma: no cover  who builds containers is the superuser
    lay(site, {"no.md": PAGE, "folder/page.md": PAGE})
    (site / "no.md").chmod(0)
    (site / "folder").chmod(0)
    try:
        assert said(check(site)) == ["no.md:1 invalid-front-matter no.md"]
    finally:
        (site / "folder").chmod(0o700)


# -- too large ----------------------------------------------------------------------------------------------------------


def sparse(path: Path, size: int, head: bytes = b"") -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(head)
    os.truncate(path, size)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    sparse(tmp_path / "exactly", LARGEST)
    assert len(contents(str(tmp_path / "exactly"))) == LARGEST
    sparse(tmp_path / "more", LARGEST + 1, b"abc")
    assert contents(str(tmp_path / "more"), 3) == b"abc"
    with pytest.raises(TooLargeError, match="no file of more than 16 MB is read"):
        contents(str(tmp_path / "more"))
    with pytest.raises(TooLargeError):
        WorkTree(tmp_path).read("more")


@posix
def test_of_what_is_too_large_one_problem_tells_and_the_rest_is_linted(site: Path) -> None:
    lay(site, EVERYWHERE)
    for path in EVERYWHERE:
        if "bad" in path:
            sparse(site / path, 1 << 30, b"---\ntitle: x\n---\n" if path.endswith(".md") else b"<p>")
    rows = said(check(site))
    assert rows == [
        "_data/bad.yml:1 invalid-data _data/bad.yml",
        "_posts/2024-01-01-bad.md:1 invalid-front-matter _posts/2024-01-01-bad.md",
        "bad.md:1 invalid-front-matter bad.md",
    ]
    told = check(site).diagnostics[-1]
    assert told.message == "this file was not read: it has 1024 MB, and no file of more than 16 MB is read"
    assert told.help == "leave it out: `exclude: [bad.md]` in contentlint.yml"
    (site / "contentlint.yml").write_text("exclude: [bad.md]\n")
    assert "bad.md:1 invalid-front-matter bad.md" not in said(check(site))


def test_a_config_that_is_too_large_cannot_be_used(site: Path) -> None:
    sparse(site / "contentlint.yml", 1 << 30)
    with pytest.raises(UnusableError, match="the config cannot be read: it has 1024 MB"):
        load(str(site), None, load_rules())
    (site / "contentlint.yml").unlink()
    sparse(site / "_config.yml", 1 << 30)
    with pytest.raises(UnusableError, match="1024 MB"):
        check(site)


@posix
@pytest.mark.parametrize("link", ["_data/d.yml", "_data/d.json", "_data/sub", "_data", "content/_data/d.csv"])
def test_data_out_of_the_project_is_unknown_and_not_empty(site: Path, opened: list[str], link: str) -> None:
    """Jekyll follows such a link: what the data holds, and with it what a page shows of it, nobody here can know."""
    lay(site.parent / "secret", {"d.yml": "base: /img\n", "d.json": "{}", "d.csv": "a\n", "sub/x.yml": "a: 1\n"})
    lay(site, {"_data/own.yml": "base: /own\n", "schemas/d.json": '{"type": "object", "required": ["zz"]}'})
    if link == "_data":
        (site / "_data/own.yml").unlink()
        (site / "_data").rmdir()
    if link.startswith("content"):
        lay(
            site,
            {"_config.yml": "source: content\n", "content/_data/own.yml": "base: /own\n", "content/index.md": PAGE},
        )
    (site / link).symlink_to(site.parent / "secret" / {"_data": ".", "_data/sub": "sub"}.get(link, Path(link).name))
    (site / "contentlint.yml").write_text("data: [{match: '_data/d.*', schema: schemas/d.json}]\n")
    key = {"_data/sub": "sub.x"}.get(link, "d")
    body = (
        f"![a]({{{{ site.data.{key}.base }}}}/x.png) [b](/{{{{ site.data.{key} | size }}}})\n"
        f"{{% if site.data.{key}.base %}}y{{% else %}}[c](/gone){{% endif %}}\n"
        f"{{% for each in site.data.{key} %}}[d]({{{{ each.url }}}}){{% endfor %}}\n"
    )
    page = site / ("content/index.md" if link.startswith("content") else "index.md")
    page.write_text(f"{PAGE}{body}\n")
    opened.clear()
    assert not [each for each in said(check(site)) if "nothing-matched" not in each]
    if link != "_data":
        page.write_text(f"{PAGE}{body}\n[e]({{{{ site.data.own.base }}}}/gone)\n")
        assert [each for each in said(check(site)) if "broken-link" in each]
    assert not [path for path in opened if "secret" in path]
