"""Sentences that are nearly the same: Jaccard similarity of their word 4-grams."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

GRAM = 4
SIMILAR = 0.5
MOST_WORDS = 2000
"""Words of a text that are looked at: a bound on memory far above any sentence."""

_WORD = re.compile(r"\w+")
Gram = tuple[str, ...]


def word_grams(text: str) -> frozenset[Gram]:
    """The runs of four words of a text, in small letters; a shorter text is one run."""
    words = [match.group() for match in islice(_WORD.finditer(text.lower()), MOST_WORDS)]
    if len(words) < GRAM:
        return frozenset({tuple(words)}) if words else frozenset()
    return frozenset(tuple(words[i : i + GRAM]) for i in range(len(words) - GRAM + 1))


def near_duplicates(texts: Sequence[str], parts: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """Texts that are alike by more than one half to an earlier one of another part.

    Exact, and far from comparing all pairs: two sets so alike share one of the rarest
    runs of either (prefix filtering; Chaudhuri, Ganti and Kaushik, ICDE 2006), and texts
    of the same words are one.

    Args:
        texts: Sentences.
        parts: The part that each belongs to, such as its split.

    Yields:
        Positions of the earlier and the later text, and their similarity; each later text
        once.
    """
    grams = [word_grams(text) for text in texts]
    frequency = Counter(gram for found in set(grams) for gram in found)
    homes: dict[frozenset[Gram], dict[str, int]] = {}
    seen_with: defaultdict[Gram, list[frozenset[Gram]]] = defaultdict(list)
    for later, (found, part) in enumerate(zip(grams, parts, strict=True)):
        prefix = _prefix(found, frequency)
        alike = {found: None} if found in homes else {}
        alike |= dict.fromkeys(other for gram in prefix for other in seen_with[gram])
        for other in alike:
            earlier = next((i for home, i in homes[other].items() if home != part), None)
            if earlier is not None and (similarity := _jaccard(found, other)) > SIMILAR:
                yield earlier, later, similarity
                break
        if found not in homes:
            for gram in prefix:
                seen_with[gram].append(found)
        homes.setdefault(found, {}).setdefault(part, later)


def _prefix(found: frozenset[Gram], frequency: Counter[Gram]) -> list[Gram]:
    """The rarest runs: one of them is in every text that is alike by more than one half."""
    rarest_first = sorted(found, key=lambda gram: (frequency[gram], gram))
    return rarest_first[: len(found) - math.ceil(SIMILAR * len(found)) + 1]


def _jaccard(one: frozenset[Gram], other: frozenset[Gram]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0
