"""One shard: read, scored, written, committed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from .archive import DocumentRun, kept
from .job import Job
from .parts import SCORES, FailureFile, SignatureFile, part_name, write_scores
from .places import Places
from .reading import PieceReader
from .shards import Shard
from .spool import Spool
from .staging import Staging
from .summary import Summary

_SIGNATURES, _FAILURES = "signatures.arrow", "failures.jsonl"


@dataclass(frozen=True, slots=True)
class _Written:
    """What a shard gave: its counts, bytes read, and files of scores."""

    summary: Summary
    consumed: int
    parts: Sequence[Path]
    rows: int
    schema: pa.Schema


class ShardScorer:
    """Scores shards one after the other; the model is loaded once.

    Args:
        job: What they have in common.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._places = Places(job.out)
        self._scorer = job.settings.scorer(
            threads=job.threads, remembered=job.remembered, device=job.device
        )
        self._reader = PieceReader(job.settings.read)

    def score(self, shard: Shard, on_progress: Callable[[Summary, int], None]) -> dict[str, Any]:
        """Score a shard and commit it.

        Args:
            shard: The shard.
            on_progress: Called after each document with the counts so far and the bytes read.

        Returns:
            The note of the shard.

        Raises:
            ConnoteError: If the run cannot go on.
            OSError: If what it writes cannot be written.
        """
        began = time.time()
        with Staging(self._places.staging) as staging:
            run = self._run(shard, staging.folder, on_progress)
            targets = {
                part: self._places.scores / part.relative_to(staging.folder / SCORES)
                for part in run.parts
            }
            targets[staging.folder / _SIGNATURES] = self._places.signatures(shard.number)
            if run.summary.failed:
                targets[staging.folder / _FAILURES] = self._places.failed(shard.number)
            note = {
                "shard": shard.number,
                "rows": run.rows,
                "parts": [
                    targets[part].relative_to(self._places.root).as_posix() for part in run.parts
                ],
                "schema": run.schema.serialize().to_pybytes().hex(),
                "device": self._scorer.device,
                "counts": run.summary.counts(),
                "bytes": run.consumed,
                "began": began,
                "ended": time.time(),
            }
            self._job.check()
            staging.commit(targets, self._places.note(shard.number), note)
            return note

    def _run(
        self, shard: Shard, folder: Path, on_progress: Callable[[Summary, int], None]
    ) -> _Written:
        """Write what a shard gives into a folder."""
        settings = self._job.settings
        with (
            closing(FailureFile(folder / _FAILURES)) as failures,
            closing(SignatureFile(folder / _SIGNATURES)) as signatures,
            Spool(folder / "rows.spool") as spool,
        ):
            run = DocumentRun(
                self._scorer,
                self._reader,
                on_failure=failures.add,
                copies=signatures,
                on_types=spool.expect,
            )
            run.score(
                shard.pieces,
                kept(spool.add, contested_only=settings.contested_only),
                lambda summary: on_progress(summary, run.consumed),
            )
            parts = write_scores(
                spool, folder / SCORES, part_name(shard.number), settings.partition_by
            )
            return _Written(run.summary, run.consumed, parts, spool.rows, spool.schema())
