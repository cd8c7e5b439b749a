"""The rows of a sheet, out of a delimited file as people and Excel really save it.

Byte order marks, UTF-16, Windows-1252, semicolons and tabs are taken as they come.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from ..data.checks import shorten
from ..data.tables import MAX_TEXT
from .entries import Entry, ExportError, check_size

COLUMNS = (
    *("item", "text", "before", "after", "annotator", "mention", "occurrence", "framing"),
    *("stance", "voice", "referent", "speaker", "loaded", "loaded_words", "comment", "time"),
)
"""Of a sheet; ``item`` and ``text`` have to be there, and ``loaded`` or ``mention``."""
_OF_LINES = ("text", "before", "after", "comment", "mention", "loaded_words")
"""Columns in which a line may end."""
_DELIMITERS = ",;\t"
Row = Mapping[str, str]


class SheetRows:
    """The rows of a delimited file with the line each begins in, as text by column.

    Args:
        whole: The file, where problems are noted.
        path: The file.
        items: Ids of the sample; a line that begins with one begins a row.

    Attributes:
        lossy: Whether the file's encoding lacks characters: each became a question mark.
        spoilt: Items of rows that could not be read.

    Raises:
        ExportError: If the file is too large.
    """

    def __init__(self, whole: Entry, path: Path, items: Collection[str]) -> None:
        self._whole, self._path, self._items = whole, path, items
        self.lossy = False
        self.spoilt: set[str] = set()
        text = self._text().removeprefix("\ufeff")
        declared = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
        self._first = 2 if declared else 1
        text = text[declared.end() :] if declared else text
        self._delimiter = max(_DELIMITERS, key=lambda sign: len(_known(text, sign)))
        self._lines = list(io.StringIO(text, newline=""))

    def _text(self) -> str:
        check_size(self._path)
        raw = self._path.read_bytes()
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return raw.decode("utf-16", errors="replace")
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            said = "read as Windows-1252, in which other characters are question marks"
            self._whole.note("not UTF-8", f"{said}; better save as CSV UTF-8")
            self.lossy = True
            return raw.decode("cp1252", errors="replace")

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        reader = csv.reader(self._lines, delimiter=self._delimiter, strict=True)
        header: list[str] | None = None
        while True:
            before = reader.line_num
            try:
                values = next(reader, None)
            except csv.Error as error:
                self._lose(before, reader.line_num, str(error))
                continue
            if values is None:
                break
            line = self._first + before
            if header is None:
                header = self._header(values)
            elif any(len(value) > MAX_TEXT for value in values):
                # The csv module has the same limit, unless another part of the program lifted it.
                self._lose(before, reader.line_num, f"a cell above {MAX_TEXT:,} characters")
            elif self._swallowed(values):
                self._lose(before, reader.line_num, "a cell goes on into the next row")
            elif any(value.strip() for value in values):
                yield line, self._row(header, values, line)
        if header is None:
            self._header([])

    def _swallowed(self, values: Sequence[str]) -> bool:
        """Whether a cell holds the beginning of another row."""
        return any(
            self._item(line) is not None
            for value in values
            if "\n" in value or "\r" in value
            for line in value.splitlines()[1:]
        )

    def _item(self, line: str) -> str | None:
        """The item whose row a line begins."""
        first, delimiter, _ = line.partition(self._delimiter)
        name = first.strip().strip('"').strip()
        return name if delimiter and name in self._items else None

    def _lose(self, before: int, last: int, reason: str) -> None:
        first = self._first + before
        found = map(self._item, self._lines[before:last])
        self.spoilt.update(item for item in found if item is not None)
        several = last - before > 1
        rows = f"rows {first} to {self._first + last - 1}" if several else f"row {first}"
        said = f"{reason}; a quotation mark is open, or doubled where it should not be; mend it"
        self._whole.at(rows).note("broken row", said, "annotation")

    def _header(self, names: Sequence[str]) -> list[str]:
        header = [name.strip().lower() for name in names]
        if not {"item", "text"} <= set(header) or not {"loaded", "mention"} & set(header):
            raise ExportError(
                f"{self._path}: expected a sheet with the columns item, text, mention, framing, "
                f"loaded and others that connote sample writes, found {shorten(header[:20])}"
            )
        twice = sorted({name for name in header if name in COLUMNS and header.count(name) > 1})
        if twice:
            raise ExportError(f"{self._path}: expected every column once, found {twice[0]} twice")
        unknown = [name for name in header if name and name not in COLUMNS]
        if unknown:
            self._whole.note("unknown column", f"{shorten(unknown)}: passed over")
        return header

    def _row(self, header: Sequence[str], values: Sequence[str], line: int) -> Row:
        here = self._whole.at(f"row {line}")
        if any(value.strip() for value in values[len(header) :]):
            said = f"expected {len(header)} cells, found {len(values)}; the last are passed over"
            here.note("too many cells", said, "label")
        found = {name: value.strip() for name, value in zip(header, values, strict=False)}
        row = {column: found.get(column, "") for column in COLUMNS}
        broken = [c for c in COLUMNS if c not in _OF_LINES and len(row[c].splitlines()) > 1]
        if broken:
            said = f"{', '.join(broken)}: expected one line; is a quotation mark open?"
            here.note("several lines", said)
        return row


def _known(text: str, delimiter: str) -> set[str]:
    first = text[: 2**16].split("\n", 1)[0]
    return {name.strip(' "\r').lower() for name in first.split(delimiter)} & set(COLUMNS)
