"""Which sentences a report shows: a probability sample, cut into runs that need no offsets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import pandas as pd

from ..data.schema import MENTION_LABELS
from ..infer.results import UNCERTAIN
from .report_parts import (
    Run,
    SentenceSample,
    ShownDocument,
    ShownMention,
    ShownSentence,
    ShownStratum,
)
from .report_text import safe_url, visible
from .scores import Scores, quoted

LONGEST_SENTENCE = 2_000
"""Characters of a sentence that are shown."""
MOST_MENTIONS = 40
"""Mentions of one sentence that are shown."""
LEAST_OF_STRATUM = 25
MOST_STRATA = 200
"""With more values of the column, sentences are drawn without regard to it."""
NO_VALUE = "(no value)"
LOADED = ("true", "false", UNCERTAIN)
_TITLES, _LINKS = ("title", "headline"), ("url", "link")


def allocate(populations: Sequence[int], size: int, least: int = LEAST_OF_STRATUM) -> list[int]:
    """How many to draw from each stratum: in proportion, though from small ones a least number.

    Args:
        populations: Of the strata.
        size: What is wanted in all.
        least: Of each stratum, as far as it has them and `size` goes.
    """
    total = sum(populations)
    if total <= size:
        return list(populations)
    floor = min(least, size // max(1, len(populations)))
    drawn = [min(n, floor) for n in populations]
    wanted = [max(0.0, size * n / total - d) for n, d in zip(populations, drawn, strict=True)]
    spare, scale = size - sum(drawn), sum(wanted) or 1.0
    more = [int(spare * share / scale) for share in wanted]
    drawn = [min(n, d + m) for n, d, m in zip(populations, drawn, more, strict=True)]
    largest = sorted(range(len(drawn)), key=lambda i: drawn[i] - populations[i])
    while left := size - sum(drawn):
        for i in largest[:left]:
            drawn[i] += drawn[i] < populations[i]
    return drawn


def draw_sentences(scores: Scores, by: str | None, size: int, seed: int = 1) -> SentenceSample:
    """Draw the sentences of a report, stratified by a column, with equal chances in each stratum.

    Args:
        scores: Of the archive.
        by: Column of the documents; the archive is one stratum without it.
        size: How many sentences; all if there are no more.
        seed: Of the draw; the same seed gives the same sentences.

    Raises:
        ScoresError: If the column is missing.
    """
    scores.require([by] if by else [])
    value = f"coalesce(CAST({quoted(by)} AS VARCHAR), ?)" if by else "?"
    held = "FROM (SELECT doc_id, sentence, any_value(" + value + ") AS grp FROM rows "
    held += "WHERE p_loaded IS NOT NULL GROUP BY doc_id, sentence)"
    name = [NO_VALUE if by else ""]
    found = scores.sql(f"SELECT grp, count(*) AS n {held} GROUP BY grp ORDER BY grp", name)
    counts = {str(group): int(n) for group, n in zip(found.grp, found.n, strict=True)}
    divided = len(counts) <= MOST_STRATA
    populations = list(counts.values()) if divided else [sum(counts.values())]
    names = list(counts) if divided else [""]
    wanted = pd.DataFrame({"stratum": names, "wanted": allocate(populations, size)})
    scores.register("wanted", wanted)
    picked = scores.sql(
        "SELECT doc_id, sentence, grp, chance FROM (SELECT *, row_number() OVER "
        "(PARTITION BY stratum ORDER BY chance, doc_id, sentence) AS place FROM (SELECT *, "
        f"md5(concat_ws(chr(31), doc_id, sentence, ?)) AS chance, {'grp' if divided else repr('')} "
        f"AS stratum {held})) JOIN wanted USING (stratum) WHERE place <= wanted",
        [str(seed), *name],
    )
    scores.register("picked", picked)
    strata = (
        ShownStratum(visible(name), population, shown)
        for name, population, shown in zip(names, populations, wanted.wanted, strict=True)
    )
    return _sample(_rows(scores), tuple(strata), seed)


def _rows(scores: Scores) -> list[dict[str, Any]]:
    """The rows of the sentences that were picked, in the order of the draw."""
    own = {
        "title": next((c for c in _TITLES if c in scores.own_columns), None),
        "url": next((c for c in _LINKS if c in scores.own_columns), None),
        "date": "date" if "date" in scores.own_columns else None,
    }
    extra = ", ".join(
        f"left(CAST({quoted(name)} AS VARCHAR), {LONGEST_SENTENCE + 1}) AS shown_{key}"
        for key, name in own.items()
        if name
    )
    frame = scores.sql(
        f"SELECT doc_id, sentence, grp, left(sentence_text, {LONGEST_SENTENCE + 1}) AS text, "
        "sentence_start, mention, mention_start, mention_end, framing, stance, voice, referent, "
        "speaker_name, greatest("
        + ", ".join(f"p_framing_{f}" for f in MENTION_LABELS["framing"])
        + f") AS probability, loaded, p_loaded, loaded_spans, copy{', ' + extra if extra else ''} "
        "FROM rows JOIN picked USING (doc_id, sentence) WHERE p_loaded IS NOT NULL "
        "ORDER BY chance, doc_id, sentence, mention_start, mention_end"
    )
    rows: list[dict[str, Any]] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return rows


def _sample(
    rows: Iterable[Mapping[str, Any]], strata: tuple[ShownStratum, ...], seed: int
) -> SentenceSample:
    together: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for row in rows:
        together.setdefault((row["doc_id"], row["sentence"]), []).append(row)
    groups = sorted({str(found[0]["grp"]) for found in together.values()})
    documents: dict[str, ShownDocument] = {}
    places: dict[str, int] = {}
    sentences = []
    for (doc_id, number), found in together.items():
        if doc_id not in documents:
            places[doc_id] = len(documents)
            documents[doc_id] = _document(found[0], groups.index(str(found[0]["grp"])))
        sentences.append(_sentence(places[doc_id], int(number), found))
    return SentenceSample(
        tuple(sentences), tuple(documents.values()), tuple(map(visible, groups)), strata, seed
    )


def _document(row: Mapping[str, Any], group: int) -> ShownDocument:
    return ShownDocument(
        id=visible(str(row["doc_id"])),
        group=group,
        title=visible(str(row.get("shown_title") or row["doc_id"])),
        date=_name(row.get("shown_date")),
        url=safe_url(row.get("shown_url")),
    )


def _sentence(document: int, number: int, rows: Sequence[Mapping[str, Any]]) -> ShownSentence:
    first = rows[0]
    text, start = str(first["text"]), int(first["sentence_start"])
    spans = [] if first["loaded_spans"] is None else first["loaded_spans"]
    loaded = [(int(span["start"]) - start, int(span["end"]) - start) for span in spans]
    of_mentions = [row for row in rows if row["mention"] is not None][:MOST_MENTIONS]
    places = [(int(r["mention_start"]) - start, int(r["mention_end"]) - start) for r in of_mentions]
    return ShownSentence(
        document=document,
        number=number,
        probability=float(first["p_loaded"]),
        loaded=first["loaded"] if first["loaded"] in LOADED else UNCERTAIN,
        copy=bool(first["copy"]),
        runs=runs_of(text, places, loaded),
        mentions=tuple(map(_mention, of_mentions)),
        words=tuple(visible(text[a:b]) for a, b in loaded if text[a:b])[:MOST_MENTIONS],
    )


def _mention(row: Mapping[str, Any]) -> ShownMention:
    probability = row["probability"]
    return ShownMention(
        text=visible(str(row["mention"])),
        framing=_label(row, "framing"),
        stance=_label(row, "stance"),
        voice=_label(row, "voice"),
        probability=None if probability is None else float(probability),
        referent=_name(row["referent"]),
        speaker=_name(row["speaker_name"]),
    )


def _label(row: Mapping[str, Any], head: Literal["framing", "stance", "voice"]) -> str | None:
    value = row[head]
    return value if value in (*MENTION_LABELS[head], UNCERTAIN) else None


def _name(value: object) -> str | None:
    return None if value is None or value == "" else visible(str(value))


def runs_of(
    text: str, mentions: Sequence[tuple[int, int]], loaded: Sequence[tuple[int, int]]
) -> tuple[Run, ...]:
    """Cut a sentence where a mention or a loaded word begins or ends.

    Args:
        text: The sentence, cut behind `LONGEST_SENTENCE` characters.
        mentions: Offsets in it; of overlapping mentions the earlier marks their common part.
        loaded: Offsets of loaded words.
    """
    cut = len(text) > LONGEST_SENTENCE
    shown = text[:LONGEST_SENTENCE]
    owner: list[int | None] = [None] * len(shown)
    marked = [False] * len(shown)
    for number, (start, end) in enumerate(mentions):
        for i in range(max(0, start), min(end, len(shown))):
            owner[i] = number if owner[i] is None else owner[i]
    for start, end in loaded:
        marked[max(0, start) : max(0, end)] = [True] * len(marked[max(0, start) : max(0, end)])
    runs: list[Run] = []
    begin = 0
    for i in range(1, len(shown) + 1):
        if i == len(shown) or (owner[i], marked[i]) != (owner[begin], marked[begin]):
            piece = visible(shown[begin:i], LONGEST_SENTENCE)
            runs.append(Run(piece, owner[begin], marked[begin]))
            begin = i
    return tuple([*runs, Run("…")] if cut else runs)
