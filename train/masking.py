"""How much a judgement rests on the mention's own words: they are blanked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from ..data.schema import CLASSES, Example
from ..infer.judge import Judge, SentenceOutput
from .compare import differences, macro_f1
from .evaluate import SCORED_CLASSES, judge_examples
from .figures import Drop, Sliced, place_of, sliced
from .probes import blanked

MASKED_HEADS = ("framing", "stance")

Row = tuple[Example, SentenceOutput, SentenceOutput]
"""A record, what was said of it, and what was said with its mentions blanked."""


def masked_drops(
    judge: Judge, examples: Sequence[Example], before: Sequence[SentenceOutput]
) -> dict[str, Sliced[Drop]]:
    """How much of macro-F1 is lost when each mention in turn is blanked.

    A stance read from the label alone would fall to the floor; one read from the sentence
    loses less. Whole groups are drawn for the intervals.

    Args:
        judge: A trained model.
        examples: Labelled records.
        before: What it said of them.
    """
    blanks = [blanked(e, k) for e in examples for k in range(len(e.mentions))]
    after = list(_gathered(before, judge_examples(judge, blanks)))
    drops = {}
    for head in MASKED_HEADS:
        rows = [
            (place_of([example]), (_only(example, head), one, other))
            for example, one, other in zip(examples, before, after, strict=True)
        ]
        drops[head] = sliced(rows, partial(_drop, head), partial(_marked, head))
    return drops


def _gathered(
    before: Sequence[SentenceOutput], blanks: Sequence[SentenceOutput]
) -> Iterator[SentenceOutput]:
    """For each sentence its mentions' judgements, each from where it alone was blanked."""
    first = 0
    for output in before:
        parts = blanks[first : first + len(output.framing)]
        first += len(parts)
        if not parts:
            yield output
            continue
        framing, stance = (
            np.concatenate([getattr(part, head) for part in parts]) for head in MASKED_HEADS
        )
        yield replace(output, framing=framing, stance=stance)


def _only(example: Example, head: str) -> Example:
    """A record that marks one head alone."""
    mentions = tuple(
        replace(
            mention,
            framing=mention.framing if head == "framing" else None,
            stance=mention.stance if head == "stance" else None,
            voice=None,
        )
        for mention in example.mentions
    )
    return replace(example, loaded=None, mentions=mentions)


def _marked(head: str, rows: Sequence[Row]) -> int:
    return sum(getattr(m, head) is not None for example, _, _ in rows for m in example.mentions)


def _drop(head: str, rows: Sequence[Row]) -> Drop:
    number = _marked(head, rows)
    if not number:
        return Drop(0)
    examples, before, after = (list(column) for column in zip(*rows, strict=True))
    gain = differences(examples, before, after)[head]
    return Drop(
        n=number,
        plain=macro_f1(examples, before, head),
        changed=macro_f1(examples, after, head),
        drop=gain.observed,
        low=gain.low,
        high=gain.high,
        floor=_floor(head, examples),
    )


def _floor(head: str, examples: Sequence[Example]) -> float:
    """Macro-F1 of always naming the class that is the most frequent of those that count."""
    counts = Counter(getattr(m, head) for e in examples for m in e.mentions)
    del counts[None]
    scored = SCORED_CLASSES[head]
    most = max(counts[name] for name in CLASSES[head][:scored])
    return 2 * most / (most + counts.total()) / scored
