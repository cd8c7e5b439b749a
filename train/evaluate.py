"""Evaluation of a model on labelled records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..data.schema import MENTION_LABELS, Example
from ..infer.judge import Judge, SentenceOutput, as_input
from .metrics import report

CHUNK = 512
SCORED_CLASSES = {"framing": 3, "stance": 3, "voice": 3, "loaded": 2}
"""Classes that macro-F1 is over: of framing its three values, `none` beside them."""


def judge_examples(judge: Judge, examples: Sequence[Example]) -> list[SentenceOutput]:
    """Judge the given mentions of all examples."""
    outputs: list[SentenceOutput] = []
    for begin in range(0, len(examples), CHUNK):
        outputs += judge.judge([as_input(e) for e in examples[begin : begin + CHUNK]])
    return outputs


def evaluate(judge: Judge, examples: Sequence[Example]) -> dict[str, Any]:
    """Metrics for framing, stance, voice and loaded, each over the labels marked.

    Args:
        judge: A trained model.
        examples: Labelled records.
    """
    outputs = judge_examples(judge, examples)
    return report_outputs(examples, outputs)


def report_outputs(
    examples: Sequence[Example], outputs: Sequence[SentenceOutput]
) -> dict[str, Any]:
    """The same for outputs that are there already."""
    metrics: dict[str, Any] = {}
    for name, classes in MENTION_LABELS.items():
        gold: list[int] = []
        rows: list[list[float]] = []
        for example, output in zip(examples, outputs, strict=True):
            for i, mention in enumerate(example.mentions):
                label = getattr(mention, name)
                if label is not None:
                    gold.append(classes.index(label))
                    rows.append(getattr(output, name)[i].tolist())
        metrics[name] = report(gold, np.asarray(rows, np.float64), classes, SCORED_CLASSES[name])
    marked = [
        (int(e.loaded), o.loaded)
        for e, o in zip(examples, outputs, strict=True)
        if e.loaded is not None
    ]
    rows = [[1 - p, p] for _, p in marked]
    metrics["loaded"] = report(
        [label for label, _ in marked],
        np.asarray(rows, np.float64),
        ("false", "true"),
        SCORED_CLASSES["loaded"],
    )
    return metrics
