"""Scoring of files: documents in, a table out, failures counted."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .documents import Document
from .reading import Columns, Failure, read_documents
from .results import UNRESOLVED, ScoredDocument
from .scorer import Scorer
from .table import rows_of

KEPT_FAILURES = 1_000


@dataclass(slots=True)
class Summary:
    """What a run did.

    Attributes:
        documents: Scored.
        sentences: Of them that were judged.
        passed_over: Sentences that were not: of boilerplate, and of other languages by their code.
        speakers: Of how many quoted and attributed mentions a speaker was found, and of how many
            not (``unresolved``).
        mentions: Found in them or given.
        labels: How often each label was given, for each judgement.
        groups: For each value of the column asked for, how often each framing was given.
        flags: How many sentences carry each flag.
        failures: The first documents that could not be read.
        failed: How many there were.
        seconds: Duration.
    """

    documents: int = 0
    sentences: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)
    speakers: Counter[str] = field(default_factory=Counter)
    mentions: int = 0
    labels: dict[str, Counter[str]] = field(
        default_factory=lambda: {head: Counter() for head in ("framing", "stance", "voice")}
    )
    groups: dict[str, Counter[str]] = field(default_factory=dict)
    flags: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0

    def fail(self, failure: Failure) -> None:
        """Count a failure; the first ones are kept to be shown."""
        self.failed += 1
        if len(self.failures) < KEPT_FAILURES:
            self.failures.append(failure)

    def add(self, document: ScoredDocument, group: str | None = None) -> None:
        """Count a document, as one of a group if there is one."""
        self.documents += 1
        for sentence in document.sentences:
            self.sentences += sentence.loaded is not None
            self.flags.update(sentence.flags)
            if sentence.loaded is None:
                other = "not-english" in sentence.flags
                self.passed_over[sentence.language if other else "boilerplate"] += 1
        for mention in document.mentions:
            self.mentions += 1
            if mention.speaker_name is not None:
                found = mention.speaker is not None
                self.speakers["named" if found else UNRESOLVED] += 1
            for head, label in mention.labels.items():
                if label is not None:
                    self.labels[head][label] += 1
            if group is not None:
                self.groups.setdefault(group, Counter())[mention.framing.label] += 1


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
