"""What stands for a content: BLAKE2, of which no two contents in use have the same."""

from __future__ import annotations

try:  # what hashlib has, without OpenSSL, which takes as long to load as many a run
    from _blake2 import blake2b
except ImportError:  # pragma: no cover  another Python
    from hashlib import blake2b

SIZE = 16


def digest_of(data: bytes) -> bytes:
    """The `SIZE` bytes that stand for a content."""
    return blake2b(data, digest_size=SIZE).digest()
