"""What an evaluation reports of one label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

BINS = 10


def report(
    gold: Sequence[int], probabilities: NDArray[np.float64], classes: Sequence[str], scored: int
) -> dict[str, Any]:
    """Metrics of one label.

    Args:
        gold: True class numbers, N of them.
        probabilities: Shape (N, classes).
        classes: Their names.
        scored: Macro-F1 is over the first `scored` classes; the others stand beside.

    Returns:
        ``n``, ``macro_f1``, ``accuracy``, ``per_class`` (precision, recall, f1, n),
        ``confusion`` (rows gold, columns predicted), ``ece`` and ``brier``; without any
        gold label ``n`` alone.
    """
    if not gold:
        return {"n": 0}
    numbers = list(range(len(classes)))
    predicted = probabilities.argmax(1)
    precision, recall, f1, support = precision_recall_fscore_support(
        gold, predicted, labels=numbers, zero_division=0.0
    )
    confusion = confusion_matrix(gold, predicted, labels=numbers)
    truth = np.eye(len(classes))[np.asarray(gold)]
    return {
        "n": len(gold),
        "macro_f1": float(np.mean(f1[:scored])),
        "accuracy": float(np.mean(predicted == np.asarray(gold))),
        "per_class": {
            name: {
                "precision": float(precision[i]),
                "recall": float(recall[i]),
                "f1": float(f1[i]),
                "n": int(support[i]),
            }
            for i, name in enumerate(classes)
        },
        "confusion": {
            name: dict(zip(classes, map(int, confusion[i]), strict=True))
            for i, name in enumerate(classes)
        },
        "ece": calibration_error(gold, probabilities),
        "brier": float(np.mean(((probabilities - truth) ** 2).sum(1))),
    }


def calibration_error(gold: Sequence[int], probabilities: NDArray[np.float64]) -> float:
    """Expected calibration error over ten bins of equal width (Guo et al., ICML 2017)."""
    confidence = probabilities.max(1)
    correct = probabilities.argmax(1) == np.asarray(gold)
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [
        abs(float(correct[bins == b].mean() - confidence[bins == b].mean())) * (bins == b).mean()
        for b in np.unique(bins)
    ]
    return float(sum(gaps))
