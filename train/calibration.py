"""Temperatures and thresholds, fitted on held-out examples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..data.schema import HEADS, Example
from ..infer.judge import SentenceOutput, softmax
from .evaluate import marked

PRECISION = 0.9
"""What share of the named labels should be right on dev: sets the thresholds."""
_GRID = np.exp(np.linspace(np.log(0.25), np.log(8.0), 141))
_MOST = 0.95
NEVER_NAMED = 2.0


def fit(
    examples: Sequence[Example], outputs: Sequence[SentenceOutput]
) -> tuple[dict[str, float], dict[str, float]]:
    """Fit a temperature and a threshold for each head.

    Temperature scaling is after Guo et al. (ICML 2017): one divisor of the logits that
    minimises the negative log-likelihood. The threshold is the least probability at which
    the classes named are right in `PRECISION` of the cases.

    Args:
        examples: Labelled records.
        outputs: For each what the model gave with all temperatures at 1.

    Returns:
        Temperatures and thresholds. A head without labels has a temperature of 1 and a
        threshold that no probability reaches: of what was not learnt nothing is named.
    """
    temperatures: dict[str, float] = {}
    thresholds: dict[str, float] = {}
    for head in HEADS:
        classes, before = marked(examples, outputs, head)
        gold, logits = np.asarray(classes, np.int64), np.log(np.clip(before, 1e-9, 1.0))
        temperatures[head] = _temperature(logits, gold)
        probabilities = softmax(logits / temperatures[head])
        thresholds[head] = _threshold(probabilities, gold)
    return temperatures, thresholds


def _temperature(logits: NDArray[np.float64], gold: NDArray[np.int64]) -> float:
    if not len(gold):
        return 1.0
    losses = [
        -np.log(softmax(logits / t)[np.arange(len(gold)), gold] + 1e-12).mean() for t in _GRID
    ]
    return round(float(_GRID[int(np.argmin(losses))]), 4)


def _threshold(probabilities: NDArray[np.float64], gold: NDArray[np.int64]) -> float:
    """The least confidence from which on the named classes are right often enough."""
    if not len(gold):
        return NEVER_NAMED
    confidence = probabilities.max(1)
    order = np.argsort(-confidence, kind="stable")
    right = (probabilities.argmax(1) == gold)[order]
    precision = np.cumsum(right) / np.arange(1, len(gold) + 1)
    enough = np.flatnonzero(precision >= PRECISION)
    if not len(enough):
        return _MOST
    if enough[-1] == len(gold) - 1:
        return 0.0
    return round(min(float(confidence[order][enough[-1]]), _MOST), 4)
