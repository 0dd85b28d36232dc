#!/usr/bin/env python3
"""Let `init` look at made sites without faults, plant faults, and count what its config finds, misses and wrongly says.

    init.py [--seeds 1-5] [--pages 1000] [--faults 210]

What counts as found and as a false alarm is told in planted.py. Leaves with 1 when fewer than nine of ten faults are found
or an alarm is false.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from planted import score, span, tell
from recording import SOURCE_FOLDER

GOAL = 0.9
"""The share of faults that has to be found."""


def initialise(site: Path) -> list[str]:
    """Run `contentlint init` in a site; the result is what it wrote."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCE_FOLDER), os.environ.get("PYTHONPATH", "")])}
    before = set(site.rglob("*"))
    command = [sys.executable, "-m", "contentlint", "init", "--root", str(site)]
    subprocess.run(command, env=environment, capture_output=True, check=True)
    return [str(path.relative_to(site)) for path in site.rglob("*") if path not in before and path.is_file()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=span, default=span("1-5"), help="one number or a span (default: 1-5)")
    parser.add_argument("--pages", default="1000")
    parser.add_argument("--faults", default="210")
    parser.add_argument("--show", type=int, default=10, help="how many misses and false alarms to print (default: 10)")
    arguments = parser.parse_args()
    failed = False
    make = [sys.executable, str(Path(__file__).with_name("make_site.py"))]
    for seed in arguments.seeds:
        with tempfile.TemporaryDirectory() as folder:
            clean, faulty = Path(folder, "clean"), Path(folder, "faulty")
            counts = ["--pages", arguments.pages, "--seed", str(seed)]
            subprocess.run([*make, str(clean), *counts], check=True)
            subprocess.run([*make, str(faulty), *counts, "--faults", arguments.faults], check=True)
            for path in initialise(clean):
                (faulty / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(clean / path, faulty / path)
            planted = json.loads(faulty.with_name("faulty.faults.json").read_text(encoding="utf-8"))
            result = score(faulty, planted, configured=True)
            failed |= result.found.total() < GOAL * result.planted.total() or bool(result.false)
            tell(seed, "with the config of init", result, arguments.show)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
