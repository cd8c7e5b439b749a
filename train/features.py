"""From examples to training batches, through the same windows as inference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ..data.schema import MENTION_LABELS, Example, Label
from ..infer.encoding import Window, WindowEncoder, collate
from ..infer.judge import as_input

IGNORED = -100
"""What a label is that a corpus does not mark: the losses pass over it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One window with its labels as class numbers."""

    window: Window
    labels: dict[Label, tuple[int, ...]]
    loaded: int
    loaded_words: tuple[int, ...]


def make_items(examples: Sequence[Example], encoder: WindowEncoder) -> list[Item]:
    """Windows of all examples with their labels."""
    windows = encoder.encode([as_input(example) for example in examples])
    return [
        _item(example, window)
        for example, of_example in zip(examples, windows, strict=True)
        for window in of_example
    ]


def _item(example: Example, window: Window) -> Item:
    labels: dict[Label, tuple[int, ...]] = {}
    for name, classes in MENTION_LABELS.items():
        values = [getattr(example.mentions[i], name) for i in window.mentions]
        labels[name] = tuple(IGNORED if v is None else classes.index(v) for v in values)
    # A window that is a cut from a longer sentence may lack what loads it.
    loaded = IGNORED if example.loaded is None or not window.whole else int(example.loaded)
    return Item(window, labels, loaded, _loaded_words(example, window))


def _loaded_words(example: Example, window: Window) -> tuple[int, ...]:
    spans = () if example.loaded is False else example.loaded_spans
    if spans is None:
        return (IGNORED,) * len(window.ids)
    return tuple(
        IGNORED if b <= a else int(any(a < end and b > start for start, end in spans))
        for a, b in window.offsets
    )


def collate_items(items: Sequence[dict[str, Any]]) -> dict[str, torch.Tensor]:
    """A batch of the network's inputs and, under ``target_…``, its labels.

    Args:
        items: With the key ``item``, as the trainer's data set gives them.
    """
    members: list[Item] = [entry["item"] for entry in items]
    length = max(len(item.window.ids) for item in members)
    arrays: dict[str, Any] = dict(collate([item.window for item in members], length))
    for name in MENTION_LABELS:
        flat = [value for item in members for value in item.labels[name]]
        arrays[f"target_{name}"] = np.asarray(flat, np.int64)
    arrays["target_loaded"] = np.asarray([item.loaded for item in members], np.int64)
    words = np.full((len(members), length), IGNORED, np.int64)
    for row, item in enumerate(members):
        words[row, : len(item.loaded_words)] = item.loaded_words
    arrays["target_loaded_word"] = words
    return {name: torch.from_numpy(array) for name, array in arrays.items()}
