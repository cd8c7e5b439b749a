"""The table of label choice: a row for each group and label."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .label_counts import LabelCounts
from .label_odds import Side, weighted

OTHER_LABELS = "(other labels)"
FEW = 20
"""Groups with fewer labels are flagged."""
COLUMNS = (
    "label",
    "framing",
    "mentions",
    "share",
    "documents",
    "others",
    "other_share",
    "log_odds",
    "z",
    "z_clustered",
    "flag",
    "example",
)


def _side(counts: LabelCounts) -> Side:
    shape = len(counts.groups), len(counts.labels)
    at = counts.cells["group"], pd.Index(counts.labels["key"]).get_indexer(counts.cells["key"])
    grids = []
    for name in ("y", "documents", "yy", "yn"):
        grid = np.zeros(shape)
        grid[at] = counts.cells[name]
        grids.append(grid)
    n, nn, clusters = (
        counts.totals[[name]].to_numpy(dtype=np.float64) for name in ("n", "nn", "documents")
    )
    y, documents, yy, yn = grids
    return Side(y, documents, yy, yn, n, nn, clusters)


def compared(
    counts: LabelCounts, by: tuple[str, ...], reference: int | None, prior_words: float
) -> pd.DataFrame:
    """The rows of all groups.

    Args:
        counts: Of the labels.
        by: Columns that make the groups.
        reference: The row of the group to compare the others with, if not with all others.
        prior_words: How many mentions the prior weighs as much as.
    """
    own = _side(counts)
    rest = own.rest(reference)
    prior = prior_words * counts.labels["archive"].to_numpy(dtype=np.float64) / counts.archive
    # A label that is all of the archive has no odds; neither have groups that stand alone.
    sound = (prior < prior_words) & (rest.n > 0)
    usable = np.where(prior < prior_words, prior, prior_words / 2)
    odds, z, z_clustered = weighted(own, rest, usable, prior_words)
    figures = _figures(counts, own, rest)
    for name, values in (("log_odds", odds), ("z", z), ("z_clustered", z_clustered)):
        figures[name] = pd.array(np.where(sound, values, np.nan).ravel(), dtype="Float64")
    figures["flag"] = _flags(own, rest, prior < prior_words).ravel()
    return _arranged(counts, figures, own, rest, by, reference)


def _figures(counts: LabelCounts, own: Side, rest: Side) -> pd.DataFrame:
    """Counts and shares, group after group."""
    groups, labels = own.y.shape
    figures = pd.DataFrame(
        {
            "group": np.repeat(np.arange(groups), labels),
            "key": np.tile(counts.labels["key"].to_numpy(), groups),
            "label": np.tile(counts.labels["label"].to_numpy(), groups),
            "framing": np.tile(counts.labels["framing"].to_numpy(), groups),
            "mentions": own.y.ravel().astype(np.int64),
            "share": own.shares().ravel(),
            "documents": own.documents.ravel().astype(np.int64),
            "others": rest.y.ravel().astype(np.int64),
            "other_share": rest.shares().ravel(),
        }
    )
    examples = counts.cells[["group", "key", "example"]]
    return figures.merge(examples, on=["group", "key"], how="left")


def _flags(own: Side, rest: Side, known: NDArray[np.bool_]) -> NDArray[np.object_]:
    one = (own.documents == 1) | ((own.documents == 0) & (rest.documents == 1))
    flags = np.full(own.y.shape, "", dtype=object)
    for words, where in (
        ("nothing to compare with", rest.n == 0),
        ("the only label of the archive", ~known),
        (f"fewer than {FEW} labels in the group", own.n < FEW),
        ("from one document", one),
    ):
        said = np.where(flags == "", words, flags + "; " + words)
        flags = np.where(np.broadcast_to(where, flags.shape), said, flags)
    return flags


def _arranged(
    counts: LabelCounts,
    figures: pd.DataFrame,
    own: Side,
    rest: Side,
    by: tuple[str, ...],
    reference: int | None,
) -> pd.DataFrame:
    """Groups by name, labels by z, what was put together at the end."""
    figures = pd.concat([figures, _others(own, rest)], ignore_index=True)
    figures = figures[
        (figures["group"] != reference) & (figures["mentions"] + figures["others"] > 0)
    ]
    figures["last"] = figures["label"] == OTHER_LABELS
    figures["example"] = figures["example"].fillna("")
    figures = figures.sort_values(
        ["group", "last", "z", "mentions", "label"], ascending=[True, True, False, False, True]
    ).reset_index(drop=True)
    groups = counts.groups[list(by)].iloc[figures["group"]].reset_index(drop=True)
    return pd.concat([groups, figures[list(COLUMNS)]], axis=1)


def _others(own: Side, rest: Side) -> pd.DataFrame:
    """A row for each group: the labels that are not told apart."""
    mine = (own.n - own.y.sum(axis=1, keepdims=True)).ravel()
    theirs = (rest.n - rest.y.sum(axis=1, keepdims=True)).ravel()
    totals = rest.n.ravel()
    missing = pd.array([pd.NA] * len(mine), dtype="Float64")
    return pd.DataFrame(
        {
            "group": np.arange(len(mine)),
            "label": OTHER_LABELS,
            "framing": "",
            "mentions": mine.astype(np.int64),
            "share": mine / own.n.ravel(),
            "documents": pd.array([pd.NA] * len(mine), dtype="Int64"),
            "others": theirs.astype(np.int64),
            "other_share": np.divide(theirs, totals, out=np.zeros_like(mine), where=totals > 0),
            "log_odds": missing,
            "z": missing,
            "z_clustered": missing,
            "flag": "rare labels together",
        }
    )
