"""Gzip files of any number of members, inflated in bounded memory and up to the very damage."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

CHUNK = 64 * 2**10
"""Stored bytes that are decompressed at once."""
_MOST = 256 * 2**10
_MEMBER = b"\x1f\x8b\x08"
_GAPS = 1_000
"""Gaps after which a file is left: what holds more is no archive with a damaged record."""


class InflateError(Exception):
    """The rest of a gzip file is damaged."""


def inflate(
    chunks: Iterator[bytes], *, resume: bool = False
) -> Iterator[bytes | InflateError | None]:
    """Inflate a gzip file.

    Args:
        chunks: Its bytes, at most `CHUNK` at a time.
        resume: Go on behind damage with the next member.

    Yields:
        Inflated bytes, each belonging to the chunk taken last; ``None`` for a gap; at last an
        error, if the rest is damaged.
    """
    return _Inflating(chunks, resume).blocks()


class _Inflating:
    def __init__(self, chunks: Iterator[bytes], resume: bool) -> None:
        self._chunks = chunks
        self._gaps_left = _GAPS if resume else 0
        self._inflater: Any = None
        self._members = 0
        self._is_lost = False

    def blocks(self) -> Iterator[bytes | InflateError | None]:
        for chunk in self._chunks:
            rest = chunk
            while rest:
                if self._inflater is None:
                    rest = self._begin(rest)
                    continue
                out, rest, error = self._step(rest)
                if out:
                    yield out
                if error is not None:
                    if not self._gaps_left:
                        yield InflateError(str(error))
                        return
                    self._gaps_left -= 1
                    self._inflater, self._is_lost = None, True
                    yield None
        yield from self._ending()

    def _begin(self, rest: bytes) -> bytes:
        """Go to the beginning of a member: behind damage, or behind zeros that fill a tape."""
        if self._is_lost:
            # A mark that two chunks share is passed over: the record behind it is lost too.
            at = rest.find(_MEMBER)
            rest = b"" if at < 0 else rest[at:]
        elif self._members:
            rest = rest.lstrip(b"\x00")
        if rest:
            self._inflater, self._is_lost = zlib.decompressobj(wbits=31), False
        return rest

    def _step(self, rest: bytes) -> tuple[bytes, bytes, zlib.error | None]:
        """Inflated bytes, what is left of the chunk, and what went wrong."""
        before = self._inflater.copy()
        try:
            out = self._inflater.decompress(rest, _MOST)
        except zlib.error as error:
            out, used = _up_to_damage(before, rest)
            return out, rest[max(1, used) :], error
        if not self._inflater.eof:
            return out, self._inflater.unconsumed_tail, None
        rest, self._inflater = self._inflater.unused_data, None
        self._members += 1
        return out, rest, None

    def _ending(self) -> Iterator[bytes | InflateError]:
        """What zlib still holds when all is read, which must be the end of a member."""
        while self._inflater is not None and not self._inflater.eof:
            out = self._inflater.decompress(b"", _MOST)
            if not out:
                yield InflateError("the gzip data ends early; is the file complete?")
                return
            yield out


def _up_to_damage(inflater: Any, rest: bytes) -> tuple[bytes, int]:
    """What can be inflated before the damage, byte by byte, and how many bytes were good."""
    found = bytearray()
    for i in range(len(rest)):
        try:
            found += inflater.decompress(rest[i : i + 1])
        except zlib.error:
            return bytes(found), i
    return bytes(found), len(rest)
