"""Words of a sentence and the noun phrases they form, told by closed classes and capitals.

No tagger is behind it: what a phrase may hold is decided by the small closed classes of
English (determiners, prepositions, conjunctions, auxiliaries) and by capital letters. That
is enough for the phrases that stand beside a verb of saying, and it costs microseconds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

_TITLES = (
    "Mr|Mrs|Ms|Mx|Dr|Sen|Sens|Rep|Reps|Gov|Gen|Col|Lt|Sgt|Cpl|Prof|Rev|Hon|St|Jr|Sr|Capt|Maj"
    "|Cmdr|Adm|Brig|Pres|Pvt|Messrs|No|Nos"
)
_WORD = re.compile(
    rf"@\w+|[RDI]-(?:(?:[A-Z]\.)+|[A-Z][a-z]+\.?)|(?:[^\W\d_]\.){{2,}}|(?:{_TITLES})\.|[^\W\d_]\.(?=\s[^\W\d_])"
    r"|\w+(?:[-‐‑.'’/&]\w+)*(?:(?<=[sSzx])['’](?=\s[a-zA-Z]))?|--+|\S"
)
_PARTICLE = re.compile(r"(?:al|ar|as|ash|at|el|ul|d|bin)[-‐’'][A-Z]")
_APOSTROPHE = str.maketrans("’‐‑", "'--")

DETERMINERS = frozenset(
    """
    a an the this that these those some any all both each every no another other several many
    most few two three four five six seven eight nine ten dozens hundreds thousands one
    my your his her its our their
    """.split()  # noqa: SIM905 - a list of quoted words cannot be read
)
PRONOUNS = frozenset("i he she it we you they him her them who".split())  # noqa: SIM905 - a list of quoted words cannot be read
PREPOSITIONS = frozenset(
    """
    about above across after against ahead along amid among around as at before behind below
    beneath beside besides between beyond by despite down during except following for from in
    inside into like near of off on onto out outside over past per regarding since than through
    throughout to toward towards under until unlike up upon via with within without
    """.split()  # noqa: SIM905 - a list of quoted words cannot be read
)
CONJUNCTIONS = frozenset(
    """
    and or nor but yet so that because when while whereas if although though unless whether
    where once lest which who whom whose what how why then
    """.split()  # noqa: SIM905 - a list of quoted words cannot be read
)
AUXILIARIES = frozenset(
    """
    is are was were be been being am has have had having do does did will would shall should can
    could may might must isn't aren't wasn't weren't hasn't haven't hadn't doesn't don't didn't
    won't wouldn't can't cannot couldn't shouldn't ought 'd 's
    """.split()  # noqa: SIM905 - a list of quoted words cannot be read
)
ADVERBS = frozenset(
    """
    also then later earlier now still even again already just once twice often always never not
    only too further soon today yesterday tomorrow tonight though however instead meanwhile
    moreover nevertheless nonetheless therefore thus perhaps maybe here there long first himself
    herself themselves itself both all elsewhere alike monday tuesday wednesday thursday friday
    saturday sunday
    """.split()  # noqa: SIM905 - a list of quoted words cannot be read
)
_ADJECTIVES = frozenset(
    "monthly weekly daily yearly early elderly friendly likely family only ally".split()  # noqa: SIM905 - a list of quoted words cannot be read
)
MARKS = frozenset("\"“”„‟«»‹›‘’'")
BOUNDARIES = frozenset(";:()[]—–.!?…|")
_NAME_LINKS = frozenset(
    "of & for on the de del la van von der den bin ibn al el ul da dos di du le".split()  # noqa: SIM905 - a list of quoted words cannot be read
)
_NOT_NAMES = frozenset(
    """
    the a an in on at but and or if when while as after before since for from by with to of this
    that these those it he she they we i you his her its their our my your there here what who
    where why how which so yet still even also then now once meanwhile however although though
    because despite during according both all some many most more few no not nor only just such
    another other one two three perhaps maybe yes monday tuesday wednesday thursday friday saturday
    sunday january february march april may june july august september october november december
    jan feb mar apr jun jul aug sept oct nov dec speaking asked under until over through
    """.split()  # noqa: SIM905 - a list of quoted words cannot be read
)
_BODIES = frozenset(
    """
    association bureau center centre coalition commission committee council department federation
    foundation institute ministry office organisation organization union society
    """.split()  # noqa: SIM905 - a list of quoted words cannot be read
)
_ALSO_SURNAMES = frozenset("may will march june".split())  # noqa: SIM905 - a list of quoted words cannot be read
LONGEST_PHRASE = 14
"""Most words of a source: what is longer is no noun phrase but a sentence misread."""


class Word(NamedTuple):
    """A word or mark: offsets in the document, as written, and in small letters."""

    start: int
    end: int
    text: str
    key: str


Phrase = tuple[int, int]
"""First and last word of a phrase, by their numbers in a sentence."""


def words_of(text: str, start: int, end: int) -> list[Word]:
    """The words and marks of a stretch of a document."""
    return list(_words_of(text, start, end))


@lru_cache(maxsize=2_048)
def _words_of(text: str, start: int, end: int) -> tuple[Word, ...]:
    """The same stretches are read again for cues, speakers and labels."""
    return tuple(
        Word(*match.span(), word := match.group(), _key_of(word))
        for match in _WORD.finditer(text, start, end)
    )


@lru_cache(maxsize=65_536)
def _key_of(word: str) -> str:
    return word.lower().translate(_APOSTROPHE)


def is_capital(word: Word) -> bool:
    """Whether a word is written as a name is."""
    return word.text[0].isupper() or word.text[0] == "@" or _PARTICLE.match(word.text) is not None


def is_name_word(word: Word) -> bool:
    """Whether a word can be part of a name, at the head of a sentence too."""
    return is_capital(word) and word.key.removesuffix("'s") not in _NOT_NAMES


def is_title_case(words: Sequence[Word]) -> bool:
    """Whether a headline capitalises its words, so that a capital tells nothing."""
    long_words = [word for word in words if len(word.text) > 3]
    return sum(is_capital(word) for word in long_words) * 5 > len(long_words) * 3


def is_adverb(word: Word) -> bool:
    """Whether a word may stand between a subject and its verb."""
    ends = word.key.endswith("ly") and word.text[0].islower() and word.key not in _ADJECTIVES
    return word.key in ADVERBS or ends


def is_verbal(word: Word) -> bool:
    """Whether a word is most likely a verb: an auxiliary or a past form."""
    return word.key in AUXILIARIES or (word.text.islower() and word.key.endswith("ed"))


def starts_phrase(word: Word) -> bool:
    """Whether a noun phrase may begin with a word."""
    return word.key in DETERMINERS or word.key in PRONOUNS or is_name_word(word)


def is_body(word: Word) -> bool:
    """Whether the name of a body may begin with a word: *Center on Budget and …*."""
    return word.key in _BODIES


def name_back(words: Sequence[Word], last: int) -> int:
    """The first word of the name that ends with a word."""
    first = last
    while first > 0 and last - first < LONGEST_PHRASE:
        before = words[first - 1]
        if is_name_word(before) and not before.key.endswith("'s"):
            first -= 1
        elif (
            before.key in _NAME_LINKS
            and (before.key != "on" or (first > 1 and is_body(words[first - 2])))
            and first > 1
            and is_name_word(words[first - 2])
        ):
            first -= 2
        elif before.key == "and" and first > 1 and is_name_word(words[first - 2]):
            start = _body_back(words, first - 2)
            if start is None:
                break
            first = start
        else:
            break
    return first


def _body_back(words: Sequence[Word], last: int) -> int | None:
    """Where the name of a body begins that goes on behind *and*: *Center on Budget* and."""
    for first in range(last, max(-1, last - 6), -1):
        if is_body(words[first]):
            return first
        if not is_name_word(words[first]) and words[first].key not in _NAME_LINKS:
            return None
    return None


def name_ahead(words: Sequence[Word], first: int) -> int:
    """The last word of the name that begins with a word."""
    last = first
    while last + 1 < len(words):
        after = words[last + 1]
        if words[last].key.endswith("'s"):
            break
        if is_name_word(after) or (is_capital(after) and after.key in _ALSO_SURNAMES):
            last += 1
        elif (
            after.key in _NAME_LINKS
            and (after.key != "on" or is_body(words[last]))
            and last + 2 < len(words)
            and is_name_word(words[last + 2])
        ):
            last += 2
        elif after.key == "and" and last > first and is_body(words[first]):
            if last + 2 >= len(words) or not is_name_word(words[last + 2]):
                break
            last += 2
        elif after.key in {"of", "for"} and last + 3 < len(words) and words[last + 2].key == "the":
            if not is_name_word(words[last + 3]):
                break
            last += 3
        else:
            break
    return last
