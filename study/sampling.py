"""A gold sample: sentences drawn from an archive so that each one's probability is known.

Within a stratum every subset of a given size has the same chance, which is stratified simple
random sampling without replacement (Cochran 1977, ch. 5). Sentences are put in the order of a hash
of seed, document and number, and the first are taken: the hash takes the part of random
numbers that stay with their sentence (Ohlsson 1995), so that the draw depends neither on files
nor threads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import pandas as pd

from ..data.checks import shorten
from ..data.errors import UsageError
from ..data.schema import MENTION_LABELS
from ..infer.documents import QUOTE_CONTINUED
from .allocation import allocate
from .collapse import collapsed
from .frame import Frame, make_frame
from .sample_folder import PredictedMention, SampleDesign, SampledItem, SampleError, Stratum
from .scores import Scores
from .selection import Selection
from .strata import PREDICTED, Cell, named

MOST = 100_000
"""Sentences of a sample, which are kept in memory."""
_MENTION_COLUMNS = (
    *("mention_start", "mention_end", "concept", "referent", "speaker", "speaker_name"),
    *MENTION_LABELS,
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sample that was drawn.

    Attributes:
        design: How.
        items: The sentences, in an order that tells nothing of their strata.
        notes: What whoever drew it should know.
    """

    design: SampleDesign
    items: tuple[SampledItem, ...]
    notes: tuple[str, ...]


def draw(
    scores: Scores,
    size: int,
    by: Sequence[str] = (PREDICTED,),
    *,
    referent: str | None = None,
    concept: str | None = None,
    seed: int = 0,
) -> Drawn:
    """Draw a stratified probability sample of the judged sentences.

    Args:
        scores: Of the archive.
        size: How many sentences.
        by: Columns of documents that make strata, and ``predicted`` for what was found.
        referent: Only mentions of this referent count as found; sentences without one fall in
            those whose document has one elsewhere and those whose document has none.
        concept: The same for a concept.
        seed: Another draws another sample.

    Raises:
        UsageError: If there are fewer sentences, or the size is below 2.
        ScoresError: If a column is missing.
        SampleError: If scores contradict themselves.
    """
    if seed < 0:
        raise UsageError(f"seed: expected a whole number from 0, found {seed}")
    frame = make_frame(scores, by, Selection(referent=referent, concept=concept))
    check_size(frame, size)
    cells, notes = collapsed(frame.cells, size)
    counts = allocate(cells, size)
    names = named(cells, frame.columns)
    strata = tuple(
        Stratum(name, cell.population, count)
        for name, cell, count in zip(names, cells, counts, strict=True)
    )
    rows = _read(scores, _drawn(frame, cells, counts, seed))
    columns = (*frame.columns, *([PREDICTED] if PREDICTED in by else []))
    design = SampleDesign(
        model=scores.model,
        connote=version("connote"),
        seed=seed,
        size=size,
        by=columns,
        referent=referent,
        concept=concept,
        sentences=frame.sentences,
        strata=strata,
    )
    return Drawn(design, tuple(_items(scores, rows, strata)), (*notes, *_taken_whole(strata)))


def check_size(frame: Frame, size: int) -> None:
    """Refuse a size that cannot be drawn.

    Raises:
        UsageError: If it is below 2 or above the number of sentences.
    """
    if size < 2:
        raise UsageError(
            f"-n: expected at least 2 sentences, found {size}; no interval can be made of fewer"
        )
    if size > frame.sentences:
        raise UsageError(
            f"-n: expected at most {frame.sentences:,}, the sentences that were judged, found "
            f"{size:,}; take fewer, or score more documents"
        )
    if size > MOST:
        raise UsageError(f"-n: expected at most {MOST:,} sentences, found {size:,}; take fewer")


def _drawn(frame: Frame, cells: Sequence[Cell], counts: Sequence[int], seed: int) -> pd.DataFrame:
    """Draw: document, sentence, position of the stratum, in shuffled order."""
    parts = [(part, place) for place, cell in enumerate(cells) for part in cell.parts]
    frame.scores.register("sample_strata", pd.DataFrame(parts, columns=["part", "stratum"]))
    # Only the first of each stratum are kept in memory, however many sentences there are.
    first = frame.scores.sql(
        """
        WITH keyed AS (
            SELECT stratum, doc_id, sentence,
                md5(concat_ws('|', 'draw', ?, sentence, doc_id)) AS key
            FROM sample_frame JOIN sample_strata USING (part)
        ), first AS (
            SELECT stratum, min_by({'doc_id': doc_id, 'sentence': sentence}, key, ?) AS chosen
            FROM keyed GROUP BY stratum
        )
        SELECT stratum, unnest(chosen, recursive := true),
            generate_subscripts(chosen, 1) AS place FROM first
        """,
        [str(seed), max(counts)],
    )
    wanted = first["stratum"].map(dict(enumerate(counts)))
    frame.scores.register("sample_chosen", first[first["place"] <= wanted])
    return frame.scores.sql(
        "SELECT stratum, doc_id, sentence FROM sample_chosen "
        "ORDER BY md5(concat_ws('|', 'order', ?, sentence, doc_id))",
        [str(seed)],
    )


def _read(scores: Scores, drawn: pd.DataFrame) -> list[dict[str, Any]]:
    """What stands in the drawn sentences and beside them: one more pass over the archive."""
    near = drawn.assign(place=range(len(drawn)))
    scores.register(
        "sample_wanted",
        pd.concat(
            [near.assign(sentence=near["sentence"] + step, step=step) for step in (-1, 0, 1)]
        ),
    )
    mention = ", ".join(f"'{name}': {name}" for name in _MENTION_COLUMNS)
    told = scores.sql(
        f"""
        SELECT wanted.place, wanted.step, any_value(wanted.stratum) AS stratum,
            rows.doc_id, rows.sentence,
            any_value(sentence_start) AS sentence_start, any_value(sentence_end) AS sentence_end,
            coalesce(any_value(sentence_text), '') AS text,
            coalesce(any_value(CAST(flags AS VARCHAR)) LIKE '%{QUOTE_CONTINUED}%', false)
                AS in_quote,
            list({{{mention}}} ORDER BY mention_start, mention_end)
                FILTER (mention IS NOT NULL AND wanted.step = 0) AS mentions
        FROM rows JOIN sample_wanted AS wanted
            ON rows.doc_id = wanted.doc_id AND rows.sentence = wanted.sentence
        GROUP BY wanted.place, wanted.step, rows.doc_id, rows.sentence
        ORDER BY wanted.place, wanted.step
        """
    )
    texts = {(row["place"], row["step"]): row["text"] for row in told.to_dict("records")}
    return [
        {
            **row,
            "before": texts.get((row["place"], -1)) or "",
            "after": texts.get((row["place"], 1)) or "",
        }
        for row in told[told["step"] == 0].to_dict("records")
    ]


def _items(
    scores: Scores, rows: Iterable[Mapping[str, Any]], strata: Sequence[Stratum]
) -> Iterable[SampledItem]:
    listed = list(rows)
    width = max(4, len(str(len(listed))))
    for number, row in enumerate(listed, 1):
        stratum = strata[row["stratum"]]
        if not row["text"]:
            raise SampleError(
                f"{scores.path}: expected a text of every sentence, found none of sentence "
                f"{row['sentence']} of {shorten(row['doc_id'])}; score the document again"
            )
        yield SampledItem(
            id=f"s{number:0{width}}",
            document=row["doc_id"],
            sentence=int(row["sentence"]),
            start=int(row["sentence_start"]),
            end=int(row["sentence_end"]),
            text=row["text"],
            before=row["before"],
            after=row["after"],
            stratum=stratum.stratum,
            population=stratum.population,
            sampled=stratum.sampled,
            probability=stratum.sampled / stratum.population,
            in_quote=bool(row["in_quote"]),
            mentions=tuple(_mentions(scores, row)),
        )


def _mentions(scores: Scores, row: Mapping[str, Any]) -> Iterable[PredictedMention]:
    found = row["mentions"]
    for told in found if isinstance(found, Iterable) else ():
        start, end = (
            int(told[f"mention_{which}"]) - int(row["sentence_start"]) for which in ("start", "end")
        )
        if not 0 <= start < end <= len(row["text"]):
            raise SampleError(
                f"{scores.path}: expected mentions inside their sentence, found one at {start} to "
                f"{end} of sentence {row['sentence']} of {shorten(row['doc_id'])}; score it again"
            )
        yield PredictedMention(
            start,
            end,
            concept=told["concept"] or None,
            referent=told["referent"] or None,
            speaker=told["speaker_name"] or told["speaker"] or None,
            **{head: told[head] or None for head in MENTION_LABELS},
        )


def _taken_whole(strata: Sequence[Stratum]) -> list[str]:
    whole = [stratum for stratum in strata if stratum.sampled == stratum.population]
    return [f"strata so small that all is taken: {len(whole)} of {len(strata)}"] if whole else []
