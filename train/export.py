"""Export: from the trained network to int8 weights that run without torch.

OpenVINO's converter traces the network, NNCF quantises weights and activations with
static scales taken from training sentences. With static scales and one padded length a
batch (see `infer.encoder.BUCKET`) a sentence's result is the same in every batch.
"""

from __future__ import annotations

import logging
import random
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nncf
import numpy as np
import openvino as ov
import torch
from numpy.typing import NDArray

from ..data.schema import Example
from ..infer.encoder import INPUTS, MODEL_FILE, OUTPUTS, TOKENIZER_FILE, WEIGHTS_FILE, batches
from ..infer.encoding import Window, WindowEncoder, collate
from ..infer.judge import as_input
from .network import FramingNetwork
from .recipe import Recipe

FILES = [MODEL_FILE, WEIGHTS_FILE, TOKENIZER_FILE]
CALIBRATION_SENTENCES = 1_000
MAX_BYTES = 25 * 10**6
HEADS_PATTERN = r".*__module\.(?:query|mix|framing|stance|voice|loaded|loaded_word)/.*"

Arrays = dict[str, NDArray[Any]]


def export_model(
    network: FramingNetwork, tokenizer: Path, recipe: Recipe, examples: Sequence[Example], out: Path
) -> None:
    """Write the network as int8 weights with its tokenizer.

    Args:
        network: The trained network.
        tokenizer: Path of its ``tokenizer.json``.
        recipe: Its window and seed are used.
        examples: Sentences whose activations set the scales.
        out: An existing folder.

    Raises:
        ValueError: If the files are larger than a package may carry.
    """
    draw = random.Random(recipe.seed)  # noqa: S311 - a sample, not a secret
    chosen = draw.sample(list(examples), min(CALIBRATION_SENTENCES, len(examples)))
    encoder = WindowEncoder(tokenizer, recipe.window)
    windows = [w for of in encoder.encode([as_input(e) for e in chosen]) for w in of]
    model = quantise(convert(network), list(calibration_batches(windows)))
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


def calibration_batches(windows: Sequence[Window]) -> Iterator[Arrays]:
    """Batches as inference makes them, small ones, those with mentions."""
    for batch, length in batches(windows, most_tokens=512):
        arrays = collate([windows[i] for i in batch], length)
        if len(arrays["mention_row"]):
            yield arrays


def quantise(model: ov.Model, samples: Sequence[Arrays]) -> ov.Model:
    """Quantise a converted network to int8; the heads stay in floating point.

    SmoothQuant (Xiao et al., ICML 2023) moves outliers of the activations into the
    weights before the scales are taken.
    """
    logging.getLogger("nncf").setLevel(logging.ERROR)
    np.random.seed(0)  # what nncf draws from
    quantised = nncf.quantize(
        model,
        nncf.Dataset(list(samples)),
        model_type=nncf.ModelType.TRANSFORMER,
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(samples),
        ignored_scope=nncf.IgnoredScope(patterns=[HEADS_PATTERN], validate=False),
    )
    return nncf.compress_weights(quantised, mode=nncf.CompressWeightsMode.INT8_SYM)
