"""Annotations from a spreadsheet saved as CSV, as people and Excel really save it.

A row for each mention, with the words as they stand in the sentence; a row without a mention
says that the sentence was read. Byte order marks, UTF-16, Windows-1252, semicolons and tabs are
taken as they come; the sentence is compared with the sample's, so that a column sorted apart
from the others is found out.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..data.checks import shorten
from ..data.schema import MENTION_LABELS
from ..data.spans import find_words
from .intake import (
    MAX_NOTE,
    Entry,
    ExportError,
    Intake,
    check_size,
    marked_span,
)
from .judgements import Judgement, Marked
from .offsets import Span, trimmed
from .sample_folder import SampledItem

FORM = "csv"
COLUMNS = (
    *("item", "text", "before", "after", "annotator", "mention", "occurrence", "framing"),
    *("stance", "voice", "referent", "speaker", "loaded", "loaded_words", "comment", "time"),
)
"""Of a sheet; ``item`` has to be there."""
_FILLED = tuple(c for c in COLUMNS if c not in ("item", "text", "before", "after", "occurrence"))
_SAYING = tuple(c for c in _FILLED if c not in ("annotator", "time"))
_DELIMITERS = ",;\t"
_YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "1"), True),
    **dict.fromkeys(("no", "n", "false", "0"), False),
}
_BETWEEN_WORDS = re.compile(r"[;|\n]")
Row = Mapping[str, str]


def read_sheet(intake: Intake, path: Path) -> None:
    """Read a sheet.

    Args:
        intake: Takes judgements and problems.
        path: A delimited file.

    Raises:
        ExportError: If it is no such sheet or too large.
    """
    whole = Entry(intake, str(path), "whole file")
    rows = _Rows(whole, path)
    by_annotation: defaultdict[tuple[str, str], list[tuple[Entry, Row]]] = defaultdict(list)
    records = untouched = 0
    for line, row in rows:
        records += 1
        entry = Entry(intake, str(path), f"row {line}", row["item"] or None)
        if not any(row[column] for column in _FILLED):
            untouched += 1
            continue
        name = entry.text(row["annotator"] or intake.annotator, "annotator")
        if not any(row[column] for column in _SAYING):
            said = "the annotator alone says nothing; write yes or no in the column loaded"
            entry.note("nothing filled in", said, "annotation")
        elif name is None:
            said = "the column annotator is empty; fill it in, or name who it was by --annotator"
            entry.note("no annotator", said, "annotation")
        elif intake.item(entry, row["item"], row["text"] or None, offsets=False):
            by_annotation[row["item"], name].append((entry.of(name), row))
    for (item, name), filled in by_annotation.items():
        _Annotation(intake.sample.by_id[item], name, filled).give(intake)
    intake.count(path, FORM, records, untouched)


class _Rows:
    """The rows of a delimited file with the line each begins in, as text by column."""

    def __init__(self, whole: Entry, path: Path) -> None:
        self._whole, self._path = whole, path
        text = self._text().removeprefix("\ufeff")
        declared = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
        self._first = 2 if declared else 1
        text = text[declared.end() :] if declared else text
        self._delimiter = max(_DELIMITERS, key=lambda sign: len(_known(text, sign)))
        self._lines = io.StringIO(text, newline="")

    def _text(self) -> str:
        check_size(self._path)
        raw = self._path.read_bytes()
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return raw.decode("utf-16", errors="replace")
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            self._whole.note("not UTF-8", "read as Windows-1252, as Excel saves a plain CSV")
            return raw.decode("cp1252", errors="replace")

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        reader = csv.reader(self._lines, delimiter=self._delimiter)
        header: list[str] | None = None
        line = self._first
        while True:
            try:
                values = next(reader, None)
            except csv.Error as error:
                said = f"{error}; it is passed over"
                self._whole.at(f"row {line}").note("broken row", said, "annotation")
                values = []
            if values is None:
                break
            if header is None:
                header = self._header(values)
            elif any(value.strip() for value in values):
                yield line, self._row(header, values, line)
            line = self._first + reader.line_num
        if header is None:
            self._header([])

    def _header(self, names: Sequence[str]) -> list[str]:
        header = [name.strip().lower() for name in names]
        if "item" not in header or not {"loaded", "mention"} & set(header):
            raise ExportError(
                f"{self._path}: expected a sheet with the columns item, mention, framing, loaded "
                f"and others that connote sample writes, found {shorten(header[:20])}"
            )
        twice = sorted({name for name in header if name in COLUMNS and header.count(name) > 1})
        if twice:
            raise ExportError(f"{self._path}: expected every column once, found {twice[0]} twice")
        unknown = [name for name in header if name and name not in COLUMNS]
        if unknown:
            self._whole.note("unknown column", f"{shorten(unknown)}: passed over")
        return header

    def _row(self, header: Sequence[str], values: Sequence[str], line: int) -> Row:
        if any(value.strip() for value in values[len(header) :]):
            said = f"expected {len(header)} cells, found {len(values)}; the last are passed over"
            self._whole.at(f"row {line}").note("too many cells", said, "label")
        row = {name: value.strip() for name, value in zip(header, values, strict=False)}
        return {column: row.get(column, "") for column in COLUMNS}


def _known(text: str, delimiter: str) -> set[str]:
    first = text[: 2**16].split("\n", 1)[0]
    return {name.strip(' "\r').lower() for name in first.split(delimiter)} & set(COLUMNS)


@dataclass(frozen=True, slots=True)
class _Annotation:
    """The rows in which one annotator fills in one item."""

    item: SampledItem
    annotator: str
    rows: Sequence[tuple[Entry, Row]]

    def give(self, intake: Intake) -> None:
        """Hand over what they say together."""
        mentions = [self._mention(entry, row) for entry, row in self.rows]
        comments = [
            entry.text(row["comment"], "comment", MAX_NOTE)
            for entry, row in self.rows
            if not row["mention"]
        ]
        times = [entry.text(row["time"], "time") for entry, row in self.rows]
        spans = self._loaded_spans()
        judgement = Judgement(
            self.item.id,
            self.annotator,
            tuple(mention for mention in mentions if mention is not None),
            self._loaded(spans),
            spans,
            "\n".join(comment for comment in comments if comment) or None,
            next((time for time in reversed(times) if time), None),
        )
        if judgement.loaded is not True:
            judgement = self._without_words(judgement)
        intake.add(self.rows[0][0], judgement)

    def _without_words(self, judgement: Judgement) -> Judgement:
        if judgement.loaded_spans:
            said = "the words are left out"
            self.rows[0][0].note("loaded words in a sentence not loaded", said, "label")
        return Judgement(
            judgement.item,
            judgement.annotator,
            judgement.mentions,
            judgement.loaded,
            comment=judgement.comment,
            time=judgement.time,
        )

    def _loaded(self, words: Sequence[Span]) -> bool | None:
        said = {}
        for entry, row in self.rows:
            value = row["loaded"].lower()
            if value in _YES_NO:
                said[_YES_NO[value]] = entry
            elif value:
                found = f"loaded: expected yes or no, found {shorten(value)}"
                entry.note("label outside the codebook", found, "label")
        if len(said) > 1:
            self.rows[0][0].note(
                "loaded and not loaded", "the rows of the item differ; neither counts", "label"
            )
            return None
        return next(iter(said), True if words else None)

    def _loaded_spans(self) -> tuple[Span, ...]:
        spans: set[Span] = set()
        for entry, row in self.rows:
            for words in filter(None, map(str.strip, _BETWEEN_WORDS.split(row["loaded_words"]))):
                found = find_words(self.item.text, [words])
                if not found:
                    said = f"{shorten(words)} does not stand in the sentence"
                    entry.note("loaded words not found", said, "label")
                spans.update(found)
        return tuple(sorted(spans))

    def _mention(self, entry: Entry, row: Row) -> Marked | None:
        framing, stance, voice = (
            entry.label(row[head].lower() or None, head) for head in MENTION_LABELS
        )
        if not row["mention"]:
            if any(row[c] for c in (*MENTION_LABELS, "referent", "speaker")):
                entry.note("labels without mention", "the column mention is empty", "mention")
            return None
        span = self._place(entry, row)
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

    def _place(self, entry: Entry, row: Row) -> Span | None:
        """Where the words of a mention stand."""
        words, text = row["mention"], self.item.text
        found = _exact(text, words)
        if not found:
            found = list(find_words(text, [words]))
            if found:
                said = f"{shorten(words)} was taken for {shorten(text[slice(*found[0])])}"
                entry.note("mention written otherwise", said)
        if not found:
            found = [m.span() for m in re.finditer(re.escape(words), text)]
        number = _number(row["occurrence"])
        if not found:
            said = f"{shorten(words)} does not stand in the sentence"
            entry.note("mention not found", said, "mention")
        elif number is None or not 1 <= number <= len(found):
            said = f"expected 1 to {len(found)}, found {shorten(row['occurrence'])}"
            entry.note("no such occurrence", f"{shorten(words)}: {said}", "mention")
        else:
            if len(found) > 1 and not row["occurrence"]:
                said = f"{shorten(words)} stands there {len(found)} times; the first was taken"
                entry.note("occurrence not said", said)
            return marked_span(entry, text, trimmed(text, found[number - 1]))
        return None


def _exact(text: str, words: str) -> list[Span]:
    """Where words stand as they are written, as whole words."""
    before = r"(?<!\w)" if re.match(r"\w", words) else ""
    behind = r"(?!\w)" if re.search(r"\w\Z", words) else ""
    return [m.span() for m in re.finditer(before + re.escape(words) + behind, text)]


def _number(value: str) -> int | None:
    """An occurrence; Excel may write it as 2.0."""
    plain = re.fullmatch(r"(\d{1,6})(?:[.,]0+)?", value)
    return int(plain[1]) if plain else 1 if not value else None
