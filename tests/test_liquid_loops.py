"""Loops whose items each make a row of texts are put out column by column: nobody must be able to tell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contentlint.liquid import Context, Output, Text, Unknown, parse
from contentlint.liquid.loops import For
from contentlint.liquid.rows import Row
from contentlint.liquid.values import Listed, Partial


class Page:
    """A page with lists, of which it gives the texts with or without their origins."""

    def __init__(self, lists: dict[str, Any]) -> None:
        self.lists = lists
        self.asked: list[str] = []

    def get(self, key: str) -> object:
        value = self.lists.get(key)
        return [self._traced(key, *pair) for pair in enumerate(value)] if isinstance(value, list) else value

    def listed(self, key: str) -> Listed | None:
        self.asked.append(key)
        value = self.lists.get(key)
        return Listed(value, lambda number, name: (key, number, name)) if isinstance(value, list) else None

    def _traced(self, key: str, number: int, item: Any) -> object:
        if isinstance(item, dict):
            return {
                name: Text(each, (key, number, name)) if isinstance(each, str) else each for name, each in item.items()
            }
        return Text(item, (key, number, None)) if isinstance(item, str) else item


def both(text: str, lists: dict[str, Any], steps: int = 400_000) -> tuple[Output, Output, Page]:
    """What a template makes of lists with rows, and without any."""
    outputs = []
    pages = [Page(lists), Page(lists)]
    for page in pages:
        context = Context(
            {"page": page, "site": {"base": Text("/b/", "base"), "n": 3}, "posts": [Page({"title": "T"})]}
        )
        with pytest.MonkeyPatch.context() as patch:
            if page is pages[1]:
                patch.setattr(Row, "write", lambda *_: False)
                patch.setattr(For, "_listed", lambda *_: None)
            outputs.append(parse(text).render(context, "page", steps))
    return outputs[0], outputs[1], pages[0]


def told(output: Output) -> object:
    """All that can be asked of an output."""
    length = len(output.text)
    ranges = [(at, at + size) for at in range(length) for size in (1, 2, 5) if at + size <= length]
    simple = [output.simply(*each) for each in ranges]
    pieces = [each for each in output.pieces if each.start < each.end]
    return output.text, repr((pieces, [output.origin(*each) for each in ranges], simple, output.events))


VALUES = st.sampled_from(["", "a", "bc", "d" * 300, None, 1, True, ["x"], Unknown("u")])
TEXTS = st.sampled_from(["", "a", "bc", "d" * 300, None])


def items(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(st.sampled_from(["u", "v"]), values) | values


BODIES = st.lists(
    st.sampled_from(
        [
            "<a>", "{{ item.u }}", "{{ item.u }}", "{{ item.v }}", "{{ site.base }}", "{{ site.n }}", "{{ site.none }}", "{{ item }}",
            "{{ item.u.v }}", "{{ forloop.index }}", "{{ item.size }}", "{% if item.u %}x{% endif %}", "{{ item.u | upcase }}", "\n",
        ]
    ),
    max_size=5,
).map("".join)  # fmt: skip


@settings(max_examples=2 * settings.default.max_examples, deadline=None)
@given(
    st.lists(items(TEXTS), max_size=4) | st.lists(items(VALUES), max_size=4),
    BODIES,
    st.sampled_from(["", " reversed", " limit: 2", " offset: 1", " limit: 1 offset: 1", " offset: 9"]),
    st.sampled_from([400_000, 60, 20]),
)
def test_rows_are_what_the_nodes_make(given_: list[Any], body: str, how: str, steps: int) -> None:
    text = f"<{{% for item in page.list{how} %}}{body}{{% else %}}none{{% endfor %}}>"
    for template in (text, text + text, "{% capture c %}" + text + "{% endcapture %}{{ c }}"):
        rows, nodes, _ = both(template, {"list": given_}, steps)
        assert told(rows) == told(nodes)


def test_a_list_is_taken_as_it_was_written_where_rows_are_made_of_it() -> None:
    template = "{% for each in page.list %}[{{ site.base }}{{ each.u }}]{% endfor %}{{ page.other }}"
    rows, _, page = both(template, {"list": [{"u": "x"}, {"v": "y"}, {"u": "z"}], "other": Text("o", "other")})
    assert rows.text == "[/b/x][/b/][/b/z]o"
    assert rows.origin(4, 5).values == (("list", 0, "u"),)
    assert rows.origin(15, 16).values == (("list", 2, "u"),)
    assert rows.origin(17, 18).values == ("other",)
    assert page.asked == ["list"]


@pytest.mark.parametrize(
    "body", ["{{ each.u }}{% if each.u %}x{% endif %}", "{{ each.u | upcase }}", "{{ 'x' }}", "{{ each['u'][0] }}"]
)
def test_what_does_more_than_print_keys_makes_no_rows(body: str) -> None:
    _, _, page = both(f"{{% for each in page.list %}}{body}{{% endfor %}}", {"list": [{"u": "x"}]})
    assert not page.asked


def test_objects_make_rows_and_what_is_not_known_does_not() -> None:
    assert both("{% for post in posts %}<{{ post.title }}>{% endfor %}", {})[0].text == "<T>"
    unknown = [{"u": Partial("p", None, ())}]
    rows, nodes, _ = both("{% for each in page.list %}<{{ each.u }}>{% endfor %}", {"list": unknown})
    assert told(rows) == told(nodes)


def test_rows_are_as_deep_as_loops_may_be() -> None:
    def nested(depth: int) -> Iterable[str]:
        return ["{% for a in page.list %}" * depth, "{{ a }}", "{% endfor %}" * depth]

    for depth in (99, 100, 101):
        rows, nodes, _ = both("".join(nested(depth)), {"list": ["x"]})
        assert told(rows) == told(nodes)
