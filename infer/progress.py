"""How far the scoring of an archive is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from .summary import Summary


@dataclass(frozen=True, slots=True)
class Beat:
    """How far a shard, or all of a run, is.

    Attributes:
        documents: Scored.
        sentences: Of them that were judged.
        mentions: In them.
        failed: Documents that could not be scored.
        bytes: Read, of the files as they are stored.
    """

    documents: int = 0
    sentences: int = 0
    mentions: int = 0
    failed: int = 0
    bytes: int = 0

    @classmethod
    def of(cls, summary: Summary, consumed: int) -> Beat:
        """The beat of some counts."""
        counts = summary.documents, summary.sentences, summary.mentions, summary.failed
        return cls(*counts, consumed)

    @classmethod
    def of_note(cls, note: Mapping[str, Any]) -> Beat:
        """What a shard that is done adds."""
        counts = note["counts"]
        return cls(
            counts["documents"],
            counts["sentences"],
            counts["mentions"],
            counts["failed"],
            note["bytes"],
        )

    def __add__(self, other: Beat) -> Beat:
        return Beat(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        beat: What is done.
        of_bytes: Size of the archive, of this share of it.
        seconds: Since this command began.
        shards: Done; none where nothing is committed before the end.
        of_shards: To be done.
        resumed: What was done before it began.
    """

    beat: Beat
    of_bytes: int
    seconds: float
    shards: int = 0
    of_shards: int = 0
    resumed: Beat = Beat()

    @property
    def rate(self) -> float:
        """Sentences a second of this command."""
        new = self.beat.sentences - self.resumed.sentences
        return new / self.seconds if self.seconds else 0.0

    @property
    def left(self) -> float | None:
        """Seconds that are left, by the bytes read; none while nothing is done."""
        new = self.beat.bytes - self.resumed.bytes
        if new <= 0:
            return None
        return max(0, self.of_bytes - self.beat.bytes) * self.seconds / new


OnProgress = Callable[[Progress], None]
