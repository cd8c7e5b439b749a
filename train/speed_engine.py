"""The engine's speed, and whether its int8 names the classes that float32 names."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from safetensors import SafetensorError
from safetensors.torch import load_file

from ..infer.encoder import EncoderJudge
from ..infer.folder import ModelFolder
from ..infer.judge import Judge, SentenceInput, SentenceOutput
from ..infer.judging import CHUNK
from .export import TorchRunner, equal_labels
from .network import FramingNetwork
from .pretrained import MINILM, load_encoder
from .speed_pipeline import make_pipeline
from .values import RecipeError
from .warm import load_weights

PIPELINE_BATCH = 8


@dataclass(frozen=True, slots=True)
class EngineSpeed:
    """Rates of the engine and of the pipeline, medians of alternating runs.

    Attributes:
        sentences: How many were judged in each run.
        threads: Of both.
        ours: Sentences a second.
        pipeline: Sentences a second, with batches of `PIPELINE_BATCH`.
        ratio: Median of the ratios of neighbouring runs.
    """

    sentences: int
    threads: int
    ours: float
    pipeline: float
    ratio: float


def judge_all(judge: Judge, sentences: Sequence[SentenceInput]) -> list[SentenceOutput]:
    """Judge sentences in the chunks in which the Scorer hands them over."""
    outputs: list[SentenceOutput] = []
    for begin in range(0, len(sentences), CHUNK):
        outputs += judge.judge(sentences[begin : begin + CHUNK])
    return outputs


def engine_speed(
    folder: ModelFolder, sentences: Sequence[SentenceInput], runs: int, threads: int
) -> EngineSpeed:
    """Judge sentences and classify them with the pipeline, in turn.

    Args:
        folder: The model, of kind ``encoder``.
        sentences: In the order of the archive.
        runs: How often.
        threads: Of both.
    """
    judge = EncoderJudge(folder, threads)
    classify = make_pipeline(threads)
    texts = [sentence.text for sentence in sentences]
    few = slice(PIPELINE_BATCH)
    judge.judge(sentences[few])
    classify(texts[few], batch_size=PIPELINE_BATCH, truncation=True)
    ours, theirs = [], []
    for _ in range(runs):
        ours.append(_seconds(lambda: judge_all(judge, sentences)))
        theirs.append(_seconds(lambda: classify(texts, batch_size=PIPELINE_BATCH, truncation=True)))
    ratio = median(b / a for a, b in zip(ours, theirs, strict=True))
    number = len(sentences)
    return EngineSpeed(number, threads, number / median(ours), number / median(theirs), ratio)


def _seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def float32_network(folder: ModelFolder, checkpoint: Path | None = None) -> FramingNetwork:
    """The network in float32.

    Args:
        folder: A model of the encoder all-MiniLM-L6-v2.
        checkpoint: The weights as they were trained (``best.safetensors`` of a training); without
            it they are those of the folder, which keep what int8 rounded off.

    Raises:
        RecipeError: If the folder or the checkpoint holds another network.
    """
    encoder, _ = load_encoder(MINILM)
    network = FramingNetwork(encoder, dropout=0.0)
    if checkpoint is None:
        load_weights(network, folder)
        return network
    try:
        network.load_state_dict(load_file(checkpoint))
    except (SafetensorError, RuntimeError) as error:
        raise RecipeError(
            f"{checkpoint}: expected the weights of a training, found: {error}; take its "
            "best.safetensors"
        ) from error
    return network


def equal_to_float32(
    folder: ModelFolder, network: FramingNetwork, sentences: Sequence[SentenceInput]
) -> dict[str, float]:
    """Share of given mentions on which int8 and float32 name the same class, for each label."""
    given = [replace(s, search=False) for s in sentences if s.mentions]
    exact = EncoderJudge(folder, runner=TorchRunner(network))
    return equal_labels(judge_all(EncoderJudge(folder), given), judge_all(exact, given))
