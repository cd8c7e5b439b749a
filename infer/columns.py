"""The columns of sources, checked before anything is scored."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from ..data.extras import require
from .csv_rows import DELIMITERS, read_rows
from .documents import DocumentError
from .inputs import STANDARD_INPUT, InputError, Source
from .parquet_rows import ParquetRows
from .records import scan_lines, with_damage
from .rows import ReadOptions, json_object, problem_of_columns
from .streams import ByteStream, DamageError, LostError

_LOOKED_AT = 10
"""Sources of a format that are looked at: one that is damaged does not speak for the others."""
_LINES, _BYTES = 50, 4 * 2**20
"""Of JSONL, whose rows need not have the same columns: lines that are looked at."""
_OF_PAGES = ("title", "date", "url")
_PAGE_COLUMNS = {"html": _OF_PAGES, "warc": (*_OF_PAGES, "warc_date", "digest")}


def check_sources(sources: Sequence[Source], options: ReadOptions) -> None:
    """Check what can be checked before anything is scored: the first sources of each format.

    Raises:
        InputError: If none of them has the columns, or the only one is not what its ending says.
        MissingExtraError: If a format or an option needs an extra that is not installed.
    """
    if options.repair:
        require("ftfy", "html")
    firsts: dict[str, list[Source]] = {}
    for source in sorted(sources, key=lambda source: source.size == 0):
        firsts.setdefault(source.form, []).append(source)
    for of_form in firsts.values():
        _check_form(of_form[:_LOOKED_AT], options, alone=len(sources) == 1)


def _check_form(sources: Sequence[Source], options: ReadOptions, *, alone: bool) -> None:
    """Raise the first problem of sources of one format, if all that can be checked have one."""
    first: InputError | None = None
    for source in sources:
        try:
            if _is_checked(source, options, alone=alone):
                return
        except InputError as error:
            first = first or error
    if first is not None:
        raise first


def _is_checked(source: Source, options: ReadOptions, *, alone: bool) -> bool:
    """Whether a source has its columns; not if it cannot be told before it is read."""
    try:
        names = column_names(source)
    except InputError:
        if alone:
            raise
        return False  # reading it reports it, and the others are scored
    if names is None:
        return False
    of_page = source.form in _PAGE_COLUMNS
    shown = ["text", *names] if of_page else names
    wanted = ReadOptions(id=options.id) if of_page else options
    problem = problem_of_columns(shown, wanted, *filter(None, [options.by]))
    if problem is not None:
        raise InputError(f"{source.path}: {problem}")
    return True


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
    return _keys(stream)


def _keys(stream: ByteStream) -> list[str] | None:
    """The keys of the first lines of JSONL; ``None`` if none of them can be read."""
    found: dict[str, None] = {}
    is_known, left = False, _BYTES
    for record in islice(with_damage(scan_lines(stream)), _LINES):
        if record.problem is not None:
            continue
        try:
            found.update(dict.fromkeys(json_object(record.content)))
            is_known = True
        except DocumentError:
            continue  # Reading comes to the same line and reports it.
        left -= len(record.content)
        if left < 0:
            break
    return list(found) if is_known else None
