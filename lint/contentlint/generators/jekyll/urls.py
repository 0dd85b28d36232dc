"""How Jekyll makes URLs and output paths out of names: escaping, slugs, templates, destinations (facts 2.1 to 2.5)."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from contentlint.percent import quote, unquote
from contentlint.regex import regex


class MalformedError(ValueError):
    """What makes Jekyll's build fail while it makes a URL; the message says why."""

    def __init__(self, message: str, key: str = "") -> None:
        """`key` is the front matter that is to blame: permalink, slug or, when it is the file's own name, ""."""
        super().__init__(message)
        self.key = key


def extension(name: str) -> str:
    """Ruby's `File.extname`: with its dot, of the last path component, "" for a name that only starts with dots."""
    base = name.rpartition("/")[2].lstrip(".")
    at = base.rfind(".")
    return base[at:] if at > 0 else ""


def stem(name: str) -> str:
    """Ruby's `File.basename(name, ".*")`."""
    base = name.rpartition("/")[2]
    return base.removesuffix(extension(base))


_ORDINARY = regex(r"[a-zA-Z0-9./-]+").fullmatch
_SCHEME = regex(r"([^:/?#]*):")
_VALID_SCHEME = regex(r"[A-Za-z][A-Za-z0-9.+-]*").fullmatch


def escape(text: str) -> str:
    """Percent-encodes what may not stand in a URL's path, as Addressable does (facts 2.5).

    Raises MalformedError for what Addressable takes for an invalid scheme (`1:2`).
    """
    if not text or _ORDINARY(text):
        return text
    scheme = _SCHEME.match(text)
    if scheme and not _VALID_SCHEME(scheme[1]):
        raise MalformedError(f"Invalid scheme format: '{scheme[1]}'")
    return quoted(text, "/?&=+:@~!$'()*,;-._")


def quoted(text: str, safe: str) -> str:
    """Percent-encodes all but letters, digits and what is safe; of a file name that is no UTF-8 the bytes it has on disk."""
    try:
        return quote(text, safe, errors="surrogateescape")
    except UnicodeEncodeError:  # a name that only Windows allows
        return quote(text, safe, errors="surrogatepass")


def sanitize(url: str) -> str:
    """Jekyll's last touch: `..` becomes `/`, `./` vanishes, slashes are squeezed, one leads."""
    url = "/" + url
    if ".." in url:
        url = url.replace("..", "/")
    if "./" in url:
        url = url.replace("./", "")
    if "//" in url:
        url = re.sub("/{2,}", "/", url)
    return url


def output_path(url: str, index: str, ending: str) -> str:
    """The file below the destination that a URL is written to.

    `index` is put behind a trailing slash, `ending` behind what does not end with it. Raises MalformedError when no file
    can have that name (a null byte, bytes that are no UTF-8).
    """
    path = url
    if "%" in url:
        try:
            path = unquote(url, errors="strict")
        except UnicodeDecodeError:
            raise MalformedError("invalid byte sequence in UTF-8") from None
    if "\0" in path:
        raise MalformedError("string contains null byte")
    slash = url.endswith("/")
    if "//" in path or "./" in path or path.endswith((".", "/")):
        path = posixpath.normpath(path).lstrip("/")
    else:
        path = path[1:]
    if slash:
        path = f"{path}/{index}" if path else index
    return path if path.endswith(ending) else path + ending


def downcase(text: str) -> str:
    """Ruby's downcase: character by character, with no rule for a final sigma."""
    return text.lower() if text.isascii() else "".join(character.lower() for character in text)


_ASCII_RUNS = regex(r"[^A-Za-z0-9]+")
_PRETTY_RUNS = regex(r"[^A-Za-z0-9._~!$&'()+,;=@]+")
_PRETTY = frozenset("._~!$&'()+,;=@")


@lru_cache(maxsize=4096)
def slugify(text: str, *, pretty: bool = False) -> str:
    """Jekyll's slugify: the default mode in lower case, or the pretty mode with case kept, as `:title` has it."""
    if text.isascii():
        slug = (_PRETTY_RUNS if pretty else _ASCII_RUNS).sub("-", text)
    else:
        slug = re.sub("\0+", "-", "".join(each if _keeps(each, pretty=pretty) else "\0" for each in text))
    slug = slug.removeprefix("-").removesuffix("-")
    return slug if pretty else downcase(slug)


def _keeps(character: str, *, pretty: bool) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "Nd" or (pretty and character in _PRETTY)


STYLES = {
    "none": "/:categories/:title:output_ext",
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
}
"""The permalink styles that have a name (facts 2.2); 3.10 does not know weekdate."""


def with_suffix(template: str, style: str) -> str:
    """Ends a template as the site's permalink style ends (facts 2.1)."""
    if style == "pretty" or style.endswith("/"):
        return template + "/"
    if style in ("date", "ordinal", "none") or style.endswith(":output_ext"):
        return template + ":output_ext"
    return template


def fill(template: str, values: Mapping[str, str]) -> str:
    """Replaces the placeholders of a page or static file, one name after the other; others stay as they are."""
    for name, value in values.items():
        if ":" not in template:
            break
        placeholder = ":" + name
        if placeholder in template:
            template = template.replace(placeholder, escape(value))
    return template


_PLACEHOLDER = regex(r":([a-z_]+)")


@lru_cache(maxsize=1024)
def placeholders(template: str) -> tuple[tuple[str, str], ...]:
    """A document's template in pieces: the text before each placeholder and its name, "" for the text at the end."""
    pieces = []
    before = 0
    for match in _PLACEHOLDER.finditer(template):
        pieces.append((template[before : match.start()], match[1]))
        before = match.end()
    return (*pieces, (template[before:], ""))
