"""Alpha against a textbook's value, and the datasheet's figures against the corpus."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from connote.data.agreement import HEADS, krippendorff_alpha, units
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
    assert units([example], "stance", ("a1", "a2")) == []
    assert units([example], "loaded", ("a1", "a2")) == [["True", "False"]]


def test_the_datasheet_gives_the_corpus_agreement() -> None:
    folder = Path(str(files("connote.data")))
    examples = [
        e
        for split in ("train", "dev", "test")
        for e in read_examples(folder / "corpus" / f"{split}.jsonl")
    ]
    sheet = (folder / "README.md").read_text(encoding="utf-8")
    for head in HEADS:
        found = units(examples, head, ("a1", "a2"))
        alpha = f"{krippendorff_alpha(found):.2f}".removeprefix("0")
        assert f"| {head} | {len(found):,} | {alpha} |" in sheet
