"""What can be asked of scores and gold labels, and what cannot."""

from __future__ import annotations

from collections.abc import Sequence

from ..data.checks import shorten
from ..data.errors import UsageError
from .estimates import COLUMNS
from .gold import Gold
from .gold_units import OF_MENTIONS
from .measures import Measure
from .panel import VOICE
from .scores import Scores
from .selection import Selection

RESERVED = frozenset({*COLUMNS, "measure", "estimand", "warnings", "model", "level"})
"""Columns of tables of estimates, which groups cannot have."""


def check_columns(
    scores: Scores,
    gold: Gold | None,
    measure: Measure,
    columns: Sequence[str],
    selection: Selection,
) -> None:
    """Refuse columns that cannot make groups or be selected by.

    Raises:
        ScoresError, UsageError: Naming the column and what was expected.
    """
    scores.require([*columns, *(column for column, _ in selection.where)])
    if len(set(columns)) < len(columns):
        raise UsageError(f"by: expected each column once, found {', '.join(columns)}")
    known = scores.sentence_columns
    for column, _ in selection.where:
        if column not in known:
            found = f"where {shorten(column)}: found a column of mentions"
            raise UsageError(f"{found}, expected one of documents")
    for column in columns:
        _check_group(column, measure, gold, of_sentence=column in known)


def _check_group(column: str, measure: Measure, gold: Gold | None, *, of_sentence: bool) -> None:
    if column in RESERVED:
        raise UsageError(
            f"by {shorten(column)}: expected a column with a name that estimates do not have "
            "themselves; rename it in the documents"
        )
    if measure.of_sentences and not of_sentence:
        raise UsageError(
            f"by {shorten(column)}: expected a column of documents or sentences for "
            f"{measure.name}, found one of mentions; choose another, or select mentions"
        )
    if gold is not None and not of_sentence and column not in (*OF_MENTIONS, VOICE):
        raise UsageError(
            f"by {shorten(column)}: gold labels do not tell it; expected a column of "
            f"documents, {VOICE} or {', '.join(OF_MENTIONS)}, or a study without gold"
        )


def check_found(scores: Scores, selection: Selection, measure: Measure | None, gold: bool) -> None:
    """Refuse a selection of nothing, naming what there is.

    Args:
        scores: Of the archive.
        selection: What counts.
        measure: What is measured, if anything is.
        gold: Whether there are gold labels, which may know voices that scores do not.

    Raises:
        UsageError: If nothing is selected.
    """
    of_sentences = measure is not None and measure.of_sentences and not selection.of_mentions
    table = "sentences" if of_sentences else "mentions"
    condition, values = (
        selection.documents() if of_sentences else selection.condition(voice=not gold)
    )
    query = f"SELECT count(*) AS n FROM {table} WHERE {condition}"
    if scores.sql(query, values)["n"][0]:
        return
    common = scores.sql(
        "SELECT referent FROM mentions WHERE referent IS NOT NULL "
        "GROUP BY referent ORDER BY count(*) DESC, referent LIMIT 8"
    )["referent"]
    raise UsageError(
        f"expected {table} {selection.words()}, found none in {scores.path}; "
        f"commonest referents are {', '.join(map(shorten, common)) or 'none'}"
    )
