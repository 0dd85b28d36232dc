"""A page does not link back to the page that it belongs to.

The config says where the pages of a pattern link back to: `back-link: "/muscle/{region}/"`. Any link of the page to that
address counts, in the body, in front matter or made by an include. One that was meant to lead there and leads nowhere is a
`broken-link`, and that is all there is to mend.

Fix: none; only the author knows where the link is to stand.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.nearest import nearest
from contentlint.resolving import Found
from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source, arrivals, asked


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding if the page's references reach its back-link nowhere."""
    if not source.back_link or source.muted or source.target is None or source.is_copied:
        return
    wanted = site.outputs.resolve(site.outputs.baseurl + source.back_link, "/")
    if isinstance(wanted, Found) and wanted.target.output == source.target.output:
        return
    ends = {target.output for target in arrivals(wanted)}
    for resolution in source.resolved:
        if ends & {target.output for target in arrivals(resolution)}:
            return
    if any(_is_meant(source.back_link, asked(missing)) for _, missing in source.missing("nothing")):
        return
    yield Finding(
        source.place(source.body, source.body),
        source.back_link,
        f"no link back to {source.back_link}",
        f"add one: [Back]({site.shown(source.back_link)})",
    )


def _is_meant(back_link: str, path: str) -> bool:
    """Whether a path that leads nowhere is the address to link back to, or a slip of the pen away from it."""
    return path == back_link or bool(nearest(path, [back_link]))


RULE = Rule(
    name="missing-back-link",
    group="links",
    summary="A page does not link back to the page that the config says it belongs to.",
    subject=Subject.PAGE,
    having="back_link",
    default=Default.CONFIGURED,
    check=check,
    examples=(
        Example(
            "no way back",
            {
                "contentlint.yml": "pages:\n  - match: 'hip/{name}.md'\n    back-link: /hip/\n",
                "hip/psoas.md": "---\n---\n«»The psoas.\n",
                "hip.md": "---\npermalink: /hip/\n---\n",
            },
            says="no link back to /hip/",
        ),
        Example(
            "the page itself",
            {
                "contentlint.yml": "pages:\n  - match: '{name}.md'\n    back-link: /hip/\n",
                "hip.md": "---\npermalink: /hip/\n---\n",
            },
        ),
        Example(
            "a link back",
            {
                "contentlint.yml": "pages:\n  - match: 'hip/{name}.md'\n    back-link: /hip/\n",
                "hip/psoas.md": "---\n---\n[Back](/hip/)\n",
                "hip.md": "---\npermalink: /hip/\n---\n",
            },
        ),
        Example(
            "a misspelt link back is a broken link, and no more",
            {
                "contentlint.yml": "pages:\n  - match: 'hip/{name}.md'\n    back-link: /hip/\n",
                "hip/psoas.md": "---\n---\n[Back](/hipp/)\n",
                "hip.md": "---\npermalink: /hip/\n---\n",
            },
        ),
    ),
)
