"""What is measured: the share of a label, or how loaded sentences are."""

from __future__ import annotations

from dataclasses import dataclass

from ..data.checks import shorten
from ..data.errors import UsageError
from ..data.schema import MENTION_LABELS, VOICES

LOADED = "loaded"
_HEADS = {str(head): classes for head, classes in MENTION_LABELS.items()}


@dataclass(frozen=True, slots=True)
class Measure:
    """A share of mentions, or the mean loadedness of sentences.

    Attributes:
        head: ``framing``, ``stance``, ``voice`` or ``loaded``.
        value: The label whose share it is; empty for ``loaded``.
    """

    head: str
    value: str = ""

    @property
    def name(self) -> str:
        """As a user writes it."""
        return f"{self.head}={self.value}" if self.value else self.head

    @property
    def of_sentences(self) -> bool:
        """Whether its units are sentences; else they are mentions."""
        return self.head == LOADED

    @property
    def units(self) -> str:
        """What is counted."""
        return "sentences" if self.of_sentences else "mentions"

    def hard(self) -> str:
        """SQL: what a row adds to the numerator by the labels, the mean loadedness excepted."""
        return "p_loaded" if self.of_sentences else f"CAST({self.head} = '{self.value}' AS INT)"

    def soft(self) -> str:
        """SQL: the probability that a row is of the class."""
        return "p_loaded" if self.of_sentences else f"p_{self.head}_{self.value}"

    def words(self) -> str:
        """What is measured, as the beginning of a sentence."""
        if self.of_sentences:
            return "Mean probability that a sentence is loaded, over sentences"
        verbs = {
            "framing": f"whose label is {self.value}",
            "stance": f"towards whose referent the sentence is {self.value}",
            "voice": f"in the voice {self.value!r}",
        }
        return f"Share {verbs[self.head]}, of mentions"


def parse_measure(text: str) -> Measure:
    """Read a measure such as ``framing=delegitimizing`` or ``loaded``.

    Raises:
        UsageError: Naming the measures that there are.
    """
    head, equals, value = text.partition("=")
    if head == LOADED and not equals:
        return Measure(head)
    if head not in _HEADS or (head, value) == ("framing", "none") or value not in _HEADS[head]:
        allowed = [f"{h}={'|'.join(c for c in cs if c != 'none')}" for h, cs in _HEADS.items()]
        raise UsageError(
            f"measure: expected {', '.join(allowed)} or {LOADED}, found {shorten(text)}"
        )
    return Measure(head, value)


def voice_probability(voices: tuple[str, ...] | None) -> str:
    """SQL: the probability that a mention is in one of some voices."""
    if voices is None or len(voices) == len(VOICES):
        return "1"
    return "(" + " + ".join(f"p_voice_{voice}" for voice in voices) + ")"
