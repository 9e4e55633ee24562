"""What git tracks, read from an index (gitformat-index(5)): names alone, and without git."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator

_HEADER = struct.Struct(">4sII")
#: What stands before an entry's name: 40 bytes of file status, the object's id, 16 bits of flags.
_STATUS, _FLAGS = 40, 2
#: The lengths of an object's id: SHA-1's and SHA-256's.
_IDS = (20, 32)
_EXTENDED, _LENGTH = 0x4000, 0x0FFF


def tracked(data: bytes) -> frozenset[str] | None:
    """The paths in an index, with ``/``; None for what is none, or only a part of one."""
    if len(data) < _HEADER.size:
        return None
    signature, version, count = _HEADER.unpack_from(data)
    if signature != b"DIRC" or version not in (2, 3, 4):
        return None
    for size in _IDS:
        try:
            return frozenset(map(os.fsdecode, _names(data, version, count, size)))
        except (_Misread, struct.error, IndexError):
            continue
    return None


class _Misread(Exception):
    """The bytes are no index with ids of that length."""


def _names(data: bytes, version: int, count: int, id_size: int) -> Iterator[bytes]:
    """Raises _Misread, struct.error or IndexError."""
    at, name = _HEADER.size, b""
    for _ in range(count):
        begin, at = at, at + _STATUS + id_size
        (flags,) = struct.unpack_from(">H", data, at)
        at += _FLAGS * (2 if version > 2 and flags & _EXTENDED else 1)
        kept = 0
        if version == 4:
            dropped, at = _number(data, at)
            kept = len(name) - dropped
        end = data.find(b"\0", at)
        if end < 0 or kept < 0:
            raise _Misread
        name = name[:kept] + data[at:end]
        if not name or min(len(name), _LENGTH) != flags & _LENGTH:
            raise _Misread
        yield name
        # all but the fourth version pad an entry with NULs, at least one, to a multiple of eight
        at = end + 1 if version == 4 else begin + (end - begin + 8) // 8 * 8
    # a part of the entries may stand in another file: the extension "link" names it
    if data[at : at + 4] == b"link":
        raise _Misread


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable width, and where it ends (git's varint.c)."""
    value = data[at] & 0x7F
    while data[at] & 0x80:
        at += 1
        value = (value + 1 << 7) | data[at] & 0x7F
        if value > 1 << 20:
            raise _Misread
    return value, at + 1
