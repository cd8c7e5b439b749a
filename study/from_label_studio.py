"""Annotations from Label Studio's JSON export: tasks with all their annotations.

What its labelling setup names is what ``connote sample`` writes to ``label-studio.xml``. The
editor is written in JavaScript: offsets count UTF-16 code units.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..data.checks import decode_json, shorten
from .intake import (
    MAX_NOTE,
    Entry,
    ExportError,
    Intake,
    check_size,
    marked_span,
    plain,
)
from .judgements import Judgement, Marked
from .offsets import CodeUnits, Span
from .sample_folder import SampledItem

FORM = "label-studio"
LOADED_WORDS = "loaded_words"
_LABELS, _CHOICES, _NAMES = ("framing", LOADED_WORDS), ("stance", "voice"), ("referent", "speaker")
_OF_REGIONS = (*_LABELS, *_CHOICES, *_NAMES)


def read_label_studio(intake: Intake, path: Path) -> None:
    """Read an export.

    Args:
        intake: Takes judgements and problems.
        path: A file of the export format called JSON.

    Raises:
        ExportError: If the file is not such an export.
    """
    tasks = _tasks(path)
    untouched = 0
    for number, task in enumerate(tasks, 1):
        entry = Entry(intake, str(path), f"task {number}")
        if isinstance(task, dict):
            untouched += _read_task(entry, task)
        else:
            entry.note("broken record", f"expected an object, found {shorten(task)}", "annotation")
    intake.count(path, FORM, len(tasks), untouched)


def _tasks(path: Path) -> list[Any]:
    check_size(path)
    try:
        tasks = decode_json(path.read_bytes().decode("utf-8-sig"))
    except ValueError as error:
        raise ExportError(
            f"{path}: expected Label Studio's JSON, found broken JSON ({error}); export it again"
        ) from error
    if not isinstance(tasks, list):
        raise ExportError(
            f"{path}: expected Label Studio's JSON, a list of tasks, found {shorten(tasks)}"
        )
    full = [task for task in tasks if isinstance(task, dict) and "annotations" in task]
    if tasks and not full:
        first = tasks[0] if isinstance(tasks[0], dict) else {}
        found = "the format JSON-MIN" if "annotation_id" in first else "no task with annotations"
        raise ExportError(
            f"{path}: expected Label Studio's full JSON, found {found}; choose JSON as the "
            "format when you export"
        )
    return tasks


def _read_task(entry: Entry, task: Mapping[str, Any]) -> bool:
    """Read one task; whether nobody touched it."""
    data = task.get("data")
    if "id" in task:
        entry.place += f" (id {shorten(task['id'])})"
    annotations = _objects(entry, task.get("annotations"), "annotations")
    drafts = [d for d in _objects(entry, task.get("drafts"), "drafts") if d.get("result")]
    if not annotations and not drafts:
        return True
    data = data if isinstance(data, dict) else {}
    item = entry.intake.item(entry, data.get("id"), data.get("text", ""))
    if item is None:
        return False
    units = CodeUnits(item.text)
    for number, annotation in enumerate(annotations, 1):
        place = f"{entry.place}, annotation {shorten(annotation.get('id', number))}"
        _read_annotation(entry.at(place), item, units, annotation)
    for draft in drafts:
        if not annotations and draft.get("annotation") is None:
            who = entry.of(_annotator(draft.get("user")) or "")
            who.note("draft", "begun and never submitted", "annotation")
    return False


def _read_annotation(
    entry: Entry, item: SampledItem, units: CodeUnits, annotation: Mapping[str, Any]
) -> None:
    name = _annotator(annotation.get("completed_by")) or entry.intake.annotator
    name = entry.text(name, "annotator")
    if name is None:
        entry.note("no annotator", "completed_by names nobody; say it by --annotator", "annotation")
        return
    entry = entry.of(name)
    if annotation.get("was_cancelled"):
        entry.note("skipped", "the annotator skipped the task")
        return
    if annotation.get("draft") is True:
        entry.note("draft", "begun and never submitted", "annotation")
        return
    said = _Said(entry, item, units)
    said.take(_objects(entry, annotation.get("result"), "result"))
    time = annotation.get("updated_at") or annotation.get("created_at")
    entry.intake.add(
        entry,
        Judgement(
            item.id,
            name,
            tuple(said.mentions()),
            said.loaded,
            tuple(sorted(said.loaded_spans)),
            said.comment,
            entry.text(time, "time"),
            _seconds(annotation.get("lead_time")),
        ),
    )


def _annotator(who: Any) -> str | None:
    """A user, who is a number in some exports and an object in others."""
    if isinstance(who, dict):
        named = who.get("email") or who.get("username")
        return named if isinstance(named, str) else _annotator(who.get("id"))
    return f"user {who}" if type(who) is int else who if isinstance(who, str) and who else None


def _seconds(value: Any) -> float | None:
    valid = type(value) in (int, float) and 0 <= value < math.inf
    return float(value) if valid else None


def _objects(entry: Entry, value: Any, what: str) -> list[dict[str, Any]]:
    items = value if isinstance(value, list) else [] if value is None else [value]
    kept = [item for item in items if isinstance(item, dict)]
    # Drafts are numbers in some exports: ids of what is not in the file.
    for item in (item for item in items if not isinstance(item, dict) and what != "drafts"):
        entry.note("broken record", f"{what}: expected objects, found {shorten(item)}", "label")
    return kept


@dataclass(slots=True)
class _Region:
    """A marked stretch with all that was chosen for it."""

    span: Span | None
    values: dict[str, Any] = field(default_factory=dict)


class _Said:
    """What the results of one annotation say."""

    def __init__(self, entry: Entry, item: SampledItem, units: CodeUnits) -> None:
        self._entry, self._item, self._units = entry, item, units
        self._regions: dict[str, _Region] = {}
        self.loaded: bool | None = None
        self.comment: str | None = None
        self.loaded_spans: set[Span] = set()

    def take(self, results: Iterable[Mapping[str, Any]]) -> None:
        """Take the results; those of one region share its id."""
        for result in results:
            name, value = result.get("from_name"), result.get("value")
            if not isinstance(value, dict) or name not in (*_OF_REGIONS, "loaded", "comment"):
                found = shorten(name if name is not None else result.get("type"))
                said = f"{found} is not part of connote's labelling setup"
                self._entry.note("unknown result", said, "label")
            elif name in _OF_REGIONS:
                self._take_of_region(str(result.get("id")), str(name), result, value)
            elif name == "loaded":
                self._take_loaded(value.get("choices"))
            else:
                texts = _listed(value.get("text"))
                self.comment = self._entry.text("\n".join(map(str, texts)), "comment", MAX_NOTE)

    def _take_of_region(
        self, region_id: str, name: str, result: Mapping[str, Any], value: Mapping[str, Any]
    ) -> None:
        region = self._regions.get(region_id)
        if region is None:
            region = self._regions[region_id] = _Region(self._span(value))
        key = "labels" if name in _LABELS else "choices" if name in _CHOICES else "text"
        region.values[name] = value.get(key)
        note = result.get("meta")
        if isinstance(note, dict) and note.get("text"):
            region.values["comment"] = "\n".join(map(str, _listed(note["text"])))

    def _take_loaded(self, choices: Any) -> None:
        match _listed(choices):
            case ["yes" | "no" as chosen]:
                self.loaded = chosen == "yes"
            case _:
                said = f"loaded: expected yes or no, found {shorten(choices)}"
                self._entry.note("label outside the codebook", said, "label")

    def mentions(self) -> Iterable[Marked]:
        """The mentions; loaded words are put aside on the way."""
        for region in self._regions.values():
            if region.span is None:
                continue
            if region.values.get(LOADED_WORDS):
                self.loaded_spans.add(region.span)
            if region.values.get("framing") or not region.values.get(LOADED_WORDS):
                yield self._mention(region, *region.span)
            elif region.values.keys() & {*_CHOICES, *_NAMES}:
                words = shorten(self._item.text[slice(*region.span)])
                said = f"{words} has {LOADED_WORDS}, no framing, and choices of a mention"
                self._entry.note("choices without mention", said, "label")
        if self.loaded_spans and self.loaded is False:
            self._entry.note("loaded words in a sentence not loaded", "they are left out", "label")
            self.loaded_spans.clear()

    def _mention(self, region: _Region, start: int, end: int) -> Marked:
        framing, stance, voice = (self._one(region, name) for name in ("framing", *_CHOICES))
        referent, speaker = (
            self._entry.text(" ".join(map(str, _listed(region.values.get(name)))), name)
            for name in _NAMES
        )
        comment = self._entry.text(region.values.get("comment"), "comment", MAX_NOTE)
        return Marked(start, end, framing, stance, voice, referent, speaker, comment)

    def _one(self, region: _Region, name: str) -> str | None:
        values = _listed(region.values.get(name))
        if len(values) > 1:
            said = f"{name}: expected one, found {shorten(values)}"
            self._entry.note("several labels", said, "label")
            return None
        return self._entry.label(values[0] if values else None, name)

    def _span(self, value: Mapping[str, Any]) -> Span | None:
        """The code points between two code units, if the words that stand there agree."""
        text, words = self._item.text, value.get("text")
        given = value.get("start"), value.get("end")
        words = words if isinstance(words, str) else None
        points = tuple(place for place in given if type(place) is int)
        if len(points) < len(given):
            self._lose("unusable offsets", f"expected whole numbers, found {shorten(given)}")
            return None
        units = tuple(map(self._units.code_point, points))
        if _stand_at(text, words, units):
            return marked_span(self._entry, text, (units[0] or 0, units[1] or 0))
        if words is not None and _stand_at(text, words, points):
            self._entry.note("offsets in characters", f"{shorten(words)}: not in code units")
            return marked_span(self._entry, text, (points[0], points[1]))
        return self._disagreeing(points, units, words)

    def _disagreeing(
        self, given: tuple[int, ...], units: tuple[int | None, ...], words: str | None
    ) -> Span | None:
        text, (start, end) = self._item.text, units
        if not 0 <= given[0] < given[1] <= self._units.length:
            said = f"{given[0]}-{given[1]} in a text of {self._units.length} code units"
            self._lose("offsets outside the text", said)
        elif start is None or end is None:
            said = f"{given[0]}-{given[1]} begins or ends inside a surrogate pair"
            self._lose("half a character", said)
        elif words and plain(words) in plain(text[start:end]):
            said = f"the export says {shorten(words)}, its offsets {shorten(text[start:end])}"
            self._entry.note("words disagree", f"{said}; the offsets count")
            return marked_span(self._entry, text, (start, end))
        else:
            said = f"the export says {shorten(words)}, its offsets {shorten(text[start:end])}"
            self._lose("words disagree", said)
        return None

    def _lose(self, kind: str, reason: str) -> None:
        self._entry.note(kind, reason, "mention")


def _stand_at(text: str, words: str | None, span: tuple[int | None, ...]) -> bool:
    start, end = span
    if start is None or end is None or not 0 <= start < end <= len(text):
        return False
    return words is None or plain(words) == plain(text[start:end])


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
