"""The baseline: the same bytes every time, and the same interface as the model."""

from __future__ import annotations

from pathlib import Path

import pytest

from connote import Scorer
from connote.data.schema import read_examples
from connote.infer.folder import open_model
from connote.infer.models import load_judge
from connote.train.evaluate import evaluate
from connote.train.recipe import read_recipe
from connote.train.run import run_recipe

PINNED = {"framing": 0.8066, "stance": 0.6058, "voice": 0.8431, "loaded": 0.7172}
"""Macro-F1 on the corpus's test split, to four digits, under the versions that CI resolves."""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> tuple[Path, Path]:
    recipe = read_recipe(repository / "configs" / "baseline.yaml")
    made = (tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two"))
    for folder in made:
        run_recipe(recipe, folder, say=lambda line: None)
    return made


def test_two_trainings_give_the_same_bytes(folders: tuple[Path, Path]) -> None:
    one, two = folders
    names = sorted(path.name for path in one.iterdir())
    assert names == ["config.json", "vocabulary.json", "weights.safetensors"]
    for name in names:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


def test_its_metrics_are_pinned(folders: tuple[Path, Path], repository: Path) -> None:
    judge = load_judge(open_model(folders[0]))
    metrics = evaluate(judge, read_examples(repository / "data" / "corpus" / "test.jsonl"))
    assert {head: round(metrics[head]["macro_f1"], 4) for head in PINNED} == PINNED


def test_the_scorer_takes_its_folder(folders: tuple[Path, Path]) -> None:
    document = Scorer(folders[0]).score("The terrorists fled. “Our heroes won,” he said.")
    labels = {m.text: m.voice.raw for m in document.mentions}
    assert set(labels) == {"terrorists", "Our heroes"}
    assert labels["Our heroes"] == "quoted"
    assert document.model.startswith("connote-baseline@")
    for mention in document.mentions:
        assert sum(mention.framing.probabilities.values()) == pytest.approx(1, abs=1e-5)


def test_a_text_without_mentions_is_judged_too(folders: tuple[Path, Path]) -> None:
    document = Scorer(folders[0]).score("Rain fell.")
    assert document.mentions == ()
    (sentence,) = document.sentences
    assert sum(sentence.loaded.probabilities.values()) == pytest.approx(1, abs=1e-5)


def test_a_sentence_does_not_depend_on_its_neighbours(
    folders: tuple[Path, Path], repository: Path
) -> None:
    scorer = Scorer(folders[0])
    examples = read_examples(repository / "data" / "corpus" / "dev.jsonl")[:40]
    together = list(scorer.classify(examples))
    alone = [next(iter(scorer.classify([example]))) for example in examples]
    for one, other in zip(alone, together, strict=True):
        for a, b in zip(one.mentions, other.mentions, strict=True):
            assert a.framing.label == b.framing.label
            assert a.framing.probability == pytest.approx(b.framing.probability, abs=1e-5)
