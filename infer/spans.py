"""From what is said of tokens to stretches of the sentence: loaded words, new mentions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from .encoding import Window
from .judge import Offsets
from .quotes import MARK, quotations_of_sentence

LONGEST = 12
"""Most words of a mention that is found; what is longer is no label but a clause."""
_GENITIVE = re.compile(r"s(?:\s+|$)")
_HYPHENATED_AFTER = re.compile(r"(?:-\w+)+")
_FUNCTION = re.compile(r"(?:the|an?|this|that|these|those|and|or|of|to|in|for|by|s)", re.IGNORECASE)


def loaded_words(text: str, window: Window, marked: NDArray[np.bool_]) -> list[Offsets]:
    """Words of which a token is marked, neighbours joined.

    Args:
        text: The sentence.
        window: What was read of it.
        marked: Shape (T,), for each token.
    """
    joined: list[Offsets] = []
    for start, end in _whole_words(text, window, marked):
        if joined and (start <= joined[-1][1] or text[joined[-1][1] : start] in (" ", "-")):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def find_mentions(
    text: str, window: Window, tags: NDArray[np.float32], threshold: float
) -> list[Offsets]:
    """Stretches that the span head takes for mentions.

    A token belongs to one if its probability of not standing outside reaches the
    threshold; a new one begins where beginning is more probable than going on. Marks at
    the ends of a mention, quotation marks around it among them, are left out; hyphenated
    words belong to it whole; function words alone are none.

    Args:
        text: The sentence.
        window: What was read of it.
        tags: Shape (T, 3), the probabilities of `SPAN_TAGS`.
        threshold: Least probability.
    """
    inside = 1 - tags[:, 0] >= threshold
    begins = tags[:, 1] > tags[:, 2]
    found: list[Offsets] = []
    behind_last = 0
    for start, end, i in _words(text, window, inside):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif found and i == behind_last and not begins[i]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
        behind_last = i + 1
    whole = [_whole_compounds(text, *_trimmed(text, *span)) for span in found]
    names = [(a, b) for a, b in whole if a < b and not _FUNCTION.fullmatch(text, a, b)]
    return [(a, b) for a, b in without_overlaps(names, ()) if len(text[a:b].split()) <= LONGEST]


def _whole_compounds(text: str, start: int, end: int) -> Offsets:
    """A stretch with all of its hyphenated words, without the ``s`` of a name before it."""
    if start and text[start - 1] in "'’" and (genitive := _GENITIVE.match(text, start, end)):
        start = genitive.end()
    after = _HYPHENATED_AFTER.match(text, end)
    while start > 1 and text[start - 1] == "-" and text[start - 2].isalnum():
        start -= 2
        while start and text[start - 1].isalnum():
            start -= 1
    return start, after.end() if after else end


def _trimmed(text: str, start: int, end: int) -> Offsets:
    """A stretch without the marks around it; empty if it has no letter or digit.

    Quotation marks around a part of it alone stay: ``so-called “experts”``.
    """
    inner = text[start:end]
    letters = [i for i, char in enumerate(inner) if char.isalnum()]
    if not letters:
        return start, start
    first, behind = low, high = letters[0], letters[-1] + 1
    for quoted in quotations_of_sentence(inner):
        around_all = quoted.start < first and quoted.end > behind
        if quoted.closed and MARK.match(inner, quoted.start) and not around_all:
            low, high = min(low, quoted.start), max(high, quoted.end)
    return start + low, start + high


def without_overlaps(found: Iterable[Offsets], taken: Sequence[Offsets]) -> list[Offsets]:
    """Those of the stretches that touch none that is taken, nor an earlier one of their own."""
    kept: list[Offsets] = []
    for start, end in sorted(found):
        if all(end <= a or start >= b for a, b in (*taken, *kept)):
            kept.append((start, end))
    return kept


def _whole_words(text: str, window: Window, marked: NDArray[np.bool_]) -> Iterable[Offsets]:
    return ((start, end) for start, end, _ in _words(text, window, marked))


def _words(text: str, window: Window, marked: NDArray[np.bool_]) -> Iterable[tuple[int, int, int]]:
    """The marked tokens widened to their words, with the token's number."""
    chosen = np.flatnonzero(marked).tolist()
    if not chosen:
        return
    low, high = window.offsets[1][0], max(end for _, end in window.offsets)
    for i in chosen:
        start, end = window.offsets[i]
        if end <= start:
            continue
        while start > low and text[start - 1].isalnum() and text[start].isalnum():
            start -= 1
        while end < high and text[end].isalnum() and text[end - 1].isalnum():
            end += 1
        yield start, end, i
