"""Annotations to adapt a model to: read, kept clear of what must never be seen, found enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from ..data.errors import ConnoteError
from ..data.hashes import sentence_hash
from ..data.schema import CLASSES, HEADS, Example, read_examples
from .corpora import read_hashes
from .crossfit import clusters, marks

LEAST_SENTENCES = 40
LEAST_MARKS = 30
"""Of a label, below which it is neither learnt nor calibrated."""


class AnnotationsError(ConnoteError):
    """Annotations that no model can be adapted to; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Annotations:
    """What a model is adapted to.

    Attributes:
        examples: Labelled records, those never to be learnt from taken out.
        withheld: How many were taken out.
        clusters: How many groups of sentences there are that must not be parted.
        left_out: For each label that is not learnt, why.
    """

    examples: tuple[Example, ...]
    withheld: int
    clusters: int
    left_out: Mapping[str, str]

    @property
    def learnt(self) -> frozenset[str]:
        """The labels that are learnt."""
        return frozenset(HEADS) - frozenset(self.left_out)


def read_annotations(path: Path, folds: int) -> Annotations:
    """Read annotations and see whether they are enough.

    Args:
        path: Records as `connote import` writes them, or any other labelled records.
        folds: In how many parts they will be divided.

    Raises:
        AnnotationsError: If there are too few sentences, documents or labels.
        RecordError: If a record is not valid.
        OSError: If the file cannot be read.
    """
    never = frozenset(read_hashes(Path(str(files("connote.data"))) / "never_train.sha256"))
    found = read_examples(path)
    kept = [example for example in found if sentence_hash(example.text) not in never]
    labelled = sum(bool(marks(example)) for example in kept)
    if labelled < LEAST_SENTENCES:
        raise AnnotationsError(
            f"{path}: expected at least {LEAST_SENTENCES} sentences with labels, found {labelled} "
            f"among {len(found)}{_and_withheld(len(found) - len(kept))}; annotate more (connote "
            "sample --plan says how many)"
        )
    sizes = Counter(clusters(kept))
    if len(sizes) < folds:
        raise AnnotationsError(
            f"{path}: expected sentences of at least {folds} documents, so that whole documents "
            f"can be kept out in turn, found {len(sizes)}; annotate sentences of more documents"
        )
    largest = max(sizes.values())
    if 2 * largest > len(kept):
        raise AnnotationsError(
            f"{path}: expected no document (or group) to hold more than half of the sentences, so "
            f"that enough is left to learn from without it, found one with {largest} of "
            f"{len(kept)}; annotate sentences of other documents"
        )
    left_out = _left_out(kept)
    if len(left_out) == len(HEADS):
        told = "; ".join(f"{head}: {why}" for head, why in left_out.items())
        raise AnnotationsError(
            f"{path}: expected a label with at least {LEAST_MARKS} marks of two classes, "
            f"found none ({told}); annotate more"
        )
    return Annotations(tuple(kept), len(found) - len(kept), len(sizes), left_out)


def _and_withheld(number: int) -> str:
    return f", {number} of them listed as never to be learnt from" if number else ""


def _left_out(examples: Sequence[Example]) -> dict[str, str]:
    counts = Counter(mark for example in examples for mark in marks(example))
    reasons = {}
    for head, classes in CLASSES.items():
        found = {name: counts[f"{head}={name}"] for name in classes if counts[f"{head}={name}"]}
        if sum(found.values()) < LEAST_MARKS:
            reasons[head] = f"marked {sum(found.values())} times, fewer than {LEAST_MARKS}"
        elif len(found) == 1:
            reasons[head] = f"every item is {next(iter(found))}"
    return reasons
