"""Places in files of annotations: what stands there, and what is wrong with it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..data.agreement import NOT_INDEPENDENT
from ..data.checks import has_surrogate, shorten
from ..data.errors import ConnoteError
from ..data.schema import MENTION_LABELS
from .import_report import ImportProblem, Lost
from .offsets import Span, cuts_word, trimmed

if TYPE_CHECKING:
    from .intake import Intake

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
    """A place in a file and whom it concerns; problems found there are noted through it.

    Attributes:
        intake: Takes the problems.
        file: The file.
        place: Task, line or row in it.
        item: Of the sample, as far as known.
        annotator: Whose annotation it is, as far as known.
        losses: What did not come in of that annotation, wherever in it.
    """

    intake: Intake
    file: str
    place: str
    item: str | None = None
    annotator: str | None = None
    losses: set[Lost] = field(default_factory=set)

    def note(self, kind: str, reason: str, lost: Lost = "") -> None:
        """Add a problem."""
        self.losses.add(lost)
        problem = ImportProblem(
            self.file, self.place, kind, reason, lost, self.item, self.annotator
        )
        self.intake.problems.append(problem)

    def of(self, annotator: str) -> Entry:
        """The same place, for an annotation of its own."""
        return replace(self, annotator=annotator, losses=set())

    def at(self, place: str) -> Entry:
        """Another place of the same annotation."""
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

    def name(self, value: Any) -> str | None:
        """The name of an annotator, as all files write it; noted where it cannot be taken."""
        found = self.text(value, "annotator")
        return None if found is None else annotator_name(found)

    def label(self, value: Any, name: str) -> str | None:
        """A label of the codebook; noted if it is none."""
        allowed = next(classes for head, classes in MENTION_LABELS.items() if head == name)
        if value is None or value in allowed:
            return value if isinstance(value, str) else None
        said = f"{name}: expected {', '.join(allowed)}, found {shorten(value)}"
        self.note("label outside the codebook", said, "label")
        return None


def annotator_name(name: str) -> str:
    """A name in which the kind of blanks and of Unicode's forms makes no difference.

    Of names that mean something to connote, as ``adjudicated``, neither does case.
    """
    found = unicodedata.normalize("NFC", " ".join(name.split()))
    return found.casefold() if found.casefold() in NOT_INDEPENDENT else found


def same_text(given: str, text: str) -> bool:
    """Whether two texts are the same but for the kind of quotation marks and dashes.

    Offsets fit both.
    """
    return given.translate(_PLAIN) == text.translate(_PLAIN)


def plain(text: str) -> str:
    """A text in which the kind of blanks and quotation marks makes no difference."""
    return " ".join(text.translate(_PLAIN).split())


def marked_span(entry: Entry, text: str, span: Span, lost: Lost = "mention") -> Span | None:
    """A stretch that somebody marked, without blanks at its ends; noted if there is nothing.

    Args:
        entry: Where it is marked.
        text: The sentence.
        span: As marked.
        lost: What does not come in if there is nothing.
    """
    start, end = trimmed(text, span)
    if start == end:
        said = f"nothing but blanks is marked at {span[0]}-{span[1]}; mark the words, or delete it"
        entry.note("empty span", said, lost)
        return None
    if cuts_word(text, (start, end)):
        words = shorten(text[max(0, start - 10) : end + 10])
        entry.note("word cut", f"{shorten(text[start:end])} is only part of a word in {words}")
    return start, end
