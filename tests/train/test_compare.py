"""The paired bootstrap, and matched pairs, on judges whose faults are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from connote.data.schema import FRAMINGS, STANCES, VOICES, Example, Mention, read_examples
from connote.infer.judge import SentenceOutput
from connote.train.compare import Gain, differences
from connote.train.evaluate import judge_examples, report_outputs
from connote.train.pairs import both_right, matched_pairs
from connote.train.rule import PlainRule


@pytest.fixture(scope="module")
def examples(corpus_folder: Path) -> list[Example]:
    return read_examples(corpus_folder / "test.jsonl")


def rows(values: Sequence[str | None], classes: Sequence[str]) -> np.ndarray:
    numbers = [0 if v is None else classes.index(v) for v in values]
    return np.eye(len(classes), dtype=np.float32)[numbers]


def oracle(example: Example) -> SentenceOutput:
    return SentenceOutput(
        framing=rows([m.framing for m in example.mentions], FRAMINGS),
        stance=rows([m.stance for m in example.mentions], STANCES),
        voice=rows([m.voice for m in example.mentions], VOICES),
        loaded=float(bool(example.loaded)),
    )


def test_a_difference_is_that_of_the_reports_and_lies_in_its_interval(
    examples: list[Example],
) -> None:
    right = [oracle(example) for example in examples]
    rule = judge_examples(PlainRule(), examples)
    found = differences(examples, right, rule, draws=200)
    reported = report_outputs(examples, rule)
    for head, gain in found.items():
        assert gain.observed == pytest.approx(1 - reported[head]["macro_f1"])
        assert 0 < gain.low <= gain.observed <= gain.high < 1


def test_equal_judges_do_not_differ(examples: list[Example]) -> None:
    rule = judge_examples(PlainRule(), examples)
    assert set(differences(examples, rule, rule, draws=20).values()) == {Gain(0.0, 0.0, 0.0)}


def test_whole_groups_are_drawn(examples: list[Example]) -> None:
    once = [replace(e, id=f"{e.id}-{i}", group=e.id) for e in examples[:200] for i in range(5)]
    alone = [replace(e, group=None) for e in once]
    right, rule = [oracle(e) for e in once], judge_examples(PlainRule(), once)
    in_groups = differences(once, right, rule, draws=300)["framing"]
    by_themselves = differences(alone, right, rule, draws=300)["framing"]
    first = [replace(e, group=None) for e in examples[:200]]
    single = differences(first, right[::5], rule[::5], draws=300)["framing"]
    assert in_groups.observed == pytest.approx(by_themselves.observed)
    assert in_groups.low == pytest.approx(single.low)
    assert in_groups.high - in_groups.low > 1.5 * (by_themselves.high - by_themselves.low)


def test_a_label_that_no_record_marks_is_left_out(examples: list[Example]) -> None:
    bare = [replace(example, loaded=None) for example in examples[:20]]
    rule = judge_examples(PlainRule(), bare)
    assert set(differences(bare, rule, rule, draws=5)) == {"framing", "stance", "voice"}


def pair(text: str, label: str, framing: str, phenomenon: str | None = None) -> Example:
    start = text.index(label)
    mention = Mention(start, start + len(label), framing=framing)
    return Example(text, text, (mention,), group="g", phenomenon=phenomenon)


def test_a_pair_is_right_when_both_its_mentions_are() -> None:
    hard = pair("A mob of kangaroos crossed.", "mob", "none", "other-sense")
    partner = pair("The mobs jeered.", "mobs", "delegitimizing")
    other = pair("The thugs jeered.", "thugs", "delegitimizing")
    found = [hard, partner, other]
    assert matched_pairs(found) == [((0, 0), (1, 0))]
    assert both_right(found, [oracle(example) for example in found]) == (1, 1.0)
    wrong = [oracle(replace(hard, mentions=partner.mentions)), *map(oracle, found[1:])]
    assert both_right(found, wrong) == (1, 0.0)
    assert both_right([partner, other], [oracle(partner), oracle(other)]) == (0, None)
