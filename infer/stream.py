"""Documents through the scorer: the next ones are prepared while the last ones are judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from .documents import Document, Prepared
from .judge import SentenceInput, SentenceOutput
from .judging import CHUNK
from .results import ScoredDocument

Key = TypeVar("Key")
Item = tuple[Key, Document]
OnFailure = Callable[[Key, Exception], None]
"""Takes the key of a document that could not be scored, and why."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The three steps of scoring documents.

    Attributes:
        prepare: Divides a document.
        judge: Judges sentences of any documents; the order is kept.
        finish: Puts a document together from its parts and judgements; it is called in the
            documents' order.
    """

    prepare: Callable[[Document], Prepared]
    judge: Callable[[Sequence[SentenceInput]], list[SentenceOutput]]
    finish: Callable[[Document, Prepared, Sequence[SentenceOutput]], ScoredDocument]


@dataclass(slots=True)
class _Waiting(Generic[Key]):
    key: Key
    document: Document
    prepared: Prepared

    @property
    def inputs(self) -> list[SentenceInput]:
        return [s.judged for s in self.prepared.sentences if s.judged is not None]


class Stream(Generic[Key]):
    """Scores documents in their order.

    Args:
        steps: What is done with each.
        on_failure: What to do with a document whose scoring raises; without it the exception
            ends the stream. An exception from the documents themselves always does.
    """

    def __init__(self, steps: Steps, on_failure: OnFailure[Key] | None = None) -> None:
        self._steps = steps
        self._on_failure = on_failure

    def run(self, items: Iterable[Item[Key]]) -> Iterator[tuple[Key, ScoredDocument]]:
        """Score documents, some at once; each comes back with its key."""
        with ThreadPoolExecutor(1, "connote-judge") as pool:
            before: tuple[list[_Waiting[Key]], Future[list[SentenceOutput]]] | None = None
            for chunk in self._chunks(items):
                if isinstance(chunk, Exception):
                    if before is not None:
                        yield from self._finish(*before)
                    raise chunk
                inputs = [sentence for waiting in chunk for sentence in waiting.inputs]
                judged = pool.submit(self._steps.judge, inputs)
                if before is not None:
                    yield from self._finish(*before)
                before = chunk, judged
            if before is not None:
                yield from self._finish(*before)

    def _chunks(self, items: Iterable[Item[Key]]) -> Iterator[list[_Waiting[Key]] | Exception]:
        """Documents prepared, as many together as fill a chunk; at last what ended them early."""
        chunk: list[_Waiting[Key]] = []
        sentences = 0
        raised: Exception | None = None
        try:
            for key, document in items:
                prepared = self._prepared(key, document)
                if prepared is None:
                    continue
                chunk.append(_Waiting(key, document, prepared))
                sentences += len(prepared.sentences)
                if sentences >= CHUNK or len(chunk) >= CHUNK:
                    yield chunk
                    chunk, sentences = [], 0
        except Exception as error:  # noqa: BLE001 - raised when the documents before it are scored
            raised = error
        if chunk:
            yield chunk
        if raised is not None:
            yield raised

    def _prepared(self, key: Key, document: Document) -> Prepared | None:
        try:
            return self._steps.prepare(document)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next document is scored
            self._fail(key, error)
            return None

    def _finish(
        self, chunk: Sequence[_Waiting[Key]], judged: Future[list[SentenceOutput]]
    ) -> Iterator[tuple[Key, ScoredDocument]]:
        try:
            outputs: list[SentenceOutput] | None = judged.result()
        except Exception:
            if self._on_failure is None:
                raise
            outputs = None  # one of them is to blame: each is judged by itself
        at = 0
        for waiting in chunk:
            count = len(waiting.inputs)
            try:
                own = (
                    self._steps.judge(waiting.inputs)
                    if outputs is None
                    else outputs[at : at + count]
                )
                scored = self._steps.finish(waiting.document, waiting.prepared, own)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next document is scored
                self._fail(waiting.key, error)
            else:
                yield waiting.key, scored
            at += count

    def _fail(self, key: Key, error: Exception) -> None:
        if self._on_failure is None:
            raise error
        self._on_failure(key, error)
