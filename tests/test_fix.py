"""Fixes are applied as a whole, only where they make nothing worse, and no byte beside them changes."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contentlint import cli, fix, mending, run
from contentlint.diagnostic import Diagnostic, Edit, Fault, Fix, Lines, Report, Severity, Span, UnusableError
from contentlint.fix import Judged

Files = Mapping[str, str | bytes]


def lay_out(root: Path, files: Files) -> None:
    for path, content in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)


def mended(root: Path, files: Files, *, unsafe: bool = False, **asked: tuple[str, ...]) -> fix.Mended:
    lay_out(root, files)
    request = run.Request(cwd=str(root), **asked)  # type: ignore[arg-type]  # only tuples are passed
    result = mending.mend(request, unsafe=unsafe, dry=False)
    mending.write(request, result)
    return result


# -- judged by a judge that looks for words ------------------------------------------------------------------------------


class Words:
    """Judges texts by a list of words that are wrong; each may know its cure."""

    def __init__(self, files: dict[str, bytes], cures: Mapping[str, str | None], *, safe: bool = True) -> None:
        self.files = files
        self.cures = cures
        self.safe = safe
        self.asked = 0

    def __call__(self, changed: Mapping[str, bytes]) -> Judged:
        self.asked += 1
        now = self.files | changed
        found = []
        for path, raw in now.items():
            lines = Lines(raw.decode("utf-8-sig", "replace"))
            for word, cure in self.cures.items():
                at = lines.text.find(word)
                while at >= 0:
                    span = lines.span(at, at + len(word))
                    edits = None if cure is None else Fix(f"write {cure}", (Edit(span, cure),), self.safe)
                    found.append(
                        Diagnostic(
                            path,
                            span,
                            word,
                            word,
                            Severity.ERROR,
                            f"no {word}",
                            "",
                            edits,
                            (),
                            (lines.line(span.line),),
                        )
                    )
                    at = lines.text.find(word, at + 1)
        references = {path: raw.count(b"](") for path, raw in now.items()}
        return Judged(Report(tuple(found)), tuple(found), references, "utf-8")

    def mend(self, *, unsafe: bool = False, blocked: Callable[[str], str] = lambda _: "") -> fix.Mended:
        return fix.mend(self, self.files.__getitem__, unsafe=unsafe, blocked=blocked)


def test_what_is_beside_an_edit_stays() -> None:
    raw = "\ufeffá bad\r\nline\x00 bad \r\n\nbad".encode()
    result = Words({"a": raw}, {"bad": "good"}).mend()
    assert result.after == {"a": raw.replace(b"bad", b"good")}
    assert result.before == {"a": raw}
    assert len(result.fixed) == 3
    assert result.report.diagnostics == ()


def test_of_overlapping_fixes_the_first_comes_first_and_the_other_in_the_next_round() -> None:
    judge = Words({"a": b"xabcx"}, {"ab": "AB", "bc": "BC"})
    result = judge.mend()
    assert result.after == {"a": b"xABcx"}
    assert [each.rule for each in result.fixed] == ["ab"]
    judge = Words({"a": b"xabcx"}, {"ab": "b", "bc": "BC"})
    assert judge.mend().after == {"a": b"xBCx"}


def test_fixes_that_never_settle_are_told_and_nothing_is_written() -> None:
    rounds = 0

    def judge(_: Mapping[str, bytes]) -> Judged:
        nonlocal rounds
        rounds += 1
        place = Span(1, 1, 1, 2)
        fixes = [Fix("write it", (Edit(place, chr(number)),), safe=True) for number in range(97 + rounds, 297)]
        found = tuple(
            Diagnostic("a", place, each.edits[0].text, "endless", Severity.ERROR, "again", fix=each) for each in fixes
        )
        return Judged(Report(found), found, {}, "utf-8")

    with pytest.raises(UnusableError, match="do not settle: after 100 rounds endless has still one to apply here"):
        fix.mend(judge, lambda _: b"a")


def test_a_fix_that_does_not_help_is_left_out() -> None:
    result = Words({"a": b"bad"}, {"bad": "bad!"}).mend()
    assert result.after == {}
    assert [each.why for each in result.left] == ["it would make a new problem, bad at a:1"]
    assert result.report.diagnostics[0].fix is None


def test_a_fix_that_makes_a_new_problem_is_left_out_and_the_others_are_applied() -> None:
    judge = Words({"a": b"bad bad", "b": b"worse", "c": b"bad"}, {"bad": "good", "worse": "ugly", "ugly": None})
    result = judge.mend()
    assert result.after == {"a": b"good good", "c": b"good"}
    assert [(each.diagnostic.path, each.why) for each in result.left] == [
        ("b", "it would make a new problem, ugly at b:1")
    ]
    assert judge.asked == 4, "once with all, once without the guilty one, once more when others are fixed"


def test_of_several_suspects_the_guilty_one_is_found_by_halves() -> None:
    judge = Words({"a": b"bad worse bad bad"}, {"bad": "good", "worse": "ugly", "ugly": None})
    result = judge.mend()
    assert result.after == {"a": b"good worse good good"}
    assert [each.diagnostic.rule for each in result.left] == ["worse"]


def test_a_fix_that_loses_a_link_is_left_out() -> None:
    result = Words({"a": b"[x](bad) bad"}, {"](bad": ""}).mend()
    assert result.after == {}
    assert [each.why for each in result.left] == ["a reference would be lost at a:1"]


def test_a_fix_that_moves_a_page_is_blamed_for_the_links_to_it() -> None:
    class Moving(Words):
        def __call__(self, changed: Mapping[str, bytes]) -> Judged:
            judged = super().__call__(changed)
            if b"/old/" in (self.files | changed)["page"]:
                return judged
            new = Diagnostic("links", Span(1, 1, 1, 2), "/old/", "broken", Severity.ERROR, "no page at /old/")
            return judged._replace(problems=(*judged.problems, new))

    judge = Moving({"page": b"/old/", "links": b"bad", "more": b"bad"}, {"/old/": "/new/", "bad": "good"})
    result = judge.mend()
    assert result.after == {"links": b"good", "more": b"good"}
    assert [each.diagnostic.path for each in result.left] == ["page"]


def test_unsafe_fixes_wait_to_be_asked_for() -> None:
    judge = Words({"a": b"bad"}, {"bad": "good"}, safe=False)
    assert judge.mend().after == {}
    assert judge.mend(unsafe=True).after == {"a": b"good"}


def test_problems_with_one_fix_are_fixed_at_once() -> None:
    span = Span(1, 1, 1, 4)
    one = Fix("remove it", (Edit(span, ""),), safe=True)

    def judge(changed: Mapping[str, bytes]) -> Judged:
        both = [
            Diagnostic("a", Span(1, at, 1, at + 1), name, "rule", Severity.ERROR, name, "", one, (), ("abc",))
            for at, name in ((1, "x"), (2, "y"))
        ]
        found = () if changed else tuple(both)
        return Judged(Report(found), found, {}, "utf-8")

    result = fix.mend(judge, lambda _: b"abc")
    assert result.after == {"a": b""}
    assert [each.value for each in result.fixed] == ["x", "y"]


def test_a_file_that_is_not_wholly_text_is_left() -> None:
    result = Words({"a": b"bad \xff"}, {"bad": "good"}).mend()
    assert [(each.why, each.unwritable) for each in result.left] == [("it is not wholly text in UTF-8", True)]


def test_what_the_encoding_lacks_is_not_written() -> None:
    judge = Words({"a": b"bad"}, {"bad": "g\u00f6\u00f6d"})
    ascii_only: Callable[[Mapping[str, bytes]], Judged] = lambda changed: judge(changed)._replace(encoding="ascii")  # noqa: E731
    result = fix.mend(ascii_only, judge.files.__getitem__)
    assert [each.why for each in result.left] == ["ASCII has no such characters"]


def test_text_that_would_be_written_with_other_bytes_is_left() -> None:
    judge = Words({"a": b"bad"}, {"bad": "good"})
    raw = codecs_utf7 = b"+AGIAYQBk-"
    seven: Callable[[Mapping[str, bytes]], Judged] = lambda changed: judge(changed)._replace(encoding="utf-7")  # noqa: E731
    result = fix.mend(seven, lambda _: codecs_utf7)
    assert raw.decode("utf-7") == "bad"
    assert [each.why for each in result.left] == ["it is not wholly text in UTF-7"]


def test_what_cannot_be_written_or_read_is_left_and_told() -> None:
    judge = Words({"a": b"bad", "b": b"bad", "c": b"bad"}, {"bad": "good"})

    def read(path: str) -> bytes:
        if path == "b":
            raise PermissionError(13, "Permission denied")
        return judge.files[path]

    result = fix.mend(judge, read, blocked=lambda path: "it is read-only" if path == "a" else "")
    assert result.after == {"c": b"good"}
    assert [(each.why, each.unwritable) for each in result.left] == [
        ("it is read-only", True),
        ("it cannot be read: Permission denied", True),
    ]


@pytest.mark.parametrize("now", [b"other", b"", b"first\nsecond\nis bad"])
def test_a_file_that_changes_while_it_is_judged_is_told(now: bytes) -> None:
    judge = Words({"a": b"first\nsecond\nbad"}, {"bad": "good"})
    with pytest.raises(UnusableError, match="this file has changed meanwhile"):
        fix.mend(judge, lambda _: now)


def test_a_fix_that_makes_the_site_unusable_is_left_out() -> None:
    judge = Words({"a": b"bad"}, {"bad": "good"})

    def judged(changed: Mapping[str, bytes]) -> Judged:
        if changed:
            raise UnusableError(Fault("_config.yml", None, "this is no config"))
        return judge(changed)

    result = fix.mend(judged, judge.files.__getitem__)
    assert [each.why for each in result.left] == ["this is no config"]


# -- files ---------------------------------------------------------------------------------------------------------------

PAGE = "---\n---\n![The hip](/img/hip.PNG)\n"
FIXED = "---\n---\n![The hip](/img/hip.png)\n"
SITE = {"index.md": PAGE, "img/hip.png": ""}


def test_a_file_keeps_its_mode_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    lay_out(tmp_path, SITE)
    (tmp_path / "index.md").chmod(0o640)
    mended(tmp_path, {})
    assert (tmp_path / "index.md").read_text() == FIXED
    assert (tmp_path / "index.md").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["img", "index.md"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only the superuser gives files away")
def test_a_file_keeps_its_owner(tmp_path: Path) -> None:
    lay_out(tmp_path, SITE)
    os.chown(tmp_path / "index.md", 12345, 12346)
    mended(tmp_path, {})
    status = (tmp_path / "index.md").stat()
    assert (status.st_uid, status.st_gid) == (12345, 12346)


def test_a_link_to_a_file_inside_is_followed(tmp_path: Path) -> None:
    lay_out(tmp_path, {"about.md": "---\n---\n", "img/hip.png": "", "text/page": PAGE})
    (tmp_path / "index.md").symlink_to("text/page")
    mended(tmp_path, {})
    assert (tmp_path / "index.md").is_symlink()
    assert (tmp_path / "text" / "page").read_text() == FIXED


def test_data_and_the_generators_config_are_fixed_too(tmp_path: Path) -> None:
    shown = ["site.logo", "page.hero", "site.data.list[0].image", "site.data.nav.pic", "site.data.t[0].pic"]
    files: dict[str, str | bytes] = {
        "_config.yml": "url: https://a.example\nlogo: '/img/HIP.png' # big\n",
        "_data/list.yml": b"\xef\xbb\xbf- title: A\r\n  image: /img/Hip.png\r\n",
        "_data/nav.json": '{"pic": "/img/hip.PNG", "x": 1}',
        "_data/t.csv": 'name,pic\nA,"/img/hiP.png"\n',
        "img/hip.png": "",
        "index.md": "---\nhero: >-\n  /img/HIP.png\n---\n"
        + " ".join(f'<img src="{{{{ {each} }}}}">' for each in shown),
    }
    result = mended(tmp_path, files)
    assert result.left == ()
    wrong = re.compile("hip[.]png", re.IGNORECASE)
    for path, content in files.items():
        raw = content.encode() if isinstance(content, str) else content
        assert (tmp_path / path).read_bytes().decode() == wrong.sub("hip.png", raw.decode()), path


def test_a_link_to_a_file_outside_is_never_written(tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    lay_out(tmp_path, {"outside.md": PAGE, "site/img/hip.png": "", "site/about.md": "---\n---\n"})
    (tmp_path / "site" / "index.md").symlink_to(outside)
    assert fix.blocked(str(tmp_path / "site"), "index.md") == "it leads out of the project"
    mended(tmp_path / "site", {})
    assert outside.read_text() == PAGE


def test_a_file_with_several_names_is_left(tmp_path: Path) -> None:
    lay_out(tmp_path, SITE)
    os.link(tmp_path / "index.md", tmp_path / "img" / "other")
    result = mended(tmp_path, {})
    assert (tmp_path / "index.md").read_text() == PAGE
    assert [each.unwritable for each in result.left] == [True]
    assert "several names" in result.left[0].why


def test_a_read_only_file_is_left(tmp_path: Path) -> None:
    lay_out(tmp_path, SITE)
    (tmp_path / "index.md").chmod(0o444)
    assert [each.why for each in mended(tmp_path, {}).left] == ["it is read-only"]
    assert (tmp_path / "index.md").read_text() == PAGE


def test_a_read_only_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path, SITE)
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: real(path, mode) and os.path.isfile(path))
    assert fix.blocked(str(tmp_path), "index.md") == "its folder is read-only"


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    assert fix.blocked(str(tmp_path), "index.md") == "it cannot be read: No such file or directory"


def test_a_file_that_changes_before_it_is_written_stays_as_it_is(tmp_path: Path) -> None:
    lay_out(tmp_path, {**SITE, "a.md": PAGE})
    request = run.Request(cwd=str(tmp_path))
    result = mending.mend(request, unsafe=False, dry=False)
    (tmp_path / "index.md").write_text("other")
    with pytest.raises(UnusableError, match="changed meanwhile") as told:
        mending.write(request, result)
    assert told.value.faults[0].help == "nothing was written; run it again"
    assert (tmp_path / "a.md").read_text() == PAGE
    assert (tmp_path / "index.md").read_text() == "other"


def test_a_disk_that_is_full_leaves_each_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path, {**SITE, "a.md": PAGE})
    request = run.Request(cwd=str(tmp_path))
    result = mending.mend(request, unsafe=False, dry=False)
    real = os.fsync
    left = [1]

    def full(handle: int) -> None:
        if not left.pop() if left else True:
            raise OSError(28, "No space left on device", str(tmp_path / "index.md"))
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UnusableError, match="cannot be written: No space left on device") as told:
        mending.write(request, result)
    assert told.value.faults[0].help == "1 file before it are fixed; run it again"
    assert (tmp_path / "a.md").read_text() == FIXED
    assert (tmp_path / "index.md").read_text() == PAGE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.md", "img", "index.md"]


# -- whole sites: properties ---------------------------------------------------------------------------------------------

BEFORE = {
    "_config.yml": "url: https://atlas.example\nplugins: [jekyll-redirect-from]\nurlimg: /img/\n",
    "contentlint.yml": "rules: {own-host-link: warning, link-to-redirect: warning, duplicate-anchor: error}\n"
    "pages:\n  - match: 'hip/{name}.md'\n    schema: page.json\n    permalink: '/hip/{name}/'\n",
    "page.json": '{"properties": {"permalink": {}, "title": {}, "hero": {}, "layout": {}, "gallery": {}, '
    '"side": {"enum": ["left", "right"]}}, "additionalProperties": false}',
    "_includes/gallery": '{% for item in page.gallery %}<img src="{{ site.urlimg }}{{ item.url }}" alt="">{% endfor %}',
    "_layouts/page.html": '<img src="{{ page.hero }}" alt="">{{ content }}',
    "img/Hip Side (1).png": "",
    "img/cafe\u0301.png": "",
    "img/muscle/psoas-major-1.png": "",
    "img/muscle/psoas-major-2.png": "",
    "about.md": "---\npermalink: /about/\nredirect_from: /who/\n---\n## Origin of all\n",
    "atlas/start.md": "---\n---\n## Twice {#a}\n\n## Twice {#b}\n",
}
FRONT = [
    "title: 'It''s: the \"hip\"' # a remark",
    "side: lefft",
    'side: "rigth"',
    "side:   left   ",
    "hero: /img/Hip Side (1).PNG",
    "hero: img/caf\u00e9.png",
    'hero: "/img/caf\u00e9.PNG"',
    "hero: '/img/muscle/psoas-major-1.PNG' # big",
    "moood: 1",
    "mood:\n  - a\n  - b: c # deep",
    "title: again",
    "permalink: /hip/psaos/",
    "gallery:\n  - url: muscle/psoas-major-1.PNG\n  - {url: 'muscle/psoas-mjaor-2.png'}\n  - url: muscle/psoas-major-3.png",
    "galery: [{url: muscle/psoas-major-2.png}]",
    "# contentlint: ignore[missing-image]",
]
BODY = [
    'Text, and ![a](</img/Hip Side (1).PNG> "The hip\'s") more.',
    "![a](/img/hip%20Side%20(1).png) ![b](/img/caf%C3%A9.png) ![c](../img/caf\u00e9.png)",
    '<img alt="x" src="/img/Hip%20Side%20(1).PNG?v=1&amp;w=2#x">',
    "<a href='/About/'>a</a> <a href=/about/#orgin-of-all>b</a>",
    "[a](/abuot/) [b][ref] [c](https://atlas.example/about/#origin-of-all) <https://atlas.example/about/>",
    "[ref]: <https://atlas.example/Atlas/start.html#a> 'Start'",
    "[a](/who/) [b]({{ '/who/' | relative_url }}#origin-of-all) [c]({{ site.baseurl }}/About/#origin-of-all)",
    "[a](atlas/start.html#A) [b]({% link abuot.md %}) {% include galery %} {% include gallery %}",
    "<!-- contentlint: ignore[broken-link, missing-image] for now -->",
    "* one\n\n<!-- contentlint: ignore -->\n\n* two",
    "Text <!-- contentlint: ignore[brokn-link] --> [a](/nowhere/)",
    "{% comment %} contentlint: ignore-file[images] {% endcomment %}",
    "[a](/about/#nothing-like-it) `![x](/img/x.PNG)` \u00a0\u2028",
    "    [code](/About/)",
    "{% raw %}{{ x }}{% endraw %} [a](/About/)",
    "",
    "No fault at all, [home](/about/).",
]
page_text = st.builds(
    lambda front, body, end, mark, last: (
        mark + end.join("\n".join(["---", *front, "---", *body]).split("\n")) + end * last
    ),
    st.lists(st.sampled_from(FRONT), max_size=5, unique_by=lambda line: line.partition(":")[0]),
    st.lists(st.sampled_from(BODY), max_size=6),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\ufeff"]),
    st.booleans(),
)


def problems(root: Path) -> Counter[tuple[str, str, str]]:
    found = run.check(run.Request(cwd=str(root))).diagnostics
    return Counter((each.path, each.rule, each.value) for each in found)


@settings(max_examples=settings.default.max_examples // 8, deadline=None)
@given(st.lists(page_text, min_size=1, max_size=3), st.booleans())
def test_fixing_makes_nothing_worse_and_is_done_at_once(pages: list[str], unsafe: bool) -> None:
    names = ["hip/psoas.md", "hip/two.md", "index.md"]
    files = {**BEFORE, **dict(zip(names, pages, strict=False))}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        lay_out(root, files)
        before = problems(root)
        result = mended(root, {}, unsafe=unsafe)
        after = problems(root)
        assert not after - before
        assert before.total() - after.total() >= len(result.fixed)
        assert mended(root, {}, unsafe=unsafe).after == {}
        for name, text in files.items():
            now = (root / name).read_bytes().decode()
            if name not in result.after:
                assert now == text
                continue
            _only_what_was_at_fault_differs(text, now)


def _only_what_was_at_fault_differs(text: str, now: str) -> None:
    assert now.startswith("\ufeff") == text.startswith("\ufeff")
    if "contentlint:" not in text.rstrip().rpartition("\n")[2]:
        assert now.endswith("\n") == text.endswith("\n")
    end = "\r\n" if "\r\n" in text else "\n"
    assert now.count("\n") == now.count(end)
    faultless = [
        "No fault at all, [home](/about/).",
        "title: 'It''s: the \"hip\"' # a remark",
        "side:   left   ",
    ]
    for line in faultless:
        assert now.split(end).count(line) == text.split(end).count(line), line


def test_a_diff_is_made_of_the_files_own_bytes(tmp_path: Path) -> None:
    lay_out(tmp_path, {**SITE, "index.md": b"---\r\n---\r\n\x1b![The hip](/img/hip.PNG) \xc3\xa9", "a b.md": PAGE})
    request = run.Request(cwd=str(tmp_path))
    result = mending.mend(request, unsafe=False, dry=True)
    expected = [
        b"--- a/a b.md\n",
        b"+++ b/a b.md\n",
        b"@@ -1,3 +1,3 @@\n",
        b" ---\n",
        b" ---\n",
        b"-![The hip](/img/hip.PNG)\n",
        b"+![The hip](/img/hip.png)\n",
        b"--- a/index.md\n",
        b"+++ b/index.md\n",
        b"@@ -1,3 +1,3 @@\n",
        b" ---\r\n",
        b" ---\r\n",
        b"-\x1b![The hip](/img/hip.PNG) \xc3\xa9\n\\ No newline at end of file\n",
        b"+\x1b![The hip](/img/hip.png) \xc3\xa9\n\\ No newline at end of file\n",
    ]
    assert list(fix.diff(result)) == expected
    shown = list(mending.diff(result, colour=False))
    assert shown[-4:] == [
        "-\\x1b![The hip](/img/hip.PNG) \u00e9",
        "\\ No newline at end of file",
        "+\\x1b![The hip](/img/hip.png) \u00e9",
        "\\ No newline at end of file",
    ]
    painted = list(mending.diff(result, colour=True))
    assert painted[:3] == ["\x1b[1m--- a/a b.md\x1b[0m", "\x1b[1m+++ b/a b.md\x1b[0m", "\x1b[36m@@ -1,3 +1,3 @@\x1b[0m"]
    assert list(mending.told(result, dry=True)) == ["Would fix 2 problems in 2 files."]
    assert list(mending.told(result, dry=False)) == ["Fixed 2 problems in 2 files."]
    assert list(mending.left(result)) == []


def test_what_is_left_is_told_with_its_reason(tmp_path: Path) -> None:
    lay_out(tmp_path, {**SITE, "b.md": PAGE * 2, "c.md": "---\n---\n[x](/abut.html#no)\n", "about.md": "---\n---\n"})
    (tmp_path / "b.md").chmod(0o444)
    request = run.Request(cwd=str(tmp_path), select=("images",))
    result = mending.mend(request, unsafe=True, dry=False)
    assert list(mending.left(result)) == ["b.md: error: not fixed: it is read-only"]
    span = Span(3, 5, 3, 9)
    note = fix.Left(Diagnostic("c.md", span, "x", "broken-link", Severity.ERROR, "no"), "it would make a new problem")
    assert list(mending.left(result._replace(left=(note,)))) == [
        "c.md:3:5: note: broken-link is not fixed: it would make a new problem"
    ]
    nothing = result._replace(fixed=(), after={})
    assert list(mending.told(nothing, dry=False)) == []
    assert list(mending.told(nothing, dry=True)) == ["Would fix 0 problems."]
    assert list(mending.diff(nothing, colour=False)) == []


def test_stdin_stands_for_its_file(tmp_path: Path) -> None:
    lay_out(tmp_path, SITE)
    request = run.Request(cwd=str(tmp_path), stdin_name="index.md", stdin=PAGE.replace("\n", "\r\n").encode())
    result = mending.mend(request, unsafe=False, dry=False)
    assert mending.fixed_stdin(request, result) == FIXED.replace("\n", "\r\n").encode()
    clean = run.Request(cwd=str(tmp_path), stdin_name="index.md", stdin=FIXED.encode())
    assert mending.fixed_stdin(clean, mending.mend(clean, unsafe=False, dry=False)) == FIXED.encode()


# -- as users run it -----------------------------------------------------------------------------------------------------


class Done(NamedTuple):
    """What a command line came to."""

    returncode: int
    stdout: bytes
    stderr: bytes


@pytest.fixture
def contentlint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., Done]:
    monkeypatch.chdir(tmp_path)

    def ran(*arguments: str, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = cli.execute(["check", "--no-cache", *arguments])
        return Done(code, *capfdbinary.readouterr())

    return ran


Ran = Callable[..., Done]


def test_fix_writes_and_reports_what_is_left(contentlint: Ran, tmp_path: Path) -> None:
    lay_out(tmp_path, {**SITE, "a.md": "---\n---\n[x](/nowhere/)\n"})
    done = contentlint("--fix", "--statistics")
    assert done.returncode == 1
    assert b"[x](/nowhere/)" in done.stdout
    assert b"hip" not in done.stdout
    assert done.stderr.decode().splitlines() == [
        "     1  error    broken-link",
        "Fixed 1 problem in 1 file.",
        "Found 1 error in 2 pages (2 references).",
    ]
    assert (tmp_path / "index.md").read_text() == FIXED
    (tmp_path / "a.md").unlink()
    done = contentlint("--fix")
    assert (done.returncode, done.stdout) == (0, b"")


def test_a_diff_is_shown_and_nothing_written(contentlint: Ran, tmp_path: Path) -> None:
    files = {"index.md": PAGE.replace("\n", "\r\n").removesuffix("\r\n").encode() + b" \xc3\xa9", "img/hip.png": ""}
    lay_out(tmp_path, files)
    done = contentlint("--diff")
    assert done.returncode == 1
    assert done.stderr == b"Would fix 1 problem in 1 file.\n"
    assert (tmp_path / "index.md").read_bytes() == files["index.md"]
    patched = subprocess.run(["git", "apply"], cwd=tmp_path, input=done.stdout, capture_output=True, check=False)
    assert patched.returncode == 0, patched.stderr
    assert (tmp_path / "index.md").read_bytes() == files["index.md"].replace(b"PNG", b"png")  # type: ignore[union-attr]
    done = contentlint("--diff")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"Would fix 0 problems.\n")


def test_a_diff_of_warnings_alone_is_no_clean_site(contentlint: Ran, tmp_path: Path) -> None:
    lay_out(tmp_path, {"index.md": "---\n---\n<!-- contentlint: ignore[broken-link] -->\n[x](/)\n"})
    assert contentlint("--diff").returncode == 1
    assert contentlint("--diff", "--fail-on", "never").returncode == 0
    assert contentlint("--diff", "-o", "x.diff").stdout == b""
    assert (tmp_path / "x.diff").read_text().startswith("--- a/index.md\n+++ b/index.md\n@@")
    told = contentlint("--diff", "-o", "no/x.diff")
    assert told.returncode == 2
    assert b"cannot write no/x.diff" in told.stderr


def test_a_diff_for_people_is_coloured_and_hides_nothing(contentlint: Ran, tmp_path: Path) -> None:
    lay_out(tmp_path, {"index.md": "---\n---\n\x1b[31m\n![The hip](/img/hip.PNG)\n", "img/hip.png": ""})
    shown = contentlint("--diff", "--color", "always").stdout.decode()
    assert "\x1b[31m-![The hip](/img/hip.PNG)\x1b[0m" in shown
    assert "\x1b[32m+![The hip](/img/hip.png)\x1b[0m" in shown
    assert " \\x1b[31m\n" in shown


def test_stdin_comes_out_fixed(contentlint: Ran, tmp_path: Path) -> None:
    lay_out(tmp_path, {**SITE, "a.md": PAGE})
    raw = PAGE.replace("\n", "\r\n").encode()
    done = contentlint("--fix", "--stdin-filename", "index.md", "-", stdin=raw)
    assert done.returncode == 0
    assert done.stdout == raw.replace(b"PNG", b"png")
    assert (tmp_path / "index.md").read_text() == (tmp_path / "a.md").read_text() == PAGE
    done = contentlint("--fix", "--stdin-filename", "index.md", "-", stdin=b"---\n---\n[x](/no/)\n")
    assert (done.returncode, done.stdout) == (1, b"---\n---\n[x](/no/)\n")
    assert b"index.md:3:5: error broken-link" in done.stderr
    done = contentlint("--diff", "--stdin-filename", "index.md", "-", stdin=raw)
    assert done.returncode == 1
    assert done.stdout.startswith(b"--- a/index.md\n")
    arguments = ("--fix", "-o", "report.json", "--output-format", "json", "--stdin-filename", "index.md", "-")
    done = contentlint(*arguments, stdin=raw)
    assert (done.stdout, done.stderr) == (raw.replace(b"PNG", b"png"), b"")
    assert (tmp_path / "report.json").read_text().startswith('{"version": 1')


def test_only_named_files_are_changed(contentlint: Ran, tmp_path: Path) -> None:
    lay_out(tmp_path, {**SITE, "a.md": PAGE})
    assert contentlint("--fix", "a.md").returncode == 0
    assert (tmp_path / "index.md").read_text() == PAGE
    assert (tmp_path / "a.md").read_text() == FIXED


def test_a_narrow_run_still_sees_what_would_be_worse(contentlint: Ran, tmp_path: Path) -> None:
    lay_out(
        tmp_path,
        {
            "contentlint.yml": "pages:\n  - match: 'hip/{name}.md'\n    permalink: '/hip/{name}/'\n",
            "hip/psoas.md": "---\npermalink: /psaos/\n---\n",
            "index.md": "---\n---\n[x](/psaos/)\n",
        },
    )
    done = contentlint("--fix", "--unsafe-fixes", "--select", "permalink-path-mismatch", "hip")
    assert done.returncode == 1
    assert done.stderr.decode().splitlines()[0] == (
        "hip/psoas.md:2:12: note: permalink-path-mismatch is not fixed: it would make a new problem, broken-link at index.md:3"
    )
    assert b"[*]" not in done.stdout
    assert contentlint("--unsafe-fixes").stdout.count(b"[*]") == 1


def test_what_cannot_be_written_is_bad_usage(contentlint: Ran, tmp_path: Path) -> None:
    lay_out(tmp_path, {**SITE, "a.md": PAGE * 2})
    (tmp_path / "a.md").chmod(0o444)
    done = contentlint("--fix", "-q")
    assert done.returncode == 2
    assert done.stderr == b"a.md: error: not fixed: it is read-only\n"
    assert (tmp_path / "index.md").read_text() == FIXED
    assert contentlint("--diff", "-q").returncode == 1


@pytest.mark.parametrize("flag", ["--fix", "--diff"])
def test_what_is_staged_or_new_is_not_fixed(contentlint: Ran, tmp_path: Path, flag: str) -> None:
    lay_out(tmp_path, SITE)
    for other in (("--staged",), ("--since", "HEAD")):
        done = contentlint(flag, *other)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.startswith(f"error: {other[0]} ".encode())
    assert (tmp_path / "index.md").read_text() == PAGE


def test_a_process_that_is_told_to_fix_fixes(outside: dict[str, str], tmp_path: Path) -> None:
    lay_out(tmp_path, SITE)
    paths = os.pathsep.join([str(Path(run.__file__).parent.parent), outside["PYTHONPATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "contentlint", "check", "--fix", "--statistics"],
        cwd=tmp_path,
        env=outside | {"PYTHONPATH": paths, "XDG_CACHE_HOME": str(tmp_path / "cache")},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.splitlines()[0] == b"Fixed 1 problem in 1 file."
    assert (tmp_path / "index.md").read_text() == FIXED


def test_the_summary_counts_what_could_be_fixed(contentlint: Ran, tmp_path: Path) -> None:
    lay_out(tmp_path, {**SITE, "about.md": "---\n---\n[x](/abut.html)\n"})
    assert contentlint().stderr.decode().splitlines()[1] == (
        "[*] 1 fixable with `--fix` (1 unsafe fix available with `--fix --unsafe-fixes`)."
    )
    assert contentlint("--unsafe-fixes").stderr.decode().splitlines()[1] == "[*] 2 fixable with `--fix --unsafe-fixes`."
    contentlint("--fix")
    assert contentlint().stderr.decode().splitlines()[1] == (
        "No safe fixes available (1 unsafe fix available with `--fix --unsafe-fixes`)."
    )


def test_what_a_baseline_knows_stays(tmp_path: Path) -> None:
    lay_out(tmp_path, SITE)
    request = run.Request(cwd=str(tmp_path))
    silent = mending.mend(request, lambda report: Report((), report.summary), unsafe=True, dry=False)
    assert silent.after == {}
