"""Scores of a data frame, pandas or polars, as a data frame of the same kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import narwhals as nw
import pyarrow as pa
from narwhals.typing import IntoDataFrame

from ..data.checks import shorten
from ..data.errors import UsageError
from .documents import Document, DocumentError
from .scorer import Scorer
from .spool import to_batch
from .table import SCHEMA, free_name, rows_of

Frame = TypeVar("Frame", bound=IntoDataFrame)
_BATCH = 5_000


def score_frame(
    frame: Frame,
    text: str = "text",
    *,
    id: str | None = None,
    scorer: Scorer | None = None,
    on_failure: Callable[[int, Exception], None] | None = None,
) -> Frame:
    """Score the texts of a data frame.

    Args:
        frame: A data frame of pandas, polars or what else narwhals takes, one document a row.
        text: The column of the text, strings or lists of paragraphs.
        id: The column of the identifier; ``id`` where there is one, else the row's number.
        scorer: Does it; one with the shipped model without it.
        on_failure: Takes the number of a row that cannot be scored, from 0, and why; without it
            the exception ends the call.

    Returns:
        The table of scores, one row per mention and one for a sentence without any, with the
        frame's other columns behind it in their own types.

    Raises:
        UsageError: If it is no data frame, or a column is missing.
        DocumentError: If a text is no text and nobody takes failures.
    """
    data = _opened(frame)
    name = id or ("id" if "id" in data.columns else None)
    for column in (text, *([] if id is None else [id])):
        if column not in data.columns:
            raise UsageError(
                f"expected a column {column!r}, found {shorten(', '.join(data.columns))}"
            )
    documents = _documents(
        data[text].to_list(), None if name is None else data[name].to_list(), on_failure
    )
    batches: list[pa.RecordBatch] = []
    rows: list[dict[str, Any]] = []
    places: list[int] = []
    scored = (scorer or Scorer()).score_keyed(documents, on_failure=on_failure)
    for number, document in scored:
        own = list(rows_of(document, {}))
        rows += own
        places += [number] * len(own)
        if len(rows) >= _BATCH:
            batches.append(to_batch(rows))
            rows = []
    batches += [to_batch(rows)] if rows else []
    table = pa.Table.from_batches(batches, SCHEMA)
    others = [column for column in data.columns if column not in (text, name)]
    taken = data.select(others).to_arrow().take(pa.array(places, pa.int64()))
    for column in others:
        table = table.append_column(free_name(column, others), taken.column(column))
    native: Frame = nw.from_arrow(table, backend=data.implementation).to_native()
    return native


def _opened(frame: Any) -> nw.DataFrame[Any]:
    try:
        return nw.from_native(frame, eager_only=True)
    except TypeError as error:
        raise UsageError(
            f"expected a data frame of pandas or polars, found {type(frame).__name__}: {error}"
        ) from error


def _documents(
    texts: Sequence[Any],
    ids: Sequence[Any] | None,
    on_failure: Callable[[int, Exception], None] | None,
) -> Iterator[tuple[int, Document]]:
    for number, text in enumerate(texts):
        try:
            if not isinstance(text, str) and hasattr(text, "tolist"):
                text = text.tolist()  # noqa: PLW2901 - a list that pandas read from Parquet
            paragraphs = isinstance(text, list) and all(isinstance(part, str) for part in text)
            if not isinstance(text, str) and not paragraphs:
                raise DocumentError(
                    f"row {number}: expected a string or a list of strings, found {shorten(text)}"
                )
            named = None if ids is None else ids[number]
            missing = named is None or named != named  # noqa: PLR0124 - NaN is what pandas has
            document = Document.of(text, str(number if missing else named))
        except DocumentError as error:
            if on_failure is None:
                raise
            on_failure(number, error)
        else:
            yield number, document
