"""Commands as a shell runs them: how long they take and how much memory they and theirs hold."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from ..data.errors import UsageError
from .speed_archives import TEXT_COLUMN, Article, write_archive

SCORE = (sys.executable, "-m", "connote.cli", "score")
OUTPUT = "scores"
"""Where `SCORE` writes to, in a folder of its own."""
WITHOUT_CACHE = ("--no-cache",)
"""Options with which `SCORE` judges a repeated sentence again."""
PIPELINE = (sys.executable, "-m", "connote.train.speed_pipeline")

ONE_SENTENCE = "The regime's forces shelled the town, while Moscow said the terrorists had fled.\n"
_BETWEEN_SAMPLES = 0.05
_STAT = "stat"


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of a command.

    Attributes:
        seconds: From its start to its end.
        peak: Most bytes resident in its processes together, pages that they share counted for
            each; ``None`` where there is no ``/proc``.
    """

    seconds: float
    peak: int | None


@dataclass(frozen=True, slots=True)
class CommandSpeed:
    """The whole command beside the pipeline fed sentence by sentence, starts included.

    Attributes:
        documents: In the archive.
        ours: Seconds, a median.
        pipeline: Seconds, a median.
        ratio: Median of the ratios of neighbouring runs.
    """

    documents: int
    ours: float
    pipeline: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Growth:
    """What an archive of a size costs."""

    documents: int
    seconds: float
    peak: int | None


def run(command: Sequence[str]) -> Measured:
    """Run a command to its end.

    Raises:
        UsageError: If it fails.
    """
    began = time.perf_counter()
    peak: int | None = None
    with (
        TemporaryDirectory() as folder,
        (Path(folder) / "errors").open("w+", encoding="utf-8", errors="replace") as errors,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors) as process,  # noqa: S603 - our own
    ):
        while True:
            if Path("/proc").is_dir():
                peak = max(peak or 0, resident(process.pid))
            try:
                process.wait(_BETWEEN_SAMPLES)
            except subprocess.TimeoutExpired:
                continue
            break
        seconds = time.perf_counter() - began
        if process.returncode:
            errors.seek(0)
            raise UsageError(
                f"{' '.join(command)}: expected it to succeed, found status {process.returncode}: "
                f"{errors.read()[-500:]}"
            )
    return Measured(seconds, peak)


def resident(root: int) -> int:
    """Bytes resident in a process and all that it started, as Linux tells."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and (fields := _stat(folder)):
            parents[int(folder.name)] = int(fields[1])
    tree = {root}
    while more := {pid for pid, parent in parents.items() if parent in tree} - tree:
        tree |= more
    return sum(_resident(pid) for pid in tree)


def _stat(folder: Path) -> list[str]:
    """State, parent and what follows; nothing of a process that has ended."""
    try:
        # The name before them is in brackets and may hold anything.
        return (
            (folder / _STAT)
            .read_text(encoding="utf-8", errors="replace")
            .rpartition(")")[2]
            .split()
        )
    except (FileNotFoundError, ProcessLookupError):
        return []


def _resident(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    sizes = [line.split() for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(sizes[0][1]) * 1024 if sizes else 0


def score(archive: Path, *options: str) -> Measured:
    """Score an archive into an output that is then thrown away."""
    with TemporaryDirectory() as folder:
        out = ("-o", str(Path(folder) / OUTPUT))
        return run((*SCORE, str(archive), "--text-column", TEXT_COLUMN, *out, *options))


def whole_command(articles: Sequence[Article], runs: int, threads: int) -> CommandSpeed:
    """From the archive to the closed output, beside the pipeline; in turn.

    Args:
        articles: Of the archive.
        runs: How often.
        threads: Of the pipeline; the command takes all cores.
    """
    ours, theirs = [], []
    with TemporaryDirectory() as folder:
        archive = Path(folder) / "archive.jsonl"
        write_archive(articles, archive)
        for _ in range(runs):
            ours.append(score(archive).seconds)
            theirs.append(run((*PIPELINE, str(archive), str(threads))).seconds)
    ratio = median(b / a for a, b in zip(ours, theirs, strict=True))
    return CommandSpeed(len(articles), median(ours), median(theirs), ratio)


def cold(runs: int) -> float:
    """Seconds, a median, in which one sentence in a file is scored by a new process."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "one.txt"
        file.write_text(ONE_SENTENCE, encoding="utf-8")
        return median(run((*SCORE, str(file))).seconds for _ in range(runs))


def growth(articles: Sequence[Article], sizes: Sequence[int]) -> list[Growth]:
    """Seconds and memory for archives of several sizes, every sentence judged.

    Args:
        articles: Repeated under other ids as often as needed.
        sizes: Documents in each archive.
    """
    found = []
    for size in sizes:
        with TemporaryDirectory() as folder:
            archive = Path(folder) / "archive.jsonl"
            write_archive(articles, archive, size)
            measured = score(archive, *WITHOUT_CACHE)
        found.append(Growth(size, measured.seconds, measured.peak))
    return found
