"""A run that remembers says what a run says that does not: always, whatever has changed in between."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contentlint import change as changes
from contentlint import remembering, run
from contentlint.diagnostic import Report
from contentlint.run import Request

SITE = {
    "_config.yml": """title: Atlas
url: https://atlas.example
urlimg: /assets/
plugins: [jekyll-redirect-from]
collections: {terms: {output: true}}
defaults:
  - {scope: {path: "", type: pages}, values: {layout: page}}
""",
    "contentlint.yml": """pages:
  - match: 'muscles/*.md'
    schema: muscle.json
""",
    "more.json": "{}",
    "muscle.json": """{"type": "object", "required": ["title"], "properties": {
 "title": {"type": "string", "x-unique": true},
 "picture": {"type": "string", "x-reference": {"role": "image", "paths": ["/assets/{value}"]}},
 "number": {"type": "integer"}}}""",
    "_layouts/page.html": '<html><head><title>{{ page.title }}</title></head><body><a href="/">Home</a>'
    '{% if page.next_one %}<a href="{{ page.next_one }}">on</a>{% endif %}{{ content }}{% include foot %}</body></html>',
    "_layouts/list.html": "---\nlayout: page\n---\n{{ content }}<a href='/about/'>About</a>"
    "{% for each in site.data.team %}<a id='{{ each.name }}' href='{{ each.page }}'>x</a>{% endfor %}",
    "_includes/gallery": '{% for item in page.gallery %}<img src="{{ site.urlimg }}{{ item.url }}" alt="x">{% endfor %}\n',
    "_includes/foot": "<a id='foot' href='{{ site.data.links.about }}'>About</a>\n",
    "_includes/one": '<img src="/assets/one.png" alt="one">\n',
    "_data/links.yml": "home: /\nabout: /about/\n",
    "_data/team.yml": "- {name: one, page: /muscles/m1.html}\n- {name: two, page: /about/}\n",
    "_terms/flexion.md": "---\ntitle: Flexion\n---\n\n# Flexion\n\n## In short\n",
    "_posts/2024-02-03-first.md": "---\ntitle: First\ntags: [a]\n---\n\n[Second]({% post_url 2024-03-04-second %})\n",
    "_posts/2024-03-04-second.md": "---\ntitle: Second\n---\n\nText\n",
    "index.md": "---\ntitle: Home\n---\n\n[About](/about/) [Flexion](/terms/flexion.html#in-short)\n",
    "about.md": "---\ntitle: About\npermalink: /about/\nredirect_from: /who/\n---\n\n## Us\n\n[Home](/)\n",
    "all.md": "---\ntitle: All\nlayout: list\n---\n\n{% for page in site.pages %}[{{ page.title }}]({{ page.url }})\n{% endfor %}\n",
    "assets/one.png": "1",
    "assets/two.png": "2",
    **{
        f"muscles/m{number}.md": f"---\ntitle: M{number}\npicture: one.png\ngallery:\n  - url: one.png\n  - url: two.png\n---\n\n"
        f"# M{number}\n\n[back](/about/#us) {{% include gallery %}}\n"
        for number in range(4)
    },
}
PAGES = [path for path in SITE if path.endswith(".md")]
BODIES = [
    "[home](/)\n",
    "[gone](/gone/)\n",
    "## Us\n\n## More\n",
    "[us](/about/#us) [more](/about/#more)\n",
    "[m1](/muscles/m1.html#m1)\n",
    "[link]({% link muscles/m2.md %})\n",
    "[pic]({% link assets/one.png %})\n",
    "{% include one %}\n",
    "{% include gallery %}\n",
    "{% include none %}\n",
    "{% include foot %}\n",
    "{% for each in site.data.team %}[{{ each.name }}]({{ each.page }}){% endfor %}\n",
    "{% for each in site.data %}{{ each[0] }}{% endfor %} {{ site.data.more.a }}\n",
    "[one](/all.html#one) [foot](/about/#foot) [foot](/muscles/m2.html#foot)\n",
    "{{ site.data.team | map: 'page' | first | prepend: '<a href=' }}>x</a>\n",
    "![p](/assets/two.png)\n",
    "![p](/assets/Two.png)\n",
    "[w](/who/)\n",
    "<a href='m3.html'>x</a> [d]({{ site.data.links.about }})\n",
    "{{ site.pages | map: 'number' | join: ' ' }}\n",
    "{% for post in site.posts %}<a href='{{ post.url }}#text'>{{ post.content }}</a>{% endfor %}\n",
    "<!-- contentlint: ignore[broken-link] -->\n[gone](/gone/)\n",
    "[rel](../about.md)\n",
    "{{ page.title | upcase }} [self](#us)\n",
    "[g](/gone.html) ![d](/assets/drawing.svg)\n",
    "[e](/terms/extension.html) [n](/muscles/new/)\n",
    "[p]({% post_url 2024-05-06-third %})\n",
    "[l]({% link gone.md %})\n",
    "[case](/MUSCLES/m1.html) ![case](/assets/ONE.png)\n",
    "[deep](/muscles/new/index.html#more) ![pic](/assets/new/deep.png)\n",
    "[slash](/muscles) [about](/about) [index](index.html)\n",
    "{% include_relative notes.txt %}\n",
    "[s](/notes.txt) [c](/assets/style.css)\n",
    "{% for each in site.pages %}{{ each.content }}{% endfor %} [more](#more)\n",
    "{% for post in site.posts %}{{ post.excerpt }}{% endfor %} [us](#us)\n",
    "## Us\n\nIn short.\n\n## More\n\n[us](/index.html#us) [more](/all.html#more)\n",
]
NEW = [
    "new.md",
    "gone.md",
    "gone/index.md",
    "who.md",
    "muscles/m9.md",
    "muscles/M1.md",
    "muscles/index.md",
    "muscles/README.md",
    "muscles/new/index.md",
    "muscles/new/deep/er.md",
    "muscles.html",
    "README.md",
    "notes.txt",
    "notes.md",
    "assets/Two.png",
    "assets/gone.png",
    "assets/new/deep.png",
    "Assets/one.png",
    "assets/drawing.svg",
    "assets/style.css",
    "assets/page.html",
    "_terms/extension.md",
    "_terms/deep/picture.png",
    "_posts/2024-05-06-third.md",
    "_posts/deep/2024-02-03-fourth.md",
    "_posts/no-date.md",
    "_drafts/draft.md",
    "_includes/none",
    "_layouts/none_such.html",
    "_data/more.yml",
    "_plugins/own.rb",
    "_site/index.html",
    ".hidden",
    "muscles/.m1.md.swp",
    "node_modules/x/y.md",
]
FOLDERS = ["muscles", "muscles/new", "assets", "assets/new", "_terms", "_posts", "_site"]
FRONTS = [
    "title: M1\n",
    "title: Other\nnumber: 1\n",
    "title: Other\nnumber: one\n",
    "title: T\npicture: two.png\n",
    "title: T\npicture: gone.png\n",
    "title: T\npermalink: /about/\n",
    "title: T\npermalink: /elsewhere/\n",
    "title: T\nredirect_from: /who/\n",
    "title: T\nlayout: list\n",
    "title: T\nlayout: nothing\n",
    "title: T\nlayout: none_such\n",
    "title: T\nnext_one: /gone/\n",
    "title: T\nnext_one: /about/\ntags: [b]\n",
    "title: T\npublished: false\n",
    "title: [\n",
    "title: M2\n",
    "title: T\ndate: 2024-03-03\ncategories: [c]\n",
    "title: T\npermalink: /muscles/new/\n",
    "title: T\npermalink: /Muscles/M1.html\n",
    "title: T\nredirect_to: /about/\n",
    "title: T\ngallery: [{url: two.png}, {url: Two.png}]\n",
]
OTHERS = {
    "_includes/one": [
        '<img src="/assets/two.png" alt="two">',
        "{{ page.title }} [x](/gone/)",
        "",
        "{% include foot %}{% include none %}",
        "{{ site.data.links.home | divided_by: 0 }}",
        "<!-- contentlint: ignore[broken-link] --> [x](/gone/)\n\n## One\n",
    ],
    "_includes/gallery": [
        '{% for item in page.gallery %}<a href="{{ item.url }}">{{ site.data.team[0].name }}</a>{% endfor %}',
        "{% nope %}<img src='/assets/one.png' alt='x'>{% include one %}\n",
        "{{ page.content }}<img src='/gone.png' alt='x'>",
    ],
    "_includes/foot": [
        "<a id='feet' href='{{ site.data.links.home }}'>About</a>\n",
        "{% if page.number %}<a id='foot' href='/gone/'>x</a>{% endif %}",
        "{% for post in site.posts %}{{ post.title }}{% endfor %}",
        "<a href='{{ page.next_one }}'>x</a>{% include one %}",
    ],
    "_layouts/page.html": [
        '<a href="/gone/">Gone</a>{{ content }}',
        "{{ content }}",
        '<b id="us"></b>{{ content }}',
        "{{ content }}{% include one %}{% include foot %}",
        "---\nlayout: list\n---\n{{ content }}",
        "<img src='/assets/{{ page.picture }}' alt='x'>{{ content }}{% include foot %}",
        "<base href='/muscles/'>{{ content }}",
        "<!-- contentlint: ignore[broken-link] --><a href='/gone/'>x</a>{{ content }}{% include {{ page.title }} %}",
    ],
    "_layouts/list.html": [
        "{{ content }}<a href='/who/'>About</a>",
        "---\nlayout: none_such\n---\n{{ content }}",
        "---\nlayout: page\ntitle: List\n---\n{{ layout.title }}<a href='/about/#more'>x</a>{{ content }}{% include gallery %}",
        "---\nlayout: [\n---\n",
    ],
    "_layouts/nothing.html": ["<a href='/gone/'>x</a>", "{% include gallery %}"],
    "_data/links.yml": ["home: /\nabout: /gone/\n", "a: [\n", "about: /who/\nhome: '/about/#us'\n"],
    "_data/team.yml": [
        "- {name: one, page: /gone/}\n",
        "[]\n",
        "# contentlint: ignore-file\n- {name: us, page: gone}\n",
    ],
    "_config.yml": ["title: x\nurlimg: /other/\n", SITE["_config.yml"] + "permalink: pretty\n"],
    "contentlint.yml": [
        SITE["contentlint.yml"] + "rules:\n  broken-link: warning\n  missing-image: off\n",
        SITE["contentlint.yml"] + "rules:\n  images: off\n  invalid-value: warning\n  unused-suppression: warning\n",
        "# Muscles\n" + SITE["contentlint.yml"] + "rules: {link-to-redirect: warning, broken-link: off}\n",
        SITE["contentlint.yml"]
        + "per-file:\n  - {match: 'muscles/*', rules: {broken-link: off}}\nrules: {broken-link: warning}\n",
        SITE["contentlint.yml"] + "data:\n  - {match: _data/team.yml, schema: more.json}\n",
        SITE["contentlint.yml"].replace("muscle.json", "more.json"),
        "pages: []\nrules: {nope: off}\n",
        "rules:\n  orphan-page: error\n",
        "rules:\n  unused-asset: error\n  broken-link: warning\n",
        "",
    ],
    "muscle.json": [
        '{"properties": {"title": {"maxLength": 2}}}',
        "{}",
        '{"$ref": "more.json"}',
        '{"required": ["picture"], "properties": {"number": {"x-unique": true}}}',
        '{"properties": {"picture": {"x-reference": {"role": "link", "paths": ["/{value}"]}}}}',
        '{"properties": 1}',
    ],
    "more.json": [
        '{"properties": {"title": {"enum": ["M1", "M2", "M3"]}}}',
        '{"items": {"required": ["name"]}, "properties": {"title": {"x-unique": true}}}',
    ],
}

edits = st.one_of(
    st.tuples(st.just("body"), st.sampled_from(PAGES), st.sampled_from(BODIES)),
    st.tuples(st.just("more"), st.sampled_from(PAGES), st.sampled_from(BODIES)),
    st.tuples(st.just("front"), st.sampled_from(PAGES), st.sampled_from(FRONTS)),
    st.tuples(st.just("remove"), st.sampled_from(sorted(SITE)), st.just("")),
    st.tuples(st.just("restore"), st.sampled_from(sorted(SITE)), st.just("")),
    st.tuples(st.just("add"), st.sampled_from(NEW), st.sampled_from(BODIES)),
    st.tuples(st.just("write"), st.sampled_from(NEW), st.sampled_from(["text\n", ""])),
    st.tuples(st.just("remove"), st.sampled_from(NEW), st.just("")),
    st.tuples(st.just("clear"), st.sampled_from(FOLDERS), st.just("")),
    st.tuples(st.just("move"), st.sampled_from([*PAGES, *NEW]), st.sampled_from([*PAGES, *NEW])),
    st.sampled_from(sorted(OTHERS)).flatmap(
        lambda path: st.tuples(st.just("write"), st.just(path), st.sampled_from(OTHERS[path]))
    ),
)


def change(root: Path, kind: str, path: str, text: str) -> None:
    file = root / path
    old = file.read_text() if file.is_file() else SITE.get(path, "---\ntitle: New\n---\n")
    if kind == "remove":
        file.unlink(missing_ok=True)
        return
    if kind == "clear":
        shutil.rmtree(file, ignore_errors=True)
        return
    if kind == "move":
        if file.is_file():
            (root / text).parent.mkdir(parents=True, exist_ok=True)
            file.replace(root / text)
        return
    front, _, body = old.removeprefix("---\n").partition("---\n")
    new = {
        "body": f"---\n{front}---\n\n{text}",
        "more": old + "\n" + text,
        "front": f"---\n{text}---\n{body}",
        "restore": SITE.get(path, ""),
        "add": f"---\ntitle: {path}\n---\n\n{text}",
        "write": text,
    }[kind]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(new)


def said(root: Path, cache: Path | None) -> Report | str:
    try:
        if cache is not None:
            return remembering.check(Request(cwd=str(root), cache_dir=str(cache)))
        return run.check(Request(cwd=str(root)))
    except run.UnusableError as error:
        return str(error)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site")
    for path, text in SITE.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


@settings(
    max_examples=settings.default.max_examples // 8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.lists(edits, min_size=1, max_size=3), min_size=1, max_size=6))
def test_warm_and_cold_reports_are_the_same(
    site: Path, tmp_path_factory: pytest.TempPathFactory, rounds: list[list[tuple[str, str, str]]]
) -> None:
    root = tmp_path_factory.mktemp("edited")
    cache = tmp_path_factory.mktemp("cache")
    shutil.copytree(site, root, dirs_exist_ok=True)
    first = said(root, None)
    assert isinstance(first, Report)
    assert not first.diagnostics
    assert said(root, cache) == first
    agree(rounds, root, cache, said)


def agree(
    rounds: list[list[tuple[str, str, str]]],
    root: Path,
    cache: Path,
    asked: Callable[[Path, Path | None], Report | str],
) -> None:
    """After each round of edits a run that remembers says what one says that does not."""
    for each in rounds:
        for edit in each:
            change(root, *edit)
        assert asked(root, cache) == asked(root, None)
    shutil.rmtree(root)
    shutil.rmtree(cache)


def staged(root: Path, cache: Path | None) -> Report | str:
    subprocess.run(["git", "add", "--all"], cwd=root, check=True)
    try:
        request = Request(cwd=str(root), cache=cache is not None, cache_dir=str(cache) if cache is not None else None)
        return changes.check(request, is_staged=True, ref=None)
    except run.UnusableError as error:
        return str(error)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(edits, min_size=1, max_size=2), min_size=1, max_size=4))
def test_of_what_is_staged_they_are_the_same(
    site: Path, tmp_path_factory: pytest.TempPathFactory, rounds: list[list[tuple[str, str, str]]]
) -> None:
    root = tmp_path_factory.mktemp("staged")
    cache = tmp_path_factory.mktemp("cache")
    shutil.copytree(site, root, dirs_exist_ok=True)
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    agree([[], *rounds], root, cache, staged)
