"""Estimates as a table, with what they are estimates of."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

NAIVE, GOLD, CORRECTED = "naive", "gold", "corrected"
COLUMNS = (
    *("against", "estimator", "estimate", "low", "high", "standard_error"),
    *("documents", "sentences", "mentions", "uncertain", "gold_sentences", "gold_documents"),
    "flag",
)
"""Columns behind those of the groups."""


@dataclass(frozen=True, slots=True)
class Estimates:
    """Estimates of a measure, group by group.

    Attributes:
        frame: One row a group and estimator. The columns of the groups, as text, and those of
            `COLUMNS`: ``against`` is empty for a group's own value and names the other group
            for a difference; ``estimator`` is ``naive``, ``gold`` or ``corrected``; ``estimate``,
            ``low`` and ``high`` run from 0 to 1, differences from -1 to 1, and are empty only
            with a ``flag`` that says why; ``uncertain`` is the share of units without a label.
        by: Columns of the groups.
        measure: Such as ``framing=delegitimizing``.
        estimand: What is estimated, in words.
        warnings: What a reader must know before believing it.
        model: Name and hash of the model.
        level: Of the intervals.
        checks: Adjusted counts, one row a group: ``adjusted_count`` and
            ``probabilistic_adjusted_count``; empty without gold labels.
    """

    frame: pd.DataFrame
    by: tuple[str, ...]
    measure: str
    estimand: str
    warnings: tuple[str, ...]
    model: str
    level: float = 0.95
    checks: pd.DataFrame = field(default_factory=pd.DataFrame)
