"""The plain rule, and evaluation through the interface that every model shares."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from connote.data.schema import Example, Mention
from connote.infer.judge import as_input
from connote.train.calibration import fit
from connote.train.evaluate import evaluate, judge_examples
from connote.train.rule import PlainRule
from connote.train.spans import found_by
from connote.train.words import word_report


def example(text: str, label: str, *, in_quote: bool = False, **marked: str) -> Example:
    start = text.index(label)
    mention = Mention(start, start + len(label), **marked)  # type: ignore[arg-type]
    return Example(text, text, (mention,), in_quote=in_quote, loaded=marked["framing"] != "neutral")


EXAMPLES = [
    example("The thugs left.", "thugs", framing="delegitimizing", stance="against", voice="own"),
    example(
        "Moscow said the terrorists left.",
        "terrorists",
        framing="delegitimizing",
        stance="against",
        voice="attributed",
    ),
    example(
        "“Our heroes came home,” he said.",
        "heroes",
        framing="legitimizing",
        stance="favor",
        voice="quoted",
    ),
    example("The rebels left.", "rebels", framing="neutral", stance="neutral", voice="own"),
    example(
        "the regime fell” and he left.",
        "regime",
        in_quote=True,
        framing="delegitimizing",
        stance="against",
        voice="quoted",
    ),
]


def test_the_rule_reads_words_quotation_marks_and_verbs() -> None:
    metrics = evaluate(PlainRule(), EXAMPLES)
    assert metrics["framing"]["accuracy"] == 1.0
    assert metrics["voice"]["accuracy"] == 1.0
    assert metrics["loaded"]["n"] == 5


def test_the_rule_fails_where_the_word_is_not_on_its_list() -> None:
    unknown = example(
        "The rabble left.", "rabble", framing="delegitimizing", stance="against", voice="own"
    )
    assert evaluate(PlainRule(), [unknown])["framing"]["accuracy"] == 0.0


def test_unmarked_labels_are_not_evaluated() -> None:
    bare = Example("x", "The rebels left.", (Mention(4, 10, stance="neutral"),))
    metrics = evaluate(PlainRule(), [bare])
    assert metrics["stance"]["n"] == 1
    assert metrics["framing"] == {"n": 0}
    assert metrics["loaded"] == {"n": 0}


def test_an_input_knows_what_is_quoted() -> None:
    quoted = as_input(EXAMPLES[4])
    assert [quoted.text[a:b] for a, b in quoted.quoted] == ["the regime fell”"]


def test_a_corpus_is_judged_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    class Counting(PlainRule):
        def judge(self, sentences):  # type: ignore[no-untyped-def]
            sizes.append(len(sentences))
            return super().judge(sentences)

    monkeypatch.setattr("connote.train.evaluate.CHUNK", 2)
    assert len(judge_examples(Counting(), EXAMPLES)) == len(EXAMPLES)
    assert found_by(Counting(), EXAMPLES) == [[] for _ in EXAMPLES]
    assert sizes == [2, 2, 1] * 2


def test_so_are_loaded_words(monkeypatch: pytest.MonkeyPatch) -> None:
    class FirstWord:
        def word_probabilities(self, sentences):  # type: ignore[no-untyped-def]
            assert len(sentences) <= 2
            return [[(0, 3, 0.9), (4, len(s.text), 0.1)] for s in sentences]

    monkeypatch.setattr("connote.train.evaluate.CHUNK", 2)
    marked = [replace(e, loaded_spans=((0, 3),)) for e in EXAMPLES]
    report = word_report(FirstWord(), marked)  # type: ignore[arg-type]
    assert (report["n"], report["f1"]) == (2 * len(EXAMPLES), 1.0)


def test_a_temperature_softens_what_is_too_sure() -> None:
    class Sure(PlainRule):
        def judge(self, sentences):  # type: ignore[no-untyped-def]
            outputs = super().judge(sentences)
            for output in outputs:
                np.clip(output.voice, 0.001, 0.998, out=output.voice)
            return outputs

    wrong_now_and_then = [
        example(
            f"The rebels left {i}.",
            "rebels",
            framing="neutral",
            stance="neutral",
            voice="own" if i % 4 else "attributed",
        )
        for i in range(40)
    ]
    judge = Sure()
    temperatures, thresholds = fit(wrong_now_and_then, judge_examples(judge, wrong_now_and_then))
    assert temperatures["voice"] > 2
    # 75 % right at one and the same confidence never reaches 80 %.
    assert thresholds["voice"] == pytest.approx(0.95)
    assert thresholds["stance"] == 0.0
