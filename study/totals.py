"""Totals of documents and of gold sentences, group by group, asked of the scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from .measures import Measure, voice_probability
from .scores import Scores, as_group
from .selection import Condition, Selection

ITEM, CODE = "connote_item", "connote_code"
"""Columns beside those of groups: a gold sentence, a document."""
_LABELLED = "framing <> 'none'"
_SUMS = ("hard_y", "hard_d", "soft_y", "soft_d", "undecided")


@dataclass(frozen=True, slots=True)
class Source:
    """Views of the labels that are counted.

    Attributes:
        mentions: With the columns of ``mentions`` that are asked for.
        sentences: With those of ``sentences``.
    """

    mentions: str = "mentions"
    sentences: str = "sentences"


SCORED = Source()
"""The scores themselves."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a measure of what is selected, by some columns.

    Attributes:
        measure: What to measure.
        by: Columns whose values are the groups; none of them is ``voice``.
        selection: What counts.
    """

    measure: Measure
    by: tuple[str, ...]
    selection: Selection


def of_documents(scores: Scores, question: Question) -> pd.DataFrame:
    """Totals of each document in each group.

    Returns:
        One row a document and group, with the group's values as text in the columns of
        `group_columns`, and: `CODE` of the document; ``hard_y`` and ``hard_d``, units of the class
        and units by the labels; ``soft_y`` and ``soft_d``, the same by probabilities;
        ``undecided`` units; ``sentences`` with units.
    """
    return scores.sql(*_query(question, f"hash(doc_id) AS {CODE}", "", "doc_id", SCORED))


def of_gold_sentences(
    scores: Scores, question: Question, table: str, source: Source
) -> pd.DataFrame:
    """The same of each gold sentence in each group, with `ITEM` in place of `CODE`.

    Args:
        scores: Of the archive.
        question: What is asked.
        table: The gold sentences, with columns `ITEM`, ``doc_id`` and ``sentence``.
        source: Of their labels.
    """
    return scores.sql(*_query(question, ITEM, _joined(table), ITEM, source))


def group_columns(by: Sequence[str]) -> list[str]:
    """Names that the columns of groups have in these tables, since their own may clash."""
    return [f"connote_group_{i}" for i in range(len(by))]


def unnamed_voices(scores: Scores, selection: Selection) -> int:
    """Mentions of a selection by voice that are in no voice, since theirs is uncertain."""
    condition, values = selection.condition(voice=False)
    query = f"SELECT count(*) AS n FROM mentions WHERE {condition} AND voice = 'uncertain'"
    return int(scores.sql(query, values)["n"][0])


def _query(question: Question, key: str, join: str, unit: str, source: Source) -> Condition:
    groups = group_columns(question.by)
    units, values = _units(question, join, source)
    sums = [f"sum({name})::DOUBLE AS {name}" for name in _SUMS]
    return (
        f"SELECT {', '.join([key, *groups, *sums])}, "
        "count(DISTINCT CASE WHEN hard_d > 0 THEN sentence END) AS sentences "
        f"FROM ({units}) GROUP BY {', '.join([unit, *groups])}"
    ), values


def _units(question: Question, join: str, source: Source) -> Condition:
    """One row a unit, with what it adds to each sum."""
    sums, table, (condition, values) = (
        _of_sentences(question, source)
        if question.measure.of_sentences
        else _of_mentions(question, source)
    )
    chosen = ["doc_id", "sentence", *([ITEM] if join else []), *_as_text(question.by)]
    chosen += [f"{sql} AS {name}" for name, sql in zip(_SUMS, sums, strict=True)]
    return f"SELECT {', '.join(chosen)} FROM {table} {join} WHERE {condition}", values


def _of_mentions(question: Question, source: Source) -> tuple[tuple[str, ...], str, Condition]:
    """Mentions whatever their voice: by probability each may be in the one asked for."""
    measure, selection = question.measure, question.selection
    voices = selection.voices
    inside = "true" if voices is None else f"voice IN ({', '.join(map(repr, voices))})"
    hard = f"CAST({_LABELLED} AND {inside} AS INT)"
    named = "(1 - coalesce(p_framing_none, 0))"
    spoken = voice_probability(voices)
    of_class = measure.soft() if measure.head == "framing" else f"{named} * {measure.soft()}"
    return (
        (
            f"{hard} * {measure.hard()}",
            hard,
            f"{spoken} * {of_class}",
            f"{spoken} * {named}",
            f"{hard} * CAST({measure.head} = 'uncertain' AS INT)",
        ),
        source.mentions,
        selection.condition(voice=False),
    )


def _of_sentences(question: Question, source: Source) -> tuple[tuple[str, ...], str, Condition]:
    """Sentences; where mentions are selected, those that have one of these."""
    selection = question.selection
    condition, values = selection.documents()
    if selection.of_mentions:
        inside, more = selection.condition()
        pairs = f"SELECT (doc_id, sentence) FROM {source.mentions} WHERE {inside}"
        condition, values = f"{condition} AND (doc_id, sentence) IN ({pairs})", [*values, *more]
    undecided = "CAST(loaded = 'uncertain' AS INT)"
    return ("p_loaded", "1", "p_loaded", "1", undecided), source.sentences, (condition, values)


def of_gold_documents(
    scores: Scores, selection: Selection, columns: Sequence[str], table: str
) -> pd.DataFrame:
    """The gold sentences that stand in the selected documents, with columns of these as text.

    Returns:
        One row a sentence: `ITEM` and those of `group_columns`.
    """
    condition, values = selection.documents()
    return scores.sql(
        f"SELECT {', '.join([ITEM, *_as_text(columns)])} FROM sentences {_joined(table)} "
        f"WHERE {condition}",
        values,
    )


def _joined(table: str) -> str:
    return f"JOIN {table} USING (doc_id, sentence)"


def _as_text(columns: Sequence[str]) -> list[str]:
    names = group_columns(columns)
    return [f"{as_group(column)} AS {name}" for column, name in zip(columns, names, strict=True)]
