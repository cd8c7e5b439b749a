"""What all readers of annotations share: judgements are checked and gathered here.

Nothing is left out without a line in the report.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from ..data.checks import has_surrogate, shorten
from ..data.errors import ConnoteError
from ..data.schema import MENTION_LABELS
from .import_report import (
    AnnotatorCount,
    FileCount,
    ImportProblem,
    ImportReport,
    Lost,
    StratumCount,
)
from .judgements import Judgement, Marked
from .offsets import Span, cuts_word, trimmed
from .sample_folder import Sample, SampledItem

MAX_FILE_BYTES = 64 * 2**20
"""Largest file of annotations that is read: a bound on memory."""
MAX_NAME, MAX_NOTE = 200, 10_000
"""Longest name of an annotator, referent or speaker and longest comment, in code points."""
_PLAIN = str.maketrans("‘’‚‛“”„‟\u2010\u2011\u00a0", "''''\"\"\"\"-- ")


class ExportError(ConnoteError):
    """A file is not an export that can be imported."""


def check_size(path: Path) -> None:
    """Refuse a file that is too large to be an export of annotations.

    Raises:
        ExportError: If it is.
    """
    if path.stat().st_size > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // 2**20
        raise ExportError(
            f"{path}: expected at most {limit} MiB, found a larger file; export it in parts"
        )


@dataclass(slots=True)
class Entry:
    """A place in a file and whom it concerns; problems found there are noted through it."""

    intake: Intake
    file: str
    place: str
    item: str | None = None
    annotator: str | None = None

    def note(self, kind: str, reason: str, lost: Lost = "") -> None:
        """Add a problem."""
        problem = ImportProblem(
            self.file, self.place, kind, reason, lost, self.item, self.annotator
        )
        self.intake.problems.append(problem)

    def of(self, annotator: str) -> Entry:
        """The same place, for one annotator."""
        return replace(self, annotator=annotator)

    def at(self, place: str) -> Entry:
        """Another place of the same item and annotator."""
        return replace(self, place=place)

    def text(self, value: Any, what: str, limit: int = MAX_NAME) -> str | None:
        """A text that somebody typed, stripped; noted where it cannot be taken."""
        if value is None or value == "":
            return None
        if not isinstance(value, str) or has_surrogate(value):
            self.note("unusable text", f"{what}: expected a text, found {shorten(value)}", "label")
            return None
        if len(value) > limit:
            found = f"{what}: expected at most {limit:,} characters, found {len(value):,}"
            self.note("unusable text", found, "label")
            return None
        return value.strip() or None

    def label(self, value: Any, name: str) -> str | None:
        """A label of the codebook; noted if it is none."""
        allowed = next(classes for head, classes in MENTION_LABELS.items() if head == name)
        if value is None or value in allowed:
            return value if isinstance(value, str) else None
        said = f"{name}: expected {', '.join(allowed)}, found {shorten(value)}"
        self.note("label outside the codebook", said, "label")
        return None


class Intake:
    """Gathers judgements of a sample's items and what is wrong with them.

    Args:
        sample: Whose items are annotated.
        annotator: Who annotated, where a file does not say.
        approved: Whether a doccano export has approved documents only.
    """

    def __init__(
        self, sample: Sample, annotator: str | None = None, *, approved: bool = False
    ) -> None:
        self.sample, self.annotator, self.approved = sample, annotator, approved
        self.problems: list[ImportProblem] = []
        self._files: list[tuple[str, str, int, int]] = []
        self._found: dict[tuple[str, str], tuple[Judgement, Entry]] = {}

    def item(
        self, entry: Entry, name: Any, text: Any, *, offsets: bool = True
    ) -> SampledItem | None:
        """The item that a record is about; noted if it is none of the sample, or was changed.

        Args:
            entry: Where the record stands.
            name: The item's id in it.
            text: The sentence in it; ``None`` if the file carries none.
            offsets: Whether the record has offsets, for which every blank counts.
        """
        found = self.sample.by_id.get(str(name)) if isinstance(name, str | int) else None
        if found is None:
            entry.note(
                "unknown item", f"expected an id of the sample, found {shorten(name)}", "annotation"
            )
            return None
        entry.item = found.id
        if text is not None and not _same(text, found.text, offsets=offsets):
            said = f"the sample has {shorten(found.text)}, the file {shorten(text)}"
            entry.note("text changed", said, "annotation")
            return None
        return found

    def add(self, entry: Entry, judgement: Judgement) -> None:
        """Take a judgement; of two by one annotator on one item the later counts."""
        item = self.sample.by_id[judgement.item]
        judgement = replace(judgement, mentions=_checked(entry, item, judgement.mentions))
        if judgement.loaded is None:
            entry.note("loaded not said", "neither yes nor no; the label is absent", "label")
        key = judgement.item, judgement.annotator
        other = self._found.get(key)
        if other is not None:
            earlier, later = _ordered(other, (judgement, entry))
            earlier[1].note(
                "annotated twice", f"the later one counts: {later[1].file}, {later[1].place}"
            )
            judgement, entry = later
        self._found[key] = judgement, entry

    def count(self, file: Path, form: str, records: int, untouched: int) -> None:
        """Take the counts of a file that was read to its end."""
        self._files.append((str(file), form, records, untouched))

    def judgements(self) -> dict[str, list[Judgement]]:
        """What counts, by item; annotators by name."""
        by_item: defaultdict[str, list[Judgement]] = defaultdict(list)
        for (item, _), (judgement, _entry) in sorted(
            self._found.items(), key=lambda found: found[0]
        ):
            by_item[item].append(judgement)
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
        return ImportReport(files, annotators, strata, tuple(self.problems))

    def _file(self, file: str, form: str, records: int, untouched: int) -> FileCount:
        here = [found for found, entry in self._found.values() if entry.file == file]
        mentions = sum(len(judgement.mentions) for judgement in here)
        return FileCount(file, form, records, len(here), mentions, untouched)


def plain(text: str) -> str:
    """A text in which the kind of blanks and quotation marks makes no difference."""
    return " ".join(text.translate(_PLAIN).split())


def marked_span(entry: Entry, text: str, span: Span) -> Span | None:
    """A stretch that somebody marked, without blanks at its ends; noted if there is nothing."""
    start, end = trimmed(text, span)
    if start == end:
        entry.note("empty span", f"nothing but blanks is marked at {span[0]}-{span[1]}", "mention")
        return None
    if cuts_word(text, (start, end)):
        words = shorten(text[max(0, start - 10) : end + 10])
        entry.note("word cut", f"{shorten(text[start:end])} is only part of a word in {words}")
    return start, end


def _same(given: Any, text: str, *, offsets: bool) -> bool:
    if not isinstance(given, str) or offsets:
        return isinstance(given, str) and given.translate(_PLAIN) == text.translate(_PLAIN)
    # Sheets put an apostrophe before what could be taken for a formula.
    return plain(given).removeprefix("'") == plain(text).removeprefix("'")


def _ordered(
    one: tuple[Judgement, Entry], other: tuple[Judgement, Entry]
) -> tuple[tuple[Judgement, Entry], tuple[Judgement, Entry]]:
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


def _checked(entry: Entry, item: SampledItem, mentions: Sequence[Marked]) -> tuple[Marked, ...]:
    """The mentions that stand, each span once, ascending."""
    kept: dict[Span, Marked] = {}
    for given in sorted(mentions, key=lambda mention: mention.framing is None):
        mention, words = given, shorten(item.text[slice(*given.span)])
        if mention.span in kept:
            same = replace(mention, comment=None) == replace(kept[mention.span], comment=None)
            said = f"{words} is marked twice" + ("" if same else "; the first counts")
            entry.note("marked twice", said, "" if same else "mention")
            continue
        if mention.framing is None and _overlaps(mention, kept.values()):
            said = f"{words} overlaps a mention and has no framing of its own"
            entry.note("mention without framing", said, "mention")
            continue
        if mention.framing is None:
            entry.note("mention without framing", f"{words}: framing is absent", "label")
        if mention.framing == "none" and (mention.stance or mention.voice):
            said = f"{words}: stance and voice are left out"
            entry.note("framing none with stance or voice", said, "label")
            mention = replace(mention, stance=None, voice=None)
        kept[mention.span] = mention
    return tuple(kept[span] for span in sorted(kept))


def _overlaps(mention: Marked, others: Iterable[Marked]) -> bool:
    return any(mention.start < other.end and other.start < mention.end for other in others)


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
