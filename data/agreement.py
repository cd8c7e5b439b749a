"""Agreement of annotators: Krippendorff's alpha for nominal labels.

After Krippendorff, *Content Analysis* (4th ed., 2019), chapter 12: one minus the observed
disagreement over the one expected by chance; units with one label count for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from .schema import Annotation, Example

HEADS = ("framing", "stance", "voice", "loaded")


def krippendorff_alpha(units: Iterable[Sequence[str]]) -> float:
    """Alpha of nominal labels.

    Args:
        units: For each unit the labels that its annotators gave, in any order.

    Raises:
        ValueError: If fewer than two labels were given to any unit, or all are the same:
            alpha is then not defined.
    """
    totals: Counter[str] = Counter()
    disagreement = 0.0
    for labels in units:
        if len(labels) < 2:
            continue
        counts = Counter(labels)
        totals.update(counts)
        pairs = len(labels) ** 2 - sum(count**2 for count in counts.values())
        disagreement += pairs / (len(labels) - 1)
    n = sum(totals.values())
    expected = (n**2 - sum(count**2 for count in totals.values())) / max(n - 1, 1)
    if expected == 0:
        raise ValueError("alpha needs units with two labels each and at least two classes")
    return 1 - disagreement / expected


def units(examples: Iterable[Example], head: str, annotators: Sequence[str]) -> list[list[str]]:
    """The labels that some annotators gave, unit by unit.

    Args:
        examples: Records with annotations.
        head: ``framing``, ``stance``, ``voice`` (a unit is a mention) or ``loaded`` (a
            unit is a sentence).
        annotators: Whose labels to take. Stance and voice are compared where all of them
            gave one: a mention of framing ``none`` has neither.
    """
    found: dict[tuple[str, int | None], list[str]] = {}
    for example in examples:
        for annotation in example.annotations:
            label = _label(annotation, head)
            if label is not None and annotation.annotator in annotators:
                found.setdefault((example.id, annotation.mention), []).append(label)
    return [labels for labels in found.values() if len(labels) == len(annotators)]


def _label(annotation: Annotation, head: str) -> str | None:
    value = getattr(annotation, head)
    return None if value is None else str(value)
