"""What annotators said of the same thing: the units of their agreement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from ..data.schema import HEADS, Example

MARKED, NOT_MARKED = "marked", "not marked"
LABELS = (*HEADS, MARKED)
Answers = Mapping[str, str]
"""What each annotator said."""
Place = tuple[int, int | None]
"""Position of the record, and of the mention in it; ``None`` is the sentence."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that annotators judged.

    Attributes:
        place: Where it stands.
        document: Of the record.
        answers: What each annotator said.
    """

    place: Place
    document: str
    answers: Answers

    def has(self, one: str, other: str) -> bool:
        """Whether both annotators judged it."""
        return one in self.answers and other in self.answers

    def compares(self, one: str, other: str) -> bool:
        """Whether both judged it and it is there for one of them, at least."""
        return self.has(one, other) and not (self.answers[one] == self.answers[other] == NOT_MARKED)

    def without(self, annotator: str) -> Unit:
        """The same unit as the others judged it."""
        left = {name: answer for name, answer in self.answers.items() if name != annotator}
        return Unit(self.place, self.document, left)


def annotators_of(examples: Iterable[Example]) -> set[str]:
    """Everybody who judged something in some records."""
    return {annotation.annotator for example in examples for annotation in example.annotations}


def units_of(examples: Sequence[Example], label: str, annotators: Sequence[str]) -> list[Unit]:
    """What annotators said, unit by unit; also where only one did.

    Args:
        examples: Records with annotations.
        label: One of ``LABELS``.
        annotators: Whose answers to take.
    """
    units = []
    for i, example in enumerate(examples):
        said = _marks(example) if label == MARKED else _labels(example, label)
        for mention, answers in said.items():
            kept = {name: answers[name] for name in annotators if name in answers}
            if kept:
                units.append(Unit((i, mention), example.event, kept))
    return units


def _labels(example: Example, label: str) -> Mapping[int | None, Answers]:
    found: defaultdict[int | None, dict[str, str]] = defaultdict(dict)
    for annotation in example.annotations:
        value = getattr(annotation, label)
        if value is not None:
            found[annotation.mention][annotation.annotator] = str(value).lower()
    return found


def _marks(example: Example) -> Mapping[int | None, Answers]:
    """Who marked each mention; who judged the sentence and has no judgement of it did not."""
    marked = {(a.mention, a.annotator) for a in example.annotations if a.mention is not None}
    everybody = annotators_of([example])
    return {
        index: {name: MARKED if (index, name) in marked else NOT_MARKED for name in everybody}
        for index in range(len(example.mentions))
    }


def most_disputed(
    examples: Sequence[Example], units: Mapping[str, Sequence[Unit]]
) -> Iterator[dict[str, Any]]:
    """The records on which annotators differ, by how many pairs of judgements do.

    Args:
        examples: The records.
        units: Of each label.

    Yields:
        Rows of `connote.study.agreement.Agreement.items`.
    """
    compared: defaultdict[int, int] = defaultdict(int)
    differing: defaultdict[int, int] = defaultdict(int)
    said: defaultdict[int, list[str]] = defaultdict(list)
    for label, of_label in units.items():
        for unit in of_label:
            pairs = [p for p in combinations(unit.answers, 2) if unit.compares(*p)]
            apart = sum(unit.answers[one] != unit.answers[other] for one, other in pairs)
            index, mention = unit.place
            compared[index] += len(pairs)
            differing[index] += apart
            if apart:
                said[index].append(_said(examples[index], mention, label, unit.answers))
    ranked = sorted(
        (index for index, apart in differing.items() if apart),
        key=lambda index: (-differing[index], -differing[index] / compared[index], index),
    )
    for index in ranked:
        example = examples[index]
        yield {
            "id": example.id,
            "document": example.event,
            "text": example.text,
            "disagreements": differing[index],
            "compared": compared[index],
            "said": "\n".join(said[index]),
        }


def _said(example: Example, mention: int | None, label: str, answers: Answers) -> str:
    named = "sentence"
    if mention is not None:
        found = example.mentions[mention]
        named = f"“{example.text[found.start : found.end]}”"
    given = "; ".join(f"{name}: {answer}" for name, answer in sorted(answers.items()))
    return f"{named}, {label}: {given}"
