"""Runs over archives of any size: resumable, exactly once, on all cores or a cluster."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..data.errors import ConnoteError, UsageError
from .closing import close
from .columns import check_sources
from .devices import cores
from .engine import Crew, WorkerError, WorkerLostError, execute, join_cluster
from .heartbeat import beats
from .inputs import STANDARD_INPUT, InputError, Source, find_sources, is_url
from .job import Job
from .ledger import Ledger, Plan, RunError
from .options import Options
from .progress import Beat, OnProgress, Progress
from .settings import Settings
from .shards import Shard, cut, default_bytes
from .summary import Summary
from .table import NAMES

ATTEMPTS = 3
"""How often workers may die in a row before anything more is done."""
_SECONDS_BETWEEN_BEATS = 0.5


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
    beat: Beat = field(default_factory=Beat)
    began: float = field(default_factory=time.monotonic)

    def work(self) -> None:
        """Score the shards that are not done."""
        self._take(self.ledger.notes())
        attempts = 0
        with self._telling(self.beat):
            while left := [shard for shard in self.shards if shard.number not in self.done]:
                before = len(self.done)
                try:
                    with closing(execute(left, self.job, self.crew)) as notes:
                        self._take(notes)
                except WorkerLostError as error:
                    self._take(self.ledger.notes())
                    attempts = 1 if len(self.done) > before else attempts + 1
                    if attempts == ATTEMPTS:
                        raise RunError(
                            f"workers died {ATTEMPTS} times without finishing a shard: {error}; "
                            "the same command tries again (fewer --workers need less memory)"
                        ) from error

    def _take(self, notes: Iterable[dict[str, Any]]) -> None:
        """Take the notes of shards that are done.

        Raises:
            WorkerError: If a worker cannot go on.
            RunError: If more documents failed than may.
        """
        try:
            self._check_failures()
            for note in notes:
                if "error" in note:
                    raise WorkerError(note["error"])
                if note["shard"] not in self.done:
                    self.done[note["shard"]] = note
                    self.beat += Beat.of_note(note)
                self._check_failures()
        except WorkerLostError:
            raise  # the others end by themselves, and the run goes on
        except (ConnoteError, KeyboardInterrupt):
            self.ledger.revoke()  # workers would go on to the end of the archive
            raise

    def _check_failures(self) -> None:
        most = self.options.max_failures
        if most is not None and self.beat.failed > most:
            raise RunError(
                f"{self.beat.failed:,} documents failed, more than --max-failures {most:,}; see "
                f"{self.ledger.places.failures} (the same command with a higher number goes on)"
            )

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
        done = self.done
        beat = self.beat + beats(self.ledger.places.progress, done)
        seconds = time.monotonic() - self.began
        return Progress(beat, of_bytes, seconds, len(done), len(self.shards), resumed)


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
    if any(source.path == STANDARD_INPUT for source in sources):
        raise InputError(
            "-: expected files, which a run that goes on can read again, found standard input; "
            "save it first, or write into one file: -o scores.parquet"
        )
    check_sources(sources, settings.read)
    if settings.partition_by is not None:
        if settings.partition_by in NAMES:
            raise UsageError(
                f"--partition-by {settings.partition_by}: expected a column of the documents, "
                "found one of the scores; name another"
            )
        check_sources(sources, replace(settings.read, by=settings.partition_by))
    with Ledger(Path(out)) as ledger:
        there = None if options.restart else ledger.shard_bytes()
        size = options.shard_bytes or there or default_bytes(sources)
        plan = Plan.of(settings, sources, size, options.share)
        token = ledger.begin(plan, restart=options.restart)
        k, n = options.share
        shards = [shard for shard in cut(sources, size) if shard.number % n == k - 1]
        run = _start(ledger, shards, settings, options, token, on_progress)
        run.work()
        return close(ledger, list(run.done.values()))


def _outside(sources: Sequence[Source], out: Path) -> list[Source]:
    """The sources without what an earlier command wrote, if it wrote into the archive."""
    inside = out.resolve()

    @lru_cache(maxsize=10_000)
    def is_inside(folder: Path) -> bool:
        resolved = folder.resolve()
        return resolved == inside or inside in resolved.parents

    found = [s for s in sources if is_url(s.path) or not is_inside(Path(s.path).parent)]
    if not found:
        raise InputError(
            f"{out}: expected documents elsewhere, found none but what lies in the output folder"
        )
    return found


def _start(
    ledger: Ledger,
    shards: Sequence[Shard],
    settings: Settings,
    options: Options,
    token: str,
    on_progress: OnProgress | None,
) -> _Run:
    if options.ray is None:
        workers = max(1, min(options.workers or cores(), len(shards)))
        threads = max(1, cores() // workers)
    else:
        workers, threads = options.workers or join_cluster(options.ray), 1
    job = Job(
        ledger.places.root.resolve(),
        settings,
        threads,
        options.remembered,
        options.device,
        token,
        driver=os.getpid() if options.ray is None else None,
        folder=Path.cwd(),
    )
    return _Run(ledger, shards, job, Crew(workers, options.ray), options, on_progress)
