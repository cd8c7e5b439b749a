"""The order in which a training sees its sentences: by chance, but like lengths together."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from torch.utils.data import Sampler

BATCHES_SORTED_AT_ONCE = 50


class ByLength(Sampler[int]):
    """Batches of like lengths in an order that seed and epoch decide alone.

    So a training that goes on in its third epoch sees what one that was never stopped sees.

    Args:
        lengths: Of each item.
        batch_size: Items a batch.
        seed: Of the draw.
    """

    def __init__(self, lengths: Sequence[int], batch_size: int, seed: int) -> None:
        self._lengths = lengths
        self._batch_size = batch_size
        self._seed = seed
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Whose order is drawn next; the trainer says so at the beginning of each epoch."""
        self._epoch = epoch

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[int]:
        draw = random.Random(f"{self._seed} {self._epoch}")  # noqa: S311 - a sample, not a secret
        order = list(range(len(self._lengths)))
        draw.shuffle(order)
        size = self._batch_size
        batches: list[list[int]] = []
        for begin in range(0, len(order), size * BATCHES_SORTED_AT_ONCE):
            part = order[begin : begin + size * BATCHES_SORTED_AT_ONCE]
            part.sort(key=self._lengths.__getitem__)
            batches += [part[i : i + size] for i in range(0, len(part), size)]
        # A batch that is not full stands last: in the middle it would shift all behind it.
        short = [batch for batch in batches if len(batch) < size]
        full = [batch for batch in batches if len(batch) == size]
        draw.shuffle(full)
        return iter([i for batch in (*full, *short) for i in batch])
