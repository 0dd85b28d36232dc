"""Includes, layouts and link tags: where Jekyll finds what a page's Liquid names, and what it shows then (facts 3.1, 5)."""

from __future__ import annotations

import itertools
import posixpath
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from contentlint import frontmatter, kramdown, liquid
from contentlint.generators.jekyll import gems
from contentlint.generators.jekyll.build import Pictures
from contentlint.generators.jekyll.defaults import merged
from contentlint.generators.jekyll.drops import BUILD, CONTENT, SiteDrop, traced
from contentlint.generators.jekyll.extract import Dialect, decode, options, shown
from contentlint.generators.jekyll.items import Item, Kind
from contentlint.generators.jekyll.reading import Role, Source
from contentlint.generators.jekyll.settings import Settings
from contentlint.generators.jekyll.urls import quoted
from contentlint.liquid import MARK, Missing, Part, Template, Unknown
from contentlint.liquid.values import Partial
from contentlint.names import POSTS, PRINTED, anchors_of, file_of, template_of
from contentlint.page import Anchor, Mistake
from contentlint.record import Record, field
from contentlint.regex import regex
from contentlint.rendering import Contract, File, Places, Reader, Shown, Told

if TYPE_CHECKING:
    from contentlint.folding import Fold, Folding

_PLAIN = regex(r"[^\W\d_](?:[^\W_]|[ ,;:!?()/%+]|[.-](?![.-]))*(?<! )\n?")
"""A paragraph of which kramdown makes nothing but a paragraph."""
_FEW_LOOPED = 8
"""Pages with loops that are read as they are: to load what folds rows takes as long."""
_TYPOGRAPHIC = "typographic quotes and dashes are made of it"
_EMPTY_ELEMENTS = frozenset({"img", "source", "track", "input", "embed", "area"})
_POST = regex(r"(.+/)*(\d+-\d+-\d+)-(.*)", re.DOTALL)
_MARKUP = regex(r"<[a-z][^>]*\b(?:href|src)|\]\(", re.IGNORECASE | re.ASCII)
_TAGS_WITH_IDS = {"toc"}
"""Tags of known plugins that put out ids; the others put out links, pictures and text."""
_NO_LAYOUT = ("", "none", "nil")


class Layout(Record):
    """One layout file."""

    file: File
    template: Template
    data: Mapping[str, Any]
    parent: str = ""
    """The layout that is put around it."""
    keys: frozenset[str] | None = None
    """The page's front matter that its references are made of; None until it was first shown."""
    printed: frozenset[str] = frozenset()
    """The page's front matter that it prints: markup in it makes references, too."""
    based: bool = False
    """It may have a `<base href>`, from which the relative references of the whole page start."""


class _Anything:
    """A container that holds every name."""

    def __contains__(self, _: object) -> bool:
        return True


class Templates(Record, eq=False, slots=False):
    """The templates of one site, and the pages rendered with them."""

    settings: Settings
    items: Sequence[Item]
    pictures: Pictures
    sources: Sequence[Source]
    read: Callable[[str], bytes]
    """The bytes of a file of the source; raises OSError."""
    exists: Callable[[str], bool]
    """Whether a file has exactly this path below the source, or may have it where nobody can look."""
    prefix: str
    """What leads from the project to the source, with its slash."""
    data: Callable[[], Any]
    own: Callable[[str], Any]
    """The front matter that a file's author wrote, by its path below the source."""
    places: Places
    contracts: Mapping[str, Contract]
    shown: Callable[[Item], Shown | None]
    """What another page shows; None while that is being found out."""
    mistakes: list[tuple[str, Mistake]] = field(default_factory=list)
    """What is wrong with the templates themselves, with the file that each is in."""
    used: dict[str, File] = field(default_factory=dict)
    """Includes and layouts that some page has shown, by path below the project."""
    using: set[str] = field(default_factory=set)
    """The includes that the page has shown which is being shown."""
    named: Mapping[str, Item] | None = None
    """The items by relative path, when they are known without the list of all."""
    posted: Callable[[], Sequence[str]] | None = None
    """Likewise the relative paths of posts and drafts."""
    ask: Callable[[str], None] = lambda _: None
    """Told the names that are asked for (`names`)."""
    ask_by: Callable[[str, Collection[str]], None] = lambda _path, _names: None
    """Likewise those that a layout asks for, by its path, whoever is shown in it."""

    def __post_init__(self) -> None:
        """Make `site`, and index what link tags and includes ask for."""
        settings = self.settings
        self._looped = 0
        self._within = ""
        """The layout that is being shown, by path below the project."""
        self._asked: set[tuple[str, str]] = set()
        """What is known of layouts to ask for."""
        self.site = SiteDrop(
            settings,
            self.items,
            self.pictures,
            self.data,
            lambda item: self.prefix + (item.source or ""),
            self._is_own,
            self._content,
        )
        self._layout_paths = dict(_named_layouts(settings, self.sources))
        self._layouts: dict[str, Layout | Missing | Unknown] = {}
        self._parsed: dict[str, tuple[Template, File] | Missing | Unknown] = {}
        # Any plugin whose tags are not listed, and any Ruby file of the site's own, may define tags and filters.
        listed = gems.MODELLED | gems.PAGES_ALLOWED | set(liquid.PLUGIN_TAGS)
        strangers = settings.plugins - {settings.theme} - listed
        unknown = bool(strangers or settings.own_plugins.paths or settings.more_plugins)
        always = gems.PAGES_PLUGINS if settings.perhaps_pages else ()
        known = {tag for name in (*settings.plugins, *always) for tag in liquid.PLUGIN_TAGS.get(name, ())}
        self._plugin_tags: Any = _Anything() if unknown else known
        self._plugin_filters = unknown
        self._kramdown = options(settings.kramdown) if str(settings.config["markdown"]).lower() == "kramdown" else None
        self._plain = {
            CONTENT.reason,
            BUILD.reason,
            _TYPOGRAPHIC,
            *(
                f"the tag '{tag}' is a plugin's"
                for tags in liquid.PLUGIN_TAGS.values()
                for tag in tags
                if tag not in _TAGS_WITH_IDS
            ),
        }

    @cached_property
    def by_path(self) -> Mapping[str, Item]:
        """What link tags can name."""
        if self.named is not None:
            return self.named
        return {self.site.relative(item): item for item in self.items if item.known and item.source is not None}

    @cached_property
    def bare_names(self) -> Collection[str] | None:
        """The names without an ending among the paths that link tags can name; None when these are not all known."""
        if self.named is not None:
            return None
        names = (path[path.rfind("/") + 1 :] for path in self.by_path)
        return frozenset([name for name in names if "." not in name])

    @cached_property
    def post_paths(self) -> Sequence[str]:
        """The relative paths of posts and drafts, in the order of writing."""
        return [self.site.relative(item) for item in self._posts] if self.posted is None else self.posted()

    @cached_property
    def _posts(self) -> list[Item]:
        return [item for item in self.by_path.values() if item.kind in (Kind.POST, Kind.DRAFT)]

    @cached_property
    def _folding(self) -> Folding:
        """What is known of the rows that loops make; not every site has a loop."""
        from contentlint.folding import Folding  # see above

        return Folding()

    def _repeats(self) -> bool:
        """Whether so many pages with loops have come that it pays to learn what their rows have alike."""
        self._looped += 1
        return self._looped > _FEW_LOOPED

    # -- a page ------------------------------------------------------------------------------------------------------

    def show(self, item: Item, path: str, text: str, body: int, dialect: Dialect) -> Shown:
        """What the Liquid in the body of a page shows, whose `text` begins at `body`; `path` is relative to the project."""
        template = liquid.parse(text, unknown_tags=self._plugin_tags)
        file = File(path, text, body)
        output = template.render(self.context(item), file)
        folds: Sequence[Fold] = ()
        if not dialect.html:
            scan = kramdown.Scan([], [], [], [])
        elif output.rows and self._repeats():
            scan, folds = self._folding.scan(output, lambda text: shown(text, dialect))
        else:
            scan = shown(output.text, dialect)
        own = self.own(item.source or "")
        result = Reader(output, scan, file, item.url, self.places, self.contracts, own, self._plain, folds).read()
        result.mistakes += [(path, _failing(problem, file)) for problem in template.problems]
        result.comments += [(each.start + body, each.end + body) for each in template.tags.comments]
        return result

    def context(self, item: Item, **more: object) -> liquid.Context:
        """What the templates of an item are evaluated with."""
        page: object = self.site.page(item)
        return self._context(page, item, more)

    def _context(self, page: object, item: Item | None, more: Mapping[str, object]) -> liquid.Context:
        settings = self.settings
        return liquid.Context(
            variables={
                "site": self.site,
                "page": page,
                "jekyll": {
                    "environment": Unknown("it is set when the site is built"),
                    "version": Unknown("it is Jekyll's"),
                },
                "paginator": self._paginator(item),
                "highlighter_prefix": "\n",
                "highlighter_suffix": "\n",
                **more,
            },
            include=lambda name, kind: self._include(name, kind, item),
            link=self._link,
            post_url=self._post_url,
            baseurl=self.site.get("baseurl"),
            url=self.site.get("url"),
            markdownify=self._markdownify,
            smartify=_smartify,
            plugin_filters=self._plugin_filters,
            jekyll=settings.version,
        )

    def _paginator(self, item: Item | None) -> object:
        """jekyll-paginate's pager of the first page; all other pages have none."""
        settings = self.settings
        if "jekyll-paginate-v2" in settings.plugins:
            return Unknown("the paginator gives it when the site is built")
        per_page = settings.config.get("paginate")
        name = (item.source or "").rpartition("/")[2] if item is not None else ""
        if (
            "jekyll-paginate" not in settings.plugins
            or not isinstance(per_page, int)
            or per_page < 1
            or name != "index.html"
        ):
            return None
        posts = [post for post in self.site.collection("posts")[::-1] if post.get("hidden") in (None, False)]
        later = {each.target for each in self.items if each.target and each.kind in (Kind.PAGE, Kind.GENERATED)}
        total = -(-len(posts) // per_page)
        if item is not None and total > 1 and item.url not in later:
            return None
        path = "/" + str(settings.config["paginate_path"]).removeprefix("/")
        return {
            "page": 1,
            "per_page": per_page,
            "posts": posts[:per_page],
            "total_posts": len(posts),
            "total_pages": total,
            "previous_page": None,
            "previous_page_path": None,
            "next_page": 2 if total > 1 else None,
            "next_page_path": path.replace(":num", "2", 1) if total > 1 else None,
        }

    def _markdownify(self, text: str) -> str | Unknown:
        """The HTML of a plain paragraph; of all else the links, pictures and anchors behind a mark for the rest."""
        if _PLAIN.fullmatch(text):
            return f"<p>{text.rstrip()}</p>\n"
        if self._kramdown is None:
            return Unknown(f"{self.settings.config['markdown']} makes HTML of Markdown, not kramdown")
        scan = kramdown.scan(text, self._kramdown)
        written = [link for link in scan.links if not link.generated]
        return _told([*map(_element, written), *map(_anchor, scan.anchors)], Told("Markdown is made HTML of"))

    def _content(self, item: Item, excerpt: bool) -> object:
        """The content or excerpt of a page as another prints it: its anchors, around what is not known."""
        if item is not self.site.current:
            self.ask(PRINTED)
            self.ask(anchors_of(item.source or ""))
        shown = self.shown(item)
        if shown is None:
            return Unknown("it is shown within itself")
        anchors = self.excerpted(item, shown.anchors) if excerpt else shown.anchors
        reason = (
            Unknown(shown.incomplete)
            if shown.incomplete
            else Told("it is what another page shows")
            if anchors
            else CONTENT
        )
        return _told(map(_anchor, anchors), reason)

    def excerpted(self, item: Item, anchors: Sequence[Anchor]) -> Sequence[Anchor]:
        """Those of the anchors of a page that its excerpt has."""
        path, end = self.prefix + (item.source or ""), self._excerpt_end(item)
        return [anchor for anchor in anchors if anchor.place.path != path or anchor.place.start < end]

    def _excerpt_end(self, item: Item) -> int:
        """Where the excerpt of a document ends in its file."""
        own = item.data.get("excerpt_separator")
        separator = self.settings.config["excerpt_separator"] if own is None or own is False else own
        path = item.source or ""
        try:
            text = decode(self.read(path), self.settings.encoding)[0]
        except OSError:  # it was there when the page was read
            return sys.maxsize
        block = frontmatter.split(text)
        at = text.find(str(separator), block.body if block is not None else 0)
        return at if at >= 0 else len(text)

    # -- includes ----------------------------------------------------------------------------------------------------

    def _include(self, name: str, kind: str, item: Item | None) -> tuple[Template, File] | Missing | Unknown:
        if kind == "include_relative":
            if item is None or item.source is None:
                return Unknown("it lies beside the page")
            folder = item.source.rpartition("/")[0]
        else:
            folder = posixpath.normpath("/" + self.settings.config["includes_dir"]).lstrip("/")
        path = posixpath.normpath(posixpath.join("/", folder, name.lstrip("/"))).lstrip("/")
        if path not in self._parsed:
            self._parsed[path] = self._parse(path)
        found = self._parsed[path]
        if isinstance(found, Missing) and self.settings.theme and kind != "include_relative":
            return Unknown(f"the theme {self.settings.theme} may bring it")
        if not isinstance(found, (Missing, Unknown)):
            self.used[found[1].path] = found[1]
            self.using.add(found[1].path)
            self.ask_for(template_of(found[1].path))
        return found

    def ask_for(self, name: str) -> None:
        """Tell that a template or data file is looked into: what a layout does so is the business of all that it is put around."""
        self.ask(name)
        if self._within and (self._within, name) not in self._asked:
            self._asked.add((self._within, name))
            self.ask_by(self._within, (name,))

    def _parse(self, path: str) -> tuple[Template, File] | Missing | Unknown:
        if not self.exists(path):
            return Missing((self.prefix + path,))
        try:
            text = decode(self.read(path), self.settings.encoding)[0]
        except OSError as error:
            return Unknown(f"{path} cannot be read: {error.strerror}")
        file = File(self.prefix + path, text)
        template = liquid.parse(text, unknown_tags=self._plugin_tags)
        self.mistakes += [(file.path, _failing(problem, file)) for problem in template.problems]
        return template, file

    # -- link tags ---------------------------------------------------------------------------------------------------

    def _link(self, path: str) -> str | Missing | Unknown:
        item = self.find(path)
        if item is None and path.startswith("/"):
            item = self.find(path[1:])
            item = item if item is not None and item.kind is Kind.STATIC else None
        if item is None or not item.published:
            return Missing((self.prefix + path.lstrip("/"),))
        return self._address(item)

    def _post_url(self, name: str) -> str | Missing | Unknown:
        parts = _POST.fullmatch(name.removeprefix("/"))
        if parts is None:
            return Missing()
        folder, date, slug = parts[1] or "", parts[2], parts[3]
        wanted = re.compile(
            rf"_posts/{re.escape(folder)}{date}-{re.escape(slug)}\.[^.]+|{re.escape(folder)}_posts/?{date}-{re.escape(slug)}\.[^.]+"
        )
        self.ask(POSTS)
        for path in self.post_paths:
            if wanted.match(path):
                return self._address(self.by_path[path])
        for item in self._posts:
            above = (item.source or "").partition("_posts/")[2].rpartition("/")[0]
            known = f"{above}/{item.data.get('slug')}" if above else item.data.get("slug")
            if folder + slug == known and item.date is not None and _same_day(date, item):
                return self._address(item)
        return Missing()

    def _address(self, item: Item) -> str | Unknown:
        if item.pattern:
            return Unknown("its address depends on when the site is built")
        return item.url if self.settings.version == 3 else self.address(item)

    def find(self, path: str) -> Item | None:
        """What Jekyll has read from the file with this path, as it names it."""
        self.ask(file_of(path))
        return self.by_path.get(path) or self.pictures.get(path)

    def address(self, item: Item) -> str:
        """The address of an item from the root of its host."""
        base = self.settings.baseurl.strip("/")
        return quoted((f"/{base}" if base else "") + item.url, "/%:@!$&'()*+,;=~-._")

    # -- layouts -----------------------------------------------------------------------------------------------------

    def layouts(self, item: Item) -> Iterator[Layout | Missing | Unknown]:
        """The layouts that are put around an item, from the inside out; what is not there ends the chain."""
        name = self.layout_name(item)
        seen: set[str] = set()
        while name and name not in seen:
            seen.add(name)
            layout = self.layout(name)
            yield layout
            if not isinstance(layout, Layout):
                return
            name = layout.parent

    def layout_name(self, item: Item) -> str:
        """The layout that an item asks for; empty when it asks for none."""
        data = item.data
        value = (
            data["layout"]
            if "layout" in data
            else self.site.default(item, "layout")
            if item.kind is Kind.PAGE
            else None
        )
        return _layout_name(value)

    def layout(self, name: str) -> Layout | Missing | Unknown:
        """The layout with this name."""
        if name not in self._layouts:
            self._layouts[name] = self._read_layout(name)
        return self._layouts[name]

    def _read_layout(self, name: str) -> Layout | Missing | Unknown:
        path = self._layout_paths.get(name)
        if path is None:
            if self.settings.theme:
                return Unknown(f"the theme {self.settings.theme} may bring the layout {name}")
            folder = self.settings.config["layouts_dir"]
            if self.exists(f"{folder}/{name}.html"):
                return Unknown(f"{folder}/{name}.html lies where nobody can look")
            return Missing((f"{self.prefix}{folder}/{name}.html",))
        try:
            text = decode(self.read(path), self.settings.encoding)[0]
        except OSError as error:
            return Unknown(f"{path} cannot be read: {error.strerror}")
        block = frontmatter.split(text)
        document = frontmatter.compose(text, block.start, block.end) if block else None
        data = document.data if document is not None and isinstance(document.data, dict) else {}
        body = block.body if block is not None else 0
        file = File(self.prefix + path, text[body:], body)
        template = liquid.parse(text[body:], unknown_tags=self._plugin_tags)
        self.mistakes += [(file.path, _failing(problem, file)) for problem in template.problems]
        if document is not None and document.error is not None:
            wrong = document.error
            written = text[wrong.start : wrong.end]
            mistake = Mistake("invalid-front-matter", wrong.start, wrong.end, written, wrong.message, wrong.note)
            self.mistakes.append((file.path, mistake))
        self.used[file.path] = file
        return Layout(file, template, data, _layout_name(data.get("layout")))

    def show_layout(self, layout: Layout, item: Item, path: str) -> Shown:
        """What one layout shows around an item.

        What is inside is not known, so whatever the layout makes of that is neither. If that leaves a doubt about anchors,
        the layout is shown around nothing as well, for all that it adds itself.
        """
        page = self.site.page(item)
        shown = self._read(self._rendered(layout, self._around(layout, page, item)), item, path)
        if shown.incomplete:
            empty = self._read(self._rendered(layout, self._around(layout, page, item, "")), item, path)
            shown.anchors = [*shown.anchors, *empty.anchors]
            shown.incomplete = empty.incomplete
        return shown

    def _rendered(self, layout: Layout, context: liquid.Context) -> liquid.Output:
        outer, self._within = self._within, layout.file.path
        try:
            return layout.template.render(context, layout.file)
        finally:
            self._within = outer

    def probe(self, layout: Layout) -> None:
        """Show a layout around a page of which nothing is known: which of the page's values make its references."""
        output = self._rendered(layout, self._around(layout, _AnyPage(), None))
        scan = kramdown.scan_html(output.text)
        layout.keys = frozenset(
            _key_of(output.origin(link.start, link.end).unknown) for link in scan.links if MARK in link.url
        ) - {""}
        layout.based = any(link.tag == "base" for link in scan.links)
        layout.printed = frozenset(_key_of(piece.unknown) for piece in output.pieces) - {""}

    def known_layouts(self) -> dict[str, tuple[list[str], list[str], bool]]:
        """What is known of the layouts that were shown, for `recall`."""
        return {
            name: (sorted(layout.keys), sorted(layout.printed), layout.based)
            for name, layout in self._layouts.items()
            if isinstance(layout, Layout) and layout.keys is not None
        }

    def recall(self, known: Mapping[str, tuple[Iterable[str], Iterable[str], bool]], anew: Collection[str]) -> None:
        """Take layouts for shown that were: what they hold themselves is told already, but for files that are shown `anew`."""
        for name, (keys, printed, based) in known.items():
            layout = self.layout(name)
            if isinstance(layout, Layout) and layout.file.path not in anew:
                layout.keys, layout.printed, layout.based = frozenset(keys), frozenset(printed), based

    def concerns(self, layout: Layout, item: Item) -> bool:
        """Whether a layout makes references of an item's own values, or says where relative ones start."""
        if layout.keys is None:
            self.probe(layout)
        if layout.based or any(item.data.get(key) is not None for key in layout.keys or ()):
            return True
        return any(_MARKUP.search(str(item.data[key])) for key in layout.printed if key in item.data)

    def _around(self, layout: Layout, page: object, item: Item | None, content: object = CONTENT) -> liquid.Context:
        """The context of a layout: the front matter of the layouts inside it wins over its own."""
        inner = itertools.takewhile(lambda each: each is not layout, self.layouts(item) if item is not None else ())
        data: dict[str, Any] = {}
        for each in (*(each for each in inner if isinstance(each, Layout)), layout):
            data = merged(traced(dict(each.data), each.file.path, ()), data)
        return self._context(page, item, {"layout": data, "content": content})

    def _read(self, output: liquid.Output, item: Item, path: str) -> Shown:
        scan = kramdown.scan_html(output.text)
        return Reader(output, scan, File(path, ""), item.url, self.places, {}, None, self._plain).read()

    def comments(self, text: str) -> list[tuple[int, int]]:
        """The comments of an include or a layout, HTML's and Liquid's."""
        found = [(each.start, each.end) for each in liquid.parse(text, unknown_tags=self._plugin_tags).tags.comments]
        return sorted({*found, *kramdown.scan_html(text).comments})

    def _is_own(self, path: str, key: str) -> bool:
        own = self.own(path.removeprefix(self.prefix))
        return isinstance(own, dict) and key in own


_OF_PAGE = "it is the page's "


class _AnyPage:
    """A page of which nothing is known."""

    def get(self, key: str) -> Unknown:
        """What cannot be known, named so that it can be asked for."""
        return Unknown(f"{_OF_PAGE}{key}")


def _key_of(reason: str | None) -> str:
    """The front matter key of a page that something unknown is made of."""
    return reason.removeprefix(_OF_PAGE).partition(" ")[0] if reason and reason.startswith(_OF_PAGE) else ""


def _told(elements: Iterable[str], reason: Unknown) -> Partial:
    """The mark of an unknown text, and behind it the elements of it that are known."""
    return Partial(MARK + "".join(elements), None, (Part(0, 1, reason),))


def _element(link: kramdown.Link) -> str:
    from html import escape

    alt = "" if link.alt is None else f' alt="{escape(link.alt)}"'
    end = "" if link.tag in _EMPTY_ELEMENTS else f"</{link.tag}>"
    return f'<{link.tag} {link.attribute}="{escape(link.url)}"{alt}>{end}'


def _anchor(anchor: kramdown.Anchor | Anchor) -> str:
    from html import escape

    name = escape(anchor.name)
    return f'<a name="{name}"></a>' if anchor.kind == "name" else f'<i id="{name}"></i>'


def _smartify(text: str) -> Unknown:
    return Unknown("HTML in it is kept" if "<" in text else _TYPOGRAPHIC)


def _layout_name(value: object) -> str:
    """Jekyll takes what is falsy or `none` for no layout."""
    return "" if value is None or value is False or str(value) in _NO_LAYOUT else str(value)


def _named_layouts(settings: Settings, sources: Sequence[Source]) -> Iterator[tuple[str, str]]:
    base = posixpath.normpath("/" + settings.config["layouts_dir"]).lstrip("/") + "/"
    for source in sources:
        if source.role is Role.LAYOUT:
            yield source.path.removeprefix(base).rpartition(".")[0], source.path


def _same_day(date: str, item: Item) -> bool:
    year, month, day = map(int, date.split("-"))
    return item.date is not None and (item.date.year, item.date.month, item.date.day) == (year, month, day)


def _failing(problem: liquid.Problem, file: File) -> Mistake:
    start, end, message = problem
    text = file.text[start:end]
    return Mistake("invalid-template", start + file.shift, end + file.shift, text, f"the build fails: {message}")
