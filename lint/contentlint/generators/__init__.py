"""Site generators: what each makes of the files of a source folder. Jekyll is the first."""

from __future__ import annotations
