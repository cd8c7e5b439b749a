"""Corrected estimates: what a gold sample makes of a classifier's shares.

A share is a ratio of two totals over the sentences of an archive: mentions of a class over
mentions. Each total is a difference estimate (Särndal, Swensson and Wretman 1992, ch. 6): what the
classifier says of all sentences, plus the weighted errors found in the sample. With inclusion
probabilities that the researcher set it is unbiased however bad the classifier is; Egami,
Hinck, Stewart and Wei (NeurIPS 2023) call it design-based supervised learning. A factor between 0
and 1 says how much of the classifier is used, the power tuning of prediction-powered inference
(PPI++: Angelopoulos, Duchi and Zrnic 2023): at 0 the gold sample stands alone, so that the
correction costs no width where the classifier is of no use.

The variance has two parts. One is of drawing sentences from the archive: that of stratified
simple random sampling, of errors linearised for the ratio. The other is of the archive's
documents, taken as a sample of what the source writes: that of the documents' totals, by the
classifier or, where it is larger, estimated from pairs of gold sentences of one document.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

PRIOR_DEGREES = 1.0
"""Weight of the pooled variance in that of each stratum, in sentences: a stratum in which few
were drawn and none was wrong is not free of error. Chosen by simulation (`simulation`)."""
_OFF = 0.5


@dataclass(frozen=True, slots=True)
class Sample:
    """Gold sentences, drawn by stratified simple random sampling.

    Attributes:
        stratum: Position of each sentence's stratum, shape (n,).
        population: Sentences of each stratum in the archive, shape (strata,).
        sampled: Sentences of each stratum that have gold labels, at least 1, shape (strata,).
        document: Code of each sentence's document, shape (n,).
    """

    stratum: Integers
    population: Floats
    sampled: Floats
    document: Integers

    @property
    def weights(self) -> Floats:
        """One over the inclusion probability of each sentence, shape (n,)."""
        weights: Floats = (self.population / self.sampled)[self.stratum]
        return weights

    def covariances(self, values: Floats, inside: Flags) -> Floats:
        """Covariances of the estimated totals of some values, stratum by stratum.

        Args:
            values: Shape (n, values).
            inside: Sentences that can have values, shape (n,): strata without any have no part.

        Returns:
            Shape (strata, values, values). In each stratum the covariance within it counts as
            many sentences as were drawn there less one, the pooled one `PRIOR_DEGREES`.
        """
        strata = len(self.sampled)
        n, size = self.sampled[:, None, None], self.population[:, None, None]
        sums, used = np.zeros((strata, values.shape[1])), np.zeros(strata, bool)
        np.add.at(sums, self.stratum, values)
        used[self.stratum[inside]] = True
        deviations = values - (sums / self.sampled[:, None])[self.stratum]
        squares = np.zeros((strata, values.shape[1], values.shape[1]))
        np.add.at(squares, self.stratum, deviations[:, :, None] * deviations[:, None, :])
        several = used & (self.sampled > 1)
        pooled = (size * squares / np.maximum(n - 1, 1))[several].sum(0)
        pooled = pooled / max(float(self.population[several].sum()), 1.0)
        within = (squares + PRIOR_DEGREES * pooled) / (n - 1 + PRIOR_DEGREES)
        covariances: Floats = used[:, None, None] * size**2 * (1 - n / size) / n * within
        return covariances

    def between_documents(self, one: Floats, other: Floats) -> float:
        """Estimated sum over all documents of the products of two of their totals.

        The Horvitz-Thompson estimate from single sentences and from pairs in one document.

        Args:
            one: A value of each sentence, shape (n,).
            other: Another.
        """
        weights, n, size = self.weights, self.sampled[self.stratum], self.population[self.stratum]
        total = float((weights * one * other).sum())
        # Two sentences of a stratum are drawn together more rarely than one by one.
        together = n * (size - 1) / (size * np.maximum(n - 1, 1))
        for document in np.unique(self.document[(one != 0) | (other != 0)]):
            at = np.flatnonzero(self.document == document)
            products = np.outer((weights * one)[at], (weights * other)[at])
            same = self.stratum[at][:, None] == self.stratum[at][None, :]
            products = np.where(same, products * together[at][:, None], products)
            total += float(products.sum() - np.trace(products))
        return total

    def degrees(self, variances: Floats) -> float:
        """Degrees of freedom of a sum of the strata's variances (Satterthwaite 1946).

        Args:
            variances: One a stratum, shape (strata,).
        """
        scale = (variances**2 / (self.sampled - 1 + PRIOR_DEGREES)).sum()
        return float(variances.sum() ** 2 / scale) if scale > 0 else float(self.sampled.sum())


@dataclass(frozen=True, slots=True)
class Documents:
    """What the classifier says of the documents of a group, by its labels.

    Attributes:
        codes: Of the documents, sorted, each once, shape (documents,).
        numerators: Units of the class, shape (documents,).
        denominators: Units, shape (documents,).
    """

    codes: Integers
    numerators: Floats
    denominators: Floats

    @property
    def share(self) -> float:
        """The naive share; there is at least one unit."""
        return float(self.numerators.sum() / self.denominators.sum())

    def influences(self) -> Floats:
        """How far each document moves the share, shape (documents,)."""
        total = self.denominators.sum()
        if total <= 0 or len(self.codes) < 2:
            return np.zeros(len(self.codes))
        correction = np.sqrt(len(self.codes) / (len(self.codes) - 1))
        moved: Floats = (self.numerators - self.share * self.denominators) / total * correction
        return moved


def shared_influence(one: Documents, other: Documents) -> float:
    """Covariance of two naive shares as documents vary: of a share with itself its variance."""
    _, at, there = np.intersect1d(one.codes, other.codes, assume_unique=True, return_indices=True)
    return float((one.influences()[at] * other.influences()[there]).sum())


@dataclass(frozen=True, slots=True)
class Group:
    """One group's share, on the gold sentences and in the archive.

    Attributes:
        gold: Units of the class and units by the gold labels, shape (n, 2); zero for sentences
            outside the group.
        predicted: The same by the classifier's probabilities, shape (n, 2).
        totals: Sums of the latter over the archive, shape (2,).
        documents: What the classifier says of the archive's documents.
        inside: Gold sentences whose documents are the group's, shape (n,).
    """

    gold: Floats
    predicted: Floats
    totals: Floats
    documents: Documents
    inside: Flags


@dataclass(frozen=True, slots=True)
class Ratio:
    """An estimated share.

    Attributes:
        value: The estimate.
        factor: How much of the classifier is used, 0 to 1.
        errors: Linearised errors of the gold sentences, shape (n,).
        moved: How far each gold sentence moves the share by its gold labels, shape (n,).
    """

    value: float
    factor: float
    errors: Floats
    moved: Floats


def gold_only(sample: Sample, group: Group) -> Ratio | None:
    """The share by the gold labels alone; nothing where they have no unit of the group."""
    return _ratio(sample, group, 0.0)


def corrected(sample: Sample, group: Group) -> Ratio | None:
    """The share by classifier and gold labels together.

    Returns:
        The estimate with the factor of least variance. The gold sample alone where both
        together give no share between 0 and 1, as they may where few sentences are of a group;
        nothing where there is no gold unit.
    """
    alone = gold_only(sample, group)
    if alone is None:
        return None
    by_classifier = _linearised(group.predicted, alone.value, _total(sample, group, 0.0)[1])
    pairs = np.stack([alone.errors, by_classifier], axis=1)
    covariance = sample.covariances(pairs, group.inside).sum(0)
    if covariance[1, 1] <= 0:
        return alone
    factor = float(np.clip(covariance[0, 1] / covariance[1, 1], 0.0, 1.0))
    ratio = _ratio(sample, group, factor)
    return ratio if ratio is not None and 0 < ratio.value < 1 else alone


def _total(sample: Sample, group: Group, factor: float) -> Floats:
    """Estimated totals of class and units, shape (2,)."""
    errors = group.gold - factor * group.predicted
    total: Floats = factor * group.totals + sample.weights @ errors
    return total


def _ratio(sample: Sample, group: Group, factor: float) -> Ratio | None:
    numerator, denominator = _total(sample, group, factor)
    if denominator <= 0:
        return None
    value = float(numerator / denominator)
    errors = group.gold - factor * group.predicted
    total = float(denominator)
    return Ratio(
        value,
        factor,
        _linearised(errors, value, total),
        _linearised(group.gold, value, total),
    )


def _linearised(values: Floats, share: float, total: float) -> Floats:
    linearised: Floats = (values[:, 0] - share * values[:, 1]) / total
    return linearised


@dataclass(frozen=True, slots=True)
class Spread:
    """The variance of an estimated share.

    Attributes:
        sampling: Of drawing sentences.
        documents: Of documents between each other.
        degrees: Of freedom of both together.
    """

    sampling: float
    documents: float
    degrees: float

    @property
    def variance(self) -> float:
        """Both parts."""
        return self.sampling + self.documents


def spread(sample: Sample, ratio: Ratio, group: Group) -> Spread:
    """Variance of an estimated share and its degrees of freedom."""
    strata = sample.covariances(ratio.errors[:, None], group.inside)[:, 0, 0]
    sampling, degrees = float(strata.sum()), sample.degrees(strata)
    number = max(len(group.documents.codes), 2)
    documents = max(_between_documents(sample, (ratio, group), (ratio, group)))
    scale = sampling**2 / degrees + documents**2 / (number - 1)
    both = (sampling + documents) ** 2 / scale if scale > 0 else degrees
    return Spread(sampling, documents, both)


def _between_documents(
    sample: Sample, one: tuple[Ratio, Group], other: tuple[Ratio, Group]
) -> tuple[float, float]:
    """Covariance of two shares as documents vary: by the gold labels and by the classifier."""
    numbers = [max(len(group.documents.codes), 2) for _, group in (one, other)]
    few = float(np.prod([number / (number - 1) for number in numbers])) ** 0.5
    by_gold = sample.between_documents(one[0].moved, other[0].moved) * few
    return by_gold, shared_influence(one[1].documents, other[1].documents)


def correlation(
    sample: Sample, one: tuple[Ratio, Group, Spread], other: tuple[Ratio, Group, Spread]
) -> float:
    """Correlation of two estimated shares, -1 to 1; 0 where one of them has no variance."""
    errors = np.stack([one[0].errors, other[0].errors], axis=1)
    covariance = float(sample.covariances(errors, one[1].inside & other[1].inside).sum(0)[0, 1])
    documents = max(_between_documents(sample, one[:2], other[:2]), key=abs)
    most = float(np.sqrt(one[2].documents * other[2].documents))
    scale = one[2].variance * other[2].variance
    if scale <= 0:
        return 0.0
    shared = covariance + float(np.clip(documents, -most, most))
    return float(np.clip(shared / np.sqrt(scale), -1.0, 1.0))


def seen_errors(group: Group, factor: float) -> int:
    """Gold sentences on which the classifier is off by more than half a unit."""
    if factor == 0:
        return len(group.gold)
    off = np.abs(group.gold - group.predicted).max(1)
    return int((off > _OFF).sum())


def effective_size(sample: Sample, group: Group) -> float:
    """Gold units of a group, less what unequal weights cost (Kish 1965)."""
    weights = sample.weights * group.gold[:, 1]
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0
