"""What a reader must know before believing an estimate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..data.checks import shorten
from .gold import Gold
from .gold_units import OF_MENTIONS
from .measures import Measure
from .panel import VOICE, Panel
from .scores import NONE, Scores
from .selection import Selection
from .totals import Question, unnamed_voices

SHIPPED = "connote"
"""Name of connote's own model."""
NO_GOLD = (
    "No gold sample: these are the classifier's labels taken at their word. Its errors "
    "bias them, and the intervals tell nothing of that. Draw one with connote sample."
)


def cautions(scores: Scores, gold: Gold | None, question: Question, panel: Panel) -> Iterator[str]:
    """Sentences of warning, the weightiest first."""
    measure, columns, selection = question.measure, question.by, question.selection
    if gold is None:
        yield NO_GOLD
    else:
        yield from _of_gold(gold, columns, selection, panel, scores.model.partition("@")[0])
    yield from _undecided(measure, panel)
    if selection.voice is not None or VOICE in columns:
        left = unnamed_voices(scores, selection)
        if left:
            yield f"{left:,} mentions of uncertain voice are in no voice's naive share."
    for at, column in enumerate(columns):
        outside = [cell for key, cell in panel.cells.items() if key[at] == NONE]
        number = sum(cell.documents.denominators.sum() for cell in outside)
        if number:
            which = "date that can be read" if column in ("week", "month", "year") else column
            yield f"{number:,.0f} {measure.units} have no {which}: group {NONE}."


def _undecided(measure: Measure, panel: Panel) -> Iterator[str]:
    undecided = sum(cell.undecided for cell in panel.cells.values())
    total = sum(cell.documents.denominators.sum() for cell in panel.cells.values())
    if not undecided or not total:
        return
    counted = (
        "their probability counts as that of all others."
        if measure.of_sentences
        else "in naive shares part of the whole, of no class."
    )
    yield (
        f"{undecided:,.0f} of {total:,.0f} {measure.units} ({undecided / total:.0%}) are "
        f"uncertain in {measure.head}: {counted}"
    )


def _of_gold(
    gold: Gold, columns: Sequence[str], selection: Selection, panel: Panel, model: str
) -> Iterator[str]:
    number = len(gold.examples)
    if model != SHIPPED and not gold.crossfitted:
        yield (
            f"The scores are of {shorten(model)}, not of connote's own model: if it learnt from "
            "these gold sentences, give its crossfit.jsonl too (--crossfit)."
        )
    if number < gold.drawn:
        yield (
            f"{number:,} of {gold.drawn:,} sentences that were drawn have gold labels; those of "
            "their stratum stand for the others, as if it were chance which are missing."
        )
    if len(panel.items) < number:
        yield (
            f"{number - len(panel.items):,} of {number:,} gold sentences lack a label that is "
            "needed here; those of their stratum stand for them."
        )
    missing = gold.missing(panel.items)
    if missing:
        yield (
            f"{missing:,} sentences are in strata of which none has the gold labels needed here; "
            "the other strata stand for them, which may be wrong."
        )
    if panel.sample is not None and (panel.sample.sampled == 1).any():
        yield (
            f"{int((panel.sample.sampled == 1).sum()):,} strata have one gold sentence; their "
            "variance is taken from the others."
        )
    asked = {"referent": selection.referent, "concept": selection.concept}
    for column, attribute in OF_MENTIONS.items():
        unnamed = gold.unnamed(attribute)
        if unnamed and (column in columns or asked.get(column) is not None):
            yield (
                f"{unnamed:,} gold mentions have no {attribute}: what was missed of one cannot be "
                "counted where annotators do not name it."
            )
