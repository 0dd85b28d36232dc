"""What rules may ask of a site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlint.liquid import MARK
from contentlint.page import Anchor, AnchorList, KeyPath, Place, Reference, References, Role
from contentlint.resolving import Found, Index, Missing, Outputs, Target, Unknown
from contentlint.site import Redirect, Resolutions, Site, Source, arrivals, asked, dotted

PAGE = Target("a.md", "a/index.html", "/a/", "page")
PICTURE = Target("img/monday.png", "img/monday.png", "/img/monday.png", "static")


def site(*targets: Target, baseurl: str = "", url: str = "", sources: dict[str, Source] | None = None) -> Site:
    return Site(sources or {}, targets, Outputs(Index(targets), baseurl=baseurl, url=url))


class Told(NamedTuple):
    """What has read a file, with what it knows."""

    places: Mapping[KeyPath, tuple[int, int]] = {}
    key_places: Mapping[KeyPath, tuple[int, int]] = {}
    defaults: Mapping[KeyPath, Place] = {}

    def text(self) -> str:
        return "text"

    def place_of(self, key: KeyPath) -> tuple[int, int] | None:
        return self.places.get(key)

    def key_place_of(self, key: KeyPath) -> tuple[int, int] | None:
        return self.key_places.get(key)

    def default_place(self, key: KeyPath) -> Place | None:
        return self.defaults.get(key)


def source(path: str = "b.md", url: str = "", role: Role = Role.PAGE) -> Source:
    """A page with one reference that only a build can tell."""
    page = Source(path, "page", Told(), opening=Place(path, 0, 3))
    page.references = References.of([Reference(url, role, Place(path, 5, 8), "/b/")] if url else ())
    unknown = Unknown("who knows")
    page.resolved = Resolutions(page.references, lambda _: unknown, dict.fromkeys(range(len(page.references)), unknown))
    return page


@pytest.mark.parametrize(
    ("url", "target", "expected"),
    [
        (f"/img/{MARK}.png", PICTURE, True),
        (f"img/{MARK}.png?v=1#x", PICTURE, True),
        (f"../img/{MARK}", PICTURE, True),
        (f"/img/{MARK}.gif", PICTURE, False),
        (f"/atlas/img/{MARK}.png", PICTURE, True),
        (f"https://atlas.example/img/{MARK}.png", PICTURE, True),
        (f"https://{MARK}/img/monday.png", PICTURE, True),
        (f"https://other.example/img/{MARK}.png", PICTURE, False),
        (f"//other.example/img/{MARK}.png", PICTURE, False),
        (f"mailto:{MARK}", PICTURE, False),
        (MARK, PICTURE, True),
        (f"/{MARK}", PAGE, True),
        ("/a", PAGE, True),
        ("/a/", PAGE, True),
        (f"/b/{MARK}", PAGE, False),
    ],
)
def test_what_only_a_build_can_tell_may_lead_somewhere(url: str, target: Target, expected: bool) -> None:
    pages = {"b.md": source(url=url)}
    asked_site = site(PAGE, PICTURE, baseurl="/atlas", url="https://atlas.example", sources=pages)
    assert asked_site.may_be_used(target) is expected


def test_a_picture_never_leads_to_a_page() -> None:
    pages = {"b.md": source(url=MARK, role=Role.IMAGE)}
    assert not site(PAGE, PICTURE, sources=pages).may_be_used(PAGE)
    assert site(PAGE, PICTURE, sources=pages).may_be_used(PICTURE)


def test_a_value_without_a_place_stands_at_the_nearest_around_it() -> None:
    page = source()
    assert page.value_place(("title",)) == page.opening
    page.origin = Told({("images",): (4, 9)}, {}, {("layout",): Place("_config.yml", 1, 2)})
    assert page.value_place(("images", 0, "url")) == Place("b.md", 4, 9)
    assert page.key_place(("images",)) == Place("b.md", 4, 9)
    assert page.value_place(("layout",)) == Place("_config.yml", 1, 2)
    page.origin = Told({}, {("images",): (3, 4)})
    assert page.key_place(("images",)) == Place("b.md", 3, 4)


def test_what_stands_in_an_unknown_file_is_nothing() -> None:
    assert site(sources={"b.md": source()}).written(Place("b.md", 0, 2)) == "te"
    assert site().written(Place("b.md", 0, 2)) == ""


def test_the_way_of_redirects_ends_at_a_hole_elsewhere_or_a_page() -> None:
    def redirect(url: str, to: str) -> Target:
        return Target("b.md", url.lstrip("/"), url, "redirect", True, to)

    one, two = redirect("/1.html", "/2.html"), redirect("/2.html", "/a/#x")
    hole, out = redirect("/3.html", "/none/"), redirect("/4.html", "https://example.org/")
    circle = redirect("/5.html", "/5.html")
    atlas = site(PAGE, one, two, hole, out, circle)
    assert atlas.way_of(one) == [two, PAGE]
    assert atlas.way_of(hole) == []
    assert atlas.way_of(out) == []
    assert atlas.way_of(circle) == [circle]
    assert Redirect(one, source(), ("redirect_from",)).target.redirect == "/2.html"


def test_arrivals_count_what_was_meant() -> None:
    assert arrivals(Found(PAGE, (PICTURE,))) == (PICTURE, PAGE)
    assert arrivals(Missing("case", ("A/index.html",), "a/index.html", PAGE)) == (PAGE,)
    assert arrivals(Missing("nothing", ("b",))) == ()
    assert arrivals(Unknown("who knows")) == ()


@pytest.mark.parametrize("path", ["/", "/a/", "/a", "/a.html", "/a/index.html", "/a/index.htm"])
def test_the_path_that_was_asked_for(path: str) -> None:
    found = site().outputs.resolve(path, "/")
    assert isinstance(found, Missing)
    assert asked(found) == path


def test_key_paths_are_written_with_dots() -> None:
    assert dotted(("gallery", 0, "image_url")) == "gallery[0].image_url"
    assert dotted((0, "a")) == "[0].a"
    assert dotted(()) == ""


PLACES = st.builds(Place, st.just("b.md"), st.integers(0, 99), st.integers(0, 99))
REFERENCES = st.builds(
    Reference,
    st.text(max_size=9),
    st.sampled_from(Role),
    PLACES,
    st.sampled_from(["/b/", "/c/"]),
    st.sampled_from(["", "who knows"]),
    st.sampled_from([(), ("gallery", 0, "image_url")]),
    st.none() | PLACES,
    st.none() | st.text(max_size=9),
)


@given(st.lists(REFERENCES, max_size=6))
def test_references_come_out_of_their_columns_as_they_went_in(references: list[Reference]) -> None:
    columns = References.of(references)
    assert list(columns) == references
    assert columns[1:-1] == references[1:-1]
    assert list(columns.shown_keys()) == [each.key for each in references if each.template is not None]
    assert list(columns.asked()) == [(each.url, each.base, each.unknown) for each in references]


def test_what_became_of_references_is_found_out_again_where_they_just_arrive() -> None:
    references = References.of([Reference(url, Role.PAGE, Place("b.md", 0, 1), "/b/") for url in ("/a/", "/x/", "/a")])
    outputs = Outputs(Index([PAGE]))
    missing = Missing("nothing", ("x/index.html",))
    became = Resolutions(references, lambda each: outputs.resolve(each.url, each.base), {1: missing})
    assert list(became) == [Found(PAGE), missing, Found(PAGE)]
    assert became[1:] == [missing, Found(PAGE)]
    assert not source().resolved


@given(
    st.lists(
        st.builds(
            Anchor,
            st.text(max_size=9),
            st.builds(Place, st.sampled_from(["b.md", "c.html"]), st.integers(0, 99), st.integers(0, 99)),
            st.sampled_from(["id", "heading"]),
        ),
        max_size=6,
    )
)
def test_anchors_come_out_of_their_columns_as_they_went_in(anchors: list[Anchor]) -> None:
    odd = {row: each.place.path for row, each in enumerate(anchors) if each.place.path != "b.md"}
    starts, ends = [each.place.start for each in anchors], [each.place.end for each in anchors]
    names, kinds = [each.name for each in anchors], [each.kind for each in anchors]
    columns = AnchorList("b.md", names, starts, ends, kinds, odd)
    assert list(columns.names) == names
    assert list(columns) == anchors
    assert columns[:-1] == anchors[:-1]
