"""Writing scores: Parquet, JSONL or CSV, complete under the final name or not at all.

Rows are spooled to a file beside the output, a batch at a time. Passed-through columns
may appear late or change their type from document to document; when all rows are there
one schema fits them all, and the final file is written and renamed.
"""

from __future__ import annotations

import csv
import json
import math
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ..data.errors import ConnoteError
from .table import SCHEMA

OUTPUTS = (".parquet", ".jsonl", ".csv")
_BATCH = 5_000
_BATCH_BYTES = 32 * 2**20
_DEEPEST = 16


class OutputError(ConnoteError):
    """A call names an output that cannot be written; nothing was scored."""


def check_output(path: Path, *, overwrite: bool, endings: Sequence[str] = OUTPUTS) -> None:
    """Check an output before anything is scored.

    Args:
        path: Where it shall go.
        overwrite: Whether it may exist.
        endings: What it may end in.

    Raises:
        OutputError: If its ending is unknown, it exists, or its folder cannot be written.
    """
    if path.suffix.lower() not in endings:
        raise OutputError(
            f"{path}: expected an output ending in {', '.join(endings)}, found {path.suffix!r}"
        )
    if path.is_dir():
        raise OutputError(f"{path}: expected a file to write, found a folder")
    if path.exists() and not overwrite:
        raise OutputError(f"{path}: exists; give another name or --overwrite")
    if not path.parent.is_dir():
        raise OutputError(f"{path}: no folder {path.parent}; make it first")
    try:
        _new_file_beside(path).unlink()
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from error


def _new_file_beside(path: Path) -> Path:
    """A file of our own in the output's folder: two runs never share one."""
    handle, name = tempfile.mkstemp(prefix=".connote-", suffix=".partial", dir=path.parent)
    os.close(handle)
    return Path(name)


class _UncastableError(Exception):
    """A column holds values that the type common to all batches cannot hold."""

    def __init__(self, position: int) -> None:
        self.position = position


class ScoreWriter:
    """Takes rows and leaves a file.

    Use it as a context manager: when the block ends well the file stands under its name;
    when it ends in an exception nothing does.

    Args:
        path: The file; its ending says the format.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: list[dict[str, Any]] = []
        self._schemas: list[pa.Schema] = []
        self._bytes = 0
        self._spool_path = _new_file_beside(path)
        self._partial_path = _new_file_beside(path)
        self._spool = self._spool_path.open("wb")

    def __enter__(self) -> ScoreWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._flush()
                self._spool.close()
                self._finish()
        finally:
            self._spool.close()
            self._spool_path.unlink(missing_ok=True)
            self._partial_path.unlink(missing_ok=True)

    def add(self, row: dict[str, Any]) -> None:
        """Take one row."""
        self._waiting.append(row)
        self._bytes += sum(len(value) for value in row.values() if isinstance(value, str | list))
        if len(self._waiting) >= _BATCH or self._bytes >= _BATCH_BYTES:
            self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        batch = _to_batch(self._waiting)
        with pa.ipc.new_stream(self._spool, batch.schema) as stream:
            stream.write_batch(batch)
        self._schemas.append(batch.schema)
        self._waiting = []
        self._bytes = 0

    def _finish(self) -> None:
        schema = _common([SCHEMA, *self._schemas])
        partial = self._partial_path
        while True:
            try:
                self._write(partial, schema)
                break
            except _UncastableError as error:
                name = schema.field(error.position).name
                schema = schema.set(error.position, pa.field(name, pa.string()))
        # mkstemp made it private; a file that one writes oneself follows the umask.
        mask = os.umask(0)
        os.umask(mask)
        partial.chmod(0o666 & ~mask)
        partial.replace(self._path)

    def _write(self, partial: Path, schema: pa.Schema) -> None:
        batches = self._batches(schema)
        if self._path.suffix.lower() == ".parquet":
            with pq.ParquetWriter(partial, schema, compression="zstd") as writer:
                for batch in batches:
                    writer.write_batch(batch)
        elif self._path.suffix.lower() == ".jsonl":
            _write_jsonl(partial, batches)
        else:
            _write_csv(partial, schema, batches)

    def _batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        with self._spool_path.open("rb") as spool:
            for _ in self._schemas:
                with pa.ipc.open_stream(spool) as stream:
                    for batch in stream:
                        yield _cast(batch, schema)


def _to_batch(rows: Sequence[dict[str, Any]]) -> pa.RecordBatch:
    names = list(dict.fromkeys(key for row in rows for key in row if key not in SCHEMA.names))
    arrays = [pa.array([row.get(f.name) for row in rows], f.type) for f in SCHEMA]
    arrays += [_own_column([row.get(name) for row in rows]) for name in names]
    return pa.record_batch(arrays, names=[*SCHEMA.names, *names])


def _own_column(values: list[Any]) -> pa.Array:
    """A passed-through column: its own type, or JSON text where no type fits all."""
    try:
        array = pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        return pa.array([_as_text(v) for v in values], pa.string())
    # Arrow drops the fields of an empty struct, Parquet cannot hold one; both bound the depth.
    shape = str(array.type) if pa.types.is_nested(array.type) else ""
    if "struct<>" in shape or shape.count("<") > _DEEPEST:
        return pa.array([_as_text(v) for v in values], pa.string())
    return array


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool | int | float | list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _common(schemas: Sequence[pa.Schema]) -> pa.Schema:
    """One schema for all batches; a column of clashing types becomes text."""
    types: dict[str, pa.DataType] = {}
    for schema in schemas:
        for field in schema:
            known = types.get(field.name)
            types[field.name] = field.type if known is None else _wider(known, field.type)
    nulls = {name: pa.string() if pa.types.is_null(kind) else kind for name, kind in types.items()}
    return pa.schema(list(nulls.items()))


def _wider(a: pa.DataType, b: pa.DataType) -> pa.DataType:
    fields = [pa.schema([("x", a)]), pa.schema([("x", b)])]
    try:
        return pa.unify_schemas(fields, promote_options="permissive").field("x").type
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.string()


def _cast(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    arrays = []
    for number, field in enumerate(schema):
        position = batch.schema.get_field_index(field.name)
        if position < 0:
            arrays.append(pa.nulls(batch.num_rows, field.type))
            continue
        column = batch.column(position)
        if column.type != field.type and pa.types.is_string(field.type):
            column = pa.array([_as_text(v) for v in column.to_pylist()], pa.string())
        try:
            arrays.append(column if column.type == field.type else column.cast(field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise _UncastableError(number) from error
    return pa.record_batch(arrays, schema=schema)


def _write_jsonl(path: Path, batches: Iterator[pa.RecordBatch]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for batch in batches:
            for row in batch.to_pylist():
                out.write(_as_json(row) + "\n")


def _as_json(row: dict[str, Any]) -> str:
    """One JSON object; what JSON cannot say, NaN and infinity, becomes ``null``."""
    try:
        return json.dumps(row, ensure_ascii=False, default=str, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(row), ensure_ascii=False, default=str)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _write_csv(path: Path, schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(schema.names)
        for batch in batches:
            for row in batch.to_pylist():
                writer.writerow([_as_text(row[name]) for name in schema.names])
