from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contentlint.resolving import (
    Address,
    Anchors,
    External,
    Found,
    Index,
    Missing,
    Outputs,
    Resolution,
    Target,
    Unknown,
    candidates,
)


def page(output: str, url: str = "", **more: object) -> Target:
    return Target(output, output, url or "/" + output.removesuffix("index.html"), "page", **more)  # type: ignore[arg-type]


PAGES = [
    page("index.html"),
    page("about.html"),
    page("dir/index.html"),
    page("both.html"),
    page("both/index.html"),
    page("noext"),
    page("Case/Name.html"),
    page("a b/ü.html"),
    page("x.xhtml"),
    page("old.html", redirect="/about.html#team"),
    page("far.html", redirect="https://elsewhere.example/"),
    page("gone.html", redirect="/nothing/"),
    page("ring-a.html", redirect="/ring-b.html"),
    page("ring-b.html", redirect="/ring-a.html"),
    page("draft.html", published=False),
    page("img/caf\u00e9.png"),
    page("img/Hip.png"),
]

ANCHORS = {"about.html": Anchors({"team", "grün"}), "dir/index.html": Anchors((), "a plugin adds anchors")}


def site(**settings: Any) -> Outputs:
    return Outputs(Index(PAGES), anchors=lambda target: ANCHORS.get(target.output, Anchors(())), **settings)


def outcome(resolution: Resolution) -> str:
    match resolution:
        case Found(target):
            return target.output
        case Missing(kind):
            return kind
        case Unknown():
            return "unknown"
        case External():
            return "external"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/", "index.html"),
        ("", "about.html"),
        ("#team", "about.html"),
        ("#nobody", "anchor"),
        ("#", "about.html"),
        ("#top", "about.html"),
        ("#TOP", "about.html"),
        ("#gr%C3%BCn", "about.html"),
        ("#:~:text=team", "about.html"),
        ("#team:~:text=x", "about.html"),
        ("#/route", "unknown"),
        ("#!route", "unknown"),
        ("#?version=6", "unknown"),
        ("?page=2", "about.html"),
        ("/about", "about.html"),
        ("/about.html?x#team", "about.html"),
        ("/about/", "nothing"),
        ("about.html", "about.html"),
        ("./about.html", "about.html"),
        ("../../about.html", "about.html"),
        ("dir", "dir/index.html"),
        ("dir/", "dir/index.html"),
        ("dir/.", "dir/index.html"),
        ("dir/..", "index.html"),
        ("/dir//", "dir/index.html"),
        ("/a%20b//ü.html", "a b/ü.html"),
        ("dir/%2e%2E/about", "about.html"),
        ("dir#any", "unknown"),
        ("/both", "both.html"),
        ("/both/", "both/index.html"),
        ("/noext", "noext"),
        ("/noext#a", "unknown"),
        ("/x", "nothing"),
        ("/x.xhtml", "x.xhtml"),
        ("/case/name.html", "case"),
        ("/case/name", "case"),
        ("/a%20b/%C3%BC", "a b/ü.html"),
        ("/a b/ü", "a b/ü.html"),
        ("\\a%20b\\ü.html", "a b/ü.html"),
        ("  /about\n", "about.html"),
        ("/ab\tout", "about.html"),
        ("/img/cafe\u0301.png", "unicode"),
        ("/img/hip.PNG", "case"),
        ("/img/other\u0301.png", "nothing"),
        ("/draft", "unpublished"),
        ("/old", "about.html"),
        ("/old#nobody", "about.html"),
        ("/far", "external"),
        ("/gone", "gone.html"),
        ("/ring-a", "ring-a.html"),
        ("/%zz", "nothing"),
        ("mailto:a@example.org", "external"),
        ("javascript:void(0)", "external"),
        ("https://elsewhere.example/about", "external"),
        ("//elsewhere.example/about", "external"),
        ("https://atlas.example", "index.html"),
        ("http://ATLAS.example:80/about", "about.html"),
        ("//me@atlas.example/abuot", "nothing"),
        ("https://atlas.example?x", "index.html"),
        ("/\ue0ff.html", "unknown"),
        ("/about#\ue0ff", "unknown"),
    ],
)
def test_a_visitor_of_about_who_follows(url: str, expected: str) -> None:
    assert outcome(site(url="https://atlas.example").resolve(url, "/about.html")) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/base/about", "about.html"),
        ("/base", "index.html"),
        ("/base/", "index.html"),
        ("about", "about.html"),
        ("../base/about", "about.html"),
        ("/about", "baseurl"),
        ("/", "baseurl"),
        ("../about", "baseurl"),
        ("/based/about", "nothing"),
        ("/abuot", "nothing"),
        ("https://atlas.example/base/about", "about.html"),
        ("https://atlas.example/base/abuot", "nothing"),
        ("https://atlas.example/about", "external"),
    ],
)
def test_below_a_baseurl(url: str, expected: str) -> None:
    outputs = site(url="https://atlas.example", baseurl="/base/")
    assert outcome(outputs.resolve(url, "/x.html")) == expected


def test_what_nobody_knows_may_put_the_baseurl_in_front() -> None:
    resolution = site(baseurl="/base", stranger="the plugin strange may add pages").resolve("/about", "/x.html")
    assert resolution == Unknown("the plugin strange may add pages, and the baseurl to links")


def test_the_way_is_told() -> None:
    found = site().resolve("/old", "/")
    assert isinstance(found, Found)
    assert [target.output for target in found.through] == ["old.html"]


def test_only_the_first_answer_counts_without_following() -> None:
    outputs = site()
    assert outcome(outputs.resolve("/old", "/", follow=False)) == "old.html"
    assert outcome(outputs.resolve("/odl", "/", follow=False)) == "nothing"


def test_a_missing_path_may_be_made_by_what_cannot_be_known() -> None:
    outputs = Outputs(Index(PAGES), maybe=lambda path: "a plugin" if path.startswith("/tags/") else "")
    assert outputs.resolve("/tags/x/", "/") == Unknown("a plugin")
    assert outcome(outputs.resolve("/tag/x/", "/")) == "nothing"


def test_another_project_may_be_deployed_beside_this_one_on_the_same_host() -> None:
    assert outcome(site(url="https://atlas.example").resolve("https://atlas.example/other/", "/")) == "nothing"
    outputs = site(url="https://atlas.example", shared=True)
    assert outcome(outputs.resolve("https://atlas.example/other/", "/")) == "unknown"
    assert outcome(outputs.resolve("https://atlas.example/dir/other/", "/")) == "nothing"
    assert outcome(outputs.resolve("/other/", "/")) == "nothing"


def test_no_name_of_anchors_is_asked_for_without_a_reader() -> None:
    assert outcome(Outputs(Index(PAGES)).resolve("/about#x", "/")) == "unknown"


def test_the_candidates_of_a_path() -> None:
    assert candidates("/a/b")[:3] == ("a/b", "a/b.html", "a/b/index.html")
    assert candidates("/a/")[0] == "a/index.html"


@given(st.text(), st.sampled_from(["/", "/a/b.html", "/dir/"]), st.sampled_from(["", "/base"]))
def test_every_text_is_some_address(url: str, base: str, baseurl: str) -> None:
    outputs = site(url="https://atlas.example", baseurl=baseurl)
    address = outputs.address(url, base)
    assert not isinstance(address, Address) or address.path.startswith("/")
    assert outcome(outputs.resolve(url, base))


@given(st.sampled_from(PAGES))
def test_every_output_is_found_under_its_own_path(target: Target) -> None:
    if target.published and target.redirect is None:
        assert outcome(site().resolve("/" + target.output, "/")) == target.output


URLS = st.lists(
    st.sampled_from(
        [
            "/",
            "about",
            ".html",
            "dir",
            "old",
            "far",
            "ring-a",
            "draft",
            "#",
            "team",
            "top",
            "?x",
            "..",
            " ",
            "%61",
            "ü",
            "{{",
            "https://atlas.example",
            "//atlas.example",
            "/base",
            "logo.png",
            "/dir/",
            "/about.html",
            "\ue0ff",
        ]
    ),
    max_size=4,
).map("".join)


@example(["/old.html", "/ring-a.html", "/about.html#team", "/about.html#a b", "/far.html"], "", "")
@example(
    ["https://atlas.example/about.html", "https://atlas.example/base/about.html"], "/base", "https://atlas.example"
)
@given(st.lists(URLS, max_size=6), st.sampled_from(["", "/base"]), st.sampled_from(["https://atlas.example", "/x", ""]))
def test_what_is_notable_is_all_that_does_not_just_arrive(urls: list[str], baseurl: str, url: str) -> None:
    outputs = Outputs(
        Index(PAGES, COPIES), anchors=lambda each: ANCHORS.get(each.output, Anchors(())), baseurl=baseurl, url=url
    )
    asked = [*((each, "/about.html", "") for each in (*urls, *urls)), ("/about", "/", "nobody knows")]
    notable = outputs.notable(asked)
    assert notable.pop(len(asked) - 1) == Unknown("nobody knows")
    for number, (each, base, _) in enumerate(asked[:-1]):
        resolution = outputs.resolve(each, base)
        arrives = isinstance(resolution, Found) and not resolution.through
        assert notable.get(number) == (None if arrives else resolution)


COPIES = {"": {"logo.png": None}, "Img/": {"Hip.png": None, "a.png": None}, "img/": ["b.png"]}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/logo.png", Found(Target("logo.png", "logo.png", "/logo.png", "static"))),
        ("/Img/a.png?v=1", Found(Target("Img/a.png", "Img/a.png", "/Img/a.png", "static"))),
        ("/img/a.png", Missing("case", (), "Img/a.png")),
        ("/IMG/A.PNG", Missing("case", (), "Img/a.png")),
        ("/IMG/B.PNG", Missing("case", (), "img/b.png")),
        ("/img/c.png", Missing("nothing", ())),
        ("/img", Missing("nothing", ())),
        ("/é.png", Missing("nothing", ())),
    ],
)
def test_copies_are_found_where_they_stand(url: str, expected: Found | Missing) -> None:
    found = Outputs(Index(PAGES, COPIES)).resolve(url, "/")
    if isinstance(found, Missing):
        assert found.target == (Outputs(Index((), COPIES)).lookup("/" + found.actual) if found.actual else None)
        found = found._replace(tried=(), target=None)
    assert found == expected


def test_an_index_tells_all_that_a_visitor_meets() -> None:
    index = Index([page("a.html"), page("b.html", published=False)], COPIES)
    assert [target.output for target in index] == ["a.html", "logo.png", "Img/Hip.png", "Img/a.png", "img/b.png"]


def test_what_stands_at_the_top_of_a_shared_host_is_the_sites_own() -> None:
    outputs = Outputs(Index(PAGES, COPIES), url="https://me.github.io", shared=True)
    told = {
        url: outcome(outputs.resolve("https://me.github.io" + url, "/")) for url in ("/logo.png/", "/Img/x", "/x/y")
    }
    assert told == {"/logo.png/": "nothing", "/Img/x": "nothing", "/x/y": "unknown"}
