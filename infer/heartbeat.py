"""How far the shards of a run are, told through small files: any worker, any machine."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from .parts import part_name
from .summary import Summary

_SECONDS = 0.5
"""Least time between two beats of a shard."""


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


class Heart:
    """Tells how far a shard is.

    Args:
        folder: Where the files are.
        shard: Its number.
    """

    def __init__(self, folder: Path, shard: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{part_name(shard)}.json"
        self._last = time.monotonic()

    def beat(self, summary: Summary, consumed: int) -> None:
        """Tell it, if the last time is some while ago."""
        now = time.monotonic()
        if now - self._last < _SECONDS:
            return
        self._last = now
        partial = self._path.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(asdict(Beat.of(summary, consumed))), encoding="utf-8")
        partial.replace(self._path)

    def stop(self) -> None:
        """The shard is done, or given up."""
        self._path.unlink(missing_ok=True)


def beats(folder: Path, done: Iterable[int]) -> Beat:
    """How far the shards are together that are not done.

    Args:
        folder: Where the files are.
        done: Numbers of shards that are counted elsewhere.
    """
    skipped = {f"{part_name(number)}.json" for number in done}
    total = Beat()
    for path in folder.glob("part-*.json"):
        if path.name not in skipped:
            try:
                total += Beat(**json.loads(path.read_text(encoding="utf-8")))
            except FileNotFoundError:
                continue  # done in this moment: its note counts it
    return total
