"""The sites that are timed, and the edits that a commit makes to one."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from planted import CONFIG, SCHEMA

MAKER = Path(__file__).resolve().parent.parent / "make_site.py"
WORDS = 240
WORDS_4X = 3000
"""Words of prose that make a page four times as large, its front matter and gallery being what they are."""

ONE_PAGE = {
    "_config.yml": "title: Atlas\n",
    "index.md": "---\ntitle: The atlas\n---\n\n## Muscles\n\nOf the [hip](#muscles), and of the thigh.\n",
}


@dataclass(frozen=True, slots=True)
class Site:
    """A site on disk. Its folder is left as it was found: every edit is undone."""

    folder: Path
    pages: int
    faults: int
    page_bytes: int
    """Mean size of a page."""
    files: tuple[Path, ...]
    """The pages without a fault, in order."""


Edit = Callable[[Site, random.Random], AbstractContextManager[None]]
"""Changes a site until the context is left."""


def made(cache: Path, pages: int, faults: int = 0, words: int = WORDS) -> Site:
    """A site of `make_site.py`, with the config and the schema of `planted.py`; taken from the cache when it lies there.

    Raises subprocess.CalledProcessError when it cannot be made.
    """
    version = hashlib.sha256(MAKER.read_bytes() + CONFIG.encode() + json.dumps(SCHEMA).encode()).hexdigest()[:8]
    folder = cache / f"site-{pages}-{faults}-{words}-{version}"
    listed = folder.with_name(folder.name + ".faults.json")
    ready = folder.with_name(folder.name + ".ready")
    if not ready.exists():
        shutil.rmtree(folder, ignore_errors=True)
        counts = ["--pages", str(pages), "--faults", str(faults), "--words", str(words)]
        subprocess.run([sys.executable, str(MAKER), str(folder), *counts], check=True)
        (folder / "contentlint.yml").write_text(CONFIG, encoding="utf-8")
        (folder / "muscle-page.schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
        ready.touch()
    faulty = {row["file"] for row in json.loads(listed.read_text(encoding="utf-8"))}
    all_pages = [path for path in sorted(folder.glob("muscle/*/*.md")) if path.name != "index.md"]
    sound = tuple(path for path in all_pages if path.relative_to(folder).as_posix() not in faulty)
    return Site(folder, pages, faults, sum(path.stat().st_size for path in all_pages) // len(all_pages), sound)


def of_one_page(cache: Path) -> Site:
    """A site of one valid page, without a config."""
    folder = cache / "site-one"
    folder.mkdir(exist_ok=True)
    for name, text in ONE_PAGE.items():
        (folder / name).write_text(text, encoding="utf-8")
    page = folder / "index.md"
    return Site(folder, 1, 0, page.stat().st_size, (page,))


def touched(site: Site) -> None:
    """Read the site's text and stat its pictures, so that no program pays for a cold disk."""
    for folder, _, names in os.walk(site.folder):
        for name in names:
            path = os.path.join(folder, name)
            if name.endswith((".png", ".gif")):
                os.stat(path)
            else:
                Path(path).read_bytes()


# -- edits ------------------------------------------------------------------------------------------------------------


@contextmanager
def _rewritten(path: Path, change: Callable[[bytes], bytes]) -> Iterator[None]:
    before = path.read_bytes()
    after = change(before)
    if after == before:
        raise ValueError(f"{path} has nothing of what was to be changed")
    path.write_bytes(after)
    try:
        yield
    finally:
        path.write_bytes(before)


def body_edited(site: Site, rng: random.Random) -> AbstractContextManager[None]:
    """One more paragraph, with a link, at the end of a page without faults."""
    more = b"\nSee also [what abduction is](/terms/abduction/#sample), and the joint itself.\n"
    return _rewritten(rng.choice(site.files), lambda text: text + more)


def caption_edited(site: Site, rng: random.Random) -> AbstractContextManager[None]:
    """Another caption in the front matter of a page without faults."""
    return _rewritten(
        rng.choice(site.files), lambda text: text.replace(b"caption: '", b"caption: 'Seen from afar: ", 1)
    )


def severity_edited(site: Site, _rng: random.Random) -> AbstractContextManager[None]:
    """A rule only warns; none of its problems is there."""
    return _rewritten(site.folder / "contentlint.yml", lambda text: text + b"rules:\n  broken-anchor: warning\n")


def schema_edited(site: Site, _rng: random.Random) -> AbstractContextManager[None]:
    """One more key that pages may have: each has to be held against the schema again."""
    return _rewritten(
        site.folder / "muscle-page.schema.json",
        lambda text: text.replace(b'"properties": {', b'"properties": {"summary": {"type": "string"}, ', 1),
    )


@contextmanager
def staged(
    edit: Callable[[Site, random.Random], AbstractContextManager[None]], site: Site, rng: random.Random
) -> Iterator[None]:
    """An edit that is staged in the site's repository, and its undoing."""
    add = ["git", "add", "--all"]
    with edit(site, rng):
        subprocess.run(add, cwd=site.folder, check=True)
        yield
    subprocess.run(add, cwd=site.folder, check=True)


@contextmanager
def picture_removed(site: Site, rng: random.Random) -> Iterator[None]:
    """A picture that a page without faults shows is away."""
    page = rng.choice(site.files)
    name = next(line for line in page.read_text(encoding="utf-8").splitlines() if "- image_url:" in line)
    picture = site.folder / "assets/images" / name.partition("image_url:")[2].strip()
    away = site.folder.with_name(site.folder.name + ".removed")
    picture.rename(away)
    try:
        yield
    finally:
        away.rename(picture)


@contextmanager
def page_added(site: Site, rng: random.Random) -> Iterator[None]:
    """A new page, as another one but for its name."""
    model = rng.choice(site.files)
    new = model.with_name("novus.md")
    address, its_own = (f"/muscle/{model.parent.name}/{name}/".encode() for name in (model.stem, "novus"))
    new.write_bytes(model.read_bytes().replace(b"permalink: " + address, b"permalink: " + its_own, 1))
    try:
        yield
    finally:
        new.unlink()
