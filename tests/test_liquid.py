"""Provenance, partial knowledge, events and problems of the Liquid evaluator."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contentlint.liquid import (
    MARK,
    BrokenLink,
    Context,
    Event,
    Failure,
    Included,
    Looped,
    Missing,
    MissingInclude,
    Output,
    Place,
    Selected,
    Template,
    Text,
    Unknown,
    parse,
)
from contentlint.liquid.run import STEPS
from contentlint.liquid.values import Kept, Part, Partial

NOBODY_KNOWS = Unknown("nobody knows")


def render(text: str, variables: Mapping[str, object] | None = None, **files: str) -> Output:
    def include(name: str, _kind: str) -> tuple[Template, object] | Missing | Unknown:
        if name == "unknown":
            return NOBODY_KNOWS
        return (parse(files[name]), name) if name in files else Missing((f"_includes/{name}",))

    links = {"a.md": "/a/", "doubtful.md": NOBODY_KNOWS}
    context = Context(
        variables if variables is not None else {},
        include=include,
        link=lambda path: links.get(path, Missing((path,))),
        post_url=lambda name: links.get(name, Missing((name,))),
        baseurl="/base",
        url=Unknown("the server's"),
        markdownify=lambda text: f"<p>{text}</p>",
    )
    return parse(text, unknown_tags=("include_cached", "gist", "toc", "mystery")).render(context, "page")


def events(output: Output, kind: type[Event]) -> list[Event]:
    return [event for event in output.events if isinstance(event, kind)]


def data(value: str) -> Text:
    return Text(value, f"origin of {value}")


def cut(text: str, place: Place) -> str:
    return text[place.start : place.end]


# Where characters come from


def test_literal_text_leads_to_its_exact_range() -> None:
    source = "one {{ page.x }} two"
    output = render(source, {"page": {"x": "X"}})
    origin = output.origin(output.text.index("tw"), output.text.index("tw") + 2)
    assert (origin.places, origin.exact, origin.values) == ((Place("page", 17, 19),), True, ())


def test_text_around_a_comment_is_one_piece_each_and_two_places() -> None:
    output = render("ab{% comment %}x{% endcomment %}cd")
    assert output.text == "abcd"
    assert output.origin(1, 3).places == (Place("page", 1, 2), Place("page", 32, 33))
    assert not output.origin(1, 3).exact


def test_literals_of_several_places() -> None:
    assert render("{% raw %}ab{% endraw %}").origin(0, 2).exact
    loop = render("{% for i in (1..2) %}a{% endfor %}").origin(0, 2)
    assert (loop.places, loop.exact) == ((Place("page", 21, 22),), False)
    around = render("a{% include p %}b", None, p="x").origin(0, 3)
    assert [place.source for place in around.places] == ["page", "p", "page"]
    output = render("{% if true %}a{% endif %}b")
    assert output.origin(0, 2).places == (Place("page", 13, 14), Place("page", 25, 26))


def test_trimmed_text_keeps_its_place() -> None:
    source = "ab  {%- assign x = 1 -%}  cd"
    output = render(source)
    assert output.text == "abcd"
    assert [cut(source, place) for place in output.origin(0, 4).places] == ["ab", "cd"]


def test_a_value_leads_to_its_origin_and_a_tag_without_one_to_itself() -> None:
    source = "{{ page.a }}{{ page.b }}"
    output = render(source, {"page": {"a": data("x"), "b": "y"}})
    assert output.origin(0, 1).values == ("origin of x",)
    assert output.origin(0, 1).places == ()
    assert [cut(source, place) for place in output.origin(1, 2).places] == ["{{ page.b }}"]


def test_a_value_printed_twice_is_one_origin() -> None:
    value = data("x")
    output = render("{{ a }}{{ b }}", {"a": value, "b": value})
    assert output.origin(0, 2).values == ("origin of x",)
    assert not output.origin(0, 2).exact


def test_what_is_selected_from_a_kept_list_is_kept_for_the_next_that_asks() -> None:
    posts = Kept([{"tag": "a"}, {"tag": "b"}, {"tag": "a"}])
    assert render('{% assign x = posts | where: "tag", "a" %}{{ x.size }}', {"posts": posts}).text == "2"
    posts.append({"tag": "a"})
    assert render('{% assign x = posts | where: "tag", "a" %}{{ x.size }}', {"posts": posts}).text == "2"
    assert render('{% assign x = posts | where: "tag", "b" %}{{ x.size }}', {"posts": posts}).text == "1"


def test_a_url_made_of_config_and_front_matter_leads_back_to_both() -> None:
    variables = {"site": {"urlimg": data("/img/")}, "page": {"gallery": [{"image_url": data("x.png")}]}}
    output = render(
        "{% include g %}", variables, g="{% for i in page.gallery %}{{ site.urlimg }}{{ i.image_url }}{% endfor %}"
    )
    assert output.text == "/img/x.png"
    assert output.origin(0, 10).values == ("origin of /img/", "origin of x.png")
    assert output.origin(5, 10).values == ("origin of x.png",)
    assert output.pieces[0].place == Place("g", 27, 44, Place("page", 0, 15))


@pytest.mark.parametrize(
    ("filters", "text", "origins"),
    [
        ('append: ".png"', "a b.png", ["origin of a b", '".png"']),
        ('prepend: "/x/"', "/x/a b", ['"/x/"', "origin of a b"]),
        ("upcase", "A B", ["origin of a b"]),
        ("strip", "a b", ["origin of a b"]),
        ("relative_url", "/base/a%20b", ["origin of a b"]),
        ('replace: " ", "-"', "a-b", ["origin of a b"]),
        ('split: " " | last', "b", ["origin of a b"]),
        ('append: "/" | append: page.x | upcase', "A B/A B", ["origin of a b", '"/"']),
        ("jsonify", '"a b"', ["origin of a b"]),
        ("inspect", "&quot;a b&quot;", ["origin of a b"]),
        ("markdownify", "<p>a b</p>", ["origin of a b"]),
        ('default: "z"', "a b", ["origin of a b"]),
        ('remove: "a b" | append: "q"', "q", ['"q"']),
    ],
)
def test_filters_keep_origins(filters: str, text: str, origins: list[str]) -> None:
    source = f"{{{{ page.x | {filters} }}}}"
    output = render(source, {"page": {"x": data("a b")}})
    assert output.text == text
    origin = output.origin(0, len(text))
    assert [*origin.values, *(f'"{cut(source, place)}"' for place in origin.places)] == sorted(
        origins, key=lambda each: each[0] == '"'
    )


def test_a_replacement_that_makes_an_empty_text_leads_to_the_replacement() -> None:
    source = '{{ "" | append: "x" | replace: "x", "y" }}{{ 5 | replace: "5", "z" }}'
    output = render(source)
    assert output.text == "yz"
    assert [cut(source, place) for place in output.origin(0, 1).places] == ["x"]
    assert [cut(source, place) for place in output.origin(1, 2).places] == ["z"]


def test_literals_in_tags_lead_to_the_text_within_the_quotes() -> None:
    source = "[x]({{ '/x/' | relative_url }})"
    output = render(source)
    assert output.text == "[x](/base/x/)"
    assert [cut(source, place) for place in output.origin(4, 12).places] == ["/x/"]
    assert output.pieces[1].place == Place("page", 4, 30)


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'lit' }}",
        "{{ 'lit' | nofilter: a b }}",
        "{{ page.nope | default: 'lit' }}",
        "{{ page.nope | default 'x' | default: 'lit' }}",
        "{% assign x = 'lit' %}{{ x }}",
        "{% assign x = y | default: 'lit' %}{{ x }}",
        '{% include p k="lit" %}',
        "{% include p a=1 k='lit' %}",
        '{% include {{ n }} k="lit" %}',
        "{% cycle 'lit' %}",
        "{% for i in 'lit' %}{{ i }}{% endfor %}",
        "{% case 1 %}{% when 1 %}{{ 'lit' }}{% endcase %}",
        "{% capture x %}lit{% endcapture %}{{ x }}",
        "{% ifchanged %}lit{% endifchanged %}",
    ],
)
def test_a_literal_is_exact_wherever_it_stands(source: str) -> None:
    output = render(source, {"n": "p"}, p="{{ include.k }}")
    assert output.text == "lit"
    assert [cut(source, place) for place in output.origin(0, 3).places] == ["lit"]


def test_captured_literals_stay_exact_in_part() -> None:
    source = "{% capture x %}one{{ page.a }}two{% endcapture %}-{{ x }}"
    output = render(source, {"page": {"a": "?"}})
    assert output.text == "-one?two"
    origin = output.origin(6, 8)
    assert [cut(source, place) for place in origin.places] == ["wo"]
    assert origin.exact
    assert [cut(source, place) for place in output.origin(4, 5).places] == ["{{ page.a }}"]


def test_an_include_names_its_tag_as_parent_and_recursion_nests_them() -> None:
    output = render('{% include a x="1" %}', None, a="[{{ include.x }}{% include b %}]", b="B")
    assert output.text == "[1B]"
    place = output.origin(2, 3).places[0]
    assert (place.source, place.parent and place.parent.source, place.parent and place.parent.parent) == (
        "b",
        "a",
        Place("page", 0, 21),
    )
    assert output.origin(3, 4).places == (Place("a", 31, 32, Place("page", 0, 21)),)


def test_a_link_leads_to_the_path_in_its_tag() -> None:
    source = "[x]({% link  a.md  %})"
    output = render(source)
    assert output.text == "[x](/a/)"
    assert [cut(source, place) for place in output.origin(4, 7).places] == ["a.md"]


def test_pieces_tile_the_output_and_plain_text_is_one() -> None:
    assert len(render("plain text\n" * 1000).pieces) == 1
    output = render("a{{ x }}{% if true %}{% endif %}b{% include p %}", None, p="")
    assert [(piece.start, piece.end) for piece in output.pieces] == [(0, 1), (1, 2)]
    assert render("a{{ '' }}b").origin(0, 2).places == (Place("page", 0, 1), Place("page", 9, 10))
    assert render("").pieces == []
    assert render("").origin(0, 0).places == ()


def test_an_empty_range_asks_for_the_character_there() -> None:
    assert render("ab{{ 1 }}").origin(1, 1).places == (Place("page", 1, 2),)


def test_highlighted_code_is_escaped_and_leads_to_its_text() -> None:
    source = "{% highlight c++ %}\n<a href>\n{% endhighlight %}"
    output = render(source)
    assert output.text.startswith('<figure class="highlight"><pre><code class="language-c--" data-lang="c++">')
    assert "&lt;a href&gt;</code>" in output.text
    at = output.text.index("&lt;")
    assert [cut(source, place) for place in output.origin(at, at + 4).places] == ["\n<a href>\n"]


def test_highlighted_code_stands_on_its_own_in_markdown() -> None:
    variables = {"highlighter_prefix": "\n", "highlighter_suffix": "\n"}
    assert render("a{% highlight text %}b{% endhighlight %}c", variables).text == (
        'a\n<figure class="highlight"><pre><code class="language-text" data-lang="text">b</code></pre></figure>\nc'
    )


# What is not known


def unknown(text: str, variables: Mapping[str, object] | None = None, **files: str) -> Output:
    return render(
        text,
        {"u": NOBODY_KNOWS, "page": {"u": NOBODY_KNOWS, "x": "x", "list": ["a", "b"]}, **(variables or {})},
        **files,
    )


def shown(output: Output) -> str:
    """The output with `?` for what is unknown, and what may not be there in brackets."""
    each = (
        f"[{one}]" if output.origin(at, at + 1).maybe else one for at, one in enumerate(output.text.replace(MARK, "?"))
    )
    return "".join(each).replace("][", "")


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("a{{ u }}b", "a?b"),
        ("{{ u.x.y[0].size }}", "?"),
        ("{{ page.x | append: u }}{{ u | upcase }}{{ 5 | plus: u }}", "???"),
        ("{{ page.x | default: u }}{{ u | default: 1 }}{{ nope | default: u }}", "x??"),
        ("{{ page.list | push: u | size }}{{ page.list | push: u | last }}{{ page.list | push: u | join }}", "3?a b ?"),
        (
            "{{ page.list | push: u | uniq }}{{ page.list | push: u | compact }}{{ page.list | push: u | sort | size }}",
            "???",
        ),
        ("{{ page.list | push: u | where_exp: 'i', 'i == \"a\"' }}{{ page.list | find_exp: 'i', 'i == \"a\"' }}", "?a"),
        ("{{ page.list | unshift: u | find_exp: 'i', 'i == \"a\"' }}", "?"),
        (
            "{{ 'now' | date: '%Y' }}{{ '2020-13-45' | date: '%Y' }}{{ '2020-01-01' | date: '%Z' }}{{ 5 | date: '%Y' }}",
            "????",
        ),
        ("{{ '2020-01-01' | date_to_xmlschema }}{{ page.list | sample }}{{ 'x' | sample }}{{ 'a' | scssify }}", "??x?"),
        ("{{ 'a' | base64_encode }}{{ 'a' | replace_last: 'a', 'b' }}{{ 'a' | toc }}", "???"),
        ("{{ '\"a\"' | smartify }}{{ 'plain words' | smartify }}", "?plain words"),
        ("{{ '/a' | absolute_url }}{{ 'http://x' | absolute_url }}", "?http://x"),
        ("{{ '//user@host/x' | relative_url }}", "/base//user@host/x"),
        ("{{ page }}{{ page | jsonify }}{{ page.list }}", "??ab"),
        (
            "{{ 'é' | slugify: 'latin' }}{{ 'a.b' | replace: '.', \"\\`\" }}{{ false | default: 1, allow_false: true }}",
            "???",
        ),
        ("{{ '日本 a' | number_of_words: 'cjk' }}{{ '日本 a' | number_of_words }}", "?2"),
        ("{{ u | map: 'a' | join: ',' | upcase }}", "?"),
        ("{% if u %}a{% else %}b{% endif %}c", "[ab]c"),
        ("{% if u %}a{% endif %}c", "[a]c"),
        ("{% if page.x %}a{% elsif u %}b{% endif %}", "a"),
        ("{% if nope %}a{% elsif u %}b{% elsif page.x %}c{% else %}d{% endif %}", "[bc]"),
        ("{% unless u %}a{% else %}b{% endunless %}", "[ab]"),
        ("{% unless page.x %}a{% elsif u %}b{% endunless %}", "[b]"),
        (
            "{% if u or page.x %}a{% endif %}{% if u and nope %}b{% endif %}{% if page.x or u %}c{% endif %}{% if nope and u %}d{% endif %}",
            "ac",
        ),
        (
            "{% if u and page.x %}a{% endif %}{% if u or nope %}b{% endif %}{% if u and u or page.x %}c{% endif %}",
            "[abc]",
        ),
        (
            "{% if u == 1 %}a{% endif %}{% if u contains 'x' %}b{% endif %}{% if u > 1 %}c{% endif %}{% if u == empty %}d{% endif %}",
            "[abcd]",
        ),
        ("{% if nope contains u %}a{% else %}b{% endif %}{% if page.list contains 'a' %}c{% endif %}", "bc"),
        (
            "{% assign l = page.list | push: u %}{% if l contains 'a' %}a{% endif %}{% if l contains 'z' %}b{% endif %}",
            "a[b]",
        ),
        ("{% if nope == blank %}a{% else %}b{% endif %}{% if page.x == blank %}c{% else %}d{% endif %}", "[ab]d"),
        ("{% case u %}{% when 1 %}a{% when 2 %}b{% else %}c{% endcase %}", "[abc]"),
        ("{% case page.x %}{% when u %}a{% when 'x' %}b{% else %}c{% endcase %}", "[a]b"),
        ("{% case page.x %}{% when u %}a{% else %}b{% endcase %}{% case page.x %}{% when 'y' %}c{% endcase %}", "[ab]"),
        ("{% for i in u %}<{{ i }}{{ forloop.index }}>{% else %}none{% endfor %}.", "[<??>none]."),
        (
            "{% for i in page.list limit: u %}{{ i }}{% endfor %}{% for i in page.list offset: u %}{{ i }}{% endfor %}",
            "[??]",
        ),
        (
            "{% for i in page.list offset: u %}{% endfor %}{% for i in page.list offset: continue %}{{ i }}{% endfor %}",
            "[?]",
        ),
        (
            "{% tablerow i in u %}{{ i }}{% endtablerow %}{% tablerow i in page.list cols: u %}{% endtablerow %}",
            "?[?]?",
        ),
        ("{% tablerow i in page.list offset: u %}{% endtablerow %}", "?"),
        ("{% cycle u: 1, 2 %}{% cycle u, 1 %}{% increment u %}", "???"),
        ("{% ifchanged %}{{ u }}{% endifchanged %}{% ifchanged %}a{% endifchanged %}", "?[a]"),
        ("{% gist 1 %}{% include unknown %}{% include {{ u }} %}{% link {{ u }} %}{% link doubtful.md %}", "?????"),
        ("{% toc %}x{% endtoc %}y", "?y"),
        ("{{ (u..3) }}{{ (1..u) | size }}{{ page[u] }}{{ [u] }}", "????"),
        (
            "{% highlight text %}{{ u }}<{% endhighlight %}",
            '<figure class="highlight"><pre><code class="language-text" data-lang="text">?&lt;</code></pre></figure>',
        ),
    ],
)
def test_unknown_values(source: str, wanted: str) -> None:
    output = unknown(source)
    assert shown(output) == wanted
    assert not events(output, Failure)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("{% if u %}{% assign x = 1 %}{{ x }}{% endif %}{{ x }}", "[1]?"),
        ("{% assign x = 1 %}{% if u %}{% assign x = 1 %}{% endif %}{{ x }}", "1"),
        ("{% if u %}{% assign x = 1 %}{% else %}{% assign x = 1 %}{% endif %}{{ x }}", "1"),
        ("{% if u %}{% assign x = 1 %}{% else %}{% assign x = '1' %}{% endif %}{{ x }}", "?"),
        ("{% if u %}{% assign x = 'a' %}{% else %}{% assign x = 'a' %}{% endif %}{{ x }}", "a"),
        ("{% if u %}{% increment n %}{% endif %}{% increment n %}", "[0]?"),
        ("{% if u %}{% capture x %}a{% endcapture %}{% endif %}{{ x }}", "?"),
        (
            "{% capture x %}{% if u %}a{% endif %}b{% endcapture %}{{ x }}|{{ x | upcase }}|{{ x | append: 'c' }}",
            "[a]b|?|[a]bc",
        ),
        (
            "{% capture x %}{{ u }}b{% endcapture %}{{ x }}{{ x | size }}{% if x %}t{% endif %}{% if x == 'b' %}e{% endif %}{% if x == 5 %}n{% endif %}",
            "?b?t[e]",
        ),
        ("{% capture x %}{% if u %}a{% endif %}{% endcapture %}{{ x }}", "[a]"),
        (
            "{% capture x %}{% if u %}a{% endif %}{% endcapture %}{% capture y %}{{ x }}{% endcapture %}{{ y }}{{ y | upcase }}",
            "[a]?",
        ),
        ("{% if u %}{% capture x %}a{% endcapture %}{{ x | upcase }}{% endif %}", "[A]"),
        ("{% for i in u %}{% assign x = x | append: 'a' %}{% endfor %}{{ x }}", "?"),
        (
            "{% assign n = 0 %}{% for i in u %}{% if n == 0 %}first{% endif %}{% assign n = 1 %}{% if n == 1 %}rest{% endif %}{% endfor %}",
            "[firstrestfirstrest]",
        ),
        ("{% for i in page.list %}{% if u %}{% break %}{% endif %}{{ i }}{% endfor %}.", "[ab]."),
        ("{% for i in page.list %}{{ i }}{% if u %}{% break %}{% endif %}{% endfor %}.", "a[b]."),
        ("{% for i in page.list %}{% if u %}{% continue %}{% endif %}{% assign x = 1 %}{% endfor %}{{ x }}", "?"),
        (
            "{% assign x = 1 %}{% for i in page.list %}{% if u %}{% continue %}{% endif %}{% assign x = 1 %}{% endfor %}{{ x }}",
            "1",
        ),
        ("{% for i in page.list %}{% if u %}a{% break %}{% else %}b{% break %}{% endif %}c{% endfor %}.", "[ab]."),
        ("{% for i in u %}{{ i }}{% break %}{% endfor %}.", "[?]."),
        ("{% tablerow i in u %}{{ i }}{% continue %}{% endtablerow %}.", "?[?.]"),
        ("{% for j in page.list %}{% for i in u %}{{ i }}{% else %}{% break %}{% endfor %}.{% endfor %}.", "[?.?.]."),
        ("{% for i in u %}{% else %}{% if u %}{% break %}{% endif %}{% endfor %}.", "[.]"),
        ("{% for i in u %}{% if u %}{% break %}{% endif %}a{% endfor %}.", "[a]."),
        (
            "{% for i in page.list %}{% if u %}{% break %}{% endif %}{% increment n %}{% cycle 1, 2 %}{% ifchanged %}z{% endifchanged %}{% endfor %}.",
            "[01z??z].",
        ),
        ("{% if u %}{% break %}{% endif %}a", "[a]"),
        ("{% capture x %}{% if u %}{% break %}{% endif %}a{% endcapture %}b", "[b]"),
        ("{% ifchanged %}{% if u %}{% break %}{% endif %}a{% endifchanged %}b", "[ab]"),
        ("{% if u %}a{% elsif 'a' > 1 %}b{% else %}c{% endif %}", "[abc]"),
        ("{{ x }}{% mystery 1 %}{{ x }}{% assign x = 1 %}{{ x }}{{ page.x }}{{ page.nope }}", "??1x"),
        ("{% include sets %}{{ x }}", "1"),
        ("{% if u %}{% include missing %}{% endif %}{{ x }}", "[?]?"),
        ("{% assign x = 1 | divided_by: 0 %}{{ x }}", "??"),
    ],
)
def test_what_is_assigned_in_doubt_is_unknown(source: str, wanted: str) -> None:
    assert shown(unknown(source, None, sets="{% assign x = 1 %}")) == wanted


def test_unknowns_say_why() -> None:
    output = unknown(
        "{{ u | upcase }}{% gist 1 %}{% capture x %}{{ u }}{% endcapture %}{{ x | upcase }}{% if u %}a{% endif %}"
    )
    reasons = [piece.unknown for piece in output.pieces]
    assert reasons == ["nobody knows", "the tag 'gist' is a plugin's", "nobody knows", None]
    assert output.origin(0, 1).unknown == "nobody knows"
    assert output.origin(3, 4).maybe
    assert repr(NOBODY_KNOWS) == "Unknown('nobody knows')"


def test_a_filter_that_may_be_a_plugins_is_unknown() -> None:
    template = parse("{{ 'a' | shout }}")
    assert template.render(Context()).text == "a"
    assert template.render(Context(plugin_filters=True)).text == MARK


def test_a_context_that_knows_nothing() -> None:
    output = parse("{% include a %}{% link a %}{% post_url 2020-01-01-a %}{{ 'a' | markdownify }}{{ x }}").render(
        Context()
    )
    assert output.text == MARK * 5
    assert not output.events


def test_jekyll_3_takes_a_link_as_written_and_a_nil_for_no_question() -> None:
    template = parse("{% link {{ x }} %}{{ l | where: 'a', nil | size }}")
    output = template.render(Context({"l": [1, 2]}, jekyll=3, link=lambda path: f"<{path}>"))
    assert output.text == "<{{ x }}>2"


class Page:
    """A document as a context may give it."""

    url = "/doc/"

    def get(self, key: str) -> object:
        return {"title": "Title", "size": 3, "image_id": "one"}.get(key)


class Nothing:
    def get(self, key: str) -> object:
        return None if key else 1


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("{{ d.title }} {{ d.size }} {{ d['title'] }} {{ d[0] }}", "Title 3 Title "),
        ("{{ d | relative_url }}{{ n | relative_url }}", "/base/doc/?"),
        (
            "{{ l | where: 'image_id', 'one' | size }}{{ l | map: 'title' }}{{ l | map: 'title' | first }}",
            "1TitleTitle",
        ),
        (
            "{{ d }}{{ d | size }}{{ d | first }}{{ d | sort }}{{ d | map: 'x' }}{{ d | jsonify }}{{ d | plus: 1 }}{{ d | slugify }}",
            "????????",
        ),
        (
            "{{ d | to_integer }}{{ d | where: 'a', 'b' }}{{ d | group_by: 'a' }}{{ d | array_to_sentence_string }}{{ d | date: '%Y' }}",
            "?????",
        ),
        (
            "{% for i in d %}{{ i }}{% endfor %}{% if d > 1 %}a{% endif %}{% if d contains 'a' %}b{% endif %}{% if d == d %}c{% endif %}",
            "[?ab]c",
        ),
        (
            "{% if d == empty %}a{% else %}b{% endif %}{% if d == n %}c{% endif %}{% if l contains d %}d{% endif %}",
            "b[c]d",
        ),
        ("{{ l | concat: l | sort }}{{ l | concat: l | uniq | size }}", "?1"),
        (
            "{{ h | group_by: 'x' }}{{ h | sort: 'x' }}{{ 'abc' | array_to_sentence_string }}{{ h | sort | first | first }}",
            "???a",
        ),
        (
            "{{ h | where: 'x', 1 | size }}{{ h | where_exp: 'i', 'i.x == 1' | size }}{{ h | first | last | jsonify }}",
            '111{"x":1}'.replace("111", "11"),
        ),
    ],
)
def test_objects_of_the_site(source: str, wanted: str) -> None:
    page = Page()
    assert shown(render(source, {"d": page, "l": [page], "n": Nothing(), "h": {"a": {"x": 1}}})) == wanted


def test_dates_that_the_context_gives() -> None:
    variables = {
        "d": dt.date(2020, 3, 4),
        "t": dt.datetime(2020, 3, 4, 5, 6, 7),  # noqa: DTZ001  # one without a zone
        "z": dt.datetime(2020, 3, 4, tzinfo=dt.UTC),
    }
    source = "{{ d | date: '%F %H %M %S %^b' }} {{ t | date: '%T' }} {{ d | date_to_string }} {{ d }}{% if d < t %}a{% endif %}"
    output = render(source, variables)
    assert shown(output) == "2020-03-04 00 00 00 MAR 05:06:07 04 Mar 2020 ??"
    assert [str(event.message) for event in events(output, Failure)] == [
        "Liquid error: comparison of date with datetime failed"
    ]  # type: ignore[union-attr]
    assert shown(render("{% if d <= d %}a{% endif %}{% if d == d %}b{% endif %}", variables)) == "ab"
    assert events(render("{% if t > z %}a{% endif %}", variables), Failure)


def test_events_in_a_capture_know_the_doubt_around_it() -> None:
    body = "{% include gone %}{{ 1 | divided_by: 0 }}{{ page.list | where: 'a', 'b' }}"
    for block in ("capture x", "ifchanged", "highlight text"):
        source = f"{{% if u %}}{{% {block} %}}{body}{{% end{block.split()[0]} %}}{{% endif %}}{body}"
        found = [event.maybe for event in unknown(source).events]
        assert found == [True, True, True, False, False, False]


def test_texts_in_doubt_are_compared_as_far_as_they_go() -> None:
    source = "{% capture x %}{{ u }}{% endcapture %}{% if x == 5 %}a{% elsif 5 == x %}b{% elsif x == u %}c{% endif %}"
    assert shown(unknown(source)) == "[c]"
    lists = {"l": [NOBODY_KNOWS, 1], "m": [1, 2], "n": [1], "h": {"a": NOBODY_KNOWS}, "i": {"a": 1}}
    source = (
        "{% if l == m %}a{% endif %}{% if l == n %}b{% endif %}{% if h == i %}c{% endif %}{% if n == m %}d{% endif %}"
    )
    assert shown(render(source, lists)) == "[c]"


def test_a_term_that_may_not_be_asked_does_not_fail() -> None:
    source = "{% if u and 'a' > 1 %}a{% endif %}{% if u or 'a' > 1 %}b{% endif %}"
    assert shown(unknown(source)) == "[ab]"
    assert not unknown(source).events


def test_an_include_that_calls_itself_as_deep_as_unknown_data_tells_is_entered_once() -> None:
    tree = "<{{ include.list }}{% for i in include.list %}{% include tree list=i.list %}{% endfor %}>"
    assert shown(unknown("{% include tree list=u %}", None, tree=tree)) == "<?[?]>"
    pair = {
        "one": "{% include two list=include.list %}",
        "two": "{% for i in include.list %}{% include one list=i.list %}{% endfor %}",
    }
    assert shown(unknown("{% include one list=u %}", None, **pair)) == "[?]"
    assert (
        shown(
            unknown(
                "{% if u %}{% include one %}{% include three %}{% endif %}", None, one="1", three="{% include one %}"
            )
        )
        == "[11]"
    )


@pytest.mark.parametrize(
    "expression",
    [
        "n | plus: 1",
        "5 | round: 400",
        "'a' | map: (1..2)",
        "h | array_to_sentence_string",
        "deep | inspect",
        "deep | jsonify",
        "'\x01' | inspect",
        "l | map: 'x' | inspect",
        "huge",
        "n | to_integer | plus: u",
        "h | append: 'x'",
        "h | upcase",
        "'//ü/x' | absolute_url",
        "long | join",
    ],
)
def test_what_cannot_be_reckoned_is_unknown(expression: str) -> None:
    deep: list[object] = []
    for _ in range(200):
        deep = [deep]
    variables = {
        "n": float("nan"),
        "h": {"a": 1},
        "deep": deep,
        "huge": 1 << 20_000,
        "u": NOBODY_KNOWS,
        "long": ["a" * 1000] * 1000,
        "l": [{"x": NOBODY_KNOWS}],
    }
    output = parse(f"{{{{ {expression} }}}}".replace("\\x01", "\x01")).render(Context(variables, url=None))
    assert output.text == MARK or events(output, Failure)


def test_numbers_that_are_not_finite() -> None:
    variables = {"a": float("inf"), "b": float("-inf"), "c": float("nan"), "l": [1, 2]}
    assert render("{{ a }} {{ b }} {{ c }}", variables).text == "Infinity -Infinity NaN"
    assert events(render("{{ a | to_integer }}", variables), Failure)


def test_long_texts_are_work() -> None:
    long = "a" * 3000
    source = "{% highlight text %}{{ x }}{% endhighlight %}{% for i in (1..9) %}{{ x }}{% endfor %}"
    assert parse(source).render(Context({"x": long}), steps=200).pieces[-1].unknown
    assert not parse(source).render(Context({"x": long}), steps=2000).pieces[-1].unknown


# What happens on the way


def test_includes_and_their_parameters() -> None:
    source = "{% include p a=\"one\" b=page.x c='t\\'wo' %}{% include p %}"
    output = render(source, {"page": {"x": data("X")}}, p="")
    first, second = events(output, Included)
    assert isinstance(first, Included)
    assert isinstance(second, Included)
    assert first.params == {"a": "one", "b": "X", "c": "t'wo"}
    assert second.params is None
    assert (first.name, first.kind, first.source, first.maybe) == ("p", "include", "p", False)
    assert cut(source, first.place) == "{% include p a=\"one\" b=page.x c='t\\'wo' %}"
    origin = first.params["a"].parts[0].origin  # type: ignore[attr-defined]
    assert cut(source, origin) == "one"


def test_missing_includes() -> None:
    source = "{% include gone.html %}{% assign n = 'lost.html' %}{% include {{ n }} %}"
    output = render(source)
    first, second = events(output, MissingInclude)
    assert isinstance(first, MissingInclude)
    assert isinstance(second, MissingInclude)
    assert (first.name, cut(source, first.place), first.tried) == ("gone.html", "gone.html", ("_includes/gone.html",))
    assert (second.name, cut(source, second.place)) == ("lost.html", "{% include {{ n }} %}")


def test_broken_links() -> None:
    source = "{% link gone.md %}{% post_url 2020-01-01-gone %}{% if u %}{% link lost.md %}{% endif %}"
    output = unknown(source)
    found = [
        (event.tag, event.value, cut(source, event.place), event.maybe)
        for event in output.events
        if isinstance(event, BrokenLink)
    ]
    assert found == [
        ("link", "gone.md", "gone.md", False),
        ("post_url", "2020-01-01-gone", "2020-01-01-gone", False),
        ("link", "lost.md", "lost.md", True),
    ]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{ 1 | divided_by: 0 }}", "divided by 0"),
        ("{{ 'a' | append }}", "given 1, expected 2"),
        ("{{ 'a' | truncate: 1, 2, 3 }}", "given 4, expected 1..3"),
        ("{% if 'a' > 1 %}{% endif %}", "comparison of String with 1 failed"),
        ("{% if page.a = 1 %}{% endif %}", "Unknown operator ="),
        ("{{ nil | sort }}", "Cannot sort a null object"),
        ("{% include a..b %}", "invalid characters or sequences: a..b"),
        ("{% include loop %}", "Nesting too deep"),
        ("{% link {{ x %}", "was not properly terminated"),
        ("{{ page.mixed | sort }}", "comparison of String with Integer failed"),
        ("{{ page.mixed | where: 'x', 1 }}", "Integer has no property 'x'"),
        ("{{ page.nested | where: 'a.b', 1 }}", "Integer has no property 'b'"),
    ],
)
def test_failures(source: str, message: str) -> None:
    variables = {"page": {"mixed": [1, "a"], "nested": [{"a": 1}]}}
    (failure,) = events(render(f"é{source}", variables, loop="{% include loop %}"), Failure)
    assert isinstance(failure, Failure)
    assert message in failure.message
    assert not failure.maybe
    if message != "Nesting too deep":
        assert failure.place.start == 1


def test_a_failure_does_not_end_the_rest() -> None:
    assert shown(render("a{{ 1 | modulo: 0 }}b")) == "a?b"


def test_looking_into_what_is_no_object_is_as_in_ruby() -> None:
    assert render("{{ l | where: 'a.b', nil | size }}", {"l": [{"a": None}, {"a": False}, {"a": {"b": 1}}]}).text == "0"
    assert events(render("{{ l | where: 'a.b', nil | size }}", {"l": [{"a": True}]}), Failure)


def paths(output: Output) -> list[tuple[str, int | None]]:
    return [(event.path, event.length) for event in output.events if isinstance(event, Looped)]


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("{% for i in page.gallery %}{% endfor %}", [("page.gallery", 2)]),
        ("{% for i in page.nope %}{% endfor %}", [("page.nope", None)]),
        ("{% for i in page['gallery'] %}{% endfor %}", [("page.gallery", 2)]),
        ("{% for i in page[page.k] %}{% endfor %}", [("", 2)]),
        ("{% assign g = page.gallery %}{% for i in g %}{% endfor %}", [("page.gallery", 2)]),
        (
            "{% assign g = page %}{% assign h = g.gallery | sort: 'k' | reverse %}{% for i in h %}{% endfor %}",
            [("page.gallery", 2)],
        ),
        ("{% assign g = page.gallery | where: 'k', 'a' %}{% for i in g %}{% endfor %}", [("g", 1)]),
        ("{% assign g = page.gallery %}{% assign g = 'x' | split: '' %}{% for i in g %}{% endfor %}", [("g", 1)]),
        (
            "{% for i in page.gallery limit: 1 %}{% for j in i.sub %}{% endfor %}{% endfor %}",
            [("page.gallery", 2), ("page.gallery[].sub", 1)],
        ),
        (
            "{% include p list=page.gallery %}",
            [("page.gallery", 2), ("page.gallery[].sub", 1), ("page.gallery[].sub", 1)],
        ),
        ("{% include p %}", [("include.list", None)]),
        (
            "{% for i in (1..3) %}{% endfor %}{% tablerow i in page.gallery %}{% endtablerow %}",
            [("", 3), ("page.gallery", 2)],
        ),
        (
            "{% for i in page.k %}{% endfor %}{% for i in page.h %}{% endfor %}{% for i in 5 %}{% endfor %}",
            [("page.k", 1), ("page.h", 1), ("", None)],
        ),
        ("{% capture g %}x{% endcapture %}{% for i in g %}{% endfor %}", [("g", 1)]),
    ],
)
def test_loops_tell_the_list_they_go_over(source: str, wanted: list[tuple[str, int | None]]) -> None:
    items = [{"k": "a", "sub": [1]}, {"k": "b", "sub": [2]}]
    page = {"gallery": items, "k": "gallery", "h": {"a": 1}}
    partial = "{% for i in include.list %}{% for j in i.sub %}{% endfor %}{% endfor %}"
    assert paths(render(source, {"page": page}, p=partial)) == wanted


@pytest.mark.parametrize(
    "body",
    [
        '{% assign s = page.images | where: "image_id", include.im_id %}',
        '{% assign s = page.images | reverse | where: "image_id", include.im_id | first %}',
        '{% assign s = page.images | find: "image_id", include.im_id %}',
        "{% for i in page.images %}{% if i.image_id == include.im_id %}{{ i.image_id }}{% endif %}{% endfor %}",
        "{% for i in page.images %}\n{% if include.im_id == i.image_id %}{{ i.image_id }}{% endif %}{% endfor %}",
    ],
)
def test_selections_tell_what_was_wanted_and_how_many_there_are(body: str) -> None:
    images = [{"image_id": "one"}, {"image_id": "two"}]
    for wanted, found in (("one", 1), ("three", 0)):
        source = f'{{% include p im_id="{wanted}" %}}'
        output = render(source, {"page": {"images": images}}, p=body)
        (event,) = events(output, Selected)
        assert isinstance(event, Selected)
        assert (event.path, event.property, event.wanted, event.length, event.found) == (
            "page.images",
            "image_id",
            wanted,
            2,
            found,
        )
        assert cut(source, event.wanted.parts[0].origin) == wanted  # type: ignore[attr-defined]
        assert event.place.parent == Place("page", 0, len(source))


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in l %}{% if i.k == x %}{% endif %}{% endfor %}",
        "{% for i in l %}{% if i.k == page.k %}a{% else %}b{% endif %}{% endfor %}",
        "{% for i in l %}{% if i.k == page.k and i.z %}{% endif %}{% endfor %}",
        "{% for i in l %}{% if i.k > 1 %}{% endif %}{% unless i.k == page.k %}{% endunless %}{% endfor %}",
        "{% for i in l %}{% if i.k == empty %}{% endif %}{% if i == page.k %}{% endif %}{% if i[0] == 'a' %}{% endif %}{% endfor %}",
        "{% for i in h %}{% if i.k == page.k %}{% endif %}{% endfor %}",
        "{{ l | where: page.u, 'x' }}{{ l | where: 5, 'x' }}",
    ],
)
def test_what_is_no_selection_for_certain_tells_nothing(source: str) -> None:
    assert not events(render(source, {"l": [{"k": "a"}], "h": {}, "page": {"u": NOBODY_KNOWS, "k": "a"}}), Selected)


@pytest.mark.parametrize(
    "source",
    [
        "{% if u %}{{ page.list | where: 'a', 'b' }}{% endif %}",
        "{{ page.list | where: 'k', u }}",
        "{{ u | where: 'k', 'x' }}",
        "{% for i in page.list %}{% if i.k == page.u %}{% endif %}{% endfor %}",
        "{% assign m = page.list | push: u %}{% for i in m %}{% if i.k == page.x %}{% endif %}{% endfor %}",
    ],
)
def test_a_selection_in_doubt_says_so(source: str) -> None:
    (event,) = events(unknown(source), Selected)
    assert isinstance(event, Selected)
    assert event.maybe


# What a template says without being run


def test_tags_are_told_without_running() -> None:
    source = (
        "{% if false %}{% include sub/a.html x=1 %}{% endif %}{% include {{ page.n }} %}{% include_relative b %}"
        "{% link a.md %}{% post_url 2020-01-01-b %}{% comment %} contentlint: ignore[x] {% endcomment %}"
        "{% comment %}{% include no %}{% link no %}{% comment %}in{% endcomment %}{% endcomment %}{% raw %}{% link no %}{% endraw %}"
    )
    tags = parse(source).tags
    assert [
        (tag.kind, tag.name, source[tag.name_start : tag.name_start + len(tag.name or "")]) for tag in tags.includes
    ] == [
        ("include", "sub/a.html", "sub/a.html"),
        ("include", None, ""),
        ("include_relative", "b", "b"),
    ]
    assert [
        (tag.tag, tag.argument, source[tag.argument_start : tag.argument_start + len(tag.argument)])
        for tag in tags.links
    ] == [
        ("link", "a.md", "a.md"),
        ("post_url", "2020-01-01-b", "2020-01-01-b"),
    ]
    assert [(tag.text, source[tag.start : tag.end]) for tag in tags.comments] == [
        (" contentlint: ignore[x] ", " contentlint: ignore[x] "),
        (
            "{% include no %}{% link no %}{% comment %}in{% endcomment %}",
            "{% include no %}{% link no %}{% comment %}in{% endcomment %}",
        ),
    ]
    assert source[tags.includes[0].start : tags.includes[0].end] == "{% include sub/a.html x=1 %}"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("a{% nope %}b", [("{% nope %}", "Unknown tag 'nope'")]),
        ("a{% nope %}b{% endnope %}c", [("{% nope %}", "Unknown tag 'nope'")]),
        ("{% one %}{% two %}", [("{% one %}", "Unknown tag 'one'"), ("{% two %}", "Unknown tag 'two'")]),
        ("{% if x %}a{% for i in l %}", [("{% for i in l %}", "'for' tag was never closed")]),
        (
            "{% if x %}a{% endfor %}b{% endif %}{% endif %}",
            [("{% endfor %}", "'endfor' is not a valid delimiter for if tags")],
        ),
        ("{% raw %}a", [("{% raw %}", "'raw' tag was never closed")]),
        ("{{ a", [("{{", "Variable '{{' was not properly terminated with regexp: /\\}\\}/")]),
        ("{{ a }b", [("{{ a }", "Variable '{{ a }' was not properly terminated with regexp: /\\}\\}/")]),
        ("{% if", [("{%", "Tag '{%' was not properly terminated with regexp: /\\%\\}/")]),
        ("{% if %}a{% endif %}", [("{% if %}", "Syntax Error in tag 'if' - Valid syntax: if [expression]")]),
        (
            "{% include a b %}{% include_cached a %}",
            [
                ("{% include a b %}", "Invalid syntax for include tag: b"),
                ("{% include_cached a %}", "Unknown tag 'include_cached'"),
            ],
        ),
        ("{% else %}", [("{% else %}", "Unexpected outer 'else' tag")]),
        ("{% capture x %}{% else %}{% endcapture %}", [("{% else %}", "capture tag does not expect 'else' tag")]),
        ("{% if x %}" * 101 + "{% endif %}" * 101, [("{% if x %}", "Nesting too deep")]),
        (
            "{% for %}{% else %}{% endfor %}",
            [("{% for %}", "Syntax Error in 'for loop' - Valid syntax: for [item] in [collection]")],
        ),
        (
            "{% case x %}{% when %}a{% endcase %}",
            [
                (
                    "{% when %}",
                    "Syntax Error in tag 'case' - Valid when condition: {% when [condition] [or condition2...] %}",
                )
            ],
        ),
    ],
)
def test_problems(source: str, wanted: list[tuple[str, str]]) -> None:
    template = parse(source)
    assert [(source[problem.start : problem.end], problem.message) for problem in template.problems] == wanted
    template.render(Context())


def test_tags_of_plugins_are_no_problem() -> None:
    class Every:
        def __contains__(self, name: object) -> bool:
            return True

        def __iter__(self):  # never asked
            raise NotImplementedError

        __len__ = __iter__

    template = parse(
        "{% a %}{% b %}x{{ y }}{% endb %}{% enda %}{% comment %}{% c %}{% endcomment %}", unknown_tags=Every()
    )  # type: ignore[arg-type]
    assert template.problems == []
    assert template.render(Context()).text == MARK


# Whatever the text, it is read and rendered

_PIECES = st.sampled_from(
    [
        "{{",
        "}}",
        "{%",
        "%}",
        "{%-",
        "-%}",
        "{% if x %}",
        "{% else %}",
        "{% endif %}",
        "{% for i in l %}",
        "{% endfor %}",
        "{% case u %}",
        "{% when 'a' %}",
        "{% endcase %}",
        "{% raw %}",
        "{% endraw %}",
        "{% comment %}",
        "{% endcomment %}",
        "{% assign x = l | sort: 'a' %}",
        "{% capture x %}",
        "{% endcapture %}",
        "{{ x | append: u }}",
        "{{ l[0].a.b }}",
        "{% include self %}",
        "{% break %}",
        "{% if u %}",
        "{% cycle 'a', x %}",
        "{% tablerow i in l cols: 2 %}",
        "{% endtablerow %}",
        "{% include {{ x }} k='v' %}",
        "{% link a %}",
        "{{ x | where_exp:",
        "{% for i in u %}",
        "{{ '2' | times: 9 | date: x }}",
        "{% ifchanged %}",
        "{% endifchanged %}",
        "{% increment x %}",
        "{% highlight c %}",
        "{% endhighlight %}",
        "{{ l | jsonify | slugify }}",
        "{% unless x == u %}",
        "{% endunless %}",
        "{% gist %}",
        "'",
        '"',
        "|",
        " ",
        "\n",
        "a",
        "é",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES | st.text(max_size=5), max_size=25).map("".join))
def test_any_text_renders_and_its_pieces_tile_it(source: str) -> None:
    template = parse(source, unknown_tags=("gist",))
    context = Context({"l": [{"a": 1}, "b", None], "u": NOBODY_KNOWS}, include=lambda _name, _kind: (template, "self"))
    output = template.render(context, "page", steps=3000)
    position = 0
    for piece in output.pieces:
        assert piece.start == position < piece.end
        if piece.literal:
            assert output.text[piece.start : piece.end] == source[piece.place.start : piece.place.end]
        position = piece.end
    assert position == len(output.text)
    for start in range(0, len(output.text), 7):
        output.origin(start, start + 3)
    for place in (*template.problems, *template.tags.comments):
        assert 0 <= place.start <= place.end <= len(source)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(exclude_characters="{"), max_size=200))
def test_text_without_liquid_is_itself(source: str) -> None:
    output = parse(source).render(Context(), "page")
    assert output.text == source
    assert not source or output.pieces[0].place == Place("page", 0, len(source))


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "source",
    [
        "{% for i in (1..900000) %}{% for j in (1..900000) %}{{ i }}{% endfor %}{% endfor %}",
        "{% assign s = 'aaaaaaaaaa' %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}{{ s }}",
        "{% assign s = 'aaaaaaaaaa' %}{% for i in (1..60) %}{% capture s %}{{ s }}{{ s }}{% endcapture %}{% endfor %}",
        "{% assign l = '1,2' | split: ',' %}{% for i in (1..60) %}{% assign l = l | concat: l %}{% endfor %}{{ l | join }}{{ l | inspect }}{{ l | jsonify }}",
        "{% assign l = '1,2' | split: ',' %}{% for i in (1..60) %}{% assign l = l | push: l %}{% endfor %}{{ l | join }}{{ l | inspect }}{{ l | jsonify }}{{ l | size }}",
        "{% assign n = 9 %}{% for i in (1..60) %}{% assign n = n | times: n %}{% endfor %}{{ n }}",
        "{% assign s = 'aaaaaaaaaa' %}{% for i in (1..20) %}{% assign s = s | replace: 'a', s %}{% endfor %}{{ s }}",
        "{{ (1..99999999999999999999999999) | join }}{{ (1..9999999) | where: 'a', 1 }}{% for i in (1..99999999999999999999) %}a{% endfor %}",
        "{% include self %}{% include self %}",
        "{% if x %}" * 1500,
        "{% capture x %}" * 1500,
        "{{ " + "[" * 5000 + " }}" + "{{ " + "(" * 5000 + " }}{{ " + "(1.." * 100 + "2" + ")" * 100 + " }}",
        "{%" * 5000 + "{{" * 5000,
        "{% include " + "{{ a | " * 3000 + " %}",
        "{% raw %}{{" + " {% endraw" * 5000 + " }}%}",
        "{% nope %}" * 1000 + "{% endnope %}" * 1000,
        "{{ x | replace: '" + "a" * 5000 + "', 'b' | strip_html }}" + "{{ '" + "<script" * 3000 + "' | strip_html }}",
    ],
)
def test_work_is_bounded(source: str) -> None:
    template = parse(source)
    context = Context({"x": "y"}, include=lambda _name, _kind: (template, "self"))
    output = template.render(context, "page", steps=STEPS // 10)
    assert len(output.text) < 6_000_000
    assert output.pieces[-1].end == len(output.text) if output.text else not output.pieces


def test_a_template_with_too_much_work_says_so() -> None:
    output = parse("a{% capture x %}{% for i in (1..400000) %}{{ i }}{% endfor %}{% endcapture %}").render(
        Context(), "page"
    )
    assert output.text == "a" + MARK
    assert output.pieces[1].unknown == "there is too much work in this template"


def test_texts_of_parts() -> None:
    text = Text("ab", None, (Part(0, 1, "x"), Part(1, 2, "y")))
    assert text.parts == (Part(0, 1, "x"), Part(1, 2, "y"))
    assert Text("ab", "z").parts == (Part(0, 2, "z"),)
    assert isinstance(Partial("a"), Text)
