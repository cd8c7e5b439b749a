"""Whom a label stands for: from its own words, from what stands beside it, from the document.

The words of a label often say it ("the Assad regime", "Kremlin-backed fighters"); else what
stands beside them does ("the dictator, Jorn Hask", "the government of Syria"); else it is the
compatible actor named last ("the regime" behind a sentence about Damascus). A label that names
a class or an act plainly ("undocumented immigrants", "tax cuts") stands for just that.
Whatever is left is unresolved.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from ..data.names import tidy
from ..data.speech import speech_words
from .antecedents import PARTY, SORT_OF_KIND, SORTS, Antecedents
from .cast import Actor, Naming
from .labels import (
    REACH,
    Label,
    head_of,
    in_headline,
    is_definite,
    is_indefinite,
    is_singular,
    opens_sentence_at,
    plain_name,
    with_complement,
    words_in,
)
from .phrases import is_role, phrase_back
from .words import DETERMINERS, PREPOSITIONS, PRONOUNS, Word, is_name_word, words_of

_GOVERNMENTS = frozenset("regime government administration junta dictatorship".split())  # noqa: SIM905 - a list of quoted words cannot be read
_LEADERS = frozenset(
    """
    president dictator tyrant strongman leader ruler despot autocrat premier chancellor king
    monarch demagogue
    """.split()  # noqa: SIM905 - a list of quoted words cannot be read
)
_ARMIES = frozenset("army military troop soldier forces force serviceman".split())  # noqa: SIM905 - a list of quoted words cannot be read
_FIGHTERS = frozenset("fighter militia militiaman soldier gunman".split())  # noqa: SIM905 - a list of quoted words cannot be read
_ARTICLE = r"(?:(?:the|a|an|this|that|another|once|now|no|such|just)\s+)"
_MODIFIERS = r"(?:(?:No\. )?[\w-]+ (?:and )?){0,2}"
_BEFORE = re.compile(rf"(?:,\s+|\s+[–—-]{{1,2}}\s+)(?:{_ARTICLE}{_MODIFIERS})?$")
_IS = re.compile(
    r"\s+(?:is|was|are|were|as|became|becomes|remains|remained|has been|had been)"
    rf"(?:\s+(?:also|not|nothing but))?\s+(?:{_ARTICLE}{_MODIFIERS})?$"
)
_BEHIND = re.compile(r",\s+|\s+(?=[A-Z])")
_ENDS = re.compile(r"[,.;)”\"—]|\s+(?:who|that|whose|of|for|in|from|at|with|and|on)\b|\s+[—–-]")
_CALLED = re.compile(
    r"\b(?:call|brand|label|dub|describ|denounc|dismiss|condemn|deem|consider|hail|prais)"
    r"(?:s|es|ed|led|bed|ing|ling|bing)? ((?:[\w’'-]+ ){0,4}[\w’'-]+) "
    r"(?:as )?[“\"‘']?(?:a|an|the) [“\"‘']?(?:[\w-]+ ){0,2}$"
)
_NEVER_NAMED = PRONOUNS | {"me", "us", "what", "her", "his", "that", "which"}
_BARE = frozenset("this that these those it".split())  # noqa: SIM905 - a list of quoted words cannot be read
_PRONOUNS = {"he": "m", "she": "f", "he's": "m", "she's": "f"}
_OF = re.compile(r"\s+(?:of|in|from|for)\s+(?:the\s+)?(?=[A-Z])")
_ALWAYS = frozenset("government administration regime military".split())  # noqa: SIM905 - a list of quoted words cannot be read
_OWNER = re.compile(r"(?<=\w)(?:['’]s|(?<=s)['’])\s+(?:\w+\s+){0,2}$")
_POSSESSIVE = re.compile(r"\b([Hh]is|[Hh]er)\s+(?:[\w-]+\s+){0,2}$")
_MOST_KEPT = 400
"""Labels of a document that are remembered for those behind them."""


class Referents:
    """Finds referents in one document; labels are to be asked for from left to right.

    Args:
        document: What it says of labels as a whole.
    """

    def __init__(self, document: Antecedents) -> None:
        self._document = document
        self._text, self._cast = document.text, document.cast
        self._names, self._lexicon = document.names, document.lexicon
        self._starts = [naming.full_start for naming in self._cast.namings]
        self._before: dict[str, str] = {}

    def find(self, label: Label) -> str | None:
        """The normalised name of a label's referent, or none where the text leaves it open."""
        words = words_in(self._text, label)
        if not words:
            return None
        head = head_of(words)
        found = (
            (self._beside(label, words) if is_singular(words[-1]) else None)
            or self._known(words)
            or self._named(label, words)
            or self._called(label)
            or self._beside(label, words)
            or self._of_state(words, head)
            or self._with_owner(label, words, head)
        )
        if found is None:
            found = self._from_document(label, words, head)
        if found is not None and " " in found and len(self._before) < _MOST_KEPT:
            self._before.setdefault(words[-1].key, found)
        return None if found is None else self._names.normal(found)

    # The label's own words

    def _known(self, words: Sequence[Word]) -> str | None:
        known = self._names.find(self._text[words[0].start : words[-1].end])
        return None if known is None else known.name

    def _named(self, label: Label, words: Sequence[Word]) -> str | None:  # noqa: PLR0911 - a list of cases reads best as one
        """The name that the label is, is a title of, or ends with."""
        naming = self._naming_at(label)
        if naming is None:
            return None
        known = self._names.find(self._text[naming.full_start : naming.end])
        if known is not None and naming.end >= label.end:
            return known.name
        if label.takes_side and naming.end == label.end and len(naming.actor.words) > 1:
            other = self._cast.by_word(words[-1].key, naming.full_start)
            if other is not None and other is not naming.actor:  # Crooked Hillary
                return self._full(other)
        if naming.start >= label.end and naming.actor.person is False:
            return None
        if naming.end < label.end:  # Tahrir al-Sham terrorists
            bare = naming.end + 1 == words[-1].start
            name = self._text[naming.full_start : naming.end]
            return self._of_sort(name, label) if bare else None
        between = [w for w in words if w.end <= naming.full_start]
        if any(w.key in PREPOSITIONS or w.key.endswith("'s") for w in between):
            return None
        return self._name_of(naming)

    def _naming_at(self, label: Label) -> Naming | None:
        """The naming that overlaps a label, titles included."""
        i = bisect_left(self._starts, label.end)
        for naming in reversed(self._cast.namings[max(0, i - 3) : i]):
            if naming.full_start < label.end and naming.end > label.start:
                return naming
        return None

    def _name_of(self, naming: Naming) -> str:
        return self._full(naming.actor)

    def _full(self, actor: Actor) -> str:
        """An actor's fullest name in the document, normalised."""
        name = self._document.fullest_name(actor)
        return tidy(name) if actor.person and len(actor.words) > 1 else self._names.normal(name)

    def _of_sort(self, name: str, label: Label) -> str | None:
        """Whom the files of names know by a name, if a label can stand for such."""
        known = self._names.find(name)
        sort = None if known is None else SORT_OF_KIND.get(known.kind or "")
        return known.name if known and sort and sort == self._document.family(label) else None

    def _of_state(self, words: Sequence[Word], head: str) -> str | None:
        """*Kiev's puppet regime*, *Assad's dictatorship*: rule and arms of a state."""
        if len(words) > 1 and head in _FIGHTERS and words[-2].key in _GOVERNMENTS:
            head = "army"
        if head not in _GOVERNMENTS and head not in _ARMIES:
            return None
        owners = [w for w in words[:-1] if is_name_word(w) and "-" not in w.text]
        for word in owners:
            state = self._names.state_of(word.text)
            if state is not None:
                return self._body_of(state, head)
        owned = [w for w in owners if w.key.endswith("'s") or w.text.endswith("an")]
        persons = owned or [w for w in owners if self._cast.by_word(w.key, w.start) is not None]
        if persons and head in _GOVERNMENTS:
            return f"{tidy(' '.join(w.text for w in persons))} government"
        return None

    def _body_of(self, state: str, head: str) -> str:
        table = self._names.armies if head in _ARMIES else self._names.governments
        return table[state].name

    # What stands beside it

    def _beside(self, label: Label, words: Sequence[Word]) -> str | None:
        """The person that a label stands beside in apposition, or is said to be."""
        behind = _BEHIND.match(self._text, label.end)
        if behind is not None:
            naming = self._naming_from(behind.end())
            comma = behind.group().startswith(",")
            if naming is not None and naming.actor.person:
                closed = _ENDS.match(self._text, naming.end) is not None
                if not comma or (closed and is_singular(words[-1])):
                    return self._name_of(naming)
        window = self._text[max(0, label.start - REACH) : label.start]
        if not is_singular(words[-1]):
            return None
        before = _BEFORE.search(window) if _ENDS.match(self._text, label.end) else None
        copula = _IS.search(window)
        if copula is not None and self._speaks(label.end):
            copula = None
        if before is None and copula is None:
            return None
        at = label.start - len(window) + (before or copula).start()  # type: ignore[union-attr]
        if copula is not None:
            subject = self._text[max(0, at - 4) : at].lower().split()
            if subject and subject[-1] in _PRONOUNS:
                actor = self._cast.subject_before(at, _PRONOUNS[subject[-1]])
                return None if actor is None else self._full(actor)
        naming = self._cast.named_in(max(0, at - 60), at)
        if naming is not None and naming.end == at:
            own = naming.actor.person or is_indefinite(self._text, label)
            return self._name_of(naming) if own else None
        return None if copula is None else self._thing_before(at)

    def _speaks(self, at: int) -> bool:
        """Whether a verb of saying stands there: *X is, the general* says, *a hero*."""
        ahead = words_of(self._text, at, at + REACH)
        return bool(ahead) and ahead[0].key in speech_words().verbs

    def _thing_before(self, at: int) -> str | None:
        """*The policy* is a magnet: what a label is said of."""
        words = words_of(self._text, max(0, at - 2 * REACH), at)
        phrase = phrase_back(words, len(words) - 1) if words else None
        if phrase is None or words[phrase[1]].key in PRONOUNS or words[phrase[0]].key in _BARE:
            return None
        if phrase[0] > 0 and words[phrase[0] - 1].key in PREPOSITIONS:
            return None
        first, last = words[phrase[0]], words[phrase[1]]
        return tidy(self._text[first.start : last.end])

    def _called(self, label: Label) -> str | None:
        """*called* the report *a hoax*: what a label is given to."""
        window = max(0, label.start - 2 * REACH)
        found = next(_CALLED.finditer(self._text, window, label.start), None)
        if found is None:
            return None
        naming = self._naming_from(found.start(1))
        if naming is not None and naming.end == found.end(1):
            return self._name_of(naming)
        words = words_of(self._text, *found.span(1))
        if any(_is_no_noun(word) for word in words):
            return None
        return tidy(found.group(1))

    def _naming_from(self, at: int) -> Naming | None:
        i = bisect_left(self._starts, at)
        naming = self._cast.namings[i] if i < len(self._starts) else None
        return naming if naming is not None and naming.full_start == at else None

    def _with_owner(self, label: Label, words: Sequence[Word], head: str) -> str | None:  # noqa: PLR0911 - a list of cases reads best as one
        """*opponents of Mr. Hask*, *the government of Syria*, *Trump campaign associates*."""
        of = _OF.match(self._text, label.end)
        own = plain_name(self._text, words, self._names.knows)
        owner = self._owner(words)
        if owner is not None:
            return f"{owner} {own}"
        if of is not None:
            naming = self._naming_from(of.end())
            if naming is not None:
                name = self._text[naming.full_start : naming.end]
                state = self._names.state_of(name)
                if state is not None and (head in _GOVERNMENTS or head in _ARMIES):
                    return self._body_of(state, head)
                known = self._of_sort(name, label)
                if known is not None:
                    return known
                if of.group().strip().startswith("of") and naming.actor.person:
                    return f"{own} of {self._name_of(naming)}"
        named = any(is_name_word(w) for w in words[(0 if len(words) > 1 else 1) :])
        capital = words[0].start > 0 and any(is_name_word(w) for w in words[1:])
        if (
            len(words) > 1
            and named
            and (capital or not opens_sentence_at(self._text, words[0].start))
        ):
            ruled = head in _GOVERNMENTS  # a Nazi regime: which, the document tells
            return None if ruled or in_headline(self._text, label) else own
        backer = words[0].text.partition("-")[0]
        if "-" in words[0].text and self._names.knows(backer):
            return own
        return None

    def _owner(self, words: Sequence[Word]) -> str | None:
        """*Mr. Hask's* supporters: whose they are, where a name before the label tells."""
        window = max(0, words[0].start - REACH)
        pronoun = _POSSESSIVE.search(self._text, window, words[0].start)
        if pronoun is not None:
            gender = "m" if pronoun.group(1).lower() == "his" else "f"
            actor = self._cast.subject_before(pronoun.start(), gender)
            return None if actor is None else f"{self._full(actor)}'s"
        before = _OWNER.search(self._text, window, words[0].start)
        if before is None:
            return None
        naming = self._cast.named_in(max(0, before.start() - REACH), before.start())
        if naming is None or not before.start() - 2 <= naming.end <= before.start():
            return None
        head, name = head_of(words), self._name_of(naming)
        ruled = self._names.find(f"{self._text[naming.start : naming.end]} {head}")
        if ruled is not None:
            return None
        state = self._names.state_of(self._text[naming.full_start : naming.end])
        if state is not None and (head in _GOVERNMENTS or head in _ARMIES):
            return None
        return f"{name}'s"

    # The document

    def _from_document(self, label: Label, words: Sequence[Word], head: str) -> str | None:
        """What the rest of the document says of it."""
        definite = is_definite(self._text, label)
        found = self._actor(label, head, definite=definite)
        if found is not None or (label.takes_side and head in _GOVERNMENTS and label.not_meant):
            return found
        one = is_singular(words[-1])
        if one and head not in _GOVERNMENTS:
            found = self._one_person(label, head, definite=definite)
        if found is None and definite:
            found = self._before.get(words[-1].key)
        if found is not None:
            return found
        if label.takes_side:
            named = self._document.plainly(self._document.family(label))
            named = named or self._lexicon.referents.get(label.concept or "")
            return named or self._abstract(label, words)
        if definite and one:
            found = self._document.named_in_text(head)
        return found or with_complement(self._text, words, self._names.knows)

    def _abstract(self, label: Label, words: Sequence[Word]) -> str | None:
        """A thing in general, which a label names itself: *gerrymandering*."""
        actors = self._lexicon.actors.get(label.concept or "") is not None
        before = words_of(self._text, max(0, words[0].start - REACH), words[0].start)
        marked = bool(before) and before[-1].key in DETERMINERS
        if actors or marked or not is_singular(words[-1]) or is_role(words[-1]):
            return None
        return plain_name(self._text, words, self._names.knows)

    def _actor(self, label: Label, head: str, *, definite: bool) -> str | None:
        """The government, army, armed group or party that a label can stand for."""
        sort = "government" if head in _GOVERNMENTS else self._document.family(label)
        if sort == "government" and head not in _GOVERNMENTS and not label.takes_side:
            return None
        if sort in SORTS and (definite or label.takes_side or head in _ALWAYS):
            return self._document.last(sort, label)
        return self._document.last(PARTY, label) if definite and head == PARTY else None

    def _one_person(self, label: Label, head: str, *, definite: bool) -> str | None:
        if head in _LEADERS:
            found = self._document.leader(label, head)
            if found is not None:
                return found
        actor = self._cast.by_role(head, label.start) if definite else None
        return None if actor is None else tidy(self._document.fullest_name(actor))


def _is_no_noun(word: Word) -> bool:
    """Whether a word cannot stand in the name of a thing: *called* me, *called* it yesterday."""
    key = word.key
    verb = key in speech_words().verbs and key not in speech_words().also_nouns
    return verb or key in _NEVER_NAMED or key in PREPOSITIONS - {"of"}
