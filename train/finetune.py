"""Fine-tuning of the network with transformers' Trainer, resumable."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import Dataset
from transformers import Trainer, TrainingArguments, set_seed

from ..infer.encoding import WindowEncoder
from .best import MEAN_FILE, BestMean, live_judge
from .corpora import Corpora, fingerprint
from .distil import FOUND, distilled
from .features import Item, collate_items, make_items
from .losses import HEAD_WEIGHTS, masked_loss
from .network import NETWORK_INPUTS, FramingNetwork
from .order import ByLength
from .pretrained import encoder_hash, load_encoder
from .recipe import Recipe, open_start, settings_of
from .say import Say
from .values import RecipeError
from .warm import load_weights

_STATE = "recipe.json"
SAVE_STEPS = 200
LOG_STEPS = 50
SENTENCES_PER_SECOND = 35
"""Seen on two cores with all-MiniLM-L6-v2; used to announce how long a training takes."""


class _Items(Dataset[dict[str, Any]]):
    """What the trainer draws from."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.lengths = [len(item.window.ids) for item in items]
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, i: int) -> dict[str, Any]:
        return {"item": self._items[i]}


class _FramingTrainer(Trainer):
    """Trainer with the masked multi-task loss and layer-wise learning rates."""

    def __init__(self, recipe: Recipe, **kwargs: Any) -> None:
        self._recipe = recipe
        self._weights = {**HEAD_WEIGHTS, **(recipe.head_weights or {})}
        super().__init__(**kwargs)

    def compute_loss(
        self,
        model: nn.Module,
        inputs: dict[str, Tensor | Any],
        return_outputs: bool = False,
        num_items_in_batch: Tensor | int | None = None,
    ) -> Tensor | tuple[Tensor, Any]:
        del num_items_in_batch  # one process, no accumulation: the batch's own mean is right
        outputs = model(**{name: inputs[name] for name in NETWORK_INPUTS})
        loss = masked_loss(outputs, inputs, self._weights, self._recipe.label_smoothing)
        return (loss, outputs) if return_outputs else loss

    def _get_train_sampler(self, train_dataset: Any = None) -> ByLength:
        del train_dataset
        assert isinstance(self.train_dataset, _Items)  # noqa: S101 - what _train passed
        return ByLength(self.train_dataset.lengths, self._recipe.batch_size, self._recipe.seed)

    def create_optimizer(self, model: Any = None) -> torch.optim.Optimizer:
        if self.optimizer is None:
            assert isinstance(self.model, FramingNetwork)  # noqa: S101 - what finetune passed
            groups = parameter_groups(self.model, self._recipe)
            self.optimizer = torch.optim.AdamW(groups, lr=self._recipe.learning_rate, fused=True)
        return self.optimizer


def parameter_groups(network: FramingNetwork, recipe: Recipe) -> list[dict[str, Any]]:
    """Parameters with their rates: each layer learns slower than the one above it.

    Howard and Ruder (ACL 2018) call it discriminative fine-tuning. Biases and layer norms
    are not decayed.
    """
    layers = network.reader.encoder.config.num_hidden_layers
    groups: dict[tuple[float, float], list[Any]] = {}
    for name, parameter in network.named_parameters():
        depth = 0
        if name.startswith("reader.encoder."):
            parts = name.split(".")
            inside = "layer" in parts
            depth = layers - int(parts[parts.index("layer") + 1]) if inside else layers + 1
        rate = recipe.learning_rate * recipe.layer_decay**depth
        decay = 0.0 if parameter.ndim < 2 else recipe.weight_decay
        groups.setdefault((rate, decay), []).append(parameter)
    return [{"params": p, "lr": lr, "weight_decay": d} for (lr, d), p in groups.items()]


def finetune(
    recipe: Recipe, corpora: Corpora, checkpoints: Path, say: Say
) -> tuple[FramingNetwork, Path]:
    """Train the network; an interrupted training of the same recipe goes on.

    Args:
        recipe: What to do.
        corpora: What to learn from and to choose by.
        checkpoints: Folder to keep the state of the training in.
        say: Takes lines of progress.

    Returns:
        The trained network in evaluation mode, and the path of its tokenizer.

    Raises:
        EncoderError: If the pretrained encoder cannot be had.
        RecipeError: If the folder holds another training.
        ModelError: If the model to start from cannot be used.
    """
    _claim(recipe, corpora, checkpoints)
    network, tokenizer = _new_network(recipe)
    windows = WindowEncoder(tokenizer, recipe.window)

    def train(name: str, recipe: Recipe, items: Callable[[], Sequence[Item]]) -> None:
        best = BestMean(network, corpora.dev, tokenizer, recipe, checkpoints / name, say)
        if not best.finished():
            _train(recipe, network, items(), best)
        network.load_state_dict(best.weights())

    train("first-round", recipe, lambda: make_items(corpora.train, windows))
    distil = recipe.distil
    if distil is not None:
        say("judging sentences without labels")
        judge = live_judge(network, tokenizer, recipe.window, span_threshold=FOUND)
        again = replace(recipe, epochs=distil.epochs, learning_rate=distil.learning_rate)

        def taught() -> Sequence[Item]:
            examples, targets = distilled(recipe, distil, corpora, judge)
            return make_items(examples, windows, targets)

        train("second-round", again, taught)
    return network.eval(), tokenizer


def _train(recipe: Recipe, network: FramingNetwork, items: Sequence[Item], best: BestMean) -> None:
    checkpoint = _checkpoint(best.folder)
    if checkpoint is not None:
        best.resume(checkpoint)
    trainer = _FramingTrainer(
        recipe,
        model=network,
        args=_arguments(recipe, best.folder),
        train_dataset=_Items(items),
        data_collator=collate_items,
        callbacks=[best],
    )
    trainer.train(resume_from_checkpoint=None if checkpoint is None else str(checkpoint))
    # A training that was stopped while its last epoch was measured has no epoch left to end.
    best.measure(round(trainer.state.epoch or 0))
    best.finish()


def _new_network(recipe: Recipe) -> tuple[FramingNetwork, Path]:
    set_seed(recipe.seed)
    encoder, tokenizer = load_encoder(recipe.encoder)
    for module in encoder.modules():
        if isinstance(module, nn.Dropout):
            module.p = recipe.encoder_dropout
    network = FramingNetwork(encoder, recipe.dropout)
    if recipe.start is not None:
        load_weights(network, open_start(recipe.start))
    return network, tokenizer


def _arguments(recipe: Recipe, out: Path) -> TrainingArguments:
    return TrainingArguments(
        output_dir=str(out),
        num_train_epochs=recipe.epochs,
        per_device_train_batch_size=recipe.batch_size,
        learning_rate=recipe.learning_rate,
        warmup_steps=recipe.warmup,
        lr_scheduler_type="linear",
        max_grad_norm=1.0,
        save_strategy="steps",
        save_steps=SAVE_STEPS,
        save_total_limit=2,
        logging_steps=LOG_STEPS,
        seed=recipe.seed,
        data_seed=recipe.seed,
        remove_unused_columns=False,
        report_to=[],
        use_cpu=not torch.cuda.is_available(),
        dataloader_pin_memory=False,
    )


def _claim(recipe: Recipe, corpora: Corpora, checkpoints: Path) -> None:
    """Write down what is trained in a folder; another training's folder is an error."""
    checkpoints.mkdir(parents=True, exist_ok=True)
    content = json.dumps(
        {
            "recipe": settings_of(recipe),
            "encoder": encoder_hash(recipe.encoder),
            "examples": fingerprint(corpora.train),
            "dev_examples": fingerprint(corpora.dev),
            "unlabelled": fingerprint(corpora.unlabelled),
            "connote": version("connote"),
        },
        sort_keys=True,
    )
    state = checkpoints / _STATE
    partial = state.with_name(f"{_STATE}.partial")
    if not state.is_file() and any(path != partial for path in checkpoints.iterdir()):
        raise RecipeError(
            f"{checkpoints}: expected nothing or the state of a training, found other files; "
            "choose another --out"
        )
    if state.is_file() and state.read_text(encoding="utf-8") != content:
        raise RecipeError(
            f"{checkpoints} holds a training of another recipe or other data; "
            "remove it or choose another --out"
        )
    partial.write_text(content, encoding="utf-8")
    partial.replace(state)


def _checkpoint(folder: Path) -> Path | None:
    """The last whole checkpoint of a training."""
    whole = [path.parent for path in folder.glob(f"checkpoint-*/{MEAN_FILE}")]
    return max(whole, key=lambda p: int(p.name.rpartition("-")[2])) if whole else None
