"""Percent escapes, as urllib has them, which takes long to load: what is everyday does without."""

from __future__ import annotations


def unquote(text: str, errors: str = "replace") -> str:
    """The text without its escapes, decoded as UTF-8; `errors` as `bytes.decode` has them."""
    if "%" not in text:
        return text
    if text.isascii():
        first, *escapes = text.split("%")
        return (first.encode() + b"".join(map(_unescaped, escapes))).decode("utf-8", errors)
    from urllib.parse import unquote as unescaped

    return unescaped(text, errors=errors)


def _unescaped(text: str) -> bytes:
    """What a percent sign and some text after it stand for."""
    if (digits := text[:2]).isalnum():  # to `fromhex` a space is nothing, and one digit is too few
        try:
            return bytes.fromhex(digits) + text[2:].encode()
        except ValueError:
            pass
    return b"%" + text.encode()


def unquote_plus(text: str) -> str:
    """The same, where a plus is a space."""
    return unquote(text.replace("+", " "))


def quote(text: str, safe: str = "/", errors: str = "strict") -> str:
    """The text with everything escaped but letters, digits, `_.-~` and what is `safe`."""
    if "/" in safe and text.isascii() and text.translate(_PLAIN).isalnum():
        return text
    from urllib.parse import quote as escaped

    return escaped(text, safe, errors=errors)


_PLAIN = str.maketrans("/_.-", "aaaa")


def urljoin(base: str, url: str) -> str:
    """A URL as it is read at another. Raises ValueError for what no browser takes."""
    from urllib.parse import urljoin as joined

    return joined(base, url)
