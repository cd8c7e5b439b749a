"""The weights that a training leaves: a running mean, taken at the epoch that is best on dev."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from ..data.schema import Example
from ..infer.encoder import EncoderJudge
from ..infer.folder import NEVER_FOUND, UNCALIBRATED, ModelFolder
from .evaluate import evaluate
from .export import TorchRunner
from .network import FramingNetwork
from .recipe import Recipe
from .say import Say

_BEST = "best.safetensors"
_SAME_EPOCH = 1e-6
MEAN_FILE = "mean.safetensors"
"""Written last: a checkpoint without it was cut off."""
_SCORES = "scores.json"
_DONE = "done"


class BestMean(TrainerCallback):
    """Keeps an exponential moving average of the weights, and its best epoch on disk.

    The average (Polyak and Juditsky 1992; here with a decay that grows with the steps) smooths
    out the last steps of a training. After each epoch it is measured on dev: the mean
    macro-F1 of the heads that dev marks. A training that gains nothing for
    ``recipe.patience`` epochs is stopped.

    Args:
        network: What is trained.
        dev: Examples to choose by.
        tokenizer: Path of its ``tokenizer.json``.
        recipe: How it is trained.
        folder: Where scores and weights are kept, so that a training can go on.
        say: Takes a line for each epoch.
    """

    def __init__(
        self,
        network: FramingNetwork,
        dev: Sequence[Example],
        tokenizer: Path,
        recipe: Recipe,
        folder: Path,
        say: Say,
    ) -> None:
        self.folder = folder
        self._network = network
        self._mean = copy.deepcopy(network)
        self._decay = recipe.weight_average
        self._dev = dev
        self._judge = live_judge(self._mean, tokenizer, recipe.window)
        self._patience = recipe.patience
        self._say = say
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / _SCORES
        kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        self._scores: dict[int, float] = {int(epoch): score for epoch, score in kept.items()}

    def resume(self, checkpoint: Path) -> None:
        """Take up the mean as it was at a checkpoint."""
        self._mean.load_state_dict(load_file(checkpoint / MEAN_FILE))

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """Move the mean towards the weights."""
        del args
        decay = min(self._decay, (1 + state.global_step) / (10 + state.global_step))
        with torch.no_grad():
            torch._foreach_lerp_(
                list(self._mean.parameters()), list(self._network.parameters()), 1 - decay
            )
        return control

    def on_save(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """Keep the mean beside the trainer's own checkpoint."""
        del args
        _save(self._mean, self.folder / f"checkpoint-{state.global_step}" / MEAN_FILE)
        return control

    def on_epoch_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """Make up for an epoch that ended at a checkpoint and was not measured before a stop."""
        passed = state.epoch or 0.0
        # A training resumed within an epoch begins here too.
        at_an_end = abs(passed - round(passed)) < _SAME_EPOCH
        return self.on_epoch_end(args, state, control) if at_an_end else control

    def on_epoch_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """Measure, keep, and stop where nothing was gained for too long."""
        del args
        self.measure(round(state.epoch or 0))
        if self._scores and max(self._scores) - self._best_epoch() >= self._patience:
            control.should_training_stop = True
        return control

    def measure(self, epoch: int) -> None:
        """Measure the mean after an epoch, and keep it if it is the best; never twice."""
        if epoch < 1 or epoch in self._scores:
            return
        metrics = evaluate(self._judge, self._dev)
        score = float(np.mean([m["macro_f1"] for m in metrics.values() if m["n"]]))
        self._scores[epoch] = score
        if self._best_epoch() == epoch:
            _save(self._mean, self.folder / _BEST)
        partial = self.folder / f"{_SCORES}.partial"
        partial.write_text(json.dumps(self._scores), encoding="utf-8")
        partial.replace(self.folder / _SCORES)
        self._say(f"{self.folder.name}, epoch {epoch}: mean macro-F1 on dev {score:.4f}")

    def _best_epoch(self) -> int:
        return max(self._scores, key=self._scores.__getitem__)

    def finished(self) -> bool:
        """Whether this training has come to its end before."""
        return (self.folder / _DONE).is_file()

    def finish(self) -> None:
        """Note that the training has come to its end."""
        (self.folder / _DONE).touch()

    def weights(self) -> dict[str, Tensor]:
        """The weights of the best epoch."""
        return load_file(self.folder / _BEST)


def _save(network: FramingNetwork, path: Path) -> None:
    partial = path.with_name(path.name + ".partial")
    save_file({n: v.contiguous() for n, v in network.state_dict().items()}, partial)
    partial.replace(path)


def live_judge(
    network: FramingNetwork, tokenizer: Path, window: int, span_threshold: float = NEVER_FOUND
) -> EncoderJudge:
    """A judge that runs a network as it is at any moment, uncalibrated.

    Args:
        network: Whatever its weights become.
        tokenizer: Path of its ``tokenizer.json``.
        window: Most tokens read at once.
        span_threshold: Least probability of a mention that is found.
    """
    folder = ModelFolder(
        path=tokenizer.parent,
        kind="encoder",
        id="training",
        config={"window": window},
        **{**UNCALIBRATED, "span_threshold": span_threshold},
    )
    return EncoderJudge(folder, runner=TorchRunner(network))
