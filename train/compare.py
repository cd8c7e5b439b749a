"""Is one judge better than another, and by how much: the paired bootstrap.

After Koehn, *Statistical Significance Tests for Machine Translation Evaluation* (EMNLP
2004): both are scored on the same resamples, so that what is hard for both cancels out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..data.bootstrap import Counts, interval, resampled_sums
from ..data.schema import CLASSES, Example
from ..infer.judge import SentenceOutput
from .evaluate import SCORED_CLASSES, judged

DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Gain:
    """Macro-F1 of one judge less that of another, with its interval at 95 %."""

    observed: float
    low: float
    high: float


def differences(
    examples: Sequence[Example],
    outputs: Sequence[SentenceOutput],
    others: Sequence[SentenceOutput],
    draws: int = DRAWS,
    seed: int = 0,
) -> dict[str, Gain]:
    """Macro-F1 of one judge less that of another, with percentile intervals at 95 %.

    Args:
        examples: Labelled records. Whole groups are drawn; one without group is its own.
        outputs: What the one judge said of them.
        others: What the other said.
        draws: How many resamples.
        seed: Of the draws.

    Returns:
        For each label that the records mark the gain.
    """
    result = {}
    for head in CLASSES:
        one, classes = _confusions(examples, outputs, head)
        other, _ = _confusions(examples, others, head)
        if not len(one):
            continue
        both = np.concatenate([one, other], axis=1)
        gains = [
            _macro_f1(sums[: one.shape[1]], classes) - _macro_f1(sums[one.shape[1] :], classes)
            for sums in resampled_sums(both, draws, seed)
        ]
        observed = _macro_f1(one.sum(0), classes) - _macro_f1(other.sum(0), classes)
        result[head] = Gain(observed, *interval(gains))
    return result


def macro_f1(
    examples: Sequence[Example], outputs: Sequence[SentenceOutput], head: str
) -> float | None:
    """Macro-F1 of a judge; ``None`` where no record marks the label.

    Args:
        examples: Labelled records.
        outputs: What the judge said of them.
        head: One of the four judgements.
    """
    confusions, classes = _confusions(examples, outputs, head)
    return _macro_f1(confusions.sum(0), classes) if len(confusions) else None


def _confusions(
    examples: Sequence[Example], outputs: Sequence[SentenceOutput], head: str
) -> tuple[Counts, int]:
    """A flat confusion matrix for each group, gold by predicted; how many classes count."""
    size = len(CLASSES[head])
    found: defaultdict[str, Counts] = defaultdict(lambda: np.zeros(size * size))
    for example, output in zip(examples, outputs, strict=True):
        for gold, row in judged(example, output, head):
            predicted = max(range(size), key=row.__getitem__)
            found[example.event][gold * size + predicted] += 1
    return np.array(list(found.values())), SCORED_CLASSES[head]


def _macro_f1(confusion: Counts, classes: int) -> float:
    size = math.isqrt(len(confusion))
    matrix = confusion.reshape(size, size)
    right = matrix.diagonal()
    named = matrix.sum(0) + matrix.sum(1)
    f1 = np.divide(2 * right, named, out=np.zeros(size), where=named > 0)
    return float(f1[:classes].mean())
