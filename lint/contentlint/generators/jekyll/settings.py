"""What a site's own settings make of Jekyll: `_config.yml` over the defaults, the version, the plugins (facts 0, 1.6, 8)."""

from __future__ import annotations

import codecs
import posixpath
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from contentlint import frontmatter
from contentlint.generators.jekyll import dates, defaults, gems, urls
from contentlint.generators.jekyll.problems import Fault, Problem
from contentlint.page import KeyPath
from contentlint.record import NamedTuple, Record, field

if TYPE_CHECKING:
    from contentlint.tree import Tree

_DEFAULTS: dict[str, Any] = {
    "destination": "_site",
    "collections_dir": "",
    "cache_dir": ".jekyll-cache",
    "plugins_dir": "_plugins",
    "layouts_dir": "_layouts",
    "data_dir": "_data",
    "includes_dir": "_includes",
    "collections": {},
    "safe": False,
    "include": [".htaccess"],
    "exclude": [],
    "keep_files": [".git", ".svn"],
    "encoding": "utf-8",
    "markdown_ext": "markdown,mkdown,mkdn,mkd,md",
    "strict_front_matter": False,
    "show_drafts": None,
    "limit_posts": 0,
    "future": False,
    "unpublished": False,
    "whitelist": [],
    "plugins": [],
    "markdown": "kramdown",
    "highlighter": "rouge",
    "lsi": False,
    "excerpt_separator": "\n\n",
    "incremental": False,
    "detach": False,
    "port": "4000",
    "host": "127.0.0.1",
    "baseurl": None,
    "show_dir_listing": False,
    "permalink": "date",
    "paginate_path": "/page:num",
    "timezone": None,
    "quiet": False,
    "verbose": False,
    "defaults": [],
    "liquid": {"error_mode": "warn", "strict_filters": False, "strict_variables": False},
    "kramdown": {
        "auto_ids": True,
        "toc_levels": [1, 2, 3, 4, 5, 6],
        "entity_output": "as_char",
        "smart_quotes": "lsquo,rsquo,ldquo,rdquo",
        "input": "GFM",
        "hard_wrap": False,
        "guess_lang": True,
        "footnote_nr": 1,
        "show_warnings": False,
    },
}
_EXCLUDED = (
    ".sass-cache", ".jekyll-cache", "gemfiles", "Gemfile", "Gemfile.lock", "node_modules",
    "vendor/bundle/", "vendor/cache/", "vendor/gems/", "vendor/ruby/",
)  # fmt: skip
_EXCLUDED_BY_3 = tuple(name for name in _EXCLUDED if name not in (".sass-cache", ".jekyll-cache", "gemfiles"))
_NO_RUBY_KNOWS = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "utf-7"})
"""Python's encodings that are no way to write a file, or that Ruby cannot read one in."""
_RENAMED_BY_3 = {"gems": "plugins", "layouts": "layouts_dir", "data_source": "data_dir"}


class Collection(Record, frozen=True):
    """One collection, `posts` included."""

    label: str
    folder: str
    """`_label`, below the source or `collections_dir`."""
    written: bool
    """Whether its documents become files (`output: true`)."""
    template: str | None
    """Its URL template; None for `permalink:` without a value, on which the build fails."""
    metadata: Mapping[str, Any]


class Settings(Record, frozen=True):
    """A site's settings. Paths of files are relative to the source, but `path`, `source` and `destination` to the root."""

    path: str
    """The config file; "" when there is none."""
    source: str
    destination: str
    version: int
    """4 or 3, the major version of Jekyll."""
    config: Mapping[str, Any]
    """`_config.yml` merged over Jekyll's own defaults: Liquid's `site`."""
    own: Mapping[str, Any]
    """`_config.yml` alone."""
    places: Mapping[KeyPath, tuple[int, int]]
    """Where each value of `_config.yml` stands in its text: start and end in code points."""
    problems: tuple[Problem, ...]
    container: str
    """The folder that collections lie in, relative to the source; "" is the source itself."""
    collections: Mapping[str, Collection]
    """By label, in the order in which Jekyll reads and writes them."""
    defaults: defaults.Defaults
    plugins: frozenset[str]
    """The plugins in use, known or not."""
    github_pages: bool
    perhaps_pages: bool
    """Whether GitHub Pages may build it although nothing here says so: what its plugins would add is then unknown."""
    more_plugins: bool
    """Whether plugins may be in use that nothing here names: none of them is known to make pages, but their tags are not."""
    theme: str
    """A theme gem or remote theme, whose layouts, includes and assets are not in the tree; "" when there is none."""
    own_plugins: gems.OwnPlugins
    surprises: tuple[tuple[str, str], ...]
    """(pattern of URLs, reason): what may be there although no file tells; `/**` is everything."""
    now: datetime
    """The time of the build, which undated documents take: `time` in the config, else today."""
    now_is_fixed: bool
    zone: tzinfo
    markdown: frozenset[str]
    """Extensions of Markdown files, in lower case with their dot."""
    converted: Mapping[str, str] = field(default_factory=dict)
    """Other extensions that a plugin's converter changes."""

    @property
    def encoding(self) -> str:
        """The encoding of the site's texts, one that Python knows. What Ruby does not know it ignores: that is UTF-8, too."""
        return _encoding(str(self.config["encoding"] or "utf-8"))

    @property
    def style(self) -> str:
        """The global permalink setting."""
        return str(self.config["permalink"])

    @property
    def knows_all(self) -> bool:
        """Whether no plugin is at work that may add pages or placeholders nobody knows of."""
        return not self.stranger

    @property
    def stranger(self) -> str:
        """What may be at work on every page although nobody knows what it does: a plugin; "" when nothing is."""
        return next((reason for pattern, reason in self.surprises if pattern == "/**"), "")

    @property
    def kramdown(self) -> Mapping[str, Any]:
        """The options of kramdown as Jekyll hands them on."""
        options: Mapping[str, Any] = self.config["kramdown"]
        return options

    @property
    def baseurl(self) -> str:
        """`baseurl`, "" when it is not set."""
        return str(self.config["baseurl"] or "")

    def place(self, key: KeyPath) -> tuple[int, int]:
        """Where a value of the config stands: its own place, or that of what it lies in."""
        while key and key not in self.places:
            key = key[:-1]
        return self.places.get(key, (0, 0))


def load(
    tree: Tree,
    source: str = "",
    *,
    version: int | None = None,
    options: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> Settings:
    """Reads a site's settings. `source` is the folder that holds `_config.yml`, relative to the tree's root.

    `options` override the config, as Jekyll's command line does; `now` stands for the clock. Nothing raises: a config
    that cannot be used gives a fatal problem, and Jekyll's defaults take its place.
    """
    found = gems.gems(tree, source)
    if version is None:
        version = 3 if found.github_pages or found.major == 3 else 4
    path, own, places, stamps, faults = _read(tree, source, version)
    config = defaults.merged(defaults.merged(_DEFAULTS, own), options or {})
    if found.github_pages:
        config |= {"safe": True, "future": own.get("future", True), "lsi": False, "highlighter": "rouge"}
    problems = [*faults, *_repair(config, own, path, version)]
    destination = _inside(source, config["destination"])
    moved = config.get("source")
    if isinstance(moved, str) and moved:
        source = _inside(source, moved)
        if source == ".." or source.startswith(("/", "../")):
            problems.append(Problem(path, Fault.CONFIG, "the source lies outside the project", ("source",), fatal=True))
    if not destination.strip("./") or destination == source or source.startswith(destination + "/"):
        message = "the build fails: the destination is or contains the source"
        problems.append(Problem(path, Fault.CONFIG, message, ("destination",), fatal=True))
    theme = _theme(config, github_pages=found.github_pages)
    plugins = _plugins(config, found, theme)
    # GitHub Pages runs no plugin of the site's own; who has some and the gem builds elsewhere
    safe = config["safe"] and not found.github_pages
    named = config["plugins_dir"]
    folders = [_inside(source, str(each)) for each in (named if isinstance(named, list) else [named])]
    mine = gems.own_plugins(tree, () if safe else folders)
    zone = dates.zone_named(config["timezone"])
    moment, fixed = _now(config, zone, now or datetime.now(UTC), path, problems)
    loaded, wrong = defaults.load(tree, source, config, path, version, stamps, moment)
    return Settings(
        path=path,
        source=source,
        destination=destination,
        version=version,
        config=config,
        own=own,
        places=places,
        problems=tuple(_placed(each, places) for each in (*problems, *wrong)),
        container=_inside("", config["collections_dir"].lstrip("/")),
        collections=_collections(config, version),
        defaults=loaded,
        plugins=plugins,
        github_pages=found.github_pages,
        perhaps_pages=found.perhaps_pages and not config["safe"] and not mine.paths,
        theme=theme,
        more_plugins=found.elsewhere or bool(config.get("gems")),
        own_plugins=mine,
        surprises=tuple(_surprises(config, plugins, mine, theme, version)),
        now=moment,
        now_is_fixed=fixed,
        zone=zone,
        markdown=frozenset("." + each.lower() for each in config["markdown_ext"].split(",")),
        converted={end: to for name, ends in gems.CONVERTED.items() if name in plugins for end, to in ends.items()},
    )


class _File(NamedTuple):
    """A config file as it was read."""

    path: str = ""
    own: dict[str, Any] = {}  # noqa: RUF012  never written to
    places: dict[KeyPath, tuple[int, int]] = {}  # noqa: RUF012
    stamps: frozenset[KeyPath] = frozenset()
    problems: tuple[Problem, ...] = ()


def _read(tree: Tree, source: str, version: int) -> _File:
    """The first of `_config.yml`, `.yaml`, `.toml` that is there (facts 1.6)."""
    for name in ("_config.yml", "_config.yaml", *(("_config.toml",) if version > 3 else ())):
        path = f"{source}/{name}" if source else name
        if tree.is_file(path):
            try:
                text = tree.read(path).decode("utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                return _File(path, problems=(_unusable(path, str(error)),))
            return _read_toml(path, text) if name.endswith(".toml") else _read_yaml(path, text)
    return _File()


@lru_cache(maxsize=4)
def _encoding(name: str) -> str:
    name = name.lower()
    try:
        known = "---".encode(name) and codecs.lookup(name).name not in _NO_RUBY_KNOWS
    except (LookupError, ValueError):
        known = False
    return name if known else "utf-8"


def _unusable(path: str, reason: str, start: int = 0, end: int = 0) -> Problem:
    return Problem(path, Fault.CONFIG, f"the build fails: {reason}", (), start, end, fatal=True)


def _read_yaml(path: str, text: str) -> _File:
    document = frontmatter.compose(text, 0, len(text))
    if document.error is not None:
        error = document.error
        return _File(path, problems=(_unusable(path, error.message, error.start, error.end),))
    places = {each.key: (each.start, each.end) for each in document.fields}
    stamps = frozenset(each.key for each in document.fields if each.tag == "timestamp")
    if document.data and not isinstance(document.data, dict):
        message = "Jekyll ignores this file: it is not a mapping"
        return _File(path, problems=(Problem(path, Fault.CONFIG, message, (), 0, 0),))
    return _File(path, {str(key): value for key, value in (document.data or {}).items()}, places, stamps)


def _read_toml(path: str, text: str) -> _File:
    import tomllib

    try:
        return _File(path, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        return _File(path, problems=(_unusable(path, str(error)),))
    except RecursionError:
        return _File(path, problems=(_unusable(path, "it is nested too deep"),))


def _repair(config: dict[str, Any], own: Mapping[str, Any], path: str, version: int) -> list[Problem]:
    """Puts defaults in the place of what Jekyll fails on, so that the rest can be looked at, and says so."""
    problems: list[Problem] = []

    def fails(key: str, reason: str) -> None:
        problems.append(Problem(path, Fault.CONFIG, f"the build fails: {reason}", (key,), fatal=True))
        config[key] = _DEFAULTS[key]

    if version == 3:
        for old, new in _RENAMED_BY_3.items():
            if old in own:
                config[new] = own[old]
        for key in ("include", "exclude"):
            if isinstance(config[key], str):
                config[key] = [each.strip() for each in config[key].split(",")]
    for key in ("include", "exclude", "plugins"):
        if key in own and not isinstance(own[key], list) and (version > 3 or not isinstance(config[key], list)):
            fails(key, f"`{key}` must be a list")
    for place, each in enumerate(config["include"] if version > 3 else ()):
        if not isinstance(each, str):
            message = "the build fails: `include` holds text only"
            problems.append(Problem(path, Fault.CONFIG, message, ("include", place), fatal=True))
    for key in ("include", "exclude"):
        config[key] = [each for each in config[key] if isinstance(each, str)]
    user = own.get("exclude")
    if version > 3:
        config["exclude"] = list(dict.fromkeys((*config["exclude"], *_EXCLUDED)))
    elif not isinstance(user, (list, str)):
        config["exclude"] = list(_EXCLUDED_BY_3)
    for key, kind in _KINDS.items():
        value = config[key]
        if not isinstance(value, kind) or (key == "limit_posts" and (isinstance(value, bool) or value < 0)):
            fails(key, f"`{key}` must be {_NAMED[kind]}")
    if not isinstance(config["timezone"], str | None):
        fails("timezone", "`timezone` must be a string")
    collections = config["collections"]
    if isinstance(collections, list):
        config["collections"] = {each: {} for each in collections if isinstance(each, str)}
        for place, each in enumerate(collections):
            if not isinstance(each, str):
                message = "the build fails: a list of collections holds names only"
                problems.append(Problem(path, Fault.CONFIG, message, ("collections", place), fatal=True))
    elif not isinstance(collections, dict):
        fails("collections", "`collections` must be a mapping or a list")
    for label, metadata in config["collections"].items():
        if metadata and not isinstance(metadata, dict):
            message = f"the build fails: the collection `{label}` must hold a mapping"
            problems.append(Problem(path, Fault.CONFIG, message, ("collections", label), fatal=True))
    return problems


_KINDS: dict[str, Any] = {
    "permalink": str,
    "markdown_ext": str,
    "limit_posts": int | float,
    "collections_dir": str,
    "data_dir": str,
    "layouts_dir": str,
    "includes_dir": str,
    "destination": str,
    "kramdown": dict,
}
_NAMED = {str: "text", int | float: "a number that is not negative", dict: "a mapping"}


def _inside(base: str, path: str) -> str:
    """A folder named in the config, relative to the root; "" is the root itself."""
    joined = posixpath.normpath(posixpath.join(base, path))
    return "" if joined == "." else joined


def _placed(problem: Problem, places: Mapping[KeyPath, tuple[int, int]]) -> Problem:
    if problem.start >= 0:
        return problem
    key = problem.key
    while key and key not in places:
        key = key[:-1]
    start, end = places.get(key, (0, 0))
    return problem._replace(start=start, end=end)


def _theme(config: Mapping[str, Any], *, github_pages: bool) -> str:
    remote = config.get("remote_theme")
    theme = config.get("theme")
    for named in (remote, theme):
        if isinstance(named, str) and named.strip():
            return named.strip().lower()
    return "jekyll-theme-primer" if github_pages else ""


def _plugins(config: Mapping[str, Any], found: gems.Gems, theme: str) -> frozenset[str]:
    listed = {each for each in config["plugins"] if isinstance(each, str)}
    brought = set(gems.THEME_PLUGINS.get(theme, ()))
    if found.github_pages:
        return frozenset((listed | brought | set(found.plugins)) & gems.PAGES_ALLOWED | set(gems.PAGES_PLUGINS))
    if config["safe"]:
        return frozenset((listed | brought) & {*_texts(config.get("whitelist"))} | set(found.plugins))
    return frozenset(listed | brought | set(found.plugins))


def _texts(value: object) -> list[str]:
    """The texts of a list, or the one that stands in its place."""
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _surprises(
    config: Mapping[str, Any], plugins: frozenset[str], own: gems.OwnPlugins, theme: str, version: int
) -> Iterator[tuple[str, str]]:
    """What may be on the site although no file tells."""
    for name in sorted(plugins - gems.MODELLED - gems.ADDS_NO_PAGES - {theme}):
        yield "/**", f"the plugin {name} may add pages"
    if version > 3:
        for name in _texts(config.get("gems")):
            if name not in plugins | gems.ADDS_NO_PAGES:
                yield "/**", f"Jekyll 4 does not read `gems`, but the plugin {name} may be in use"
    for path in own.make:
        yield "/**", f"the site's own plugin {path} may add pages"
    if theme and theme != "jekyll-theme-primer":
        yield "/assets/**", f"the theme {theme} brings files of its own"
        if "/" not in theme and theme not in gems.THEME_PLUGINS:
            yield "/**", f"the theme {theme} may bring plugins"
    elif theme:
        yield "/assets/css/style.css", f"the theme {theme} brings it"


def _now(
    config: Mapping[str, Any], zone: tzinfo, now: datetime, path: str, problems: list[Problem]
) -> tuple[datetime, bool]:
    if config.get("time"):
        try:
            moment = dates.moment(config["time"], zone, now.astimezone(zone))
        except ValueError as error:
            problems.append(Problem(path, Fault.CONFIG, f"the build fails: {error}", ("time",), fatal=True))
        else:
            if moment is not None:
                return moment.when, moment.certain
    return now.astimezone(zone), False


def _collections(config: Mapping[str, Any], version: int) -> dict[str, Collection]:
    style = config["permalink"]
    result = {}
    known = config["collections"]
    for name in {"posts": {}, **known}:
        label = re.sub(r"[^a-zA-Z0-9_.-]", "", str(name))
        metadata = known.get(label)
        metadata = metadata if isinstance(metadata, dict) else {}
        written = bool(metadata.get("output"))
        template = metadata.get("permalink", urls.with_suffix("/:collection/:path", style))
        if label == "posts":
            written = True
            named = urls.STYLES if version > 3 else {k: v for k, v in urls.STYLES.items() if k != "weekdate"}
            template = metadata.get("permalink") or named.get(style, style)
        result[label] = Collection(label, "_" + label, written, template, metadata)
    return result
