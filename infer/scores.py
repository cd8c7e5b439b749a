"""Reading of what scoring wrote: the rows of a table of scores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from .reading import STANDARD_INPUT, Columns, Failure, InputError, column_names, read_documents
from .summary import Summary
from .voices import NEEDED

_COLUMNS = Columns(text="sentence_text", id="doc_id")


def are_scores(path: Path) -> bool:
    """Whether a file is a table of scores, by its columns; standard input never is.

    Raises:
        InputError: If it is missing, of no known format, or a table of scores of a version that
            knew no speakers.
    """
    if path == STANDARD_INPUT:
        return False
    names = column_names(path)
    if names is None or not {"doc_id", "sentence_text", "framing"} <= set(names):
        return False
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise InputError(
            f"{path}: expected scores with speakers, found none of {', '.join(missing)}; "
            "score the documents again"
        )
    return True


def read_scores(paths: Iterable[Path], add_row: Callable[[Mapping[str, Any]], None]) -> Summary:
    """Read tables of scores.

    Args:
        paths: Files that `connote score` wrote.
        add_row: Takes each row.

    Returns:
        The rows that could not be read, and how many there were.
    """
    summary = Summary()
    for path in paths:
        # A row is read as a document is: its sentence the text, all else its columns.
        for item in read_documents(path, _COLUMNS):
            if isinstance(item, Failure):
                summary.fail(item)
            else:
                row = {"doc_id": item.id, "sentence_text": item.text, **item.columns}
                add_row(row)
    return summary
