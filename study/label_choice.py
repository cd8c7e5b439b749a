"""Which labels each group uses for one referent, and which of them tell the groups apart.

Counts and shares, and the weighted log-odds of Monroe, Colaresi and Quinn (2008): "Fightin'
Words: Lexical Feature Selection and Evaluation for Identifying the Content of Political Conflict",
Political Analysis 16(4), 372-403.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ..data.checks import shorten
from ..data.errors import UsageError
from .label_counts import (
    LabelChoiceError,
    LabelCounts,
    check_arguments,
    count_labels,
    groups_without,
)
from .label_table import COLUMNS, OTHER_LABELS, compared
from .scores import Scores
from .selection import Selection

PRIOR_WORDS = 200.0
"""Mentions that the prior weighs as much as."""
_NAMED = 5
_MODEL_WARNING = (
    "Labels are those that connote found and the framing is its own: what it misses or takes for a "
    "label by mistake is not corrected here."
)
_CLUSTER_WARNING = (
    "z takes mentions as independent; those of one document are not, so z is too large. "
    "z_clustered allows for it (Rao and Scott 1992). Neither is adjusted for the number of labels "
    "compared."
)
_ONCE_WARNING = (
    "z takes the labels of one document as independent. z_clustered allows for their clustering "
    "(Rao and Scott 1992). Neither is adjusted for the number of labels compared."
)


@dataclass(frozen=True, slots=True)
class LabelChoice:
    """The labels of each group beside those of the others.

    Attributes:
        frame: A row for each group and label, also where a group never uses what others do:
            the columns of `by` (text), ``label`` (its commonest form), ``framing`` (commonest
            predicted), ``mentions``, ``share`` (of the group's labels, 0 to 1), ``documents``,
            ``others`` and ``other_share`` (the same of the rest), ``log_odds`` and ``z`` (above
            0: the group's own), ``z_clustered`` (allows for labels that repeat in a document),
            ``flag`` and ``example`` (a sentence). What cannot be compared is missing and flagged.
            Shares of a group sum to one. By group, then by z downwards.
        by: Columns that make the groups.
        against: The group that the others are compared with; ``None`` is all others together.
        estimand: What the figures are, in words.
        warnings: What to know before one believes them.
        model: That judged.
    """

    frame: pd.DataFrame
    by: tuple[str, ...]
    against: tuple[str, ...] | None
    estimand: str
    warnings: tuple[str, ...]
    model: str


def label_choice(
    scores: Scores,
    by: Sequence[str] = ("outlet",),
    selection: Selection | None = None,
    against: str | Sequence[str] | None = None,
    *,
    prior_words: float = PRIOR_WORDS,
    least: int = 2,
    once_per_document: bool = False,
) -> LabelChoice:
    """Compare which labels groups choose.

    For label w, group i and rest j with counts y and totals n, the weighted log-odds are::

        log((y_iw + a_w) / (n_i + A - y_iw - a_w)) - log((y_jw + a_w) / (n_j + A - y_jw - a_w))

    with a_w = A * (share of w among all labels of the archive) and A = `prior_words` (eqs. 15, 16
    and 23 of Monroe et al. 2008). Their variance is the sum of 1 / (y + a_w) and
    1 / (n + A - y - a_w) over both sides, which the authors shorten for words that are rare
    (eqs. 19 and 20); labels of one referent are not rare, so it is kept whole. z is the log-odds
    over its root (eq. 22).

    The label's documents give its design effect in each group, from the variance of its share
    between documents (Rao and Scott 1992, "A simple method for the analysis of clustered binary
    data", Biometrics 48, 577-585). z_clustered is the same log-odds over the root of the variance
    in which each side's part is multiplied by its design effect, so never larger than z. A
    document is a cluster in each group that it has labels in.

    Args:
        scores: The archive.
        by: Columns that make the groups: the documents' own, ``month``, ``speaker_name``,
            ``voice`` and so on. With copies ``apart``, ``copy`` is added.
        selection: What to count.
        against: A group to compare all others with, its values in the order of `by`; without it
            each is compared with all others together.
        prior_words: How many mentions the prior weighs as much as.
        least: Labels with fewer mentions are put together as ``(other labels)``.
        once_per_document: Count each label once a document and group. ``mentions`` and shares
            then count such labels.

    Raises:
        LabelChoiceError: If nothing is selected, there are too many groups, or `against` is none.
        ScoresError: If a column is missing.
        UsageError: If an argument has no meaning.
    """
    selection = selection or Selection()
    by = _columns(by, selection)
    check_arguments(by, prior_words, least)
    counts = count_labels(scores, by, selection, least, once=once_per_document)
    reference = _reference(scores, counts, by, against)
    frame = compared(counts, by, reference, prior_words)
    odds = prior_words if len(counts.groups) > 1 else None
    group = None if reference is None else tuple(counts.groups.loc[reference, list(by)])
    return LabelChoice(
        frame,
        by,
        group,
        _estimand(by, selection, group, odds, once=once_per_document),
        tuple(_warnings(scores, counts, by, selection, once=once_per_document)),
        scores.model,
    )


def _columns(by: Sequence[str], selection: Selection) -> tuple[str, ...]:
    found = (by,) if isinstance(by, str) else tuple(by)
    if selection.copies == "apart" and "copy" not in found:
        found = (*found, "copy")
    clash = [name for name in found if name in COLUMNS]
    if clash:
        raise UsageError(
            f"by: expected columns that are no figures of the result, found {shorten(clash[0])}; "
            "give the column of the archive another name"
        )
    return found


def _reference(
    scores: Scores,
    counts: LabelCounts,
    by: tuple[str, ...],
    against: str | Sequence[str] | None,
) -> int | None:
    """The row of the group to compare with."""
    if against is None:
        return None
    wanted = (against,) if isinstance(against, str) else tuple(against)
    groups = list(counts.groups[list(by)].itertuples(index=False, name=None))
    if wanted in groups:
        return groups.index(wanted)
    there = ", ".join(shorten(" · ".join(group)) for group in groups[:_NAMED])
    more = f" and {len(groups) - _NAMED:,} more" if len(groups) > _NAMED else ""
    raise LabelChoiceError(
        f"{scores.path}: expected a group with such mentions to compare with, found "
        f"{shorten(' · '.join(wanted))}; there are {there}{more}"
    )


def _estimand(
    by: tuple[str, ...],
    selection: Selection,
    against: tuple[str, ...] | None,
    prior_words: float | None,
    *,
    once: bool,
) -> str:
    named = " and ".join(by)
    mentions = " ".join(["mentions", selection.words()])
    counted = "each label counted once a document" if once else "each mention counted"
    rest = "all other groups together" if against is None else " · ".join(against)
    groups = f" of each {named}" if by else ""
    shares = f"Share of each label among all {mentions}{groups}, {counted}"
    if prior_words is None:
        return f"{shares}."
    return (
        f"{shares}; weighted log-odds against {rest} with an informative Dirichlet prior from the "
        f"labels of the whole archive, worth {prior_words:,.0f} mentions, with z-scores (Monroe, "
        "Colaresi and Quinn 2008)."
    )


def _warnings(
    scores: Scores,
    counts: LabelCounts,
    by: tuple[str, ...],
    selection: Selection,
    *,
    once: bool,
) -> list[str]:
    found = [_MODEL_WARNING]
    if len(counts.groups) > 1:
        found.append(_ONCE_WARNING if once else _CLUSTER_WARNING)
    else:
        found.append("There is one group, so that no label can be compared.")
    if selection.referent is not None and counts.unresolved:
        found.append(
            f"The referent of {counts.unresolved:,} of the archive's {counts.archive:,} mentions "
            "is unresolved; those that mean this one are not counted."
        )
    if counts.left_out:
        found.append(f"{counts.left_out:,} rarer labels do not fit and count as {OTHER_LABELS}.")
    empty = groups_without(scores, counts, by)
    if empty:
        named = ", ".join(shorten(group) for group in empty[:_NAMED])
        more = f" and {len(empty) - _NAMED:,} more" if len(empty) > _NAMED else ""
        found.append(f"Without any such mention: {named}{more}.")
    return found
