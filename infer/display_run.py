"""How far the scoring is: a line that moves on a terminal, plain lines in a log."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn

from .console import print_line
from .progress import OnProgress
from .progress import Progress as RunProgress

_SECONDS_BETWEEN_LINES = 30.0


@contextmanager
def shown_progress(*, quiet: bool = False) -> Iterator[OnProgress | None]:
    """What the scoring tells its progress to.

    Args:
        quiet: Whether nothing shall be shown.
    """
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _bar() as update:
            yield update
    else:
        yield _Lines(Console(stderr=True, highlight=False))


@contextmanager
def _bar() -> Iterator[OnProgress]:
    with Progress(
        SpinnerColumn(),
        BarColumn(bar_width=20),
        TaskProgressColumn(),
        TextColumn("{task.fields[counts]}"),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=1, counts="starting")

        def update(progress: RunProgress) -> None:
            total, done = max(1, progress.of_bytes), progress.beat.bytes
            bar.update(task, total=total, completed=min(done, total), counts=describe(progress))

        yield update


class _Lines:
    """A line now and then, for a log."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._next = _SECONDS_BETWEEN_LINES

    def __call__(self, progress: RunProgress) -> None:
        if progress.seconds >= self._next:
            self._next = progress.seconds + _SECONDS_BETWEEN_LINES
            share = progress.beat.bytes / max(1, progress.of_bytes)
            print_line(self._console, f"{min(share, 1):.0%}: {describe(progress)}")


def describe(progress: RunProgress) -> str:
    """What is done, how fast, and how long it will take."""
    beat = progress.beat
    if not beat.documents and not beat.failed:
        return "starting"
    left = progress.left
    parts = [
        f"{beat.documents:,} documents",
        f"{progress.rate:,.0f} sentences/s",
        f"{beat.mentions:,} mentions",
        f"{beat.failed:,} failures",
        *([] if left is None else [f"{duration(left)} left"]),
    ]
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """A time in words that are short: ``2 d 03 h``, ``1 h 05 min``, ``40 s``."""
    minutes, hours = int(seconds // 60), int(seconds // 3600)
    if hours >= 24:
        return f"{hours // 24} d {hours % 24:02} h"
    if hours:
        return f"{hours} h {minutes % 60:02} min"
    return f"{minutes} min" if minutes >= 2 else f"{int(seconds)} s"
