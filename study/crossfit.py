"""Judgements of gold sentences by networks that never saw them, in place of the scores.

A model that learnt from gold sentences judges these better than others; corrected with them, its
errors elsewhere would be underestimated. `connote train --from` therefore keeps what each fold's
network says of the sentences that were kept from it (cross-fitting: Chernozhukov et al. 2018;
Zrnic and Candès 2024).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd

from ..data.checks import RecordError, read_lines, shorten
from ..data.errors import ConnoteError
from ..data.schema import CLASSES, MENTION_LABELS, Example
from .scores import Scores
from .totals import ITEM, Source

_LABELS = tuple(map(str, MENTION_LABELS))
_CHANCES = tuple(f"p_{head}_{label}" for head in _LABELS for label in CLASSES[head])
_NAMES = ("referent", "speaker_name")
_NUMBERS = count()


class CrossfitError(ConnoteError):
    """Judgements that do not belong to the gold sentences."""


def use_crossfit(
    path: Path, examples: Sequence[Example], table: str, scores: Scores
) -> tuple[Source, frozenset[int]]:
    """Make views of the gold sentences as networks judge them that never saw them.

    Args:
        path: ``crossfit.jsonl`` of an adapted model.
        examples: Gold records.
        table: Their places, in the scores.
        scores: Of the archive, by the adapted model.

    Returns:
        Where to look for the gold sentences' labels, and positions of the sentences that have any.

    Raises:
        CrossfitError: If the file is not of these records.
    """
    found = dict(_read(path))
    items = [i for i, example in enumerate(examples) if example.id in found]
    if not items:
        raise CrossfitError(
            f"{path}: expected judgements of the gold sentences, found none with their ids; give "
            "the file of the model that learnt from them"
        )
    number = next(_NUMBERS)
    sentences = [{ITEM: i, **_loaded(path, found[examples[i].id])} for i in items]
    rows = list(_mentions(path, items, [found[examples[i].id] for i in items], scores, table))
    columns = [ITEM, *_LABELS, *_CHANCES, "concept", *_NAMES]
    scores.register(f"connote_said_{number}", pd.DataFrame(sentences))
    scores.register(f"connote_found_{number}", pd.DataFrame(rows, columns=columns))
    source = Source(f"connote_mentions_{number}", f"connote_sentences_{number}")
    scores.make_view(
        source.sentences,
        f"SELECT s.* REPLACE (c.p_loaded AS p_loaded, c.loaded AS loaded) FROM sentences s "
        f"JOIN {table} g USING (doc_id, sentence) JOIN connote_said_{number} c USING ({ITEM})",
    )
    scores.make_view(
        source.mentions,
        f"SELECT s.*, c.* EXCLUDE ({ITEM}) FROM sentences s "
        f"JOIN {table} g USING (doc_id, sentence) JOIN connote_found_{number} c USING ({ITEM})",
    )
    return source, frozenset(items)


def _read(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not path.is_file():
        raise CrossfitError(
            f"{path}: expected crossfit.jsonl of an adapted model, found no such file"
        )
    for line, row in read_lines(path):
        if isinstance(row, RecordError):
            raise row
        if not isinstance(row, dict) or not isinstance(row.get("id"), str):
            raise CrossfitError(
                f"{path}:{line}: expected an object with an id, found {shorten(row)}; give the "
                "file as connote train wrote it"
            )
        yield row["id"], row


def _loaded(path: Path, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "p_loaded": _chance(path, row, "p_loaded"),
        "loaded": str(row.get("loaded")),
    }


def _chance(path: Path, row: Mapping[str, Any], name: str) -> float:
    value = row.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise CrossfitError(
            f"{path}: expected a probability {name}, found {shorten(value)}; give the file as "
            "connote train wrote it"
        )
    return float(value)


def _mentions(
    path: Path,
    items: Sequence[int],
    rows: Sequence[Mapping[str, Any]],
    scores: Scores,
    table: str,
) -> Iterator[dict[str, Any]]:
    """What was found, with referent and speaker of the scored mention that it overlaps."""
    scored = scores.sql(
        f"SELECT {ITEM}, mention_start - sentence_start AS start, "
        f"mention_end - sentence_start AS stop, {', '.join(_NAMES)} FROM mentions "
        f"JOIN {table} USING (doc_id, sentence)"
    )
    known = {int(item): part.to_dict("records") for item, part in scored.groupby(ITEM)}
    for item, row in zip(items, rows, strict=True):
        mentions = row.get("found")
        if not isinstance(mentions, list) or not all(isinstance(m, dict) for m in mentions):
            raise CrossfitError(
                f"{path}: expected a list 'found' of mentions, found {shorten(mentions)}; give "
                "the file as connote train wrote it"
            )
        for mention in mentions:
            names = _names_of(mention, known.get(item, []))
            chances = {name: _chance(path, mention, name) for name in _CHANCES}
            labels = {name: mention.get(name) for name in (*_LABELS, "concept")}
            yield {ITEM: item, **labels, **chances, **names}


def _names_of(mention: Mapping[str, Any], scored: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    start, end = mention.get("start"), mention.get("end")
    if not isinstance(start, int) or not isinstance(end, int):
        return dict.fromkeys(_NAMES)
    overlaps = [
        (min(end, one["stop"]) - max(start, one["start"]), i) for i, one in enumerate(scored)
    ]
    most, at = max(overlaps, default=(0, 0))
    if most <= 0:
        return dict.fromkeys(_NAMES)
    return {name: scored[at][name] for name in _NAMES}
