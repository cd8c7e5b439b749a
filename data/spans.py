"""Where words that a corpus only names stand in its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable

Span = tuple[int, int]

# One character for one, so that offsets stay those of the text.
_PLAIN = str.maketrans("‘’‚‛“”„‟\u2010\u2011", "''''\"\"\"\"--")


def find_words(text: str, words: Iterable[str]) -> tuple[Span, ...]:
    """Everywhere that words or phrases stand in a text as whole words.

    Case, straight or curly quotation marks and the kind of blank make no difference. A word
    that does not stand in the text is passed over.

    Args:
        text: A sentence.
        words: What to look for.

    Returns:
        Offsets in code points, end exclusive, ascending; overlapping ones are one span.
    """
    plain = text.translate(_PLAIN)
    patterns = (
        r"\s+".join(map(re.escape, w.translate(_PLAIN).split())) for w in dict.fromkeys(words)
    )
    return merge_spans(
        match.span()
        for pattern in patterns
        if pattern
        for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", plain, re.IGNORECASE)
    )


def place_phrase(text: str, phrase: str, near: int | None) -> Span | None:
    """Where a phrase stands whose offset may be slightly wrong.

    Args:
        text: A sentence.
        phrase: A part of it; straight or curly quotation marks make no difference.
        near: Where it is said to start. Where nothing is said, the phrase has to stand in
            the text only once.

    Returns:
        Its offsets in code points, end exclusive, at the occurrence nearest to `near`; or
        ``None`` where that cannot be told.
    """
    plain, sought = text.translate(_PLAIN), phrase.translate(_PLAIN).strip()
    if not sought:
        return None
    if near is None:
        starts = {plain.find(sought), plain.rfind(sought)}
        start = starts.pop() if len(starts) == 1 else -1
    else:
        found = (plain.rfind(sought, 0, near + len(sought)), plain.find(sought, near))
        start = min((s for s in found if s >= 0), key=lambda s: abs(s - near), default=-1)
    return None if start < 0 else (start, start + len(sought))


def merge_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in ascending order, those that overlap made one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)
