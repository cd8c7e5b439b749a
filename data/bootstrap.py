"""Bootstrap resamples of counts that stand in clusters."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

_AT_ONCE = 100
Counts = NDArray[np.float64]


def resampled_sums(counts: Counts, draws: int, seed: int) -> Iterator[Counts]:
    """Column sums of resamples in which whole clusters are drawn with replacement.

    Args:
        counts: Shape (clusters, columns), at least one cluster.
        draws: How many resamples.
        seed: Of the draws.

    Yields:
        For each resample its sums, shape (columns,).

    Raises:
        ValueError: If there is no cluster.
    """
    number = len(counts)
    if number == 0:
        raise ValueError("expected clusters to draw from, found none")
    generator = np.random.default_rng(seed)
    shares = np.full(number, 1 / number)
    for begin in range(0, draws, _AT_ONCE):
        times = generator.multinomial(number, shares, min(_AT_ONCE, draws - begin))
        yield from times @ counts


def interval(values: list[float]) -> tuple[float, float]:
    """The percentile interval at 95 %: lower and upper end.

    Args:
        values: A statistic of each resample, at least one.
    """
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
