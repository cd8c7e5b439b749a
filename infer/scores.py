"""Reading of what scoring wrote: the rows of a table of scores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from .columns import column_names
from .inputs import InputError, Source
from .reading import Failure, Piece, PieceReader
from .rows import ReadOptions
from .summary import Summary
from .voices import NEEDED

_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
"""What stands for an empty value in the name of a folder."""
_COLUMNS = ReadOptions(text="sentence_text", id="doc_id")


def are_scores(source: Source) -> bool:
    """Whether a file is a table of scores, by its columns.

    Raises:
        InputError: If it cannot be opened, is not what its ending says, or a table of scores of a
            version that knew no speakers.
    """
    names = column_names(source)
    if names is None or not {"doc_id", "sentence_text", "framing"} <= set(names):
        return False
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise InputError(
            f"{source.path}: expected scores with speakers, found none of {', '.join(missing)}; "
            "score the documents again"
        )
    return True


def read_scores(sources: Iterable[Source], add_row: Callable[[Mapping[str, Any]], None]) -> Summary:
    """Read tables of scores.

    Args:
        sources: Files that `connote score` wrote.
        add_row: Takes each row.

    Returns:
        The rows that could not be read, and how many there were.
    """
    summary = Summary()
    with closing(PieceReader(_COLUMNS)) as reader:
        for source in sources:
            divided_by = _columns_of_folders(source.path)
            # A row is read as a document is: its sentence the text, all else its columns.
            for item in reader.read(Piece(source)):
                if isinstance(item, Failure):
                    summary.fail(item)
                    continue
                own = item.document
                row = {"doc_id": own.id, "sentence_text": own.text, **own.columns}
                add_row(row | divided_by)
    return summary


def _columns_of_folders(path: str) -> dict[str, str | None]:
    """Columns that the names of folders tell: ``outlet=The%20Times``."""
    named = (part.partition("=") for part in Path(path).parent.parts if "=" in part)
    return {
        unquote(name): None if value == _NO_VALUE else unquote(value) for name, _, value in named
    }
