"""Runs the exported network: a reader for sentences, and heads for the mentions in them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import openvino
from numpy.typing import NDArray

from ..data.checks import shorten
from ..data.schema import MENTION_LABELS
from .folder import MENTION_FILES, READER_FILES, ModelError

QUANTISATION_GROUP = 64
"""Activations of one token that share a scale: fewer are more exact and slower."""

READER_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
READER_OUTPUTS = ("hidden", "loaded", "loaded_word", "span")
MENTION_INPUTS = ("hidden", "attention_mask", "mention_row", "mention_mask")
MENTION_OUTPUTS = tuple(map(str, MENTION_LABELS))
SPAN_TAGS = ("outside", "begin", "inside")
_SHAPES: dict[str, tuple[str | int, ...]] = {
    "hidden": ("sentences", "tokens", "width"),
    "loaded": ("sentences",),
    "loaded_word": ("sentences", "tokens"),
    "span": ("sentences", "tokens", len(SPAN_TAGS)),
    **{str(name): ("mentions", len(classes)) for name, classes in MENTION_LABELS.items()},
}
"""Shapes of the outputs, with names for what the inputs or the encoder decide."""
_REMEDY = "train or copy the model again"

Array = NDArray[np.float32]
Arrays = dict[str, Array]
Run = Callable[[Mapping[str, NDArray[Any]]], Arrays]


class Runner(Protocol):
    """The two halves of the network, arrays in and arrays out; shapes as in `train.network`."""

    def read(self, arrays: Mapping[str, NDArray[Any]]) -> Arrays:
        """Takes `READER_INPUTS`, gives `READER_OUTPUTS`."""
        ...

    def judge(self, arrays: Mapping[str, NDArray[Any]]) -> Arrays:
        """Takes `MENTION_INPUTS`, gives `MENTION_OUTPUTS`."""
        ...


class OpenVinoRunner:
    """Runs the files of a model folder with OpenVINO.

    Args:
        folder: Where the files are.
        threads: Threads of the runtime; all cores without a number.

    Raises:
        ModelError: If the runtime does not take a file, or it holds another network. Reading and
            judging raise it too, for what only shows there.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        self._read = _compiled(folder / READER_FILES[0], READER_INPUTS, READER_OUTPUTS, threads)
        self._judge = _compiled(folder / MENTION_FILES[0], MENTION_INPUTS, MENTION_OUTPUTS, threads)

    def read(self, arrays: Mapping[str, NDArray[Any]]) -> Arrays:
        """Takes `READER_INPUTS`, gives `READER_OUTPUTS`."""
        return self._read(arrays)

    def judge(self, arrays: Mapping[str, NDArray[Any]]) -> Arrays:
        """Takes `MENTION_INPUTS`, gives `MENTION_OUTPUTS`."""
        return self._judge(arrays)


def _compiled(
    path: Path, inputs: Sequence[str], outputs: Sequence[str], threads: int | None
) -> Run:
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": threads or os.cpu_count() or 1,
        "INFERENCE_PRECISION_HINT": "f32",
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": str(QUANTISATION_GROUP),
    }
    try:
        compiled = openvino.Core().compile_model(path, "CPU", settings)
    except RuntimeError as error:
        raise ModelError(f"{path}: OpenVINO cannot load it: {error}; {_REMEDY}") from error
    _check_names(path, "inputs", inputs, compiled.inputs)
    _check_names(path, "outputs", outputs, compiled.outputs)
    for name in outputs:
        _check_shape(path, name, compiled.output(name).partial_shape, {})
    own = threading.local()  # a request serves one thread at a time

    def run(arrays: Mapping[str, NDArray[Any]]) -> Arrays:
        try:
            if not hasattr(own, "request"):
                own.request = compiled.create_infer_request()
            results = own.request.infer({name: arrays[name] for name in inputs})
        except RuntimeError as error:
            raise ModelError(f"{path}: OpenVINO cannot run it: {error}; {_REMEDY}") from error
        found = {name: np.array(results[name]) for name in outputs}
        sentences, tokens = arrays["attention_mask"].shape
        mentions = len(arrays.get("mention_row", ()))
        sizes = {"sentences": sentences, "tokens": tokens, "mentions": mentions}
        for name, values in found.items():
            # A network may leave its shapes open until it runs.
            _check_shape(path, name, openvino.PartialShape(list(values.shape)), sizes)
            if not np.isfinite(values).all():
                found_others = f"{name}: expected finite numbers, found others"
                raise ModelError(f"{path}: {found_others}; {_REMEDY}")
        return found

    return run


def _check_names(path: Path, what: str, expected: Sequence[str], ports: Sequence[Any]) -> None:
    found = {name for port in ports for name in port.names}
    if not found.issuperset(expected):
        raise ModelError(
            f"{path}: expected {what} {', '.join(sorted(expected))}, "
            f"found {shorten(', '.join(sorted(found)))}; {_REMEDY}"
        )


def _check_shape(path: Path, name: str, found: Any, sizes: Mapping[str, int]) -> None:
    shape = [size if isinstance(size, int) else sizes.get(size, -1) for size in _SHAPES[name]]
    expected = openvino.PartialShape(shape)
    if not expected.compatible(found):
        raise ModelError(f"{path}: {name}: expected shape {expected}, found {found}; {_REMEDY}")
