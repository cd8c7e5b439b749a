"""How many sentences of each stratum a gold sample takes.

How many are taken of a stratum is a compromise between one figure for the archive and
differences between its groups: groups get equal parts, and within a group a stratum of ``N``
sentences gets a part like ``sqrt(N) S``, where ``S`` is the expected standard deviation of what
the classifier gets wrong (power allocation, Bankier 1988, between equal parts and Neyman's).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from .strata import MILLION, NOWHERE, OTHER, WITHOUT, Cell, least

FOUND = 0.7
"""Assumed share of the mentions that annotators mark which connote finds too."""
LEAST_DEVIATION = 0.1
"""Of what the classifier gets wrong: it is never as sure as it says."""
MOST_WITHOUT = 1 / 3
"""Largest part of a group that is spent on sentences in which nothing was found."""


def allocate(cells: Sequence[Cell], size: int) -> list[int]:
    """How many sentences to draw from each stratum.

    Args:
        cells: The strata, as `collapsed` gives them.
        size: In all; at most their sentences, at least two of each that has two.

    Returns:
        For each stratum at least 2 (or all), at most all, in sum the size.
    """
    weights = _weights(cells)
    low, high = 0.0, 1.0
    while sum(_clipped(cells, weights, high)) < size:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        if sum(_clipped(cells, weights, middle)) < size:
            low = middle
        else:
            high = middle
    return _rounded(_clipped(cells, weights, low), cells, size)


def _weights(cells: Sequence[Cell]) -> list[float]:
    """The part of each stratum: groups get equal parts, what was put together a larger one."""
    by_group: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, cell in enumerate(cells):
        by_group[cell.group].append(place)
    sentences = sum(cell.population for cell in cells)
    missed = sum(cell.side for cell in cells) / sentences * (1 - FOUND) / FOUND
    raw = [math.sqrt(cell.population) * _deviation(cell, missed) for cell in cells]
    weights = [0.0] * len(cells)
    for group, places in by_group.items():
        of_group = _part_of_others(cells) if OTHER in group else 1.0
        without = [p for p in places if WITHOUT.issuperset(cells[p].predictions or ("",))]
        found = [p for p in places if p not in without]
        part = sum(raw[p] for p in without) / sum(raw[p] for p in places)
        part = min(part, MOST_WITHOUT) if found else 1.0
        for some, share in ((without, part), (found, 1 - part)):
            total = sum(raw[p] for p in some)
            for place in some:
                weights[place] = of_group * share * raw[place] / total
    return weights


def _part_of_others(cells: Sequence[Cell]) -> float:
    """By how much the part of many small groups is larger: by their sentences, up to a half."""
    groups = {cell.group for cell in cells if OTHER not in cell.group}
    own = sum(cell.population for cell in cells if cell.group in groups)
    if not groups:
        return 1.0
    mean = own / len(groups)
    return min(max(1.0, (sum(cell.population for cell in cells) - own) / mean), float(len(groups)))


def _deviation(cell: Cell, missed: float) -> float:
    """Expected standard deviation, between sentences, of what the classifier gets wrong.

    Calibrated probabilities say how much of what was found is wrong; what was missed is taken to
    be spread evenly, but for documents that have nothing.
    """
    rate = 0.0 if cell.predictions == (NOWHERE,) else min(missed, 0.5)
    variance = cell.doubt / MILLION / cell.population + rate * (1 - rate)
    return max(LEAST_DEVIATION, math.sqrt(variance))


def _clipped(cells: Sequence[Cell], weights: Sequence[float], factor: float) -> list[float]:
    return [
        float(min(max(least(cell), factor * weight), cell.population))
        for cell, weight in zip(cells, weights, strict=True)
    ]


def _rounded(parts: Sequence[float], cells: Sequence[Cell], size: int) -> list[int]:
    """Whole numbers of the same sum: the largest remainders are rounded up."""
    counts = [int(part) for part in parts]
    order = sorted(range(len(parts)), key=lambda place: (counts[place] - parts[place], place))
    while sum(counts) < size:
        for place in order:
            if sum(counts) < size and counts[place] < cells[place].population:
                counts[place] += 1
    return counts
