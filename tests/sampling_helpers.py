"""Small tables of scores, as `connote score` writes them, for tests of samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from connote.infer.table import SCHEMA

MODEL = "connote@0123456789ab"


@dataclass
class Found:
    """A mention: its words, the framing it was given, and how probable delegitimizing is."""

    words: str
    framing: str
    p: float
    referent: str = "unresolved"
    voice: str = "own"


@dataclass
class Said:
    """A sentence; without a loadedness it was passed over."""

    text: str
    found: Sequence[Found] = ()
    p_loaded: float | None = 0.1


@dataclass
class Doc:
    """A document and its columns."""

    id: str
    sentences: Sequence[Said]
    own: dict[str, Any] = field(default_factory=dict)


LANTERN = (
    Said(
        "The regime sent its thugs into the square before dawn.",
        [
            Found("regime", "delegitimizing", 0.97, "government"),
            Found("thugs", "delegitimizing", 0.95, "police"),
        ],
        0.94,
    ),
    Said("Share this story", (), None),
    Said("Nobody had slept."),
    Said(
        "The defenders of Dravik held the bridge for an hour.",
        [Found("defenders", "legitimizing", 0.04, "Northern Front")],
        0.71,
    ),
    Said("Two ambulances waited by the river."),
)
WIRE = (
    Said(
        "Government forces cut the last road into the city on Wednesday.",
        [Found("Government forces", "neutral", 0.03, "government")],
        0.05,
    ),
    Said(
        "The ministry called them bandits.",
        [Found("bandits", "delegitimizing", 0.81, "Northern Front", "attributed")],
        0.4,
    ),
    Said("Flour will run out within twelve days, aid agencies said."),
    Said(
        "The authorities would not say who gave the order.",
        [Found("authorities", "uncertain", 0.44, "government")],
        0.2,
    ),
)


def archive(
    copies: int = 6, outlets: Sequence[str | None] = ("The Lantern", "Meridian Wire")
) -> list[Doc]:
    """Documents of two outlets, the same sentences in each."""
    texts = {"Meridian Wire": WIRE}
    return [
        Doc(
            f"{outlet}-{number}",
            texts.get(str(outlet), LANTERN),
            {"outlet": outlet, "date": f"2024-0{1 + number % 3}-11"},
        )
        for outlet in outlets
        for number in range(copies)
    ]


def rows_of(doc: Doc) -> list[dict[str, Any]]:
    """The rows of a document, sentences joined by a blank."""
    rows, start = [], 0
    for number, said in enumerate(doc.sentences):
        shared = {
            "doc_id": doc.id,
            "sentence": number,
            "sentence_start": start,
            "sentence_end": start + len(said.text),
            "sentence_text": said.text,
            "p_loaded": said.p_loaded,
            "loaded_spans": [],
            "model": MODEL,
            "language": "en",
            "loaded": None if said.p_loaded is None else str(said.p_loaded > 0.5).lower(),
            "flags": ["boilerplate"] if said.p_loaded is None else [],
            "copy_cluster": doc.id,
            "paragraph_cluster": f"{doc.id}#0",
            **doc.own,
        }
        rows += [{**shared, **_mention(start, said.text, found)} for found in said.found] or [
            shared
        ]
        start += len(said.text) + 1
    return rows


def _mention(start: int, text: str, found: Found) -> dict[str, Any]:
    at = start + text.index(found.words)
    return {
        "mention": found.words,
        "mention_start": at,
        "mention_end": at + len(found.words),
        "found_by": "lexicon",
        "concept": "armed-opposition",
        "referent": found.referent,
        "speaker_name": "Ministry" if found.voice == "attributed" else None,
        "framing": found.framing,
        "stance": "uncertain",
        "voice": found.voice,
        "p_framing_delegitimizing": found.p,
        "p_framing_neutral": 1 - found.p,
        "p_framing_legitimizing": 0.0,
        "p_framing_none": 0.0,
        "p_stance_against": 0.5,
        "p_stance_neutral": 0.3,
        "p_stance_favor": 0.2,
        "p_voice_own": 0.9,
        "p_voice_attributed": 0.1,
        "p_voice_quoted": 0.0,
    }


def write_scores(path: Path, docs: Sequence[Doc]) -> Path:
    """Write scores as one Parquet file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    own = {name: None for doc in docs for name in doc.own}
    schema = pa.schema([*SCHEMA, *(pa.field(name, pa.string()) for name in own)])
    rows = [row for doc in docs for row in rows_of(doc)]
    pq.write_table(pa.Table.from_pylist(rows, schema), path)
    return path
