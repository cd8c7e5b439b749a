"""Rows of a table of comma- or tab-separated values, each costing no more than itself.

A quotation mark that is never closed would make one field of all that follows. So a row that
spans lines and does not end as a row should fails with its first line alone, and reading goes on
with the second. What is read twice in this way is bounded by what has been read.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator

from .records import Record, too_long
from .rows import ReadOptions, problem_of_columns
from .streams import KEPT, MAX_RECORD, ByteStream, Line

_UNCLOSED = "a quote that is never closed: a stray quote?"
DELIMITERS = {"csv": ",", "tsv": "\t"}
_FREE, _SHARE = 8 * 2**20, 4
"""Bytes that may be read twice at the beginning, and how often all that is read may be."""
_LINE = 150
"""Bytes of memory that a line takes beside its content: a row of empty lines is bounded too."""


def scan_rows(stream: ByteStream, form: str, options: ReadOptions) -> Iterator[Record]:
    """The rows of a file below its header; their content is the header and the fields.

    Args:
        stream: The file.
        form: ``csv`` or ``tsv``.
        options: Columns that must be there, else the only record says which are not.
    """
    rows = read_rows(stream, form)
    header = next(rows, None)
    if header is None:
        return
    problem = header.problem or problem_of_columns(header.content, options)
    if problem is not None:
        yield Record(header.at, header.number, None, header.head, problem)
        return
    for record in rows:
        if record.problem is None:
            record.content = (header.content, record.content)
        yield record


def read_rows(stream: ByteStream, form: str) -> Iterator[Record]:
    """The rows of a file; the first is its header, and all others must be as long.

    Args:
        stream: The file.
        form: ``csv`` or ``tsv``.
    """
    # Lines are bounded before they get here.
    csv.field_size_limit(2**31 - 1)
    return _Rows(stream, DELIMITERS[form]).records()


class _Rows:
    def __init__(self, stream: ByteStream, delimiter: str) -> None:
        self._stream = stream
        self._delimiter = delimiter
        self._waiting: deque[Line] = deque()
        self._taken: list[Line] = []
        self._size = 0
        self._fresh = self._again = 0
        self._ended = False
        self._undecoded: str | None = None
        self._reader = self._new_reader()

    def records(self) -> Iterator[Record]:
        width = None
        while (first := self._next()) is not None:
            if first.length > MAX_RECORD:
                yield Record(first.at, first.number, None, first.raw, too_long(first.length))
                continue
            self._waiting.appendleft(first)
            row, problem = self._row(width)
            if problem is not None or row:
                width = len(row) if width is None else width
                head = first.raw[:KEPT]
                content = None if problem else row
                yield Record(first.at, first.number, content, head, problem)

    def _row(self, width: int | None) -> tuple[list[str], str | None]:
        """The next row, and what is wrong with it; its later lines are then read again."""
        self._taken, self._size, self._ended, self._undecoded = [], 0, False, None
        row, problem = self._parsed()
        if problem is None and row and width is not None and len(row) != width:
            problem = f"expected {width} fields, found {len(row)}: a stray quote?"
        if problem is not None and len(self._taken) > 1:
            again = self._taken[1:]
            self._again += sum(map(_cost, again))
            self._waiting.extendleft(reversed(again))
        return row, problem or self._undecoded

    def _parsed(self) -> tuple[list[str], str | None]:
        try:
            return next(self._reader, []), None
        except csv.Error as error:
            self._reader = self._new_reader()
            if self._ended:
                return [], _UNCLOSED
            if len(self._taken) > 1:
                return [], f"a quoted field that ends within a later line ({error}): a stray quote?"
        return self._alone(self._decoded(self._taken[0]))

    def _alone(self, line: str) -> tuple[list[str], str | None]:
        """A line read leniently: text behind a closing quote belongs to its field."""
        asked = []

        def once() -> Iterator[str]:
            yield line
            asked.append(line)

        try:
            row = next(csv.reader(once(), delimiter=self._delimiter), [])
        except csv.Error as error:
            return [], f"broken CSV: {_clearer(error)}"
        return row, _UNCLOSED if asked else None

    def _new_reader(self) -> Iterator[list[str]]:
        # Strictly, lest a quote that is never closed ends at one that opens another field.
        return csv.reader(self._lines(), delimiter=self._delimiter, strict=True)

    def _lines(self) -> Iterator[str]:
        """The lines of one row after another; ends inside of one that gets too long."""
        while (line := self._next()) is not None:
            if self._taken and self._size + _cost(line) > self._bound():
                self._waiting.appendleft(line)
                break
            self._taken.append(line)
            self._size += _cost(line)
            yield self._decoded(line)
        self._ended = True

    def _next(self) -> Line | None:
        if self._waiting:
            return self._waiting.popleft()
        line = self._stream.line()
        if line is not None:
            self._fresh += _cost(line)
        return line

    def _bound(self) -> int:
        return min(MAX_RECORD, _FREE + _SHARE * self._fresh - self._again)

    def _decoded(self, line: Line) -> str:
        raw = line.raw.removeprefix(b"\xef\xbb\xbf") if line.number == 1 else line.raw
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            found = f"byte {raw[error.start]:#04x} at {error.start}"
            self._undecoded = f"expected UTF-8, found {found}; convert the file first"
            return raw.decode("utf-8", "replace")


def _cost(line: Line) -> int:
    return line.length + _LINE


def _clearer(error: csv.Error) -> str:
    if "new-line character" in str(error):
        return "a carriage return without a line feed; convert the line ends"
    return str(error)
