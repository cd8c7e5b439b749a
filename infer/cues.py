"""Cues of speech in a sentence: who says, claims or calls something, and where.

A cue is a verb of saying with its source ("X said", "said X", "X, who called …"), or a
phrase that names a source without one ("according to X", "in X's view", "X's claim that").
Quoted words are searched too: a quotation within a quotation has a cue of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..data.speech import Verb, speech_words
from .cue_phrases import BE, QUOTING, Cue, cue_of_phrase, follows_quoting, key_at, offsets_of
from .phrases import CLOSE, is_agent, is_source_start, phrase_ahead, singular
from .sources import subject_before, subject_of_sentence
from .words import (
    AUXILIARIES,
    DETERMINERS,
    MARKS,
    PREPOSITIONS,
    PRONOUNS,
    Phrase,
    Word,
    is_adverb,
    is_capital,
    is_name_word,
    is_title_case,
    is_verbal,
)

_NOT_VERBS = frozenset("regarding reasoning meaning according".split())  # noqa: SIM905 - a list of quoted words cannot be read
_SAYS = frozenset("said says say tell tells told added adds asked".split())  # noqa: SIM905 - a list of quoted words cannot be read
_FINDS = frozenset("find finds found show shows showed hold holds held read reads".split())  # noqa: SIM905 - a list of quoted words cannot be read
_TELLS = frozenset("tell tells told".split())  # noqa: SIM905 - a list of quoted words cannot be read
_MEANS = frozenset("telephone phone email e-mail video letter text fax".split())  # noqa: SIM905 - a list of quoted words cannot be read
_NO_START = frozenset("that it this no yes nothing so".split())  # noqa: SIM905 - a list of quoted words cannot be read
_CUES_BACK = 12
_BY = 14
"""Words behind a passive verb among which its *by* is looked for."""


def find_cues(words: Sequence[Word], *, headline: bool = False) -> list[Cue]:
    """The cues of a sentence, from left to right.

    Args:
        words: As `words_of` gives them.
        headline: Whether it is one, so that its verbs may be written with a capital and stand in
            the present.
    """
    found: list[Cue] = []
    titled = headline or is_title_case(words)
    for i in range(len(words)):
        phrase = cue_of_phrase(words, i)
        quotes = phrase is not None and words[i].key in QUOTING
        verb = None if quotes else _verb_at(words, i, found, titled)
        cue = None if verb is None else _verb_cue(words, i, verb, found, titled)
        found += [c for c in (phrase, cue) if c is not None]
    return sorted(found, key=lambda cue: cue.start)


def _verb_at(words: Sequence[Word], i: int, found: Sequence[Cue], titled: bool) -> Verb | None:
    """The verb of saying that a word can be."""
    word, lists = words[i], speech_words()
    verb = lists.verbs.get(word.key)
    if verb is None or follows_quoting(words, i, found) or word.key in _NOT_VERBS:
        return None
    if is_capital(word) and not (titled or i == 0):
        return None
    if word.key == "states" and key_at(words, i - 1) == "united":
        return None
    particle = lists.particles.get(word.key)
    return None if particle is not None and key_at(words, i + 1) not in particle else verb


def _verb_cue(  # noqa: C901, PLR0911, PLR0912 - a list of cases reads best as one
    words: Sequence[Word], at: int, verb: Verb, before: Sequence[Cue], titled: bool
) -> Cue | None:
    """A verb of saying with its source, unless the word is no verb here."""
    previous = key_at(words, at - 1)
    start, end = words[at].start, words[at].end
    if verb.participle:
        return _participle_cue(words, at, verb, before)
    if previous == "to":
        return _infinitive_cue(words, at, verb)
    if verb.past and titled and verb.calls and not is_capital(words[at]):
        passive = _passive_cue(words, at, verb)
        if passive is not None and passive.source is not None:
            return passive
    if verb.past and key_at(words, at + 1) == "by" and key_at(words, at + 2) not in _MEANS:
        loose = at == 0 or not words[at - 1].text[0].isalnum()
        if verb.calls or loose or previous in BE:
            return _passive_cue(words, at, verb)
    behind = _inverted(words, at, verb)
    if behind is not None:
        return Cue(start, end, offsets_of(words, behind), True, verb.calls, past=verb.past)
    if verb.calls and verb.past and previous == "," and _is_apposition(words, at):
        passive = _passive_cue(words, at, verb)
        return passive if passive is not None and passive.source is not None else None
    back = at - 1
    while back >= 0 and is_adverb(words[back]):
        back -= 1
    if verb.past and back >= 0 and words[back].key in BE:
        return _passive_cue(words, at, verb)
    if words[at].key in speech_words().also_nouns and not _can_be_verb(words, at, titled):
        return None
    if back >= 0 and words[back].key in ("and", "but", "then", "or"):
        return _coordinated(words, at, verb, before)
    phrase = subject_before(words, at)
    if phrase is None:
        return None
    if verb.base and not titled and not _is_plural(words, at, phrase):
        return None
    if not _can_speak(words, at, phrase):
        return None
    return Cue(start, end, offsets_of(words, phrase), False, verb.calls, past=verb.past)


def _coordinated(words: Sequence[Word], at: int, verb: Verb, before: Sequence[Cue]) -> Cue | None:
    """*X met reporters and said*: the subject is that of the clause before."""
    if verb.base:
        return None
    alike = [c for c in before[-_CUES_BACK:] if c.past == verb.past and not c.source_behind]
    return _shared_cue(words, at, verb, alike)


def _participle_cue(
    words: Sequence[Word], at: int, verb: Verb, before: Sequence[Cue]
) -> Cue | None:
    """*…, saying that*: the source is the subject of the sentence."""
    previous = key_at(words, at - 1)
    if previous in DETERMINERS or previous in ("of", "for") or previous.endswith("'s"):
        return None
    if previous in BE or previous in ("keep", "kept", "keeps", "began", "started"):
        phrase = subject_before(words, at)
        if phrase is not None:
            return Cue(words[at].start, words[at].end, offsets_of(words, phrase), False, verb.calls)
    if at == 0 or words[at - 1].text in MARKS:
        return None
    return _shared_cue(words, at, verb, before[-_CUES_BACK:])


def _infinitive_cue(words: Sequence[Word], at: int, verb: Verb) -> Cue | None:
    """*X went on to call*, *X took to Twitter to denounce*: not *declined to say*."""
    if key_at(words, at - 2) in ("declined", "refused", "failed", "declines", "refuses", "decline"):
        return None
    return _shared_cue(words, at, verb, ())


def _shared_cue(words: Sequence[Word], at: int, verb: Verb, before: Sequence[Cue]) -> Cue | None:
    """A verb without a subject of its own: it has that of a cue before, or of the sentence."""
    source = next((cue.source for cue in reversed(before) if cue.source is not None), None)
    if source is None:
        phrase = subject_of_sentence(words, at)
        source = None if phrase is None else offsets_of(words, phrase)
    if source is None:
        return None
    return Cue(words[at].start, words[at].end, source, False, verb.calls, shared=True)


def _passive_cue(words: Sequence[Word], at: int, verb: Verb) -> Cue | None:
    """*was called a terrorist by X*; one without *by* leaves it open."""
    for i in range(at + 1, min(len(words), at + _BY)):
        if words[i].key == "by" and not key_at(words, i + 1).endswith("ing"):
            phrase = phrase_ahead(words, i + 1)
            if phrase is not None:
                span = offsets_of(words, phrase)
                return Cue(words[at].start, words[at].end, span, False, calls=True)
    if not verb.calls:
        return None
    return Cue(words[at].start, words[at].end, None, False, calls=True)


def _inverted(words: Sequence[Word], at: int, verb: Verb) -> Phrase | None:  # noqa: C901, PLR0911 - a list of cases reads best as one
    """The source behind the verb: *"…," said X*; *…, says X, who*; *… – says X*."""
    if verb.base or at + 1 >= len(words) or words[at].key in _TELLS:
        return None
    if at > 0:
        previous = words[at - 1]
        marked = previous.text in MARKS or previous.text in (",?!" if verb.calls else ",–—-?!")
        if not marked:
            return None
        if verb.calls and previous.text == ",":
            return None
    named = at + 2 < len(words) and is_name_word(words[at + 2]) and words[at - 1].text in MARKS
    if not (named or is_source_start(words[at + 1])) or words[at + 1].key in _NO_START:
        return None
    phrase = phrase_ahead(words, at + 1)
    if phrase is None:
        return None
    after = words[phrase[1] + 1] if phrase[1] + 1 < len(words) else None
    if at == 0:
        return phrase if after is not None and after.text == ":" else None
    if after is None or after.text in ".;:—–()!?" or after.text in MARKS:
        return phrase
    if after.text == "," and words[at].key in ("said", "says"):
        return phrase
    if words[at - 1].text in MARKS:
        return phrase
    if words[at - 1].text == "," and subject_before(words, at) is not None:
        return None
    if after.key in PREPOSITIONS:
        return phrase
    return phrase if after.key in ("who", "as", "when", "while", "and", "last", "earlier") else None


def _is_apposition(words: Sequence[Word], at: int) -> bool:
    """*Armed staff, called resource officers, would*: nobody is said to call them so."""
    behind = range(at + 1, min(len(words), at + _BY))
    if any(words[i].key == "by" for i in behind):
        return True
    comma = next((i for i in behind if words[i].key == ","), None)
    return comma is not None and comma + 1 < len(words) and is_verbal(words[comma + 1])


def _can_be_verb(words: Sequence[Word], at: int, titled: bool) -> bool:  # noqa: PLR0911 - a list of cases reads best as one
    """Whether a form that is more often a noun stands as a verb: *critics charge that*."""
    if at == 0:
        return False
    before, after = words[at - 1], key_at(words, at + 1)
    if before.key in DETERMINERS or before.key in PREPOSITIONS or before.key.endswith(("'s", "s'")):
        return before.key == "this"
    if before.key in ("and", "or") or not (before.text[0].isalnum() or before.text in ',)”"'):
        return False
    if after == "," and any(w.key == "as" for w in words[max(0, at - 8) : at]):
        return True  # as X notes,
    if after in ("that", "the", "a", "an", "it", "he", "she", "they", "his", "her", "their", "for"):
        return True
    if after.endswith(("self", "selves")) or after in ("him", "them", "us"):
        return True
    follows = at + 1 < len(words) and (
        words[at + 1].text in MARKS or words[at + 1].text == ":" or is_name_word(words[at + 1])
    )
    return follows or before.key in PRONOUNS or titled


def _is_plural(words: Sequence[Word], at: int, phrase: Phrase) -> bool:
    """Whether a subject can stand before a base form, or an auxiliary asks for one."""
    if any(w.key in AUXILIARIES for w in words[phrase[1] + 1 : at]):
        return True
    key = words[phrase[1]].key
    if key in ("he", "she", "it"):
        return False
    head = _head(words, phrase)
    if head in DETERMINERS or head in ("others", "none"):
        return True
    return key in PRONOUNS or head != singular(head) or head in ("people", "police", "media")


def _head(words: Sequence[Word], phrase: Phrase) -> str:
    """The word that a phrase is about."""
    last = phrase[0]
    for i in range(phrase[0], phrase[1] + 1):
        if i > phrase[0] and (words[i].key in PREPOSITIONS or words[i].key in CLOSE):
            break
        last = i
    return words[last].key


def _can_speak(words: Sequence[Word], at: int, phrase: Phrase) -> bool:
    """Whether a subject can say, claim or find: not *the result* announced on Monday."""
    lists = speech_words()
    head, key = singular(_head(words, phrase)), words[at].key
    if key in _FINDS:
        return head in lists.documents
    if key in _SAYS or is_name_word(words[phrase[1]]) or head in PRONOUNS or head in DETERMINERS:
        return True
    if head in lists.heads or head in lists.titles or head in lists.documents or is_agent(head):
        return True
    after = words[at + 1] if at + 1 < len(words) else None
    return after is not None and (after.key in ("that", ":", ",") or after.text in MARKS)
