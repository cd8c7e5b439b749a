"""The frame of a gold sample: every judged sentence of an archive, put in its finest stratum.

Sentences stay in DuckDB; what leaves it is a row for each stratum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ..data.checks import shorten
from ..data.errors import UsageError
from ..data.schema import CLASSES
from .measures import Measure, voice_probability
from .scores import PERIODS, Scores, as_group
from .selection import Selection
from .strata import (
    ELSEWHERE,
    MILLION,
    NO_MENTION,
    NOWHERE,
    PREDICTED,
    PREDICTIONS,
    WITHOUT,
    Cell,
)

DELEGITIMIZING = Measure("framing", "delegitimizing")
SQUARED = {"k": "q", "s1": "q1", "s2": "q2"}
"""Sums of mentions, and those with the square of the weight."""
_MOST_CELLS = 10_000
_STRONGEST = ("delegitimizing", "legitimizing", "uncertain", "neutral")


@dataclass(frozen=True, slots=True)
class Frame:
    """All sentences that can be drawn, as the view ``sample_frame`` of the scores.

    It has a row for each judged sentence: ``doc_id``, ``sentence``, the number of its finest
    stratum in ``part``, and sums over the mentions that count, each weighing ``v``, the
    probability that it is in the voice asked for, or 1: of ``p``, the probability of the measure,
    ``k`` is the sum of ``v``, ``s1`` of ``v p``, ``s2`` of ``v p**2``; ``q``, ``q1`` and ``q2``
    are the same of ``v**2``. Where sentences are measured they count themselves.

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
            A voice makes no strata: it is in the sums alone.
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
    condition, values = selection.condition(voice=False)
    rank = " ".join(f"WHEN '{label}' THEN {i}" for i, label in enumerate(reversed(_STRONGEST)))
    label = " ".join(f"WHEN {i} THEN '{label}'" for i, label in enumerate(reversed(_STRONGEST)))
    doubt = " - ".join(["1.0", *(f"p_framing_{name} ** 2" for name in CLASSES["framing"])])
    whole = f"CAST(round({MILLION} * coalesce(({doubt}) / 2, 0)) AS BIGINT)"
    units = "".join(f", sum({unit}) AS {name}" for name, unit in _units(selection, measure).items())
    split = selection.referent is not None or selection.concept is not None
    nothing = (
        f"CASE WHEN here.doc_id IS NULL THEN '{NOWHERE}' ELSE '{ELSEWHERE}' END"
        if split
        else f"'{NO_MENTION}'"
    )
    own = "".join(f", {as_group(name, 's')} AS g{i}" for i, name in enumerate(columns))
    sums = "".join(
        f", CAST(coalesce({value}, 0) AS DOUBLE) AS {name}"
        for name, value in _sums(selection, measure).items()
    )
    # Documents may have columns of any name, so that every other is named with its table.
    scores.sql(
        f"""
        CREATE OR REPLACE TEMP TABLE sample_found AS
        WITH marked AS (
            SELECT doc_id, sentence, sum({whole}) AS doubt,
                max(CASE framing {rank} ELSE 0 END) AS strongest,
                count(*) FILTER (framing IN ('delegitimizing', 'legitimizing')) AS side{units}
            FROM mentions WHERE {condition} GROUP BY doc_id, sentence
        ), here AS (SELECT DISTINCT doc_id FROM marked)
        SELECT s.doc_id, s.sentence{own},
            CASE marked.strongest {label} ELSE {nothing} END AS predicted{sums},
            coalesce(marked.doubt, 0) AS doubt, coalesce(marked.side, 0) AS side
        FROM sentences AS s
        LEFT JOIN marked ON s.doc_id = marked.doc_id AND s.sentence = marked.sentence
        LEFT JOIN here ON s.doc_id = here.doc_id
        """,
        values,
    )


def _units(selection: Selection, measure: Measure) -> dict[str, str]:
    """What a mention adds to the sums of its sentence."""
    if measure.of_sentences:
        voices = ", ".join(map(repr, selection.voices or ()))
        return {"inside": f"CAST(voice IN ({voices}) AS INT)" if voices else "1"}
    p = f"CAST({measure.soft()} AS DOUBLE)"
    v = f"CAST({voice_probability(selection.voices)} AS DOUBLE)"
    weights = {"k": "1.0", "s1": p, "s2": f"{p} ** 2"}
    once = {name: f"{v} * {unit}" for name, unit in weights.items()}
    return once | {SQUARED[name]: f"{v} ** 2 * {unit}" for name, unit in weights.items()}


def _sums(selection: Selection, measure: Measure) -> dict[str, str]:
    """The sums of a sentence; one that is measured itself counts where it has such mentions."""
    if not measure.of_sentences:
        return {name: f"marked.{name}" for name in (*SQUARED, *SQUARED.values())}
    inside = "CAST(marked.inside > 0 AS INT)" if selection.of_mentions else "1"
    of_sentence = {"k": "1", "s1": "s.p_loaded", "s2": "s.p_loaded ** 2"}
    once = {name: f"{inside} * {unit}" for name, unit in of_sentence.items()}
    return once | {SQUARED[name]: unit for name, unit in once.items()}


def _cells(scores: Scores, columns: Sequence[str], *, predicted: bool) -> tuple[Cell, ...]:
    keys = [f"g{i}" for i in range(len(columns))] + ([PREDICTED] if predicted else [])
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
    rows = counted.to_dict("records")
    rows.sort(key=lambda row: [_placed(key, row[key]) for key in keys])
    _number_parts(scores, rows, keys)
    return tuple(
        Cell(
            group=tuple(str(row[key]) for key in keys if key != PREDICTED),
            predictions=(str(row[PREDICTED]),) if predicted else (),
            parts=(part,),
            population=int(row["population"]),
            side=int(row["side"]),
            doubt=int(row["doubt"]),
        )
        for part, row in enumerate(rows)
    )


def _placed(key: str, value: str) -> int | str:
    """Where a stratum stands: by what was found, or by a value of a column."""
    return PREDICTIONS.index(value) if key == PREDICTED else value


def _number_parts(scores: Scores, rows: Sequence[dict[str, object]], keys: Sequence[str]) -> None:
    """Make the view ``sample_frame``: what was found, with the number of the stratum."""
    numbered = pd.DataFrame([{key: row[key] for key in keys} for row in rows])
    numbered["part"] = range(len(rows))
    scores.register("sample_parts", numbered)
    matched = " AND ".join(f"found.{key} = parts.{key}" for key in keys) or "true"
    sums = ", ".join((*SQUARED, *SQUARED.values()))
    scores.sql(
        "CREATE OR REPLACE TEMP VIEW sample_frame AS "
        f"SELECT doc_id, sentence, {sums}, part FROM sample_found AS found "
        f"JOIN sample_parts AS parts ON {matched}"
    )


def _check_found(scores: Scores, selection: Selection) -> None:
    condition, values = selection.condition(voice=False)
    if len(scores.sql(f"SELECT 1 FROM mentions WHERE {condition} LIMIT 1", values)):
        return
    asked = {
        name: wanted
        for name in ("referent", "concept")
        if (wanted := getattr(selection, name)) is not None
    }
    for name, wanted in asked.items():
        _check_named(scores, name, wanted)
    if len(asked) > 1:
        named = " and ".join(f"{name} {shorten(wanted)}" for name, wanted in asked.items())
        raise UsageError(
            f"expected mentions with {named} at once, found none, though there are some with "
            "either; leave out one of them"
        )


def _check_named(scores: Scores, name: str, wanted: str) -> None:
    if len(scores.sql(f"SELECT 1 FROM mentions WHERE lower({name}) = lower(?) LIMIT 1", [wanted])):
        return
    common = scores.sql(
        f"SELECT {name} AS name FROM mentions WHERE {name} IS NOT NULL GROUP BY 1 "
        "ORDER BY count(*) DESC, 1 LIMIT 5"
    )
    raise UsageError(
        f"{name}: expected one that the scores have, such as {', '.join(common['name'])}; "
        f"found no mention of {shorten(wanted)}"
    )
