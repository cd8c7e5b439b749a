"""Runs the exported network: a reader for sentences, and heads for the mentions in them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Protocol

import numpy as np
import openvino
from numpy.typing import NDArray

from ..data.checks import shorten
from ..data.schema import MENTION_LABELS
from .devices import CPU, PLUGINS, cores, find_device, full_name
from .folder import MENTION_FILES, READER_FILES, ModelError
from .plain_weights import write_out_single_scales

_SHAPES_KEPT = 100
QUANTISATION_GROUP = 64
"""Activations of one token that share a scale: fewer are more exact and slower."""
MOST_STREAMS = 8
"""Batches read at once; each has its own memory. More threads than these share batches."""

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


class Runner(Protocol):
    """The two halves of the network, arrays in and arrays out; shapes as in `train.network`."""

    @property
    def streams(self) -> int:
        """How many batches it reads at once, each in a thread of the caller's."""
        ...

    @property
    def device(self) -> str:
        """What it runs on."""
        ...

    def read(self, arrays: Mapping[str, NDArray[Any]]) -> Arrays:
        """Takes `READER_INPUTS`, gives `READER_OUTPUTS`."""
        ...

    def judge(self, arrays: Mapping[str, NDArray[Any]]) -> Arrays:
        """Takes `MENTION_INPUTS`, gives `MENTION_OUTPUTS`."""
        ...


class OpenVinoRunner:
    """Runs the files of a model folder with OpenVINO, from any number of threads.

    A process forked from the one that loaded them loads them again when it first runs one.

    Args:
        folder: Where the files are.
        threads: Threads of the runtime; without a number one for each core that this process
            may use.
        device: Where to run, as in `connote.infer.devices`.

    Raises:
        ModelError: If the runtime does not take a file, or it holds another network. Reading and
            judging raise it too, for what only shows there.
        UsageError: If the device is not there.
    """

    def __init__(self, folder: Path, threads: int | None = None, device: str = CPU) -> None:
        core = openvino.Core()
        found = find_device(core, device)
        self.device = full_name(core, found)
        threads = threads or cores()
        self.streams = min(threads, MOST_STREAMS)
        settings = {"INFERENCE_PRECISION_HINT": "f32", "NUM_STREAMS": str(self.streams)}
        if found == PLUGINS[CPU]:
            settings |= {
                "INFERENCE_NUM_THREADS": str(threads),
                # Pinned, the threads of several processes would share one core.
                "ENABLE_CPU_PINNING": "NO",
                "DYNAMIC_QUANTIZATION_GROUP_SIZE": str(QUANTISATION_GROUP),
                # It would keep what it made for each of thousands of shapes.
                "CPU_RUNTIME_CACHE_CAPACITY": str(_SHAPES_KEPT),
            }
        load = partial(_Network, device=found, settings=settings)
        self._reader = load(folder / READER_FILES[0], READER_INPUTS, READER_OUTPUTS)
        self._heads = load(folder / MENTION_FILES[0], MENTION_INPUTS, MENTION_OUTPUTS)

    def read(self, arrays: Mapping[str, NDArray[Any]]) -> Arrays:
        """Takes `READER_INPUTS`, gives `READER_OUTPUTS`."""
        return self._reader.run(arrays)

    def judge(self, arrays: Mapping[str, NDArray[Any]]) -> Arrays:
        """Takes `MENTION_INPUTS`, gives `MENTION_OUTPUTS`."""
        return self._heads.run(arrays)


class _Loaded:
    """A network compiled by this process, and its requests that serve no thread now."""

    def __init__(self, compiled: Any) -> None:
        self.process = os.getpid()
        self.compiled = compiled
        self._idle: SimpleQueue[Any] = SimpleQueue()

    @contextmanager
    def request(self) -> Iterator[Any]:
        """A request, which serves one thread at a time."""
        try:
            request = self._idle.get_nowait()
        except Empty:
            request = self.compiled.create_infer_request()
        yield request
        self._idle.put(request)


class _Network:
    """One file of a model."""

    def __init__(
        self,
        path: Path,
        inputs: Sequence[str],
        outputs: Sequence[str],
        device: str,
        settings: Mapping[str, str],
    ) -> None:
        self._path, self._inputs, self._outputs = path, inputs, outputs
        self._device, self._settings = device, dict(settings)
        self._loaded = self._load()

    def _load(self) -> _Loaded:
        path = self._path
        try:
            core = openvino.Core()
            model = core.read_model(path)
            write_out_single_scales(model)
            compiled = core.compile_model(model, self._device, self._settings)
        except RuntimeError as error:
            raise ModelError(f"{path}: OpenVINO cannot load it: {error}; {_REMEDY}") from error
        _check_names(path, "inputs", self._inputs, compiled.inputs)
        _check_names(path, "outputs", self._outputs, compiled.outputs)
        for name in self._outputs:
            _check_shape(path, name, compiled.output(name).partial_shape, {})
        return _Loaded(compiled)

    def run(self, arrays: Mapping[str, NDArray[Any]]) -> Arrays:
        loaded = self._loaded
        if loaded.process != os.getpid():
            # A fork has none of the runtime's threads; without them its destructor hangs too.
            _FROM_BEFORE_A_FORK.append(loaded)
            loaded = self._loaded = self._load()
        path, outputs = self._path, self._outputs
        try:
            with loaded.request() as request:
                given = {name: arrays[name] for name in self._inputs}
                results = request.infer(given, share_inputs=True, share_outputs=True)
                found = {name: np.array(results[name]) for name in outputs}
        except RuntimeError as error:
            raise ModelError(f"{path}: OpenVINO cannot run it: {error}; {_REMEDY}") from error
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


_FROM_BEFORE_A_FORK: list[_Loaded] = []

# OpenVINO fills its tables of types when first asked for them. Two threads that ask at once wait
# for each other for ever, one holding a table, the other the interpreter. An import is one thread.
openvino.Tensor(np.zeros(1, openvino.Type.f32.to_dtype()))


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
