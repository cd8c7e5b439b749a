"""Losses over any mix of labels: what a corpus does not mark counts for nothing."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

from ..data.schema import MENTION_LABELS
from .features import IGNORED

HEAD_WEIGHTS = {
    "framing": 1.0,
    "stance": 1.0,
    "voice": 1.0,
    "loaded": 0.5,
    "loaded_word": 0.5,
    "span": 0.5,
}


def masked_loss(
    outputs: Mapping[str, Tensor],
    targets: Mapping[str, Tensor],
    weights: Mapping[str, float],
    smoothing: float,
) -> Tensor:
    """Weighted sum of the heads' mean losses, each over the labels that are marked.

    Args:
        outputs: The network's logits by the names of the heads.
        targets: ``target_…`` of `collate_items`.
        weights: A factor for each head.
        smoothing: Label smoothing of the mention heads.
    """
    total = outputs["loaded"].sum() * 0.0
    for head, logits in outputs.items():
        target = targets[f"target_{head}"]
        marked = target.sum(-1) > 0 if head in MENTION_LABELS else target != IGNORED
        if not bool(marked.any()):
            continue
        if head in MENTION_LABELS or head == "span":
            loss = functional.cross_entropy(
                logits[marked],
                target[marked],
                label_smoothing=smoothing if head in MENTION_LABELS else 0.0,
            )
        else:
            loss = functional.binary_cross_entropy_with_logits(
                logits[marked], target[marked].to(torch.float32)
            )
        total = total + weights[head] * loss
    return total
