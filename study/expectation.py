"""What a gold sample of some size can be expected to give, by the classifier's probabilities.

These are taken as true, so that it can be said how much the gold labels, and what the classifier
gets wrong, will vary in each stratum. What it missed and what it found without cause cannot be
read from scores: shares of both are assumed. Variances are those of `estimators`: of stratified
simple random sampling (Cochran 1977, ch. 5) of errors linearised for a ratio, and of the archive's
documents, which no annotation lowers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from ..data.errors import UsageError
from .allocation import FOUND, allocate
from .collapse import collapsed, few_groups, most_strata
from .frame import SQUARED, Frame
from .intervals import LEVEL
from .strata import NOWHERE, Cell

WRONGLY_FOUND = 0.2
"""Assumed share of the mentions found that annotators do not mark."""
LEAST_POSITIVES = 10
"""Expected units of the class among the annotated below which no interval can be trusted."""
WHOLE = "all"
Floats = NDArray[np.float64]
_Z = float(norm.ppf((1 + LEVEL) / 2))
_SUMS = (
    "sum(k) AS k, sum(s1) AS s1, sum(s2) AS s2, sum(q) AS q, sum(q1) AS q1, sum(q2) AS q2, "
    "sum(s1 * s1) AS s11, sum(s1 * k) AS s1k, sum(k * k) AS kk"
)
_OF_DOCUMENTS = ", ".join(f"sum({name}) AS {name}" for name in (*SQUARED, *SQUARED.values()))


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of a sample in one group.

    Attributes:
        group: Its values, or `WHOLE`.
        n: Annotated sentences in all.
        n_group: Those of the group.
        share: By the classifier; NaN in a group without mentions.
        gold: Half-width of the interval from the annotations alone; NaN, with a flag, in a group
            of less than two documents with mentions.
        corrected: Of the interval from annotations and classifier; likewise.
        at_best: With everything annotated; likewise.
        positives: Expected units of the class among the annotated.
        flag: Why it cannot be trusted, else empty.
    """

    group: str
    n: int
    n_group: int
    share: float
    gold: float
    corrected: float
    at_best: float
    positives: float
    flag: str


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over sentences or documents: their number, the sums of a `Frame`, and their products."""

    n: float
    k: float
    s1: float
    s2: float
    q: float
    q1: float
    q2: float
    s11: float
    s1k: float
    kk: float

    @property
    def share(self) -> float:
        """By the classifier."""
        return self.s1 / self.k if self.k > 0 else math.nan

    def deviations(self, share: float) -> tuple[float, float]:
        """Sum and sum of squares of what each has more of the class than a share says."""
        squares = self.s11 - 2 * share * self.s1k + share**2 * self.kk
        return self.s1 - share * self.k, max(0.0, squares)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Variances of errors and of what the classifier says; sentences, and units of the class."""

    errors: float
    between: float
    sentences: float
    positives: float


class Expectation:
    """What to expect of samples from a frame.

    Args:
        frame: To draw from.
        largest_size: Of the samples that are planned; its strata make the groups.

    Attributes:
        groups: By the values of the columns; ``None`` is the archive as a whole.
        documents: With units.
        design_effect: By how much the likeness of a document's sentences makes the variance of
            the archive's share larger.
    """

    def __init__(self, frame: Frame, largest_size: int) -> None:
        self._frame = frame
        largest = few_groups(frame.cells, most_strata(largest_size))
        self._group_of = {part: cell.group for cell in largest for part in cell.parts}
        groups = list(dict.fromkeys(self._group_of.values()))
        self.groups: tuple[tuple[str, ...] | None, ...] = (
            None,
            *(groups if len(groups) > 1 else ()),
        )
        numbers = {part: groups.index(group) for part, group in self._group_of.items()}
        frame.scores.register(
            "sample_groups", pd.DataFrame(list(numbers.items()), columns=["part", "grp"])
        )
        strata = frame.scores.sql(
            f"SELECT part, count(*) AS n, {_SUMS} FROM sample_frame GROUP BY part"
        )
        self._strata = {int(row.pop("part")): Sums(**row) for row in strata.to_dict("records")}
        whole = self._sums(self._strata)
        if whole.k <= 0:
            raise UsageError("plan: expected mentions to measure, found none that are selected")
        self._documents: dict[tuple[str, ...] | None, Sums] = {None: self._of_documents("0")[0]}
        for number, sums in self._of_documents("grp").items():
            self._documents[groups[number]] = sums
        self.documents = round(self._documents[None].n)
        alone = whole.deviations(whole.share)[1]
        together = self._documents[None].deviations(whole.share)[1]
        self.design_effect = max(1.0, together / alone) if alone > 0 else 1.0
        self._allocated: dict[int, tuple[Sequence[Cell], Sequence[int]]] = {}

    def at(self, group: tuple[str, ...] | None, size: int) -> Expected:
        """What a sample of a size gives in a group.

        Args:
            group: One of `groups`.
            size: Sentences annotated in all.
        """
        own = self._sums(self._parts(self._group_of, group))
        drawn = self._drawn(group, size, own)
        floor = self._floor(group, own.share)
        return Expected(
            group=self.name(group),
            n=size,
            n_group=round(drawn.sentences),
            share=own.share,
            gold=_Z * math.sqrt(drawn.errors + drawn.between + floor),
            corrected=_Z * math.sqrt(drawn.errors + floor),
            at_best=_Z * math.sqrt(floor),
            positives=drawn.positives,
            flag=_flag(own, self._documents.get(group), drawn.positives),
        )

    def name(self, group: tuple[str, ...] | None) -> str:
        """What a group is called."""
        if group is None:
            return WHOLE
        return "; ".join(f"{c}={v}" for c, v in zip(self._frame.columns, group, strict=True))

    def _drawn(self, group: tuple[str, ...] | None, size: int, own: Sums) -> _Drawn:
        """Variances of a group's share from drawing sentences, and how many of it are drawn."""
        right, missed = self._assumed(group)
        units = own.k * (1.0 if self._frame.measure.of_sentences else right / FOUND)
        if units <= 0:
            return _Drawn(math.nan, math.nan, 0.0, 0.0)
        errors = between = sentences = positives = 0.0
        for cell, count in zip(*self._strata_of(size), strict=True):
            sums = self._sums(self._parts(cell.parts, group))
            rate = 0.0 if cell.predictions == (NOWHERE,) else missed
            of_errors, of_labels = variances(sums, cell.population, own.share, right, rate)
            part = count / cell.population
            scale = (cell.population / units) ** 2 * (1 - part) / count
            errors += scale * of_errors
            between += scale * of_labels
            sentences += part * sums.n
            positives += part * (right * sums.s1 + rate * own.share * sums.n)
        return _Drawn(errors, between, sentences, positives)

    def _strata_of(self, size: int) -> tuple[Sequence[Cell], Sequence[int]]:
        if size not in self._allocated:
            cells, _ = collapsed(self._frame.cells, size)
            self._allocated[size] = cells, allocate(cells, size)
        return self._allocated[size]

    def _parts(self, parts: Iterable[int], group: tuple[str, ...] | None) -> list[int]:
        return [part for part in parts if group is None or self._group_of[part] == group]

    def _sums(self, parts: Iterable[int]) -> Sums:
        rows = [self._strata[part] for part in parts]
        names = Sums.__slots__
        return Sums(**{name: float(sum(getattr(row, name) for row in rows)) for name in names})

    def _assumed(self, group: tuple[str, ...] | None) -> tuple[float, float]:
        """Share of the mentions found that are right; missed mentions a sentence."""
        if self._frame.measure.of_sentences:
            return 1.0, 0.0
        right = 1 - WRONGLY_FOUND
        cells = [cell for cell in self._frame.cells if cell.predictions != (NOWHERE,)]
        sums = self._sums(self._parts((part for cell in cells for part in cell.parts), group))
        return right, right * sums.k / sums.n * (1 - FOUND) / FOUND if sums.n else 0.0

    def _floor(self, group: tuple[str, ...] | None, share: float) -> float:
        """The variance of the documents; NaN where there is but one."""
        sums = self._documents.get(group)
        if sums is None or sums.n < 2:
            return math.nan
        return sums.deviations(share)[1] / sums.k**2 * sums.n / (sums.n - 1)

    def _of_documents(self, grouped: str) -> dict[int, Sums]:
        found = self._frame.scores.sql(
            f"SELECT grp, count(*) AS n, {_SUMS} FROM (SELECT {grouped} AS grp, doc_id, "
            f"{_OF_DOCUMENTS} FROM sample_frame JOIN sample_groups USING (part) "
            "GROUP BY 1, 2 HAVING sum(k) > 0) GROUP BY grp"
        )
        return {int(row.pop("grp")): Sums(**row) for row in found.to_dict("records")}


def variances(
    sums: Sums, population: int, share: float, right: float, missed: float
) -> tuple[float, float]:
    """Variance in a stratum of what the classifier gets wrong, and of what it says.

    A mention found is one that counts with the probability `right` times its weight, and then of
    the class with its own; missed ones are as often of the class as all are.

    Args:
        sums: Of the sentences in the group; the others count as zero.
        population: Of the stratum.
        share: Of the group.
        right: Share of mentions found that are ones.
        missed: Missed mentions a sentence.
    """
    of_labels = sums.s1 - sums.s2
    of_finding = sums.s2 - 2 * share * sums.s1 + share**2 * sums.k
    of_missing = sums.n * missed * share * (1 - share)
    surely = sums.q2 - 2 * share * sums.q1 + share**2 * sums.q
    errors = (right * (of_labels + of_finding) - right**2 * surely + of_missing) / population
    total, squares = sums.deviations(share)
    between = right**2 * (squares / population - (total / population) ** 2)
    return max(0.0, errors), max(0.0, between)


def _flag(sums: Sums, documents: Sums | None, positives: float) -> str:
    if sums.k <= 0 or documents is None:
        return "no mention"
    if documents.n < 2:
        return "one document: how documents vary cannot be told"
    if positives < LEAST_POSITIVES:
        return f"n too small: {positives:.0f} of the class expected, {LEAST_POSITIVES} needed"
    return ""
