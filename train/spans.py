"""How well mentions are found that no lexicon lists: exact and overlapping span F1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..data.labels import is_label
from ..data.schema import Example
from ..infer.encoder import EncoderJudge
from ..infer.folder import ModelFolder
from ..infer.judge import Judge, Offsets, as_input
from ..infer.runtime import OpenVinoRunner
from .evaluate import chunks

GRID = tuple(round(float(t), 2) for t in np.arange(0.2, 0.81, 0.05))


@dataclass(frozen=True, slots=True)
class SpanScores:
    """Precision, recall and F1 of found spans.

    Attributes:
        precision: Share of the found ones that are right.
        recall: Share of the true ones that were found.
        f1: Their harmonic mean.
        found: How many were found.
        true: How many there are.
    """

    precision: float
    recall: float
    f1: float
    found: int
    true: int


def contested(example: Example) -> list[Offsets]:
    """The mentions of a record that a finder should find: labels, not bare names."""
    return [(m.start, m.end) for m in example.mentions if is_label(example, m)]


def found_by(judge: Judge, examples: Sequence[Example]) -> list[list[Offsets]]:
    """What a model finds in the sentences without a lexicon's help."""
    found: list[list[Offsets]] = []
    for part in chunks(examples):
        bare = [replace(as_input(replace(e, mentions=())), search=True) for e in part]
        found += [list(output.found) for output in judge.judge(bare)]
    return found


def span_scores(
    true: Sequence[Iterable[Offsets]], found: Sequence[Iterable[Offsets]], *, exact: bool
) -> SpanScores:
    """Scores over sentences.

    Args:
        true: For each sentence the offsets of its mentions.
        found: For each sentence what was found.
        exact: Whether both ends must be the same; else any overlap is right.
    """

    def hit(span: Offsets, others: Iterable[Offsets]) -> bool:
        return any(span == o if exact else span[0] < o[1] and o[0] < span[1] for o in others)

    pairs = [(list(t), list(f)) for t, f in zip(true, found, strict=True)]
    hits = sum(hit(span, t) for t, f in pairs for span in f)
    caught = sum(hit(span, f) for t, f in pairs for span in t)
    n_found, n_true = sum(len(f) for _, f in pairs), sum(len(t) for t, _ in pairs)
    precision = hits / n_found if n_found else 0.0
    recall = caught / n_true if n_true else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return SpanScores(precision, recall, f1, n_found, n_true)


def fit_span_threshold(folder: ModelFolder, examples: Sequence[Example]) -> float | None:
    """The threshold with the best overlapping F1 on held-out records.

    Returns:
        The threshold; ``None`` where no record has a mention with a framing.
    """
    marked = [e for e in examples if any(m.framing for m in e.mentions)]
    if not marked:
        return None
    runner = OpenVinoRunner(folder.path)
    true = [contested(example) for example in marked]
    scores = {}
    for threshold in GRID:
        judge = EncoderJudge(replace(folder, span_threshold=threshold), runner=runner)
        scores[threshold] = span_scores(true, found_by(judge, marked), exact=False).f1
    return max(scores, key=scores.__getitem__)
