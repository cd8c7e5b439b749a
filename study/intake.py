"""What all readers of annotations share: judgements are checked and gathered here.

Nothing is left out without a line in the report. An annotation that lacks a mention is left out
as a whole: without it, it would say that nothing stands there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from ..data.checks import shorten
from .contradictions import joined
from .entries import Entry, same_text
from .import_report import (
    AnnotatorCount,
    FileCount,
    ImportProblem,
    ImportReport,
    Lost,
    StratumCount,
)
from .judgements import Judgement
from .sample_folder import Sample, SampledItem

MAX_MARKS = 500
"""Most mentions and loaded words that one annotator can mark in a sentence."""
Taken = tuple[Judgement, Entry]


class Intake:
    """Gathers judgements of a sample's items and what is wrong with them.

    Args:
        sample: Whose items are annotated.
        approved: Whether a doccano export has approved documents only.
    """

    def __init__(self, sample: Sample, *, approved: bool = False) -> None:
        self.sample, self.approved = sample, approved
        self.problems: list[ImportProblem] = []
        self._files: list[tuple[str, str, int, int]] = []
        self._found: dict[tuple[str, str], Taken] = {}

    def item(
        self, entry: Entry, name: Any, text: Any, same: Callable[[str, str], bool] = same_text
    ) -> SampledItem | None:
        """The item that a record is about; noted if it is none of the sample, or was changed.

        Args:
            entry: Where the record stands.
            name: The item's id in it.
            text: The sentence in it.
            same: Whether that sentence and the sample's are the same.
        """
        found = self.sample.by_id.get(str(name)) if isinstance(name, str | int) else None
        if found is None:
            said = f"expected an id of the sample, found {shorten(name)}"
            wanted = "give the sample that was annotated by --sample"
            entry.note("unknown item", f"{said}; {wanted}", "annotation")
            return None
        entry.item = found.id
        if not isinstance(text, str) or not same(text, found.text):
            said = f"the sample has {shorten(found.text)}, the file {shorten(text)}"
            wanted = "give the sample that was annotated, or put its sentence back"
            entry.note("text changed", f"{said}; {wanted}", "annotation")
            return None
        return found

    def add(self, entry: Entry, judgement: Judgement) -> None:
        """Take a judgement; of two by one annotator on one item the later counts."""
        marks = len(judgement.mentions) + len(judgement.loaded_spans)
        if marks > MAX_MARKS:
            said = f"expected at most {MAX_MARKS}, found {marks:,}; delete what marks nothing"
            entry.note("too many marks", said, "mention")
            judgement = replace(judgement, mentions=(), loaded_spans=())
        text = self.sample.by_id[judgement.item].text
        judgement = replace(judgement, mentions=joined(entry, text, judgement.mentions))
        if not _complete(entry):
            said = "without what is missing it would say that there is no mention"
            wanted = "mend that and import the file again"
            entry.note("annotation left out", f"{said}; {wanted}", "annotation")
        key = judgement.item, judgement.annotator
        taken = judgement, entry
        if key in self._found:
            earlier, taken = _ordered(self._found[key], taken)
            _note_twice(earlier, taken)
        self._found[key] = taken

    def count(self, file: Path, form: str, records: int, untouched: int) -> None:
        """Take the counts of a file that was read to its end."""
        self._files.append((str(file), form, records, untouched))

    def judgements(self) -> dict[str, list[Judgement]]:
        """What counts, by item; annotators by name."""
        by_item: defaultdict[str, list[Judgement]] = defaultdict(list)
        for _, (judgement, entry) in sorted(self._found.items(), key=lambda found: found[0]):
            if _complete(entry):
                by_item[judgement.item].append(judgement)
        return dict(by_item)

    def report(self) -> ImportReport:
        """What came in and what did not."""
        done = self.judgements()
        annotated = Counter(self.sample.by_id[item].stratum for item in done)
        strata = tuple(
            StratumCount(stratum.stratum, stratum.sampled, annotated[stratum.stratum])
            for stratum in self.sample.design.strata
        )
        annotators = _annotators(judgement for found in done.values() for judgement in found)
        files = tuple(self._file(*counts) for counts in self._files)
        return ImportReport(files, annotators, strata, (*self.problems, *self._alike()))

    def _file(self, file: str, form: str, records: int, untouched: int) -> FileCount:
        here = [
            found
            for found, entry in self._found.values()
            if entry.file == file and _complete(entry)
        ]
        mentions = sum(len(judgement.mentions) for judgement in here)
        return FileCount(file, form, records, len(here), mentions, untouched)

    def _alike(self) -> Iterator[ImportProblem]:
        """Names of annotators that may be one person's."""
        first: dict[str, str] = {}
        seen: set[str] = set()
        for (_, name), (_, entry) in self._found.items():
            other = first.setdefault(name.casefold(), name)
            if other != name and name not in seen:
                seen.add(name)
                said = f"{shorten(other)} and {shorten(name)} count as two people; write one name"
                yield ImportProblem(entry.file, entry.place, "names alike", said, "", None, name)


def _complete(entry: Entry) -> bool:
    return "mention" not in entry.losses


def _note_twice(earlier: Taken, later: Taken) -> None:
    """Note that one annotation takes the place of another."""
    (one, entry), (other, counts) = earlier, later
    said = f"the later one counts: {counts.file}, {counts.place}"
    if _substance(one) == _substance(other):
        entry.note("annotated twice", said)
    else:
        wanted = "they differ; if they are two people's, name them: connote import NAME=FILE …"
        lost: Lost = "annotation" if _complete(entry) else ""
        entry.note("annotated twice", f"{said}; {wanted}", lost)


def _substance(judgement: Judgement) -> Judgement:
    """A judgement without when and how fast it was made."""
    mentions = tuple(replace(mention, time=None) for mention in judgement.mentions)
    return replace(judgement, mentions=mentions, time=None, seconds=None)


def _ordered(one: Taken, other: Taken) -> tuple[Taken, Taken]:
    """Earlier and later; where times do not tell, by the order of reading."""
    first, second = _moment(one[0].time), _moment(other[0].time)
    return (other, one) if first and second and first > second else (one, other)


def _moment(time: str | None) -> datetime | None:
    """A time as ISO 8601 writes it; in UTC where it does not say."""
    try:
        found = datetime.fromisoformat(time or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _annotators(judgements: Iterable[Judgement]) -> tuple[AnnotatorCount, ...]:
    by_name: defaultdict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        by_name[judgement.annotator].append(judgement)
    return tuple(
        AnnotatorCount(
            name,
            len(done),
            sum(len(judgement.mentions) for judgement in done),
            median(times)
            if (times := [j.seconds for j in done if j.seconds is not None])
            else None,
        )
        for name, done in sorted(by_name.items())
    )
