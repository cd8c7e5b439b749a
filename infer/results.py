"""What scoring gives back: frozen dataclasses with offsets into the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One of the four judgements.

    Attributes:
        label: The winning class, or `uncertain` where its probability is below `threshold`.
        raw: The winning class, whatever its probability.
        probability: Of the winning class, calibrated.
        threshold: The model's least probability for naming a class.
        probabilities: Of every class.
    """

    label: str
    raw: str
    probability: float
    threshold: float
    probabilities: Mapping[str, float]

    @classmethod
    def decide(
        cls, classes: Sequence[str], probabilities: Sequence[float], threshold: float
    ) -> Judgement:
        """Name the winning class, if it is probable enough."""
        by_class = dict(zip(classes, map(float, probabilities), strict=True))
        raw = max(by_class, key=by_class.__getitem__)
        best = by_class[raw]
        label = raw if best >= threshold else UNCERTAIN
        return cls(label, raw, best, threshold, MappingProxyType(by_class))


@dataclass(frozen=True, slots=True)
class ScoredMention:
    """A judged mention; `start` and `end` are offsets in the document.

    `found_by` tells whether it was ``given``, or found by the ``lexicon`` or the ``model``.
    """

    start: int
    end: int
    text: str
    concept: str | None
    found_by: str
    framing: Judgement
    stance: Judgement
    voice: Judgement
    referent: str | None = None
    speaker: str | None = None

    @property
    def labels(self) -> dict[str, str | None]:
        """The three labels; one that frames nothing has no stance and no voice."""
        framed = self.framing.raw != "none"
        return {
            "framing": self.framing.label,
            "stance": self.stance.label if framed else None,
            "voice": self.voice.label if framed else None,
        }


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A judged sentence.

    Attributes:
        index: Number of the sentence in its document, from 0.
        start: Offset of its first character in the document.
        end: Offset behind its last character.
        text: The sentence.
        mentions: From left to right.
        loaded: Classes ``true`` and ``false``.
        loaded_spans: Offsets in the document of the words that load it.
        flags: ``truncated``, ``quote-unclosed``, ``boilerplate``.
    """

    index: int
    start: int
    end: int
    text: str
    mentions: tuple[ScoredMention, ...]
    loaded: Judgement
    loaded_spans: tuple[tuple[int, int], ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoredDocument:
    """A judged document; every offset in it refers to `text`."""

    id: str
    text: str
    sentences: tuple[ScoredSentence, ...]
    model: str

    @property
    def mentions(self) -> tuple[ScoredMention, ...]:
        """All mentions of the document."""
        return tuple(mention for sentence in self.sentences for mention in sentence.mentions)
