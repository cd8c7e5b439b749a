"""All that is known of the groups of a study, by classifier and gold labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..data.errors import UsageError
from ..data.schema import VOICES
from .estimators import Documents, Flags, Floats, Group, Sample
from .gold import Gold
from .gold_units import OF_MENTIONS, Key, units
from .scores import Scores
from .totals import (
    CODE,
    ITEM,
    Question,
    group_columns,
    of_documents,
    of_gold_documents,
    of_gold_sentences,
)

VOICE = "voice"
_HARD, _SOFT = ["hard_y", "hard_d"], ["soft_y", "soft_d"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A group.

    Attributes:
        documents: Its documents with units, by the classifier's labels.
        sentences: With units.
        undecided: Units without a label.
        group: Gold labels and predictions, where there is a gold sample.
        by_label: Units of the class and units of the gold sentences by the classifier's labels,
            shape (n, 2), where there is a gold sample.
        gold_documents: Whose gold sentences have units.
    """

    documents: Documents
    sentences: int
    undecided: float
    group: Group | None = None
    by_label: Floats | None = None
    gold_documents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Panel:
    """The groups, and the gold sample where there is one.

    Attributes:
        cells: By the values of the columns.
        sample: Design of the gold sentences.
        items: Positions of the gold sentences that have the labels that are needed.
    """

    cells: Mapping[Key, Cell]
    sample: Sample | None = None
    items: Sequence[int] = ()


def make_panel(scores: Scores, question: Question, gold: Gold | None) -> Panel:
    """Ask the scores, and the gold labels where there are any.

    Args:
        scores: Of the archive.
        question: What is asked; ``voice`` among its columns makes groups of the three voices.
        gold: Gold labels of sentences of the archive.
    """
    asked = list(_by_voice(question))
    if gold is None:
        return Panel({key: cell for voice, q in asked for key, cell in _naive(scores, q, voice)})
    labels = [_gold_units(gold, q) for _, q in asked]
    items = [i for i in gold.judged if all(found[i] is not None for found in labels)]
    if not items:
        raise UsageError(
            f"{gold.path}: expected gold labels of {question.measure.head}, found no sentence that "
            "has all that are needed; annotate it, or measure something else"
        )
    cells: dict[Key, Cell] = {}
    for (voice, q), found in zip(asked, labels, strict=True):
        cells.update(_with_gold(scores, q, voice, gold, items, found))
    return Panel(cells, gold.sample(items), items)


def _by_voice(question: Question) -> Iterator[tuple[tuple[int, str] | None, Question]]:
    """The question for each voice, where voices are groups, and where they stand in keys."""
    if VOICE not in question.by:
        yield None, question
        return
    at = question.by.index(VOICE)
    others = tuple(column for column in question.by if column != VOICE)
    for voice in question.selection.voices or VOICES:
        selection = replace(question.selection, voice=voice)
        yield (at, voice), Question(question.measure, others, selection)


def _key(values: Sequence[str], voice: tuple[int, str] | None) -> Key:
    if voice is None:
        return tuple(values)
    return (*values[: voice[0]], voice[1], *values[voice[0] :])


def _naive(
    scores: Scores, question: Question, voice: tuple[int, str] | None
) -> Iterator[tuple[Key, Cell]]:
    for values, rows in _grouped(of_documents(scores, question), question.by):
        yield _key(values, voice), _cell(rows)


def _grouped(frame: pd.DataFrame, by: Sequence[str]) -> Iterator[tuple[Key, pd.DataFrame]]:
    if not by:
        yield (), frame
        return
    for values, rows in frame.groupby(group_columns(by), sort=True):
        yield tuple(map(str, values)), rows


def _cell(rows: pd.DataFrame) -> Cell:
    there = rows[rows["hard_d"] > 0]
    codes = there[CODE].to_numpy(np.uint64).astype(np.int64)
    order = np.argsort(codes)
    numbers = there[_HARD].to_numpy(float)[order]
    documents = Documents(codes[order], numbers[:, 0], numbers[:, 1])
    return Cell(documents, int(there["sentences"].sum()), float(there["undecided"].sum()))


def _gold_units(gold: Gold, question: Question) -> list[Mapping[Key, tuple[float, float]] | None]:
    columns = [column for column in question.by if column in OF_MENTIONS]
    return [units(e, question.measure, question.selection, columns) for e in gold.examples]


def _with_gold(
    scores: Scores,
    question: Question,
    voice: tuple[int, str] | None,
    gold: Gold,
    items: Sequence[int],
    labels: Sequence[Mapping[Key, tuple[float, float]] | None],
) -> Iterator[tuple[Key, Cell]]:
    """The groups of one question, with those that gold labels alone have."""
    row = {item: position for position, item in enumerate(items)}
    archive = dict(_grouped(of_documents(scores, question), question.by))
    drawn = dict(
        _grouped(of_gold_sentences(scores, question, gold.table, gold.source), question.by)
    )
    columns = [column for column in question.by if column not in OF_MENTIONS]
    places = of_gold_documents(scores, question.selection, columns, gold.table)
    marked = _marked(places, question, row, labels)
    empty = _no_documents(question)
    for values in sorted({*archive, *marked}):
        rows, mine = archive.get(values, empty), drawn.get(values)
        totals = rows[_SOFT].to_numpy(float).sum(0)
        truth = marked.get(values, np.zeros((len(row), 2)))
        inside = _inside(places, columns, question, values, row)
        group = Group(truth, _placed(mine, row, _SOFT), totals, _cell(rows).documents, inside)
        where = frozenset(
            gold.origin(item).document for item, at in row.items() if truth[at, 1] > 0
        )
        yield (
            _key(values, voice),
            replace(
                _cell(rows),
                group=group,
                by_label=_placed(mine, row, _HARD),
                gold_documents=where,
            ),
        )


def _no_documents(question: Question) -> pd.DataFrame:
    """A frame as `of_documents` gives it, without rows."""
    names = [*group_columns(question.by), CODE, *_HARD, *_SOFT, "undecided", "sentences"]
    return pd.DataFrame({name: [] for name in names})


def _inside(
    places: pd.DataFrame,
    columns: Sequence[str],
    question: Question,
    values: Key,
    row: Mapping[int, int],
) -> Flags:
    """The gold sentences in a group's documents, shape (n,)."""
    wanted = dict(zip(question.by, values, strict=True))
    there = np.ones(len(places), bool)
    for column, name in zip(columns, group_columns(columns), strict=True):
        there &= (places[name] == wanted[column]).to_numpy(bool)
    inside = np.zeros(len(row), bool)
    inside[[row[item] for item in map(int, places[ITEM][there]) if item in row]] = True
    return inside


def _marked(
    places: pd.DataFrame,
    question: Question,
    row: Mapping[int, int],
    labels: Sequence[Mapping[Key, tuple[float, float]] | None],
) -> dict[Key, Floats]:
    """Gold units of each group, shape (n, 2); those outside the selected documents are none."""
    names = [column for column in places.columns if column != ITEM]
    found: dict[Key, Floats] = {}
    for item, *texts in places[[ITEM, *names]].itertuples(index=False):
        for values, numbers in (labels[item] or {}).items():
            own, of_document = iter(values), iter(texts)
            key = tuple(
                next(own) if column in OF_MENTIONS else str(next(of_document))
                for column in question.by
            )
            if item in row:
                truth = found.setdefault(key, np.zeros((len(row), 2)))
                truth[row[item]] += numbers
    return found


def _placed(rows: pd.DataFrame | None, row: Mapping[int, int], names: Sequence[str]) -> Floats:
    """Columns of a frame with `ITEM`, each sentence at its position, shape (n, columns)."""
    values = np.zeros((len(row), len(names)))
    if rows is not None:
        for item, numbers in zip(rows[ITEM], rows[list(names)].to_numpy(float), strict=True):
            if int(item) in row:
                values[row[int(item)]] = numbers
    return values
