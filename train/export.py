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
from safetensors.torch import save_file
from torch import Tensor, nn

from ..data.schema import MENTION_LABELS
from ..infer.folder import FILES_OF, MENTION_FILES, READER_FILES, TOKENIZER_FILE
from ..infer.judge import SentenceOutput
from ..infer.runtime import (
    MENTION_INPUTS,
    MENTION_OUTPUTS,
    READER_INPUTS,
    READER_OUTPUTS,
    Arrays,
)
from .network import FramingNetwork

VECTORS_FILE = "vectors.safetensors"
"""Biases and layer norms, which the converter merges and renames: see `train.warm`."""
FILES = [*FILES_OF["encoder"], VECTORS_FILE]
_SENTENCES = {
    "input_ids": torch.tensor([[101, 2000, 2001, 102], [101, 2002, 102, 0]]),
    "attention_mask": torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]]),
    "token_type_ids": torch.tensor([[0, 1, 1, 0], [0, 0, 0, 0]]),
}
_MENTIONS = {
    "mention_row": torch.tensor([0, 0, 1]),
    "mention_mask": torch.tensor([[0.0, 1, 0, 0], [0, 1, 1, 0], [0, 1, 0, 0]]),
}


def export_model(network: FramingNetwork, tokenizer: Path, out: Path) -> None:
    """Write the network as int8 weights with its tokenizer.

    Args:
        network: The trained network.
        tokenizer: Path of its ``tokenizer.json``.
        out: An existing folder.
    """
    for model, (name, _) in zip(convert(network), (READER_FILES, MENTION_FILES), strict=True):
        small = nncf.compress_weights(model, mode=nncf.CompressWeightsMode.INT8_SYM)
        ov.save_model(small, out / name, compress_to_fp16=True)
    shutil.copyfile(tokenizer, out / TOKENIZER_FILE)
    vectors = {n: p.detach().contiguous() for n, p in network.named_parameters() if p.ndim < 2}
    save_file(vectors, out / VECTORS_FILE)
    # Written for its owner alone otherwise, unlike the other files of a model.
    (out / VECTORS_FILE).chmod((out / TOKENIZER_FILE).stat().st_mode)


def convert(network: FramingNetwork) -> tuple[ov.Model, ov.Model]:
    """Reader and mention heads as OpenVINO models in float32, any batch, length and mentions."""
    # Without eval() on the whole module the trace would keep dropout.
    network.eval()
    with torch.no_grad():
        hidden = network.reader(**_SENTENCES)[0]
    given = {"hidden": hidden, "attention_mask": _SENTENCES["attention_mask"], **_MENTIONS}
    return (
        _converted(network.reader, _SENTENCES, READER_INPUTS, READER_OUTPUTS),
        _converted(network.mentions, given, MENTION_INPUTS, MENTION_OUTPUTS),
    )


def _converted(
    part: nn.Module, example: Mapping[str, Tensor], inputs: Sequence[str], outputs: Sequence[str]
) -> ov.Model:
    shapes = {name: ov.PartialShape([-1] * example[name].ndim) for name in inputs}
    if "hidden" in shapes:
        shapes["hidden"][2] = example["hidden"].shape[2]
    with torch.no_grad():
        model = ov.convert_model(part, example_input=dict(example), input=list(shapes.items()))
    for names, ports in ((inputs, model.inputs), (outputs, model.outputs)):
        for name, port in zip(names, ports, strict=True):
            port.get_tensor().set_names({name})
    return model


class TorchRunner:
    """Runs the network itself, in float32: what an export is compared with.

    Args:
        network: The trained network; it is put into evaluation mode.
    """

    streams = 1
    device = "torch on the processor"

    def __init__(self, network: FramingNetwork) -> None:
        self._network = network.eval()

    def read(self, arrays: Mapping[str, NDArray[Any]]) -> Arrays:
        """Takes `READER_INPUTS`, gives `READER_OUTPUTS`."""
        return _run(self._network.reader, arrays, READER_INPUTS, READER_OUTPUTS)

    def judge(self, arrays: Mapping[str, NDArray[Any]]) -> Arrays:
        """Takes `MENTION_INPUTS`, gives `MENTION_OUTPUTS`."""
        return _run(self._network.mentions, arrays, MENTION_INPUTS, MENTION_OUTPUTS)


def _run(
    part: nn.Module,
    arrays: Mapping[str, NDArray[Any]],
    inputs: Sequence[str],
    outputs: Sequence[str],
) -> Arrays:
    with torch.no_grad():
        results = part(**{name: torch.from_numpy(arrays[name]) for name in inputs})
    return {name: out.numpy() for name, out in zip(outputs, results, strict=True)}


def equal_labels(
    ours: Sequence[SentenceOutput], reference: Sequence[SentenceOutput]
) -> dict[str, float]:
    """Share of mentions on which two models name the same class, for each label.

    Returns:
        Nothing where there is no mention to judge.
    """
    if not any(len(output.framing) for output in ours):
        return {}
    shares: dict[str, float] = {}
    for head in MENTION_LABELS:
        pairs = [
            (getattr(a, head).argmax(1), getattr(b, head).argmax(1))
            for a, b in zip(ours, reference, strict=True)
        ]
        equal = np.concatenate([a == b for a, b in pairs])
        shares[head] = round(float(equal.mean()), 4)
    return shares
