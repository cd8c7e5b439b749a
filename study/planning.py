"""How many annotations an interval needs, asked before anybody has annotated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import pandas as pd

from ..data.errors import UsageError
from .allocation import FOUND
from .expectation import LEAST_POSITIVES, WRONGLY_FOUND, Expectation, Expected
from .frame import Frame, make_frame
from .measures import parse_measure
from .sampling import check_size
from .scores import Scores
from .selection import Selection
from .strata import PREDICTED

SIZES = (100, 200, 300, 500, 1000)
_WIDEST = 0.5


@dataclass(frozen=True, slots=True)
class Plan:
    """What samples can be expected to give.

    Attributes:
        frame: A row for each size and group, the archive as a whole first, with the columns of
            `expectation.Expected`.
        columns: That make the groups.
        values: Of the columns, by the name of the group.
        needed: A row for each group where a width was asked for: ``group``; ``width``; ``gold``
            and ``corrected``, sentences to annotate in all, missing where not even all are
            enough; ``flag``, empty or what is wrong.
        estimand: What is estimated, in words.
        assumptions: In words.
        design_effect: By how much the likeness of a document's sentences makes the variance of
            the archive's share larger.
    """

    frame: pd.DataFrame
    columns: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]
    needed: pd.DataFrame
    estimand: str
    assumptions: tuple[str, ...]
    design_effect: float


def plan(  # noqa: PLR0913 - what draw takes, and what is planned for
    scores: Scores,
    measure: str = "framing=delegitimizing",
    by: Sequence[str] = (PREDICTED,),
    *,
    referent: str | None = None,
    concept: str | None = None,
    voice: str | None = None,
    sizes: Sequence[int] = (),
    width: float | None = None,
) -> Plan:
    """Plan a gold sample.

    Args:
        scores: Of the archive.
        measure: What shall be estimated, such as ``framing=delegitimizing`` or ``loaded``.
        by: As `sampling.draw` takes it; the groups are those of the columns.
        referent: As `sampling.draw` takes it.
        concept: As `sampling.draw` takes it.
        voice: Only mentions in this voice, as `Selection` takes it. It makes no strata.
        sizes: Of samples; without any, those of `SIZES` that the archive has sentences for.
        width: A wanted half-width, such as .05.

    Raises:
        UsageError: If a size, width or measure is impossible, or nothing is found to measure.
        ScoresError: If a column is missing.
    """
    if width is not None and not 0 < width < _WIDEST:
        raise UsageError(f"width: expected a number between 0 and {_WIDEST}, found {width}")
    selection = Selection(referent=referent, concept=concept, voice=voice)
    frame = make_frame(scores, by, selection, parse_measure(measure))
    chosen = sizes or [n for n in SIZES if n <= frame.sentences] or [frame.sentences]
    for size in chosen:
        check_size(frame, size)
    expectation = Expectation(frame, max(chosen))
    rows = [expectation.at(group, size) for size in chosen for group in expectation.groups]
    needed = [] if width is None else _needed(expectation, frame.sentences, width)
    return Plan(
        pd.DataFrame([asdict(row) for row in rows]),
        frame.columns,
        {expectation.name(group): group for group in expectation.groups if group is not None},
        pd.DataFrame(needed, columns=["group", "width", "gold", "corrected", "flag"]).astype(
            {"gold": "Int64", "corrected": "Int64"}
        ),
        " ".join(part for part in (frame.measure.words(), selection.words()) if part),
        _assumptions(frame, expectation),
        expectation.design_effect,
    )


def _needed(expectation: Expectation, sentences: int, width: float) -> list[dict[str, object]]:
    return [_needed_of(expectation, group, sentences, width) for group in expectation.groups]


def _needed_of(
    expectation: Expectation, group: tuple[str, ...] | None, sentences: int, width: float
) -> dict[str, object]:
    def at(size: int) -> Expected:
        return expectation.at(group, size)

    largest = at(sentences)
    flag = largest.flag
    if not flag and largest.corrected > width:
        flag = f"not even all are enough: ±{largest.at_best:.3f} at best"
    return {
        "group": largest.group,
        "width": width,
        "gold": _least(lambda n: not at(n).flag and at(n).gold <= width, sentences),
        "corrected": _least(lambda n: not at(n).flag and at(n).corrected <= width, sentences),
        "flag": flag,
    }


def _least(enough: Callable[[int], bool], most: int) -> int | None:
    """The smallest number that is enough, by bisection."""
    low = min(2, most)
    if not enough(most):
        return None
    while low < most:
        middle = (low + most) // 2
        if enough(middle):
            most = middle
        else:
            low = middle + 1
    return most


def _assumptions(frame: Frame, expectation: Expectation) -> tuple[str, ...]:
    said = ["The classifier's calibrated probabilities are taken as true for this archive."]
    if not frame.measure.of_sentences:
        said.append(
            f"Assumed, since scores do not tell: annotators do not mark {WRONGLY_FOUND:.0%} of the "
            f"mentions that connote found, and connote found {FOUND:.0%} of those that they mark."
        )
    if frame.selection.voice is not None and not frame.measure.of_sentences:
        said.append("Mentions count by the probability that they are in the voice.")
    return (
        *said,
        "Strata and parts are those that connote sample would draw; half-widths are of 95 % "
        "intervals, those of a difference between two groups about the root of the sum of their "
        "squares.",
        f"The archive's {expectation.documents:,} documents count as a sample of what its sources "
        "write: that is the half-width at best, which no annotation lowers. The likeness of a "
        f"document's sentences is in it (design effect {expectation.design_effect:.1f}, by the "
        "scores).",
        f"With fewer than {LEAST_POSITIVES} expected annotated units of the class n is too small, "
        "whatever the half-width.",
    )
