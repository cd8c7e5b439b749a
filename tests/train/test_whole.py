"""The whole evaluation, against values worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from math import e

import pytest

from connote.data.schema import CLASSES, Example, Mention
from connote.infer.encoder import EncoderJudge
from connote.train.evaluate import evaluate
from connote.train.rule import PlainRule
from connote.train.whole import evaluate_all

Make = Callable[..., EncoderJudge]


def example(text: str, label: str, framing: str | None, *, loaded: bool, words: bool) -> Example:
    start = text.index(label)
    span = (start, start + len(label))
    mention = Mention(*span, framing=framing, stance="against")
    spans = ((span,) if loaded else ()) if words else None
    return Example(text, text, (mention,), loaded=loaded, loaded_spans=spans)


THUGS = example("Those thugs left.", "thugs", "delegitimizing", loaded=True, words=True)
REBELS = example("Those rebels left.", "rebels", "neutral", loaded=False, words=True)
MOB = example("Those mob left.", "mob", "none", loaded=False, words=True)
WITNESS = example("Those witnesses left.", "witnesses", None, loaded=True, words=False)
EXAMPLES = [THUGS, REBELS, MOB, WITNESS]
LOADED = {"thugs": 2.0, "witnesses": 0.5, "mob": 1.0, "rebels": -2.0}
FRAMING = {"thugs": (9, 0, 0, 0), "rebels": (0, 1, 0, 0), "mob": (9, 0, 0, 0)}
SPAN = {"thugs": (0, 9, 0), "rebels": (0, 0, 9), "mob": (0, 9, 0)}


def test_loaded_sentences_by_hand(judge_by_words: Make) -> None:
    loaded = evaluate_all(judge_by_words(loaded=LOADED), EXAMPLES)["loaded"]
    assert loaded["n"] == 4
    # True: 2 of 3 right, both found. False: 1 of 1 right, 1 of 2 found.
    assert loaded["macro_f1"] == pytest.approx((4 / 5 + 2 / 3) / 2)
    # `witnesses` is less loaded than `mob`: one of the 2 · 2 pairs.
    assert loaded["auroc"] == 3 / 4


def test_mentions_found_by_hand(judge_by_words: Make) -> None:
    metrics = evaluate_all(judge_by_words(span=SPAN), EXAMPLES)
    # Found: thugs, rebels, mob. True: thugs, rebels; `mob` is framed by nothing.
    for key in ("span_exact", "span_overlap"):
        assert metrics[key] == {
            "precision": pytest.approx(2 / 3),
            "recall": 1.0,
            "f1": pytest.approx(4 / 5),
            "found": 3,
            "true": 2,
        }


def test_a_wider_mention_overlaps_and_is_not_exact(judge_by_words: Make) -> None:
    judge = judge_by_words(span={"those": (0, 9, 0), "rebels": (0, 0, 9)})
    metrics = evaluate_all(judge, [REBELS])
    assert metrics["span_exact"]["f1"] == 0.0
    assert metrics["span_overlap"]["f1"] == 1.0


def test_loaded_words_stand_beside_them(judge_by_words: Make) -> None:
    judge = judge_by_words(loaded_word={"thugs": 3.0, "mob": 2.0, "witnesses": 9.0})
    words = evaluate_all(judge, EXAMPLES)["loaded_word"]
    # Three sentences of four tokens; `mob` is said and not marked, `witnesses` not looked at.
    assert words == {
        "n": 12,
        "precision": 0.5,
        "recall": 1.0,
        "f1": pytest.approx(2 / 3),
        "auroc": 1.0,
    }


def test_only_what_the_records_mark_is_reported(judge_by_words: Make) -> None:
    judge = judge_by_words(loaded=LOADED)
    assert set(evaluate_all(judge, [WITNESS])) == set(CLASSES)
    assert set(evaluate_all(judge, EXAMPLES)) - set(CLASSES) == {
        "loaded_word",
        "span_exact",
        "span_overlap",
    }


def test_the_rule_has_the_four_judgements_alone() -> None:
    assert evaluate_all(PlainRule(), EXAMPLES) == evaluate(PlainRule(), EXAMPLES)
    assert set(evaluate_all(PlainRule(), EXAMPLES)) == set(CLASSES)


def test_how_often_a_class_is_named_and_how_often_rightly(judge_by_words: Make) -> None:
    judge = judge_by_words(thresholds={"framing": 0.9, "stance": 0.9}, framing=FRAMING)
    metrics = evaluate(judge, EXAMPLES)
    # thugs: named, right; mob: named, wrong; rebels: right, but not sure enough.
    assert metrics["framing"]["accuracy"] == pytest.approx(2 / 3)
    assert metrics["framing"]["named"] == pytest.approx(2 / 3)
    assert metrics["framing"]["named_precision"] == 0.5
    assert metrics["stance"]["named"] == 0.0
    assert metrics["stance"]["named_precision"] is None
    assert metrics["voice"] == {"n": 0}


def test_a_class_that_just_reaches_its_threshold_is_named(judge_by_words: Make) -> None:
    probability = e / (e + 3)
    for threshold, named in ((probability - 1e-6, 1.0), (probability + 1e-6, 0.0)):
        judge = judge_by_words(thresholds={"framing": threshold}, framing=FRAMING)
        assert evaluate(judge, [REBELS])["framing"]["named"] == named
