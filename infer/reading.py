"""Reading documents from files: one row, line or file at a time, bad ones reported.

A bad document never stops the rest: it comes as a `Failure` with its source, its position
and a reason.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from ..data.checks import has_surrogate, shorten
from ..data.errors import ConnoteError
from .documents import Document, DocumentError

FORMATS = ("txt", "jsonl", "csv", "parquet")
STANDARD_INPUT = Path("-")
_BATCH = 256


class InputError(ConnoteError):
    """A call names an input that cannot be read as asked; nothing was scored."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that could not be read."""

    source: str
    position: int
    reason: str

    def __str__(self) -> str:
        return f"{self.source}:{self.position}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns that matter.

    Attributes:
        text: The text, a string or a list of paragraphs.
        id: The identifier; without a name, ``id`` where there is one, else a hash of the text.
        by: A column whose values are counted apart, if any.
    """

    text: str = "text"
    id: str | None = None
    by: str | None = None


def format_of(path: Path) -> str:
    """The format that a file's ending names; plain text for standard input.

    Raises:
        InputError: If the ending names none.
    """
    if path == STANDARD_INPUT:
        return "txt"
    form = path.suffix.lower().lstrip(".")
    form = {"ndjson": "jsonl", "text": "txt"}.get(form, form)
    if form not in FORMATS:
        raise InputError(f"{path}: expected one of .{', .'.join(FORMATS)}, found {path.suffix!r}")
    return form


def check_input(path: Path, columns: Columns) -> None:
    """Check what can be checked before anything is scored.

    Raises:
        InputError: If it is missing, a folder, of no known format, or lacks a column.
    """
    names = None if path == STANDARD_INPUT else column_names(path)
    if names is None:
        return
    for name in (columns.text, columns.id, columns.by):
        if name is not None and name not in names:
            raise InputError(
                f"{path}: no column {name!r}; found {', '.join(map(str, names)) or 'none'} "
                "(name it with --text-column, --id-column or --by)"
            )
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"{path}: column {twice!r} stands twice; rename one")


def column_names(path: Path) -> list[str] | None:
    """The columns of a file, as its head tells; ``None`` where it has none.

    Raises:
        InputError: If it is missing, a folder, or of no known format.
    """
    if path.is_dir():
        raise InputError(f"{path}: expected a file, found a folder; name the files in it")
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    form = format_of(path)
    if form == "txt":
        return None
    return {"csv": _header, "parquet": _parquet_names, "jsonl": _first_keys}[form](path)


def read_documents(
    path: Path, columns: Columns, form: str | None = None
) -> Iterator[Document | Failure]:
    """The documents of a file in its order.

    Args:
        path: The file, or ``-`` for standard input.
        columns: Where text and id stand.
        form: One of `FORMATS`, else by the ending.
    """
    readers: dict[str, Callable[[Path, Columns], Iterator[Document | Failure]]] = {
        "txt": _read_text,
        "jsonl": _read_jsonl,
        "csv": _read_csv,
        "parquet": _read_parquet,
    }
    yield from readers[form or format_of(path)](path, columns)


def _open(path: Path) -> BinaryIO:
    return sys.stdin.buffer if path == STANDARD_INPUT else path.open("rb")


def _read_text(path: Path, columns: Columns) -> Iterator[Document | Failure]:
    with _open(path) as stream:
        raw = stream.read()
    name = "stdin" if path == STANDARD_INPUT else str(path)
    yield _guarded(str(path), 1, lambda: Document.of(_decode(raw), name))


def _read_jsonl(path: Path, columns: Columns) -> Iterator[Document | Failure]:
    with _open(path) as stream:
        for number, raw in enumerate(stream, 1):
            if raw.strip():
                yield _guarded(str(path), number, _json_document, raw, columns)


def _json_document(raw: bytes, columns: Columns) -> Document:
    text = _decode(raw)
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"broken JSON: {error}") from error
    if not isinstance(row, dict):
        raise DocumentError(f"expected a JSON object, found {shorten(row)}")
    return _document(row, columns, own_mentions=True)


def _read_csv(path: Path, columns: Columns) -> Iterator[Document | Failure]:
    csv.field_size_limit(2**31 - 1)
    with _open(path) as stream:
        # Bytes that are no UTF-8 become lone surrogates, which fail their row alone.
        lines = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
        rows = csv.reader(lines)
        try:
            header = next(rows, [])
        except csv.Error as error:
            raise InputError(f"{path}: not a CSV file: {error}") from error
        while True:
            try:
                row = next(rows, None)
            except csv.Error as error:
                yield Failure(str(path), rows.line_num, f"broken CSV: {error}")
                continue
            if row is None:
                return
            if row:
                yield _guarded(str(path), rows.line_num, _csv_document, header, row, columns)


def _csv_document(header: list[str], row: list[str], columns: Columns) -> Document:
    if len(row) != len(header):
        raise DocumentError(f"expected {len(header)} fields, found {len(row)}: a stray quote?")
    return _document(dict(zip(header, row, strict=True)), columns)


def _read_parquet(path: Path, columns: Columns) -> Iterator[Document | Failure]:
    import pyarrow as pa

    number = 0
    try:
        for batch in _parquet(path).iter_batches(batch_size=_BATCH):
            for i in range(batch.num_rows):
                number += 1
                yield _guarded(str(path), number, _parquet_document, batch.slice(i, 1), columns)
    except (pa.ArrowException, OSError) as error:
        yield Failure(str(path), number + 1, f"the rest cannot be read: {error}")


def _parquet_document(row: Any, columns: Columns) -> Document:
    try:
        values = row.to_pylist()[0]
    except (ValueError, OverflowError) as error:
        raise DocumentError(f"a value that cannot be read: {error}") from error
    return _document(values, columns)


def _parquet(path: Path) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path}: not a Parquet file: {error}") from error


def _parquet_names(path: Path) -> list[str]:
    return list(_parquet(path).schema_arrow.names)


def _first_keys(path: Path) -> list[str] | None:
    """The keys of the first document; ``None`` if there is none or it is broken."""
    with path.open("rb") as stream:
        raw = next((line for line in stream if line.strip()), b"")
    try:
        row = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return list(row) if isinstance(row, dict) else None


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        try:
            return next(csv.reader(stream), [])
        except csv.Error as error:
            raise InputError(f"{path}: not a CSV file: {error}") from error


def _document(row: Mapping[str, Any], columns: Columns, *, own_mentions: bool = False) -> Document:
    """A document of a row; its other columns are passed through."""
    if columns.text not in row:
        raise DocumentError(
            f"no column {columns.text!r}; found {', '.join(row)} (name it with --text-column)"
        )
    text = row[columns.text]
    paragraphs = isinstance(text, list) and all(isinstance(part, str) for part in text)
    if not isinstance(text, str) and not paragraphs:
        raise DocumentError(
            f"{columns.text}: expected a string or a list of strings, found {shorten(text)}"
        )
    id_column = columns.id or "id"
    if columns.id is not None and columns.id not in row:
        raise DocumentError(f"no column {columns.id!r} (--id-column); found {', '.join(row)}")
    name = row.get(id_column)
    taken = {columns.text, id_column, *(("mentions",) if own_mentions else ())}
    mentions = _offsets(row["mentions"]) if own_mentions and "mentions" in row else None
    others = {key: value for key, value in row.items() if key not in taken}
    if _holds_surrogate([name, others]):
        raise DocumentError("a column that is not UTF-8; convert the file first")
    return Document.of(text, None if name is None else str(name), mentions, others)


def _holds_surrogate(value: Any) -> bool:
    """Whether a string in a value, however nested, cannot be encoded."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if not item.isascii() and has_surrogate(item):
                return True
        elif isinstance(item, Mapping):
            waiting.extend((*item.keys(), *item.values()))
        elif isinstance(item, list):
            waiting.extend(item)
    return False


def _offsets(value: Any) -> list[tuple[int, int]]:
    if not isinstance(value, list):
        raise DocumentError(f"mentions: expected an array, found {shorten(value)}")
    found = []
    for i, item in enumerate(value):
        start, end = (item.get("start"), item.get("end")) if isinstance(item, dict) else (0, None)
        if type(start) is not int or type(end) is not int:
            raise DocumentError(f"mentions[{i}]: expected start and end, found {shorten(item)}")
        found.append((start, end))
    return found


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"byte {raw[error.start]:#04x} at {error.start}"
        raise DocumentError(f"expected UTF-8, found {found}; convert the file first") from error


def _guarded(
    source: str, position: int, make: Callable[..., Document], *arguments: Any
) -> Document | Failure:
    try:
        return make(*arguments)
    except DocumentError as error:
        return Failure(source, position, str(error))
