"""From a network to a folder and back: what an export keeps, and what is nothing to start from."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertModel

from connote.data.schema import HEADS, Example, Mention
from connote.infer.encoder import EncoderJudge
from connote.infer.folder import NEVER_FOUND, TOKENIZER_FILE, open_model, write_config
from connote.infer.judge import as_input
from connote.train.export import FILES, VECTORS_FILE, TorchRunner, export_model
from connote.train.network import FramingNetwork
from connote.train.values import RecipeError
from connote.train.warm import load_weights

TEXT = "The thugs of the regime left."
EXAMPLE = as_input(Example("e", TEXT, (Mention(4, 9), Mention(17, 23))))
CONFIG = {
    "name": "small",
    "kind": "encoder",
    "window": 64,
    "temperatures": dict.fromkeys(HEADS, 1.0),
    "thresholds": dict.fromkeys(HEADS, 0.0),
    "span_threshold": NEVER_FOUND,
}


def small(seed: int, size: int = 32, layers: int = 2) -> FramingNetwork:
    torch.manual_seed(seed)
    config = BertConfig(
        hidden_size=size,
        num_hidden_layers=layers,
        num_attention_heads=4,
        intermediate_size=2 * size,
        max_position_embeddings=64,
    )
    return FramingNetwork(BertModel(config), dropout=0.1)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    export_model(small(1), open_model().path / TOKENIZER_FILE, folder)
    write_config(folder, CONFIG, FILES)
    return folder


@pytest.fixture
def changed(exported: Path, tmp_path: Path) -> Callable[..., Path]:
    """A copy of the folder in which vectors are missing or others."""

    def make(drop: str = "", **others: torch.Tensor) -> Path:
        copy = tmp_path / "copy"
        shutil.copytree(exported, copy)
        vectors = load_file(copy / VECTORS_FILE)
        assert not drop or drop in vectors
        kept = {name: v for name, v in vectors.items() if name != drop}
        save_file(kept | others, copy / VECTORS_FILE)
        write_config(copy, CONFIG, FILES)
        return copy

    return make


def test_every_weight_comes_back(exported: Path) -> None:
    network, original = small(2), small(1)
    load_weights(network, open_model(exported))
    found = network.state_dict()
    for name, weight in original.state_dict().items():
        if "pooler" in name:
            continue
        if weight.ndim < 2:
            assert torch.equal(found[name], weight), name
        else:
            step = weight.abs().amax() / 127
            assert (found[name] - weight).abs().max() <= step, name


def test_the_network_then_judges_as_the_folder_does(exported: Path) -> None:
    network = small(2)
    load_weights(network, open_model(exported))
    folder = open_model(exported)
    (ours,) = EncoderJudge(folder, runner=TorchRunner(network)).judge([EXAMPLE])
    (theirs,) = EncoderJudge(folder).judge([EXAMPLE])
    (other,) = EncoderJudge(folder, runner=TorchRunner(small(2))).judge([EXAMPLE])
    for head in ("framing", "stance", "voice"):
        gap = np.abs(getattr(ours, head) - getattr(theirs, head)).max()
        assert gap < 0.02, head
        assert gap < np.abs(getattr(other, head) - getattr(theirs, head)).max()


def test_the_files_of_a_model_may_be_read_by_the_same_people(exported: Path) -> None:
    tokenizer, vectors = (exported / name for name in (TOKENIZER_FILE, VECTORS_FILE))
    assert tokenizer.stat().st_mode == vectors.stat().st_mode


@pytest.mark.parametrize("shape", [{"size": 48}, {"layers": 3}])
def test_another_architecture_is_named(exported: Path, shape: dict[str, int]) -> None:
    network = small(2, **shape)
    before = {name: weight.clone() for name, weight in network.state_dict().items()}
    with pytest.raises(RecipeError, match="missing or of another shape") as caught:
        load_weights(network, open_model(exported))
    assert str(exported) in str(caught.value)
    assert "start from a model of the same encoder" in str(caught.value)
    for name, weight in network.state_dict().items():
        assert torch.equal(weight, before[name]), name


def test_a_missing_vector_is_named(changed: Callable[..., Path]) -> None:
    folder = changed(drop="mentions.stance.bias")
    with pytest.raises(RecipeError, match=r"1 of \d+ weights .* first 'mentions\.stance\.bias'"):
        load_weights(small(2), open_model(folder))


def test_a_vector_of_another_length_is_named(changed: Callable[..., Path]) -> None:
    folder = changed(**{"reader.span.bias": torch.zeros(5)})
    with pytest.raises(RecipeError, match=r"first 'reader\.span\.bias'"):
        load_weights(small(2), open_model(folder))


def test_a_folder_without_vectors_is_nothing_to_start_from(exported: Path, tmp_path: Path) -> None:
    shutil.copytree(exported, tmp_path / "copy")
    write_config(tmp_path / "copy", CONFIG, [name for name in FILES if name != VECTORS_FILE])
    with pytest.raises(RecipeError, match=f"found kind encoder without {VECTORS_FILE}"):
        load_weights(small(2), open_model(tmp_path / "copy"))
