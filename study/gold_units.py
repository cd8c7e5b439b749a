"""What gold labels count: units of a class and units, of each sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..data.agreement import ADJUDICATED
from ..data.schema import Annotation, Example, Mention
from .measures import Measure
from .scores import NONE
from .selection import Selection

OF_MENTIONS = {"referent": "referent", "concept": "concept", "speaker_name": "speaker"}
"""Columns of mentions that gold labels know, and what a record calls them."""

Key = tuple[str, ...]
"""The values of a group."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One annotator's view of a mention, or of a sentence: its place there is ``None``.

    Attributes:
        mention: What was judged.
        labels: The judgement.
    """

    mention: Mention
    labels: Annotation | Mention


def units(
    example: Example, measure: Measure, selection: Selection, columns: Sequence[str]
) -> Mapping[Key, tuple[float, float]] | None:
    """Gold units of a sentence: of the class and in all, the mean over its annotators.

    An annotator named ``adjudicated`` counts alone. A record without single judgements counts
    with its own labels.

    Args:
        example: The record.
        measure: What is measured.
        selection: Which mentions count.
        columns: Of `OF_MENTIONS`; their values make the groups.

    Returns:
        For each group the two numbers; groups without units are absent. Nothing where no
        annotator gave the labels that are asked for.
    """
    views = [
        _counted(view, loaded, measure, selection, columns) for view, loaded in _views(example)
    ]
    complete = [view for view in views if view is not None]
    if not complete:
        return None
    sums: defaultdict[Key, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for view in complete:
        for key, (of_class, all_units) in view.items():
            sums[key][0] += of_class / len(complete)
            sums[key][1] += all_units / len(complete)
    return {key: (found[0], found[1]) for key, found in sums.items()}


def _views(example: Example) -> Iterator[tuple[list[Judged], bool | None]]:
    """What each annotator saw in a sentence, and whether they found it loaded."""
    names = list(dict.fromkeys(note.annotator for note in example.annotations))
    if not names:
        yield [Judged(mention, mention) for mention in example.mentions], example.loaded
        return
    for name in [ADJUDICATED] if ADJUDICATED in names else names:
        notes = [note for note in example.annotations if note.annotator == name]
        loaded = [n.loaded for n in notes if n.mention is None and n.loaded is not None]
        judged = [Judged(example.mentions[n.mention], n) for n in notes if n.mention is not None]
        yield judged, loaded[-1] if loaded else None


def _counted(
    judged: Sequence[Judged],
    loaded: bool | None,
    measure: Measure,
    selection: Selection,
    columns: Sequence[str],
) -> dict[Key, tuple[float, float]] | None:
    inside: list[Judged] = []
    asked = judged if selection.of_mentions or not measure.of_sentences else ()
    for one in asked:
        selected = _selected(one, selection)
        if selected is None:
            return None
        if selected:
            inside.append(one)
    if measure.of_sentences:
        if loaded is None:
            return None
        there = bool(inside) or not selection.of_mentions
        return {(): (float(loaded), 1.0)} if there else {}
    found: defaultdict[Key, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for one in inside:
        label = getattr(one.labels, measure.head)
        if label is None:
            return None
        key = tuple(getattr(one.mention, OF_MENTIONS[column]) or NONE for column in columns)
        found[key][0] += float(label == measure.value)
        found[key][1] += 1.0
    return {key: (of_class, number) for key, (of_class, number) in found.items()}


def _selected(judged: Judged, selection: Selection) -> bool | None:
    """Whether a mention counts; nothing where the label that would tell is missing."""
    for wanted, value in (
        (selection.referent, judged.mention.referent),
        (selection.concept, judged.mention.concept),
        (selection.speaker, judged.mention.speaker),
    ):
        if wanted is not None and (value is None or value.lower() != wanted.lower()):
            return False
    if judged.labels.framing is None:
        return None
    if judged.labels.framing == "none":
        return False
    if selection.voices is None:
        return True
    return None if judged.labels.voice is None else judged.labels.voice in selection.voices
