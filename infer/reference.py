"""Sources in full: what "he", "Mr. Steele", "the minister" and "the ministry" stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..data.speech import speech_words
from .cast import Actor, Cast, Naming
from .phrases import CLOSE, singular
from .words import PREPOSITIONS, Word, is_name_word, words_of

_HE = frozenset("he him his himself".split())  # noqa: SIM905 - a list of quoted words cannot be read
_SHE = frozenset("she her hers herself".split())  # noqa: SIM905 - a list of quoted words cannot be read
_IT = frozenset("it its itself".split())  # noqa: SIM905 - a list of quoted words cannot be read
_THEY = frozenset("they them their themselves".split())  # noqa: SIM905 - a list of quoted words cannot be read
_SELF = frozenset("i we you me us my our your who".split())  # noqa: SIM905 - a list of quoted words cannot be read
_DEFINITE = frozenset("the this that these those".split())  # noqa: SIM905 - a list of quoted words cannot be read
_OWN_WORDS = frozenset("statement tweet post message remarks speech comments".split())  # noqa: SIM905 - a list of quoted words cannot be read
_GAP = re.compile(r"(?:,| ?[—–]| -{1,2}) $")
_PERSONS = frozenset(
    """
    democrat republican congressman congresswoman lawmaker senator candidate nominee billionaire
    politician businessman conservative liberal veteran freshman tycoon businesswoman
    """.split()  # noqa: SIM905 - a list of quoted words cannot be read
)
_BODIES = frozenset(
    """
    government ministry party army police court council committee commission group company report
    union university institute parliament senate house congress cabinet regime agency office poll
    study survey people movement opposition campaign department administration embassy military
    """.split()  # noqa: SIM905 - a list of quoted words cannot be read
)
_KEPT = 20
_FAR = 6
"""Sentences behind which a pronoun no longer reaches."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source, as it stands beside the words and in full.

    Attributes:
        start: Offset of its fullest name up to there.
        end: Offset behind it.
        cited: Offsets of what stands beside the words: "he", "the ministry".
        actor: Who it is, if the cast knows.
        open: Whether nothing tells whom a pronoun stands for.
    """

    start: int
    end: int
    cited: tuple[int, int]
    actor: Actor | None
    open: bool = False


class Resolver:
    """Leads sources of a document back to their full names, from left to right.

    Args:
        text: The document.
        cast: Its actors; it must have read the sentence of a source before.
    """

    def __init__(self, text: str, cast: Cast) -> None:
        self._text = text
        self._cast = cast
        self._last: list[tuple[int, Source]] = []

    def remember(self, number: int, source: Source) -> None:
        """Remember who spoke in a sentence."""
        if not source.open:
            self._last.append((number, source))
            del self._last[:-_KEPT]

    def subject_of(self, number: int) -> Source | None:
        """The first actor named outside quotation marks in a sentence, as a source."""
        naming = self._cast.subjects.get(number)
        if naming is None:
            return None
        return self._in_full(naming.actor, (naming.full_start, naming.end), naming.end)

    def resolve(self, cited: tuple[int, int], number: int, until: int) -> Source:
        """The source that a phrase names.

        Args:
            cited: Offsets of the phrase.
            number: Of its sentence.
            until: Offset up to which a fuller name may stand.

        Returns:
            The source; `open` where a pronoun cannot be led back.
        """
        words = words_of(self._text, *cited)
        if not words or (len(words) == 1 and words[0].key in _SELF and words[0].text != "US"):
            return Source(*cited, cited, None, open=True)
        if len(words) == 1 and words[0].key in _HE | _SHE | _IT | _THEY:
            return self._pronoun(words[0].key, cited, number)
        apposed = self._apposed(words, cited, until)
        if apposed is not None:
            return apposed
        named = self._cast.named_in(*cited)
        described = words[0].key == "the" and len(words) <= 3 and words[-1].key in _PERSONS
        if named is None or described or not self._is_name(words, named):
            return self._described(words, cited, number)
        return self._named(named, cited, until)

    def resolve_line(self, cited: tuple[int, int], number: int, until: int) -> Source:
        """The source that a line names by its form, which may say more of it further on.

        Args:
            cited: Offsets of the name.
            number: Of its sentence.
            until: Offset up to which a fuller name may stand.
        """
        name = self._text[cited[0] : cited[1]]
        actor = None
        if name.startswith("@"):
            actor = self._cast.by_handle(name)
        elif name.isupper() and len(name) in (2, 3):
            actor = self._cast.by_initials(name)
        else:
            words = words_of(self._text, *cited)
            if all(w.key in speech_words().titles or not w.text.islower() for w in words):
                role = words[-1].key
                if role in speech_words().titles:
                    actor = self._cast.by_role(role, until)
                elif len(words) == 1:
                    actor = self._cast.by_word(role, until)
        if actor is not None:
            return self._in_full(actor, cited, until)
        return self.resolve(cited, number, until)

    def _is_name(self, words: Sequence[Word], named: Naming) -> bool:
        """Whether a phrase is a name, with nothing but titles and descriptions before it."""
        if named.end < words[-1].end - 1:
            return False
        if named.full_start < named.start and named.full_start > words[0].start:
            return True  # chairman of the committee Rep. Adam Schiff
        return not any(
            w.key in PREPOSITIONS for w in words if w.end <= named.full_start
        ) and not any(w.key.endswith("'s") and w.end <= named.start for w in words)

    def _in_full(self, actor: Actor, cited: tuple[int, int], until: int) -> Source:
        fullest = self._cast.fullest(actor, until)
        return Source(fullest.full_start, fullest.end, cited, actor)

    def _named(self, named: Naming, cited: tuple[int, int], until: int) -> Source:
        """A source that stands as a name: that name, if no fuller one stands before it."""
        source = self._in_full(named.actor, cited, until)
        if self._cast.fullest(named.actor, until).fullness <= named.fullness:
            return Source(named.full_start, named.end, cited, named.actor)
        return source

    def _apposed(self, words: Sequence[Word], cited: tuple[int, int], until: int) -> Source | None:
        """The name in apposition behind a description: *a spokesman, John Kirby, said*."""
        if is_name_word(words[-1]) and words[0].text[0].isupper() and len(words) < 4:
            return None
        behind = self._text[cited[1] : cited[1] + 2]
        if behind != ", " or cited[1] + 2 >= until:
            return None
        ahead = words_of(self._text, cited[1] + 2, min(until, cited[1] + 80))
        if len(ahead) < 3 or not is_name_word(ahead[0]):
            return None
        named = self._cast.named_in(cited[1] + 2, min(until, cited[1] + 80))
        first = next((n for n in self._cast.before(until) if n.full_start == cited[1] + 2), named)
        if first is None or first.full_start != cited[1] + 2 or first.actor.person is not True:
            return None
        if self._text[first.end : first.end + 1] not in (",", ".", "”", " "):
            return None
        return self._in_full(first.actor, cited, until)

    def _described(self, words: Sequence[Word], cited: tuple[int, int], number: int) -> Source:
        """*the senator*, *the ministry*: the last actor that the word describes, else itself."""
        head = _head(words)
        found = self._behind_name(cited) or self._owner(words, head, cited)
        if found is None and len(words) == 1 and words[0].text[0].isupper():
            actor = self._cast.by_word(head.key, cited[0])
            found = None if actor is None else self._in_full(actor, cited, cited[0])
        definite = words[0].key in _DEFINITE and len(words) <= 4 and head.end == words[-1].end
        if found is None and definite:
            found = self._by_role(words, head, cited) or self._said_before(words, head, cited)
            if found is None and head.key in _PERSONS:
                person = self._pronoun("", cited, number)
                found = None if person.open else person
        return found or Source(*cited, cited, None)

    def _by_role(self, words: Sequence[Word], head: Word, cited: tuple[int, int]) -> Source | None:
        for role in _roles(words, head):
            actor = self._cast.by_role(role, cited[0])
            if actor is not None:
                return self._in_full(actor, cited, cited[0])
        return None

    def _said_before(
        self, words: Sequence[Word], head: Word, cited: tuple[int, int]
    ) -> Source | None:
        """*the source* behind *a source close to the talks*."""
        for _, source in reversed(self._last):
            before = words_of(self._text, source.start, source.end)
            longer = source.actor is None and len(before) > len(words)
            if longer and _head(before).key == head.key:
                return Source(source.start, source.end, cited, None)
        return None

    def _behind_name(self, cited: tuple[int, int]) -> Source | None:
        """The name before a description in apposition: *Ms. Lauten — a former aide who*."""
        gap = _GAP.search(self._text, max(0, cited[0] - 4), cited[0])
        if gap is None:
            return None
        named = self._cast.named_in(max(0, gap.start() - 60), gap.start())
        if named is None or named.end != gap.start() or not named.actor.person:
            return None
        return self._in_full(named.actor, cited, cited[0])

    def _owner(self, words: Sequence[Word], head: Word, cited: tuple[int, int]) -> Source | None:
        """Whose *statement* it is: *the ministry's statement*, *his tweet*, *the statement*."""
        if singular(head.key) not in speech_words().statements or _is_human(head):
            return None
        for word in words:
            if word.key.endswith(("'s", "s'")):
                named = self._cast.named_in(cited[0], word.end)
                if named is not None:
                    return self._in_full(named.actor, cited, cited[1])
                end = word.end - (2 if word.key.endswith("'s") else 1)
                return Source(words[0].start, end, cited, None)
            if word.key in _HE | _SHE | _IT | _THEY:
                return self._pronoun(word.key, cited, None)
        if words[0].key == "the" and len(words) == 2 and self._last and head.key in _OWN_WORDS:
            source = self._last[-1][1]
            return Source(source.start, source.end, cited, source.actor)
        return None

    def _pronoun(self, key: str, cited: tuple[int, int], number: int | None) -> Source:
        nearest = self._cast.before(cited[0])
        unnamed = self._unnamed(number)
        if number is None:
            number = nearest[0].sentence if nearest else 0
        if key in _THEY or key in _IT:
            return self._body(cited, number)
        gender = "m" if key in _HE else "f" if key in _SHE else ""
        best: tuple[float, Actor] | None = None
        for rank, naming in enumerate(nearest):
            if number - naming.sentence > _FAR:
                break
            score = self._salience(naming, number - naming.sentence, gender)
            if score is not None and (best is None or score - rank * 0.02 > best[0]):
                best = score - rank * 0.02, naming.actor
        if unnamed is not None and (best is None or unnamed[0] > best[0]):
            return Source(unnamed[1].start, unnamed[1].end, cited, None)
        if best is None:
            return Source(*cited, cited, None, open=True)
        if gender:
            best[1].person = True
            best[1].gender = best[1].gender or gender
        return self._in_full(best[1], cited, cited[0])

    def _salience(self, naming: Naming, far: int, gender: str) -> float | None:
        """How much a pronoun calls to mind somebody named some sentences before.

        The weights follow what English prefers (Lappin and Leass 1994): subjects, who spoke
        last, what is near; a name inside quotation marks is seldom taken up outside them.
        """
        actor = naming.actor
        spoke = [(n, s.actor) for n, s in self._last]
        fits = _fits(actor, gender)
        unknown = actor.person is None and all(a is not actor for _, a in spoke)
        if fits is None or unknown:
            return None
        subject = 2.0 if naming.first and not far else 1.0 if naming.first else 0.0
        score = fits - far + subject - (3.0 if naming.quoted else 0.0)
        if spoke and spoke[-1][1] is actor:
            score += 1.5
        if any(n == naming.sentence and a is actor for n, a in spoke):
            score += 1.0
        return score

    def _unnamed(self, number: int | None) -> tuple[float, Source] | None:
        """The last to speak, if it is one person without a name: *a source*, *her neighbour*."""
        if not self._last or number is None:
            return None
        spoke, source = self._last[-1]
        words = words_of(self._text, source.start, source.end)
        if source.actor is not None or not words or number - spoke > 2:
            return None
        head = _head(words)
        kind = speech_words().heads.get(head.key)
        if head.key != singular(head.key) or kind is None or kind == "medium" or _is_body(head):
            return None
        return 3.5 - (number - spoke), source

    def _body(self, cited: tuple[int, int], number: int) -> Source:
        """The last source that is no person: *they*, *it*."""
        for spoke, source in reversed(self._last):
            if number - spoke > 3:
                break
            if source.actor is None or source.actor.person is False:
                return Source(source.start, source.end, cited, source.actor)
        return Source(*cited, cited, None, open=True)


def _roles(words: Sequence[Word], head: Word) -> list[str]:
    """What a definite description may be called elsewhere: *interior minister*, *minister*."""
    if len(words) < 2 or head.key != singular(head.key):
        return []
    if len(words) == 2:
        return [head.key]
    if words[-2].text[0].isupper():
        return [head.key]  # the French president
    compound = f"{words[-2].key} {head.key}"
    return ["president" if " ".join(w.key for w in words[1:]) == "head of state" else compound]


def _fits(actor: Actor, gender: str) -> float | None:
    """How well an actor fits a pronoun, or none where it cannot."""
    if actor.person is False or (gender and actor.gender and actor.gender != gender):
        return None
    known = 1.0 if actor.person else 0.0
    return known + (1.0 if actor.gender == gender else 0.0)


def _head(words: Sequence[Word]) -> Word:
    head = words[0]
    for word in words:
        if (word.key in PREPOSITIONS or word.key in CLOSE) and word is not words[0]:
            break
        head = word
    return head


def _is_body(head: Word) -> bool:
    return head.key in _BODIES or head.text[0].isupper()


def _is_human(head: Word) -> bool:
    return singular(head.key) in ("spokesman", "spokeswoman", "spokesperson", "representative")
