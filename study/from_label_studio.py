"""Annotations from Label Studio's JSON export: tasks with all their annotations.

What its labelling setup names is what ``connote sample`` writes to ``label-studio.xml``. The
editor is written in JavaScript: offsets count UTF-16 code units.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..data.checks import decode_json, shorten
from .contradictions import loadedness
from .entries import Entry, ExportError, check_size
from .import_report import Lost
from .intake import Intake
from .judgements import Judgement
from .label_studio_results import Said
from .offsets import CodeUnits
from .sample_folder import SampledItem

FORM = "label-studio"
_LISTS: Mapping[str, Lost] = {"annotations": "annotation", "result": "mention", "drafts": ""}
"""Lists of an export, and what does not come in with one of their parts."""


def read_label_studio(intake: Intake, path: Path, annotator: str | None = None) -> None:
    """Read an export.

    Args:
        intake: Takes judgements and problems.
        path: A file of the export format called JSON.
        annotator: Who annotated, where the file has no name but a number or nothing.

    Raises:
        ExportError: If the file is not such an export, or one annotator is named for the work
            of several.
    """
    tasks = _tasks(path)
    _check_one(path, tasks, annotator)
    untouched = 0
    for number, task in enumerate(tasks, 1):
        entry = Entry(intake, str(path), f"task {number}")
        if isinstance(task, dict):
            untouched += _read_task(entry, task, annotator)
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


def _check_one(path: Path, tasks: list[Any], annotator: str | None) -> None:
    """Refuse one name for users with several numbers."""
    numbers = sorted(set(_numbers(tasks)))
    if annotator is not None and len(numbers) > 1:
        raise ExportError(
            f"{path}: expected annotations by one person, as {shorten(annotator)} is named for "
            f"them, found the users {', '.join(map(str, numbers[:10]))}; leave the name out, or "
            "export the annotations of each alone"
        )


def _numbers(tasks: list[Any]) -> Iterator[int]:
    """The numbers of annotators who have no name."""
    for task in tasks:
        done = task.get("annotations") if isinstance(task, dict) else None
        for annotation in done if isinstance(done, list) else ():
            who = annotation.get("completed_by") if isinstance(annotation, dict) else None
            number = _number(who)
            if number is not None and _named(who) is None:
                yield number


def _read_task(entry: Entry, task: Mapping[str, Any], annotator: str | None) -> bool:
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
        _read_annotation(entry.at(place), item, units, annotation, annotator)
    for draft in drafts:
        if not annotations and draft.get("annotation") is None:
            who = entry.of(_annotator(draft.get("user"), annotator) or "")
            who.note("draft", "begun and never submitted", "annotation")
    return False


def _read_annotation(
    entry: Entry,
    item: SampledItem,
    units: CodeUnits,
    annotation: Mapping[str, Any],
    annotator: str | None,
) -> None:
    name = entry.name(_annotator(annotation.get("completed_by"), annotator))
    if name is None:
        wanted = "completed_by names nobody; say it by --annotator, or NAME=FILE"
        entry.note("no annotator", wanted, "annotation")
        return
    entry = entry.of(name)
    if annotation.get("was_cancelled"):
        entry.note("skipped", "the annotator skipped the task")
        return
    if annotation.get("draft") is True:
        entry.note("draft", "begun and never submitted", "annotation")
        return
    said = Said(entry, item, units)
    said.take(_objects(entry, annotation.get("result"), "result"))
    mentions = tuple(said.mentions())
    entry.intake.add(
        entry,
        Judgement(
            item.id,
            name,
            mentions,
            *loadedness(entry, said.answers, said.loaded_spans),
            said.comment,
            entry.text(annotation.get("updated_at") or annotation.get("created_at"), "time"),
            _seconds(annotation.get("lead_time")),
        ),
    )


def _annotator(who: Any, annotator: str | None) -> str | None:
    """A user's name; of one who has none what the caller says, or else the number."""
    number = _number(who)
    return _named(who) or annotator or (None if number is None else f"user {number}")


def _named(who: Any) -> str | None:
    """The name of a user, who is an object in some exports."""
    found = (who.get("email") or who.get("username")) if isinstance(who, dict) else who
    return found if isinstance(found, str) and found.strip() else None


def _number(who: Any) -> int | None:
    """The number of a user: all that most exports have."""
    found = who.get("id") if isinstance(who, dict) else who
    return found if type(found) is int else None


def _seconds(value: Any) -> float | None:
    valid = type(value) in (int, float) and 0 <= value < math.inf
    return float(value) if valid else None


def _objects(entry: Entry, value: Any, what: str) -> list[dict[str, Any]]:
    items = value if isinstance(value, list) else [] if value is None else [value]
    kept = [item for item in items if isinstance(item, dict)]
    # Drafts are numbers in some exports: ids of what is not in the file.
    for item in (item for item in items if not isinstance(item, dict) and what != "drafts"):
        said = f"{what}: expected objects, found {shorten(item)}; export it again"
        entry.note("broken record", said, _LISTS[what])
    return kept
