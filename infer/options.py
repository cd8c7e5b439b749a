"""How a run over an archive is carried out."""

from __future__ import annotations

from dataclasses import dataclass

from ..data.errors import UsageError
from .devices import CPU
from .judging import REMEMBERED


@dataclass(frozen=True, slots=True)
class Options:
    """How a run is carried out: nothing here changes a row.

    Attributes:
        workers: Processes at once; one for each core without a number.
        ray: Address of a Ray cluster, ``auto`` for the one this machine belongs to.
        device: What the model runs on: ``cpu``, ``cuda``, ``gpu`` or ``auto``.
        remembered: Sentences whose judgements each worker keeps; 0 for none.
        max_failures: Failed documents after which the run stops; any number without one.
        restart: Whether to begin anew, whatever is in the output folder.
        shard_bytes: Size of a shard in bytes of plain text, about; by the archive without one.
        share: The k-th of n equal parts of the archive, as ``(k, n)``.
    """

    workers: int | None = None
    ray: str | None = None
    device: str = CPU
    remembered: int = REMEMBERED
    max_failures: int | None = None
    restart: bool = False
    shard_bytes: int | None = None
    share: tuple[int, int] = (1, 1)

    def __post_init__(self) -> None:
        k, n = self.share
        if not 1 <= k <= n:
            raise UsageError(f"--shard: expected K/N with 1 <= K <= N, found {k}/{n}")
        for name in ("workers", "shard_bytes"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise UsageError(f"{name}: expected at least 1, found {value}")
