"""A change that concerns a few pages is judged without a look at the others, and the report is the one of the whole site."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from contentlint import again, change, remembering, run, standards
from contentlint.assembly import known, learned
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
CONFIG, RULES = SITE["_config.yml"], SITE["contentlint.yml"]
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


def _link(path: str, to: str) -> Edit:
    def link(root: Path) -> None:
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).symlink_to(to)

    return link


def _both(*edits: Edit) -> Edit:
    return lambda root: [edit(root) for edit in edits]


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
    "a link leads to an anchor that is not there": (
        _replace("about.md", "[Home](/)", "[insertion](/muscles/psoas.html#insertion)"),
        ["broken-anchor"],
    ),
    "a document is added": (_write("_terms/extension.md", "---\ntitle: Extension\n---\n"), []),
    "a picture is added": (_write("assets/muscles/psoas-2.png", "2"), []),
    "a picture is removed": (_remove(PICTURE), ["missing-image"]),
    "a drawing is added": (_write("assets/drawing.svg", "<svg/>"), []),
    "a drawing is removed": (_remove("assets/sketch.svg"), ["missing-image"]),
    "a folder is removed": (lambda root: shutil.rmtree(root / "assets/muscles"), ["missing-image"] * 3),
    "a folder is removed with another in it": (lambda root: shutil.rmtree(root / "assets"), ["missing-image"] * 4),
    "an editor leaves a file": (_write("muscles/.psoas.md.swp", "x"), []),
    "a schema changes": (_write("muscle.json", '{"properties": {"title": {"maxLength": 5}}}'), ["schema-violation"]),
    "a schema changes that says what leads where": (
        _write("muscle.json", '{"properties": {"title": {"x-reference": {"role": "image", "paths": ["/{value}"]}}}}'),
        ["missing-image"] * 3,
    ),
    "a schema wants other values on one page only": (
        _write("muscle.json", '{"properties": {"title": {}, "number": {"x-unique": true}}}'),
        [],
    ),
    "the config has a comment more": (_replace("contentlint.yml", "pages:", "# What there is\npages:"), []),
    "a rule that has nothing to say is told to whisper": (
        _write("contentlint.yml", RULES + "rules: {broken-link: warning}\n"),
        [],
    ),
    "a rule is turned off": (_write("contentlint.yml", RULES + "rules: {images: off}\n"), []),
    "a schema and a page change": (
        _both(
            _write("muscle.json", '{"properties": {"number": {"type": "integer"}}}'),
            _replace("muscles/psoas.md", "title", "number: one\ntitle"),
        ),
        ["schema-violation"],
    ),
}
WHOLE: dict[str, tuple[Edit, list[str]]] = {
    "an address is taken": (_write("other.md", "---\npermalink: /about/\n---\n"), ["duplicate-url"]),
    "an address is alike": (_write("muscles/Psoas.md", "---\ntitle: P\n---\n"), ["url-case-collision"] * 2),
    "a title is taken": (_write("muscles/vastus.md", "---\ntitle: psoas\n---\n"), ["duplicate-value"]),
    "two that come have one title": (
        _both(_write("muscles/rectus.md", "---\ntitle: r\n---\n"), _write("muscles/vastus.md", "---\ntitle: r\n---\n")),
        ["duplicate-value"],
    ),
    "a link comes": (_link("muscles/link.md", "psoas.md"), ["duplicate-value"]),
    "a link comes in a new folder": (_link("bones/link.md", "../about.md"), ["duplicate-url"]),
    "a draft comes": (_write("_drafts/new.md", "---\n---\n"), []),
    "a page has no front matter any more": (_write("muscles/teres.md", "Text\n"), ["missing-front-matter"]),
    "a page is the first to ask for a list": (_replace("about.md", "[Home](/)", "{{ site.pages.size }}"), []),
    "data comes": (_write("_data/more.yml", "a: 1\n"), []),
    "a picture comes in a collection": (_write("_terms/flexion.png", "1"), []),
    "a post comes that has no date": (_write("_posts/new.md", "---\n---\n"), ["ignored-post"]),
    "a file is looked for where there is no folder": (
        _replace("about.md", "[Home]", "{% include_relative nowhere/notes.txt %}[Home]"),
        ["missing-include"],
    ),
    "a link is nearly one to another page": (
        _replace("about.md", "[Home](/)", "[soleus](/muscles/solus.html)"),
        ["broken-link"],
    ),
    "a layout changes that a page is shown with which shows others": (
        _replace("_layouts/page.html", "href='/'", "href='/gone/'"),
        ["broken-link"],
    ),
    "an include changes what a page is blamed for": (
        _replace("_includes/gallery", "item }}", "item }}x"),
        ["missing-image"] * 3,
    ),
    "a post is removed that another names": (_remove("_posts/2024-03-04-second.md"), ["broken-link-tag"]),
    "the first page that shows a layout is removed": (_remove("a.md"), []),
    "a post is added that a page lists": (
        _write("_posts/2024-02-10-third.md", "---\ntitle: Third\n---\n[a](/about/)\n"),
        [],
    ),
    "a plugin comes": (_write("_plugins/own.rb", "Jekyll::Hooks.register(:site, :post_write) {}"), []),
    "a rule is turned on": (_write("contentlint.yml", RULES + "rules: {missing-alt: error}\n"), []),
    "a rule goes by something else": (
        _write("contentlint.yml", RULES + "rules: {broken-link: {ignore: ['/about/']}}\n"),
        [],
    ),
    "the config speaks of other pages": (_replace("contentlint.yml", "'muscles/*.md'", "'muscles/*s.md'"), []),
    "the config is gone": (_remove("contentlint.yml"), []),
    "no page fits a pattern any more": (
        lambda root: shutil.rmtree(root / "muscles"),
        ["broken-link", "nothing-matched"],
    ),
}


IMAGE = (
    "{% assign shown = page.images | where: 'id', include.id %}"
    "{% for each in shown %}<img src='/assets/muscles/{{ each.file }}' alt='x'>{% endfor %}\n"
)


def _showing(*ids: str) -> str:
    """A page whose pictures have these ids, and that shows the first."""
    images = "".join(f"  - {{id: {each}, file: psoas-1.png}}\n" for each in ids)
    return f"---\nimages:\n{images}---\n{{% include image id='{ids[0]}' %}}\n"


OTHER_SITES: dict[str, tuple[dict[str, str | None], Edit, list[str]]] = {
    "an editor's folder is removed": (
        {".idea/project.xml": "<project/>"},
        lambda root: shutil.rmtree(root / ".idea"),
        [],
    ),
    "an excluded file is removed": (
        {"_config.yml": CONFIG + "exclude: [muscles/old.txt]\n", "muscles/old.txt": "old"},
        _remove("muscles/old.txt"),
        [],
    ),
    "a file without front matter changes": (
        {"muscles/notes.md": "# A\n"},
        _write("muscles/notes.md", "# B\n"),
        ["missing-front-matter"],
    ),
    "posts come with a page that is none": (
        {"news.md": None},
        _both(
            _write("_posts/2024-02-10-a.md", "---\n---\n[first]({% post_url 2024-02-03-first %})\n"),
            _write("_posts/2024-02-10-b.md", "---\n---\n"),
            _write("other.md", "---\n---\n[b](/2024/02/10/b.html)\n"),
        ),
        [],
    ),
    "a link leads to what is not written": (
        {"_config.yml": CONFIG.replace("true", "false")},
        _replace("about.md", "[Home](/)", "[flexion](/terms/flexion.html)"),
        ["broken-link"],
    ),
    "a link has another Unicode form": (
        {"\u00fc.md": "---\n---\n"},
        _replace("about.md", "[Home](/)", "[other](/u\u0308.html)"),
        ["unicode-mismatch"],
    ),
    "a link leads to what may be another's project": (
        {"_config.yml": CONFIG + "url: https://someone.github.io\n"},
        _replace("about.md", "[Home](/)", "[project](https://someone.github.io/project/)"),
        [],
    ),
    "a picture comes that is like the one that is shown": (
        {},
        _both(
            _write("assets/muscles/psoas-new.png", "1"),
            _replace("about.md", "[Home](/)", "![new](/assets/muscles/psoas-nev.png)"),
        ),
        ["missing-image"],
    ),
    "many show what an include does not know": (
        {f"b{number}.md": "---\n---\n{% include sketch %}\n" for number in range(3)}
        | {"_includes/sketch": "<img src='/assets/sketch.svg' alt='x'>\n{{ page.title | divided_by: 0 }}\n"},
        _replace("about.md", "[Home](/)", "Home"),
        ["invalid-template"],
    ),
}
BASE = (
    "{% for each in site.data.nav %}<a href='{{ each }}'>x</a>{% endfor %}"
    "<p id='start'>{{ content }}</p>{% include foot %}"
)
INNER = "---\nlayout: base\n---\n<i>{{ page.title }}</i>{{ content }}"
FOOT, TEAM = (
    "<a href='/about/'>About</a>\n",
    "{% for each in site.data.team %}[{{ each.name }}]({{ each.page }}){% endfor %}\n",
)
PARTS: dict[str, str | None] = {
    "news.md": None,
    "_layouts/base.html": BASE,
    "_layouts/inner.html": INNER,
    "_layouts/unused.html": "<a href='/gone/'>x</a>",
    "_includes/foot": FOOT,
    "_includes/team": TEAM,
    "_includes/unused": "<a href='/gone/'>x</a>",
    "_data/nav.yml": "[/about/]\n",
    "_data/team.yml": "- {name: Psoas, page: /muscles/psoas.html}\n",
    "one.md": "---\nlayout: inner\n---\n[below](two.html#start)\n",
    "two.md": "---\nlayout: base\n---\n{% include team %}\n",
    "three.md": "---\nlayout: base\n---\n{% include team %}\n",
}
"""Layouts, includes and data, and who is shown with them."""
OF_PARTS: dict[str, tuple[Edit, list[str]]] = {
    "a layout changes": (_write("_layouts/inner.html", INNER + "<a href='/old/'>x</a>"), []),
    "a layout has a broken link": (_write("_layouts/inner.html", INNER + "<a href='/gone/'>x</a>"), ["broken-link"]),
    "a layout has a fault": (
        _write("_layouts/base.html", BASE + "{{ page.title | divided_by: 0 }}"),
        ["invalid-template"],
    ),
    "a layout has an unknown tag": (_write("_layouts/base.html", BASE + "{% nope %}"), ["invalid-template"]),
    "a layout loses an anchor": (_write("_layouts/base.html", BASE.replace("start", "begin")), ["broken-anchor"]),
    "a layout suppresses what it has": (
        _write("_layouts/base.html", BASE + "<!-- contentlint: ignore[broken-link] --><a href='/gone/'>x</a>"),
        [],
    ),
    "a layout suppresses what it has not": (
        _write("_layouts/base.html", BASE + "<!-- contentlint: ignore[broken-link] -->"),
        ["unused-suppression"],
    ),
    "a layout shows another value of pages": (
        _write("_layouts/base.html", BASE + "<a href='{{ page.to }}'>x</a>"),
        [],
    ),
    "a layout is the first to show an include": (
        _write("_layouts/base.html", BASE + "{% include unused %}"),
        ["broken-link"],
    ),
    "nobody shows a layout": (_write("_layouts/unused.html", "<a href='/lost/'>x</a>"), []),
    "nobody shows an include": (_write("_includes/unused", "<a href='/lost/'>x</a>"), []),
    "an include of a layout has a broken link": (
        _write("_includes/foot", FOOT + "<a href='/gone/'>x</a>"),
        ["broken-link"],
    ),
    "an include shows more": (_write("_includes/team", TEAM + "[all](/about/)"), []),
    "an include shows less": (_write("_includes/team", "{{ site.data.team[0].name }}"), []),
    "an include shows other data": (_write("_includes/team", TEAM.replace("team", "nav")), []),
    "an include has anchors": (_write("_includes/team", TEAM + "## All\n"), []),
    "an include shows another": (_write("_includes/team", TEAM + "{% include unused %}"), ["broken-link"]),
    "data has a broken link": (_write("_data/team.yml", "- {name: x, page: /gone.html}\n"), ["broken-link"]),
    "data of a layout has a broken link": (_write("_data/nav.yml", "[/about/, /gone/]\n"), ["broken-link"]),
    "what a layout links to is removed": (_remove("about.md"), ["broken-link"] * 6),
    "a page shows no include any more": (_write("three.md", "---\nlayout: base\n---\n"), []),
    "nobody shows an include any more": (
        _both(_write("two.md", "---\nlayout: base\n---\n"), _write("three.md", "---\nlayout: base\n---\n")),
        [],
    ),
    "a page is the first to show an include": (
        _write("two.md", "---\nlayout: base\n---\n{% include team %}{% include unused %}\n"),
        ["broken-link"],
    ),
    "a page and its include change": (
        _both(_write("two.md", "---\nlayout: base\n---\n"), _write("_includes/team", "[gone](/gone/)")),
        ["broken-link"],
    ),
}
OTHER_SITES |= {name: (PARTS, *each) for name, each in OF_PARTS.items()}
OTHER_SITES_AS_A_WHOLE: dict[str, tuple[dict[str, str | None], Edit, list[str]]] = {
    "a comment moves what is wrong in the config": (
        {"contentlint.yml": RULES + "exclude: [nothing.md]\n"},
        _write("contentlint.yml", "# What there is\n" + RULES + "exclude: [nothing.md]\n"),
        ["nothing-matched"],
    ),
    "a schema goes by another": (
        {},
        _both(_write("muscle.json", '{"$ref": "title.json"}'), _write("title.json", '{"required": ["title"]}')),
        [],
    ),
    "nothing has fitted a pattern": (
        {"contentlint.yml": RULES + "exclude: ['muscles/v*.md']\n"},
        _write("muscles/vastus.md", "---\ntitle: vastus\n---\n[gone](/gone/)\n"),
        [],
    ),
    "nothing has fitted a pattern of pictures": (
        {"contentlint.yml": RULES + "exclude: ['**/*.gif']\n"},
        _write("assets/new.gif", "1"),
        [],
    ),
    "a page comes that shows what nobody has": (
        {"contentlint.yml": RULES + "rules: {unused-asset: warning}\n", "assets/old.png": "1"},
        _write("other.md", "---\n---\n![old](/assets/old.png)\n"),
        [],
    ),
    "a page comes that nobody links to": (
        {"contentlint.yml": "rules: {orphan-page: warning}\n"},
        _write("bones.md", "---\n---\n"),
        ["orphan-page"] * 8,
    ),
    "the page goes whose pictures are grouped": (
        {"_includes/image": IMAGE, "one.md": _showing("a", "a"), "two.md": _showing("b", "b", "b")},
        _remove("two.md"),
        ["duplicate-image-id"],
    ),
    "a file comes where files are listed": (
        {"list.md": "---\n---\n{% for each in site.static_files %}[file]({{ each.path }}x){% endfor %}\n"},
        _write("assets/muscles/psoas-2.png", "2"),
        ["broken-link"] * 7,
    ),
    "a page comes where there is a README": (
        {"_config.yml": CONFIG + "plugins: [jekyll-readme-index]\n", "bones/README.md": "x\n"},
        _write("bones/index.md", "---\n---\n"),
        [],
    ),
    "a page comes where a plugin may write": (
        {"_config.yml": CONFIG + "plugins: [jekyll-unheard-of]\n"},
        _write("other.md", "---\n---\n"),
        [],
    ),
    "a picture comes where a plugin may write": (
        {"_config.yml": CONFIG + "plugins: [jekyll-unheard-of]\n"},
        _write("assets/new.png", "1"),
        [],
    ),
    "a post comes where each tag has a feed": (
        {
            "_config.yml": CONFIG + "plugins: [jekyll-feed]\nfeed: {tags: true}\n",
            "news.md": "---\n---\n[bones](/feed/by_tag/bones.xml)\n",
        },
        _write("_posts/2024-02-10-third.md", "---\ntags: [bones]\n---\n"),
        [],
    ),
    "a picture comes beside a folder that differs by case": (
        {"Assets/one.png": "1"},
        _write("assets/muscles/psoas-2.png", "2"),
        [],
    ),
    "a file comes where a plugin has looked for one": (
        {
            "_config.yml": CONFIG + "plugins: [jekyll-feed]\nfeed: {path: /new/feed.xml}\n",
            "news.md": "---\n---\n[feed](/new/feed.xml)\n",
        },
        _write("new/index.md", "---\n---\n"),
        [],
    ),
    "the collections have a folder": (
        {"_config.yml": CONFIG + "collections_dir: all\n"},
        _replace("about.md", "[Home]", "More [Home]"),
        [],
    ),
    "a fault comes that stands in an include": (
        {"_includes/way": "<a href='/{{ page.to }}/'>x</a>\n"}
        | {f"b{number}.md": "---\nto: about\n---\n{% include way %}\n" for number in range(2)},
        _write("b1.md", "---\nto: gone\n---\n{% include way %}\n"),
        ["broken-link"],
    ),
    "an include asks for a list": (PARTS, _write("_includes/team", "{{ site.pages.size }}"), []),
    "data cannot be read": (PARTS, _write("_data/team.yml", "- {name: [\n"), ["invalid-data"]),
    "a layout is put into another": (PARTS, _write("_layouts/inner.html", "---\nlayout: page\n---\n"), []),
    "data is removed": ({"_data/more.yml": "a: 1\n"}, _remove("_data/more.yml"), []),
    "an excluded file at the top is removed": (
        {"_config.yml": CONFIG + "exclude: [Rakefile]\n", "Rakefile": "task\n"},
        _remove("Rakefile"),
        [],
    ),
    "what is not published is removed": (
        {"other.md": "---\npublished: false\n---\n", "news.md": "---\n---\n[other](/other.html)\n"},
        _remove("other.md"),
        ["broken-link"],
    ),
    "a link leads to what is not published": (
        {"other.md": "---\npublished: false\n---\n"},
        _replace("about.md", "[Home](/)", "[other](/other.html)"),
        ["broken-link"],
    ),
    "a link leads nowhere where pages are alike": (
        {"muscles/Psoas.md": "---\ntitle: P\n---\n"},
        _replace("about.md", "[Home](/)", "[gone](/gone/)"),
        ["broken-link", "url-case-collision", "url-case-collision"],
    ),
    "an anchor is asked of several pages": (
        {f"{name}.md": f"---\npermalink: /one.html\n---\n## {name}\n" for name in ("x", "y")},
        _replace("about.md", "[Home](/)", "[x](/one.html#x) [z](/one.html#z)"),
        ["broken-anchor", "duplicate-url", "duplicate-url"],
    ),
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for path, text in SITE.items():
        _write(path, text)(tmp_path / "site")
    return tmp_path / "site"


def _checking(site: Path, tmp_path: Path, *, is_staged: bool = False) -> Callable[[str], Report]:
    """Checks the site with a cache, or without when none is named."""
    if is_staged:
        subprocess.run(["git", "init", "--quiet"], cwd=site, check=True)

    def check(cache: str) -> Report:
        quick.left = None
        asked = Request(cwd=str(site), cache=bool(cache), cache_dir=str(tmp_path / cache) if cache else None)
        if is_staged:
            subprocess.run(["git", "add", "--all"], cwd=site, check=True)
            return change.check(asked, is_staged=True, ref=None, warn=pytest.fail)
        return remembering.check(asked, warn=pytest.fail) if cache else run.check(asked)

    return check


@pytest.fixture(params=["on disk", "staged"])
def check(request: pytest.FixtureRequest, site: Path, tmp_path: Path) -> Callable[[str], Report]:
    return _checking(site, tmp_path, is_staged=request.param == "staged")


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


def _looks(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What grows from now on with each look at a whole site."""
    looks: list[object] = []
    for each in (remembering, change):

        def whole(*words: object, whole: Callable[..., Report] = each._whole) -> Report:
            looks.append(words)
            return whole(*words)

        monkeypatch.setattr(each, "_whole", whole)
    return looks


@pytest.mark.parametrize("name", WHOLE)
def test_what_concerns_all_is_looked_at_as_a_whole(
    name: str, check: Callable[[str], Report], site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check("cache")
    edit, rules = WHOLE[name]
    edit(site)
    looks = _looks(monkeypatch)
    warm = check("cache")
    assert len(looks) == 1
    assert warm == check("")
    assert _rules(warm) == rules


def _edited(
    of: tuple[dict[str, str | None], Edit, list[str]], site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> int:
    """How often another site is looked at as a whole once it is edited; what is said of it then holds."""
    files, edit, rules = of
    for path, text in files.items():
        (_remove(path) if text is None else _write(path, text))(site)
    check = _checking(site, tmp_path)
    check("cache")
    edit(site)
    looks = _looks(monkeypatch)
    warm = check("cache")
    assert warm == check("")
    assert _rules(warm) == rules
    return len(looks)


@pytest.mark.parametrize("name", OTHER_SITES)
def test_on_other_sites_only_what_is_concerned_is_judged(
    name: str, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _edited(OTHER_SITES[name], site, tmp_path, monkeypatch) == 0


@pytest.mark.parametrize("name", OTHER_SITES_AS_A_WHOLE)
def test_what_concerns_all_of_other_sites_is_looked_at_as_a_whole(
    name: str, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _edited(OTHER_SITES_AS_A_WHOLE[name], site, tmp_path, monkeypatch) == 1


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
    check("cache")
    monkeypatch.setattr(again, "_MUCH", 8)
    for number in range(4):
        _write(f"muscles/m{number}.md", f"---\ntitle: m{number}\n---\n")(site)
        assert check("cache") == check("")


def test_what_concerns_too_many_is_looked_at_as_a_whole(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(again, "_FEW", 3)
    assert _edited(({}, *EDITS["a page is removed that others link to"]), site, tmp_path, monkeypatch) == 1


def test_what_is_said_of_too_many_files_is_not_counted(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learned, "_MOST_EFFECTS", 1)
    edit = _write(
        "about.md", "---\ntitle: About\npermalink: /about/\ngallery: [sketch.svg]\n---\n{% include gallery %}\n"
    )
    assert _edited(({}, edit, []), site, tmp_path, monkeypatch) == 1


def test_a_file_beside_the_source_is_looked_at_as_a_whole(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"contentlint.yml": "source: site\n", "package.json": "{}"}
    shutil.copytree(site, site / "site")
    assert _edited((files, _remove("package.json"), []), site, tmp_path, monkeypatch) == 1


@pytest.mark.parametrize(
    "look",
    [
        lambda: known._Whole().any,
        *(
            lambda look=look, part=part: look(part())
            for look in (iter, len, lambda it: it["any"])
            for part in (known._Whole, lambda: known._Part({}))
        ),
        *(lambda look=look: look(known._Named({}.get)) for look in (iter, len)),
    ],
)
def test_whoever_looks_at_the_whole_in_any_way_needs_it(look: Callable[[], object]) -> None:
    with pytest.raises(known.NeedsWhole):
        look()


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


def test_what_another_program_has_left_is_not_looked_into(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tmp_path / "module.py"
    module.write_text("1")
    monkeypatch.setattr(remembering, "loaded", lambda: [str(module)])
    check = _checking(site, tmp_path)
    with monkeypatch.context() as before:
        before.setattr(standards, "about", lambda _: {"of": "another form"})
        check("cache")
    module.write_text("22")
    assert check("cache") == check("")
