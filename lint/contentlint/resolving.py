"""The index of a built site, computed from its source, and what a browser that follows a reference would meet.

Resolving has four answers: Found, Missing, Unknown and External. Only Missing is ever reported.
Servers are taken to answer as GitHub Pages does (facts 3.3): the file itself, `x.html` for `/x`, `x/index.html` for
`/x` and `/x/`, exact case, and nothing for a folder without an index.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from types import MappingProxyType

from contentlint.liquid.values import MARK as MARKER
from contentlint.percent import unquote
from contentlint.record import NamedTuple
from contentlint.regex import regex

_SCHEME = regex(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_WEB_SCHEME = regex(r"(?:https?:)?[/\\]{2}", re.IGNORECASE | re.ASCII)
_IGNORED_BY_BROWSERS = str.maketrans("", "", "\t\n\r")
_EDGES = "".join(map(chr, range(33)))
_OF_A_SCRIPT = regex(r"\{\{|\{%|<%|\$\{")
"""Templates that reach the browser as they are, for a script to fill."""
_ORIGIN = regex(r"https?://[^/\\?#]+")
_PLAIN = regex(r"(?:/[\w-][\w.~-]*)+/?")
"""Paths from the root that every server and browser takes as they stand."""
_NAME = regex(r"[\w.~%-]*")
"""Fragments that are the name of an anchor and nothing else."""
_SLASHES = regex(r"//+")
"""Servers take several slashes for one."""
INDEXES = ("index.html", "index.htm", "index.xhtml")


class Target(NamedTuple):
    """What stands behind an output path."""

    source: str | None
    """The file that it comes from, relative to the source; None for what a plugin makes."""
    output: str
    url: str
    kind: str
    """page, post, draft, document, static, redirect or generated."""
    published: bool = True
    redirect: str | None = None
    """Where it sends its visitors."""


Copies = Mapping[str, Collection[str]]
"""Files that the generator copies to where they stand, and that nothing else is written to: by folder (with its slash,
"" for the top) their names, in the order of names. Their paths are plain: ASCII letters, digits, `_`, `-`, `/`, and the
dot of an extension. A site may have more pictures than all else, so nothing is made of
one before somebody asks for it: the folder's listing is the index of them."""


def copied(path: str) -> Target:
    """What stands behind the output of such a file: all that is to be said of it is its path."""
    return Target(path, path, "/" + path, "static")


def paths_of(copies: Copies) -> Iterator[str]:
    """The path of each, which is that of its output, too."""
    return (folder + name for folder, names in copies.items() for name in names)


class Found(NamedTuple):
    """A visitor arrives."""

    target: Target
    through: tuple[Target, ...] = ()
    """The redirects on the way."""


class Missing(NamedTuple):
    """A visitor meets a hole, or would on a server that tells upper from lower case."""

    kind: str
    """nothing, case, unicode, baseurl, unpublished or anchor."""
    tried: tuple[str, ...]
    """The output paths, or the anchor, that are not there."""
    actual: str = ""
    """What is there instead: the path in its true case or Unicode form, the URL below the baseurl, the page of a missing
    anchor."""
    target: Target | None = None


class Unknown(NamedTuple):
    """What cannot be known without building or deploying the site."""

    reason: str


class External(NamedTuple):
    """Something beyond this site: another host, a mail address, a script."""

    url: str


Resolution = Found | Missing | Unknown | External


class Address(NamedTuple):
    """A URL as a browser at some page reads it, when it leads to this site's host."""

    path: str
    """Decoded, absolute, dot segments removed."""
    fragment: str | None
    """As written, without `#`."""
    own_host: bool
    """It was written with the site's own host."""
    rooted: bool
    """It was written from the root or with the host, not relative to the page."""


class Anchors:
    """The names that a fragment can point at in one output.

    `incomplete` says why there may be more than `names`; empty when these are all. `more` gives, when it comes to that, the
    names that are found only with some work, and why there may be more of those.
    """

    def __init__(
        self,
        names: Collection[str],
        incomplete: str = "",
        more: Callable[[], tuple[Collection[str], str]] | None = None,
    ) -> None:
        self._first = names
        self._incomplete = incomplete
        self._more = more

    def __contains__(self, name: object) -> bool:
        """Whether the name is among them; only a name that is not among the first costs the work."""
        return name in self._first or name in self._rest[0]

    @property
    def names(self) -> set[str]:
        """All that are known."""
        return {*self._first, *self._rest[0]}

    @property
    def incomplete(self) -> str:
        """Why there may be more; empty when there are not."""
        return self._incomplete or self._rest[1]

    @cached_property
    def _rest(self) -> tuple[Collection[str], str]:
        return self._more() if self._more is not None else ((), "")


class Index:
    """Every output of a site, by its path: all that `Outputs` asks of a site's files, so that it can be asked elsewhere, too.

    What looks for other spellings is asked only when something is missing.
    """

    def __init__(self, targets: Iterable[Target], copies: Copies = MappingProxyType({})) -> None:
        """`targets` are in the order of writing: a later one overwrites an earlier one, but for redirects."""
        self._copies = copies
        self._lowered: dict[str, _Lowered] = {}
        self._written: dict[str, Target] = {}
        self._hidden: dict[str, Target] = {}
        self._rivals: dict[str, list[Target]] = {}
        for target in targets:
            known = self._written if target.published else self._hidden
            if target.published and target.output in known:
                self._rivals.setdefault(target.output, []).append(target if target.redirect else known[target.output])
                if target.redirect:
                    continue
            known[target.output] = target

    def __iter__(self) -> Iterator[Target]:
        """What a visitor meets at each output."""
        yield from self._written.values()
        yield from map(copied, paths_of(self._copies))

    def get(self, output: str) -> Target | None:
        """What a visitor meets at this path; None when nothing is there."""
        target = self._written.get(output)
        return copied(output) if target is None and self.copies(output) else target

    def copies(self, output: str) -> bool:
        """Whether a file stands at this path that is copied to where it stands."""
        at = output.rfind("/") + 1
        return (names := self._copies.get(output[:at])) is not None and output[at:] in names

    def hidden(self, output: str) -> Target | None:
        """What would be there if it were published; None when nothing would."""
        return self._hidden.get(output)

    def rivals(self, output: str) -> Sequence[Target]:
        """The other targets of an output that several are written to: a link there may mean any of them."""
        return self._rivals.get(output, ())

    def in_other_case(self, output: str) -> str:
        """The output that differs from this in upper and lower case or Unicode form only; "" when there is none."""
        other = folded(output)
        if found := self._folded.get(other):
            return found
        folder, name = other[: other.rfind("/") + 1], other[other.rfind("/") + 1 :]
        for each in self._folders.get(folder, ()):
            lowered = self._lowered.get(each)
            if lowered is None:
                lowered = self._lowered[each] = _Lowered(self._copies[each])
            if found := lowered.find(name):
                return each + found
        return ""

    def in_other_form(self, output: str) -> str:
        """The output that reads the same but is made of other code points; "" when there is none."""
        return self._composed.get(unicodedata.normalize("NFC", output), "") if self._composed else ""

    @cached_property
    def tops(self) -> Collection[str]:
        """The names of the folders and files at the top of the site."""
        tops = {_first_part(output) for outputs in (self._written, self._hidden) for output in outputs}
        return tops.union(*(map(_first_part, [folder] if folder else names) for folder, names in self._copies.items()))

    @cached_property
    def _folded(self) -> Mapping[str, str]:
        return {folded(output): output for output in self._written}

    @cached_property
    def _folders(self) -> Mapping[str, list[str]]:
        folders: dict[str, list[str]] = {}
        for folder in self._copies:
            folders.setdefault(folder.lower(), []).append(folder)
        return folders

    @cached_property
    def _composed(self) -> Mapping[str, str]:
        return {unicodedata.normalize("NFC", output): output for output in self._written if not output.isascii()}


class _Lowered:
    """The names of one folder by their spelling in lower case: twelve bytes a name, for they may be a hundred thousand."""

    def __init__(self, names: Collection[str]) -> None:
        hashes = [hash(name.lower()) for name in names]
        order = sorted(range(len(hashes)), key=hashes.__getitem__)
        self._names = names
        self._hashes = array("q", map(hashes.__getitem__, order))
        self._order = array("i", order)

    def find(self, lower: str) -> str:
        """The name that is spelt like this in lower case; "" when there is none."""
        wanted = hash(lower)
        at = bisect_left(self._hashes, wanted)
        while at < len(self._hashes) and self._hashes[at] == wanted:
            name = next(islice(self._names, self._order[at], None))
            if name.lower() == lower:
                return name
            at += 1  # pragma: no cover  two names with one hash: nobody has met such a pair
        return ""


class Outputs:
    """What becomes of references on a site with these outputs.

    `baseurl` and `url` are the generator's; `shared` says that other projects may be served beside this one on its host; `anchors` is asked for the names of a target when a fragment points into it;
    `maybe` gives the reason why an output path that is in no list may all the same exist, or an empty string; `stranger`, what
    may put the baseurl in front of the links of built pages. What became of a URL is told without a look to the next page that
    has it, unless `remembers` is false: the index may want to know who asks.
    """

    def __init__(
        self,
        index: Index,
        *,
        baseurl: str = "",
        url: str = "",
        shared: bool = False,
        anchors: Callable[[Target], Anchors] = lambda _: Anchors((), "no anchors were read"),
        maybe: Callable[[str], str] = lambda _: "",
        stranger: str = "",
        remembers: bool = True,
    ) -> None:
        self.index = index
        self._remembers = remembers
        self.baseurl = "/" + baseurl.strip("/") if baseurl.strip("/") else ""
        self.host = _host(url)
        self._shared = shared
        self._anchors = anchors
        self._maybe = maybe
        self._stranger = stranger
        self._root = self.baseurl + "/"
        own = _ORIGIN.match(url)
        self._own = own[0] + self._root if own is not None else ""
        """How URLs begin that are written with the site's host."""
        self._plain: dict[str, Resolution | None] = {}
        """What becomes of URLs that were asked for, come from the root, and mean the same on every page; None: they arrive."""

    def address(self, url: str, base: str) -> Address | External | Unknown:
        """Read `url` as a browser does that shows the page at `base` (a root-absolute URL without the baseurl).

        Follows the URL standard where sites meet it: edges trimmed, tabs and newlines dropped, a backslash is a slash,
        dot segments removed, the query ignored, percent-escapes decoded as UTF-8.
        """
        if MARKER in url and MARKER in url.partition("#")[0]:
            return Unknown("part of it is made by a template from what only a build can tell")
        if ("{" in url or "<" in url) and _OF_A_SCRIPT.search(url):
            return Unknown("a script fills in part of it in the browser")
        url = url.strip(_EDGES)
        if not url.isprintable():
            url = url.translate(_IGNORED_BY_BROWSERS)
        own_host = False
        if _WEB_SCHEME.match(url):
            host, rest = _split_host(url)
            if not self.host or host != self.host:
                return External(url)
            own_host, url = True, rest
        elif _SCHEME.match(url):
            return External(url)
        url, hash_sign, fragment = url.partition("#")
        path = url.partition("?")[0].replace("\\", "/")
        rooted = path.startswith("/")
        if not path:
            path = self.baseurl + base
        elif not rooted:
            path = f"{self.baseurl}{base}".rpartition("/")[0] + "/" + path
        path = _decoded(_without_dots(path))
        if "//" in path:
            path = _SLASHES.sub("/", path)
        return Address(path, fragment if hash_sign else None, own_host, rooted)

    def resolve(self, url: str, base: str, *, follow: bool = True) -> Resolution:
        """What a visitor of the page at `base` meets who follows `url`; without `follow`, the first answer counts."""
        address = self.address(url, base)
        if not isinstance(address, Address):
            return address
        if not address.path.startswith(self.baseurl) or address.path[len(self.baseurl) :][:1] not in ("", "/"):
            return self._outside(address)
        path = address.path[len(self.baseurl) :]
        target = self.lookup(path, base)
        if target is None:
            return self._missing(path, address)
        return self._arrive(target, address) if follow else Found(target)

    def notable(self, asked: Iterable[tuple[str, str, str]]) -> dict[int, Resolution]:
        """What becomes of references, by their number, but of those that just arrive: nearly all do, and at the first look.

        Of each is given: the url, the page that shows it, and why the url cannot be known.
        """
        notable: dict[int, Resolution] = {}
        if not self._remembers:
            self._plain.clear()
        known, copies, root, below = self._plain, self.index.copies, self._root, len(self._root)
        for number, (url, base, unknown) in enumerate(asked):
            if unknown:
                notable[number] = Unknown(unknown)
            elif url in known:
                if (resolution := known[url]) is not None:
                    notable[number] = resolution
            elif not url.startswith(root) or not copies(url[below:]):
                resolution = self._plainly(url) or self.resolve(url, base)
                if not isinstance(resolution, Found) or resolution.through:
                    notable[number] = resolution
        return notable

    def _plainly(self, url: str) -> Resolution | None:
        """What becomes of a URL that every server and browser takes as it stands and that leads to an output; None for others."""
        path, _, fragment = url.partition("#")
        if self._own and path.startswith(self._own):
            path = path[len(self._own) - len(self._root) :]
        if not path.startswith(self._root):
            return None
        name = path[len(self._root) :]
        target = self.index.get(name + INDEXES[0] if name.endswith("/") else name)
        if target is None or _PLAIN.fullmatch(path) is None:
            return None
        if not fragment and target.redirect is None:
            self._plain[url] = None
            return Found(target)
        if fragment and _NAME.fullmatch(fragment) is None:
            return None
        resolution = self._arrive(target, Address(path, fragment, False, True))
        if (
            not fragment
            and isinstance(resolution, Found)
            and not any("#" in (each.redirect or "") for each in resolution.through)
        ):
            self._plain[url] = resolution
        return resolution

    def lookup(self, path: str, base: str = "") -> Target | None:
        """The target that a server sends for a decoded path below the baseurl (with its leading slash), or None.

        The page at `base` finds itself also when it is not published: it is judged as if it were.
        """
        name = path.lstrip("/")
        if name.endswith("/") and (found := self.index.get(name + INDEXES[0])) is not None:
            return found  # as nearly all are
        tried = candidates(path)
        found = next(filter(None, map(self.index.get, tried)), None)
        if found is None:
            found = next(
                (each for each in map(self.index.hidden, tried) if each is not None and each.url == base), None
            )
        return found

    def _arrive(self, target: Target, address: Address) -> Resolution:
        through: list[Target] = []
        fragment = address.fragment
        while target.redirect is not None:
            if target in through:
                return Found(target, tuple(through))
            through.append(target)
            onward = self.address(target.redirect, target.url)
            if not isinstance(onward, Address):
                return onward
            following = self.lookup(onward.path.removeprefix(self.baseurl))
            if following is None:
                return Found(target, tuple(through[:-1]))
            target, fragment = following, onward.fragment if onward.fragment is not None else fragment
        if fragment:
            return self._anchored(target, fragment, tuple(through))
        return Found(target, tuple(through))

    def _anchored(self, target: Target, fragment: str, through: tuple[Target, ...]) -> Resolution:
        """`#top` is every page's; `#:~:text=` finds text; `#/`, `#!` and `#?` are routes of a script."""
        name = fragment.partition(":~:")[0]
        if not name or name.lower() == "top":
            return Found(target, through)
        if MARKER in name:
            return Unknown("its anchor is made by a template from what only a build can tell")
        if name[0] in "/!?":
            return Unknown("a fragment of this form is read by a script of the page")
        if not target.output.endswith((".html", ".htm", ".xhtml")):
            return Unknown("only an HTML page has anchors that can be read")
        for each in (target, *self.index.rivals(target.output)):
            anchors = self._anchors(each)
            if name in anchors or unquote(name) in anchors:
                return Found(target, through)
            if anchors.incomplete:
                return Unknown(anchors.incomplete)
            if any(MARKER in known and _may_be(known, unquote(name)) for known in anchors.names):
                return Unknown("a template makes an anchor there of what only a build can tell")
        return Missing("anchor", (unquote(name),), target.url, target)

    def _missing(self, path: str, address: Address) -> Resolution:
        tried = candidates(path)
        hidden = next(filter(None, map(self.index.hidden, tried)), None)
        if hidden is not None:
            return Missing("unpublished", tried, hidden.url, hidden)
        reason = self._maybe(path)
        if reason:
            return Unknown(reason)
        index = self.index
        foreign = [each for each in tried if not each.isascii()]
        for kind, asked, find in (("unicode", foreign, index.in_other_form), ("case", tried, index.in_other_case)):
            if actual := next(filter(None, map(find, asked)), ""):
                return Missing(kind, tried, actual, index.get(actual))
        if address.own_host and self._shared and not self.baseurl and _first_part(path) not in index.tops:
            return Unknown(f"something else may be deployed there on {self.host}")
        return Missing("nothing", tried)

    def _outside(self, address: Address) -> Resolution:
        """A path beside the baseurl: another deployment's, or one whose author forgot the baseurl."""
        if address.own_host:
            return External(address.path)
        below = self.lookup(address.path)
        if below is not None and self._stranger:
            return Unknown(f"{self._stranger}, and the baseurl to links")
        if below is not None:
            return Missing("baseurl", (address.path,), self.baseurl + address.path, below)
        return self._missing(address.path, address)


def candidates(path: str) -> tuple[str, ...]:
    """The output files that a server looks for, in order, when asked for a decoded path (facts 3.3)."""
    name = path.lstrip("/")
    if not name or name.endswith("/"):
        return tuple(name + index for index in INDEXES)
    return (name, name + ".html", *(f"{name}/{index}" for index in INDEXES))


def _first_part(path: str) -> str:
    return path.lstrip("/").partition("/")[0]


def _may_be(known: str, name: str) -> bool:
    """Whether a name of which parts are unknown may be this one."""
    return re.fullmatch(".*".join(map(re.escape, known.split(MARKER))), name, re.DOTALL) is not None


def folded(path: str) -> str:
    """What is the same of two paths that differ in upper and lower case or Unicode form only."""
    return unicodedata.normalize("NFC", path).casefold()


def _host(url: str) -> str:
    return _split_host(url)[0] if _WEB_SCHEME.match(url) else ""


def _split_host(url: str) -> tuple[str, str]:
    """('example.org', '/path?query#fragment') of a URL that has a host; user, default port and case do not count."""
    rest = url[_WEB_SCHEME.match(url).end() :]  # type: ignore[union-attr]  # every caller has matched it
    host = re.match(r"[^/\\?#]*", rest)[0]  # type: ignore[index]  # matches the empty string at least
    rest = rest[len(host) :]
    name = host.rpartition("@")[2].lower()
    return re.sub(r":(?:80|443)?$", "", name), rest if rest[:1] in ("/", "\\") else "/" + rest


def _without_dots(path: str) -> str:
    """An absolute path without `.` and `..` segments; those above the root stay at the root."""
    if "/." not in path and "/%2" not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for number, segment in enumerate(segments):
        plain = segment.lower().replace("%2e", ".")
        if plain in (".", ".."):
            if plain == ".." and kept:
                kept.pop()
            if number == len(segments) - 1:
                kept.append("")
        else:
            kept.append(segment)
    return "/" + "/".join(kept)


def _decoded(path: str) -> str:
    return unquote(path) if "%" in path else path
