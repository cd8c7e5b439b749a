"""A label as words: what it is about, whether it is one or many, its modifiers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..data.names import tidy
from ..data.speech import speech_words
from .phrases import is_role, phrase_ahead, singular
from .words import (
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    MARKS,
    PREPOSITIONS,
    PRONOUNS,
    Word,
    is_adverb,
    is_title_case,
    is_verbal,
    words_of,
)

REACH = 40
"""Characters beside a label that are looked at for what belongs to its phrase."""
_LINE = 120
_ADJECTIVE = re.compile(r"[a-z]+(?:al|ic|ous|ive|ary|ent|ant|ist|class|wing|an)|democratic")
_COMPLEMENTS = frozenset("of into against over about on in".split())  # noqa: SIM905 - a list of quoted words cannot be read
_THE = frozenset("the this that these those".split())  # noqa: SIM905 - a list of quoted words cannot be read
_NOT_IN_PHRASE = CONJUNCTIONS | AUXILIARIES | PRONOUNS
_PASSING = frozenset(
    """
    outspoken frequent vocal certain current broader crude new old big recent many several some more
    most young latest alleged potential possible so-called own other further serious mere top
    ongoing various different former
    """.split()  # noqa: SIM905 - a list of quoted words cannot be read
)


@dataclass(frozen=True, slots=True)
class Label:
    """A label whose referent is asked for; offsets in the document.

    Attributes:
        start: Offset of the first character.
        end: Offset behind the last one.
        concept: Its concept in the lexicon, if it has one.
        takes_side: Whether the label was judged to take a side.
        not_meant: Names of those whom it cannot stand for: who uses it, and his government, for
            nobody calls himself a regime.
    """

    start: int
    end: int
    concept: str | None = None
    takes_side: bool = False
    not_meant: frozenset[str] = frozenset()


def words_in(text: str, label: Label) -> list[Word]:
    """The words of a label without article, quotation marks and *so-called*."""
    words = [w for w in words_of(text, label.start, label.end) if w.text not in MARKS]
    while len(words) > 1 and (words[0].key in DETERMINERS or words[0].key == "so-called"):
        words = words[1:]
    return words if any(c.isalnum() for w in words for c in w.text) else []


def head_of(words: Sequence[Word]) -> str:
    """The noun that a label is about, in the singular."""
    head = words[0]
    for word in words:
        if word.key in PREPOSITIONS and word is not words[0]:
            break
        head = word
    return singular(head.key)


def is_singular(word: Word) -> bool:
    """Whether a noun stands in the singular."""
    return singular(word.key) == word.key.removesuffix("'s")


def is_definite(text: str, label: Label) -> bool:
    """Whether *the*, *this* or *those* begins a label or stands before it."""
    before = text[max(0, label.start - 8) : label.start].lower().split()
    first = text[label.start : label.end].split(maxsplit=1)[0].lower()
    return first in _THE or (bool(before) and before[-1] in _THE)


def is_indefinite(text: str, label: Label) -> bool:
    """Whether *a* or *an* stands before a label."""
    before = text[max(0, label.start - 4) : label.start].lower().split()
    return bool(before) and before[-1] in ("a", "an")


def in_headline(text: str, label: Label) -> bool:
    """Whether every word around a label has a capital, so that its own tell no name."""
    start = text.rfind("\n", max(0, label.start - _LINE), label.start) + 1
    end = text.find("\n", label.end, label.end + _LINE)
    end = min(len(text), label.end + _LINE) if end < 0 else end
    return is_title_case(words_of(text, max(start, label.start - _LINE), end))


def plain_name(text: str, words: Sequence[Word], is_name: Callable[[str], bool]) -> str:
    """The words of a label with their modifiers, less those that only judge or count.

    Args:
        text: The document.
        words: Of the label.
        is_name: Tells of a word at the head of a sentence whether its capital is its own.
    """
    kept = _with_modifiers(text, words).split()
    while len(kept) > 1 and kept[0].casefold() in _PASSING:
        kept = kept[1:]
    alone = kept[0].istitle() and all(word.islower() for word in kept[1:])
    if alone and opens_sentence_at(text, words[0].start) and not is_name(kept[0]):
        kept[0] = kept[0].lower()
    return tidy(" ".join(kept))


def opens_sentence_at(text: str, start: int) -> bool:
    """Whether a word stands where any word has a capital."""
    before = text[max(0, start - 3) : start].strip("\"“”‘’' ")
    return not before or before[-1] in ".!?:\n–—-"


def with_complement(text: str, words: Sequence[Word], is_name: Callable[[str], bool]) -> str:
    """The plain name of an act with what it is directed at: *the probe into the leak*."""
    own = plain_name(text, words, is_name)
    behind = words_of(text, words[-1].end, words[-1].end + 2 * REACH)
    people = is_role(words[-1])
    if not behind or behind[0].key not in _COMPLEMENTS or (people and behind[0].key != "of"):
        return own
    phrase = phrase_ahead(behind, 1)
    if phrase is None or phrase[0] > 1 or behind[phrase[0]].key in PRONOUNS:
        return own
    return f"{own} {behind[0].text} {tidy(text[behind[phrase[0]].start : behind[phrase[1]].end])}"


def _with_modifiers(text: str, words: Sequence[Word]) -> str:
    """The words of a label with those that stand before it in its phrase: *middle* class."""
    before = words_of(text, max(0, words[0].start - REACH), words[0].start)
    words = _with_noun(text, words)
    own = text[words[0].start : words[-1].end]
    kept: list[str] = []
    for word in reversed(before):
        if word.key == "to":
            break
        if word.key in DETERMINERS or word.key in PREPOSITIONS or word.key.endswith("'s"):
            # Of two words the first must be an adjective: *the park drew* crowds.
            fits = len(kept) < 2 or _is_adjectival(kept[-1])
            return " ".join([*reversed(kept), own]) if fits else own
        if len(kept) == 2 or not _is_modifier(word):
            break
        kept.append(word.text)
    return own


def _is_adjectival(word: str) -> bool:
    key = word.lower()
    return not word.islower() or "-" in word or _ADJECTIVE.fullmatch(key) is not None


def _is_modifier(word: Word) -> bool:
    """Whether a word may stand between the article of a phrase and its label."""
    if not word.text[0].isalnum() or word.key in speech_words().verbs or is_adverb(word):
        return False
    verbal = word.key.endswith(("ed", "ing")) and "-" not in word.key
    return not verbal and word.key not in _NOT_IN_PHRASE


def _with_noun(text: str, words: Sequence[Word]) -> Sequence[Word]:
    """A label that ends in an adjective, with the noun behind it: *political* strategy."""
    last = words[-1]
    behind = words_of(text, last.end, last.end + REACH)
    if not behind or not _ADJECTIVE.fullmatch(last.key):
        return words
    noun = behind[0]
    adjacent = noun.text.islower() and noun.start <= last.end + 1
    if not adjacent or is_verbal(noun) or not _is_modifier(noun):
        return words
    return words if noun.key in PREPOSITIONS | DETERMINERS else [*words, noun]
