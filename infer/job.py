"""What the driver of a run hands to its workers."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ..data.errors import ConnoteError
from .places import Places
from .settings import Settings


class OrphanError(ConnoteError):
    """The process that started this one is gone."""


@dataclass(frozen=True, slots=True)
class Job:
    """What all shards of a run have in common.

    Attributes:
        out: The output folder.
        settings: What shall be scored, and how.
        threads: Of the runtime.
        remembered: Sentences whose judgements are kept.
        device: What the model runs on.
        token: Names the command that they belong to.
        driver: Its process, where it started the workers itself.
        folder: Its working folder, to which paths refer.
    """

    out: Path
    settings: Settings
    threads: int
    remembered: int
    device: str
    token: str
    driver: int | None
    folder: Path

    def check(self) -> None:
        """See whether the command still goes on.

        Raises:
            OrphanError: If it ended, or another one has begun.
        """
        token = Places(self.out).token
        gone = self.driver is not None and os.getppid() != self.driver
        if gone or not token.is_file() or token.read_text(encoding="utf-8") != self.token:
            raise OrphanError("the run was broken off")
