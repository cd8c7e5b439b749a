"""What a training leaves in its folder: whose the folder is, and the epochs that are measured."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertModel, TrainerControl, TrainerState, TrainingArguments

from connote.data.schema import read_examples, write_examples
from connote.infer.folder import TOKENIZER_FILE, open_model
from connote.train import finetune as finetuning
from connote.train.best import BestMean
from connote.train.corpora import Corpora, read_corpora
from connote.train.losses import masked_loss
from connote.train.network import FramingNetwork
from connote.train.pretrained import load_encoder
from connote.train.recipe import Recipe
from connote.train.run import CHECKPOINTS, run_recipe
from connote.train.sources import Source
from connote.train.values import RecipeError

STEPS = 3
"""Of an epoch."""


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with an encoder that is small and knows nothing."""
    folder = tmp_path_factory.mktemp("encoder")
    torch.manual_seed(1)
    config = BertConfig(
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder)
    shutil.copyfile(open_model().path / TOKENIZER_FILE, folder / TOKENIZER_FILE)
    return str(folder)


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory, corpus_folder: Path, encoder: str) -> Recipe:
    folder = tmp_path_factory.mktemp("corpus")
    for split in ("train", "dev"):
        examples = read_examples(corpus_folder / f"{split}.jsonl")
        of_one_window = [example for example in examples if len(example.text) < 150]
        write_examples(folder / f"{split}.jsonl", of_one_window[: 8 * STEPS])
    return Recipe(
        name="tiny",
        kind="encoder",
        train=(Source("corpus", path=folder / "train.jsonl"),),
        dev=(Source("dev", path=folder / "dev.jsonl"),),
        encoder=encoder,
        window=64,
        epochs=2,
        batch_size=8,
    )


@pytest.fixture(scope="module")
def corpora(recipe: Recipe) -> Corpora:
    return read_corpora(recipe)


def silent(line: str) -> None:
    """Says nothing."""


def assert_same(one: FramingNetwork, other: FramingNetwork) -> None:
    for (name, a), b in zip(one.state_dict().items(), other.state_dict().values(), strict=True):
        assert torch.allclose(a, b, atol=1e-5), name


class Epochs:
    """A training as `BestMean` sees it from one epoch to the next."""

    def __init__(self, recipe: Recipe, corpora: Corpora, folder: Path) -> None:
        encoder, tokenizer = load_encoder(recipe.encoder)
        self.lines: list[str] = []
        self._best = BestMean(
            FramingNetwork(encoder, 0.1),
            corpora.dev,
            tokenizer,
            recipe,
            folder / "round",
            self.lines.append,
        )
        self._arguments = TrainingArguments(output_dir=str(folder), use_cpu=True)

    def begin(self, epoch: float) -> None:
        state = TrainerState(epoch=epoch)
        self._best.on_epoch_begin(self._arguments, state, TrainerControl())

    def end(self, epoch: float) -> None:
        self._best.on_epoch_end(self._arguments, TrainerState(epoch=epoch), TrainerControl())

    def measured(self) -> list[str]:
        return [line.split(":")[0] for line in self.lines]


@pytest.fixture
def epochs(recipe: Recipe, corpora: Corpora, tmp_path: Path) -> Epochs:
    return Epochs(recipe, corpora, tmp_path)


def test_an_epoch_that_passed_unmeasured_is_measured_before_the_next(
    epochs: Epochs, tmp_path: Path
) -> None:
    epochs.begin(1.0)
    assert epochs.measured() == ["round, epoch 1"]
    assert (tmp_path / "round" / "best.safetensors").is_file()
    epochs.begin(1.0)
    epochs.end(1.0)
    assert len(epochs.lines) == 1


@pytest.mark.parametrize("begun", [0.0, 0.33, 0.67, 0.999])
def test_an_epoch_that_goes_on_is_measured_at_its_end_alone(
    epochs: Epochs, tmp_path: Path, begun: float
) -> None:
    epochs.begin(begun)
    assert epochs.lines == []
    assert list((tmp_path / "round").iterdir()) == []
    epochs.end(1.0)
    assert epochs.measured() == ["round, epoch 1"]
    scores = json.loads((tmp_path / "round" / "scores.json").read_text(encoding="utf-8"))
    assert set(scores) == {"1"}


def test_a_training_resumed_within_an_epoch_keeps_what_a_whole_one_does(
    recipe: Recipe, corpora: Corpora, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finetuning, "SAVE_STEPS", 1)
    short = replace(recipe, epochs=1, learning_rate=0.01, weight_average=0.0)
    calls = 0

    def interrupted(*arguments):  # type: ignore[no-untyped-def]
        nonlocal calls
        calls += 1
        if calls == STEPS:
            raise KeyboardInterrupt
        return masked_loss(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(finetuning, "masked_loss", interrupted)
        with pytest.raises(KeyboardInterrupt):
            finetuning.finetune(short, corpora, tmp_path / "one", silent)
    assert list((tmp_path / "one" / "first-round").glob(f"checkpoint-{STEPS - 1}"))
    lines: list[str] = []
    resumed, _ = finetuning.finetune(short, corpora, tmp_path / "one", lines.append)
    straight, _ = finetuning.finetune(short, corpora, tmp_path / "two", lines.append)
    assert [line.split(":")[0] for line in lines] == ["first-round, epoch 1"] * 2
    assert_same(resumed, straight)


def test_a_checkpoint_that_was_cut_off_is_passed_over(
    recipe: Recipe, corpora: Corpora, tmp_path: Path
) -> None:
    short = replace(recipe, epochs=1)
    first, _ = finetuning.finetune(short, corpora, tmp_path, silent)
    (tmp_path / "first-round" / "done").unlink()
    (tmp_path / "first-round" / f"checkpoint-{STEPS + 4}").mkdir()
    again, _ = finetuning.finetune(short, corpora, tmp_path, silent)
    assert (tmp_path / "first-round" / "done").is_file()
    assert_same(first, again)


@pytest.mark.parametrize("name", ["thesis.txt", "recipe.yaml", "first-round/best.safetensors"])
def test_a_folder_with_other_files_is_not_claimed(
    recipe: Recipe, corpora: Corpora, tmp_path: Path, name: str
) -> None:
    mine = tmp_path / name
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine")
    with pytest.raises(RecipeError, match="found other files; choose another --out") as caught:
        finetuning.finetune(recipe, corpora, tmp_path, silent)
    assert str(tmp_path) in str(caught.value)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [mine]
    assert mine.read_text() == "mine"


def test_a_folder_whose_claim_was_cut_off_is_claimed(
    recipe: Recipe, corpora: Corpora, tmp_path: Path
) -> None:
    (tmp_path / "recipe.json.partial").write_text('{"recipe": {"see')
    finetuning.finetune(replace(recipe, epochs=1), corpora, tmp_path, silent)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first-round", "recipe.json"]
    claim = json.loads((tmp_path / "recipe.json").read_text(encoding="utf-8"))
    assert claim["recipe"]["epochs"] == 1


def test_a_baseline_leaves_a_folder_of_checkpoints_alone(recipe: Recipe, tmp_path: Path) -> None:
    (tmp_path / CHECKPOINTS).mkdir()
    (tmp_path / CHECKPOINTS / "mine.txt").write_text("mine")
    run_recipe(replace(recipe, kind="baseline"), tmp_path, silent)
    assert open_model(tmp_path).kind == "baseline"
    assert (tmp_path / CHECKPOINTS / "mine.txt").read_text() == "mine"
