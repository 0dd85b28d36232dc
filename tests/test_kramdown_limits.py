from __future__ import annotations

import sys
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contentlint.kramdown import Options, Scan, scan, scan_html

TOKENS = [
    *"[]()*_`<>|#:^\"'\\!{}~$&-=+.1 \t\n\r",
    *["![", "](", "**", "``", "```", "~~~", "<b>", "</b>", "<div>", "</div>", '<a href="x">', "</a>", "<!--", "-->"],
    *["{:", "{:#x}", "{:toc}", "{::comment}", "{::nomarkdown}", "{:/}", "$$", "~~", "[^f]", "[^f]: ", "[r]: u", "\n\n"],
    *[
        "# ",
        "---\n",
        "===\n",
        "* ",
        "1. ",
        "> ",
        "    ",
        ": d",
        "^\n",
        "&amp;",
        "<<",
        "é",
        "e\u0301",
        "😀",
        "\ue0ff",
        "word",
    ],
    *['<div markdown="1">', "<pre>", "<script>", "<textarea>", "| a | b |\n", "|---|\n", "\\|", "<code>", "</code>"],
]
SETTINGS = [Options(), Options(gfm=False), Options(parse_block_html=True), Options(html_to_native=True)]


def check(text: str, found: Scan) -> None:
    places = [(link.start, link.end) for link in found.links]
    places += [(link.use, link.use) for link in found.links]
    places += [(anchor.start, anchor.end) for anchor in found.anchors]
    places += [(label.start, label.end) for label in found.undefined]
    places += found.comments
    for start, end in places:
        assert 0 <= start <= end <= len(text)


@settings(max_examples=2 * settings.default.max_examples, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=60).map("".join), st.sampled_from(SETTINGS))
def test_any_markup_can_be_scanned(text: str, options: Options) -> None:
    check(text, scan(text, options))
    check(text, scan_html(text))


@settings(max_examples=settings.default.max_examples, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_scanned(text: str) -> None:
    check(text, scan(text))
    check(text, scan_html(text))


@settings(max_examples=settings.default.max_examples, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_names_do_not_depend_on_line_ends(text: str) -> None:
    text = text.replace("\r", "")
    names = [anchor.name for anchor in scan(text).anchors]
    assert [anchor.name for anchor in scan(text.replace("\n", "\r\n")).anchors] == names


LINES = [
    *["", "", "", "text", "# H", "## H [a](b)", "## H & `c`", "### `#` {#own}", "# H #", "[a](b) ![i](j)", "![i](j)"],
    *[
        "a `[c](d)` \\[e](f)",
        "[r]",
        "[r][]",
        "x [t][r] y [u](v)",
        "[r]: url",
        "[open",
        "close](x)",
        "<a href='y'>q</a>",
    ],
    *[
        '<a href="y">',
        "</a>",
        "more</a> [a](b)",
        '<img src="p"',
        'alt="q">',
        "`code",
        "end` [a](b)",
        "(x) *[a](b)*",
        "~~s~~",
    ],
    *[
        "[f][^1]",
        "[^1]: note [a](b)",
        ": meaning",
        "- item",
        "{: #x}",
        "| a | [b](c) |",
        "a | [b](c)",
        "<!-- c",
        "-->",
        "---",
    ],
    *[
        "{::comment}",
        "{:/}",
        "$$",
        "<div>",
        "</div>",
        "> quote",
        "\\",
        '[a](b "t',
        'u")',
        "<b>[a](b)</b>",
        "! [a](b)",
        "^",
    ],
]


@settings(max_examples=2 * settings.default.max_examples, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=25).map("\n".join))
def test_blocks_are_read_alike_in_a_row_and_one_by_one(text: str) -> None:
    """Within a quote each block is read on its own; outside, everyday ones are read as a row."""
    quoted = "".join([f"> {line}\n" for line in text.split("\n")])

    def moved(at: int) -> int:
        return at + 2 * (text.count("\n", 0, at) + 1)

    rows, single = scan(text), scan(quoted)
    assert [each._replace(start=0, end=0, use=moved(each.use)) for each in rows.links] == [
        each._replace(start=0, end=0) for each in single.links
    ]
    assert [(each.name, moved(each.start)) for each in rows.anchors if each.kind != "id"] == [
        (each.name, each.start) for each in single.anchors if each.kind != "id"
    ]
    assert [(each.label, moved(each.start)) for each in rows.undefined] == [
        (each.label, each.start) for each in single.undefined
    ]
    assert [moved(start) for start, _ in rows.comments] == [start for start, _ in single.comments]


def repeated(unit: str, size: int) -> str:
    return unit * (size // len(unit))


def growing(unit: str, size: int, line: str) -> str:
    """Lines that each repeat the unit once more."""
    lines, number = [], 0
    while size > 0:
        number = number % 300 + 1
        lines.append(unit * number + line)
        size -= len(lines[-1])
    return "".join(lines)


UNITS = [
    *[
        "[",
        "![",
        "[![a](b)",
        "![a](",
        "[a](",
        "[a](b(",
        "[a][",
        "[a][r] ",
        '[a](b "c ',
        "[a] (",
        "](",
        "]",
        "[^",
        "[^f]",
    ],
    *["<", "<a", "</a", "<b>", "<u>", "</u>", '<a b="', "<http:", "<http:a\n", "<a@b ", "<!--", "<!--\n\n", "<?", "<<"],
    *["*a ", "**a ", "*a _b ", "_a__b_", "`", "` `` ``` ", "``` x\n\n", "~~~\n\n", "~~a ", "$$ ", "$$\n\n", "\\", "&#"],
    *[
        "{:",
        "{:\n",
        "{:a} x\n",
        "{::comment}\n\n",
        "{::nomarkdown} ",
        "{:a: b}\n",
        "*a*{:#b}",
        "x{:",
        "*a*{:\\}",
        "'",
        '"',
        "--",
    ],
    *[
        "> ",
        "* ",
        "- ",
        "1. a\n",
        "* a\nb\n",
        "a\n: b\n",
        "    a\n\n",
        "|",
        "a|b\n",
        "|`a",
        "| <code>",
        "-" * 40 + "|x\n",
    ],
    *["<div>", "<div>\n", "<p>\n\n", '<div markdown="1">\n', "</div>\n", "<textarea>", "<script>", "<code>", "<td>|"],
    *[
        "# a\n",
        "# *a **b _c [d ![e\n",
        "a\n=\n\n",
        "[a]: b\n",
        "[a]: <\n",
        '[a]: b "c\n',
        "[^a]: b\n\n",
        "^\n",
        "*[a]: b\n",
    ],
    *[" \n", "\t", "\r", "\r\n", "* a\n{:toc}\n", '[*a_`<{~$"', "<img srcset='", "a, (", "x <b y='", '{: a="b" c='],
]


def steps(scanner: object, text: str) -> int:
    """How many calls a scan makes: what its time is proportional to, whatever else the machine is doing."""
    count = 0

    def profile(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal count
        count += 1

    assert callable(scanner)
    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        scanner(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.no_cover
@pytest.mark.parametrize("unit", UNITS)
def test_work_grows_with_the_text(unit: str) -> None:
    for scanner in (scan, scan_html):
        short, long = (steps(scanner, repeated(unit, size)) for size in (1_500, 6_000))
        # A page of any size may spend a certain effort on tangled markup.
        assert long < 5 * short + 20_000, scanner


@pytest.mark.parametrize(
    ("unit", "line"), [(">", " a\n"), ("  ", "* a\n"), ("`", " x\n\n"), ("#", " a\n"), ("<div>", "\n")]
)
def test_work_grows_with_nested_text(unit: str, line: str) -> None:
    short, long = (steps(scan, growing(unit, size, line)) for size in (3_000, 12_000))
    assert long < 6 * short + 20_000


@pytest.mark.no_cover
@pytest.mark.parametrize("unit", ["[", "![", "> ", "* ", "<b>", "<div>", '<div markdown="1">\n', "**_", "{:", "("])
def test_deep_nesting_is_no_error(unit: str) -> None:
    text = unit * (20_000 if len(unit) < 3 else 5_000)
    check(text, scan(text))


def test_links_are_still_found_in_tangled_text() -> None:
    text = '[*a_`<{~$"' * 3_000 + "\n\n# *x*\n\n[a](b.md) [c] <b>d</b> {:x} ~~[e](f.md)~~ [*g*](h.md) [^1]\n\n[^1]: i\n"
    found = scan(text)
    assert [link.url for link in found.links if not link.generated] == ["b.md", "f.md"]
    assert [anchor.name for anchor in found.anchors] == ["x", "fnref:1", "fn:1"]


def test_blocks_nested_deeper_than_anyone_writes_are_paragraphs() -> None:
    for text in (
        "> " * 40 + "[a](b)\n",
        "".join("  " * depth + "* x\n" for depth in range(40)) + "  " * 40 + "[a](b)\n",
        '<div markdown="1">\n' * 40 + "[^1]: [c](d)\n\n<a href='b'></a>\n",
    ):
        assert [link.url for link in scan(text).links] == ["b"]
    nested = "> " * 24 + "[^1]: [a](b)\n\n[^1]\n"
    assert [link.url for link in scan(nested).links] == ["#fn:1", "b", "#fnref:1"]
