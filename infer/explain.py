"""Which words a judgement rests on, by leaving each out in turn (occlusion)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..data.schema import Example, Mention
from .results import ScoredDocument, ScoredMention
from .scorer import Scorer

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
MASK = "…"
LEAST_DROP = 0.05
"""Smaller falls of a probability are noise and are not named."""
MAX_WORDS = 80
"""Words of a sentence that are tried; each costs one pass."""


@dataclass(frozen=True, slots=True)
class Influence:
    """How the winning framing's probability falls when a word is left out."""

    word: str
    drop: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A scored text, and for each of its mentions the words that matter most."""

    document: ScoredDocument
    influences: tuple[tuple[Influence, ...], ...]


def explain(scorer: Scorer, text: str, most: int = 3) -> Explanation:
    """Score a text and explain the framing of each mention.

    A word is replaced by an ellipsis and the sentence judged again (Li, Monroe and
    Jurafsky 2016, representation erasure). It tells what the model leans on, not why a
    reader would agree.

    Args:
        scorer: A scorer.
        text: A sentence, or a few.
        most: Words named for each mention; none where the framing rests on no single one.

    Raises:
        DocumentError: If the text holds NUL or cannot be encoded in UTF-8.
    """
    document = scorer.score(text)
    influences = []
    for sentence in document.sentences:
        for mention in sentence.mentions:
            influences.append(_influences(scorer, sentence.text, sentence.start, mention, most))
    return Explanation(document, tuple(influences))


def _influences(
    scorer: Scorer, text: str, shift: int, mention: ScoredMention, most: int
) -> tuple[Influence, ...]:
    start, end = mention.start - shift, mention.end - shift
    examples = [Example("whole", text, (Mention(start, end),))]
    words = list(_WORD.finditer(text))[:MAX_WORDS]
    for word in words:
        examples.append(_without(text, word.start(), word.end(), start, end))
    judged = [s.mentions[0].framing.probabilities for s in scorer.classify(examples)]
    label = mention.framing.raw
    drops = [
        Influence(word.group(), judged[0][label] - without[label])
        for word, without in zip(words, judged[1:], strict=True)
    ]
    enough = [influence for influence in drops if influence.drop >= LEAST_DROP]
    return tuple(sorted(enough, key=lambda i: -i.drop)[:most])


def _without(text: str, first: int, behind: int, start: int, end: int) -> Example:
    """The sentence with one word masked, and the mention where it is then."""
    masked = text[:first] + MASK + text[behind:]
    change = len(MASK) - (behind - first)
    if behind <= start:
        start, end = start + change, end + change
    elif first < end:
        end = max(end, behind) + change
    return Example(f"{first}", masked, (Mention(start, max(end, start + 1)),))
