"""Annotations from doccano's JSONL export of a sequence labelling project.

A span with one label a line of the scheme: ``framing:delegitimizing``, ``stance:against``,
``voice:own``; spans with the same offsets are one mention. Of the sentence: ``loaded words``
(or ``loaded``) and ``not loaded``, wherever they are put.

doccano exports every document of a project, also those that nobody opened, and says nowhere
which were done (only *Export only approved documents* leaves the others out). So a document
without any label counts as read only if the caller says that the export has approved ones only.

Offsets count UTF-16 code units, as its editor does (doccano issue 2290), unless the project
counts grapheme clusters: then they fit no text with emoji, which shows as words cut.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..data.checks import RecordError, has_surrogate, read_lines, shorten
from ..data.schema import MENTION_LABELS
from .contradictions import loadedness
from .entries import (
    MAX_NAME,
    MAX_NOTE,
    Entry,
    ExportError,
    annotator_name,
    check_size,
    marked_span,
)
from .import_report import Lost
from .intake import Intake
from .judgements import Judgement, Marked
from .offsets import CodeUnits, Span
from .sample_folder import SampledItem

FORM = "doccano"
LOADED_WORDS, LOADED, NOT_LOADED = "loaded words", "loaded", "not loaded"
LABELS = (
    *(f"{head}:{value}" for head, values in MENTION_LABELS.items() for value in values),
    LOADED_WORDS,
    NOT_LOADED,
)
"""The labels of a project."""
_OF_NOBODY = ("all", "unknown", "doccano", "project", "export")
"""Names of files that name no annotator: of a project that all work on together."""
_SPANS = ("label", "labels", "entities")


def read_doccano(intake: Intake, path: Path, annotator: str | None = None) -> None:
    """Read an export.

    Args:
        intake: Takes judgements and problems.
        path: The file of one annotator, named after them, or ``all.jsonl``.
        annotator: Who annotated, instead of the name of the file.

    Raises:
        ExportError: If nothing says who annotated, or the file is too large.
    """
    check_size(path)
    annotator = annotator or _named_after(path)
    if annotator is None:
        raise ExportError(
            f"{path}: expected a file named after its annotator, as doccano exports a project in "
            "which everybody works alone; name the annotator by --annotator, or NAME=FILE"
        )
    records = untouched = 0
    for line, record in read_lines(path):
        records += 1
        entry = Entry(intake, str(path), f"line {line}", annotator=annotator)
        if isinstance(record, RecordError):
            problem = record.problems[0]
            entry.note(
                "broken record", f"expected {problem.allowed}: {problem.found}", "annotation"
            )
        elif not isinstance(record, dict):
            said = f"expected an object, found {shorten(record)}"
            entry.note("broken record", said, "annotation")
        else:
            untouched += _read_record(entry, record, annotator)
    intake.count(path, FORM, records, untouched)
    if untouched:
        Entry(intake, str(path), "whole file", annotator=annotator).note(
            "without labels",
            f"{untouched} of {records} documents, taken as not annotated; if the export has "
            "approved documents only, say --approved: they were read and have no mention",
        )


def _named_after(path: Path) -> str | None:
    if path.stem.lower() in _OF_NOBODY or has_surrogate(path.stem):
        return None
    return annotator_name(path.stem[:MAX_NAME]) or None


def _read_record(entry: Entry, record: Mapping[str, Any], annotator: str) -> bool:
    """Read one document; whether it is untouched."""
    spans: Any = next((record[key] for key in _SPANS if record.get(key)), [])
    comments = record.get("Comments", record.get("comments")) or []
    if not spans and not comments and not entry.intake.approved:
        return True
    item = entry.intake.item(entry, record.get("item"), record.get("text", ""))
    if item is None:
        return False
    said = _Said(entry, item, spans)
    if not spans and not entry.intake.approved:
        entry.note("comment without label", "taken as not annotated", "annotation")
        return False
    mentions = said.mentions()
    entry.intake.add(
        entry,
        Judgement(
            item.id,
            annotator,
            mentions,
            *loadedness(entry, said.answers(), said.spans[LOADED_WORDS]),
            _comment(entry, comments),
        ),
    )
    return False


def _comment(entry: Entry, comments: Any) -> str | None:
    """The comments: texts, or objects in a project with relations."""
    listed = comments if isinstance(comments, list) else [comments]
    texts = [c.get("text") if isinstance(c, dict) else c for c in listed]
    return entry.text("\n".join(str(text) for text in texts if text), "comment", MAX_NOTE)


class _Said:
    """What the spans of one document say; each label with the places it was put."""

    def __init__(self, entry: Entry, item: SampledItem, spans: Any) -> None:
        self._entry, self._text = entry, item.text
        self._units = CodeUnits(item.text)
        self._of_sentence: set[str] = set()
        self._foreign: list[tuple[str, Span]] = []
        self.spans: defaultdict[str, set[Span]] = defaultdict(set)
        for span in spans if isinstance(spans, list) else [spans]:
            self._take(span)

    def _take(self, span: Any) -> None:
        """Take a span: a triple, or an object in a project with relations."""
        keys = ("start_offset", "end_offset", "label")
        match [span.get(key) for key in keys] if isinstance(span, dict) else span:
            case [int(start), int(end), str(label)]:
                self._put(label.strip().lower(), (start, end))
            case _:
                said = f"expected start, end and label, found {shorten(span)}; mark it again"
                self._entry.note("broken span", said, "mention")

    def _put(self, label: str, given: tuple[int, int]) -> None:
        if label in (LOADED_WORDS, LOADED, NOT_LOADED):
            self._of_sentence.add(label)
        if label in (LOADED, NOT_LOADED):
            return
        span = self._span(given, "label" if label == LOADED_WORDS else "mention")
        if span is not None and label in LABELS:
            self.spans[label].add(span)
        elif span is not None:
            self._foreign.append((label, span))

    def _span(self, given: tuple[int, int], lost: Lost) -> Span | None:
        start, end = (self._units.code_point(place) for place in given)
        if not 0 <= given[0] < given[1] <= self._units.length:
            said = f"{given[0]}-{given[1]} in a text of {self._units.length} code units"
            self._entry.note("offsets outside the text", f"{said}; mark it again", lost)
        elif start is None or end is None:
            said = (
                f"{given[0]}-{given[1]} begins or ends inside a surrogate pair; the project may "
                "not count grapheme clusters as one character"
            )
            self._entry.note("half a character", said, lost)
        else:
            return marked_span(self._entry, self._text, (start, end), lost)
        return None

    def answers(self) -> set[bool]:
        """Whether the sentence is loaded: not, where no label says that it is."""
        said = {label != NOT_LOADED for label in self._of_sentence}
        return said or (set() if self._foreign else {False})

    def mentions(self) -> tuple[Marked, ...]:
        """The mentions: the spans that carry one of the three labels of a mention."""
        found: defaultdict[Span, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for label, spans in self.spans.items():
            head, colon, value = label.partition(":")
            for span in spans if colon else ():
                found[span][head].append(value)
        for label, span in self._foreign:
            said = f"expected a label of the project, found {shorten(label)}; rename it there"
            lost: Lost = "label" if span in found else "mention"
            self._entry.note("label outside the codebook", said, lost)
        return tuple(
            Marked(*span, *(self._one(span, head, values[head]) for head in MENTION_LABELS))
            for span, values in sorted(found.items())
        )

    def _one(self, span: Span, head: str, values: list[str]) -> str | None:
        if len(values) > 1:
            words = shorten(self._text[slice(*span)])
            said = f"{words} has {', '.join(sorted(values))}; {head} is left out"
            self._entry.note("several labels", said, "label")
            return None
        return values[0] if values else None
