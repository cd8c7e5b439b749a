"""Writing scores: Parquet, JSONL or CSV, complete under the final name or not at all.

Rows are spooled to a file beside the output; when all are there one schema fits them, and the
final file is written and renamed.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa

from ..data.errors import ConnoteError
from .spool import Spool, as_text, fitted, without_nulls, write_parquet
from .staging import new_file_beside, replaced

OUTPUTS = (".parquet", ".jsonl", ".csv")


class OutputError(ConnoteError):
    """A call names an output that cannot be written; nothing was scored."""


def names_file(path: Path) -> bool:
    """Whether an output is meant as a file, by its ending.

    Args:
        path: What was named; ``scores``, ``scores.v2`` and whatever is a folder already is meant
            as one, unless it has an ending of `OUTPUTS`.
    """
    if path.suffix.lower() in OUTPUTS:
        return True
    return not path.is_dir() and re.fullmatch(r"\.[A-Za-z]{2,}", path.suffix) is not None


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
        new_file_beside(path).unlink()
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from error


class ScoreWriter:
    """Takes rows and leaves a file.

    Use it as a context manager: when the block ends well the file stands under its name;
    when it ends in an exception nothing does.

    Args:
        path: The file; its ending says the format.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._spool = Spool(new_file_beside(path))
        self.add, self.expect = self._spool.add, self._spool.expect

    def __enter__(self) -> ScoreWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._spool:
            if kind is None:
                with replaced(self._path) as partial:
                    schema = without_nulls(self._spool.schema())
                    fitted(schema, lambda fitting: self._write(partial, fitting))

    def _write(self, partial: Path, schema: pa.Schema) -> None:
        batches = self._spool.batches(schema)
        if self._path.suffix.lower() == ".parquet":
            write_parquet(partial, schema, batches)
        elif self._path.suffix.lower() == ".jsonl":
            _write_jsonl(partial, batches)
        else:
            _write_csv(partial, schema, batches)


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
                writer.writerow([as_text(row[name]) for name in schema.names])
