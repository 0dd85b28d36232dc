from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import contentlint
from contentlint.regex import regex


def test_an_expression_is_compiled_at_its_first_use() -> None:
    wrong, right = regex("("), regex("(?P<a>b)", re.IGNORECASE)
    assert "match" not in vars(right)
    assert (found := right.fullmatch("B")) is not None
    assert found["a"] == "B"
    assert "match" in vars(right)
    assert (right.pattern, right.groups, right.sub("x", "ab")) == ("(?P<a>b)", 1, "ax")
    with pytest.raises(re.error):
        wrong.match("")


def test_every_expression_compiles() -> None:
    for info in pkgutil.walk_packages(contentlint.__path__, "contentlint."):
        if info.name != "contentlint.__main__":
            for value in vars(importlib.import_module(info.name)).values():
                if type(value).__name__ == "regex":
                    assert value.flags >= 0
