"""A document to score, divided into sentences with their quotations and mentions."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..data.checks import has_surrogate
from ..data.errors import ConnoteError
from .blocks import find_blocks
from .judge import Offsets, SentenceInput
from .languages import ENGLISH, languages_of
from .mentions import LexiconMatcher
from .paragraphs import Paragraph, find_paragraphs
from .quotes import MARK, Quotation, find_quotations, merge_outer
from .sentences import Span, split_sentences

PARAGRAPH_BREAK = "\n\n"
GIVEN, FOUND_BY_LEXICON, FOUND_BY_MODEL = "given", "lexicon", "model"
"""Where a mention comes from."""
NO_LABEL = "no-label"
QUOTE_CONTINUED = "quote-continued"
"""Flag of a sentence that is not judged, since only the lexicon's labels are and it has none."""


class DocumentError(ConnoteError):
    """A document cannot be scored; the run goes on without it."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document.

    Attributes:
        text: Its text; `Document.of` also takes a list of paragraphs.
        id: Its identifier.
        mentions: Offsets to judge; with ``None`` they are looked for.
        columns: Whatever else is known about it, passed through to the output.

    Raises:
        DocumentError: If the text holds NUL or a lone surrogate, or a mention lies outside it.
    """

    text: str
    id: str
    mentions: tuple[Offsets, ...] | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if "\x00" in self.text:
            raise DocumentError(f"NUL character at {self.text.index(chr(0))}: is it a text file?")
        if not self.text.isascii() and has_surrogate(self.text):
            raise DocumentError("a lone surrogate: the text cannot be encoded in UTF-8")
        for start, end in self.mentions or ():
            if not 0 <= start < end <= len(self.text):
                raise DocumentError(
                    f"mention {start}-{end} is outside the text of {len(self.text)} characters"
                )
        if self.mentions and len(set(self.mentions)) != len(self.mentions):
            raise DocumentError("a mention is given twice")
        if self.mentions and not self.text.strip():
            raise DocumentError("mentions are given, but the text is only white space")

    @classmethod
    def of(
        cls,
        text: str | Sequence[str],
        id: str | None = None,
        mentions: Sequence[Offsets] | None = None,
        columns: Mapping[str, Any] | None = None,
    ) -> Document:
        """A document of a string or of paragraphs.

        Args:
            text: A string, or paragraphs, which are joined by a blank line.
            id: Its identifier; without one, a hash of the text.
            mentions: Offsets to judge in the (joined) text.
            columns: Passed through.

        Raises:
            DocumentError: As the constructor does.
        """
        joined = text if isinstance(text, str) else PARAGRAPH_BREAK.join(text)
        checked = None if mentions is None else tuple(mentions)
        return cls(joined, _text_hash(joined) if id is None else id, checked, columns or {})


def _text_hash(text: str) -> str:
    # The constructor refuses a lone surrogate with a message of its own.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class PreparedMention:
    """A mention before it is judged; offsets in the document."""

    start: int
    end: int
    text: str
    concept: str | None
    found_by: str


@dataclass(frozen=True, slots=True)
class PreparedSentence:
    """A sentence before it is judged; one that is passed over has nothing to judge."""

    start: int
    end: int
    flags: tuple[str, ...]
    mentions: tuple[PreparedMention, ...]
    judged: SentenceInput | None
    paragraph: int = 0
    language: str = ENGLISH


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document before it is judged.

    Attributes:
        paragraphs: Of the text.
        spans: For each paragraph its sentences.
        quotations: By their start.
        sentences: All of them, in order.
        languages: Of the paragraphs.
    """

    paragraphs: Sequence[Paragraph]
    spans: Sequence[Sequence[Span]]
    quotations: Sequence[Quotation]
    sentences: Sequence[PreparedSentence]
    languages: Sequence[str]


@dataclass(frozen=True, slots=True)
class Passing:
    """What is judged although it is passed over by default.

    Attributes:
        boilerplate: What belongs to the page: "Read more", captions, repeated headlines.
        other_languages: Text that is not English.
    """

    boilerplate: bool = False
    other_languages: bool = False


def prepare(
    document: Document,
    matcher: LexiconMatcher,
    *,
    search: bool = False,
    passing: Passing | None = None,
) -> Prepared:
    """Divide a document, in time linear in its length.

    Boilerplate and text that is not English is flagged and neither searched nor judged, unless
    mentions are given in it.

    Args:
        document: A document.
        matcher: Finds mentions where the document has not its own.
        search: Whether the model shall look for further ones there; otherwise sentences
            without any are not judged.
        passing: What of that is judged all the same.
    """
    passing = passing or Passing()
    text = document.text
    paragraphs = find_paragraphs(text)
    quotations = find_quotations(text, paragraphs)
    spoken = [
        Quotation(block.start, block.end, 0, closed=True)
        for block in find_blocks(text, paragraphs).values()
        if block.spoken
    ]
    outer = merge_outer([q for q in quotations if q.depth == 0], spoken)
    unclosed = {q.start for q in quotations if not q.closed}
    spans = split_sentences(text, paragraphs)
    languages = languages_of([text[p.body : p.end] for p in paragraphs])
    sentences = [s for of_paragraph in spans for s in of_paragraph]
    numbers = [number for number, found in enumerate(spans) for _ in found]
    given = None if document.mentions is None else _by_sentence(document, sentences)
    opened = _openings(sentences, unclosed)
    prepared = []
    quoted = _Quoted(outer)
    for i, (span, number) in enumerate(zip(sentences, numbers, strict=True)):
        own, language = text[span.start : span.end], languages[number]
        quotes = quoted.within(span)
        flags = [
            *([QUOTE_CONTINUED] if quoted.opened_before(span, text) else []),
            *(["quote-unclosed"] if i in opened else []),
            *(["boilerplate"] if paragraphs[number].furniture else []),
            *(["not-english"] if language != ENGLISH else []),
        ]
        skipped = ("boilerplate" in flags and not passing.boilerplate) or (
            "not-english" in flags and not passing.other_languages
        )
        mentions: tuple[PreparedMention, ...] = ()
        if given is not None:
            mentions = given.get(i, ())
        elif not skipped:
            mentions = _find(own, span.start, matcher)
        judged = None
        if not (mentions or search or skipped or given is not None):
            flags.append(NO_LABEL)
        elif mentions or not skipped:
            found = tuple(_local(m, span) for m in mentions)
            judged = SentenceInput(own, found, quotes, search=search and given is None)
        prepared.append(
            PreparedSentence(span.start, span.end, tuple(flags), mentions, judged, number, language)
        )
    return Prepared(paragraphs, spans, quotations, prepared, languages)


def _find(text: str, shift: int, matcher: LexiconMatcher) -> tuple[PreparedMention, ...]:
    return tuple(
        PreparedMention(
            f.start + shift,
            f.end + shift,
            text[f.start : f.end],
            f.entry.concept,
            FOUND_BY_LEXICON,
        )
        for f in matcher.find(text)
    )


def _local(mention: PreparedMention, span: Span) -> Offsets:
    """Offsets in the sentence; what reaches beyond it is cut off."""
    length = span.end - span.start
    start = min(max(0, mention.start - span.start), length - 1)
    return start, max(start + 1, min(mention.end - span.start, length))


def _by_sentence(
    document: Document, sentences: Sequence[Span]
) -> dict[int, tuple[PreparedMention, ...]]:
    """Given mentions by the sentence in which they begin."""
    starts = [span.start for span in sentences]
    found: dict[int, list[PreparedMention]] = {}
    for start, end in sorted(document.mentions or ()):
        i = max(0, bisect_right(starts, start) - 1)
        mention = PreparedMention(start, end, document.text[start:end], None, GIVEN)
        found.setdefault(i, []).append(mention)
    return {i: tuple(mentions) for i, mentions in found.items()}


def _openings(sentences: Sequence[Span], unclosed: set[int]) -> set[int]:
    """Numbers of the sentences in which a quotation opens that is never closed."""
    starts = [span.start for span in sentences]
    return {max(0, bisect_right(starts, at) - 1) for at in unclosed} if sentences else set()


class _Quoted:
    """Cuts quotations to sentences, both taken from left to right."""

    def __init__(self, quotations: Sequence[Quotation]) -> None:
        self._quotations = quotations
        self._next = 0

    def opened_before(self, span: Span, text: str) -> bool:
        """Whether a sentence begins inside a quotation whose opening mark is not in it.

        A turn of a transcript has none at all.
        """
        self._pass_by(span)
        here = self._quotations[self._next : self._next + 1]
        return any(
            q.start < span.start or (q.start == span.start and not MARK.match(text, span.start))
            for q in here
        )

    def within(self, span: Span) -> tuple[Offsets, ...]:
        self._pass_by(span)
        found = []
        at = self._next
        while at < len(self._quotations) and self._quotations[at].start < span.end:
            quotation = self._quotations[at]
            begin, stop = max(quotation.start, span.start), min(quotation.end, span.end)
            found.append((begin - span.start, stop - span.start))
            at += 1
        return tuple(found)

    def _pass_by(self, span: Span) -> None:
        while self._next < len(self._quotations) and (
            self._quotations[self._next].end <= span.start
        ):
            self._next += 1
