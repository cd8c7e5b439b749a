"""The numbers of a corpus, counted by hand on a few sentences."""

from __future__ import annotations

import json

from connote.data.schema import Annotation, Example, Mention
from connote.data.stats import contrast_events, corpus_stats

MOB = Example(
    "1",
    "“The mob is back,” he said.",
    (Mention(5, 8, framing="delegitimizing", stance="against", voice="quoted", speaker="he"),),
    topic="protests",
    group="a",
    register="wire",
    contrast="sense",
    loaded=True,
    annotations=(
        Annotation("a1", 0, "delegitimizing", "against", "quoted"),
        Annotation("a2", 0, "neutral", "against", "quoted"),
        Annotation("adjudicated", 0, "delegitimizing", "against", "quoted", reason="an insult"),
    ),
)
KANGAROOS = Example(
    "2",
    "A mob of kangaroos crossed.",
    (Mention(2, 5, framing="none", referent="kangaroos"),),
    topic="ordinary",
    group="a",
    register="wire",
    contrast="sense",
    phenomenon="other-sense",
    loaded=False,
    annotations=(Annotation("a1", 0, "none"), Annotation("a2", 0, "none")),
)


def test_counts_balance_and_marks() -> None:
    found = corpus_stats({"train": [MOB], "test": [KANGAROOS]})
    assert found["splits"]["train"] == {"sentences": 1, "mentions": 1, "groups": 1}
    assert found["all"] == {"sentences": 2, "mentions": 2, "groups": 1}
    assert found["registers"] == {"wire": 2}
    assert found["contrast_events"] == {"sense": 1}
    assert found["phenomena"] == {"other-sense": {"sentences": 1, "mentions": 1}}
    assert found["balance"]["stance"]["delegitimizing"] == {"against": 1, "neutral": 0, "favor": 0}
    assert found["balance"]["voice"]["neutral"] == {"own": 0, "attributed": 0, "quoted": 0}
    assert found["loaded"] == {"true": 1, "false": 1}
    assert found["labels"] == {"expressions": 1, "most_frequent": {"mob": 2}, "rare_share": 1.0}
    assert found["marked"] == {"referent": 0.5, "speaker": 1.0}
    assert found["template"] is None
    json.dumps(found)


def test_agreement_leaves_the_adjudicated_labels_out() -> None:
    found = corpus_stats({"train": [MOB, KANGAROOS]})["agreement"]
    assert found["framing"]["annotators"] == ["a1", "a2"]
    assert found["framing"]["units"] == 2
    assert "stance" not in found


def test_an_empty_corpus_has_numbers_too() -> None:
    found = corpus_stats({"train": []})
    assert found["all"]["sentences"] == 0
    assert found["labels"]["rare_share"] is None
    assert found["agreement"] == {}


def test_an_event_counts_as_contrast_when_it_is_told_twice() -> None:
    told = [
        Example("1", "a", group="g", contrast="label"),
        Example("2", "b", group="g", contrast="label"),
        Example("3", "c", group="h", contrast="voice"),
        Example("4", "d", group="i"),
        Example("5", "e", group="i"),
    ]
    assert contrast_events(told) == {"label": 1}
