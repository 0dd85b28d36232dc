"""contentlint: finds what leads nowhere in the source of a static site, without building it."""

from __future__ import annotations

__version__ = "0.1.0"
