"""A change that concerns a few pages is judged without a look at the others, and the report is the one of the whole site."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from contentlint import change, remembering, run
from contentlint.cache import quick
from contentlint.diagnostic import Report
from contentlint.run import Request
from contentlint.tree import opening

PICTURE = "assets/muscles/psoas-1.png"
SITE = {
    "_config.yml": "title: Atlas\nurlimg: /assets/\nplugins: [jekyll-redirect-from]\ncollections: {terms: {output: true}}\n"
    "defaults:\n  - {scope: {path: '', type: pages}, values: {layout: page}}\n",
    "contentlint.yml": "pages:\n  - match: 'muscles/*.md'\n    schema: muscle.json\n",
    "muscle.json": '{"properties": {"title": {"type": "string", "x-unique": true}}}',
    "_layouts/page.html": "<title>{{ page.title }}</title><a href='/'>Home</a>{{ content }}",
    "_includes/gallery": "{% for item in page.gallery %}<img src='{{ site.urlimg }}{{ item }}' alt='x'>{% endfor %}\n",
    "_terms/flexion.md": "---\ntitle: Flexion\n---\n# Flexion\n",
    "_posts/2024-02-03-first.md": "---\ntitle: First\n---\n[next]({% post_url 2024-03-04-second %})\n",
    "_posts/2024-03-04-second.md": "---\ntitle: Second\n---\nText\n",
    "index.md": "---\ntitle: Home\n---\n[About](/about/) [Psoas](/muscles/psoas.html#origin)\n",
    "a.md": "---\ntitle: The first to show the layout\n---\n",
    "news.md": "---\ntitle: News\n---\n{% for post in site.posts %}{{ post.excerpt }}{% endfor %}\n",
    "about.md": "---\ntitle: About\npermalink: /about/\n---\n[Home](/) ![sketch](/assets/sketch.svg)\n",
    "assets/sketch.svg": "<svg/>",
    "moved.md": "---\nredirect_from: /old/\n---\n## Here\n",
    **{
        f"muscles/{name}.md": f"---\ntitle: {name}\ngallery: [muscles/{name}-1.png]\n---\n[about](/about/)\n\n"
        "## Origin\n\n{% include gallery %}\n"
        for name in ("psoas", "soleus", "teres")
    },
    **{f"assets/muscles/{name}-1.png": "1" for name in ("psoas", "soleus", "teres")},
}
Edit = Callable[[Path], object]


def _write(path: str, text: str) -> Edit:
    def write(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)

    return write


def _replace(path: str, old: str, new: str) -> Edit:
    assert old in SITE[path]
    return _write(path, SITE[path].replace(old, new))


def _remove(path: str) -> Edit:
    return lambda root: (root / path).unlink()


EDITS: dict[str, tuple[Edit, list[str]]] = {
    "text": (_replace("about.md", "[Home]", "More [Home]"), []),
    "a page is added": (_write("muscles/vastus.md", "---\ntitle: vastus\n---\n[psoas](psoas.html)\n"), []),
    "a page is added with a fault": (
        _write("muscles/vastus.md", "---\ntitle: vastus\n---\n![x](/no.png)\n"),
        ["missing-image"],
    ),
    "a page is added in a new folder": (_write("bones/hip/index.md", "---\n---\n[about](/about/)\n"), []),
    "a page is removed": (_remove("muscles/teres.md"), []),
    "a page is removed that others link to": (_remove("about.md"), ["broken-link"] * 4),
    "a page moves that others link to": (
        _replace("muscles/psoas.md", "title", "permalink: /elsewhere/\ntitle"),
        ["broken-link"],
    ),
    "anchors change that others link to": (
        _replace("muscles/psoas.md", "## Origin", "## Insertion"),
        ["broken-anchor"],
    ),
    "a link to where others are redirected to": (
        _replace("about.md", "[Home]", "[1](/moved.html#here) [2](/moved.html) [3](/old/) [Home]"),
        [],
    ),
    "a document is added": (_write("_terms/extension.md", "---\ntitle: Extension\n---\n"), []),
    "a picture is added": (_write("assets/muscles/psoas-2.png", "2"), []),
    "a picture is removed": (_remove(PICTURE), ["missing-image"]),
    "a drawing is added": (_write("assets/drawing.svg", "<svg/>"), []),
    "a drawing is removed": (_remove("assets/sketch.svg"), ["missing-image"]),
    "a folder is removed": (lambda root: shutil.rmtree(root / "assets/muscles"), ["missing-image"] * 3),
    "an editor leaves a file": (_write("muscles/.psoas.md.swp", "x"), []),
}
WHOLE: dict[str, tuple[Edit, list[str]]] = {
    "an address is taken": (_write("other.md", "---\npermalink: /about/\n---\n"), ["duplicate-url"]),
    "an address is alike": (_write("muscles/Psoas.md", "---\ntitle: P\n---\n"), ["url-case-collision"] * 2),
    "a title is taken": (_write("muscles/vastus.md", "---\ntitle: psoas\n---\n"), ["duplicate-value"]),
    "a layout changes": (_replace("_layouts/page.html", "href='/'", "href='/gone/'"), ["broken-link"]),
    "an include changes": (_replace("_includes/gallery", "item }}", "item }}x"), ["missing-image"] * 3),
    "a post is removed that another names": (_remove("_posts/2024-03-04-second.md"), ["broken-link-tag"]),
    "the first page that shows a layout is removed": (_remove("a.md"), []),
    "a post is added that a page lists": (
        _write("_posts/2024-02-10-third.md", "---\ntitle: Third\n---\n[a](/about/)\n"),
        [],
    ),
    "a plugin comes": (_write("_plugins/own.rb", "Jekyll::Hooks.register(:site, :post_write) {}"), []),
    "no page fits a pattern any more": (
        lambda root: shutil.rmtree(root / "muscles"),
        ["broken-link", "nothing-matched"],
    ),
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for path, text in SITE.items():
        _write(path, text)(tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture(params=["on disk", "staged"])
def check(request: pytest.FixtureRequest, site: Path, tmp_path: Path) -> Callable[[str], Report]:
    """Checks the site with a cache, or without when none is named."""
    is_staged = request.param == "staged"
    if is_staged:
        subprocess.run(["git", "init", "--quiet"], cwd=site, check=True)

    def check(cache: str) -> Report:
        quick.left = None
        asked = Request(cwd=str(site), cache=bool(cache), cache_dir=str(tmp_path / cache) if cache else None)
        if is_staged:
            subprocess.run(["git", "add", "--all"], cwd=site, check=True)
            return change.check(asked, is_staged=True, ref=None)
        return remembering.check(asked) if cache else run.check(asked)

    return check


def _rules(report: Report) -> list[str]:
    return sorted(each.rule for each in report.diagnostics)


@pytest.mark.parametrize("name", EDITS)
def test_only_what_is_concerned_is_judged(
    name: str, check: Callable[[str], Report], site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _rules(check("cache")) == []
    for each in (remembering, change):
        monkeypatch.setattr(each, "_whole", None)
    edit, rules = EDITS[name]
    edit(site)
    warm = check("cache")
    monkeypatch.undo()
    assert _rules(warm) == rules
    assert warm == check("")
    for path, text in SITE.items():
        _write(path, text)(site)
    assert check("cache") == check("")


@pytest.mark.parametrize("name", WHOLE)
def test_what_concerns_all_is_looked_at_as_a_whole(name: str, check: Callable[[str], Report], site: Path) -> None:
    check("cache")
    edit, rules = WHOLE[name]
    edit(site)
    warm = check("cache")
    assert warm == check("")
    assert _rules(warm) == rules


@pytest.mark.parametrize("config", ["title: T\n", None])
def test_a_site_without_a_page_is_none(check: Callable[[str], Report], site: Path, config: str | None) -> None:
    shutil.rmtree(site / "_posts")
    for path in SITE:
        if path not in ("about.md", "index.md", "assets/sketch.svg"):
            (site / path).unlink(missing_ok=True)
    if config is not None:
        _write("_config.yml", config)(site)
    check("cache")
    for path in ("about.md", "index.md"):
        (site / path).unlink()
    said = []
    for cache in ("cache", ""):
        with pytest.raises(run.UnusableError) as refused:
            check(cache)
        said.append(str(refused.value))
    assert said[0] == said[1]


def test_a_page_may_be_what_the_config_is_at_fault_for(check: Callable[[str], Report], site: Path) -> None:
    for path in SITE:
        (site / path).unlink()
    _write("_config.yml", "permalink: /:nope/\n")(site)
    for text, rules in (
        ("---\npermalink: /a/\n---\n", []),
        ("x\n", ["malformed-permalink"]),
        ("---\npermalink: /a/\n---\n", []),
    ):
        _write("_posts/2024-02-03-first.md", text)(site)
        assert _rules(check("cache")) == rules
        assert check("cache") == check("")


def test_of_a_page_that_cannot_be_read_no_anchor_is_known(check: Callable[[str], Report], site: Path) -> None:
    _write("muscles/psoas.md", "---\ntitle: [\n---\n## Origin\n")(site)
    check("cache")
    _write("muscles/teres.md", "---\ntitle: teres\n---\n[a](/muscles/psoas.html#origin)\n")(site)
    assert check("cache") == check("")


def test_many_small_changes_end_in_a_look_at_the_whole(
    check: Callable[[str], Report], site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contentlint import again

    check("cache")
    monkeypatch.setattr(again, "_MUCH", 8)
    for number in range(4):
        _write(f"muscles/m{number}.md", f"---\ntitle: m{number}\n---\n")(site)
        assert check("cache") == check("")


def test_an_index_of_any_size_is_seen_to_change(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of a site with a hundred thousand pictures has more bytes than any page may have."""
    monkeypatch.setattr(opening, "LARGEST", 1_000)
    asked = Request(cwd=str(site), cache=True, cache_dir=str(tmp_path / "cache"))
    for command in (["git", "init", "--quiet"], ["git", "add", "--all"]):
        subprocess.run(command, cwd=site, check=True)
    assert _rules(change.check(asked, is_staged=True, ref=None)) == []
    _write("about.md", "---\n---\n[gone](/gone/)\n")(site)
    subprocess.run(["git", "add", "--all"], cwd=site, check=True)
    assert "broken-link" in _rules(change.check(asked, is_staged=True, ref=None))
