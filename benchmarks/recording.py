"""What the comparisons with real Jekyll share: a recording, and contentlint's answers for the same site."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SOURCE_FOLDER = Path(__file__).resolve().parent.parent / "lint"

JEKYLL_4 = "jekyll: 4\n"
"""The config of a comparison: recordings are made by Jekyll 4, whatever the site's Gemfile asks for."""


def load(path: Path) -> dict[str, Any]:
    """A recording of `record_site.rb`, as JSON or compressed with gzip."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    recording: dict[str, Any] = json.loads(data)
    return recording


def ask(site: Path, command: str, arguments: Sequence[str] = (), config: str | None = JEKYLL_4) -> Any:
    """The JSON that a command of contentlint prints for a site.

    `config` is the text of a `contentlint.yml`; None leaves the site to itself. Raises RuntimeError with what the
    command said on stderr when it could not lint the site.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCE_FOLDER), os.environ.get("PYTHONPATH", "")])}
    call = [sys.executable, "-m", "contentlint", command, "--root", str(site), "--no-cache", "--output-format", "json"]
    with tempfile.TemporaryDirectory() as folder:
        if config is not None:
            file = Path(folder, "contentlint.yml")
            file.write_text(config, encoding="utf-8")
            call += ["--config", str(file)]
        done = subprocess.run([*call, *arguments], env=environment, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(call)} left with {done.returncode}:\n{done.stderr.decode(errors='replace')}")
    return json.loads(done.stdout)


def percent(part: int, whole: int) -> str:
    """A share for people; of nothing at all, everything."""
    return f"{100 * part / whole:.2f} %" if whole else "100 %"
