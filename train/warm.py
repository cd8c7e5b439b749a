"""Starting from a trained model: the weights of a folder brought back into the network.

Fine-tuning on one task before another is intermediate-task transfer (Phang, Févry and
Bowman 2018; Pruksachatkun et al., ACL 2020).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openvino as ov
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from ..infer.folder import MENTION_FILES, READER_FILES, ModelFolder
from .export import VECTORS_FILE
from .network import FramingNetwork
from .values import RecipeError

_PARTS = (("reader", READER_FILES[0]), ("mentions", MENTION_FILES[0]))
_UNUSED = "reader.encoder.pooler."
"""A layer of the encoder that no head reads, so that no export has it."""


def load_weights(network: FramingNetwork, folder: ModelFolder) -> None:
    """Give a network the weights of a trained model, matrices as exact as int8 keeps them.

    Args:
        network: Of the same architecture.
        folder: A checked model folder of kind ``encoder``.

    Raises:
        RecipeError: If the folder holds no such model, a broken one, or one of another
            architecture.
    """
    if folder.kind != "encoder" or VECTORS_FILE not in folder.config["files"]:
        raise RecipeError(
            f"{folder.path}: expected a trained encoder to start from, found kind {folder.kind} "
            f"{'without ' + VECTORS_FILE if folder.kind == 'encoder' else ''}".rstrip()
        )
    state = _vectors(folder.path / VECTORS_FILE)
    for part, name in _PARTS:
        state.update(_matrices(folder.path / name, part))
    wanted = {k: v for k, v in network.state_dict().items() if not k.startswith(_UNUSED)}
    wrong = [k for k, v in wanted.items() if k not in state or state[k].shape != v.shape]
    if wrong:
        raise RecipeError(
            f"{folder.path}: {len(wrong)} of {len(wanted)} weights are missing or of another "
            f"shape, first {wrong[0]!r}; start from a model of the same encoder"
        )
    network.load_state_dict({k: state[k] for k in wanted}, strict=False)


def _vectors(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except SafetensorError as error:
        raise RecipeError(
            f"{path}: expected a safetensors file, found: {error}; train or copy the model again"
        ) from error


def _matrices(path: Path, part: str) -> dict[str, Tensor]:
    """The weight matrices of a model file, by the names they have in the network."""
    try:
        model = ov.Core().read_model(path)
    except RuntimeError as error:
        raise RecipeError(
            f"{path}: OpenVINO cannot read it: {error}; train or copy the model again"
        ) from error
    constants = {
        op.get_friendly_name(): op for op in model.get_ops() if op.get_type_name() == "Constant"
    }
    found = {}
    for name, constant in constants.items():
        if name.startswith("self.") and name.endswith(".weight"):
            values = np.asarray(constant.data, np.float32)
            if name + "/scale" in constants:
                values = values * np.asarray(constants[name + "/scale"].data, np.float32)
            found[part + name.removeprefix("self")] = torch.from_numpy(values)
    return found
