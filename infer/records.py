"""Records of a file before anything is made of them: cheap to pass over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .streams import KEPT, MAX_RECORD, ByteStream, DamageError

_MIB = 2**20


@dataclass(slots=True)
class Record:
    """A record.

    Attributes:
        at: Place of its first byte in the stored file.
        number: Of its line, or of the record, from 1.
        content: What its format makes a document of.
        head: Its first bytes.
        problem: Why there is no content, if there is none.
    """

    at: int
    number: int
    content: Any
    head: bytes
    problem: str | None = None


def too_long(length: int) -> str:
    """Why a record of so many bytes is not read."""
    limit = f"expected at most {MAX_RECORD // _MIB} MiB"
    return f"{limit}, found a record of {length / _MIB:.1f} MiB; split it"


def scan_lines(stream: ByteStream) -> Iterator[Record]:
    """The lines that are not blank."""
    while (line := stream.line()) is not None:
        if line.length > MAX_RECORD:
            yield Record(line.at, line.number, None, line.raw, too_long(line.length))
        elif not line.raw.isspace():
            yield Record(line.at, line.number, line.raw, line.raw)


def scan_whole(stream: ByteStream) -> Iterator[Record]:
    """The file as one record."""
    raw = stream.take(MAX_RECORD)
    problem = None
    if len(raw) == MAX_RECORD and stream.skip(1):
        problem = f"expected at most {MAX_RECORD // _MIB} MiB, found more; split the file"
    yield Record(0, 1, raw if problem is None else None, raw[:KEPT], problem)


def with_damage(scanned: Iterator[Record]) -> Iterator[Record]:
    """Records, and at last one with the problem if the file is damaged."""
    number = 0
    try:
        for record in scanned:
            number = record.number
            yield record
    except DamageError as error:
        reason = f"the rest cannot be read: {error}"
        yield Record(error.at, error.number or number + 1, None, error.head, reason)
