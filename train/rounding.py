"""Rounding before an export to int8, so that a short tuning outlives it."""

from __future__ import annotations

import torch

from .network import FramingNetwork

LEVELS = 128
"""Steps from zero to the largest weight of a row, as the export has them."""


def round_by_chance(network: FramingNetwork, seed: int) -> None:
    """Move each weight to one of the two int8 values beside it, the nearer the likelier.

    Stochastic rounding (Gupta et al., ICML 2015). A network that starts from a trained folder
    starts on the values that int8 can take, and a short tuning moves most weights by less than
    half a step: rounded to the nearest value they would all go back, and what was learnt with
    them. By chance as many take the step as makes their sum right.

    Args:
        network: Its matrices are changed in place.
        seed: Of the draws.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in network.parameters():
            if weight.ndim < 2:
                continue
            step = weight.abs().amax(1, keepdim=True).clamp_min(1e-12) / LEVELS
            chance = torch.rand(weight.shape, generator=generator)
            weight.copy_(torch.floor(weight / step + chance).clamp(-LEVELS, LEVELS) * step)
