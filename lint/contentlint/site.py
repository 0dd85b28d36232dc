"""The site as rules see it: the files that people write, what they refer to, and what became of each reference."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, overload
from unicodedata import normalize

from contentlint.liquid import MARK
from contentlint.page import (
    Anchor,
    Choice,
    KeyPath,
    Mistake,
    Near,
    Need,
    Place,
    Reference,
    References,
    Role,
    Suppression,
    entries,
)
from contentlint.percent import unquote
from contentlint.record import NamedTuple, Record, field
from contentlint.regex import regex
from contentlint.resolving import Copies, Found, Missing, Outputs, Resolution, Target, Unknown, copied, paths_of
from contentlint.rule import Finding, Repair

if TYPE_CHECKING:
    from contentlint.rewriting import Yaml
    from contentlint.schema import Schema, Violation

_Kind = TypeVar("_Kind", Found, Missing, Unknown)
_WEB = regex(r"(?:https?:)?//([^/]*)", re.IGNORECASE | re.ASCII)
_BARE = regex(r"[^/\\.#?:\s][^\\:]*/")
"""A relative path that begins with a folder."""
_PLAIN_NAME = regex(r"[\w.~-]+")
"""A name that means itself in a pattern."""
_OTHER_SCHEME = regex(r"[A-Za-z][A-Za-z0-9+.\-]*:")


class Redirect(NamedTuple):
    """A redirect and the front matter value that asks for it."""

    target: Target
    source: Source
    key: KeyPath


class Unmatched(NamedTuple):
    """A pattern of the config that fits nothing."""

    text: str
    of: str
    """What it was to fit: page, data file, include, schema or file."""
    place: Place


class Removed(NamedTuple):
    """An address that the site had before a change, and that leads nowhere since."""

    url: str
    path: str
    """The file that stood behind it, by its path below the project then."""
    now: Source | None = None
    """What has become of that file; None when it is gone."""


class Unused(NamedTuple):
    """A name in a suppression that suppressed nothing."""

    name: str
    start: int
    end: int
    known: bool
    suggestions: tuple[str, ...] = ()
    sure: bool = False
    """No other than the first can be meant."""
    removal: tuple[int, int, str] | None = None
    """The edit that takes it away."""
    removal_is_safe: bool = False
    """Nothing else is read in another way then."""


class Resolutions(Sequence[Resolution]):
    """What became of a file's references. Nearly all just arrive, and nobody asks where: that is looked up again.

    `notable` are all that do not, by the row of their reference.
    """

    __slots__ = ("_references", "_resolve", "notable")

    def __init__(
        self,
        references: Sequence[Reference],
        resolve: Callable[[Reference], Resolution],
        notable: Mapping[int, Resolution],
    ) -> None:
        self._references = references
        self._resolve = resolve
        self.notable = notable

    def __len__(self) -> int:
        """How many there are."""
        return len(self._references)

    @overload
    def __getitem__(self, row: int) -> Resolution: ...
    @overload
    def __getitem__(self, row: slice) -> list[Resolution]: ...
    def __getitem__(self, row: int | slice) -> Resolution | list[Resolution]:
        """What became of the reference in a row."""
        if isinstance(row, slice):
            return [self[each] for each in range(len(self))[row]]
        row = range(len(self))[row]
        return self.notable[row] if row in self.notable else self._resolve(self._references[row])


_NOT_YET = Resolutions((), lambda _: Unknown("nobody has asked"), {})


class Origin(Protocol):
    """What has read a file, and knows where its values stand."""

    def text(self) -> str:
        """The text of the file."""

    def place_of(self, key: KeyPath) -> tuple[int, int] | None:
        """Where the value with this key path stands in this file; None when it comes from elsewhere."""

    def places_of(self, keys: Sequence[KeyPath]) -> Sequence[tuple[int, int]] | None:
        """Where values stand in this file; None when one of them comes from elsewhere."""

    def key_place_of(self, key: KeyPath) -> tuple[int, int] | None:
        """Where the key itself stands."""

    def default_place(self, key: KeyPath) -> Place | None:
        """Where the generator's config gives the value with this key path to this file."""


class Source(Record, eq=False):
    """A file that people write: a page, a layout, an include, a data file or the generator's config.

    `path` is POSIX and relative to the project. What only pages have is empty for the others.
    """

    path: str
    kind: str
    """page, layout, include, data or config."""
    origin: Origin
    opening: Place
    """The `---` that begins the front matter, or the start of the file."""
    target: Target | None = None
    """What the generator makes of a page; None for a file that it does not read."""
    front: tuple[int, int] = (0, 0)
    """Where the YAML of the front matter stands, or the whole of a data file."""
    body: int = 0
    """Where the body begins."""
    data: Any = None
    """Front matter with the generator's defaults merged, or the content of a data file."""
    own: Any = None
    """The same as its author wrote it."""
    references: References = References()
    undefined: Sequence[tuple[str, int, int]] = ()
    """Labels of reference links without a definition."""
    anchors: Sequence[Anchor] = ()
    mistakes: list[Mistake] = field(default_factory=list)
    choices: Sequence[Choice] = ()
    choices_complete: bool = True
    """No include of the page selects by what only a build can tell."""
    needs: Sequence[Need] = ()
    suppressions: Sequence[Suppression] = ()
    schema: Schema | None = None
    permalink: str = ""
    """What the config says this page's address is."""
    back_link: str = ""
    """The address that the config says this page links back to."""
    muted: bool = False
    """Its data cannot be read: rules that speak of data are silent."""
    resolved: Resolutions = _NOT_YET
    """What became of each of `references`, in their order."""
    wrong: Sequence[Violation] | None = None
    """What the schema says against the data; None until somebody asks."""

    def text(self) -> str:
        """The file's text, read when a place in it is to be told."""
        return self.origin.text()

    def place_of(self, key: KeyPath) -> tuple[int, int] | None:
        """Where the value with this key path stands in this file; None when it comes from elsewhere."""
        return self.origin.place_of(key)

    def key_place_of(self, key: KeyPath) -> tuple[int, int] | None:
        """Where the key itself stands; None when it comes from elsewhere."""
        return self.origin.key_place_of(key)

    def place(self, start: int, end: int) -> Place:
        """A place in this file."""
        return Place(self.path, start, end)

    def value_place(self, key: KeyPath) -> Place:
        """Where the value with this key path stands, or the nearest one around it that has a place."""
        while key:
            if (found := self.place_of(key)) is not None:
                return self.place(*found)
            if (elsewhere := self.origin.default_place(key)) is not None:
                return elsewhere
            key = key[:-1]
        return self.opening

    def key_place(self, key: KeyPath) -> Place:
        """Where the key itself stands, or the value's place when the key has none here."""
        found = self.key_place_of(key)
        return self.place(*found) if found is not None else self.value_place(key)

    def written(self, place: Place) -> str:
        """What stands at a place in this file."""
        return self.text()[place.start : place.end]

    def is_mistaken(self, place: Place) -> bool:
        """Whether something is wrong with this file at a place in it."""
        return any(each.start < place.end and place.start < each.end for each in self.mistakes)

    def missing(self, *kinds: str) -> Iterator[tuple[Reference, Missing]]:
        """The references that lead nowhere, of these kinds of `Missing`."""
        return ((reference, missing) for reference, missing in self.holes if missing.kind in kinds)

    @property
    def holes(self) -> list[tuple[Reference, Missing]]:
        """The references that lead nowhere."""
        return [*self.notable(Missing)]

    def notable(self, kind: type[_Kind]) -> Iterator[tuple[Reference, _Kind]]:
        """The references with an answer of this kind, of those of which there is more to say than that they arrive."""
        return ((self.references[row], each) for row, each in self.resolved.notable.items() if isinstance(each, kind))

    def about(
        self,
        reference: Reference,
        message: str,
        help: str = "",
        near: Near | None = None,
        repair: Repair | None = None,
        instead: Callable[[str], Repair | None] | None = None,
        otherwise: str = "",
    ) -> Finding:
        """A finding at a reference, with the template that made it of the value as the related place."""
        related = ((reference.template, "made here of that value"),) if reference.template else ()
        written = self.written(reference.place)
        return Finding(reference.place, written, message, help, near, related, repair, instead, otherwise)

    def replaced(self, place: Place, text: str) -> Repair:
        """How to write another text at a place in this file; not safe, for it is a guess."""
        return Repair(f"write {text}", ((place.start, place.end, text),), safe=False)

    def rekeyed(self, key: KeyPath, name: str) -> Repair | None:
        """How to give a key of this file another name; not safe, for it is a guess."""
        place = self.key_place_of(key)
        edit = self.yaml.with_key(key, *place, name) if place is not None else None
        return Repair(f"write {name}", (edit,), safe=False) if edit is not None else None

    @property
    def yaml(self) -> Yaml:
        """The YAML of the file, to be written otherwise."""
        from contentlint.rewriting import Yaml

        return Yaml(self.text(), *self.front, self.own)

    def found(self, rule: str) -> Iterator[Finding]:
        """What reading or rendering this file has already found wrong under the name of this rule."""
        for mistake in self.mistakes:
            if mistake.rule == rule:
                place = self.place(mistake.start, mistake.end)
                yield Finding(
                    place, mistake.value, mistake.message, mistake.help, mistake.near, related=mistake.related
                )

    def violations(self) -> Sequence[Violation]:
        """What the schema says against the data; nothing without a schema or when there is no data, or none to be read."""
        if self.wrong is None:
            unread = self.muted or self.data is None or self.is_copied
            self.wrong = tuple(self.schema.violations(self.data)) if self.schema is not None and not unread else ()
        return self.wrong

    @property
    def is_copied(self) -> bool:
        """The generator copies the file as it is: it has no front matter."""
        return self.target is not None and self.target.kind == "static"


class Site(Record, eq=False, slots=False):
    """The whole site, complete before the first rule asks."""

    sources: Mapping[str, Source]
    """By path, in the order of paths."""
    targets: Sequence[Target]
    """All that the generator writes or leaves unpublished, in the order of writing, but for the copies."""
    outputs: Outputs
    copies: Copies = field(default_factory=dict)
    """The files that are copied to where they stand. No two things want to be there, and no redirect leads on from there."""
    folder: str = ""
    """The source's folder relative to the project, with its slash; empty when they are the same."""
    redirects: Sequence[Redirect] = ()
    unmatched: Sequence[Unmatched] = ()
    why_unpublished: Callable[[Target], str] = lambda _: "it is not published"
    unused_suppressions: Callable[[Source], Iterable[Unused]] = lambda _: ()
    """Known once the other rules have run."""
    removed: Sequence[Removed] = ()
    """What a change took away, when it is a change that is looked at."""

    @property
    def everything(self) -> Iterator[Target]:
        """All targets; those of copies are made one by one."""
        yield from self.targets
        yield from map(copied, paths_of(self.copies))

    @cached_property
    def users(self) -> dict[str, list[tuple[Source, Reference]]]:
        """Who refers to an output, by the output's path."""
        users: dict[str, list[tuple[Source, Reference]]] = {}
        for source in self.sources.values():
            for reference, resolution in zip(source.references, source.resolved, strict=True):
                for target in arrivals(resolution):
                    users.setdefault(target.output, []).append((source, reference))
        return users

    @property
    def was_asked_for_users(self) -> bool:
        """Whether somebody has asked who refers to something: the answer depends on what every page shows."""
        return "users" in vars(self) or "_guesses" in vars(self)

    def may_be_used(self, target: Target) -> bool:
        """Whether a reference that only a build can tell may lead there. Pictures and style sheets never lead to a page."""
        is_page = target.output.endswith(".html")
        address = "/" + target.output
        return any(
            guess.fullmatch(address) or guess.fullmatch(target.url)
            for role, guess in self._guesses
            if role is Role.PAGE or not is_page
        )

    @cached_property
    def _guesses(self) -> list[tuple[Role, re.Pattern[str]]]:
        """What is known of the references that only a build can tell: the role, and what their paths look like.

        What the build fails on leads nowhere.
        """
        guesses = {
            (reference.role, guess)
            for source in self.sources.values()
            for reference, _ in source.notable(Unknown)
            if not source.is_mistaken(reference.place) and (guess := self._guess(reference.url))
        }
        return [(role, re.compile(guess, re.DOTALL)) for role, guess in guesses]

    def _guess(self, url: str) -> str:
        """A regex for the paths below the baseurl that a partly known URL may have; empty for another host's."""
        path = re.split("[#?]", url, maxsplit=1)[0]
        web = _WEB.match(path)
        if web is not None:
            if MARK not in web[1] and web[1].lower() != self.outputs.host:
                return ""
            path = path[web.end() :]
        elif _OTHER_SCHEME.match(path):
            return ""
        rooted = path.startswith("/")
        path = path.removeprefix(self.outputs.baseurl) if rooted else re.sub(r"\A(?:\.\.?/)+", "", path)
        known = ".*".join(re.escape(unquote(each)) for each in path.split(MARK))
        return ("" if rooted else ".*") + known + r"(?:\.html|/?index\.html|/)?"

    def repair(self, reference: Reference, url: str, *, safe: bool) -> Repair | None:
        """How to let a reference lead to a URL of the site, in the way its author wrote it.

        None when that cannot be done for sure, or no visitor would arrive there.
        """
        if reference.unknown or not isinstance(self.outputs.resolve(url, reference.base), Found):
            return None
        from contentlint.rewriting import edit  # a clean site has nothing to write

        start, end = reference.place.start, reference.place.end
        change = edit(self.written(Place(reference.place.path, start, end)), reference.url, url)
        if change is None:
            return None
        return Repair(f"write {url}", ((start + change[0], start + change[1], change[2]),), safe)

    def led_to(self, reference: Reference, path: str, *, safe: bool = False) -> Repair | None:
        """How to let a reference lead to a path below the baseurl, decoded and with its leading slash."""
        from contentlint.rewriting import readdressed

        base = self.outputs.baseurl + reference.base
        return self.repair(reference, readdressed(reference.url, base, self.shown(path)), safe=safe)

    def led_to_anchor(self, reference: Reference, name: str) -> Repair | None:
        """How to let a reference lead to another anchor of the same page."""
        from contentlint.rewriting import escaped_fragment

        url = reference.url.partition("#")[0] + "#" + escaped_fragment(name)
        return self.repair(reference, url, safe=False)

    def respelt(self, reference: Reference, missing: Missing) -> Repair | None:
        """How to write a reference with the letters that its target has; safe, for both are one name to its author."""
        wanted = asked(missing)
        actual = "/" + missing.actual
        for tried in missing.tried:
            ending = ("/" + tried).removeprefix(wanted)
            if actual.endswith(ending) and _same("/" + tried, actual):
                return self.led_to(reference, actual[: len(actual) - len(ending)], safe=True)
        return None

    def rooted(self, reference: Reference) -> Repair | None:
        """How to begin a relative reference with the slash that was forgotten: what it leads to is there from the root."""
        url = reference.url
        if not _BARE.match(url) or not url.isprintable():
            return None
        return self.repair(reference, self.shown("/" + url), safe=True)

    @cached_property
    def writers(self) -> dict[str, list[Target]]:
        """All that is written to an output, by the output's path, where that is more than one thing."""
        first: dict[str, Target] = {}
        writers: dict[str, list[Target]] = {}
        for target in self.targets:
            known = first.setdefault(target.output, target)
            if known is not target:
                writers.setdefault(target.output, [known]).append(target)
        return writers

    @cached_property
    def groups(self) -> set[tuple[str, str]]:
        """(include, property) of selections that mean several entries at once: some page has several that repeat a value."""
        groups = set()
        for source in self.sources.values():
            for choice in {(each.include, each.key, each.by) for each in source.choices}:
                include, key, by = choice
                values = [value for _, value in entries(source.data, key, by)]
                if len(values) - len(set(values)) > 1:
                    groups.add((include, by))
        return groups

    @property
    def shared_outputs(self) -> dict[str, list[Target]]:
        """Outputs that several published files want, redirects aside."""
        shared = {}
        for output, targets in self.writers.items():
            rivals = [each for each in targets if each.redirect is None and each.source and self._is_settled(each)]
            if len({each.source for each in rivals}) > 1:
                shared[output] = rivals
        return shared

    @property
    def case_twins(self) -> Iterator[list[Target]]:
        """Pages whose outputs differ in upper and lower case only (jekyll doctor asks the same, facts 7).

        A redirect from other letters is no fault but a service.
        """
        groups: dict[str, dict[str, Target]] = {}
        for target in self.targets:
            if target.kind != "static" and target.redirect is None and self._is_settled(target):
                groups.setdefault(target.output.lower(), {})[target.output] = target
        return (list(group.values()) for group in groups.values() if len(group) > 1)

    def _is_settled(self, target: Target) -> bool:
        """It is published, and its address is known: its front matter can be read."""
        source = self.source_of(target)
        return target.published and (source is None or not source.muted)

    def way_of(self, redirect: Target) -> list[Target]:
        """The targets that a visitor of a redirect passes, up to the first that comes again."""
        way: list[Target] = []
        while redirect.redirect is not None:
            address = self.outputs.resolve(redirect.redirect.partition("#")[0], redirect.url, follow=False)
            if not isinstance(address, Found):
                break
            redirect = address.target
            if redirect in way:
                break
            way.append(redirect)
        return way

    def source_of(self, target: Target) -> Source | None:
        """The file behind a target, when it is one that people write."""
        return self.sources.get(self.path_of(target.source)) if target.source is not None else None

    def path_of(self, source: str) -> str:
        """The path relative to the project of a file that is given relative to the source."""
        return self.folder + source

    def if_elsewhere(self, path: str) -> str:
        """Help for a path, with its leading slash, into a folder at the top that the site does not have: it may be another deployment's."""
        top, _, rest = path[1:].partition("/")
        if not rest or top in self.outputs.index.tops or not _PLAIN_NAME.fullmatch(top):
            return ""
        return f"if another deployment serves /{top}/, list /{top}/** under `elsewhere` in contentlint.yml"

    def shown(self, url: str) -> str:
        """A URL of the site as it has to be written from the root: with the baseurl."""
        return self.outputs.baseurl + url

    def written(self, place: Place) -> str:
        """What stands at a place in any file of the site."""
        source = self.sources.get(place.path)
        return source.written(place) if source is not None else ""


def arrivals(resolution: Resolution) -> tuple[Target, ...]:
    """The targets that a reference reaches, redirects on the way among them, or else the one that its author meant.

    That is one in other letters, without the baseurl, with an anchor that is not there, or not yet published.
    """
    if isinstance(resolution, Found):
        return (*resolution.through, resolution.target)
    if isinstance(resolution, Missing) and resolution.target is not None:
        return (resolution.target,)
    return ()


def _same(one: str, other: str) -> bool:
    """Whether two paths are one to who does not look at letter case and Unicode forms."""
    return normalize("NFC", one).casefold() == normalize("NFC", other).casefold()


def asked(missing: Missing) -> str:
    """The path that a visitor asked for, with its leading slash, by the outputs that were looked for."""
    first = missing.tried[0]
    folder = first.removesuffix("index.html")
    return "/" + (folder if missing.tried[1:2] == (folder + "index.htm",) else first)


def dotted(key: KeyPath) -> str:
    """`gallery[0].image_url` for `("gallery", 0, "image_url")`."""
    text = ""
    for step in key:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


def suggestion(names: Sequence[str]) -> str:
    """Help that offers the nearest names; empty when there is none."""
    return f"did you mean {' or '.join(names)}?" if names else ""
