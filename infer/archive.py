"""Scoring of files: documents in, a table out, failures counted."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from .documents import Document
from .reading import Columns, Failure, read_documents
from .scorer import Scorer
from .summary import Summary
from .table import rows_of


def score_files(
    scorer: Scorer,
    paths: Sequence[Path],
    columns: Columns,
    add_row: Callable[[dict[str, Any]], None],
    on_document: Callable[[Summary], None] | None = None,
) -> Summary:
    """Score every document of some files.

    Args:
        scorer: Does it.
        paths: Files, or ``-`` for standard input.
        columns: Where text and id stand, and what is counted apart.
        add_row: Takes each row of the table.
        on_document: Called with the counts so far.
    """
    began = time.monotonic()
    summary = Summary()
    pending: deque[Document] = deque()

    def documents() -> Iterator[Document]:
        for path in paths:
            for item in read_documents(path, columns):
                if isinstance(item, Failure):
                    summary.fail(item)
                else:
                    pending.append(item)
                    yield item

    for scored in scorer.score_many(documents()):
        own = pending.popleft().columns
        summary.add(scored, None if columns.by is None else str(own.get(columns.by)))
        for row in rows_of(scored, own):
            add_row(row)
        if on_document is not None:
            on_document(summary)
    summary.seconds = time.monotonic() - began
    return summary
