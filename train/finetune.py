"""Fine-tuning of the network with transformers' Trainer, resumable."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import Dataset
from transformers import Trainer, TrainingArguments, set_seed

from ..data.schema import Example
from ..infer.encoder import INPUTS
from ..infer.encoding import WindowEncoder
from .corpora import fingerprint
from .features import Item, collate_items, make_items
from .losses import HEAD_WEIGHTS, masked_loss
from .network import FramingNetwork
from .pretrained import load_encoder
from .recipe import Recipe, RecipeError

_STATE = "recipe.json"
SAVE_STEPS = 200
LOG_STEPS = 50
SENTENCES_PER_SECOND = 35
"""Seen on two cores with all-MiniLM-L6-v2; used to announce how long a training takes."""


class _Items(Dataset[dict[str, Any]]):
    """What the trainer draws from; ``input_ids`` lets it group by length."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, i: int) -> dict[str, Any]:
        return {"item": self._items[i], "input_ids": self._items[i].window.ids}


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
        outputs = model(**{name: inputs[name] for name in INPUTS})
        loss = masked_loss(outputs, inputs, self._weights, self._recipe.label_smoothing)
        return (loss, outputs) if return_outputs else loss

    def create_optimizer(self, model: Any = None) -> torch.optim.Optimizer:
        if self.optimizer is None:
            assert isinstance(self.model, FramingNetwork)  # noqa: S101 - what finetune passed
            groups = parameter_groups(self.model, self._recipe)
            self.optimizer = torch.optim.AdamW(groups, lr=self._recipe.learning_rate)
        return self.optimizer


def parameter_groups(network: FramingNetwork, recipe: Recipe) -> list[dict[str, Any]]:
    """Parameters with their rates: each layer learns slower than the one above it.

    Howard and Ruder (ACL 2018) call it discriminative fine-tuning. Biases and layer norms
    are not decayed.
    """
    layers = network.encoder.config.num_hidden_layers
    groups: dict[tuple[float, float], list[Any]] = {}
    for name, parameter in network.named_parameters():
        depth = 0
        if name.startswith("encoder."):
            parts = name.split(".")
            inside = "layer" in parts
            depth = layers - int(parts[parts.index("layer") + 1]) if inside else layers + 1
        rate = recipe.learning_rate * recipe.layer_decay**depth
        decay = 0.0 if parameter.ndim < 2 else recipe.weight_decay
        groups.setdefault((rate, decay), []).append(parameter)
    return [{"params": p, "lr": lr, "weight_decay": d} for (lr, d), p in groups.items()]


def finetune(
    recipe: Recipe, examples: Sequence[Example], checkpoints: Path
) -> tuple[FramingNetwork, Path]:
    """Train the network; an interrupted training of the same recipe goes on.

    Args:
        recipe: What to do.
        examples: What to learn from.
        checkpoints: Folder to keep them in.

    Returns:
        The trained network in evaluation mode, and the path of its tokenizer.

    Raises:
        EncoderError: If the pretrained encoder cannot be had.
    """
    set_seed(recipe.seed)
    encoder, tokenizer = load_encoder(recipe.encoder)
    network = FramingNetwork(encoder, recipe.dropout)
    items = make_items(examples, WindowEncoder(tokenizer, recipe.window))
    resume = _checkpoint(recipe, examples, checkpoints)
    trainer = _FramingTrainer(
        recipe,
        model=network,
        args=_arguments(recipe, checkpoints),
        train_dataset=_Items(items),
        data_collator=collate_items,
    )
    trainer.train(resume_from_checkpoint=resume)
    return network.eval(), tokenizer


def _arguments(recipe: Recipe, out: Path) -> TrainingArguments:
    return TrainingArguments(
        output_dir=str(out),
        num_train_epochs=recipe.epochs,
        per_device_train_batch_size=recipe.batch_size,
        learning_rate=recipe.learning_rate,
        warmup_steps=recipe.warmup,
        lr_scheduler_type="linear",
        max_grad_norm=1.0,
        train_sampling_strategy="group_by_length",
        save_strategy="steps",
        save_steps=SAVE_STEPS,
        save_total_limit=1,
        logging_steps=LOG_STEPS,
        seed=recipe.seed,
        data_seed=recipe.seed,
        remove_unused_columns=False,
        report_to=[],
        use_cpu=not torch.cuda.is_available(),
        dataloader_pin_memory=False,
    )


def _checkpoint(recipe: Recipe, examples: Sequence[Example], checkpoints: Path) -> str | None:
    """The last whole checkpoint of the same training; another training's are an error."""
    checkpoints.mkdir(parents=True, exist_ok=True)
    content = json.dumps(
        {**asdict(recipe), "examples": fingerprint(examples), "connote": version("connote")},
        default=str,
        sort_keys=True,
    )
    state = checkpoints / _STATE
    if state.is_file() and state.read_text(encoding="utf-8") != content:
        raise RecipeError(
            f"{checkpoints} holds a training of another recipe or other data; "
            "remove it or choose another --out"
        )
    state.write_text(content, encoding="utf-8")
    # The trainer writes this file last: without it the checkpoint was cut off.
    whole = [p.parent for p in checkpoints.glob("checkpoint-*/trainer_state.json")]
    return str(max(whole, key=lambda p: int(p.name.rpartition("-")[2]))) if whole else None
