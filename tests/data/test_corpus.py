"""The shipped corpus and lexicon are what the datasheet says."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from connote.data.lexicon import USUAL_FRAMINGS, load_lexicon
from connote.data.public import sentence_hash
from connote.data.schema import FRAMINGS, STANCES, VOICES, Example, check_examples

SPLITS = ("train", "dev", "test")


@pytest.fixture(scope="module")
def corpus() -> dict[str, list[Example]]:
    folder = Path(str(files("connote.data") / "corpus"))
    read = {split: check_examples(folder / f"{split}.jsonl") for split in SPLITS}
    assert not [problem for _, problems in read.values() for problem in problems]
    return {split: examples for split, (examples, _) in read.items()}


def test_it_is_large_and_varied(corpus: dict[str, list[Example]]) -> None:
    everything = [example for examples in corpus.values() for example in examples]
    mentions = [m for example in everything for m in example.mentions]
    assert len(everything) >= 600
    assert len(mentions) >= 900
    assert len({example.topic for example in everything}) >= 10
    expressions = Counter(e.text[m.start : m.end].lower() for e in everything for m in e.mentions)
    assert max(expressions.values()) <= 0.02 * len(mentions)


def test_every_label_is_marked(corpus: dict[str, list[Example]]) -> None:
    for examples in corpus.values():
        mentions = [m for example in examples for m in example.mentions]
        assert {m.framing for m in mentions} == set(FRAMINGS)
        assert {m.stance for m in mentions if m.framing != "none"} == set(STANCES)
        assert {m.voice for m in mentions if m.framing != "none"} == set(VOICES)
        assert {example.loaded for example in examples} == {True, False}


def test_framing_can_be_read_off_neither_stance_nor_voice(
    corpus: dict[str, list[Example]],
) -> None:
    mentions = [m for examples in corpus.values() for e in examples for m in e.mentions]
    for other in ("stance", "voice"):
        cells = Counter((m.framing, getattr(m, other)) for m in mentions if m.framing != "none")
        assert len(cells) == 9
        assert min(cells.values()) >= 0.02 * len(mentions)


def test_no_group_and_no_sentence_crosses_a_split(corpus: dict[str, list[Example]]) -> None:
    for key in ("group", "text", "id"):
        homes: dict[str, str] = {}
        for split, examples in corpus.items():
            for example in examples:
                value = getattr(example, key)
                assert value is not None
                assert homes.setdefault(value, split) == split, value


def test_what_must_never_be_trained_on_is_not_in_it(corpus: dict[str, list[Example]]) -> None:
    listed = (files("connote.data") / "never_train.sha256").read_text().split()
    ours = {sentence_hash(e.text) for examples in corpus.values() for e in examples}
    assert listed
    assert not ours & set(listed)


def word_runs(text: str, length: int = 12) -> set[int]:
    words = re.findall(r"\w+", text.lower())
    return {hash(tuple(words[i : i + length])) for i in range(len(words) - length + 1)}


def test_no_sentence_of_a_public_corpus_is_in_it(
    corpus: dict[str, list[Example]], shared: Path
) -> None:
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
