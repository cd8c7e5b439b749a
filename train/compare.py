"""Is one judge better than another, and by how much: the paired bootstrap.

After Koehn, *Statistical Significance Tests for Machine Translation Evaluation* (EMNLP
2004): both are scored on the same resamples, so that what is hard for both cancels out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..data.schema import FRAMINGS, STANCES, VOICES, Example
from ..infer.judge import SentenceOutput
from .evaluate import SCORED_CLASSES

_CLASSES = {"framing": FRAMINGS, "stance": STANCES, "voice": VOICES, "loaded": ("false", "true")}
DRAWS = 2000
Numbers = NDArray[np.int64]


def differences(
    examples: Sequence[Example],
    outputs: Sequence[SentenceOutput],
    others: Sequence[SentenceOutput],
    draws: int = DRAWS,
    seed: int = 0,
) -> dict[str, tuple[float, float, float]]:
    """Macro-F1 of one judge less that of another, with percentile intervals at 95 %.

    Args:
        examples: Labelled records. Whole groups are drawn; one without group is its own.
        outputs: What the one judge said of them.
        others: What the other said.
        draws: How many resamples.
        seed: Of the draws.

    Returns:
        For each label that the records mark: difference, lower and upper end.
    """
    result = {}
    for head in _CLASSES:
        one, classes = _confusions(examples, outputs, head)
        other, _ = _confusions(examples, others, head)
        if not one.any():
            continue
        generator = np.random.default_rng(seed)
        found = []
        for _ in range(draws):
            drawn = generator.integers(0, len(one), len(one))
            found.append(
                _macro_f1(one[drawn].sum(0), classes) - _macro_f1(other[drawn].sum(0), classes)
            )
        low, high = np.percentile(found, [2.5, 97.5])
        observed = _macro_f1(one.sum(0), classes) - _macro_f1(other.sum(0), classes)
        result[head] = (observed, float(low), float(high))
    return result


def _confusions(
    examples: Sequence[Example], outputs: Sequence[SentenceOutput], head: str
) -> tuple[Numbers, int]:
    """A confusion matrix for each group, gold by predicted, and how many classes count."""
    classes = _CLASSES[head]
    found: defaultdict[str, Numbers] = defaultdict(
        lambda: np.zeros((len(classes), len(classes)), np.int64)
    )
    for example, output in zip(examples, outputs, strict=True):
        matrix = found[example.group or example.id]
        if head == "loaded":
            if example.loaded is not None:
                matrix[int(example.loaded), int(output.loaded > 0.5)] += 1
            continue
        for mention, row in zip(example.mentions, getattr(output, head), strict=True):
            label = getattr(mention, head)
            if label is not None:
                matrix[classes.index(label), int(row.argmax())] += 1
    return np.stack(list(found.values())), SCORED_CLASSES[head]


def _macro_f1(confusion: Numbers, classes: int) -> float:
    right = confusion.diagonal()
    named = confusion.sum(0) + confusion.sum(1)
    f1 = np.divide(2 * right, named, out=np.zeros(len(right)), where=named > 0)
    return float(f1[:classes].mean())
