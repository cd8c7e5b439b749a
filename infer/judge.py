"""What every model here takes and gives, so that everything behind it is the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..data.schema import Example
from .quotes import quotations_of_sentence

Offsets = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SentenceInput:
    """One sentence to judge.

    Attributes:
        text: The sentence.
        mentions: Offsets of the mentions in it.
        quoted: Offsets of what stands in quotation marks, by the whole document.
        search: Whether to look for further mentions; not every model can. Of a sentence longer
            than the model's window only the windows around its given mentions, or its
            beginning, are searched.
    """

    text: str
    mentions: tuple[Offsets, ...]
    quoted: tuple[Offsets, ...]
    search: bool = False


@dataclass(frozen=True, slots=True)
class SentenceOutput:
    """Calibrated probabilities for one sentence with K mentions, given ones before found ones.

    Attributes:
        framing: Shape (K, 4), classes in the order of ``FRAMINGS``.
        stance: Shape (K, 3), classes in the order of ``STANCES``.
        voice: Shape (K, 3), classes in the order of ``VOICES``.
        loaded: Probability that the sentence is loaded.
        loaded_words: Offsets of the words that load it.
        truncated: Whether only windows around the mentions were read.
        found: Offsets of the mentions that were found besides those given.
    """

    framing: NDArray[np.float32]
    stance: NDArray[np.float32]
    voice: NDArray[np.float32]
    loaded: float
    loaded_words: tuple[Offsets, ...] = ()
    truncated: bool = False
    found: tuple[Offsets, ...] = ()


class Judge(Protocol):
    """A trained model.

    Attributes:
        id: Name and hash of the model.
        device: What it runs on.
        thresholds: For ``framing``, ``stance``, ``voice`` and ``loaded`` the least
            probability of the winning class at which it is named; below, `uncertain`.
    """

    @property
    def id(self) -> str:
        """Name and hash of the model."""
        ...

    @property
    def device(self) -> str:
        """What it runs on."""
        ...

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Least probabilities for naming a class."""
        ...

    def judge(self, sentences: Sequence[SentenceInput]) -> list[SentenceOutput]:
        """Judge sentences; the order is kept and none depends on another."""
        ...


def softmax(logits: NDArray[Any]) -> NDArray[Any]:
    """Probabilities over the last axis, in the precision of the logits."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def as_input(example: Example) -> SentenceInput:
    """The sentence of a record with the quotations that can be seen in it."""
    return SentenceInput(
        text=example.text,
        mentions=tuple((m.start, m.end) for m in example.mentions),
        quoted=tuple(
            (q.start, q.end)
            for q in quotations_of_sentence(example.text, in_quote=example.in_quote)
            if q.depth == 0
        ),
    )
