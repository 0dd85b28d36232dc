"""Says in words of a site author what is wrong with text that is not YAML, and where to mend it."""

from __future__ import annotations

from contentlint.frontmatter.document import Error


def explain(text: str, start: int, end: int, problem: Exception) -> Error:
    mark = getattr(problem, "problem_mark", None)
    at = min(start + mark.index, end) if mark is not None else start
    return Error(str(getattr(problem, "problem", None) or problem), at, min(at + 1, end))
