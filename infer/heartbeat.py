"""How far the shards of a run are, told through small files: any worker, any machine."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Container
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from .parts import part_name
from .progress import Beat
from .summary import Summary

_SECONDS = 0.5
"""Least time between two beats of a shard."""


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

    def is_due(self) -> bool:
        """Whether the last beat is some while ago."""
        return time.monotonic() - self._last >= _SECONDS

    def beat(self, summary: Summary, consumed: int) -> None:
        """Tell it."""
        self._last = time.monotonic()
        partial = self._path.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(asdict(Beat.of(summary, consumed))), encoding="utf-8")
        partial.replace(self._path)

    def stop(self) -> None:
        """The shard is done, or given up."""
        self._path.unlink(missing_ok=True)


def beats(folder: Path, done: Container[int]) -> Beat:
    """How far the shards are together that are not done.

    Args:
        folder: Where the files are.
        done: Numbers of shards that are counted elsewhere.
    """
    total = Beat()
    for path in folder.glob("part-*.json"):
        if int(path.stem.removeprefix("part-")) not in done:
            with suppress(OSError):  # done in this moment: its note counts it
                total += Beat(**json.loads(path.read_text(encoding="utf-8")))
    return total
