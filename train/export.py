"""Export: from the trained network to int8 weights that run without torch.

OpenVINO's converter traces the network and NNCF stores the weights in int8. Activations
are quantised as they come, in groups within one token, so that with one padded length a
batch (see `infer.encoder.BUCKET`) a sentence's result is the same in every batch.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nncf
import numpy as np
import openvino as ov
import torch
from numpy.typing import NDArray

from ..data.schema import MENTION_LABELS
from ..infer.encoder import (
    INPUTS,
    MODEL_FILE,
    OUTPUTS,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    Runner,
)
from ..infer.judge import SentenceOutput
from .network import FramingNetwork
from .recipe import RecipeError

FILES = [MODEL_FILE, WEIGHTS_FILE, TOKENIZER_FILE]
MAX_BYTES = 25 * 10**6


def export_model(network: FramingNetwork, tokenizer: Path, out: Path) -> None:
    """Write the network as int8 weights with its tokenizer.

    Args:
        network: The trained network.
        tokenizer: Path of its ``tokenizer.json``.
        out: An existing folder.

    Raises:
        RecipeError: If the files are larger than a package may carry.
    """
    model = nncf.compress_weights(convert(network), mode=nncf.CompressWeightsMode.INT8_SYM)
    ov.save_model(model, out / MODEL_FILE, compress_to_fp16=True)
    shutil.copyfile(tokenizer, out / TOKENIZER_FILE)
    size = sum((out / name).stat().st_size for name in FILES)
    if size > MAX_BYTES:
        raise RecipeError(
            f"the exported model has {size:,} bytes, expected at most {MAX_BYTES:,}; "
            "choose a smaller encoder"
        )


def convert(network: FramingNetwork) -> ov.Model:
    """The network as an OpenVINO model in float32, any batch, length and mentions."""
    # Without eval() on the whole module the trace would keep dropout.
    network.eval()
    padded = {
        "input_ids": torch.tensor([[101, 2000, 2001, 102], [101, 2002, 102, 0]]),
        "attention_mask": torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]]),
        "token_type_ids": torch.tensor([[0, 1, 1, 0], [0, 0, 0, 0]]),
        "mention_row": torch.tensor([0, 0, 1]),
        "mention_mask": torch.tensor([[0.0, 1, 0, 0], [0, 1, 1, 0], [0, 1, 0, 0]]),
    }
    shapes = {name: ov.PartialShape([-1] * padded[name].ndim) for name in INPUTS}
    with torch.no_grad():
        model = ov.convert_model(network, example_input=padded, input=list(shapes.items()))
    for name, port in zip(INPUTS, model.inputs, strict=True):
        port.get_tensor().set_names({name})
    for name, port in zip(OUTPUTS, model.outputs, strict=True):
        port.get_tensor().set_names({name})
    return model


def torch_runner(network: FramingNetwork) -> Runner:
    """Runs the network itself, in float32: what an export is compared with."""

    def run(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float32]]:
        with torch.no_grad():
            outputs = network(**{name: torch.from_numpy(arrays[name]) for name in INPUTS})
        return {name: out.numpy() for name, out in zip(OUTPUTS, outputs, strict=True)}

    network.eval()
    return run


def equal_labels(
    ours: Sequence[SentenceOutput], reference: Sequence[SentenceOutput]
) -> dict[str, float]:
    """Share of mentions on which two models name the same class, for each label."""
    shares: dict[str, float] = {}
    for head in MENTION_LABELS:
        pairs = [
            (getattr(a, head).argmax(1), getattr(b, head).argmax(1))
            for a, b in zip(ours, reference, strict=True)
        ]
        equal = np.concatenate([a == b for a, b in pairs])
        shares[head] = round(float(equal.mean()), 4)
    return shares
