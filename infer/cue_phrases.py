"""Phrases that name a source without a verb of saying: *according to X*, *X's claim that*."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..data.speech import speech_words
from .phrases import phrase_ahead, phrase_back
from .sources import subject_before
from .words import DETERMINERS, MARKS, Phrase, Word, is_name_word

BE = frozenset("is are was were be been being".split())  # noqa: SIM905 - a list of quoted words cannot be read
SAYINGS = frozenset(
    """
    claim claims assertion assertions allegation allegations accusation accusations view opinion
    belief contention insistence suggestion warning warnings words description account statement
    complaint complaints demand demands promise pledge vow argument charge charges remark remarks
    rhetoric criticism denunciation call calls
    """.split()  # noqa: SIM905 - a list of quoted words cannot be read
)
VIEWS = frozenset("view words opinion eyes telling account phrase language".split())  # noqa: SIM905 - a list of quoted words cannot be read
TERMS = frozenset("word words term terms phrase label".split())  # noqa: SIM905 - a list of quoted words cannot be read
_OBJECTS = frozenset("it them him her himself herself itself themselves".split())  # noqa: SIM905 - a list of quoted words cannot be read
QUOTING = frozenset("quote quotes quoted quoting cite cites cited citing".split())  # noqa: SIM905 - a list of quoted words cannot be read


@dataclass(frozen=True, slots=True)
class Cue:
    """One place where somebody is said to speak.

    Attributes:
        start: Offset of the verb, or of the phrase without one.
        end: Offset behind it.
        source: Offsets of what names the source; none where it is left to be understood.
        source_behind: Whether the source stands behind the verb.
        calls: Whether what follows is called or judged rather than said.
        shared: Whether the source is the subject of the sentence, not of this verb.
        past: Whether the verb is in the past.
    """

    start: int
    end: int
    source: tuple[int, int] | None
    source_behind: bool = False
    calls: bool = False
    shared: bool = False
    past: bool = False


def key_at(words: Sequence[Word], at: int) -> str:
    """A word in small letters, or nothing outside the sentence."""
    return words[at].key if 0 <= at < len(words) else ""


def names_next(words: Sequence[Word], at: int) -> bool:
    """Whether a name follows, with or without *the*."""
    at += key_at(words, at) == "the"
    return at < len(words) and is_name_word(words[at])


def offsets_of(words: Sequence[Word], phrase: Phrase) -> tuple[int, int]:
    """Offsets of a phrase in the document, a possessive ending left out."""
    first, last = words[phrase[0]], words[phrase[1]]
    end = last.end
    if last.key.endswith("'s"):
        end -= 2
    elif last.key.endswith("'"):
        end -= 1
    return first.start, end


def cue_of_phrase(words: Sequence[Word], i: int) -> Cue | None:
    """The cue without a verb of saying that a word begins, if it does."""
    key, after = words[i].key, key_at(words, i + 1)
    if key == "according" and after == "to":
        return phrase_cue(words, i, i + 1)
    if key == "per" and names_next(words, i + 1):
        return phrase_cue(words, i, i)
    made = (make(words, i) for listed, make in _MAKERS if key in listed)
    return next((cue for cue in made if cue is not None), None)


def phrase_cue(words: Sequence[Word], first: int, last: int) -> Cue | None:
    """*According to* X."""
    phrase = phrase_ahead(words, last + 1)
    if phrase is None:
        return None
    return Cue(words[first].start, words[phrase[1]].end, offsets_of(words, phrase), True)


def follows_quoting(words: Sequence[Word], at: int, found: Sequence[Cue]) -> bool:
    """Whether a participle belongs to *quoted X as*: saying, adding."""
    if key_at(words, at - 1) != "as" or at < 2 or not found:
        return False
    ends = (words[at - 2].end, words[at - 2].end - 2)
    return any(cue.end in ends for cue in found[-3:])


def as_cue(words: Sequence[Word], at: int) -> Cue | None:
    """*as the brochure has it*, *as the programme listed them*, *as X likes to call it*."""
    phrase = phrase_ahead(words, at + 1)
    if phrase is None or (at > 0 and words[at - 1].text[0].isalnum()):
        return None
    if words[phrase[1]].key in speech_words().verbs and phrase[1] > phrase[0]:
        phrase = phrase[0], phrase[1] - 1
    rest = [word.key for word in words[phrase[1] + 1 : phrase[1] + 6]]
    object_at = next((i for i, key in enumerate(rest) if key in _OBJECTS), None)
    if object_at is None or "," in rest[:object_at]:
        return None
    end = words[phrase[1] + 1 + object_at].end
    return Cue(words[at].start, end, offsets_of(words, phrase), True, calls=True)


def view_cue(words: Sequence[Word], at: int) -> Cue | None:
    """*in the view of the committee*, *in the words of X*."""
    if key_at(words, at + 1) not in ("of", "that"):
        return None
    if key_at(words, at - 1) != "the" or key_at(words, at - 2) not in ("in", "by", "to"):
        return None
    phrase = phrase_ahead(words, at + 2)
    if phrase is None:
        return None
    return Cue(words[at].start, words[phrase[1]].end, offsets_of(words, phrase), True)


def term_cue(words: Sequence[Word], at: int) -> Cue | None:
    """*critics used the word "genocide"*."""
    if key_at(words, at - 1) not in DETERMINERS:
        return None
    if key_at(words, at - 2) not in ("use", "uses", "used", "using", "chose", "avoids", "avoid"):
        return None
    phrase = subject_before(words, at - 2)
    if phrase is None:
        return None
    return Cue(words[at].start, words[at].end, offsets_of(words, phrase), calls=True)


def quoting_cue(words: Sequence[Word], at: int) -> Cue | None:
    """*The agency quoted* X *as saying*; *was quoted as saying* names its subject."""
    if key_at(words, at + 1) == "as" and key_at(words, at - 1) in BE:
        phrase = subject_before(words, at)
    else:
        phrase = phrase_ahead(words, at + 1)
        if phrase is None or key_at(words, phrase[1] + 1) != "as":
            return None
    if phrase is None:
        return None
    return Cue(words[at].start, max(words[at].end, words[phrase[1]].end), offsets_of(words, phrase))


def noun_cue(words: Sequence[Word], at: int) -> Cue | None:
    """*Moscow's claim that*, *in his words*, *accusations by the ministry that*."""
    if at > 0 and not words[at].text.islower():
        return None
    following = at + 1 + (key_at(words, at + 1) == ",")
    behind = words[following] if following < len(words) else None
    if behind is None or not (behind.text in MARKS or behind.key in (":", "that", "by", "from")):
        return None
    owner = at - 1
    while owner > 0 and words[owner].text.islower() and not _owns(words[owner]) and at - owner < 3:
        owner -= 1
    if owner >= 0 and _owns(words[owner]):
        phrase = phrase_back(words, owner)
        if words[owner].key in DETERMINERS:
            phrase = owner, owner
        if phrase is not None:
            return Cue(words[at].start, words[at].end, offsets_of(words, phrase), calls=True)
    if key_at(words, at + 1) in ("by", "from"):
        phrase = phrase_ahead(words, at + 2)
        if phrase is not None:
            return Cue(words[at].start, words[at].end, offsets_of(words, phrase), calls=True)
    return None


def _owns(word: Word) -> bool:
    return word.key.endswith(("'s", "s'")) or word.key in ("his", "her", "their", "its", "my")


_MAKERS: tuple[tuple[frozenset[str], Callable[[Sequence[Word], int], Cue | None]], ...] = (
    (QUOTING, quoting_cue),
    (frozenset({"as"}), as_cue),
    (VIEWS, view_cue),
    (TERMS, term_cue),
    (SAYINGS, noun_cue),
)
