"""How far the cues of a sentence reach: which one governs a stretch of it."""

from __future__ import annotations

from .cue_phrases import Cue
from .reference import Source
from .speech import SpokenSentence

_NAMING = (
    *("call", "brand", "label", "dub", "describ", "denounc", "charact", "portray", "refer"),
    *("liken", "compar", "deem", "consider", "regard", "view", "christen", "paint", "hail"),
    *("accus", "dismiss", "condemn", "claim", "word", "term", "as "),
)
"""Beginnings of verbs that give a label; *rejected* and *praised* judge what others named."""

Sourced = tuple[Cue, Source]
"""A cue and who its source is."""


def governs(text: str, cue: Cue, at: int) -> bool:
    """Whether what a verb introduces reaches to a place; what is called ends soon."""
    return not cue.calls or ("," not in text[cue.end : at] and _gives_a_label(text, cue))


def cues_beside(
    text: str, sentence: SpokenSentence, start: int, end: int
) -> tuple[Sourced | None, Sourced | None]:
    """The nearest cue before a stretch and the first one behind it, if they have a source."""
    before = after = None
    for cue, source in sentence.near(start, end):
        own = cue.source is not None and cue.source[0] < end and start < cue.source[1]
        if source is None or own:
            continue
        if cue.end <= start:
            if before is None or not _is_told(text, before[0], cue):
                before = (cue, source)
        elif cue.start >= end and after is None:
            after = (cue, source)
    return before, after


def _is_told(text: str, outer: Cue, inner: Cue) -> bool:
    """Whether a judgement stands in what is told: *X said* the men rejected *the truce*."""
    return not outer.calls and inner.calls and not _gives_a_label(text, inner)


def _gives_a_label(text: str, cue: Cue) -> bool:
    return text[cue.start : cue.end].lower().startswith(_NAMING)
