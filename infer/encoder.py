"""The shipped kind of model: a small transformer, exported and run without torch."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openvino
from numpy.typing import NDArray

from ..data.schema import HEADS, MENTION_LABELS
from .encoding import Window, WindowEncoder, collate
from .folder import ModelError, ModelFolder
from .judge import Offsets, SentenceInput, SentenceOutput, softmax

MODEL_FILE = "model.xml"
WEIGHTS_FILE = "model.bin"
TOKENIZER_FILE = "tokenizer.json"
BUCKET = 8
"""Windows are padded to a multiple of this by their own length alone, and only windows of
one padded length share a batch: so no sentence's result depends on its neighbours."""
QUANTISATION_GROUP = 64
"""Activations of one token that share a scale: fewer are more exact and slower."""
MAX_TOKENS_IN_BATCH = 8_192
MAX_MENTIONS_IN_BATCH = 256
LOADED_WORD = 0.5
"""Least probability at which a word is marked as loading its sentence."""

INPUTS = ("input_ids", "attention_mask", "token_type_ids", "mention_row", "mention_mask")
OUTPUTS = (*HEADS, "loaded_word")

Array = NDArray[np.float32]
Arrays = dict[str, Array]
Runner = Callable[[Mapping[str, NDArray[Any]]], Arrays]
"""Takes the arrays of `collate`, gives the logits of all heads."""


class EncoderJudge:
    """Judges with an exported encoder.

    Args:
        folder: A checked model folder of kind ``encoder``.
        threads: Threads of the runtime; all cores without a number.
        runner: What runs the network instead of the folder's own weights.
    """

    def __init__(
        self, folder: ModelFolder, threads: int | None = None, runner: Runner | None = None
    ) -> None:
        self.id = folder.id
        self.thresholds: Mapping[str, float] = folder.thresholds
        self._temperatures = folder.temperatures
        window = folder.config.get("window")
        if type(window) is not int or not 8 <= window <= 512:
            raise ModelError(f"{folder.path}: expected a window of 8 to 512, found {window!r}")
        self._encoder = WindowEncoder(folder.path / TOKENIZER_FILE, window)
        self._run = runner or openvino_runner(folder.path / MODEL_FILE, threads)

    def judge(self, sentences: Sequence[SentenceInput]) -> list[SentenceOutput]:
        """Judge sentences; the order is kept and none depends on another."""
        windows = self._encoder.encode(sentences)
        flat = [window for of_sentence in windows for window in of_sentence]
        results: list[Arrays] = [{} for _ in flat]
        for batch, length in batches(flat):
            members = [flat[i] for i in batch]
            outputs = self._run(collate(members, length))
            for i, result in zip(batch, _divide(outputs, members), strict=True):
                results[i] = result
        judged = []
        taken = iter(results)
        for sentence, of_sentence in zip(sentences, windows, strict=True):
            parts = [(window, next(taken)) for window in of_sentence]
            judged.append(self._output(sentence, parts))
        return judged

    def _output(
        self, sentence: SentenceInput, parts: Sequence[tuple[Window, Arrays]]
    ) -> SentenceOutput:
        order = np.argsort([i for window, _ in parts for i in window.mentions])
        framing, stance, voice = (
            softmax(
                np.concatenate([arrays[head] for _, arrays in parts])[order]
                / self._temperatures[head]
            )
            for head in MENTION_LABELS
        )
        loaded = max(float(arrays["loaded"].item()) for _, arrays in parts)
        words: set[Offsets] = set()
        for window, arrays in parts:
            words.update(_loaded_words(sentence.text, window, _sigmoid(arrays["loaded_word"])))
        return SentenceOutput(
            framing,
            stance,
            voice,
            loaded=float(_sigmoid(np.float32(loaded / self._temperatures["loaded"]))),
            loaded_words=tuple(sorted(words)),
            truncated=not all(window.whole for window, _ in parts),
        )


def _divide(logits: Mapping[str, Array], windows: Sequence[Window]) -> Iterator[Arrays]:
    """The outputs of a batch for each window, padding left out."""
    mention = 0
    for row, window in enumerate(windows):
        behind = mention + len(window.spans)
        yield {
            **{head: logits[head][mention:behind] for head in MENTION_LABELS},
            "loaded": logits["loaded"][row],
            "loaded_word": logits["loaded_word"][row, : len(window.ids)],
        }
        mention = behind


def openvino_runner(path: Path, threads: int | None = None) -> Runner:
    """Runs a model file with OpenVINO.

    Raises:
        ModelError: If the runtime does not take the file.
    """
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": threads or os.cpu_count() or 1,
        "INFERENCE_PRECISION_HINT": "f32",
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": str(QUANTISATION_GROUP),
    }
    try:
        compiled = openvino.Core().compile_model(path, "CPU", settings)
    except RuntimeError as error:
        raise ModelError(f"{path}: OpenVINO cannot load it: {error}") from error
    names = {name for port in (*compiled.inputs, *compiled.outputs) for name in port.names}
    missing = {*INPUTS, *OUTPUTS} - names
    if missing:
        raise ModelError(f"{path}: expected inputs and outputs {missing}, found {names}")
    own = threading.local()  # a request serves one thread at a time

    def run(arrays: Mapping[str, NDArray[Any]]) -> Arrays:
        if not hasattr(own, "request"):
            own.request = compiled.create_infer_request()
        outputs = own.request.infer(arrays)
        return {name: np.array(outputs[name]) for name in OUTPUTS}

    return run


def batches(windows: Sequence[Window]) -> Iterator[tuple[list[int], int]]:
    """Positions of windows that are run together, and the length they are padded to."""
    buckets: dict[int, list[int]] = {}
    for i, window in enumerate(windows):
        buckets.setdefault(-(-len(window.ids) // BUCKET) * BUCKET, []).append(i)
    for length, members in buckets.items():
        batch: list[int] = []
        mentions = 0
        for i in members:
            if batch and (
                (len(batch) + 1) * length > MAX_TOKENS_IN_BATCH
                or mentions + len(windows[i].spans) > MAX_MENTIONS_IN_BATCH
            ):
                yield batch, length
                batch, mentions = [], 0
            batch.append(i)
            mentions += len(windows[i].spans)
        yield batch, length


def _sigmoid(logits: NDArray[np.float32] | np.float32) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-logits)), np.float32)


def _loaded_words(
    text: str, window: Window, probabilities: NDArray[np.float32]
) -> Iterator[Offsets]:
    """Words of which a token is marked, neighbours joined."""
    joined: list[Offsets] = []
    low, high = window.offsets[1][0], max(end for _, end in window.offsets)
    for (first, behind), probability in zip(window.offsets, probabilities.tolist(), strict=True):
        if behind <= first or probability < LOADED_WORD:
            continue
        start, end = first, behind
        while start > low and text[start - 1].isalnum() and text[start].isalnum():
            start -= 1
        while end < high and text[end].isalnum() and text[end - 1].isalnum():
            end += 1
        if joined and (start <= joined[-1][1] or text[joined[-1][1] : start] in (" ", "-")):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    yield from joined
