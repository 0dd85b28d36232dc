"""A table of texts by name on disk, of which a run reads only what it asks for.

The lines `name NUL text` lie sorted in blocks; the head holds the first name of each block and its checksum. One look-up reads one
block: a site of ten thousand pages has two hundred thousand outputs, and a changed page asks for some twenty of them.
"""

from __future__ import annotations

import os
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from zlib import crc32

from contentlint.cache import place
from contentlint.cache.record import DamagedError
from contentlint.digest import digest_of

_MAGIC = b"contentlint table 1\n"
_BLOCK = 8192
"""Bytes after which a block ends with the line that it is in."""
_HEAD = len(_MAGIC) + 4 + 8


def dump(rows: Iterable[tuple[str, str]]) -> bytes:
    """The table of (name, text); no name twice. Raises ValueError for a NUL or a line end in either."""
    lines = [f"{name}\0{text}".encode("utf-8", "surrogatepass") for name, text in rows]
    if any(b"\n" in line or line.count(b"\0") != 1 for line in lines):
        raise ValueError("a name cannot be told from its text")
    lines.sort()
    blocks: list[bytes] = []
    firsts: list[bytes] = []
    block: list[bytes] = []
    size = 0
    for line in lines:
        block.append(line)
        size += len(line) + 1
        if size >= _BLOCK:
            blocks.append(b"\n".join(block))
            firsts.append(block[0].partition(b"\0")[0])
            block, size = [], 0
    if block:
        blocks.append(b"\n".join(block))
        firsts.append(block[0].partition(b"\0")[0])
    del lines  # as much as all blocks
    numbers = array("q")
    for each in blocks:
        numbers.append(len(each))
        numbers.append(crc32(each))
    index = array("q", (len(blocks),)).tobytes() + numbers.tobytes() + b"\n".join(firsts)
    head = _MAGIC + crc32(index).to_bytes(4, "little") + len(index).to_bytes(8, "little")
    return b"".join((head, index, *blocks))


def seal(data: bytes) -> str:
    """What tells one table from another, by the bytes of a file's beginning: its head, which has a checksum of each block."""
    return digest_of(data[: _HEAD + int.from_bytes(data[_HEAD - 8 : _HEAD], "little")]).hex()


class Table:
    """A table that `dump` wrote, opened for reading. Every method raises DamagedError when it is not as it was written."""

    def __init__(self, path: str, sealed: str) -> None:
        """Open it. Raises OSError when it is not there, DamagedError when it is not the one with this seal."""
        self._path = path
        self._file = place.opened(path)
        try:
            self._read_index(sealed)
        except BaseException:
            self.close()
            raise

    def _read_index(self, sealed: str) -> None:
        path = self._path
        head = os.read(self._file, _HEAD)
        size = int.from_bytes(head[-8:], "little")
        if not head.startswith(_MAGIC) or len(head) < _HEAD or size > os.fstat(self._file).st_size:
            raise DamagedError(path)
        index = os.read(self._file, size)
        if crc32(index) != int.from_bytes(head[len(_MAGIC) : -8], "little") or seal(head + index) != sealed:
            raise DamagedError(path)
        count = int.from_bytes(index[:8], "little")
        numbers = array("q")
        numbers.frombytes(index[8 : 8 + 16 * count])
        self._firsts = index[8 + 16 * count :].split(b"\n") if count else []
        self._sums = numbers[1::2]
        starts = [_HEAD + size]
        for length in numbers[::2]:
            starts.append(starts[-1] + length)
        self._starts = starts
        self._blocks: dict[int, dict[bytes, bytes]] = {}

    def get(self, name: str) -> str | None:
        """The text of a name; None when it is not in the table."""
        data = name.encode("utf-8", "surrogatepass")
        number = bisect_right(self._firsts, data) - 1
        if number < 0:
            return None
        found = self._block(number).get(data)
        return None if found is None else found.decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """All of it in the order of names."""
        for number in range(len(self._firsts)):
            for name, text in self._block(number).items():
                yield name.decode("utf-8", "surrogatepass"), text.decode("utf-8", "surrogatepass")

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def _block(self, number: int) -> dict[bytes, bytes]:
        known = self._blocks.get(number)
        if known is None:
            os.lseek(self._file, self._starts[number], os.SEEK_SET)
            data = os.read(self._file, self._starts[number + 1] - self._starts[number])
            if crc32(data) != self._sums[number]:
                raise DamagedError(self._path)
            lines = (line.partition(b"\0") for line in data.split(b"\n"))
            known = self._blocks[number] = {name: text for name, _, text in lines}
        return known
