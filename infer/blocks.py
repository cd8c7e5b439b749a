"""Lines that name their source by their form: headlines, posts and transcripts.

``Militants shell village – Moscow``; ``Kremlin: strike was a "provocation"``; ``DOE: I saw it.``;
``@handle: they are coming``; ``…  — Jane Doe (@jane) March 5, 2020``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..data.speech import speech_words
from .paragraphs import Paragraph
from .phrases import singular
from .words import DETERMINERS, PREPOSITIONS, Word, is_capital, is_verbal, words_of

_TAIL = re.compile(r"\s[–—-]{1,2}\s+([^–—:]{2,70})$")
_TAIL_COLON = re.compile(r"(?<=[”’'\"»]):\s+([^:]{2,60})$")
_HEAD = re.compile(r"([^:“”\"‘«]{2,70}?):\s+(?=\S)")
_QUOTING = re.compile(r"([A-Z]\w{2,20}(?: [A-Z]\w+(?<!s))?)\s[“\"'‘](?=\w)")
_SIGNED = re.compile(r"[—–-]{1,2}\s*([^—–@()]{2,60}?)\s*\((@\w{1,30})\)[^()]{0,40}$")
_HANDLE = re.compile(r"(?:[^@:()\n]{2,50}\()?(@\w{1,30})\)?(?:\s(?:on|via) [\w ]{1,20})?:\s")
_ENDS = re.compile(r"[.!?…]$")
LONGEST_HEADLINE = 220


@dataclass(frozen=True, slots=True)
class Block:
    """A line with its source; offsets in the document.

    Attributes:
        source: Offsets of the name.
        start: Where the words begin that the source is said to say.
        end: Where they end.
        spoken: Whether they are the source's very words: a post, a transcript.
        post: Whether it is a post, which tells so by itself.
    """

    source: tuple[int, int]
    start: int
    end: int
    spoken: bool
    post: bool = False


def find_blocks(text: str, paragraphs: Sequence[Paragraph]) -> dict[int, Block]:
    """The paragraphs of a document whose form names a source, by their numbers.

    One line alone that begins with a name and a colon makes no transcript: it may be a headline,
    or the place from which an article was sent ("DELHI: The union ended its strike").

    Args:
        text: The document.
        paragraphs: As `find_paragraphs` gives them.
    """
    found = {}
    for number, paragraph in enumerate(paragraphs):
        block = None if paragraph.furniture else find_block(text, paragraph.body, paragraph.end)
        if block is not None:
            found[number] = block
    lines = [number for number, block in found.items() if block.spoken and not block.post]
    if len(lines) == 1:
        lone = found.pop(lines[0])
        if lone.end - lone.source[0] <= LONGEST_HEADLINE:
            found[lines[0]] = replace(lone, spoken=False)
    return found


def find_block(text: str, start: int, end: int) -> Block | None:
    """The source that the form of a paragraph names, if it does.

    Args:
        text: The document.
        start: Offset of the paragraph, behind a time stamp.
        end: Offset behind it.
    """
    signed = _SIGNED.search(text, max(start, end - 160), end)
    if signed is not None:
        return Block(signed.span(1), start, signed.start(), spoken=True, post=True)
    handle = _HANDLE.match(text, start, end)
    if handle is not None:
        return Block(handle.span(1), handle.end(), end, spoken=True, post=True)
    head = _HEAD.match(text, start, end)
    if head is not None and _is_source(words_of(text, *_without_place(text, head))):
        spoken = _is_speaker_line(text[head.start(1) : head.end(1)], text[head.end() : end])
        if spoken or end - start <= LONGEST_HEADLINE:
            return Block(_without_place(text, head), head.end(), end, spoken)
    return _find_headline(text, start, end) if end - start <= LONGEST_HEADLINE else None


def _find_headline(text: str, start: int, end: int) -> Block | None:
    """A source at the end of a headline, or before the words it quotes."""
    for pattern in (_TAIL, _TAIL_COLON):
        tail = pattern.search(text, start, end)
        if tail is None or _ENDS.search(text, tail.start(1), end):
            continue
        if _is_source(words_of(text, *tail.span(1)), tail=True):
            return Block(tail.span(1), start, tail.start(), spoken=False)
    quoting = _QUOTING.match(text, start, end)
    if quoting is None or _ENDS.search(text, quoting.start(), end):
        return None
    if not _is_source(words_of(text, *quoting.span(1))):
        return None
    return Block(quoting.span(1), quoting.end(1), end, spoken=False)


def _without_place(text: str, head: re.Match[str]) -> tuple[int, int]:
    """*Bob61, Hull:* is Bob61, *Obama on taxes:* is Obama."""
    start, end = head.span(1)
    cuts = [text.find(cut, start, end) for cut in (", ", " on ", " in ", " after ", " tells ")]
    return start, min([end, *(cut for cut in cuts if cut > start)])


def _is_speaker_line(name: str, rest: str) -> bool:
    """``DOE:`` or ``Jane Doe:`` before a sentence of its own."""
    letters = [c for c in name if c.isalpha()]
    upper = bool(letters) and all(c.isupper() for c in letters)
    sentence = bool(_ENDS.search(rest.rstrip("\"”’' ")))
    return (upper or len(name.split()) <= 3) and sentence and rest[:1].isupper()


def _is_source(words: list[Word], *, tail: bool = False) -> bool:
    """Whether a few words can name a source: capitals, or a role somebody can have."""
    if not words or len(words) > 8 or words[0].key in PREPOSITIONS | {"and", "or", "but"}:
        return False
    lists = speech_words()
    whole = " ".join(word.key for word in words)
    if whole in lists.no_source or words[0].key in lists.no_source or words[0].text.isdigit():
        return False
    if any(is_verbal(word) or word.key in lists.verbs for word in words[1:] if word.text.islower()):
        return False
    role = any(singular(w.key) in lists.heads for w in words)
    capitals = sum(is_capital(w) for w in words)
    small = [w for w in words if w.text.islower() and w.key not in DETERMINERS | PREPOSITIONS]
    if not small:
        return capitals > 0
    return role and (tail or is_capital(words[0]))
