"""The cast of a document: the persons and bodies it names, and who a short form stands for.

News names a source in full once ("Senator John McCain") and then in short ("Mr. McCain",
"the senator", "he"). Names are gathered from left to right with the titles and appositions
that describe them; a short form is led back to the last compatible one named before it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from ..data.speech import speech_words
from .namings import (
    acronym_of,
    bare,
    gender_of,
    is_person,
    opens_sentence,
    plain,
    roles_beside,
    split_titles,
    without_origin,
)
from .phrases import singular
from .sources import PARTY_TAG
from .words import PREPOSITIONS, Word, is_name_word, is_title_case, name_ahead

_BODIES = frozenset("group organization organisation company agency body".split())  # noqa: SIM905 - a list of quoted words cannot be read
_MEDIA = frozenset("paper newspaper magazine network channel outlet agency site".split())  # noqa: SIM905 - a list of quoted words cannot be read
_MONTH_NAMES = frozenset(["jan", "april", "may", "june", "august", "mar"])
_BEFORE_MONTHS = PREPOSITIONS | {"last", "next", "this", "early", "late", "and", "or", "mid"}
_REACH = 60
"""How many namings a short form looks back over: bounds the time, and nobody reads farther."""


@dataclass(slots=True)
class Actor:
    """Somebody the document names.

    Attributes:
        words: The fullest name so far, titles left out, in small letters.
        person: Whether it is a person; none where nothing tells.
        acronym: The initials of a name of three words or more.
        gender: ``m``, ``f`` or none.
        junior: Whether the name ends in *Jr.*
        roles: Words that describe it: titles, appositions, singular and in small letters.
    """

    words: tuple[str, ...]
    person: bool | None
    acronym: str = ""
    gender: str | None = None
    junior: bool = False
    roles: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Naming:
    """One place where an actor is named; `start` leaves titles out, `full_start` does not.

    `size` counts the words of the name without titles; of a description it is 0.
    """

    actor: Actor
    full_start: int
    start: int
    end: int
    sentence: int
    first: bool
    quoted: bool
    size: int = 0

    @property
    def fullness(self) -> tuple[int, int]:
        """How full a name is: by its own words, then by its titles."""
        return self.size, self.end - self.full_start


class Cast:
    """Gathers the actors of a document, sentence by sentence.

    Args:
        is_known: Tells of a word whether it is the name of an actor.
    """

    def __init__(self, is_known: Callable[[str], bool] | None = None) -> None:
        self._is_known = is_known
        self.namings: list[Naming] = []
        self.subjects: dict[int, Naming] = {}
        self._by_word: dict[str, list[Actor]] = {}
        self._fullest: dict[int, list[Naming]] = {}

    def read(self, words: Sequence[Word], sentence: int, quoted: Sequence[bool]) -> None:
        """Take the names of the next sentence.

        Args:
            words: Of the sentence.
            sentence: Its number.
            quoted: For each word whether it stands in quotation marks.
        """
        headline = is_title_case(words) and words[-1].text not in ".!?"
        self._note_description(words, sentence)
        i, first = 0, True
        while i < len(words):
            named = is_name_word(words[i]) or _is_month_name(words, i)
            if not named or PARTY_TAG.match(words[i].text):
                i += 1
                continue
            last = self._in_headline(words, i) if headline else name_ahead(words, i)
            if last is None:
                i += 1
                continue
            if last > i and opens_sentence(words, i) and words[i].key.endswith("ing"):
                i += 1  # Attacking Hillary Clinton
            last = without_origin(words, i, last)
            naming = self._take(words, i, last, sentence, first=first, quoted=quoted[i])
            if naming is not None:
                first = first and quoted[i]
            i = last + 1

    def _in_headline(self, words: Sequence[Word], i: int) -> int | None:
        """The last word of a name where every word has a capital: one with a title, or known."""
        last = i
        while last + 1 < len(words) and words[last].key in speech_words().titles:
            last += 1
        if last > i and is_name_word(words[last]):
            names = speech_words().first_names
            follows = last + 1 < len(words) and is_name_word(words[last + 1])
            return last + 1 if follows and words[last].key in names else last
        return i if self._known(words[i]) else None

    def _note_description(self, words: Sequence[Word], sentence: int) -> None:
        """*The president addressed the nation*: he is spoken of, though not named."""
        if len(words) < 3 or words[0].key != "the" or words[1].key not in speech_words().titles:
            return
        if not words[2].text.islower():
            return
        actor = self.by_role(words[1].key, words[0].start)
        if actor is not None:
            start, end = words[0].start, words[1].end
            naming = Naming(actor, start, start, end, sentence, first=True, quoted=False)
            self.namings.append(naming)
            self.subjects[sentence] = naming

    def _take(
        self, words: Sequence[Word], i: int, last: int, sentence: int, *, first: bool, quoted: bool
    ) -> Naming | None:
        titles, core = split_titles(words, i, last)
        if core > last:
            return None
        if i == last and opens_sentence(words, i) and not self._is_name(words, i):
            return None
        actor = self._actor_of(_described(words, core, last, titles))
        actor.roles |= {role for title in titles for role in (title, _office(title))}
        actor.roles |= roles_beside(words, i, last)
        end = words[last].end - (2 if words[last].key.endswith("'s") else 0)
        size = last + 1 - core
        naming = Naming(
            actor, words[i].start, words[core].start, end, sentence, first, quoted, size
        )
        self.namings.append(naming)
        if first and not quoted:
            self.subjects[sentence] = naming
        best = self._fullest.setdefault(id(actor), [])
        if not best or naming.fullness > best[-1].fullness:
            best.append(naming)
        return naming

    def _actor_of(self, seen: Actor) -> Actor:
        """The actor that a name stands for: one named before, told more of, or a new one."""
        actor = self._find(seen)
        if actor is None:
            actor, fresh = seen, {*seen.words, seen.acronym}
        else:
            fresh = set()
            if len(seen.words) > len(actor.words):
                fresh = set(seen.words) - set(actor.words)
                actor.words = seen.words
            if seen.acronym and not actor.acronym and seen.words == actor.words:
                actor.acronym = seen.acronym
                fresh.add(seen.acronym)
            if actor.person is None or seen.person:
                actor.person = actor.person if seen.person is None else seen.person
            actor.gender = actor.gender or seen.gender
        for word in fresh - {""}:
            self._by_word.setdefault(word, []).append(actor)
        return actor

    def _is_name(self, words: Sequence[Word], i: int) -> bool:
        """Whether a word with the capital of a sentence's beginning is a name all the same."""
        listed = self._is_known is not None and self._is_known(bare(words[i].text))
        owns = words[i].key.endswith("'s")
        return listed or owns or self._known(words[i]) or _speaks(words, i)

    def _known(self, word: Word) -> bool:
        return bare(word.key) in self._by_word

    def _find(self, seen: Actor) -> Actor | None:
        """The last actor that a name can be a form of; one of the same name before others."""
        best: Actor | None = None
        name = seen.words
        for actor in reversed(self._by_word.get(name[-1], ())[-_REACH:]):
            if seen.gender and actor.gender and seen.gender != actor.gender:
                continue
            if seen.person and actor.person is False:
                continue
            if seen.junior and not actor.junior and len(actor.words) > len(name):
                continue
            if name == actor.words and seen.junior == actor.junior:
                return actor
            alike = name in (actor.words, (actor.acronym,)) or _is_short(name, actor)
            better = best is None or (best.junior and not seen.junior and not actor.junior)
            if better and (alike or _is_short(actor.words, seen)):
                best = actor
        return best

    def fullest(self, actor: Actor, until: int) -> Naming:
        """The naming of an actor with most words up to an offset, or its first one."""
        best = self._fullest[id(actor)]
        return next((n for n in reversed(best) if n.start < until), best[0])

    def named_in(self, start: int, end: int) -> Naming | None:
        """The last naming that ends within a stretch of the document."""
        at = bisect_right(self.namings, end, key=attrgetter("end"))
        naming = self.namings[at - 1] if at else None
        return naming if naming is not None and naming.start >= start else None

    def before(self, offset: int) -> list[Naming]:
        """The last namings before an offset, the nearest first."""
        at = bisect_left(self.namings, offset, key=attrgetter("start"))
        return self.namings[max(0, at - _REACH) : at][::-1]

    def by_word(self, word: str, offset: int) -> Actor | None:
        """The last person before an offset of whose name a word is part."""
        for naming in self.before(offset):
            words = naming.actor.words
            if naming.actor.person and len(words) > 1 and word in (words[0], words[-1]):
                return naming.actor
        return None

    def subject_before(self, offset: int, gender: str) -> Actor | None:
        """The last person before an offset who is named first in a sentence: *he*, *she*.

        None if the last one named first may be a person or a body.
        """
        nearest: int | None = None
        for naming in self.before(offset):
            fits = naming.actor.gender in (None, gender)
            nearest = naming.sentence if nearest is None else nearest
            unknown = naming.actor.person is None and naming.sentence == nearest
            if naming.first and not naming.quoted and unknown:
                return None
            if naming.first and not naming.quoted and naming.actor.person and fits:
                return naming.actor
        return None

    def by_initials(self, letters: str) -> Actor | None:
        """The person with some initials, as a transcript has them: *MQ*."""
        for naming in self.namings[:_REACH]:
            words = naming.actor.words
            if naming.actor.person and "".join(w[0] for w in words) == letters.lower():
                return naming.actor
        return None

    def by_handle(self, handle: str) -> Actor | None:
        """The person whose names a handle joins: *@JaneDoe*."""
        wanted = plain(handle.lstrip("@"))
        for naming in self.namings[:_REACH]:
            if naming.actor.person and plain("".join(naming.actor.words)) == wanted:
                return naming.actor
        return None

    def by_role(self, role: str, offset: int) -> Actor | None:
        """The last actor before an offset that a word describes: "the senator"."""
        bodies = role in _BODIES
        for naming in self.before(offset):
            actor = naming.actor
            if role in actor.roles or (actor.person is False and singular(actor.words[-1]) == role):
                return actor
            if bodies and actor.person is False:
                return actor
            if role in _MEDIA and speech_words().heads.get(actor.words[-1]) == "medium":
                return actor
        return None


def _is_short(short: tuple[str, ...], actor: Actor) -> bool:
    """Whether a name is an actor's with words left out: the last one is kept, or the first."""
    full = actor.words
    if len(short) >= len(full):
        return False
    if short[-1] != full[-1]:
        return len(short) == 1 and short[0] == full[0] and short[0] in speech_words().first_names
    return set(short) <= set(full)


def _described(words: Sequence[Word], core: int, last: int, titles: Sequence[str]) -> Actor:
    """An actor as one naming tells of it."""
    name = tuple(bare(word.key) for word in words[core : last + 1])
    junior = name[-1] == "jr"
    if len(name) > 1 and name[-1] in ("jr", "sr", "ii", "iii"):
        name = name[:-1]
    person = is_person(words, core, last, titles)
    gender = gender_of(titles)
    if gender is None and person:
        gender = speech_words().first_names.get(name[0])
    return Actor(name, person, acronym_of(words, core, last), gender, junior)


def _office(title: str) -> str:
    """A title without what goes before it; a vice president is no president."""
    return title if title.startswith(("vice", "ex-")) else title.rsplit(maxsplit=1)[-1]


def _speaks(words: Sequence[Word], i: int) -> bool:
    """Whether a verb of saying follows a word: *Marlow says*."""
    after = words[i + 1] if i + 1 < len(words) else None
    lists = speech_words()
    return after is not None and after.key in lists.verbs and after.key not in lists.also_nouns


def _is_month_name(words: Sequence[Word], i: int) -> bool:
    """Whether the name of a month is somebody's first name: *Jan* Egeland, *April* Ryan."""
    if words[i].key not in _MONTH_NAMES or not words[i].text[0].isupper() or i + 1 >= len(words):
        return False
    if i and (words[i - 1].key in _BEFORE_MONTHS or words[i - 1].text[0].isdigit()):
        return False
    return is_name_word(words[i + 1]) and not words[i + 1].text[0].isdigit()
