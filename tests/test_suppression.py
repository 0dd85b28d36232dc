"""Comments by which authors live with a fault: every form, in every place, and what is said of those that do nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from contentlint import run, suppression

FRONT = "---\n---\n"


def lint(folder: Path, files: dict[str, str], **words: tuple[str, ...]) -> list[tuple[str, int, str, str]]:
    for path, content in files.items():
        full = folder / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(content, encoding="utf-8")
    report = run.check(run.Request(cwd=str(folder), **words))
    return [(each.path, each.span.line, each.rule, each.value) for each in report.diagnostics]


@pytest.mark.parametrize(
    "body",
    [
        "<!-- contentlint: ignore[broken-link] moving house -->\n[A](/none/)\n",
        "<!-- contentlint: ignore[broken-link] -->\n\n\n[A](/none/)\n",
        "<!-- contentlint: ignore[broken-anchor, broken-link] -->\n[A](/none/) [b](#none)\n",
        "<!-- contentlint: ignore[links] a group -->\n[A](/none/)\n",
        "<!-- contentlint: ignore -->\n[A](/none/)\n",
        "<!--contentlint:ignore[broken-link]-->\n[A](/none/)\n",
        "<!--\n  contentlint: ignore[broken-link]\n  moving house\n-->\n[A](/none/)\n",
        "[A](/none/) <!-- contentlint: ignore[broken-link] -->\n",
        "{% comment %} contentlint: ignore[broken-link] {% endcomment %}\n[A](/none/)\n",
        "{%- comment -%} contentlint: ignore[broken-link] {%- endcomment -%}\n[A](/none/)\n",
        "[A](/none/) {% comment %} contentlint: ignore[broken-link] {% endcomment %}\n",
        "<!-- contentlint: ignore[broken-link] -->\n<!-- contentlint: ignore[broken-anchor] -->\n[A](/none/) [b](#none)\n",
        "<!-- contentlint: ignore-file[broken-link] -->\n\nText.\n\n[A](/none/)\n",
        "[A](/none/)\n\nText.\n\n<!-- contentlint: ignore-file[broken-link] -->\n",
        "<!-- contentlint: ignore-file -->\n\nText.\n\n[A](/none/)\n",
    ],
)
def test_it_covers_the_next_line_with_text_its_own_or_the_file(tmp_path: Path, body: str) -> None:
    assert lint(tmp_path, {"index.md": FRONT + body}) == []


@pytest.mark.parametrize(
    "front",
    [
        "# contentlint: ignore[invalid-value] why\nmood: odd\n",
        "mood: odd # contentlint: ignore[invalid-value]\n",
        "title: x\n# contentlint: ignore[front-matter]\n\nmood: odd\n",
        "# contentlint: ignore-file[invalid-value]\ntitle: x\nmood: odd\n",
    ],
)
def test_a_hash_does_so_in_front_matter_and_data(tmp_path: Path, front: str) -> None:
    files = {
        "contentlint.yml": "pages:\n  - match: 'index.md'\n    schema: s.json\n"
        "data:\n  - match: _data/moods.yml\n    schema: s.json\n",
        "s.json": '{"properties": {"mood": {"enum": ["good"]}}}',
        "index.md": f"---\n{front}---\n",
        "_data/moods.yml": front,
    }
    assert lint(tmp_path, files) == []


def test_behind_the_opening_line_it_covers_that_line_too(tmp_path: Path) -> None:
    files = {
        "contentlint.yml": "pages:\n  - match: '*.md'\n    schema: s.json\n",
        "s.json": '{"required": ["title"]}',
        "index.md": "---\n# contentlint: ignore[missing-key] none yet\nmood: good\n---\n",
        "late.md": "---\nmood: good\n# contentlint: ignore[missing-key] too late\nface: round\n---\n",
    }
    assert lint(tmp_path, files) == [
        ("late.md", 1, "missing-key", "title"),
        ("late.md", 3, "unused-suppression", "missing-key"),
    ]


def test_it_works_in_includes_layouts_data_and_the_generators_config(tmp_path: Path) -> None:
    files = {
        "_config.yml": "defaults:\n  - scope: {path: ''}\n    values:\n      mood: odd # contentlint: ignore[invalid-value]\n",
        "contentlint.yml": "pages:\n  - match: '*.md'\n    schema: s.json\n",
        "s.json": '{"properties": {"mood": {"enum": ["good"]}}}',
        "_includes/nav.html": '<!-- contentlint: ignore[broken-link] -->\n<a href="/none/">x</a>\n',
        "_layouts/l.html": "{% comment %} contentlint: ignore[missing-image] {% endcomment %}\n"
        '<img src="/none.png" alt="x">{{ content }}\n',
        "_data/bad.yml": "# contentlint: ignore-file[invalid-data]\na: [b\n",
        "index.md": "---\nlayout: l\n---\n{% include nav.html %}\n",
    }
    assert lint(tmp_path, files) == []


@pytest.mark.parametrize(
    "body",
    [
        "`<!-- contentlint: ignore[broken-link] -->` [A](/none/)\n",
        "[A](/none/)\n\n```\n<!-- contentlint: ignore-file[broken-link] -->\n```\n",
        "[A](/none/)\n\n    <!-- contentlint: ignore-file[broken-link] -->\n",
        "[A](/none/)\n\n{% raw %}{% comment %} contentlint: ignore-file[broken-link] {% endcomment %}{% endraw %}\n",
        '[A](/none/ "contentlint: ignore[broken-link]")\n',
    ],
)
def test_in_code_and_text_it_is_text(tmp_path: Path, body: str) -> None:
    assert lint(tmp_path, {"index.md": FRONT + body}) == [("index.md", 3, "broken-link", "/none/")]


def test_in_a_quoted_value_it_is_text(tmp_path: Path) -> None:
    page = "---\ntitle: '# contentlint: ignore-file[broken-link]'\ntext: |\n  # contentlint: ignore-file[broken-link]\n---\n"
    assert lint(tmp_path, {"index.md": page + "[A](/none/)\n"}) == [("index.md", 6, "broken-link", "/none/")]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<!-- contentlint: ignore[broken-link] -->\nText.\n", ["broken-link"]),
        ("<!-- contentlint: ignore[broken-link, missing-image] -->\n[A](/none/)\n", ["missing-image"]),
        ("<!-- contentlint: ignore[links] -->\nText.\n", ["links"]),
        ("<!-- contentlint: ignore -->\nText.\n", ["every rule"]),
        ("<!-- contentlint: ignore-file[broken-link] -->\nText.\n", ["broken-link"]),
        ("<!-- contentlint: ignore[] -->\nText.\n", [""]),
        ("<!-- contentlint: ignore[missing-alt] it is off -->\nText.\n", []),
        ("<!-- contentlint: ignore[unused-suppression] -->\nText.\n", ["unused-suppression"]),
        ("<!-- contentlint: ignorance[broken-link] is no word of ours -->\nText.\n", []),
        ("{% if false %}<!-- contentlint: ignore[broken-link] -->{% endif %}\nText.\n", []),
    ],
)
def test_one_that_does_nothing_is_reported(tmp_path: Path, body: str, said: list[str]) -> None:
    found = lint(tmp_path, {"index.md": FRONT + body})
    assert found == [("index.md", 3, "unused-suppression", name) for name in said]


def test_one_for_a_rule_that_did_not_run_is_left_alone(tmp_path: Path) -> None:
    files = {"index.md": FRONT + "<!-- contentlint: ignore[broken-link] -->\nText.\n"}
    assert lint(tmp_path, files, select=("missing-image", "unused-suppression")) == []


def test_an_unknown_name_is_reported_with_the_nearest(tmp_path: Path) -> None:
    page = FRONT + "<!-- contentlint: ignore[brokn-link, links-all, zzz] -->\n[A](/none/)\n"
    (tmp_path / "index.md").write_text(page, encoding="utf-8")
    report = run.check(run.Request(cwd=str(tmp_path)))
    said = [(each.rule, each.value, each.help) for each in report.diagnostics]
    assert said == [
        ("unused-suppression", "brokn-link", "did you mean broken-link?"),
        ("unused-suppression", "links-all", ""),
        ("unused-suppression", "zzz", ""),
        ("broken-link", "/none/", ""),
    ]


def test_what_is_suppressed_is_counted(tmp_path: Path) -> None:
    page = FRONT + "<!-- contentlint: ignore[broken-link] -->\n[A](/none/) [b](/none/)\n"
    (tmp_path / "index.md").write_text(page, encoding="utf-8")
    report = run.check(run.Request(cwd=str(tmp_path)))
    assert (report.summary.suppressed, report.diagnostics) == (2, ())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<!-- contentlint: ignore[a] --> text", 1),
        ("<!-- contentlint: ignore[a] -->", 1),
        ("<!-- contentlint: ignore[a] -->\n\n", 3),
        ("<!-- contentlint: ignore[a] -->\n{% comment %} contentlint: ignore[b] {% endcomment %}\ntext", 3),
        ("<!-- contentlint: ignore[a] -->\n<!-- another -->\ntext", 2),
    ],
)
def test_the_line_that_is_covered(text: str, line: int) -> None:
    found = suppression.read(text, 0, text.index("-->") + 3)
    assert found is not None
    assert found.line == line


def test_a_comment_without_our_word_is_none() -> None:
    assert suppression.read("<!-- contentlint is a linter -->", 0, 32) is None


COMMENT = "<!-- contentlint: ignore[a] why -->"


@pytest.mark.parametrize(
    ("text", "left", "safe"),
    [
        (f"x\n{COMMENT}\ny\n", "x\ny\n", True),
        (f"x\r\n  {COMMENT}\r\ny", "x\r\ny", True),
        (f"x\n{COMMENT}", "x\n", True),
        (f"x {COMMENT}\ny", "x\ny", True),
        (f"x {COMMENT} y", "x y", True),
        (f"x {COMMENT}y", "x y", True),
        (f"* x\n\n{COMMENT}\n\n* y\n", "* x\n\n\n* y\n", False),
        (f"* x\n\n{COMMENT}\n    y\n", "* x\n\n    y\n", False),
        (f"## x\n\n{COMMENT}\n* y\n", "## x\n\n* y\n", True),
        (f"{COMMENT}\n* y\n", "* y\n", True),
        (f"x\n\n{COMMENT}\n{{: .big}}\n", "x\n\n{: .big}\n", False),
        (f"x\n{COMMENT}\n\n{{% include y %}}\n", "x\n\n{% include y %}\n", True),
        ("a: 1 # contentlint: ignore[a]\nb: 2", "a: 1\nb: 2", True),
        ("a: 1\n  # contentlint: ignore[a]\n- b", "a: 1\n- b", True),
        ("x\n{% comment %} contentlint: ignore[a] {% endcomment %}\ny", "x\n\ny", True),
        ("x\n{%- comment %} contentlint: ignore[a] {% endcomment -%}\ny", "x\n\ny", False),
    ],
)
def test_a_comment_is_taken_away(text: str, left: str, safe: bool) -> None:
    start = min(at for mark in ("<!--", "# contentlint", "{%- comment", "{% comment") if (at := text.find(mark)) >= 0)
    ends = [text.find(mark, start) + len(mark) for mark in ("-->", "endcomment %}", "endcomment -%}") if mark in text]
    end = ends[0] if ends else text.find("]") + 1
    found = suppression.read(text, start, end)
    assert found is not None
    (low, high, new), is_safe = suppression.removal(text, found, [0])
    assert (text[:low] + new + text[high:], is_safe) == (left, safe)


@pytest.mark.parametrize(
    ("names", "gone", "left"),
    [("a, b", [0], "b"), ("a, b", [1], "a"), ("a b  c", [1], "a, c"), ("a,b", [0, 1], None), ("", [], None)],
)
def test_a_name_is_taken_out_of_a_comment(names: str, gone: list[int], left: str | None) -> None:
    text = f"x\n<!-- contentlint: ignore{f'[{names}]' if names else ''} why -->\ny"
    found = suppression.read(text, 2, text.index("-->") + 3)
    assert found is not None
    (low, high, new), _ = suppression.removal(text, found, gone)
    expected = "x\ny" if left is None else f"x\n<!-- contentlint: ignore[{left}] why -->\ny"
    assert text[:low] + new + text[high:] == expected


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<!-- contentlint: ignore -->\n[A](/none/)\n", {"select": ("unused-suppression",)}),
        ("<!-- contentlint: ignore -->\n[A](/none/)\n", {"ignore": ("broken-link",)}),
        ("<!-- contentlint: ignore[links] -->\n[A](/none/)\n", {"ignore": ("broken-link",)}),
    ],
)
def test_what_a_rule_that_did_not_run_may_need_is_left(
    tmp_path: Path, body: str, words: dict[str, tuple[str, ...]]
) -> None:
    assert lint(tmp_path, {"index.md": FRONT + body}, **words) == []


@pytest.mark.parametrize(("count", "mended"), [(100, True), (5_000, False)])
def test_a_comment_with_very_many_names_costs_no_more_than_they_are(tmp_path: Path, count: int, mended: bool) -> None:
    names = ["broken-link, no-such"] * (count // 2)
    (tmp_path / "index.md").write_text(f"{FRONT}<!-- contentlint: ignore[{', '.join(names)}] -->\nText.\n")
    found = run.check(run.Request(cwd=str(tmp_path))).diagnostics
    assert len(found) == count
    assert {each.fix is not None for each in found if each.value == "broken-link"} == {mended}


def test_a_line_too_long_to_show_is_not_carried_along(tmp_path: Path) -> None:
    (tmp_path / "index.md").write_text("---\n---\n" + "[gone](/gone/) " * 1000, encoding="utf-8")
    found = run.check(run.Request(cwd=str(tmp_path))).diagnostics
    assert len(found) == 1000
    assert not any(each.source_lines for each in found)


def test_a_comment_behind_what_only_looks_like_its_tag_keeps_it() -> None:
    text = "{{ x %} contentlint: ignore[broken-link] {% endcomment %}"
    found = suppression.read(text, 7, text.index("{% end"))
    assert found is not None
    (low, high, new), _ = suppression.removal(text, found, [0])
    assert text[:low] + new + text[high:] == "{{ x %}{% endcomment %}"
