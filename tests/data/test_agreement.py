"""Alpha against a textbook's value, and the datasheet's figures against the corpus."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from connote.data.agreement import agreement, krippendorff_alpha, units
from connote.data.bootstrap import resampled_sums
from connote.data.schema import Annotation, Example, read_examples


def test_alpha_of_krippendorffs_example() -> None:
    # Content Analysis, nominal data of four observers, twelve units: alpha = .743.
    a = [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None]
    b = [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3]
    c = [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None]
    d = [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None]
    rows = [[str(v) for v in unit if v is not None] for unit in zip(a, b, c, d, strict=True)]
    assert krippendorff_alpha(rows) == pytest.approx(0.743, abs=0.0005)


def test_alpha_is_one_for_full_agreement_and_undefined_for_one_class() -> None:
    assert krippendorff_alpha([["x", "x"], ["y", "y"]]) == 1.0
    with pytest.raises(ValueError, match="at least two classes"):
        krippendorff_alpha([["x", "x"], ["x", "x"]])


def test_units_are_mentions_or_sentences_that_all_have_labelled() -> None:
    example = Example(
        "1",
        "The mob met the mob.",
        annotations=(
            Annotation("a1", 0, framing="neutral", stance="against"),
            Annotation("a2", 0, framing="none"),
            Annotation("a1", loaded=True),
            Annotation("a2", loaded=False),
            Annotation("a3", 0, framing="neutral"),
        ),
    )
    assert units([example], "framing", ("a1", "a2")) == [["neutral", "none"]]
    assert units([example], "framing", ("a1", "a2", "a4")) == [["neutral", "none"]]
    assert units([example], "stance", ("a1", "a2")) == []
    assert units([example], "loaded", ("a1", "a2")) == [["True", "False"]]


def test_one_annotator_does_not_agree_with_himself() -> None:
    twice = (Annotation("a1", 0, framing="neutral"), Annotation("a1", 0, framing="neutral"))
    assert units([Example("1", "x", annotations=twice)], "framing", ("a1", "a2")) == []


def annotated(number: int, group: str, one: str, other: str) -> Example:
    labels = (Annotation("a1", 0, framing=one), Annotation("a2", 0, framing=other))
    return Example(f"{group}{number}", "x", group=group, annotations=labels)


def test_an_interval_holds_alpha_and_copies_of_an_event_do_not_narrow_it() -> None:
    draw = random.Random(3)
    names = ("neutral", "delegitimizing", "legitimizing")
    pairs = [(a := draw.choice(names), a if draw.random() < 0.8 else "none") for _ in range(120)]
    single = [annotated(0, str(g), *pair) for g, pair in enumerate(pairs)]
    copies = [annotated(i, str(g), *pair) for g, pair in enumerate(pairs) for i in range(5)]
    apart = [replace(example, group=None) for example in copies]
    one, many, wrong = (agreement(found)["framing"] for found in (single, copies, apart))
    assert one["low"] < one["alpha"] < one["high"]
    assert one["units"] == 120
    assert (many["low"], many["high"]) == pytest.approx((one["low"], one["high"]), abs=0.01)
    assert wrong["high"] - wrong["low"] < 0.6 * (one["high"] - one["low"])


def test_neither_the_writer_nor_the_adjudicator_counts_as_independent() -> None:
    example = annotated(0, "g", "neutral", "none")
    more = tuple(
        Annotation(who, 0, framing="neutral", reason="r") for who in ("writer", "adjudicated")
    )
    found = agreement([replace(example, annotations=example.annotations + more)])
    assert found["framing"]["annotators"] == ["a1", "a2"]


def test_no_cluster_cannot_be_drawn_from() -> None:
    with pytest.raises(ValueError, match="found none"):
        list(resampled_sums(np.zeros((0, 2)), 3, 0))


def test_the_datasheet_gives_the_corpus_agreement(corpus_folder: Path) -> None:
    examples = [e for path in corpus_folder.glob("*.jsonl") for e in read_examples(path)]
    sheet = (corpus_folder.parent / "README.md").read_text(encoding="utf-8")
    for head, found in agreement(examples).items():
        alpha = f"{found['alpha']:.2f}".removeprefix("0")
        shown = f"| {head} | {found['units']:,} | {alpha} | {found['low']:.3f} to"
        assert shown in sheet
