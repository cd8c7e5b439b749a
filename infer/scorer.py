"""The Scorer: text in, judged mentions out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ..data.lexicon import Lexicon, load_lexicon
from ..data.names import Names, load_names
from ..data.schema import FRAMINGS, STANCES, VOICES, Example
from .attribution import Attribution
from .copies import CopyFinder, agency_of
from .documents import (
    FOUND_BY_MODEL,
    GIVEN,
    Document,
    Passing,
    Prepared,
    PreparedMention,
    PreparedSentence,
    prepare,
)
from .folder import open_model
from .judge import Judge, SentenceInput, SentenceOutput, as_input
from .mentions import LexiconMatcher
from .models import load_judge
from .results import Judgement, ScoredDocument, ScoredMention, ScoredSentence

CHUNK = 512
"""Sentences judged at once: enough to fill batches of one length, bounded in memory."""


class Scorer:
    """Scores news.

    Example:
        >>> from connote import Scorer
        >>> document = Scorer().score("The regime's forces entered the town.")
        >>> document.mentions[0].framing.label
        'delegitimizing'

    Args:
        model: A trained model's folder, or the shipped model without one.
        lexicon: What mentions to look for; connote's own lexicon without one.
        open_vocabulary: Whether the model looks for contested labels that no lexicon lists,
            besides those that one lists.
        names: What actors are called; connote's own names without any.
        speakers: Whether speakers and referents are looked for, and sources behind the dash of a
            headline ("… – Moscow"), which make its voice `attributed`.
        passing: What is judged although it is passed over by default: boilerplate, languages
            other than English.
        threads: Threads of the runtime; all cores without a number.

    Raises:
        ModelError: If the model's folder cannot be used.
    """

    def __init__(
        self,
        model: str | os.PathLike[str] | None = None,
        *,
        lexicon: Lexicon | None = None,
        open_vocabulary: bool = True,
        names: Names | None = None,
        speakers: bool = True,
        passing: Passing | None = None,
        threads: int | None = None,
    ) -> None:
        self._judge: Judge = load_judge(open_model(model), threads)
        lexicon = lexicon or load_lexicon()
        self._matcher = LexiconMatcher(lexicon)
        self._search = open_vocabulary
        self._passing = passing
        self._attribution: Attribution | None = None
        if speakers:
            self._attribution = Attribution(names or load_names(), lexicon, self._matcher)

    @property
    def model_id(self) -> str:
        """Name and hash of the model."""
        return self._judge.id

    def score(self, text: str | Sequence[str]) -> ScoredDocument:
        """Score one document.

        Args:
            text: A string, or paragraphs, which are joined by a blank line.

        Raises:
            DocumentError: If the text holds NUL or cannot be encoded in UTF-8.
        """
        return next(self.score_many([text]))

    def score_many(
        self, documents: Iterable[Document | str | Sequence[str]]
    ) -> Iterator[ScoredDocument]:
        """Score documents as they come, in their order, some at once.

        Args:
            documents: `Document` objects, strings or lists of paragraphs; those without an
                id get their number.

        Yields:
            Each document judged. Its `copy_cluster` and those of its paragraphs tell which of
            the documents before it in this call it repeats.

        Raises:
            DocumentError: If a text holds NUL, cannot be encoded, or a given mention is
                outside it.
        """
        waiting: list[tuple[Document, Prepared]] = []
        sentences = 0
        copies = CopyFinder()
        for number, item in enumerate(documents):
            document = item if isinstance(item, Document) else Document.of(item, str(number))
            prepared = prepare(document, self._matcher, search=self._search, passing=self._passing)
            waiting.append((document, prepared))
            sentences += len(prepared.sentences)
            if sentences >= CHUNK or len(waiting) >= CHUNK:
                yield from self._finish(waiting, copies)
                waiting, sentences = [], 0
        yield from self._finish(waiting, copies)

    def classify(self, examples: Iterable[Example]) -> Iterator[ScoredSentence]:
        """Judge the mentions of records, each a sentence by itself.

        Args:
            examples: Records; labels in them are not looked at.

        Yields:
            For each record its sentence with the mentions in the record's order, whatever
            their framing; offsets refer to the sentence.
        """
        waiting: list[Example] = []
        for example in examples:
            waiting.append(example)
            if len(waiting) == CHUNK:
                yield from self._classify(waiting)
                waiting = []
        yield from self._classify(waiting)

    def _classify(self, examples: Sequence[Example]) -> Iterator[ScoredSentence]:
        inputs = [as_input(example) for example in examples]
        outputs = self._judge_all(inputs)
        for example, judged, output in zip(examples, inputs, outputs, strict=True):
            mentions = tuple(
                PreparedMention(m.start, m.end, example.text[m.start : m.end], m.concept, GIVEN)
                for m in example.mentions
            )
            prepared = PreparedSentence(0, len(example.text), (), mentions, judged)
            yield self._sentence(0, prepared, output, keep_none=True)

    def _finish(
        self, waiting: Sequence[tuple[Document, Prepared]], copies: CopyFinder
    ) -> Iterator[ScoredDocument]:
        inputs = [s.judged for _, p in waiting for s in p.sentences if s.judged is not None]
        outputs = iter(self._judge_all(inputs))
        for document, prepared in waiting:
            keep_none = document.mentions is not None
            sentences = [
                _passed_over(i, sentence, document.text)
                if sentence.judged is None
                else self._sentence(i, sentence, next(outputs), keep_none=keep_none)
                for i, sentence in enumerate(prepared.sentences)
            ]
            yield self._document(document, prepared, sentences, copies)

    def _document(
        self,
        document: Document,
        prepared: Prepared,
        sentences: list[ScoredSentence],
        copies: CopyFinder,
    ) -> ScoredDocument:
        """A document with what only the whole of it tells: speakers, referents, copies."""
        if self._attribution is not None:
            sentences = self._attribution.add(document.text, prepared, sentences)
        texts = ["" if p.furniture else document.text[p.body : p.end] for p in prepared.paragraphs]
        repeated = copies.add(document.id, texts)
        placed = tuple(
            replace(s, paragraph_cluster=repeated.paragraphs[p.paragraph])
            for s, p in zip(sentences, prepared.sentences, strict=True)
        )
        whole = [document.text[p.start : p.end] for p in prepared.paragraphs]
        return ScoredDocument(
            document.id, document.text, placed, self.model_id, repeated.document, agency_of(whole)
        )

    def _judge_all(self, inputs: Sequence[SentenceInput]) -> list[SentenceOutput]:
        """Judge each distinct sentence once."""
        distinct = list(dict.fromkeys(inputs))
        outputs: dict[SentenceInput, SentenceOutput] = {}
        for begin in range(0, len(distinct), CHUNK):
            chunk = distinct[begin : begin + CHUNK]
            outputs.update(zip(chunk, self._judge.judge(chunk), strict=True))
        return [outputs[sentence] for sentence in inputs]

    def _sentence(
        self, index: int, prepared: PreparedSentence, output: SentenceOutput, *, keep_none: bool
    ) -> ScoredSentence:
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
            loaded=Judgement.decide(("true", "false"), loaded, self._judge.thresholds["loaded"]),
            loaded_spans=tuple(
                (prepared.start + a, prepared.start + b) for a, b in output.loaded_words
            ),
            flags=(*prepared.flags, *(("truncated",) if output.truncated else ())),
            language=prepared.language,
        )

    def _mention(self, mention: PreparedMention, output: SentenceOutput, i: int) -> ScoredMention:
        thresholds = self._judge.thresholds
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
    """A sentence that is not judged: boilerplate, or not English."""
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
