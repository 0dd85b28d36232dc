"""Who has asked for which names: four bytes for each, in the order of those who ask, to be searched as a whole."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import accumulate
from zlib import crc32

from contentlint.cache import place
from contentlint.cache.record import DamagedError
from contentlint.digest import digest_of

_MAGIC = b"contentlint asks 1\n"
_WIDTH = 4


def dump(asks: Mapping[str, array[int]]) -> bytes:
    """The numbers of names by who has asked for them. Raises ValueError for a NUL in a path."""
    paths = sorted(asks)
    if any("\0" in path for path in paths):
        raise ValueError("a path cannot be told from the next")
    names = "\0".join(paths).encode("utf-8", "surrogatepass")
    ends = array("I", accumulate(len(asks[path]) for path in paths))
    numbers = b"".join(asks[path].tobytes() for path in paths)
    data = array("Q", (len(paths), len(names))).tobytes() + names + ends.tobytes() + numbers
    return _MAGIC + crc32(data).to_bytes(8, "little") + data


def seal(data: bytes) -> str:
    """What tells one such file from another: its beginning, which has a checksum of the rest."""
    return digest_of(data[: len(_MAGIC) + 8]).hex()


class Askers:
    """What `dump` wrote, to be asked."""

    def __init__(self, path: str, sealed: str) -> None:
        """Read it. Raises OSError when it is not there, DamagedError when it is not the one with this seal, as it was written."""
        data = place.read(path)
        start = len(_MAGIC) + 8
        checksum = int.from_bytes(data[len(_MAGIC) : start], "little")
        if not data.startswith(_MAGIC) or crc32(data[start:]) != checksum or seal(data) != sealed:
            raise DamagedError(path)
        head = array("Q", data[start : start + 16])
        count, length = head
        start += 16
        self._paths = data[start : start + length].decode("utf-8", "surrogatepass").split("\0") if count else []
        start += length
        self._ends = array("I", data[start : start + _WIDTH * count])
        self._numbers = data[start + _WIDTH * count :]

    def of(self, numbers: Iterable[int]) -> list[str]:
        """Who has asked for any of these names; whoever asked for several comes as often."""
        found: list[str] = []
        for number in numbers:
            wanted = array("I", (number,)).tobytes()
            at = self._numbers.find(wanted)
            while at >= 0:
                if at % _WIDTH:
                    at = self._numbers.find(wanted, at + 1)
                    continue
                row = bisect_right(self._ends, at // _WIDTH)
                found.append(self._paths[row])
                # the rest of this one's numbers is passed over: it is on the list already
                at = self._numbers.find(wanted, self._ends[row] * _WIDTH)
        return found
