"""What an evaluation reports of one label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support, roc_auc_score

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
        ``confusion`` (rows gold, columns predicted), ``auroc`` where there are two classes,
        ``ece``, ``ece_debiased`` and ``brier``; without any gold label ``n`` alone.
    """
    if not gold:
        return {"n": 0}
    numbers = list(range(len(classes)))
    predicted = probabilities.argmax(1)
    by_class = _per_class(gold, predicted, classes)
    confusion = confusion_matrix(gold, predicted, labels=numbers)
    truth = np.eye(len(classes))[np.asarray(gold)]
    return {
        "n": len(gold),
        "macro_f1": float(np.mean([by_class[name]["f1"] for name in classes[:scored]])),
        "accuracy": float(np.mean(predicted == np.asarray(gold))),
        "per_class": by_class,
        "confusion": {
            name: dict(zip(classes, map(int, confusion[i]), strict=True))
            for i, name in enumerate(classes)
        },
        **_auroc(gold, probabilities),
        "ece": calibration_error(gold, probabilities),
        "ece_debiased": debiased_calibration_error(gold, probabilities),
        "brier": float(np.mean(((probabilities - truth) ** 2).sum(1))),
    }


def _per_class(
    gold: Sequence[int], predicted: NDArray[np.int64], classes: Sequence[str]
) -> dict[str, dict[str, Any]]:
    precision, recall, f1, support = precision_recall_fscore_support(
        gold, predicted, labels=list(range(len(classes))), zero_division=0.0
    )
    return {
        name: {
            "precision": float(precision[i]),
            "recall": float(recall[i]),
            "f1": float(f1[i]),
            "n": int(support[i]),
        }
        for i, name in enumerate(classes)
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


def debiased_calibration_error(gold: Sequence[int], probabilities: NDArray[np.float64]) -> float:
    """Root mean squared calibration error, less what chance alone would show.

    The debiased estimator of Kumar, Liang and Ma (NeurIPS 2019, *Verified Uncertainty
    Calibration*) on ten bins of equal numbers: from each bin's squared gap the variance of
    its share of right answers is taken off. The plain error is always above zero, and the
    further the fewer answers there are.
    """
    confidence = probabilities.max(1)
    correct = (probabilities.argmax(1) == np.asarray(gold)).astype(float)
    order = np.argsort(confidence, kind="stable")
    squared = 0.0
    for members in np.array_split(order, min(BINS, max(1, len(order) // 2))):
        share = correct[members].mean()
        chance = share * (1 - share) / max(len(members) - 1, 1)
        gap = (confidence[members].mean() - share) ** 2 - chance
        squared += gap * len(members) / len(order)
    return float(max(squared, 0.0) ** 0.5)


def _auroc(gold: Sequence[int], probabilities: NDArray[np.float64]) -> dict[str, float]:
    """Area under the ROC curve of the second of two classes, if both occur."""
    if probabilities.shape[1] != 2 or len(set(gold)) < 2:
        return {}
    return {"auroc": float(roc_auc_score(gold, probabilities[:, 1]))}
