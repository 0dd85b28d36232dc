from __future__ import annotations

import pytest

from contentlint.kramdown import scan_html


def urls(text: str) -> list[str]:
    return [link.url for link in scan_html(text).links]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<a href=\"b.html\">x</a><img src=c.png><link href='d.css'>", ["b.html", "c.png", "d.css"]),
        ("<A HREF = b.html/ >", ["b.html/"]),
        ("<a\nhref=b.html\n>", ["b.html"]),
        ('<a x href="b" href="c">', ["b"]),
        ("<a/href=b/>", ["b/"]),
        ("<a href>", [""]),
        ('<a href="b&amp;c&copy=1&copy;&#65;&#x42;&ampd&lt">', ["b&c&copy=1©AB&ampd<"]),
        ('<a href="&foo;&lt.x">', ["&foo;<.x"]),
        ('<!-- <a href="b"> --><a href="c">', ["c"]),
        ('<!--><a href="b"><!---><a href="c"><!-- --!><a href="d">', ["b", "c", "d"]),
        ('<!-- <a href="b">', []),
        ('<script src="a.js">"<a href=\'b\'>"</script><style><a href="c"></style><a href="d">', ["a.js", "d"]),
        ('<textarea><a href="b"></textareax></TEXTAREA ><a href="c">', ["c"]),
        ('<title><a href="b">', []),
        ('<?x <a href="b"?><!DOCTYPE html><a href="c"></ a><a href="d">', ["c", "d"]),
        ('a < b <1 <a href="c">', ["c"]),
        ('<a href="b', []),
        ("<a href='b", []),
        ("<a href=b", []),
        ("<a ", []),
        ("<a =x href=b>", ["b"]),
        ('<img srcset="a 1x, b 2x" src="c">', ["a", "b", "c"]),
    ],
)
def test_links(text: str, wanted: list[str]) -> None:
    assert urls(text) == wanted


def test_anchors() -> None:
    found = scan_html('<h2 id=a>x</h2><a name="b" id="c"></a><p name="d"><i id=" "></i><a name="">')
    assert [(anchor.name, anchor.kind) for anchor in found.anchors] == [("a", "id"), ("b", "name"), ("c", "id")]


def test_places() -> None:
    text = '<p>\r\n<a href="b.html" id=c>😀</a><!-- d -->\r\n<img alt="x &gt; y" src=\'e&amp;f\'>'
    found = scan_html(text)
    assert [text[link.start : link.end] for link in found.links] == ["b.html", "e&amp;f"]
    assert [text[link.use] for link in found.links] == ["<", "<"]
    assert [link.alt for link in found.links] == [None, "x > y"]
    assert [text[anchor.start : anchor.end] for anchor in found.anchors] == ["c"]
    assert [text[start:end] for start, end in found.comments] == ["<!-- d -->"]


def test_empty() -> None:
    assert scan_html("") == ([], [], [], [])
