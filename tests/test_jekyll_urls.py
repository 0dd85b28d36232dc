"""Escaping, slugs, templates and output paths; the recorded cases hold whole sites."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlint.generators.jekyll import urls


@pytest.mark.parametrize(
    ("name", "ending", "stem"),
    [
        ("a.md", ".md", "a"),
        ("d.x/a", "", "a"),
        (".htaccess", "", ".htaccess"),
        (".a.b", ".b", ".a"),
        ("foo.", ".", "foo"),
        ("...png", "", "...png"),
        ("a.tar.gz", ".gz", "a.tar"),
        ("", "", ""),
    ],
)
def test_extension(name: str, ending: str, stem: str) -> None:
    assert urls.extension(name) == ending
    assert urls.stem(name) == stem


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a/b.c-d", "a/b.c-d"),
        ("é [x]", "%C3%A9%20%5Bx%5D"),
        ("a:b c", "a:b%20c"),
        ("a#b#c%", "a%23b%23c%25"),
        ("~!$&'()*+,;=@_?", "~!$&'()*+,;=@_?"),
    ],
)
def test_escape(text: str, escaped: str) -> None:
    assert urls.escape(text) == escaped


@pytest.mark.parametrize("text", ["1:2", "a b:c", ":x", "é:"])
def test_what_looks_like_a_scheme_fails(text: str) -> None:
    with pytest.raises(urls.MalformedError, match="Invalid scheme format"):
        urls.escape(text)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters=":")))
def test_escaping_loses_nothing(text: str) -> None:
    assert unquote(urls.escape(text)) == text


@given(st.text())
def test_sanitized_urls_stay_as_they_are_unless_dots_meet(text: str) -> None:
    url = urls.sanitize(text)
    assert url.startswith("/")
    assert "//" not in url


@pytest.mark.parametrize(
    ("url", "output"),
    [
        ("/", "index.html"),
        ("/a/", "a/index.html"),
        ("/a", "a.html"),
        ("/a.html", "a.html"),
        ("/a%20b/", "a b/index.html"),
        ("/a%2Fb", "a/b.html"),
        ("/.", ".html"),
        ("/a/.", "a.html"),
        ("/a%2F%2E%2E%2Fb/", "b/index.html"),
    ],
)
def test_output_path(url: str, output: str) -> None:
    assert urls.output_path(url, "index.html", ".html") == output


@pytest.mark.parametrize("url", ["/%00", "/%e9/"])
def test_no_such_file_can_be(url: str) -> None:
    with pytest.raises(urls.MalformedError):
        urls.output_path(url, "index.html", ".html")


@pytest.mark.parametrize(
    ("text", "slug", "title"),
    [
        ("Hello World", "hello-world", "Hello-World"),
        ("--a--b--", "a-b", "a-b"),
        ("C++ & $x", "c-x", "C++-&-$x"),
        ("Straße_ÉCOLE", "straße-école", "Straße_ÉCOLE"),
        ("日本 語", "日本-語", "日本-語"),
        ("ΛΣ", "λσ", "ΛΣ"),
        ("½x²", "x", "x"),
        ("e\u0301", "e\u0301", "e\u0301"),
        ("", "", ""),
    ],
)
def test_slugify(text: str, slug: str, title: str) -> None:
    assert urls.slugify(text) == slug
    assert urls.slugify(text, pretty=True) == title


def test_fill_leaves_unknown_placeholders() -> None:
    assert urls.fill("/x/:title/:path", {"path": "a b"}) == "/x/:title/a%20b"
    assert urls.fill("/x", {"path": "a b"}) == "/x"


def test_placeholders_of_a_document() -> None:
    assert urls.placeholders("/:year-:month_x/:Title/") == (("/", "year"), ("-", "month_x"), ("/:Title/", ""))
