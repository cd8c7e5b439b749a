"""Export: from the trained network to int8 weights that run without torch.

OpenVINO's converter traces the network and NNCF stores the weights in int8. Activations
are quantised as they come, in groups within one token, so that with one padded length a
batch (see `infer.encoder.BUCKET`) a sentence's result is the same in every batch.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import nncf
import openvino as ov
import torch

from ..infer.encoder import INPUTS, MODEL_FILE, OUTPUTS, TOKENIZER_FILE, WEIGHTS_FILE
from .network import FramingNetwork

FILES = [MODEL_FILE, WEIGHTS_FILE, TOKENIZER_FILE]
MAX_BYTES = 25 * 10**6


def export_model(network: FramingNetwork, tokenizer: Path, out: Path) -> None:
    """Write the network as int8 weights with its tokenizer.

    Args:
        network: The trained network.
        tokenizer: Path of its ``tokenizer.json``.
        out: An existing folder.

    Raises:
        ValueError: If the files are larger than a package may carry.
    """
    model = nncf.compress_weights(convert(network), mode=nncf.CompressWeightsMode.INT8_SYM)
    ov.save_model(model, out / MODEL_FILE, compress_to_fp16=True)
    shutil.copyfile(tokenizer, out / TOKENIZER_FILE)
    size = sum((out / name).stat().st_size for name in FILES)
    if size > MAX_BYTES:
        raise ValueError(
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
