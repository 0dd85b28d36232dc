"""A link leaves out the site's baseurl, and so leads out of the site.

With `baseurl: /atlas` the page `/about/` is served at `/atlas/about/`. A link to `/about/` works in nobody's browser,
although the page is there. `{{ '/about/' | relative_url }}` puts the baseurl in front, whatever it is.

Fix: unsafe, with the baseurl as the config has it.
"""

from __future__ import annotations

from collections.abc import Iterator

from contentlint.rule import Default, Example, Finding, NoOptions, Rule, Subject
from contentlint.site import Site, Source


def check(source: Source, site: Site, options: NoOptions) -> Iterator[Finding]:
    """Yield a finding for each reference that is there only below the baseurl."""
    for reference, missing in source.missing("baseurl"):
        yield source.about(
            reference,
            f"{missing.tried[0]} is outside the site: its baseurl makes it {missing.actual}",
            f"write {{{{ '{missing.tried[0]}' | relative_url }}}}",
            repair=site.led_to(reference, missing.tried[0]),
        )


RULE = Rule(
    name="missing-baseurl",
    group="links",
    summary="A link leaves out the site's baseurl.",
    subject=Subject.NOTABLE,
    default=Default.ERROR,
    check=check,
    examples=(
        Example(
            "a link from the root",
            {"_config.yml": "baseurl: /atlas\n", "index.md": "---\n---\n[A](«/a.html»)\n", "a.md": "---\n---\n"},
            says="its baseurl makes it /atlas/a.html",
            fixed={"index.md": "---\n---\n[A](/atlas/a.html)\n"},
        ),
        Example(
            "with the baseurl",
            {
                "_config.yml": "baseurl: /atlas\n",
                "index.md": "---\n---\n[A](/atlas/a.html), [a]({{ '/a.html' | relative_url }}), [a](a.html)\n",
                "a.md": "---\n---\n",
            },
        ),
    ),
)
