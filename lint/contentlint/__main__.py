"""`python -m contentlint`: the same as the console script."""

from __future__ import annotations

from contentlint.cli import main

main()
