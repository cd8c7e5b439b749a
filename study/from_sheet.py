"""Annotations from a spreadsheet saved as CSV.

A row for each mention, with the words as they stand in the sentence; a row without a mention
says that the sentence was read. The sentence is compared with the sample's, so that a column
sorted apart from the others is found out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..data.checks import shorten
from ..data.schema import MENTION_LABELS
from .contradictions import loadedness
from .entries import MAX_NOTE, Entry
from .intake import Intake
from .judgements import Judgement, Marked
from .offsets import Span
from .sample_folder import SampledItem
from .sheet_rows import COLUMNS, Row, SheetRows
from .sheet_words import loaded_words_in, mention_in, same_but_unknown, same_sentence

__all__ = ["COLUMNS", "FORM", "read_sheet"]

FORM = "csv"
_FILLED = tuple(c for c in COLUMNS if c not in ("item", "text", "before", "after", "occurrence"))
_SAYING = tuple(c for c in _FILLED if c not in ("annotator", "time"))
_YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "1"), True),
    **dict.fromkeys(("no", "n", "false", "0"), False),
}
_BETWEEN_WORDS = re.compile(r"[;|\n]")


def read_sheet(intake: Intake, path: Path, annotator: str | None = None) -> None:
    """Read a sheet.

    Args:
        intake: Takes judgements and problems.
        path: A delimited file.
        annotator: Who annotated the rows whose cell for it is empty.

    Raises:
        ExportError: If it is no such sheet or too large.
    """
    _Sheet(intake, path, annotator).read()


class _Sheet:
    """The annotations of a sheet, gathered row by row."""

    def __init__(self, intake: Intake, path: Path, annotator: str | None) -> None:
        self._intake, self._path, self._annotator = intake, path, annotator
        self._rows = SheetRows(self._entry("whole file"), path, intake.sample.by_id)
        self._same = same_but_unknown if self._rows.lossy else same_sentence
        self._found: dict[tuple[str, str], _Annotation] = {}
        self._spoilt: set[str] = set()

    def _entry(self, place: str) -> Entry:
        return Entry(self._intake, str(self._path), place)

    def read(self) -> None:
        """Read all rows, then hand over what those of an item say together."""
        records = untouched = 0
        for line, row in self._rows:
            records += 1
            if any(row[column] for column in _FILLED):
                self._take(f"row {line}", row)
            else:
                untouched += 1
        spoilt = self._spoilt | self._rows.spoilt
        for (item, _), annotation in self._found.items():
            if item in spoilt:
                said = "another row of the item in this file did not come in"
                annotation.entry.note("row missing", said, "mention")
            annotation.give(self._intake)
        self._intake.count(self._path, FORM, records, untouched)

    def _take(self, place: str, row: Row) -> None:
        entry = self._entry(place)
        entry.item = row["item"] or None
        name = entry.name(row["annotator"]) if row["annotator"] else self._annotator
        if not any(row[column] for column in _SAYING):
            said = "the annotator alone says nothing; write yes or no in the column loaded"
            entry.note("nothing filled in", said, "annotation")
            return
        item = self._item(entry, row)
        if item is None or name is None:
            self._spoilt.add(row["item"])
        if name is None:
            said = "the column annotator is empty; fill it in, or name who it was by --annotator"
            entry.note("no annotator", said, "annotation")
        elif item is not None:
            key = item.id, name
            new = _Annotation(item, name, entry.of(name), [], lossy=self._rows.lossy)
            self._found.setdefault(key, new).rows.append((place, row))

    def _item(self, entry: Entry, row: Row) -> SampledItem | None:
        if row["item"] in self._intake.sample.by_id and not row["text"]:
            said = "nothing tells which sentence was meant; copy it from the sample's sheet"
            entry.note("text missing", said, "annotation")
            return None
        return self._intake.item(entry, row["item"], row["text"], self._same)


@dataclass(frozen=True, slots=True)
class _Annotation:
    """The rows in which one annotator fills in one item."""

    item: SampledItem
    annotator: str
    entry: Entry
    rows: list[tuple[str, Row]]
    lossy: bool

    def give(self, intake: Intake) -> None:
        """Hand over what they say together."""
        rows = [(self.entry.at(place), row) for place, row in self.rows]
        mentions = [self._mention(entry, row) for entry, row in rows]
        comments = [
            entry.text(row["comment"], "comment", MAX_NOTE)
            for entry, row in rows
            if not row["mention"]
        ]
        times = [entry.text(row["time"], "time") for entry, row in rows]
        judgement = Judgement(
            self.item.id,
            self.annotator,
            tuple(mention for mention in mentions if mention is not None),
            *loadedness(self.entry, self._answers(rows), self._loaded_words(rows)),
            "\n".join(comment for comment in comments if comment) or None,
            next((time for time in reversed(times) if time), None),
        )
        intake.add(self.entry, judgement)

    def _answers(self, rows: Sequence[tuple[Entry, Row]]) -> Iterator[bool]:
        for entry, row in rows:
            value = row["loaded"].lower()
            if value in _YES_NO:
                yield _YES_NO[value]
            elif value:
                found = f"loaded: expected yes or no, found {shorten(value)}"
                entry.note("label outside the codebook", found, "label")

    def _loaded_words(self, rows: Sequence[tuple[Entry, Row]]) -> Iterator[Span]:
        for entry, row in rows:
            for words in filter(None, map(str.strip, _BETWEEN_WORDS.split(row["loaded_words"]))):
                found = loaded_words_in(self.item.text, words, lossy=self.lossy)
                if not found:
                    said = f"{shorten(words)} does not stand in the sentence"
                    entry.note("loaded words not found", said, "label")
                yield from found

    def _mention(self, entry: Entry, row: Row) -> Marked | None:
        framing, stance, voice = (
            entry.label(row[head].lower() or None, head) for head in MENTION_LABELS
        )
        if not row["mention"]:
            if any(row[c] for c in (*MENTION_LABELS, "referent", "speaker")):
                said = "the column mention is empty; copy the words from the sentence"
                entry.note("labels without mention", said, "mention")
            return None
        span = mention_in(
            entry, self.item.text, row["mention"], row["occurrence"], lossy=self.lossy
        )
        if span is None:
            return None
        return Marked(
            *span,
            framing,
            stance,
            voice,
            referent=entry.text(row["referent"], "referent"),
            speaker=entry.text(row["speaker"], "speaker"),
            comment=entry.text(row["comment"], "comment", MAX_NOTE),
            time=entry.text(row["time"], "time"),
        )
