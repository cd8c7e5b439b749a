"""Who speaks: the source of every quotation and of every reported word of a document.

Cues of speech (`connote.infer.cues`) are found once in each sentence, outside and inside
quotation marks; the cast (`connote.infer.cast`) leads short forms back to full names. A
quotation takes the cue beside it, else the one that its neighbours take; what nobody is
named for stays unresolved. All of it is linear in the length of the document.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Self

from ..data.names import Names
from ..data.speech import speech_words
from .blocks import Block, find_blocks
from .cast import Cast
from .cues import find_cues
from .paragraphs import Paragraph, find_paragraphs
from .phrases import singular
from .quotes import Quotation, find_quotations
from .reach import cues_beside, governs
from .reference import Source
from .sentences import Span, split_sentences
from .speech import Reading, SpokenSentence
from .words import words_of

NEAR = 90
"""Most characters between a verb of saying and the quotation that it introduces."""
_WINDOW = 400
"""Characters beside a stretch within which a cue can govern it: bounds the time."""
_LONG_QUOTATION = 20


class Speakers:
    """The speech of one document.

    Args:
        text: The document.
        paragraphs: Its paragraphs.
        sentences: For each paragraph its sentences.
        quotations: As `find_quotations` gives them.
        names: What actors are called: their names are known at the head of a sentence too.
    """

    def __init__(
        self,
        text: str,
        paragraphs: Sequence[Paragraph],
        sentences: Sequence[Sequence[Span]],
        quotations: Sequence[Quotation],
        names: Names | None = None,
    ) -> None:
        self._text = text
        self._paragraphs = paragraphs
        self._outer = [q for q in quotations if q.depth == 0]
        self._inner = [q for q in quotations if q.depth > 0]
        self._outer_starts = [q.start for q in self._outer]
        self._inner_starts = [q.start for q in self._inner]
        self._blocks = find_blocks(text, paragraphs)
        self._reading = Reading(
            text, sentences, self._outer, None if names is None else names.knows
        )
        self._sentences = self._reading.sentences
        self._resolver = self._reading.resolver
        self._of_quotation: list[Source | None] = []

    @classmethod
    def in_text(cls, text: str, names: Names | None = None) -> Self:
        """The speakers of a text that has not been divided yet.

        Args:
            text: The document.
            names: What actors are called.
        """
        paragraphs = find_paragraphs(text)
        quotations = find_quotations(text, paragraphs)
        return cls(text, paragraphs, split_sentences(text, paragraphs), quotations, names)

    @property
    def cast(self) -> Cast:
        """The actors of the document."""
        return self._reading.cast

    def sources(self) -> list[tuple[int, int]]:
        """Offsets of what names the source of a cue, in the whole document."""
        cues = (cue for sentence in self._sentences for cue, _ in sentence.cues)
        return [cue.source for cue in cues if cue.source is not None]

    def of(self, start: int, end: int, *, quoted: bool) -> Source | None:
        """The source of a stretch of the document.

        Args:
            start: Offset of the stretch.
            end: Offset behind it.
            quoted: Whether it is judged to be quoted; else it is reported.

        Returns:
            The source, or none where the text leaves it open.
        """
        if not self._sentences:
            return None
        number = self._reading.number_at(start)
        outer = self._quotation_at(start, self._outer, self._outer_starts)
        if outer is not None:
            nested = self._nested(start, outer)
            return nested if nested is not None else self._quotation_source(outer)
        block = self._block(self._sentences[number].paragraph)
        if block is not None and block.start <= start < block.end and (quoted or block.spoken):
            called = self._called(start, number) if block.spoken else None
            return called or self._block_source(block, number)
        return self._reported(start, end, number)

    def _quotation_at(
        self, at: int, quotations: Sequence[Quotation], starts: Sequence[int]
    ) -> int | None:
        i = bisect_right(starts, at) - 1
        for k in range(i, max(-1, i - 8), -1):
            if quotations[k].start <= at < quotations[k].end:
                return k
        return None

    # Quotations

    def _nested(self, at: int, outer: int) -> Source | None:
        """The source of a quotation within a quotation, where the outer one names it."""
        inner = self._quotation_at(at, self._inner, self._inner_starts)
        if inner is None:
            return None
        found = self._inner[inner]
        number = self._reading.number_at(found.start)
        sentence = self._sentences[number]
        begin = max(sentence.span.start, self._outer[outer].start + 1, found.start - _WINDOW)
        cues = find_cues(words_of(self._text, begin, found.start))
        for cue in reversed(cues):
            if cue.source is not None and found.start - cue.end <= NEAR:
                return self._resolver.resolve(cue.source, number, sentence.span.end)
        return None

    def _quotation_source(self, index: int) -> Source | None:
        """The source of a quotation; those before it are found first, for it may go on."""
        while len(self._of_quotation) <= index:
            chain = self._chain(len(self._of_quotation))
            own = next((s for s in map(self._beside, chain) if s is not None), None)
            source = own if own is not None else self._from_context(chain[0])
            self._of_quotation.extend(source for _ in chain)
        return self._of_quotation[index]

    def _chain(self, index: int) -> list[int]:
        """The quotations that are one from here on, reopened at the head of each paragraph."""
        last = index
        while last + 1 < len(self._outer) and self._goes_on(last):
            last += 1
        return list(range(index, last + 1))

    def _goes_on(self, index: int) -> bool:
        """Whether a quotation is left open and the next one reopens it."""
        if index + 1 >= len(self._outer):
            return False
        this, following = self._outer[index], self._outer[index + 1]
        if not this.closed or self._text[this.end - 1] in "\"”»’'":
            return False
        between = self._text[this.end : following.start]
        return not between.strip()

    def _beside(self, index: int) -> Source | None:
        """The source that the sentence of a quotation names beside it."""
        quotation = self._outer[index]
        first = self._reading.number_at(quotation.start)
        last = self._reading.number_at(quotation.end - 1)
        block = self._block(self._sentences[first].paragraph)
        after = self._after(self._sentences[last], quotation)
        if after is not None and after[0]:
            return after[1]
        before = self._before(self._sentences[first], quotation)
        if before is not None:
            return before
        if after is not None:
            return after[1]
        if block is not None and block.start <= quotation.start < block.end:
            return self._block_source(block, first)
        near = self._sentences[first].near(quotation.start, quotation.end)
        found = next((s for cue, s in near if cue.shared and s is not None), None)
        return found or self._stated(first, quotation)

    def _stated(self, number: int, quotation: Quotation) -> Source | None:
        """The subject of a sentence that tells of a statement: *In a tweet, X produced "…"*."""
        span = self._sentences[number].span
        if quotation.end - quotation.start < _LONG_QUOTATION:
            return None
        before = words_of(self._text, span.start, max(span.start, quotation.start))
        if any(singular(word.key) in speech_words().statements for word in before):
            return self._resolver.subject_of(number)
        return None

    def _after(self, sentence: SpokenSentence, quotation: Quotation) -> tuple[bool, Source] | None:
        """The first source behind a quotation, and whether it stands right behind it."""
        for cue, source in sentence.near(quotation.end, quotation.end):
            begin = cue.start if cue.source is None else min(cue.start, cue.source[0])
            if begin < quotation.end or source is None or cue.shared:
                continue
            gap = self._text[quotation.end : begin]
            beside = len(gap) <= 12 and not any(c.isalpha() or c in '.;“"' for c in gap)
            inner_end = self._text[quotation.end - 2 : quotation.end - 1]
            if beside and (inner_end in ",?!-—–…" or cue.source_behind or "," in gap):
                return True, source
            later = len(gap) <= 200 and not any(c in gap for c in ";“")
            return (False, source) if (later and not cue.calls) or beside else None
        return None

    def _before(self, sentence: SpokenSentence, quotation: Quotation) -> Source | None:
        """The last source before a quotation in its sentence."""
        best = None
        for cue, source in sentence.near(quotation.start, quotation.start):
            stands = cue.end <= quotation.start and source is not None
            if stands and (best is None or governs(self._text, cue, quotation.start)):
                best = source
        return best

    def _from_context(self, index: int) -> Source | None:
        """The source of a quotation whose sentence names none."""
        quotation = self._outer[index]
        number = self._reading.number_at(quotation.start)
        sentence = self._sentences[number]
        opens = not self._text[sentence.span.start : quotation.start].strip()
        previous = self._sentences[number - 1] if number else None
        if previous is not None and opens and self._text[previous.span.end - 1] == ":":
            return self._introduced(number)
        behind = self._asked_behind(quotation)
        if behind is not None or previous is None:
            return behind
        same = previous.paragraph == sentence.paragraph
        follows = previous.paragraph + 1 == sentence.paragraph and not self._is_item(sentence)
        if (same or follows) and self._fills_sentence(quotation, sentence):
            return self._said_before(index, number)
        return None

    def _introduced(self, number: int) -> Source | None:
        """The source of a quotation behind a colon: who spoke before it, or its subject."""
        paragraph = self._sentences[number - 1].paragraph
        for i in range(number - 1, max(-1, number - 3), -1):
            if self._sentences[i].paragraph != paragraph:
                break
            found = self._sentences[i].last_source or self._resolver.subject_of(i)
            if found is not None:
                return found
        return None

    def _fills_sentence(self, quotation: Quotation, sentence: SpokenSentence) -> bool:
        """Whether nothing stands beside a quotation that could tell of another speaker."""
        last = self._sentences[self._reading.number_at(quotation.end - 1)]
        before = self._text[sentence.span.start : quotation.start]
        behind = self._text[quotation.end : last.span.end]
        return not any(c.isalnum() for c in before + behind)

    def _asked_behind(self, quotation: Quotation) -> Source | None:
        """*"Why now?" the senator asked.*: its own sentence to those who split sentences."""
        last = self._reading.number_at(quotation.end - 1)
        if self._text[quotation.end - 2 : quotation.end - 1] not in ("?", "!"):
            return None
        if last + 1 >= len(self._sentences):
            return None
        following = self._sentences[last + 1]
        if following.paragraph != self._sentences[last].paragraph or not following.cues:
            return None
        cue, source = following.cues[0]
        ends = self._text[cue.end : following.span.end]
        return source if len(ends) <= 60 and not cue.calls and "“" not in ends else None

    def _is_item(self, sentence: SpokenSentence) -> bool:
        """Whether a paragraph begins with a time stamp or bullet: another item of the page."""
        paragraph = self._paragraphs[sentence.paragraph]
        return paragraph.body > paragraph.start

    def _said_before(self, index: int, number: int) -> Source | None:
        """The source of what was said last, in the sentence before or the quotation before."""
        previous = self._sentences[number - 1]
        if index > 0 and self._outer[index - 1].end > previous.span.start:
            source = self._quotation_source(index - 1)
            if source is not None:
                return source
        found = previous.last_source
        if found is not None:
            return found
        if number > 1 and self._sentences[number - 2].paragraph == previous.paragraph:
            return self._sentences[number - 2].last_source
        return None

    # Reported speech

    def _reported(self, start: int, end: int, number: int) -> Source | None:
        """The source of reported words: of the cue that governs them, else of the line."""
        sentence = self._sentences[number]
        before, after = cues_beside(self._text, sentence, start, end)
        if before is not None and (after is None or governs(self._text, before[0], start)):
            return before[1]
        if after is not None:
            return after[1]
        block = self._block(sentence.paragraph)
        if block is not None and block.start <= start < block.end:
            return self._block_source(block, number)
        if number and self._sentences[number - 1].paragraph == sentence.paragraph:
            return self._sentences[number - 1].last_source
        return None

    def _called(self, start: int, number: int) -> Source | None:
        """Who calls it so in a post or a transcript: *The government calls them terrorists*."""
        sentence = self._sentences[number]
        for cue, source in sentence.near(start, start):
            near = cue.calls and cue.end <= start and start - cue.end <= NEAR
            if near and source is not None and not source.open and source.actor is None:
                return source
        return None

    # Lines

    def headline_source(self, start: int) -> Source | None:
        """The source that the headline an offset is in names: *… – Moscow*, *Erdogan: …*."""
        number = self._reading.number_at(start)
        block = self._block(self._sentences[number].paragraph)
        if block is None or block.spoken or not block.start <= start < block.end:
            return None
        sentence = block.end > block.source[0] and self._text[block.end - 1] in '.!?…"”’'
        return None if sentence else self._block_source(block, number)

    def _block(self, paragraph: int) -> Block | None:
        return self._blocks.get(paragraph)

    def _block_source(self, block: Block, number: int) -> Source:
        """The source of a line: its name may stand in full only in the item behind it."""
        until = max(block.end, block.source[1])
        if not block.spoken:
            behind = self._sentences[number + 1 : number + 4]
            name = self._text[block.source[0] : block.source[1]].lower()
            if name in ("reports", "report", "media", "media reports", "sources"):
                found = next((s for b in behind for _, s in b.cues if s is not None), None)
                if found is not None:
                    return found
            until = max([until, *(b.span.end for b in behind)])
        return self._resolver.resolve_line(block.source, number, until)
