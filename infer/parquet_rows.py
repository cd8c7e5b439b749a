"""Rows of Parquet files, a row group at a time; damage costs the group behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .inputs import InputError, Source, is_url
from .streams import BOMB_RATIO, BOMB_SIZE

_BATCH = 16
"""Rows that are decoded at once: a dictionary may make each of them as long as any."""
_MAX_LISTED = 10_000_000
"""Values that the lists of a row group may hold beside one in each row, unless it is as large."""
_UNREADABLE = (ValueError, OverflowError, NotImplementedError, KeyError)
"""What Arrow raises for values that Python does not know; the last one for unknown time zones."""
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
        return map(_exact, self._file.iter_batches(batch_size=_BATCH, row_groups=[group]))

    def _bomb(self, group: int) -> str | None:
        metadata = self._file.metadata.row_group(group)
        for i in range(metadata.num_columns):
            column = metadata.column(i)
            size, stored = column.total_uncompressed_size, column.total_compressed_size
            if size > max(BOMB_SIZE, BOMB_RATIO * stored):
                return f"column {column.path_in_schema} would grow to {size:,} bytes"
            # Runs of one value take no room in either size.
            count = column.num_values
            if count - metadata.num_rows > _MAX_LISTED and count > BOMB_RATIO * stored:
                return f"column {column.path_in_schema} would grow to {count:,} values"
        return None

    def close(self) -> None:
        """Close it."""
        self._file.close(force=True)


def _readable(path: str) -> Any:
    if not is_url(path):
        return path
    from .remote import UrlFile

    return UrlFile(path)


def _exact(batch: Any) -> Any:
    """A batch with times in microseconds, which Python knows; as text where that loses some."""
    import pyarrow as pa

    return pa.record_batch([_exact_column(c) for c in batch.columns], names=batch.schema.names)


def _exact_column(column: Any) -> Any:
    import pyarrow as pa

    for as_text in (False, True):
        kind = _known_kind(column.type, as_text)
        if kind == column.type:
            break
        try:
            return column.cast(kind)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            continue
    return column  # What Python does not know of it fails row by row.


def _known_kind(kind: Any, as_text: bool) -> Any:
    """A type of Arrow with its nanoseconds as microseconds or as text."""
    import pyarrow as pa

    if getattr(kind, "unit", None) == "ns":
        return pa.string() if as_text else _micro(kind)
    if pa.types.is_struct(kind):
        return pa.struct([_known_field(field, as_text) for field in kind])
    if pa.types.is_map(kind):
        return pa.map_(_known_kind(kind.key_type, as_text), _known_field(kind.item_field, as_text))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        list_of = pa.list_ if pa.types.is_list(kind) else pa.large_list
        return list_of(_known_field(kind.value_field, as_text))
    return kind


def _micro(kind: Any) -> Any:
    import pyarrow as pa

    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", kind.tz)
    return pa.time64("us") if pa.types.is_time64(kind) else pa.duration("us")


def _known_field(field: Any, as_text: bool) -> Any:
    return field.with_type(_known_kind(field.type, as_text))


def _values(batch: Any) -> Iterator[dict[str, Any] | str]:
    """The rows of a batch; if one cannot be read the others still are."""
    try:
        rows = batch.to_pylist()
    except _UNREADABLE:
        rows = [_value(batch.slice(i, 1)) for i in range(batch.num_rows)]
    yield from rows


def _value(row: Any) -> dict[str, Any] | str:
    try:
        values: dict[str, Any] = row.to_pylist()[0]
    except _UNREADABLE as error:
        return f"a value that cannot be read: {error}"
    return values
