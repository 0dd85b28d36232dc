"""`contentlint init`: what most pages have in common becomes the config, what differs is named, and nothing is overwritten."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from contentlint import init, run
from contentlint.cli import execute
from contentlint.diagnostic import UnusableError
from contentlint.inference.evidence import holds, is_slip, outliers
from contentlint.inference.fields import are_unique, few_values
from contentlint.inference.kinds import kinds, literal
from contentlint.patterns import compile_pattern
from contentlint.rule import Default, load

PROJECT = Path(__file__).parent.parent
BENCHMARKS = PROJECT / "benchmarks"

sample = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("test_sample_site.py"))))
"""The faults of the sample site, and how they are planted and looked for."""

Files = Mapping[str, str]
Make = Callable[[Files], Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Write a site."""

    def write(files: Files) -> Path:
        for path, text in {"_config.yml": "title: Hip\n", **files}.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, encoding="utf-8")
        return tmp_path

    return write


def page(**keys: object) -> str:
    """A page with this front matter; `body` is its text."""
    body = keys.pop("body", "Text.")
    return f"---\n{yaml.safe_dump(keys, sort_keys=False) if keys else ''}---\n{body}\n"


def muscles(count: int, **more: object) -> dict[str, str]:
    """Pages of one kind, alike but for their titles."""
    return {f"hip/m{number:02}.md": page(title=f"Muscle {number}", **more) for number in range(count)}


def proposed(site: Path) -> init.Proposal:
    return init.propose(str(site), None)


def config(proposal: init.Proposal) -> dict[str, Any]:
    return yaml.safe_load(proposal.config) or {}


def schema(proposal: init.Proposal, match: str = "hip/{name}.md") -> dict[str, Any]:
    (path,) = (each["schema"] for each in config(proposal)["pages"] if each["match"] == match)
    content: dict[str, Any] = json.loads(proposal.files[path])
    jsonschema.Draft202012Validator.check_schema(content)
    return content


def told(proposal: init.Proposal) -> list[str]:
    return [f"{each.path}:{each.line}: {each.message}" for each in proposal.outliers]


def check(site: Path, capsys: pytest.CaptureFixture[str], *flags: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    execute(["check", "--root", str(site), "--no-cache", "--output-format", "json", *flags])
    diagnostics: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["diagnostics"]
    return diagnostics


# -- the sample site


@pytest.fixture(scope="module")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample site with nothing but what init wrote."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copytree(PROJECT / "content", folder / "content", ignore=shutil.ignore_patterns(".*"))
    assert execute(["init", "--root", str(folder)]) == 0
    return folder


def test_the_sample_site_is_clean_under_what_init_wrote(initialised: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(initialised, capsys) == []
    assert yaml.safe_load((initialised / "contentlint.yml").read_text(encoding="utf-8"))["source"] == "content"


OFF = {rule.name for rule in load().values() if rule.default is Default.OFF}
FAULTS = [fault for fault in sample.FAULTS if fault["rule"] not in {*OFF, "nothing-matched"} and "below" not in fault]


@pytest.mark.no_cover
@pytest.mark.parametrize("fault", FAULTS, ids=[fault["rule"] for fault in FAULTS])
def test_each_fault_of_the_sample_site_is_found(
    fault: dict[str, Any], initialised: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(initialised, tmp_path / "site")
    expected = [each for each in sample.plant(tmp_path / "site", fault) if each.rule not in OFF]
    assert sample.lint(tmp_path / "site", capsys) == expected


def test_it_is_clean_where_the_project_is_the_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(PROJECT / "content", tmp_path / "site", ignore=shutil.ignore_patterns(".*"))
    assert execute(["init", "--root", str(tmp_path / "site")]) == 0
    assert "exclude: [contentlint.yml, schemas]" in capsys.readouterr().err
    assert check(tmp_path / "site", capsys) == []


# -- made sites


def made(out: Path, *flags: str) -> list[dict[str, Any]]:
    counts = ["--pages", "60", "--images", "2", "--words", "60", "--seed", "5"]
    subprocess.run([sys.executable, str(BENCHMARKS / "make_site.py"), str(out), *counts, *flags], check=True)
    faults: list[dict[str, Any]] = json.loads(out.with_name(f"{out.name}.faults.json").read_text(encoding="utf-8"))
    return faults


def test_what_a_site_teaches_finds_faults_planted_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(tmp_path / "clean")
    faults = made(tmp_path / "faulty", "--faults", "30")
    assert execute(["init", "--root", str(tmp_path / "clean")]) == 0
    shutil.copy(tmp_path / "clean" / "contentlint.yml", tmp_path / "faulty")
    shutil.copytree(tmp_path / "clean" / "schemas", tmp_path / "faulty" / "schemas")
    found = {(each["path"], each["line"], each["rule"]) for each in check(tmp_path / "faulty", capsys)}
    assert [each for each in faults if (each["file"], each["line"], each["rule"]) not in found] == []
    entailed = {"permalink-duplicate": "permalink-path-mismatch", "no-gallery": "unknown-key"}
    planted = {(each["file"], each["rule"]) for each in faults}
    planted |= {(each["file"], entailed.get(each["kind"], "")) for each in faults}
    assert [each for each in found if (each[0], each[2]) not in planted] == []


def without_counts(content: Any) -> Any:
    """A schema without the words on how many pages it was inferred from."""
    if isinstance(content, dict):
        return {key: without_counts(value) for key, value in content.items() if key != "description"}
    return content


def test_what_is_wrong_already_shapes_nothing(tmp_path: Path) -> None:
    made(tmp_path / "clean")
    faults = made(
        tmp_path / "faulty", "--faults", "8", "--kinds", "no-title,wrong-type,permalink-mismatch,unclosed-quote"
    )
    clean, faulty = proposed(tmp_path / "clean"), proposed(tmp_path / "faulty")
    assert without_counts(schema(faulty, "muscle/{folder}/{name}.md")) == without_counts(
        schema(clean, "muscle/{folder}/{name}.md")
    )
    assert config(clean)["pages"][1] == config(faulty)["pages"][1]
    wanted = {
        (each["file"], each["line"])
        for each in faults
        if each["kind"] in ("no-title", "wrong-type", "permalink-mismatch")
    }
    assert {(each.path, each.line) for each in faulty.outliers} == wanted
    assert faulty.problems > 0
    assert clean.outliers == []


# -- schemas


def test_types_keys_and_required_keys(make: Make) -> None:
    files = muscles(12, weight=3, ratio=1, header=False, near=["a", "b"], author={"name": "A"}, empty=None)
    files["hip/m00.md"] = page(
        title="First", weight=4, ratio=0.5, header=True, near=["c"], author={}, empty=None, draft=1
    )
    content = schema(proposed(make(files)))
    assert {key: each.get("type") for key, each in content["properties"].items()} == {
        "author": "object",
        "draft": "integer",
        "empty": "null",
        "header": "boolean",
        "near": "array",
        "ratio": "number",
        "title": "string",
        "weight": "integer",
    }
    assert content["properties"]["near"]["items"] == {"type": "string"}
    assert content["properties"]["draft"]["description"] == "On 1 of 12."
    assert content["required"] == ["author", "empty", "header", "near", "ratio", "title", "weight"]
    assert "additionalProperties" not in content, "a key that stands once says that there may be others"


def test_a_schema_is_closed_when_every_key_is_common(make: Make) -> None:
    content = schema(proposed(make(muscles(12, weight=3))))
    assert content["additionalProperties"] is False
    assert content["properties"]["published"]["type"] == "boolean"
    assert "redirect_from" not in content["properties"]


def test_the_keys_of_plugins_are_known(make: Make) -> None:
    site = make({"_config.yml": "plugins: [jekyll-redirect-from]\n", **muscles(12)})
    assert "redirect_from" in schema(proposed(site))["properties"]


def test_few_pages_say_little(make: Make) -> None:
    assert "pages" not in config(proposed(make(muscles(2))))
    site = make(muscles(4))
    assert "required" not in schema(proposed(site))


def test_pages_at_the_top_share_nothing_unless_they_are_many(make: Make) -> None:
    site = make({f"p{number}.md": page(title=f"P {number}") for number in range(9)})
    assert "pages" not in config(proposed(site))
    site = make({"p9.md": page(title="P 9")})
    assert config(proposed(site))["pages"][-1]["match"] == "{name}.md"


def test_pages_without_front_matter_have_no_schema(make: Make) -> None:
    assert "pages" not in config(proposed(make({f"hip/{number}.md": page() for number in range(5)})))


def test_one_of_twenty_with_another_type_is_named(make: Make) -> None:
    files = muscles(20)
    files["hip/m03.md"] = page(title=3)
    proposal = proposed(make(files))
    assert schema(proposal)["properties"]["title"]["type"] == "string"
    assert told(proposal) == ["hip/m03.md:2: title: must be a text, not the number 3"]
    assert list(init.told(proposal))[:4] == [
        "hip/{name}.md: 19 of 20 pages fit schemas/hip-page.schema.json",
        "",
        "These differ from the others of their kind, and are often mistakes:",
        "hip/m03.md:2:8: title: must be a text, not the number 3",
    ]


def test_several_types_are_all_allowed(make: Make) -> None:
    files = muscles(8, near="a") | {f"hip/n{number}.md": page(title=f"N {number}", near=["b"]) for number in range(8)}
    content = schema(proposed(make(files)))
    assert content["properties"]["near"]["type"] == ["array", "string"]
    assert content["properties"]["near"]["items"] == {"type": "string"}


def test_a_misspelt_key_is_named_and_shapes_nothing(make: Make) -> None:
    files = muscles(6, subheadline="One")
    files["hip/m02.md"] = page(title="Muscle 2", subheadlin="One")
    proposal = proposed(make(files))
    assert "subheadlin" not in schema(proposal)["properties"]
    assert "subheadline" in schema(proposal)["required"]
    assert told(proposal) == [
        "hip/m02.md:1: the key subheadline is missing",
        "hip/m02.md:3: the others have subheadline where this has subheadlin",
    ]


def test_a_misspelt_key_in_an_entry_of_a_list_is_named(make: Make) -> None:
    files = muscles(5, gallery=[{"file": "a", "caption": "A"}])
    files["hip/m02.md"] = page(title="Muscle 2", gallery=[{"file": "a", "captoin": "A"}])
    assert told(proposed(make(files))) == ["hip/m02.md:5: the others have caption where this has captoin"]


def test_a_misspelt_key_is_told_once_where_the_schema_is_closed(make: Make) -> None:
    files = muscles(24, subheadline="One", tags=["a"])
    files["hip/m02.md"] = page(title="Muscle 2", subheadlin="One", tags=["a"])
    assert told(proposed(make(files))) == [
        "hip/m02.md:1: the key subheadline is missing",
        "hip/m02.md:3: unknown key subheadlin (did you mean subheadline?)",
    ]


def test_a_value_near_one_of_a_few_is_named(make: Make) -> None:
    files = {f"hip/{number:02}.md": page(region=("hip", "thigh")[number % 2]) for number in range(24)}
    files["hip/03.md"] = page(region="thihg")
    proposal = proposed(make(files))
    assert schema(proposal)["properties"]["region"]["enum"] == ["hip", "thigh"]
    assert told(proposal) == ['hip/03.md:2: region: must be one of "hip", "thigh", not "thihg" (did you mean thigh?)']


@pytest.mark.parametrize(
    ("texts", "few"),
    [
        (["a"] * 12 + ["b"] * 12, ["a", "b"]),
        (["a"] * 24, []),
        (["a"] * 6 + ["b"] * 6, []),
        (["a"] * 12 + ["b"] * 12 + ["other"], []),
        (["a word"] * 12 + ["b"] * 12, []),
        (["2024-01-02"] * 12 + ["2024-01-03"] * 12, []),
        ([f"w{number % 40}" for number in range(400)], []),
        (["alpha"] * 20 + ["beta"] * 20 + ["alhpa", "betta", "bet"], []),
    ],
)
def test_few_values_need_evidence(texts: list[str], few: list[str]) -> None:
    assert few_values(texts) == few


@pytest.mark.parametrize(
    ("texts", "unique"),
    [
        ([f"Title {number}" for number in range(10)], True),
        ([f"Title {number}" for number in range(9)], False),
        ([*(f"Title {number}" for number in range(10)), "Title 1"], False),
        ([f"2024-01-{number:02}" for number in range(10, 20)], False),
        ([f"a/{number}.png" for number in range(10)], False),
    ],
)
def test_unique_values_need_evidence(texts: list[str], unique: bool) -> None:
    assert are_unique(texts) is unique


def test_what_two_kinds_share_is_not_unique(make: Make) -> None:
    files = muscles(10) | {
        f"_posts/2024-01-{number:02}-x.md": page(title=f"Muscle {number}") for number in range(10, 22)
    }
    files |= {"_posts/2024-01-10-x.md": page(title="Muscle 3")}
    proposal = proposed(make(files))
    assert "x-unique" in schema(proposal)["properties"]["title"] or "x-unique" in json.dumps(
        schema(proposal, "_posts/{name}.md")
    )
    assert proposal.outliers == []


def test_a_mapping_with_names_for_keys_is_left_open(make: Make) -> None:
    content = schema(proposed(make(muscles(6, people={f"name{number}": number for number in range(60)}))))
    assert content["properties"]["people"] == {"description": "On all 6.", "type": "object"}


def test_keys_that_are_no_texts_are_passed_over(make: Make) -> None:
    assert list(schema(proposed(make(muscles(5, years={2024: "x"}))))["properties"]["years"]) == ["description", "type"]


def test_empty_lists_have_no_entries_to_learn_from(make: Make) -> None:
    assert "items" not in schema(proposed(make(muscles(5, near=[]))))["properties"]["near"]


def test_what_a_default_gives_is_named_where_it_stands(make: Make) -> None:
    defaults = "defaults: [{scope: {path: hip/m03.md}, values: {weight: heavy}}]\n"
    files = muscles(20, weight=3) | {"hip/m03.md": page(title="Muscle 3")}
    assert told(proposed(make({"_config.yml": defaults, **files}))) == [
        "_config.yml:1: weight: must be a whole number, not a text"
    ]


# -- references

GALLERY = '{% for item in page.gallery %}<img src="{{ site.urlimg }}{{ item.file }}" alt="">{% endfor %}\n'


def shown(value: str, src: str) -> dict[str, str]:
    """Pages with a hero of this form, and the include by which they show it."""
    body = "{% include hero.html %}"
    files = {f"hip/{n}.md": page(hero=value.format(n), kind="img", body=body) for n in range(6)}
    return {**files, "_includes/hero.html": f'<img src="{src}" alt="">\n'}


def pictures(count: int) -> dict[str, str]:
    return {f"assets/img/{number}.png": "" for number in range(count)}


def test_the_base_that_a_template_prints_is_the_base(make: Make) -> None:
    files = {f"hip/{n}.md": page(gallery=[{"file": f"{n}.png"}], body="{% include gallery %}") for n in range(6)}
    site = make({"_config.yml": "urlimg: /assets/img/\n", "_includes/gallery": GALLERY, **files, **pictures(6)})
    proposal = proposed(site)
    entry = schema(proposal)["properties"]["gallery"]["items"]
    assert entry["properties"]["file"]["x-reference"] == {"role": "image", "paths": ["{urlimg}{value}"]}
    assert entry["required"] == ["file"]
    assert config(proposal)["includes"] == {"gallery": {"needs": ["gallery"]}}


@pytest.mark.parametrize(
    ("settings_", "src", "value", "path"),
    [
        ("title: Hip\n", "/assets/img/{{ page.hero }}", "{}.png", "/assets/img/{value}"),
        ("title: Hip\n", "{{ page.hero }}", "/assets/img/{}.png", "{value}"),
        ("baseurl: ''\n", "{{ page.hero | relative_url }}", "/assets/img/{}.png", "{baseurl}{value}"),
        ("baseurl: /a\n", "{{ page.hero | relative_url }}", "/assets/img/{}.png", "{baseurl}{value}"),
        (
            "baseurl: /a\nimg: /assets/img/\n",
            "{{ site.baseurl }}{{ site.img }}{{ page.hero }}",
            "{}.png",
            "{baseurl}{img}{value}",
        ),
        ("title: Hip\n", "/assets/img/{{ page.hero }}?{{ page.hero }}", "{}.png", "/assets/img/{value}"),
        ("title: Hip\n", "/assets/{{ page.kind }}/{{ page.hero }}", "{}.png", "/assets/img/{value}"),
    ],
)
def test_bases_are_found_however_templates_write_them(
    settings_: str, src: str, value: str, path: str, make: Make
) -> None:
    files = shown(value, src) | {"_config.yml": settings_}
    proposal = proposed(make({**files, **pictures(6)}))
    (found,) = schema(proposal)["properties"]["hero"]["x-reference"]["paths"]
    assert found == path
    assert proposal.outliers == []


def test_a_value_that_is_shown_in_other_words_is_looked_for_where_the_files_are(make: Make) -> None:
    files = shown("{}.jpg", "/assets/img/{{ page.hero | replace: '.jpg', '.png' }}")
    there = {f"orig/{n}.jpg": "" for n in range(6)}
    proposal = proposed(make({**files, **there, **pictures(6)}))
    assert schema(proposal)["properties"]["hero"]["x-reference"]["paths"] == ["/orig/{value}"]


def test_a_small_picture_beside_each_is_expected(make: Make) -> None:
    gallery = (
        '<a href="/img/{{ page.hero }}"><img src="/img/{{ page.hero | replace: ".png", "-thumb.png" }}" alt=""></a>\n'
    )
    files = {f"hip/{n}.md": page(hero=f"{n}.png", body="{% include hero.html %}") for n in range(6)}
    there = {f"img/{n}{more}.png": "" for n in range(6) for more in ("", "-thumb")}
    proposal = proposed(make({**files, **there, "_includes/hero.html": gallery}))
    paths = schema(proposal)["properties"]["hero"]["x-reference"]["paths"]
    assert sorted(paths) == ["/img/{stem}-thumb{ext}", "/img/{value}"]
    assert proposal.outliers == []


def test_a_base_that_no_path_can_have_is_none(make: Make) -> None:
    files = shown("{}.png", "/my pictures/{{ page.hero }}")
    proposal = proposed(make({**files, **{f"my pictures/{n}.png": "" for n in range(6)}}))
    assert schema(proposal)["properties"]["hero"]["x-reference"]["paths"] == ["/my pictures/{value}"]


def test_files_of_one_name_in_many_folders(make: Make) -> None:
    files = {f"hip/{n}.md": page(hero=f"x/{n}.png") for n in range(6)}
    there = {f"{folder}/{n}.png": "" for folder in ("a/x", "a/y", "b{}/x") for n in range(6)}
    assert schema(proposed(make({**files, **there})))["properties"]["hero"]["x-reference"]["paths"] == ["/a/{value}"]


def test_a_web_address_among_pictures_is_left_alone(make: Make) -> None:
    files = {f"hip/{n}.md": page(hero=f"{n}.png") for n in range(6)} | {
        "hip/w.md": page(hero="https://w.example/a.png")
    }
    proposal = proposed(make({**files, **pictures(6)}))
    assert schema(proposal)["properties"]["hero"]["x-reference"]["paths"] == ["/assets/img/{value}"]
    assert proposal.outliers == []


def test_a_picture_that_is_never_there_is_no_reference_however_it_is_shown(make: Make) -> None:
    assert "x-reference" not in json.dumps(schema(proposed(make(shown("{}.png", "/no/{{ page.hero }}")))))


@pytest.mark.parametrize(
    ("settings_", "value", "path", "role"),
    [
        ("img: /assets/img/\n", "{}.png", "{img}{value}", "image"),
        ("title: Hip\n", "{}.png", "/assets/img/{value}", "image"),
        ("baseurl: /a\n", "img/{}.png", "{baseurl}/assets/{value}", "image"),
        ("title: Hip\n", "/assets/img/{}.png", "{value}", "image"),
        ("baseurl: /a\n", "/assets/img/{}.png", "{baseurl}{value}", "image"),
        ("title: Hip\n", "/img/{}.png", "/assets{value}", "image"),
        ("title: Hip\n", "/hip/{}.html", "{value}", "page"),
        ("title: Hip\n", "{}.html", "{value}", "page"),
        ("title: Hip\n", "/assets/doc/{}.pdf", "{value}", "file"),
    ],
)
def test_bases_are_found_where_the_files_are(settings_: str, value: str, path: str, role: str, make: Make) -> None:
    files = {f"hip/{n}.md": page(leads=value.format(n)) for n in range(6)}
    documents = {f"assets/doc/{n}.pdf": "" for n in range(6)}
    proposal = proposed(make({"_config.yml": settings_, **files, **pictures(6), **documents}))
    assert schema(proposal)["properties"]["leads"]["x-reference"] == {"role": role, "paths": [path]}
    assert proposal.outliers == []


def test_a_missing_picture_is_named(make: Make) -> None:
    files = {f"hip/{n}.md": page(hero=f"{n}.png") for n in range(24)}
    proposal = proposed(make({**files, **pictures(23)}))
    assert told(proposal) == ["hip/23.md:2: image not found: /assets/img/23.png (did you mean /assets/img/2.png?)"]


def test_what_leads_nowhere_is_no_reference(make: Make) -> None:
    files = {f"hip/{n}.md": page(hero=f"{n}.png", site="https://example.org/x", one="1.png") for n in range(24)}
    files["hip/3.md"] = page(hero="3.png", site="https://example.org/y", one="1.png")
    proposal = proposed(make({**files, **pictures(12)}))
    assert "x-reference" not in json.dumps(schema(proposal)["properties"])


def test_a_setting_in_braces_is_no_base(make: Make) -> None:
    files = {f"hip/{n}.md": page(hero=f"{n}.png") for n in range(6)}
    there = {f"as{{s}}ets/{n}.png": "" for n in range(6)}
    assert "x-reference" not in json.dumps(schema(proposed(make({**files, **there})))["properties"])


def test_a_data_file_of_links_has_a_schema(make: Make) -> None:
    navigation = [{"title": f"{n}", "url": f"/hip/{n}.html"} for n in range(5)]
    site = make(
        {
            "_data/navigation.yml": yaml.safe_dump(navigation),
            "_data/people.yml": yaml.safe_dump([{"name": "A"}] * 5),
            "_data/broken.yml": "a: [\n",
            **{f"hip/{n}.md": page(title=f"T {n}") for n in range(5)},
        }
    )
    proposal = proposed(site)
    assert config(proposal)["data"] == [
        {"match": "_data/navigation.yml", "schema": "schemas/data-navigation.schema.json"}
    ]
    entry = json.loads(proposal.files["schemas/data-navigation.schema.json"])["items"]
    assert entry["properties"]["url"]["x-reference"]["role"] == "page"
    assert entry["required"] == ["url"]
    assert "_data/navigation.yml: schemas/data-navigation.schema.json" in list(init.told(proposal))


# -- addresses


def region(name: str, count: int, body: str = "Text.") -> dict[str, str]:
    return {
        f"{name}/m{number}.md": page(title=f"{name} {number}", permalink=f"/{name}/m{number}/", body=body)
        for number in range(count)
    }


def test_addresses_and_links_back_follow_the_path(make: Make) -> None:
    files = region("hip", 6, "[Back](/hip/)") | region("thigh", 6, "[Back](/thigh/)")
    files |= {f"{name}/index.md": page(permalink=f"/{name}/", title=name) for name in ("hip", "thigh")}
    proposal = proposed(make(files))
    assert config(proposal)["pages"] == [
        {"match": "{folder}/index.md"},
        {
            "match": "{folder}/{name}.md",
            "schema": "schemas/page.schema.json",
            "permalink": "/{folder}/{name}/",
            "back-link": "/{folder}/",
        },
    ]
    assert any(line.startswith("{folder}/{name}.md: all 12 pages fit") for line in init.told(proposal))


def test_an_address_with_an_extension_and_one_beside_the_path(make: Make) -> None:
    files = {f"hip/m{n}.md": page(title=f"T {n}", permalink=f"/m{n}.html") for n in range(6)}
    assert config(proposed(make(files)))["pages"][0]["permalink"] == "/{name}.html"


def test_one_address_of_twenty_that_differs_is_named(make: Make) -> None:
    files = region("hip", 20)
    files["hip/m7.md"] = page(title="hip 7", permalink="/hip/m8x/")
    proposal = proposed(make(files))
    assert told(proposal) == ["hip/m7.md:3: the address /hip/m8x/ should be /hip/m7/, as the file's path says"]


@pytest.mark.parametrize("written", [0, 4])
def test_what_the_generator_makes_is_no_habit(written: int, make: Make) -> None:
    files = {
        f"hip/m{n}.md": page(title=f"T {n}", **({"permalink": f"/hip/m{n}/"} if n < written else {})) for n in range(9)
    }
    site = make({"_config.yml": "permalink: pretty\n", **files})
    assert "permalink" not in config(proposed(site))["pages"][0]


def test_pages_that_share_an_address_have_no_pattern_of_addresses(make: Make) -> None:
    files = {f"hip/m{n}.md": page(title=f"T {n}", permalink="/hip/") for n in range(6)}
    assert "permalink" not in config(proposed(make(files)))["pages"][0]


# -- includes

PICTURE = """\
{% comment %}{% for item in page.notes %}{% endfor %}{% endcomment %}
{% assign id = include.id %}{% assign shown = page.images | where: "id", id %}
{% for item in shown %}<img src="/assets/img/{{ item.file }}" alt="">{% endfor %}
"""
EQUAL = """\
{% for item in page.images %}{% if item.id == include.id %}<img src="/assets/img/{{ item.file }}" alt="">{% endif %}{% endfor %}
"""
TURNED = EQUAL.replace("item.id == include.id", "include.id == item.id")


@pytest.mark.parametrize("template", [PICTURE, EQUAL, TURNED])
def test_a_parameter_that_names_an_entry_is_a_contract(template: str, make: Make) -> None:
    images = [{"id": "front", "file": "1.png"}, {"id": "back", "file": "2.png"}]
    body = '{% include picture id="front" %} {% include picture id="back" %}'
    site = make({"_includes/picture": template, **muscles(6, images=images, body=body), **pictures(3)})
    proposal = proposed(site)
    assert config(proposal)["includes"] == {"picture": {"params": {"id": "images[].id"}}}
    assert schema(proposal)["properties"]["images"]["items"]["required"] == ["file", "id"]
    assert "{% include picture %}: id names images[].id (on 6 pages)" in list(init.told(proposal))


def test_no_contract_of_what_pages_do_not_keep_to(make: Make) -> None:
    texts = "{% for item in page.images %}{% if item.id == include.id %}{{ item.text }}{% endif %}{% endfor %}\n"
    guarded = (
        '{% if page.gallery %}{% for item in page.gallery %}<img src="{{ item }}" alt="">{% endfor %}{% endif %}\n'
    )
    other = '{% if a.id == include.id %}<img src="/x.png" alt="">{% endif %}\n'
    body = "{% include texts id='a' %}{% include guarded %}{% include picture %}{% include other id='b' %}"
    site = make(
        {
            "_includes/texts": texts,
            "_includes/guarded": guarded,
            "_includes/picture": PICTURE,
            "_includes/other": other,
            "_includes/deep/er": GALLERY,
            **muscles(6, images=[{"id": "a"}], gallery=[], body=body),
        }
    )
    assert "includes" not in config(proposed(site))


def test_contracts_that_turn_out_wrong_are_dropped(make: Make) -> None:
    images = [{"id": "front", "file": "1.png"}, {"id": "back", "file": "2.png"}]
    linked = EQUAL + '<a href="/hip/m01.html">Next</a>\n'
    site = make({"_includes/picture": linked, **muscles(6, images=images, body='{% include picture id="front" %}')})
    proposal = proposed(make(pictures(3)))
    assert "includes" not in config(proposal), "two of the pictures are used in another way"
    init.write(str(site), None, proposal.files)
    assert run.check(run.Request(cwd=str(site), cache=False)).diagnostics == ()


# -- kinds of pages


def texts(pages: Mapping[str, list[str]]) -> list[tuple[str, int]]:
    return [(kind.pattern.text, len(kind.paths)) for kind in kinds(pages)]


def test_folders_whose_pages_are_alike_are_one_kind() -> None:
    pages = {f"m/{region}/{name}.md": ["title", "tags"] for region in ("hip", "thigh") for name in "abc"}
    pages |= {f"m/{region}/index.md": ["title"] for region in ("hip", "thigh")}
    pages |= {f"m/notes/{name}.md": ["author", "date"] for name in "abc"}
    assert texts(pages) == [("m/notes/{name}.md", 3), ("m/{folder}/index.md", 2), ("m/{folder}/{name}.md", 6)]


def test_folders_in_folders_have_names_of_their_own() -> None:
    pages = {f"{a}/{b}/{c}/{n}.md": ["title"] for a in "ab" for b in "cd" for c in "ef" for n in "gh"}
    assert texts(pages) == [("{folder}/{subfolder}/{subfolder2}/{name}.md", 16)]


def test_dated_files_are_one_kind_however_deep_they_lie() -> None:
    pages = {
        "_posts/2024-01-01-a.md": ["title"],
        "_posts/old/2023-01-01-b.md": ["title"],
        "x/_posts/2024-01-01-c.md": [],
    }
    assert texts(pages) == [("_posts/**/{name}.md", 2), ("x/_posts/{name}.md", 1)] or texts(pages) == [
        ("x/_posts/{name}.md", 1),
        ("_posts/**/{name}.md", 2),
    ]


names = st.text(alphabet="ab.[]{}*?é\\", min_size=1, max_size=4).filter(lambda name: name not in (".", ".."))


@given(
    st.dictionaries(st.lists(names, min_size=1, max_size=4).map("/".join), st.lists(st.sampled_from("xyz")), max_size=9)
)
def test_every_page_is_of_one_kind_and_fits_its_pattern(pages: dict[str, list[str]]) -> None:
    found = kinds(pages)
    assert sorted(path for kind in found for path in kind.paths) == sorted(pages)
    assert all(kind.pattern.match(path) is not None for kind in found for path in kind.paths)
    assert len({kind.pattern.text for kind in found}) == len(found)


@given(names)
def test_a_literal_pattern_fits_its_path_alone(name: str) -> None:
    assert compile_pattern(literal(name)).match(name) == {}
    assert compile_pattern(literal(name)).match(name + "x") is None


def test_what_a_wider_pattern_would_take_along_is_set_apart(make: Make) -> None:
    files = region("hip", 6) | region("thigh", 6)
    files |= {"notes/a.md": page(when="x", where="y"), "README.md": "Read me.\n", "hip/README.md": "Read me.\n"}
    pages = config(proposed(make(files)))["pages"]
    assert [each["match"] for each in pages] == ["hip/README.md", "notes/{name}.md", "{folder}/{name}.md"]
    assert pages[0] == {"match": "hip/README.md"}


def test_a_page_without_front_matter_among_many_is_named(make: Make) -> None:
    proposal = proposed(make({**muscles(24), "hip/bare.md": "No front matter.\n"}))
    assert told(proposal) == ["hip/bare.md:1: no front matter: the generator copies this file as it is"]
    proposal = proposed(make({"hip/bare2.md": "Nor here.\n"}))
    assert proposal.outliers == []


def test_feeds_and_styles_are_no_kind_of_pages(make: Make) -> None:
    site = make(
        {f"css/{n}.scss": page(layout=None) for n in range(6)} | {f"hip/{n}.md": page(title=f"T{n}") for n in range(3)}
    )
    assert [each["match"] for each in config(proposed(site))["pages"]] == ["hip/{name}.md"]


def test_pages_that_cannot_be_read_teach_nothing(make: Make) -> None:
    bad = {"hip/bad.md": "---\ntitle: 'x\n---\n", "hip/list.md": "---\n- x\n---\n"}
    proposal = proposed(make({**muscles(6), **bad}))
    assert schema(proposal)["description"].endswith("inferred from 6 pages.")
    assert len(config(proposal)["pages"]) == 1, "once they can be read, they are judged like the others"


def test_a_page_that_nobody_reads_is_set_apart(make: Make) -> None:
    proposal = proposed(make({**muscles(6), "hip/feed.md": page(permalink="/hip/feed.json")}))
    assert [each["match"] for each in config(proposal)["pages"]] == ["hip/feed.md", "hip/{name}.md"]


# -- the evidence


def test_how_many_may_differ() -> None:
    assert [outliers(count) for count in (0, 19, 20, 39, 40, 1000)] == [0, 0, 1, 1, 2, 26]
    assert holds(19, 20)
    assert not holds(18, 20)
    assert not holds(2, 2)


@pytest.mark.parametrize(
    ("written", "meant", "slip"),
    [
        ("titel", "title", True),
        ("galery", "gallery", True),
        ("Title", "title", True),
        ("image_URL", "image_url", True),
        ("before-x", "after-x", False),
        ("author", "title", False),
    ],
)
def test_slips_of_the_pen(written: str, meant: str, slip: bool) -> None:
    assert is_slip(written, meant) is slip


# -- what is written, and when not


def test_it_shows_and_writes(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    site = make({**muscles(6), "broken.md": page(body="[x](/nowhere/)")})
    assert execute(["init", "--root", str(site)]) == 0
    said = capsys.readouterr()
    written = (site / "contentlint.yml").read_text(encoding="utf-8")
    assert said.out == written + "\n"
    assert "hip/{name}.md: all 6 pages fit schemas/hip-page.schema.json" in said.err
    assert "contentlint check finds 1 problem that needs no config; contentlint baseline" in said.err
    assert said.err.endswith("Wrote contentlint.yml, schemas/hip-page.schema.json.\n")
    assert sorted(path.name for path in (site / "schemas").iterdir()) == ["hip-page.schema.json"]


def test_it_is_always_the_same(make: Make) -> None:
    site = make({**region("hip", 6), **region("thigh", 9), **pictures(3)})
    assert proposed(site).files == proposed(site).files


def test_with_diff_nothing_is_written(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    site = make({**muscles(6), "a.md": page(body="[x](/no/) [y](/nor/)")})
    assert execute(["init", "--root", str(site), "--diff"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("--- /dev/null\n+++ contentlint.yml\n@@ -0,0 +1,")
    assert "+++ schemas/hip-page.schema.json" in said.out
    assert "2 problems that need no config" in said.err
    assert not (site / "contentlint.yml").exists()


def test_what_jekyll_leaves_out_already_needs_no_word(make: Make) -> None:
    site = make({"_config.yml": "exclude: [contentlint.yml, schemas/]\n", **muscles(3)})
    assert not proposed(site).copied
    assert proposed(make({"_config.yml": "exclude: [schemas]\n"})).copied


def test_a_config_is_never_overwritten(
    make: Make, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    site = make({**muscles(6), "contentlint.yml": "source: .\n"})
    before = sorted(site.rglob("*"))
    monkeypatch.chdir(site / "hip")
    assert execute(["init"]) == 2
    there = "../contentlint.yml"
    told = f"{there}: error: {there} is there already, and is not overwritten\n  help: move it away\n"
    assert capsys.readouterr() == ("", told)
    assert sorted(site.rglob("*")) == before
    assert (site / "contentlint.yml").read_text(encoding="utf-8") == "source: .\n"


def test_a_schema_is_never_overwritten(make: Make) -> None:
    site = make({**muscles(6), "schemas/hip-page.schema.json": "{}"})
    proposal = proposed(site)
    assert list(proposal.files) == ["contentlint.yml", "schemas/hip-page-2.schema.json"]
    (site / "schemas/hip-page-2.schema.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UnusableError, match=r"hip-page-2\.schema\.json is there already"):
        init.write(str(site), None, proposal.files)
    assert not (site / "contentlint.yml").exists()


@pytest.mark.parametrize("fails_at", [1, 2])
def test_nothing_is_left_half_written(
    fails_at: int, make: Make, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    site = make(muscles(6))
    before = sorted(site.rglob("*"))
    synced = iter(range(1, 9))

    def full(_: int) -> None:
        if next(synced) == fails_at:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("contentlint.writing.os.fsync", full)
    assert execute(["init", "--root", str(site)]) == 2
    assert "No space left on device\n  help: nothing was written" in capsys.readouterr().err
    assert sorted(site.rglob("*")) == before


def test_an_empty_folder_and_one_without_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert execute(["init", "--root", str(tmp_path)]) == 2
        assert "no page is here: there is nothing to infer from" in capsys.readouterr().err
        (tmp_path / "_config.yml").write_text("title: x\n", encoding="utf-8")


def test_a_site_a_little_below_is_found(tmp_path: Path) -> None:
    for name in ("docs/site/_config.yml", "docs/site/index.md", "node_modules/x/_config.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("---\n---\n", encoding="utf-8")
    proposal = proposed(tmp_path)
    assert config(proposal) == {"source": "docs/site"}
    assert not proposal.copied
    (tmp_path / "web").mkdir()
    (tmp_path / "web/_config.yml").write_text("title: x\n", encoding="utf-8")
    with pytest.raises(UnusableError, match="several sites here: docs/site, web"):
        proposed(tmp_path)


def test_a_site_without_a_config_of_its_generator(make: Make) -> None:
    site = make(muscles(6))
    (site / "_config.yml").unlink()
    assert config(proposed(site))["pages"][0]["match"] == "hip/{name}.md"


def test_schemas_of_one_name_are_numbered(make: Make) -> None:
    files = muscles(6) | {f"hip/{n}.html": page(title=f"H {n}") for n in range(6)}
    assert list(proposed(make(files)).files) == [
        "contentlint.yml",
        "schemas/hip-page-2.schema.json",
        "schemas/hip-page.schema.json",
    ]


values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab/.é{}%", max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "ab"]), inner, max_size=3),
    max_leaves=6,
)
matters = st.dictionaries(st.sampled_from(["title", "titel", "image", "tags", "permalink", "x"]), values, max_size=4)


@settings(max_examples=settings.default.max_examples // 12, deadline=None)
@given(pages=st.lists(matters, min_size=3, max_size=12))
def test_whatever_pages_say_the_result_loads_and_reports_what_it_named(
    pages: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    site = tmp_path_factory.mktemp("any")
    (site / "_config.yml").write_text("", encoding="utf-8")
    for number, keys in enumerate(pages):
        (site / f"hip{number % 2}").mkdir(exist_ok=True)
        (site / f"hip{number % 2}" / f"{number}.md").write_text(page(**keys), encoding="utf-8")
    before = {each.fingerprint for each in run.check(run.Request(cwd=str(site), cache=False)).diagnostics}
    proposal = proposed(site)
    init.write(str(site), None, proposal.files)
    after = run.check(run.Request(cwd=str(site), cache=False)).diagnostics
    named = {(each.path, each.line, each.column) for each in proposal.outliers}
    new = {(each.path, each.span.line, each.span.column) for each in after if each.fingerprint not in before}
    assert new <= named


def test_the_benchmark_runs(tmp_path: Path) -> None:
    command = [sys.executable, str(BENCHMARKS / "init.py"), "--seeds", "4", "--pages", "60", "--faults", "21"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR": str(tmp_path)}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "with the config of init: recall 100.00 %" in done.stdout
