"""Reading documents from sources, whole or a piece at a time, bad ones reported.

A bad document never stops the rest: it comes as a `Failure` with its source, its position
and a reason.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..data.checks import shorten
from .csv_rows import DELIMITERS, scan_rows
from .documents import Document, DocumentError
from .inputs import STANDARD_INPUT, InputError, Source, is_url
from .pages import PageExtractor
from .parquet_rows import ParquetRows
from .records import Record, scan_lines, scan_whole, with_damage
from .rows import (
    ReadOptions,
    decode,
    json_document,
    problem_of_columns,
    row_document,
    text_of,
)
from .streams import ByteStream, LostError
from .warc import scan_warc, unpack

HEAD = 200
"""Characters of a document that are kept with its failure."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A source or a part of it: the records that begin in ``[start, stop)``.

    Attributes:
        source: The source.
        start: Place in the bytes of the stored file (see `streams`); of Parquet a row, from 0.
        stop: The place behind it; ``None`` for the end.
    """

    source: Source
    start: int = 0
    stop: int | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """A document and where it stood.

    Attributes:
        document: The document.
        source: Path or URL.
        position: From 1 in the whole file: the line on which it begins, its row of Parquet, its
            record of a web archive.
        types: Arrow types of the columns of its file, where the file tells.
    """

    document: Document
    source: str
    position: int
    types: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that could not be read.

    Attributes:
        source: Path or URL.
        position: As that of a document.
        reason: What was expected and what was found.
        head: How it begins, at most 200 characters; bytes that are no UTF-8 are replaced.
    """

    source: str
    position: int
    reason: str
    head: str = ""

    def __str__(self) -> str:
        return f"{self.source}:{self.position}: {self.reason}"


class PieceReader:
    """Reads pieces of sources and goes on where the last one ended.

    A source is read from its beginning, since only so the numbers of its lines are known; pieces
    of one source in ascending order are read in one go, and what lies between them is passed over
    cheaply. Close it when done.

    Args:
        options: How rows become documents.

    Attributes:
        options: How rows become documents.
    """

    def __init__(self, options: ReadOptions) -> None:
        self.options = options
        self._piece: Piece | None = None
        self._stream: ByteStream | None = None
        self._rows: ParquetRows | None = None
        self._records: Iterator[Record] = iter(())
        self._ahead: Record | None = None
        self._passed = self._number = 0
        self._row = 0
        self._types: dict[str, Any] = {}
        self._extractor: PageExtractor | None = None
        self._makers: dict[str, Callable[[Source, Any], Document]] = {
            "txt": self._text_document,
            "jsonl": lambda source, raw: json_document(raw, self.options),
            "csv": self._table_document,
            "tsv": self._table_document,
            "html": self._page_document,
            "warc": self._response_document,
        }

    @property
    def consumed(self) -> int:
        """Bytes of the stored file read so far in the current piece; of Parquet by its rows."""
        if self._piece is None:
            return 0
        if self._rows is not None:
            done = self._row - self._piece.start
            return self._piece.source.size * max(0, done) // max(1, self._rows.count)
        if self._stream is None:
            return 0
        end = self._stream.stored.count
        if self._piece.stop is not None:
            end = min(end, self._piece.stop)
        return max(0, end - self._piece.start)

    def read(self, piece: Piece) -> Iterator[Located | Failure]:
        """The documents of a piece in its order, and what could not be read."""
        if piece.source.form == "parquet":
            yield from self._read_rows(piece)
            return
        name = _shown(piece.source.path)
        try:
            for record in self._records_of(piece):
                yield self._outcome(piece.source, name, record)
        except LostError as error:
            number = self._number + 1
            # Another piece tries again: what is lost now may be there then.
            self._forget()
            yield Failure(name, number, f"the rest cannot be read: {error}")

    def close(self) -> None:
        """Close what is open."""
        self._forget()
        if self._extractor is not None:
            self._extractor.close()
            self._extractor = None

    def _records_of(self, piece: Piece) -> Iterator[Record]:
        self._open(piece)
        while True:
            record = self._ahead or next(self._records, None)
            self._ahead = None
            if record is None:
                return
            if piece.stop is not None and record.at >= piece.stop:
                self._ahead = record
                return
            self._passed, self._number = record.at, record.number
            if record.at >= piece.start:
                yield record

    def _open(self, piece: Piece) -> None:
        """Open the source of a piece, unless it is open and the piece still lies ahead."""
        before, self._piece = self._piece, piece
        is_ahead = self._passed < piece.start
        if self._stream is not None and before and before.source == piece.source and is_ahead:
            return
        self._forget()
        self._piece = piece
        source = piece.source
        self._stream = stream = ByteStream(source, resume=source.form == "warc")
        if source.form in DELIMITERS:
            scanned = scan_rows(stream, source.form, self.options)
        else:
            scanned = {"jsonl": scan_lines, "warc": scan_warc}.get(source.form, scan_whole)(stream)
        self._records = with_damage(scanned)

    def _forget(self) -> None:
        """Close the source."""
        if self._stream is not None:
            self._stream.close()
        if self._rows is not None:
            self._rows.close()
        self._stream = self._rows = self._ahead = self._piece = None
        self._records = iter(())
        self._passed = self._number = self._row = 0

    def _outcome(self, source: Source, name: str, record: Record) -> Located | Failure:
        problem = record.problem
        if problem is None:
            try:
                document = self._makers[source.form](source, record.content)
                return Located(document, name, record.number)
            except DocumentError as error:
                problem = str(error)
        head = record.head[: 4 * HEAD].decode("utf-8", "replace")[:HEAD]
        return Failure(name, record.number, problem, head)

    def _read_rows(self, piece: Piece) -> Iterator[Located | Failure]:
        name = _shown(piece.source.path)
        if self._rows is None or self._piece is None or self._piece.source != piece.source:
            self._forget()
            try:
                self._rows = ParquetRows(piece.source)
            except InputError as error:
                yield Failure(name, piece.start + 1, str(error).removeprefix(f"{name}: "))
                return
            self._types = {field.name: field.type for field in self._rows.schema}
        self._piece = piece
        problem = problem_of_columns(self._rows.names, self.options)
        if problem is not None:
            if piece.start == 0:
                yield Failure(name, 1, problem)
            return
        for number, row in self._rows.read(piece.start, piece.stop):
            self._row = number + 1
            yield self._row_outcome(name, number + 1, row)

    def _row_outcome(self, name: str, number: int, row: dict[str, Any] | str) -> Located | Failure:
        if isinstance(row, str):
            return Failure(name, number, row)
        try:
            return Located(row_document(row, self.options), name, number, self._types)
        except DocumentError as error:
            text = row.get(self.options.text)
            head = text if isinstance(text, str) else shorten(text)
            return Failure(name, number, str(error), head[:HEAD])

    def _text_document(self, source: Source, raw: bytes) -> Document:
        name = "stdin" if source.path == STANDARD_INPUT else _shown(source.path)
        return Document.of(text_of(decode(raw), self.options), name)

    def _table_document(self, source: Source, row: tuple[list[str], list[str]]) -> Document:
        return row_document(dict(zip(*row, strict=True)), self.options)

    def _page_document(self, source: Source, raw: bytes) -> Document:
        url = source.path if is_url(source.path) else None
        name = "stdin" if source.path == STANDARD_INPUT else _shown(source.path)
        return self._document_of_page(raw, {"url": url}, None, name)

    def _response_document(self, source: Source, raw: bytes) -> Document:
        response = unpack(raw)
        return self._document_of_page(response.page, response.columns, response.charset, None)

    def _document_of_page(
        self, raw: bytes, known: dict[str, str | None], charset: str | None, name: str | None
    ) -> Document:
        if self._extractor is None:
            self._extractor = PageExtractor()
        page = self._extractor.extract(raw, known["url"], charset)
        columns = {"title": page.title, "date": page.date, **known}
        columns["url"] = known["url"] or page.url
        if self.options.id is not None:
            if self.options.id not in columns:
                raise DocumentError(
                    f"no column {self.options.id!r} (--id-column); found {', '.join(columns)}"
                )
            name = columns.pop(self.options.id)
        return Document.of(text_of(page.paragraphs, self.options), name, None, columns)


def _shown(path: str) -> str:
    """A path as it can be written: a name that is no UTF-8 with its bytes spelt out."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
