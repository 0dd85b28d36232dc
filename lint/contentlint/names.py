"""The names under which pages ask for what the rest of a site has, and under which it is found: one space for all of them.

The path of an output stands for itself. Whoever changes what is found under a name knows by it whom to ask again.
"""

from __future__ import annotations

from contentlint.page import KeyPath
from contentlint.resolving import folded

EVERYTHING = "*"
"""Asked by who looks among all names: for other spellings, or for what was meant."""
POSTS = "*posts"
"""Asked by who looks among all posts."""


PRINTED = "*printed"
"""Asked by who prints what other pages show."""


def anchors_of(path: str) -> str:
    """The name of the anchors that a file shows, by its path below the source."""
    return "#" + path


def file_of(path: str) -> str:
    """The name of what link tags find under a path. No output begins with a slash."""
    return "/" + path


def template_of(path: str) -> str:
    """The name of what templates make of a file: asked by who shows a layout or an include, or looks into a data file."""
    return "//" + path


def schema_of(path: str) -> str:
    """The name of what a schema file says: asked by what is held against it."""
    return "*schema " + path


def alike(output: str) -> str:
    """The name that an output shares with those that differ from it in upper and lower case or Unicode form only."""
    return "~" + folded(output)


def unique(key: KeyPath, value: object) -> str:
    """The name of a value that only one page may have, whichever entry of a list it is."""
    return f"={['' if isinstance(step, int) else step for step in key]} {value!r}"


def is_claim(name: str) -> bool:
    """Whether only one can have this name: `alike` or `unique` has made it."""
    return name.startswith(("~", "="))


def is_output(name: str) -> bool:
    """Whether this is the name of an output."""
    return not name.startswith(("#", "~", "=", "/", "*", "?"))


def is_found(name: str) -> bool:
    """Whether this is the name of an output or of a file."""
    return not name.startswith(("#", "~", "="))
