"""Runs over archives of any size: resumable, exactly once, on all cores or a cluster."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .closing import close
from .columns import check_sources
from .engine import Crew, WorkerLostError, execute, join_cluster
from .heartbeat import Beat, beats
from .inputs import Source, find_sources, is_url
from .ledger import Ledger, Plan, RunError
from .options import Options
from .settings import Settings
from .shards import Shard, cut, default_bytes
from .summary import Summary
from .worker import Job

ATTEMPTS = 3
"""How often workers may die in a row before anything more is done."""
_SECONDS_BETWEEN_BEATS = 0.5


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        beat: What is done.
        of_bytes: Size of the archive, of this share of it.
        shards: Done.
        of_shards: To be done.
        seconds: Since this command began.
        resumed: What was done before it began.
    """

    beat: Beat
    of_bytes: int
    shards: int
    of_shards: int
    seconds: float
    resumed: Beat

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


@dataclass(slots=True)
class _Run:
    """One command at work on a folder."""

    ledger: Ledger
    shards: Sequence[Shard]
    job: Job
    crew: Crew
    options: Options
    on_progress: OnProgress | None
    done: dict[int, dict[str, Any]] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    def work(self) -> None:
        """Score the shards that are not done."""
        self.done = {note["shard"]: note for note in self.ledger.notes()}
        resumed = self._beat()
        attempts = 0
        with self._telling(resumed):
            while left := [shard for shard in self.shards if shard.number not in self.done]:
                before = len(self.done)
                try:
                    for note in execute(left, self.job, self.crew):
                        self.done[note["shard"]] = note
                        self._check_failures()
                except WorkerLostError as error:
                    self.done |= {note["shard"]: note for note in self.ledger.notes()}
                    attempts = 1 if len(self.done) > before else attempts + 1
                    if attempts == ATTEMPTS:
                        raise RunError(
                            f"workers died {ATTEMPTS} times without finishing a shard: {error}; "
                            "the same command goes on from here (fewer --workers need less memory)"
                        ) from error

    def _check_failures(self) -> None:
        most = self.options.max_failures
        failed = sum(note["counts"]["failed"] for note in self.done.values())
        if most is not None and failed > most:
            raise RunError(
                f"{failed:,} documents failed, more than --max-failures {most:,}; see "
                f"{self.ledger.places.failures} (the same command with a higher number goes on)"
            )

    def _beat(self) -> Beat:
        total = Beat()
        for note in list(self.done.values()):
            total += Beat.of_note(note)
        return total

    @contextmanager
    def _telling(self, resumed: Beat) -> Iterator[None]:
        """Tell how far the run is, from a thread beside it."""
        if self.on_progress is None:
            yield
            return
        on_progress, ended = self.on_progress, threading.Event()
        of_bytes = sum(shard.size for shard in self.shards)

        def tell() -> None:
            while not ended.wait(_SECONDS_BETWEEN_BEATS):
                on_progress(self._progress(resumed, of_bytes))

        thread = threading.Thread(target=tell, name="connote-progress", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            on_progress(self._progress(resumed, of_bytes))

    def _progress(self, resumed: Beat, of_bytes: int) -> Progress:
        done = dict(self.done)
        beat = self._beat() + beats(self.ledger.places.progress, done)
        seconds = time.monotonic() - self.began
        return Progress(beat, of_bytes, len(done), len(self.shards), seconds, resumed)


def score_archive(
    source: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    settings: Settings | None = None,
    options: Options | None = None,
    *,
    form: str | None = None,
    on_progress: OnProgress | None = None,
) -> Summary:
    """Score an archive into a folder of Parquet files; call it again to go on after a stop.

    Args:
        source: Files, folders, globs or URLs.
        out: The folder; see `connote.infer.places.Places` for what is put there.
        settings: What shall be scored, and how.
        options: How the run is carried out.
        form: Format of the files, whatever their endings say.
        on_progress: Called now and then from another thread.

    Returns:
        What all commands together did that worked on the folder.

    Raises:
        InputError: If the archive cannot be read as asked.
        RunError: If the run cannot begin or go on: another one is at work there, it was begun
            with another model, option or input, or workers keep dying.
        WorkerError: If a worker found that it cannot go on: the disk is full, say.
    """
    settings, options = settings or Settings(), options or Options()
    named = [source] if isinstance(source, str | os.PathLike) else source
    sources = _outside(find_sources([os.fspath(name) for name in named], form), Path(out))
    check_sources(sources, settings.read)
    with Ledger(Path(out)) as ledger:
        there = None if options.restart else ledger.shard_bytes()
        size = options.shard_bytes or there or default_bytes(sources)
        plan = Plan.of(settings, sources, size, options.share)
        ledger.begin(plan, restart=options.restart)
        k, n = options.share
        shards = [shard for shard in cut(sources, size) if shard.number % n == k - 1]
        run = _start(ledger, shards, settings, options, on_progress)
        run.work()
        return close(ledger, list(run.done.values()))


def _outside(sources: Sequence[Source], out: Path) -> list[Source]:
    """The sources without what an earlier command wrote, if it wrote into the archive."""
    inside = out.resolve()
    return [s for s in sources if is_url(s.path) or inside not in Path(s.path).resolve().parents]


def _start(
    ledger: Ledger,
    shards: Sequence[Shard],
    settings: Settings,
    options: Options,
    on_progress: OnProgress | None,
) -> _Run:
    if options.ray is None:
        cores = _cores()
        workers = max(1, min(options.workers or cores, len(shards)))
        threads = max(1, cores // workers)
    else:
        workers, threads = options.workers or join_cluster(options.ray), 1
    job = Job(ledger.places.root.resolve(), settings, threads, options.remembered, options.device)
    return _Run(ledger, shards, job, Crew(workers, options.ray), options, on_progress)


def _cores() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
