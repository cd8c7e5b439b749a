"""Offsets of the tools that count as JavaScript does: in UTF-16 code units."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate

Span = tuple[int, int]


class CodeUnits:
    """Where the code units of a text stand among its characters.

    Args:
        text: Counted in code points here, as Python does.
    """

    def __init__(self, text: str) -> None:
        widths = (1 + (char > "\uffff") for char in text)
        self._starts = list(accumulate(widths, initial=0))

    @property
    def length(self) -> int:
        """Code units of the text."""
        return self._starts[-1]

    def code_point(self, unit: int) -> int | None:
        """The code point that begins at a code unit; ``None`` inside a pair and outside."""
        place = bisect_left(self._starts, unit)
        return place if place < len(self._starts) and self._starts[place] == unit else None


def trimmed(text: str, span: Span) -> Span:
    """A stretch of a text without the blanks at its ends; empty if it is nothing else."""
    start, end = span
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return start, max(start, start + len(words.strip()))


def cuts_word(text: str, span: Span) -> bool:
    """Whether a stretch begins or ends inside a word."""
    return any(
        0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()
        for place in span
    )
