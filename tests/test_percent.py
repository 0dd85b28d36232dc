from __future__ import annotations

import urllib.parse

from hypothesis import given
from hypothesis import strategies as st

from contentlint import percent

TEXTS = st.text(st.sampled_from("azf09/_.-~+%2Fé ?#&"), max_size=12)


@given(TEXTS, st.sampled_from(["", "/", "/%:@!$&'()*+,;=~-._"]))
def test_escapes_are_urllibs(text: str, safe: str) -> None:
    assert percent.quote(text, safe) == urllib.parse.quote(text, safe)
    assert percent.unquote(text) == urllib.parse.unquote(text)
    assert percent.unquote_plus(text) == urllib.parse.unquote_plus(text)


def test_addresses_join_as_urllib_joins_them() -> None:
    assert percent.urljoin("/a/b/", "../c") == "/a/c"
