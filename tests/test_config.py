"""The config: where it is, what it says, what is wrong with it, and which rules run."""

from __future__ import annotations

import json
import os
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contentlint import config, schema
from contentlint.config import Chosen, Config, chosen, find_project
from contentlint.config.options import rules_schema
from contentlint.diagnostic import Severity, Span, UnusableError
from contentlint.page import Place
from contentlint.patterns import Glob
from contentlint.record import Record
from contentlint.rule import GROUPS, Default, NoOptions, Rule, Subject, option
from contentlint.rule import load as load_rules

ERROR, WARNING = Severity.ERROR, Severity.WARNING


class Case(StrEnum):
    UPPER = "upper"
    LOWER = "lower"


class Options(Record, frozen=True):
    ignore: tuple[Glob, ...] = option((), "What to leave alone.")
    names: tuple[str, ...] = option((), "Names.")
    max_length: int = option(80, "How long.")
    deep: bool = option(default=False, text="Whether.")
    case: Case = option(Case.LOWER, "Which case.")
    word: str = option("x", "A word.")


def rule(name: str, group: str, default: Default = Default.ERROR, options: type = NoOptions) -> Rule:
    return Rule(name, group, f"About {name}.", Subject.PAGE, default, lambda *_: (), (), options=options)


RULES = {
    each.name: each
    for each in (
        rule("missing-key", "front-matter", Default.CONFIGURED),
        rule("duplicate-value", "front-matter", Default.CONFIGURED),
        rule("missing-image", "images", options=Options),
        rule("unused-image", "images", Default.WARNING),
        rule("missing-alt", "images", Default.OFF),
        rule("permalink-path-mismatch", "permalinks", Default.CONFIGURED),
        rule("missing-back-link", "links", Default.CONFIGURED),
        rule("broken-link", "links"),
    )
}
PAGE = '{"properties": {"title": {"x-unique": true}}}'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A project with a source folder and schemas."""
    for name, text in {
        "schemas/page.json": PAGE,
        "schemas/data.json": "{}",
        "content/index.md": "",
        "file": "",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def load(site: Path, text: str | bytes, **options: Any) -> Config:
    (site / config.NAME).write_bytes(text if isinstance(text, bytes) else text.encode())
    return config.load(str(site), None, RULES, **options)


def told(site: Path, text: str | bytes) -> list[str]:
    """The faults as lines: line:column message [help]."""
    with pytest.raises(UnusableError) as caught:
        load(site, text)
    return [
        (f"{fault.path}:" if fault.path != config.NAME else "")
        + (f"{fault.span.line}:{fault.span.column} " if fault.span else "")
        + fault.message
        + (f" [{fault.help}]" if fault.help else "")
        for fault in caught.value.faults
    ]


def at_fault(text: str, span: Span | None) -> str:
    assert span is not None
    line = text.splitlines()[span.line - 1]
    return line[span.column - 1 : span.end_column - 1 if span.end_line == span.line else None]


# -- where it is ----------------------------------------------------------------------------------------------------


def test_the_project_is_the_nearest_folder_with_a_config(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    assert find_project(str(deep)) == str(deep)
    (tmp_path / "a" / "_config.yml").touch()
    assert find_project(str(deep)) == str(tmp_path / "a")
    (deep / "contentlint.yml").mkdir()
    (tmp_path / "contentlint.yml").touch()
    assert find_project(str(deep)) == str(tmp_path)
    (tmp_path / "a" / "b" / "contentlint.yml").touch()
    assert find_project(str(deep)) == str(tmp_path / "a" / "b")
    assert find_project(str(tmp_path / "a" / "b")) == str(tmp_path / "a" / "b")


def test_the_project_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "website").mkdir()
    (tmp_path / "notes").touch()
    assert find_project(str(tmp_path), "website") == str(tmp_path / "website")
    assert find_project("/", str(tmp_path)) == str(tmp_path)
    for name, message, advice in [
        ("websit", "the project websit is not there", "did you mean website?"),
        ("notes", "the project notes is not a folder", ""),
        ("x/y", "the project x/y is not there", ""),
    ]:
        with pytest.raises(UnusableError) as caught:
            find_project(str(tmp_path), name)
        (fault,) = caught.value.faults
        assert (fault.path, fault.span, fault.message, fault.help) == (name, None, message, advice)


def test_without_a_config_everything_is_as_for_everyone(tmp_path: Path) -> None:
    assert config.load(str(tmp_path), None, RULES) == Config()


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", "{}"])
def test_an_empty_config(site: Path, text: str) -> None:
    found = load(site, text)
    assert found.path == "contentlint.yml"
    assert found == Config(path=found.path, digest=found.digest, beside_rules=found.beside_rules)


def test_the_config_that_is_named(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (site / "ci").mkdir()
    (site / "ci" / "strict.yml").write_text("pages: [{match: '*.md', schema: ../schemas/page.json}]")
    monkeypatch.chdir(site / "ci")
    found = config.load(str(site), "strict.yml", RULES)
    assert found.path == "ci/strict.yml"
    assert list(found.schemas) == ["schemas/page.json"]
    outside = config.load(str(site / "content"), "strict.yml", RULES)
    assert outside.path == (site / "ci" / "strict.yml").as_posix()
    assert list(outside.schemas) == [(site / "schemas" / "page.json").as_posix()]


def test_the_config_that_is_named_is_not_there(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (site / "contentlint.yml").touch()
    monkeypatch.chdir(site)
    with pytest.raises(UnusableError) as caught:
        config.load(str(site), "contentlnt.yml", RULES)
    (fault,) = caught.value.faults
    assert (fault.message, fault.help) == ("there is no config contentlnt.yml", "did you mean contentlint.yml?")
    with pytest.raises(UnusableError) as caught:
        config.load(str(site), "content", RULES)
    assert caught.value.faults[0].message == "the config cannot be read: Is a directory"


def test_a_tree_that_is_not_on_disk(tmp_path: Path) -> None:
    files = {"contentlint.yml": b"pages: [{match: '*.md', schema: s/page.json}]", "s/page.json": b"{}"}

    def read(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(2, "No such file or directory")
        return files[path]

    assert list(config.load(str(tmp_path), None, RULES, read=read).schemas) == ["s/page.json"]
    del files["s/page.json"]
    with pytest.raises(UnusableError) as caught:
        config.load(str(tmp_path), None, RULES, read=read, names=lambda folder: ["pages.json"] if folder == "s" else [])
    assert caught.value.faults[0].help == "did you mean s/pages.json?"


# -- what it says ---------------------------------------------------------------------------------------------------

WHOLE = """\
generator: jekyll
jekyll: 3
source: content/
pages:
  - match: "muscle/{region}/index.md"
    permalink: "/muscle/{region}/"
  - match: "muscle/{region}/{name}.md"
    schema: schemas/page.json
    permalink: "/muscle/{region}/{name}/"
    back-link: "/muscle/{region}/"
data:
  - match: "_data/*.yml"
    schema: schemas/data.json
includes:
  page-image: {params: {im_id: "images[].image_id"}}
  gallery: {needs: [gallery]}
urls: ["/tags/**"]
elsewhere: ["/javadoc/**"]
exclude: ["drafts/**"]
rules:
  images: off
  unused-image: warning
  missing-image: {severity: error, ignore: ["gen/**"], max-length: 3, deep: yes, case: upper, names: [a]}
per-file: {"_drafts/**": {broken-link: off}}
"""


def test_a_whole_config(site: Path) -> None:
    found = load(site, WHOLE)
    assert (found.generator, found.jekyll, found.source) == ("jekyll", 3, "content")
    index, muscle = found.pages
    assert index.match.match("muscle/hip/index.md") == {"region": "hip"}
    assert (index.schema, index.permalink, index.back_link) == (None, "/muscle/{region}/", "")
    assert muscle.schema is found.schemas["schemas/page.json"]
    assert (muscle.permalink, muscle.back_link) == ("/muscle/{region}/{name}/", "/muscle/{region}/")
    assert {key: WHOLE[place.start : place.end] for key, place in muscle.places.items()} == {
        "match": "muscle/{region}/{name}.md",
        "schema": "schemas/page.json",
        "permalink": "/muscle/{region}/{name}/",
        "back-link": "/muscle/{region}/",
    }
    (data,) = found.data
    assert (data.match.text, data.schema.path) == ("_data/*.yml", "schemas/data.json")
    assert found.includes["page-image"].params == {"im_id": "images[].image_id"}
    assert found.includes["page-image"].needs == ()
    assert found.includes["gallery"].needs == ("gallery",)
    place = found.includes["gallery"].place
    assert (place.path, WHOLE[place.start : place.end]) == ("contentlint.yml", "gallery")
    for patterns, text in ((found.urls, "/tags/**"), (found.elsewhere, "/javadoc/**"), (found.exclude, "drafts/**")):
        (placed,) = patterns
        assert placed.pattern.text == WHOLE[placed.place.start : placed.place.end] == text
    assert found.rules["images"].level == "off"
    assert found.rules["unused-image"].level is WARNING
    assert found.rules["missing-image"].options == {
        "ignore": ("gen/**",), "max_length": 3, "deep": True, "case": Case.UPPER, "names": ("a",),
    }  # fmt: skip
    (per_file,) = found.per_file
    assert per_file.match.match("_drafts/a.md") == {}
    assert per_file.rules["broken-link"].level == "off"
    assert WHOLE[per_file.place.start : per_file.place.end] == "_drafts/**"


def test_off_however_it_is_written(site: Path) -> None:
    for text in ("off", "'off'", "no", "false", "{severity: off}"):
        assert load(site, f"rules: {{images: {text}}}").rules["images"].level == "off"


def test_places_of_values_that_fill_lines(site: Path) -> None:
    text = "rules:\n  missing-image:\n    severity: warning\n    deep: yes\n  broken-link:\n    severity: error\n"
    place = load(site, text).rules["missing-image"].place
    assert place == Place("contentlint.yml", text.index("missing"), text.index(":\n    severity"))


def test_one_schema_is_read_once(site: Path) -> None:
    text = "pages: [{match: a.md, schema: schemas/page.json}, {match: b.md, schema: ./schemas/page.json}]"
    found = load(site, text)
    assert found.pages[0].schema is found.pages[1].schema


def test_the_digest_follows_the_config_and_its_schemas(site: Path) -> None:
    first = load(site, WHOLE).digest
    assert load(site, WHOLE).digest == first
    assert load(site, WHOLE + "\n").digest != first
    (site / "schemas" / "page.json").write_text("{}")
    assert load(site, WHOLE).digest != first


def test_a_config_that_has_passed_is_not_compared_again(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passed = load(site, WHOLE)
    monkeypatch.setattr(schema.Schema, "violations", lambda *_: pytest.fail("compared again"))
    assert load(site, WHOLE, approved={passed.digest}).rules == passed.rules
    with pytest.raises(pytest.fail.Exception):
        load(site, WHOLE, approved={"another"})
    with pytest.raises(pytest.fail.Exception):
        load(site, "source: nowhere", approved={passed.digest})


# -- what is wrong with it ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a: [\n", ["1:4 this bracket is never closed [write `]` behind the last item]"]),
        ("rules:\n\timages: off\n", ["2:1 a tab indents this line [YAML is indented by spaces only]"]),
        (b"rules:\n  \xe9: off\n", ["2:3 the config is not UTF-8 [save it as UTF-8]"]),
        ("- pages\n", ["1:1 a config is a mapping, not a list [it begins like this: pages:]"]),
        ("pages\n", ["1:1 a config is a mapping, not a text [it begins like this: pages:]"]),
        ("urls: []\nurls: []\n", ["2:1 the key urls stands twice [the first is in line 1]"]),
        ("jekyl: 4\n", ["1:1 unknown key jekyl [did you mean jekyll?]"]),
        ("1: 4\n", ["1:1 unknown key 1"]),
        ("jekyll: 5\n", ["1:9 jekyll must be one of 3, 4, not 5"]),
        ("generator: hugo\n", ['1:12 generator must be "jekyll", not "hugo"']),
        ("pages:\n", ["1:1 pages must be a list, not empty"]),
        ("pages: {match: a}\n", ["1:8 pages must be a list, not a mapping"]),
        ("pages: [a.md]\n", ["1:9 pages[0] must be a mapping, not a text"]),
        ("pages:\n  - schema: schemas/page.json\n    permalink: /x/\n", ["2:5 the key match is missing"]),
        ("pages: [{match: 3}]\n", ["1:17 pages[0].match must be a text, not the number 3 [quote it to make it a text]"]),
        ("pages: [{match: a, shema: x}]\n", ["1:20 unknown key shema [did you mean schema?]"]),
        ("pages: [{match: ''}]\n", ["1:10 pages[0].match must not be empty"]),
        ("pages: [{match: a.md, schema: ''}]\n", ["1:23 pages[0].schema must not be empty"]),
        ("data: [{match: a.yml}]\n", ["1:8 the key schema is missing"]),
        ("data: [{match: a.yml, schema: schemas/date.json}]\n",
         ["1:31 there is no schema schemas/date.json [did you mean schemas/data.json?]"]),
        ("pages: [{match: a, schema: page.json}, {match: b, schema: page.json}]\n",
         ["1:28 there is no schema page.json [schemas are named relative to the config]"]),
        ("pages: [{match: a, schema: file/page.json}]\n",
         ["1:28 there is no schema file/page.json [schemas are named relative to the config]"]),
        ("pages: [{match: a, schema: schemas}]\n", ["1:28 the schema schemas cannot be read: Is a directory [schemas are named relative to the config]"]),
        ("pages: [{match: a.md}, {match: b.md}, \n {match: a.md}]\n",
         ["2:10 the pattern a.md stands twice [the one in line 1 always comes first; remove one]"]),
        ("pages: [{match: 'a/{x.md'}]\n", ["1:20 a { that is never closed: a/{x.md [a placeholder is written {region}]"]),
        ('pages: [{match: "\\x61/{x.md"}]\n', ["1:18 a { that is never closed: a/{x.md [a placeholder is written {region}]"]),
        ("pages: [{match: /a.md}]\n", ["1:17 the pattern /a.md begins with / [paths are relative to the source: a.md]"]),
        ("pages: [{match: ./a.md}]\n", ["1:17 the pattern ./a.md begins with ./ [paths are relative to the source: a.md]"]),
        ("exclude: [drafts/]\n", ["1:11 the pattern drafts/ ends with / [for all that lies in the folder: drafts/**]"]),
        ("exclude: [../x]\n", ["1:11 the pattern ../x leads out with .. [paths are relative to the source]"]),
        ("exclude: [a**]\n", ["1:12 ** stands beside other text: a** [** crosses folders only between slashes: **/*.md]"]),
        ("urls: [tags/**]\n", ["1:8 the URL tags/** does not begin with / [write /tags/**]"]),
        ("elsewhere: ['https://atlas.example/api/**']\n",
         ["1:14 the URL https://atlas.example/api/** does not begin with / [leave the host out: /api/**]"]),
        ("urls: [3]\n", ["1:8 urls[0] must be a text, not the number 3 [quote it to make it a text]"]),
        ("pages: [{match: '{name}.md', permalink: '/{nam}/', back-link: '/{x'}]\n",
         ["1:43 unknown placeholder {nam} [did you mean {name}?]", "1:65 a { that is never closed: /{x [a placeholder is written {region}]"]),
        ("pages: [{match: '{name}.md', permalink: '/{q}/'}]\n", ["1:43 unknown placeholder {q} [match has {name}]"]),
        ("pages: [{match: 'a.md', permalink: '/{q}/'}]\n", ["1:38 unknown placeholder {q} [match has no placeholder]"]),
        ("pages: [{match: 'a.md', permalink: 'x/'}]\n", ["1:37 the address x/ does not begin with / [write /x/]"]),
        ("source: contnt\n", ["1:9 the source contnt is not there [did you mean content?]"]),
        ("source: file\n", ["1:9 the source file is not a folder"]),
        ("source: ..\n", ["1:9 the source .. lies outside the project [name a folder of the project, or another project by --root]"]),
        ("source: /\n", ["1:9 the source / lies outside the project [name a folder of the project, or another project by --root]"]),
        ("source: 3\n", ["1:9 source must be a text, not the number 3 [quote it to make it a text]"]),
        ("includes: {gallery: {need: [a]}}\n", ["1:22 unknown key need [did you mean needs?]"]),
        ("includes: {gallery: 3}\n", ["1:21 includes.gallery must be a mapping, not the number 3"]),
        ("includes: {x: {params: {a: 'b[c]', d: 3}}}\n",
         ["1:29 b[c] is no way to values of a page [keys are joined by dots, lists have []: images[].image_id]",
          "1:39 includes.x.params.d must be a text, not the number 3 [quote it to make it a text]"]),
        ("rules: {missing-imge: off, imags: off, 3: off}\n",
         ["1:9 unknown rule missing-imge [did you mean missing-image?]", "1:28 unknown rule imags [did you mean images?]", "1:40 unknown rule 3"]),
        ("rules: {missing-image: eror}\n", ['1:24 rules.missing-image must be one of "error", "warning", "off", not "eror" [did you mean error?]']),
        ("rules: {missing-image: on}\n", ['1:24 rules.missing-image must be "error", "warning", "off" or a mapping, not true']),
        ("rules: {missing-image: {severity: eror, ignor: x, ignore: gen, max-length: x, case: uper}}\n",
         ['1:35 rules.missing-image.severity must be one of "error", "warning", "off", not "eror" [did you mean error?]',
          "1:41 unknown option ignor of missing-image",
          "1:59 rules.missing-image.ignore must be a list, not a text",
          "1:76 rules.missing-image.max-length must be a whole number, not a text",
          '1:85 rules.missing-image.case must be one of "upper", "lower", not "uper" [did you mean upper?]']),
        ("rules: {missing-image: {ignore: ['/gen/**', 3]}}\n",
         ["1:35 the pattern /gen/** begins with / [paths are relative to the source: gen/**]",
          "1:45 rules.missing-image.ignore[1] must be a text, not the number 3 [quote it to make it a text]"]),
        ("rules: {images: {ignore: []}}\n", ["1:18 unknown option ignore of images"]),
        ("includes: {'true': 3, yes: {need: []}}\n", ["1:29 unknown key need [did you mean needs?]"]),
        ("rules: 3\n", ["1:8 rules must be a mapping, not the number 3"]),
        ("rules: {3: {severity: off}}\n", ["1:9 unknown rule 3"]),
        ("per-file: 3\n", ["1:11 per-file must be a mapping, not the number 3"]),
        ("per-file: {a.md: 3, 'b/': {}}\n", ["1:18 per-file.a.md must be a mapping, not the number 3", "1:22 the pattern b/ ends with / [for all that lies in the folder: b/**]"]),
        ("per-file: {'a.md': {broken-lnk: off, missing-image: {ignor: []}}}\n",
         ["1:21 unknown rule broken-lnk [did you mean broken-link?]", "1:54 unknown option ignor of missing-image [did you mean ignore?]"]),
    ],
)  # fmt: skip
def test_faults(site: Path, text: str | bytes, lines: list[str]) -> None:
    assert told(site, text) == lines


def test_faults_of_schemas_stand_in_the_schemas(site: Path) -> None:
    (site / "schemas" / "page.json").write_text('{"type": "strng"}')
    (site / "schemas" / "data.json").write_text("{")
    text = "pages: [{match: a, schema: schemas/page.json}]\ndata: [{match: b, schema: schemas/data.json}]\nurl: []\n"
    assert told(site, text) == [
        "3:1 unknown key url [did you mean urls?]",
        "schemas/data.json:1:2 not JSON: expecting property name enclosed in double quotes",
        (
            'schemas/page.json:1:11 not a valid schema: type: must be one of "array", "boolean", "integer", "null", "number", "object", "string", '
            'not "strng" [did you mean string?]'
        ),
    ]


def test_the_source_may_not_leave_the_project_by_a_link(site: Path) -> None:
    (site / "away").symlink_to(site.parent)
    (site / "inside").symlink_to(site / "content")
    assert told(site, "source: away") == [
        "1:9 the source away lies outside the project [name a folder of the project, or another project by --root]"
    ]
    assert load(site, "source: inside").source == "inside"
    assert load(site, "source: .").source == ""


def test_spans_cover_what_is_at_fault(site: Path) -> None:
    text = "pages:\n  - match: '{name}.md'\n    permalink: '/{nam}/'\n  - schema: schemas/page.json\n    permalink: /x/\nrules:\n  missing-imge: off\n"
    (site / config.NAME).write_text(text)
    with pytest.raises(UnusableError) as caught:
        config.load(str(site), None, RULES)
    assert [at_fault(text, fault.span) for fault in caught.value.faults] == [
        "{nam}",
        "schema: schemas/page.json",
        "missing-imge",
    ]


yaml_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(0, 4)
    | st.sampled_from(["a.md", "/x/", "{a}.md", "/{a}/", "off", "error", "schemas/page.json", "content", "**"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "match",
                    "schema",
                    "permalink",
                    "back-link",
                    "params",
                    "needs",
                    "missing-image",
                    "images",
                    "severity",
                    "ignore",
                    "a.md",
                ]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
KEYS = [
    "generator",
    "jekyll",
    "source",
    "pages",
    "data",
    "includes",
    "urls",
    "elsewhere",
    "exclude",
    "rules",
    "per-file",
]


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(KEYS), yaml_values, max_size=3))
def test_no_config_makes_loading_crash(content: Any) -> None:
    files = {"contentlint.yml": json.dumps(content).encode(), "schemas/page.json": b"{}"}

    def read(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(2, "No such file or directory")
        return files[path]

    try:
        found = config.load(os.path.dirname(__file__), None, RULES, read=read, names=lambda _: [])
    except UnusableError as error:
        spans = [fault.span for fault in error.faults]
    else:
        spans = [Span(1, 1, 1, 1)]
        assert chosen(found, RULES)
    assert all(spans)


# -- which rules run ------------------------------------------------------------------------------------------------


def running(found: Config, *options: Any) -> dict[str, Severity | None]:
    return {name: each.severity for name, each in chosen(found, RULES, *options).items()}


def test_what_runs_without_a_config() -> None:
    assert running(Config()) == {"missing-image": ERROR, "unused-image": WARNING, "broken-link": ERROR}


def test_what_the_config_gives_something_to_check(site: Path) -> None:
    data = running(load(site, "data: [{match: a.yml, schema: schemas/data.json}]"))
    assert data.keys() - running(Config()).keys() == {"missing-key"}
    page = running(load(site, "pages: [{match: a.md, schema: schemas/page.json}]"))
    assert page.keys() - running(Config()).keys() == {"missing-key", "duplicate-value"}
    address = running(load(site, "pages: [{match: a.md, permalink: /a/}]"))
    assert address.keys() - running(Config()).keys() == {"permalink-path-mismatch"}
    back = running(load(site, "pages: [{match: a.md, back-link: /a/}]"))
    assert back.keys() - running(Config()).keys() == {"missing-back-link"}
    assert page["missing-key"] is ERROR


def test_what_the_config_says_of_rules_and_groups(site: Path) -> None:
    assert running(load(site, "rules: {images: off, missing-alt: warning}")) == {
        "missing-alt": WARNING,
        "broken-link": ERROR,
    }
    assert running(load(site, "rules: {missing-image: off, images: warning}")) == {
        "unused-image": WARNING, "missing-alt": WARNING, "broken-link": ERROR,
    }  # fmt: skip
    assert running(load(site, "rules: {missing-key: warning}"))["missing-key"] is WARNING


def test_options(site: Path) -> None:
    found = load(
        site,
        "rules: {missing-image: {ignore: [a/**], max-length: 3}, images: warning}\nper-file: {b/**: {missing-image: {max-length: 4}}}",
    )
    image = chosen(found, RULES)["missing-image"]
    assert (image.severity, image.options) == (WARNING, Options(ignore=(Glob("a/**"),), max_length=3))
    assert image.at("b/x.md") == (WARNING, Options(ignore=(Glob("a/**"),), max_length=4))
    assert image.at("c/x.md") == (WARNING, image.options)
    assert chosen(Config(), RULES)["missing-image"] == Chosen(ERROR, Options())


def test_settings_for_some_files(site: Path) -> None:
    found = load(site, "per-file:\n  a/**: {broken-link: off, missing-alt: warning}\n  a/b/**: {links: error}\n")
    rules = chosen(found, RULES)
    assert rules["missing-alt"].severity is None
    assert [rules["missing-alt"].at(path)[0] for path in ("a/x.md", "x.md")] == [WARNING, None]
    assert [rules["broken-link"].at(path)[0] for path in ("a/x.md", "a/b/x.md", "x.md")] == [None, ERROR, ERROR]
    assert running(load(site, "per-file: {a/**: {missing-alt: off}}")) == running(Config())


def test_select_leaves_only_these(site: Path) -> None:
    assert running(Config(), ["images"]) == {"missing-image": ERROR, "unused-image": WARNING, "missing-alt": ERROR}
    assert running(Config(), ["missing-alt", "broken-link"]) == {"missing-alt": ERROR, "broken-link": ERROR}
    assert running(load(site, "rules: {images: warning}"), ["missing-image"]) == {"missing-image": WARNING}


def test_what_is_off_comes_back_by_its_own_name_only(site: Path) -> None:
    found = load(site, "rules: {missing-image: off}")
    assert running(found, ["images"]).keys() == {"unused-image", "missing-alt"}
    assert running(found, ["missing-image"]) == {"missing-image": ERROR}
    assert running(load(site, "rules: {images: off}"), ["images"]).keys() == {
        "missing-image",
        "unused-image",
        "missing-alt",
    }


def test_ignore_and_extend_select() -> None:
    assert running(Config(), [], ["images"]) == {"broken-link": ERROR}
    assert running(Config(), ["images"], ["missing-alt"]).keys() == {"missing-image", "unused-image"}
    assert running(Config(), ["missing-image"], ["images"]) == {"missing-image": ERROR}
    assert running(Config(), ["missing-image"], ["missing-image"]) == {}
    assert running(Config(), [], [], ["missing-alt"]) == running(Config()) | {"missing-alt": ERROR}
    assert running(Config(), ["broken-link"], [], ["unused-image"]) == {"broken-link": ERROR, "unused-image": WARNING}
    assert running(Config(), [], ["images"], ["missing-alt"]) == {"missing-alt": ERROR, "broken-link": ERROR}


def test_names_that_are_no_rule() -> None:
    with pytest.raises(UnusableError) as caught:
        chosen(Config(), RULES, ["missing-imge", "images"], ["Images"], ["broken_link", "quite-another"])
    assert [(fault.message, fault.help) for fault in caught.value.faults] == [
        ("--select: there is no rule or group missing-imge", "did you mean missing-image?"),
        ("--ignore: there is no rule or group Images", "did you mean images?"),
        ("--extend-select: there is no rule or group broken_link", "did you mean broken-link?"),
        ("--extend-select: there is no rule or group quite-another", "contentlint rule lists them"),
    ]


# -- the config's own schema ----------------------------------------------------------------------------------------


def test_the_schema_of_options() -> None:
    image = rules_schema(RULES)["properties"]["missing-image"]
    assert image["description"] == "About missing-image."
    options = image["anyOf"][1]["properties"]
    assert options["ignore"] == {
        "description": "What to leave alone.",
        "type": "array",
        "items": {"type": "string"},
        "default": [],
    }
    assert options["max-length"] == {"description": "How long.", "type": "integer", "default": 80}
    assert options["deep"] == {"description": "Whether.", "type": "boolean", "default": False}
    assert options["case"] == {"description": "Which case.", "enum": ["upper", "lower"], "default": "lower"}
    assert options["word"] == {"description": "A word.", "type": "string", "default": "x"}


def test_the_shipped_schema_knows_the_rules_that_there_are() -> None:
    """With UPDATE=1 in the environment the schema is mended instead."""
    path = schema.shipped("contentlint.schema.json")
    content = json.loads(path.read_text(encoding="utf-8"))
    content["$defs"]["rules"] = rules_schema(load_rules())
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text
    assert set(GROUPS) <= content["$defs"]["rules"]["properties"].keys()


def test_the_shipped_schema_fits_configs_as_editors_read_them() -> None:
    """YAML 1.2, which editors read, takes `off` for a text."""
    path = schema.shipped("contentlint.schema.json")
    own = schema.load(path.name, lambda _: path.read_bytes())
    assert (
        own.violations(
            {"rules": {"missing-image": "off", "images": {"severity": "warning"}}, "per-file": {"a": {"links": "off"}}}
        )
        == []
    )
    assert own.violations({"rules": {"missing-image": "of"}}) != []
