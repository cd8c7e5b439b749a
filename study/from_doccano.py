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
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..data.checks import RecordError, has_surrogate, read_lines, shorten
from ..data.schema import MENTION_LABELS
from .intake import (
    MAX_NAME,
    MAX_NOTE,
    Entry,
    ExportError,
    Intake,
    check_size,
    marked_span,
)
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


def read_doccano(intake: Intake, path: Path) -> None:
    """Read an export.

    Args:
        intake: Takes judgements and problems.
        path: The file of one annotator, named after them, or ``all.jsonl``.

    Raises:
        ExportError: If nothing says who annotated, or the file is too large.
    """
    check_size(path)
    named = path.stem.lower() not in _OF_NOBODY and not has_surrogate(path.stem)
    annotator = intake.annotator or (path.stem[:MAX_NAME] if named else None)
    if annotator is None:
        raise ExportError(
            f"{path}: expected a file named after its annotator, as doccano exports a project in "
            "which everybody works alone; name the annotator by --annotator"
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
    loaded = said.loaded()
    entry.intake.add(
        entry,
        Judgement(
            item.id,
            annotator,
            said.mentions(),
            loaded,
            tuple(sorted(said.spans[LOADED_WORDS])) if loaded else (),
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
        self.spans: defaultdict[str, set[Span]] = defaultdict(set)
        for label, given in self._labelled(spans):
            span = self._span(given)
            if span is not None:
                self.spans[label].add(span)

    def _labelled(self, spans: Any) -> Iterator[tuple[str, tuple[int, int]]]:
        """Triples, or objects in a project with relations."""
        for span in spans if isinstance(spans, list) else [spans]:
            given = (
                [span.get(key) for key in ("start_offset", "end_offset", "label")]
                if isinstance(span, dict)
                else span
            )
            match given:
                case [int(start), int(end), str(label)]:
                    name = label.strip().lower()
                    if name in (*LABELS, LOADED):
                        yield name, (start, end)
                    else:
                        said = f"expected a label of the project, found {shorten(label)}"
                        self._entry.note("label outside the codebook", said, "label")
                case _:
                    said = f"expected start, end and label, found {shorten(span)}"
                    self._entry.note("broken span", said, "label")

    def _span(self, given: tuple[int, int]) -> Span | None:
        start, end = (self._units.code_point(place) for place in given)
        if not 0 <= given[0] < given[1] <= self._units.length:
            said = f"{given[0]}-{given[1]} in a text of {self._units.length} code units"
            self._entry.note("offsets outside the text", said, "mention")
        elif start is None or end is None:
            said = (
                f"{given[0]}-{given[1]} begins or ends inside a surrogate pair; the project may "
                "not count grapheme clusters as one character"
            )
            self._entry.note("half a character", said, "mention")
        else:
            return marked_span(self._entry, self._text, (start, end))
        return None

    def loaded(self) -> bool | None:
        """Whether the sentence is loaded: not, where no label says that it is."""
        loaded = bool(self.spans[LOADED_WORDS] or self.spans[LOADED])
        if loaded and self.spans[NOT_LOADED]:
            self._entry.note("loaded and not loaded", "both are given; neither counts", "label")
            return None
        return loaded

    def mentions(self) -> tuple[Marked, ...]:
        """The mentions: the spans that carry one of the three labels of a mention."""
        found: defaultdict[Span, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for label, spans in self.spans.items():
            head, colon, value = label.partition(":")
            for span in spans if colon else ():
                found[span][head].append(value)
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
