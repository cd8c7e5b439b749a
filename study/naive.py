"""Naive shares: the classifier's labels taken at their word, with a bootstrap of documents."""

from __future__ import annotations

import numpy as np

from ..data.bootstrap import interval
from .estimators import Documents, Floats
from .intervals import Interval, of_share

DRAWS = 1000
_AT_ONCE = 2**22
"""Numbers held at a time."""


def naive_share(group: Documents, seed: int = 0) -> Interval:
    """The share of the labels with the percentile interval of resampled documents at 95 %.

    It tells how the share varies from document to document, and nothing of the classifier's
    errors. Where all units are of one class, no resample differs; the interval is then the exact
    one of as many units as there are documents.

    Args:
        group: Documents with at least one unit in all.
        seed: Of the draws.
    """
    if group.share in (0.0, 1.0):
        return of_share(group.share, 0.0, 1.0, len(group.codes))
    sums = _resampled(np.stack([group.numerators, group.denominators], axis=1), seed)
    there = sums[:, 1] > 0
    return Interval(group.share, *interval(list(sums[there, 0] / sums[there, 1])))


def naive_difference(one: Documents, other: Documents, seed: int = 0) -> Interval:
    """One naive share less another, documents drawn for both together.

    Args:
        one: Documents with at least one unit in all.
        other: Likewise; a document may stand in both.
        seed: Of the draws.
    """
    codes = np.union1d(one.codes, other.codes)
    counts = np.zeros((len(codes), 4))
    for column, group in ((0, one), (2, other)):
        at = np.searchsorted(codes, group.codes)
        counts[at, column], counts[at, column + 1] = group.numerators, group.denominators
    sums = _resampled(counts, seed)
    sums = sums[(sums[:, 1] > 0) & (sums[:, 3] > 0)]
    drawn = sums[:, 0] / sums[:, 1] - sums[:, 2] / sums[:, 3]
    return Interval(one.share - other.share, *interval(list(drawn)))


def _resampled(counts: Floats, seed: int) -> Floats:
    """Sums of resamples, shape (draws, columns); documents with the same counts drawn as one."""
    kinds, times = np.unique(counts, axis=0, return_counts=True)
    generator = np.random.default_rng(seed)
    at_once = max(1, _AT_ONCE // len(kinds))
    sums = [
        generator.multinomial(len(counts), times / len(counts), min(at_once, DRAWS - begin)) @ kinds
        for begin in range(0, DRAWS, at_once)
    ]
    resampled: Floats = np.concatenate(sums)
    return resampled
