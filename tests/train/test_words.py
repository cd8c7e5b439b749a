"""Token metrics of loaded words, against values worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connote.data.schema import Example
from connote.infer.encoder import LOADED_WORD, EncoderJudge
from connote.infer.judge import as_input
from connote.train.words import word_report

Make = Callable[..., EncoderJudge]
TEXT = "The brutal thugs left."
LOGITS = {"brutal": 2.0, "thugs": -1.0, "left": 1.0, "the": -3.0, ".": -3.0}
MARKED = Example("marked", TEXT, loaded=True, loaded_spans=((4, 16),))


def test_scores_by_hand(judge_by_words: Make) -> None:
    report = word_report(judge_by_words(loaded_word=LOGITS), [MARKED])
    # Marked: brutal, thugs. Said: brutal, left. Of the 2 · 3 pairs one is the wrong way round.
    assert report == {"n": 5, "precision": 0.5, "recall": 0.5, "f1": 0.5, "auroc": 5 / 6}


def test_a_token_that_a_span_only_touches_is_marked(judge_by_words: Make) -> None:
    touched = Example("touched", TEXT, loaded=True, loaded_spans=((9, 12),))
    report = word_report(judge_by_words(loaded_word={"brutal": 2.0, "thugs": 2.0}), [touched])
    assert (report["precision"], report["recall"], report["auroc"]) == (1.0, 1.0, 1.0)
    ends_before = Example("before", TEXT, loaded=True, loaded_spans=((4, 10),))
    report = word_report(judge_by_words(loaded_word={"brutal": 2.0, "thugs": 2.0}), [ends_before])
    assert (report["precision"], report["recall"]) == (0.5, 1.0)


def test_sentences_without_marked_words_are_passed_over(judge_by_words: Make) -> None:
    judge = judge_by_words(loaded_word=LOGITS)
    open_question = Example("open", TEXT, loaded=True)
    assert word_report(judge, [MARKED, open_question]) == word_report(judge, [MARKED])
    plain = Example("plain", "The mob left.", loaded=False, loaded_spans=())
    both = word_report(judge, [MARKED, plain])
    # Four tokens more, of which only `left` is said to load, wrongly.
    assert both["n"] == 9
    assert both["precision"] == pytest.approx(1 / 3)
    assert both["recall"] == 0.5


def test_one_class_alone_has_no_figures(judge_by_words: Make) -> None:
    judge = judge_by_words(loaded_word=LOGITS)
    plain = Example("plain", TEXT, loaded=False, loaded_spans=())
    entire = Example("entire", TEXT, loaded=True, loaded_spans=((0, len(TEXT)),))
    for examples in ([], [plain], [entire], [Example("open", TEXT)]):
        assert word_report(judge, examples) == {"n": 0}


def test_nothing_marked_by_the_model_is_no_error(judge_by_words: Make) -> None:
    report = word_report(judge_by_words(), [MARKED])
    assert report == {"n": 5, "precision": 0.0, "recall": 0.0, "f1": 0.0, "auroc": 0.5}


def test_the_report_and_the_scorer_mark_the_same_tokens(judge_by_words: Make) -> None:
    judge = judge_by_words(loaded_word={"brutal": 0.0, "left": -0.01})
    (tokens,) = judge.word_probabilities([as_input(MARKED)])
    said = [TEXT[start:end] for start, end, p in tokens if p >= LOADED_WORD]
    (output,) = judge.judge([as_input(MARKED)])
    assert [TEXT[start:end] for start, end in output.loaded_words] == said == ["brutal"]
