"""Matched pairs: one word, once a true label and once something else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ..data.labels import expression, lemmas
from ..data.schema import FRAMINGS, Example
from ..infer.judge import SentenceOutput

Place = tuple[int, int]
"""A mention: position of its sentence, and of the mention in it."""


def matched_pairs(examples: Sequence[Example]) -> list[tuple[Place, Place]]:
    """Mentions with a word in common in a hard negative and in its partner.

    Args:
        examples: Records; those of one group, of which one has a `phenomenon` and the
            other has not, are partners.

    Returns:
        The mention in the hard negative, then the one in the partner.
    """
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for i, example in enumerate(examples):
        if example.group is not None:
            groups[example.group].append(i)
    return [
        (hard, partner)
        for members in groups.values()
        for i in members
        for j in members
        if examples[i].phenomenon is not None and examples[j].phenomenon is None
        for hard, partner in _with_one_word(examples, i, j)
    ]


def _with_one_word(examples: Sequence[Example], i: int, j: int) -> Iterator[tuple[Place, Place]]:
    for k, mention in enumerate(examples[i].mentions):
        words = lemmas(expression(examples[i], mention))
        for m, other in enumerate(examples[j].mentions):
            if words & lemmas(expression(examples[j], other)):
                yield (i, k), (j, m)


def both_right(
    examples: Sequence[Example], outputs: Sequence[SentenceOutput]
) -> tuple[int, float | None]:
    """How often the framing of both mentions of a matched pair is right.

    Returns:
        The number of pairs, and the share; ``None`` where there is no pair.
    """
    pairs = matched_pairs(examples)

    def right(place: Place) -> bool:
        i, k = place
        return FRAMINGS[int(outputs[i].framing[k].argmax())] == examples[i].mentions[k].framing

    hits = [right(hard) and right(partner) for hard, partner in pairs]
    return len(pairs), sum(hits) / len(hits) if hits else None
