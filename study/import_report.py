"""What an import of annotations brought in, and what it did not and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

from ..data.checks import printable, shorten

Lost = Literal["annotation", "mention", "label", ""]
"""What did not come in: all that somebody said of an item, a mention, a label, or nothing."""


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """Something in a file that is not as it should be.

    Attributes:
        file: The file.
        place: Task, line or row in it.
        kind: What is wrong, in a few words that many problems share.
        reason: What was found, and what is done or to do about it.
        lost: What did not come in for it; empty if everything did.
        item: Of the sample, as far as known.
        annotator: Whose annotation it is, as far as known.
    """

    file: str
    place: str
    kind: str
    reason: str
    lost: Lost
    item: str | None = None
    annotator: str | None = None

    def __str__(self) -> str:
        of = ", ".join(shorten(name)[1:-1] for name in (self.item, self.annotator) if name)
        said = f" [{of}]" if of else ""
        return printable(f"{self.file}: {self.place}{said}: {self.kind}: {self.reason}")


@dataclass(frozen=True, slots=True)
class FileCount:
    """What one file held.

    Attributes:
        file: The file.
        form: ``label-studio``, ``doccano`` or ``csv``.
        records: Tasks, lines or rows that were read.
        annotations: Items that somebody completed and that came in.
        mentions: Marked in them.
        untouched: Records that nobody has annotated.
    """

    file: str
    form: str
    records: int
    annotations: int
    mentions: int
    untouched: int


@dataclass(frozen=True, slots=True)
class AnnotatorCount:
    """What one annotator did.

    Attributes:
        annotator: Who.
        items: Completed.
        mentions: Marked.
        seconds: Median time an item took, where the tool measures it.
    """

    annotator: str
    items: int
    mentions: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class StratumCount:
    """How far a stratum of the sample has been annotated."""

    stratum: str
    sampled: int
    annotated: int


@dataclass(frozen=True)
class ImportReport:
    """What an import brought in.

    Attributes:
        files: In the order they were read.
        annotators: By name.
        strata: In the order of the sample's design.
        problems: In the order they were found.
    """

    files: tuple[FileCount, ...]
    annotators: tuple[AnnotatorCount, ...]
    strata: tuple[StratumCount, ...]
    problems: tuple[ImportProblem, ...]

    @property
    def items(self) -> int:
        """Of the sample."""
        return sum(stratum.sampled for stratum in self.strata)

    @property
    def annotated(self) -> int:
        """Items that at least one annotator completed."""
        return sum(stratum.annotated for stratum in self.strata)

    @cached_property
    def lost(self) -> Mapping[str, int]:
        """How many annotations, mentions and labels did not come in."""
        return Counter(problem.lost for problem in self.problems if problem.lost)

    @cached_property
    def kinds(self) -> Mapping[tuple[str, Lost], int]:
        """How often each kind of problem was found, by what was lost for it."""
        return Counter((problem.kind, problem.lost) for problem in self.problems)

    def record(self) -> dict[str, Any]:
        """The report as JSON takes it."""
        return {
            "items": self.items,
            "annotated": self.annotated,
            "lost": dict(self.lost),
            **{
                name: [asdict(entry) for entry in getattr(self, name)]
                for name in ("files", "annotators", "strata", "problems")
            },
        }
