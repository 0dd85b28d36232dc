"""What stands somewhere is written otherwise in the way its author wrote it, or not at all."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlint import frontmatter
from contentlint.page import KeyPath
from contentlint.resolving import Address, Outputs
from contentlint.rewriting import Yaml, applied, edit, escaped_fragment, readdressed


@pytest.mark.parametrize(
    ("url", "path", "new"),
    [
        ("/About/", "/about/", "/about/"),
        ("/About/?v=1&w#Top", "/about/", "/about/?v=1&w#Top"),
        ("https://Atlas.example/About/", "/about/", "https://Atlas.example/about/"),
        ("//atlas.example/About/", "/about/", "//atlas.example/about/"),
        ("About.html", "/a/b/about.html", "about.html"),
        ("../About.html", "/a/about.html", "../about.html"),
        ("./x/../About.html#x", "/a/b/about.html", "./about.html#x"),
        ("../Img/x.png", "/other/x.png", "../../other/x.png"),
        ("..", "/a/", "../"),
        ("x/", "/a/b/", "./"),
        ("X", "/a/b/x:y", "./x:y"),
        ("My%20Note.PNG", "/a/b/My note.png", "My%20note.png"),
        ("My Note.PNG", "/a/b/My note.png", "My note.png"),
        ("x.PNG", '/a/b/my note(1)\'s "x".png', "my%20note%281%29%27s%20%22x%22.png"),
        ("x(1).PNG", "/a/b/y(2).png", "y(2).png"),
        ("caf\u00e9.png", "/a/b/cafe\u0301.png", "cafe\u0301.png"),
        ("caf%C3%A9.png", "/a/b/cafe\u0301.png", "cafe%CC%81.png"),
        ("caf%c3%a9.png", "/a/b/cafe\u0301.png", "cafe%cc%81.png"),
        ("50%25.PNG", "/a/b/50%#?.png", "50%25%23%3F.png"),
        ("#x", "/a/b/", "#x"),
        ("?x", "/a/b/", "?x"),
        ("a\\B", "/a/b/b", "a\\B"),
        (" /A", "/a", " /A"),
    ],
)
def test_a_url_gets_another_path(url: str, path: str, new: str) -> None:
    assert readdressed(url, "/a/b/c.html", path) == new


names = st.text("abAB\u00e9 %#?:()'&~+.", min_size=1, max_size=5).filter(lambda name: set(name) != {"."})
paths = st.lists(names, min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts))


@given(
    st.lists(st.sampled_from(["a", "B", "..", ".", "c d", "%41", "\u00e9"]), min_size=1, max_size=4).map("/".join),
    st.sampled_from(["", "/", "https://atlas.example/"]),
    st.sampled_from(["", "#x", "?y#z"]),
    paths,
    st.booleans(),
)
def test_a_browser_reads_the_path_that_was_wanted(way: str, lead: str, tail: str, path: str, folder: bool) -> None:
    outputs = Outputs([], url="https://atlas.example")
    wanted = path + "/" * folder
    url = readdressed(lead + way + tail, "/one/two/three.html", wanted)
    address = outputs.address(url, "/one/two/three.html")
    assert isinstance(address, Address)
    assert address.path == wanted
    assert address.rooted == bool(lead)
    assert url.endswith(tail)


@pytest.mark.parametrize(
    ("written", "old", "new", "result"),
    [
        ("x.PNG", "/img/x.PNG", "/img/x.png", "x.png"),
        ("/img/x.PNG", "/img/x.PNG", "/img/x.png", "/img/x.png"),
        ("{{ site.baseurl }}/About/", "/atlas/About/", "/atlas/about/", "{{ site.baseurl }}/about/"),
        ("{{ '/About/' | relative_url }}", "/atlas/About/", "/atlas/about/", "{{ '/about/' | relative_url }}"),
        ('{{ "/About/" | relative_url }}#X', "/atlas/About/#X", "/atlas/about/#x", '{{ "/about/" | relative_url }}#x'),
        ("/A/{{ page.name }}/B.PNG", "/A/c/B.PNG", "/a/c/B.png", "/a/{{ page.name }}/B.png"),
        ("a&amp;B.png", "a&B.png", "a&b.png", "a&amp;b.png"),
        ("a&amp;B.png", "a&B.png", "b&B.png", "b&amp;B.png"),
        ("it''s/B.png", "it's/B.png", "it's/b.png", "it''s/b.png"),
        ("B.png&amp;", "B.png&", "b.png&", "b.png&amp;"),
        ("&amp;B.png", "&B.png", "&b.png", "&amp;b.png"),
        ("{{ '/\u00e9B/' | relative_url }}", "/%C3%A9B/", "/%C3%A9b/", "{{ '/\u00e9b/' | relative_url }}"),
        ("a\\_B.png", "a_B.png", "a_b.png", "a\\_b.png"),
        ("img/x.png", "img/x.png", "/img/x.png", "/img/x.png"),
        ("https://a.example/x", "https://a.example/x", "/x", "/x"),
        ("x.png", "/img/x.png", "/other/x.png", None),
        ("{{ page.x }}", "/x", "/y", None),
        ("a&amp;b.png", "a&b.png", "a-b.png", None),
        ("B{{ x }}", "aBBa", "aBba", None),
        ("/x", "/x", "/x", None),
        ("a/a.png", "a/a.png", "a/b.png", "a/b.png"),
        ("b{{ x }}a", "ab", "AB", None),
        ("b{{ x }}a", "a-b", "A-B", None),
    ],
)
def test_only_what_is_written_as_it_reads_is_changed(written: str, old: str, new: str, result: str | None) -> None:
    change = edit(written, old, new)
    assert (applied(written, [change]) if change is not None else None) == result


@given(st.text("aB/.&;'{}%", max_size=12), st.text("aB/.&;'{}%", max_size=12), st.text("ab/.&", max_size=12))
def test_an_edit_lies_within_what_is_written(written: str, old: str, new: str) -> None:
    change = edit(written, old, new)
    if change is not None:
        start, end, _ = change
        assert 0 <= start <= end <= len(written)


@given(st.text("abc/.{}", min_size=1), st.text("abc/."))
def test_what_is_written_as_it_reads_becomes_the_new_url(old: str, new: str) -> None:
    change = edit(old, old, new)
    if old != new and "{" not in old:
        assert change is not None
        assert applied(old, [change]) == new


def test_a_fragment_is_escaped_where_it_has_to_be() -> None:
    assert escaped_fragment("a b\u00e9'(c)") == "a%20b\u00e9%27%28c%29"
    assert unquote(escaped_fragment("a b\u00e9'(c)")) == "a b\u00e9'(c)"


# -- YAML ----------------------------------------------------------------------------------------------------------------


def yaml(text: str) -> tuple[Yaml, frontmatter.Document]:
    document = frontmatter.compose(text)
    return Yaml(text, 0, len(text), document.data), document


@pytest.mark.parametrize(
    ("text", "value", "result"),
    [
        ("a: old # why\n", "/new/", "a: /new/ # why\n"),
        ("a: 'old'\n", "it's", "a: 'it''s'\n"),
        ('a: "old"\n', 'say "\\"', 'a: "say \\"\\\\\\""\n'),
        ("a: old\n", "yes", None),
        ("a: old\n", "a: b", "a: 'a: b'\n"),
        ("a: old\n", "12", "a: '12'\n"),
        ("a: >\n  old\n", "/new/", None),
        ("{a: old, b: c}\n", "new", "{a: new, b: c}\n"),
        ('{"a": "old"}\n', "new", '{"a": "new"}\n'),
        ("a: &x old\nb: *x\n", "new", None),
    ],
)
def test_a_value_is_written_in_its_own_style(text: str, value: str, result: str | None) -> None:
    written, document = yaml(text)
    change = written.with_value(("a",), *document.place(("a",)), value)
    assert (applied(text, [change]) if change is not None else None) == result


@pytest.mark.parametrize(
    ("text", "key", "result"),
    [
        ("a: 1\nold: 2\n", ("old",), "a: 1\nnew: 2\n"),
        ('{"old": 2}', ("old",), '{"new": 2}'),
        ("x:\n  - old: 1\n    b: 2\n", ("x", 0, "old"), "x:\n  - new: 1\n    b: 2\n"),
        ("new: 1\nold: 2\n", ("old",), None),
    ],
)
def test_a_key_gets_another_name(text: str, key: KeyPath, result: str | None) -> None:
    written, document = yaml(text)
    change = written.with_key(key, *document.key_place(key), "new")
    assert (applied(text, [change]) if change is not None else None) == result


@pytest.mark.parametrize(
    ("text", "key", "result"),
    [
        ("a: 1\nold: 2 # gone\nb: 3\n", ("old",), "a: 1\nb: 3\n"),
        ("a: 1\r\nold:\r\n  - x\r\n  - y: z\r\nb: 3\r\n", ("old",), "a: 1\r\nb: 3\r\n"),
        ("a: 1\nold: |\n  text\n\n  more\n\nb: 3\n", ("old",), "a: 1\n\nb: 3\n"),
        ("a: 1\nold: 'two\n  lines'\n", ("old",), "a: 1\n"),
        ("a: 1\nold: 2", ("old",), "a: 1\n"),
        ("a: 1\nold:\nb: 3\n", ("old",), "a: 1\nb: 3\n"),
        ("x:\n  - old: 1\n    b: 2\n", ("x", 0, "old"), "x:\n  - b: 2\n"),
        ("x:\n  - b: 2\n    old: 1\n", ("x", 0, "old"), "x:\n  - b: 2\n"),
        ("{a: 1, old: 2, b: 3}\n", ("old",), "{a: 1, b: 3}\n"),
        ("{a: 1, 'old': '2'}\n", ("old",), "{a: 1}\n"),
        ("{old: 2, b: 3}\n", ("old",), "{b: 3}\n"),
        ("{old, b: 3}\n", ("old",), "{b: 3}\n"),
        ('{\n  "a": 1,\n  "old": [2],\n  "b": 3\n}\n', ("old",), '{\n  "a": 1,\n  "b": 3\n}\n'),
        ('{\n  "a": 1,\n  "old": 2\n}\n', ("old",), '{\n  "a": 1\n}\n'),
        ("old: 2\n", ("old",), ""),
        ("x:\n  old: 2\n", ("x", "old"), None),
        ("x:\n  - old: 2\n", ("x", 0, "old"), None),
        ("old: &x 2\nb: *x\n", ("old",), None),
    ],
)
def test_a_key_is_removed_with_its_value(text: str, key: KeyPath, result: str | None) -> None:
    written, document = yaml(text)
    change = written.without(key, *document.key_place(key), document.place(key)[1])
    assert (applied(text, [change]) if change is not None else None) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("---\na: 1\n", "---\nnew: /x/\na: 1\n"),
        ("---  \r\na: 1\r\n", "---  \r\nnew: /x/\r\na: 1\r\n"),
        ("---\nnew: 1\n", None),
        ("a: 1\n", None),
    ],
)
def test_a_key_is_added_as_the_first(text: str, result: str | None) -> None:
    written, _ = yaml(text)
    change = written.with_entry("new", "/x/")
    assert (applied(text, [change]) if change is not None else None) == result


def test_a_key_that_stands_twice_goes_only_when_nothing_changes_by_it() -> None:
    text = "a: 1\nb: 2\na: 1"
    written, document = yaml(text)
    again = document.duplicates[0]
    assert written.without_again(again.start, again.end) == (10, 14, "")
    for text in ("a: 1\nb: 2\na: 3\n", "a: [1]\nb: 2\na:\n - 1\n", "{a: 1, a: 1}\n"):
        written, document = yaml(text)
        again = document.duplicates[0]
        assert written.without_again(again.start, again.end) is None


def test_nothing_outside_of_the_yaml_is_touched() -> None:
    text = "---\na: 1\nold: 2\n"
    whole = Yaml(text, 0, len(text) - 2, {"a": 1, "old": None})
    assert whole.without(("old",), 9, 12, 15) is None


@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c d", "yes", "k"]),
        st.one_of(
            st.integers(), st.sampled_from(["x", "y z", "it's", "# no", "", "a: b"]), st.lists(st.integers(0, 3))
        ),
        min_size=1,
        max_size=4,
    ),
    st.data(),
)
def test_all_that_is_not_removed_stays(values: dict[str, Any], data: st.DataObject) -> None:
    import yaml as pyyaml

    style = data.draw(st.sampled_from([True, False, None]))
    text = pyyaml.safe_dump(values, default_flow_style=style, sort_keys=False)
    document = frontmatter.compose(text)
    key = data.draw(st.sampled_from(list(document.data)))
    written = Yaml(text, 0, len(text), document.data)
    change = written.without((key,), *document.key_place((key,)), document.place((key,))[1])
    if change is not None:
        left = frontmatter.compose(applied(text, [change])).data or {}
        assert left == {each: value for each, value in document.data.items() if each != key}
    elif style is False:
        assert len(values) == 1
