"""Agreement of annotators: Krippendorff's alpha and Cohen's kappa for nominal labels.

Alpha after Krippendorff, *Content Analysis* (4th ed., 2019), chapter 12: one minus the observed
disagreement over the one expected by chance; units with one label count for nothing. Kappa of
two annotators after Cohen (1960), who has each disagree by chance in their own way.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from .bootstrap import Counts, interval, resampled_sums
from .schema import HEADS, Annotation, Example

ADJUDICATED = "adjudicated"
"""The annotator whose labels settle what the others differed in."""
NOT_INDEPENDENT = frozenset({"writer", ADJUDICATED})
"""Whose labels say nothing about how well annotators agree: one made the sentence for its
label, the other saw the others' labels."""
DRAWS = 1000

Units = Sequence[Sequence[str]]
Statistic = Callable[[Counts], float | None]
"""Of the summed counts of some clusters; ``None`` where it is not defined."""


def krippendorff_alpha(units: Iterable[Sequence[str]]) -> float:
    """Alpha of nominal labels.

    Args:
        units: For each unit the labels that its annotators gave, in any order.

    Raises:
        ValueError: If fewer than two labels were given to any unit, or all are the same:
            alpha is then not defined.
    """
    alpha = _alpha(_counts([list(units)])[0])
    if alpha is None:
        raise ValueError("alpha needs units with two labels each and at least two classes")
    return alpha


def _counts(clusters: Sequence[Units]) -> Counts:
    """For each cluster how often each label was given, and the observed disagreement."""
    values = sorted({label for units in clusters for unit in units for label in unit})
    counts = np.zeros((len(clusters), len(values) + 1))
    for row, units in zip(counts, clusters, strict=True):
        for labels in units:
            if len(labels) >= 2:
                found = Counter(labels)
                row[:-1] += [found[value] for value in values]
                row[-1] += _disagreement(found)
    return counts


def _disagreement(counts: Counter[str]) -> float:
    number = counts.total()
    pairs = number**2 - sum(count**2 for count in counts.values())
    return pairs / (number - 1)


def _alpha(sums: Counts) -> float | None:
    """Alpha of the sums of some clusters; ``None`` where chance alone would agree."""
    totals, disagreement = sums[:-1], sums[-1]
    n = totals.sum()
    expected = (n**2 - (totals**2).sum()) / max(n - 1, 1)
    return float(1 - disagreement / expected) if expected > 0 else None


def alpha_interval(
    clusters: Sequence[Units], draws: int = DRAWS, seed: int = 0
) -> tuple[float, float]:
    """Percentile bootstrap interval of alpha at 95 %, whole clusters drawn.

    Args:
        clusters: Units that are not independent of each other stand in one cluster: the
            mentions of one event's retellings.
        draws: How many resamples, at least one.
        seed: Of the draws.

    Returns:
        Lower and upper end; resamples in which all labels are the same are left out.

    Raises:
        ValueError: If alpha is not defined for the units as they are.
    """
    krippendorff_alpha([unit for units in clusters for unit in units])
    return bootstrap_interval(_counts(clusters), _alpha, draws, seed)


def cohen_kappa(table: Counts) -> float | None:
    """Kappa of two annotators.

    Args:
        table: How often the one said a class where the other said a class, one row and column a
            class, flat or square.

    Returns:
        Kappa, or ``None`` where it is not defined: both always said the same one class, or
        nothing.
    """
    square = table.reshape(2 * [math.isqrt(table.size)])
    n = square.sum()
    by_chance = (square.sum(axis=0) * square.sum(axis=1)).sum()
    if by_chance == n**2:
        return None
    return float((n * square.trace() - by_chance) / (n**2 - by_chance))


def bootstrap_interval(
    counts: Counts, statistic: Statistic, draws: int = DRAWS, seed: int = 0
) -> tuple[float, float]:
    """Percentile bootstrap interval of a statistic at 95 %, whole clusters drawn.

    Args:
        counts: Shape (clusters, columns).
        statistic: Of their column sums, shape (columns,).
        draws: How many resamples, at least one.
        seed: Of the draws.

    Returns:
        Lower and upper end; resamples in which the statistic is not defined are left out.

    Raises:
        ValueError: If it is defined in none.
    """
    resampled = map(statistic, resampled_sums(counts, draws, seed))
    values = [value for value in resampled if value is not None]
    if not values:
        raise ValueError("expected resamples in which the statistic is defined, found none")
    return interval(values)


def units(examples: Iterable[Example], head: str, annotators: Sequence[str]) -> list[list[str]]:
    """The labels that some annotators gave, unit by unit.

    Args:
        examples: Records with annotations.
        head: ``framing``, ``stance``, ``voice`` (a unit is a mention) or ``loaded`` (a
            unit is a sentence).
        annotators: Whose labels to take.

    Returns:
        One label an annotator, for each unit that at least two of them labelled. A mention
        of framing ``none`` has neither stance nor voice.
    """
    found: defaultdict[tuple[int, int | None], dict[str, str]] = defaultdict(dict)
    for i, example in enumerate(examples):
        for annotation in example.annotations:
            label = _label(annotation, head)
            if label is not None and annotation.annotator in annotators:
                found[i, annotation.mention][annotation.annotator] = label
    return [list(labels.values()) for labels in found.values() if len(labels) >= 2]


def _label(annotation: Annotation, head: str) -> str | None:
    value = getattr(annotation, head)
    return None if value is None else str(value)


def agreement(
    examples: Iterable[Example], annotators: Sequence[str] | None = None
) -> Mapping[str, Any]:
    """Alpha of every label with its interval.

    Args:
        examples: Records with annotations; those of one group are one cluster.
        annotators: Whose labels to compare; without it everybody's who labelled
            independently.

    Returns:
        For each label with at least two annotators on the same units and two classes:
        ``alpha``, ``low``, ``high``, ``units`` and ``annotators``.
    """
    clusters: defaultdict[str, list[Example]] = defaultdict(list)
    for example in examples:
        clusters[example.event].append(example)
    who = annotators or sorted(
        {a.annotator for found in clusters.values() for e in found for a in e.annotations}
        - NOT_INDEPENDENT
    )
    result: dict[str, Any] = {}
    for head in HEADS:
        by_cluster = [units(found, head, who) for found in clusters.values()]
        flat = [unit for found in by_cluster for unit in found]
        if len(who) < 2 or len({label for unit in flat for label in unit}) < 2:
            continue
        low, high = alpha_interval([found for found in by_cluster if found])
        result[head] = {
            "alpha": krippendorff_alpha(flat),
            "low": low,
            "high": high,
            "units": len(flat),
            "annotators": list(who),
        }
    return result
