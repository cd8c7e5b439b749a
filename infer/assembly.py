"""From a model's probabilities to judged sentences and documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..data.schema import FRAMINGS, STANCES, VOICES
from .attribution import Attribution
from .copies import CopyLog, agency_of
from .documents import (
    FOUND_BY_MODEL,
    Document,
    Prepared,
    PreparedMention,
    PreparedSentence,
)
from .judge import Judge, SentenceOutput
from .results import Judgement, ScoredDocument, ScoredMention, ScoredSentence


class Assembler:
    """Puts together what preparing and judging gave.

    Args:
        judge: The model that judges.
        attribution: Looks for speakers and referents; nobody does without it.
    """

    def __init__(self, judge: Judge, attribution: Attribution | None) -> None:
        self._model = judge.id
        self._thresholds = judge.thresholds
        self._attribution = attribution

    def document(
        self,
        document: Document,
        prepared: Prepared,
        outputs: Sequence[SentenceOutput],
        copies: CopyLog,
    ) -> ScoredDocument:
        """A document with what only the whole of it tells: speakers, referents, copies.

        Args:
            document: The document.
            prepared: Its parts.
            outputs: For each of its sentences that is judged.
            copies: Remembers the documents and tells which repeat.
        """
        text = document.text
        judged = iter(outputs)
        sentences = [
            _passed_over(i, sentence, text)
            if sentence.judged is None
            else self.sentence(i, sentence, next(judged), keep_none=document.mentions is not None)
            for i, sentence in enumerate(prepared.sentences)
        ]
        if self._attribution is not None:
            sentences = self._attribution.add(text, prepared, sentences)
        bodies = ["" if p.furniture else text[p.body : p.end] for p in prepared.paragraphs]
        repeated = copies.add(document.id, bodies)
        placed = tuple(
            replace(s, paragraph_cluster=repeated.paragraphs[p.paragraph])
            for s, p in zip(sentences, prepared.sentences, strict=True)
        )
        agency = agency_of([text[p.start : p.end] for p in prepared.paragraphs])
        return ScoredDocument(document.id, text, placed, self._model, repeated.document, agency)

    def sentence(
        self, index: int, prepared: PreparedSentence, output: SentenceOutput, *, keep_none: bool
    ) -> ScoredSentence:
        """A judged sentence.

        Args:
            index: Its number in its document.
            prepared: What was judged.
            output: What the model said.
            keep_none: Whether mentions that frame nothing are kept.

        Raises:
            ValueError: If it was passed over.
        """
        if prepared.judged is None:
            raise ValueError("a sentence that was passed over has no judgement")
        begin, text = prepared.start, prepared.judged.text
        found = [
            PreparedMention(begin + a, begin + b, text[a:b], None, FOUND_BY_MODEL)
            for a, b in output.found
        ]
        mentions = [
            self._mention(mention, output, i)
            for i, mention in enumerate((*prepared.mentions, *found))
        ]
        if found:
            mentions.sort(key=lambda m: (m.start, m.end))
        loaded = (output.loaded, 1 - output.loaded)
        return ScoredSentence(
            index=index,
            start=prepared.start,
            end=prepared.end,
            text=text,
            mentions=tuple(m for m in mentions if keep_none or m.framing.raw != "none"),
            loaded=Judgement.decide(("true", "false"), loaded, self._thresholds["loaded"]),
            loaded_spans=tuple(
                (prepared.start + a, prepared.start + b) for a, b in output.loaded_words
            ),
            flags=(*prepared.flags, *(("truncated",) if output.truncated else ())),
            language=prepared.language,
        )

    def _mention(self, mention: PreparedMention, output: SentenceOutput, i: int) -> ScoredMention:
        thresholds = self._thresholds
        return ScoredMention(
            start=mention.start,
            end=mention.end,
            text=mention.text,
            concept=mention.concept,
            found_by=mention.found_by,
            framing=Judgement.decide(FRAMINGS, output.framing[i].tolist(), thresholds["framing"]),
            stance=Judgement.decide(STANCES, output.stance[i].tolist(), thresholds["stance"]),
            voice=Judgement.decide(VOICES, output.voice[i].tolist(), thresholds["voice"]),
        )


def _passed_over(index: int, prepared: PreparedSentence, text: str) -> ScoredSentence:
    """A sentence that is not judged: boilerplate, not English, or without a label."""
    return ScoredSentence(
        index,
        prepared.start,
        prepared.end,
        text[prepared.start : prepared.end],
        mentions=(),
        loaded=None,
        flags=prepared.flags,
        language=prepared.language,
    )
