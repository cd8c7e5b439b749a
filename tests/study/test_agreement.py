"""Agreement against the packages others use, and what its frames say of a small gold sample."""

from __future__ import annotations

import random
from dataclasses import replace

import krippendorff
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score, f1_score

from connote.data.agreement import ADJUDICATED
from connote.data.schema import CLASSES, FRAMINGS, Annotation, Example, Mention
from connote.study.agreement import Agreement, agreement_of
from connote.study.agreement_tables import EVERYBODY

WHO = ("anna", "ben", "cleo")
Said = dict[str, tuple[str | None, bool | None]]


def example(number: int, document: str, said: Said) -> Example:
    """A sentence with one mention; a framing of ``None`` did not mark it."""
    annotations = [Annotation(who, loaded=loaded) for who, (_, loaded) in said.items()]
    annotations += [Annotation(who, 0, framing=f) for who, (f, _) in said.items() if f]
    mentions = (Mention(4, 10),) if any(framing for framing, _ in said.values()) else ()
    text = f"The regime spoke at {number}."
    return Example(f"s{number}", text, mentions, group=document, annotations=tuple(annotations))


def sample(seed: int, size: int = 120) -> list[Example]:
    """Sentences judged by three of uneven care; some are not judged by all."""
    draw = random.Random(seed)
    found = []
    for number in range(size):
        truth = draw.choice(FRAMINGS)
        said: Said = {}
        for who, care in zip(WHO, (0.9, 0.7, 0.4), strict=True):
            if draw.random() < 0.85:
                framing = truth if draw.random() < care else draw.choice((*FRAMINGS, None))
                said[who] = framing, draw.random() < (0.2 if who == "cleo" else 0.6)
        found.append(example(number, f"d{number // 4}", said))
    return found


def answers(examples: list[Example], who: str, label: str) -> list[str | None]:
    """What one annotator says of each sentence's mention or of the sentence."""
    found = []
    for record in examples:
        own = [getattr(a, label) for a in record.annotations if a.annotator == who]
        value = next((value for value in own if value is not None), None)
        found.append(None if value is None else str(value).lower())
    return found


def one(frame: pd.DataFrame, **where: str) -> pd.Series:
    for column, value in where.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1
    return frame.iloc[0]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("label", ["framing", "loaded"])
def test_alpha_and_kappa_are_those_of_other_packages(seed: int, label: str) -> None:
    examples = sample(seed)
    found = agreement_of(examples)
    given = {who: answers(examples, who, label) for who in WHO}
    codes = {answer: float(i) for i, answer in enumerate(CLASSES[label])}
    table = [[codes[a] if a else np.nan for a in given[who]] for who in WHO]
    expected = krippendorff.alpha(reliability_data=table, level_of_measurement="nominal")
    row = one(found.alphas, label=label)
    assert row["value"] == pytest.approx(expected, abs=1e-12)
    assert row["low"] < row["value"] < row["high"]
    both = [(a, b) for a, b in zip(given["anna"], given["cleo"], strict=True) if a and b]
    row = one(found.pairs, one="anna", other="cleo", label=label)
    assert row["value"] == pytest.approx(cohen_kappa_score(*zip(*both, strict=True)), abs=1e-12)
    assert row["units"] == len(both)
    assert row["observed"] == pytest.approx(sum(a == b for a, b in both) / len(both))
    assert row["low"] < row["value"] < row["high"]


def test_marking_is_measured_as_f1_over_the_sentences_both_judged() -> None:
    examples = sample(3)
    marked: dict[str, list[bool]] = {"anna": [], "ben": []}
    for record in examples:
        done = {a.annotator for a in record.annotations}
        if {"anna", "ben"} <= done:
            for who, into in marked.items():
                into.append(any(a.mention == 0 and a.annotator == who for a in record.annotations))
    row = one(agreement_of(examples).pairs, one="anna", other="ben", label="marked")
    assert row["measure"] == "F1"
    assert row["value"] == pytest.approx(f1_score(marked["anna"], marked["ben"]))


def test_a_careless_annotator_stands_out() -> None:
    found = agreement_of(sample(4, 400))
    rows = {who: one(found.annotators, annotator=who, label="framing") for who in WHO}
    assert rows["cleo"]["value"] < min(rows["anna"]["value"], rows["ben"]["value"]) - 0.1
    everybody = one(found.alphas, label="framing")["value"]
    assert rows["cleo"]["without"] > everybody > rows["anna"]["without"]
    shares = found.shares[(found.shares["label"] == "loaded") & (found.shares["answer"] == "true")]
    by_name = dict(zip(shares["annotator"], shares["share"], strict=True))
    assert by_name["anna"] - by_name["cleo"] > 0.2


def test_intervals_are_wider_where_the_sentences_of_a_document_go_together() -> None:
    apart = [replace(record, group=None) for record in sample(5, 60)]
    repeated = [
        replace(record, id=f"{record.id}-{i}", group=record.id)
        for record in apart
        for i in range(8)
    ]
    alone = [replace(record, group=None) for record in repeated]
    clustered, wrong = (
        one(agreement_of(records).alphas, label="framing") for records in (repeated, alone)
    )
    assert clustered["value"] == wrong["value"]
    assert clustered["high"] - clustered["low"] > 2 * (wrong["high"] - wrong["low"])


def disputed() -> Agreement:
    return agreement_of(
        [
            example(1, "d1", {"anna": ("neutral", False), "ben": ("neutral", False)}),
            example(2, "d2", {"anna": ("neutral", True), "ben": ("delegitimizing", False)}),
            example(3, "d3", {"anna": (None, False), "ben": ("delegitimizing", False)}),
            example(4, "d3", {"anna": ("none", True)}),
        ]
    )


def test_confusions_count_what_one_says_where_the_other_says_something() -> None:
    frame = disputed().confusions
    cells = frame[(frame["one"] == "anna") & (frame["label"] == "framing") & (frame["count"] > 0)]
    assert set(zip(cells["answer_one"], cells["answer_other"], cells["count"], strict=True)) == {
        ("neutral", "neutral", 1),
        ("neutral", "delegitimizing", 1),
        ("not marked", "delegitimizing", 1),
    }
    pooled = frame[(frame["one"] == EVERYBODY) & (frame["label"] == "framing")]
    square = pooled.pivot_table("count", "answer_one", "answer_other", "sum")
    assert (square == square.T).all().all()
    assert square.loc["neutral", "neutral"] == square.loc["neutral", "delegitimizing"] == 1


def test_the_most_disputed_items_come_first_with_who_said_what() -> None:
    items = disputed().items
    assert list(items["id"]) == ["s2", "s3"]
    assert list(items["disagreements"]) == [2, 1]
    assert items["said"][0].split("\n") == [
        "“regime”, framing: anna: neutral; ben: delegitimizing",
        "sentence, loaded: anna: true; ben: false",
    ]
    assert items["said"][1] == "“regime”, marked: anna: not marked; ben: marked"


def test_a_mention_that_neither_of_two_marked_is_nothing_they_agree_on() -> None:
    said: list[Said] = [
        {"anna": ("neutral", None), "ben": ("neutral", None), "cleo": ("neutral", None)},
        {"anna": ("neutral", None), "ben": (None, None), "cleo": (None, None)},
        {"anna": (None, None), "ben": (None, None), "cleo": ("neutral", None)},
        {"anna": (None, None), "ben": (None, None), ADJUDICATED: ("neutral", None)},
    ]
    found = agreement_of([example(i, f"d{i}", told) for i, told in enumerate(said)])
    row = one(found.pairs, one="anna", other="ben", label="marked")
    assert (row["units"], row["documents"], row["observed"]) == (2, 2, 0.5)
    assert row["value"] == pytest.approx(2 / 3)
    assert one(found.alphas, label="marked")["units"] == 3
    assert list(found.items["id"]) == ["s1", "s2"]
    assert list(found.items["compared"]) == [3 - 1, 3 - 1]


@pytest.mark.parametrize(
    ("examples", "flag"),
    [
        ([example(1, "d1", {"anna": ("neutral", True)})], "expected two annotators, found 1"),
        (
            [
                example(1, "d1", {"anna": ("neutral", True)}),
                example(2, "d2", {"ben": ("neutral", True)}),
            ],
            "no unit that two annotators judged",
        ),
        (
            [
                example(i, f"d{i}", {"anna": ("neutral", True), "ben": ("neutral", True)})
                for i in range(3)
            ],
            "everybody always said neutral",
        ),
        (
            [
                example(i, "d1", {"anna": ("neutral", True), "ben": (FRAMINGS[i], i > 1)})
                for i in range(3)
            ],
            "one document: no interval",
        ),
    ],
)
def test_what_is_not_defined_has_a_flag_and_no_number(examples: list[Example], flag: str) -> None:
    found = agreement_of(examples)
    row = one(found.alphas, label="framing")
    assert row["flag"] == flag
    assert row["low"] is pd.NA
    without = found.annotators["without"]
    assert (without.notna() | found.annotators["flag"].notna()).all()
    for frame in (found.alphas, found.pairs):
        assert (frame["value"].notna() | frame["flag"].notna()).all()
        assert (frame["low"].notna() | frame["flag"].notna()).all()


def test_who_knew_the_others_labels_is_left_out() -> None:
    settled = example(1, "d1", {"anna": ("neutral", True), ADJUDICATED: ("none", True)})
    found = agreement_of([settled])
    assert set(found.annotators["annotator"]) == {"anna"}
    assert len(found.pairs) == 0
