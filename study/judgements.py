"""What one annotator says of one item, whatever tool it was said in."""

from __future__ import annotations

from dataclasses import dataclass

from .offsets import Span


@dataclass(frozen=True, slots=True)
class Marked:
    """A mention as one annotator marked it; offsets in code points of the sentence."""

    start: int
    end: int
    framing: str | None = None
    stance: str | None = None
    voice: str | None = None
    referent: str | None = None
    speaker: str | None = None
    comment: str | None = None
    time: str | None = None

    @property
    def span(self) -> Span:
        """Its offsets."""
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that one annotator says of one item.

    Attributes:
        item: Of the sample.
        annotator: Who completed it.
        mentions: As marked; none is a judgement too.
        loaded: Of the sentence.
        loaded_spans: The loaded words.
        comment: Of the sentence.
        time: When, as the file writes it.
        seconds: How long it took, where the tool measures it.
    """

    item: str
    annotator: str
    mentions: tuple[Marked, ...] = ()
    loaded: bool | None = None
    loaded_spans: tuple[Span, ...] = ()
    comment: str | None = None
    time: str | None = None
    seconds: float | None = None
