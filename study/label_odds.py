"""Weighted log-odds of two sides' labels, and how much their clustering takes from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def log_odds(y: Floats, n: Floats, prior: Floats, total: float) -> tuple[Floats, Floats]:
    """Smoothed log-odds of labels and their variance; both finite where the prior is sound.

    Args:
        y: Counts of the labels, any shape.
        n: All labels counted beside each, of a shape that fits.
        prior: Of each label, above 0.
        total: Of the prior; more than any label's.
    """
    used, unused = y + prior, n + total - y - prior
    return np.log(used / unused), 1 / used + 1 / unused


@dataclass(frozen=True, slots=True)
class Side:
    """What one side of the comparison counted: a row for each group, a column for each label.

    Attributes:
        y: Times that a label is counted.
        documents: In which it is.
        yy: Sums over documents of its squared count.
        yn: Sums over documents of its count times all counts.
        n: All counts, shape (groups, 1), as are the next two.
        nn: Sums over documents of their squares.
        clusters: Documents.
    """

    y: Floats
    documents: Floats
    yy: Floats
    yn: Floats
    n: Floats
    nn: Floats
    clusters: Floats

    def rest(self, reference: int | None) -> Side:
        """What each group is compared with: all others together, or one group.

        Args:
            reference: The row of that group.
        """
        if reference is None:
            return self._each(lambda values: values.sum(axis=0, keepdims=True) - values)
        return self._each(lambda values: np.repeat(values[[reference]], len(values), axis=0))

    def _each(self, change: Callable[[Floats], Floats]) -> Side:
        return Side(*(change(getattr(self, field.name)) for field in fields(self)))

    def odds(self, prior: Floats, total: float) -> tuple[Floats, Floats]:
        """Smoothed log-odds of each label in each group, and their variance.

        Args:
            prior: Of each label.
            total: Of the prior.
        """
        return log_odds(self.y, self.n, prior, total)

    def shares(self) -> Floats:
        """Of each label in each group; 0 where a group has none."""
        return np.divide(self.y, self.n, out=np.zeros_like(self.y), where=self.n > 0)

    def design_effects(self) -> Floats:
        """By how much a share varies more than that of as many independent labels; 1 or more.

        With one document there is nothing to measure by: it counts as one.
        """
        share = self.shares()
        between = self.yy - 2 * share * self.yn + share**2 * self.nn
        binomial = self.n * share * (1 - share)
        clusters = np.broadcast_to(self.clusters, share.shape)
        correction = np.divide(clusters, clusters - 1, out=np.ones_like(share), where=clusters > 1)
        effect = np.divide(between, binomial, out=np.ones_like(share), where=binomial > 0)
        alone = np.broadcast_to(self.n, share.shape)
        return np.maximum(1.0, np.where(clusters > 1, correction * effect, alone))


def weighted(own: Side, rest: Side, prior: Floats, total: float) -> tuple[Floats, Floats, Floats]:
    """Difference of two sides' log-odds, its z, and z for labels that repeat in documents.

    The last takes each side's variance times its design effect; the difference stays as it is,
    so that it is never larger than the other and never of another sign.

    Args:
        own: One side.
        rest: The other.
        prior: Of each label.
        total: Of the prior.
    """
    mine, variance = own.odds(prior, total)
    theirs, other_variance = rest.odds(prior, total)
    inflated = variance * own.design_effects() + other_variance * rest.design_effects()
    odds = mine - theirs
    return odds, odds / np.sqrt(variance + other_variance), odds / np.sqrt(inflated)
