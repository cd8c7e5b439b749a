"""Scoring of files: documents in, a table out, failures counted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..data.labels import CONTESTED
from .copies import CopyLog
from .documents import DocumentError
from .folder import ModelError
from .inputs import Source
from .progress import Beat, OnProgress, Progress
from .reading import HEAD, Failure, Located, Piece, PieceReader
from .summary import NO_VALUE, Summary
from .table import rows_of

if TYPE_CHECKING:
    from .scorer import Scorer

"""Characters of a document that a failure shows."""


def score_files(
    scorer: Scorer,
    sources: Sequence[Source],
    reader: PieceReader,
    add_row: Callable[[dict[str, Any]], None],
    on_types: Callable[[Mapping[str, Any]], None] | None = None,
    on_progress: OnProgress | None = None,
) -> Summary:
    """Score every document of some files, one after the other.

    Args:
        scorer: Does it.
        sources: What to read.
        reader: Reads them.
        add_row: Takes each row of the table.
        on_types: Told the types of passed-through columns when they change.
        on_progress: Called after each document.
    """
    began = time.monotonic()
    run = DocumentRun(scorer, reader, on_types=on_types)
    of_bytes = sum(source.size for source in sources)

    def tell(summary: Summary) -> None:
        if on_progress is not None:
            seconds = time.monotonic() - began
            on_progress(Progress(Beat.of(summary, run.consumed), of_bytes, seconds))

    run.score([Piece(source) for source in sources], add_row, tell)
    run.summary.model, run.summary.devices = scorer.model_id, (scorer.device,)
    run.summary.seconds = time.monotonic() - began
    return run.summary


class DocumentRun:
    """Documents on their way from their files through the scorer into rows.

    Args:
        scorer: Scores them.
        reader: Reads them.
        on_failure: Takes each document that cannot be read or scored.
        copies: Remembers the documents; a `CopyFinder` of this run without it.
        on_types: Told the types of passed-through columns when they change.

    Attributes:
        summary: What was done so far.
        consumed: Bytes read so far of the files as they are stored.
    """

    def __init__(
        self,
        scorer: Scorer,
        reader: PieceReader,
        *,
        on_failure: Callable[[Failure], None] | None = None,
        copies: CopyLog | None = None,
        on_types: Callable[[Mapping[str, Any]], None] | None = None,
    ) -> None:
        self._scorer = scorer
        self._reader = reader
        self._on_failure = on_failure
        self._copies = copies
        self._on_types = on_types
        self._types: Mapping[str, Any] = {}
        self.summary = Summary()
        self.consumed = 0

    def score(
        self,
        pieces: Sequence[Piece],
        add_row: Callable[[dict[str, Any]], None],
        on_document: Callable[[Summary], None] | None = None,
    ) -> None:
        """Score all documents of some pieces.

        Args:
            pieces: Files, or parts of them.
            add_row: Takes each row of the table.
            on_document: Called with the counts so far.

        Raises:
            ModelError: If the model cannot go on.
            OSError: If something cannot be written.
        """
        scored = self._scorer.score_keyed(
            ((located, located.document) for located in self._documents(pieces)),
            on_failure=self._fail_scoring,
            copies=self._copies,
        )
        for located, document in scored:
            own = located.document.columns
            self.summary.add(document, self._group(document.id, own))
            if self._on_types is not None and located.types != self._types:
                self._types = located.types
                self._on_types(located.types)
            for row in rows_of(document, own):
                add_row(row)
            if on_document is not None:
                on_document(self.summary)

    def _group(self, id: str, columns: Mapping[str, Any]) -> str | None:
        """What a document counts for."""
        options = self._reader.options
        if options.by is None:
            return None
        value = id if options.by == (options.id or "id") else columns.get(options.by)
        return NO_VALUE if value is None else str(value)

    def _documents(self, pieces: Sequence[Piece]) -> Iterator[Located]:
        for piece in pieces:
            before = self.consumed
            for item in self._reader.read(piece):
                self.consumed = before + self._reader.consumed
                if isinstance(item, Failure):
                    self._fail(item)
                else:
                    yield item
            self.consumed = before + self._reader.consumed

    def _fail_scoring(self, located: Located, error: Exception) -> None:
        if isinstance(error, ModelError | OSError):
            raise error  # not the document's fault: the next one would fail too
        reason = str(error) if isinstance(error, DocumentError) else repr(error)
        head = located.document.text[:HEAD]
        self._fail(Failure(located.source, located.position, reason, head))

    def _fail(self, failure: Failure) -> None:
        self.summary.fail(failure)
        if self._on_failure is not None:
            self._on_failure(failure)


def kept(
    add_row: Callable[[dict[str, Any]], None], *, contested_only: bool
) -> Callable[[dict[str, Any]], None]:
    """What takes the rows that are wanted.

    Args:
        add_row: Takes them.
        contested_only: Whether only mentions that take a side are.
    """
    if not contested_only:
        return add_row

    def add_contested(row: dict[str, Any]) -> None:
        if row.get("framing") in CONTESTED:
            add_row(row)

    return add_contested
