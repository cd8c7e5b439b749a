"""Rows of Parquet files, a row group at a time; damage costs the group behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .inputs import InputError, Source, is_url
from .streams import BOMB_RATIO, BOMB_SIZE

_BATCH = 16
"""Rows that are decoded at once: a dictionary may make each of them as long as any."""
_BUFFER = 2**20


class ParquetRows:
    """An open Parquet file.

    Args:
        source: Names it.

    Raises:
        InputError: If it cannot be opened as one.
    """

    def __init__(self, source: Source) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            self._file = pq.ParquetFile(_readable(source.path), buffer_size=_BUFFER)
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{source.path}: not a Parquet file: {error}") from error
        self.schema: Any = self._file.schema_arrow
        self.names: list[str] = list(self.schema.names)
        self.count: int = self._file.metadata.num_rows

    def read(self, start: int, stop: int | None) -> Iterator[tuple[int, dict[str, Any] | str]]:
        """The rows from `start` (from 0) to before `stop`.

        Yields:
            The number of a row from 0 and its values, or why it cannot be read.
        """
        end = self.count if stop is None else min(stop, self.count)
        first = 0
        for group in range(self._file.metadata.num_row_groups):
            behind = first + self._file.metadata.row_group(group).num_rows
            if first < end and behind > start:
                yield from self._read_group(group, first, start, end)
            first = behind

    def _read_group(
        self, group: int, first: int, start: int, end: int
    ) -> Iterator[tuple[int, dict[str, Any] | str]]:
        import pyarrow as pa

        at = first
        problem = self._bomb(group)
        try:
            for batch in () if problem else self._batches(group):
                if at >= end:
                    return
                if at + batch.num_rows > start:
                    part = batch.slice(max(0, start - at), end - max(at, start))
                    yield from enumerate(_values(part), max(at, start))
                at += batch.num_rows
        except (pa.ArrowException, OSError) as error:
            problem = str(error)
        if problem is not None and at < end:
            at = max(at, start)
            behind = min(end, first + self._file.metadata.row_group(group).num_rows)
            yield at, f"the rest of rows {at + 1} to {behind} cannot be read: {problem}"

    def _batches(self, group: int) -> Iterator[Any]:
        batches: Iterator[Any] = self._file.iter_batches(batch_size=_BATCH, row_groups=[group])
        return batches

    def _bomb(self, group: int) -> str | None:
        metadata = self._file.metadata.row_group(group)
        for i in range(metadata.num_columns):
            column = metadata.column(i)
            size = column.total_uncompressed_size
            if size > max(BOMB_SIZE, BOMB_RATIO * column.total_compressed_size):
                return f"column {column.path_in_schema} would grow to {size:,} bytes"
        return None

    def close(self) -> None:
        """Close it."""
        self._file.close(force=True)


def _readable(path: str) -> Any:
    if not is_url(path):
        return path
    from .remote import UrlFile

    return UrlFile(path)


def _values(batch: Any) -> Iterator[dict[str, Any] | str]:
    """The rows of a batch; if one cannot be read the others still are."""
    try:
        rows = batch.to_pylist()
    except (ValueError, OverflowError, NotImplementedError):
        rows = [_value(batch.slice(i, 1)) for i in range(batch.num_rows)]
    yield from rows


def _value(row: Any) -> dict[str, Any] | str:
    try:
        values: dict[str, Any] = row.to_pylist()[0]
    except (ValueError, OverflowError, NotImplementedError) as error:
        return f"a value that cannot be read: {error}"
    return values
