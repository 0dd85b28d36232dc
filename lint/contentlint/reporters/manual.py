"""The manual page of a rule: the docstring of its module."""

from __future__ import annotations

import sys

from contentlint.rule import Rule


def manual(rule: Rule) -> str:
    """Markdown, the rule's summary first and once."""
    text = (rule.manual or sys.modules[rule.check.__module__].__doc__ or "").strip()
    return text if text.startswith(rule.summary) else f"{rule.summary}\n\n{text}".strip()
