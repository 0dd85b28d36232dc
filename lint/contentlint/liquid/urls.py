"""URLs as the Ruby library Addressable 2.8 parses and normalises them, which Jekyll's URL filters stand on (facts 3.2)."""

from __future__ import annotations

import re
from typing import Final

from contentlint.liquid.values import LiquidError, Unknown
from contentlint.record import NamedTuple
from contentlint.regex import regex

_URI = regex(r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$", re.MULTILINE)
_SCHEME = regex(r"[a-z][a-z0-9.+-]*\Z", re.IGNORECASE | re.ASCII)
_PLAIN_HOST = regex(r"[a-z0-9._-]*", re.IGNORECASE | re.ASCII)
_AUTHORITY = regex(r"([^:@\[\]]*)(?::(\d*))?", re.ASCII)
_ENCODED = regex(rb"%([0-9a-fA-F]{2})")
_DOT_SEGMENT = regex(r"/\./|/\.$")
_PARENT = regex(r"/([^/]*)/\.\./|/([^/]*)/\.\.$")
_LEADING_DOTS = regex(r"^\.\.?/?")
_PREFIXED_PARENT = regex(r"^/\.\.?/|^(/\.\.?)+/?$")
_PORTS: Final = {"http": "80", "https": "443", "ftp": "21", "ws": "", "ssh": "22"}
_WEB: Final = frozenset({"http", "https", "ftp", "tftp"})

_NORMAL = regex(r"(?:/[\w~-][\w.~-]*)+/?|/", re.ASCII)
"""A path that is in its normal form, with nothing else: most are."""

_UNRESERVED = b"a-zA-Z0-9\\-._~"
_SUB_DELIMITERS = b"!$&'()*+,;="
_PCHAR = regex(rb"[^%s%s:@]" % (_UNRESERVED, _SUB_DELIMITERS))
_FRAGMENT = regex(rb"[^%s%s:@/?]" % (_UNRESERVED, _SUB_DELIMITERS))
_QUERY = regex(rb"[^a-zA-Z0-9\-._~!$'()*+,=:@/?%]|%(?!2B|2b)")
_ANY = regex(rb"[^%s%s:/?#\[\]@]" % (_UNRESERVED, _SUB_DELIMITERS))


class Uri(NamedTuple):
    """The five parts of a URL; None for an absent one."""

    scheme: str | None
    authority: str | None
    path: str
    query: str | None
    fragment: str | None


def parse(text: str) -> Uri:
    """Split a URL.

    Raises `LiquidError` for what Addressable rejects, which fails the build.
    """
    match = _URI.match(text)
    assert match is not None  # every group may be empty
    uri = Uri(*match.groups())
    if uri.scheme is not None and not _SCHEME.match(uri.scheme):
        raise LiquidError(f"Invalid scheme format: '{uri.scheme}'")
    if uri.scheme is not None and uri.scheme.lower() in _WEB and not uri.authority and not uri.path:
        raise LiquidError(f"Absolute URI missing hierarchical segment: '{text}'")
    return uri


def normalize(uri: Uri) -> str | Unknown:
    """The URL in its normal form: percent-encoded, without dot segments; Unknown for a host that is not plain.

    Raises `LiquidError` for a path that only a host could stand before.
    """
    scheme = None if uri.scheme is None else uri.scheme.strip().lower()
    authority = uri.authority
    if authority is not None:
        match = _AUTHORITY.fullmatch(authority)
        if match is None or not _PLAIN_HOST.fullmatch(match[1]):
            return Unknown("a URL has a host that is not plain")
        port = "" if not match[2] or match[2] == _PORTS.get(scheme or "") else f":{match[2]}"
        authority = re.sub(r"([^.])\.$", r"\1", match[1].lower()) + port
    path = remove_dots("/".join(normalize_component(segment, _PCHAR) for segment in uri.path.strip().split("/")))
    if path.startswith("//") and authority is None:
        raise LiquidError(f"Cannot have a path with two leading slashes without an authority set: '{path}'")
    if not path and scheme in _WEB:
        path = "/"
    query = fragment = ""
    if uri.query is not None:
        query = "&".join(normalize_component(pair, _QUERY, leave=b"+") for pair in uri.query.split("&"))
    if uri.fragment is not None:
        fragment = normalize_component(uri.fragment, _FRAGMENT)
    return "".join(
        (
            "" if scheme is None else f"{scheme}:",
            "" if authority is None else f"//{authority}",
            path,
            query and f"?{query}",
            fragment and f"#{fragment}",
        )
    )


def is_normal(text: str) -> bool:
    """Whether a URL is surely a path from the root in its normal form."""
    return _NORMAL.fullmatch(text) is not None


def normalize_component(text: str, refused: re.Pattern[bytes] = _ANY, leave: bytes = b"") -> str:
    """Decode what is percent-encoded, bring it to NFKC, encode the bytes that are refused."""
    data = text.encode(errors="surrogatepass")
    if b"%" not in data and not refused.search(data):
        return text
    decoded = _ENCODED.sub(lambda match: match[0] if (byte := bytes([int(match[1], 16)])) == leave else byte, data)
    if not decoded.isascii():
        import unicodedata  # only for the rare URL that is not ASCII

        try:
            decoded = unicodedata.normalize("NFKC", decoded.decode()).encode()
        except UnicodeDecodeError:
            refused, leave = _ANY, b""
    encoded = refused.sub(lambda match: b"%%%02X" % match[0][0], decoded)
    return re.sub(r"%2b", "%2B", encoded.decode()) if leave else encoded.decode()


def remove_dots(path: str) -> str:
    """Addressable's `normalize_path`: one rule at a time, until none changes anything."""
    if "." not in path:
        return path
    while True:
        changed = _DOT_SEGMENT.sub("/", path)
        if changed == path:
            changed = _remove_parent(path)
        if changed == path:
            changed = _LEADING_DOTS.sub("", path)
        if changed == path:
            changed = _PREFIXED_PARENT.sub("/", path)
        if changed == path:
            return path
        path = changed


def _remove_parent(path: str) -> str:
    match = _PARENT.search(path)
    if match is None:
        return path
    parent, current = match.groups()
    pattern = rf"/{re.escape(parent or '')}/\.\./|(?:/{re.escape(current or '')}/\.\.$)"
    return re.sub(pattern, "/", path)
