"""Gold samples are checked against themselves and the scores."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from gold_helpers import write_gold

from connote.data.origin import Origin
from connote.data.schema import Annotation, Example, Mention, read_examples, write_examples
from connote.study.gold import Gold, GoldError
from connote.study.gold_units import units
from connote.study.measures import Measure, parse_measure
from connote.study.scores import open_scores
from connote.study.selection import Selection

DELEGITIMIZING = Measure("framing", "delegitimizing")
OWN = Selection(voice="own")


@pytest.fixture(scope="module")
def gold(demo_scores: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_gold(demo_scores, tmp_path_factory.mktemp("gold") / "gold.jsonl", 60)


def changed(gold: Path, path: Path, change: dict[str, object], *, every: bool = False) -> Path:
    """The gold file with the origin of the first record, or of all, changed."""
    examples = read_examples(gold)
    for i, example in enumerate(examples[: None if every else 1]):
        assert example.origin is not None
        examples[i] = replace(example, origin=replace(example.origin, **change))  # type: ignore[arg-type]
    write_examples(path, examples)
    return path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"probability": 0.5}, "expected probability"),
        ({"population": 999, "probability": 4 / 999}, "expected stratum"),
        ({"document": "nowhere"}, "that are not there with this text, first 's"),
        ({"sentence": 4000}, "give the scores that the sample was drawn from"),
    ],
)
def test_records_that_do_not_fit_are_refused(
    gold: Path, demo_scores: Path, tmp_path: Path, change: dict[str, object], message: str
) -> None:
    path = changed(gold, tmp_path / "g.jsonl", change)
    with open_scores(demo_scores) as scores, pytest.raises(GoldError, match=message):
        Gold(path, scores)


def test_more_sentences_than_the_archive_are_refused(
    gold: Path, demo_scores: Path, tmp_path: Path
) -> None:
    sizes = {"population": 90_000, "sampled": 90, "probability": 0.001}
    path = changed(gold, tmp_path / "g.jsonl", sizes, every=True)
    with open_scores(demo_scores) as scores, pytest.raises(GoldError, match="found one of"):
        Gold(path, scores)


def test_changed_text_is_refused(gold: Path, demo_scores: Path, tmp_path: Path) -> None:
    examples = read_examples(gold)
    examples[0] = replace(examples[0], text=examples[0].text + " More.")
    write_examples(tmp_path / "g.jsonl", examples)
    with open_scores(demo_scores) as scores, pytest.raises(GoldError, match="found 1 of 60"):
        Gold(tmp_path / "g.jsonl", scores)


@pytest.mark.parametrize("records", [[], [Example("a", "x")]])
def test_records_without_a_sample_are_refused(
    demo_scores: Path, tmp_path: Path, records: list[Example]
) -> None:
    write_examples(tmp_path / "g.jsonl", records)
    with open_scores(demo_scores) as scores, pytest.raises(GoldError, match="expected"):
        Gold(tmp_path / "g.jsonl", scores)


def test_a_sentence_twice_is_refused(gold: Path, demo_scores: Path, tmp_path: Path) -> None:
    examples = read_examples(gold)
    write_examples(tmp_path / "g.jsonl", [*examples, replace(examples[0], id="again")])
    with open_scores(demo_scores) as scores, pytest.raises(GoldError, match="a second time"):
        Gold(tmp_path / "g.jsonl", scores)


def test_a_sample_annotated_in_part_stands_for_the_whole(
    gold: Path, demo_scores: Path, tmp_path: Path
) -> None:
    write_examples(tmp_path / "g.jsonl", read_examples(gold)[:25])
    with open_scores(demo_scores) as scores:
        total = scores.sql("SELECT count(*) AS n FROM sentences")["n"][0]
        part = Gold(tmp_path / "g.jsonl", scores)
        assert part.missing(range(25)) >= 0
        assert 25 < part.drawn <= 60
        assert part.sample(range(25)).weights.sum() == pytest.approx(total)


REGIME, GOVERNMENT = Mention(4, 10, referent="Syrian government"), Mention(20, 30)
ORIGIN = Origin("d", 0, "all", 10, 1, 0.1)


def judged(*notes: Annotation) -> Example:
    text = "The regime said the government had agreed."
    return Example("s1", text, (REGIME, GOVERNMENT), annotations=notes, origin=ORIGIN)


def test_units_are_the_mean_over_annotators() -> None:
    example = judged(
        Annotation("a"),
        Annotation("a", 0, "delegitimizing", "against", "own"),
        Annotation("a", 1, "neutral", "neutral", "attributed"),
        Annotation("b"),
        Annotation("b", 0, "neutral", "neutral", "own"),
    )
    assert units(example, DELEGITIMIZING, Selection(), ()) == {(): (0.5, 1.5)}
    assert units(example, DELEGITIMIZING, OWN, ()) == {(): (0.5, 1.0)}
    found = units(example, DELEGITIMIZING, Selection(), ("referent",))
    assert found == {("Syrian government",): (0.5, 1.0), ("(none)",): (0.0, 0.5)}
    named = Selection(referent="syrian government")
    assert units(example, DELEGITIMIZING, named, ()) == {(): (0.5, 1.0)}


def test_who_settles_differences_counts_alone() -> None:
    example = judged(
        Annotation("a"),
        Annotation("a", 0, "neutral", "neutral", "own"),
        Annotation("adjudicated"),
        Annotation("adjudicated", 0, "delegitimizing", "against", "own"),
    )
    assert units(example, DELEGITIMIZING, OWN, ()) == {(): (1.0, 1.0)}


def test_who_marked_nothing_counts_as_nothing() -> None:
    example = judged(Annotation("a"), Annotation("b"), Annotation("b", 0, "neutral", None, "own"))
    assert units(example, DELEGITIMIZING, OWN, ()) == {(): (0.0, 0.5)}


def test_mentions_that_frame_nothing_are_no_units() -> None:
    assert units(judged(Annotation("a", 0, "none")), DELEGITIMIZING, Selection(), ()) == {}


@pytest.mark.parametrize(
    ("note", "measure", "selection"),
    [
        (Annotation("a", 0, "neutral", "neutral"), "framing=neutral", OWN),
        (Annotation("a", 0, "neutral", None, "own"), "stance=against", Selection()),
        (Annotation("a", 0, None, "neutral", "own"), "framing=neutral", Selection()),
        (Annotation("a"), "loaded", Selection()),
    ],
)
def test_labels_that_are_missing_are_not_guessed(
    note: Annotation, measure: str, selection: Selection
) -> None:
    assert units(judged(note), parse_measure(measure), selection, ()) is None


def test_loaded_sentences_are_units_where_they_have_what_is_selected() -> None:
    example = judged(
        Annotation("a", loaded=True), Annotation("a", 0, "neutral", "neutral", "quoted")
    )
    assert units(example, Measure("loaded"), Selection(), ()) == {(): (1.0, 1.0)}
    assert units(example, Measure("loaded"), Selection(voice="quoted"), ()) == {(): (1.0, 1.0)}
    assert units(example, Measure("loaded"), OWN, ()) == {}


def test_records_without_single_judgements_count_by_their_labels() -> None:
    mention = Mention(4, 10, framing="delegitimizing", stance="against", voice="own")
    example = Example("s1", "The regime fell.", (mention,), loaded=True, origin=ORIGIN)
    assert units(example, DELEGITIMIZING, OWN, ()) == {(): (1.0, 1.0)}
