"""The shipped corpus and lexicon are what the datasheet says."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from connote.data.agreement import ADJUDICATED
from connote.data.audit import audit
from connote.data.hashes import sentence_hash
from connote.data.lexicon import USUAL_FRAMINGS, load_lexicon
from connote.data.schema import (
    CONTRASTS,
    FRAMINGS,
    PHENOMENA,
    STANCES,
    VOICES,
    Example,
    check_examples,
)
from connote.data.stats import corpus_stats

SPLITS = ("train", "dev", "test", "test_unseen")
Corpus = dict[str, list[Example]]


@pytest.fixture(scope="module")
def corpus(corpus_folder: Path) -> Corpus:
    read = {split: check_examples(corpus_folder / f"{split}.jsonl") for split in SPLITS}
    assert not [problem for _, problems in read.values() for problem in problems]
    return {split: examples for split, (examples, _) in read.items()}


@pytest.fixture(scope="module")
def numbers(corpus: Corpus) -> dict[str, Any]:
    return corpus_stats(corpus)


def test_nothing_leaks_repeats_or_takes_sides(corpus: Corpus) -> None:
    assert [str(finding) for finding in audit(corpus)] == []


def test_it_is_large_and_varied(numbers: dict[str, Any]) -> None:
    assert numbers["all"]["sentences"] >= 6000
    assert numbers["all"]["mentions"] >= 9000
    assert len(numbers["topics"]) >= 24
    assert numbers["topics"]["ordinary"] >= 400
    assert numbers["splits"]["test_unseen"]["sentences"] >= 400
    assert len(numbers["registers"]) == 11
    assert numbers["labels"]["expressions"] >= 2000


def test_events_are_told_in_contrast_and_words_in_matched_pairs(
    numbers: dict[str, Any], corpus: Corpus
) -> None:
    assert sum(numbers["contrast_events"].values()) >= 800
    assert set(numbers["contrast_events"]) == set(CONTRASTS)
    assert set(numbers["phenomena"]) == set(PHENOMENA)
    assert sum(counts["mentions"] for counts in numbers["phenomena"].values()) >= 700
    everything = [example for examples in corpus.values() for example in examples]
    partners = {e.group for e in everything if e.phenomenon is None}
    alone = [e.id for e in everything if e.phenomenon is not None and e.group not in partners]
    assert alone == []


def test_every_label_is_marked(corpus: Corpus) -> None:
    for examples in corpus.values():
        mentions = [m for example in examples for m in example.mentions]
        assert {m.framing for m in mentions} == set(FRAMINGS)
        assert {m.stance for m in mentions if m.framing != "none"} == set(STANCES)
        assert {m.voice for m in mentions if m.framing != "none"} == set(VOICES)
        assert {example.loaded for example in examples} == {True, False}


def test_framing_can_be_read_off_neither_stance_nor_voice(numbers: dict[str, Any]) -> None:
    for other, least in (("stance", 200), ("voice", 300)):
        cells = numbers["balance"][other]
        assert min(n for counts in cells.values() for n in counts.values()) >= least


def test_labels_are_what_all_agreed_on_or_an_adjudicator_decided(corpus: Corpus) -> None:
    for example in (e for examples in corpus.values() for e in examples):
        assert {a.annotator for a in example.annotations} >= {"writer", "a1", "a2"}, example.id
        for i, mention in enumerate(example.mentions):
            assert label_of(example, i) == (mention.framing, mention.stance, mention.voice, None)
        assert label_of(example, None)[3] == example.loaded


def label_of(example: Example, unit: int | None) -> tuple[Any, ...]:
    given = [a for a in example.annotations if a.mention == unit]
    decided = [a for a in given if a.annotator == ADJUDICATED]
    labels = {(a.framing, a.stance, a.voice, a.loaded) for a in decided or given}
    assert len(decided) == (len({(a.framing, a.stance, a.voice, a.loaded) for a in given}) > 1)
    assert all(a.reason for a in decided)
    (label,) = labels
    return label


def test_what_must_never_be_trained_on_is_not_in_it(corpus: Corpus) -> None:
    listed = (files("connote.data") / "never_train.sha256").read_text().split()
    ours = {sentence_hash(e.text) for examples in corpus.values() for e in examples}
    assert listed
    assert not ours & set(listed)


def word_runs(text: str, length: int = 12) -> set[int]:
    words = re.findall(r"\w+", text.lower())
    return {hash(tuple(words[i : i + length])) for i in range(len(words) - length + 1)}


def test_no_sentence_of_a_public_corpus_is_in_it(corpus: Corpus, shared: Path) -> None:
    public: set[int] = set()
    for path in (shared / "corpora").glob("*/*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            public |= word_runs(line.replace("\\n", " "))
    assert len(public) > 100_000
    for examples in corpus.values():
        for example in examples:
            assert not word_runs(example.text) & public, example.text


def test_the_lexicon_has_competing_labels_for_every_concept() -> None:
    lexicon = load_lexicon()
    assert len(lexicon.about) >= 60
    for concept, about in lexicon.about.items():
        assert about
        sides = [framing for framing, labels in lexicon.competing(concept).items() if labels]
        assert len(sides) >= 2, concept
    assert {entry.framing for entry in lexicon.entries} == set(USUAL_FRAMINGS)
