"""The nearest name is offered, and taken for what was meant only beyond doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from contentlint.meant import Meant, Nearest
from contentlint.page import Near

FRONT = "---\n---\n"
FILES = {
    "_config.yml": "baseurl: /atlas\nplugins: [jekyll-feed]\n",
    "contentlint.yml": "pages:\n  - match: 'hip/{name}.md'\n    permalink: '/hip/{name}/'\n",
    "_includes/nav.html": "",
    "_layouts/page.html": "",
    "about us.md": FRONT + "## Origin\n",
    "hip/psoas.md": "---\npermalink: /hip/psoaas/\n---\n",
    "hip/iliacus.md": "---\npermalink: /hip/iliacus/\n---\n",
    "thigh/gracilis.md": "---\npermalink: /thigh/gracillis/\n---\n",
    "_posts/2026-01-02-first.md": FRONT,
    "img/hip.png": "",
    "old/ribs.png": "",
}


@pytest.mark.parametrize(
    ("near", "found"),
    [
        (Near("url", "/abuot%20us.html"), Nearest("/atlas/about%20us.html", "/about us.html", True)),
        (Near("url", "/hip/iliaccus/"), Nearest("/atlas/hip/iliacus/", "/hip/iliacus/", True)),
        (Near("url", "/hip/psoass/"), Nearest("/atlas/hip/psoaas/", "/hip/psoaas/", False)),
        (Near("url", "/thigh/gracilis/"), Nearest("/atlas/thigh/gracillis/", "/thigh/gracillis/", False)),
        (Near("url", "/feeed.xml"), Nearest("/atlas/feed.xml", "/feed.xml", True)),
        (Near("url", "/nothing/like/it/"), Nearest("", "", False)),
        (Near("asset", "img/hpi.png"), Nearest("/img/hip.png", "/img/hip.png", True)),
        (Near("asset", "new/ribs.png"), Nearest("/old/ribs.png", "/old/ribs.png", False)),
        (Near("anchor", "orgin", "about us.html"), Nearest("#origin", "origin", True)),
        (Near("anchor", "zzz", "about us.html"), Nearest("", "", False)),
        (Near("include", "navv.html"), Nearest("nav.html", "nav.html", True)),
        (Near("layout", "pagee"), Nearest("page", "page", True)),
        (Near("source", "hip/iliaccus.md"), Nearest("hip/iliacus.md", "hip/iliacus.md", True)),
    ],
)
def test_the_nearest_name(site: Callable[[Mapping[str, str]], object], near: Near, found: Nearest) -> None:
    assert Meant(site(FILES).assembled).nearest(near) == found  # type: ignore[attr-defined]  # a TinySite
