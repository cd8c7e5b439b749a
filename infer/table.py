"""Scores as a table: its columns, in one place, and the rows of a document.

One row per mention, and one for a sentence without any. Offsets refer to the document.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

import pyarrow as pa

from ..data.schema import MENTION_LABELS
from .results import Judgement, ScoredDocument, ScoredMention, ScoredSentence

PREFIX_OF_CLASHES = "input_"
"""Stands before a passed-through column whose name the table needs itself."""

_SPANS = pa.list_(pa.struct([("start", pa.int64()), ("end", pa.int64())]))
_LEADING: list[tuple[str, pa.DataType]] = [
    ("doc_id", pa.string()),
    ("sentence", pa.int32()),
    ("sentence_start", pa.int64()),
    ("sentence_end", pa.int64()),
    ("sentence_text", pa.string()),
    ("mention", pa.string()),
    ("mention_start", pa.int64()),
    ("mention_end", pa.int64()),
    ("found_by", pa.string()),
    ("concept", pa.string()),
    ("referent", pa.string()),
    ("speaker", pa.string()),
    ("speaker_start", pa.int64()),
    ("speaker_end", pa.int64()),
    ("speaker_cited", pa.string()),
    ("speaker_cited_start", pa.int64()),
    ("speaker_cited_end", pa.int64()),
    ("speaker_name", pa.string()),
    ("speaker_kind", pa.string()),
    ("framing", pa.string()),
    ("stance", pa.string()),
    ("voice", pa.string()),
]
_PROBABILITIES: list[tuple[str, pa.DataType]] = [
    (f"p_{head}_{label}", pa.float32())
    for head, labels in MENTION_LABELS.items()
    for label in labels
]
_TRAILING: list[tuple[str, pa.DataType]] = [
    ("loaded", pa.string()),
    ("p_loaded", pa.float32()),
    ("loaded_spans", _SPANS),
    ("flags", pa.list_(pa.string())),
    ("language", pa.string()),
    ("copy_cluster", pa.string()),
    ("paragraph_cluster", pa.string()),
    ("agency", pa.string()),
    ("model", pa.string()),
]
SCHEMA = pa.schema([*_LEADING, *_PROBABILITIES, *_TRAILING])
"""The table without passed-through columns, which follow the last one."""
NAMES = frozenset(SCHEMA.names)
"""Of its columns; asking the schema for them takes longer than all else about a row."""


def rows_of(document: ScoredDocument, columns: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of a scored document.

    Args:
        document: What `Scorer.score_many` gave.
        columns: The document's own columns; `input_` is put before a name that clashes.
    """
    own = {free_name(key, columns): value for key, value in columns.items()}
    for sentence in document.sentences:
        shared = _of_sentence(document, sentence)
        for mention in sentence.mentions or (None,):
            yield {**shared, **_of_mention(mention), **own}


def free_name(key: str, columns: Container[str]) -> str:
    """The name under which a passed-through column stands, which is its own unless it clashes."""
    name = key
    while name in NAMES or (name != key and name in columns):
        name = PREFIX_OF_CLASHES + name
    return name


def own_name(name: str, columns: Container[str]) -> str:
    """The name that a passed-through column had before `free_name`."""
    while name not in columns and name.startswith(PREFIX_OF_CLASHES):
        name = name.removeprefix(PREFIX_OF_CLASHES)
    return name


def _of_sentence(document: ScoredDocument, sentence: ScoredSentence) -> dict[str, Any]:
    return {
        "doc_id": document.id,
        "sentence": sentence.index,
        "sentence_start": sentence.start,
        "sentence_end": sentence.end,
        "sentence_text": sentence.text,
        "loaded": None if sentence.loaded is None else sentence.loaded.label,
        "p_loaded": None if sentence.loaded is None else sentence.loaded.probabilities["true"],
        "loaded_spans": [{"start": start, "end": end} for start, end in sentence.loaded_spans],
        "flags": list(sentence.flags),
        "language": sentence.language,
        "copy_cluster": document.copy_cluster,
        "paragraph_cluster": sentence.paragraph_cluster,
        "agency": document.agency,
        "model": document.model,
    }


def _of_mention(mention: ScoredMention | None) -> dict[str, Any]:
    if mention is None:
        return {}
    row: dict[str, Any] = {
        "mention": mention.text,
        "mention_start": mention.start,
        "mention_end": mention.end,
        "found_by": mention.found_by,
        "concept": mention.concept,
        "referent": mention.referent,
        **_of_speaker(mention),
    }
    for head in MENTION_LABELS:
        judgement: Judgement = getattr(mention, head)
        row[head] = mention.labels[head]
        for label, probability in judgement.probabilities.items():
            row[f"p_{head}_{label}"] = probability
    return row


def _of_speaker(mention: ScoredMention) -> dict[str, Any]:
    """Who speaks; of a speaker that the text leaves open no offsets and no kind."""
    row = {"speaker_name": mention.speaker_name, "speaker_kind": mention.speaker_kind}
    speaker = mention.speaker
    if speaker is None:
        return {**row, "speaker": mention.speaker_name}
    return {
        **row,
        "speaker": speaker.text,
        "speaker_start": speaker.start,
        "speaker_end": speaker.end,
        "speaker_cited": speaker.cited,
        "speaker_cited_start": speaker.cited_start,
        "speaker_cited_end": speaker.cited_end,
    }
