"""An archive cut into shards: what is scored, committed and counted together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .columns import count_rows
from .inputs import InputError, Source
from .reading import Piece

LEAST_BYTES, MOST_BYTES = 64 * 2**10, 2 * 2**20
"""Bounds of a shard that nobody gave a size for: about 2 s and 1 min of one core."""
SHARDS_OF_AN_ARCHIVE = 64
"""Shards that a small archive is cut into, so that all cores have work until the end."""
MOST_FILES = 1_000
COMPRESSION_RATIO = 4
"""How much text compresses, about: so much less of a compressed file makes a shard."""
_CUT = frozenset(("jsonl", "csv", "tsv", "warc", "parquet"))
"""Formats with many documents in a file."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Files, or a slice of one, that are scored and committed together.

    Attributes:
        number: From 0, in the order of the archive.
        pieces: In their order.
        size: Bytes of the stored files that it reads.
    """

    number: int
    pieces: tuple[Piece, ...]
    size: int


def default_bytes(sources: Sequence[Source]) -> int:
    """The size of shards for an archive; the same on every machine.

    Args:
        sources: Its files.

    Returns:
        Bytes of plain text, about.
    """
    total = sum(_weight(source) for source in sources)
    return min(max(total // SHARDS_OF_AN_ARCHIVE, LEAST_BYTES), MOST_BYTES)


def cut(sources: Sequence[Source], size: int) -> Iterator[Shard]:
    """Cut an archive: slices of large files, small files together.

    Args:
        sources: Its files, in their order.
        size: Bytes of plain text for a shard, about.
    """
    for number, pieces in enumerate(_groups(sources, size)):
        yield Shard(number, tuple(piece for piece, _ in pieces), sum(own for _, own in pieces))


def _groups(sources: Sequence[Source], size: int) -> Iterator[list[tuple[Piece, int]]]:
    """Pieces of one shard with the bytes of the stored file that each reads."""
    together: list[tuple[Piece, int]] = []
    weight = 0
    for source in sources:
        own = _weight(source)
        if together and (weight + own > size or len(together) == MOST_FILES):
            yield together
            together, weight = [], 0
        if own > size and source.form in _CUT:
            for piece in _slices(source, size):
                yield [piece]
            continue
        together.append((Piece(source), source.size))
        weight += own
    if together:
        yield together


def _weight(source: Source) -> int:
    return source.size * (COMPRESSION_RATIO if source.compression else 1)


def _slices(source: Source, size: int) -> Iterator[tuple[Piece, int]]:
    """A file in slices of about one size, in the unit in which its pieces are counted."""
    try:
        length = count_rows(source) if source.form == "parquet" else source.size
    except InputError:
        yield Piece(source), source.size  # reading it comes to the same end and reports it
        return
    if length == 0:
        yield Piece(source), source.size
    parts = max(1, -(-_weight(source) // size))
    step = max(1, -(-length // parts))
    for start in range(0, length, step):
        # The last one reaches to the end, wherever that is when it is read.
        stop = start + step if start + step < length else None
        own = (length if stop is None else stop) - start
        yield Piece(source, start, stop), source.size * own // length
