"""The conductor: what a request is about, the order and the stamps of a report, and failures of the linter itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from contentlint import run
from contentlint.assembly.pages import Pages
from contentlint.diagnostic import Report, UnusableError
from contentlint.generators.jekyll import extract
from contentlint.rule import Rule, load
from contentlint.run import Request

FRONT = "---\n---\n"
SITE = {
    "_config.yml": "title: Atlas\n",
    "_layouts/page.html": '<img src="/img/logo.png" alt="The atlas">{{ content }}\n',
    "index.md": "---\nlayout: page\n---\n[A](/none/) ![b](/img/hip.png)\n",
    "hip/psoas.md": FRONT + "![a](/img/hip.png) [b](/none/)\n",
    "hip/iliacus.md": FRONT + "[b](/none/)\n",
    "img/hip.png": "",
    "img/logo.png": "",
}


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for path, content in files.items():
        full = folder / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(content.encode() if isinstance(content, str) else content)


def check(folder: Path, **words: Any) -> Report:
    return run.check(Request(**{"cwd": str(folder), **words}))


def paths(report: Report) -> list[str]:
    return [each.path for each in report.diagnostics]


# -- what a request is about -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ((), ["hip/iliacus.md", "hip/psoas.md", "index.md"]),
        (("index.md",), ["index.md"]),
        (("./hip/../index.md",), ["index.md"]),
        (("hip",), ["hip/iliacus.md", "hip/psoas.md"]),
        (("hip/", "index.md"), ["hip/iliacus.md", "hip/psoas.md", "index.md"]),
        ((".",), ["hip/iliacus.md", "hip/psoas.md", "index.md"]),
        (("img/hip.png",), ["hip/psoas.md", "index.md"]),
        (("img/logo.png",), []),
        (("_config.yml",), []),
    ],
)
def test_paths_focus_the_report(tmp_path: Path, named: tuple[str, ...], said: list[str]) -> None:
    write(tmp_path, SITE)
    assert paths(check(tmp_path, paths=named)) == said


def test_paths_are_relative_to_the_working_directory(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    report = run.check(Request(cwd=str(tmp_path / "hip"), paths=("psoas.md",)))
    assert paths(report) == ["hip/psoas.md"]


def test_a_link_into_the_project_is_inside_it(tmp_path: Path) -> None:
    write(tmp_path / "site", SITE)
    (tmp_path / "link").symlink_to(tmp_path / "site")
    assert paths(check(tmp_path / "site", paths=(str(tmp_path / "link" / "index.md"),))) == ["index.md"]


@pytest.mark.parametrize(
    ("named", "message", "help"),
    [
        ("idnex.md", "idnex.md is not there", "did you mean index.md?"),
        ("none/a.md", "none/a.md is not there", ""),
        ("..", ".. lies outside the project", "name a path inside it, or another --root"),
    ],
)
def test_a_path_that_cannot_be_meant_is_bad_usage(tmp_path: Path, named: str, message: str, help: str) -> None:
    write(tmp_path, SITE)
    with pytest.raises(UnusableError) as raised:
        check(tmp_path, paths=(named,))
    (fault,) = raised.value.faults
    assert fault.message.startswith(message)
    assert fault.help == help


@pytest.mark.parametrize(("config", "where"), [("", "."), ("source: content\n", "content")])
def test_without_a_page_nothing_is_linted(tmp_path: Path, config: str, where: str) -> None:
    write(tmp_path, {"contentlint.yml": config, "content/a.txt": "x", "b.txt": "x"})
    with pytest.raises(UnusableError, match="no page is here") as raised:
        check(tmp_path)
    assert raised.value.faults[0].path == where


def test_an_editors_text_stands_for_the_file(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    report = check(tmp_path, stdin_name="hip/psoas.md", stdin=(FRONT + "\n\n[x](/gone/)\n").encode())
    assert [(each.path, each.span.line, each.value) for each in report.diagnostics] == [("hip/psoas.md", 5, "/gone/")]


# -- the report --------------------------------------------------------------------------------------------------------


def test_a_fingerprint_survives_moved_lines(tmp_path: Path) -> None:
    write(tmp_path, {"index.md": FRONT + "[a](/none/)\n\n[b](/none/)\n"})
    before = check(tmp_path).diagnostics
    write(tmp_path, {"index.md": "---\ntitle: x\n---\nText.\n\n[a](/none/)\n\n[b](/none/)\n"})
    after = check(tmp_path).diagnostics
    assert [each.span.line for each in before] != [each.span.line for each in after]
    assert [each.fingerprint for each in before] == [each.fingerprint for each in after]
    assert len({each.fingerprint for each in after}) == 2


def test_a_fault_that_two_urls_share_is_told_once(tmp_path: Path) -> None:
    files = {
        "_config.yml": "urlimg: /img/\n",
        "contentlint.yml": "pages:\n  - match: '*.md'\n    schema: s.json\n",
        "s.json": '{"properties": {"hero": {"x-reference": {"role": "image", "paths": ["{urlimg}{value}"]}}}}',
        "index.md": "---\nhero: none.png\n---\n![Hero]({{ site.urlimg }}{{ page.hero }})\n",
    }
    write(tmp_path, files)
    report = check(tmp_path)
    assert [(each.span, each.rule) for each in report.diagnostics] in (
        [((2, 7, 2, 15), "missing-image")],
        [((4, 9, 4, 41), "missing-image")],
    )


def test_severities_and_options_may_differ_by_file(tmp_path: Path) -> None:
    config = (
        "rules:\n  broken-link: warning\nper-file:\n  hip/**: {broken-link: off}\n  index.md: {broken-link: error}\n"
    )
    write(tmp_path, {**SITE, "about.md": FRONT + "[a](/none/)\n", "contentlint.yml": config})
    report = check(tmp_path)
    assert [(each.path, str(each.severity)) for each in report.diagnostics] == [
        ("about.md", "warning"),
        ("index.md", "error"),
    ]
    assert (report.summary.errors, report.summary.warnings) == (1, 1)


def test_a_shared_fault_has_the_severity_of_the_file_it_stands_in(tmp_path: Path) -> None:
    config = "per-file:\n  _includes/**: {broken-link: warning}\n"
    include = {"_includes/nav.html": '<a href="/none/">x</a>', "index.md": FRONT + "{% include nav.html %}\n"}
    write(tmp_path, {**include, "contentlint.yml": config})
    assert [str(each.severity) for each in check(tmp_path).diagnostics] == ["warning"]


def test_what_is_excluded_is_context_only(tmp_path: Path) -> None:
    write(
        tmp_path,
        {**SITE, "contentlint.yml": "exclude: ['hip/**', 'drafts/**']\n", "me.md": FRONT + "[a](hip/psoas.html)\n"},
    )
    assert [(each.path, each.rule) for each in check(tmp_path).diagnostics] == [
        ("contentlint.yml", "nothing-matched"),
        ("index.md", "broken-link"),
    ]


def test_a_source_below_the_project_keeps_its_folder_in_paths(tmp_path: Path) -> None:
    write(tmp_path, {f"docs/{path}": content for path, content in SITE.items()})
    write(tmp_path, {"contentlint.yml": "source: docs\nper-file:\n  hip/**: {broken-link: off}\n"})
    assert paths(check(tmp_path)) == ["docs/index.md"]
    assert paths(check(tmp_path, paths=("docs/img/hip.png",))) == ["docs/index.md"]


def test_of_a_long_span_the_first_lines_are_shown(tmp_path: Path) -> None:
    write(tmp_path, {"index.md": "---\n- a\n- b\n- c\n- d\n- e\n---\n"})
    (problem,) = check(tmp_path).diagnostics
    assert problem.source_lines == ("- a", "- b", "- c", "- d")


def test_of_a_picture_no_line_is_shown(tmp_path: Path) -> None:
    write(tmp_path, {"index.md": FRONT, "img/old.png": b"\x89PNG\r\n\x00"})
    (problem,) = check(tmp_path, select=("unused-asset",)).diagnostics
    assert (problem.span, problem.source_lines) == ((1, 1, 1, 1), ())


def test_many_files_are_told_in_order(tmp_path: Path) -> None:
    write(tmp_path, {f"p{number:03}.md": FRONT + "[a](/none/)\n" for number in range(300)})
    report = check(tmp_path)
    assert paths(report) == [f"p{number:03}.md" for number in range(300)]
    assert report.summary.pages == 300


# -- the linter's own failures -----------------------------------------------------------------------------------------


class BoomError(Exception):
    pass


def test_a_rule_that_fails_on_a_file_is_reported_there_and_the_rest_is_linted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = load()
    known = rules["broken-link"].check

    def failing(source: Any, site: Any, options: Any) -> Any:
        if source.path == "hip/psoas.md":
            raise BoomError("no luck")
        return known(source, site, options)

    def whole(*_: Any) -> Any:
        raise BoomError("none at all")

    broken = {"broken-link": rules["broken-link"]._replace(check=failing)}
    monkeypatch.setattr(run, "load_rules", lambda: {**rules, **broken})
    write(tmp_path, SITE)
    report = check(tmp_path, select=("broken-link",))
    assert [(each.path, each.rule) for each in report.diagnostics] == [
        ("hip/iliacus.md", "broken-link"),
        ("hip/psoas.md", "internal-error"),
        ("index.md", "broken-link"),
    ]
    assert report.diagnostics[1].message == "contentlint failed on this file, asking broken-link: BoomError: no luck"
    broken["duplicate-url"] = rules["duplicate-url"]._replace(check=whole)
    report = check(tmp_path, select=("duplicate-url",))
    assert [(each.path, each.rule) for each in report.diagnostics] == [("_config.yml", "internal-error")]


def test_a_file_that_cannot_be_taken_in_is_reported_and_the_rest_is_linted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {**SITE, "me.md": FRONT + "[a](/hip/psoas.html#x)\n"})
    known = extract.extract

    def reading(raw: bytes, dialect: Any, **words: Any) -> Any:
        if b"![a]" in raw:
            raise BoomError("unreadable")
        return known(raw, dialect, **words)

    monkeypatch.setattr(extract, "extract", reading)
    report = check(tmp_path)
    assert [(each.path, each.rule) for each in report.diagnostics] == [
        ("hip/iliacus.md", "broken-link"),
        ("hip/psoas.md", "internal-error"),
        ("index.md", "broken-link"),
    ]
    assert "reading it: BoomError: unreadable" in report.diagnostics[1].message


def test_a_page_that_cannot_be_rendered_is_reported_and_the_rest_is_linted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {**SITE, "me.md": FRONT + "[a](/hip/psoas.html#x)\n"})
    known = Pages.show

    def show(self: Pages, item: Any, source: Any) -> Any:
        if source.path == "hip/psoas.md" and item.source not in self._rendered:
            raise BoomError("blank")
        return known(self, item, source)

    monkeypatch.setattr(Pages, "show", show)
    report = check(tmp_path)
    assert [(each.path, each.rule) for each in report.diagnostics] == [
        ("hip/iliacus.md", "broken-link"),
        ("hip/psoas.md", "internal-error"),
        ("index.md", "broken-link"),
    ]


# -- lists -------------------------------------------------------------------------------------------------------------

LISTED = {
    "_config.yml": "plugins: [jekyll-redirect-from]\nbaseurl: /atlas\nurl: https://atlas.example\n",
    "index.md": FRONT
    + "# The atlas\n\n[A](a.html) [b](/atlas/old.html) [c](/none/) [d](https://example.org/)\n"
    + "[e](#{{ site.time }}) ![f](/atlas/img/x.png) [g](a.html#none) [h](/atlas/A.html)\n",
    "a.md": "---\nredirect_from: /old.html\n---\n## Origin\n\n## {{ site.time }}\n",
    "img/x.png": "",
}


def test_every_address_is_listed(tmp_path: Path) -> None:
    write(tmp_path, LISTED)
    rows = run.urls(Request(cwd=str(tmp_path)))
    assert [(row.source, row.kind, row.url, row.anchors) for row in rows] == [
        ("a.md", "page", "/a.html", ["origin"]),
        ("a.md", "redirect", "/old.html", []),
        ("img/x.png", "static", "/img/x.png", []),
        ("index.md", "page", "/", ["the-atlas"]),
        (None, "generated", "/redirects.json", []),
    ]
    focused = run.urls(Request(cwd=str(tmp_path), paths=("a.md",)))
    assert {row.source for row in focused} == {"a.md"}


def listed(folder: Path, **words: Any) -> list[tuple[str, str]]:
    return [(row.target, row.status) for row in run.links(Request(cwd=str(folder)), **words)]


def test_every_link_is_listed(tmp_path: Path) -> None:
    write(tmp_path, LISTED)
    rows = {row.target: row for row in run.links(Request(cwd=str(tmp_path)))}
    assert {target: row.status for target, row in rows.items()} == {
        "a.html": "found",
        "/atlas/old.html": "found",
        "/none/": "missing",
        "https://example.org/": "external",
        "#{{ site.time }}": "unknown",
        "/atlas/img/x.png": "found",
        "a.html#none": "unknown",
        "/atlas/A.html": "missing",
    }
    assert rows["a.html"].resolved == "/atlas/a.html"
    assert rows["/none/"].reason.startswith("nothing: ")
    assert rows["https://example.org/"].resolved == "https://example.org/"
    assert run.links(Request(cwd=str(tmp_path), paths=("a.md",))) == []
    assert listed(tmp_path, status="external") == [("https://example.org/", "external")]


@pytest.mark.parametrize("to", ["/a.html", "/atlas/a.html", "a.html", "a.md", "a"])
def test_back_links_of_a_page(tmp_path: Path, to: str) -> None:
    write(tmp_path, LISTED)
    found = listed(tmp_path, to=to)
    assert ("a.html", "found") in found
    assert ("/atlas/old.html", "found") in found
    assert ("/atlas/A.html", "missing") in found
    assert ("/none/", "missing") not in found


def test_back_links_of_a_picture_and_of_nothing(tmp_path: Path) -> None:
    write(tmp_path, LISTED)
    assert listed(tmp_path, to="img/x.png") == [("/atlas/img/x.png", "found")]
    with pytest.raises(UnusableError) as raised:
        listed(tmp_path, to="/b.html")
    assert raised.value.faults[0].message == "/b.html is no page or file of the site"


def test_examples_of_a_rule_that_runs_last_are_judged_with_the_others() -> None:
    rule: Rule = load()["unused-suppression"]
    said = [len(report.diagnostics) for _, report in run.examples(rule)]
    assert said == [1, 1, 1, 0]


# -- what has no one way out --------------------------------------------------------------------------------------------


def test_a_file_of_another_name_in_the_folder_is_not_the_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that takes capitals for small letters finds it all the same."""
    write(tmp_path, SITE)
    monkeypatch.setattr(run, "as_listed", lambda *_: None)
    with pytest.raises(UnusableError) as caught:
        check(tmp_path, paths=("index.md",))
    assert caught.value.faults[0].help == "no file or folder has that very name"


@pytest.mark.parametrize(
    ("rule", "files"),
    [
        (
            "unknown-key",
            {
                "contentlint.yml": "pages: [{match: index.md, schema: page.json}]\n",
                "page.json": '{"properties": {"main": {}, "mail": {}}, "additionalProperties": false}',
                "index.md": "---\nmaix: 1\n---\n",
            },
        ),
        (
            "link-to-redirect",
            {
                "_config.yml": "plugins: [jekyll-redirect-from]\n",
                "index.md": FRONT + "[a](/old/)\n",
                "old.md": "---\npermalink: /old/\nredirect_to: /new/#there\n---\n",
                "new.md": "---\npermalink: /new/\n---\n# There\n",
            },
        ),
        ("own-host-link", {"_config.yml": "url: https://a.example\n", "index.md": FRONT + "<https://a.example/>\n"}),
    ],
)
def test_where_several_ways_lead_out_none_is_taken(tmp_path: Path, rule: str, files: dict[str, str]) -> None:
    write(tmp_path, files)
    (problem,) = check(tmp_path, select=(rule,)).diagnostics
    assert (problem.rule, problem.fix) == (rule, None)


@pytest.mark.parametrize(
    ("url", "help"),
    [
        (
            "/manual/start.html",
            "if another deployment serves /manual/, list /manual/** under `elsewhere` in contentlint.yml",
        ),
        ("/hip/psoass.html", "did you mean /hip/psoas.html?"),
        ("/hip/nowhere-at-all.html", ""),
        ("/manual.html", ""),
        ("/[manual]/start.html", ""),
        ("/hpi/psoas.html", "did you mean /hip/psoas.html?"),
    ],
)
def test_the_way_out_of_a_link_into_what_may_be_another_deployment(tmp_path: Path, url: str, help: str) -> None:
    write(tmp_path, {"hip/psoas.md": FRONT, "about.md": FRONT + f"<a href='{url}'>x</a>\n"})
    assert [each.help for each in check(tmp_path).diagnostics] == [help]
    if "elsewhere" in help:
        write(tmp_path, {"contentlint.yml": "elsewhere: [/manual/**]\n"})
        assert not check(tmp_path).diagnostics
