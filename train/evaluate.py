"""Evaluation of a model on labelled records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data.errors import UsageError
from ..data.public import read_corpus
from ..data.schema import CLASSES, Example
from ..infer.judge import Judge, SentenceOutput, as_input
from .metrics import report

CHUNK = 512
"""Sentences judged at once: a bound on memory."""
SCORED_CLASSES = {"framing": 3, "stance": 3, "voice": 3, "loaded": 2}
"""Classes that macro-F1 is over: of framing its three values, `none` beside them."""


def read_records(path: Path, form: str = "connote", split: str | None = None) -> list[Example]:
    """The records of a file that must hold some.

    Args:
        path: The file, or with a split the folder of a corpus.
        form: Of the corpus, one of `data.public.FORMS`.
        split: Which part, as `data.public.read_corpus` has it; without one all of a file.

    Raises:
        RecordError: If a record is not valid.
        UsageError: If it is a folder and there is no split, or holds no records.
        OSError: If it cannot be opened.
    """
    examples = read_corpus(form, path, split)
    if not examples:
        raise UsageError(f"{path}: expected records, found none")
    return examples


def judge_examples(judge: Judge, examples: Sequence[Example]) -> list[SentenceOutput]:
    """Judge the given mentions of all examples."""
    return [
        output for part in chunks(examples) for output in judge.judge(list(map(as_input, part)))
    ]


def chunks(examples: Sequence[Example]) -> Iterator[Sequence[Example]]:
    """The examples in parts of at most `CHUNK`."""
    for begin in range(0, len(examples), CHUNK):
        yield examples[begin : begin + CHUNK]


def evaluate(judge: Judge, examples: Sequence[Example]) -> dict[str, Any]:
    """Metrics for framing, stance, voice and loaded, each over the labels marked.

    Args:
        judge: A trained model.
        examples: Labelled records.

    Returns:
        For each judgement what `metrics.report` gives, with ``named`` and
        ``named_precision``: the share of cases in which the winning class reaches the model's
        threshold, and how many of these are right.
    """
    outputs = judge_examples(judge, examples)
    metrics = report_outputs(examples, outputs)
    for head, values in metrics.items():
        if values["n"]:
            gold, probabilities = marked(examples, outputs, head)
            named = probabilities.max(1) >= judge.thresholds[head]
            right = (probabilities.argmax(1) == np.asarray(gold))[named]
            values["named"] = float(named.mean())
            values["named_precision"] = float(right.mean()) if len(right) else None
    return metrics


def report_outputs(
    examples: Sequence[Example], outputs: Sequence[SentenceOutput]
) -> dict[str, Any]:
    """The same for outputs that are there already."""
    metrics: dict[str, Any] = {}
    for head, classes in CLASSES.items():
        gold, probabilities = marked(examples, outputs, head)
        metrics[head] = report(gold, probabilities, classes, SCORED_CLASSES[head])
    return metrics


def marked(
    examples: Sequence[Example], outputs: Sequence[SentenceOutput], head: str
) -> tuple[list[int], NDArray[np.float64]]:
    """Everything marked in all examples.

    Args:
        examples: Labelled records.
        outputs: What a judge said of each.
        head: One of the four judgements.

    Returns:
        The true classes, N of them, and the probabilities, shape (N, classes).
    """
    gold: list[int] = []
    rows: list[list[float]] = []
    for example, output in zip(examples, outputs, strict=True):
        for label, row in judged(example, output, head):
            gold.append(label)
            rows.append(row)
    return gold, np.asarray(rows, np.float64).reshape(-1, len(CLASSES[head]))


def judged(
    example: Example, output: SentenceOutput, head: str
) -> Iterator[tuple[int, list[float]]]:
    """The true class and the probabilities of everything in a sentence that is marked.

    Args:
        example: A labelled record.
        output: What a judge said of it.
        head: One of the four judgements.
    """
    if head == "loaded":
        if example.loaded is not None:
            yield int(example.loaded), [1 - output.loaded, output.loaded]
        return
    for mention, row in zip(example.mentions, getattr(output, head), strict=True):
        label = getattr(mention, head)
        if label is not None:
            yield CLASSES[head].index(label), row.tolist()
