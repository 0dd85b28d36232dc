"""What users are promised, on small sites: one fault gives one report, at its place, and bad input one clear message."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import contentlint
from contentlint.cli import execute

PAGE = (Path(__file__).parent / "data" / "contract" / "page.md").read_text(encoding="utf-8")
SOURCE = Path(contentlint.__file__).parent.parent
LAYOUT = (
    '<!doctype html><html lang="en"><head><title>{{ page.title }}</title></head>'
    '<body><a href="/">Home</a>{{ content }}</body></html>\n'
)
REFERENCE = {"type": "string", "x-reference": {"role": "image", "paths": ["{urlimg}{value}"]}}
SCHEMA = {
    "type": "object",
    "required": ["title"],
    "properties": {
        "title": {"type": "string"},
        "images": {"items": {"properties": {"image_name": REFERENCE}}},
        "gallery": {"items": {"properties": {"image_url": REFERENCE}}},
    },
}
HIP = "muscle/hip/gluteusmedius.md"
IMAGES = "assets/images/muscles"
FILES = {
    "_config.yml": "urlimg: /assets/images/\ndefaults:\n  - scope: {path: '', type: pages}\n    values: {layout: page}\n",
    "_layouts/page.html": LAYOUT,
    "_includes/gallery": '{% for item in page.gallery %}<a href="{{ site.urlimg }}{{ item.image_url }}"><img\n'
    ' src="{{ site.urlimg }}{{ item.image_url }}" alt="{{ item.caption }}"></a>{% endfor %}\n',
    "_includes/page-image": '{% assign shown = page.images | where: "image_id", include.im_id %}'
    '{% for item in shown %}<img\n src="{{ site.urlimg }}{{ item.image_name }}" alt="{{ item.image_alt }}">{% endfor %}\n',
    "contentlint.yml": "pages:\n"
    '  - match: "muscle/{region}/{name}.md"\n    schema: page.schema.json\n    permalink: "/muscle/{region}/{name}/"\n'
    "includes:\n"
    '  page-image: {params: {im_id: "images[].image_id"}}\n'
    "  gallery: {needs: [gallery]}\n",
    "page.schema.json": json.dumps(SCHEMA),
    "index.md": "---\ntitle: Home\n---\nThe atlas.\n",
    "muscle/hip/superficial/index.md": "---\ntitle: Superficial\npermalink: /muscle/hip/superficial/\n---\nMuscles.\n",
    HIP: PAGE,
    f"{IMAGES}/gif/Hip-GluteusMedius.gif": "GIF89a",
    **{f"{IMAGES}/png/Hip-GluteusMedius-{number}.png": "" for number in range(1, 17)},
}


class Said(NamedTuple):
    """What is reported: where, by which rule, and the text that the span covers."""

    path: str
    line: int
    rule: str
    covered: str


class Linted(NamedTuple):
    code: int
    said: list[Said]
    rows: list[dict[str, Any]]
    err: str


Lint = Callable[..., Linted]


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for path, content in files.items():
        full = folder / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.fixture
def lint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Lint:
    """Writes a site and lints it through the command; further words are the command's."""

    def run(files: Mapping[str, str | bytes], *words: str) -> Linted:
        write(tmp_path, files)
        code = execute(["check", "--root", str(tmp_path), "--no-cache", "--output-format", "json", *words])
        out, err = capsys.readouterr()
        rows = json.loads(out)["diagnostics"] if out else []
        return Linted(code, [said(tmp_path, row) for row in rows], rows, err)

    return run


def said(folder: Path, row: dict[str, Any]) -> Said:
    lines = (folder / row["path"]).read_bytes().decode("utf-8-sig", "replace").split("\n")
    first, last = row["line"] - 1, row["end_line"] - 1
    covered = lines[first : last + 1]
    covered[-1] = covered[-1][: row["end_column"] - 1]
    covered[0] = covered[0][row["column"] - 1 :]
    return Said(row["path"], row["line"], row["rule"], "\n".join(covered))


# -- the user's page ---------------------------------------------------------------------------------------------------


def test_the_users_page_is_clean(lint: Lint) -> None:
    linted = lint(FILES)
    assert (linted.code, linted.said) == (0, [])


PNG = f"{IMAGES}/png/Hip-GluteusMedius-7.png"


def replaced(old: str, new: str) -> dict[str, str]:
    assert PAGE.count(old) == 1
    return FILES | {HIP: PAGE.replace(old, new)}


def without(path: str) -> dict[str, str]:
    return {name: content for name, content in FILES.items() if name != path}


def line_of(text: str, page: str = PAGE) -> int:
    return page[: page.index(text)].count("\n") + 1


@pytest.mark.parametrize(
    ("files", "line", "rule", "covered"),
    [
        pytest.param(
            without(PNG),
            line_of("Medius-7.png"),
            "missing-image",
            "muscles/png/Hip-GluteusMedius-7.png",
            id="one PNG removed",
        ),
        pytest.param(
            without(PNG) | {PNG.replace("Medius-7", "medius-7"): ""},
            line_of("Medius-7.png"),
            "image-case-mismatch",
            "muscles/png/Hip-GluteusMedius-7.png",
            id="one PNG's name in another case",
        ),
        pytest.param(
            replaced("permalink: /muscle/hip/gluteusmedius/", "permalink: /muscle/hip/gluteus/"),
            4,
            "permalink-path-mismatch",
            "/muscle/hip/gluteus/",
            id="the permalink changed",
        ),
        pytest.param(
            without("muscle/hip/superficial/index.md"),
            line_of("[Back"),
            "broken-link",
            "/muscle/hip/superficial/",
            id="the back-link's page removed",
        ),
        pytest.param(
            replaced('im_id="HipGluteusMedius"', 'im_id="HipGluteusMedus"'),
            line_of("{% include page-image"),
            "unknown-include-id",
            "HipGluteusMedus",
            id="im_id misspelt",
        ),
        pytest.param(
            replaced("gallery:\n", "galery:\n"),
            line_of("{% include gallery"),
            "missing-include-data",
            "{% include gallery %}",
            id="the key gallery misspelt",
        ),
        pytest.param(
            replaced("title: 'The gluteus medius muscle of the hip'\n", ""), 1, "missing-key", "---", id="title removed"
        ),
        pytest.param(
            replaced("muscle of the hip'\nsub", "muscle of the hip\nsub"),
            line_of("title:"),
            "invalid-front-matter",
            "'",
            id="the title's closing quote removed",
        ),
        pytest.param(
            replaced("tags: hip\n", "tags: hip\nheader: yes\n"),
            line_of("tags: hip") + 1,
            "duplicate-key",
            "header",
            id="header repeated",
        ),
    ],
)
def test_one_change_of_the_users_page_gives_one_problem(
    lint: Lint, files: dict[str, str], line: int, rule: str, covered: str
) -> None:
    linted = lint(files)
    assert linted.said == [Said(HIP, line, rule, covered)]
    assert linted.code == 1


# -- one fault, one report ---------------------------------------------------------------------------------------------

BROKEN = "---\ntitle: 'The hip\npermalink: /hip/\n---\n"
SCHEMA_FOR_ALL = {
    "contentlint.yml": "pages:\n  - match: '*.md'\n    schema: s.json\n    permalink: /x/\n",
    "s.json": '{"required": ["title"], "properties": {"title": {"minLength": 90}}, "additionalProperties": false}',
}


def test_broken_front_matter_mutes_the_rules_that_read_it(lint: Lint) -> None:
    body = '{% include page-image im_id="None" %}{% include gallery %}\n'
    includes = {name: FILES[name] for name in FILES if name.startswith("_includes")}
    assert lint({**SCHEMA_FOR_ALL, **includes, "hip.md": BROKEN + body}).said == [
        Said("hip.md", 2, "invalid-front-matter", "'")
    ]


def test_links_to_a_page_with_broken_front_matter_are_unknown(lint: Lint) -> None:
    files = {"hip.md": BROKEN, "index.md": "---\n---\n[A](/hip/) [b](/hip.html#x) [c](/hip/#y)\n"}
    assert lint(files).said == [Said("hip.md", 2, "invalid-front-matter", "'")]


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("/none/#origin", "broken-link"),
        ("/Hip/", "link-case-mismatch"),
        ("/Hip/#origin", "link-case-mismatch"),
        ("/hip/#orgin", "broken-anchor"),
    ],
)
def test_the_first_fault_of_a_link_is_its_only_one(lint: Lint, url: str, rule: str) -> None:
    files = {"index.md": f"---\n---\n[A]({url})\n", "hip.md": "---\npermalink: /hip/\n---\n## Origin\n"}
    assert lint(files).said == [Said("index.md", 3, rule, url)]


def test_an_image_in_other_letters_is_not_missing_too(lint: Lint) -> None:
    files = {"index.md": "---\n---\n![A](/a/Hip.png)\n", "a/hip.PNG": ""}
    assert lint(files).said == [Said("index.md", 3, "image-case-mismatch", "/a/Hip.png")]


def test_a_link_beside_the_baseurl_is_not_broken_too(lint: Lint) -> None:
    files = {
        "_config.yml": "baseurl: /atlas\n",
        "index.md": "---\n---\n[A](/a.html) [b](/atlas/a.html)\n",
        "a.md": "---\n---\n",
    }
    assert lint(files).said == [Said("index.md", 3, "missing-baseurl", "/a.html")]


def test_a_plugin_that_nobody_knows_may_put_the_baseurl_in_front(lint: Lint) -> None:
    files = {"index.md": "---\n---\n[A](/a.html) [b](/b.html)\n", "a.md": "---\n---\n"}
    for plugins, said in (("strange", []), ("jekyll-sitemap", ["missing-baseurl", "broken-link"])):
        config = {"_config.yml": f"baseurl: /atlas\nplugins: [{plugins}]\n"}
        assert [each.rule for each in lint(config | files).said] == said


def test_a_misspelt_id_mutes_the_unused_image(lint: Lint) -> None:
    assert [each.rule for each in lint(replaced('"HipGluteusMedius"', '"HipGluteusMedus"')).said] == [
        "unknown-include-id"
    ]
    unused = replaced('{% include page-image im_id="HipGluteusMedius" %}', '{% include page-image im_id="Second" %}')
    unused[HIP] = unused[HIP].replace(
        "\ngallery:", "  - image_id: Second\n    image_name: 'muscles/gif/Hip-GluteusMedius.gif'\n\ngallery:"
    )
    assert [(each.rule, each.covered) for each in lint(unused).said] == [("unused-image", "HipGluteusMedius")]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {
                "_includes/nav.html": '<a href="/none/">None</a>\n',
                "a.md": "---\n---\n{% include nav.html %}\n",
                "b.md": "---\n---\n{% include nav.html %}\n",
            },
            Said("_includes/nav.html", 1, "broken-link", "/none/"),
            id="include",
        ),
        pytest.param(
            {
                "_layouts/l.html": '---\n---\n<img src="/none.png" alt="x">\n{{ content }}\n',
                "a.md": "---\nlayout: l\n---\n",
                "b.md": "---\nlayout: l\n---\n",
            },
            Said("_layouts/l.html", 3, "missing-image", "/none.png"),
            id="layout",
        ),
        pytest.param(
            {
                "_config.yml": "defaults:\n  - scope: {path: ''}\n    values: {layout: paeg}\n",
                "a.md": "---\n---\n",
                "b.md": "---\n---\n",
            },
            Said("_config.yml", 3, "missing-layout", "paeg"),
            id="layout of a default",
        ),
        pytest.param(
            {
                "_config.yml": "defaults:\n  - scope: {path: ''}\n    values: {mood: 12}\n",
                "contentlint.yml": "pages:\n  - match: '*.md'\n    schema: s.json\n",
                "s.json": '{"properties": {"mood": {"type": "string"}}}',
                "a.md": "---\n---\n",
                "b.md": "---\n---\n",
            },
            Said("_config.yml", 3, "schema-violation", "12"),
            id="value of a default",
        ),
    ],
)
def test_a_shared_fault_is_told_once_where_it_stands(lint: Lint, files: dict[str, str], expected: Said) -> None:
    assert lint(files).said == [expected]


def test_a_taken_address_is_told_where_it_was_chosen(lint: Lint) -> None:
    both, other = "---\npermalink: /x/\n---\n", "---\npermalink: /z/\n---\n"
    linted = lint({"a.md": both, "b.md": both, "c.md": other, "z/index.md": "---\n---\n"})
    assert linted.said == [
        Said("a.md", 2, "duplicate-url", "/x/"),
        Said("b.md", 2, "duplicate-url", "/x/"),
        Said("c.md", 2, "duplicate-url", "/z/"),
    ]
    assert [[place["path"] for place in row["related"]] for row in linted.rows] == [["b.md"], ["a.md"], ["z/index.md"]]


def test_missing_keys_stand_at_the_first_line_of_their_mapping(lint: Lint) -> None:
    files = {
        "contentlint.yml": "pages:\n  - match: '*.md'\n    schema: s.json\n",
        "s.json": '{"required": ["title"], "properties": {"pictures": {"items": {"required": ["url"]}}}}',
        "a.md": "---\npictures:\n  - url: x\n  - name: b\n    size: 2\n---\n",
    }
    assert [(each.line, each.rule) for each in lint(files).said] == [(1, "missing-key"), (4, "missing-key")]


@pytest.mark.parametrize(
    ("path", "front", "why"),
    [
        ("_drafts/soon.md", "permalink: /soon/", "it is a draft"),
        ("soon.md", "permalink: /soon/\npublished: false", "it is unpublished"),
        ("_posts/2999-01-01-soon.md", "permalink: /soon/", "it is dated in the future"),
    ],
)
def test_hidden_pages_are_linted_and_links_to_them_are_broken(lint: Lint, path: str, front: str, why: str) -> None:
    linted = lint({path: f"---\n{front}\n---\n[A](/none/)\n", "index.md": "---\n---\n[A](/soon/)\n"})
    assert sorted(linted.said) == sorted(
        [
            Said(path, 3 + front.count("\n") + 1, "broken-link", "/none/"),
            Said("index.md", 3, "broken-link", "/soon/"),
        ]
    )
    assert any(why in row["message"] for row in linted.rows)


@pytest.mark.parametrize(
    ("body", "help"),
    [
        ("![a](/img/hpi.png)", "did you mean /img/hip.png?"),
        ("[a](/abuot/)", "did you mean /about/?"),
        ("[a](/about/#orgin)", "did you mean #origin?"),
        ("{% include galery %}", "did you mean gallery?"),
        ("{% link abuot.md %}", "did you mean about.md?"),
        ('{% include page-image im_id="hpi" %}', "did you mean hip?"),
    ],
)
def test_the_nearest_name_is_offered(lint: Lint, body: str, help: str) -> None:
    files = {name: FILES[name] for name in FILES if name.startswith("_includes")}
    pages = {
        "index.md": "---\nimages: [{image_id: hip, image_name: hip.png}]\n---\n" + body + "\n",
        "about.md": "---\npermalink: /about/\n---\n## Origin\n",
        "img/hip.png": "",
        "_config.yml": "urlimg: /img/\n",
    }
    assert [row["help"] for row in lint({**files, **pages}).rows] == [help]


def test_html_without_front_matter_is_read_for_anchors_only(lint: Lint) -> None:
    html = '<h1 id="top-of-all">A</h1><a name="old">x</a><a href="/none/">b</a><img src="/none.png">\n'
    files = {"index.md": "---\n---\n[A](/a.html#top-of-all) [b](/a.html#old) [c](/a.html#new)\n", "a.html": html}
    assert lint(files).said == [Said("index.md", 3, "broken-anchor", "/a.html#new")]


# -- bad input ---------------------------------------------------------------------------------------------------------

FINE = {"index.md": "---\n---\n[A](/none/)\n"}
STILL = Said("index.md", 3, "broken-link", "/none/")


@pytest.mark.parametrize(
    ("content", "rule", "line", "words"),
    [
        (b"---\ntitle: x\n---\nCaf\xe9\n", "invalid-front-matter", 4, "no text in the site's encoding"),
        (b"---\ntitle: x\n\n# Hip\n", "invalid-front-matter", 1, "never closed"),
        (b"---\n- a\n- b\n---\n", "invalid-front-matter", 2, "mapping"),
        (b"---\n---\n{% include none.html %}\n", "missing-include", 3, "no include none.html"),
        (b"---\n---\n{% none %}\n", "invalid-template", 3, "none"),
    ],
)
def test_a_page_that_cannot_be_read_is_a_problem_and_the_rest_is_linted(
    lint: Lint, content: bytes, rule: str, line: int, words: str
) -> None:
    linted = lint({**FINE, "a.md": content})
    assert [(each.path, each.line, each.rule) for each in linted.said] == [("a.md", line, rule), STILL[:3]]
    assert words in linted.rows[0]["message"]
    assert linted.code == 1


@pytest.mark.parametrize(
    ("files", "words", "place", "message"),
    [
        (
            {"contentlint.yml": "pages:\n  - match: '*.md'\n    schema: s.json\n", "s.json": "{"},
            [],
            "s.json:1:",
            "JSON",
        ),
        (
            {"contentlint.yml": "pages:\n  - match: '*.md'\n    schema: s.json\n", "s.json": '{"type": "txt"}'},
            [],
            "s.json:1:",
            "txt",
        ),
        (
            {"contentlint.yml": "pages:\n  - match: '*.md'\n    schema: none.json\n"},
            [],
            "contentlint.yml:3:13",
            "none.json",
        ),
        ({"contentlint.yml": "rulse:\n  unused-asset: warning\n"}, [], "contentlint.yml:1:1", "rulse"),
        ({"contentlint.yml": "rules:\n  unused-aset: warning\n"}, [], "contentlint.yml:2:3", "unused-aset"),
        ({"_config.yml": "title: [x\n"}, [], "_config.yml:1:", ""),
        ({}, ["none.md"], "none.md", "not there"),
        ({}, [os.pardir], os.pardir, "outside"),
        ({"index.md": ""}, [], "", "no page"),
    ],
)
def test_what_makes_a_run_unusable_is_one_message(
    lint: Lint,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: dict[str, str],
    words: list[str],
    place: str,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    linted = lint({**FINE, **files}, *words)
    assert linted.code == 2
    assert linted.rows == []
    errors = [line for line in linted.err.splitlines() if ": error: " in line or line.startswith("error: ")]
    assert len(errors) == 1, linted.err
    assert place in errors[0]
    assert message in errors[0]


def test_a_root_that_is_not_there_is_one_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["check", "--root", str(tmp_path / "none")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "none" in err
    assert "Traceback" not in err


def test_the_command_leaves_with_what_it_found(tmp_path: Path) -> None:
    def code(*words: str) -> int:
        command = [sys.executable, "-m", "contentlint", "check", "--no-cache", *words]
        environ = {**os.environ, "PYTHONPATH": str(SOURCE)}
        return subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, check=False).returncode

    write(tmp_path, {"index.md": "---\n---\n[A](/)\n"})
    assert code() == 0
    write(tmp_path, FINE)
    assert code() == 1
    assert code("--fail-on", "never") == 0
    assert code("--select", "none") == 2
