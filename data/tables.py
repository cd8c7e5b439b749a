"""Rows of public corpora: JSONL, delimited files, documents, checked while they are read.

A file of another shape than its corpus is refused with what was found and what is allowed.
No file is trusted: lines, rows, documents and texts have a largest size.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from .checks import (
    Problem,
    RecordError,
    decode_json,
    decode_utf8,
    has_surrogate,
    line_error,
    read_lines,
    shorten,
)
from .errors import UsageError
from .schema import Example

MAX_BYTES = 4 * 2**20
"""Largest row of a delimited file and largest document that is read: a bound on memory."""
MAX_TEXT = 2**17
"""Longest text of a row, in code points; the csv module has the same limit for a field."""
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a corpus and where it stands.

    Attributes:
        file: Name used in errors.
        line: Where the row starts, from 1.
        values: What stands in its columns.
    """

    file: str
    line: int
    values: Mapping[str, Any]

    def wrong(self, field: str, found: Any, allowed: str) -> RecordError:
        """The error that says what was found in a field and what is allowed."""
        return RecordError([Problem(self.file, self.line, field, shorten(found), allowed)])

    def require(self, columns: Sequence[str], form: str = "") -> None:
        """Refuse a row that lacks a column.

        Args:
            columns: Those that it must have.
            form: What else is allowed of the whole file, for the error.

        Raises:
            RecordError: Naming the columns that are missing and those that are there.
        """
        missing = [column for column in columns if column not in self.values]
        if missing:
            found = f"{_few(self.values)}, without {', '.join(missing)}"
            allowed = ", ".join(columns) + form
            raise RecordError([Problem(self.file, self.line, "columns", found, allowed)])

    def text(self, column: str) -> str:
        """The text in a column.

        Raises:
            RecordError: If it is no text, blank, too long or cannot be written in UTF-8.
        """
        return self.checked_text(column, self.values.get(column))

    def optional_text(self, column: str) -> str | None:
        """The text in a column; ``None`` where there is no such column or nothing in it.

        Raises:
            RecordError: If something else than text is in it.
        """
        value = self.values.get(column)
        return None if value is None or value == "" else self.checked_text(column, value)

    def checked_text(self, field: str, value: Any) -> str:
        """A value as text.

        Raises:
            RecordError: If it is no text, blank, too long or cannot be written in UTF-8.
        """
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(field, value, "text that is not blank")
        if len(value) > MAX_TEXT:
            raise self.wrong(field, value, f"at most {MAX_TEXT:,} characters")
        if has_surrogate(value):
            raise self.wrong(field, value, "text that UTF-8 can encode, without lone surrogates")
        return value


def read_rows(path: Path, columns: Sequence[str], delimiter: str) -> Iterator[Row]:
    """Read the rows of a table.

    Args:
        path: JSONL if it ends so, else a delimited file in UTF-8 with a header.
        columns: Those that every row must have; others may be there.
        delimiter: Between the fields of a delimited file.

    Raises:
        RecordError: If the file has another shape, naming file, line and columns.
        OSError: If the file cannot be opened.
    """
    if path.suffix != ".jsonl":
        yield from _delimited(path, columns, delimiter)
        return
    for line, values in read_lines(path):
        if isinstance(values, RecordError):
            raise values
        row = as_row(path, line, values)
        row.require(columns)
        yield row


def as_row(path: Path, line: int, values: Any) -> Row:
    """A decoded JSON value as a row.

    Raises:
        RecordError: If it is no object.
    """
    if not isinstance(values, dict):
        problem = Problem(str(path), line, "record", shorten(values), "a JSON object")
        raise RecordError([problem])
    return Row(str(path), line, values)


class _Lines(Iterator[str]):
    """Lines in UTF-8 for the csv module, which would read a row of any size."""

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        self._path, self._stream = path, stream
        self.number = self._bytes = 0

    def start_row(self) -> int:
        """Count a new row's bytes; returns the number of its first line."""
        self._bytes = 0
        return self.number + 1

    def __next__(self) -> str:
        raw = self._stream.readline(MAX_BYTES + 1)
        if not raw:
            raise StopIteration
        self.number += 1
        self._bytes += len(raw)
        if self._bytes > MAX_BYTES:
            allowed = "at most 4 MiB a row; is a quotation mark never closed?"
            raise line_error(self._path, self.number, "a longer row", allowed)
        return decode_utf8(self._path, self.number, raw)


def _delimited(path: Path, columns: Sequence[str], delimiter: str) -> Iterator[Row]:
    with path.open("rb") as stream:
        rows = _fields(path, _Lines(path, stream), delimiter)
        first, header = next(rows, (1, []))
        shown = Row(str(path), first, dict.fromkeys(header))
        shown.require(columns, f", separated by {delimiter!r}")
        if len(set(header)) != len(header):
            raise shown.wrong("columns", header, "every column once")
        for line, fields in rows:
            if len(fields) != len(header):
                allowed = f"{len(header)} fields, as in the header"
                raise line_error(path, line, f"{len(fields)} in the row", allowed)
            yield Row(str(path), line, dict(zip(header, fields, strict=True)))


def _fields(path: Path, lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, with the numbers of their first lines."""
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        line = lines.start_row()
        try:
            fields = next(reader, None)
        except csv.Error as error:
            allowed = f"fields separated by {delimiter!r}"
            raise line_error(path, line, str(error), allowed) from error
        if fields is None:
            return
        if fields:
            yield line, fields


def read_text_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Read the lines of a text file that are not blank, without their ends.

    Yields:
        The line number from 1, and the line.

    Raises:
        RecordError: If a line is too long or not UTF-8.
        OSError: If the file cannot be opened.
    """
    with path.open("rb") as stream:
        lines = _Lines(path, stream)
        for line in lines:
            if line.strip():
                yield lines.number, line.rstrip("\r\n")
            lines.start_row()


def read_document(path: Path) -> str:
    """Read a text file whole.

    Raises:
        RecordError: If it is too large or not UTF-8.
        OSError: If the file cannot be opened.
    """
    with path.open("rb") as stream:
        raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise line_error(path, 1, "a larger file", "at most 4 MiB a document")
    return decode_utf8(path, 1, raw)


def read_json(path: Path) -> Row:
    """Read a file that is one JSON object.

    Raises:
        RecordError: If it is too large, not UTF-8, broken, or something else.
        OSError: If the file cannot be opened.
    """
    text = read_document(path)
    try:
        return as_row(path, 1, decode_json(text))
    except RecordError:
        raise
    except ValueError as error:
        raise line_error(path, 1, f"broken JSON ({error})", "one JSON object") from error


def find_file(path: Path, split: str | None, names: Sequence[str] = ()) -> Path:
    """The file of a split.

    Args:
        path: The file itself, or a folder.
        split: Its file in a folder is ``<split>.jsonl``; a file needs none.
        names: Other names it may have there, the original ones.

    Raises:
        UsageError: If the folder has none of them, or comes without a split.
    """
    if not path.is_dir():
        return path
    if split is None:
        raise UsageError(
            f"{path}: expected a file of records, found a folder; name one of its files, or the "
            "split to read: --split NAME"
        )
    wanted = (f"{split}.jsonl", *names)
    for name in wanted:
        if (path / name).is_file():
            return path / name
    raise missing(path, wanted)


def missing(folder: Path, wanted: Sequence[str]) -> UsageError:
    """The error of a folder that has none of the files that are looked for."""
    return UsageError(
        f"{folder}: expected a file {' or '.join(wanted)}, found "
        f"{_few(sorted(entry.name for entry in folder.iterdir()))}; name the corpus's file or "
        "folder: --data NAME=PATH"
    )


def first_of_each(examples: Iterable[Example]) -> list[Example]:
    """The examples in their order, of those with the same id the first."""
    found: dict[str, Example] = {}
    for example in examples:
        found.setdefault(example.id, example)
    return list(found.values())


def _few(names: Iterable[str]) -> str:
    listed = list(names)
    shown = [shorten(name, 40)[1:-1] for name in listed[:_MOST_SHOWN]]
    if len(listed) > _MOST_SHOWN:
        shown.append(f"{len(listed) - _MOST_SHOWN} more")
    return ", ".join(shown) or "nothing"
