"""One annotator says two things of the same: what differs is left out, and reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from ..data.checks import shorten
from ..data.schema import MENTION_LABELS
from .entries import Entry
from .judgements import Marked
from .offsets import Span

_OF_MARKS = (*MENTION_LABELS, "referent", "speaker")


def loadedness(
    entry: Entry, answers: Iterable[bool], words: Iterable[Span]
) -> tuple[bool | None, tuple[Span, ...]]:
    """Whether an annotator found a sentence loaded, and which words.

    Args:
        entry: Of the annotation.
        answers: All that are given.
        words: Marked as loaded, which says that the sentence is.

    Returns:
        The answer, ``None`` where there is none or two differ, and the words, ascending; none
        of a sentence that is not loaded.
    """
    spans = tuple(sorted(set(words)))
    said = {*answers, *([True] if spans else [])}
    if len(said) == 1:
        return next(iter(said)), spans
    if said:
        reason = "both are given, or words are marked as loaded; neither counts"
        entry.note("loaded and not loaded", reason, "label")
    else:
        entry.note("loaded not said", "neither yes nor no; the label is absent", "label")
    return None, ()


def joined(entry: Entry, text: str, mentions: Sequence[Marked]) -> tuple[Marked, ...]:
    """The mentions that an annotator marked, each span once, ascending.

    Args:
        entry: Of the annotation.
        text: The sentence.
        mentions: As marked.
    """
    by_span: defaultdict[Span, list[Marked]] = defaultdict(list)
    for mention in mentions:
        by_span[mention.span].append(mention)
    marks = [_one(entry, text, by_span[span]) for span in sorted(by_span)]
    framed = [mark for mark in marks if mark.framing is not None]
    return tuple(_usable(entry, text, mark) for mark in marks if _stands(entry, text, mark, framed))


def _one(entry: Entry, text: str, marks: Sequence[Marked]) -> Marked:
    """Marks of the same words as one mention."""
    first = marks[0]
    if len(marks) == 1:
        return first
    words = shorten(text[slice(*first.span)])
    entry.note("marked twice", f"{words} is taken as one mention")
    values: dict[str, Any] = {}
    for key in _OF_MARKS:
        said = sorted({value for mark in marks if (value := getattr(mark, key)) is not None})
        values[key] = said[0] if len(said) == 1 else None
        if len(said) > 1:
            given = f"{words} has {shorten(said)}; {key} is left out"
            entry.note("several labels", given, "label")
    comments = dict.fromkeys(mark.comment for mark in marks if mark.comment)
    return replace(first, **values, comment="\n".join(comments) or None)


def _stands(entry: Entry, text: str, mark: Marked, framed: Iterable[Marked]) -> bool:
    """Whether marked words are a mention of their own, and not labels put beside one."""
    if mark.framing is None and any(
        mark.start < other.end and other.start < mark.end for other in framed
    ):
        words = shorten(text[slice(*mark.span)])
        said = f"{words} overlaps a mention and has no framing of its own; its labels are left out"
        entry.note("labels beside a mention", said, "label")
        return False
    return True


def _usable(entry: Entry, text: str, mark: Marked) -> Marked:
    """A mention with the labels that can be together."""
    words = shorten(text[slice(*mark.span)])
    if mark.framing is None:
        entry.note("mention without framing", f"{words}: framing is absent", "label")
    if mark.framing == "none" and (mark.stance or mark.voice):
        said = f"{words}: stance and voice are left out"
        entry.note("framing none with stance or voice", said, "label")
        return replace(mark, stance=None, voice=None)
    return mark
