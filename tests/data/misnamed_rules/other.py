from __future__ import annotations

from contentlint.rules.broken_link import RULE as RULE
