"""What `_config.yml`, the Gemfile and the site's own plugins say about a site."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from contentlint.generators.jekyll import defaults, gems
from contentlint.generators.jekyll.problems import Fault
from contentlint.generators.jekyll.settings import Settings, load
from contentlint.tree import WorkTree

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


def write(root: Path, files: dict[str, str]) -> WorkTree:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return WorkTree(root)


def settings(root: Path, config: str = "", files: dict[str, str] | None = None, version: int | None = None) -> Settings:
    return load(write(root, {"_config.yml": config, **(files or {})}), version=version, now=NOW)


def test_without_config(tmp_path: Path) -> None:
    found = load(WorkTree(tmp_path), now=NOW)
    assert (found.path, found.source, found.destination, found.version) == ("", "", "_site", 4)
    assert found.problems == ()
    assert found.plugins == frozenset()
    assert found.surprises == ()
    assert list(found.collections) == ["posts"]
    assert found.markdown == {".markdown", ".mkdown", ".mkdn", ".mkd", ".md"}
    assert (found.style, found.baseurl, found.now, found.now_is_fixed) == ("date", "", NOW, False)
    assert found.kramdown["input"] == "GFM"
    assert "node_modules" in found.config["exclude"]
    assert found.knows_all


def test_values_have_places(tmp_path: Path) -> None:
    found = settings(tmp_path, "title: x\nkramdown:\n  hard_wrap: true\n")
    assert found.place(("kramdown", "hard_wrap")) == (32, 36)
    assert found.place(("kramdown", "hard_wrap", "deeper")) == (32, 36)
    assert found.place(("no", "such")) == (0, 0)
    assert found.kramdown == {**found.kramdown, "hard_wrap": True, "input": "GFM"}


def test_time_fixes_the_day(tmp_path: Path) -> None:
    found = settings(tmp_path, "time: 2020-01-02 03:04:05 +0000\ntimezone: Asia/Tokyo\nbaseurl: /b")
    assert found.now_is_fixed
    assert found.now.isoformat() == "2020-01-02T12:04:05+09:00"
    assert found.baseurl == "/b"
    found = settings(tmp_path, "time: nonsense")
    assert [(each.fault, each.key, each.fatal) for each in found.problems] == [(Fault.CONFIG, ("time",), True)]
    assert not settings(tmp_path, "time: Jan 5").now_is_fixed
    assert settings(tmp_path, "time: 2020-W01-3").now == NOW


@pytest.mark.parametrize(
    ("config", "at"),
    [
        ("a: b: c", "b"),
        ("- a", "- a"),
        ("permalink: 5", "5"),
        ("permalink: [a]", "[a]"),
        ("exclude: x.md", "x.md"),
        ("plugins:\n  a: b", "a: b"),
        ("include: [5]", "5"),
        ("collections: 5", "5"),
        ("collections: [c, 5]", "5"),
        ("collections:\n  c: true", "true"),
        ("limit_posts: -1", "-1"),
        ("limit_posts: true", "true"),
        ("timezone: 5", "5"),
        ("kramdown: x", "x"),
        ("destination: .", "."),
        ("source: ../x", "../x"),
        ("defaults:\n- 5", "5"),
        ("defaults:\n- values: {a: 1}\n  scope: 5", "5"),
        ("defaults:\n- values: {a: 1}\n  scope: {type: 5}", "5"),
        ("defaults:\n- values: {date: 2020-01-01}", "2020-01-01"),
        ("defaults:\n- values: {date: [a]}", "[a]"),
        ("defaults:\n- values: {date: never}", "never"),
    ],
)
def test_problem_stands_at_the_value(tmp_path: Path, config: str, at: str) -> None:
    (problem,) = settings(tmp_path, config).problems
    assert problem.path == "_config.yml"
    assert problem.message
    if config not in ("a: b: c", "- a"):
        assert config[problem.start : problem.end] == at


def test_config_files(tmp_path: Path) -> None:
    tree = write(tmp_path, {"_config.toml": 'title = "x"\n', "s/_config.yaml": "title: y\ndestination: ../out\n"})
    assert load(tree, now=NOW).own == {"title": "x"}
    assert load(tree, version=3, now=NOW).path == ""
    found = load(tree, "s", now=NOW)
    assert (found.path, found.source, found.destination, found.own["title"]) == ("s/_config.yaml", "s", "out", "y")
    (tmp_path / "_config.toml").write_text("permalink = 5", encoding="utf-8")
    assert load(WorkTree(tmp_path), now=NOW).problems[0][4:6] == (0, 0)
    (tmp_path / "_config.toml").write_text("= x", encoding="utf-8")
    assert load(WorkTree(tmp_path), now=NOW).problems[0].fatal
    (tmp_path / "_config.yml").write_bytes(b"\xff")
    assert load(WorkTree(tmp_path), now=NOW).problems[0].fatal


def test_source_moves(tmp_path: Path) -> None:
    found = settings(tmp_path, "source: ./site/\n")
    assert (found.source, found.destination, found.problems) == ("site", "_site", ())


def test_options_override(tmp_path: Path) -> None:
    tree = write(tmp_path, {"_config.yml": "future: false"})
    assert load(tree, options={"future": True}, now=NOW).config["future"] is True


GEMFILE = """
source "https://rubygems.org"
gem "jekyll", "~> 3.9" # the old one
group :jekyll_plugins do
  if ENV["X"]
    gem 'jekyll-feed', "~> 0.12"
  end
  gem 'jekyll-seo-tag'
end
gem "jekyll-sitemap", group: :jekyll_plugins
gem("rake")
platforms :mingw do
  gem "wdm"
end
# gem "jekyll-archives", group: :jekyll_plugins
"""


def test_gemfile(tmp_path: Path) -> None:
    found = gems.gems(write(tmp_path, {"Gemfile": GEMFILE}), "")
    assert found == gems.Gems(("jekyll-feed", "jekyll-seo-tag", "jekyll-sitemap"), 3, github_pages=False)
    found_settings = settings(tmp_path, "plugins: [jekyll-archives]")
    assert found_settings.version == 3
    assert found_settings.plugins == {"jekyll-feed", "jekyll-seo-tag", "jekyll-sitemap", "jekyll-archives"}


@pytest.mark.parametrize(
    ("gem", "major"),
    [
        ('gem "jekyll"', None),
        ('gem "jekyll", ">= 3.8"', None),
        ('gem "jekyll", "< 4"', 3),
        ('gem "jekyll", "4.3.1"', 4),
        ('gem "jekyll", "<= 3.10"', 3),
        ('gem "rake"\nend', None),
    ],
)
def test_versions(tmp_path: Path, gem: str, major: int | None) -> None:
    assert gems.gems(write(tmp_path, {"Gemfile": gem}), "").major == major


def test_lock_file_knows_best(tmp_path: Path) -> None:
    lock = "GEM\n  specs:\n    jekyll (4.2.0)\n      x\n    github-pages (228)\n"
    tree = write(tmp_path, {"s/Gemfile": 'gem "jekyll", "3.9"', "s/Gemfile.lock": lock})
    assert gems.gems(tree, "s") == gems.Gems((), 4, github_pages=True)
    assert gems.gems(tree, "") == gems.Gems(perhaps_pages=True)


def test_github_pages(tmp_path: Path) -> None:
    files = {"Gemfile": 'gem "github-pages", group: :jekyll_plugins', "_plugins/a.rb": "x"}
    found = settings(tmp_path, "plugins: [jekyll-feed, jekyll-archives]", files)
    assert found.version == 3
    assert found.github_pages
    assert found.plugins == {*gems.PAGES_PLUGINS, "jekyll-feed", "jekyll-seo-tag"}
    assert found.theme == "jekyll-theme-primer"
    assert found.config["safe"]
    assert found.config["future"]
    assert found.converted == {".coffee": ".js"}
    assert found.surprises == (("/assets/css/style.css", "the theme jekyll-theme-primer brings it"),)
    assert not settings(tmp_path, "future: false", files).config["future"]


def test_safe_runs_what_is_allowed(tmp_path: Path) -> None:
    config = "safe: true\nplugins: [jekyll-feed, jekyll-sitemap, other]\nwhitelist: "
    files = {"_plugins/a.rb": "class G < Jekyll::Generator; site.pages << 1; end"}
    assert settings(tmp_path, config + "[jekyll-feed]", files).plugins == {"jekyll-feed"}
    found = settings(tmp_path, config + "other", files)
    assert found.plugins == {"other"}
    assert found.surprises == (("/**", "the plugin other may add pages"),)
    assert not found.knows_all


@pytest.mark.parametrize("value", ["1", "true", "{a: b}", "[{a: b}, [c], 1, null, other]"])
def test_names_of_plugins_that_are_none(tmp_path: Path, value: str) -> None:
    named = ["other"] if "other" in value else []
    assert settings(tmp_path, f"safe: true\nplugins: [other]\nwhitelist: {value}").plugins == {*named}
    assert [why for _, why in settings(tmp_path, f"gems: {value}").surprises] == [
        f"Jekyll 4 does not read `gems`, but the plugin {name} may be in use" for name in named
    ]


def test_themes(tmp_path: Path) -> None:
    assert settings(tmp_path, "theme: minima").plugins == {"jekyll-feed", "jekyll-seo-tag"}
    assert settings(tmp_path, "theme: minima").surprises[0][0] == "/assets/**"
    assert [pattern for pattern, _ in settings(tmp_path, "theme: mine").surprises] == ["/assets/**", "/**"]
    assert [pattern for pattern, _ in settings(tmp_path, "remote_theme: a/b@1").surprises] == ["/assets/**"]
    assert settings(tmp_path, "theme: 5").theme == ""


def test_gems_key(tmp_path: Path) -> None:
    config = "gems: [jekyll-redirect-from, jemoji, x]"
    assert settings(tmp_path, config, version=3).plugins == {"jekyll-redirect-from", "jemoji", "x"}
    found = settings(tmp_path, config)
    assert found.plugins == frozenset()
    assert [reason.partition("plugin ")[2].split()[0] for _, reason in found.surprises] == ["jekyll-redirect-from", "x"]


@pytest.mark.parametrize(
    ("ruby", "makes", "alters"),
    [
        (
            "class T < Liquid::Tag\n  def render(context)\n    context.registers[:site].pages.size # Page.new\n  end\nend",
            0,
            0,
        ),
        ('Jekyll::Hooks.register :posts, :post_render do |d|\n  d.output = d.output.gsub("a", "b")\nend', 0, 1),
        (
            "class G < Jekyll::Generator\n  def generate(site)\n    site.pages << Jekyll::PageWithoutAFile.new\n  end\nend",
            1,
            1,
        ),
        ("require 'jekyll-unknown'", 1, 1),
        ("require 'jekyll-feed-other'\n", 1, 1),
        ("require 'jemoji'", 0, 0),
        ("doc.data['permalink'] = '/x/'", 1, 1),
        ("class Jekyll::Site\n  def x; end\nend", 1, 1),
        ("module Jekyll\n  class UpcaseConverter < Converter\n    def output_ext(e) '.html' end\n  end\nend", 1, 1),
        ("", 1, 1),
    ],
)
def test_own_plugins(tmp_path: Path, ruby: str, makes: int, alters: int) -> None:
    found = settings(tmp_path, "", {"_plugins/deep/a.rb": ruby})
    assert found.own_plugins.paths == ("_plugins/deep/a.rb",)
    assert (len(found.own_plugins.make), len(found.own_plugins.alter)) == (makes, alters)
    assert [pattern for pattern, _ in found.surprises] == ["/**"] * makes


def test_version_3_tolerates_text_for_lists(tmp_path: Path) -> None:
    found = settings(tmp_path, "exclude: 'a, b'\ninclude: c\nlayouts: l\n", version=3)
    assert (found.config["exclude"], found.config["include"], found.config["layouts_dir"]) == (["a", "b"], ["c"], "l")
    assert found.problems == ()
    assert "gemfiles" not in settings(tmp_path, "", version=3).config["exclude"]
    assert settings(tmp_path, "exclude: [x]", version=3).config["exclude"] == ["x"]
    assert settings(tmp_path, "plugins: x", version=3).problems[0].fatal


def test_collections(tmp_path: Path) -> None:
    config = "permalink: pretty\ncollections:\n  c!:\n    output: true\n  d:\n    output: true\n    permalink: /:name\n"
    found = settings(tmp_path, config).collections
    assert [(each.label, each.folder, each.written, each.template) for each in found.values()] == [
        ("posts", "_posts", True, "/:categories/:year/:month/:day/:title/"),
        ("c", "_c", False, "/:collection/:path/"),
        ("d", "_d", True, "/:name"),
    ]
    assert settings(tmp_path, "permalink: weekdate", version=3).collections["posts"].template == "weekdate"


def test_merging_keeps_what_null_would_replace() -> None:
    assert defaults.merged({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": None, "e": 5}, "d": None, "f": None}) == {
        "a": {"b": 1, "c": 2, "e": 5},
        "d": 3,
        "f": None,
    }


def test_a_default_has_a_source(tmp_path: Path) -> None:
    config = """
defaults:
- scope: {path: ""}
  values: {layout: a, x: {y: 1}}
- scope: {path: d, type: pages}
  values: {layout: b, x: {z: 2}}
- scope: {path: "e"}
  values: {layout: c}
"""
    found = settings(tmp_path, config).defaults
    assert found.values("d/a.md", "pages") == {"layout": "b", "x": {"y": 1, "z": 2}}
    assert found.find("d/a.md", "pages", "layout") == "b"
    assert found.find("d/a.md", "posts", "layout") == "a"
    assert found.find("d/a.md", "posts", "none") is None
    assert found.source("e.md", None, "layout").place == 2


def test_a_weaker_default_fills_what_is_missing(tmp_path: Path) -> None:
    config = "defaults: [{scope: {path: dir}, values: {a: 1}}, {scope: {path: d}, values: {a: 2, b: 3}}]"
    found = settings(tmp_path, config).defaults
    assert found.values("dir/x.md", "pages") == {"a": 1, "b": 3}
    assert found.find("dir/x.md", "pages", "a") == 1


def test_default_dates(tmp_path: Path) -> None:
    config = "defaults: [{values: {date: 2020-01-02 03:04:05}}, {values: {date: 2020-W01-1}}]\n"
    (first, second) = settings(tmp_path, config).defaults.sets
    assert first.values["date"] == "2020-01-02 03:04:05 +0000"
    assert second.values["date"] == "2020-W01-1"
