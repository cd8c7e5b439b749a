"""Estimates of each group and of differences of groups, as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .estimates import CORRECTED, GOLD, NAIVE
from .estimators import (
    Group,
    Ratio,
    Sample,
    Spread,
    corrected,
    correlation,
    effective_size,
    gold_only,
    seen_errors,
    spread,
)
from .gold_units import Key
from .intervals import Interval, of_difference, of_share
from .measures import Measure
from .naive import naive_difference, naive_share
from .panel import Cell, Panel
from .quantification import adjusted_count

ESTIMATORS = (GOLD, CORRECTED)
FEW = 5
"""Gold sentences of a class, or documents, below which an interval is flagged; and errors of the
classifier in the gold sample below which it is not used."""
LEAST_DOCUMENTS = 10
"""Documents below which an interval is flagged."""
ONE_DOCUMENT = "one document: no interval"
NO_UNIT = "no gold unit in the group"
_SMALLEST = 1e-9

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Estimated:
    """A share with all that a difference needs.

    Attributes:
        group: Whose share.
        ratio: The estimate.
        interval: At 95 %.
        spread: Its variance.
        documents: With units, by the classifier or the gold labels.
    """

    group: Group
    ratio: Ratio
    interval: Interval
    spread: Spread
    documents: int

    def flag(self, name: str) -> str:
        """What a reader must know: where there is little of the class, or of all else."""
        if self.documents < LEAST_DOCUMENTS:
            return f"n too small: {self.documents} documents"
        of_class, others = self.group.gold[:, 0], self.group.gold[:, 1] - self.group.gold[:, 0]
        inside, outside = int((of_class > _SMALLEST).sum()), int((others > _SMALLEST).sum())
        if min(inside, outside) >= FEW:
            return ""
        which = name if inside <= outside else f"other than {name}"
        return f"n too small: {min(inside, outside)} gold sentences with {which}"


ByGold = Mapping[Key, Mapping[str, Estimated]]
"""For each group what `estimated` gives."""


def estimated(sample: Sample, group: Group) -> Mapping[str, Estimated]:
    """A group's share by gold labels.

    Args:
        sample: Design of the gold sentences.
        group: Whose share.

    Returns:
        ``gold``, and ``corrected``: by classifier and gold labels together, where that makes the
        interval no wider than the gold labels alone do, and where the gold labels show enough of
        the classifier's errors to tell how often it errs. Nothing where no gold unit is there.
    """
    alone = _with_interval(sample, group, gold_only(sample, group))
    if alone is None:
        return {}
    both = _with_interval(sample, group, corrected(sample, group))
    used = (
        both is not None
        and seen_errors(group, both.ratio.factor) >= FEW
        and both.interval.width <= alone.interval.width
    )
    return {GOLD: alone, CORRECTED: both if used and both is not None else alone}


def estimate_all(panel: Panel) -> ByGold:
    """The shares of all groups by gold labels; nothing of any without a gold sample."""
    if panel.sample is None:
        return {}
    groups = {key: cell.group for key, cell in panel.cells.items()}
    return {k: estimated(panel.sample, g) for k, g in groups.items() if g is not None}


def _with_interval(sample: Sample, group: Group, ratio: Ratio | None) -> Estimated | None:
    if ratio is None:
        return None
    found = spread(sample, ratio, group)
    size = effective_size(sample, group)
    interval = of_share(ratio.value, found.variance, found.degrees, size)
    marked = len(np.unique(sample.document[group.gold[:, 1] > 0]))
    return Estimated(group, ratio, interval, found, max(marked, len(group.documents.codes)))


def difference(sample: Sample, one: Estimated, other: Estimated) -> tuple[Interval, float]:
    """One share less another, and the variance of the difference."""
    together = correlation(
        sample, (one.ratio, one.group, one.spread), (other.ratio, other.group, other.spread)
    )
    a, b = one.spread.variance, other.spread.variance
    variance = a + b - 2 * together * (a * b) ** 0.5
    return of_difference(one.interval, other.interval, together), max(variance, 0.0)


def shares(panel: Panel, by_gold: ByGold, measure: Measure, seed: int) -> Iterator[Row]:
    """Rows of the groups' own shares."""
    for key, cell in panel.cells.items():
        yield _naive_row(key, cell, measure, seed)
        if key in by_gold:
            for name in ESTIMATORS:
                yield _gold_row(key, cell, by_gold[key].get(name), name, measure)


def differences(
    panel: Panel,
    by_gold: ByGold,
    pairs: Sequence[tuple[Key, Key]],
    measure: Measure,
    against: str,
    seed: int,
) -> Iterator[Row]:
    """Rows of the differences of pairs of groups."""
    for one, other in pairs:
        a, b = panel.cells[one], panel.cells[other]
        yield {**_counts(one, (a, b), NAIVE, measure, against), **_naive_difference(a, b, seed)}
        if panel.sample is not None:
            for name in ESTIMATORS:
                row = _gold_counts(_counts(one, (a, b), name, measure, against), (a, b))
                found = by_gold.get(one, {}).get(name), by_gold.get(other, {}).get(name)
                yield {**row, **_gold_difference(panel.sample, *found, measure)}


def checks_of(panel: Panel) -> Iterator[Row]:
    """Adjusted counts of the groups, where there is a gold sample."""
    for key, cell in panel.cells.items():
        group, sample = cell.group, panel.sample
        if group is None or sample is None or cell.by_label is None:
            continue
        documents = cell.documents
        by_label = np.array([documents.numerators.sum(), documents.denominators.sum()])
        yield {
            "key": key,
            "adjusted_count": adjusted_count(sample, group, cell.by_label, by_label),
            "probabilistic_adjusted_count": adjusted_count(
                sample, group, group.predicted, group.totals
            ),
        }


def _counts(
    key: Key, cells: Sequence[Cell], estimator: str, measure: Measure, against: str | None = None
) -> Row:
    """What a figure rests on: of a difference, both groups together."""
    units = sum(float(cell.documents.denominators.sum()) for cell in cells)
    undecided = sum(cell.undecided for cell in cells)
    return {
        "key": key,
        "against": against,
        "estimator": estimator,
        "documents": len(np.unique(np.concatenate([cell.documents.codes for cell in cells]))),
        "sentences": sum(cell.sentences for cell in cells),
        "mentions": None if measure.of_sentences else int(units),
        "uncertain": undecided / units if units else None,
        "gold_sentences": None,
        "gold_documents": None,
        "flag": "",
    }


def _gold_counts(row: Row, cells: Sequence[Cell]) -> Row:
    groups = [cell.group.gold[:, 1] > 0 for cell in cells if cell.group is not None]
    number = int(np.any(groups, axis=0).sum()) if groups else 0
    documents = frozenset().union(*(cell.gold_documents for cell in cells))
    return {**row, "gold_sentences": number, "gold_documents": len(documents)}


def _values(interval: Interval | None, flag: str, variance: float | None = None) -> Row:
    if interval is None:
        return {"estimate": None, "low": None, "high": None, "standard_error": None, "flag": flag}
    return {
        "estimate": interval.value,
        "low": interval.low,
        "high": interval.high,
        "standard_error": None if variance is None else variance**0.5,
        "flag": flag,
    }


def _naive_row(key: Key, cell: Cell, measure: Measure, seed: int) -> Row:
    row = _counts(key, (cell,), NAIVE, measure)
    if not len(cell.documents.codes):
        return {**row, **_values(None, f"no {measure.head} found by the classifier")}
    if len(cell.documents.codes) == 1:
        found = {"estimate": cell.documents.share, "low": None, "high": None}
        return {**row, **found, "flag": ONE_DOCUMENT}
    return {**row, **_values(naive_share(cell.documents, seed), _naive_flag(cell))}


def _naive_flag(cell: Cell) -> str:
    return "all units of one class" if cell.documents.share in (0.0, 1.0) else ""


def _gold_row(key: Key, cell: Cell, found: Estimated | None, name: str, measure: Measure) -> Row:
    row = _gold_counts(_counts(key, (cell,), name, measure), (cell,))
    if found is None:
        return {**row, **_values(None, NO_UNIT)}
    if found.documents == 1:
        alone = {"estimate": found.ratio.value, "low": None, "high": None}
        return {**row, **alone, "flag": ONE_DOCUMENT}
    return {**row, **_values(found.interval, found.flag(measure.name), found.spread.variance)}


def _naive_difference(one: Cell, other: Cell, seed: int) -> Row:
    if not len(one.documents.codes) or not len(other.documents.codes):
        return _values(None, "one of the groups is empty")
    if min(len(one.documents.codes), len(other.documents.codes)) == 1:
        found = {"estimate": one.documents.share - other.documents.share, "low": None, "high": None}
        return {**found, "flag": ONE_DOCUMENT}
    flag = _naive_flag(one) or _naive_flag(other)
    return _values(naive_difference(one.documents, other.documents, seed), flag)


def _gold_difference(
    sample: Sample, a: Estimated | None, b: Estimated | None, measure: Measure
) -> Row:
    if a is None or b is None:
        return _values(None, NO_UNIT)
    if min(a.documents, b.documents) == 1:
        value = a.ratio.value - b.ratio.value
        return {"estimate": value, "low": None, "high": None, "flag": ONE_DOCUMENT}
    interval, variance = difference(sample, a, b)
    return _values(interval, a.flag(measure.name) or b.flag(measure.name), variance)
