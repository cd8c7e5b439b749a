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
    """Mentions with a word in common and another framing, in a hard negative and its partner.

    Args:
        examples: Records; those of one group, of which one has a `phenomenon` and the
            other has not, are partners.

    Returns:
        The mention in the hard negative, then the one in the partner. Pairs of one framing
        (a label used and the same label denied) are left out: a judge that goes by the
        word alone would get them right.
    """
    groups: defaultdict[str, list[Place]] = defaultdict(list)
    for i, example in enumerate(examples):
        if example.group is not None:
            places = [(i, k) for k, m in enumerate(example.mentions) if m.framing is not None]
            groups[example.group] += places
    return [pair for places in groups.values() for pair in _pairs(examples, places)]


def _pairs(examples: Sequence[Example], places: Sequence[Place]) -> Iterator[tuple[Place, Place]]:
    partners: defaultdict[str, list[Place]] = defaultdict(list)
    for place in places:
        if examples[place[0]].phenomenon is None:
            for word in _words(examples, place):
                partners[word].append(place)
    for place in places:
        if examples[place[0]].phenomenon is not None:
            found = {p for word in _words(examples, place) for p in partners[word]}
            for partner in sorted(found):
                if _framing(examples, partner) != _framing(examples, place):
                    yield place, partner


def _words(examples: Sequence[Example], place: Place) -> frozenset[str]:
    example = examples[place[0]]
    return lemmas(expression(example, example.mentions[place[1]]))


def _framing(examples: Sequence[Example], place: Place) -> str | None:
    return examples[place[0]].mentions[place[1]].framing


def both_right(
    examples: Sequence[Example], outputs: Sequence[SentenceOutput]
) -> tuple[int, float | None]:
    """How often the framing of both mentions of a matched pair is right.

    Returns:
        The number of pairs, and the share; ``None`` where there is no pair.
    """
    hits = [right for _, right in pairs_right(examples, outputs)]
    return len(hits), sum(hits) / len(hits) if hits else None


def pairs_right(
    examples: Sequence[Example], outputs: Sequence[SentenceOutput]
) -> list[tuple[tuple[Place, Place], bool]]:
    """The matched pairs, and whether the framing of both mentions is right."""

    def right(place: Place) -> bool:
        i, k = place
        return FRAMINGS[int(outputs[i].framing[k].argmax())] == _framing(examples, place)

    return [(pair, all(map(right, pair))) for pair in matched_pairs(examples)]
