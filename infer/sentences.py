"""Sentences of a document with offsets into it, by nupunkt inside each paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import nupunkt

from ..data.speech import speech_words
from .paragraphs import Paragraph

LONGEST = 10_000
"""Most characters of a sentence: bounds what one row of the output repeats."""
_GAP = re.compile(r"\s+")
_STATES = ("U.S.", "U.K.", "U.N.", "E.U.")
_NEXT_WORD = re.compile(r"[A-Z][a-z]+\.?")
_CLOSERS = re.compile(r"[\"”’'»)\]*]+(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Span:
    """Offsets in a document, end exclusive."""

    start: int
    end: int


def split_sentences(text: str, paragraphs: Sequence[Paragraph]) -> list[list[Span]]:
    """Split each paragraph into sentences.

    Bullets, time stamps and footnote marks before the text belong to no sentence.

    Args:
        text: The document.
        paragraphs: As `find_paragraphs` gives them.

    Returns:
        For each paragraph its sentences, in order, outer white space left out.
    """
    return [
        [Span(p.body, p.end)] if p.furniture else _split(text, p.body, p.end) for p in paragraphs
    ]


def _split(text: str, start: int, end: int) -> list[Span]:
    body = text[start:end]
    found: list[Span] = []
    for _, local_end in nupunkt.sent_spans(body):
        begin = found[-1].end - start if found else 0
        stop = local_end
        while begin < stop and body[begin].isspace():
            begin += 1
        while stop > begin and body[stop - 1].isspace():
            stop -= 1
        if begin == stop:
            continue
        if found and (
            _CLOSERS.fullmatch(body, begin, stop) or _splits_title(body, begin, found[-1], start)
        ):
            found[-1] = Span(found[-1].start, start + stop)
        else:
            found.append(Span(start + begin, start + stop))
    return [piece for span in found for piece in _pieces(text, span)]


def _splits_title(body: str, begin: int, before: Span, start: int) -> bool:
    """Whether a sentence seems to end in the middle of *U.S. Secretary of State*."""
    end = body[max(0, before.end - start - 4) : before.end - start]
    word = _NEXT_WORD.match(body, begin)
    return end in _STATES and word is not None and word.group().lower() in speech_words().titles


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """A sentence longer than any (a list, OCR without full stops), cut at white space."""
    start = span.start
    while span.end - start > LONGEST:
        gap = _GAP.search(text, start + LONGEST // 2, start + LONGEST)
        stop = start + LONGEST if gap is None else gap.start()
        yield Span(start, stop)
        start = stop if gap is None else gap.end()
    if start < span.end:
        yield Span(start, span.end)
