"""Where words that somebody wrote into a sheet stand in the sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..data.checks import shorten
from ..data.spans import find_words
from .entries import Entry, marked_span, plain
from .offsets import Span, trimmed

_UNKNOWN = re.compile(r"\?+")
"""What Windows-1252 makes of characters that it lacks: one mark or two for each."""


def same_sentence(given: str, text: str) -> bool:
    """Whether a cell holds a sentence, in whatever blanks and quotation marks.

    Sheets put an apostrophe before what could be taken for a formula.
    """
    return plain(given).removeprefix("'") == plain(text).removeprefix("'")


def same_but_unknown(given: str, text: str) -> bool:
    """The same in an encoding that lacks characters of the sentence."""
    found, wanted = (_UNKNOWN.sub("?", _legible(words)) for words in (given, text))
    return same_sentence(given, text) or same_sentence(found, wanted)


def loaded_words_in(text: str, words: str, *, lossy: bool) -> Sequence[Span]:
    """Everywhere that words stand, in whatever case.

    Args:
        text: A sentence.
        words: What to look for.
        lossy: Whether a question mark may stand for a character that the encoding lacks.
    """
    return find_words(text, [words]) or (_unknown(text, words) if lossy else ())


def mention_in(entry: Entry, text: str, words: str, occurrence: str, *, lossy: bool) -> Span | None:
    """Where the words of a mention stand; noted where that cannot be told.

    Args:
        entry: The row.
        text: The sentence.
        words: Of the mention.
        occurrence: Which of the same words is meant, as written; the first where it is empty.
        lossy: Whether a question mark may stand for a character that the encoding lacks.
    """
    number = _number(occurrence)
    found: Sequence[Span] = (
        _exact(text, words)
        or loaded_words_in(text, words, lossy=lossy)
        or _found(re.escape(words), text)
    )
    if number is not None and number > len(found):
        # People count the word at the beginning of the sentence too.
        found = max(found, find_words(text, [words]), key=len)
    if not found:
        said = f"{shorten(words)} does not stand in the sentence; copy the words from there"
        entry.note("mention not found", said, "mention")
        return None
    if number is None or not 1 <= number <= len(found):
        said = f"expected 1 to {len(found)}, found {shorten(occurrence)}; count them again"
        entry.note("no such occurrence", f"{shorten(words)}: {said}", "mention")
        return None
    if len(found) > 1 and not occurrence:
        said = f"{shorten(words)} stands there {len(found)} times; the first was taken"
        entry.note("occurrence not said", said)
    span = trimmed(text, found[number - 1])
    if text[slice(*span)] != words:
        said = f"{shorten(words)} was taken for {shorten(text[slice(*span)])}"
        entry.note("mention written otherwise", said)
    return marked_span(entry, text, span)


def _exact(text: str, words: str) -> list[Span]:
    """Where words stand as they are written, as whole words."""
    before = r"(?<!\w)" if re.match(r"\w", words) else ""
    behind = r"(?!\w)" if re.search(r"\w\Z", words) else ""
    return _found(before + re.escape(words) + behind, text)


def _unknown(text: str, words: str) -> list[Span]:
    """Where words stand of which the encoding lacks a character."""
    pattern = r"\?+".join(map(re.escape, _UNKNOWN.split(words)))
    return _found(pattern, _legible(text)) if "?" in words else []


def _found(pattern: str, text: str) -> list[Span]:
    return [match.span() for match in re.finditer(pattern, text)]


def _legible(text: str) -> str:
    """A text with a question mark for each character that Windows-1252 lacks."""
    return text.encode("cp1252", errors="replace").decode("cp1252")


def _number(value: str) -> int | None:
    """An occurrence; Excel may write it as 2.0."""
    digits = re.fullmatch(r"(\d{1,6})(?:[.,]0+)?", value)
    return int(digits[1]) if digits else 1 if not value else None
