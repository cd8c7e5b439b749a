"""How well the words that load a sentence are told, token by token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.metrics import precision_recall_fscore_support, roc_auc_score

from ..data.schema import Example
from ..infer.encoder import LOADED_WORD, EncoderJudge
from ..infer.judge import as_input
from .evaluate import chunks


def word_report(judge: EncoderJudge, examples: Sequence[Example]) -> dict[str, Any]:
    """Token metrics of the loaded words.

    Args:
        judge: A trained encoder.
        examples: Labelled records; those that do not mark the words are passed over.

    Returns:
        ``n`` tokens, ``precision``, ``recall`` and ``f1`` of the tokens marked, ``auroc`` of
        their probabilities; ``n`` alone where no token, or every one, is marked.
    """
    marked = [example for example in examples if example.loaded_spans is not None]
    gold: list[bool] = []
    probabilities: list[float] = []
    told = (
        tokens
        for part in chunks(marked)
        for tokens in judge.word_probabilities(list(map(as_input, part)))
    )
    for example, tokens in zip(marked, told, strict=True):
        spans = example.loaded_spans or ()
        for start, end, probability in tokens:
            gold.append(any(start < b and a < end for a, b in spans))
            probabilities.append(probability)
    if len(set(gold)) < 2:
        return {"n": 0}
    predicted = np.asarray(probabilities) >= LOADED_WORD
    precision, recall, f1, _ = precision_recall_fscore_support(
        gold, predicted, average="binary", zero_division=0.0
    )
    return {
        "n": len(gold),
        "precision": float(precision),
        "recall": float(recall),
        "f1": float(f1),
        "auroc": float(roc_auc_score(gold, probabilities)),
    }
