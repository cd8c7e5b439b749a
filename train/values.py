"""Values of a recipe, checked one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..data.checks import shorten
from ..data.errors import ConnoteError
from ..data.schema import HEADS


class RecipeError(ConnoteError):
    """A recipe cannot be used; the message names file, field, found and allowed."""


_RANGES = {
    "dev_share": (0, 0.5),
    "temperature": (1, 100),
    "patience": (1, 1_000),
    "labelled": (0, 1),
    "encoder_dropout": (0, 0.99),
    "seed": (0, 2**32 - 1),
    "window": (8, 512),
    "epochs": (1, 1_000),
    "batch_size": (1, 4_096),
    "learning_rate": (1e-9, 1),
    "layer_decay": (0.01, 1),
    "warmup": (0, 0.99),
    "weight_decay": (0, 1),
    "weight_average": (0, 0.99999),
    "label_smoothing": (0, 0.99),
    "dropout": (0, 0.99),
    "quoted_copies": (0, 1),
    "regularization": (1e-6, 1e6),
}


def number(file: Path, where: str, value: Any, *, whole: bool) -> Any:
    """A number in its range; `where` names the field, its last part the range."""
    wanted = int if whole else (int, float)
    low, high = _RANGES.get(where.rpartition(".")[2], (0, 1e9))
    if isinstance(value, bool) or not isinstance(value, wanted) or not low <= value <= high:
        kind = "a whole number" if whole else "a number"
        raise RecipeError(
            f"{file}: {where}: expected {kind} from {low:g} to {high:g}, found {shorten(value)} "
            "(YAML reads 1e-4 as text: write 1.0e-4)"
        )
    return value if whole else float(value)


def string(file: Path, where: str, value: Any) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value:
        raise RecipeError(f"{file}: {where}: expected text, found {shorten(value)}")
    return value


def array(file: Path, where: str, value: Any) -> list[Any]:
    """A list."""
    if not isinstance(value, list):
        raise RecipeError(f"{file}: {where}: expected a list, found {shorten(value)}")
    return value


def head_weights(file: Path, where: str, value: Any) -> dict[str, float]:
    """Factors of heads."""
    heads = (*HEADS, "loaded_word", "span")
    if not isinstance(value, dict) or not set(value) <= set(heads):
        raise RecipeError(f"{file}: {where}: found {shorten(value)}; allowed: {heads}")
    return {k: number(file, f"{where}.{k}", v, whole=False) for k, v in value.items()}
