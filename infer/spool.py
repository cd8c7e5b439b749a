"""Rows on their way to a file: spooled a batch at a time, then read back under one schema.

Passed-through columns may appear late or change their type from document to document; when
all rows are there one schema fits them all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from .table import NAMES, SCHEMA, own_name

Result = TypeVar("Result")
COMPRESSION = "zstd"
"""Of Parquet files."""
_BATCH = 5_000
_BATCH_BYTES = 32 * 2**20
_BYTES_OF_VALUE = 64
_DEEPEST = 16


class UncastableError(Exception):
    """A column holds values that the type common to all batches cannot hold.

    Attributes:
        name: Of the column.
    """

    def __init__(self, name: str) -> None:
        self.name = name


class Spool:
    """Takes rows and gives them back, in memory bounded by one batch.

    Use it as a context manager: its file is gone behind the block.

    Args:
        path: A file of its own, which it replaces.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._types: Mapping[str, pa.DataType] = {}
        self._stream = path.open("wb")
        self._waiting: list[dict[str, Any]] = []
        self._schemas: list[pa.Schema] = []
        self._bytes = 0
        self._nested: tuple[tuple[int, ...], int] = (), 0
        self.rows = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *raised: object) -> None:
        self._stream.close()
        self._path.unlink(missing_ok=True)

    def expect(self, types: Mapping[str, pa.DataType]) -> None:
        """Take the types of passed-through columns of the rows that follow."""
        self._flush()
        self._types = types

    def add(self, row: dict[str, Any]) -> None:
        """Take one row of the table of scores."""
        self._waiting.append(row)
        self.rows += 1
        texts = (len(value) for value in row.values() if isinstance(value, str | list))
        self._bytes += _BYTES_OF_VALUE * len(row) + sum(texts) + self._nested_bytes(row)
        if len(self._waiting) >= _BATCH or self._bytes >= _BATCH_BYTES:
            self._flush()

    def _nested_bytes(self, row: dict[str, Any]) -> int:
        """Size of nested values, which all rows of a document share."""
        nested = [v for k, v in row.items() if k not in NAMES and isinstance(v, dict | list)]
        key = tuple(map(id, nested))
        if key != self._nested[0]:
            size = sum(len(json.dumps(value, default=str)) for value in nested)
            self._nested = key, size
        return self._nested[1]

    def _flush(self) -> None:
        if not self._waiting:
            return
        batch = to_batch(self._waiting, self._types)
        with pa.ipc.new_stream(self._stream, batch.schema) as stream:
            stream.write_batch(batch)
        self._schemas.append(batch.schema)
        self._waiting = []
        self._bytes = 0

    def schema(self) -> pa.Schema:
        """One schema for all rows taken so far; a column without any value is null."""
        self._flush()
        return common_schema([SCHEMA, *self._schemas])

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """All rows under a schema.

        Raises:
            UncastableError: If a column's values do not fit into its type.
        """
        self._flush()
        self._stream.flush()
        with self._path.open("rb") as spool:
            for _ in self._schemas:
                with pa.ipc.open_stream(spool) as stream:
                    for batch in stream:
                        yield cast_batch(batch, schema)


def to_batch(
    rows: Sequence[dict[str, Any]], types: Mapping[str, pa.DataType] | None = None
) -> pa.RecordBatch:
    """Rows of the table of scores as Arrow arrays, their own columns behind those of the table.

    Args:
        rows: The rows.
        types: Of their own columns, where they are known.
    """
    types = types or {}
    names = list(dict.fromkeys(key for row in rows for key in row if key not in NAMES))
    arrays = [pa.array([row.get(f.name) for row in rows], f.type) for f in SCHEMA]
    for name in names:
        known = types.get(own_name(name, types))
        arrays.append(_own_column([row.get(name) for row in rows], known))
    return pa.record_batch(arrays, names=[*SCHEMA.names, *names])


def _own_column(values: list[Any], known: pa.DataType | None) -> pa.Array:
    """A passed-through column: its own type, or JSON text where no type fits all."""
    if known is not None:
        # A dictionary is a way of storing values, not a type of them.
        plain = known.value_type if pa.types.is_dictionary(known) else known
        with suppress(pa.ArrowException, OverflowError):  # a value that came as text
            return pa.array(values, plain)
    try:
        array = pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        return pa.array([as_text(v) for v in values], pa.string())
    # Arrow drops the fields of an empty struct, Parquet cannot hold one; both bound the depth.
    shape = str(array.type) if pa.types.is_nested(array.type) else ""
    if "struct<>" in shape or shape.count("<") > _DEEPEST:
        return pa.array([as_text(v) for v in values], pa.string())
    return array


def as_text(value: Any) -> str | None:
    """A value in a column of text: JSON unless it is a string or nothing."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool | int | float | list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def common_schema(schemas: Sequence[pa.Schema]) -> pa.Schema:
    """One schema for all batches; a column of clashing types becomes text."""
    types: dict[str, pa.DataType] = {}
    for schema in schemas:
        for field in schema:
            known = types.get(field.name)
            types[field.name] = field.type if known is None else _wider(known, field.type)
    return pa.schema(list(types.items()))


def without_nulls(schema: pa.Schema) -> pa.Schema:
    """The schema with columns of text instead of those without any value."""
    return pa.schema(
        [pa.field(f.name, pa.string()) if pa.types.is_null(f.type) else f for f in schema]
    )


def _wider(a: pa.DataType, b: pa.DataType) -> pa.DataType:
    fields = [pa.schema([("x", a)]), pa.schema([("x", b)])]
    try:
        return pa.unify_schemas(fields, promote_options="permissive").field("x").type
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.string()


def fitted(schema: pa.Schema, use: Callable[[pa.Schema], Result]) -> Result:
    """Use a schema, with columns of text where their values fit into no other type.

    Args:
        schema: The schema to begin with.
        use: Casts batches to the schema that it is given; called again with another one where a
            column's values do not fit.
    """
    while True:
        try:
            return use(schema)
        except UncastableError as error:
            position = schema.get_field_index(error.name)
            schema = schema.set(position, pa.field(error.name, pa.string()))


def write_parquet(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    """Write batches of one schema."""
    with pq.ParquetWriter(path, schema, compression=COMPRESSION) as writer:
        for batch in batches:
            writer.write_batch(batch)


def cast_batch(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """A batch with the columns of a schema, empty ones where it has none.

    Raises:
        UncastableError: If a column's values do not fit into its type.
    """
    arrays = []
    for field in schema:
        position = batch.schema.get_field_index(field.name)
        if position < 0:
            arrays.append(pa.nulls(batch.num_rows, field.type))
            continue
        column = batch.column(position)
        if column.type != field.type and pa.types.is_string(field.type):
            column = pa.array([as_text(v) for v in column.to_pylist()], pa.string())
        try:
            arrays.append(column if column.type == field.type else column.cast(field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise UncastableError(field.name) from error
    return pa.record_batch(arrays, schema=schema)
