"""The columns of sources, checked before anything is scored."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..data.extras import require
from .csv_rows import DELIMITERS, read_rows
from .inputs import STANDARD_INPUT, InputError, Source
from .parquet_rows import ParquetRows
from .records import scan_lines
from .rows import ReadOptions, problem_of_columns
from .streams import ByteStream, DamageError, LostError

_OF_PAGES = ("title", "date", "url")
_PAGE_COLUMNS = {"html": _OF_PAGES, "warc": (*_OF_PAGES, "warc_date", "digest")}


def check_sources(sources: Sequence[Source], options: ReadOptions) -> None:
    """Check what can be checked before anything is scored: the first source of each format.

    Raises:
        InputError: If one is not what its ending says or lacks a column.
        MissingExtraError: If a format or an option needs an extra that is not installed.
    """
    if options.repair:
        require("ftfy", "html")
    firsts: dict[str, Source] = {}
    for source in sorted(sources, key=lambda source: source.size == 0):
        firsts.setdefault(source.form, source)
    for source in firsts.values():
        names = column_names(source)
        if names is None:
            continue
        of_page = source.form in _PAGE_COLUMNS
        shown = ["text", *names] if of_page else names
        wanted = ReadOptions(id=options.id) if of_page else options
        problem = problem_of_columns(shown, wanted, *filter(None, [options.by]))
        if problem is not None:
            raise InputError(f"{source.path}: {problem}")


def column_names(source: Source) -> list[str] | None:
    """The columns of a source, as its head tells; ``None`` where it has none or is broken.

    Raises:
        InputError: If it cannot be opened or is not what its ending says.
        MissingExtraError: If its format needs an extra that is not installed.
    """
    if source.form in _PAGE_COLUMNS:
        require("trafilatura", "html")
        require("fastwarc", "html")
        return list(_PAGE_COLUMNS[source.form])
    if source.form == "txt" or source.path == STANDARD_INPUT:
        return None
    if source.form == "parquet":
        rows = ParquetRows(source)
        rows.close()
        return rows.names
    try:
        stream = ByteStream(source)
        try:
            return _head_columns(stream, source)
        finally:
            stream.close()
    except LostError as error:
        raise InputError(f"{source.path}: {error}") from error
    except DamageError:
        return None  # Reading comes to the same place and reports it.


def count_rows(source: Source) -> int:
    """The number of rows of a Parquet file, from its footer.

    Raises:
        InputError: If it is none.
    """
    rows = ParquetRows(source)
    rows.close()
    return rows.count


def _head_columns(stream: ByteStream, source: Source) -> list[str] | None:
    if source.form in DELIMITERS:
        header = next(read_rows(stream, source.form), None)
        if header is not None and header.problem is not None:
            raise InputError(f"{source.path}: not a table: {header.problem}")
        return [] if header is None else header.content
    first = next(scan_lines(stream), None)
    if first is None or first.problem is not None:
        return None
    try:
        row = json.loads(first.content)
    except (ValueError, RecursionError):
        return None
    return list(row) if isinstance(row, dict) else None
