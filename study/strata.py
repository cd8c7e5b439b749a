"""The frame of a gold sample: every judged sentence of an archive, and the strata it falls in.

Sentences stay in DuckDB; what leaves it is a row for each stratum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ..data.checks import shorten
from ..data.errors import UsageError
from ..data.schema import CLASSES
from .measures import Measure
from .scores import PERIODS, Scores, quoted
from .selection import Selection

PREDICTED = "predicted"
"""In place of a column: what was found in a sentence."""
NO_MENTION, ELSEWHERE, NOWHERE = (
    "no mention",
    "no mention here",
    "no mention in the document",
)
WITHOUT = frozenset({NO_MENTION, ELSEWHERE, NOWHERE})
"""Strata in which only what connote missed can be found."""
PREDICTIONS = (
    NOWHERE,
    ELSEWHERE,
    NO_MENTION,
    "neutral",
    "uncertain",
    "legitimizing",
    "delegitimizing",
)
"""Strata by what was found, each beside the ones that are most like it."""
DELEGITIMIZING = Measure("framing", "delegitimizing")
NONE, OTHER = "(none)", "(other)"
"""Of a document without a value, and of the values that have the fewest sentences."""
_MOST_CELLS = 10_000
MILLION = 1_000_000
"""Probabilities are summed as whole numbers of millionths, the same in whatever order."""
_LONGEST_NAME = 120
_STRONGEST = ("delegitimizing", "legitimizing", "uncertain", "neutral")


@dataclass(frozen=True, slots=True)
class Cell:
    """A stratum, before it is known how many sentences are drawn from it.

    Attributes:
        group: Its values of the columns, in their order.
        predictions: What was found in its sentences; empty where that makes no strata.
        parts: The finest strata that it is made of.
        population: Its sentences.
        side: Mentions in them that take a side.
        doubt: Sum over their mentions of ``p (1 - p)`` of the framing, in millionths.
    """

    group: tuple[str, ...]
    predictions: tuple[str, ...]
    parts: tuple[int, ...]
    population: int
    side: int
    doubt: int

    def name(self, columns: Sequence[str]) -> str:
        """As files and tables call it."""
        values = [
            f"{column}={_brief(value)}" for column, value in zip(columns, self.group, strict=True)
        ]
        if self.predictions:
            values.append(f"{PREDICTED}={' or '.join(self.predictions)}")
        return "; ".join(values) or "all"


@dataclass(frozen=True, slots=True)
class Frame:
    """All sentences that can be drawn, as the view ``sample_frame`` of the scores.

    It has a row for each judged sentence: ``doc_id``, ``sentence``, the number of its
    finest stratum in ``part``, and of the mentions that count ``k``, their number, ``s1``, the
    sum of the probabilities of the measure, and ``s2``, that of their squares.

    Attributes:
        scores: Of the archive.
        columns: That make strata, beside what was found.
        cells: The finest strata.
        selection: The mentions that count.
        measure: Whose probabilities are in the view.
    """

    scores: Scores
    columns: tuple[str, ...]
    cells: tuple[Cell, ...]
    selection: Selection
    measure: Measure

    @property
    def sentences(self) -> int:
        """How many can be drawn."""
        return sum(cell.population for cell in self.cells)


def make_frame(
    scores: Scores,
    by: Sequence[str] = (PREDICTED,),
    selection: Selection | None = None,
    measure: Measure = DELEGITIMIZING,
) -> Frame:
    """Put every judged sentence in its stratum.

    Args:
        scores: Of the archive.
        by: Columns that make strata, and ``predicted``.
        selection: Mentions that count as found: those of a referent or concept. All without it.
        measure: Whose probabilities are summed.

    Raises:
        ScoresError: If a column is missing.
        UsageError: If a column is none of sentences or has too many values, or nothing is
            selected.
    """
    chosen = selection or Selection()
    columns = _checked_columns(scores, by)
    _make_table(scores, columns, chosen, measure)
    cells = _cells(scores, columns, predicted=PREDICTED in by)
    if not any(set(cell.predictions) - WITHOUT or cell.side for cell in cells):
        _check_found(scores, chosen)
    return Frame(scores, columns, cells, chosen, measure)


def least(cell: Cell) -> int:
    """How many sentences a stratum needs so that a variance can be estimated."""
    return min(2, cell.population)


def named(cells: Sequence[Cell], columns: Sequence[str]) -> list[str]:
    """A name for each stratum, no two alike."""
    names: list[str] = []
    for cell in cells:
        name = wanted = cell.name(columns)
        number = 1
        while name in names:
            number += 1
            name = f"{wanted} ({number})"
        names.append(name)
    return names


def _checked_columns(scores: Scores, by: Sequence[str]) -> tuple[str, ...]:
    columns = tuple(dict.fromkeys(name for name in by if name != PREDICTED))
    scores.require(columns)
    allowed = (*scores.own_columns, *PERIODS, "loaded", "copy", "language", "agency")
    for name in columns:
        if name not in allowed:
            raise UsageError(
                f"by: expected a column of documents, such as {', '.join(scores.own_columns)}, "
                f"or {PREDICTED}; found {shorten(name)}, of which a sentence can have several"
            )
    return columns


def _make_table(
    scores: Scores, columns: Sequence[str], selection: Selection, measure: Measure
) -> None:
    condition, values = selection.condition()
    rank = " ".join(f"WHEN '{label}' THEN {i}" for i, label in enumerate(reversed(_STRONGEST)))
    label = " ".join(f"WHEN {i} THEN '{label}'" for i, label in enumerate(reversed(_STRONGEST)))
    doubt = " - ".join(["1.0", *(f"p_framing_{name} ** 2" for name in CLASSES["framing"])])
    whole = f"CAST(round({MILLION} * coalesce(({doubt}) / 2, 0)) AS BIGINT)"
    measured = "0.0" if measure.of_sentences else f"CAST({measure.soft()} AS DOUBLE)"
    split = selection.referent is not None or selection.concept is not None
    nothing = (
        f"CASE WHEN here.doc_id IS NULL THEN '{NOWHERE}' ELSE '{ELSEWHERE}' END"
        if split
        else f"'{NO_MENTION}'"
    )
    of_sentences = ("1", "s.p_loaded", "s.p_loaded ** 2")
    sums = of_sentences if measure.of_sentences else ("k", "s1", "s2")
    own = "".join(
        f", coalesce(nullif(CAST(s.{quoted(name)} AS VARCHAR), ''), '{NONE}') AS g{i}"
        for i, name in enumerate(columns)
    )
    scores.sql(
        f"""
        CREATE OR REPLACE TEMP TABLE sample_found AS
        WITH marked AS (
            SELECT doc_id, sentence, count(*) AS k, sum({measured}) AS s1,
                sum({measured} ** 2) AS s2, sum({whole}) AS doubt,
                max(CASE framing {rank} ELSE 0 END) AS strongest,
                count(*) FILTER (framing IN ('delegitimizing', 'legitimizing')) AS side
            FROM mentions WHERE {condition} GROUP BY doc_id, sentence
        ), here AS (SELECT DISTINCT doc_id FROM marked)
        SELECT s.doc_id, s.sentence{own},
            CASE strongest {label} ELSE {nothing} END AS predicted,
            CAST(coalesce({sums[0]}, 0) AS DOUBLE) AS k,
            CAST(coalesce({sums[1]}, 0) AS DOUBLE) AS s1,
            CAST(coalesce({sums[2]}, 0) AS DOUBLE) AS s2,
            coalesce(doubt, 0) AS doubt, coalesce(side, 0) AS side
        FROM sentences AS s
        LEFT JOIN marked ON s.doc_id = marked.doc_id AND s.sentence = marked.sentence
        LEFT JOIN here ON s.doc_id = here.doc_id
        """,
        values,
    )


def _cells(scores: Scores, columns: Sequence[str], *, predicted: bool) -> tuple[Cell, ...]:
    keys = [f"g{i}" for i in range(len(columns))] + (["predicted"] if predicted else [])
    listed = "".join(f"{key}, " for key in keys)
    grouped = f"GROUP BY {', '.join(keys)}" if keys else ""
    counted = scores.sql(
        f"SELECT {listed}count(*) AS population, CAST(sum(side) AS BIGINT) AS side, "
        f"CAST(sum(doubt) AS BIGINT) AS doubt FROM sample_found {grouped} LIMIT {_MOST_CELLS + 1}"
    )
    if len(counted) > _MOST_CELLS:
        raise UsageError(
            f"by: expected columns with few values, found more than {_MOST_CELLS:,} strata; "
            f"leave out one of {', '.join(columns)}"
        )
    order = {name: place for place, name in enumerate(PREDICTIONS)}
    rows = counted.to_dict("records")
    rows.sort(key=lambda row: [order.get(row[key], row[key]) for key in keys])
    _number_parts(scores, rows, keys)
    return tuple(
        Cell(
            group=tuple(str(row[key]) for key in keys if key != "predicted"),
            predictions=(str(row["predicted"]),) if predicted else (),
            parts=(part,),
            population=int(row["population"]),
            side=int(row["side"]),
            doubt=int(row["doubt"]),
        )
        for part, row in enumerate(rows)
    )


def _number_parts(scores: Scores, rows: Sequence[dict[str, object]], keys: Sequence[str]) -> None:
    """Make the view ``sample_frame``: what was found, with the number of the stratum."""
    numbered = pd.DataFrame([{key: row[key] for key in keys} for row in rows])
    numbered["part"] = range(len(rows))
    scores.register("sample_parts", numbered)
    matched = " AND ".join(f"found.{key} = parts.{key}" for key in keys) or "true"
    scores.sql(
        "CREATE OR REPLACE TEMP VIEW sample_frame AS SELECT found.doc_id, found.sentence, "
        "found.k, found.s1, found.s2, parts.part FROM sample_found AS found "
        f"JOIN sample_parts AS parts ON {matched}"
    )


def _check_found(scores: Scores, selection: Selection) -> None:
    for name in ("referent", "concept"):
        wanted = getattr(selection, name)
        if wanted is None or len(
            scores.sql(f"SELECT 1 FROM mentions WHERE lower({name}) = lower(?) LIMIT 1", [wanted])
        ):
            continue
        common = scores.sql(
            f"SELECT {name} AS name FROM mentions WHERE {name} IS NOT NULL GROUP BY 1 "
            "ORDER BY count(*) DESC, 1 LIMIT 5"
        )
        raise UsageError(
            f"{name}: expected one that the scores have, such as {', '.join(common['name'])}; "
            f"found no mention of {shorten(wanted)}"
        )


def _brief(value: str) -> str:
    return value if len(value) <= _LONGEST_NAME else value[: _LONGEST_NAME - 1] + "…"
