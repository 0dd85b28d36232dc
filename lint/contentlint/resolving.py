"""The index of a built site, computed from its source, and what a browser that follows a reference would meet.

Resolving has four answers: Found, Missing, Unknown and External. Only Missing is ever reported.
Servers are taken to answer as GitHub Pages does (facts 3.3): the file itself, `x.html` for `/x`, `x/index.html` for
`/x` and `/x/`, exact case, and nothing for a folder without an index.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from typing import NamedTuple
from urllib.parse import unquote

from contentlint.liquid.values import MARK as MARKER

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_WEB_SCHEME = re.compile(r"(?:https?:)?[/\\]{2}", re.IGNORECASE)
_IGNORED_BY_BROWSERS = str.maketrans("", "", "\t\n\r")
_EDGES = "".join(map(chr, range(33)))
_OF_A_SCRIPT = re.compile(r"\{\{|\{%|<%|\$\{")
"""Templates that reach the browser as they are, for a script to fill."""
_PLAIN = re.compile(r"(?:/[\w-][\w.~-]*)+/?")
"""Paths from the root that every server and browser takes as they stand."""
_SLASHES = re.compile(r"//+")
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


class Outputs:
    """Every output of the site, and the questions a rule may ask of them.

    `baseurl` and `url` are the generator's; `shared` says that other projects may be served beside this one on its host; `anchors` is asked for the names of a target when a fragment points into it;
    `maybe` gives the reason why an output path that is in no list may all the same exist, or an empty string.
    """

    def __init__(
        self,
        targets: Iterable[Target],
        *,
        baseurl: str = "",
        url: str = "",
        shared: bool = False,
        anchors: Callable[[Target], Anchors] = lambda _: Anchors((), "no anchors were read"),
        maybe: Callable[[str], str] = lambda _: "",
    ) -> None:
        self.baseurl = "/" + baseurl.strip("/") if baseurl.strip("/") else ""
        self.host = _host(url)
        self._shared = shared
        self._anchors = anchors
        self._maybe = maybe
        self.outputs: dict[str, Target] = {}
        self.hidden: dict[str, Target] = {}
        self.rivals: dict[str, list[Target]] = {}
        """The other targets of an output that several are written to: a link there may mean any of them."""
        for target in targets:
            known = self.outputs if target.published else self.hidden
            if target.published and target.output in known:
                self.rivals.setdefault(target.output, []).append(target if target.redirect else known[target.output])
                if target.redirect:
                    continue
            known[target.output] = target
        self._root = self.baseurl + "/"
        self._found: dict[str, Found] = {}
        self._folded: Mapping[str, str] | None = None
        self._composed: Mapping[str, str] | None = None

    def address(self, url: str, base: str) -> Address | External | Unknown:
        """Read `url` as a browser does that shows the page at `base` (a root-absolute URL without the baseurl).

        Follows the URL standard where sites meet it: edges trimmed, tabs and newlines dropped, a backslash is a slash,
        dot segments removed, the query ignored, percent-escapes decoded as UTF-8.
        """
        if MARKER in url.partition("#")[0]:
            return Unknown("part of it is made by a template from what only a build can tell")
        if _OF_A_SCRIPT.search(url):
            return Unknown("a script fills in part of it in the browser")
        url = url.strip(_EDGES).translate(_IGNORED_BY_BROWSERS)
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
        path = _SLASHES.sub("/", _decoded(_without_dots(path)))
        return Address(path, fragment if hash_sign else None, own_host, rooted)

    def resolve(self, url: str, base: str, *, follow: bool = True) -> Resolution:
        """What a visitor of the page at `base` meets who follows `url`; without `follow`, the first answer counts."""
        if _PLAIN.fullmatch(url) and url.startswith(self._root):  # most of a site's, and found at the first look
            name = url[len(self._root) :]
            direct = self.outputs.get(name + INDEXES[0] if name.endswith("/") else name)
            if direct is not None and direct.redirect is None:
                return self._arrived(direct)
        address = self.address(url, base)
        if not isinstance(address, Address):
            return address
        if not address.path.startswith(self.baseurl) or address.path[len(self.baseurl) :][:1] not in ("", "/"):
            return self._outside(address)
        path = address.path[len(self.baseurl) :]
        target = self.lookup(path, base)
        if target is None:
            return self._missing(path, address)
        return self._arrive(target, address) if follow else self._arrived(target)

    def lookup(self, path: str, base: str = "") -> Target | None:
        """The target that a server sends for a decoded path below the baseurl (with its leading slash), or None.

        The page at `base` finds itself also when it is not published: it is judged as if it were.
        """
        tried = candidates(path)
        found = next((self.outputs[each] for each in tried if each in self.outputs), None)
        if found is None and self.hidden:
            own = (self.hidden[each] for each in tried if each in self.hidden)
            return next((each for each in own if each.url == base), None)
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
        return self._arrived(target, tuple(through))

    def _arrived(self, target: Target, through: tuple[Target, ...] = ()) -> Found:
        """The answer for a target; one object serves the many references that arrive directly."""
        if through:
            return Found(target, through)
        found = self._found.get(target.output)
        if found is None:
            found = self._found[target.output] = Found(target)
        return found

    def _anchored(self, target: Target, fragment: str, through: tuple[Target, ...]) -> Resolution:
        """`#top` is every page's; `#:~:text=` finds text; `#/`, `#!` and `#?` are routes of a script."""
        name = fragment.partition(":~:")[0]
        if not name or name.lower() == "top":
            return self._arrived(target, through)
        if MARKER in name:
            return Unknown("its anchor is made by a template from what only a build can tell")
        if name[0] in "/!?":
            return Unknown("a fragment of this form is read by a script of the page")
        if not target.output.endswith((".html", ".htm", ".xhtml")):
            return Unknown("only an HTML page has anchors that can be read")
        for each in (target, *self.rivals.get(target.output, ())):
            anchors = self._anchors(each)
            if name in anchors or unquote(name) in anchors:
                return self._arrived(target, through)
            if anchors.incomplete:
                return Unknown(anchors.incomplete)
            if any(MARKER in known and _may_be(known, unquote(name)) for known in anchors.names):
                return Unknown("a template makes an anchor there of what only a build can tell")
        return Missing("anchor", (unquote(name),), target.url, target)

    def _missing(self, path: str, address: Address) -> Resolution:
        tried = candidates(path)
        hidden = next((self.hidden[each] for each in tried if each in self.hidden), None)
        if hidden is not None:
            return Missing("unpublished", tried, hidden.url, hidden)
        reason = self._maybe(path)
        if reason:
            return Unknown(reason)
        for kind, actual in (("unicode", self._other_form(tried)), ("case", self._other_case(tried))):
            if actual:
                return Missing(kind, tried, actual, self.outputs[actual])
        if address.own_host and self._shared and not self.baseurl and _first_part(path) not in self._first_parts:
            return Unknown(f"something else may be deployed there on {self.host}")
        return Missing("nothing", tried)

    def _outside(self, address: Address) -> Resolution:
        """A path beside the baseurl: another deployment's, or one whose author forgot the baseurl."""
        if address.own_host:
            return External(address.path)
        below = self.lookup(address.path)
        if below is not None:
            return Missing("baseurl", (address.path,), self.baseurl + address.path, below)
        return self._missing(address.path, address)

    @cached_property
    def _first_parts(self) -> set[str]:
        """What stands at the top of the site. A host may serve other projects beside it, each in a folder of its own."""
        return {_first_part(output) for output in (*self.outputs, *self.hidden)}

    def _other_case(self, tried: tuple[str, ...]) -> str:
        if self._folded is None:
            self._folded = {_folded(output): output for output in self.outputs}
        return next((self._folded[key] for each in tried if (key := _folded(each)) in self._folded), "")

    def _other_form(self, tried: tuple[str, ...]) -> str:
        """The output that reads the same but is made of other code points."""
        if self._composed is None:
            self._composed = {
                unicodedata.normalize("NFC", output): output for output in self.outputs if not output.isascii()
            }
        if not self._composed or all(each.isascii() for each in tried):
            return ""
        forms = (unicodedata.normalize("NFC", each) for each in tried)
        return next((self._composed[form] for form in forms if form in self._composed), "")


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


def _folded(path: str) -> str:
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
