"""What scoring gives back: frozen dataclasses with offsets into the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

UNCERTAIN = "uncertain"
UNRESOLVED = "unresolved"
"""What stands for a speaker or a referent that the text leaves open."""
OUTLET = "outlet"
"""The kind of speaker of the outlet's own voice."""


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
class Speaker:
    """Whose words a quotation or report gives; offsets in the document.

    Attributes:
        text: The source in its fullest form up to there, as the text names it.
        start: Where that stands.
        end: Behind it.
        cited: What stands beside the words: "he", "the ministry", often `text` itself.
        cited_start: Where that stands.
        cited_end: Behind it.
        name: The one name for it, without titles, by the files of names.
        kind: One of `connote.data.speech.SPEAKER_KINDS`.
    """

    text: str
    start: int
    end: int
    cited: str
    cited_start: int
    cited_end: int
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class ScoredMention:
    """A judged mention; `start` and `end` are offsets in the document.

    `found_by` tells whether it was ``given``, or found by the ``lexicon`` or the ``model``.
    `referent` is the one name of whom or what it stands for, or ``unresolved``; it is none where
    there is nothing framed or nobody looked. `speaker` is none in the outlet's own voice and
    where the text leaves it open: `speaker_name` tells these apart.
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
    speaker: Speaker | None = None

    @property
    def speaker_name(self) -> str | None:
        """The name of who speaks: ``unresolved`` where open, none in the outlet's own voice.

        None too where there is no referent: nothing is framed, or nobody looked.
        """
        if self.referent is None or self.voice.raw == "own":
            return None
        return UNRESOLVED if self.speaker is None else self.speaker.name

    @property
    def speaker_kind(self) -> str | None:
        """The kind of who speaks, ``outlet`` in its own voice; none where it is open."""
        if self.referent is None:
            return None
        if self.voice.raw == "own":
            return OUTLET
        return None if self.speaker is None else self.speaker.kind

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
        loaded: Classes ``true`` and ``false``; none where the sentence was passed over.
        loaded_spans: Offsets in the document of the words that load it.
        flags: ``truncated``, ``quote-continued``, ``quote-unclosed``, ``boilerplate``,
            ``not-english``, ``no-label``.
        language: ISO 639 code of its paragraph.
        paragraph_cluster: Where its paragraph came first in the run, ``id#number``; none for
            short paragraphs, and where nobody compared.
    """

    index: int
    start: int
    end: int
    text: str
    mentions: tuple[ScoredMention, ...]
    loaded: Judgement | None
    loaded_spans: tuple[tuple[int, int], ...] = ()
    flags: tuple[str, ...] = ()
    language: str = "en"
    paragraph_cluster: str | None = None


@dataclass(frozen=True, slots=True)
class ScoredDocument:
    """A judged document; every offset in it refers to `text`.

    Attributes:
        id: Its identifier.
        text: Its text.
        sentences: In order, those too that were passed over.
        model: Name and hash of the model.
        copy_cluster: Id of the first document of the run with this text; its own where it is.
        agency: The news agency that it names as its source, if it does.
    """

    id: str
    text: str
    sentences: tuple[ScoredSentence, ...]
    model: str
    copy_cluster: str | None = None
    agency: str | None = None

    @property
    def mentions(self) -> tuple[ScoredMention, ...]:
        """All mentions of the document."""
        return tuple(mention for sentence in self.sentences for mention in sentence.mentions)
