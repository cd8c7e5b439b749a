"""Weighted log-odds of two sides' labels, and how much their clustering takes from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counted = tuple[Floats, Floats]
"""Counts of labels and all labels counted beside each."""


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

    def thinned(self) -> tuple[Floats, Floats]:
        """Counts and totals divided by the design effects: as many as independent ones."""
        effects = self.design_effects()
        return self.y / effects, self.n / effects

    def shares(self) -> Floats:
        """Of each label in each group; 0 where a group has none."""
        return np.divide(self.y, self.n, out=np.zeros_like(self.y), where=self.n > 0)

    def design_effects(self) -> Floats:
        """How much less the labels tell than as many independent ones; 1 or more.

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


def weighted(own: Counted, rest: Counted, prior: Floats, total: float) -> tuple[Floats, Floats]:
    """Difference of two sides' log-odds, and z.

    Args:
        own: Counts and totals of one side.
        rest: Of the other.
        prior: Of each label.
        total: Of the prior.
    """
    mine, variance = log_odds(*own, prior, total)
    theirs, other_variance = log_odds(*rest, prior, total)
    return mine - theirs, (mine - theirs) / np.sqrt(variance + other_variance)
