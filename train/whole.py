"""The whole evaluation of a model: the four judgements, loaded words, and mentions found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ..data.schema import Example
from ..infer.encoder import EncoderJudge
from ..infer.judge import Judge
from .evaluate import evaluate
from .spans import contested, found_by, span_scores
from .words import word_report


def evaluate_all(judge: Judge, examples: Sequence[Example]) -> dict[str, Any]:
    """Metrics of all that a model says.

    Args:
        judge: A trained model.
        examples: Labelled records.

    Returns:
        For each judgement what `evaluate.evaluate` gives; of an encoder, where the records
        mark them, under ``loaded_word`` token metrics (`words.word_report`), and under
        ``span_exact`` and ``span_overlap`` how well the model alone finds the mentions whose
        framing is marked (`spans.span_scores`).
    """
    metrics = evaluate(judge, examples)
    if not isinstance(judge, EncoderJudge):
        return metrics
    words = word_report(judge, examples)
    if words["n"]:
        metrics["loaded_word"] = words
    framed = [e for e in examples if any(m.framing for m in e.mentions)]
    if framed:
        true, found = [contested(e) for e in framed], found_by(judge, framed)
        metrics["span_exact"] = asdict(span_scores(true, found, exact=True))
        metrics["span_overlap"] = asdict(span_scores(true, found, exact=False))
    return metrics
