"""Bytes of a source: opened, decompressed and cut into lines, in bounded memory.

Every byte has a place in the stored file: its offset where nothing is compressed, else the offset
of the chunk whose decompression brought it. Chunks have a fixed size and a file is always read
from its beginning, so a byte has the same place whoever reads it.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ..data.errors import ConnoteError
from .inflate import CHUNK, inflate
from .inputs import STANDARD_INPUT, Source, is_url

MAX_RECORD = 32 * 2**20
"""Most bytes of one record: a bound on memory."""
BOMB_RATIO, BOMB_SIZE = 200, 2**30
"""A file that grows to this many times its size and to this many bytes is left."""
BLOCK = 256 * 2**10
KEPT = 800
"""Bytes that are kept of a record that cannot be read."""


class LostError(ConnoteError):
    """A source cannot be opened or read on, for a cause that may pass: another try may do."""


class DamageError(ConnoteError):
    """What is stored is damaged: every reading ends at the same place.

    Attributes:
        at: Place of the record that was being read.
        number: Of the line that was being read, if lines were.
        head: What was read of it.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.at = 0
        self.number: int | None = None
        self.head = b""


class GapError(ConnoteError):
    """A part of a compressed file is damaged; reading goes on behind it."""


@dataclass(slots=True)
class Line:
    """A line with its end.

    Attributes:
        at: Place of its first byte.
        number: From 1.
        raw: Its bytes; of one longer than `MAX_RECORD` only the first.
        length: In bytes.
    """

    at: int
    number: int
    raw: bytes
    length: int


class Stored(io.RawIOBase):
    """The bytes of a source as they are stored, counted and handed out in chunks.

    Attributes:
        count: Bytes handed out.
        at: Offset of the latest chunk.

    Raises:
        LostError: If the source cannot be opened; reading raises it too.
    """

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.count = self.at = 0
        self._is_ours = source.path != STANDARD_INPUT
        try:
            self._file = _open(source.path)
        except (OSError, ValueError) as error:
            raise LostError(f"cannot be opened: {error}") from error

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `CHUNK`; fewer than asked for only at the end."""
        try:
            chunk = self._file.read(CHUNK if size < 0 else min(size, CHUNK))
        except OSError as error:
            raise LostError(str(error)) from error
        if chunk:
            self.at = self.count
            self.count += len(chunk)
        return chunk

    def readable(self) -> bool:
        """Always."""
        return True

    def rewind(self) -> None:
        """Begin again."""
        self._file.seek(0)
        self.count = self.at = 0

    def close(self) -> None:
        """Close the file, unless it is standard input."""
        if self._is_ours and not self.closed:
            self._file.close()
        super().close()


def _open(path: str) -> IO[bytes]:
    if path == STANDARD_INPUT:
        return sys.stdin.buffer
    if is_url(path):
        from .remote import UrlFile

        return io.BufferedReader(UrlFile(path), 16 * CHUNK)
    return Path(path).open("rb")


class ByteStream:
    """The decompressed bytes of a source, from the beginning to the end.

    Args:
        source: A source of any form but Parquet.
        resume: Go on behind damage where a new member of a gzip file begins; `GapError` is raised
            once for each gap.

    Raises:
        LostError: If the source cannot be opened; reading raises it too, and `DamageError`.
    """

    def __init__(self, source: Source, *, resume: bool = False) -> None:
        self.stored = Stored(source)
        self.number = 0
        self._shifts = source.compression is None
        self._blocks = _blocks(self.stored, source.compression, resume)
        self._block, self._offset, self._block_at = b"", 0, 0
        self._decoded = 0

    @property
    def at(self) -> int:
        """Place of the next byte, as far as it is known."""
        return self._block_at + self._offset if self._shifts else self._block_at

    def line(self) -> Line | None:
        """The next line; ``None`` at the end."""
        self.number += 1
        if self._offset >= len(self._block) and not self._filled(self.stored.at, b""):
            self.number -= 1
            return None
        at = self.at
        end = self._block.find(b"\n", self._offset) + 1
        if end:
            raw = self._block[self._offset : end]
            self._offset = end
            return Line(at, self.number, raw, len(raw))
        return self._long_line(at)

    def _long_line(self, at: int) -> Line:
        """A line that reaches beyond its block."""
        parts: list[bytes] = []
        length = end = 0
        while not end:
            end = self._block.find(b"\n", self._offset) + 1
            part = self._block[self._offset : end or len(self._block)]
            self._offset += len(part)
            length += len(part)
            if length <= MAX_RECORD:
                parts.append(part)
            else:
                parts = [b"".join(parts)[:KEPT]]
            if not end and not self._filled(at, parts[0]):
                break
        return Line(at, self.number, b"".join(parts), length)

    def take(self, size: int) -> bytes:
        """The next bytes, fewer only at the end."""
        at, parts, wanted = self.at, [], size
        while wanted > 0:
            part = self._block[self._offset : self._offset + wanted]
            self._offset += len(part)
            wanted -= len(part)
            parts.append(part)
            if wanted and not self._filled(at, parts[0]):
                break
        return b"".join(parts)

    def skip(self, size: int) -> int:
        """Pass over bytes; returns how many there were."""
        at, wanted = self.at, size
        while wanted > 0:
            passed = min(wanted, len(self._block) - self._offset)
            self._offset += passed
            wanted -= passed
            if wanted and not self._filled(at, b""):
                break
        return size - wanted

    def _filled(self, at: int, head: bytes) -> bool:
        """Whether there is a next block; an error says which record it ended."""
        try:
            found = next(self._blocks, None)
            if found is None:
                return False
            self._block_at, block = found
            self._block, self._offset = block or b"", 0
            if block is None:
                raise GapError("damaged compressed data")
            self._decoded += len(block)
            if self._decoded > max(BOMB_SIZE, BOMB_RATIO * self.stored.count):
                raise DamageError(
                    f"{self.stored.count} bytes became more than {BOMB_RATIO} times as many; is "
                    "it a decompression bomb? Decompress the file first if it is not"
                )
        except DamageError as error:
            error.at, error.head = at, head[:KEPT]
            error.number = self.number or None
            self._blocks = iter(())
            raise
        return True

    def close(self) -> None:
        """Close the file."""
        self.stored.close()


def _blocks(
    stored: Stored, compression: str | None, resume: bool
) -> Iterator[tuple[int, bytes | None]]:
    """Decompressed bytes with their places; ``None`` for a gap."""
    if compression == "gzip":
        for block in inflate(iter(stored.read, b""), resume=resume):
            if isinstance(block, Exception):
                raise DamageError(str(block)) from block
            yield stored.at, block
    elif compression == "zstd":
        yield from _unzstd(stored)
    else:
        while chunk := stored.read():
            yield stored.at, chunk


def _unzstd(stored: Stored) -> Iterator[tuple[int, bytes]]:
    import pyarrow as pa

    decoded = 0
    stream = pa.CompressedInputStream(pa.PythonFile(stored, "r"), "zstd")
    try:
        while block := stream.read(BLOCK):
            decoded += len(block)
            yield stored.at, block
    except (pa.ArrowException, OSError) as error:
        yield stored.at, _before_damage(stored, decoded)
        raise DamageError(str(error)) from error


def _before_damage(stored: Stored, decoded: int) -> bytes:
    """What a failing read of a block lost: the bytes before the damage, read one by one."""
    import pyarrow as pa

    stored.rewind()
    stream = pa.CompressedInputStream(pa.PythonFile(stored, "r"), "zstd")
    found = bytearray()
    try:
        while decoded:
            decoded -= len(stream.read(min(decoded, BLOCK)))
        while byte := stream.read(1):
            found += byte
    except (pa.ArrowException, OSError):
        return bytes(found)
    return bytes(found)
