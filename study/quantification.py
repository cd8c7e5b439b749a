"""Adjusted counts: another way from a classifier's shares to true ones, as a check.

Adjusted count (Gart and Buck 1966; Forman 2008) and its probabilistic form (Bella, Ferri,
Hernández-Orallo and Ramírez-Quintana 2010) undo the rates at which a classifier hits and
misses, as the gold sample shows them. They assume that these rates are the same everywhere in a
group, which the difference estimate does not.
"""

from __future__ import annotations

import numpy as np

from .estimators import Floats, Group, Sample

LEAST_GAP = 0.1
"""Least difference of the two rates from which a share is computed."""


def adjusted_count(sample: Sample, group: Group, predicted: Floats, totals: Floats) -> float | None:
    """The share that explains what the classifier says, cut to 0 to 1.

    Args:
        sample: Of the gold sentences.
        group: Whose share.
        predicted: Units of the class and units of each gold sentence by the classifier, shape
            (n, 2): by its labels for the adjusted count, by its probabilities for the
            probabilistic one.
        totals: Sums over the archive, shape (2,).

    Returns:
        Nothing where gold labels of the class or of others are missing, or where the classifier
        says nearly the same of both.
    """
    weights = sample.weights
    inside, outside = group.gold[:, 0], group.gold[:, 1] - group.gold[:, 0]
    design = np.stack([inside, outside], axis=1)
    gram = design.T @ (design * weights[:, None])
    if np.linalg.matrix_rank(gram) < 2:
        return None
    hits, false_alarms = np.linalg.solve(gram, design.T @ (weights * predicted[:, 0]))
    found = float(weights @ predicted[:, 1])
    if hits - false_alarms < LEAST_GAP or found <= 0 or totals[1] <= 0:
        return None
    units = totals[1] * float(weights @ group.gold[:, 1]) / found
    return float(np.clip((totals[0] / units - false_alarms) / (hits - false_alarms), 0.0, 1.0))
