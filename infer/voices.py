"""Who calls whom what: a matrix of speaker, referent and framing over the rows of a run."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..data.checks import shorten
from ..data.errors import UsageError
from ..data.names import fold
from ..data.speech import SPEAKER_KINDS
from .results import OUTLET, UNCERTAIN, UNRESOLVED
from .writing import OutputError, check_output

OWN_VOICE = "own voice"
"""The speaker of what an outlet says itself, where no column names the outlet."""
FRAMED = ("delegitimizing", "neutral", "legitimizing", UNCERTAIN)
"""The columns of the matrix: what frames nothing is not counted."""
OUTPUTS = (".csv", ".json")
NEEDED = ("mention", "framing", "referent", "speaker_name", "speaker_kind")
"""Columns of a table of scores that the matrix is made from."""

Key = tuple[str, str, str]
"""A speaker, its kind, a referent."""


@dataclass(slots=True)
class Cell:
    """How often a speaker framed a referent in one way, and the first sentences in which.

    Attributes:
        count: Mentions.
        sentences: Document, number of the sentence, label and sentence of the first of them.
    """

    count: int = 0
    sentences: list[dict[str, Any]] = field(default_factory=list)


class Voices:
    """Counts mentions by speaker, referent and framing.

    Args:
        kept: Most sentences that are kept behind a cell.
        outlet: A column that names the outlet: its own voice counts under that name.
        referent: The only referent that counts, in small or capital letters; all without one.
        copies: Whether documents that repeat an earlier one count.
    """

    def __init__(
        self,
        kept: int = 5,
        outlet: str | None = None,
        referent: str | None = None,
        *,
        copies: bool = True,
    ) -> None:
        self._kept = kept
        self._outlet = outlet
        self._referent = None if referent is None else fold(referent)
        self._copies = copies
        self._document = 0
        self._place: tuple[Any, int] | None = None
        self._first: dict[str, int] = {}
        self.cells: dict[Key, dict[str, Cell]] = {}
        self.mentions = 0
        self.left_out = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Count one row of a table of scores; rows without a framed mention count nothing.

        Raises:
            UsageError: If a column is missing or holds what it cannot.
        """
        repeats = not self._copies and self._repeats(row)
        framing = _checked(row, "framing", (*FRAMED, "none"))
        if not row.get("mention") or not framing or framing == "none":
            return
        referent, speaker = (_checked(row, name) for name in ("referent", "speaker_name"))
        kind = _checked(row, "speaker_kind", SPEAKER_KINDS) or UNRESOLVED
        if referent is None and speaker is None and kind == UNRESOLVED:
            raise UsageError("scores without speakers: score again without --no-speakers")
        referent = referent or UNRESOLVED
        if self._referent is not None and fold(referent) != self._referent:
            return
        if repeats:
            self.left_out += 1
            return
        key = self._speaker(row, kind), kind, referent
        cell = self.cells.setdefault(key, {}).setdefault(framing, Cell())
        cell.count += 1
        self.mentions += 1
        if len(cell.sentences) < self._kept:
            texts = {name: str(row.get(name) or "") for name in ("mention", "sentence_text")}
            place = {name: row.get(name) for name in ("doc_id", "sentence")}
            cell.sentences.append(place | texts)

    def _speaker(self, row: Mapping[str, Any], kind: str) -> str:
        if kind != OUTLET:
            return row.get("speaker_name") or UNRESOLVED
        if self._outlet is None:
            return OWN_VOICE
        if self._outlet not in row:
            raise UsageError(f"no column {self._outlet!r}; found {', '.join(row)} (--outlet)")
        return str(row[self._outlet] or OWN_VOICE)

    def _repeats(self, row: Mapping[str, Any]) -> bool:
        """Whether a row is of a document that repeats an earlier one of its run."""
        if "copy_cluster" not in row:
            raise UsageError("no column 'copy_cluster': score again to leave out copies")
        place = row.get("doc_id"), _sentence_number(row)
        if self._place is None or place[0] != self._place[0] or place[1] < self._place[1]:
            self._document += 1
        self._place = place
        cluster = _checked(row, "copy_cluster")
        if cluster is None:
            return False
        return self._first.setdefault(cluster, self._document) != self._document

    def rows(self) -> Iterator[tuple[Key, dict[str, Cell]]]:
        """The speakers by how often they speak, and for each the referents by how often."""
        by_speaker: dict[tuple[str, str], int] = {}
        for (speaker, kind, _), cells in self.cells.items():
            by_speaker[speaker, kind] = by_speaker.get((speaker, kind), 0) + total(cells)

        def order(item: tuple[Key, dict[str, Cell]]) -> tuple[int, str, str, int, str]:
            (speaker, kind, referent), cells = item
            return -by_speaker[speaker, kind], speaker, kind, -total(cells), referent

        yield from sorted(self.cells.items(), key=order)

    def as_records(self) -> list[dict[str, Any]]:
        """One object a cell.

        Returns:
            Objects with ``speaker``, ``speaker_kind``, ``referent``, ``framing``, ``count`` and
            the ``sentences`` behind the count.
        """
        return [
            {
                "speaker": speaker,
                "speaker_kind": kind,
                "referent": referent,
                "framing": framing,
                "count": cells[framing].count,
                "sentences": cells[framing].sentences,
            }
            for (speaker, kind, referent), cells in self.rows()
            for framing in FRAMED
            if framing in cells
        ]


def _checked(row: Mapping[str, Any], name: str, allowed: Sequence[str] = ()) -> str | None:
    """The text of a column, or none where it is empty.

    Raises:
        UsageError: If it is no text, or none of what is allowed.
    """
    value = row.get(name) or None
    if value is not None and (not isinstance(value, str) or (allowed and value not in allowed)):
        expected = ", ".join(allowed) if allowed else "a text"
        raise UsageError(f"{name}: found {shorten(value)}; allowed: {expected}")
    return value


def _sentence_number(row: Mapping[str, Any]) -> int:
    """The number of a sentence in its document; where it falls, another document has begun."""
    value = row.get("sentence")
    if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()):
        return int(value)
    raise UsageError(f"sentence: found {shorten(value)}; expected its number in the document")


def total(cells: Mapping[str, Cell]) -> int:
    """Mentions of all framings."""
    return sum(cell.count for cell in cells.values())


def check_matrix_output(path: Path, *, overwrite: bool) -> None:
    """Check where the matrix shall go, before anything is scored.

    Raises:
        OutputError: If its ending is unknown, it exists, or its folder cannot be written.
    """
    check_output(path, overwrite=overwrite, endings=OUTPUTS)


def write_matrix(voices: Voices, path: Path) -> None:
    """Write the matrix as CSV, one row a cell, or as JSON.

    Raises:
        OutputError: If the file cannot be written.
    """
    records = voices.as_records()
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as out:
            if path.suffix.lower() == ".json":
                json.dump(records, out, ensure_ascii=False, indent=1)
                out.write("\n")
            else:
                _write_csv(records, out)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from error


def _write_csv(records: list[dict[str, Any]], out: Any) -> None:
    """In a cell with sentences these are JSON text, so that a row stays a row."""
    names = ("speaker", "speaker_kind", "referent", "framing", "count", "sentences")
    writer = csv.writer(out)
    writer.writerow(names)
    for record in records:
        sentences = json.dumps(record["sentences"], ensure_ascii=False)
        writer.writerow([*(record[name] for name in names[:-1]), sentences])
