"""Jekyll 4.3 (and 3.10 where told): which files it reads, what they are, their URLs and output paths."""

from __future__ import annotations
