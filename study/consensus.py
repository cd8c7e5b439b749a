"""Judgements of several annotators made one record each sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import cast

from ..data.agreement import ADJUDICATED
from ..data.schema import MENTION_LABELS, Annotation, Example, Mention
from ..data.spans import merge_spans
from .judgements import Judgement, Marked
from .offsets import Span, trimmed
from .sample_folder import PredictedMention, SampledItem

Marks = Mapping[str, Marked]
"""For each annotator who marked a mention how."""


def record_of(item: SampledItem, judgements: Sequence[Judgement]) -> Example:
    """The record of an item.

    Spans of different annotators that overlap are one mention. A label stands if more than half
    of those who completed the item and did not leave it open gave it: who marked no mention
    there speaks against every label. Loaded words are those that more than half marked of who
    marked any. What an annotator named ``adjudicated`` says settles it.

    Args:
        item: Of the sample.
        judgements: Of the annotators who completed it, each once.
    """
    found = gathered(judgements)
    mentions = tuple(_mention(item, span, marks, judgements) for span, marks in found)
    loaded = _settled({j.annotator: j.loaded for j in judgements if j.loaded is not None})
    spans = _loaded_spans(item.text, [j for j in judgements if j.loaded and loaded])
    return Example(
        id=item.id,
        text=item.text,
        mentions=mentions,
        group=item.document,
        loaded=cast("bool | None", loaded),
        loaded_spans=spans or (() if loaded is False else None),
        annotations=tuple(_annotations(judgements, found)),
        origin=item.origin,
        in_quote=item.in_quote,
    )


def _loaded_spans(text: str, agreeing: Sequence[Judgement]) -> tuple[Span, ...]:
    """What more than half of those marked who marked loaded words, or what was adjudicated."""
    marking = [judgement for judgement in agreeing if judgement.loaded_spans]
    chosen = [j for j in marking if j.annotator == ADJUDICATED] or marking
    steps: Counter[int] = Counter()
    for judgement in chosen:
        for start, end in merge_spans(judgement.loaded_spans):
            steps.update({start: 1, end: -1})
    agreed: list[Span] = []
    depth = 0
    for place, behind in pairwise(sorted(steps)):
        depth += steps[place]
        if 2 * depth > len(chosen):
            agreed.append((place, behind))
    trim = (trimmed(text, span) for span in _connected(agreed))
    return tuple(span for span in trim if span[0] < span[1])


def _connected(spans: Iterable[Span]) -> Iterable[Span]:
    """Ascending spans, those that touch made one."""
    last: Span | None = None
    for span in spans:
        if last is not None and last[1] == span[0]:
            last = last[0], span[1]
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def gathered(judgements: Iterable[Judgement]) -> list[tuple[Span, Marks]]:
    """The mentions that annotators marked, in the order of the text.

    A mention has the span that most of them marked, of those the shortest, and of each annotator
    the one span that fits it best; ``adjudicated`` decides where it marked one.

    Returns:
        For each mention its span and who marked it how. No span stands twice.
    """
    placed = ((mark.span, j.annotator, mark) for j in judgements for mark in j.mentions)
    apart: list[dict[tuple[str, Span], Marked]] = []
    end = -1
    for span, annotator, mark in sorted(placed, key=lambda found: found[:2]):
        if span[0] >= end:
            apart.append({})
        apart[-1][annotator, span] = mark
        end = max(end, span[1])
    return sorted((found for marks in apart for found in _matched(marks)), key=lambda m: m[0])


def _matched(left: dict[tuple[str, Span], Marked]) -> list[tuple[Span, Marks]]:
    """The mentions of a stretch in which every mark overlaps another; empties what it is given."""
    found: list[tuple[Span, Marks]] = []
    while left:
        times = Counter(span for _, span in left)
        settled = {span for annotator, span in left if annotator == ADJUDICATED}
        span = min(times, key=lambda s: (s not in settled, -times[s], s[1] - s[0], s))
        marks: dict[str, Marked] = {}
        for annotator in sorted({annotator for annotator, _ in left}):
            best = max(
                (own for name, own in left if name == annotator),
                key=lambda own: (overlap(own, span), (-own[0], -own[1])),
            )
            if overlap(best, span) > 0:
                marks[annotator] = left.pop((annotator, best))
        found.append((span, marks))
    return found


def overlap(one: Span, other: Span) -> float:
    """Characters that two spans share, as a share of those that either has."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, shared) / (max(one[1], other[1]) - min(one[0], other[0]))


def _mention(
    item: SampledItem, span: Span, marks: Marks, judgements: Sequence[Judgement]
) -> Mention:
    framing, stance, voice = (
        cast("str | None", _settled(dict(_votes(head, marks, judgements))))
        for head in MENTION_LABELS
    )
    open_to_both = framing != "none"
    predicted = _predicted(item, span)
    return Mention(
        *span,
        predicted.concept if predicted else None,
        _name("referent", marks) or (predicted.referent if predicted else None),
        _name("speaker", marks) or (predicted.speaker if predicted else None),
        framing,
        stance if open_to_both else None,
        voice if open_to_both else None,
    )


def _votes(
    head: str, marks: Marks, judgements: Sequence[Judgement]
) -> Iterable[tuple[str, str | None]]:
    """What each annotator says of a mention; who left the label open does not vote."""
    for judgement in judgements:
        mark = marks.get(judgement.annotator)
        label = None if mark is None else getattr(mark, head)
        if label is not None or mark is None or (mark.framing == "none" and head != "framing"):
            yield judgement.annotator, label


def _settled(votes: Mapping[str, object]) -> object:
    """What was adjudicated, or what more than half say; ``None`` if neither is."""
    if ADJUDICATED in votes:
        return votes[ADJUDICATED]
    for value, times in Counter(votes.values()).most_common(1):
        if 2 * times > len(votes):
            return value
    return None


def _name(key: str, marks: Marks) -> str | None:
    """The commonest name, of equally common ones the first annotator's."""
    names = Counter(
        name for _, mark in sorted(marks.items()) if (name := getattr(mark, key)) is not None
    )
    settled = getattr(marks.get(ADJUDICATED), key, None)
    return settled or next((name for name, _ in names.most_common(1)), None)


def _predicted(item: SampledItem, span: Span) -> PredictedMention | None:
    """What connote found there, if it found something."""
    best = max(item.mentions, key=lambda m: overlap((m.start, m.end), span), default=None)
    return best if best and overlap((best.start, best.end), span) > 0 else None


def _annotations(
    judgements: Iterable[Judgement], found: Sequence[tuple[Span, Marks]]
) -> Iterable[Annotation]:
    for judgement in judgements:
        who = judgement.annotator
        yield Annotation(
            who, loaded=judgement.loaded, comment=judgement.comment, time=judgement.time
        )
        for index, (_, marks) in enumerate(found):
            mark = marks.get(who)
            if mark is not None:
                yield Annotation(
                    who,
                    index,
                    framing=mark.framing,
                    stance=mark.stance,
                    voice=mark.voice,
                    comment=mark.comment,
                    time=mark.time or judgement.time,
                )
