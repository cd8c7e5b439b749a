"""From examples to training batches, through the same windows as inference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..data.labels import is_label
from ..data.schema import MENTION_LABELS, Example, Label, Mention
from ..infer.encoding import Window, WindowEncoder, collate, collate_mentions
from ..infer.judge import as_input
from ..infer.runtime import SPAN_TAGS

IGNORED = -100
"""What a label is that a corpus does not mark: the losses pass over it."""
_OUTSIDE, _BEGIN, _INSIDE = range(len(SPAN_TAGS))


@dataclass(frozen=True, slots=True)
class Item:
    """One window with what it should be told as.

    Attributes:
        window: What is read.
        targets: For each label the probability of each class for each of the window's K
            mentions, shape (K, classes); a row of zeros where nothing is marked.
        loaded: 0, 1 or `IGNORED`.
        loaded_words: For each token 0, 1 or `IGNORED`.
        spans: For each token a number of `SPAN_TAGS` or `IGNORED`.
    """

    window: Window
    targets: dict[Label, NDArray[np.float32]]
    loaded: int
    loaded_words: tuple[int, ...]
    spans: tuple[int, ...]


Targets = Mapping[Label, NDArray[np.float32]]
"""For each label the probabilities of its classes for all mentions of an example."""


def make_items(
    examples: Sequence[Example],
    encoder: WindowEncoder,
    soft: Sequence[Targets] | None = None,
) -> list[Item]:
    """Windows of all examples with their labels.

    Args:
        examples: Labelled records.
        encoder: Cuts them into windows.
        soft: For each example what it should be told as, instead of its labels.
    """
    windows = encoder.encode([as_input(example) for example in examples])
    targets = map(marked_targets, examples) if soft is None else soft
    return [
        _item(example, of_mentions, window)
        for example, of_mentions, of_example in zip(examples, targets, windows, strict=True)
        for window in of_example
    ]


def marked_targets(example: Example) -> Targets:
    """The labels of an example as probabilities: 1 for what is marked, zeros where nothing is.

    Where several annotators' judgements make more than one stance probable, these probabilities
    (Peterson et al., ICCV 2019; Uma et al., JAIR 2021, on learning from disagreement).
    """
    targets: dict[Label, NDArray[np.float32]] = {}
    for name, classes in MENTION_LABELS.items():
        rows = np.zeros((len(example.mentions), len(classes)), np.float32)
        for row, mention in zip(rows, example.mentions, strict=True):
            label = getattr(mention, name)
            if label is not None:
                row[classes.index(label)] = 1
            if name == "stance" and label is not None and mention.stance_shares is not None:
                row[:] = mention.stance_shares
        targets[name] = rows
    return targets


def _item(example: Example, of_mentions: Targets, window: Window) -> Item:
    targets = {name: rows[list(window.mentions)] for name, rows in of_mentions.items()}
    # A window that is a cut from a longer sentence may lack what loads it.
    loaded = IGNORED if example.loaded is None or not window.whole else int(example.loaded)
    return Item(window, targets, loaded, _loaded_words(example, window), _spans(example, window))


def _loaded_words(example: Example, window: Window) -> tuple[int, ...]:
    spans = () if example.loaded is False else example.loaded_spans
    if spans is None:
        return (IGNORED,) * len(window.ids)
    return tuple(
        IGNORED if b <= a else int(any(a < end and b > start for start, end in spans))
        for a, b in window.offsets
    )


def _spans(example: Example, window: Window) -> tuple[int, ...]:
    """Which tokens labels stand on; nothing where no framing is marked.

    Whether a bare name is found is left open.
    """
    if not any(mention.framing for mention in example.mentions):
        return (IGNORED,) * len(window.ids)
    tags = [IGNORED if b <= a else _OUTSIDE for a, b in window.offsets]
    for mention in sorted(example.mentions, key=lambda m: m.start - m.end):
        if mention.framing == "none":
            continue
        label = is_label(example, mention)
        inside = [i for i, t in enumerate(tags) if t != IGNORED and _touches(mention, window, i)]
        for n, i in enumerate(inside):
            tags[i] = IGNORED if not label else _INSIDE if n else _BEGIN
    return tuple(tags)


def _touches(mention: Mention, window: Window, token: int) -> bool:
    start, end = window.offsets[token]
    return start < mention.end and end > mention.start


def collate_items(items: Sequence[dict[str, Any]]) -> dict[str, torch.Tensor]:
    """A batch of the network's inputs and, under ``target_…``, its labels.

    Args:
        items: With the key ``item``, as the trainer's data set gives them.
    """
    members: list[Item] = [entry["item"] for entry in items]
    length = max(len(item.window.ids) for item in members)
    places = [(row, span) for row, item in enumerate(members) for span in item.window.spans]
    arrays: dict[str, Any] = {
        **collate([item.window for item in members], length),
        **collate_mentions(places, length),
    }
    for name in MENTION_LABELS:
        arrays[f"target_{name}"] = np.concatenate([item.targets[name] for item in members])
    arrays["target_loaded"] = np.asarray([item.loaded for item in members], np.int64)
    arrays["target_loaded_word"] = _padded([item.loaded_words for item in members], length)
    arrays["target_span"] = _padded([item.spans for item in members], length)
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def _padded(rows: Sequence[Sequence[int]], length: int) -> NDArray[np.int64]:
    padded = np.full((len(rows), length), IGNORED, np.int64)
    for row, values in zip(padded, rows, strict=True):
        row[: len(values)] = values
    return padded
