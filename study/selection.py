"""Which mentions and sentences a figure is about, in SQL and in words."""

from __future__ import annotations

from dataclasses import dataclass

from ..data.checks import shorten
from ..data.errors import UsageError
from ..data.schema import VOICES
from .scores import quoted

REPORTED = "reported"
"""A voice: attributed and quoted together, what an outlet does not say itself."""
VOICE_CHOICES = {**{voice: (voice,) for voice in VOICES}, REPORTED: ("attributed", "quoted")}
"""For each choice of voice the voices that it takes."""
COPIES = ("counted", "left-out", "apart")
_IN_WORDS = {
    "own": "in the outlet's own voice",
    "attributed": "attributed to a source without quotation marks",
    "quoted": "in quotation marks",
    REPORTED: "attributed to a source or quoted",
}

Condition = tuple[str, list[object]]
"""SQL with ``?`` for values, and the values."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What to count.

    Attributes:
        referent: Only mentions of this referent, in small or capital letters.
        concept: Only mentions of this concept of the lexicon.
        speaker: Only what this speaker says, by the column ``speaker_name``.
        voice: ``own``, ``attributed``, ``quoted``, or ``reported`` for the last two.
        copies: Text that stood in an earlier document is ``counted``, ``left-out`` or told
            ``apart``, in groups of its own.
        where: Columns and the value that they must have.

    Raises:
        UsageError: If a voice or what to do with copies is none of these.
    """

    referent: str | None = None
    concept: str | None = None
    speaker: str | None = None
    voice: str | None = None
    copies: str = "counted"
    where: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        _one_of("voice", self.voice, (None, *VOICE_CHOICES))
        _one_of("copies", self.copies, COPIES)
        for name in ("referent", "concept", "speaker"):
            if getattr(self, name) == "":
                raise UsageError(f"{name}: expected a name, found ''; leave it out to count all")

    @property
    def voices(self) -> tuple[str, ...] | None:
        """The voices that count; all without one."""
        return None if self.voice is None else VOICE_CHOICES[self.voice]

    @property
    def of_mentions(self) -> bool:
        """Whether it is about some mentions only, whatever their document."""
        return any((self.referent, self.concept, self.speaker, self.voice))

    def condition(self, *, voice: bool = True) -> Condition:
        """What a row of ``mentions`` must fulfil.

        Args:
            voice: Whether the voice is part of it.
        """
        sql, values = self.documents()
        parts: list[str] = [sql]
        for column, value in (
            ("referent", self.referent),
            ("concept", self.concept),
            ("speaker_name", self.speaker),
        ):
            if value is not None:
                parts.append(f"lower({column}) = lower(?)")
                values.append(value)
        if voice and self.voices is not None:
            parts.append(f"voice IN ({', '.join('?' * len(self.voices))})")
            values.extend(self.voices)
        return " AND ".join(parts), values

    def documents(self) -> Condition:
        """What a row of ``sentences`` must fulfil: the part that is known of every sentence."""
        parts = ["true"] if self.copies != "left-out" else ["NOT copy"]
        values: list[object] = []
        for column, value in self.where:
            parts.append(f"CAST({quoted(column)} AS VARCHAR) = ?")
            values.append(value)
        return " AND ".join(parts), values

    def words(self) -> str:
        """The selection as part of a sentence: behind "mentions"."""
        found = [] if self.referent is None else [f"of {self.referent}"]
        found += [] if self.concept is None else [f"of the concept {self.concept}"]
        found += [] if self.voice is None else [_IN_WORDS[self.voice]]
        found += [] if self.speaker is None else [f"in the words of {self.speaker}"]
        return " ".join([*found, *self.words_of_documents()])

    def words_of_documents(self) -> list[str]:
        """The part of the words that is about documents."""
        found = [f"where {column} is {value}" for column, value in self.where]
        return (
            found
            + {
                "counted": ["(syndicated copy counted)"],
                "left-out": ["(syndicated copy left out)"],
                "apart": ["(syndicated copy apart)"],
            }[self.copies]
        )


def _one_of(name: str, value: str | None, allowed: tuple[str | None, ...]) -> None:
    if value not in allowed:
        choices = ", ".join(choice for choice in allowed if choice is not None)
        raise UsageError(f"{name}: expected one of {choices}, found {shorten(value)}")
