"""Sentences that are nearly the same: Jaccard similarity of their word 4-grams."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

GRAM = 4
SIMILAR = 0.5

_WORD = re.compile(r"\w+")
Gram = tuple[str, ...]


def word_grams(text: str) -> frozenset[Gram]:
    """The runs of four words of a text, in small letters; a shorter text is one run."""
    words = _WORD.findall(text.lower())
    if len(words) < GRAM:
        return frozenset({tuple(words)}) if words else frozenset()
    return frozenset(tuple(words[i : i + GRAM]) for i in range(len(words) - GRAM + 1))


def near_duplicates(texts: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """Pairs of texts whose similarity is over one half.

    Exact, and far from comparing all pairs: two sets so alike share one of the rarest
    runs of either (prefix filtering; Chaudhuri, Ganti and Kaushik, ICDE 2006).

    Yields:
        Positions of the earlier and the later text, and their Jaccard similarity.
    """
    grams = [word_grams(text) for text in texts]
    frequency = Counter(gram for found in grams for gram in found)
    seen_with: defaultdict[Gram, list[int]] = defaultdict(list)
    for later, found in enumerate(grams):
        rarest_first = sorted(found, key=lambda gram: (frequency[gram], gram))
        prefix = rarest_first[: len(found) - math.ceil(SIMILAR * len(found)) + 1]
        for earlier in sorted({i for gram in prefix for i in seen_with[gram]}):
            other = grams[earlier]
            shared = len(found & other)
            similarity = shared / (len(found) + len(other) - shared)
            if similarity > SIMILAR:
                yield earlier, later, similarity
        for gram in prefix:
            seen_with[gram].append(later)
