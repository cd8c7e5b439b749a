"""What annotators say how often, and what one says where another says something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from ..data.schema import CLASSES, HEADS, Example
from .agreement_units import LABELS, MARKED, NOT_MARKED, Answers, Unit, annotators_of

EVERYBODY = "everybody"
"""Stands for all pairs of annotators together."""
Row = dict[str, Any]


def shares_of(
    examples: Sequence[Example], who: Sequence[str], units: Mapping[str, Sequence[Unit]]
) -> Iterator[Row]:
    """What each annotator says how often.

    Args:
        examples: Records with annotations.
        who: The annotators.
        units: Of each label.

    Yields:
        Rows of `connote.study.agreement.Agreement.shares`.
    """
    items = Counter(name for example in examples for name in annotators_of([example]))
    for name in who:
        for label in LABELS:
            said = Counter(u.answers[name] for u in units[label] if name in u.answers)
            row = {"annotator": name, "label": label}
            if label == MARKED:
                marked = said[MARKED]
                yield {**row, "answer": MARKED, "count": marked, "share": marked / items[name]}
                continue
            for answer in CLASSES[label]:
                share = said[answer] / said.total() if said else None
                yield {**row, "answer": answer, "count": said[answer], "share": share}


def confusions_of(who: Sequence[str], units: Mapping[str, Sequence[Unit]]) -> Iterator[Row]:
    """What one annotator says where another says something.

    Args:
        who: The annotators.
        units: Of each label.

    Yields:
        Rows of `connote.study.agreement.Agreement.confusions`.
    """
    for label in HEADS:
        classes = (*CLASSES[label], NOT_MARKED) if label == "framing" else CLASSES[label]
        pooled: Counter[tuple[str, str]] = Counter()
        for one, other in combinations(who, 2):
            found = _crossed(label, one, other, units)
            pooled.update(found)
            pooled.update({(b, a): n for (a, b), n in found.items() if a != b})
            yield from _cells(one, other, label, classes, found)
        if len(who) >= 2:
            yield from _cells(EVERYBODY, EVERYBODY, label, classes, pooled)


def _crossed(
    label: str, one: str, other: str, units: Mapping[str, Sequence[Unit]]
) -> Counter[tuple[str, str]]:
    """What the other said where the one said something; of framing also that it is no mention."""
    found = Counter(
        (unit.answers[one], unit.answers[other]) for unit in units[label] if unit.has(one, other)
    )
    if label == "framing":
        framings = {unit.place: unit.answers for unit in units[label]}
        for unit in units[MARKED]:
            said = [unit.answers.get(name) for name in (one, other)]
            if unit.has(one, other) and said[0] != said[1]:
                given: Answers = framings.get(unit.place, {})
                pair = (given.get(one, NOT_MARKED), given.get(other, NOT_MARKED))
                if pair != (NOT_MARKED, NOT_MARKED):
                    found[pair] += 1
    return found


def _cells(
    one: str, other: str, label: str, classes: Sequence[str], found: Mapping[tuple[str, str], int]
) -> Iterator[Row]:
    row = {"one": one, "other": other, "label": label}
    for a in classes:
        for b in classes:
            yield {**row, "answer_one": a, "answer_other": b, "count": found.get((a, b), 0)}
