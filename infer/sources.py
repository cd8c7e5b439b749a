"""The noun phrase that names a source: before a verb of saying, or behind it.

Each function takes the words of a sentence and gives the first and last word of the phrase.
What interposes between a subject and its verb ("Mr. Steele, seeking to clarify, said") is
passed over, apposition and relative clauses are not part of the source.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..data.speech import speech_words
from .phrases import is_role, phrase_ahead, phrase_back, singular
from .words import (
    ADVERBS,
    AUXILIARIES,
    BOUNDARIES,
    CONJUNCTIONS,
    DETERMINERS,
    MARKS,
    PREPOSITIONS,
    Phrase,
    Word,
    is_adverb,
    is_name_word,
    is_verbal,
    starts_phrase,
)

_LATEST_SUBJECT = 60
_FARTHEST = 60
"""Most words that may stand between a subject and its verb."""
_PARTICIPLES = frozenset(
    "sent led held made known written built given taken seen run born shot put set told".split()  # noqa: SIM905 - a list of quoted words cannot be read
)
_WHERE = frozenset("inside outside nearby present abroad there alike".split())  # noqa: SIM905 - a list of quoted words cannot be read
_BEFORE_DAYS = frozenset("on last this next late early".split())  # noqa: SIM905 - a list of quoted words cannot be read
_TIMES = frozenset("week month year night weekend morning evening afternoon".split())  # noqa: SIM905 - a list of quoted words cannot be read
_IN = frozenset("in at during from".split())  # noqa: SIM905 - a list of quoted words cannot be read
_OPENERS = frozenset("and but so yet as that because when while if although though".split())  # noqa: SIM905 - a list of quoted words cannot be read
PARTY_TAG = re.compile(r"[RDI]-[A-Z]")
"""A party and a state behind a politician's name: R-Ky."""
_RELATIVE = frozenset("who which whose where whom that".split())  # noqa: SIM905 - a list of quoted words cannot be read


def subject_before(words: Sequence[Word], verb: int) -> Phrase | None:  # noqa: PLR0911 - a list of cases reads best as one
    """The subject that stands before a verb, or none where another word stands there."""
    at = _before_adverbials(words, verb - 1)
    if at > 0 and words[at].key in _WHERE and words[at - 1].text[0].isalpha():
        at -= 1
    if at < 0:
        return None
    word = words[at]
    if word.key in ("who", "which", "that") and at > 0:
        before = at - 1
        while before > 0 and (words[before].key == "," or is_adverb(words[before])):
            before -= 1
        return phrase_back(words, before) if before >= 0 else None
    if word.key == ",":
        return _across_commas(words, at)
    if word.text in MARKS and word.end - word.start > 0:
        return _across_quotation(words, at)
    if word.key == ")":
        opened = _opening(words, at)
        return None if opened is None else phrase_back(words, opened - 1)
    if word.text in "—–" or word.key == "--":
        return _across_dash(words, at)
    if word.key in ("and", "but", "then", "or"):
        return None
    return _before_relative(words, phrase_back(words, at))


def _before_adverbials(words: Sequence[Word], at: int) -> int:
    """The last word before what says when, where or how: *Reed on Monday in a speech* said."""
    while at >= 0:
        word = words[at]
        if (
            is_adverb(word)
            or (word.key in AUXILIARIES and word.text.islower())
            or (word.key in _BEFORE_DAYS and words[at + 1].key in ADVERBS)
        ):
            at -= 1
        elif at > 0 and word.key in _TIMES and words[at - 1].key in _BEFORE_DAYS:
            at -= 2
        elif at > 1 and word.key in speech_words().statements and words[at - 2].key in _IN:
            at -= 3
        elif at > 1 and is_name_word(word) and words[at - 1].key in _IN:
            if not is_name_word(words[at - 2]):
                return at
            at -= 2
        else:
            return at
    return at


def _before_relative(words: Sequence[Word], phrase: Phrase | None) -> Phrase | None:
    """*The board* that examined the attack found: not the attack."""
    if phrase is None or phrase[0] < 3 or not is_verbal(words[phrase[0] - 1]):
        return phrase
    if words[phrase[0] - 2].key not in ("that", "who", "which"):
        return phrase
    return phrase_back(words, phrase[0] - 3) or phrase


def _opening(words: Sequence[Word], closing: int) -> int | None:
    for at in range(closing - 1, max(-1, closing - _FARTHEST), -1):
        if words[at].key == "(":
            return at
    return None


def _across_quotation(words: Sequence[Word], mark: int) -> Phrase | None:
    """A subject before an insertion that ends in quoted words: X, who called it "…", said."""
    first = mark
    while first > 0 and words[first - 1].key != "," and mark - first < _FARTHEST:
        first -= 1
    if first in (0, mark) or not _is_insertion(words, (first, mark - 1)):
        return None
    return _across_commas(words, first - 1)


def _across_dash(words: Sequence[Word], dash: int) -> Phrase | None:
    """A subject before an insertion between two dashes."""
    mark = words[dash].text
    for at in range(dash - 1, max(-1, dash - _FARTHEST), -1):
        if words[at].text == mark:
            return phrase_back(words, at - 1)
    return None


def _across_commas(words: Sequence[Word], comma: int) -> Phrase | None:
    """A subject before insertions between commas: its apposition, a relative clause."""
    chunk_end = comma - 1
    chosen: Phrase | None = None
    at = chunk_end
    while at >= -1 and comma - at < _FARTHEST:
        if at >= 0 and words[at].key == ")":
            at = (_opening(words, at) or 0) - 1
            continue
        if at >= 0 and words[at].key != "," and not _closes_clause(words[at]):
            at -= 1
            continue
        chunk = (at + 1, chunk_end)
        if chunk[0] <= chunk[1]:
            found = _subject_in(words, chunk)
            if found is None and not _is_insertion(words, chunk):
                break
            chosen = found or chosen
            if found is not None and found[0] > chunk[0] + 1:
                break  # the chunk holds more than the phrase: what stands before is another clause
        if at < 0 or words[at].key != ",":
            break
        chunk_end = at - 1
        at = chunk_end
    return chosen


def _closes_clause(word: Word) -> bool:
    return word.text in BOUNDARIES or (word.text in MARKS and word.text not in "'’‘")


def _is_insertion(words: Sequence[Word], chunk: Phrase) -> bool:
    """Whether a stretch between commas only adds to what stands before it."""
    first = words[chunk[0]]
    return (
        first.key in _RELATIVE
        or first.key in ("jr", "jr.", "sr", "sr.", "now", "then", "both", "including", "himself")
        or first.text[0].isdigit()
        or PARTY_TAG.match(first.text) is not None
        or (first.key.endswith(("ing", "ed")) and first.text.islower())
        or first.key in _PARTICIPLES
        or (first.key in PREPOSITIONS and chunk[0] > 0)
        or is_adverb(first)
        or (singular(first.key) in speech_words().heads and first.text.islower() and chunk[0] > 1)
        or (first.key in ("the", "a", "an", "his", "her", "its", "their") and chunk[0] > 1)
    )


def _subject_in(words: Sequence[Word], chunk: Phrase) -> Phrase | None:
    """The noun phrase that a stretch between commas is, unless it is an insertion."""
    first, last = chunk
    while first < last and (words[first].key in _OPENERS or is_adverb(words[first])):
        first += 1
    if PARTY_TAG.match(words[first].text):
        return None
    if words[first].key not in DETERMINERS and _is_insertion(words, (first, last)):
        return None
    if words[first].key in PREPOSITIONS or words[first].key in _RELATIVE - {"that"}:
        return None
    found = phrase_back(words, last)
    if found is None or found[0] < first:
        return _with_participle(words, first, last)
    if found[0] > first:
        before = words[found[0] - 1].key
        joined = before in ("and", "or") and not starts_phrase(words[found[0]])
        if before not in CONJUNCTIONS or joined:
            return _with_participle(words, first, last)
    return found


def _with_participle(words: Sequence[Word], first: int, last: int) -> Phrase | None:
    """*Records* released by the committee, including a report, show."""
    found = phrase_ahead(words, first)
    if found is None or found[1] + 1 >= last or not is_role(words[found[1]]):
        return None
    after = words[found[1] + 1]
    return found if is_verbal(after) and words[found[1] + 2].key in PREPOSITIONS else None


def subject_of_sentence(words: Sequence[Word], until: int) -> Phrase | None:
    """The subject with which a sentence begins, behind what is set before it with a comma."""
    first = 0
    while first < min(until, _LATEST_SUBJECT):
        while first < until and (
            words[first].text in MARKS
            or is_adverb(words[first])
            or words[first].key in ("and", "but", "so", "yet", "for", ",")
        ):
            first += 1
        if first >= until:
            return None
        word = words[first]
        if not _opens_adverbial(word):
            found = phrase_ahead(words, first)
            return found if found is not None and found[1] < until else None
        comma = _comma_ahead(words, first, until)
        if comma is None:
            return None
        first = comma + 1
    return None


def _opens_adverbial(word: Word) -> bool:
    return (
        word.key in PREPOSITIONS
        or (word.key in CONJUNCTIONS and word.key != "that")
        or (word.key.endswith(("ing", "ed")) and len(word.key) > 4)
    )


def _comma_ahead(words: Sequence[Word], first: int, until: int) -> int | None:
    behind = range(first, min(until, first + _FARTHEST))
    return next((i for i in behind if words[i].key == ","), None)
