"""How often each label stands in each group, counted by DuckDB in bounded memory.

What counts as one label: the words of a mention in small letters, without determiners, quotation
marks, invisible characters and possessive ending. *So-called* stays, for it changes the framing.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ..data.errors import ConnoteError, UsageError
from ..infer.results import UNRESOLVED
from ..infer.words import DETERMINERS
from .scores import PERIODS, Scores, as_group, quoted
from .selection import Selection

MOST_GROUPS = 2_000
MOST_ROWS = 1_000_000
"""Of groups times labels: the bound on memory."""
_MOST_LABELS = 20_000
_EXAMPLE_CHARACTERS = 400
_SUGGESTED = 5


class LabelChoiceError(ConnoteError):
    """Labels that cannot be compared."""


@dataclass(frozen=True, slots=True)
class LabelCounts:
    """Counts of labels; groups are numbered by their row in `groups`.

    Attributes:
        groups: The columns of the groups.
        totals: Of each group ``n`` (labels counted), ``documents`` and ``nn``, the sum of squares
            of the labels counted in each document.
        cells: A row for each group and kept label that it uses: ``group``, ``key``, ``y`` (times
            counted), ``documents``, ``yy`` and ``yn`` (sums over documents of the square of the
            label's count, and of its product with all labels counted in the document), ``example``.
        labels: A row for each kept label: ``key``, ``label`` (commonest form), ``framing``
            (commonest), ``archive`` (mentions in the whole archive).
        archive: Mentions in the whole archive.
        unresolved: Those of them whose referent the text leaves open.
        left_out: Labels that are frequent enough, but more than fit.
    """

    groups: pd.DataFrame
    totals: pd.DataFrame
    cells: pd.DataFrame
    labels: pd.DataFrame
    archive: int
    unresolved: int
    left_out: int


def count_labels(
    scores: Scores, by: tuple[str, ...], selection: Selection, least: int, *, once: bool
) -> LabelCounts:
    """Count the labels of a selection.

    Args:
        scores: The archive.
        by: Columns that make the groups.
        selection: What to count.
        least: Labels with fewer mentions are not kept one by one.
        once: Whether a label counts once a document and group.

    Raises:
        LabelChoiceError: If nothing is selected or there are too many groups.
        ScoresError: If a column is missing.
    """
    scores.require([*by, *(column for column, _ in selection.where)])
    keys = [f"g{i}" for i in range(len(by))]
    try:
        _make_cells(scores, by, keys, selection)
        totals = _totals(scores, keys, by, once=once)
        if totals.empty:
            raise _nothing(scores, selection)
        left_out = _make_kept(scores, least, len(totals))
        cells = _cells(scores, keys, once=once)
        labels, total, unresolved = _of_archive(scores, selection)
    finally:
        for table in ("label_cells", "label_kept"):
            scores.sql(f"DROP TABLE IF EXISTS {table}")
    numbers = {tuple(row): i for i, row in enumerate(totals[keys].itertuples(index=False))}
    rows = cells[keys].itertuples(index=False)
    cells["group"] = [numbers[tuple(row)] for row in rows]
    groups = totals[keys].set_axis(list(by), axis=1)
    return LabelCounts(
        groups, totals, cells.drop(columns=keys), labels, total, unresolved, left_out
    )


def groups_without(scores: Scores, counts: LabelCounts, by: tuple[str, ...]) -> list[str]:
    """Groups of the archive that have sentences but no selected mention, at most a few.

    Only columns of documents are looked at; of speakers nobody knows who could have spoken.
    """
    if not by or not set(by) <= {*scores.own_columns, *PERIODS}:
        return []
    chosen = ", ".join(f"{as_group(name)} AS {quoted(name)}" for name in by)
    everywhere = scores.sql(f"SELECT DISTINCT {chosen} FROM rows LIMIT {MOST_GROUPS}")
    found = set(counts.groups[list(by)].itertuples(index=False, name=None))
    every = everywhere.itertuples(index=False, name=None)
    return sorted(" · ".join(group) for group in every if group not in found)


def label_form(column: str) -> str:
    """SQL for the words of a label as they are shown; in small letters they are its key."""
    form = f"nfc_normalize({column})"
    for pattern, by, options in (
        (r"\p{Cf}", "", "g"),
        ('["“”„‟«»‹›‘`]', "", "g"),
        ("’", "''", "g"),
        (r"(^|[^\pL\pN])''", r"\1", "g"),
        (r"[\s\p{Z}\p{Cc}]+", " ", "g"),
        (r"^[ ,.;:–—-]+|[ ,.;:–—-]+$", "", "g"),
        (rf"^(?:(?:{'|'.join(sorted(DETERMINERS))}) )+", "", "i"),
        ("''s?$", "", ""),
    ):
        form = f"regexp_replace({form}, '{pattern}', '{by}'" + (
            f", '{options}')" if options else ")"
        )
    return f"coalesce(nullif({form}, ''), {column})"


def _make_cells(scores: Scores, by: tuple[str, ...], keys: list[str], selection: Selection) -> None:
    """A table with a row for each document, group and label."""
    condition, values = selection.condition()
    chosen = "".join(f"{as_group(name)} AS {key}, " for name, key in zip(by, keys, strict=True))
    numbers = ", ".join(str(i + 1) for i in range(len(by) + 2))
    example = f"left(min_by(sentence_text, (doc_id, sentence)), {_EXAMPLE_CHARACTERS})"
    scores.sql(
        f"CREATE OR REPLACE TEMP TABLE label_cells AS SELECT {chosen}doc_id, "
        f"lower({label_form('mention')}) AS key, count(*) AS uses, {example} AS example "
        f"FROM mentions WHERE {condition} GROUP BY {numbers}",
        values,
    )


def _totals(scores: Scores, keys: list[str], by: tuple[str, ...], *, once: bool) -> pd.DataFrame:
    """What each group has, in the order of their names."""
    listed = "".join(f"{key}, " for key in keys)
    grouped = f"GROUP BY {', '.join(keys)} ORDER BY {', '.join(keys)}" if keys else "HAVING n > 0"
    totals = scores.sql(
        f"SELECT {listed}CAST(sum(n) AS BIGINT) AS n, count(*) AS documents, "
        f"CAST(sum(n * n) AS DOUBLE) AS nn FROM ({_per_document(keys, once=once)}) {grouped} "
        f"LIMIT {MOST_GROUPS + 1}"
    )
    if len(totals) > MOST_GROUPS:
        raise LabelChoiceError(
            f"{scores.path}: expected at most {MOST_GROUPS:,} groups to compare, found more by "
            f"{', '.join(by)}; group by fewer columns or select with where"
        )
    return totals


def _per_document(keys: list[str], *, once: bool) -> str:
    listed = "".join(f"{key}, " for key in keys)
    counted = "count(*)" if once else "sum(uses)"
    return f"SELECT {listed}doc_id, {counted} AS n FROM label_cells GROUP BY {listed}doc_id"


def _make_kept(scores: Scores, least: int, groups: int) -> int:
    """A table of the labels that are told apart; gives how many did not fit."""
    most = max(1, min(_MOST_LABELS, MOST_ROWS // groups))
    enough = "SELECT key, sum(uses) AS uses FROM label_cells GROUP BY key HAVING sum(uses) >= ?"
    found = int(scores.sql(f"SELECT count(*) AS n FROM ({enough})", [least])["n"].iloc[0])
    scores.sql(
        f"CREATE OR REPLACE TEMP TABLE label_kept AS SELECT key FROM ({enough}) "
        f"ORDER BY uses DESC, key LIMIT {most}",
        [least],
    )
    return max(0, found - most)


def _cells(scores: Scores, keys: list[str], *, once: bool) -> pd.DataFrame:
    listed = "".join(f"{key}, " for key in keys)
    using = ", ".join((*keys, "doc_id"))
    uses = "1" if once else "uses"
    return scores.sql(
        f"SELECT {listed}key, CAST(sum({uses}) AS BIGINT) AS y, count(*) AS documents, "
        f"CAST(sum({uses} * {uses}) AS DOUBLE) AS yy, CAST(sum({uses} * n) AS DOUBLE) AS yn, "
        f"min_by(example, doc_id) AS example FROM label_cells "
        f"JOIN ({_per_document(keys, once=once)}) USING ({using}) "
        f"JOIN label_kept USING (key) GROUP BY {listed}key"
    )


def _of_archive(scores: Scores, selection: Selection) -> tuple[pd.DataFrame, int, int]:
    """For each kept label its forms and framing in the selection and its count in the archive."""
    condition, values = selection.condition()
    form = label_form("mention")
    labels = scores.sql(
        "WITH kinds AS (SELECT lower(form) AS key, form, framing, count(*) AS archive, "
        "count(*) FILTER (WHERE chosen) AS uses FROM "
        f"(SELECT {form} AS form, framing, {condition} AS chosen FROM mentions) "
        "WHERE lower(form) IN (SELECT key FROM label_kept) GROUP BY ALL), "
        "forms AS (SELECT key, form, sum(uses) AS uses FROM kinds GROUP BY ALL), "
        "framings AS (SELECT key, framing, sum(uses) AS uses FROM kinds GROUP BY ALL) "
        "SELECT key, CAST(sum(archive) AS BIGINT) AS archive, "
        "(SELECT max_by(form, (uses, form)) FROM forms WHERE forms.key = kinds.key) AS label, "
        "(SELECT max_by(framing, (uses, framing)) FROM framings WHERE framings.key = kinds.key) "
        "AS framing FROM kinds GROUP BY key ORDER BY key",
        values,
    )
    every = scores.sql(
        "SELECT count(*) AS n, count(*) FILTER (WHERE referent IS NULL OR referent = ?) AS open "
        "FROM mentions",
        [UNRESOLVED],
    )
    return labels, int(every["n"].iloc[0]), int(every["open"].iloc[0])


def _nothing(scores: Scores, selection: Selection) -> LabelChoiceError:
    words = selection.words()
    if selection.referent is None:
        return LabelChoiceError(
            f"{scores.path}: expected mentions {words}, found none; select less narrowly"
        )
    common = scores.sql(
        "SELECT referent FROM mentions WHERE referent IS NOT NULL AND referent <> ? "
        f"GROUP BY referent ORDER BY count(*) DESC, referent LIMIT {_SUGGESTED}",
        [UNRESOLVED],
    )
    there = ", ".join(map(str, common["referent"])) or "none"
    return LabelChoiceError(
        f"{scores.path}: expected mentions {words}, found none; the commonest referents are {there}"
    )


def check_arguments(by: tuple[str, ...], prior_words: float, least: int) -> None:
    """Refuse arguments that have no meaning.

    Raises:
        UsageError: Naming the argument.
    """
    if not 0 < prior_words < float("inf"):
        raise UsageError(f"prior_words: expected a number above 0, found {prior_words}")
    if least < 1:
        raise UsageError(f"least: expected a whole number from 1, found {least}")
    if len(set(by)) != len(by):
        raise UsageError(f"by: expected every column once, found {', '.join(by)}")
