"""Globs with placeholders."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlint.patterns import PatternError, compile_pattern, expand, placeholders


@pytest.mark.parametrize(
    ("pattern", "path", "values"),
    [
        ("index.md", "index.md", {}),
        ("*.md", "a.md", {}),
        ("*.md", ".md", {}),
        ("*.md", "a.md.md", {}),
        ("a*b*c", "axxbyybc", {}),
        ("*", "a", {}),
        ("?.[a-c][!d]", "x.be", {}),
        ("[^a]", "b", {}),
        ("[]a]", "]", {}),
        ("[*]", "*", {}),
        ("[{]x}", None, None),
        ("x[", "x[", {}),
        ("x[.md", "x[.md", {}),
        ("[a-]", "-", {}),
        ("**", "a/b", {}),
        ("**/**", "a", {}),
        ("**/x.md", "x.md", {}),
        ("**/x.md", "a/b/x.md", {}),
        ("a/**", "a/b/c", {}),
        ("a/**", "a/", {}),
        ("a/**/b", "a/b", {}),
        ("a/**/b", "a/c/d/b", {}),
        ("a/**/**/b", "a/c/d/b", {}),
        ("a/**/c/**", "a/b/c/d", {}),
        ("**/a/*/b/**/c.md", "q/a/1/b/c.md", {}),
        ("/tags/**", "/tags/", {}),
        ("/**/", "/a/b/", {}),
        ("{region}/{name}.md", "hip/psoas.md", {"region": "hip", "name": "psoas"}),
        ("{year}-{month}-{day}-{title}.md", "2024-01-02-on-the-hip.md",
         {"year": "2024", "month": "01", "day": "02", "title": "on-the-hip"}),
        ("{a}.md", "x.md.md", {"a": "x.md"}),
        ("{a}/{a}-{b}.md", "hip/hip-x.md", {"a": "hip", "b": "x"}),
        ("{a}-{a}.md", "x-y-x-y.md", {"a": "x-y"}),
        ("{a}-{a}-{b}", "x-y-x-y-z", {"a": "x-y", "b": "z"}),
        ("**/{a}/{a}.md", "q/r/z/z.md", {"a": "z"}),
        ("**/{a}/**/{a}.md", "q/r/z/w/z.md", {"a": "z"}),
        ("{a}-*-{b}/{a}-{b}", "x-y-q-z/x-z", {"a": "x", "b": "z"}),
        ("{a}/{a}-{a}/**", "x/x-x/b", {"a": "x"}),
        ("a.b", "a.b", {}),
        ("größe/{n_1}.md", "größe/ä.md", {"n_1": "ä"}),
    ],
)  # fmt: skip
def test_match(pattern: str, path: str | None, values: dict[str, str] | None) -> None:
    if path is None:
        with pytest.raises(PatternError):
            compile_pattern(pattern)
    else:
        assert compile_pattern(pattern).match(path) == values


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.md", "a/b.md"), ("*", ""), ("?", "/"), ("[!a]", "/"), ("[a]", "b"), ("a/**", "a"), ("a/**", "ab/c"), ("a.b", "axb"),
        ("{a}.md", ".md"), ("{a}/x", "/x"), ("{a}/{a}.md", "hip/hop.md"), ("**/x/**/y", "x"), ("a", "a\n"), ("A", "a"),
    ],
)  # fmt: skip
def test_no_match(pattern: str, path: str) -> None:
    assert compile_pattern(pattern).match(path) is None


@pytest.mark.parametrize(
    ("pattern", "message", "part"),
    [
        ("a**", "** stands beside other text", "**"),
        ("***.md", "*** stands beside other text", "***"),
        ("x/{a", "a { that is never closed", "{"),
        ("x/a}", "a } that was never opened", "}"),
        ("{}", "a placeholder without a name", "{}"),
        ("x/{a b}", "{a b} is no placeholder", "{a b}"),
        ("*.{md,html}", "{md,html} is no placeholder", "{md,html}"),
        ("{a}{b}", "nothing says where one part ends", "{a}{b}"),
        ("{a}*", "nothing says where one part ends", "{a}*"),
        ("*{a}", "nothing says where one part ends", "*{a}"),
        ("a\\*b", "a backslash", "\\"),
        ("x/[z-a]", "bad character range", "[z-a]"),
        ("{a}-{b}-{c}-{d}/{a}", "a name that stands twice among so many wildcards", "{a}-{b}-{c}-{d}/{a}"),
    ],
)
def test_patterns_that_cannot_be_meant(pattern: str, message: str, part: str) -> None:
    with pytest.raises(PatternError) as caught:
        compile_pattern(pattern)
    assert caught.value.message.startswith(message)
    assert pattern[caught.value.start : caught.value.end] == part
    assert caught.value.advice


def test_placeholders_and_expand() -> None:
    assert placeholders("/m/{region}/{name}/") == [("region", 3, 11), ("name", 12, 18)]
    assert expand("/m/{region}/{name}/", {"region": "hip", "name": "psoas"}) == "/m/hip/psoas/"
    with pytest.raises(KeyError):
        expand("{a}", {})
    for text in ("{a", "a}", "{}", "{1}"):
        with pytest.raises(PatternError):
            placeholders(text)


def test_names_in_the_order_they_first_stand() -> None:
    assert compile_pattern("{b}/{a}/{b}").names == ("b", "a")


value = st.text("abcxyz_.é", min_size=1)


@given(st.lists(value, min_size=1, max_size=4), st.sampled_from(["/", "-", "/x-", "-y/"]))
def test_what_is_expanded_matches_and_gives_the_values_back(values: list[str], between: str) -> None:
    names = [f"n{number}" for number in range(len(values))]
    text = f"m/{between.join(f'{{{name}}}' for name in names)}.md"
    meant = dict(zip(names, values, strict=True))
    assert compile_pattern(text).match(expand(text, meant)) == meant


pieces = st.lists(st.sampled_from(["*", "?", "a", "b", "ab", "/", "/**/", "."]), min_size=1, max_size=8)


@given(pieces, st.text("ab/.", max_size=12))
def test_agrees_with_a_backtracking_matcher(parts: list[str], path: str) -> None:
    """The atomic steps lose no match that trying everything would find."""
    text = re.sub(r"\*+", lambda found: found[0][:2], "".join(parts))
    try:
        pattern = compile_pattern(text)
    except PatternError:
        return
    assert (pattern.match(path) is not None) == bool(_tries_everything(text.split("/"), path.split("/")))


def _tries_everything(pattern: list[str], path: list[str]) -> bool:
    if not pattern:
        return not path
    if pattern[0] == "**":
        last = len(pattern) == 1
        return bool(path) if last else any(_tries_everything(pattern[1:], path[at:]) for at in range(len(path) + 1))
    if not path:
        return False
    least = "[^/]+" if pattern[0] == "*" else "[^/]*"
    regex = "".join({"*": least, "?": "[^/]"}.get(each, re.escape(each)) for each in pattern[0])
    return re.fullmatch(regex, path[0]) is not None and _tries_everything(pattern[1:], path[1:])


PLACEHOLDERS = "-".join(f"{{{letter}}}" for letter in string.ascii_lowercase)


@pytest.mark.parametrize(
    "pattern", ["*a" * 30 + "b", "**/" * 30 + "b", "/".join(["**", "a"] * 20) + "/b", PLACEHOLDERS + "b"]
)
def test_hostile_paths_take_no_longer(pattern: str) -> None:
    """Each would take longer than the universe is old if steps were tried anew."""
    for path in ("a" * 4000, "a/" * 2000, "-" * 4000):
        assert compile_pattern(pattern).match(path) is None
