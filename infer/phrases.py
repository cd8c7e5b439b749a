"""Noun phrases beside a verb: the one that ends with a word, the one that begins with it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..data.speech import speech_words
from .words import (
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    LONGEST_PHRASE,
    PREPOSITIONS,
    PRONOUNS,
    Phrase,
    Word,
    is_adverb,
    is_capital,
    is_name_word,
    is_verbal,
    name_ahead,
    name_back,
    starts_phrase,
)

_LINKS = frozenset("of for in from at with on near inside behind".split())  # noqa: SIM905 - a list of quoted words cannot be read
CLOSE = {"close": "to", "loyal": "to", "opposed": "to", "familiar": "with", "briefed": "on"}
_NO_SOURCE = frozenset(
    "statement interview speech briefing email e-mail telephone phone video letter news".split()  # noqa: SIM905 - a list of quoted words cannot be read
)
_AGENT = re.compile(r"[a-z]{3,}(?:er|or|ist|ian|eer|man|woman|grapher)")


def phrase_back(words: Sequence[Word], last: int) -> Phrase | None:  # noqa: PLR0911 - a list of cases reads best as one
    """The noun phrase that ends with a word."""
    if last < 0:
        return None
    word = words[last]
    if word.key in PRONOUNS:
        return last, last
    if not word.text[0].isalnum() and word.text[0] != "@":
        return None
    auxiliary = word.key in AUXILIARIES and word.text.islower()
    if word.key in PREPOSITIONS or word.key in CONJUNCTIONS or auxiliary:
        return None
    if word.text.islower() and (is_verbal(word) or is_past(word)):
        return None
    first = name_back(words, last) if is_name_word(word) else last
    if is_name_word(word):
        return _linked_back(words, first, last)
    return _noun_back(words, first, last)


def is_past(word: Word) -> bool:
    """Whether a word is a past form of a verb of saying."""
    verb = speech_words().verbs.get(word.key)
    return verb is not None and verb.past


def _noun_back(words: Sequence[Word], first: int, last: int) -> Phrase | None:
    """Go back from a common noun to the determiner of its phrase."""
    while first > 0 and last - first < LONGEST_PHRASE:
        before = words[first - 1]
        if first > 1 and links(before, words[first - 2]):
            first -= 2
            continue
        if words[first].key in DETERMINERS and before.key not in ("all", "most", "some", "many"):
            break
        if not before.text[0].isalnum() or _ends_clause(before):
            break
        first -= 1
    return _linked_back(words, first, last)


def _linked_back(words: Sequence[Word], first: int, last: int) -> Phrase | None:
    """Go on to what a name belongs to: *a spokesman for* Mr. Steele, *members of* the House."""
    start = first
    while start > 0 and words[start - 1].key in DETERMINERS:
        start -= 1
    linked = start > 1 and links(words[start - 1], words[start - 2])
    if linked and (words[start - 2].key in CLOSE or is_role(words[start - 2])):
        return _noun_back(words, start - 2, last)
    if start < first and words[start].key == "the":
        first = start
    while words[first].key in CONJUNCTIONS and first < last:
        first += 1
    article = first == last and words[first].key in ("a", "an", "the")
    return None if article else (first, last)


def links(link: Word, noun: Word) -> bool:
    """Whether a preposition ties what follows it to the noun before it."""
    if CLOSE.get(noun.key) == link.key:
        return True
    if link.key not in _LINKS or not noun.text[0].isalpha():
        return False
    if noun.key in CONJUNCTIONS or is_verbal(noun) or noun.key in _NO_SOURCE:
        return False
    return link.key == "of" or is_role(noun)


def is_role(word: Word) -> bool:
    """Whether a word names people, a body or a document that can speak."""
    lists = speech_words()
    key = singular(word.key)
    return (
        key in lists.heads
        or word.key in lists.heads
        or key in lists.titles
        or key in lists.documents
        or key in DETERMINERS
        or is_agent(key)
    )


def is_agent(key: str) -> bool:
    """Whether a singular noun names somebody by what he does: *gardener*, *novelist*."""
    return _AGENT.fullmatch(key) is not None


def _ends_clause(word: Word) -> bool:
    return (
        word.key in CONJUNCTIONS
        or word.key in PREPOSITIONS
        or word.key in AUXILIARIES
        or (word.key in PRONOUNS and word.key not in DETERMINERS)
        or (word.key in speech_words().verbs and word.text.islower())
    )


def phrase_ahead(words: Sequence[Word], first: int) -> Phrase | None:  # noqa: PLR0911 - a list of cases reads best as one
    """The noun phrase that begins with a word."""
    count = len(words)
    while first < count and (words[first].key in ("both", "even") or words[first].key == "-"):
        first += 1
    if first >= count:
        return None
    word = words[first]
    if word.key in PRONOUNS and word.key not in ("who",):
        return first, first
    if is_name_word(word):
        last = name_ahead(words, first)
        if words[last].key.endswith("'s") and last + 1 < count:
            return _noun_ahead(words, first, last + 1)
        return _common_after_name(words, first, last)
    if word.key in DETERMINERS or word.text[0].isalpha():
        if word.key in PREPOSITIONS or word.key in CONJUNCTIONS or word.key in AUXILIARIES:
            return None
        return _noun_ahead(words, first, first)
    return None


def _common_after_name(words: Sequence[Word], first: int, last: int) -> Phrase | None:
    """*Syrian officials*, *State Department spokesman John Kirby*."""
    after = words[last + 1] if last + 1 < len(words) else None
    if after is not None and singular(after.key) in speech_words().heads and after.text.islower():
        return _noun_ahead(words, first, last + 1)
    return first, last


def _noun_ahead(words: Sequence[Word], first: int, at: int) -> Phrase | None:  # noqa: C901 - a list of cases reads best as one
    """Go ahead to the end of a phrase with a common noun at its head."""
    last = at
    while last + 1 < len(words) and last - first < LONGEST_PHRASE:
        after = words[last + 1]
        following = words[last + 2] if last + 2 < len(words) else None
        if after.key in CLOSE and following is not None and following.key == CLOSE[after.key]:
            inner = phrase_ahead(words, last + 3)
            return first, last if inner is None else inner[1]
        if after.key in _LINKS or after.key == "to":
            if not _goes_on(words[last], after, following):
                break
            last += 2
            if following is not None and following.key in DETERMINERS and last + 1 < len(words):
                last += 1
            elif following is not None and is_name_word(following):
                last = name_ahead(words, last)
            continue
        if after.key == "that":
            break
        if after.key in DETERMINERS and last > at:
            return first, last - 1  # the word before it is a verb: *the union* hung the flag
        if not after.text[0].isalnum() or _stops(after) or _is_verb_form(after, following):
            break
        if words[last].key in DETERMINERS or not is_capital(after):
            last += 1
        else:  # a common noun with the name of its bearer: spokesman Josh Earnest
            last = name_ahead(words, last + 1)
            break
    if last == first and words[first].key in DETERMINERS and words[first].key in ("a", "an", "the"):
        return None
    return first, last


def _goes_on(noun: Word, link: Word, following: Word | None) -> bool:
    if following is None or not following.text[0].isalnum():
        return False
    if CLOSE.get(noun.key) == link.key:
        return True
    if link.key == "to":
        return noun.key in CLOSE or noun.key in ("adviser", "advisor", "aide", "envoy", "counsel")
    if link.key in ("of", "for", "from"):
        return following.key not in PRONOUNS
    if noun.key in ("who", "he", "she", "they", "it"):
        return False
    return following.key in ("the", "a", "an", "its", "his", "her", "their") or (
        is_name_word(following) and link.key in ("in", "at", "near", "inside", "with")
    )


def _is_verb_form(word: Word, following: Word | None) -> bool:
    """*a petition* filed in Miami; *the lobby* warning members; not *two armed men*."""
    if not word.text.islower() or not word.key.endswith(("ing", "ed")):
        return False
    return (
        following is None
        or not following.text[0].isalnum()
        or following.key in PREPOSITIONS
        or following.key in DETERMINERS
        or following.key in PRONOUNS
        or following.key in CONJUNCTIONS
        or is_name_word(following)
    )


def _stops(word: Word) -> bool:
    return (
        word.key in CONJUNCTIONS
        or word.key in PREPOSITIONS
        or word.key in AUXILIARIES
        or word.key in PRONOUNS
        or is_adverb(word)
        or (word.key in speech_words().verbs and word.key not in speech_words().also_nouns)
        or word.key in ("last", "this", "next", "earlier", "speaking", "during", "when")
    )


def singular(key: str) -> str:
    """A word as it may stand in a list of singular nouns."""
    if key.endswith("'s"):
        key = key[:-2]
    if key.endswith("men"):
        return key[:-3] + "man"
    if key == "people":
        return key
    if key.endswith("ies") and len(key) > 4:
        return key[:-3] + "y"
    if key.endswith(("sses", "ches", "shes")):
        return key[:-2]
    if key.endswith("s") and not key.endswith(("ss", "us", "is")):
        return key[:-1]
    return key


def is_source_start(word: Word) -> bool:
    """Whether a source may begin with a word behind a verb."""
    return starts_phrase(word) or singular(word.key) in speech_words().heads
