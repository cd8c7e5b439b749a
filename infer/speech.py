"""The sentences of a document with the cues of speech outside quotation marks."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .cast import Cast
from .cue_phrases import Cue
from .cues import find_cues
from .quotes import Quotation
from .reference import Resolver, Source
from .sentences import Span
from .words import Word, words_of

WINDOW = 1_500
"""Characters beside a stretch within which a cue can govern it: bounds the time."""
_DATELINE = re.compile(
    r"(?:By [A-Z][^,]{2,40}, )?[A-Z][A-Z.'’-]+(?:[ ,]+[A-Z][A-Za-z.'’-]*)*"
    r"(?:,? [A-Z][a-z]{2,8}\.? \d{1,2})?,?(?: ?\([^)]{2,40}\))?\s*[—–-]{1,2}\s+"
)


@dataclass(slots=True)
class SpokenSentence:
    """A sentence with its cues outside quotation marks and the sources these stand for."""

    span: Span
    paragraph: int
    cues: list[tuple[Cue, Source | None]] = field(default_factory=list)

    def near(self, start: int, end: int) -> list[tuple[Cue, Source | None]]:
        """The cues that stand near enough to a stretch to govern it, from left to right."""
        first = bisect_left(self.cues, start - WINDOW, key=_begins)
        return self.cues[first : bisect_right(self.cues, end + WINDOW, key=_begins)]

    @property
    def last_source(self) -> Source | None:
        """Who speaks last in it."""
        return next((source for _, source in reversed(self.cues) if source is not None), None)


def _begins(pair: tuple[Cue, Source | None]) -> int:
    return pair[0].start


class Reading:
    """Reads a document once, from left to right: its actors, its cues, their sources.

    Args:
        text: The document.
        sentences: For each paragraph its sentences.
        outer: Its quotations, those within others left out.
        is_known: Tells of a word whether it is the name of an actor.
    """

    def __init__(
        self,
        text: str,
        sentences: Sequence[Sequence[Span]],
        outer: Sequence[Quotation],
        is_known: Callable[[str], bool] | None = None,
    ) -> None:
        self._text = text
        self._outer = outer
        self._outer_starts = [q.start for q in outer]
        self.cast = Cast(is_known)
        self.resolver = Resolver(text, self.cast)
        self.sentences: list[SpokenSentence] = []
        for number, spans in enumerate(sentences):
            for span in spans:
                self._read(span, number)
        self._starts = [s.span.start for s in self.sentences]

    def number_at(self, offset: int) -> int:
        """The number of the sentence at an offset."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def _read(self, span: Span, paragraph: int) -> None:
        """Take the next sentence: its names into the cast, its cues with their sources."""
        dateline = _DATELINE.match(self._text, span.start, span.end)
        start = span.start if dateline is None else dateline.end()
        words = words_of(self._text, start, span.end)
        quoted = self._mask(words)
        number = len(self.sentences)
        self.cast.read(words, number, quoted)
        outside = _without_quotations(words, quoted)
        cues = find_cues(outside, headline=self._is_headline(span))
        sentence = SpokenSentence(span, paragraph)
        for cue in cues:
            source = None
            if cue.source is not None:
                source = self.resolver.resolve(cue.source, number, span.end)
                self.resolver.remember(number, source)
            sentence.cues.append((cue, source))
        self.sentences.append(sentence)

    def _is_headline(self, span: Span) -> bool:
        """Whether a sentence ends without a full stop."""
        last = self._text[span.end - 1]
        if last in "”\"’'»" and span.end - span.start > 1:
            last = self._text[span.end - 2]
        return last.isalnum()

    def _mask(self, words: Sequence[Word]) -> list[bool]:
        if not words:
            return []
        at = max(0, bisect_right(self._outer_starts, words[0].start) - 1)
        mask = []
        for word in words:
            while at < len(self._outer) and self._outer[at].end <= word.start:
                at += 1
            mask.append(at < len(self._outer) and self._outer[at].start <= word.start)
        return mask


def _without_quotations(words: Sequence[Word], quoted: Sequence[bool]) -> list[Word]:
    """The words outside quotation marks, one mark standing for each quotation."""
    kept: list[Word] = []
    inside = False
    for word, within in zip(words, quoted, strict=True):
        if not within:
            kept.append(word)
        elif not inside:
            kept.append(Word(word.start, word.end, "“", "“"))
        inside = within
    return kept
