"""Which gems a site is built with, and what each of them may add to it (facts 3.5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from contentlint.generators.jekyll.patterns import glob
from contentlint.record import NamedTuple
from contentlint.regex import regex

if TYPE_CHECKING:
    from contentlint.tree import Tree

PAGES_PLUGINS = (
    "jekyll-coffeescript",
    "jekyll-commonmark-ghpages",
    "jekyll-gist",
    "jekyll-github-metadata",
    "jekyll-paginate",
    "jekyll-relative-links",
    "jekyll-optional-front-matter",
    "jekyll-readme-index",
    "jekyll-default-layout",
    "jekyll-titles-from-headings",
)
"""What GitHub Pages always runs."""

PAGES_ALLOWED = frozenset((
    *PAGES_PLUGINS,
    "jekyll-feed",
    "jekyll-redirect-from",
    "jekyll-seo-tag",
    "jekyll-sitemap",
    "jekyll-avatar",
    "jemoji",
    "jekyll-mentions",
    "jekyll-include-cache",
    "jekyll-octicons",
    "jekyll-remote-theme",
))  # fmt: skip
"""What GitHub Pages runs when a site asks for it; it ignores every other plugin."""

MODELLED = frozenset((
    "jekyll-redirect-from",
    "jekyll-paginate",
    "jekyll-feed",
    "jekyll-sitemap",
    "jekyll-archives",
    "jekyll-optional-front-matter",
    "jekyll-readme-index",
))  # fmt: skip
"""Plugins whose pages are computed here."""

ADDS_NO_PAGES = frozenset((
    *(PAGES_ALLOWED - MODELLED),
    "jekyll-asciidoc",
    "jekyll",
    "jekyll-admin",
    "jekyll-commonmark",
    "jekyll-compose",
    "jekyll-email-protect",
    "jekyll-include-absolute-plugin",
    "jekyll-last-modified-at",
    "jekyll-liquify",
    "jekyll-minifier",
    "jekyll-sass-converter",
    "jekyll-spaceship",
    "jekyll-target-blank",
    "jekyll-textile-converter",
    "jekyll-time-to-read",
    "jekyll-timeago",
    "jekyll-toc",
    "jekyll-twitter-plugin",
    "jekyll-tidy",
    "jekyll-autoprefixer",
    "jekyll-postcss",
    "jekyll-external-links",
    "jekyll-regex-replace",
    "jekyll-environment-variables",
    "jekyll-loading-lazy",
    "jekyll-pandoc",
    "jekyll-figure",
    "jekyll-contentblocks",
    "jekyll-katex",
    "jekyll-algolia",
    "jekyll-data",
    "jekyll-gzip",
    "jekyll-brotli",
    "jekyll-watch",
    "jekyll-youtube",
    "kramdown",
    "kramdown-math-katex",
    "kramdown-parser-gfm",
    "html-proofer",
    "hawkins",
    "rake",
    "rouge",
    "tzinfo",
    "tzinfo-data",
    "wdm",
    "webrick",
    "github-pages",
    "liquid-c",
    "premonition",
))  # fmt: skip
"""Gems that make no page of their own: tags, filters, converters, hooks and tools."""

CONVERTED = {
    "jekyll-asciidoc": dict.fromkeys((".asciidoc", ".adoc", ".ad"), ".html"),
    "jekyll-coffeescript": {".coffee": ".js"},
    "jekyll-textile-converter": {".textile": ".html"},
}
"""Extensions that a plugin's converter changes."""

THEME_PLUGINS = {
    "minima": ("jekyll-feed", "jekyll-seo-tag"),
    "just-the-docs": ("jekyll-seo-tag", "jekyll-include-cache"),
    "minimal-mistakes-jekyll": (
        "jekyll-paginate",
        "jekyll-sitemap",
        "jekyll-gist",
        "jekyll-feed",
        "jekyll-include-cache",
    ),
    "jekyll-theme-chirpy": (
        "jekyll-paginate",
        "jekyll-redirect-from",
        "jekyll-seo-tag",
        "jekyll-archives",
        "jekyll-sitemap",
        "jekyll-include-cache",
    ),
    "jekyll-theme-primer": ("jekyll-github-metadata", "jekyll-seo-tag"),
    **{
        f"jekyll-theme-{name}": ("jekyll-seo-tag",)
        for name in (
            "architect", "cayman", "dinky", "hacker", "leap-day", "merlot", "midnight", "minimal", "modernist", "slate",
            "tactile", "time-machine",
        )
    },
}  # fmt: skip
"""The plugins that a theme gem brings by being its runtime dependencies."""


_COMMENT = regex(r"(?m)^\s*#.*$|\s#(?!\{)[^\"'\n]*$")
_MAKES = regex(
    r"\bPage(?:WithoutAFile)?\b|StaticFile|Document\.new|(?:pages|static_files|docs)\s*(?:<<|\+?=(?!=)|\.(?:push|concat|unshift))|"
    r"\bFile\.(?:open|write|binwrite|new|rename)|FileUtils|\bIO\.|permalink|@url|def url|UrlDrop|Jekyll::URL|output_ext|"
    r"eval\b|prepend|alias|define_method|instance_variable_set|destination|"
    r"class\s+(?:::)?(?:Jekyll::)?(?:Site|Document|URL|Utils|Reader|Collection|Publisher|Configuration|EntryFilter|Renderer)\b(?!\s*<)"
)
_ALTERS = regex(r"Generator|Hooks|Converter|Kramdown|content\s*=(?!=)|output\s*=(?!=)")
_REQUIRED = regex(r"""(?m)^\s*require\s*\(?\s*["'](jekyll-[\w-]+)""")


class OwnPlugins(NamedTuple):
    """What the Ruby files of a site's `_plugins` can do, judged by what they name."""

    make: tuple[str, ...] = ()
    """Those that may make or move pages and files."""
    alter: tuple[str, ...] = ()
    """Those that may change what a page says: its text, data or anchors."""
    paths: tuple[str, ...] = ()


def own_plugins(tree: Tree, folders: Iterable[str]) -> OwnPlugins:
    """Looks at every `.rb` below some folders. One that only defines Liquid tags and filters can do neither."""
    make, alter = [], []
    paths = tuple(f"{folder}/{path}" for folder in folders for path in glob(tree, folder, "**/*.rb"))
    for path in paths:
        text = _COMMENT.sub("", _text(tree, path) or "eval")
        required = set(_REQUIRED.findall(text)) - ADDS_NO_PAGES
        if required or _MAKES.search(text):
            make.append(path)
        if required or _MAKES.search(text) or _ALTERS.search(text):
            alter.append(path)
    return OwnPlugins(tuple(make), tuple(alter), paths)


class Gems(NamedTuple):
    """What a Gemfile and its lock file say that matters here."""

    plugins: tuple[str, ...] = ()
    """The gems of the group `:jekyll_plugins`, which Jekyll requires by itself."""
    major: int | None = None
    """The major version of Jekyll, when it is said."""
    github_pages: bool = False
    perhaps_pages: bool = False
    """Whether GitHub Pages may build the site although its gem is not named: there is no Gemfile, or a workflow says so."""
    elsewhere: bool = False
    """Whether the Gemfile takes more gems from another file, as `gemspec` does."""


_GEM = regex(r"""^\s*gem[\s(]+["']([^"']+)["'](.*)$""")
_ELSEWHERE = regex(r"(?m)^\s*(?:gemspec|eval_gemfile)\b")
_GROUP = regex(r"^\s*group\b(.*)\bdo\b")
_BLOCK = regex(r"(?:\bdo\b(?:\s*\|[^|]*\|)?\s*$)|^\s*(?:if|unless|case|begin)\b")
_VERSION = regex(r"""["'](~>|=|<=|<|>=|>)?\s*([0-9]+)(?:\.[0-9A-Za-z.]*)?["']""")
_LOCKED = regex(r"(?m)^ {4}(jekyll|github-pages) \(([0-9]+)[0-9.]*\)")


def gems(tree: Tree, source: str) -> Gems:
    """Reads the Gemfile of the project, or else of the source folder, with its lock file, as text: no Ruby is run."""
    for folder in dict.fromkeys(("", source)):
        path = f"{folder}/Gemfile" if folder else "Gemfile"
        if tree.is_file(path):
            found = _gemfile(_text(tree, path))
            locked = dict(_LOCKED.findall(_text(tree, path + ".lock")))
            major = int(locked["jekyll"]) if "jekyll" in locked else found.major
            pages = found.github_pages or "github-pages" in locked
            perhaps = not pages and _is_built_by_pages(tree)
            elsewhere = _ELSEWHERE.search(_text(tree, path)) is not None
            return found._replace(major=major, github_pages=pages, perhaps_pages=perhaps, elsewhere=elsewhere)
    return Gems(perhaps_pages=True)


def _is_built_by_pages(tree: Tree) -> bool:
    """Whether a workflow builds with the action that runs the `github-pages` gem, whatever the Gemfile says."""
    folder = ".github/workflows"
    return any(
        "actions/jekyll-build-pages" in _text(tree, f"{folder}/{name}")
        for name in tree.folder(folder).files
        if name.endswith((".yml", ".yaml"))
    )


def _text(tree: Tree, path: str) -> str:
    try:
        return tree.read(path).decode("utf-8", "replace") if tree.is_file(path) else ""
    except OSError:
        return ""


def _gemfile(text: str) -> Gems:
    plugins: list[str] = []
    major: int | None = None
    github_pages = False
    blocks: list[bool] = []
    for line in _COMMENT.sub("", text).splitlines():
        if found := _GEM.match(line):
            name, rest = found.groups()
            if any(blocks) or ("group" in rest and ":jekyll_plugins" in rest):
                plugins.append(name)
            if name == "jekyll" and (version := _VERSION.search(rest)):
                major = _major(version[1] or "=", int(version[2]))
            github_pages = github_pages or name == "github-pages"
        elif group := _GROUP.match(line):
            blocks.append(":jekyll_plugins" in group[1])
        elif _BLOCK.search(line):
            blocks.append(False)
        elif line.strip() == "end" and blocks:
            blocks.pop()
    return Gems(tuple(plugins), major, github_pages)


def _major(operator: str, number: int) -> int | None:
    if operator in ("=", "~>", "<="):
        return number
    return number - 1 if operator == "<" else None
