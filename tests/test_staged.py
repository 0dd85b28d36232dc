"""`check --staged`: the site as a commit would hold it, whatever lies on disk."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contentlint import cli
from contentlint.tree import index

SITE = {
    "_config.yml": "title: Atlas\n",
    "index.md": "---\n---\n![Hip](/img/hip.png) and [more](/about.html)\n",
    "about.md": "---\n---\nOf the hip.\n",
    "img/hip.png": "picture",
}


# -- what is there ------------------------------------------------------------------------------------------------------


def test_what_is_not_staged_is_not_there(repository: Any) -> None:
    repository.lay(SITE)
    repository.git("add", "_config.yml", "index.md", "about.md")
    assert repository.check("--staged").problems == ["index.md:3 missing-image /img/hip.png"]
    repository.git("add", "img")
    assert repository.check("--staged").code == 0


def test_what_is_removed_on_disk_alone_is_there(repository: Any) -> None:
    repository.commit(SITE)
    repository.lay({"about.md": None, "img/hip.png": None})
    assert repository.check("--staged").code == 0
    repository.git("rm", "--cached", "--quiet", "about.md")
    assert repository.check("--staged").problems == ["index.md:3 broken-link /about.html"]


def test_partly_staged_files_are_read_as_staged(repository: Any) -> None:
    repository.commit(SITE)
    repository.lay({"about.md": "---\n---\n[bad](/bad/)\n"})
    repository.git("add", "about.md")
    repository.lay({"about.md": SITE["about.md"]})
    assert repository.check("--staged").problems == ["about.md:3 broken-link /bad/"]
    repository.git("add", "about.md")
    repository.lay({"about.md": "---\n---\n[bad](/bad/)\n"})
    assert repository.check("--staged").problems == []


def test_a_file_that_was_only_announced_is_not_there(repository: Any) -> None:
    repository.commit({path: content for path, content in SITE.items() if path != "about.md"})
    repository.lay({"about.md": SITE["about.md"]})
    repository.git("add", "--intent-to-add", "about.md")
    assert repository.check("--staged").problems == ["index.md:3 broken-link /about.html"]
    repository.git("update-index", "--split-index")
    assert repository.check("--staged").problems == ["index.md:3 broken-link /about.html"]


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_flags_of_the_index_change_nothing(repository: Any, flag: str) -> None:
    repository.commit(SITE)
    repository.git("update-index", flag, "about.md", "img/hip.png")
    repository.lay({"about.md": "---\n---\n[bad](/bad/)\n", "img/hip.png": None})
    assert repository.check("--staged").code == 0


@pytest.mark.parametrize("sparse_index", ["false", "true"])
def test_what_a_sparse_checkout_leaves_out_is_there(repository: Any, sparse_index: str) -> None:
    repository.commit({**SITE, "deep/page.md": "---\n---\n[x](/x/)\n"})
    repository.git("sparse-checkout", "set", "--cone", f"--sparse-index={sparse_index}", "deep", check=False)
    repository.git("-c", f"index.sparse={sparse_index}", "sparse-checkout", "set", "--cone", "deep")
    assert not (repository.folder / "img").exists()
    assert repository.check("--staged").problems == ["deep/page.md:3 broken-link /x/"]


def test_the_index_that_git_names_is_read(repository: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit(SITE)
    shutil.copy(repository.folder / ".git/index", repository.folder / ".git/other")
    repository.git("rm", "--cached", "--quiet", "about.md")
    assert repository.check("--staged").code == 1
    for named in (".git/other", str(repository.folder / ".git/other")):
        monkeypatch.setenv("GIT_INDEX_FILE", named)
        assert repository.check("--staged").code == 0


def test_the_repository_that_git_names_is_read(
    repository: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit(SITE)
    os.rename(repository.folder / ".git", tmp_path / "store")
    assert "not a git repository" in repository.check("--staged").said
    monkeypatch.setenv("GIT_DIR", "../store")
    monkeypatch.setenv("GIT_WORK_TREE", ".")
    assert repository.check("--staged").code == 0
    repository.lay({"img/hip.png": "other"})
    assert repository.check("--staged").code == 0


def test_a_linked_work_tree_has_an_index_of_its_own(
    repository: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit(SITE)
    repository.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    monkeypatch.chdir(tmp_path / "linked")
    subprocess.run(["git", "rm", "--quiet", "about.md"], check=True)
    assert repository.check("--staged").problems == ["index.md:3 broken-link /about.html"]
    monkeypatch.chdir(repository.folder)
    assert repository.check("--staged").code == 0


def test_a_site_in_a_folder_of_the_repository(repository: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({f"docs/{path}": content for path, content in SITE.items()})
    repository.git("rm", "--quiet", "docs/about.md")
    assert repository.check("--staged", "--root", "docs").problems == ["index.md:3 broken-link /about.html"]
    monkeypatch.chdir(repository.folder / "docs")
    assert repository.check("--staged").problems == ["index.md:3 broken-link /about.html"]


def test_what_a_submodule_has_is_unknown(repository: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other"
    subprocess.run(["git", "init", "--quiet", str(other)], check=True)
    (other / "page.md").write_text("---\n---\n", encoding="utf-8")
    subprocess.run("git add . && git commit -qm x", cwd=other, shell=True, check=True)
    files = {
        **SITE,
        "index.md": "---\nlayout: theirs\n---\n[a](/sub/page.html) ![b](/sub/p.png)\n{% include theirs/x.html %}\n[c](/about.html)\n",
    }
    repository.commit(files)
    for folder in ("sub", "_includes/theirs", "_layouts", "_data/more", "_posts"):
        repository.git("submodule", "--quiet", "add", str(other), folder)
    repository.commit()
    assert repository.check("--staged").problems == []
    repository.git("clone", "--quiet", ".", str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    assert repository.check("--staged").problems == []
    assert repository.check().problems == []


def test_what_links_into_a_submodule_is_unknown(
    repository: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    subprocess.run(["git", "init", "--quiet", str(other)], check=True)
    theirs = {"x.md": "---\nlayout: theirs\npermalink: /far/\n---\n", "theirs.html": "{{ content }}", "p.png": ""}
    for path, text in theirs.items():
        (other / path).write_text(text, encoding="utf-8")
    subprocess.run("git add . && git commit -qm x", cwd=other, shell=True, check=True)
    index = "---\nlayout: theirs\n---\n[a](/far/) [b](/all/x.html) [c](/page.html) ![d](/p.png)\n{% include x.md %}\n"
    repository.commit({**SITE, "index.md": index})
    repository.git("submodule", "--quiet", "add", str(other), "_sub")
    links = {"page.md": "_sub/x.md", "all": "_sub", "_layouts/theirs.html": "../_sub/theirs.html"}
    links |= {
        "_includes/x.md": "../_sub/x.md",
        "_data/x.yml": "../_sub/x.yml",
        "_posts/2020-01-02-x.md": "../_sub/x.md",
    }
    for path, target in {**links, "p.png": "_sub/p.png"}.items():
        link = repository.folder / path
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(target)
    repository.commit()
    repository.git("clone", "--quiet", ".", str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    assert repository.check("--staged").problems == []
    assert repository.check().problems == []


def test_a_missing_file_beside_a_submodule_is_missing(repository: Any, tmp_path: Path) -> None:
    other = tmp_path / "other"
    subprocess.run(["git", "init", "--quiet", str(other)], check=True)
    subprocess.run("git commit --allow-empty -qm x", cwd=other, shell=True, check=True)
    repository.commit({**SITE, "about.md": "---\n---\n[a](/sub/x.html) [b](/subs/x.html)\n"})
    repository.git("submodule", "--quiet", "add", str(other), "sub")
    assert repository.check("--staged").problems == ["about.md:3 broken-link /subs/x.html"]
    there = ["about.md:3 broken-link /sub/x.html", "about.md:3 broken-link /subs/x.html"]
    assert repository.check().problems == there  # it is checked out, and nothing is in it


def test_what_a_partial_clone_lacks_is_unknown(
    repository: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    files = {
        **SITE,
        "index.md": "---\n---\n[a](/deep/) ![h](/img/hip.png)\n",
        "deep/page.md": "---\npermalink: /deep/\n---\n[x](/x/)\n",
    }
    repository.commit({**files, "_data/nav.yml": "a: b\n", "_layouts/plain.html": "---\n---\n{{ content }}\n"})
    source = f"file://{repository.folder}"
    repository.git("clone", "--quiet", "--filter=blob:none", "--sparse", source, str(tmp_path / "partial"))
    os.rename(repository.folder, tmp_path / "gone")  # whoever fetched now would fail
    monkeypatch.chdir(tmp_path / "partial")
    found = repository.check("--staged")
    assert (found.code, found.problems, found.said) == (0, [], "")
    assert found.report["summary"]["unknown"] == 1
    assert found.report["summary"]["assets"] >= 1


def test_a_picture_kept_by_lfs_is_there(repository: Any) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 9\n"
    repository.commit({**SITE, "img/hip.png": pointer})
    assert repository.check("--staged").code == 0


def test_what_filters_make_of_a_file_does_not_count(repository: Any) -> None:
    repository.git("config", "core.autocrlf", "true")
    page = "---\r\ntitle: a\r\n---\r\n[x](/x/)\r\n"
    repository.commit({**SITE, "about.md": page})
    found = repository.check("--staged")
    assert found.problems == ["about.md:4 broken-link /x/"]
    assert "\r" not in repository.git("show", ":about.md")


def test_the_config_and_its_schemas_are_staged_too(repository: Any) -> None:
    repository.commit(SITE)
    config = 'pages: [{match: "about.md", schema: s.json}]\n'
    repository.lay({"contentlint.yml": config, "s.json": '{"required": ["title"]}'})
    found = repository.check("--staged")
    assert found.code == 0
    assert "contentlint.yml is not in the git index" in found.said
    repository.git("add", "contentlint.yml")
    found = repository.check("--staged")
    assert (found.code, "there is no schema s.json" in found.said) == (2, True)
    repository.git("add", "s.json")
    found = repository.check("--staged")
    assert (found.problems, found.said) == (["about.md:1 missing-key title"], "")
    repository.lay({"s.json": "{}", "contentlint.yml": "nonsense"})
    assert repository.check("--staged").problems == found.problems


def test_a_config_that_is_named_may_lie_anywhere(repository: Any, tmp_path: Path) -> None:
    repository.commit(SITE)
    repository.git("rm", "--quiet", "about.md")
    for place in (tmp_path / "mine.yml", repository.folder / "mine.yml"):
        place.write_text('rules: {broken-link: "off"}\n', encoding="utf-8")
        assert repository.check("--staged", "--config", str(place)).code == 0
    assert "there is no config none.yml" in repository.check("--staged", "--config", "none.yml").said


def test_during_a_merge_this_branch_counts(repository: Any) -> None:
    repository.commit(SITE)
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit({"about.md": "---\n---\nTheirs [x](/theirs/).\n", "index.md": None})
    repository.git("checkout", "--quiet", "main")
    repository.commit({"about.md": "---\n---\nOurs [x](/ours/).\n", "index.md": SITE["index.md"] + "\n"})
    repository.git("merge", "topic", check=False)
    found = repository.check("--staged")
    assert found.problems == ["about.md:3 broken-link /ours/"]
    assert "a merge is going on: of about.md and 1 more this branch's version is linted" in found.said
    repository.git("update-index", "--split-index")
    assert repository.check("--staged").problems == found.problems


# -- what cannot be linted ----------------------------------------------------------------------------------------------


def test_an_index_without_the_site_is_told(repository: Any) -> None:
    repository.lay(SITE)
    found = repository.check("--staged")
    assert (found.code, "nothing of this site is in the git index" in found.said) == (2, True)
    assert "git add" in found.said


def test_without_git_that_is_told(repository: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    repository.commit(SITE)
    repository.git("update-index", "--split-index")
    monkeypatch.setenv("PATH", str(tmp_path))
    found = repository.check("--staged")
    assert (found.code, "git cannot be started" in found.said) == (2, True)


def test_a_damaged_index_is_told_in_gits_words(repository: Any) -> None:
    repository.commit(SITE)
    (repository.folder / ".git/index").write_bytes(b"DIRC nonsense")
    found = repository.check("--staged")
    assert found.code == 2
    assert "git says: " in found.said
    (repository.folder / ".git/index").unlink()
    (repository.folder / ".git/index").mkdir()
    assert "the git index cannot be read" in repository.check("--staged").said


def test_a_damaged_object_is_no_traceback(repository: Any) -> None:
    repository.commit(SITE)
    repository.lay({"about.md": "changed"})
    for path in (repository.folder / ".git/objects").glob("??/*"):
        path.chmod(0o600)
        path.write_bytes(b"nonsense")
    found = repository.check("--staged")
    assert found.code in (0, 2)
    assert "Traceback" not in found.said


# -- any change ---------------------------------------------------------------------------------------------------------

PATHS = ["a.md", "b.md", "img/p.png", "_includes/i.html", "_config.yml"]
TEXTS = ["---\n---\n[a](/a.html) ![p](/img/p.png)\n", "---\n---\n{% include i.html %}[b](/b.html)\n", "[z](/z.html)\n"]


@given(
    staged=st.dictionaries(st.sampled_from(PATHS[:4]), st.sampled_from(TEXTS)),
    later=st.dictionaries(st.sampled_from(PATHS[:4]), st.one_of(st.none(), st.sampled_from(TEXTS))),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_staged_is_what_a_checkout_of_the_commit_would_say(
    repository: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    staged: dict[str, str],
    later: dict[str, str | None],
) -> None:
    repository.git("rm", "-r", "--quiet", "--force", "--ignore-unmatch", ".")
    repository.lay({"index.md": "---\n---\n", **staged})
    repository.git("add", "--all")
    repository.lay({path: text for path, text in later.items() if text is not None or path in staged})
    found = repository.check("--staged")
    copy = tmp_path / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    repository.git("checkout-index", "--all", f"--prefix={copy}/")
    monkeypatch.chdir(copy)
    expected = repository.check()
    monkeypatch.chdir(repository.folder)
    assert found.report == expected.report
    repository.git("clean", "--quiet", "-fdx")


# -- what is remembered -------------------------------------------------------------------------------------------------


@pytest.fixture
def staged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`check --staged` as a program, with a cache of its own; how often git's files were really looked at is counted."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent.parent / "lint"))

    def run(*flags: str) -> tuple[int, str, str]:
        command = [sys.executable, "-m", "contentlint", "check", "--staged", "--output-format", "concise", *flags]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.mark.parametrize("page", [SITE["about.md"], "---\n---\n[bad](/bad/)\n"])
def test_the_same_index_gives_the_same_answer(repository: Any, staged: Any, page: str) -> None:
    repository.commit({**SITE, "about.md": page})
    first = staged()
    assert staged() == first
    shutil.rmtree(repository.folder / ".git/objects")  # nobody may have to ask again
    repository.lay({"about.md": None})
    assert staged() == first


def test_another_index_gives_another_answer(repository: Any, staged: Any) -> None:
    repository.commit(SITE)
    assert staged()[0] == 0
    repository.lay({"about.md": "---\n---\n[bad](/bad/)\n"})
    assert staged()[0] == 0
    repository.git("add", "about.md")
    assert (
        staged()[1]
        == "about.md:3:7: error broken-link: link to nothing: no page or file at /bad/ (looked for bad/index.html)\n"
    )
    assert staged("--select", "images")[0] == 0
    assert staged("--no-cache")[0] == 1
    repository.lay({"about.md": SITE["about.md"]})
    repository.git("add", "about.md")
    assert staged()[0] == 0


def test_what_is_staged_while_the_index_is_read_is_told_by_the_next_run(
    repository: Any, staged: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit(SITE)
    read = index.read

    def late(found: Any) -> Any:
        entries = read(found)
        repository.lay({"about.md": "---\n---\n[bad](/bad/)\n"})
        repository.git("add", "about.md")
        return entries

    with monkeypatch.context() as patch:
        patch.setattr(index, "read", late)
        assert cli.execute(["check", "--staged"]) == 0
    assert "/bad/" in staged()[1]


def test_an_index_of_another_name_is_another(repository: Any, staged: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit(SITE)
    shutil.copy(repository.folder / ".git/index", repository.folder / ".git/other")
    repository.git("rm", "--quiet", "about.md")
    assert [staged()[0], staged()[0]] == [1, 1]
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/other")
    assert [staged()[0], staged()[0]] == [0, 0]


def test_what_is_not_staged_is_warned_of_each_time(repository: Any, staged: Any) -> None:
    repository.commit(SITE)
    repository.lay({"contentlint.yml": "rules: {}\n"})
    assert "contentlint.yml is not in the git index" in staged()[2]
    assert "contentlint.yml is not in the git index" in staged()[2]


def test_the_work_tree_and_the_index_are_remembered_apart(repository: Any, staged: Any) -> None:
    repository.commit(SITE)
    repository.git("rm", "--cached", "--quiet", "about.md")
    check = [sys.executable, "-m", "contentlint", "check"]
    codes = [staged()[0], subprocess.run(check, capture_output=True, check=False).returncode]
    assert [*codes, staged()[0], subprocess.run(check, capture_output=True, check=False).returncode] == [1, 0, 1, 0]


def test_what_was_said_is_kept_while_the_index_is_the_same(
    repository: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("contentlint.cache.stamps._SETTLED_AFTER", -(10**12))  # as if it were of long ago
    repository.commit({**SITE, "about.md": "---\n---\n[bad](/bad/)\n"})
    check = ["check", "--staged", "--output-format", "concise", "--cache-dir", str(tmp_path / "cache")]
    index = repository.folder / ".git/index"
    kept = []
    for touched in (True, True, False):
        if touched:
            os.utime(index, (1_000 + len(kept), 1_000))
        assert cli.execute(check) == 1
        assert "about.md:3:7: error broken-link" in capsys.readouterr().out
        kept.append({path: path.read_bytes() for path in (tmp_path / "cache").rglob("*") if path.is_file()})
    assert kept[0] != kept[1] == kept[2]
    repository.git("rm", "--cached", "--quiet", "about.md", "index.md", "_config.yml", "img/hip.png")
    assert cli.execute(check) == 2
    assert "nothing of this site is in the git index" in capsys.readouterr().err


def test_what_had_more_to_tell_is_not_kept(repository: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    repository.commit(SITE)
    repository.lay({"contentlint.yml": "rules: {}\n"})
    for _ in range(2):
        assert cli.execute(["check", "--staged", "--cache-dir", str(tmp_path / "cache")]) == 0
        assert "contentlint.yml is not in the git index" in capsys.readouterr().err
