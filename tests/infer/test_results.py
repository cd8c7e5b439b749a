"""Judgements: which class wins and when none is named."""

from dataclasses import FrozenInstanceError
from types import MappingProxyType

import pytest

from connote.data.schema import STANCES
from connote.infer.results import (
    UNCERTAIN,
    Judgement,
    ScoredDocument,
    ScoredMention,
    ScoredSentence,
)


@pytest.mark.parametrize(
    ("probabilities", "threshold", "label", "raw"),
    [
        ([0.2, 0.1, 0.7], 0.5, "favor", "favor"),
        ([0.2, 0.1, 0.7], 0.7, "favor", "favor"),
        ([0.2, 0.1, 0.7], 0.71, UNCERTAIN, "favor"),
        ([0.4, 0.4, 0.2], 0.0, "against", "against"),
        ([1, 0, 0], 1.0, "against", "against"),
    ],
)
def test_the_most_probable_class_is_named_from_the_threshold_on(
    probabilities: list[float], threshold: float, label: str, raw: str
) -> None:
    judgement = Judgement.decide(STANCES, probabilities, threshold)
    assert (judgement.label, judgement.raw) == (label, raw)
    assert judgement.probability == max(probabilities)
    assert judgement.threshold == threshold
    assert judgement.probabilities == dict(zip(STANCES, probabilities, strict=True))


def test_a_probability_for_every_class_is_needed() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Judgement.decide(STANCES, [0.5, 0.5], 0.5)


def test_results_cannot_be_changed() -> None:
    judgement = Judgement.decide(STANCES, [0.2, 0.1, 0.7], 0.5)
    with pytest.raises(FrozenInstanceError):
        judgement.label = "x"  # type: ignore[misc]
    assert isinstance(judgement.probabilities, MappingProxyType)


def test_a_document_gives_all_its_mentions_in_order() -> None:
    judged = Judgement.decide(STANCES, [0.2, 0.1, 0.7], 0.5)
    mentions = [
        ScoredMention(i, i + 1, "x", None, "given", judged, judged, judged) for i in range(3)
    ]
    sentences = (
        ScoredSentence(0, 0, 2, "xx", tuple(mentions[:2]), judged),
        ScoredSentence(1, 2, 2, "", (), judged),
        ScoredSentence(2, 2, 3, "x", (mentions[2],), judged),
    )
    assert ScoredDocument("d", "xxx", sentences, "m").mentions == tuple(mentions)
