"""`check --since`: exactly what a change brought, wherever it shows, together with what did it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contentlint import since
from contentlint.diagnostic import Diagnostic, Report, Severity, Span

PROJECT = Path(__file__).parent.parent
SITE = {
    "_config.yml": "plugins: [jekyll-redirect-from]\n",
    "index.md": "---\n---\n![Hip](/img/hip.png), [more](/about.html#hip) and [gone](/gone/)\n",
    "about.md": "---\n---\n# Hip\n\nOf the hip. [Gone](/gone/) [Gone](/gone/)\n",
    "img/hip.png": "picture",
}


# -- what is new --------------------------------------------------------------------------------------------------------


def test_old_problems_are_left_out_and_new_ones_told(repository: Any) -> None:
    repository.commit(SITE)
    assert repository.check("--since", "main").problems == []
    repository.lay({"about.md": SITE["about.md"].replace("Of the", "\n\nNew [here](/new/).\n\nOf the")})
    found = repository.check("--since", "main")
    assert found.problems == ["about.md:7 broken-link /new/"]
    assert found.code == 1
    assert found.report["summary"]["errors"] == 1
    assert found.report["summary"]["older"] == 3
    assert len(repository.check().problems) == 4


def test_one_more_of_the_same_is_new(repository: Any) -> None:
    repository.commit(SITE)
    repository.lay(
        {"about.md": "---\n---\n# Hip\n\n[Gone](/gone/), too.\n\nOf the hip. [Gone](/gone/) [Gone](/gone/)\n"}
    )
    assert repository.check("--since", "main").problems == ["about.md:5 broken-link /gone/"]


def test_what_is_removed_is_told_where_it_is_missed(repository: Any) -> None:
    repository.commit(SITE)
    repository.lay({"about.md": None, "img/hip.png": None})
    found = repository.check("--since", "main")
    assert found.problems == [
        "about.md:1 removed-url /about.html",
        "index.md:3 missing-image /img/hip.png",
        "index.md:3 broken-link /about.html#hip",
    ]
    assert found.related() == [
        "img/hip.png: /img/hip.png was removed or moved: img/hip.png",
        "about.md: /about.html was removed or moved: about.md",
    ]


def test_a_page_that_moves_takes_its_old_problems_along(repository: Any) -> None:
    repository.commit(SITE)
    repository.git("mv", "about.md", "more.md")
    found = repository.check("--since", "main")
    assert found.problems == ["index.md:3 broken-link /about.html#hip", "more.md:1 removed-url /about.html"]
    assert found.related() == ["more.md: /about.html was removed or moved: about.md is now more.md"]
    removed = found.report["diagnostics"][1]
    assert removed["message"] == "/about.html is gone: the page is now at /more.html, and no redirect leads there"
    assert removed["help"] == "add the line redirect_from: /about.html"
    text = (repository.folder / "more.md").read_text(encoding="utf-8")
    repository.lay({"more.md": text.replace("---\n", "---\nredirect_from: /about.html\n", 1)})
    assert repository.check("--since", "main").problems == []


def test_a_page_that_moves_and_changes_is_still_the_same(repository: Any) -> None:
    lines = "".join(f"Line {number} of the page.\n" for number in range(20))
    repository.commit(
        {**SITE, "about.md": f"---\npermalink: /a/\n---\n{lines}[Gone](/gone/)\n", "index.md": "---\n---\n"}
    )
    repository.lay(
        {"about.md": None, "deep/er.md": f"---\npermalink: /a/\n---\nMore.\n{lines}[Gone](/gone/) [x](/x/)\n"}
    )
    assert repository.check("--since", "main").problems == ["deep/er.md:25 broken-link /x/"]


def test_an_address_that_changes_is_told(repository: Any) -> None:
    repository.commit(SITE)
    repository.lay({"about.md": "---\npermalink: /us/\n---\n# Hip\n"})
    found = repository.check("--since", "main")
    assert found.problems == ["about.md:2 removed-url /about.html", "index.md:3 broken-link /about.html#hip"]
    assert found.related() == ["about.md: /about.html was removed or moved: about.md is now at /us/"]


def test_an_anchor_that_goes_is_told(repository: Any) -> None:
    repository.commit(SITE)
    repository.lay({"about.md": SITE["about.md"].replace("# Hip", "# Thigh")})
    found = repository.check("--since", "main")
    assert found.problems == ["index.md:3 broken-anchor /about.html#hip"]
    assert found.related() == ["about.md: the anchor was there before: about.md has changed"]


def test_a_page_that_is_unpublished_is_told(repository: Any) -> None:
    repository.commit(SITE)
    repository.lay({"about.md": SITE["about.md"].replace("---\n", "---\npublished: false\n", 1)})
    found = repository.check("--since", "main")
    assert found.problems == ["about.md:1 removed-url /about.html", "index.md:3 broken-link /about.html#hip"]
    assert found.related() == ["about.md: /about.html was there before: about.md has changed"]


def test_a_redirect_that_goes_is_told(repository: Any) -> None:
    repository.commit(
        {**SITE, "about.md": "---\nredirect_from: /old/\n---\n# Hip\n", "index.md": "---\n---\n[Old](/old/)\n"}
    )
    repository.lay({"about.md": "---\n---\n# Hip\n"})
    found = repository.check("--since", "main")
    assert found.problems == ["about.md:1 removed-url /old/", "index.md:3 broken-link /old/"]


def test_an_include_that_goes_is_told(repository: Any) -> None:
    repository.commit(
        {**SITE, "_includes/note.html": "Note.\n", "about.md": "---\n---\n# Hip\n{% include note.html %}\n"}
    )
    repository.git("mv", "_includes/note.html", "_includes/remark.html")
    found = repository.check("--since", "main")
    assert found.problems == ["about.md:4 missing-include note.html"]
    assert found.related() == ["_includes/remark.html: _includes/note.html is now _includes/remark.html"]
    repository.git("rm", "--quiet", "--force", "_includes/remark.html")
    assert repository.check("--since", "main").related() == ["_includes/note.html: _includes/note.html was removed"]


def test_what_a_template_shows_is_old_as_well(repository: Any) -> None:
    repository.commit(
        {**SITE, "_includes/note.html": "[a](/a/)\n", "about.md": "---\n---\n# Hip\n{% include note.html %}\n"}
    )
    repository.lay({"_includes/note.html": "\n[a](/a/) [b](/b/)\n"})
    assert repository.check("--since", "main").problems == ["_includes/note.html:2 broken-link /b/"]


def test_rules_that_ask_who_links_see_the_whole_of_both_states(repository: Any) -> None:
    repository.commit({**SITE, "alone.md": "---\n---\n", "index.md": "---\n---\n[a](/about.html#hip)\n"})
    repository.lay({"index.md": "---\n---\n"})
    assert repository.check("--since", "main", "--select", "orphan-page").problems == [
        "about.md:1 orphan-page /about.html"
    ]


def test_both_states_are_judged_by_the_config_of_the_newer_one(repository: Any) -> None:
    page = "---\ntitle: 1\n---\n# Hip\n"
    repository.commit({**SITE, "about.md": page})
    repository.lay(
        {
            "contentlint.yml": 'pages: [{match: "*.md", schema: s.json}]\nrules: {broken-link: "off"}\n',
            "s.json": '{"properties": {"title": {"type": "string"}, "tags": {"type": "array"}}}',
            "about.md": page.replace("title: 1\n", "title: 1\ntags: 2\n"),
        }
    )
    assert repository.check("--since", "main").problems == ["about.md:3 schema-violation 2"]


def test_a_suppression_that_goes_uncovers_what_is_new(repository: Any) -> None:
    page = "---\n---\n# Hip\n<!-- contentlint: ignore[broken-link] -->\n[x](/x/)\n"
    repository.commit({**SITE, "about.md": page + "\n<!-- contentlint: ignore[broken-link] -->\nFine.\n"})
    repository.lay({"about.md": page.replace("<!-- contentlint: ignore[broken-link] -->\n", "")})
    assert repository.check("--since", "main").problems == ["about.md:4 broken-link /x/"]


def test_addresses_that_may_go(repository: Any) -> None:
    repository.commit(
        {**SITE, "index.md": "---\n---\n", "news/a.md": "---\n---\n", "news/b.md": "---\n---\n", "é.md": "---\n---\n"}
    )
    repository.lay({"news/a.md": None, "news/b.md": None, "é.md": None})
    assert (
        repository.check("--since", "main").problems
        == [
            "news/a.md:1 removed-url /news/a.html",
            "news/b.md:1 removed-url /news/b.html",
            "é.md:1 removed-url /%C3%A9.html",
        ]
        or repository.check("--since", "main").problems[2] == "é.md:1 removed-url /é.html"
    )
    repository.lay({"contentlint.yml": 'rules: {removed-url: {ignore: ["news/**"]}}\nurls: ["/é.html"]\n'})
    assert repository.check("--since", "main").problems == []


def test_drafts_and_what_plugins_make_had_no_address(repository: Any) -> None:
    repository.commit(
        {**SITE, "_drafts/one.md": "---\n---\n", "later.md": "---\npublished: false\n---\n", "a.txt": "---\n---\n"}
    )
    repository.lay({"_drafts/one.md": None, "later.md": None, "a.txt": None})
    assert repository.check("--since", "main").problems == []


def test_the_first_commit_of_a_site_brings_everything(repository: Any) -> None:
    repository.commit({"README.txt": "Soon.\n"})
    repository.lay(SITE)
    assert len(repository.check("--since", "main").problems) == 3


def test_a_state_that_could_not_be_linted_counts_as_empty(repository: Any) -> None:
    repository.commit({**SITE, "_config.yml": "a: [\n"})
    repository.lay({"_config.yml": SITE["_config.yml"]})
    found = repository.check("--since", "main")
    assert len(found.problems) == 3
    assert "every problem counts as new" in found.said


def test_suppressions_that_were_not_needed_before_are_old(repository: Any) -> None:
    unneeded = "<!-- contentlint: ignore[broken-link] -->\nFine.\n\n"
    repository.commit({**SITE, "about.md": f"---\n---\n# Hip\n\n{unneeded}"})
    repository.lay({"about.md": f"---\n---\n# Hip\n\n{unneeded}{unneeded.replace('Fine', 'More')}"})
    assert repository.check("--since", "main").problems == ["about.md:8 unused-suppression broken-link"]


def test_what_a_plugin_no_longer_makes_has_no_file(repository: Any) -> None:
    site = {
        "_config.yml": "plugins: [jekyll-paginate]\npaginate: 1\n",
        "index.html": '---\n---\n<a href="/page2/">Next</a>\n',
        **{f"_posts/2020-01-0{day}-a.md": "---\n---\n" for day in (1, 2)},
    }
    repository.commit(site)
    repository.lay({"_config.yml": "title: Atlas\n"})
    found = repository.check("--since", "main")
    assert found.problems == ["index.html:3 broken-link /page2/"]
    assert found.related() == ["index.html: /page2/ was there before: index.html has changed"]
    repository.commit(
        {"_config.yml": "plugins: [jekyll-feed]\n", "index.html": '---\n---\n<a href="/feed.xml">Feed</a>\n'}
    )
    repository.lay({"_config.yml": "title: Atlas\n"})
    found = repository.check("--since", "main")
    assert found.problems == ["index.html:3 broken-link /feed.xml"]
    assert found.related() == []


# -- which commit is meant ----------------------------------------------------------------------------------------------


def test_the_commit_that_both_have_grown_from_is_meant(repository: Any) -> None:
    repository.commit(SITE)
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit({"about.md": "---\n---\n# Hip\n[x](/x/)\n"})
    repository.git("checkout", "--quiet", "main")
    repository.commit({"index.md": "---\n---\n", "other.md": "---\n---\n"})
    repository.git("checkout", "--quiet", "topic")
    assert repository.check("--since", "main").problems == ["about.md:4 broken-link /x/"]


def test_staged_is_compared_as_staged(repository: Any) -> None:
    repository.commit(SITE)
    repository.lay({"about.md": "---\n---\n# Hip\n[x](/x/)\n"})
    repository.git("add", "about.md")
    repository.lay({"about.md": "---\n---\n# Hip\n[y](/y/)\n"})
    assert repository.check("--since", "main", "--staged").problems == ["about.md:4 broken-link /x/"]
    assert repository.check("--since", "main").problems == ["about.md:4 broken-link /y/"]


def test_a_site_in_a_folder_of_the_repository(repository: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({f"docs/{path}": content for path, content in SITE.items()} | {"about.md": "---\n---\n"})
    repository.lay({"docs/about.md": None, "about.md": None})
    found = repository.check("--since", "main", "--root", "docs")
    assert found.problems == ["about.md:1 removed-url /about.html", "index.md:3 broken-link /about.html#hip"]
    monkeypatch.chdir(repository.folder / "docs")
    assert repository.check("--since", "main").problems == found.problems


@pytest.mark.parametrize(
    ("ref", "said", "help_"),
    [
        ("nope", "there is no commit nope", "git branch -a lists the branches there are"),
        ("mian", "there is no commit mian", "did you mean main?"),
        ("topic", "there is no commit topic", "did you mean origin/topic?"),
        ("--all", "'--all' names no commit", "name a branch"),
        ("", "'' names no commit", "name a branch"),
        ("lonely", "lonely and what is checked out have no commit in common", "grown from"),
    ],
)
def test_refs_that_cannot_be_compared_with(repository: Any, ref: str, said: str, help_: str) -> None:
    first = repository.commit(SITE)
    repository.git("update-ref", "refs/remotes/origin/topic", first)
    repository.git("checkout", "--quiet", "--orphan", "lonely")
    repository.commit({"index.md": "---\n---\nOther.\n"})
    repository.git("checkout", "--quiet", "main")
    found = repository.check(f"--since={ref}")
    assert found.code == 2
    assert said in found.said
    assert help_ in found.said


def test_without_a_repository_or_a_commit(repository: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.lay(SITE)
    found = repository.check("--since", "HEAD")
    assert (found.code, "there is no commit HEAD" in found.said) == (2, True)
    other = tmp_path / "other"
    other.mkdir()
    (other / "index.md").write_text("---\n---\n", encoding="utf-8")
    monkeypatch.chdir(other)
    for flags in (("--since", "main"), ("--staged",)):
        found = repository.check(*flags)
        assert (found.code, "this is not a git repository" in found.said) == (2, True)
        assert "Traceback" not in found.said


def test_before_the_first_commit_of_a_branch_there_is_nothing_to_compare(repository: Any) -> None:
    repository.commit(SITE)
    repository.git("checkout", "--quiet", "--orphan", "new")
    found = repository.check("--since", "main")
    assert (found.code, "nothing has been committed yet" in found.said) == (2, True)


def test_a_bare_repository_has_no_site(repository: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit(SITE)
    repository.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare"))
    monkeypatch.chdir(tmp_path / "bare")
    found = repository.check("--since", "main")
    assert (found.code, "this is a bare repository" in found.said) == (2, True)


def test_a_shallow_clone_is_told_to_be_deeper(repository: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit(SITE)
    repository.git("branch", "old")
    repository.commit({"about.md": "---\n---\n# Hip\n"})
    repository.git(
        "clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{repository.folder}", str(tmp_path / "shallow")
    )
    monkeypatch.chdir(tmp_path / "shallow")
    for ref in ("origin/old", "v9"):
        found = repository.check("--since", ref)
        assert (found.code, "fetch-depth: 0" in found.said) == (2, True)


def test_a_partial_clone_is_told_to_be_whole(repository: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.commit(SITE)
    repository.commit({"index.md": "---\n---\n[x](/x/)\n"})
    repository.git("clone", "--quiet", "--filter=blob:none", f"file://{repository.folder}", str(tmp_path / "partial"))
    monkeypatch.chdir(tmp_path / "partial")
    found = repository.check("--since", "HEAD~1")
    assert (found.code, "this partial clone lacks index.md" in found.said) == (2, True)
    assert "git fetch --refetch" in found.said


def test_fixes_are_another_matter(repository: Any) -> None:
    repository.commit(SITE)
    for flags in (("--since", "main"), ("--staged",)):
        found = repository.check(*flags, "--fix")
        assert (found.code, "give one of them" in found.said) == (2, True)
    found = repository.check("--staged", "--stdin-filename", "index.md", "-")
    assert (found.code, "nothing of stdin" in found.said) == (2, True)


# -- which files are the same -------------------------------------------------------------------------------------------

CONTENTS = st.sampled_from([b"", b"a\n", b"a\nb\nc\n", b"a\nb\nd\n", b"x\ny\nz\n", b"x\ny\n", b"q\n" * 20])
TREES = st.dictionaries(st.sampled_from(["a.md", "d/a.md", "b.md", "d/b.md", "c.md"]), CONTENTS)


@given(gone=TREES, new=TREES)
def test_a_file_moves_to_one_place_and_only_when_it_is_like_it(gone: dict[str, bytes], new: dict[str, bytes]) -> None:
    moved = since.renames(gone, new, gone.__getitem__, new.__getitem__)
    assert set(moved) <= set(gone)
    assert set(moved.values()) <= set(new)
    assert len(set(moved.values())) == len(moved)
    for path, now in moved.items():
        common = Counter(gone[path].splitlines()) & Counter(new[now].splitlines())
        assert common.total()
    for path, content in gone.items():
        if content and content in new.values():
            assert path in moved or list(gone.values()).count(content) > list(new.values()).count(content)


def test_what_cannot_be_read_has_not_moved() -> None:
    def refuse(_path: str) -> bytes:
        raise PermissionError

    assert since.renames(["a"], ["b"], refuse, lambda _: b"x") == {}


def test_of_two_that_are_alike_the_one_that_is_more_so_has_moved() -> None:
    old, new = {"a": b"1\n2\n3\n4\n", "b": b"1\n2\n3\n5\n"}, {"c": b"1\n2\n3\n5\n6\n", "d": b"9\n" * 50}
    assert since.renames(old, new, old.__getitem__, new.__getitem__) == {"b": "c"}


def test_of_many_files_only_equal_ones_are_paired(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(since, "MOST_PAIRS", 0)
    old, new = {"a": b"x\ny\nz\n", "b": b"q\n"}, {"c": b"x\ny\nw\n", "d": b"q\n"}
    assert since.renames(old, new, old.__getitem__, new.__getitem__) == {"b": "d"}


PROBLEMS = st.lists(st.builds(
    lambda rule, path, value, line, text: Diagnostic(path, Span(line, 1, line, 2), value, rule, Severity.ERROR, "m", source_lines=(text,)),
    st.sampled_from("rs"), st.sampled_from(["a.md", "b.md"]), st.sampled_from("xy"), st.integers(1, 9), st.sampled_from("tu"),
), max_size=8)  # fmt: skip


@given(head=PROBLEMS, base=PROBLEMS)
def test_new_is_what_is_there_more_often_than_before(head: list[Diagnostic], base: list[Diagnostic]) -> None:
    new = since.new_problems(Report(tuple(head)), Report(tuple(base)), {})

    def counted(problems: Any) -> Counter[tuple[str, str, str]]:
        return Counter((each.rule, each.path, each.value) for each in problems)

    assert counted(new.diagnostics) == counted(head) - counted(base)
    assert new.summary.errors == len(new.diagnostics)
    assert new.summary.older == len(head) - len(new.diagnostics)
    assert since.new_problems(Report(tuple(head)), Report(tuple(head)), {}).diagnostics == ()
    places = [each.span for each in head]
    assert [each.span for each in new.diagnostics if each.span in places] == [each.span for each in new.diagnostics]


@given(edits=st.dictionaries(
    st.sampled_from(["a.md", "b.md", "c.md"]),
    st.one_of(st.none(), st.lists(st.sampled_from(["[x](/x/)", "[a](/a.html)", "[c](/c.html)", "![p](/p.png)", "Text."]), max_size=4)),
))  # fmt: skip
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_change_is_the_difference_of_two_whole_reports(repository: Any, edits: dict[str, list[str] | None]) -> None:
    page = "---\npermalink: {}\n---\nThe page {}.\n\n[a](/a.html)\n\n[x](/x/)\n\n[c](/c.html)\n"
    site = {name: page.format(f"/{name[0]}.html", name * 9) for name in ("a.md", "b.md", "c.md")}
    repository.commit({**site, "p.png": "p", "index.md": "---\n---\n"})
    before = repository.check().problems
    repository.lay(
        {
            name: None if body is None else f"---\npermalink: /{name[0]}.html\n---\n" + "\n\n".join(body) + "\n"
            for name, body in edits.items()
        }
    )
    after = repository.check().problems
    new = repository.check("--since", "HEAD").problems

    def without_lines(problems: list[str]) -> Counter[str]:
        return Counter(f"{each.partition(':')[0]} {each.partition(' ')[2]}" for each in problems)

    told = without_lines([each for each in new if " removed-url " not in each])
    assert told == without_lines(after) - without_lines(before)
    gone = {f"{name}:1 removed-url /{name[0]}.html" for name, body in edits.items() if body is None}
    assert {each for each in new if " removed-url " in each} == gone
    assert set(new) - gone <= set(after)


# -- at size ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.usefixtures("alone")
def test_a_change_to_a_site_full_of_faults(tmp_path: Path) -> None:
    command = [sys.executable, str(PROJECT / "benchmarks" / "since.py"), "--pages", "120", "--faults", "40", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "lint")}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["wrong"] == []
    assert told["new"] >= 6
