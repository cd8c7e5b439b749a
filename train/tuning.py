"""A short fine-tuning of a trained network on few sentences: fixed passes, nothing chosen.

To choose an epoch by sentences is to learn from them, so what is kept out chooses nothing here.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR
from transformers import set_seed

from ..data.checks import shorten
from ..data.schema import MENTION_LABELS, Example, Mention
from ..infer.encoding import WindowEncoder
from ..infer.folder import ModelFolder
from .features import Item, collate_items, make_items
from .finetune import parameter_groups
from .losses import HEAD_WEIGHTS, masked_loss
from .network import NETWORK_INPUTS, FramingNetwork
from .order import ByLength
from .pretrained import load_encoder
from .recipe import Recipe
from .values import RecipeError
from .warm import load_weights

GUARDED = 0.25
"""Sentences of connote's own corpus beside each annotated one, where labels are not annotated."""
_MOST_NORM = 1.0


def tuning_recipe(start: ModelFolder, name: str) -> Recipe:
    """How a trained model is tuned: its own encoder and window, few passes.

    Args:
        start: The model to begin with.
        name: Of the model that comes out.

    Raises:
        RecipeError: If it is no encoder, or its config does not tell which.
    """
    if start.kind != "encoder":
        raise RecipeError(
            f"{start.path}: expected a trained encoder to start from, found kind {start.kind}; "
            "name another model, or shipped"
        )
    settings = start.config.get("recipe")
    encoder = settings.get("encoder") if isinstance(settings, dict) else None
    if not isinstance(encoder, str) or not encoder:
        raise RecipeError(
            f"{start.path}: config.json: recipe.encoder: expected a name, found {shorten(encoder)}"
            "; start from a model that connote train made"
        )
    return Recipe(
        name=name,
        kind="encoder",
        train=(),
        encoder=encoder,
        start=str(start.path),
        window=start.config["window"],
        epochs=5,
        batch_size=16,
        learning_rate=1e-4,
        quoted_copies=0.0,
    )


def warm_network(recipe: Recipe, start: ModelFolder) -> tuple[FramingNetwork, Path]:
    """The network of a trained model, and the path of its tokenizer.

    Args:
        recipe: As `tuning_recipe` gives it.
        start: The model.

    Raises:
        EncoderError: If the pretrained encoder, whose shape is needed, cannot be had.
        RecipeError: If the model's weights cannot be read.
    """
    encoder, tokenizer = load_encoder(recipe.encoder)
    for module in encoder.modules():
        if isinstance(module, nn.Dropout):
            module.p = recipe.encoder_dropout
    network = FramingNetwork(encoder, recipe.dropout)
    load_weights(network, start)
    return network.eval(), tokenizer


def with_heads(examples: Sequence[Example], heads: Set[str]) -> list[Example]:
    """The same records with nothing marked but some of the four labels.

    Args:
        examples: Labelled records.
        heads: The labels that stay.
    """
    gone: dict[str, None] = {head: None for head in MENTION_LABELS if head not in heads}
    if "stance" in gone:
        gone["stance_shares"] = None

    def kept(mention: Mention) -> Mention:
        return replace(mention, **gone)  # type: ignore[arg-type]

    stripped = [replace(e, mentions=tuple(map(kept, e.mentions))) for e in examples]
    if "loaded" in heads:
        return stripped
    return [replace(e, loaded=None, loaded_spans=None) for e in stripped]


def tune(
    network: FramingNetwork,
    recipe: Recipe,
    own: Sequence[Example],
    guard: Sequence[Example],
    windows: WindowEncoder,
) -> None:
    """Train a network in place and leave it with the running mean of its weights.

    Args:
        network: Begins as it is.
        recipe: Passes, rates and seed.
        own: What is learnt.
        guard: What is not to be forgotten: from these `GUARDED` of the size of `own` are drawn
            for each pass.
        windows: Cuts sentences as inference does.
    """
    set_seed(recipe.seed)
    learnt, others = make_items(own, windows), make_items(guard, windows)
    size = min(len(others), round(GUARDED * len(learnt)))
    steps = recipe.epochs * -(-(len(learnt) + size) // recipe.batch_size)
    optimizer = torch.optim.AdamW(
        parameter_groups(network, recipe), lr=recipe.learning_rate, fused=True
    )
    schedule = LambdaLR(optimizer, _rises_and_falls(max(1, round(recipe.warmup * steps)), steps))
    mean = copy.deepcopy(network)
    network.train()
    for step, batch in enumerate(_batches(recipe, learnt, others, size), 1):
        arrays = collate_items([{"item": item} for item in batch])
        outputs = network(**{name: arrays[name] for name in NETWORK_INPUTS})
        optimizer.zero_grad()
        loss = masked_loss(outputs, arrays, HEAD_WEIGHTS, recipe.label_smoothing)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), _MOST_NORM)
        optimizer.step()
        schedule.step()
        decay = min(recipe.weight_average, (1 + step) / (10 + step))
        with torch.no_grad():
            torch._foreach_lerp_(list(mean.parameters()), list(network.parameters()), 1 - decay)
    network.load_state_dict(mean.state_dict())
    network.eval()


def _rises_and_falls(warm: int, steps: int) -> Callable[[int], float]:
    """The factor of the rate: up in the first steps, then down to nothing."""
    return lambda step: min((step + 1) / warm, (steps - step) / max(1, steps - warm), 1.0)


def _batches(
    recipe: Recipe, learnt: Sequence[Item], others: Sequence[Item], size: int
) -> Iterator[list[Item]]:
    draw = random.Random(recipe.seed)  # noqa: S311 - a sample, not a secret
    for epoch in range(recipe.epochs):
        items = [*learnt, *draw.sample(others, size)]
        order = ByLength([len(i.window.ids) for i in items], recipe.batch_size, recipe.seed)
        order.set_epoch(epoch)
        places = list(order)
        for begin in range(0, len(places), recipe.batch_size):
            yield [items[i] for i in places[begin : begin + recipe.batch_size]]
