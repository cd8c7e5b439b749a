"""The Scorer: text in, judged mentions out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from ..data.lexicon import Lexicon, load_lexicon
from ..data.names import Names, load_names
from ..data.schema import Example
from .assembly import Assembler
from .attribution import Attribution
from .copies import CopyFinder, CopyLog
from .devices import CPU
from .documents import GIVEN, Document, Passing, PreparedMention, PreparedSentence, prepare
from .folder import open_model
from .judge import Judge, as_input
from .judging import CHUNK, REMEMBERED, SentenceCache
from .mentions import LexiconMatcher
from .models import load_judge
from .results import ScoredDocument, ScoredSentence
from .stream import Key, OnFailure, Steps, Stream


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
            besides those that one lists. Without it sentences in which the lexicon finds nothing
            are not judged at all, which saves most of the time.
        names: What actors are called; connote's own names without any.
        speakers: Whether speakers and referents are looked for, and sources behind the dash of a
            headline ("… – Moscow"), which make its voice `attributed`.
        passing: What is judged although it is passed over by default: boilerplate, languages
            other than English.
        threads: Threads of the runtime; all cores without a number.
        device: Where the model runs: ``cpu``, ``cuda``, ``gpu`` (Intel's) or ``auto``, which takes
            a card if there is one.
        remembered: Sentences whose judgements are kept, since copy repeats; 0 for none.

    Raises:
        ModelError: If the model's folder cannot be used.
        UsageError: If the device is not there.
    """

    def __init__(  # noqa: PLR0913 - keywords, each with a default
        self,
        model: str | os.PathLike[str] | None = None,
        *,
        lexicon: Lexicon | None = None,
        open_vocabulary: bool = True,
        names: Names | None = None,
        speakers: bool = True,
        passing: Passing | None = None,
        threads: int | None = None,
        device: str = CPU,
        remembered: int = REMEMBERED,
    ) -> None:
        self._judge: Judge = load_judge(open_model(model), threads, device)
        self._judged = SentenceCache(self._judge, remembered)
        lexicon = lexicon or load_lexicon()
        matcher = LexiconMatcher(lexicon)
        self._prepare = partial(prepare, matcher=matcher, search=open_vocabulary, passing=passing)
        attribution = Attribution(names or load_names(), lexicon, matcher) if speakers else None
        self._assembler = Assembler(self._judge, attribution)

    @property
    def model_id(self) -> str:
        """Name and hash of the model."""
        return self._judge.id

    @property
    def device(self) -> str:
        """What the model runs on, by its maker's name."""
        return self._judge.device

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
        numbered = (
            (number, item if isinstance(item, Document) else Document.of(item, str(number)))
            for number, item in enumerate(documents)
        )
        for _, scored in self.score_keyed(numbered):
            yield scored

    def score_keyed(
        self,
        items: Iterable[tuple[Key, Document]],
        *,
        on_failure: OnFailure[Key] | None = None,
        copies: CopyLog | None = None,
    ) -> Iterator[tuple[Key, ScoredDocument]]:
        """Score documents that carry a key each, whatever it is.

        Args:
            items: Keys and documents.
            on_failure: Takes the key of a document that cannot be scored and the exception,
                and the next ones are scored; without it the exception ends the call.
            copies: Remembers the documents and tells which repeat; a new one without it.

        Yields:
            The key and the document judged, in the order of `items`.
        """
        copies = CopyFinder() if copies is None else copies
        steps = Steps(
            prepare=self._prepare,
            judge=self._judged.judge,
            finish=partial(self._assembler.document, copies=copies),
        )
        yield from Stream(steps, on_failure).run(items)

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
        outputs = self._judged.judge(inputs)
        for example, judged, output in zip(examples, inputs, outputs, strict=True):
            mentions = tuple(
                PreparedMention(m.start, m.end, example.text[m.start : m.end], m.concept, GIVEN)
                for m in example.mentions
            )
            prepared = PreparedSentence(0, len(example.text), (), mentions, judged)
            yield self._assembler.sentence(0, prepared, output, keep_none=True)
